/* A heap of bounded size. */
#include "best.h"
#include <stdlib.h>

static bool is_slower(const struct kept *a, const struct kept *b)
{
	if (a->duration_ns != b->duration_ns)
		return a->duration_ns > b->duration_ns;
	return a->order < b->order;
}

static void swap(struct kept *a, struct kept *b)
{
	struct kept held = *a;

	*a = *b;
	*b = held;
}

static void sift_up(struct best *best, size_t at)
{
	while (at != 0 && is_slower(&best->items[(at - 1) / 2], &best->items[at])) {
		swap(&best->items[(at - 1) / 2], &best->items[at]);
		at = (at - 1) / 2;
	}
}

static void sift_down(struct best *best, size_t at)
{
	for (;;) {
		size_t least = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < best->count; child++)
			if (is_slower(&best->items[least], &best->items[child]))
				least = child;
		if (least == at)
			return;
		swap(&best->items[least], &best->items[at]);
		at = least;
	}
}

static enum sl_status keep(struct kept *kept, const struct sl_trace *trace,
			   struct sl_line_writer *writer, struct sl_error *err)
{
	kept->records.len = 0;
	for (uint32_t i = 0; i < trace->count; i++)
		sl_traces_pack(writer, trace->nodes[i].span, &kept->records);
	return sl_buffer_reserve(&kept->records, SL_PADDING) != NULL ? SL_OK : sl_fail_memory(err);
}

enum sl_status best_offer(struct best *best, const struct sl_trace *trace,
			  struct sl_line_writer *writer, struct sl_error *err)
{
	const struct sl_span *root = trace->nodes[trace->root].span;
	struct kept offered = { .order = best->offered++ };
	enum sl_status status;

	if (root->end_unix_nano > root->start_unix_nano)
		offered.duration_ns = root->end_unix_nano - root->start_unix_nano;
	if (best->count < best->limit) {
		if (!sl_array_reserve((void **)&best->items, &best->capacity, best->count + 1,
				      sizeof(*best->items)))
			return sl_fail_memory(err);
		status = keep(&offered, trace, writer, err);
		best->items[best->count++] = offered;
		sift_up(best, best->count - 1);
		return status;
	}
	if (best->count == 0 || !is_slower(&offered, &best->items[0]))
		return SL_OK;
	offered.records = best->items[0].records;
	status = keep(&offered, trace, writer, err);
	best->items[0] = offered;
	sift_down(best, 0);
	return status;
}

static int compare(const void *a, const void *b)
{
	return is_slower(a, b) ? -1 : is_slower(b, a);
}

void best_sort(struct best *best)
{
	if (best->count != 0)
		qsort(best->items, best->count, sizeof(*best->items), compare);
}

void best_free(struct best *best)
{
	for (size_t i = 0; i < best->count; i++)
		sl_buffer_free(&best->items[i].records);
	free(best->items);
}

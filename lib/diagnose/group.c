/* Spans that have something in common, and which groups of them are worth telling. */
#include "examine.h"
#include <stdlib.h>

struct keyed_list keyed_open(const struct examination *exam)
{
	return (struct keyed_list){ .items = exam->keyed };
}

void keyed_add(const struct examination *exam, struct keyed_list *list, uint64_t key, uint64_t part,
	       uint32_t node)
{
	list->items[list->count++] = (struct keyed){ key, part, node, exam->rank[node] };
}

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *one = a, *two = b;

	if (one->key != two->key)
		return one->key < two->key ? -1 : 1;
	if (one->part != two->part)
		return one->part < two->part ? -1 : 1;
	return one->rank < two->rank ? -1 : one->rank > two->rank;
}

void keyed_sort(struct keyed_list *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), compare_keyed);
}

static int compare_ranks(const void *a, const void *b)
{
	const struct keyed *one = a, *two = b;

	return one->rank < two->rank ? -1 : one->rank > two->rank;
}

void keyed_sort_run(struct keyed *run, size_t count)
{
	qsort(run, count, sizeof(*run), compare_ranks);
}

size_t keyed_run(const struct keyed_list *list, size_t start)
{
	size_t end = start + 1;

	while (end < list->count && list->items[end].key == list->items[start].key)
		end++;
	return end;
}

static int compare_suspects(const void *a, const void *b)
{
	const struct suspect *one = a, *two = b;

	if (one->severity != two->severity)
		return one->severity > two->severity ? -1 : 1;
	if (one->weight != two->weight)
		return one->weight > two->weight ? -1 : 1;
	if (one->rank != two->rank)
		return one->rank < two->rank ? -1 : 1;
	return one->start < two->start ? -1 : one->start > two->start;
}

/* Worst first, and no more than are told. */
static void suspects_cut(const struct examination *exam, struct suspects *suspects)
{
	size_t most = exam->thresholds->values[SL_THRESHOLD_FINDINGS];

	if (suspects->count > 1)
		qsort(suspects->items, suspects->count, sizeof(*suspects->items), compare_suspects);
	if (suspects->count > most) {
		suspects->left_out += suspects->count - most;
		suspects->count = most;
	}
}

void suspect_add(struct examination *exam, struct suspects *suspects, const struct suspect *suspect)
{
	size_t most = exam->thresholds->values[SL_THRESHOLD_FINDINGS];

	/* now and then, so that they are few, and seldom, so that it is cheap */
	if (suspects->count / 2 > most + 64)
		suspects_cut(exam, suspects);
	if (!sl_array_reserve((void **)&suspects->items, &suspects->capacity, suspects->count + 1,
			      sizeof(*suspects->items))) {
		exam->failed = true;
		return;
	}
	suspects->items[suspects->count] = *suspect;
	suspects->items[suspects->count++].rank = exam->rank[suspect->first];
}

void suspects_tell(struct examination *exam, struct suspects *suspects, enum sl_finding_kind kind,
		   const struct keyed_list *list,
		   void (*tell)(struct examination *, const struct suspect *, struct keyed *))
{
	suspects_cut(exam, suspects);
	for (size_t i = 0; i < suspects->count && !exam->failed; i++)
		tell(exam, &suspects->items[i],
		     list != NULL ? list->items + suspects->items[i].start : NULL);
	exam->findings->left_out[kind] += suspects->left_out;
	free(suspects->items);
}

/* The rows that are worth their place. */
#include "rows.h"
#include <stdlib.h>

struct ranked {
	uint64_t weight;
	uint32_t row;
};

static int heaviest_first(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* What failed counts as if it lasted as long as the trace, so that the rest follows by time. */
static uint64_t weight_of(const struct rows *rows, const struct view *view, const struct row *row)
{
	uint64_t longest = 0, on_path = 0;
	bool failed = false;

	for (uint32_t at = row->node; at != SL_NO_SPAN; at = rows->next_alike[at]) {
		uint64_t duration = duration_of(view->trace->nodes[at].span);

		longest = duration > longest ? duration : longest;
		on_path += view->path.on_path_ns[at];
		failed |= is_error(view->trace->nodes[at].span);
	}
	longest = longest / 2 + on_path;
	return failed ? longest / 2 + (UINT64_MAX >> 1) : longest / 2;
}

/* Shows the row with all above it, if there is room; gives how many that are. */
static uint32_t show_with_parents(struct rows *rows, uint32_t row, uint64_t room)
{
	uint32_t count = 0;

	for (uint32_t at = row; at != NO_ROW && !rows->items[at].shown; at = rows->items[at].parent)
		if (++count > room)
			return 0;
	for (uint32_t at = row; at != NO_ROW && !rows->items[at].shown; at = rows->items[at].parent)
		rows->items[at].shown = true;
	return count;
}

/* Who is the last of its siblings now. */
static enum sl_status find_last(struct rows *rows, const struct view *view, struct sl_error *err)
{
	bool *met = sl_arena_alloc(view->arena, rows->count + (size_t)1);

	if (met == NULL)
		return sl_fail_memory(err);
	memset(met, 0, rows->count + (size_t)1);
	for (uint32_t i = rows->count; i-- > 0;) {
		struct row *row = &rows->items[i];
		bool *seen = &met[row->parent == NO_ROW ? rows->count : row->parent];

		if (!row->shown)
			continue;
		row->last = !*seen;
		*seen = true;
	}
	return SL_OK;
}

enum sl_status rows_limit(struct rows *rows, const struct view *view, uint64_t limit,
			  struct sl_error *err)
{
	struct ranked *ranked;

	if (limit == 0 || rows->count <= limit)
		return SL_OK;
	ranked = sl_arena_alloc(view->arena, rows->count * sizeof(*ranked));
	if (ranked == NULL)
		return sl_fail_memory(err);
	rows->shown = 0;
	for (uint32_t i = 0; i < rows->count; i++) {
		ranked[i] = (struct ranked){ weight_of(rows, view, &rows->items[i]), i };
		rows->items[i].shown = false;
	}
	qsort(ranked, rows->count, sizeof(*ranked), heaviest_first);
	for (uint32_t i = 0; i < rows->count && rows->shown < limit; i++)
		rows->shown += show_with_parents(rows, ranked[i].row, limit - rows->shown);
	return find_last(rows, view, err);
}

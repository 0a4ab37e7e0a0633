/*
 * Rows from a tree, without recursion: what is to be shown below a span is sorted, folded, and put
 * on a stack in reverse.
 */
#include "rows.h"
#include <stdlib.h>

struct entry {
	enum row_kind kind;
	uint32_t node, count;
	uint32_t depth, parent; /* a row */
	bool last;
};

/* A sibling among those that are about to be put on the stack. */
struct sibling {
	uint64_t key; /* what it is sorted by */
	uint32_t node;
	uint32_t place;
	uint32_t count; /* that are folded here; 0: folded into another */
};

struct builder {
	const struct view *view;
	const struct sl_trace *trace;
	struct rows *rows;
	bool *kept;	  /* by node: it, or something below it, is wanted */
	uint64_t *shapes; /* by node: what it and all below it look like */
	struct entry *stack;
	size_t height;
	struct sibling *siblings; /* those of one parent at a time */
};

static bool is_wanted(const struct view *view, uint32_t node)
{
	const struct sl_render_options *options = view->options;
	const struct sl_span *span = view->trace->nodes[node].span;

	if (duration_of(span) < options->least_ns)
		return false;
	if (options->only == SL_ONLY_CRITICAL)
		return view->path.on_path_ns[node] != 0;
	return options->only != SL_ONLY_ERRORS || is_error(span);
}

static void find_kept(struct builder *builder)
{
	const struct sl_trace *trace = builder->trace;
	uint64_t depth = builder->view->options->depth;

	for (uint32_t i = trace->count; i-- > 0;) {
		uint32_t at = trace->preorder[i];
		const struct sl_trace_node *node = &trace->nodes[at];

		builder->kept[at] = builder->kept[at] || is_wanted(builder->view, at);
		if (depth != 0 && node->depth >= depth)
			builder->kept[at] = false;
		builder->rows->hidden += !builder->kept[at];
		if (builder->kept[at] && node->parent != SL_NO_SPAN)
			builder->kept[node->parent] = true;
	}
}

/* Equal for subtrees of the same services, names and statuses, whatever the order of siblings. */
static void find_shapes(struct builder *builder)
{
	const struct sl_trace *trace = builder->trace;

	for (uint32_t i = trace->count; i-- > 0;) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;
		const struct sl_span *span = trace->nodes[at].span;
		struct sl_slice service = service_of(span);
		uint64_t own[3] = { sl_hash64(service.data, service.len, 1), builder->shapes[at],
				    (uint64_t)span->status_code << 32 | (uint32_t)span->kind };

		own[0] ^= sl_hash64(span->name.data, span->name.len, 2);
		builder->shapes[at] = sl_hash64(own, sizeof(own), 3);
		if (parent != SL_NO_SPAN)
			builder->shapes[parent] += builder->shapes[at];
	}
}

static int by_key(const void *left, const void *right)
{
	const struct sibling *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static int by_place(const void *left, const void *right)
{
	const struct sibling *a = left, *b = right;

	return a->place < b->place ? -1 : a->place > b->place;
}

/* Puts them into the order that the user wants: largest first, or as they are. */
static void sort_siblings(struct builder *builder, uint32_t count)
{
	const struct view *view = builder->view;

	if (view->options->sort == SL_SORT_START)
		return;
	for (uint32_t i = 0; i < count; i++) {
		struct sibling *sibling = &builder->siblings[i];
		int64_t self = view->self_ns[sibling->node];
		uint64_t size = view->options->sort == SL_SORT_SELF
					? (self < 0 ? 0 : (uint64_t)self)
					: duration_of(view->trace->nodes[sibling->node].span);

		sibling->key = UINT64_MAX - size;
	}
	qsort(builder->siblings, count, sizeof(*builder->siblings), by_key);
	for (uint32_t i = 0; i < count; i++)
		builder->siblings[i].place = i;
}

/* What takes a tenth of the root's time is worth a row of its own. */
static bool is_large(const struct view *view, uint32_t node)
{
	return view->root_ns != 0 &&
	       duration_of(view->trace->nodes[node].span) >= view->root_ns / 10;
}

/* Runs of equal shapes, if they are long enough, become their first. */
static void fold_siblings(struct builder *builder, uint32_t count)
{
	uint64_t fold = builder->view->options->fold;
	struct sibling *all = builder->siblings;

	if (fold == 0 || count < fold)
		return;
	for (uint32_t i = 0; i < count; i++)
		all[i].key = is_large(builder->view, all[i].node) ? all[i].node
								  : /* like no other */
				     builder->shapes[all[i].node];
	qsort(all, count, sizeof(*all), by_key);
	for (uint32_t start = 0, end; start < count; start = end) {
		for (end = start + 1; end < count && all[end].key == all[start].key; end++)
			;
		if (end - start < fold || end - start < 2)
			continue;
		all[start].count = end - start;
		for (uint32_t i = start + 1; i < end; i++) {
			all[i].count = 0;
			builder->rows->next_alike[all[i - 1].node] = all[i].node;
		}
	}
	qsort(all, count, sizeof(*all), by_place);
}

static void push(struct builder *builder, struct entry entry)
{
	builder->stack[builder->height++] = entry;
}

static void push_siblings(struct builder *builder, uint32_t count, uint32_t depth, uint32_t parent)
{
	bool last = true;

	sort_siblings(builder, count);
	fold_siblings(builder, count);
	for (uint32_t i = count; i-- > 0;) {
		const struct sibling *sibling = &builder->siblings[i];

		if (sibling->count == 0)
			continue;
		push(builder, (struct entry){ sibling->count > 1 ? ROW_FOLD : ROW_SPAN,
					      sibling->node, sibling->count, depth, parent, last });
		last = false;
	}
}

static void push_children(struct builder *builder, uint32_t node, uint32_t depth, uint32_t parent)
{
	const struct sl_trace *trace = builder->trace;
	uint32_t count = 0;

	for (uint32_t child = trace->nodes[node].first_child; child != SL_NO_SPAN;
	     child = trace->nodes[child].next_sibling) {
		if (!builder->kept[child])
			continue;
		builder->siblings[count] =
			(struct sibling){ .node = child, .place = count, .count = 1 };
		count++;
	}
	push_siblings(builder, count, depth, parent);
}

/* The orphans of one missing parent. */
static void push_orphans(struct builder *builder, uint32_t first, uint32_t parent)
{
	uint32_t count = 0;

	for (uint32_t at = first, next; at != SL_NO_SPAN; at = next) {
		next = builder->rows->next_alike[at];
		builder->rows->next_alike[at] = SL_NO_SPAN;
		builder->siblings[count] =
			(struct sibling){ .node = at, .place = count, .count = 1 };
		count++;
	}
	push_siblings(builder, count, 1, parent);
}

static int by_missing_parent(const struct sl_trace *trace, const struct sibling *a,
			     const struct sibling *b)
{
	return sl_slice_compare(trace->nodes[a->node].span->parent_span_id,
				trace->nodes[b->node].span->parent_span_id);
}

/* A merge sort, for qsort passes nothing on to its comparison. */
static void sort_orphans(const struct sl_trace *trace, struct sibling *items,
			 struct sibling *scratch, uint32_t count)
{
	for (uint32_t width = 1; width < count; width *= 2) {
		for (uint32_t start = 0; start < count; start += 2 * width) {
			uint32_t middle = count - start < width ? count : start + width;
			uint32_t end = count - start < 2 * width ? count : start + 2 * width;
			uint32_t left = start, right = middle;

			for (uint32_t at = start; at < end; at++)
				scratch[at] =
					left < middle && (right >= end ||
							  by_missing_parent(trace, &items[left],
									    &items[right]) <= 0)
						? items[left++]
						: items[right++];
		}
		memcpy(items, scratch, count * sizeof(*items));
	}
}

/* Chains the orphans of each missing parent behind their first, which keeps its place. */
static void group_orphans(struct builder *builder, struct sibling *tops, struct sibling *scratch,
			  uint32_t count)
{
	const struct sl_trace *trace = builder->trace;
	uint32_t orphans = 0, first = 0;

	for (uint32_t i = 0; i < count; i++)
		if (trace->nodes[tops[i].node].orphan)
			scratch[orphans++] = tops[i];
	if (orphans == 0)
		return;
	sort_orphans(trace, scratch, scratch + count, orphans);
	for (uint32_t i = 1; i < orphans; i++) {
		if (by_missing_parent(trace, &scratch[first], &scratch[i]) != 0) {
			first = i;
			continue;
		}
		tops[scratch[first].place].count++;
		tops[scratch[i].place].count = 0;
		builder->rows->next_alike[scratch[i - 1].node] = scratch[i].node;
	}
}

/* Spans of the tree whose top is the i-th in preorder. */
static uint32_t tree_size(const struct sl_trace *trace, uint32_t i)
{
	return trace->nodes[trace->preorder[i]].exit - i;
}

/* What stands at the top: the tree of the root first. */
static enum sl_status push_tops(struct builder *builder, struct sl_error *err)
{
	const struct sl_trace *trace = builder->trace;
	struct sibling *tops;
	uint32_t count = 0, tree_count = 0;
	bool last = true;

	for (uint32_t i = 0; i < trace->count; i += tree_size(trace, i))
		tree_count++;
	tops = sl_arena_alloc(builder->view->arena, 3 * (size_t)tree_count * sizeof(*tops));
	if (tops == NULL)
		return sl_fail_memory(err);
	for (uint32_t i = 0; i < trace->count; i += tree_size(trace, i)) {
		if (!builder->kept[trace->preorder[i]])
			continue;
		tops[count] =
			(struct sibling){ .node = trace->preorder[i], .place = count, .count = 1 };
		count++;
	}
	group_orphans(builder, tops, tops + count, count);
	for (uint32_t i = count; i-- > 0;) {
		bool orphan = trace->nodes[tops[i].node].orphan;

		if (tops[i].count == 0)
			continue;
		push(builder, (struct entry){ orphan ? ROW_MISSING : ROW_SPAN, tops[i].node,
					      tops[i].count, 0, NO_ROW, last });
		last = false;
	}
	return SL_OK;
}

static void walk(struct builder *builder)
{
	while (builder->height != 0) {
		struct entry entry = builder->stack[--builder->height];
		uint32_t row = builder->rows->count++;

		builder->rows->items[row] =
			(struct row){ entry.kind,   entry.node, entry.count, entry.depth,
				      entry.parent, entry.last, true };
		if (entry.kind == ROW_SPAN)
			push_children(builder, entry.node, entry.depth + 1, row);
		else if (entry.kind == ROW_MISSING)
			push_orphans(builder, entry.node, row);
	}
}

enum sl_status rows_build(struct rows *rows, const struct view *view, struct sl_error *err)
{
	const size_t count = view->trace->count;
	struct builder builder = { .view = view, .trace = view->trace, .rows = rows };
	enum sl_status status;

	*rows = (struct rows){ 0 };
	/* every orphan may have a missing parent of its own */
	rows->items = sl_arena_alloc(view->arena, 2 * count * sizeof(*rows->items));
	rows->next_alike = sl_arena_alloc(view->arena, count * sizeof(*rows->next_alike));
	builder.kept = sl_arena_alloc(view->arena, count * sizeof(*builder.kept));
	builder.shapes = sl_arena_alloc(view->arena, count * sizeof(*builder.shapes));
	builder.stack = sl_arena_alloc(view->arena, count * sizeof(*builder.stack));
	builder.siblings = sl_arena_alloc(view->arena, count * sizeof(*builder.siblings));
	if (rows->items == NULL || rows->next_alike == NULL || builder.kept == NULL ||
	    builder.shapes == NULL || builder.stack == NULL || builder.siblings == NULL)
		return sl_fail_memory(err);
	memset(builder.kept, 0, count * sizeof(*builder.kept));
	memset(builder.shapes, 0, count * sizeof(*builder.shapes));
	memset(rows->next_alike, 0xff, count * sizeof(*rows->next_alike));
	find_kept(&builder);
	find_shapes(&builder);
	status = push_tops(&builder, err);
	if (status != SL_OK)
		return status;
	walk(&builder);
	rows->shown = rows->count;
	return SL_OK;
}

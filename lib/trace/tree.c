/* The tree of one trace: parents by span id, cycles cut, children in order, numbers in preorder. */
#include "spanline/trace.h"
#include <stdlib.h>

/* What orders spans: the earlier first, of equal ones the one that came first. */
struct start {
	uint64_t ns;
	uint32_t index;
};

enum { LARGE_BYTES = 64 * 1024, FEW = 32 };

/* For the time of building only. */
struct builder {
	struct sl_trace *trace;
	struct start *order;
	uint32_t *slots; /* open table by span id: index + 1 of the first that has it, or 0 */
	size_t mask;
	void *large;   /* what `order` and `slots` are in, if it is not the arena */
	uint64_t seed; /* so that a stranger cannot choose ids that fall together */
};

static bool is_id(struct sl_slice id)
{
	for (size_t i = 0; i < id.len; i++)
		if (id.data[i] != 0)
			return true;
	return false;
}

/* The slot of the id, or the free one where it belongs. */
static uint32_t *find_slot(const struct builder *builder, struct sl_slice id)
{
	const struct sl_trace_node *nodes = builder->trace->nodes;
	size_t at = (size_t)sl_id_hash(id, builder->seed) & builder->mask;

	while (builder->slots[at] != 0 &&
	       !sl_id_equal(nodes[builder->slots[at] - 1].span->span_id, id))
		at = (at + 1) & builder->mask;
	return &builder->slots[at];
}

static void add_ids(const struct builder *builder)
{
	struct sl_trace_node *nodes = builder->trace->nodes;

	for (uint32_t i = 0; i < builder->trace->count; i++) {
		uint32_t *slot;

		if (!is_id(nodes[i].span->span_id))
			continue;
		slot = find_slot(builder, nodes[i].span->span_id);
		nodes[i].duplicate = *slot != 0;
		if (*slot == 0)
			*slot = i + 1;
	}
}

static void find_parents(const struct builder *builder)
{
	struct sl_trace_node *nodes = builder->trace->nodes;

	for (uint32_t i = 0; i < builder->trace->count; i++) {
		uint32_t found;

		nodes[i].connected = !is_id(nodes[i].span->parent_span_id);
		if (nodes[i].connected)
			continue;
		found = *find_slot(builder, nodes[i].span->parent_span_id);
		nodes[i].orphan = found == 0;
		if (found != 0)
			nodes[i].parent = found - 1;
	}
}

static bool is_earlier(const struct sl_trace *trace, uint32_t a, uint32_t b)
{
	uint64_t a_ns = trace->nodes[a].span->start_unix_nano;
	uint64_t b_ns = trace->nodes[b].span->start_unix_nano;

	return a_ns != b_ns ? a_ns < b_ns : a < b;
}

/* Marks the cycle that `member` stands in, and cuts it. */
static void cut_cycle(const struct sl_trace *trace, uint32_t member)
{
	uint32_t earliest = member, at = member;

	do {
		trace->nodes[at].cyclic = true;
		if (is_earlier(trace, at, earliest))
			earliest = at;
		at = trace->nodes[at].parent;
	} while (at != member);
	trace->nodes[earliest].parent = SL_NO_SPAN;
}

/*
 * Follows every chain of parents once.  Until the numbers are given, `enter` holds the walk (from
 * 1) that came by: a walk that meets itself is in a cycle.
 */
static void cut_cycles(const struct sl_trace *trace)
{
	struct sl_trace_node *nodes = trace->nodes;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = i;

		while (at != SL_NO_SPAN && nodes[at].enter == 0) {
			nodes[at].enter = i + 1;
			at = nodes[at].parent;
		}
		if (at != SL_NO_SPAN && nodes[at].enter == i + 1)
			cut_cycle(trace, at);
	}
}

static int compare_starts(const void *a, const void *b)
{
	const struct start *one = a, *two = b;

	if (one->ns != two->ns)
		return one->ns < two->ns ? -1 : 1;
	return one->index < two->index ? -1 : 1;
}

/* Few are put in their places one by one: most stand there. */
static void sort_few(struct start *order, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		struct start start = order[i];
		uint32_t at = i;

		for (; at > 0 && compare_starts(&order[at - 1], &start) > 0; at--)
			order[at] = order[at - 1];
		order[at] = start;
	}
}

static void sort_by_start(const struct builder *builder)
{
	struct sl_trace *trace = builder->trace;
	bool sorted = true;

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_span *span = trace->nodes[i].span;

		builder->order[i] = (struct start){ span->start_unix_nano, i };
		if (i > 0 && span->start_unix_nano < builder->order[i - 1].ns)
			sorted = false;
		if (trace->end_ns < span->end_unix_nano)
			trace->end_ns = span->end_unix_nano;
	}
	if (!sorted && trace->count <= FEW)
		sort_few(builder->order, trace->count);
	else if (!sorted)
		qsort(builder->order, trace->count, sizeof(*builder->order), compare_starts);
	trace->start_ns = builder->order[0].ns;
}

/* Last to first, so that each is put before its later siblings. */
static void link_children(const struct builder *builder)
{
	struct sl_trace_node *nodes = builder->trace->nodes;

	for (uint32_t i = builder->trace->count; i-- > 0;) {
		uint32_t at = builder->order[i].index;
		struct sl_trace_node *parent;

		if (nodes[at].parent == SL_NO_SPAN)
			continue;
		parent = &nodes[nodes[at].parent];
		nodes[at].next_sibling = parent->first_child;
		parent->first_child = at;
		parent->child_count++;
	}
}

static uint32_t find_root(const struct builder *builder)
{
	const struct sl_trace *trace = builder->trace;
	uint32_t orphan = SL_NO_SPAN;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = builder->order[i].index;

		/* still only of those that name no parent */
		if (trace->nodes[at].connected)
			return at;
		if (trace->nodes[at].orphan && orphan == SL_NO_SPAN)
			orphan = at;
	}
	return orphan != SL_NO_SPAN ? orphan : builder->order[0].index;
}

/* Numbers `top` and all below it, from `number` on; the next free one. */
static uint32_t number_below(const struct sl_trace *trace, uint32_t top, uint32_t number)
{
	struct sl_trace_node *nodes = trace->nodes;
	uint32_t at = top;

	for (;;) {
		nodes[at].enter = number;
		trace->preorder[number++] = at;
		if (at != top) {
			nodes[at].depth = nodes[nodes[at].parent].depth + 1;
			nodes[at].connected = nodes[top].connected;
		}
		if (nodes[at].first_child != SL_NO_SPAN) {
			at = nodes[at].first_child;
			continue;
		}
		nodes[at].exit = number;
		while (at != top && nodes[at].next_sibling == SL_NO_SPAN) {
			at = nodes[at].parent;
			nodes[at].exit = number;
		}
		if (at == top)
			return number;
		at = nodes[at].next_sibling;
	}
}

/* The root's tree first. */
static void number_all(const struct builder *builder)
{
	const struct sl_trace *trace = builder->trace;
	uint32_t first = trace->root;
	uint32_t number;

	/* where all hangs on cycles, the root may be below another */
	while (trace->nodes[first].parent != SL_NO_SPAN)
		first = trace->nodes[first].parent;
	number = number_below(trace, first, 0);
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = builder->order[i].index;

		if (trace->nodes[at].parent == SL_NO_SPAN && at != first)
			number = number_below(trace, at, number);
	}
}

/* For the time of building: of a large trace by itself, as it would leave a gap in the arena. */
static bool prepare_tables(struct builder *builder, struct sl_arena *arena)
{
	uint32_t count = builder->trace->count;
	size_t size = 4, bytes;

	while (size / 2 < count)
		size *= 2;
	bytes = count * sizeof(*builder->order) + size * sizeof(*builder->slots);
	if (bytes > LARGE_BYTES)
		builder->large = malloc(bytes);
	builder->order = bytes > LARGE_BYTES ? builder->large : sl_arena_alloc(arena, bytes);
	if (builder->order == NULL)
		return false;
	builder->slots = (uint32_t *)(void *)(builder->order + count);
	builder->mask = size - 1;
	memset(builder->slots, 0, size * sizeof(*builder->slots));
	return true;
}

/* Memory for what stays, and behind it for what is given back; false: there is none. */
static bool prepare(struct builder *builder, struct sl_arena *arena)
{
	struct sl_trace *trace = builder->trace;

	trace->nodes = sl_arena_alloc(
		arena, trace->count * (sizeof(*trace->nodes) + sizeof(*trace->preorder)));
	if (trace->nodes == NULL)
		return false;
	trace->preorder = (uint32_t *)(void *)(trace->nodes + trace->count);
	builder->seed = (uint64_t)(uintptr_t)trace->nodes;
	return prepare_tables(builder, arena);
}

/* The memory of the tables is given back. */
static void release(const struct builder *builder, struct sl_arena *arena)
{
	if (builder->large == NULL)
		sl_arena_trim(arena, (char *)builder->order);
	free(builder->large);
}

enum sl_status sl_trace_build(struct sl_trace *trace, const struct sl_span *const *spans,
			      size_t count, struct sl_arena *arena, struct sl_error *err)
{
	struct builder builder = { .trace = trace };

	if (count >= SL_NO_SPAN)
		return sl_fail(err, "a trace of %zu spans: at most %u can be held", count,
			       SL_NO_SPAN - 1);
	*trace = (struct sl_trace){ .trace_id = spans[0]->trace_id, .count = (uint32_t)count };
	if (!prepare(&builder, arena))
		return sl_fail_memory(err);
	for (size_t i = 0; i < count; i++)
		trace->nodes[i] = (struct sl_trace_node){
			.span = spans[i],
			.parent = SL_NO_SPAN,
			.first_child = SL_NO_SPAN,
			.next_sibling = SL_NO_SPAN,
		};
	add_ids(&builder);
	find_parents(&builder);
	cut_cycles(trace);
	sort_by_start(&builder);
	link_children(&builder);
	trace->root = find_root(&builder);
	number_all(&builder);
	release(&builder, arena);
	return SL_OK;
}

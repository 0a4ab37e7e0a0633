/*
 * Structural operators: of the spans on the right those that are related to one on the left.
 *
 * Nodes are marked with a number that is new for each use, so that an operator costs what its
 * operands cost, not what the trace does.
 */
#include "match.h"
#include <stdlib.h>

/* Every node, no node, and families of orphans. */
static size_t place_count(const struct sl_trace *trace)
{
	return 2 * (size_t)trace->count + 1;
}

bool structure_start(struct structure *structure, const struct sl_trace *trace,
		     struct sl_arena *arena, bool tempo)
{
	size_t size = place_count(trace) * sizeof(*structure->marks);

	*structure = (struct structure){ .trace = trace, .arena = arena, .tempo = tempo };
	structure->marks = sl_arena_alloc(arena, size);
	structure->counts = sl_arena_alloc(arena, size);
	if (structure->marks == NULL || structure->counts == NULL)
		return false;
	memset(structure->marks, 0, size);
	return true;
}

static bool is_marked(const struct structure *structure, uint32_t place)
{
	return structure->marks[place] == structure->mark;
}

static void mark_all(struct structure *structure, struct spans spans)
{
	structure->mark++;
	for (uint32_t i = 0; i < spans.count; i++)
		structure->marks[spans.items[i]] = structure->mark;
}

static bool spans_alloc(struct sl_arena *arena, size_t count, struct spans *spans)
{
	spans->count = 0;
	spans->items = sl_arena_alloc(arena, count * sizeof(*spans->items));
	return spans->items != NULL;
}

bool spans_unite(struct sl_arena *arena, struct spans a, struct spans b, struct spans *both)
{
	uint32_t i = 0, j = 0;
	struct spans out;

	if (!spans_alloc(arena, (size_t)a.count + b.count, &out))
		return false;
	while (i < a.count || j < b.count) {
		uint32_t next;

		if (j == b.count || (i < a.count && a.items[i] <= b.items[j]))
			next = a.items[i];
		else
			next = b.items[j];
		i += i < a.count && a.items[i] == next;
		j += j < b.count && b.items[j] == next;
		out.items[out.count++] = next;
	}
	*both = out;
	return true;
}

static void keep(struct spans *kept, uint32_t span)
{
	kept->items[kept->count++] = span;
}

static void keep_children(struct structure *structure, struct spans left, struct spans right,
			  struct spans *kept)
{
	mark_all(structure, left);
	for (uint32_t i = 0; i < right.count; i++) {
		uint32_t parent = structure->trace->nodes[right.items[i]].parent;

		if (parent != SL_NO_SPAN && is_marked(structure, parent))
			keep(kept, right.items[i]);
	}
}

static void keep_parents(struct structure *structure, struct spans left, struct spans right,
			 struct spans *kept)
{
	structure->mark++;
	for (uint32_t i = 0; i < left.count; i++) {
		uint32_t parent = structure->trace->nodes[left.items[i]].parent;

		if (parent != SL_NO_SPAN)
			structure->marks[parent] = structure->mark;
	}
	for (uint32_t i = 0; i < right.count; i++)
		if (is_marked(structure, right.items[i]))
			keep(kept, right.items[i]);
}

static int order_numbers(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* Their places in preorder, ascending. */
static bool sort_by_enter(struct structure *structure, struct spans spans, struct spans *enters)
{
	if (!spans_alloc(structure->arena, spans.count, enters))
		return false;
	for (uint32_t i = 0; i < spans.count; i++)
		enters->items[i] = structure->trace->nodes[spans.items[i]].enter;
	enters->count = spans.count;
	qsort(enters->items, enters->count, sizeof(*enters->items), order_numbers);
	return true;
}

/* How many of them are below `limit`. */
static uint32_t count_below(struct spans enters, uint32_t limit)
{
	uint32_t low = 0, high = enters.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (enters.items[middle] < limit)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The subtrees of those that entered before: the one that ends last covers what any of them
 * covers from there on.  ends[i]: that end, of the first i + 1. */
static bool keep_descendants(struct structure *structure, struct spans left, struct spans right,
			     struct spans *kept)
{
	const struct sl_trace *trace = structure->trace;
	struct spans enters, ends;
	uint32_t end = 0;

	if (!sort_by_enter(structure, left, &enters) ||
	    !spans_alloc(structure->arena, left.count, &ends))
		return false;
	for (uint32_t i = 0; i < enters.count; i++) {
		const struct sl_trace_node *node = &trace->nodes[trace->preorder[enters.items[i]]];

		end = node->exit > end ? node->exit : end;
		ends.items[ends.count++] = end;
	}
	for (uint32_t i = 0; i < right.count; i++) {
		uint32_t enter = trace->nodes[right.items[i]].enter;
		uint32_t before = count_below(enters, enter);

		if (before != 0 && ends.items[before - 1] > enter)
			keep(kept, right.items[i]);
	}
	return true;
}

static bool keep_ancestors(struct structure *structure, struct spans left, struct spans right,
			   struct spans *kept)
{
	struct spans enters;

	if (!sort_by_enter(structure, left, &enters))
		return false;
	for (uint32_t i = 0; i < right.count; i++) {
		const struct sl_trace_node *node = &structure->trace->nodes[right.items[i]];
		uint32_t first = count_below(enters, node->enter + 1);

		if (first < enters.count && node->exit > enters.items[first])
			keep(kept, right.items[i]);
	}
	return true;
}

struct orphan {
	struct sl_slice parent_id;
	uint32_t index;
};

static int order_orphans(const void *a, const void *b)
{
	const struct orphan *left = a, *right = b;
	int order = sl_slice_compare(left->parent_id, right->parent_id);

	return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

/* Orphans are siblings where they name the same parent, there or not. */
static void number_orphans(uint32_t *families, struct orphan *orphans, uint32_t count,
			   uint32_t first_number)
{
	if (count == 0)
		return;
	qsort(orphans, count, sizeof(*orphans), order_orphans);
	for (uint32_t i = 0; i < count; i++) {
		bool same = i > 0 && sl_slice_equal(orphans[i].parent_id, orphans[i - 1].parent_id);

		families[orphans[i].index] =
			same ? families[orphans[i - 1].index] : first_number + orphans[i].index;
	}
}

/* Children of one parent; all roots; orphans; where a cycle was cut a span has no siblings. */
static bool number_families(struct structure *structure)
{
	const struct sl_trace *trace = structure->trace;
	struct orphan *orphans = sl_arena_alloc(structure->arena, trace->count * sizeof(*orphans));
	uint32_t *families = sl_arena_alloc(structure->arena, trace->count * sizeof(*families));
	uint32_t count = 0;

	if (orphans == NULL || families == NULL)
		return false;
	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[i];

		families[i] = node->parent != SL_NO_SPAN ? node->parent : trace->count;
		if (node->parent == SL_NO_SPAN && node->cyclic)
			families[i] = trace->count + 1 + i;
		else if (node->orphan)
			orphans[count++] = (struct orphan){ node->span->parent_span_id, i };
	}
	number_orphans(families, orphans, count, trace->count + 1);
	structure->siblings = families;
	return true;
}

static bool keep_siblings(struct structure *structure, struct spans left, struct spans right,
			  struct spans *kept)
{
	const uint32_t *families;

	if (structure->siblings == NULL && !number_families(structure))
		return false;
	families = structure->siblings;
	structure->mark++;
	for (uint32_t i = 0; i < left.count; i++) {
		uint32_t family = families[left.items[i]];

		if (!is_marked(structure, family))
			structure->counts[family] = 0;
		structure->marks[family] = structure->mark;
		structure->counts[family]++;
	}
	for (uint32_t i = 0, j = 0; i < right.count; i++) {
		uint32_t family = families[right.items[i]];
		uint32_t others = is_marked(structure, family) ? structure->counts[family] : 0;

		while (j < left.count && left.items[j] < right.items[i])
			j++;
		if (others > (j < left.count && left.items[j] == right.items[i]))
			keep(kept, right.items[i]);
	}
	return true;
}

/* `relation` is one of the plain operators. */
static bool keep_related(struct structure *structure, enum operator relation, struct spans left,
			 struct spans right, struct spans *kept)
{
	if (!spans_alloc(structure->arena, right.count, kept))
		return false;
	switch (relation) {
	case OP_CHILD:
		keep_children(structure, left, right, kept);
		return true;
	case OP_PARENT:
		keep_parents(structure, left, right, kept);
		return true;
	case OP_DESCENDANT:
		return keep_descendants(structure, left, right, kept);
	case OP_ANCESTOR:
		return keep_ancestors(structure, left, right, kept);
	default:
		return keep_siblings(structure, left, right, kept);
	}
}

/* r is related to l, if l is so to r. */
static enum operator inverse(enum operator relation)
{
	switch (relation) {
	case OP_CHILD:
		return OP_PARENT;
	case OP_PARENT:
		return OP_CHILD;
	case OP_DESCENDANT:
		return OP_ANCESTOR;
	case OP_ANCESTOR:
		return OP_DESCENDANT;
	default:
		return relation;
	}
}

/* Tempo numbers only the spans whose parents lead to a root: the others are related to nothing. */
static bool only_connected(const struct structure *structure, struct spans from,
			   struct spans *connected)
{
	if (!structure->tempo) {
		*connected = from;
		return true;
	}
	if (!spans_alloc(structure->arena, from.count, connected))
		return false;
	for (uint32_t i = 0; i < from.count; i++)
		if (structure->trace->nodes[from.items[i]].connected)
			keep(connected, from.items[i]);
	return true;
}

/* What is in `all` and not in `part`, in place of `all`. */
static bool subtract(struct sl_arena *arena, struct spans all, struct spans part,
		     struct spans *rest)
{
	uint32_t j = 0;

	if (!spans_alloc(arena, all.count, rest))
		return false;
	for (uint32_t i = 0; i < all.count; i++) {
		while (j < part.count && part.items[j] < all.items[i])
			j++;
		if (j == part.count || part.items[j] != all.items[i])
			keep(rest, all.items[i]);
	}
	return true;
}

bool structure_apply(struct structure *structure, enum operator op, struct spans left,
		     struct spans right, struct spans *kept)
{
	struct spans from, to, related, sources;
	enum operator relation;

	if (!only_connected(structure, left, &from) || !only_connected(structure, right, &to))
		return false;
	if (op >= OP_UNION_CHILD) {
		relation = OP_CHILD + (op - OP_UNION_CHILD);
		return keep_related(structure, relation, from, to, &related) &&
		       keep_related(structure, inverse(relation), to, from, &sources) &&
		       spans_unite(structure->arena, sources, related, kept);
	}
	if (op < OP_NOT_CHILD)
		return keep_related(structure, op, from, to, kept);
	relation = OP_CHILD + (op - OP_NOT_CHILD);
	return keep_related(structure, relation, from, to, &related) &&
	       subtract(structure->arena, right, related, kept);
}

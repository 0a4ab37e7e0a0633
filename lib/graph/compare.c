/* A graph against an older one: nodes and edges are paired by what they are called. */
#include "graph.h"
#include <math.h>
#include <stdlib.h>

enum { LEAST_NS = 1000000 };
#define LEAST_ERRORS 0.01 /* of the calls */
#define LEAST_SCORE  3.0  /* standard deviations */

static const char *const kind_names[SL_CHANGE_KIND_COUNT] = {
	"new-edge", "gone-edge", "changed-edge", "new-errors", "new-node", "gone-node",
};

const char *sl_change_kind_name(enum sl_change_kind kind)
{
	return kind_names[kind];
}

static int compare_nodes(const struct sl_graph_node *a, const struct sl_graph_node *b)
{
	int order = a->kind < b->kind ? -1 : a->kind > b->kind;

	if (order == 0)
		order = sl_slice_compare(a->service, b->service);
	return order != 0 ? order : sl_slice_compare(a->name, b->name);
}

/* An edge with its graph, for the order of what it connects. */
struct side {
	const struct sl_graph *graph;
	const struct sl_graph_edge *edge;
};

static int compare_sides(const void *a, const void *b)
{
	const struct side *one = a, *two = b;
	int order = compare_nodes(&one->graph->nodes[one->edge->from],
				  &two->graph->nodes[two->edge->from]);

	if (order == 0)
		order = compare_nodes(&one->graph->nodes[one->edge->to],
				      &two->graph->nodes[two->edge->to]);
	if (order == 0)
		order = (int)one->edge->message - (int)two->edge->message;
	return order != 0 ? order : sl_slice_compare(one->edge->via, two->edge->via);
}

static struct side *sort_edges(const struct sl_graph *graph)
{
	struct side *sides = malloc((graph->edge_count + 1) * sizeof(*sides));

	for (size_t i = 0; sides != NULL && i < graph->edge_count; i++)
		sides[i] = (struct side){ graph, &graph->edges[i] };
	if (sides != NULL)
		qsort(sides, graph->edge_count, sizeof(*sides), compare_sides);
	return sides;
}

static double part_of(uint64_t count, uint64_t total)
{
	return total != 0 ? (double)count / (double)total : 0;
}

static bool moved(double was, double now, double least)
{
	return fabs(now - was) >= least * was && now != was;
}

/* By more than such counts differ by chance. */
static bool errors_moved(const struct sl_graph_edge *was, const struct sl_graph_edge *now)
{
	double before = part_of(was->errors, was->calls), after = part_of(now->errors, now->calls);
	double both = part_of(was->errors + now->errors, was->calls + now->calls);
	double deviation =
		sqrt(both * (1 - both) * (1 / (double)was->calls + 1 / (double)now->calls));

	return fabs(after - before) >= LEAST_ERRORS &&
	       fabs(after - before) >= LEAST_SCORE * deviation;
}

static unsigned what_changed(const struct sl_graph_edge *was, const struct sl_graph_edge *now,
			     double least)
{
	double p95 = (double)now->p95_ns - (double)was->p95_ns;
	unsigned what = 0;

	if (was->calls < SL_CHANGE_CALLS || now->calls < SL_CHANGE_CALLS)
		return 0;
	if (moved(part_of(was->calls, was->traces), part_of(now->calls, now->traces), least))
		what |= SL_CHANGED_CALLS;
	if (errors_moved(was, now))
		what |= SL_CHANGED_ERRORS;
	if (fabs(p95) >= LEAST_NS && moved((double)was->p95_ns, (double)now->p95_ns, least))
		what |= SL_CHANGED_P95;
	return what;
}

static void add(struct sl_graph_changes *changes, struct sl_graph_change change)
{
	changes->items[changes->count++] = change;
}

static void compare_pair(struct sl_graph_changes *changes, const struct sl_graph_edge *was,
			 const struct sl_graph_edge *now, double least)
{
	unsigned what = what_changed(was, now, least);

	if (was->errors == 0 && now->errors != 0)
		add(changes, (struct sl_graph_change){ .kind = SL_CHANGE_NEW_ERRORS,
						       .what = what,
						       .edge_was = was,
						       .edge = now });
	else if (what != 0)
		add(changes, (struct sl_graph_change){ .kind = SL_CHANGE_CHANGED_EDGE,
						       .what = what,
						       .edge_was = was,
						       .edge = now });
}

static void compare_edges(struct sl_graph_changes *changes, const struct side *was,
			  const struct side *now, double least)
{
	size_t was_count = changes->was->edge_count, now_count = changes->now->edge_count;

	for (size_t old = 0, new = 0; old < was_count || new < now_count;) {
		int order = old == was_count   ? 1
			    : new == now_count ? -1
					       : compare_sides(&was[old], &now[new]);

		if (order == 0)
			compare_pair(changes, was[old].edge, now[new].edge, least);
		else if (order < 0)
			add(changes, (struct sl_graph_change){ .kind = SL_CHANGE_GONE_EDGE,
							       .edge_was = was[old].edge });
		else
			add(changes, (struct sl_graph_change){ .kind = SL_CHANGE_NEW_EDGE,
							       .edge = now[new].edge });
		old += order <= 0;
		new += order >= 0;
	}
}

/* Nodes stand in this order in every graph. */
static void compare_all_nodes(struct sl_graph_changes *changes)
{
	const struct sl_graph *was = changes->was, *now = changes->now;

	for (size_t old = 0, new = 0; old < was->node_count || new < now->node_count;) {
		int order = old == was->node_count ? 1
			    : new == now->node_count
				    ? -1
				    : compare_nodes(&was->nodes[old], &now->nodes[new]);

		if (order < 0)
			add(changes, (struct sl_graph_change){ .kind = SL_CHANGE_GONE_NODE,
							       .node_was = &was->nodes[old] });
		else if (order > 0)
			add(changes, (struct sl_graph_change){ .kind = SL_CHANGE_NEW_NODE,
							       .node = &now->nodes[new] });
		old += order <= 0;
		new += order >= 0;
	}
}

/* Where something stands in its graph, of which the heaviest edges come first. */
static uintptr_t place_of(const struct sl_graph_change *change)
{
	if (change->edge != NULL)
		return (uintptr_t)change->edge;
	if (change->edge_was != NULL)
		return (uintptr_t)change->edge_was;
	return (uintptr_t)(change->node != NULL ? change->node : change->node_was);
}

/* Changes of one kind are all of one list. */
static int compare_changes(const void *a, const void *b)
{
	const struct sl_graph_change *one = a, *two = b;
	uintptr_t first = place_of(one), second = place_of(two);

	if (one->kind != two->kind)
		return one->kind < two->kind ? -1 : 1;
	return first < second ? -1 : first > second;
}

enum sl_status sl_graph_compare(struct sl_graph_changes *changes, const struct sl_graph *was,
				const struct sl_graph *now, double least, struct sl_error *err)
{
	struct side *old = sort_edges(was), *new = sort_edges(now);
	size_t most = was->edge_count + was->node_count + now->edge_count + now->node_count;
	bool done;

	*changes = (struct sl_graph_changes){ .was = was, .now = now };
	changes->items = malloc((most + 1) * sizeof(*changes->items));
	done = old != NULL && new != NULL && changes->items != NULL;
	if (done) {
		compare_edges(changes, old, new, least);
		compare_all_nodes(changes);
		qsort(changes->items, changes->count, sizeof(*changes->items), compare_changes);
	}
	free(old);
	free(new);
	if (!done)
		sl_graph_changes_free(changes);
	return done ? SL_OK : sl_fail_memory(err);
}

void sl_graph_changes_free(struct sl_graph_changes *changes)
{
	free(changes->items);
	*changes = (struct sl_graph_changes){ 0 };
}

static bool copy_slice(struct sl_arena *arena, struct sl_slice *slice)
{
	struct sl_slice copy = sl_arena_copy(arena, *slice);
	bool copied = copy.data != NULL || slice->len == 0;

	*slice = copy;
	return copied;
}

enum sl_status sl_graph_copy(struct sl_graph *copy, const struct sl_graph *graph,
			     struct sl_error *err)
{
	struct sl_arena arena = { 0 };
	bool copied;

	*copy = *graph;
	copy->nodes = sl_arena_alloc(&arena, graph->node_count * sizeof(*copy->nodes));
	copy->edges = sl_arena_alloc(&arena, graph->edge_count * sizeof(*copy->edges));
	copied = copy->nodes != NULL && copy->edges != NULL;
	for (size_t i = 0; i < graph->node_count && copied; i++) {
		copy->nodes[i] = graph->nodes[i];
		copied = copy_slice(&arena, &copy->nodes[i].id) &&
			 copy_slice(&arena, &copy->nodes[i].service) &&
			 copy_slice(&arena, &copy->nodes[i].name);
	}
	for (size_t i = 0; i < graph->edge_count && copied; i++) {
		copy->edges[i] = graph->edges[i];
		copied = copy_slice(&arena, &copy->edges[i].via);
	}
	copy->arena = arena;
	if (!copied)
		sl_graph_free(copy);
	return copied ? SL_OK : sl_fail_memory(err);
}

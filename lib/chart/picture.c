/* What is drawn of a graph: what is heaviest, and what is new, changed or gone. */
#include "picture.h"
#include <math.h>
#include <stdlib.h>

/* Nodes of either graph, before it is known which are drawn. */
struct choice {
	const struct drawing *drawing;
	uint32_t *places; /* of the graph's nodes, or UINT32_MAX */
	uint32_t *gone;	  /* of the older graph's nodes */
	size_t most;
};

static enum state state_of(const struct sl_graph_change *change)
{
	if (change == NULL)
		return STATE_SAME;
	return change->kind == SL_CHANGE_NEW_EDGE || change->kind == SL_CHANGE_NEW_NODE
		       ? STATE_NEW
		       : STATE_CHANGED;
}

/* The place of a node, which is given one if there is room. */
static uint32_t place(struct picture *picture, struct choice *choice, uint32_t number)
{
	if (choice->places[number] == UINT32_MAX && picture->node_count < choice->most) {
		choice->places[number] = (uint32_t)picture->node_count;
		picture->nodes[picture->node_count++] = (struct picture_node){
			.node = &choice->drawing->graph->nodes[number],
			.state = state_of(change_of_node(choice->drawing, number)),
		};
	}
	return choice->places[number];
}

static bool is_same_node(const struct sl_graph_node *a, const struct sl_graph_node *b)
{
	return a->kind == b->kind && sl_slice_equal(a->service, b->service) &&
	       sl_slice_equal(a->name, b->name);
}

/* The same of a node of the older graph: the one that is there still, or one that is gone. */
static uint32_t place_gone(struct picture *picture, struct choice *choice, uint32_t number)
{
	const struct sl_graph_node *node = &choice->drawing->options->changes->was->nodes[number];

	if (choice->gone[number] != UINT32_MAX)
		return choice->gone[number];
	for (uint32_t i = 0; i < choice->drawing->graph->node_count; i++)
		if (is_same_node(&choice->drawing->graph->nodes[i], node))
			return choice->gone[number] = place(picture, choice, i);
	if (picture->node_count == choice->most)
		return UINT32_MAX;
	picture->nodes[picture->node_count] =
		(struct picture_node){ .node = node, .state = STATE_GONE };
	return choice->gone[number] = (uint32_t)picture->node_count++;
}

static void add_edge(struct picture *picture, const struct picture_edge *edge)
{
	if (edge->from == UINT32_MAX || edge->to == UINT32_MAX)
		picture->edges_left++;
	else
		picture->edges[picture->edge_count++] = *edge;
}

static void add_gone(struct picture *picture, struct choice *choice)
{
	const struct sl_graph_changes *changes = choice->drawing->options->changes;

	for (size_t i = 0; changes != NULL && i < changes->count; i++) {
		const struct sl_graph_edge *edge = changes->items[i].edge_was;
		struct picture_edge drawn = { .edge = edge, .state = STATE_GONE };

		if (changes->items[i].kind != SL_CHANGE_GONE_EDGE)
			continue;
		drawn.from = place_gone(picture, choice, edge->from);
		drawn.to = place_gone(picture, choice, edge->to);
		add_edge(picture, &drawn);
	}
}

static void fill(struct picture *picture, struct choice *choice)
{
	const struct sl_graph *graph = choice->drawing->graph;

	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct sl_graph_edge *edge = &graph->edges[i];
		struct picture_edge drawn = {
			.edge = edge,
			.state = state_of(change_of_edge(choice->drawing, i)),
			.from = place(picture, choice, edge->from),
			.to = place(picture, choice, edge->to),
		};

		add_edge(picture, &drawn);
	}
	for (uint32_t i = 0; i < graph->node_count; i++)
		picture->nodes_left += place(picture, choice, i) == UINT32_MAX;
	add_gone(picture, choice);
	for (size_t i = 0; i < picture->node_count; i++)
		picture->nodes[i].calls = picture->nodes[i].node->entries;
	for (size_t i = 0; i < picture->edge_count; i++)
		picture->nodes[picture->edges[i].to].calls += picture->edges[i].edge->calls;
}

enum sl_status picture_make(struct picture *picture, const struct drawing *drawing,
			    size_t most_nodes, struct sl_error *err)
{
	const struct sl_graph *graph = drawing->graph;
	const struct sl_graph_changes *changes = drawing->options->changes;
	size_t was_nodes = changes != NULL ? changes->was->node_count : 0;
	size_t was_edges = changes != NULL ? changes->was->edge_count : 0;
	struct choice choice = { .drawing = drawing, .most = most_nodes };

	*picture = (struct picture){ 0 };
	choice.places = malloc((graph->node_count + was_nodes + 1) * sizeof(*choice.places));
	picture->nodes = sl_arena_alloc(&picture->arena,
					(graph->node_count + was_nodes) * sizeof(*picture->nodes));
	picture->edges = sl_arena_alloc(&picture->arena,
					(graph->edge_count + was_edges) * sizeof(*picture->edges));
	if (choice.places == NULL || picture->nodes == NULL || picture->edges == NULL) {
		free(choice.places);
		picture_free(picture);
		return sl_fail_memory(err);
	}
	memset(choice.places, 0xff, (graph->node_count + was_nodes) * sizeof(*choice.places));
	choice.gone = choice.places + graph->node_count;
	fill(picture, &choice);
	free(choice.places);
	return SL_OK;
}

void picture_free(struct picture *picture)
{
	sl_arena_free(&picture->arena);
	*picture = (struct picture){ 0 };
}

unsigned error_class(uint64_t errors, uint64_t calls)
{
	double part = part_of(errors, calls);

	if (errors == 0)
		return 0;
	return part < 0.01 ? 1 : part < 0.05 ? 2 : 3;
}

double line_width(const struct picture *picture, const struct sl_graph_edge *edge)
{
	uint64_t most = 2;

	for (size_t i = 0; i < picture->edge_count; i++)
		if (picture->edges[i].edge->calls > most)
			most = picture->edges[i].edge->calls;
	return 1 + 5 * log((double)edge->calls) / log((double)most);
}

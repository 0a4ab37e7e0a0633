/* The graph as a person draws it in a terminal: whom each calls, below those whom nobody calls. */
#include "forms.h"
#include "spanline/text.h"
#include <stdlib.h>

enum { MOST_DRAWN = 30, LEAST_NAME = 8 };

/* What stands before a line: which of the levels go on below. */
struct branch {
	uint32_t node;
	size_t next; /* the next edge to be drawn from it */
	size_t left; /* edges of it that are not drawn yet */
};

struct tree {
	struct drawing *drawing;
	bool *drawn;
	struct branch branches[MOST_DRAWN + 1];
	size_t depth;
};

static size_t count_edges(const struct sl_graph *graph, uint32_t node)
{
	size_t count = 0;

	for (size_t i = 0; i < graph->edge_count; i++)
		count += graph->edges[i].from == node;
	return count;
}

static void add(struct tree *tree, const char *plain, const char *fancy)
{
	const char *text = tree->drawing->options->ascii ? plain : fancy;

	sl_buffer_add(tree->drawing->out, text, strlen(text));
}

static void enter(struct tree *tree, uint32_t node)
{
	const struct sl_graph *graph = tree->drawing->graph;

	tree->drawn[node] = true;
	tree->branches[tree->depth++] =
		(struct branch){ .node = node, .left = count_edges(graph, node) };
}

/* How often, and what else there is to be told of it. */
static void show_calls(struct sl_buffer *out, const struct tree *tree,
		       const struct sl_graph_edge *edge)
{
	const struct drawing *drawing = tree->drawing;

	sl_buffer_add_literal(out, "  ");
	show_count(out, edge->calls);
	if (edge->message)
		sl_buffer_add(out, edge->calls == 1 ? " message" : " messages",
			      edge->calls == 1 ? 8 : 9);
	else
		sl_buffer_add(out, edge->calls == 1 ? " call" : " calls", edge->calls == 1 ? 5 : 6);
	if (edge->errors != 0) {
		sl_buffer_add_literal(out, ", ");
		show_percent(out, part_of(edge->errors, edge->calls));
		sl_buffer_add_literal(out, " % errors");
	}
	if (edge->inferred == edge->calls)
		sl_buffer_add_literal(out, ", inferred");
	if (tree->drawn[edge->to] && count_edges(drawing->graph, edge->to) != 0)
		sl_buffer_printf(out, "%s",
				 drawing->options->ascii ? ", see above" : ", \xe2\x86\x91");
}

/* One line: what leads there, the name, how often. */
static void add_edge(struct tree *tree, const struct sl_graph_edge *edge)
{
	struct drawing *drawing = tree->drawing;
	struct sl_buffer calls = { 0 };
	size_t taken = 2 * tree->depth + 1, width = drawing->options->width;

	show_calls(&calls, tree, edge);
	if (!calls.failed)
		taken += sl_text_cells(sl_buffer_slice(&calls));
	for (size_t i = 0; i + 1 < tree->depth; i++)
		if (tree->branches[i].left != 0)
			add(tree, "| ", "\xe2\x94\x82 ");
		else
			sl_buffer_add_literal(drawing->out, "  ");
	if (tree->branches[tree->depth - 1].left != 0)
		add(tree, edge->message ? "|~" : "|-",
		    edge->message ? "\xe2\x94\x9c\xe2\x95\x8c" : "\xe2\x94\x9c\xe2\x94\x80");
	else
		add(tree, edge->message ? "`~" : "`-",
		    edge->message ? "\xe2\x94\x94\xe2\x95\x8c" : "\xe2\x94\x94\xe2\x94\x80");
	sl_buffer_add_byte(drawing->out, ' ');
	sl_buffer_add_slice(drawing->out,
			    node_label(drawing, &drawing->graph->nodes[edge->to],
				       width > taken + LEAST_NAME ? width - taken : LEAST_NAME));
	sl_buffer_add_slice(drawing->out, sl_buffer_slice(&calls));
	drawing->out->failed |= calls.failed;
	sl_buffer_free(&calls);
	sl_buffer_add_byte(drawing->out, '\n');
}

/* All that is reached from the node and was not drawn before, each once. */
static void draw_from(struct tree *tree, uint32_t top)
{
	const struct sl_graph *graph = tree->drawing->graph;
	struct drawing *drawing = tree->drawing;

	sl_buffer_add_slice(drawing->out,
			    node_label(drawing, &graph->nodes[top], drawing->options->width));
	sl_buffer_add_byte(drawing->out, '\n');
	enter(tree, top);
	while (tree->depth > 0) {
		struct branch *branch = &tree->branches[tree->depth - 1];
		const struct sl_graph_edge *edge = &graph->edges[branch->next];

		if (branch->next == graph->edge_count) {
			tree->depth--;
			continue;
		}
		branch->next++;
		if (edge->from != branch->node)
			continue;
		branch->left--;
		add_edge(tree, edge);
		if (!tree->drawn[edge->to])
			enter(tree, edge->to);
	}
}

static bool is_called(const struct sl_graph *graph, uint32_t node)
{
	for (size_t i = 0; i < graph->edge_count; i++)
		if (graph->edges[i].to == node && graph->edges[i].from != node)
			return true;
	return false;
}

/* First those whom nobody calls, then whom people call, too, then what only a cycle reaches. */
static bool is_top(const struct sl_graph *graph, uint32_t node, unsigned round)
{
	return round == 0   ? !is_called(graph, node)
	       : round == 1 ? graph->nodes[node].entries != 0
			    : true;
}

enum sl_status draw_tree(struct drawing *drawing, struct sl_error *err)
{
	const struct sl_graph *graph = drawing->graph;
	struct tree tree = { .drawing = drawing };

	if (graph->node_count > MOST_DRAWN || graph->edge_count == 0)
		return SL_OK;
	tree.drawn = calloc(graph->node_count + 1, sizeof(*tree.drawn));
	if (tree.drawn == NULL)
		return sl_fail_memory(err);
	sl_buffer_add_byte(drawing->out, '\n');
	for (unsigned round = 0; round < 3; round++)
		for (uint32_t i = 0; i < graph->node_count; i++)
			if (!tree.drawn[i] && is_top(graph, i, round))
				draw_from(&tree, i);
	free(tree.drawn);
	return SL_OK;
}

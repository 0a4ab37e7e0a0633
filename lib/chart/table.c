/* The graph for a person: calls, nodes, a drawing where it is small, and what is not known. */
#include "grid.h"

static void add_edge_row(struct drawing *drawing, struct grid *grid,
			 const struct sl_graph_edge *edge)
{
	struct sl_buffer *out = &grid->text;
	bool ascii = drawing->options->ascii;
	const int64_t times[] = { edge->p50_ns, edge->p95_ns, edge->p99_ns };

	show_edge(out, drawing->graph, edge, ascii);
	grid_end_cell(grid);
	show_count(out, edge->calls);
	grid_end_cell(grid);
	show_number(out, calls_per_trace(edge));
	grid_end_cell(grid);
	show_percent(out, part_of(edge->errors, edge->calls));
	grid_end_cell(grid);
	for (size_t i = 0; i < SL_COUNT(times); i++) {
		sl_buffer_add(out, "~", edge->rough);
		show_time(out, times[i], ascii);
		grid_end_cell(grid);
	}
	if (edge->has_gap)
		show_time(out, edge->gap_ns, ascii);
	else
		sl_buffer_add_byte(out, '-');
	grid_end_cell(grid);
	show_percent(out, sl_graph_share(drawing->graph, edge->critical));
	grid_end_cell(grid);
}

static void write_edges(struct drawing *drawing)
{
	static const char *const heads[] = { "call", "calls", "/trace", "error %", "p50",
					     "p95",  "p99",   "gap",	"path %" };
	static const unsigned char dispensable[] = { 7, 2, 6, 8, 4, 0 };
	const struct sl_graph *graph = drawing->graph;
	struct grid grid = { .columns = SL_COUNT(heads), .dispensable = dispensable };
	uint64_t top = drawing->options->top;
	size_t shown = top == 0 || top > graph->edge_count ? graph->edge_count : (size_t)top;

	for (size_t i = 0; i < SL_COUNT(heads); i++)
		grid_add(&grid, heads[i]);
	for (size_t i = 0; i < shown; i++)
		add_edge_row(drawing, &grid, &graph->edges[i]);
	grid_write(&grid, drawing->options->width, drawing->options->ascii, drawing->out);
	grid_free(&grid);
	if (shown != graph->edge_count)
		sl_buffer_printf(drawing->out, "%zu more\n", graph->edge_count - shown);
}

/* Below 0 where spans end before they start. */
static int64_t bounded(struct sl_sum sum)
{
	if (sum.high == (sum.low > INT64_MAX ? -1 : 0))
		return (int64_t)sum.low;
	return sum.high < 0 ? INT64_MIN : INT64_MAX;
}

static void add_node_row(struct drawing *drawing, struct grid *grid,
			 const struct sl_graph_node *node)
{
	struct sl_buffer *out = &grid->text;

	show_node(out, node, drawing->options->ascii);
	grid_end_cell(grid);
	show_count(out, node->spans);
	grid_end_cell(grid);
	show_percent(out, part_of(node->errors, node->spans));
	grid_end_cell(grid);
	show_time(out, bounded(node->self), drawing->options->ascii);
	grid_end_cell(grid);
	show_percent(out, sl_graph_share(drawing->graph, node->critical));
	grid_end_cell(grid);
	show_count(out, node->entries);
	grid_end_cell(grid);
}

static void write_nodes(struct drawing *drawing)
{
	static const char *const heads[] = {
		"node", "spans", "error %", "self", "path %", "entries"
	};
	static const unsigned char dispensable[] = { 5, 4, 0 };
	const struct sl_graph *graph = drawing->graph;
	struct grid grid = { .columns = SL_COUNT(heads), .dispensable = dispensable };
	uint64_t top = drawing->options->top;
	size_t shown = top == 0 || top > graph->node_count ? graph->node_count : (size_t)top;

	for (size_t i = 0; i < SL_COUNT(heads); i++)
		grid_add(&grid, heads[i]);
	for (size_t i = 0; i < shown; i++)
		add_node_row(drawing, &grid, &graph->nodes[i]);
	grid_write(&grid, drawing->options->width, drawing->options->ascii, drawing->out);
	grid_free(&grid);
	if (shown != graph->node_count)
		sl_buffer_printf(drawing->out, "%zu more\n", graph->node_count - shown);
}

enum sl_status draw_text(struct drawing *drawing, struct sl_error *err)
{
	enum sl_status status;

	show_sizes(drawing->out, drawing->graph);
	sl_buffer_add_literal(drawing->out, "\n\n");
	write_edges(drawing);
	sl_buffer_add_byte(drawing->out, '\n');
	write_nodes(drawing);
	status = draw_tree(drawing, err);
	tell_unknown(drawing);
	tell_changes(drawing);
	return status;
}

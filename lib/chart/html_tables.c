/* The tables of the page: what the picture shows, in numbers. */
#include "forms.h"
#include "spanline/text.h"

enum { MOST_ROWS = 1000 };

static void add(struct sl_buffer *out, const char *text)
{
	sl_buffer_add(out, text, strlen(text));
}

static void add_heads(struct sl_buffer *out, const char *const *heads, size_t count)
{
	add(out, "<table><thead><tr>");
	for (size_t i = 0; i < count; i++)
		sl_buffer_printf(out, "<th>%s</th>", heads[i]);
	add(out, "</tr></thead><tbody>\n");
}

/* The cell that was shown in drawing->text. */
static void add_cell(struct drawing *drawing, const char *class)
{
	if (*class != '\0')
		sl_buffer_printf(drawing->out, "<td class=\"%s\">", class);
	else
		add(drawing->out, "<td>");
	sl_text_mark_up(drawing->out, sl_buffer_slice(&drawing->text));
	add(drawing->out, "</td>");
	drawing->text.len = 0;
}

static void add_time_cell(struct drawing *drawing, int64_t ns)
{
	drawing->text.len = 0;
	show_time(&drawing->text, ns, false);
	add_cell(drawing, "");
}

static void add_edge_row(struct drawing *drawing, const struct sl_graph_edge *edge)
{
	struct sl_buffer *text = &drawing->text;

	add(drawing->out, "<tr>");
	text->len = 0;
	show_edge(text, drawing->graph, edge, drawing->options->ascii);
	add_cell(drawing, "");
	show_count(text, edge->calls);
	add_cell(drawing, "");
	show_number(text, calls_per_trace(edge));
	add_cell(drawing, "");
	show_percent(text, part_of(edge->errors, edge->calls));
	add_cell(drawing, edge->errors != 0 ? "bad" : "");
	add_time_cell(drawing, edge->p50_ns);
	add_time_cell(drawing, edge->p95_ns);
	add_time_cell(drawing, edge->p99_ns);
	if (edge->has_gap)
		show_time(text, edge->gap_ns, false);
	add_cell(drawing, "");
	show_percent(text, sl_graph_share(drawing->graph, edge->critical));
	add_cell(drawing, "");
	add(drawing->out, "</tr>\n");
}

static void add_node_row(struct drawing *drawing, const struct sl_graph_node *node)
{
	struct sl_buffer *text = &drawing->text;

	add(drawing->out, "<tr>");
	text->len = 0;
	show_node(text, node, drawing->options->ascii);
	add_cell(drawing, "");
	show_count(text, node->spans);
	add_cell(drawing, "");
	show_percent(text, part_of(node->errors, node->spans));
	add_cell(drawing, node->errors != 0 ? "bad" : "");
	sl_sum_show_ms(text, node->self);
	add_cell(drawing, "");
	show_percent(text, sl_graph_share(drawing->graph, node->critical));
	add_cell(drawing, "");
	show_count(text, node->entries);
	add_cell(drawing, "");
	add(drawing->out, "</tr>\n");
}

static void add_left(struct sl_buffer *out, size_t count)
{
	add(out, "</tbody></table>\n");
	if (count > MOST_ROWS)
		sl_buffer_printf(out, "<p class=\"dim\">%zu more</p>\n", count - MOST_ROWS);
}

void add_tables(struct drawing *drawing)
{
	static const char *const edge_heads[] = { "call",    "calls", "per trace",
						  "error %", "p50",   "p95",
						  "p99",     "gap",   "% of the time" };
	static const char *const node_heads[] = { "node",    "spans",	      "error %",
						  "self ms", "% of the time", "entries" };
	const struct sl_graph *graph = drawing->graph;

	add(drawing->out, "<h2>calls</h2>\n");
	add_heads(drawing->out, edge_heads, SL_COUNT(edge_heads));
	for (size_t i = 0; i < graph->edge_count && i < MOST_ROWS; i++)
		add_edge_row(drawing, &graph->edges[i]);
	add_left(drawing->out, graph->edge_count);
	add(drawing->out, "<h2>nodes</h2>\n");
	add_heads(drawing->out, node_heads, SL_COUNT(node_heads));
	for (size_t i = 0; i < graph->node_count && i < MOST_ROWS; i++)
		add_node_row(drawing, &graph->nodes[i]);
	add_left(drawing->out, graph->node_count);
}

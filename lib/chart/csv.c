/* Edges for spreadsheets and databases: RFC 4180, a line each. */
#include "forms.h"
#include "spanline/text.h"

/* A name as it is safe to show, in quotes where it needs them. */
static void add_cell(struct drawing *drawing, struct sl_slice text)
{
	drawing->text.len = 0;
	sl_text_show(&drawing->text, text, false);
	sl_text_cell(drawing->out, sl_buffer_slice(&drawing->text));
}

static void add_ms(struct sl_buffer *out, int64_t ns)
{
	sl_buffer_add_byte(out, ',');
	sl_buffer_add_signed_ms(out, ns);
}

static void add_edge(struct drawing *drawing, const struct sl_graph *graph,
		     const struct sl_graph_edge *edge, const char *change)
{
	struct sl_buffer *out = drawing->out;

	add_cell(drawing, graph->nodes[edge->from].id);
	sl_buffer_add_byte(out, ',');
	add_cell(drawing, graph->nodes[edge->to].id);
	sl_buffer_printf(out, ",%s,%s,%s,%llu,%llu", edge->message ? "message" : "call",
			 sl_node_kind_name(graph->nodes[edge->from].kind),
			 sl_node_kind_name(graph->nodes[edge->to].kind),
			 (unsigned long long)edge->calls, (unsigned long long)edge->errors);
	sl_buffer_printf(out, ",%llu", (unsigned long long)edge->traces);
	add_ms(out, edge->p50_ns);
	add_ms(out, edge->p95_ns);
	add_ms(out, edge->p99_ns);
	if (edge->has_gap)
		add_ms(out, edge->gap_ns);
	else
		sl_buffer_add_byte(out, ',');
	sl_buffer_add_byte(out, ',');
	sl_sum_show_ms(out, edge->total);
	sl_buffer_add_byte(out, ',');
	sl_buffer_add_double(out, sl_graph_share(graph, edge->critical));
	sl_buffer_printf(out, ",%llu,%llu,", (unsigned long long)edge->lost,
			 (unsigned long long)edge->inferred);
	add_cell(drawing, edge->via);
	if (drawing->options->changes != NULL)
		sl_buffer_printf(out, ",%s", change);
	sl_buffer_add_byte(out, '\n');
}

enum sl_status draw_csv(struct drawing *drawing, struct sl_error *err)
{
	const struct sl_graph *graph = drawing->graph;
	const struct sl_graph_changes *changes = drawing->options->changes;

	(void)err;
	sl_buffer_add_literal(drawing->out,
			      "from,to,kind,from_kind,to_kind,calls,errors,traces,p50_ms,p95_ms,"
			      "p99_ms,gap_ms,total_ms,share,lost,inferred,via");
	if (changes != NULL)
		sl_buffer_add_literal(drawing->out, ",change");
	sl_buffer_add_byte(drawing->out, '\n');
	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct sl_graph_change *change = change_of_edge(drawing, i);

		add_edge(drawing, graph, &graph->edges[i],
			 change != NULL ? sl_change_kind_name(change->kind) : "");
	}
	for (size_t i = 0; changes != NULL && i < changes->count; i++)
		if (changes->items[i].kind == SL_CHANGE_GONE_EDGE)
			add_edge(drawing, changes->was, changes->items[i].edge_was,
				 sl_change_kind_name(SL_CHANGE_GONE_EDGE));
	return SL_OK;
}

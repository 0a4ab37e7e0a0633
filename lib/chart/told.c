/* In sentences: what is not known of a graph, and what has changed since an older one. */
#include "forms.h"
#include "spanline/text.h"

void show_edge(struct sl_buffer *out, const struct sl_graph *graph,
	       const struct sl_graph_edge *edge, bool ascii)
{
	const char *arrow = ascii	    ? (edge->message ? " ~> " : " -> ")
			    : edge->message ? " \xe2\x87\xa2 "
					    : " \xe2\x86\x92 ";

	show_node(out, &graph->nodes[edge->from], ascii);
	sl_buffer_add(out, arrow, strlen(arrow));
	show_node(out, &graph->nodes[edge->to], ascii);
	if (edge->via.len == 0)
		return;
	sl_buffer_add_literal(out, " via ");
	sl_text_show(out, edge->via, ascii);
}

/* "3 spans TEXT" and "1 span TEXT"; false: there are none. */
static bool tell(struct drawing *drawing, uint64_t count, const char *one, const char *many)
{
	if (count == 0)
		return false;
	sl_buffer_printf(drawing->out, "%llu %s", (unsigned long long)count,
			 count == 1 ? one : many);
	return true;
}

enum { MOST_NAMED = 5 };

static void end_list(struct drawing *drawing, size_t named)
{
	if (named > MOST_NAMED)
		sl_buffer_printf(drawing->out, " and %zu more", named - MOST_NAMED);
	sl_buffer_add_byte(drawing->out, '\n');
}

static void begin_item(struct drawing *drawing, size_t named)
{
	sl_buffer_add(drawing->out, named == 0 ? ": " : ", ", 2);
}

static void tell_orphans(struct drawing *drawing)
{
	const struct sl_graph *graph = drawing->graph;
	size_t named = 0;

	if (!tell(drawing, graph->unknown.orphans, "span whose parent is not in the input",
		  "spans whose parent is not in the input"))
		return;
	for (size_t i = 0; i < graph->node_count; i++) {
		if (graph->nodes[i].orphans == 0 || named++ >= MOST_NAMED)
			continue;
		begin_item(drawing, named - 1);
		sl_buffer_add_slice(drawing->out,
				    node_label(drawing, &graph->nodes[i], drawing->options->width));
		sl_buffer_printf(drawing->out, " %llu",
				 (unsigned long long)graph->nodes[i].orphans);
	}
	end_list(drawing, named);
}

static void tell_edges(struct drawing *drawing, uint64_t (*count)(const struct sl_graph_edge *edge))
{
	const struct sl_graph *graph = drawing->graph;
	struct sl_buffer full = { 0 };
	size_t named = 0;

	for (size_t i = 0; i < graph->edge_count; i++) {
		if (count(&graph->edges[i]) == 0 || named++ >= MOST_NAMED)
			continue;
		begin_item(drawing, named - 1);
		full.len = 0;
		show_edge(&full, graph, &graph->edges[i], drawing->options->ascii);
		sl_buffer_add_slice(drawing->out,
				    label_of(drawing, &full, drawing->options->width));
		sl_buffer_printf(drawing->out, " %llu",
				 (unsigned long long)count(&graph->edges[i]));
	}
	sl_buffer_free(&full);
	end_list(drawing, named);
}

static uint64_t lost_of(const struct sl_graph_edge *edge)
{
	return edge->lost;
}

static uint64_t inferred_of(const struct sl_graph_edge *edge)
{
	return edge->inferred;
}

static void tell_line(struct drawing *drawing, uint64_t count, const char *one, const char *many)
{
	if (tell(drawing, count, one, many))
		sl_buffer_add_byte(drawing->out, '\n');
}

void tell_unknown(struct drawing *drawing)
{
	const struct sl_graph_unknown *unknown = &drawing->graph->unknown;
	uint64_t inferred = 0;
	size_t begin = drawing->out->len;

	sl_buffer_add_literal(drawing->out, "\nnot known:\n");
	begin = drawing->out->len - begin;
	for (size_t i = 0; i < drawing->graph->edge_count; i++)
		inferred += drawing->graph->edges[i].inferred;
	tell_orphans(drawing);
	if (tell(drawing, inferred, "call whose caller is inferred",
		 "calls whose caller is inferred"))
		tell_edges(drawing, inferred_of);
	if (tell(drawing, unknown->lost, "call that lost its context",
		 "calls that lost their context"))
		tell_edges(drawing, lost_of);
	tell_line(drawing, unknown->without_service, "span without a service",
		  "spans without a service");
	tell_line(drawing, unknown->without_peer, "call or message that does not say whose",
		  "calls or messages that do not say whose");
	tell_line(drawing, unknown->links, "link to a span that is not in the input",
		  "links to spans that are not in the input");
	tell_line(drawing, unknown->duplicates, "span with the id of another one, not counted",
		  "spans with the id of another one, not counted");
	tell_line(drawing, unknown->cyclic, "span in a cycle of parents",
		  "spans in cycles of parents");
	tell_line(drawing, unknown->backwards, "span that ends before it starts",
		  "spans that end before they start");
	tell_line(drawing, unknown->folded, "span or call of more names than are told apart",
		  "spans or calls of more names than are told apart");
	if (drawing->out->len >= begin && !drawing->out->failed &&
	    memcmp(drawing->out->data + drawing->out->len - begin, "\nnot known:\n", begin) == 0)
		drawing->out->len -= begin;
}

static void show_move(struct sl_buffer *out, const char *what, double was, double now)
{
	sl_buffer_printf(out, ", %s ", what);
	show_number(out, was);
	sl_buffer_add_literal(out, " -> ");
	show_number(out, now);
}

/* What of the edge is not as it was. */
static void show_moves(struct sl_buffer *out, const struct sl_graph_change *change, bool ascii)
{
	const struct sl_graph_edge *was = change->edge_was, *now = change->edge;

	if ((change->what & SL_CHANGED_CALLS) != 0)
		show_move(out, "calls per trace", calls_per_trace(was), calls_per_trace(now));
	if ((change->what & SL_CHANGED_ERRORS) != 0 || change->kind == SL_CHANGE_NEW_ERRORS)
		show_move(out, "error %", 100 * part_of(was->errors, was->calls),
			  100 * part_of(now->errors, now->calls));
	if ((change->what & SL_CHANGED_P95) == 0)
		return;
	sl_buffer_add_literal(out, ", p95 ");
	show_time(out, was->p95_ns, ascii);
	sl_buffer_add_literal(out, " -> ");
	show_time(out, now->p95_ns, ascii);
}

void sl_draw_change(const struct sl_graph_changes *changes, const struct sl_graph_change *change,
		    bool ascii, struct sl_buffer *out)
{
	const struct sl_graph_edge *edge = change->edge != NULL ? change->edge : change->edge_was;
	const struct sl_graph_node *node = change->node != NULL ? change->node : change->node_was;

	sl_buffer_printf(out, "%s: ", sl_change_kind_name(change->kind));
	if (edge == NULL) {
		show_node(out, node, ascii);
		sl_buffer_printf(out, ", %llu span%s", (unsigned long long)node->spans,
				 node->spans == 1 ? "" : "s");
		return;
	}
	show_edge(out, change->edge != NULL ? changes->now : changes->was, edge, ascii);
	if (change->edge == NULL || change->edge_was == NULL)
		sl_buffer_printf(out, ", %llu call%s", (unsigned long long)edge->calls,
				 edge->calls == 1 ? "" : "s");
	else
		show_moves(out, change, ascii);
}

void tell_changes(struct drawing *drawing)
{
	const struct sl_graph_changes *changes = drawing->options->changes;

	if (changes == NULL)
		return;
	sl_buffer_add_literal(drawing->out, "\nsince then:\n");
	for (size_t i = 0; i < changes->count; i++) {
		sl_draw_change(changes, &changes->items[i], drawing->options->ascii, drawing->out);
		sl_buffer_add_byte(drawing->out, '\n');
	}
	if (changes->count == 0)
		sl_buffer_add_literal(drawing->out, "nothing has changed\n");
}

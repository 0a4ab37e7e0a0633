/* Names and numbers as the forms for people show them. */
#include "forms.h"
#include "spanline/text.h"

enum { CELL_BYTES = 4 };

void show_node(struct sl_buffer *out, const struct sl_graph_node *node, bool ascii)
{
	static const char *const marks[SL_NODE_KIND_COUNT] = { "", " (database)", " (messaging)",
							       " (external)" };
	size_t begin = out->len;

	sl_text_show(out, node->service, ascii);
	if (out->len == begin)
		sl_buffer_add_literal(out, "(no service)");
	if (node->name.len != 0)
		sl_buffer_add_byte(out, ' ');
	sl_text_show(out, node->name, ascii);
	sl_buffer_add(out, marks[node->kind], strlen(marks[node->kind]));
}

struct sl_slice node_shown(struct drawing *drawing, const struct sl_graph_node *node)
{
	drawing->text.len = 0;
	show_node(&drawing->text, node, drawing->options->ascii);
	return drawing->text.data != NULL ? sl_buffer_slice(&drawing->text) : SL_SLICE("");
}

struct sl_slice label_of(struct drawing *drawing, const struct sl_buffer *shown, size_t cells)
{
	struct sl_buffer *text = &drawing->text;

	text->len = 0;
	sl_text_fit(text, sl_buffer_slice(shown), cells,
		    drawing->options->ascii ? SL_SLICE("...") : SL_SLICE("\xe2\x80\xa6"));
	text->failed |= shown->failed;
	/* marks that take no cells may be any number */
	if (text->len > CELL_BYTES * cells)
		text->len = sl_utf8_prefix((struct sl_slice){ text->data, CELL_BYTES * cells });
	return text->data != NULL ? sl_buffer_slice(text) : SL_SLICE("");
}

struct sl_slice node_label(struct drawing *drawing, const struct sl_graph_node *node, size_t cells)
{
	struct sl_buffer full = { 0 };
	struct sl_slice label;

	show_node(&full, node, drawing->options->ascii);
	label = label_of(drawing, &full, cells);
	sl_buffer_free(&full);
	return label;
}

void show_sizes(struct sl_buffer *out, const struct sl_graph *graph)
{
	const struct {
		const char *what;
		uint64_t count;
	} sizes[] = { { "trace", graph->traces },
		      { "span", graph->spans },
		      { "node", graph->node_count },
		      { "edge", graph->edge_count } };

	for (size_t i = 0; i < SL_COUNT(sizes); i++)
		sl_buffer_printf(out, "%s%llu %s%s", i != 0 ? ", " : "",
				 (unsigned long long)sizes[i].count, sizes[i].what,
				 sizes[i].count == 1 ? "" : "s");
}

void show_time(struct sl_buffer *out, int64_t ns, bool ascii)
{
	if (ns < 0)
		sl_buffer_add_byte(out, '-');
	sl_show_duration(out, ns < 0 ? ~(uint64_t)ns + 1 : (uint64_t)ns, ascii);
}

void show_percent(struct sl_buffer *out, double part)
{
	double percent = 100 * part;

	if (percent == 0)
		sl_buffer_add_byte(out, '0');
	else if (percent < 0.1)
		sl_buffer_add_literal(out, "<0.1");
	else if (percent < 9.95)
		sl_buffer_printf(out, "%.1f", percent);
	else
		sl_buffer_printf(out, "%.0f", percent);
}

void show_count(struct sl_buffer *out, uint64_t count)
{
	if (count < 100000)
		sl_buffer_printf(out, "%llu", (unsigned long long)count);
	else if (count < UINT64_C(10000000))
		sl_buffer_printf(out, "%lluk", (unsigned long long)(count / 1000));
	else
		sl_buffer_printf(out, "%lluM", (unsigned long long)(count / 1000000));
}

double calls_per_trace(const struct sl_graph_edge *edge)
{
	return part_of(edge->calls, edge->traces);
}

void show_number(struct sl_buffer *out, double number)
{
	if (number == (double)(uint64_t)number && number < 1e6)
		sl_buffer_printf(out, "%.0f", number);
	else if (number < 10)
		sl_buffer_printf(out, "%.2f", number);
	else
		sl_buffer_printf(out, "%.1f", number);
}

static const struct sl_graph_change *find_change(const struct drawing *drawing,
						 const struct sl_graph_edge *edge,
						 const struct sl_graph_node *node)
{
	const struct sl_graph_changes *changes = drawing->options->changes;

	for (size_t i = 0; changes != NULL && i < changes->count; i++)
		if ((edge != NULL && changes->items[i].edge == edge) ||
		    (node != NULL && changes->items[i].node == node))
			return &changes->items[i];
	return NULL;
}

const struct sl_graph_change *change_of_edge(const struct drawing *drawing, size_t edge)
{
	return find_change(drawing, &drawing->graph->edges[edge], NULL);
}

const struct sl_graph_change *change_of_node(const struct drawing *drawing, size_t node)
{
	return find_change(drawing, NULL, &drawing->graph->nodes[node]);
}

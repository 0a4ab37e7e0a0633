/* Diagrams of text: graphviz' digraph, mermaid's flowchart. */
#include "picture.h"
#include "spanline/text.h"

/* More nodes nobody can follow; mermaid stops at 500 edges, and at 50,000 characters. */
enum {
	MOST_OF_DOT = 1000,
	MOST_OF_MERMAID = 100,
	MOST_EDGES = 400,
	MOST_TEXT = 49000,
	STYLE_TEXT = 64, /* at most, of the style of an edge */
	MOST_NAME = 60,
};

static const char *const error_colours[] = { "#5b6570", "#b58900", "#d9822b", "#c62828" };

static struct sl_slice shown(struct drawing *drawing, const struct sl_graph_node *node)
{
	return node_label(drawing, node, MOST_NAME);
}

static struct sl_slice via_shown(struct drawing *drawing, const struct sl_graph_edge *edge)
{
	struct sl_buffer full = { 0 };
	struct sl_slice label;

	sl_text_show(&full, edge->via, false);
	label = label_of(drawing, &full, MOST_NAME);
	sl_buffer_free(&full);
	return label;
}

/* U+FFFE or U+FFFF, which no SVG may have. */
static bool is_no_character(struct sl_slice text, size_t at)
{
	return at + 3 <= text.len && memcmp(text.data + at, "\xef\xbf", 2) == 0 &&
	       (unsigned char)text.data[at + 2] >= 0xbe;
}

/* Inside a quoted label of graphviz only these have a meaning. */
static void add_quoted(struct sl_buffer *out, struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (is_no_character(text, i)) {
			sl_buffer_add_literal(out, "\xef\xbf\xbd");
			i += 2;
			continue;
		}
		if (text.data[i] == '"' || text.data[i] == '\\')
			sl_buffer_add_byte(out, '\\');
		sl_buffer_add_byte(out, text.data[i]);
		if (text.data[i] == '&')
			sl_buffer_add_literal(out, "amp;");
	}
}

static const char *state_name(enum state state)
{
	static const char *const names[] = { "", "new", "gone", "changed" };

	return names[state];
}

/* "322 calls", the errors if there are some, and what happened to it. */
static void add_numbers(struct sl_buffer *out, const struct picture_edge *drawn,
			const char *line_break)
{
	const struct sl_graph_edge *edge = drawn->edge;

	show_count(out, edge->calls);
	if (edge->errors != 0) {
		sl_buffer_printf(out, "%s", line_break);
		show_percent(out, part_of(edge->errors, edge->calls));
		sl_buffer_add_literal(out, "% errors");
	}
	sl_buffer_printf(out, "%sp95 ", line_break);
	show_time(out, edge->p95_ns, true);
	if (drawn->state != STATE_SAME)
		sl_buffer_printf(out, "%s%s", line_break, state_name(drawn->state));
}

static void add_dot_node(struct drawing *drawing, const struct picture_node *drawn, size_t number)
{
	static const char *const shapes[SL_NODE_KIND_COUNT] = { "box", "cylinder", "cds",
								"octagon" };
	const struct sl_graph_node *node = drawn->node;
	struct sl_buffer *out = drawing->out;

	sl_buffer_printf(out, "  n%zu [shape=%s, label=\"", number, shapes[node->kind]);
	add_quoted(out, shown(drawing, node));
	if (drawn->state != STATE_SAME)
		sl_buffer_printf(out, "\\n%s", state_name(drawn->state));
	sl_buffer_printf(out, "\", color=\"%s\"%s];\n",
			 error_colours[error_class(node->errors, node->spans)],
			 drawn->state == STATE_GONE ? ", style=\"rounded,dashed\"" : "");
}

static void add_dot_edge(struct drawing *drawing, const struct picture *picture,
			 const struct picture_edge *drawn)
{
	const struct sl_graph_edge *edge = drawn->edge;
	struct sl_buffer *out = drawing->out;
	const char *style = drawn->state == STATE_GONE ? "dotted"
			    : edge->message	       ? "dashed"
						       : "solid";

	sl_buffer_printf(out, "  n%u -> n%u [label=\"", (unsigned)drawn->from, (unsigned)drawn->to);
	if (edge->via.len != 0) {
		add_quoted(out, via_shown(drawing, edge));
		sl_buffer_add_literal(out, "\\n");
	}
	add_numbers(out, drawn, "\\n");
	sl_buffer_printf(out, "\", style=%s, penwidth=%.2f, color=\"%s\"];\n", style,
			 line_width(picture, edge),
			 error_colours[error_class(edge->errors, edge->calls)]);
}

enum sl_status draw_dot(struct drawing *drawing, struct sl_error *err)
{
	struct picture picture;
	enum sl_status status = picture_make(&picture, drawing, MOST_OF_DOT, err);

	if (status != SL_OK)
		return status;
	sl_buffer_add_literal(drawing->out,
			      "digraph calls {\n  rankdir=LR;\n  node [style=rounded, "
			      "fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", "
			      "fontsize=10];\n");
	if (picture.nodes_left + picture.edges_left != 0)
		sl_buffer_printf(drawing->out, "  label=\"%zu nodes and %zu edges more\";\n",
				 picture.nodes_left, picture.edges_left);
	for (size_t i = 0; i < picture.node_count; i++)
		add_dot_node(drawing, &picture.nodes[i], i);
	for (size_t i = 0; i < picture.edge_count; i++)
		add_dot_edge(drawing, &picture, &picture.edges[i]);
	sl_buffer_add_literal(drawing->out, "}\n");
	picture_free(&picture);
	return SL_OK;
}

/* A name in which nothing has a meaning to mermaid. */
static void add_entities(struct sl_buffer *out, struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte >= 0x80 || byte == ' ' || (byte >= '0' && byte <= '9') ||
		    (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z'))
			sl_buffer_add_byte(out, text.data[i]);
		else
			sl_buffer_printf(out, "#%d;", byte);
	}
}

static void add_mermaid_node(struct drawing *drawing, const struct picture_node *drawn,
			     size_t number)
{
	static const char *const shapes[SL_NODE_KIND_COUNT][2] = {
		{ "[\"", "\"]" }, { "[(\"", "\")]" }, { "[[\"", "\"]]" }, { "{{\"", "\"}}" }
	};
	const struct sl_graph_node *node = drawn->node;

	sl_buffer_printf(drawing->out, "    n%zu%s", number, shapes[node->kind][0]);
	add_entities(drawing->out, shown(drawing, node));
	if (drawn->state != STATE_SAME)
		sl_buffer_printf(drawing->out, "<br>%s", state_name(drawn->state));
	sl_buffer_printf(drawing->out, "%s\n", shapes[node->kind][1]);
}

static void add_mermaid_edge(struct drawing *drawing, const struct picture_edge *drawn)
{
	struct sl_buffer *out = drawing->out;
	struct sl_buffer numbers = { 0 };
	bool dotted = drawn->edge->message || drawn->state == STATE_GONE;

	sl_buffer_printf(out, "    n%u %s|\"", (unsigned)drawn->from, dotted ? "-.->" : "-->");
	if (drawn->edge->via.len != 0) {
		add_entities(out, via_shown(drawing, drawn->edge));
		sl_buffer_add_literal(out, "<br>");
	}
	add_numbers(&numbers, drawn, ", ");
	out->failed |= numbers.failed;
	add_entities(out, sl_buffer_slice(&numbers));
	sl_buffer_free(&numbers);
	sl_buffer_printf(out, "\"| n%u\n", (unsigned)drawn->to);
}

static void add_mermaid_colours(struct drawing *drawing, const struct picture *picture,
				size_t edges)
{
	for (size_t i = 0; i < edges; i++) {
		const struct sl_graph_edge *edge = picture->edges[i].edge;
		unsigned class = error_class(edge->errors, edge->calls);

		sl_buffer_printf(drawing->out, "    linkStyle %zu stroke:%s,stroke-width:%.1fpx\n",
				 i, error_colours[class], line_width(picture, edge));
	}
}

/* As many as there is room for, with their styles, the heaviest first. */
static size_t add_mermaid_edges(struct drawing *drawing, const struct picture *picture,
				size_t begin)
{
	struct sl_buffer *out = drawing->out;
	size_t most = picture->edge_count < MOST_EDGES ? picture->edge_count : MOST_EDGES;

	for (size_t i = 0; i < most; i++) {
		size_t before = out->len;

		add_mermaid_edge(drawing, &picture->edges[i]);
		if (out->len - begin + (i + 1) * STYLE_TEXT <= MOST_TEXT)
			continue;
		out->len = before;
		return i;
	}
	return most;
}

enum sl_status draw_mermaid(struct drawing *drawing, struct sl_error *err)
{
	struct picture picture;
	enum sl_status status = picture_make(&picture, drawing, MOST_OF_MERMAID, err);
	size_t begin = drawing->out->len, edges, left;

	if (status != SL_OK)
		return status;
	sl_buffer_add_literal(drawing->out, "flowchart LR\n");
	for (size_t i = 0; i < picture.node_count; i++)
		add_mermaid_node(drawing, &picture.nodes[i], i);
	edges = add_mermaid_edges(drawing, &picture, begin);
	left = picture.edges_left + picture.edge_count - edges;
	add_mermaid_colours(drawing, &picture, edges);
	if (picture.nodes_left + left != 0)
		sl_buffer_printf(drawing->out, "    more[\"%zu nodes and %zu edges more\"]\n",
				 picture.nodes_left, left);
	picture_free(&picture);
	return SL_OK;
}

/*
 * One page, which loads nothing and runs nothing: a picture, tables of calls and of nodes, and what
 * is not known.  The content security policy names the one style by its hash.
 */
#include "picture.h"
#include "spanline/text.h"
#include <math.h>

enum {
	MOST_DRAWN = 150,
	MOST_NAME = 36,
	CELL = 8,
	LABEL_CELL = 7, /* of the smaller letters */
	LINE = 16,
	PAD = 10,
	LEAST_WIDTH = 130,
	LEAST_HEIGHT = 44
};

static const char *const style_lines[] = {
	":root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --dim: #5b6570;",
	"--line: #d9dee3; --box: #f4f6f8; --e0: #5b6570; --e1: #8a6d00; --e2: #b85c00;",
	"--e3: #c62828; --new: #1a7f37; --base: #0b66a8; }",
	"@media (prefers-color-scheme: dark) { :root { --back: #14181d; --text: #e4e8ec;",
	"--dim: #a3adb8; --line: #30373f; --box: #1b2127; --e0: #8b96a1; --e1: #e3c341;",
	"--e2: #f0a050; --e3: #ff7b72; --new: #56d364; --base: #79c0ff; } }",
	"* { box-sizing: border-box; }",
	"body { margin: 16px; background: var(--back); color: var(--text);",
	"font: 13px/1.4 system-ui, sans-serif; }",
	"h1 { font-size: 16px; margin: 0 0 8px; } h2 { font-size: 14px; margin: 20px 0 4px; }",
	".picture { overflow: auto; border: 1px solid var(--line); border-radius: 6px; }",
	"svg { display: block; } svg text { font: 13px ui-monospace, monospace;",
	"fill: var(--text); } svg .small { font-size: 11px; fill: var(--dim); }",
	"svg .label { font-size: 11px; paint-order: stroke; stroke: var(--back);",
	"stroke-width: 4px; stroke-linejoin: round; }",
	".box { fill: var(--box); stroke-width: 2px; }",
	".edge { fill: none; stroke-opacity: .75; } .edge:hover { stroke-opacity: 1; }",
	".message { stroke-dasharray: 7 4; } .gone { stroke-dasharray: 2 4; opacity: .6; }",
	".e0 { stroke: var(--e0); } .e1 { stroke: var(--e1); } .e2 { stroke: var(--e2); }",
	".e3 { stroke: var(--e3); } .new { stroke: var(--new); }",
	".a0 { fill: var(--e0); } .a1 { fill: var(--e1); } .a2 { fill: var(--e2); }",
	".a3 { fill: var(--e3); }",
	"table { border-collapse: collapse; } th, td { padding: 2px 10px 2px 0;",
	"text-align: right; border-bottom: 1px solid var(--line);",
	"font-variant-numeric: tabular-nums; white-space: nowrap; }",
	"th:first-child, td:first-child { text-align: left; white-space: normal;",
	"overflow-wrap: anywhere; } th { color: var(--dim); font-weight: 600; }",
	".bad { color: var(--e3); } .dim { color: var(--dim); }",
	"pre { white-space: pre-wrap; overflow-wrap: anywhere; }",
};

static void add(struct sl_buffer *out, const char *text)
{
	sl_buffer_add(out, text, strlen(text));
}

static void add_style(struct sl_buffer *out)
{
	for (size_t i = 0; i < SL_COUNT(style_lines); i++) {
		add(out, style_lines[i]);
		sl_buffer_add_byte(out, '\n');
	}
}

static void add_head(struct sl_buffer *out)
{
	struct sl_buffer style = { 0 };
	unsigned char digest[32];
	char base64[64];

	add_style(&style);
	sl_sha256(sl_buffer_slice(&style), digest);
	out->failed |= style.failed;
	add(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "style-src 'sha256-");
	sl_buffer_add(out, base64, sl_write_base64(base64, digest, sizeof(digest)));
	add(out, "'; base-uri 'none'; form-action 'none'\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width\">\n"
		 "<meta name=\"referrer\" content=\"no-referrer\">\n"
		 "<title>calls</title>\n<style>");
	sl_buffer_add_slice(out, sl_buffer_slice(&style));
	add(out, "</style>\n</head>\n<body>\n");
	sl_buffer_free(&style);
}

/* What was shown in drawing->text, between tags. */
static void add_shown(struct drawing *drawing, struct sl_slice shown)
{
	sl_text_mark_up(drawing->out, shown);
}

/* As high as it is called often, by the logarithm. */
static void size_nodes(struct drawing *drawing, struct picture *picture)
{
	for (size_t i = 0; i < picture->node_count; i++) {
		struct picture_node *drawn = &picture->nodes[i];
		double calls = (double)(drawn->calls + 1);

		drawn->width =
			2 * PAD +
			CELL * (double)sl_text_cells(node_label(drawing, drawn->node, MOST_NAME));
		if (drawn->width < LEAST_WIDTH)
			drawn->width = LEAST_WIDTH;
		drawn->height = LEAST_HEIGHT + 6 * log10(calls);
	}
}

static const char *class_of(enum state state)
{
	static const char *const classes[] = { "", " new", " gone", "" };

	return classes[state];
}

static void add_curve(struct sl_buffer *out, const struct picture_edge *edge)
{
	sl_buffer_printf(out, "M%.1f %.1f", edge->points[0].x, edge->points[0].y);
	for (size_t i = 1; i < edge->point_count; i++) {
		const struct point *from = &edge->points[i - 1], *to = &edge->points[i];
		double bend = (to->x - from->x) / 2;

		sl_buffer_printf(out, " C%.1f %.1f %.1f %.1f %.1f %.1f", from->x + bend, from->y,
				 to->x - bend, to->y, to->x, to->y);
	}
}

/* Back to the node itself, below it. */
static void add_loop(struct sl_buffer *out, const struct picture_node *node)
{
	double x = node->x + node->width / 2, y = node->y + node->height;

	sl_buffer_printf(out, "M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f", x + 14, y, x + 26,
			 y + 20, x - 26, y + 20, x - 14, y);
}

static void add_edge_title(struct drawing *drawing, const struct picture_edge *drawn)
{
	const struct sl_graph_changes *changes = drawing->options->changes;
	const struct sl_graph *graph = drawn->state == STATE_GONE ? changes->was : drawing->graph;
	const struct sl_graph_edge *edge = drawn->edge;
	struct sl_buffer text = { 0 };

	show_edge(&text, graph, edge, false);
	sl_buffer_printf(&text, ": %llu calls, %llu errors, p50 ", (unsigned long long)edge->calls,
			 (unsigned long long)edge->errors);
	show_time(&text, edge->p50_ns, false);
	sl_buffer_add_literal(&text, ", p95 ");
	show_time(&text, edge->p95_ns, false);
	add(drawing->out, "<title>");
	sl_text_mark_up(drawing->out, sl_buffer_slice(&text));
	add(drawing->out, "</title>");
	drawing->out->failed |= text.failed;
	sl_buffer_free(&text);
}

static void add_edge(struct drawing *drawing, const struct picture *picture,
		     const struct picture_edge *drawn)
{
	const struct sl_graph_edge *edge = drawn->edge;
	struct sl_buffer *out = drawing->out;
	unsigned class = error_class(edge->errors, edge->calls);

	sl_buffer_printf(out,
			 "<path class=\"edge e%u%s%s\" stroke-width=\"%.2f\" "
			 "marker-end=\"url(#to%u)\" d=\"",
			 class, edge->message ? " message" : "", class_of(drawn->state),
			 line_width(picture, edge), class);
	if (drawn->from == drawn->to)
		add_loop(out, &picture->nodes[drawn->from]);
	else
		add_curve(out, drawn);
	add(out, "\">");
	add_edge_title(drawing, drawn);
	add(out, "</path>\n");
}

/* What stands at an edge: calls, errors, and whether it is new. */
static void show_label(struct sl_buffer *text, const struct picture_edge *drawn)
{
	const struct sl_graph_edge *edge = drawn->edge;
	static const char *const states[] = { "", ", new", ", gone", ", changed" };

	show_count(text, edge->calls);
	if (edge->errors != 0) {
		sl_buffer_add_literal(text, ", ");
		show_percent(text, part_of(edge->errors, edge->calls));
		sl_buffer_add_literal(text, " % err");
	}
	add(text, states[drawn->state]);
}

static bool make_labels(struct drawing *drawing, struct picture *picture)
{
	struct sl_buffer *text = &drawing->text;

	for (size_t i = 0; i < picture->edge_count; i++) {
		struct picture_edge *edge = &picture->edges[i];

		text->len = 0;
		show_label(text, edge);
		edge->label = sl_arena_copy(&picture->arena, sl_buffer_slice(text));
		if (text->failed || edge->label.data == NULL)
			return false;
		edge->label_width = LABEL_CELL * (double)sl_text_cells(edge->label);
	}
	return true;
}

static void add_edge_label(struct drawing *drawing, const struct picture_edge *drawn)
{
	if (!drawn->has_label)
		return;
	sl_buffer_printf(drawing->out,
			 "<text class=\"label\" text-anchor=\"middle\" x=\"%.1f\" y=\"%.1f\">",
			 drawn->label_at.x, drawn->label_at.y + 4);
	add_shown(drawing, drawn->label);
	add(drawing->out, "</text>\n");
}

static void add_box(struct sl_buffer *out, const struct picture_node *drawn)
{
	const struct sl_graph_node *node = drawn->node;
	double round = node->kind == SL_NODE_SERVICE	? 6
		       : node->kind == SL_NODE_EXTERNAL ? 0
							: drawn->height / 2;

	sl_buffer_printf(out,
			 "<rect class=\"box e%u%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
			 "height=\"%.1f\" rx=\"%.1f\"/>\n",
			 error_class(node->errors, node->spans), class_of(drawn->state), drawn->x,
			 drawn->y, drawn->width, drawn->height, round);
}

static void add_node(struct drawing *drawing, const struct picture_node *drawn)
{
	struct sl_buffer *out = drawing->out;
	double x = drawn->x + drawn->width / 2, y = drawn->y + drawn->height / 2;

	add(out, "<g><title>");
	add_shown(drawing, node_shown(drawing, drawn->node));
	add(out, "</title>\n");
	add_box(out, drawn);
	sl_buffer_printf(out, "<text text-anchor=\"middle\" x=\"%.1f\" y=\"%.1f\">", x, y - 2);
	add_shown(drawing, node_label(drawing, drawn->node, MOST_NAME));
	sl_buffer_printf(out,
			 "</text>\n<text class=\"small\" text-anchor=\"middle\" x=\"%.1f\" "
			 "y=\"%.1f\">",
			 x, y + LINE - 2);
	show_count(out, drawn->node->spans);
	sl_buffer_add_literal(out, " spans, ");
	drawing->text.len = 0;
	show_percent(&drawing->text, sl_graph_share(drawing->graph, drawn->node->critical));
	add_shown(drawing, sl_buffer_slice(&drawing->text));
	add(out, " %</text></g>\n");
}

static void add_markers(struct sl_buffer *out)
{
	add(out, "<defs>\n");
	for (unsigned i = 0; i < 4; i++)
		sl_buffer_printf(out,
				 "<marker id=\"to%u\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" "
				 "markerUnits=\"userSpaceOnUse\" markerWidth=\"11\" "
				 "markerHeight=\"11\" orient=\"auto\"><path class=\"a%u\" "
				 "d=\"M0 0 L10 5 L0 10 z\"/></marker>\n",
				 i, i);
	add(out, "</defs>\n");
}

/* How the picture is to be read, and what is not in it. */
static void add_legend(struct sl_buffer *out, const struct picture *picture)
{
	size_t silent = 0;

	for (size_t i = 0; i < picture->edge_count; i++)
		silent += !picture->edges[i].has_label;
	add(out, "<p class=\"dim\">Lines are as wide as there are calls, and coloured by errors; "
		 "percentages in boxes are parts of all critical paths.");
	if (silent != 0)
		sl_buffer_printf(out, " At %zu of the lines there is no room for numbers.", silent);
	add(out, "</p>\n");
	if (picture->nodes_left + picture->edges_left != 0)
		sl_buffer_printf(out,
				 "<p class=\"dim\">%zu nodes and %zu edges more are not "
				 "drawn</p>\n",
				 picture->nodes_left, picture->edges_left);
}

static enum sl_status add_picture(struct drawing *drawing, struct sl_error *err)
{
	struct sl_buffer *out = drawing->out;
	struct picture picture;
	enum sl_status status = picture_make(&picture, drawing, MOST_DRAWN, err);

	if (status != SL_OK)
		return status;
	size_nodes(drawing, &picture);
	status = make_labels(drawing, &picture) ? picture_lay_out(&picture, err)
						: sl_fail_memory(err);
	if (status != SL_OK) {
		picture_free(&picture);
		return status;
	}
	picture_place_labels(&picture);
	sl_buffer_printf(out,
			 "<div class=\"picture\"><svg role=\"img\" aria-label=\"who calls whom\" "
			 "width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">\n",
			 picture.width, picture.height, picture.width, picture.height);
	add_markers(out);
	for (size_t i = 0; i < picture.edge_count; i++)
		add_edge(drawing, &picture, &picture.edges[i]);
	for (size_t i = 0; i < picture.node_count; i++)
		add_node(drawing, &picture.nodes[i]);
	for (size_t i = 0; i < picture.edge_count; i++)
		add_edge_label(drawing, &picture.edges[i]);
	add(out, "</svg></div>\n");
	add_legend(out, &picture);
	picture_free(&picture);
	return SL_OK;
}

/* The text form of what follows, as it stands there. */
static void add_sentences(struct drawing *drawing)
{
	struct sl_buffer text = { 0 }, *out = drawing->out;

	drawing->out = &text;
	tell_unknown(drawing);
	tell_changes(drawing);
	drawing->out = out;
	out->failed |= text.failed;
	if (text.len != 0) {
		add(out, "<pre>");
		sl_text_mark_up(out, sl_buffer_slice(&text));
		add(out, "</pre>\n");
	}
	sl_buffer_free(&text);
}

enum sl_status draw_html(struct drawing *drawing, struct sl_error *err)
{
	struct sl_buffer *out = drawing->out;
	enum sl_status status;

	add_head(out);
	add(out, "<h1>");
	show_sizes(out, drawing->graph);
	add(out, "</h1>\n");
	status = add_picture(drawing, err);
	add_tables(drawing);
	add_sentences(drawing);
	add(out, "</body>\n</html>\n");
	return status;
}

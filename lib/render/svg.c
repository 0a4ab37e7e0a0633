/* A waterfall that stands alone: no script, nothing loaded, light and dark by the viewer's taste.
 */
#include "forms.h"
#include "paint.h"
#include "rows.h"
#include "spanline/text.h"

enum {
	WIDTH = 1200,
	NAMES = 420,
	NUMBERS = 170,
	BARS = WIDTH - NAMES - NUMBERS,
	ROW = 20,
	HEAD = 64,
	COLOURS = 12,
	MOST_ROWS = 2000, /* of what nobody scrolls through */
};

struct picture {
	const struct view *view;
	struct rows rows;
	struct sl_buffer *out;
	struct sl_buffer *scratch;
	uint32_t *first_part, *next_part;
	unsigned char *colours; /* by service */
};

static double place(const struct view *view, uint64_t at_ns)
{
	double length = (double)(view->to_ns - view->from_ns), offset;

	if (length <= 0)
		return 0;
	offset = at_ns >= view->from_ns ? (double)(at_ns - view->from_ns)
					: -(double)(view->from_ns - at_ns);
	offset = offset / length * BARS;
	return offset < 0 ? 0 : offset > BARS ? BARS : offset;
}

static void add_rectangle(struct picture *picture, const char *class, uint32_t node,
			  const uint64_t times[2], unsigned y)
{
	double from = place(picture->view, times[0]), to = place(picture->view, times[1]);

	sl_buffer_printf(
		picture->out,
		"<rect class=\"%s s%u\" x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"10\"/>\n",
		class, picture->colours[picture->view->service[node]],
		NAMES + (from > BARS - 1 ? BARS - 1 : from), y - 10, to - from < 1 ? 1 : to - from);
}

static void add_bars(struct picture *picture, const struct row *row, unsigned y)
{
	const struct view *view = picture->view;

	for (uint32_t at = row->node; at != SL_NO_SPAN; at = picture->rows.next_alike[at]) {
		const struct sl_span *span = view->trace->nodes[at].span;
		uint64_t times[2] = { span->start_unix_nano,
				      span->start_unix_nano + duration_of(span) };

		add_rectangle(picture, "bar", at, times, y);
		for (uint32_t part = picture->first_part[at]; part != UINT32_MAX;
		     part = picture->next_part[part])
			add_rectangle(picture, "path", at,
				      (uint64_t[]){ view->path.parts[part].start_ns,
						    view->path.parts[part].end_ns },
				      y);
	}
}

/* Text in a fixed font, so that what fits is known: 7.3 px a cell. */
static void add_label_of(struct picture *picture, const struct row *row, unsigned y)
{
	const struct sl_span *span = picture->view->trace->nodes[row->node].span;
	struct sl_buffer *out = picture->out, fitted = { 0 };
	unsigned indent = 8 + 10 * (row->depth < 24 ? row->depth : 24);

	picture->scratch->len = 0;
	if (row->kind == ROW_MISSING) {
		add_hex(picture->scratch, span->parent_span_id);
		add_text(picture->scratch, " is not in the input");
	} else {
		if (row->kind == ROW_FOLD)
			sl_buffer_printf(picture->scratch, "\xc3\x97%u ", (unsigned)row->count);
		sl_text_show(picture->scratch, service_of(span), false);
		sl_buffer_add_byte(picture->scratch, ' ');
		sl_text_show(picture->scratch, span->name, false);
	}
	sl_text_fit(&fitted, sl_buffer_slice(picture->scratch),
		    (size_t)((NAMES - indent - 8) / 7.3), ellipsis_of(false));
	sl_buffer_printf(out, "<text%s x=\"%u\" y=\"%u\">",
			 row->kind != ROW_MISSING && is_error(span) ? " class=\"error\"" : "",
			 indent, y);
	sl_text_mark_up(out, sl_buffer_slice(&fitted));
	add_text(out, "</text>\n");
	out->failed |= fitted.failed;
	sl_buffer_free(&fitted);
}

static void add_numbers(struct picture *picture, const struct row *row, unsigned y)
{
	uint64_t duration = 0, root_ns = picture->view->root_ns;

	for (uint32_t at = row->node; at != SL_NO_SPAN; at = picture->rows.next_alike[at])
		duration += duration_of(picture->view->trace->nodes[at].span);
	sl_buffer_printf(picture->out, "<text class=\"number\" x=\"%u\" y=\"%u\">", WIDTH - 64, y);
	add_duration(picture->out, duration, false);
	sl_buffer_printf(
		picture->out, "</text>\n<text class=\"number\" x=\"%u\" y=\"%u\">%.0f%%</text>\n",
		WIDTH - 12, y, root_ns != 0 ? 100 * (double)duration / (double)root_ns : 0.0);
}

static void add_style(struct sl_buffer *out)
{
	add_text(out, "<style>\n"
		      "svg { background: #fff; color: #1b1f24; }\n"
		      "text { font: 12px monospace; fill: currentColor; }\n"
		      ".title { font: bold 14px sans-serif; } .dim { opacity: .65; }\n"
		      ".number { text-anchor: end; } .error { fill: #c62828; }\n"
		      ".bar { opacity: .4; } .odd { fill: currentColor; opacity: .04; }\n");
	for (int i = 0; i < COLOURS; i++)
		sl_buffer_printf(out, ".s%d { fill: hsl(%d 60%% 42%%); }\n", i, i * 30);
	add_text(out, "@media (prefers-color-scheme: dark) {\n"
		      "svg { background: #14181d; color: #e4e8ec; }\n"
		      ".error { fill: #ff7b72; }\n");
	for (int i = 0; i < COLOURS; i++)
		sl_buffer_printf(out, ".s%d { fill: hsl(%d 65%% 62%%); }\n", i, i * 30);
	add_text(out, "}\n</style>\n");
}

static void add_title(struct picture *picture)
{
	struct sl_buffer *out = picture->out, *scratch = picture->scratch;

	scratch->len = 0;
	add_root_name(scratch, picture->view->trace, 120, false);
	add_text(out, "<title>");
	sl_text_mark_up(out, sl_buffer_slice(scratch));
	add_text(out, "</title>\n<text class=\"title\" x=\"8\" y=\"22\">");
	sl_text_mark_up(out, sl_buffer_slice(scratch));
	scratch->len = 0;
	add_duration(scratch, picture->view->root_ns, false);
	add_text(scratch, ", ");
	add_counts(scratch, picture->view);
	add_text(scratch, ", trace ");
	add_hex(scratch, picture->view->trace->trace_id);
	add_text(out, "</text>\n<text class=\"dim\" x=\"8\" y=\"42\">");
	sl_text_mark_up(out, sl_buffer_slice(scratch));
	add_text(out, "</text>\n");
}

static void add_picture(struct picture *picture)
{
	unsigned y = HEAD;

	sl_buffer_printf(picture->out,
			 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
			 "height=\"%u\" viewBox=\"0 0 %d %u\">\n",
			 WIDTH, HEAD + ROW * (unsigned)picture->rows.shown, WIDTH,
			 HEAD + ROW * (unsigned)picture->rows.shown);
	add_style(picture->out);
	add_title(picture);
	for (uint32_t i = 0; i < picture->rows.count; i++) {
		const struct row *row = &picture->rows.items[i];

		if (!row->shown)
			continue;
		if ((y - HEAD) / ROW % 2 == 0)
			sl_buffer_printf(picture->out,
					 "<rect class=\"odd\" x=\"0\" y=\"%u\" width=\"%d\" "
					 "height=\"%d\"/>\n",
					 y - 14, WIDTH, ROW);
		add_label_of(picture, row, y);
		if (row->kind != ROW_MISSING) {
			add_bars(picture, row, y);
			add_numbers(picture, row, y);
		}
		y += ROW;
	}
	add_text(picture->out, "</svg>\n");
}

enum sl_status svg_trace(struct sl_render *render, const struct view *view, struct sl_buffer *out,
			 struct sl_error *err)
{
	struct picture picture = { .view = view, .out = out, .scratch = &render->scratch };
	uint64_t limit = view->options->rows;
	enum sl_status status = rows_build(&picture.rows, view, err);

	if (status == SL_OK)
		status = rows_limit(&picture.rows, view,
				    limit != 0 && limit < MOST_ROWS ? limit : MOST_ROWS, err);
	if (status != SL_OK)
		return status;
	if (!index_parts(view, &picture.first_part, &picture.next_part) ||
	    !choose_colours(view, COLOURS, &picture.colours))
		return sl_fail_memory(err);
	add_picture(&picture);
	return SL_OK;
}

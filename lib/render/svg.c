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
	HEAD = 82,
	TICKS = 5,
	MOST_ROWS = 2000, /* of what nobody scrolls through */
};

static const char *const service_lines[] = {
#include <services.css.inc>
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

/* Where it would be is beyond the axis: an arrow that points there. */
static bool add_arrow(struct picture *picture, const uint64_t times[2], unsigned y)
{
	bool before = times[1] < picture->view->from_ns;

	if (!before && times[0] <= picture->view->to_ns)
		return false;
	sl_buffer_printf(picture->out, "<text class=\"dim\" x=\"%d\" y=\"%u\">%s</text>\n",
			 before ? NAMES : NAMES + BARS - 8, y,
			 before ? "\xe2\x80\xb9" : "\xe2\x80\xba");
	return true;
}

static void add_bars(struct picture *picture, const struct row *row, unsigned y)
{
	const struct view *view = picture->view;

	for (uint32_t at = row->node; at != SL_NO_SPAN; at = picture->rows.next_alike[at]) {
		const struct sl_span *span = view->trace->nodes[at].span;
		uint64_t times[2] = { span->start_unix_nano,
				      span->start_unix_nano + duration_of(span) };

		if (add_arrow(picture, times, y))
			continue;
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
		sl_buffer_add_hex(picture->scratch, span->parent_span_id);
		add_text(picture->scratch, " is not in the input");
	} else {
		if (row->kind == ROW_FOLD)
			sl_buffer_printf(picture->scratch, "\xc3\x97%u ", (unsigned)row->count);
		else if (is_error(span))
			add_text(picture->scratch, "\xe2\x9c\x97 ");
		sl_text_show(picture->scratch, service_of(span), false);
		sl_buffer_add_byte(picture->scratch, ' ');
		sl_text_show(picture->scratch, name_of(span), false);
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
	double share;

	for (uint32_t at = row->node; at != SL_NO_SPAN; at = picture->rows.next_alike[at])
		duration += duration_of(picture->view->trace->nodes[at].span);
	sl_buffer_printf(picture->out, "<text class=\"number\" x=\"%u\" y=\"%u\">", WIDTH - 64, y);
	add_duration(picture->out, duration, false);
	share = root_ns != 0 ? 100 * (double)duration / (double)root_ns : 0.0;
	sl_buffer_printf(picture->out, "</text>\n<text class=\"number\" x=\"%u\" y=\"%u\">",
			 WIDTH - 12, y);
	if (share > 0 && share < 1)
		add_text(picture->out, "&lt;1%</text>\n");
	else
		sl_buffer_printf(picture->out, "%.0f%%</text>\n", share);
}

static void add_style(struct sl_buffer *out)
{
	add_text(out, "<style>\n"
		      "svg { background: #fff; color: #1b1f24; }\n"
		      "text { font: 12px monospace; fill: currentColor; }\n"
		      ".title { font: bold 14px sans-serif; } .dim { opacity: .7; }\n"
		      ".number { text-anchor: end; } .error { fill: #c62828; }\n"
		      ".bar, .path { fill: currentColor; } .bar { opacity: .4; }\n"
		      ".odd { fill: currentColor; opacity: .04; }\n"
		      ".tick { fill: currentColor; opacity: .15; }\n"
		      "@media (prefers-color-scheme: dark) {\n"
		      "svg { background: #14181d; color: #e4e8ec; }\n"
		      ".error { fill: #ff7b72; }\n}\n");
	for (size_t i = 0; i < SL_COUNT(service_lines); i++)
		add_text(out, service_lines[i]);
	add_text(out, "</style>\n");
}

/* Times from the root's start over the bars, and lines down through them. */
static void add_axis(struct picture *picture)
{
	const struct view *view = picture->view;
	uint64_t length = view->to_ns - view->from_ns;
	uint64_t root_ns = view->trace->nodes[view->trace->root].span->start_unix_nano;
	double before = view->from_ns < root_ns ? (double)(root_ns - view->from_ns) : 0;
	struct unit unit = unit_for(length > view->root_ns ? length : view->root_ns, false);
	unsigned height = ROW * (unsigned)picture->rows.shown;

	for (unsigned i = 0; i < TICKS; i++) {
		unsigned x = NAMES + BARS * i / TICKS;

		sl_buffer_printf(picture->out,
				 "<rect class=\"tick\" x=\"%u\" y=\"%d\" width=\"1\" "
				 "height=\"%u\"/>\n<text class=\"dim\" x=\"%u\" y=\"%d\">",
				 x, HEAD - 14, height, x, HEAD - 20);
		add_time(picture->out, unit, (double)length * i / TICKS - before);
		sl_buffer_printf(picture->out, " %s</text>\n", unit.name);
	}
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
	sl_buffer_add_hex(scratch, picture->view->trace->trace_id);
	add_text(out, "</text>\n<text class=\"dim\" x=\"8\" y=\"42\">");
	sl_text_mark_up(out, sl_buffer_slice(scratch));
	add_text(out, "</text>\n");
}

/* What is not in the picture is told below it. */
static void add_left_out(struct picture *picture, unsigned y)
{
	const struct rows *rows = &picture->rows;

	if (rows->shown != rows->count)
		sl_buffer_printf(picture->out,
				 "<text class=\"dim\" x=\"8\" y=\"%u\">%u of %u rows</text>\n", y,
				 (unsigned)rows->shown, (unsigned)rows->count);
}

static void add_picture(struct picture *picture)
{
	const struct rows *rows = &picture->rows;
	unsigned y = HEAD;
	unsigned height = HEAD + ROW * (unsigned)(rows->shown + (rows->shown != rows->count));

	sl_buffer_printf(picture->out,
			 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
			 "height=\"%u\" viewBox=\"0 0 %d %u\">\n",
			 WIDTH, height, WIDTH, height);
	add_style(picture->out);
	add_title(picture);
	add_axis(picture);
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
	add_left_out(picture, y);
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
	    !choose_colours(view, PICTURE_COLOURS, &picture.colours))
		return sl_fail_memory(err);
	add_picture(&picture);
	return SL_OK;
}

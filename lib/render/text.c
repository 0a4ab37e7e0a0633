/* The waterfall in the terminal: header, rows, findings. */
#include "text.h"
#include "spanline/text.h"

/* A list with commas, of ASCII and indented by two, on as many lines as it takes. */
static void add_wrapped(struct sl_buffer *out, struct sl_slice list, size_t width)
{
	size_t indent = 0; /* beside the blank that each further line begins with */

	while (indent + list.len > width) {
		size_t end = width - indent;

		while (end > 0 && !(list.data[end - 1] == ',' && list.data[end] == ' '))
			end--;
		if (end == 0)
			break;
		sl_buffer_add(out, list.data, end);
		add_text(out, "\n ");
		indent = 1;
		list = (struct sl_slice){ list.data + end, list.len - end };
	}
	sl_buffer_add_slice(out, list);
}

static void add_header(struct text *text)
{
	enum { LEAST_NAME = 32, WITH_TIME = 70 };
	const struct view *view = text->view;
	const struct sl_span *root = view->trace->nodes[view->trace->root].span;
	struct sl_buffer *out = text->out, *scratch = text->scratch;
	bool colour = text->options->colour;
	size_t width = text->options->width, used;
	bool alone;

	paint(out, colour, PAINT_BOLD);
	add_text(out, "trace ");
	sl_buffer_add_hex(out, view->trace->trace_id);
	paint(out, colour, PAINT_PLAIN);
	add_text(out, width < WITH_TIME ? "\n" : "  ");
	sl_buffer_add_time(out, root->start_unix_nano);
	sl_buffer_add_byte(out, '\n');

	/* numbers go to a line of their own before they cut much off the name */
	scratch->len = 0;
	add_text(scratch, "  ");
	sl_buffer_add_ms(scratch, root->end_unix_nano, root->start_unix_nano);
	add_text(scratch, " ms, ");
	add_counts(scratch, view);
	used = sl_text_cells(sl_buffer_slice(scratch));
	alone = width < used + LEAST_NAME;
	add_root_name(out, view->trace, alone ? width : width - used, text->options->ascii);
	if (alone)
		sl_buffer_add_byte(out, '\n');
	add_wrapped(out, sl_buffer_slice(scratch), alone ? width : SIZE_MAX);
	sl_buffer_add_byte(out, '\n');
}

/* How the width of a line is shared out: the columns have what they need, names up to half. */
static void lay_out(struct text *text)
{
	enum { LEAST_LABEL = 16, LEAST_BAR = 8 };
	size_t width = text->options->width, columns = 0, wanted = 0, left;

	for (size_t i = 0; i < text->options->columns.count; i++) {
		const char *title = column_title(text, i);

		text->columns[i] = title != NULL ? strlen(title) : 8;
	}
	for (uint32_t i = 0; i < text->rows.count; i++) {
		const struct row *row = &text->rows.items[i];
		size_t cells = row->shown ? label_cells(text, row) : 0;

		wanted = cells > wanted ? cells : wanted;
		for (size_t j = 0; row->shown && j < text->options->columns.count; j++) {
			fill_column(text, row, j);
			cells = sl_text_cells(sl_buffer_slice(text->scratch));
			cells = cells > 24 ? 24 : cells;
			text->columns[j] = cells > text->columns[j] ? cells : text->columns[j];
		}
	}
	/* a column that does not fit is left out */
	for (size_t i = 0; i < text->options->columns.count; i++) {
		if (columns + text->columns[i] + 1 + LEAST_LABEL > width)
			text->columns[i] = 0;
		columns += text->columns[i] != 0 ? text->columns[i] + 1 : 0;
	}
	left = width - columns;
	text->label = wanted < left * 11 / 20 ? wanted : left * 11 / 20;
	if (text->label < LEAST_LABEL)
		text->label = LEAST_LABEL;
	text->bar = left > text->label + 1 + LEAST_BAR ? left - text->label - 1 : 0;
	if (text->bar == 0)
		text->label = left;
}

/* "0        43.3        86.7  129.9 ms" over the bars. */
static void add_axis(struct text *text)
{
	const struct view *view = text->view;
	const struct sl_span *root = view->trace->nodes[view->trace->root].span;
	double from = view->from_ns >= root->start_unix_nano
			      ? 0
			      : -(double)(root->start_unix_nano - view->from_ns);
	double length = (double)(view->to_ns - view->from_ns);
	size_t steps = text->bar / 16, at = 0;

	for (size_t step = 0; step < steps; step++) {
		size_t place = text->bar * step / (steps + 1);

		add_blanks(text->out, place > at ? place - at : 0);
		at = place > at ? place : at;
		text->scratch->len = 0;
		add_time(text->scratch, text->unit,
			 from + length * (double)step / (double)(steps + 1));
		sl_buffer_add_slice(text->out, sl_buffer_slice(text->scratch));
		at += text->scratch->len;
	}
	text->scratch->len = 0;
	add_time(text->scratch, text->unit, from + length);
	sl_buffer_printf(text->scratch, " %s", text->unit.name);
	add_fitted(text->out, sl_buffer_slice(text->scratch), text->bar - at, text->options->ascii,
		   true);
}

static void add_titles(struct text *text)
{
	const struct sl_render_columns *columns = &text->options->columns;

	paint(text->out, text->options->colour, PAINT_DIM);
	add_blanks(text->out, text->label + (text->bar != 0));
	if (text->bar != 0)
		add_axis(text);
	for (size_t i = 0; i < columns->count; i++) {
		const char *title = column_title(text, i);

		if (text->columns[i] == 0)
			continue;
		text->scratch->len = 0;
		if (title != NULL)
			add_text(text->scratch, title);
		else
			sl_text_show(text->scratch, columns->items[i].key, text->options->ascii);
		sl_buffer_add_byte(text->out, ' ');
		add_fitted(text->out, sl_buffer_slice(text->scratch), text->columns[i],
			   text->options->ascii, !column_is_text(text, i));
	}
	paint(text->out, text->options->colour, PAINT_PLAIN);
}

/* No blanks at the end of a line. */
static void end_line(struct text *text, size_t start)
{
	struct sl_buffer *out = text->out;

	while (!out->failed && out->len > start && out->data[out->len - 1] == ' ')
		out->len--;
	sl_buffer_add_byte(out, '\n');
}

static void add_row(struct text *text, const struct row *row)
{
	size_t start = text->out->len;

	text->open[row->depth] = !row->last;
	add_label(text, row);
	if (text->bar != 0) {
		sl_buffer_add_byte(text->out, ' ');
		add_bar(text, row);
	}
	for (size_t i = 0; i < text->options->columns.count; i++) {
		if (text->columns[i] == 0)
			continue;
		fill_column(text, row, i);
		sl_buffer_add_byte(text->out, ' ');
		add_fitted(text->out, sl_buffer_slice(text->scratch), text->columns[i],
			   text->options->ascii, !column_is_text(text, i));
	}
	end_line(text, start);
	add_details(text, row);
}

static void add_left_out(struct text *text)
{
	const struct rows *rows = &text->rows;

	if (rows->shown == rows->count && rows->hidden == 0)
		return;
	paint(text->out, text->options->colour, PAINT_DIM);
	if (rows->shown != rows->count)
		sl_buffer_printf(text->out, "%u of %u rows; --rows 0 shows all",
				 (unsigned)rows->shown, (unsigned)rows->count);
	if (rows->hidden != 0)
		sl_buffer_printf(text->out, "%s%u of %u spans are left out by options",
				 rows->shown != rows->count ? "; " : "", (unsigned)rows->hidden,
				 (unsigned)text->view->trace->count);
	paint(text->out, text->options->colour, PAINT_PLAIN);
	sl_buffer_add_byte(text->out, '\n');
}

static uint64_t longest_time(const struct view *view)
{
	uint64_t axis = view->to_ns - view->from_ns;

	return view->root_ns > axis ? view->root_ns : axis;
}

static enum sl_status add_waterfall(struct text *text, struct sl_error *err)
{
	const struct view *view = text->view;
	enum sl_status status = rows_build(&text->rows, view, err);
	uint32_t deepest = 0;

	if (status == SL_OK)
		status = rows_limit(&text->rows, view, text->options->rows, err);
	if (status != SL_OK)
		return status;
	for (uint32_t i = 0; i < text->rows.count; i++)
		if (text->rows.items[i].depth > deepest)
			deepest = text->rows.items[i].depth;
	text->open = sl_arena_alloc(view->arena, deepest + (size_t)1);
	if (text->open == NULL || !prepare_bars(text))
		return sl_fail_memory(err);
	lay_out(text);
	size_t start = text->out->len;
	add_titles(text);
	end_line(text, start);
	for (uint32_t i = 0; i < text->rows.count; i++)
		if (text->rows.items[i].shown) {
			add_row(text, &text->rows.items[i]);
			drain(text->render, text->out);
		}
	add_left_out(text);
	return SL_OK;
}

enum sl_status text_trace(struct sl_render *render, const struct view *view, struct sl_buffer *out,
			  struct sl_error *err)
{
	struct text text = { .render = render,
			     .view = view,
			     .options = view->options,
			     .out = out,
			     .scratch = &render->scratch,
			     .unit = unit_for(longest_time(view), view->options->ascii) };
	enum sl_status status = SL_OK;

	if (render->listed != 0 || render->drawn != 0)
		sl_buffer_add_byte(out, '\n');
	add_header(&text);
	if (!view->options->findings_only)
		status = add_waterfall(&text, err);
	if (status == SL_OK && !view->options->no_findings)
		add_findings(&text);
	return status;
}

/* A table for an issue or a pull request. */
#include "forms.h"
#include "spanline/text.h"

static void add_cell(struct sl_buffer *out, struct sl_slice text, bool ascii)
{
	struct sl_buffer shown = { 0 };

	sl_text_show(&shown, text, ascii);
	sl_text_mark_down(out, sl_buffer_slice(&shown));
	sl_buffer_add_literal(out, " | ");
	out->failed |= shown.failed;
	sl_buffer_free(&shown);
}

static void add_headings(const struct report *report, struct sl_buffer *out)
{
	const struct sl_grouping *grouping = report->groups->grouping;
	size_t count = sl_grouping_count(grouping);

	sl_buffer_add_literal(out, "| ");
	for (size_t i = 0; i < count; i++)
		add_cell(out, sl_grouping_name(grouping, i), report->options->ascii);
	for (size_t i = 0; i < report->measure_count; i++)
		sl_buffer_printf(out, "%s | ", heading_of(&report->measures[i]));
	if (out->len != 0)
		out->data[out->len - 1] = '\n';
	sl_buffer_add_byte(out, '|');
	for (size_t i = 0; i < count; i++)
		sl_buffer_add_literal(out, " --- |");
	for (size_t i = 0; i < report->measure_count; i++)
		sl_buffer_add_literal(out, " ---: |");
	sl_buffer_add_byte(out, '\n');
}

static void add_row(const struct report *report, size_t row, struct sl_buffer *out, bool *marks)
{
	size_t count = sl_grouping_count(report->groups->grouping);
	bool ascii = report->options->ascii;
	struct sl_buffer value = { 0 };

	sl_buffer_add_literal(out, "| ");
	for (size_t i = 0; i < count; i++) {
		value.len = 0;
		add_value(&value, &report->rows[row]->by[i]);
		add_cell(out, sl_buffer_slice(&value), ascii);
	}
	for (size_t i = 0; i < report->measure_count; i++) {
		const struct sl_figure *figure = &figures_of(report, row)[i];
		bool mark = is_uncertain(&report->measures[i], figure);

		add_figure(out, figure, ascii);
		sl_buffer_add_slice(out, mark ? SL_SLICE("\\* | ") : SL_SLICE(" | "));
		*marks |= mark;
	}
	if (out->len != 0)
		out->data[out->len - 1] = '\n';
	out->failed |= value.failed;
	sl_buffer_free(&value);
}

void write_markdown(const struct report *report, struct sl_buffer *out)
{
	struct rest rest = rest_of(report);
	bool marks = false;

	add_gate_rows(report, out);
	add_change_rows(report, out);
	add_headings(report, out);
	for (size_t row = 0; row < report->shown; row++)
		add_row(report, row, out, &marks);
	if (rest.groups != 0 || marks || report->options->error != 0)
		sl_buffer_add_byte(out, '\n');
	add_rest(out, rest);
	if (marks)
		sl_buffer_add_literal(out, "\\* too few spans for this quantile\n");
	add_error(out, report);
}

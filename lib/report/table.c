/* Columns for a person: the group, then its figures, within the cells that a line has. */
#include "forms.h"
#include "plot.h"
#include "spanline/text.h"

enum { GROUP_MIN = 16, GAP = 2 };

struct table {
	const struct report *report;
	struct sl_buffer cell;
	size_t group_width;
	size_t widths[SL_MEASURE_LIMIT];
	bool has_marks[SL_MEASURE_LIMIT]; /* something in the column is uncertain */
};

static struct sl_slice ellipsis_of(const struct report *report)
{
	return report->options->ascii ? SL_SLICE("...") : SL_SLICE("\xe2\x80\xa6");
}

/* The text of the cell; none where there was no memory for it. */
static struct sl_slice cell_of(const struct table *table)
{
	return table->cell.data != NULL ? sl_buffer_slice(&table->cell) : SL_SLICE("");
}

/* What the group is called: its values, safe to show. */
static struct sl_slice group_text(struct table *table, const struct sl_group_value *by)
{
	const struct report *report = table->report;
	size_t count = sl_grouping_count(report->groups->grouping);
	struct sl_buffer value = { 0 };

	table->cell.len = 0;
	for (size_t i = 0; i < count; i++) {
		value.len = 0;
		add_value(&value, &by[i]);
		sl_buffer_add(&table->cell, " ", i != 0);
		if (value.len == 0)
			sl_buffer_add_literal(&table->cell, "\"\"");
		sl_text_show(&table->cell, sl_buffer_slice(&value), report->options->ascii);
	}
	if (count == 0)
		sl_buffer_add_literal(&table->cell, "all");
	table->cell.failed |= value.failed;
	sl_buffer_free(&value);
	return cell_of(table);
}

/* The names of the fields, as the user wrote them. */
static struct sl_slice heading_text(struct table *table)
{
	const struct sl_grouping *grouping = table->report->groups->grouping;

	table->cell.len = 0;
	for (size_t i = 0; i < sl_grouping_count(grouping); i++) {
		sl_buffer_add(&table->cell, " ", i != 0);
		sl_text_show(&table->cell, sl_grouping_name(grouping, i),
			     table->report->options->ascii);
	}
	return cell_of(table);
}

static struct sl_slice figure_text(struct table *table, size_t row, size_t column)
{
	const struct report *report = table->report;
	const struct sl_figure *figure = &figures_of(report, row)[column];

	table->cell.len = 0;
	add_figure(&table->cell, figure, report->options->ascii);
	if (is_uncertain(&report->measures[column], figure))
		sl_buffer_add_byte(&table->cell, '*');
	else if (table->has_marks[column])
		sl_buffer_add_byte(&table->cell, ' ');
	return cell_of(table);
}

static void widen(size_t *width, struct sl_slice text)
{
	size_t cells = sl_text_cells(text);

	*width = cells > *width ? cells : *width;
}

static void measure_columns(struct table *table)
{
	const struct report *report = table->report;
	size_t numbers = 0;

	for (size_t i = 0; i < report->measure_count; i++) {
		const char *heading = heading_of(&report->measures[i]);

		for (size_t row = 0; row < report->shown; row++)
			table->has_marks[i] |=
				is_uncertain(&report->measures[i], &figures_of(report, row)[i]);
		table->widths[i] = strlen(heading) + table->has_marks[i];
		for (size_t row = 0; row < report->shown; row++)
			widen(&table->widths[i], figure_text(table, row, i));
		numbers += GAP + table->widths[i];
	}
	widen(&table->group_width, heading_text(table));
	for (size_t row = 0; row < report->shown; row++)
		widen(&table->group_width, group_text(table, report->rows[row]->by));
	if (table->group_width + numbers > report->options->width)
		table->group_width = report->options->width > numbers + GROUP_MIN
					     ? report->options->width - numbers
					     : GROUP_MIN;
}

static void add_spaces(struct sl_buffer *out, size_t count)
{
	while (count-- > 0)
		sl_buffer_add_byte(out, ' ');
}

static void add_group(struct table *table, struct sl_slice text, struct sl_buffer *out)
{
	size_t cells = sl_text_fit(out, text, table->group_width, ellipsis_of(table->report));

	add_spaces(out, table->group_width - cells);
}

static void add_right(struct table *table, size_t column, struct sl_slice text, bool marks,
		      struct sl_buffer *out)
{
	add_spaces(out, GAP + table->widths[column] - sl_text_cells(text) - marks);
	sl_buffer_add_slice(out, text);
	if (marks)
		sl_buffer_add_byte(out, ' ');
}

/* Ends the line without the spaces that nothing follows. */
static void end_line(struct sl_buffer *out)
{
	while (out->len != 0 && out->data[out->len - 1] == ' ')
		out->len--;
	sl_buffer_add_byte(out, '\n');
}

static void add_heading(struct table *table, struct sl_buffer *out)
{
	const struct report *report = table->report;

	add_group(table, heading_text(table), out);
	for (size_t i = 0; i < report->measure_count; i++) {
		const char *heading = heading_of(&report->measures[i]);

		add_right(table, i, (struct sl_slice){ heading, strlen(heading) },
			  table->has_marks[i], out);
	}
	end_line(out);
}

void add_rest(struct sl_buffer *out, struct rest rest)
{
	if (rest.groups != 0)
		sl_buffer_printf(out, "%zu more group%s of %llu span%s\n", rest.groups,
				 rest.groups == 1 ? "" : "s", (unsigned long long)rest.spans,
				 rest.spans == 1 ? "" : "s");
}

static void add_notes(const struct table *table, struct sl_buffer *out)
{
	const struct report *report = table->report;
	struct rest rest = rest_of(report);
	bool marks = false;

	for (size_t i = 0; i < report->measure_count; i++)
		marks |= table->has_marks[i];
	add_rest(out, rest);
	if (marks)
		sl_buffer_add_literal(out, "* too few spans for this quantile\n");
	add_error(out, table->report);
	add_changes(report, out);
}

void write_table(const struct report *report, struct sl_buffer *out)
{
	struct table table = { .report = report };
	struct plot plot;

	plot_open(&plot, report);
	measure_columns(&table);
	add_heading(&table, out);
	for (size_t row = 0; row < report->shown; row++) {
		add_group(&table, group_text(&table, report->rows[row]->by), out);
		for (size_t i = 0; i < report->measure_count; i++)
			add_right(&table, i, figure_text(&table, row, i), false, out);
		end_line(out);
		if (report->options->plot)
			plot_group(&plot, row, out);
	}
	if (report->options->plot)
		plot_close(&plot, out);
	add_notes(&table, out);
	out->failed |= table.cell.failed;
	sl_buffer_free(&table.cell);
}

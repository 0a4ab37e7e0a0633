/* Columns for a person: the group, then its figures, within the cells that a line has. */
#include "forms.h"
#include "plot.h"
#include "spanline/text.h"
#include <stdlib.h>

enum { GROUP_MIN = 16, GAP = 2 };

/* A text among those of all cells. */
struct cell {
	size_t start, len;
	size_t width; /* in cells of a terminal */
};

struct table {
	const struct report *report;
	struct sl_buffer texts;
	struct cell *cells; /* of each row its group, then its figures; owned */
	struct cell heading;
	size_t group_width;
	size_t widths[SL_MEASURE_LIMIT];
	bool has_marks[SL_MEASURE_LIMIT]; /* something in the column is uncertain */
};

static struct sl_slice ellipsis_of(const struct report *report)
{
	return report->options->ascii ? SL_SLICE("...") : SL_SLICE("\xe2\x80\xa6");
}

/* The text of the cell; none where there was no memory for it. */
static struct sl_slice text_of(const struct table *table, const struct cell *cell)
{
	if (table->texts.failed || table->texts.data == NULL)
		return SL_SLICE("");
	return (struct sl_slice){ table->texts.data + cell->start, cell->len };
}

/* The first cell of a row, and those of its figures behind it. */
static struct cell *cells_of(const struct table *table, size_t row)
{
	return &table->cells[row * (table->report->measure_count + 1)];
}

/* What was added since `start` is the cell's text. */
static void end_cell(struct table *table, size_t start, struct cell *cell)
{
	*cell = (struct cell){ start, table->texts.len - start, 0 };
	cell->width = sl_text_cells(text_of(table, cell));
}

/* What the group is called: its values, safe to show. */
static void make_group(struct table *table, const struct sl_group_value *by, struct cell *cell)
{
	const struct report *report = table->report;
	size_t count = sl_grouping_count(report->groups->grouping), start = table->texts.len;
	struct sl_buffer value = { 0 };

	for (size_t i = 0; i < count; i++) {
		value.len = 0;
		add_value(&value, &by[i]);
		sl_buffer_add(&table->texts, " ", i != 0);
		if (value.len == 0)
			sl_buffer_add_literal(&table->texts, "\"\"");
		sl_text_show(&table->texts, sl_buffer_slice(&value), report->options->ascii);
	}
	if (count == 0)
		sl_buffer_add_literal(&table->texts, "all");
	table->texts.failed |= value.failed;
	sl_buffer_free(&value);
	end_cell(table, start, cell);
}

/* The names of the fields, as the user wrote them. */
static void make_heading(struct table *table)
{
	const struct sl_grouping *grouping = table->report->groups->grouping;
	size_t start = table->texts.len;

	for (size_t i = 0; i < sl_grouping_count(grouping); i++) {
		sl_buffer_add(&table->texts, " ", i != 0);
		sl_text_show(&table->texts, sl_grouping_name(grouping, i),
			     table->report->options->ascii);
	}
	end_cell(table, start, &table->heading);
}

static void make_figure(struct table *table, size_t row, size_t column, struct cell *cell)
{
	const struct report *report = table->report;
	const struct sl_figure *figure = &figures_of(report, row)[column];
	size_t start = table->texts.len;

	add_figure(&table->texts, figure, report->options->ascii);
	if (is_uncertain(&report->measures[column], figure))
		sl_buffer_add_byte(&table->texts, '*');
	else if (table->has_marks[column])
		sl_buffer_add_byte(&table->texts, ' ');
	end_cell(table, start, cell);
}

static void widen(size_t *width, const struct cell *cell)
{
	*width = cell->width > *width ? cell->width : *width;
}

static void make_row(struct table *table, size_t row)
{
	struct cell *cells = cells_of(table, row);

	make_group(table, table->report->rows[row]->by, &cells[0]);
	widen(&table->group_width, &cells[0]);
	for (size_t i = 0; i < table->report->measure_count; i++) {
		make_figure(table, row, i, &cells[i + 1]);
		widen(&table->widths[i], &cells[i + 1]);
	}
}

/* All texts, and how wide the columns are for them.  False: no memory. */
static bool make_cells(struct table *table)
{
	const struct report *report = table->report;
	size_t numbers = 0;

	table->cells =
		calloc(report->shown * (report->measure_count + 1) + 1, sizeof(*table->cells));
	if (table->cells == NULL)
		return false;
	for (size_t i = 0; i < report->measure_count; i++) {
		for (size_t row = 0; row < report->shown; row++)
			table->has_marks[i] |=
				is_uncertain(&report->measures[i], &figures_of(report, row)[i]);
		table->widths[i] = strlen(heading_of(&report->measures[i])) + table->has_marks[i];
	}
	make_heading(table);
	widen(&table->group_width, &table->heading);
	for (size_t row = 0; row < report->shown; row++)
		make_row(table, row);
	for (size_t i = 0; i < report->measure_count; i++)
		numbers += GAP + table->widths[i];
	if (table->group_width + numbers > report->options->width)
		table->group_width = report->options->width > numbers + GROUP_MIN
					     ? report->options->width - numbers
					     : GROUP_MIN;
	return !table->texts.failed;
}

static void add_spaces(struct sl_buffer *out, size_t count)
{
	char *at = sl_buffer_reserve(out, count);

	if (at == NULL)
		return;
	memset(at, ' ', count);
	out->len += count;
}

static void add_group(const struct table *table, const struct cell *cell, struct sl_buffer *out)
{
	struct sl_slice text = text_of(table, cell);
	size_t width = cell->width;

	if (width <= table->group_width)
		sl_buffer_add_slice(out, text);
	else
		width = sl_text_fit(out, text, table->group_width, ellipsis_of(table->report));
	add_spaces(out, table->group_width - width);
}

/* Ends the line without the spaces that nothing follows. */
static void end_line(struct sl_buffer *out)
{
	while (out->len != 0 && out->data[out->len - 1] == ' ')
		out->len--;
	sl_buffer_add_byte(out, '\n');
}

static void add_heading(const struct table *table, struct sl_buffer *out)
{
	const struct report *report = table->report;

	add_group(table, &table->heading, out);
	for (size_t i = 0; i < report->measure_count; i++) {
		const char *heading = heading_of(&report->measures[i]);
		size_t len = strlen(heading), mark = table->has_marks[i];

		add_spaces(out, GAP + table->widths[i] - len - mark);
		sl_buffer_add(out, heading, len);
		add_spaces(out, mark);
	}
	end_line(out);
}

static void add_row(const struct table *table, size_t row, struct sl_buffer *out)
{
	const struct cell *cells = cells_of(table, row);

	add_group(table, &cells[0], out);
	for (size_t i = 0; i < table->report->measure_count; i++) {
		add_spaces(out, GAP + table->widths[i] - cells[i + 1].width);
		sl_buffer_add_slice(out, text_of(table, &cells[i + 1]));
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

	if (make_cells(&table)) {
		plot_open(&plot, report);
		add_heading(&table, out);
		for (size_t row = 0; row < report->shown; row++) {
			add_row(&table, row, out);
			if (report->options->plot)
				plot_group(&plot, row, out);
		}
		if (report->options->plot)
			plot_close(&plot, out);
		add_notes(&table, out);
	} else {
		out->failed = true;
	}
	free(table.cells);
	sl_buffer_free(&table.texts);
}

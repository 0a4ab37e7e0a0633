/* Groups in columns for other programs, a line each: comma-separated values, or tabs between. */
#include "forms.h"
#include "spanline/text.h"

struct columns {
	const struct report *report;
	struct sl_buffer *out;
	char separator;
	struct sl_buffer text;
};

/* A text as it is safe to show, in quotes where a comma or a quote stands in it. */
static void add_cell(struct columns *columns, struct sl_slice text, bool first)
{
	struct sl_buffer *out = columns->out;

	columns->text.len = 0;
	sl_text_show(&columns->text, text, false);
	text = sl_buffer_slice(&columns->text);
	if (!first)
		sl_buffer_add_byte(out, columns->separator);
	if (columns->separator == '\t')
		sl_buffer_add_slice(out, text);
	else
		sl_text_cell(out, text);
}

static void add_headings(struct columns *columns)
{
	const struct report *report = columns->report;
	const struct sl_grouping *grouping = report->groups->grouping;
	size_t count = sl_grouping_count(grouping);

	for (size_t i = 0; i < count; i++)
		add_cell(columns, sl_grouping_name(grouping, i), i == 0);
	for (size_t i = 0; i < report->measure_count; i++) {
		for (enum figure_part part = 0; part < parts_of(&report->measures[i]); part++) {
			if (count != 0 || i != 0 || part != 0)
				sl_buffer_add_byte(columns->out, columns->separator);
			add_key(columns->out, &report->measures[i], part);
		}
	}
	sl_buffer_add_byte(columns->out, '\n');
}

static void add_row(struct columns *columns, size_t row)
{
	const struct report *report = columns->report;
	size_t count = sl_grouping_count(report->groups->grouping);
	struct sl_buffer value = { 0 };

	for (size_t i = 0; i < count; i++) {
		value.len = 0;
		add_exact_value(&value, &report->rows[row]->by[i]);
		add_cell(columns, sl_buffer_slice(&value), i == 0);
	}
	for (size_t i = 0; i < report->measure_count; i++) {
		const struct sl_figure *figure = &figures_of(report, row)[i];

		for (enum figure_part part = 0; part < parts_of(&report->measures[i]); part++) {
			if (count != 0 || i != 0 || part != 0)
				sl_buffer_add_byte(columns->out, columns->separator);
			add_exact(columns->out, figure, part);
		}
	}
	sl_buffer_add_byte(columns->out, '\n');
	columns->out->failed |= value.failed;
	sl_buffer_free(&value);
}

static void write_columns(const struct report *report, char separator, struct sl_buffer *out)
{
	struct columns columns = { .report = report, .out = out, .separator = separator };

	add_headings(&columns);
	for (size_t row = 0; row < report->shown; row++)
		add_row(&columns, row);
	out->failed |= columns.text.failed;
	sl_buffer_free(&columns.text);
}

void write_csv(const struct report *report, struct sl_buffer *out)
{
	write_columns(report, ',', out);
}

void write_tsv(const struct report *report, struct sl_buffer *out)
{
	write_columns(report, '\t', out);
}

/* Groups as JSON: one document, or an object a line. */
#include "spanline/json.h"
#include "forms.h"

/* ,"p95_ms":12.5 */
static void add_number(struct sl_buffer *out, const struct sl_measure *measure,
		       enum figure_part part, const struct sl_figure *figure)
{
	size_t start;

	sl_buffer_add_literal(out, ",\"");
	add_key(out, measure, part);
	sl_buffer_add_literal(out, "\":");
	start = out->len;
	add_exact(out, figure, part);
	if (out->len == start)
		sl_buffer_add_literal(out, "null");
}

void add_group_values(const struct report *report, const struct sl_group *group,
		      struct sl_buffer *out)
{
	const struct sl_grouping *grouping = report->groups->grouping;

	sl_buffer_add_literal(out, "\"by\":{");
	for (size_t i = 0; i < sl_grouping_count(grouping); i++) {
		sl_buffer_add(out, ",", i != 0);
		sl_json_write_string(out, sl_grouping_name(grouping, i));
		sl_buffer_add_byte(out, ':');
		add_json_value(out, &group->by[i]);
	}
	sl_buffer_add_byte(out, '}');
}

static void add_group(const struct report *report, size_t row, struct sl_buffer *out)
{
	sl_buffer_add_byte(out, '{');
	add_group_values(report, report->rows[row], out);
	for (size_t i = 0; i < report->measure_count; i++) {
		const struct sl_measure *measure = &report->measures[i];

		for (enum figure_part part = 0; part < parts_of(measure); part++)
			add_number(out, measure, part, &figures_of(report, row)[i]);
	}
	sl_buffer_add_byte(out, '}');
}

void write_json(const struct report *report, struct sl_buffer *out)
{
	struct rest rest = rest_of(report);

	sl_buffer_add_literal(out, "{\"groups\":[");
	for (size_t row = 0; row < report->shown; row++) {
		sl_buffer_add(out, ",", row != 0);
		sl_buffer_add_byte(out, '\n');
		add_group(report, row, out);
	}
	sl_buffer_add_literal(out, "\n]");
	if (rest.groups != 0)
		sl_buffer_printf(out, ",\"rest\":{\"groups\":%zu,\"count\":%llu}", rest.groups,
				 (unsigned long long)rest.spans);
	if (report->options->error != 0)
		sl_buffer_printf(out, ",\"quantile_error\":%g", report->options->error);
	add_assertions(report, out);
	add_comparison(report, out);
	sl_buffer_add_literal(out, "}\n");
}

void write_ndjson(const struct report *report, struct sl_buffer *out)
{
	for (size_t row = 0; row < report->shown; row++) {
		add_group(report, row, out);
		sl_buffer_add_byte(out, '\n');
	}
}

/* Gates in the forms: tests of JUnit's XML, annotations of GitHub's workflows, JSON, Markdown. */
#include "forms.h"
#include "spanline/json.h"
#include "spanline/text.h"

/* A text that is made first, shown safely, then written as the form has it. */
struct piece {
	struct sl_buffer made, safe;
};

static struct sl_slice show_piece(struct piece *piece)
{
	piece->safe.len = 0;
	sl_text_show(&piece->safe, sl_buffer_slice(&piece->made), false);
	return sl_buffer_slice(&piece->safe);
}

static struct sl_slice title_of(struct piece *piece, const struct sl_gate_result *result)
{
	piece->made.len = 0;
	sl_gate_show_title(result, &piece->made);
	return show_piece(piece);
}

static struct sl_slice finding_of(struct piece *piece, const struct sl_gate_result *result)
{
	piece->made.len = 0;
	sl_gate_show_finding(result, &piece->made);
	return show_piece(piece);
}

static void free_piece(struct piece *piece, struct sl_buffer *out)
{
	out->failed |= piece->made.failed || piece->safe.failed;
	sl_buffer_free(&piece->made);
	sl_buffer_free(&piece->safe);
}

static const struct sl_gate_results *gates_of(const struct report *report)
{
	static const struct sl_gate_results none = { 0 };

	return report->options->gates != NULL ? report->options->gates : &none;
}

static void add_test(struct piece *piece, const struct sl_gate_result *result,
		     struct sl_buffer *out)
{
	bool fails = result->verdict == SL_GATE_FAILS;

	sl_buffer_add_literal(out, "<testcase classname=\"");
	piece->made.len = 0;
	sl_buffer_add_slice(&piece->made,
			    result->name.len != 0 ? result->name : SL_SLICE("assertion"));
	sl_text_mark_up(out, show_piece(piece));
	sl_buffer_add_literal(out, "\" name=\"");
	sl_text_mark_up(out, title_of(piece, result));
	sl_buffer_add_literal(out, "\" time=\"0\">\n");
	if (fails)
		sl_buffer_add_literal(out, "<failure type=\"assertion\" message=\"");
	else
		sl_buffer_add_literal(out, "<system-out>");
	if (result->verdict == SL_GATE_WARNS)
		sl_buffer_add_literal(out, "warning: ");
	sl_text_mark_up(out, finding_of(piece, result));
	if (fails)
		sl_buffer_add_literal(out, "\"/>\n</testcase>\n");
	else
		sl_buffer_add_literal(out, "</system-out>\n</testcase>\n");
}

static struct sl_slice change_title(struct piece *piece, const struct report *report, size_t index)
{
	piece->made.len = 0;
	sl_report_title(report->groups, report->options->changes[index].group, &piece->made);
	return show_piece(piece);
}

static struct sl_slice change_finding(struct piece *piece, const struct report *report,
				      size_t index)
{
	piece->made.len = 0;
	sl_report_finding(&report->options->changes[index], &piece->made);
	return show_piece(piece);
}

static void add_change_test(struct piece *piece, const struct report *report, size_t index,
			    struct sl_buffer *out)
{
	bool fails = report->options->changes[index].fails;

	sl_buffer_add_literal(out, "<testcase classname=\"baseline\" name=\"");
	sl_text_mark_up(out, change_title(piece, report, index));
	sl_buffer_add_literal(out, "\" time=\"0\">\n");
	if (fails)
		sl_buffer_add_literal(out, "<failure type=\"baseline\" message=\"");
	else
		sl_buffer_add_literal(out, "<system-out>");
	sl_text_mark_up(out, change_finding(piece, report, index));
	if (fails)
		sl_buffer_add_literal(out, "\"/>\n</testcase>\n");
	else
		sl_buffer_add_literal(out, "</system-out>\n</testcase>\n");
}

static size_t failed_changes(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->options->change_count; i++)
		count += report->options->changes[i].fails;
	return count;
}

void write_junit(const struct report *report, struct sl_buffer *out)
{
	const struct sl_gate_results *gates = gates_of(report);
	struct piece piece = { 0 };

	sl_buffer_printf(out,
			 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
			 "<testsuite name=\"trace-stats\" tests=\"%zu\" failures=\"%zu\" "
			 "errors=\"0\" skipped=\"0\" time=\"0\">\n",
			 gates->count + report->options->change_count,
			 (size_t)gates->failed + failed_changes(report));
	for (size_t i = 0; i < gates->count; i++)
		add_test(&piece, &gates->items[i], out);
	for (size_t i = 0; i < report->options->change_count; i++)
		add_change_test(&piece, report, i, out);
	sl_buffer_add_literal(out, "</testsuite>\n</testsuites>\n");
	free_piece(&piece, out);
}

void write_github(const struct report *report, struct sl_buffer *out)
{
	const struct sl_gate_results *gates = gates_of(report);
	struct piece piece = { 0 };

	for (size_t i = 0; i < gates->count; i++) {
		const struct sl_gate_result *result = &gates->items[i];

		if (result->verdict == SL_GATE_HOLDS)
			continue;
		sl_buffer_printf(
			out, "::%s title=", result->verdict == SL_GATE_FAILS ? "error" : "warning");
		sl_text_command(out, title_of(&piece, result), true);
		sl_buffer_add_literal(out, "::");
		sl_text_command(out, finding_of(&piece, result), false);
		sl_buffer_add_byte(out, '\n');
	}
	for (size_t i = 0; i < report->options->change_count; i++) {
		if (!report->options->changes[i].fails)
			continue;
		sl_buffer_add_literal(out, "::error title=");
		sl_text_command(out, change_title(&piece, report, i), true);
		sl_buffer_add_literal(out, "::");
		sl_text_command(out, change_finding(&piece, report, i), false);
		sl_buffer_add_byte(out, '\n');
	}
	free_piece(&piece, out);
}

static void add_number(struct sl_buffer *out, const char *key, const char *number)
{
	sl_buffer_printf(out, ",\"%s\":%s", key, number[0] != '\0' ? number : "null");
}

static void add_object(const struct sl_gate_result *result, struct sl_buffer *out)
{
	static const char *const verdicts[] = {
		[SL_GATE_HOLDS] = "holds", [SL_GATE_WARNS] = "warns", [SL_GATE_FAILS] = "fails"
	};

	sl_buffer_add_literal(out, "\n{\"text\":");
	sl_json_write_string(out, result->text);
	if (result->name.len != 0) {
		sl_buffer_add_literal(out, ",\"name\":");
		sl_json_write_string(out, result->name);
	}
	if (result->group.data != NULL) {
		sl_buffer_add_literal(out, ",\"group\":");
		sl_json_write_string(out, result->group);
	}
	add_number(out, "value", result->value_number);
	add_number(out, "bound", result->bound_number);
	sl_buffer_printf(out, ",\"spans\":%llu,\"pass\":%s,\"verdict\":\"%s\"",
			 (unsigned long long)result->spans,
			 result->verdict == SL_GATE_FAILS ? "false" : "true",
			 verdicts[result->verdict]);
	if (result->why[0] != '\0') {
		sl_buffer_add_literal(out, ",\"why\":");
		sl_json_write_string(out, sl_slice_of(result->why));
	}
	sl_buffer_add_literal(out, ",\"traces\":[");
	for (size_t i = 0; i < result->worst_count; i++)
		sl_buffer_printf(out, "%s\"%s\"", i != 0 ? "," : "", result->worst[i]);
	sl_buffer_add_literal(out, "]}");
}

void add_assertions(const struct report *report, struct sl_buffer *out)
{
	const struct sl_gate_results *gates = report->options->gates;

	if (gates == NULL)
		return;
	sl_buffer_add_literal(out, ",\"assertions\":[");
	for (size_t i = 0; i < gates->count; i++) {
		sl_buffer_add(out, ",", i != 0);
		add_object(&gates->items[i], out);
	}
	sl_buffer_add_literal(out, "\n]");
}

void add_gate_rows(const struct report *report, struct sl_buffer *out)
{
	static const char *const verdicts[] = { [SL_GATE_HOLDS] = "holds",
						[SL_GATE_WARNS] = "warning",
						[SL_GATE_FAILS] = "**failed**" };
	const struct sl_gate_results *gates = gates_of(report);
	struct piece piece = { 0 };

	if (gates->count != 0)
		sl_buffer_add_literal(out, "| gate | verdict | found |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < gates->count; i++) {
		sl_buffer_add_literal(out, "| ");
		sl_text_mark_down(out, title_of(&piece, &gates->items[i]));
		sl_buffer_printf(out, " | %s | ", verdicts[gates->items[i].verdict]);
		sl_text_mark_down(out, finding_of(&piece, &gates->items[i]));
		sl_buffer_add_literal(out, " |\n");
	}
	if (gates->count != 0)
		sl_buffer_add_byte(out, '\n');
	free_piece(&piece, out);
}

void add_change_rows(const struct report *report, struct sl_buffer *out)
{
	struct piece piece = { 0 };
	bool any = false;

	for (size_t i = 0; i < report->options->change_count; i++) {
		if (!is_told(&report->options->changes[i]))
			continue;
		if (!any)
			sl_buffer_add_literal(out, "| since the baseline | |\n| --- | --- |\n");
		any = true;
		sl_buffer_add_literal(out, "| ");
		sl_text_mark_down(out, change_title(&piece, report, i));
		sl_buffer_add_literal(out, " | ");
		sl_text_mark_down(out, change_finding(&piece, report, i));
		sl_buffer_add_literal(out, " |\n");
	}
	if (any)
		sl_buffer_add_byte(out, '\n');
	free_piece(&piece, out);
}

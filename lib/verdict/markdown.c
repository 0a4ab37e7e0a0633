/* Tables for an issue or a pull request. */
#include "forms.h"
#include "spanline/text.h"

enum { SHARES = 6, SHOWN_CELLS = 160 };

/* What is in `raw`, safe as text; emptied. */
static void add_text(const struct verdict *verdict, struct sl_buffer *raw, struct sl_buffer *out)
{
	struct sl_buffer shown = { 0 }, fit = { 0 };

	sl_text_show(&shown, sl_buffer_slice(raw), verdict->options->ascii);
	if (shown.data != NULL)
		sl_text_fit(&fit, sl_buffer_slice(&shown), SHOWN_CELLS, SL_SLICE("..."));
	sl_text_mark_down(out, sl_buffer_slice(&fit));
	out->failed |= raw->failed | shown.failed | fit.failed;
	raw->len = 0;
	sl_buffer_free(&shown);
	sl_buffer_free(&fit);
}

/* The same as a cell, which it ends. */
static void add_cell(const struct verdict *verdict, struct sl_buffer *raw, struct sl_buffer *out)
{
	add_text(verdict, raw, out);
	sl_buffer_add_literal(out, " | ");
}

static void end_row(struct sl_buffer *out)
{
	if (out->len != 0)
		out->data[out->len - 1] = '\n';
}

static void add_sets(const struct verdict *verdict, struct sl_buffer *raw, struct sl_buffer *out)
{
	const struct sl_contrast_result *result = verdict->result;

	sl_buffer_add_literal(out, "| set | name | traces | spans | errors | mean | p95 |\n"
				   "| --- | --- | ---: | ---: | ---: | ---: | ---: |\n");
	for (unsigned set = 0; set < SL_SET_COUNT; set++) {
		const struct sl_set_figures *figures = &result->sets[set];

		sl_buffer_printf(out, "| %s | ", set == SL_SET_LEFT ? "left" : "right");
		sl_buffer_add_slice(raw, verdict->options->names[set]);
		add_cell(verdict, raw, out);
		sl_buffer_printf(out, "%llu | %llu | %llu | ", (unsigned long long)figures->traces,
				 (unsigned long long)figures->spans,
				 (unsigned long long)figures->errors);
		verdict_root(out, verdict, (enum sl_set)set, true);
		sl_buffer_add_literal(out, " | ");
		verdict_root(out, verdict, (enum sl_set)set, false);
		sl_buffer_add_literal(out, " |\n");
	}
}

static void add_row(const struct verdict *verdict, const struct sl_difference *row,
		    struct sl_buffer *raw, struct sl_buffer *out)
{
	sl_buffer_add_literal(out, "| ");
	verdict_effect(out, row->effect);
	sl_buffer_add_literal(out, " | ");
	verdict_chance(raw, row->p);
	add_cell(verdict, raw, out);
	for (unsigned set = 0; set < SL_SET_COUNT; set++) {
		verdict_side(raw, verdict, row, (enum sl_set)set);
		add_cell(verdict, raw, out);
	}
	sl_buffer_printf(out, "%s%s | ", sl_difference_name(row->kind),
			 row->follows == SL_FOLLOWS_SPLIT ? " (follows from the split)" : "");
	verdict_what(raw, row);
	add_cell(verdict, raw, out);
	for (unsigned set = 0; set < SL_SET_COUNT; set++) {
		for (size_t i = 0; i < row->sides[set].example_count; i++) {
			sl_buffer_add(out, " ", i != 0);
			verdict_hex(out, &row->sides[set].examples[i], SL_TRACE_LABEL_BYTES);
		}
		sl_buffer_add_literal(out, " | ");
	}
	end_row(out);
}

static void add_rows(const struct verdict *verdict, struct sl_buffer *raw, struct sl_buffer *out)
{
	const struct sl_contrast_result *result = verdict->result;
	size_t leaders, left = 0, shown = verdict_shown(verdict, &leaders);

	for (size_t i = 0; i < result->count; i++)
		left += result->rows[i].follows == SL_FOLLOWS_ROW || i >= shown;
	if (shown != 0)
		sl_buffer_add_literal(
			out, "\n| effect | p | left | right | kind | what | left traces | right "
			     "traces |\n| ---: | ---: | ---: | ---: | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < shown; i++)
		if (result->rows[i].follows != SL_FOLLOWS_ROW)
			add_row(verdict, &result->rows[i], raw, out);
	if (left != 0)
		sl_buffer_printf(out, "\n%zu more, most of which follow from these\n", left);
}

static void add_attribution(const struct verdict *verdict, bool of_mean, struct sl_buffer *raw,
			    struct sl_buffer *out)
{
	const struct sl_attribution *of = of_mean ? &verdict->result->mean : &verdict->result->p95;
	bool ascii = verdict->options->ascii;
	size_t shown = of->count > SHARES ? SHARES - 1 : of->count;

	sl_buffer_printf(out, "\n| %s of root durations | ", of_mean ? "mean" : "p95");
	verdict_change(out, of->total_ns, ascii);
	sl_buffer_add_literal(out, " |\n| --- | ---: |\n");
	for (size_t i = 0; i < shown; i++) {
		sl_buffer_add_literal(out, "| ");
		verdict_share(raw, &of->shares[i]);
		add_cell(verdict, raw, out);
		verdict_change(out, of->shares[i].ns, ascii);
		sl_buffer_add_literal(out, " |\n");
	}
	if (shown == of->count)
		return;
	sl_buffer_printf(out, "| the rest (%zu operations) | ", of->count - shown);
	verdict_change(out, verdict_rest(of, shown), ascii);
	sl_buffer_add_literal(out, " |\n");
}

void verdict_markdown(const struct verdict *verdict, struct sl_buffer *out)
{
	struct sl_buffer raw = { 0 };

	add_sets(verdict, &raw, out);
	sl_buffer_add_byte(out, '\n');
	verdict_summary(out, verdict);
	sl_buffer_add_byte(out, '\n');
	verdict_left_out(&raw, verdict, SHOWN_CELLS);
	if (raw.len != 0) {
		sl_buffer_add_byte(out, '\n');
		add_text(verdict, &raw, out);
		sl_buffer_add_byte(out, '\n');
	}
	add_rows(verdict, &raw, out);
	if (verdict_has_both(verdict)) {
		add_attribution(verdict, true, &raw, out);
		add_attribution(verdict, false, &raw, out);
	}
	sl_buffer_free(&raw);
}

/* One document: sets, rows best first, and where the time went. */
#include "spanline/json.h"
#include "forms.h"
#include "spanline/text.h"

static const char *const verdicts[] = {
	[SL_CONTRAST_DIFFERENT] = "different",
	[SL_CONTRAST_ALIKE] = "alike",
	[SL_CONTRAST_INCONCLUSIVE] = "inconclusive",
};

static void add_text_of(struct sl_buffer *out, const struct sl_buffer *text)
{
	out->failed |= text->failed;
	sl_json_write_string(out, sl_buffer_slice(text));
}

/* Of no traces there is no duration. */
static void add_known_ms(struct sl_buffer *out, bool is_known, int64_t ns)
{
	if (is_known)
		sl_buffer_add_signed_ms(out, ns);
	else
		sl_buffer_add_literal(out, "null");
}

static void add_set(const struct verdict *verdict, enum sl_set set, struct sl_buffer *out)
{
	const struct sl_contrast_result *result = verdict->result;
	const struct sl_set_figures *figures = &result->sets[set];

	sl_buffer_add_literal(out, "{\"name\":");
	sl_json_write_string(out, verdict->options->names[set]);
	sl_buffer_printf(out, ",\"traces\":%llu,\"spans\":%llu,\"errors\":%llu,\"mean_ms\":",
			 (unsigned long long)figures->traces, (unsigned long long)figures->spans,
			 (unsigned long long)figures->errors);
	add_known_ms(out, figures->traces != 0,
		     set == SL_SET_LEFT ? result->mean.left_ns : result->mean.right_ns);
	sl_buffer_add_literal(out, ",\"p95_ms\":");
	add_known_ms(out, figures->traces != 0,
		     set == SL_SET_LEFT ? result->p95.left_ns : result->p95.right_ns);
	sl_buffer_add_byte(out, '}');
}

static void add_side(const struct verdict *verdict, const struct sl_difference *row,
		     enum sl_set set, struct sl_buffer *out)
{
	const struct sl_difference_side *side = &row->sides[set];

	sl_buffer_printf(out, "{\"traces\":%llu,\"of\":%llu", (unsigned long long)side->traces,
			 (unsigned long long)verdict->result->sets[set].traces);
	if (sl_difference_is_time(row->kind)) {
		sl_buffer_add_literal(out, ",\"mean_ms\":");
		sl_buffer_add_signed_ms(
			out, sl_sum_mean(side->total, verdict->result->sets[set].traces));
	} else if (sl_difference_is_number(row->kind)) {
		sl_buffer_printf(out, ",\"calls\":%llu,\"mean\":%.6g",
				 (unsigned long long)side->total.low, side->mean);
	}
	sl_buffer_add_byte(out, '}');
}

static void add_examples(const struct sl_difference_side *side, struct sl_buffer *out)
{
	sl_buffer_add_byte(out, '[');
	for (size_t i = 0; i < side->example_count; i++) {
		sl_buffer_add_slice(out, i != 0 ? SL_SLICE(",\"") : SL_SLICE("\""));
		verdict_hex(out, &side->examples[i], SL_TRACE_LABEL_BYTES);
		sl_buffer_add_byte(out, '"');
	}
	sl_buffer_add_byte(out, ']');
}

static void add_row(const struct verdict *verdict, size_t index, struct sl_buffer *out)
{
	const struct sl_difference *row = &verdict->result->rows[index];
	struct sl_buffer what = { 0 };

	verdict_what(&what, row);
	sl_buffer_printf(out, "{\"kind\":\"%s\",\"what\":", sl_difference_name(row->kind));
	add_text_of(out, &what);
	sl_buffer_printf(out, ",\"effect\":%.6g,\"p\":%.6g,\"p_alone\":%.6g,\"left\":", row->effect,
			 row->p, row->chance);
	add_side(verdict, row, SL_SET_LEFT, out);
	sl_buffer_add_literal(out, ",\"right\":");
	add_side(verdict, row, SL_SET_RIGHT, out);
	if (row->follows == SL_FOLLOWS_SPLIT)
		sl_buffer_add_literal(out, ",\"follows\":\"split\"");
	else if (row->follows == SL_FOLLOWS_ROW)
		sl_buffer_printf(out, ",\"follows\":%zu", row->leader);
	sl_buffer_add_literal(out, ",\"examples\":{\"left\":");
	add_examples(&row->sides[SL_SET_LEFT], out);
	sl_buffer_add_literal(out, ",\"right\":");
	add_examples(&row->sides[SL_SET_RIGHT], out);
	sl_buffer_add_literal(out, "}}");
	sl_buffer_free(&what);
}

static void add_attribution(const struct verdict *verdict, bool of_mean, struct sl_buffer *out)
{
	const struct sl_attribution *attribution =
		of_mean ? &verdict->result->mean : &verdict->result->p95;
	const char *prefix = of_mean ? "" : "p95_";
	bool has_both = verdict_has_both(verdict);
	struct sl_buffer what = { 0 };

	sl_buffer_printf(out, ",\n\"%sattribution\":[", prefix);
	for (size_t i = 0; i < attribution->count && has_both; i++) {
		what.len = 0;
		verdict_share(&what, &attribution->shares[i]);
		sl_buffer_add_slice(out,
				    i != 0 ? SL_SLICE(",\n{\"what\":") : SL_SLICE("\n{\"what\":"));
		add_text_of(out, &what);
		sl_buffer_add_literal(out, ",\"ms\":");
		sl_buffer_add_signed_ms(out, attribution->shares[i].ns);
		sl_buffer_add_byte(out, '}');
	}
	sl_buffer_printf(out, "\n],\"%stotal_ms\":", prefix);
	add_known_ms(out, has_both, attribution->total_ns);
	sl_buffer_free(&what);
}

static void add_left_out(const struct sl_contrast_result *result, struct sl_buffer *out)
{
	struct sl_buffer key = { 0 };

	sl_buffer_add_literal(out, ",\n\"keys_left_out\":[");
	for (size_t i = 0; i < result->left_out_count; i++) {
		key.len = 0;
		verdict_key(&key, result->left_out[i]);
		sl_buffer_add(out, ",", i != 0);
		add_text_of(out, &key);
	}
	sl_buffer_add_byte(out, ']');
	sl_buffer_free(&key);
}

void verdict_json(const struct verdict *verdict, struct sl_buffer *out)
{
	const struct sl_contrast_result *result = verdict->result;
	size_t leaders, shown = verdict_shown(verdict, &leaders);

	sl_buffer_add_literal(out, "{\"sets\":[\n");
	add_set(verdict, SL_SET_LEFT, out);
	sl_buffer_add_literal(out, ",\n");
	add_set(verdict, SL_SET_RIGHT, out);
	sl_buffer_printf(out,
			 "\n],\"verdict\":\"%s\",\"duration\":\"%s\",\"tried\":%llu,"
			 "\"found\":%llu,\"alpha\":%g",
			 verdicts[result->verdict], sl_verdict_name(result->duration.verdict),
			 (unsigned long long)result->tried, (unsigned long long)result->found,
			 verdict->options->alpha);
	add_left_out(result, out);
	sl_buffer_add_literal(out, ",\"rows\":[");
	for (size_t i = 0; i < shown; i++) {
		sl_buffer_add_slice(out, i != 0 ? SL_SLICE(",\n") : SL_SLICE("\n"));
		add_row(verdict, i, out);
	}
	sl_buffer_add_literal(out, "\n]");
	add_attribution(verdict, true, out);
	add_attribution(verdict, false, out);
	sl_buffer_add_literal(out, "}\n");
}

/* Words and figures that all forms use. */
#include "forms.h"
#include "spanline/json.h"
#include "spanline/text.h"
#include <math.h>

enum { MORE = 13 /* " and 123 more" */ };

static void add_operation(struct sl_buffer *out, const struct sl_operation_name *name)
{
	sl_buffer_add_slice(out, name->service);
	sl_buffer_add(out, " ", name->service.len != 0);
	if (name->name.len != 0)
		sl_buffer_add_slice(out, name->name);
	else
		sl_buffer_add_literal(out, "\"\"");
}

static void add_edge(struct sl_buffer *out, const struct sl_operation_name *caller,
		     const struct sl_operation_name *callee)
{
	add_operation(out, caller);
	sl_buffer_add_literal(out, " -> ");
	add_operation(out, callee);
}

static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("._-/:", byte) != NULL);
}

void verdict_key(struct sl_buffer *out, struct sl_slice key)
{
	size_t scope = 0;
	bool is_word;

	while (scope < key.len && key.data[scope] != '.' && key.data[scope] != ':')
		scope++;
	scope += scope < key.len;
	is_word = scope < key.len;
	for (size_t i = scope; i < key.len; i++)
		is_word &= is_word_byte(key.data[i]);
	if (is_word) {
		sl_buffer_add_slice(out, key);
		return;
	}
	sl_buffer_add(out, key.data, scope);
	sl_json_write_string(out, (struct sl_slice){ key.data + scope, key.len - scope });
}

void verdict_what(struct sl_buffer *out, const struct sl_difference *row)
{
	switch (row->kind) {
	case SL_DIFFERENCE_EDGE:
		add_edge(out, &row->operation, &row->callee);
		break;
	case SL_DIFFERENCE_ATTRIBUTE:
		verdict_key(out, row->key);
		sl_buffer_add_literal(out, " = ");
		sl_buffer_add_slice(out, row->value);
		break;
	case SL_DIFFERENCE_KEY:
		verdict_key(out, row->key);
		break;
	case SL_DIFFERENCE_DURATION:
		sl_buffer_add_literal(out, "root");
		break;
	default:
		add_operation(out, &row->operation);
		break;
	}
}

void verdict_share(struct sl_buffer *out, const struct sl_share *share)
{
	if (!share->has_operation) {
		sl_buffer_add_literal(out, "not attributed");
		return;
	}
	if (share->is_new || share->is_gone)
		sl_buffer_printf(out, "%s %s", share->is_new ? "new" : "gone",
				 share->has_caller ? "edge " : "operation ");
	if (share->has_caller)
		add_edge(out, &share->caller, &share->operation);
	else
		add_operation(out, &share->operation);
}

void verdict_duration(struct sl_buffer *out, int64_t ns, bool ascii)
{
	if (ns < 0)
		sl_buffer_add_byte(out, '-');
	sl_show_duration(out, ns < 0 ? ~(uint64_t)ns + 1 : (uint64_t)ns, ascii);
}

void verdict_root(struct sl_buffer *out, const struct verdict *verdict, enum sl_set set,
		  bool of_mean)
{
	const struct sl_contrast_result *result = verdict->result;
	const struct sl_attribution *of = of_mean ? &result->mean : &result->p95;

	if (result->sets[set].traces == 0)
		sl_buffer_add_byte(out, '-');
	else
		verdict_duration(out, set == SL_SET_LEFT ? of->left_ns : of->right_ns,
				 verdict->options->ascii);
}

bool verdict_has_both(const struct verdict *verdict)
{
	const struct sl_set_figures *sets = verdict->result->sets;

	return sets[SL_SET_LEFT].traces != 0 && sets[SL_SET_RIGHT].traces != 0;
}

void verdict_change(struct sl_buffer *out, int64_t ns, bool ascii)
{
	sl_buffer_add(out, "+", ns > 0);
	verdict_duration(out, ns, ascii);
}

void verdict_side(struct sl_buffer *out, const struct verdict *verdict,
		  const struct sl_difference *row, enum sl_set set)
{
	const struct sl_difference_side *side = &row->sides[set];

	if (!sl_difference_is_number(row->kind))
		sl_buffer_printf(out, "%llu/%llu", (unsigned long long)side->traces,
				 (unsigned long long)verdict->result->sets[set].traces);
	else if (!sl_difference_is_time(row->kind))
		sl_buffer_printf(out, "%.*f", side->mean < 99.95 ? 2 : 0, side->mean);
	else
		verdict_duration(out, llround(side->mean), verdict->options->ascii);
}

void verdict_effect(struct sl_buffer *out, double effect)
{
	sl_buffer_printf(out, "%+.2f", effect);
}

void verdict_chance(struct sl_buffer *out, double p)
{
	if (p < 0.001)
		sl_buffer_add_literal(out, "<0.001");
	else
		sl_buffer_printf(out, "%.3f", p);
}

void verdict_summary(struct sl_buffer *out, const struct verdict *verdict)
{
	const struct sl_contrast_result *result = verdict->result;
	unsigned long long tried = (unsigned long long)result->tried;

	if (result->verdict == SL_CONTRAST_INCONCLUSIVE)
		sl_buffer_printf(out,
				 "inconclusive: %llu and %llu traces are too few to tell a "
				 "difference from chance",
				 (unsigned long long)result->sets[0].traces,
				 (unsigned long long)result->sets[1].traces);
	else if (result->verdict == SL_CONTRAST_ALIKE)
		sl_buffer_printf(out,
				 "nothing is different: none of %llu differences that were "
				 "tried is beyond chance (p > %g for all together)",
				 tried, verdict->options->alpha);
	else
		sl_buffer_printf(
			out,
			"%llu difference%s of %llu that were tried (p corrected for all of "
			"them)",
			(unsigned long long)result->found, result->found == 1 ? "" : "s", tried);
}

void verdict_left_out(struct sl_buffer *out, const struct verdict *verdict, size_t cells)
{
	const struct sl_contrast_result *result = verdict->result;
	size_t count = result->left_out_count, i, end;

	if (count == 0)
		return;
	sl_buffer_printf(out, "values of %zu near-unique key%s left out", count,
			 count == 1 ? "" : "s");
	for (i = 0; i < count && !out->failed; i++) {
		size_t rest = i + 1 < count ? MORE : 0;

		end = out->len;
		sl_buffer_add(out, i == 0 ? ": " : ", ", 2);
		verdict_key(out, result->left_out[i]);
		if (sl_text_cells(sl_buffer_slice(out)) + rest <= cells)
			continue;
		out->len = end;
		break;
	}
	if (i != 0 && i < count)
		sl_buffer_printf(out, " and %zu more", count - i);
}

size_t verdict_shown(const struct verdict *verdict, size_t *leaders)
{
	const struct sl_contrast_result *result = verdict->result;
	size_t i = 0;

	*leaders = 0;
	for (; i < result->count; i++) {
		if (result->rows[i].follows != SL_FOLLOWS_NOTHING)
			continue;
		if (verdict->top != 0 && *leaders == verdict->top)
			break;
		++*leaders;
	}
	return i;
}

int64_t verdict_rest(const struct sl_attribution *attribution, size_t from)
{
	int64_t rest = 0;

	for (size_t i = from; i < attribution->count; i++)
		rest += attribution->shares[i].ns;
	return rest;
}

void verdict_hex(struct sl_buffer *out, const struct sl_trace_label *label, size_t most)
{
	static const char zeros[8];
	size_t from = most < label->len && label->len == 16 && memcmp(label->id, zeros, 8) == 0
			      ? sizeof(zeros)
			      : 0;
	size_t len = label->len - from < most ? label->len - from : most;

	sl_buffer_add_hex(out, (struct sl_slice){ (const char *)label->id + from, len });
}

/* What changed since a baseline: in words, in JSON, in tables. */
#include "forms.h"
#include "spanline/json.h"
#include "spanline/text.h"

void sl_report_title(const struct sl_groups *groups, const struct sl_group *group,
		     struct sl_buffer *out)
{
	for (size_t i = 0; i < sl_grouping_count(groups->grouping); i++) {
		sl_buffer_add(out, " ", i != 0);
		add_value(out, &group->by[i]);
	}
	if (sl_grouping_count(groups->grouping) == 0)
		sl_buffer_add_literal(out, "all");
}

/* "; p50 120 ms, was 100 ms (+20.0 %)" */
static void add_quantile(struct sl_buffer *out, const struct sl_compared *compared)
{
	char percentile[SL_PERCENTILE_TEXT];

	if (!compared->known)
		return;
	sl_buffer_add_literal(out, ", p");
	sl_buffer_add(out, percentile, sl_write_percentile(percentile, compared->quantile));
	sl_buffer_add_byte(out, ' ');
	show_duration(out, compared->now, true);
	sl_buffer_add_literal(out, ", was ");
	show_duration(out, compared->before, true);
	if (compared->before > 0)
		sl_buffer_printf(out, " (%+.1f %%)",
				 100 * ((double)compared->now / (double)compared->before - 1));
}

void sl_report_finding(const struct sl_report_change *change, struct sl_buffer *out)
{
	const struct sl_comparison *found = change->found;

	sl_buffer_printf(out, "%s", sl_verdict_name(found->verdict));
	if (found->new_errors)
		sl_buffer_printf(out, ", %llu new error%s", (unsigned long long)found->errors_now,
				 found->errors_now == 1 ? "" : "s");
	add_quantile(out, &found->median);
	add_quantile(out, &found->tail);
	if (found->median.known)
		sl_buffer_printf(out, ", by chance %.4f, %llu traces, were %llu",
				 found->slower < found->faster ? found->slower : found->faster,
				 (unsigned long long)found->traces_now,
				 (unsigned long long)found->traces_before);
}

static void add_members(struct sl_buffer *out, const struct sl_compared *compared)
{
	static const char *const keys[] = { "before_ms", "ms", "change_low_ms", "change_high_ms" };
	int64_t values[] = { compared->before, compared->now, compared->low, compared->high };
	char percentile[SL_PERCENTILE_TEXT];
	int len = (int)sl_write_percentile(percentile, compared->quantile);

	for (size_t i = 0; i < (compared->tested ? 4U : 2U); i++) {
		sl_buffer_printf(out, ",\"p%.*s_%s\":", len, percentile, keys[i]);
		sl_buffer_add_signed_ms(out, values[i]);
	}
}

static void add_object(const struct report *report, const struct sl_report_change *change,
		       struct sl_buffer *out)
{
	const struct sl_comparison *found = change->found;

	sl_buffer_add_literal(out, "\n{");
	add_group_values(report, change->group, out);
	sl_buffer_printf(out,
			 ",\"verdict\":\"%s\",\"pass\":%s,\"new_errors\":%s,\"traces_before\":%llu,"
			 "\"traces\":%llu",
			 sl_verdict_name(found->verdict), change->fails ? "false" : "true",
			 found->new_errors ? "true" : "false",
			 (unsigned long long)found->traces_before,
			 (unsigned long long)found->traces_now);
	if (found->median.known) {
		add_members(out, &found->median);
		add_members(out, &found->tail);
		sl_buffer_printf(out, ",\"slower\":%.6g,\"faster\":%.6g", found->slower,
				 found->faster);
	}
	sl_buffer_add_byte(out, '}');
}

void add_comparison(const struct report *report, struct sl_buffer *out)
{
	const struct sl_report_options *options = report->options;

	if (options->changes == NULL)
		return;
	sl_buffer_add_literal(out, ",\"comparison\":[");
	for (size_t i = 0; i < options->change_count; i++) {
		sl_buffer_add(out, ",", i != 0);
		add_object(report, &options->changes[i], out);
	}
	sl_buffer_add_literal(out, "\n]");
}

bool is_told(const struct sl_report_change *change)
{
	return change->found->verdict != SL_VERDICT_UNCHANGED || change->found->new_errors;
}

void add_changes(const struct report *report, struct sl_buffer *out)
{
	const struct sl_report_options *options = report->options;
	struct sl_buffer made = { 0 };
	size_t untold = 0;

	for (size_t i = 0; i < options->change_count; i++) {
		untold += !is_told(&options->changes[i]);
		if (!is_told(&options->changes[i]))
			continue;
		made.len = 0;
		sl_report_title(report->groups, options->changes[i].group, &made);
		sl_buffer_add_literal(&made, ": ");
		sl_report_finding(&options->changes[i], &made);
		sl_text_show(out, sl_buffer_slice(&made), options->ascii);
		sl_buffer_add_byte(out, '\n');
	}
	if (options->changes != NULL)
		sl_buffer_printf(out, "%zu group%s unchanged since the baseline\n", untold,
				 untold == 1 ? "" : "s");
	out->failed |= made.failed;
	sl_buffer_free(&made);
}

/* What of a comparison users choose, and the names of its outcomes. */
#include "spanline/compare.h"
#include "spanline/text.h"

static const char *const names[SL_VERDICT_COUNT] = {
	[SL_VERDICT_REGRESSED] = "regressed",
	[SL_VERDICT_IMPROVED] = "improved",
	[SL_VERDICT_UNCHANGED] = "unchanged",
	[SL_VERDICT_INCONCLUSIVE] = "inconclusive",
	[SL_VERDICT_NEW] = "new",
	[SL_VERDICT_VANISHED] = "vanished",
};

const char *sl_verdict_name(enum sl_verdict verdict)
{
	return names[verdict];
}

void sl_compare_options_init(struct sl_compare_options *options)
{
	*options = (struct sl_compare_options){ .alpha = 0.05,
						.least_part = 0.05,
						.least_ns = 2000000,
						.tail = { 19, 20 },
						.seed = 1,
						.deals = 2000,
						.draws = 2000 };
}

static enum sl_status reject(struct sl_error *err, const char *expected, struct sl_slice item)
{
	struct sl_buffer shown = { .limit = 65536 };

	sl_text_show(&shown, item, false);
	(void)sl_reject(err, SL_MALFORMED, SL_NOWHERE, "expected %s, found '%.*s'", expected,
			(int)(shown.len < 100 ? shown.len : 100),
			shown.data != NULL ? shown.data : "");
	sl_buffer_free(&shown);
	return SL_BAD_RECORD;
}

enum sl_status sl_least_effect_parse(struct sl_slice text, struct sl_compare_options *options,
				     struct sl_error *err)
{
	struct sl_slice item;

	options->least_part = 0;
	options->least_ns = 0;
	while (sl_next_item(&text, &item)) {
		bool percent = item.len != 0 && item.data[item.len - 1] == '%';
		struct sl_slice digits = { item.data, item.len - percent };
		double number;

		if (percent && sl_parse_double(digits, &number) && number >= 0 && number <= 1000)
			options->least_part = number / 100;
		else if (percent || !sl_parse_duration(item, &options->least_ns))
			return reject(err, "a percentage and a duration, as 5%,2ms", item);
	}
	return SL_OK;
}

static bool set_one(struct sl_slice item, struct sl_fail_when *when)
{
	if (sl_slice_equal(item, SL_SLICE("new-errors")))
		return when->new_errors = true;
	for (size_t i = 0; i < SL_VERDICT_COUNT; i++)
		if (sl_slice_equal(item, sl_slice_of(names[i])))
			return when->verdicts[i] = true;
	return false;
}

enum sl_status sl_fail_when_parse(struct sl_slice list, struct sl_fail_when *when,
				  struct sl_error *err)
{
	struct sl_slice item;

	*when = (struct sl_fail_when){ 0 };
	while (sl_next_item(&list, &item))
		if (!set_one(item, when))
			return reject(err,
				      "regressed, improved, unchanged, inconclusive, new, vanished "
				      "or new-errors",
				      item);
	return SL_OK;
}

bool sl_comparison_fails(const struct sl_comparison *comparison, const struct sl_fail_when *when)
{
	return when->verdicts[comparison->verdict] || (when->new_errors && comparison->new_errors);
}

/* Groups before and now: tested one by one, then judged together. */
#include "spanline/compare.h"
#include <stdlib.h>

/* So many deals at most: a probability cannot be told below one in so many. */
enum { MOST_DEALS = 20000 };

static const struct sl_quantile half = { 1, 2 };

static bool is_there(const struct sl_samples *samples)
{
	return samples != NULL && samples->count != 0;
}

static bool is_compared(const struct sl_comparison *group)
{
	return is_there(group->before) && is_there(group->now);
}

/* The change that counts. */
static int64_t least_effect(const struct sl_compare_options *options,
			    const struct sl_compared *compared)
{
	double part = options->least_part * (double)compared->before;

	if (part < 0)
		part = -part;
	if (part < (double)options->least_ns)
		return options->least_ns;
	return part < 9e18 ? (int64_t)part : INT64_MAX;
}

static bool rose(const struct sl_compare_options *options, const struct sl_compared *compared)
{
	double change = (double)compared->now - (double)compared->before;

	return change > 0 && change >= (double)least_effect(options, compared);
}

static bool fell(const struct sl_compare_options *options, const struct sl_compared *compared)
{
	double change = (double)compared->now - (double)compared->before;

	return change < 0 && -change >= (double)least_effect(options, compared);
}

/* Whether what is known of the quantile from so many traces has two ends. */
static bool suffices(struct sl_quantile quantile, uint64_t traces, double alpha)
{
	uint64_t low, high;

	sl_quantile_interval(quantile, traces, 1 - alpha, &low, &high);
	return low != 0 && high != 0;
}

static bool take_quantile(const struct sl_compare_options *options, const struct sl_change *change,
			  struct sl_quantile quantile, struct sl_compared *compared)
{
	struct sl_resampling draws = { options->seed, options->draws };
	struct sl_change_interval interval = { .confidence = 1 - options->alpha };

	*compared = (struct sl_compared){ .quantile = quantile, .known = true };
	compared->before = sl_change_quantile(change, 0, quantile);
	compared->now = sl_change_quantile(change, 1, quantile);
	compared->tested = suffices(quantile, sl_change_traces(change, 0), options->alpha) &&
			   suffices(quantile, sl_change_traces(change, 1), options->alpha);
	if (!compared->tested)
		return true;
	if (!sl_change_interval(change, quantile, &draws, &interval))
		return false;
	compared->low = interval.low;
	compared->high = interval.high;
	return true;
}

/* A change that is too small to count is one by chance. */
static void take_chance(const struct sl_compare_options *options, struct sl_comparison *group,
			const struct sl_compared *compared, struct sl_chance chance)
{
	unsigned tests = 1 + group->tail.tested;

	if (rose(options, compared) && chance.up * tests < group->slower)
		group->slower = chance.up * tests;
	if (fell(options, compared) && chance.down * tests < group->faster)
		group->faster = chance.down * tests;
}

static bool moved(const struct sl_compare_options *options, const struct sl_compared *compared)
{
	return rose(options, compared) || fell(options, compared);
}

static bool test_group(const struct sl_compare_options *options, struct sl_comparison *group,
		       const struct sl_change *change, uint32_t deals)
{
	struct sl_resampling dealing = { options->seed, deals };
	struct sl_chance chance;

	group->traces_before = sl_change_traces(change, 0);
	group->traces_now = sl_change_traces(change, 1);
	if (!take_quantile(options, change, half, &group->median) ||
	    !take_quantile(options, change, options->tail, &group->tail))
		return false;
	if (moved(options, &group->median)) {
		if (!sl_change_of_ranks(change, &dealing, &chance))
			return false;
		take_chance(options, group, &group->median, chance);
	}
	if (group->tail.tested && moved(options, &group->tail)) {
		if (!sl_change_of_quantile(change, options->tail, &dealing, &chance))
			return false;
		take_chance(options, group, &group->tail, chance);
	}
	return true;
}

/* Enough that one group alone, of all of them, can be told. */
static uint32_t deals_for(const struct sl_compare_options *options, size_t count)
{
	double wanted = 8 * (double)count / options->alpha;

	if (wanted <= options->deals)
		return options->deals;
	if (wanted < MOST_DEALS)
		return (uint32_t)wanted;
	return options->deals > MOST_DEALS ? options->deals : MOST_DEALS;
}

static bool no_room_for_change(const struct sl_compare_options *options,
			       const struct sl_compared *compared)
{
	int64_t least = least_effect(options, compared);

	return compared->low >= -least && compared->high <= least;
}

static enum sl_verdict judge(const struct sl_compare_options *options,
			     const struct sl_comparison *group)
{
	if (!is_there(group->before))
		return SL_VERDICT_NEW;
	if (!is_there(group->now))
		return SL_VERDICT_VANISHED;
	if (group->slower <= options->alpha)
		return SL_VERDICT_REGRESSED;
	if (group->faster <= options->alpha)
		return SL_VERDICT_IMPROVED;
	if (group->median.tested && no_room_for_change(options, &group->median) &&
	    (!group->tail.tested || no_room_for_change(options, &group->tail)))
		return SL_VERDICT_UNCHANGED;
	return SL_VERDICT_INCONCLUSIVE;
}

/* Over the groups that are on both sides: the others were not tested. */
static bool adjust(struct sl_comparison *groups, size_t count)
{
	double *slower = malloc((2 * count + 1) * sizeof(*slower)), *faster = slower + count;
	size_t tested = 0;
	bool good = slower != NULL;

	for (size_t i = 0; i < count && good; i++) {
		if (!is_compared(&groups[i]))
			continue;
		slower[tested] = groups[i].slower;
		faster[tested++] = groups[i].faster;
	}
	good = good && sl_adjust_for_many(slower, tested) && sl_adjust_for_many(faster, tested);
	tested = 0;
	for (size_t i = 0; i < count && good; i++) {
		if (!is_compared(&groups[i]))
			continue;
		groups[i].slower = slower[tested];
		groups[i].faster = faster[tested++];
	}
	free(slower);
	return good;
}

enum sl_status sl_compare(const struct sl_compare_options *options, struct sl_comparison *groups,
			  size_t count, struct sl_error *err)
{
	uint32_t deals = deals_for(options, count);
	bool good = true;

	for (size_t i = 0; i < count && good; i++) {
		struct sl_change *change;

		groups[i].slower = groups[i].faster = 1;
		groups[i].new_errors = groups[i].errors_now != 0 && groups[i].errors_before == 0;
		if (!is_compared(&groups[i]))
			continue;
		good = sl_change_open(&change, groups[i].before, groups[i].now);
		if (!good)
			break;
		good = test_group(options, &groups[i], change, deals);
		sl_change_close(change);
	}
	if (!good || !adjust(groups, count))
		return sl_fail_memory(err);
	for (size_t i = 0; i < count; i++)
		groups[i].verdict = judge(options, &groups[i]);
	return SL_OK;
}

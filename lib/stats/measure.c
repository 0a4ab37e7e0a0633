/* What can be known of a group, by its name. */
#include "groups.h"
#include "spanline/text.h"
#include <math.h>

static const struct {
	struct sl_slice name;
	enum sl_measure_kind kind;
} names[] = {
	{ { "count", 5 }, SL_MEASURE_COUNT },	{ { "rate", 4 }, SL_MEASURE_RATE },
	{ { "errors", 6 }, SL_MEASURE_ERRORS }, { { "error_rate", 10 }, SL_MEASURE_ERROR_RATE },
	{ { "sum", 3 }, SL_MEASURE_SUM },	{ { "min", 3 }, SL_MEASURE_MIN },
	{ { "max", 3 }, SL_MEASURE_MAX },	{ { "mean", 4 }, SL_MEASURE_MEAN },
	{ { "stdev", 5 }, SL_MEASURE_STDEV },
};

/* Covered so often at least by the interval of a quantile. */
static const double confidence = 0.95;

/* A quantile has a rank, and the two ends of its interval. */
enum { RANKS = 3 };

bool sl_measure_parse(struct sl_slice text, struct sl_measure *measure)
{
	*measure = (struct sl_measure){ .kind = SL_MEASURE_QUANTILE };
	if (text.len == 0 || text.len >= sizeof(measure->name))
		return false;
	memcpy(measure->name, text.data, text.len);
	for (size_t i = 0; i < SL_COUNT(names); i++) {
		if (sl_slice_equal(text, names[i].name)) {
			measure->kind = names[i].kind;
			return true;
		}
	}
	return text.data[0] == 'p' &&
	       sl_parse_percentile((struct sl_slice){ text.data + 1, text.len - 1 },
				   &measure->quantile);
}

void sl_measure_quantile(struct sl_measure *measure, struct sl_quantile quantile)
{
	*measure = (struct sl_measure){ .kind = SL_MEASURE_QUANTILE, .quantile = quantile };
	measure->name[0] = 'p';
	measure->name[1 + sl_write_percentile(measure->name + 1, quantile)] = '\0';
}

enum sl_figure_unit sl_measure_unit(const struct sl_measure *measure)
{
	switch (measure->kind) {
	case SL_MEASURE_COUNT:
	case SL_MEASURE_ERRORS:
		return SL_FIGURE_COUNT;
	case SL_MEASURE_RATE:
		return SL_FIGURE_PER_SECOND;
	case SL_MEASURE_ERROR_RATE:
		return SL_FIGURE_PART;
	default:
		return SL_FIGURE_NS;
	}
}

static struct sl_sum sum_of(int64_t number)
{
	struct sl_sum sum = { 0 };

	sl_sum_add(&sum, number);
	return sum;
}

static void measure_rate(const struct sl_groups *groups, const struct sl_group *group,
			 struct sl_figure *figure)
{
	uint64_t window_ns = groups->grouping->window_ns;
	uint64_t ns = window_ns != 0 ? window_ns : groups->end_ns - groups->start_ns;

	figure->is_known = window_ns != 0 || groups->end_ns > groups->start_ns;
	figure->number = figure->is_known ? (double)group->durations.count / ((double)ns / 1e9) : 0;
}

/* From the distances to the mean, in integers as long as it can be: so the order is nothing. */
static void measure_stdev(const struct sl_group *group, struct sl_figure *figure)
{
	uint64_t count = group->durations.count;
	int64_t mean = sl_sum_mean(group->total, count);
	/* the mean is rounded: what is left of all distances, at most half of the count */
	double rest = (double)(int64_t)(group->total.low - count * (uint64_t)mean);
	struct sl_squares squares = { 0 };
	double sum;

	for (struct sl_sample_chunk *chunk = group->durations.first; chunk != NULL;
	     chunk = chunk->next) {
		for (uint32_t i = 0; i < chunk->count; i++) {
			int64_t duration = duration_at(group, chunk, i);

			sl_squares_add(&squares, duration > mean
							 ? (uint64_t)duration - (uint64_t)mean
							 : (uint64_t)mean - (uint64_t)duration);
		}
	}
	sum = sl_squares_as_double(squares) - rest * rest / (double)count;
	figure->is_known = count > 1;
	if (figure->is_known)
		figure->exact = sum_of(llround(sqrt(sum / (double)(count - 1))));
}

/* All but quantiles. */
static void measure(const struct sl_groups *groups, const struct sl_group *group,
		    enum sl_measure_kind kind, struct sl_figure *figure)
{
	figure->is_known = true;
	switch (kind) {
	case SL_MEASURE_COUNT:
		figure->exact.low = group->durations.count;
		break;
	case SL_MEASURE_RATE:
		measure_rate(groups, group, figure);
		break;
	case SL_MEASURE_ERRORS:
		figure->exact.low = group->errors;
		break;
	case SL_MEASURE_ERROR_RATE:
		figure->number = (double)group->errors / (double)group->durations.count;
		break;
	case SL_MEASURE_SUM:
		figure->exact = group->total;
		break;
	case SL_MEASURE_MIN:
		figure->exact = sum_of(group->least);
		break;
	case SL_MEASURE_MAX:
		figure->exact = sum_of(group->most);
		break;
	case SL_MEASURE_MEAN:
		figure->exact = sum_of(sl_sum_mean(group->total, group->durations.count));
		break;
	case SL_MEASURE_STDEV:
		measure_stdev(group, figure);
		break;
	case SL_MEASURE_QUANTILE:
		break;
	}
}

/* The ranks of a quantile, and of its interval where that is wanted. */
static void find_ranks(const struct sl_group *group, const struct sl_measure *wanted,
		       uint64_t *ranks, struct sl_figure *figure)
{
	uint64_t low, high;

	sl_quantile_interval(wanted->quantile, group->durations.count, confidence, &low, &high);
	figure->has_low = low != 0;
	figure->has_high = high != 0;
	ranks[0] = sl_quantile_rank(wanted->quantile, group->durations.count);
	ranks[1] = wanted->interval && low != 0 ? low : ranks[0];
	ranks[2] = wanted->interval && high != 0 ? high : ranks[0];
}

static void take_numbers(struct sl_figure *figure, const int64_t *numbers)
{
	figure->is_known = true;
	figure->exact = sum_of(numbers[0]);
	figure->low = numbers[1];
	figure->high = numbers[2];
}

enum sl_status sl_measure_group(const struct sl_groups *groups, const struct sl_group *group,
				struct sl_measures measures, struct sl_figure *figures,
				struct sl_error *err)
{
	uint64_t ranks[SL_MEASURE_LIMIT * RANKS];
	int64_t numbers[SL_MEASURE_LIMIT * RANKS];
	size_t found = 0;

	for (size_t i = 0; i < measures.count; i++) {
		figures[i] = (struct sl_figure){ .unit = sl_measure_unit(&measures.items[i]) };
		if (measures.items[i].kind != SL_MEASURE_QUANTILE)
			measure(groups, group, measures.items[i].kind, &figures[i]);
		else
			find_ranks(group, &measures.items[i], &ranks[RANKS * found++], &figures[i]);
	}
	if (found != 0 && !sl_samples_select(&group->durations, ranks, RANKS * found, numbers))
		return sl_fail_memory(err);
	found = 0;
	for (size_t i = 0; i < measures.count; i++)
		if (measures.items[i].kind == SL_MEASURE_QUANTILE)
			take_numbers(&figures[i], &numbers[RANKS * found++]);
	return SL_OK;
}

int sl_figure_compare(const struct sl_figure *a, const struct sl_figure *b)
{
	if (!a->is_known || !b->is_known)
		return a->is_known - b->is_known;
	if (a->unit == SL_FIGURE_COUNT || a->unit == SL_FIGURE_NS)
		return sl_sum_compare(a->exact, b->exact);
	return (a->number > b->number) - (a->number < b->number);
}

/* What can be known of a group, by its name. */
#include "groups.h"
#include "spanline/text.h"
#include <math.h>

static const struct {
	struct sl_slice name;
	enum sl_measure_kind kind;
} names[] = {
	{ { "count", 5 }, SL_MEASURE_COUNT },
	{ { "rate", 4 }, SL_MEASURE_RATE },
	{ { "errors", 6 }, SL_MEASURE_ERRORS },
	{ { "error_rate", 10 }, SL_MEASURE_ERROR_RATE },
	{ { "sum", 3 }, SL_MEASURE_SUM },
	{ { "min", 3 }, SL_MEASURE_MIN },
	{ { "max", 3 }, SL_MEASURE_MAX },
	{ { "mean", 4 }, SL_MEASURE_MEAN },
	{ { "stdev", 5 }, SL_MEASURE_STDEV },
	{ { "concurrency", 11 }, SL_MEASURE_CONCURRENCY },
	{ { "share", 5 }, SL_MEASURE_SHARE },
	{ { "traces", 6 }, SL_MEASURE_TRACES },
	{ { "calls", 5 }, SL_MEASURE_CALLS },
	{ { "calls_max", 9 }, SL_MEASURE_CALLS_MAX },
	{ { "adjusted", 8 }, SL_MEASURE_ADJUSTED },
	{ { "unknown", 7 }, SL_MEASURE_UNKNOWN },
};

/* Covered so often at least by the interval of a quantile. */
static const double confidence = 0.95;

/* A quantile has a rank, and the two ends of its interval. */
enum { RANKS = 3 };

static bool begins(struct sl_slice *text, struct sl_slice prefix)
{
	if (text->len < prefix.len || memcmp(text->data, prefix.data, prefix.len) != 0)
		return false;
	*text = (struct sl_slice){ text->data + prefix.len, text->len - prefix.len };
	return true;
}

/* Whether there is such a thing of that time. */
static bool is_of(enum sl_measure_kind kind, enum sl_time_of of)
{
	switch (kind) {
	case SL_MEASURE_SUM:
	case SL_MEASURE_MIN:
	case SL_MEASURE_MAX:
	case SL_MEASURE_MEAN:
	case SL_MEASURE_STDEV:
	case SL_MEASURE_QUANTILE:
		return true;
	case SL_MEASURE_SHARE:
		return of == SL_TIME_CRITICAL;
	default:
		return of == SL_TIME_DURATION;
	}
}

bool sl_measure_parse(struct sl_slice text, struct sl_measure *measure)
{
	*measure = (struct sl_measure){ .kind = SL_MEASURE_QUANTILE };
	if (text.len == 0 || text.len >= sizeof(measure->name))
		return false;
	memcpy(measure->name, text.data, text.len);
	if (begins(&text, SL_SLICE("self.")))
		measure->of = SL_TIME_SELF;
	else if (begins(&text, SL_SLICE("critical.")))
		measure->of = SL_TIME_CRITICAL;
	for (size_t i = 0; i < SL_COUNT(names); i++) {
		if (sl_slice_equal(text, names[i].name)) {
			measure->kind = names[i].kind;
			return is_of(measure->kind, measure->of);
		}
	}
	return text.len != 0 && text.data[0] == 'p' &&
	       sl_parse_percentile((struct sl_slice){ text.data + 1, text.len - 1 },
				   &measure->quantile);
}

bool sl_measure_needs_sampling(const struct sl_measure *measure)
{
	return measure->kind == SL_MEASURE_ADJUSTED || measure->kind == SL_MEASURE_UNKNOWN;
}

bool sl_measure_needs_traces(const struct sl_measure *measure)
{
	return measure->of != SL_TIME_DURATION || measure->kind == SL_MEASURE_TRACES ||
	       measure->kind == SL_MEASURE_CALLS || measure->kind == SL_MEASURE_CALLS_MAX;
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
	case SL_MEASURE_TRACES:
	case SL_MEASURE_CALLS_MAX:
	case SL_MEASURE_UNKNOWN:
		return SL_FIGURE_COUNT;
	case SL_MEASURE_RATE:
	case SL_MEASURE_CONCURRENCY:
	case SL_MEASURE_CALLS:
	case SL_MEASURE_ADJUSTED:
		return SL_FIGURE_NUMBER;
	case SL_MEASURE_ERROR_RATE:
	case SL_MEASURE_SHARE:
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

/* The durations as the other times are. */
static struct sl_times times_of(const struct sl_group *group, enum sl_time_of of)
{
	if (of == SL_TIME_SELF)
		return group->self;
	if (of == SL_TIME_CRITICAL)
		return group->critical;
	return (struct sl_times){ group->durations, group->total, group->least, group->most };
}

/* A number of something in the time that there is. */
static void divide_by_time(const struct sl_groups *groups, double number, struct sl_figure *figure)
{
	uint64_t window_ns = groups->grouping->window_ns;
	uint64_t ns = window_ns != 0 ? window_ns : groups->end_ns - groups->start_ns;

	figure->is_known = window_ns != 0 || groups->end_ns > groups->start_ns;
	figure->number = figure->is_known ? number / ((double)ns / 1e9) : 0;
}

static void divide(double number, double by, struct sl_figure *figure)
{
	figure->is_known = by > 0;
	figure->number = by > 0 ? number / by : 0;
}

/* From the distances to the mean, in integers as long as it can be: so the order is nothing. */
static void measure_stdev(const struct sl_times *times, struct sl_figure *figure)
{
	uint64_t count = times->samples.count;
	int64_t mean = sl_sum_mean(times->total, count);
	/* the mean is rounded: what is left of all distances, at most half of the count */
	double rest = (double)(int64_t)(times->total.low - count * (uint64_t)mean);
	struct sl_squares squares = { 0 };
	double sum;

	for (struct sl_sample_chunk *chunk = times->samples.first; chunk != NULL;
	     chunk = chunk->next) {
		for (uint32_t i = 0; i < chunk->count; i++) {
			int64_t time = sl_sample_at(&times->samples, chunk, i);

			sl_squares_add(&squares, time > mean ? (uint64_t)time - (uint64_t)mean
							     : (uint64_t)mean - (uint64_t)time);
		}
	}
	sum = sl_squares_as_double(squares) - rest * rest / (double)count;
	figure->is_known = count > 1;
	/* of two durations it is up to 2^63.5 */
	if (figure->is_known)
		figure->exact.low = (uint64_t)round(sqrt(sum / (double)(count - 1)));
}

static void measure_time(const struct sl_times *times, enum sl_measure_kind kind,
			 struct sl_figure *figure)
{
	if (times->samples.count == 0) {
		figure->is_known = false;
		return;
	}
	if (kind == SL_MEASURE_SUM)
		figure->exact = times->total;
	else if (kind == SL_MEASURE_MIN)
		figure->exact = sum_of(times->least);
	else if (kind == SL_MEASURE_MAX)
		figure->exact = sum_of(times->most);
	else if (kind == SL_MEASURE_MEAN)
		figure->exact = sum_of(sl_sum_mean(times->total, times->samples.count));
	else
		measure_stdev(times, figure);
}

/* Each span stands for as many as were there for each that was kept. */
static double adjusted_count(const struct sl_adjusted *adjusted)
{
	double sum = 0;

	for (size_t i = 0; i < adjusted->count; i++) {
		const struct sl_sampled_count *at = &adjusted->counts[i];

		sum += (double)at->count *
		       ((double)SL_SAMPLE_ALL / (double)(SL_SAMPLE_ALL - at->threshold));
	}
	return sum;
}

/* All but quantiles. */
static void measure(const struct sl_groups *groups, const struct sl_group *group,
		    const struct sl_measure *wanted, struct sl_figure *figure)
{
	struct sl_times times = times_of(group, wanted->of);
	uint64_t count = group->durations.count;

	figure->is_known = true;
	switch (wanted->kind) {
	case SL_MEASURE_COUNT:
		figure->exact.low = count;
		break;
	case SL_MEASURE_RATE:
		divide_by_time(groups, (double)count, figure);
		break;
	case SL_MEASURE_ERRORS:
		figure->exact.low = group->errors;
		break;
	case SL_MEASURE_ERROR_RATE:
		figure->number = (double)group->errors / (double)count;
		break;
	case SL_MEASURE_CONCURRENCY:
		divide_by_time(groups, sl_sum_as_double(group->total) / 1e9, figure);
		break;
	case SL_MEASURE_SHARE:
		divide(sl_sum_as_double(group->critical.total), sl_sum_as_double(groups->waited),
		       figure);
		break;
	case SL_MEASURE_TRACES:
		figure->exact.low = group->traces;
		break;
	case SL_MEASURE_CALLS:
		divide((double)count, (double)group->traces, figure);
		break;
	case SL_MEASURE_CALLS_MAX:
		figure->exact.low = group->most_calls;
		break;
	case SL_MEASURE_ADJUSTED:
		figure->number = adjusted_count(&group->adjusted);
		break;
	case SL_MEASURE_UNKNOWN:
		figure->exact.low = group->adjusted.unknown;
		break;
	default:
		measure_time(&times, wanted->kind, figure);
		break;
	}
}

/* The ranks of a quantile, and of its interval where that is wanted. */
static void find_ranks(uint64_t count, const struct sl_measure *wanted, uint64_t *ranks,
		       struct sl_figure *figure)
{
	uint64_t low, high;

	ranks[0] = ranks[1] = ranks[2] = sl_quantile_rank(wanted->quantile, count);
	if (!wanted->interval) {
		sl_quantile_ends(wanted->quantile, count, confidence, &figure->has_low,
				 &figure->has_high);
		return;
	}
	sl_quantile_interval(wanted->quantile, count, confidence, &low, &high);
	figure->has_low = low != 0;
	figure->has_high = high != 0;
	ranks[1] = low != 0 ? low : ranks[0];
	ranks[2] = high != 0 ? high : ranks[0];
}

/* The values of these ranks, or what is near enough. */
static bool find_values(const struct sl_group *group, const struct sl_times *times,
			const uint64_t *ranks, size_t count, int64_t *values)
{
	if (times->samples.first != NULL)
		return sl_samples_select(&times->samples, ranks, count, values);
	for (size_t i = 0; i < count; i++)
		values[i] = sl_sketch_value_between(&group->sketch, ranks[i], group->least,
						    group->most);
	return true;
}

static void take_numbers(struct sl_figure *figure, const int64_t *numbers)
{
	figure->is_known = true;
	figure->exact = sum_of(numbers[0]);
	figure->low = numbers[1];
	figure->high = numbers[2];
}

/* The quantiles of one of the times. */
static enum sl_status measure_quantiles(const struct sl_group *group, enum sl_time_of of,
					struct sl_measures measures, struct sl_figure *figures,
					struct sl_error *err)
{
	uint64_t ranks[SL_MEASURE_LIMIT * RANKS];
	int64_t numbers[SL_MEASURE_LIMIT * RANKS];
	struct sl_times times = times_of(group, of);
	size_t found = 0;

	for (size_t i = 0; i < measures.count && times.samples.count != 0; i++)
		if (measures.items[i].kind == SL_MEASURE_QUANTILE && measures.items[i].of == of)
			find_ranks(times.samples.count, &measures.items[i], &ranks[RANKS * found++],
				   &figures[i]);
	if (found == 0)
		return SL_OK;
	if (!find_values(group, &times, ranks, RANKS * found, numbers))
		return sl_fail_memory(err);
	found = 0;
	for (size_t i = 0; i < measures.count; i++)
		if (measures.items[i].kind == SL_MEASURE_QUANTILE && measures.items[i].of == of)
			take_numbers(&figures[i], &numbers[RANKS * found++]);
	return SL_OK;
}

enum sl_status sl_measure_group(const struct sl_groups *groups, const struct sl_group *group,
				struct sl_measures measures, struct sl_figure *figures,
				struct sl_error *err)
{
	enum sl_status status = SL_OK;

	for (size_t i = 0; i < measures.count; i++) {
		figures[i] = (struct sl_figure){ .unit = sl_measure_unit(&measures.items[i]) };
		if (measures.items[i].kind != SL_MEASURE_QUANTILE)
			measure(groups, group, &measures.items[i], &figures[i]);
	}
	for (enum sl_time_of of = 0; of < SL_TIME_COUNT && status == SL_OK; of++)
		status = measure_quantiles(group, of, measures, figures, err);
	return status;
}

int sl_figure_compare(const struct sl_figure *a, const struct sl_figure *b)
{
	if (!a->is_known || !b->is_known)
		return a->is_known - b->is_known;
	if (a->unit == SL_FIGURE_COUNT || a->unit == SL_FIGURE_NS)
		return sl_sum_compare(a->exact, b->exact);
	return (a->number > b->number) - (a->number < b->number);
}

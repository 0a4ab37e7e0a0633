/* Quantiles, their ranks and intervals; selection, samples in chunks, sketches, random numbers.
 * With the argument `intervals` it answers lines "PERCENTILE COUNT CONFIDENCE" instead. */
#include "random.h"
#include "spanline/statistics.h"
#include "tap.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static struct sl_slice slice(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static const struct {
	const char *text;
	bool good;
	uint64_t numerator, denominator;
	const char *percentile;
} quantiles[] = {
	{ "0.55", true, 11, 20, "55" },
	{ "0.999", true, 999, 1000, "99.9" },
	{ ".5", true, 1, 2, "50" },
	{ "0.000000001", true, 1, 1000000000, "0.0000001" },
	{ "0.999999999", true, 999999999, 1000000000, "99.9999999" },
	{ "0.9999999999", false, 0, 0, NULL },
	{ "0", false, 0, 0, NULL },
	{ "1", false, 0, 0, NULL },
	{ "1.0", false, 0, 0, NULL },
	{ "95", false, 0, 0, NULL },
	{ "", false, 0, 0, NULL },
	{ ".", false, 0, 0, NULL },
	{ "0.5.5", false, 0, 0, NULL },
	{ "-0.5", false, 0, 0, NULL },
	{ "5e-1", false, 0, 0, NULL },
	{ "99999999999999999999", false, 0, 0, NULL },
};

static void test_quantiles(void)
{
	for (size_t i = 0; i < SL_COUNT(quantiles); i++) {
		struct sl_quantile quantile = { 0, 0 };
		bool good = sl_parse_quantile(slice(quantiles[i].text), &quantile);
		char text[SL_PERCENTILE_TEXT + 1] = "";

		good = good == quantiles[i].good && quantile.numerator == quantiles[i].numerator &&
		       quantile.denominator == quantiles[i].denominator;
		if (good && quantiles[i].good) {
			text[sl_write_percentile(text, quantile)] = '\0';
			good = strcmp(text, quantiles[i].percentile) == 0 &&
			       sl_parse_percentile(slice(text), &quantile) &&
			       quantile.numerator == quantiles[i].numerator;
		}
		ok(good, "quantile '%s' %s", quantiles[i].text, text);
	}
}

static const struct {
	const char *quantile;
	uint64_t count, rank;
} ranks[] = {
	{ "0.55", 100, 55 }, /* 0.55 * 100 is above 55 in doubles */
	{ "0.07", 100, 7 },
	{ "0.5", 1, 1 },
	{ "0.5", 2, 1 },
	{ "0.5", 3, 2 },
	{ "0.95", 20, 19 },
	{ "0.95", 21, 20 },
	{ "0.99", 100, 99 },
	{ "0.99", 101, 100 },
	{ "0.001", 5, 1 },
	{ "0.999999999", UINT64_MAX, UINT64_C(18446744055262807542) },
	{ "0.5", UINT64_MAX, UINT64_C(9223372036854775808) },
};

static void test_ranks(void)
{
	for (size_t i = 0; i < SL_COUNT(ranks); i++) {
		struct sl_quantile quantile;
		uint64_t rank = 0;

		if (sl_parse_quantile(slice(ranks[i].quantile), &quantile))
			rank = sl_quantile_rank(quantile, ranks[i].count);
		ok(rank == ranks[i].rank, "%s of %" PRIu64 " is the %" PRIu64 "th",
		   ranks[i].quantile, ranks[i].count, rank);
	}
}

static const struct {
	const char *percentile;
	uint64_t count;
	double confidence;
	uint64_t low, high;
} intervals[] = {
	{ "50", 0, 0.95, 0, 0 },
	{ "50", 1, 0.95, 0, 0 },
	{ "50", 4, 0.95, 0, 0 },
	{ "50", 5, 0.95, 0, 5 }, /* 1/32: more than half of 5 %, and all that there is */
	{ "50", 6, 0.95, 1, 6 },
	{ "50", 10, 0.95, 2, 9 },
	{ "50", 100, 0.95, 40, 61 },
	{ "95", 58, 0.95, 51, 0 }, /* 0.95^59 is the first below 5 % */
	{ "95", 59, 0.95, 50, 59 },
	{ "99", 298, 0.95, 291, 0 },
	{ "99", 299, 0.95, 289, 299 },
	{ "1", 299, 0.95, 1, 11 },
	{ "50", 1000000000, 0.95, 499969010, 500030991 },
};

static void test_intervals(void)
{
	for (size_t i = 0; i < SL_COUNT(intervals); i++) {
		struct sl_quantile quantile;
		uint64_t low = 7, high = 7;

		if (sl_parse_percentile(slice(intervals[i].percentile), &quantile))
			sl_quantile_interval(quantile, intervals[i].count, intervals[i].confidence,
					     &low, &high);
		ok(low == intervals[i].low && high == intervals[i].high,
		   "p%s of %" PRIu64 " lies in %" PRIu64 " to %" PRIu64, intervals[i].percentile,
		   intervals[i].count, low, high);
	}
}

static void test_ends(void)
{
	static const char *const percentiles[] = { "0.1", "1",	"5",  "37.5", "50",
						   "63",  "90", "95", "99",   "99.9" };
	size_t wrong = 0;

	for (size_t i = 0; i < SL_COUNT(percentiles); i++) {
		struct sl_quantile quantile = { 1, 2 };

		wrong += !sl_parse_percentile(slice(percentiles[i]), &quantile);
		for (uint64_t count = 0; count < 5000; count += count < 400 ? 1 : 97) {
			uint64_t low, high;
			bool has_low = true, has_high = true;

			sl_quantile_interval(quantile, count, 0.95, &low, &high);
			sl_quantile_ends(quantile, count, 0.95, &has_low, &has_high);
			wrong += has_low != (low != 0) || has_high != (high != 0);
		}
	}
	ok(wrong == 0, "which ends there are is known without them");
}

/* For the oracle in tests/property/statistics.py. */
static int answer_intervals(void)
{
	char line[128], percentile[32];
	uint64_t count, low, high;
	struct sl_quantile quantile;
	double confidence;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (sscanf(line, "%31s %" SCNu64 " %lf", percentile, &count, &confidence) != 3 ||
		    !sl_parse_percentile(slice(percentile), &quantile))
			return 2;
		sl_quantile_interval(quantile, count, confidence, &low, &high);
		printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", sl_quantile_rank(quantile, count),
		       low, high);
	}
	return 0;
}

static int compare_values(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

enum shape { SPREAD, FEW_VALUES, RISING, FALLING, ORGAN, OUTLIERS, NEGATIVE, EXTREMES, SHAPES };

static int64_t value_of(enum shape shape, size_t i, size_t count, uint64_t *state)
{
	switch (shape) {
	case FEW_VALUES:
		return (int64_t)(next_random(state) % 3);
	case RISING:
		return (int64_t)i;
	case FALLING:
		return (int64_t)(count - i);
	case ORGAN:
		return (int64_t)(i < count / 2 ? i : count - i);
	case OUTLIERS: /* all but a few are in one bucket, again and again */
		return (int64_t)(UINT64_C(1) << next_random(state) % 62);
	case NEGATIVE:
		return (int64_t)(next_random(state) % 1000) - 500;
	case EXTREMES:
		return next_random(state) % 2 == 0 ? INT64_MIN : INT64_MAX;
	default:
		return (int64_t)next_random(state);
	}
}

enum { MOST = 30000 };

/* All ways to the value of a rank agree with a sorted array. */
static bool same_selected(enum shape shape, size_t count, bool with_traces)
{
	struct sl_samples samples = { .with_traces = with_traces }, others = samples;
	static int64_t values[MOST], sorted[MOST];
	struct sl_sample_order order;
	struct sl_sampled sample;
	uint64_t state = 88172645463325252 + count;
	bool good = true;

	for (size_t i = 0; i < count && good; i++) {
		values[i] = sorted[i] = value_of(shape, i, count, &state);
		good = sl_samples_add(i % 3 == 0 ? &samples : &others, values[i], i);
	}
	qsort(sorted, count, sizeof(*sorted), compare_values);
	sl_samples_merge(&samples, &others);
	good = samples.count == count && others.count == 0;
	for (uint64_t rank = 1; rank <= count; rank += count / 7 + 1) {
		uint64_t both[2] = { rank, count };
		int64_t found[2];

		good = good && sl_samples_select(&samples, both, 2, found) &&
		       found[0] == sorted[rank - 1] && found[1] == sorted[count - 1];
		good = good && sl_select(values, count, rank) == sorted[rank - 1];
		for (size_t i = 0; i < count; i++)
			good = good && (i < rank - 1 ? values[i] <= sorted[rank - 1]
						     : values[i] >= sorted[rank - 1]);
	}
	good = good && sl_samples_sort(&samples, &order);
	for (size_t i = 0; i < count; i++)
		good = good && sl_sample_order_next(&order, &sample) && sample.value == sorted[i];
	good = good && !sl_sample_order_next(&order, &sample);
	sl_sample_order_free(&order);
	sl_samples_free(&samples);
	return good;
}

static void test_selection(void)
{
	static const size_t counts[] = { 1, 2, 3, 7, 63, 64, 65, 1000, MOST };

	for (int shape = 0; shape < SHAPES; shape++)
		for (size_t i = 0; i < SL_COUNT(counts); i++)
			ok(same_selected((enum shape)shape, counts[i], i % 2 == 0),
			   "shape %d of %zu: selected and sorted", shape, counts[i]);
}

static void test_order_of_traces(void)
{
	struct sl_samples samples = { .with_traces = true };
	struct sl_sample_order order;
	struct sl_sampled sample, last = { INT64_MIN, 0 };
	uint64_t state = 5;
	bool good = true;

	for (unsigned i = 0; i < 20000; i++)
		good = good &&
		       sl_samples_add(&samples, (int64_t)(i % 5), next_random(&state) % 1000);
	good = good && sl_samples_sort(&samples, &order);
	for (unsigned i = 0; i < 20000; i++) {
		good = good && sl_sample_order_next(&order, &sample) &&
		       (sample.value > last.value ||
			(sample.value == last.value && sample.trace >= last.trace));
		last = sample;
	}
	ok(good, "equal values are in the order of their traces");
	sl_sample_order_free(&order);
	sl_samples_free(&samples);
}

static void test_memory_of_samples(void)
{
	struct sl_samples samples = { 0 };
	uint64_t room = 0;
	bool good = true;

	for (int64_t i = 0; i < 1000000; i++)
		good = good && sl_samples_add(&samples, i, 0);
	for (struct sl_sample_chunk *chunk = samples.first; chunk != NULL; chunk = chunk->next)
		room += sizeof(*chunk) + chunk->capacity * sizeof(int64_t);
	ok(good && room < 8 * UINT64_C(1000000) + UINT64_C(131072),
	   "a million values take %" PRIu64 " bytes", room);
	sl_samples_free(&samples);
}

/* What is between the shortest and the longest is held, in whichever order it comes. */
static void check_narrow_sketch(void)
{
	const int64_t least = INT64_C(1) << 40;
	struct sl_sketch sketch;
	bool good = true;

	sl_sketch_init(&sketch, 0.01);
	for (int64_t i = 0; i < 1000 && good; i++)
		good = sl_sketch_add(&sketch, least + least / 1000 * (i * 7919 % 1000), 1);
	ok(good && sketch.capacity[0] < 256 && sketch.capacity[1] == 0 &&
		   sl_sketch_value(&sketch, 1) >= least && sketch.count == 1000,
	   "a sketch of one doubling has %zu buckets", sketch.capacity[0]);
	sl_sketch_free(&sketch);
}

static void check_sketch(double error)
{
	struct sl_sketch sketch, other;
	enum { COUNT = 20000 };
	static int64_t values[COUNT];
	uint64_t state = 99;
	bool good = true;
	double worst = 0;

	sl_sketch_init(&sketch, error);
	sl_sketch_init(&other, error);
	for (size_t i = 0; i < COUNT; i++) {
		values[i] = (int64_t)(next_random(&state) >> (1 + next_random(&state) % 60));
		values[i] = i % 10 == 0 ? -values[i] : values[i];
		good = good && sl_sketch_add(i % 2 != 0 ? &sketch : &other, values[i], 1);
	}
	good = good && sl_sketch_add(&sketch, INT64_MIN, 1) && sl_sketch_merge(&sketch, &other);
	qsort(values, COUNT, sizeof(*values), compare_values);
	for (uint64_t rank = 2; rank <= COUNT + 1 && good; rank++) {
		double exact = (double)values[rank - 2];
		double off = fabs((double)sl_sketch_value(&sketch, rank) - exact);

		worst = off > worst * fabs(exact) ? off / fabs(exact) : worst;
	}
	ok(good && worst <= error && sketch.count == COUNT + 1 && sl_sketch_value(&sketch, 1) < 0,
	   "a sketch of %g is off by %g", error, worst);
	sl_sketch_free(&sketch);
	sl_sketch_free(&other);
}

static void test_random(void)
{
	struct sl_random random = { 1234567 };
	uint64_t first = sl_random_next(&random);
	uint64_t counts[7] = { 0 };
	double chi = 0;

	/* the published first outputs of SplitMix64 for that seed */
	ok(first == UINT64_C(6457827717110365317) &&
		   sl_random_next(&random) == UINT64_C(3203168211198807973),
	   "random numbers are SplitMix64's");
	for (unsigned i = 0; i < 70000; i++)
		counts[sl_random_below(&random, 7)]++;
	for (unsigned i = 0; i < 7; i++)
		chi += ((double)counts[i] - 10000) * ((double)counts[i] - 10000) / 10000;
	ok(chi < 22.5, "numbers below 7 are alike: chi square of %g", chi);
}

static void test_trace_hash(void)
{
	/* published vectors of FNV-1a 64 */
	ok(sl_fnv1a(SL_SLICE("")) == UINT64_C(0xcbf29ce484222325) &&
		   sl_fnv1a(SL_SLICE("foobar")) == UINT64_C(0x85944171f73967e8),
	   "a trace's hash is FNV-1a");
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "intervals") == 0)
		return answer_intervals();
	test_quantiles();
	test_ranks();
	test_intervals();
	test_ends();
	test_selection();
	test_order_of_traces();
	test_memory_of_samples();
	check_narrow_sketch();
	check_sketch(0.01);
	check_sketch(0.001);
	check_sketch(0.2);
	test_random();
	test_trace_hash();
	return done_testing();
}

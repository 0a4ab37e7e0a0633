/* Permutation and bootstrap by trace against plain ones, which look at every value each time. */
#include "simulated.h"
#include "spanline/statistics.h"
#include "tap.h"
#include <stdlib.h>

enum { MOST_VALUES = 4096, MOST_TRACES = 1024 };

/* One side as a plain table; a trace's number is its hash. */
struct table {
	struct sl_sampled rows[MOST_VALUES];
	size_t count;
	uint32_t traces;
};

static int compare_rows(const void *a, const void *b)
{
	const struct sl_sampled *left = a, *right = b;

	return (left->value > right->value) - (left->value < right->value);
}

static void tabulate(struct table *table, const struct sl_samples *samples, uint32_t traces)
{
	table->count = 0;
	table->traces = traces;
	for (struct sl_sample_chunk *chunk = samples->first; chunk != NULL; chunk = chunk->next)
		for (uint32_t i = 0; i < chunk->count; i++)
			table->rows[table->count++] = sl_chunk_samples(chunk)[i];
	qsort(table->rows, table->count, sizeof(table->rows[0]), compare_rows);
}

/* The quantile of what is there times[trace] times. */
static int64_t weighted_quantile(const struct table *table, const uint32_t *times,
				 struct sl_quantile quantile)
{
	uint64_t count = 0, passed = 0;
	size_t at = 0;

	for (size_t i = 0; i < table->count; i++)
		count += times[table->rows[i].trace];
	for (; passed < sl_quantile_rank(quantile, count); at++)
		passed += times[table->rows[at].trace];
	return table->rows[at - 1].value;
}

static int compare_values(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

enum { DRAWS = 300 };

static void plain_interval(const struct table sides[2], struct sl_quantile quantile, uint64_t seed,
			   struct sl_change_interval *interval)
{
	static uint32_t times[MOST_TRACES];
	struct sl_random random = { seed };
	int64_t changes[DRAWS], found[2];

	for (int draw = 0; draw < DRAWS; draw++) {
		for (int side = 0; side < 2; side++) {
			memset(times, 0, sizeof(times));
			for (uint32_t i = 0; i < sides[side].traces; i++)
				times[sl_random_below(&random, sides[side].traces)]++;
			found[side] = weighted_quantile(&sides[side], times, quantile);
		}
		changes[draw] = found[1] - found[0];
	}
	qsort(changes, DRAWS, sizeof(changes[0]), compare_values);
	interval->low = changes[DRAWS / 20];
	interval->high = changes[DRAWS - 1 - DRAWS / 20];
}

/* The change when all traces with a mark are the ones now; traces of the second side are numbered
 * behind those of the first. */
struct pool {
	struct table all;
	struct sl_quantile quantile;
	bool of_ranks;
};

static double mean_rank(const struct table *all, const uint32_t *times)
{
	double sum = 0, count = 0;

	for (size_t i = 0; i < all->count; i++) {
		size_t first = i, last = i;

		while (first > 0 && all->rows[first - 1].value == all->rows[i].value)
			first--;
		while (last + 1 < all->count && all->rows[last + 1].value == all->rows[i].value)
			last++;
		sum += times[all->rows[i].trace] * (double)(first + last + 2);
		count += times[all->rows[i].trace];
	}
	return sum / count;
}

static double change_of(const struct pool *pool, const uint32_t *now)
{
	static uint32_t before[MOST_TRACES];

	for (uint32_t i = 0; i < pool->all.traces; i++)
		before[i] = 1 - now[i];
	if (pool->of_ranks)
		return mean_rank(&pool->all, now) - mean_rank(&pool->all, before);
	return (double)weighted_quantile(&pool->all, now, pool->quantile) -
	       (double)weighted_quantile(&pool->all, before, pool->quantile);
}

/* All ways to deal, one by one: of few traces. */
static struct sl_chance exact_chance(const struct pool *pool, uint32_t first_traces)
{
	uint32_t now[16] = { 0 }, total = pool->all.traces;
	double up = 0, down = 0, ways = 0, real;

	for (uint32_t i = first_traces; i < total; i++)
		now[i] = 1;
	real = change_of(pool, now);
	for (uint32_t set = 0; set < 1U << total; set++) {
		double change;

		if ((uint32_t)__builtin_popcount(set) != total - first_traces)
			continue;
		for (uint32_t i = 0; i < total; i++)
			now[i] = set >> i & 1;
		change = change_of(pool, now);
		up += change >= real - 1e-9;
		down += change <= real + 1e-9;
		ways++;
	}
	return (struct sl_chance){ up / ways, down / ways };
}

static void pool_sides(struct pool *pool, const struct table sides[2])
{
	pool->all.count = 0;
	pool->all.traces = sides[0].traces + sides[1].traces;
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < sides[side].count; i++) {
			struct sl_sampled row = sides[side].rows[i];

			row.trace += side == 0 ? 0 : sides[0].traces;
			pool->all.rows[pool->all.count++] = row;
		}
	qsort(pool->all.rows, pool->all.count, sizeof(pool->all.rows[0]), compare_rows);
}

/* Twenty of the rarer kind were seen: five of their standard deviations. */
static bool is_near(double found, double exact)
{
	return fabs(found - exact) <= 5 * exact / sqrt(20) + 0.002;
}

static const struct sl_quantile median = { 1, 2 }, tail = { 9, 10 };

static void test_chances(uint64_t seed)
{
	static struct table sides[2];
	static struct pool pool;
	struct simulated made = { 5, 3, 1, 0.5, 20 }; /* of some tens of ns: with equal ones */
	struct sl_resampling resampling = { seed, 20000 };
	struct sl_random random = { seed };
	struct sl_samples samples[2];
	struct sl_change *change = NULL;
	bool good = simulate(&made, &random, 0, &samples[0]);

	tabulate(&sides[0], &samples[0], made.traces);
	made = (struct simulated){ 6, 2, 1, 0.5, seed % 2 != 0 ? 20 : 60 };
	good = good && simulate(&made, &random, 0, &samples[1]);
	tabulate(&sides[1], &samples[1], made.traces);
	pool_sides(&pool, sides);
	good = good && sl_change_open(&change, &samples[0], &samples[1]);
	for (int kind = 0; kind < 3 && good; kind++) {
		struct sl_chance exact, found = { 0, 0 };

		pool.of_ranks = kind == 0;
		pool.quantile = kind == 1 ? median : tail;
		exact = exact_chance(&pool, 5);
		good = kind == 0
			       ? sl_change_of_ranks(change, &resampling, &found)
			       : sl_change_of_quantile(change, pool.quantile, &resampling, &found);
		ok(good && is_near(found.up, exact.up) && is_near(found.down, exact.down),
		   "seed %d, kind %d: up %.4f of %.4f, down %.4f of %.4f", (int)seed, kind,
		   found.up, exact.up, found.down, exact.down);
	}
	sl_change_close(change);
	sl_samples_free(&samples[0]);
	sl_samples_free(&samples[1]);
}

/* `crowd`: one trace has as many spans as the others together, so that windows must grow. */
static void test_interval(uint32_t traces, uint32_t spans, bool crowd)
{
	static struct table sides[2];
	struct simulated made = { traces, spans, 0.6, 0.7, 1e6 };
	struct sl_resampling resampling = { 7, DRAWS };
	struct sl_random random = { traces };
	struct sl_samples samples[2];
	struct sl_change *change = NULL;
	bool good = true;

	for (int side = 0; side < 2 && good; side++) {
		good = simulate(&made, &random, 0, &samples[side]);
		for (uint32_t i = 0; crowd && good && i < traces * spans; i++)
			good = sl_samples_add(&samples[side], (int64_t)i, 0);
		tabulate(&sides[side], &samples[side], traces);
		made.median_ns *= 1.2;
	}
	good = good && sl_change_open(&change, &samples[0], &samples[1]);
	for (int kind = 0; kind < 2 && good; kind++) {
		struct sl_change_interval plain, found = { .confidence = 0.9 };

		plain_interval(sides, kind == 0 ? median : tail, resampling.seed, &plain);
		good = sl_change_interval(change, kind == 0 ? median : tail, &resampling, &found);
		ok(good && found.low == plain.low && found.high == plain.high,
		   "%u traces of %u spans: from %lld to %lld ns", (unsigned)traces, (unsigned)spans,
		   (long long)found.low, (long long)found.high);
	}
	sl_change_close(change);
	sl_samples_free(&samples[0]);
	sl_samples_free(&samples[1]);
}

/* More traces than are drawn one by one, and far more on one side. */
static void test_many_traces(void)
{
	struct simulated few = { 5000, 1, 0.5, 0, 1e6 }, many = { 20000, 2, 0.5, 0.5, 1.02e6 };
	struct sl_resampling resampling = { 3, 1000 };
	struct sl_random random = { 11 };
	struct sl_samples samples[2];
	struct sl_change *change = NULL;
	struct sl_change_interval interval = { .confidence = 0.95 };
	struct sl_chance ranks = { 1, 1 }, quantile = { 1, 1 };
	bool good = simulate(&few, &random, 0, &samples[0]) &&
		    simulate(&many, &random, 0, &samples[1]) &&
		    sl_change_open(&change, &samples[0], &samples[1]);

	good = good && sl_change_of_ranks(change, &resampling, &ranks) &&
	       sl_change_of_quantile(change, median, &resampling, &quantile) &&
	       sl_change_interval(change, median, &resampling, &interval);
	ok(good && sl_change_traces(change, 0) == 5000 && sl_change_traces(change, 1) == 20000,
	   "the traces are counted");
	/* 2 % of a median that is known to within 0.9 % and 0.5 % */
	ok(good && ranks.up < 0.05 && ranks.down > 0.9 && quantile.up < 0.1,
	   "a change of 2 %% in many traces is seen: %.4f, %.4f", ranks.up, quantile.up);
	ok(good && interval.high > 20000 && interval.high - interval.low < 60000,
	   "it lies from %lld to %lld ns", (long long)interval.low, (long long)interval.high);
	sl_change_close(change);
	sl_samples_free(&samples[0]);
	sl_samples_free(&samples[1]);
}

static void test_adjustment(void)
{
	double probabilities[] = { 0.04, 0.01, 0.9, 0.03, 0.01 };
	static const double expected[] = { 0.05, 0.025, 0.9, 0.05, 0.025 };
	bool good = sl_adjust_for_many(probabilities, SL_COUNT(probabilities));

	for (size_t i = 0; i < SL_COUNT(expected); i++)
		good = good && fabs(probabilities[i] - expected[i]) < 1e-12;
	ok(good && sl_adjust_for_many(probabilities, 0), "probabilities are adjusted for many");
}

int main(void)
{
	for (uint64_t seed = 1; seed <= 6; seed++)
		test_chances(seed);
	test_interval(40, 5, false);
	test_interval(300, 1, false);
	test_interval(60, 10, true);
	test_many_traces();
	test_adjustment();
	return done_testing();
}

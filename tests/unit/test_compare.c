/*
 * Verdicts: how often they are wrong, in simulations from fixed seeds, and what users choose.
 *
 * With the argument `power` it prints how often a 20 % shift is found, for the manual page.
 */
#include "simulated.h"
#include "spanline/compare.h"
#include "tap.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_UNDEFINED__)
#define SANITIZED 1
#endif

#ifdef SANITIZED
enum { RUNS = 50 }; /* what is slow there needs only be walked through */
#else
enum { RUNS = 1000 };
#endif

/* The least number that Binomial(runs, p) exceeds in at most 1 % of all cases. */
static unsigned most_of(unsigned runs, double p)
{
	double term = pow(1 - p, runs), sum = term;
	unsigned k = 0;

	while (sum < 0.99) {
		term *= (double)(runs - k) / (double)(k + 1) * p / (1 - p);
		sum += term;
		k++;
	}
	return k;
}

struct setting {
	struct simulated before;
	double shift; /* of the median now, 1: none */
	unsigned groups;
	bool any_effect; /* however small */
};

enum { MOST_GROUPS = 20 };

/* One run: how many groups got that verdict, or -1. */
static int run(const struct setting *setting, uint64_t seed, enum sl_verdict verdict)
{
	static struct sl_samples samples[MOST_GROUPS][2];
	struct sl_comparison groups[MOST_GROUPS] = { 0 };
	struct simulated now = setting->before;
	struct sl_random random = { seed };
	struct sl_compare_options options;
	struct sl_error err;
	bool good = true;
	int found = 0;

	now.median_ns *= setting->shift;
	sl_compare_options_init(&options);
	options.draws = 20; /* they decide nothing here */
	if (setting->any_effect)
		options.least_part = 0, options.least_ns = 0;
	for (unsigned i = 0; i < setting->groups && good; i++) {
		good = simulate(&setting->before, &random, 0, &samples[i][0]) &&
		       simulate(&now, &random, 1000, &samples[i][1]);
		groups[i].before = &samples[i][0];
		groups[i].now = &samples[i][1];
	}
	good = good && sl_compare(&options, groups, setting->groups, &err) == SL_OK;
	for (unsigned i = 0; i < setting->groups; i++) {
		found += groups[i].verdict == verdict;
		sl_samples_free(&samples[i][0]);
		sl_samples_free(&samples[i][1]);
	}
	return good ? found : -1;
}

/* In how many runs any group got it. */
static unsigned count_runs(const struct setting *setting, uint64_t seed, enum sl_verdict verdict,
			   unsigned runs)
{
	unsigned count = 0;

	for (unsigned i = 0; i < runs; i++)
		count += run(setting, seed * 1000003 + i * UINT64_C(7919), verdict) != 0;
	return count;
}

static void test_false_alarms(const char *name, const struct setting *setting, unsigned runs)
{
	for (uint64_t seed = 1; seed <= 5; seed++) {
		unsigned alarms = count_runs(setting, seed, SL_VERDICT_REGRESSED, runs);

		ok(alarms <= most_of(runs, 0.05), "%s, seed %d: %u of %u runs regressed", name,
		   (int)seed, alarms, runs);
	}
}

static const struct setting single = { { 60, 1, 0.4, 0, 1e8 }, 1, 1, true };
static const struct setting correlated = { { 60, 20, 0.7, 0.8, 1e8 }, 1, 1, true };
static const struct setting many = { { 25, 2, 1, 0.5, 1e8 }, 1, MOST_GROUPS, true };

static void test_power(void)
{
	struct setting shifted = { { 200, 1, 0.4, 0, 1e8 }, 1.2, 1, false };
	unsigned found = count_runs(&shifted, 1, SL_VERDICT_REGRESSED, RUNS);

	ok(found * 100 >= RUNS * 95, "a shift of 20 %% is found in %u of %u", found,
	   (unsigned)RUNS);
	shifted.shift = 1 / 1.2;
	found = count_runs(&shifted, 2, SL_VERDICT_IMPROVED, RUNS);
	ok(found * 100 >= RUNS * 95, "and the other way in %u", found);
}

static int print_power(void)
{
	static const double sigmas[] = { 0.4, 0.7, 1.0 };
	static const uint32_t traces[] = { 50, 100, 200, 500, 1000, 2000 };

	for (size_t i = 0; i < SL_COUNT(sigmas); i++)
		for (size_t j = 0; j < SL_COUNT(traces); j++) {
			struct setting shifted = {
				{ traces[j], 1, sigmas[i], 0, 1e8 }, 1.2, 1, false
			};

			printf("sigma %.1f, %u traces a side: %.1f %%\n", sigmas[i],
			       (unsigned)traces[j],
			       100.0 * count_runs(&shifted, 1, SL_VERDICT_REGRESSED, 1000) / 1000);
		}
	return 0;
}

/* How often the quantile of what values are drawn from lies in its interval. */
static void test_coverage(const char *percentile, uint32_t count)
{
	struct simulated made = { count, 1, 0.7, 0, 1e9 };
	struct sl_quantile quantile = { 1, 2 };
	struct sl_random random = { 17 };
	double p, low_z = -10, high_z = 10;
	unsigned covered = 0, runs = 2 * RUNS;
	uint64_t ranks[2];
	int64_t ends[2], truth;
	struct sl_samples samples;

	(void)sl_parse_percentile((struct sl_slice){ percentile, strlen(percentile) }, &quantile);
	p = (double)quantile.numerator / (double)quantile.denominator;
	for (int i = 0; i < 100; i++) { /* the normal quantile, by halving */
		double middle = (low_z + high_z) / 2;

		*(0.5 * erfc(-middle / sqrt(2)) < p ? &low_z : &high_z) = middle;
	}
	truth = (int64_t)(1e9 * exp(0.7 * low_z));
	sl_quantile_interval(quantile, count, 0.95, &ranks[0], &ranks[1]);
	for (unsigned i = 0; i < runs; i++) {
		if (simulate(&made, &random, 0, &samples) &&
		    sl_samples_select(&samples, ranks, 2, ends))
			covered += ends[0] <= truth && truth <= ends[1];
		sl_samples_free(&samples);
	}
	ok(runs - covered <= most_of(runs, 0.05), "p%s of %u is covered %u times of %u", percentile,
	   (unsigned)count, covered, runs);
}

static void add_values(struct sl_samples *samples, int64_t ns, uint64_t traces)
{
	*samples = (struct sl_samples){ .with_traces = true };
	for (uint64_t i = 0; i < traces; i++)
		if (!sl_samples_add(samples, ns + (int64_t)(i % 10) * 10000, i))
			ok(false, "no memory");
}

static const struct {
	const char *name;
	int64_t before_ns, now_ns;
	uint64_t before_traces, now_traces, errors_before, errors_now;
	enum sl_verdict verdict;
	bool new_errors;
} verdicts[] = {
	{ "slower", 100000000, 120000000, 100, 100, 0, 0, SL_VERDICT_REGRESSED, false },
	{ "faster", 120000000, 100000000, 100, 100, 0, 0, SL_VERDICT_IMPROVED, false },
	{ "as it was", 100000000, 100000000, 100, 100, 0, 0, SL_VERDICT_UNCHANGED, false },
	{ "slower by less than 2 ms", 1000000, 2500000, 100, 100, 0, 0, SL_VERDICT_UNCHANGED,
	  false },
	{ "slower by less than 5 %", 100000000, 104000000, 100, 100, 0, 0, SL_VERDICT_UNCHANGED,
	  false },
	{ "too few traces", 100000000, 120000000, 2, 2, 0, 0, SL_VERDICT_INCONCLUSIVE, false },
	{ "the same trace twice", 100000000, 100000000, 1, 1, 0, 0, SL_VERDICT_INCONCLUSIVE,
	  false },
	{ "a new operation with errors", 0, 100000000, 0, 100, 0, 3, SL_VERDICT_NEW, true },
	{ "one that is gone", 100000000, 0, 100, 0, 3, 0, SL_VERDICT_VANISHED, false },
	{ "new errors", 100000000, 100000000, 100, 100, 0, 1, SL_VERDICT_UNCHANGED, true },
	{ "errors as before", 100000000, 100000000, 100, 100, 1, 5, SL_VERDICT_UNCHANGED, false },
};

static void test_verdicts(void)
{
	enum { COUNT = SL_COUNT(verdicts) };
	static struct sl_samples samples[COUNT][2];
	struct sl_comparison groups[COUNT] = { 0 };
	struct sl_compare_options options;
	struct sl_error err;

	for (size_t i = 0; i < COUNT; i++) {
		add_values(&samples[i][0], verdicts[i].before_ns, verdicts[i].before_traces);
		add_values(&samples[i][1], verdicts[i].now_ns, verdicts[i].now_traces);
		groups[i] = (struct sl_comparison){ .before = &samples[i][0],
						    .now = &samples[i][1],
						    .errors_before = verdicts[i].errors_before,
						    .errors_now = verdicts[i].errors_now };
	}
	sl_compare_options_init(&options);
	ok(sl_compare(&options, groups, COUNT, &err) == SL_OK, "groups are compared");
	for (size_t i = 0; i < COUNT; i++) {
		ok(groups[i].verdict == verdicts[i].verdict &&
			   groups[i].new_errors == verdicts[i].new_errors,
		   "%s: %s, %.4f and %.4f", verdicts[i].name, sl_verdict_name(groups[i].verdict),
		   groups[i].slower, groups[i].faster);
		sl_samples_free(&samples[i][0]);
		sl_samples_free(&samples[i][1]);
	}
	ok(groups[0].median.before == 100040000 && groups[0].median.now == 120040000 &&
		   groups[0].median.low <= 20000000 && groups[0].median.high >= 20000000 &&
		   groups[0].tail.tested && !groups[5].tail.tested,
	   "what moved is told: from %lld to %lld ns", (long long)groups[0].median.low,
	   (long long)groups[0].median.high);
}

static const struct {
	const char *text;
	enum sl_status status;
	double part;
	int64_t ns;
} effects[] = {
	{ "5%,2ms", SL_OK, 0.05, 2000000 },
	{ "2ms, 5%", SL_OK, 0.05, 2000000 },
	{ "0.5%", SL_OK, 0.005, 0 },
	{ "1s", SL_OK, 0, 1000000000 },
	{ "0%", SL_OK, 0, 0 },
	{ "5", SL_BAD_RECORD, 0, 0 },
	{ "-5%", SL_BAD_RECORD, 0, 0 },
	{ "%", SL_BAD_RECORD, 0, 0 },
	{ "", SL_BAD_RECORD, 0, 0 },
	{ "5%;2ms", SL_BAD_RECORD, 0, 0 },
};

static void test_options(void)
{
	struct sl_compare_options options;
	struct sl_fail_when when;
	struct sl_comparison group = { .verdict = SL_VERDICT_NEW, .new_errors = true };
	struct sl_error err;

	for (size_t i = 0; i < SL_COUNT(effects); i++) {
		struct sl_slice text = { effects[i].text, strlen(effects[i].text) };
		enum sl_status status = sl_least_effect_parse(text, &options, &err);

		ok(status == effects[i].status &&
			   (status != SL_OK || (options.least_part == effects[i].part &&
						options.least_ns == effects[i].ns)),
		   "effect '%s'", effects[i].text);
	}
	ok(sl_fail_when_parse(SL_SLICE("regressed, new-errors"), &when, &err) == SL_OK &&
		   sl_comparison_fails(&group, &when),
	   "new errors fail");
	ok(sl_fail_when_parse(SL_SLICE("regressed,inconclusive"), &when, &err) == SL_OK &&
		   !sl_comparison_fails(&group, &when),
	   "or not");
	ok(sl_fail_when_parse(SL_SLICE("regressed,wor\nse"), &when, &err) == SL_BAD_RECORD &&
		   strcmp(err.text, "expected regressed, improved, unchanged, inconclusive, new, "
				    "vanished or new-errors, found 'wor\\x0ase'") == 0,
	   "%s", err.text);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "power") == 0)
		return print_power();
	test_false_alarms("one span a trace", &single, RUNS);
	test_false_alarms("20 correlated spans a trace", &correlated, RUNS);
	test_false_alarms("20 groups", &many, RUNS / 5);
	test_power();
	test_coverage("50", 20);
	test_coverage("95", 100);
	test_coverage("99", 500);
	test_verdicts();
	test_options();
	return done_testing();
}

/* The distribution-free interval of a quantile, from the tails of a binomial distribution. */
#include "spanline/statistics.h"
#include <math.h>

#define PI 3.14159265358979323846

/* ln(n!) less Stirling's approximation of it; n is at least 1. */
static double stirling_error(uint64_t n)
{
	double x = (double)n, square = x * x, factorial = 1;

	if (n > 15)
		return (1.0 / 12 -
			(1.0 / 360 - (1.0 / 1260 - (1.0 / 1680) / square) / square) / square) /
		       x;
	for (uint64_t i = 2; i <= n; i++)
		factorial *= (double)i;
	return log(factorial) - (x + 0.5) * log(x) + x - 0.5 * log(2 * PI);
}

/* x ln(x / mean) + mean - x, without the cancellation where both are close. */
static double deviance(double x, double mean)
{
	double v = (x - mean) / (x + mean), power = 2 * x * v, sum = (x - mean) * v, term;

	if (fabs(v) > 0.1)
		return x * log(x / mean) + mean - x;
	for (unsigned i = 3;; i += 2) {
		power *= v * v;
		term = power / i;
		if (sum + term == sum)
			return sum;
		sum += term;
	}
}

struct binomial {
	uint64_t count;
	double odds; /* of success: p / (1 - p) */
	double success, failure;
};

static double log_probability(const struct binomial *binomial, uint64_t k)
{
	uint64_t n = binomial->count;
	double count = (double)n, successes = (double)k, failures = (double)(n - k);

	if (k == 0)
		return count * log1p(-binomial->success);
	if (k == n)
		return count * log1p(-binomial->failure);
	return stirling_error(n) - stirling_error(k) - stirling_error(n - k) -
	       deviance(successes, count * binomial->success) -
	       deviance(failures, count * binomial->failure) +
	       0.5 * log(count / (2 * PI * successes * failures));
}

/* equal to a dozen digits is equal */
static bool is_at_most(double sum, double allowed)
{
	return sum <= allowed * (1 + 1e-12);
}

/* How many of 0, 1, 2... can be left out below with a probability of at most `allowed` together. */
static uint64_t left_out(const struct binomial *binomial, double allowed)
{
	double mean = (double)binomial->count * binomial->success;
	double far = 9 * sqrt(mean * binomial->failure) + 40;
	uint64_t k = mean > far ? (uint64_t)(mean - far) : 0;
	double term, sum;

	/* far out there may be less than a double can tell from nothing */
	while ((double)k < mean && log_probability(binomial, k) < -690)
		k++;
	term = sum = exp(log_probability(binomial, k));
	while (k < binomial->count && is_at_most(sum, allowed)) {
		term *= (double)(binomial->count - k) / (double)(k + 1) * binomial->odds;
		sum += term;
		k++;
	}
	return k;
}

/* The two tails: that on the quantile's own side is the first. */
struct tails {
	struct binomial first, second;
	bool upper_first;
	double rest;	/* that both may be likely, */
	double others;	/* and of it the second */
	double extreme; /* how likely it is that all values are on the one side of the first */
};

static struct tails tails_of(struct sl_quantile quantile, uint64_t count, double confidence)
{
	double p = (double)quantile.numerator / (double)quantile.denominator;
	double q =
		(double)(quantile.denominator - quantile.numerator) / (double)quantile.denominator;
	struct binomial below = { count, p / q, p, q }, above = { count, q / p, q, p };
	struct tails tails = { above, below, p >= q, 1 - confidence, (1 - confidence) / 2, 0 };

	if (!tails.upper_first) {
		tails.first = below;
		tails.second = above;
	}
	tails.extreme = exp(log_probability(&tails.first, 0));
	/* where the extreme value alone is left, it takes what it needs of the whole */
	if (!is_at_most(tails.extreme, tails.rest / 2) && tails.extreme <= tails.rest)
		tails.others = tails.rest - tails.extreme;
	return tails;
}

void sl_quantile_ends(struct sl_quantile quantile, uint64_t count, double confidence, bool *low,
		      bool *high)
{
	struct tails tails;
	bool first, second;

	*low = *high = false;
	if (count == 0)
		return;
	tails = tails_of(quantile, count, confidence);
	first = is_at_most(tails.extreme, tails.rest / 2) || tails.extreme <= tails.rest;
	second = is_at_most(exp(log_probability(&tails.second, 0)), tails.others);
	*low = tails.upper_first ? second : first;
	*high = tails.upper_first ? first : second;
}

void sl_quantile_interval(struct sl_quantile quantile, uint64_t count, double confidence,
			  uint64_t *low, uint64_t *high)
{
	uint64_t first_out, second_out;
	struct tails tails;

	*low = *high = 0;
	if (count == 0)
		return;
	tails = tails_of(quantile, count, confidence);
	first_out = left_out(&tails.first, tails.rest / 2);
	if (first_out == 0 && tails.extreme <= tails.rest)
		first_out = 1;
	second_out = left_out(&tails.second, tails.others);
	*low = tails.upper_first ? second_out : first_out;
	*high = tails.upper_first ? first_out : second_out;
	if (*high != 0)
		*high = count + 1 - *high;
}

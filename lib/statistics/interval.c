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
	/* equal to a dozen digits is equal */
	while (k < binomial->count && sum <= allowed * (1 + 1e-12)) {
		term *= (double)(binomial->count - k) / (double)(k + 1) * binomial->odds;
		sum += term;
		k++;
	}
	return k;
}

void sl_quantile_interval(struct sl_quantile quantile, uint64_t count, double confidence,
			  uint64_t *low, uint64_t *high)
{
	double p = (double)quantile.numerator / (double)quantile.denominator;
	double q =
		(double)(quantile.denominator - quantile.numerator) / (double)quantile.denominator;
	struct binomial below = { count, p / q, p, q }, above = { count, q / p, q, p };
	bool upper_first = p >= q;
	const struct binomial *first = upper_first ? &above : &below;
	const struct binomial *second = upper_first ? &below : &above;
	double rest = 1 - confidence, extreme, others = rest / 2;
	uint64_t first_out, second_out;

	*low = *high = 0;
	if (count == 0)
		return;
	extreme = exp(log_probability(first, 0));
	first_out = left_out(first, rest / 2);
	if (first_out == 0 && extreme <= rest) {
		first_out = 1;
		others = rest - extreme;
	}
	second_out = left_out(second, others);
	*low = upper_first ? second_out : first_out;
	*high = upper_first ? first_out : second_out;
	if (*high != 0)
		*high = count + 1 - *high;
}

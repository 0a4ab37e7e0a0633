/* Quantiles as exact fractions of their decimal digits, and their ranks. */
#include "spanline/statistics.h"
#include "spanline/text.h"

enum { MOST_PLACES = 9, PERCENT_PLACES = 2 };

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static bool parse_scaled(struct sl_slice text, unsigned shift, struct sl_quantile *quantile)
{
	uint64_t digits, denominator = 1, divisor;
	unsigned places;

	if (!sl_parse_decimal(text, &digits, &places) || places + shift > MOST_PLACES)
		return false;
	for (unsigned i = 0; i < places + shift; i++)
		denominator *= 10;
	if (digits == 0 || digits >= denominator)
		return false;
	divisor = common_divisor(digits, denominator);
	*quantile = (struct sl_quantile){ digits / divisor, denominator / divisor };
	return true;
}

bool sl_parse_quantile(struct sl_slice text, struct sl_quantile *quantile)
{
	return parse_scaled(text, 0, quantile);
}

bool sl_parse_percentile(struct sl_slice text, struct sl_quantile *quantile)
{
	return parse_scaled(text, PERCENT_PLACES, quantile);
}

size_t sl_write_percentile(char *out, struct sl_quantile quantile)
{
	uint64_t hundreds = quantile.numerator * 100;
	uint64_t rest = hundreds % quantile.denominator;
	size_t len = sl_write_u64(out, hundreds / quantile.denominator);

	if (rest != 0)
		out[len++] = '.';
	for (; rest != 0; rest %= quantile.denominator) {
		rest *= 10;
		out[len++] = (char)('0' + rest / quantile.denominator);
	}
	return len;
}

int sl_quantile_compare(struct sl_quantile a, struct sl_quantile b)
{
	uint64_t left = a.numerator * b.denominator, right = b.numerator * a.denominator;

	return (left > right) - (left < right);
}

uint64_t sl_quantile_rank(struct sl_quantile quantile, uint64_t count)
{
	/* the two parts of the count each fit, times a numerator below 10^9 */
	uint64_t whole = count / quantile.denominator * quantile.numerator;
	uint64_t rest = count % quantile.denominator * quantile.numerator;
	uint64_t rank = whole + (rest + quantile.denominator - 1) / quantile.denominator;

	return rank != 0 ? rank : 1;
}

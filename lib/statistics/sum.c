/* Sums of durations: 128 bits, since a few spans with a start of 0 fill 64. */
#include "spanline/statistics.h"
#include "spanline/text.h"

double sl_sum_as_double(struct sl_sum sum)
{
	return (double)sum.high * 18446744073709551616.0 + (double)sum.low;
}

int sl_sum_compare(struct sl_sum a, struct sl_sum b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return a.low < b.low ? -1 : a.low > b.low;
}

static void negate(struct sl_sum *sum)
{
	sum->low = ~sum->low + 1;
	sum->high = (int64_t)(~(uint64_t)sum->high + (sum->low == 0));
}

int64_t sl_sum_mean(struct sl_sum sum, uint64_t count)
{
	bool below = sum.high < 0;
	uint64_t rest, quotient = 0;

	if (below)
		negate(&sum);
	/* what is above 64 bits is less than `count`, as the mean of int64 is one */
	rest = (uint64_t)sum.high;
	for (unsigned i = 64; i-- > 0;) {
		bool carry = rest >> 63 != 0;

		rest = rest << 1 | (sum.low >> i & 1);
		quotient <<= 1;
		if (carry || rest >= count) {
			rest -= count;
			quotient |= 1;
		}
	}
	/* a half: away from 0 above it, towards it below */
	if (below ? rest > count - rest : rest >= count - rest)
		quotient++;
	return below ? (int64_t)(~quotient + 1) : (int64_t)quotient;
}

void sl_squares_add(struct sl_squares *squares, uint64_t distance)
{
	uint64_t low = distance & UINT32_MAX, high = distance >> 32;
	uint64_t cross = low * high; /* to be counted twice, from bit 32 on */
	uint64_t square = low * low, upper = high * high + (cross >> 31);

	square += cross << 33;
	upper += square < (cross << 33);
	squares->low += square;
	upper += squares->low < square; /* of 2^128 - 1 at most: the upper half has room */
	squares->middle += upper;
	squares->high += squares->middle < upper;
}

double sl_squares_as_double(struct sl_squares squares)
{
	const double word = 18446744073709551616.0;

	return ((double)squares.high * word + (double)squares.middle) * word + (double)squares.low;
}

/* Divides by 10 and gives the remainder; the sum is not below 0. */
static unsigned take_digit(struct sl_sum *sum)
{
	uint64_t parts[4] = { (uint64_t)sum->high >> 32, (uint64_t)sum->high & UINT32_MAX,
			      sum->low >> 32, sum->low & UINT32_MAX };
	uint64_t rest = 0;

	for (size_t i = 0; i < SL_COUNT(parts); i++) {
		rest = rest << 32 | parts[i];
		parts[i] = rest / 10;
		rest %= 10;
	}
	sum->high = (int64_t)(parts[0] << 32 | parts[1]);
	sum->low = parts[2] << 32 | parts[3];
	return (unsigned)rest;
}

void sl_sum_show_ms(struct sl_buffer *out, struct sl_sum sum)
{
	char digits[48], *at = digits + sizeof(digits);
	size_t places = 0;

	if (sum.high < 0) {
		sl_buffer_add_byte(out, '-');
		negate(&sum);
	}
	for (; places < 6 || sum.high != 0 || sum.low != 0; places++) {
		unsigned digit = take_digit(&sum);

		if (places == 6 && at != digits + sizeof(digits))
			*--at = '.';
		/* zeros at the end of the fraction are left out */
		if (places >= 6 || digit != 0 || at != digits + sizeof(digits))
			*--at = (char)('0' + digit);
	}
	if (places == 6) {
		if (at != digits + sizeof(digits))
			*--at = '.';
		*--at = '0';
	}
	sl_buffer_add(out, at, (size_t)(digits + sizeof(digits) - at));
}

/* Sums that never overflow, and what is made of them. */
#include "spanline/stats.h"
#include "tap.h"
#include <inttypes.h>

#define MOST  INT64_MAX
#define LEAST INT64_MIN

static const struct {
	int64_t numbers[4];
	size_t count;
	const char *ms;
	int64_t mean;
} sums[] = {
	{ { 0 }, 1, "0", 0 },
	{ { 1 }, 1, "0.000001", 1 },
	{ { -1 }, 1, "-0.000001", -1 },
	{ { 1500000 }, 1, "1.5", 1500000 },
	{ { 1000000, 2000000 }, 2, "3", 1500000 },
	{ { 1, 2 }, 2, "0.000003", 2 },	    /* a half upwards */
	{ { -1, -2 }, 2, "-0.000003", -1 }, /* likewise */
	{ { 1, 0, 0 }, 3, "0.000001", 0 },
	{ { 1, 1, 0 }, 3, "0.000002", 1 },
	{ { -1, -1, 0 }, 3, "-0.000002", -1 },
	{ { MOST }, 1, "9223372036854.775807", MOST },
	{ { LEAST }, 1, "-9223372036854.775808", LEAST },
	{ { MOST, MOST, MOST, MOST }, 4, "36893488147419.103228", MOST },
	{ { LEAST, LEAST, LEAST, LEAST }, 4, "-36893488147419.103232", LEAST },
	{ { MOST, LEAST }, 2, "-0.000001", 0 },
	{ { MOST, MOST, LEAST, LEAST }, 4, "-0.000002", 0 },
	{ { 10000000, -20000000 }, 2, "-10", -5000000 },
};

static struct sl_sum sum_of(const int64_t *numbers, size_t count)
{
	struct sl_sum sum = { 0 };

	for (size_t i = 0; i < count; i++)
		sl_sum_add(&sum, numbers[i]);
	return sum;
}

static void test_sums(void)
{
	struct sl_buffer out = { 0 };

	for (size_t i = 0; i < SL_COUNT(sums); i++) {
		struct sl_sum sum = sum_of(sums[i].numbers, sums[i].count);

		out.len = 0;
		sl_sum_show_ms(&out, sum);
		ok(sl_slice_equal(sl_buffer_slice(&out),
				  (struct sl_slice){ sums[i].ms, strlen(sums[i].ms) }),
		   "the sum is %s ms: %.*s", sums[i].ms, (int)out.len, out.data);
		ok(sl_sum_mean(sum, sums[i].count) == sums[i].mean, "its mean is %" PRId64,
		   sums[i].mean);
	}
	sl_buffer_free(&out);
}

static void test_order(void)
{
	int64_t most[] = { MOST, MOST, 1 }, least[] = { LEAST, LEAST };

	ok(sl_sum_compare(sum_of(most, 3), sum_of(most, 2)) > 0 &&
		   sl_sum_compare(sum_of(least, 2), sum_of(most, 1)) < 0 &&
		   sl_sum_compare(sum_of(least, 1), sum_of(least, 2)) > 0 &&
		   sl_sum_compare(sum_of(most, 3), sum_of(most, 3)) == 0,
	   "sums are compared by size");
}

static void test_squares(void)
{
	struct sl_squares squares = { 0 };

	sl_squares_add(&squares, 3);
	sl_squares_add(&squares, UINT64_C(1) << 32);
	ok(squares.low == 9 && squares.middle == 1 && squares.high == 0, "squares cross words");
	squares = (struct sl_squares){ 0 };
	for (unsigned i = 0; i < 4; i++)
		sl_squares_add(&squares, UINT64_MAX);
	/* 4 * (2^128 - 2^65 + 1) */
	ok(squares.low == 4 && squares.middle == UINT64_MAX - 7 && squares.high == 3,
	   "and the largest do not overflow");
	ok(sl_squares_as_double(squares) == 0x1p130, "they are doubles in the end");
}

int main(void)
{
	test_sums();
	test_order();
	test_squares();
	return done_testing();
}

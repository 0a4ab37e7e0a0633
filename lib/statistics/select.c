/* The value of a rank: quickselect with three parts, and counting by bytes where that goes badly.
 */
#include "spanline/statistics.h"

enum { SIGN_SHIFT = 63 };

static int64_t median_of(int64_t a, int64_t b, int64_t c)
{
	if (a > b) {
		int64_t larger = a;

		a = b;
		b = larger;
	}
	return c < a ? a : (c > b ? b : c);
}

static int64_t choose_pivot(const int64_t *values, size_t count)
{
	size_t step = count / 8;

	if (count < 64)
		return median_of(values[0], values[count / 2], values[count - 1]);
	return median_of(median_of(values[0], values[step], values[2 * step]),
			 median_of(values[3 * step], values[4 * step], values[5 * step]),
			 median_of(values[6 * step], values[7 * step], values[count - 1]));
}

static void swap(int64_t *values, size_t a, size_t b)
{
	int64_t held = values[a];

	values[a] = values[b];
	values[b] = held;
}

/* What is below the pivot goes in front, what is above it behind; the equal ones are
 * [*start, *end). */
static void part(int64_t *values, size_t count, int64_t pivot, size_t *start, size_t *end)
{
	size_t below = 0, at = 0, above = count;

	while (at < above) {
		if (values[at] < pivot)
			swap(values, below++, at++);
		else if (values[at] > pivot)
			swap(values, at, --above);
		else
			at++;
	}
	*start = below;
	*end = above;
}

/* A byte of it at a time, from the highest: eight passes whatever the values are. */
static int64_t select_by_bytes(const int64_t *values, size_t count, uint64_t rank)
{
	const uint64_t sign = UINT64_C(1) << SIGN_SHIFT; /* turned over, the order is unsigned */
	uint64_t found = 0;

	for (unsigned shift = 56;; shift -= 8) {
		uint64_t counts[256] = { 0 }, mask = shift == 56 ? 0 : UINT64_MAX << (shift + 8);
		unsigned byte = 0;

		for (size_t i = 0; i < count; i++) {
			uint64_t bits = (uint64_t)values[i] ^ sign;

			counts[bits >> shift & 0xff] += (bits & mask) == found;
		}
		for (; rank > counts[byte]; byte++)
			rank -= counts[byte];
		found |= (uint64_t)byte << shift;
		if (shift == 0)
			return (int64_t)(found ^ sign);
	}
}

int64_t sl_select(int64_t *values, size_t count, uint64_t rank)
{
	unsigned rounds = 16;
	size_t start, end;
	int64_t found;

	for (size_t left = count; left > 1; left /= 2)
		rounds += 2;
	while (rounds-- > 0) {
		part(values, count, choose_pivot(values, count), &start, &end);
		if (rank > start && rank <= end)
			return values[start];
		if (rank <= start) {
			count = start;
		} else {
			values += end;
			count -= end;
			rank -= end;
		}
	}
	found = select_by_bytes(values, count, rank);
	part(values, count, found, &start, &end);
	return found;
}

/*
 * Numbers about numbers: sums, quantiles and what is known of them, samples, sketches, seeded
 * random numbers, and tests of what differs.  Nothing here knows what a span is.
 *
 * A quantile is always the nearest rank: of n values in ascending order the one of rank
 * ceil(q * n), counted from 1.  Nothing is random without a seed, and no result depends on the
 * order in which values were added.
 */
#ifndef SPANLINE_STATISTICS_H
#define SPANLINE_STATISTICS_H

#include "spanline/base.h"

/* A sum of int64 that never overflows. */
struct sl_sum {
	uint64_t low;
	int64_t high;
};

static inline void sl_sum_add(struct sl_sum *sum, int64_t number)
{
	uint64_t before = sum->low;

	sum->low += (uint64_t)number;
	sum->high += (number < 0 ? -1 : 0) + (sum->low < before);
}

static inline void sl_sum_merge(struct sl_sum *sum, struct sl_sum other)
{
	sum->low += other.low;
	sum->high = (int64_t)((uint64_t)sum->high + (uint64_t)other.high + (sum->low < other.low));
}

/* The sum divided by `count`, which is not 0, as an integer: the nearest, a half upwards. */
int64_t sl_sum_mean(struct sl_sum sum, uint64_t count);
double sl_sum_as_double(struct sl_sum sum);
int sl_sum_compare(struct sl_sum a, struct sl_sum b);

/* Squares of distances: 192 bits, never too few for fewer than 2^64 of them. */
struct sl_squares {
	uint64_t low, middle, high;
};

void sl_squares_add(struct sl_squares *squares, uint64_t distance);
double sl_squares_as_double(struct sl_squares squares);
/* The sum in ns as ms, exactly, as sl_write_ms writes it. */
void sl_sum_show_ms(struct sl_buffer *out, struct sl_sum sum);

/* Above 0 and below 1, in lowest terms, from decimal digits: 0.999 is 999/1000. */
struct sl_quantile {
	uint64_t numerator, denominator; /* the denominator is at most 10^9 */
};

/* "0.999"; false: no decimal of at most nine places, or not above 0 and below 1. */
bool sl_parse_quantile(struct sl_slice text, struct sl_quantile *quantile);
/* The same in hundredths, at most seven places: "99.9". */
bool sl_parse_percentile(struct sl_slice text, struct sl_quantile *quantile);
/* "99.9": at most this many bytes at `out`; returns how many. */
#define SL_PERCENTILE_TEXT 12
size_t sl_write_percentile(char *out, struct sl_quantile quantile);
/* Below 0, 0 or above 0, as q is below, equal to or above the other. */
int sl_quantile_compare(struct sl_quantile a, struct sl_quantile b);

/* ceil(q * count), at least 1: in integers. */
uint64_t sl_quantile_rank(struct sl_quantile quantile, uint64_t count);

/*
 * Ranks between which the quantile of what the `count` values were drawn from lies with a
 * probability of at least `confidence`, whatever its distribution; 0: there is no such end, since
 * `count` is too small for it.  Both ends have half of the rest each, as far as they can: where
 * only the extreme value is left for the end on the quantile's own side (the upper one from 0.5
 * on), it takes what it needs of the whole.
 *
 * The number of values below the quantile is Binomial(count, q).  Its tails are summed from their
 * far ends inwards, where all terms are positive and grow, so that nothing cancels; the first term
 * is in the saddle-point form (Loader 2000), which has no large terms either.  Sums are good to ten
 * digits for a count of 10^9, and take some nine standard deviations of terms.
 */
void sl_quantile_interval(struct sl_quantile quantile, uint64_t count, double confidence,
			  uint64_t *low, uint64_t *high);
/* Which of the ends there are, at a tenth of the price. */
void sl_quantile_ends(struct sl_quantile quantile, uint64_t count, double confidence, bool *low,
		      bool *high);

/* The value of that rank (1 to count); the values are put into another order, in which none in
 * front of it is larger and none behind it smaller.  Expected time O(count), and never more than a
 * fixed number of passes over the values. */
int64_t sl_select(int64_t *values, size_t count, uint64_t rank);

/*
 * Values, each perhaps with the trace that it comes from, in chunks that are never moved: 8 bytes a
 * value (16 with traces), and at most an eighth more, or 64 KiB.  A zeroed struct is empty;
 * with_traces is set before the first value.
 */
struct sl_sampled {
	int64_t value;
	uint64_t trace; /* sl_fnv1a of its id */
};

enum { SL_SAMPLES_IN_CHUNK = 8192 }; /* at most */

struct sl_sample_chunk {
	struct sl_sample_chunk *next;
	uint32_t count, capacity;
	/* behind it: int64_t, or struct sl_sampled */
};

struct sl_samples {
	struct sl_sample_chunk *first, *last;
	uint64_t count;
	bool with_traces;
};

bool sl_samples_grow(struct sl_samples *samples);

static inline int64_t *sl_chunk_values(struct sl_sample_chunk *chunk)
{
	return (int64_t *)(void *)(chunk + 1);
}

static inline struct sl_sampled *sl_chunk_samples(struct sl_sample_chunk *chunk)
{
	return (struct sl_sampled *)(void *)(chunk + 1);
}

/* `trace` counts only with traces.  False: no memory. */
SL_MUST_USE static inline bool sl_samples_add(struct sl_samples *samples, int64_t value,
					      uint64_t trace)
{
	struct sl_sample_chunk *chunk = samples->last;

	if (SL_UNLIKELY(chunk == NULL || chunk->count == chunk->capacity)) {
		if (!sl_samples_grow(samples))
			return false;
		chunk = samples->last;
	}
	if (samples->with_traces)
		sl_chunk_samples(chunk)[chunk->count] = (struct sl_sampled){ value, trace };
	else
		sl_chunk_values(chunk)[chunk->count] = value;
	chunk->count++;
	samples->count++;
	return true;
}

/* Moves all of `from` into `into`, nothing is copied; `from` is empty then.  Both are with traces,
 * or neither is. */
void sl_samples_merge(struct sl_samples *into, struct sl_samples *from);
void sl_samples_free(struct sl_samples *samples);
/* The values of `count` ranks (1 to samples->count), in any order; nothing is moved.  Two passes
 * over the values for a rank, or some more.  False: no memory (64 KiB). */
SL_MUST_USE bool sl_samples_select(const struct sl_samples *samples, const uint64_t *ranks,
				   size_t count, int64_t *values);

/*
 * Samples in the order of their values, and for equal values of their traces: each chunk is sorted
 * where it stands, and the chunks are merged as they are read.
 */
struct sl_sample_order {
	struct sl_sample_run *runs; /* a heap, the least first; owned */
	size_t run_count;
	bool with_traces;
};

/* The samples are borrowed until the end.  False: no memory (16 bytes a chunk). */
SL_MUST_USE bool sl_samples_sort(struct sl_samples *samples, struct sl_sample_order *order);
/* False: there are no more.  The trace is 0 without traces. */
bool sl_sample_order_next(struct sl_sample_order *order, struct sl_sampled *sample);
void sl_sample_order_free(struct sl_sample_order *order);

/*
 * Counts of values in buckets that are at most twice `error` wide in relation to what they hold, so
 * that the value of a rank is known to within `error` (0.01: 1 %), and the rank exactly.  Memory
 * depends on the range of the values only (1 %: 512 bytes for each doubling).  Buckets are integer
 * parts of powers of two: merging is adding, and order is nothing.  A zeroed struct is empty with
 * bits 0; sl_sketch_init sets them.
 */
struct sl_sketch {
	/* Of values from 0 up, and of those below: `capacity` buckets from `first` on; owned. */
	uint64_t *counts[2];
	size_t first[2], capacity[2];
	uint64_t count;
	unsigned bits; /* buckets in a doubling: 2^bits */
};

/* `error` from 0.0001 to 0.5. */
void sl_sketch_init(struct sl_sketch *sketch, double error);
SL_MUST_USE bool sl_sketch_add(struct sl_sketch *sketch, int64_t value, uint64_t times);
/* By the number of the bucket instead, which is below sl_sketch_limit. */
SL_MUST_USE bool sl_sketch_add_bucket(struct sl_sketch *sketch, bool negative, size_t bucket,
				      uint64_t times);
/* Buckets that there can be on either side of 0. */
size_t sl_sketch_limit(const struct sl_sketch *sketch);
/* Both with the same error. */
SL_MUST_USE bool sl_sketch_merge(struct sl_sketch *into, const struct sl_sketch *from);
/* Of the rank, from 1 to count. */
int64_t sl_sketch_value(const struct sl_sketch *sketch, uint64_t rank);
/* The same, where the least and the most of all values are known. */
int64_t sl_sketch_value_between(const struct sl_sketch *sketch, uint64_t rank, int64_t least,
				int64_t most);
void sl_sketch_free(struct sl_sketch *sketch);

/*
 * Random numbers that are the same for the same seed everywhere: SplitMix64 (Steele, Lea and Flood
 * 2014; state += 0x9e3779b97f4a7c15, then its finaliser).  Any state is good.
 */
struct sl_random {
	uint64_t state;
};

static inline uint64_t sl_random_next(struct sl_random *random)
{
	uint64_t bits = random->state += UINT64_C(0x9e3779b97f4a7c15);

	bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
	return bits ^ bits >> 31;
}

/* From 0 to below `bound` (not 0), all alike. */
static inline uint32_t sl_random_below(struct sl_random *random, uint32_t bound)
{
	uint64_t product = (sl_random_next(random) >> 32) * bound;

	/* the first of each 2^32 / bound numbers would come once too often */
	while (SL_UNLIKELY((uint32_t)product < bound) &&
	       (uint32_t)product < (UINT32_MAX - bound + 1) % bound)
		product = (sl_random_next(random) >> 32) * bound;
	return (uint32_t)(product >> 32);
}

/*
 * What changed between two sets of samples with traces.  The samples of one trace go together in
 * all that is drawn at random, since they are not independent of each other; which traces there
 * are, and in which order, does not matter.
 *
 * Each side is kept as its values in order, each with the number of its trace: 12 bytes a value.
 * What is drawn are traces, so that a resample costs their number and not that of the values: a
 * quantile is looked for in a window of the ordered values that is some six standard deviations of
 * its rank to either side, and of what lies below the window only the count for each trace is
 * known.  Where a resample's quantile lies outside, the window is doubled.  Of more than 2,048
 * traces several are drawn together (for the permutation: where both sides have so many).
 */
struct sl_change;

/* *change is owned; the samples are sorted, not kept, and there is at least one of each.  False: no
 * memory. */
SL_MUST_USE bool sl_change_open(struct sl_change **change, struct sl_samples *before,
				struct sl_samples *now);
void sl_change_close(struct sl_change *change);
/* How many traces there are before (0) and now (1). */
uint64_t sl_change_traces(const struct sl_change *change, unsigned side);
/* The quantile before (0) and now (1). */
int64_t sl_change_quantile(const struct sl_change *change, unsigned side,
			   struct sl_quantile quantile);

struct sl_resampling {
	uint64_t seed;
	uint32_t resamples; /* at least 1 */
};

/*
 * The probability of a change that is at least as large, in either direction, if traces were dealt
 * to the two sides by chance: of the mean rank of all values, and of a quantile.  Traces are dealt
 * until the less likely direction was seen twenty times, which settles a large probability early
 * (Besag and Clifford 1991), and `resamples` times at most: (seen + 1) / (dealt + 1).
 */
struct sl_chance {
	double up, down;
};
SL_MUST_USE bool sl_change_of_ranks(const struct sl_change *change,
				    const struct sl_resampling *resampling,
				    struct sl_chance *chance);
SL_MUST_USE bool sl_change_of_quantile(const struct sl_change *change, struct sl_quantile quantile,
				       const struct sl_resampling *resampling,
				       struct sl_chance *chance);

/* The bootstrap's percentile interval of the quantile now less that before: traces are drawn from
 * each side, with repeats. */
struct sl_change_interval {
	double confidence;
	int64_t low, high;
};
SL_MUST_USE bool sl_change_interval(const struct sl_change *change, struct sl_quantile quantile,
				    const struct sl_resampling *resampling,
				    struct sl_change_interval *interval);

/* Benjamini and Hochberg (1995): each probability becomes the least rate of false discoveries at
 * which it would be one of the discoveries.  False: no memory. */
SL_MUST_USE bool sl_adjust_for_many(double *probabilities, size_t count);

#endif

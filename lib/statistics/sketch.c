/*
 * A sketch: bucket u for a magnitude u below 2^(bits + 1), and above that 2^bits buckets of equal
 * width for each power of two.
 */
#include "spanline/statistics.h"
#include <stdlib.h>

/* Buckets that are added at once, or more. */
enum { STEP = 32 };

void sl_sketch_init(struct sl_sketch *sketch, double error)
{
	*sketch = (struct sl_sketch){ 0 };
	/* the middle of a bucket is at most half its width from what it holds */
	while (error * (double)(UINT64_C(2) << sketch->bits) < 1)
		sketch->bits++;
}

static size_t bucket_of(unsigned bits, uint64_t magnitude)
{
	unsigned exponent = 63 - (unsigned)__builtin_clzll(magnitude | 1);

	if (exponent <= bits)
		return (size_t)magnitude;
	return ((size_t)(exponent - bits) << bits) + (size_t)(magnitude >> (exponent - bits));
}

static int64_t middle_of(unsigned bits, size_t bucket)
{
	size_t doubling = bucket >> bits;
	unsigned shift = doubling > 1 ? (unsigned)doubling - 1 : 0;
	uint64_t least = (uint64_t)(bucket - ((size_t)shift << bits)) << shift;

	least += ((UINT64_C(1) << shift) - 1) / 2;
	return least <= INT64_MAX ? (int64_t)least : INT64_MAX;
}

/* Room from `first` on for `count` buckets, which are as many as there are or more. */
static bool widen(struct sl_sketch *sketch, bool negative, size_t first, size_t count)
{
	size_t before = sketch->capacity[negative];
	size_t behind = before != 0 ? sketch->first[negative] - first : 0;
	uint64_t *counts = realloc(sketch->counts[negative], count * sizeof(*counts));

	if (counts == NULL)
		return false;
	memmove(counts + behind, counts, before * sizeof(*counts));
	memset(counts, 0, behind * sizeof(*counts));
	memset(counts + behind + before, 0, (count - behind - before) * sizeof(*counts));
	sketch->counts[negative] = counts;
	sketch->first[negative] = first;
	sketch->capacity[negative] = count;
	return true;
}

/* Room for the bucket, all new ones 0: on the side where it is missing, and a part more. */
static bool reach(struct sl_sketch *sketch, bool negative, size_t bucket)
{
	size_t first = sketch->first[negative], count = sketch->capacity[negative];
	size_t end = first + count, more = STEP + count / 8;

	if (count == 0)
		return widen(sketch, negative, bucket - bucket % STEP, STEP);
	if (bucket - first < count)
		return true;
	if (bucket < first) {
		bucket -= bucket < more ? bucket : more - 1;
		return widen(sketch, negative, bucket, end - bucket);
	}
	return widen(sketch, negative, first, bucket + more - first);
}

size_t sl_sketch_limit(const struct sl_sketch *sketch)
{
	return bucket_of(sketch->bits, UINT64_C(1) << 63) + 1;
}

bool sl_sketch_add(struct sl_sketch *sketch, int64_t value, uint64_t times)
{
	bool negative = value < 0;
	uint64_t magnitude = negative ? -(uint64_t)value : (uint64_t)value;

	return sl_sketch_add_bucket(sketch, negative, bucket_of(sketch->bits, magnitude), times);
}

bool sl_sketch_add_bucket(struct sl_sketch *sketch, bool negative, size_t bucket, uint64_t times)
{
	if (!reach(sketch, negative, bucket))
		return false;
	sketch->counts[negative][bucket - sketch->first[negative]] += times;
	sketch->count += times;
	return true;
}

bool sl_sketch_merge(struct sl_sketch *into, const struct sl_sketch *from)
{
	for (unsigned side = 0; side < 2; side++)
		for (size_t i = 0; i < from->capacity[side]; i++)
			if (from->counts[side][i] != 0 &&
			    !sl_sketch_add_bucket(into, side != 0, from->first[side] + i,
						  from->counts[side][i]))
				return false;
	return true;
}

int64_t sl_sketch_value(const struct sl_sketch *sketch, uint64_t rank)
{
	size_t bucket = sketch->capacity[1];

	while (bucket-- > 0) {
		if (rank <= sketch->counts[1][bucket])
			return -middle_of(sketch->bits, sketch->first[1] + bucket);
		rank -= sketch->counts[1][bucket];
	}
	for (bucket = 0; rank > sketch->counts[0][bucket]; bucket++)
		rank -= sketch->counts[0][bucket];
	return middle_of(sketch->bits, sketch->first[0] + bucket);
}

int64_t sl_sketch_value_between(const struct sl_sketch *sketch, uint64_t rank, int64_t least,
				int64_t most)
{
	int64_t value = sl_sketch_value(sketch, rank);

	value = value < least ? least : value;
	return value > most ? most : value;
}

void sl_sketch_free(struct sl_sketch *sketch)
{
	free(sketch->counts[0]);
	free(sketch->counts[1]);
	*sketch = (struct sl_sketch){ .bits = sketch->bits };
}

/* Values in chunks: added, merged, and the value of a rank without moving any of them. */
#include "spanline/statistics.h"
#include <stdlib.h>

enum {
	FEWEST = 16,
	DOUBLED = 256,
	MOST_BYTES = SL_SAMPLES_IN_CHUNK * sizeof(int64_t),
	BUCKET_BITS = 12,
	FEW = 4096,
	STACK_BYTES = 8192
};

bool sl_samples_grow(struct sl_samples *samples)
{
	size_t item = samples->with_traces ? sizeof(struct sl_sampled) : sizeof(int64_t);
	/* small ones double: they are many, and each chunk takes an allocation */
	uint64_t capacity = samples->count < DOUBLED ? samples->count : DOUBLED;
	struct sl_sample_chunk *chunk;

	if (capacity < samples->count / 8)
		capacity = samples->count / 8;
	if (capacity < FEWEST)
		capacity = FEWEST;
	if (capacity > MOST_BYTES / item)
		capacity = MOST_BYTES / item;
	chunk = malloc(sizeof(*chunk) + (size_t)capacity * item);
	if (chunk == NULL)
		return false;
	*chunk = (struct sl_sample_chunk){ .capacity = (uint32_t)capacity };
	if (samples->last != NULL)
		samples->last->next = chunk;
	else
		samples->first = chunk;
	samples->last = chunk;
	return true;
}

void sl_samples_merge(struct sl_samples *into, struct sl_samples *from)
{
	if (from->first == NULL)
		return;
	if (into->last != NULL)
		into->last->next = from->first;
	else
		into->first = from->first;
	into->last = from->last;
	into->count += from->count;
	*from = (struct sl_samples){ .with_traces = from->with_traces };
}

void sl_samples_free(struct sl_samples *samples)
{
	for (struct sl_sample_chunk *chunk = samples->first, *next; chunk != NULL; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	*samples = (struct sl_samples){ .with_traces = samples->with_traces };
}

static inline int64_t value_at(const struct sl_samples *samples, struct sl_sample_chunk *chunk,
			       uint32_t at)
{
	return samples->with_traces ? sl_chunk_samples(chunk)[at].value
				    : sl_chunk_values(chunk)[at];
}

/* All values from `least` to `least + width`. */
struct range {
	int64_t least;
	uint64_t width;
};

static struct range whole_range(const struct sl_samples *samples)
{
	int64_t least = INT64_MAX, most = INT64_MIN;

	for (struct sl_sample_chunk *chunk = samples->first; chunk != NULL; chunk = chunk->next)
		for (uint32_t i = 0; i < chunk->count; i++) {
			int64_t value = value_at(samples, chunk, i);

			least = value < least ? value : least;
			most = value > most ? value : most;
		}
	return (struct range){ least, (uint64_t)most - (uint64_t)least };
}

static void count_buckets(const struct sl_samples *samples, struct range range, unsigned shift,
			  uint64_t *buckets)
{
	memset(buckets, 0, sizeof(*buckets) << BUCKET_BITS);
	for (struct sl_sample_chunk *chunk = samples->first; chunk != NULL; chunk = chunk->next)
		for (uint32_t i = 0; i < chunk->count; i++) {
			uint64_t place =
				(uint64_t)value_at(samples, chunk, i) - (uint64_t)range.least;

			if (place <= range.width)
				buckets[place >> shift]++;
		}
}

static size_t gather(const struct sl_samples *samples, struct range range, int64_t *values)
{
	size_t count = 0;

	for (struct sl_sample_chunk *chunk = samples->first; chunk != NULL; chunk = chunk->next)
		for (uint32_t i = 0; i < chunk->count; i++) {
			int64_t value = value_at(samples, chunk, i);

			if ((uint64_t)value - (uint64_t)range.least <= range.width)
				values[count++] = value;
		}
	return count;
}

static unsigned bits_of(uint64_t number)
{
	return number == 0 ? 0 : 64 - (unsigned)__builtin_clzll(number);
}

/* The bucket that holds the rank becomes the range, until it is one value, or holds few. */
static int64_t select_one(const struct sl_samples *samples, struct range range, uint64_t rank,
			  uint64_t *buckets)
{
	int64_t *few = (int64_t *)(void *)(buckets + (1 << BUCKET_BITS));
	uint64_t in_range = samples->count;

	while (in_range > FEW && range.width != 0) {
		unsigned bits = bits_of(range.width);
		unsigned shift = bits > BUCKET_BITS ? bits - BUCKET_BITS : 0;
		uint64_t place = 0, rest;

		count_buckets(samples, range, shift, buckets);
		for (; rank > buckets[place]; place++)
			rank -= buckets[place];
		in_range = buckets[place];
		rest = range.width - (place << shift);
		range.least = (int64_t)((uint64_t)range.least + (place << shift));
		range.width = (UINT64_C(1) << shift) - 1;
		if (range.width > rest)
			range.width = rest;
	}
	if (range.width == 0)
		return range.least;
	return sl_select(few, gather(samples, range, few), rank);
}

/* Of so many that they are left where they are. */
static bool select_of_many(const struct sl_samples *samples, const uint64_t *ranks, size_t count,
			   int64_t *values)
{
	uint64_t *room = malloc((sizeof(*room) << BUCKET_BITS) + FEW * sizeof(int64_t));
	struct range range;

	if (room == NULL)
		return false;
	range = whole_range(samples);
	for (size_t i = 0; i < count; i++)
		values[i] = i != 0 && ranks[i] == ranks[i - 1]
				    ? values[i - 1]
				    : select_one(samples, range, ranks[i], room);
	free(room);
	return true;
}

bool sl_samples_select(const struct sl_samples *samples, const uint64_t *ranks, size_t count,
		       int64_t *values)
{
	const struct range all = { INT64_MIN, UINT64_MAX };
	int64_t few[STACK_BYTES / sizeof(int64_t)];

	if (samples->count > SL_COUNT(few))
		return select_of_many(samples, ranks, count, values);
	gather(samples, all, few);
	for (size_t i = 0; i < count; i++) {
		/* what was in front of a lower rank stays there */
		size_t front = i != 0 && ranks[i] > ranks[i - 1] ? (size_t)ranks[i - 1] : 0;

		values[i] = i != 0 && ranks[i] == ranks[i - 1]
				    ? values[i - 1]
				    : sl_select(few + front, (size_t)samples->count - front,
						ranks[i] - front);
	}
	return true;
}

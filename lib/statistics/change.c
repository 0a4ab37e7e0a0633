/* Two sets of samples as values in order, with the numbers of their traces. */
#include "change.h"
#include <stdlib.h>

static int compare_hashes(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* Sorted, each once; gives how many are left. */
static size_t keep_distinct(uint64_t *hashes, size_t count)
{
	size_t kept = 0;

	qsort(hashes, count, sizeof(*hashes), compare_hashes);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || hashes[i] != hashes[kept - 1])
			hashes[kept++] = hashes[i];
	return kept;
}

static uint32_t number_of(const uint64_t *distinct, size_t count, uint64_t hash)
{
	size_t first = 0;

	while (count > 1) {
		size_t half = count / 2;

		if (distinct[first + half] <= hash)
			first += half;
		count -= half;
	}
	return (uint32_t)first;
}

/* Traces are numbered in the order of their hashes. */
static void number_traces(struct side *side, struct sl_sample_order *order, uint64_t *hashes)
{
	struct sl_sampled sample;
	size_t at = 0;

	side->trace_count = (uint32_t)keep_distinct(hashes, side->count);
	while (sl_sample_order_next(order, &sample)) {
		side->values[at] = sample.value;
		side->traces[at++] = number_of(hashes, side->trace_count, sample.trace);
	}
}

static bool side_init(struct side *side, struct sl_samples *samples)
{
	size_t count = (size_t)samples->count, at = 0;
	uint64_t *hashes = malloc(count * sizeof(*hashes));
	struct sl_sample_order order = { 0 };
	bool good;

	side->count = count;
	side->values = malloc(count * sizeof(*side->values));
	side->traces = malloc(count * sizeof(*side->traces));
	good = hashes != NULL && side->values != NULL && side->traces != NULL &&
	       count < UINT32_MAX && sl_samples_sort(samples, &order);
	if (good) {
		for (struct sl_sample_chunk *chunk = samples->first; chunk != NULL;
		     chunk = chunk->next)
			for (uint32_t i = 0; i < chunk->count; i++)
				hashes[at++] = sl_chunk_samples(chunk)[i].trace;
		number_traces(side, &order, hashes);
	}
	sl_sample_order_free(&order);
	free(hashes);
	return good;
}

bool sl_change_open(struct sl_change **change, struct sl_samples *before, struct sl_samples *now)
{
	*change = calloc(1, sizeof(**change));
	if (*change != NULL && side_init(&(*change)->sides[0], before) &&
	    side_init(&(*change)->sides[1], now))
		return true;
	sl_change_close(*change);
	*change = NULL;
	return false;
}

void sl_change_close(struct sl_change *change)
{
	if (change == NULL)
		return;
	for (unsigned i = 0; i < 2; i++) {
		free(change->sides[i].values);
		free(change->sides[i].traces);
	}
	free(change);
}

uint64_t sl_change_traces(const struct sl_change *change, unsigned side)
{
	return change->sides[side].trace_count;
}

int64_t sl_change_quantile(const struct sl_change *change, unsigned side,
			   struct sl_quantile quantile)
{
	const struct side *of = &change->sides[side];

	return of->values[sl_quantile_rank(quantile, of->count) - 1];
}

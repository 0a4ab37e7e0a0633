/* Samples in order: each chunk sorted, all chunks merged through a heap. */
#include "spanline/statistics.h"
#include <stdlib.h>

/* What is left of one chunk. */
struct sl_sample_run {
	struct sl_sample_chunk *chunk;
	uint32_t at;
};

static int compare_values(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static bool is_before(struct sl_sampled a, struct sl_sampled b)
{
	return a.value < b.value || (a.value == b.value && a.trace < b.trace);
}

static int compare_samples(const void *a, const void *b)
{
	struct sl_sampled left = *(const struct sl_sampled *)a;
	struct sl_sampled right = *(const struct sl_sampled *)b;

	return is_before(right, left) - is_before(left, right);
}

static struct sl_sampled first_of(const struct sl_sample_order *order, struct sl_sample_run run)
{
	if (order->with_traces)
		return sl_chunk_samples(run.chunk)[run.at];
	return (struct sl_sampled){ sl_chunk_values(run.chunk)[run.at], 0 };
}

static void sink(struct sl_sample_order *order, size_t at)
{
	struct sl_sample_run held = order->runs[at];
	struct sl_sampled first = first_of(order, held);

	for (size_t child; (child = 2 * at + 1) < order->run_count; at = child) {
		if (child + 1 < order->run_count &&
		    is_before(first_of(order, order->runs[child + 1]),
			      first_of(order, order->runs[child])))
			child++;
		if (!is_before(first_of(order, order->runs[child]), first))
			break;
		order->runs[at] = order->runs[child];
	}
	order->runs[at] = held;
}

bool sl_samples_sort(struct sl_samples *samples, struct sl_sample_order *order)
{
	size_t count = 0;

	*order = (struct sl_sample_order){ .with_traces = samples->with_traces };
	for (struct sl_sample_chunk *chunk = samples->first; chunk != NULL; chunk = chunk->next)
		count++;
	if (count == 0)
		return true;
	order->runs = calloc(count, sizeof(*order->runs));
	if (order->runs == NULL)
		return false;
	for (struct sl_sample_chunk *chunk = samples->first; chunk != NULL; chunk = chunk->next) {
		if (samples->with_traces)
			qsort(sl_chunk_samples(chunk), chunk->count, sizeof(struct sl_sampled),
			      compare_samples);
		else
			qsort(sl_chunk_values(chunk), chunk->count, sizeof(int64_t),
			      compare_values);
		if (chunk->count != 0)
			order->runs[order->run_count++].chunk = chunk;
	}
	for (size_t i = order->run_count / 2; i > 0; i--)
		sink(order, i - 1);
	return true;
}

bool sl_sample_order_next(struct sl_sample_order *order, struct sl_sampled *sample)
{
	struct sl_sample_run *top = order->runs;

	if (order->run_count == 0)
		return false;
	*sample = first_of(order, *top);
	if (++top->at == top->chunk->count)
		*top = order->runs[--order->run_count];
	if (order->run_count != 0)
		sink(order, 0);
	return true;
}

void sl_sample_order_free(struct sl_sample_order *order)
{
	free(order->runs);
	*order = (struct sl_sample_order){ 0 };
}

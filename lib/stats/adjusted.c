/* Counts by the threshold of sampling. */
#include "groups.h"
#include <stdlib.h>

/* Where the threshold is, or belongs. */
static size_t find_threshold(const struct sl_adjusted *adjusted, uint64_t threshold)
{
	size_t low = 0, high = adjusted->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (adjusted->counts[middle].threshold < threshold)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool add(struct sl_adjusted *adjusted, uint64_t threshold, uint64_t count)
{
	size_t at = find_threshold(adjusted, threshold);

	if (at < adjusted->count && adjusted->counts[at].threshold == threshold) {
		adjusted->counts[at].count += count;
		return true;
	}
	if (!sl_array_reserve((void **)&adjusted->counts, &adjusted->capacity, adjusted->count + 1,
			      sizeof(*adjusted->counts)))
		return false;
	memmove(&adjusted->counts[at + 1], &adjusted->counts[at],
		(adjusted->count++ - at) * sizeof(*adjusted->counts));
	adjusted->counts[at] = (struct sl_sampled_count){ threshold, count };
	return true;
}

bool adjusted_add(struct sl_adjusted *adjusted, const struct sl_span *span)
{
	const struct sl_span *whole = sl_span_whole(span);
	uint64_t threshold;

	if (whole != NULL && sl_sampled_at(whole, &threshold))
		return add(adjusted, threshold, 1);
	adjusted->unknown++;
	return true;
}

bool adjusted_merge(struct sl_adjusted *into, const struct sl_adjusted *from)
{
	into->unknown += from->unknown;
	for (size_t i = 0; i < from->count; i++)
		if (!add(into, from->counts[i].threshold, from->counts[i].count))
			return false;
	return true;
}

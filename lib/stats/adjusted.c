/* Counts by the threshold of sampling. */
#include "groups.h"
#include <stdlib.h>

/* So many new thresholds may wait for the others to be looked through. */
enum { MOST_WAITING = 64 };

static int compare_thresholds(const void *a, const void *b)
{
	const struct sl_sampled_count *one = a, *other = b;

	return one->threshold < other->threshold ? -1 : one->threshold > other->threshold;
}

void adjusted_gather(struct sl_adjusted *adjusted)
{
	size_t kept = 0;

	if (adjusted->sorted == adjusted->count)
		return;
	qsort(adjusted->counts, adjusted->count, sizeof(*adjusted->counts), compare_thresholds);
	for (size_t i = 1; i < adjusted->count; i++) {
		if (adjusted->counts[i].threshold == adjusted->counts[kept].threshold)
			adjusted->counts[kept].count += adjusted->counts[i].count;
		else
			adjusted->counts[++kept] = adjusted->counts[i];
	}
	adjusted->count = adjusted->sorted = kept + 1;
}

/* New thresholds wait behind the sorted ones until they are as many: each span may have its own. */
static bool add(struct sl_adjusted *adjusted, uint64_t threshold, uint64_t count)
{
	struct sl_sampled_count added = { threshold, count }, *same = NULL;

	if (adjusted->sorted != 0)
		same = bsearch(&added, adjusted->counts, adjusted->sorted, sizeof(added),
			       compare_thresholds);
	if (same != NULL) {
		same->count += count;
		return true;
	}
	if (adjusted->count - adjusted->sorted >= MOST_WAITING + adjusted->sorted)
		adjusted_gather(adjusted);
	if (!sl_array_reserve((void **)&adjusted->counts, &adjusted->capacity, adjusted->count + 1,
			      sizeof(*adjusted->counts)))
		return false;
	adjusted->counts[adjusted->count++] = added;
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

/* The two sets: what was counted of their traces, and samples of these. */
#ifndef CONTRAST_SETS_H
#define CONTRAST_SETS_H

#include "record.h"

/* Those with the least hashes of their ids: a heap, the greatest first.  Where they take too many
 * bytes, fewer are kept. */
enum { SAMPLE_BYTES = 128 << 20 };
struct sample {
	struct record **items;
	size_t count, capacity, bytes;
	uint64_t limit; /* 0: not yet known */
};

struct set {
	struct sl_set_figures figures;
	struct sl_sum root_ns;
	struct sl_samples durations; /* of roots, with traces */
	struct sample sample;
};

/* The trace is in that set.  False: no memory. */
SL_MUST_USE bool set_add(struct set *sets, enum sl_set index, struct traits *traits,
			 const struct record *record, uint64_t limit);
/* In the order of their hashes; what is in each, too, so that it can be found. */
void sample_sort(struct sample *sample);
/* Of a sorted sample: whether the trait is there, and the figures of an operation; NULL: it was not
 * called. */
bool record_has(const struct record *record, uint32_t trait);
const struct measured *record_find(const struct record *record, uint32_t operation);
void set_free(struct set *set);

static inline void sum_add_u64(struct sl_sum *sum, uint64_t number)
{
	uint64_t before = sum->low;

	sum->low += number;
	sum->high += sum->low < before;
}

#endif

/* How likely a difference is by chance, if whole traces were dealt to the two sets. */
#ifndef CONTRAST_CHANCE_H
#define CONTRAST_CHANCE_H

#include "sets.h"

/* Of `all` traces that have it, dealt to sets of these sizes, so many or as unexpectedly few in the
 * right one: exactly. */
double chance_of_trait(uint64_t right, uint64_t all, uint64_t left_size, uint64_t right_size);
/* The least that it can be for so many, however they are dealt. */
double chance_at_best(uint64_t all, uint64_t left_size, uint64_t right_size);

/* What is compared by rank. */
struct number {
	enum sl_difference_kind kind;
	uint32_t operation;
	bool is_constant; /* found: all traces are alike */
	double effect, chance;
};

struct dealing {
	const struct set *sets; /* their samples are sorted */
	uint64_t seed;
	double alpha;
	size_t tried; /* differences of all kinds */
};

/* The values of one operation in the samples, where it was called: by number of the trace, those of
 * the left set first. */
struct posting {
	uint32_t trace;
	const struct measured *measured;
};

struct postings {
	struct posting *items;
	size_t *starts; /* by operation, and one more */
};

SL_MUST_USE bool postings_open(struct postings *postings, const struct set *sets,
			       size_t operation_count);
void postings_free(struct postings *postings);

/* Fills in what is found of each.  False: no memory. */
SL_MUST_USE bool chance_of_numbers(const struct dealing *dealing, struct number *numbers,
				   size_t count, const struct postings *postings);

#endif

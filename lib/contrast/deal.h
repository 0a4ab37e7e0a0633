/* Numbers of traces, as they are dealt: a block of them at a time. */
#ifndef CONTRAST_DEAL_H
#define CONTRAST_DEAL_H

#include "chance.h"

enum { BLOCK = 256 }; /* numbers at a time */

struct block {
	const struct dealing *dealing;
	const struct postings *postings;
	uint32_t left, right; /* traces */
	uint32_t drawn;	      /* as many as the smaller set has */
	struct valued *valued;
	int32_t *scores; /* of a trace all numbers, then those of the next */
	uint32_t *order;
	/* of those that are still dealt */
	struct number *numbers[BLOCK];
	int32_t real[BLOCK];
	uint32_t seen[BLOCK];
	size_t count;
};

/* bound.c: what the probability of what is in the column is at most; 1, or wrong, where it cannot
 * be as little as is wanted. */
double bound_of_chance(const struct block *block, size_t column, double wanted);

#endif

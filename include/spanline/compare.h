/*
 * A baseline against now: of each group of spans whether it got slower, faster, stayed as it was,
 * or whether that cannot be said.
 *
 * Two things are compared: the whole distribution, by the mean rank of all values, and its tail, by
 * one quantile (where both sides have traces enough for its interval to end).  How likely a change
 * is to have come by chance is found by dealing whole traces to the two sides (statistics.h); a
 * change counts where the median, or the quantile of the tail, moved by the least effect.  Of two
 * tests the likelier to be real counts, at twice its probability, and over all groups the false
 * discoveries are kept below alpha (Benjamini and Hochberg), slower and faster apart.
 *
 *	regressed     slower by the least effect or more, and not by chance
 *	improved      faster likewise
 *	unchanged     the bootstrap's intervals leave no room for a change by the least effect
 *	inconclusive  none of these: too few traces, or too much noise
 */
#ifndef SPANLINE_COMPARE_H
#define SPANLINE_COMPARE_H

#include "spanline/statistics.h"

enum sl_verdict {
	SL_VERDICT_REGRESSED,
	SL_VERDICT_IMPROVED,
	SL_VERDICT_UNCHANGED,
	SL_VERDICT_INCONCLUSIVE,
	SL_VERDICT_NEW,	     /* the baseline does not have it */
	SL_VERDICT_VANISHED, /* now it is not there */
	SL_VERDICT_COUNT
};
/* "regressed" */
const char *sl_verdict_name(enum sl_verdict verdict);

struct sl_compare_options {
	double alpha;
	/* The least effect: a change that is smaller than either of the two is none. */
	double least_part; /* of the quantile before */
	int64_t least_ns;
	struct sl_quantile tail;
	uint64_t seed;
	uint32_t deals; /* of traces, at most; more where there are many groups */
	uint32_t draws; /* of the bootstrap */
};
/* 0.05; 5 % and 2 ms; p95; 2,000 of each. */
void sl_compare_options_init(struct sl_compare_options *options);
/* "5%,2ms", or one of them: the other is 0 then.  SL_BAD_RECORD: err says what is wrong. */
SL_MUST_USE enum sl_status sl_least_effect_parse(struct sl_slice text,
						 struct sl_compare_options *options,
						 struct sl_error *err);

struct sl_compared {
	struct sl_quantile quantile;
	bool known;  /* on both sides */
	bool tested; /* both have traces enough */
	int64_t before, now;
	int64_t low, high; /* of now less before, at 1 - alpha, where it was tested */
};

struct sl_comparison {
	/* Given: durations with traces (sorted by it), NULL or empty where there are none. */
	struct sl_samples *before, *now;
	uint64_t errors_before, errors_now;
	/* Found. */
	enum sl_verdict verdict;
	bool new_errors; /* errors now, none before */
	uint64_t traces_before, traces_now;
	struct sl_compared median, tail;
	double slower, faster; /* probabilities by chance, adjusted for the number of groups */
};

/* Fills in what is found of each.  The same groups give the same results in any order.  Besides
 * the samples 32 bytes a value of the largest group are taken.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_compare(const struct sl_compare_options *options,
				      struct sl_comparison *groups, size_t count,
				      struct sl_error *err);

/* Which outcomes are bad ones. */
struct sl_fail_when {
	bool verdicts[SL_VERDICT_COUNT];
	bool new_errors;
};
/* "regressed,inconclusive,new-errors"; also the other verdicts.  SL_BAD_RECORD: err says what is
 * wrong. */
SL_MUST_USE enum sl_status sl_fail_when_parse(struct sl_slice list, struct sl_fail_when *when,
					      struct sl_error *err);
bool sl_comparison_fails(const struct sl_comparison *comparison, const struct sl_fail_when *when);

#endif

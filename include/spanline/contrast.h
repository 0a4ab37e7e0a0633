/*
 * Two sets of traces: what is different, and where the time went.
 *
 * What a trace has are traits, each there or not: operations (service and name), edges (an
 * operation that calls another), operations that failed, attributes of any scope by key and by
 * value; and numbers: how often each operation was called, its self time, its time on the critical
 * path, and the root's duration.  The effect of a difference is the probability that a trace of the
 * right set has more than one of the left, less that of the reverse: from -1 to 1 (Cliff's delta;
 * of a trait the difference of the two parts).
 *
 * How likely a difference is by chance is found by dealing whole traces to the two sets.  Of traits
 * all deals are counted (the hypergeometric distribution), of numbers some are drawn, or where they
 * would be too many the probability is bounded; what counts is how far from what is expected, in
 * either direction.  Probabilities are corrected for all that was tried (Benjamini and Hochberg).
 *
 * Not tried, whichever set they are in: what all traces have alike; what too few have for any deal
 * to be unlikely; traits of exactly the same traces more than once; values of near-unique keys,
 * which have more than 1,000 values, or more than half as many as there are traces with the key
 * (ids, times, sizes), and of keys with a value that is a time of day.
 */
#ifndef SPANLINE_CONTRAST_H
#define SPANLINE_CONTRAST_H

#include "spanline/compare.h"
#include "spanline/flow.h"
#include "spanline/select.h"
#include "spanline/traces.h"

/* Left and right: what was there before and what is there now, or the rest and what was asked for.
 */
enum sl_set { SL_SET_LEFT, SL_SET_RIGHT, SL_SET_COUNT };

enum sl_difference_kind {
	SL_DIFFERENCE_OPERATION,
	SL_DIFFERENCE_CALLS,
	SL_DIFFERENCE_EDGE,
	SL_DIFFERENCE_ERRORS,
	SL_DIFFERENCE_ATTRIBUTE, /* a value */
	SL_DIFFERENCE_KEY,
	SL_DIFFERENCE_CRITICAL,
	SL_DIFFERENCE_SELF,
	SL_DIFFERENCE_DURATION, /* of the root */
	SL_DIFFERENCE_KIND_COUNT
};
/* "operation" */
const char *sl_difference_name(enum sl_difference_kind kind);

struct sl_operation_name {
	struct sl_slice service, name;
};

/* A trace by its id, raw; of longer ones the start. */
enum { SL_TRACE_LABEL_BYTES = 23 };
struct sl_trace_label {
	uint64_t hash;
	unsigned char len;
	char id[SL_TRACE_LABEL_BYTES];
};

enum { SL_EXAMPLES = 2 };

struct sl_difference_side {
	uint64_t traces;      /* that have it; of a number, where it is not 0 */
	double mean;	      /* of a number, over all traces: calls, or ns */
	struct sl_sum total;  /* of which that is the mean */
	size_t example_count; /* traces in which it is so, the clearest first */
	struct sl_trace_label examples[SL_EXAMPLES];
};

enum sl_follows {
	SL_FOLLOWS_NOTHING,
	SL_FOLLOWS_SPLIT, /* by what was asked the sets must differ so */
	SL_FOLLOWS_ROW,	  /* another row says the same: of the same traces, or operation */
};

/* Texts are borrowed from the contrast, and are as unsafe as the input. */
struct sl_difference {
	enum sl_difference_kind kind;
	enum sl_follows follows;
	size_t leader;			    /* the row that it follows */
	struct sl_operation_name operation; /* of an edge: who calls */
	struct sl_operation_name callee;    /* of an edge */
	struct sl_slice key;		    /* "span.http.route" */
	struct sl_slice value;		    /* plain JSON, perhaps only its start */
	double effect;
	double chance; /* of this alone */
	double p;      /* corrected */
	struct sl_difference_side sides[SL_SET_COUNT];
};
/* A number, not a trait. */
bool sl_difference_is_number(enum sl_difference_kind kind);
/* A time, in ns. */
bool sl_difference_is_time(enum sl_difference_kind kind);

/* A part of a change of duration. */
struct sl_share {
	int64_t ns;
	struct sl_operation_name operation; /* what the time was spent in */
	struct sl_operation_name caller;    /* where it was never called in one of the sets */
	bool has_operation, has_caller;	    /* these are known */
	bool is_new, is_gone;		    /* in the right set */
};

struct sl_attribution {
	int64_t left_ns, right_ns;
	int64_t total_ns; /* right less left: the sum of all */
	struct sl_share *shares;
	size_t count; /* the greatest first, none is 0 */
};

struct sl_set_figures {
	uint64_t traces, spans, errors;
};

enum sl_contrast_verdict {
	SL_CONTRAST_DIFFERENT,
	SL_CONTRAST_ALIKE,	  /* nothing that was tried is unlikely by chance */
	SL_CONTRAST_INCONCLUSIVE, /* too few traces for that to mean anything */
};

struct sl_contrast_result {
	struct sl_set_figures sets[SL_SET_COUNT];
	enum sl_contrast_verdict verdict;
	uint64_t tried;		   /* tests: what the same traces have is one */
	uint64_t found;		   /* of them, those of rows */
	struct sl_slice *left_out; /* keys whose values were not tried, by name */
	size_t left_out_count;
	struct sl_difference *rows;
	size_t count;
	struct sl_attribution mean, p95;
	struct sl_comparison duration; /* of the roots */
	bool has_more_errors;	       /* one of the rows says so */
};

struct sl_contrast_options {
	struct sl_selection wanted;   /* traces in which something is found; borrowed */
	const struct sl_query *split; /* or NULL; borrowed */
	bool by_quantile;	      /* the slowest against the rest */
	struct sl_quantile quantile;
	struct sl_traces_options traces;
	uint64_t idle_ns;      /* without a new span for so long, a trace is complete */
	uint64_t (*now)(void); /* ns since 1970 UTC */
	const char *directory; /* for what has to be read again, with by_quantile */
	double alpha;
	uint64_t seed;
	uint64_t sample; /* traces of each set in which numbers are compared, at most */
	struct sl_compare_options comparing; /* of durations */
	/* When all is read. */
	enum sl_status (*report)(void *context, const struct sl_contrast_result *result,
				 struct sl_buffer *out, struct sl_error *err);
	void *context;
};

/*
 * Memory: some 300 bytes for each trait (at most 300,000), a few KiB for each trace of the samples,
 * 16 bytes for each trace; 24 bytes for each worker and operation, key and value.  Gathered are
 * some 150 bytes of each span; whole spans, where the split needs whole traces or `wanted` is not
 * all that is read.  *contrast is owned, the options are borrowed.
 */
struct sl_contrast;
SL_MUST_USE enum sl_status sl_contrast_open(struct sl_contrast **contrast,
					    const struct sl_contrast_options *options,
					    struct sl_error *err);
void sl_contrast_close(struct sl_contrast *contrast); /* also of NULL */
/* What its work needs of spans, and whether they may be lazy (struct sl_decode_options). */
unsigned sl_contrast_needs(const struct sl_contrast *contrast);
bool sl_contrast_is_lazy(const struct sl_contrast *contrast);
/* The work of a flow (flow.h), whose traces are of that set; it is the last one where `report` is
 * called at its end.  With a split the set says nothing. */
struct sl_flow_work sl_contrast_work(struct sl_contrast *contrast, enum sl_set set, bool last);

struct sl_contrast_counts {
	uint64_t limits_hit; /* of regular expressions */
	uint64_t reopened;   /* traces that came again after they were complete */
	uint64_t crowded;    /* operations, edges, keys and values beyond what is kept */
};
struct sl_contrast_counts sl_contrast_counts(const struct sl_contrast *contrast);

#endif

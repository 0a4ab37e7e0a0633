/* What the files of this room share: an assertion in parts, what is collected for it. */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include "spanline/gate.h"

enum measure {
	MEASURE_QUANTILE,
	MEASURE_MIN,
	MEASURE_MAX,
	MEASURE_MEAN,
	MEASURE_COUNT,
	MEASURE_TRACES,
	MEASURE_ERROR_RATE,
	MEASURE_RATE,
	MEASURE_PER_TRACE,
};

enum part { PART_ALL, PART_SELF, PART_CRITICAL };
/* The orders in which the value may stand to the bound. */
enum op {
	OP_LESS = SL_ORDER_LESS,
	OP_LESS_EQUAL = SL_ORDER_LESS | SL_ORDER_EQUAL,
	OP_GREATER = SL_ORDER_GREATER,
	OP_GREATER_EQUAL = SL_ORDER_GREATER | SL_ORDER_EQUAL,
	OP_EQUAL = SL_ORDER_EQUAL,
	OP_UNEQUAL = SL_ORDER_LESS | SL_ORDER_GREATER,
};

/* A number with places: digits / scale. */
struct decimal {
	uint64_t digits, scale;
};

struct gate {
	struct sl_slice text, name; /* in the arena, as all texts */
	struct sl_slice bound_text;
	bool only_warns;
	struct sl_query *query; /* NULL: roots */
	struct sl_query *by;	/* NULL: one group */
	enum part part;
	enum measure measure;
	struct sl_quantile quantile;
	enum op op;
	int64_t bound_ns;     /* of what is_latency */
	struct decimal bound; /* of all else: a count, a part of 1, so many... */
	uint64_t per_ns;      /* ...in so many ns */
};

struct sl_gates {
	struct sl_arena arena;
	struct gate *items;
	size_t count, capacity;
	double error; /* of quantiles; 0: none */
	unsigned needs;
	bool needs_traces;
};

static inline bool is_latency(const struct gate *gate)
{
	return gate->measure <= MEASURE_MEAN;
}

/* Judged at zero where nothing matched. */
static inline bool is_count(const struct gate *gate)
{
	return gate->measure == MEASURE_COUNT || gate->measure == MEASURE_TRACES ||
	       gate->measure == MEASURE_PER_TRACE;
}

/* value.c: reads the bound; false: *fault says why not. */
bool gate_read_bound(struct gate *gate, struct sl_slice text, struct sl_query_fault *fault);

/* worst.c: few traces, those with the largest key; of equal ones the least id. */
struct worst {
	struct {
		int64_t key;
		size_t len;
		char id[16]; /* its start, where it is longer */
	} traces[SL_GATE_WORST];
	size_t count;
};
void worst_offer(struct worst *worst, int64_t key, struct sl_slice trace_id);
void worst_merge(struct worst *into, const struct worst *from);

/* One group of one gate. */
struct tally {
	struct sl_slice key; /* in the watch's arena; data NULL: no by() */
	uint64_t count, errors;
	uint64_t trace, in_trace, most_in_trace; /* the trace last met, its spans */
	int64_t least, most;
	int64_t seconds, ns;	   /* the sum of all, ns being what is below a second of each */
	struct sl_samples samples; /* of quantiles, or the sketch */
	struct sl_sketch sketch;
	struct sl_distinct traces;
	struct worst worst;
};

struct tallies {
	struct tally *items;
	size_t count, capacity;
	struct sl_index index; /* of the items, by their key */
};
/* The tally of that key, a new one where there is none; NULL: no memory. */
struct tally *tallies_find(struct tallies *tallies, struct sl_slice key, struct sl_arena *arena);
void tallies_free(struct tallies *tallies);

struct sl_watch {
	const struct sl_gates *gates;
	struct sl_arena arena;	  /* keys */
	struct tallies *tallies;  /* a gate each */
	struct sl_matcher **asks; /* likewise, NULL without a query */
	struct sl_matcher **keys; /* likewise, NULL without by() */
	struct sl_arena paths;	  /* the critical path of the trace at hand */
	struct sl_buffer key;
	bool *met; /* a gate each: the span at hand */
	uint64_t spans, traces;
	uint64_t start_ns, end_ns; /* of all spans */
	bool any;		   /* span came, if only one that is not wanted */
};

#endif

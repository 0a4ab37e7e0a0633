/*
 * What span-filter does with a stream: the work of its flow (flow.h), span by span or trace by
 * trace.
 */
#ifndef SPANLINE_FILTER_H
#define SPANLINE_FILTER_H

#include "spanline/flow.h"
#include "spanline/select.h"
#include "spanline/traces.h"

/* What is written, counted and limited. */
enum sl_filter_unit {
	SL_FILTER_SPANS,
	SL_FILTER_TRACES,    /* all chosen spans of a trace are one */
	SL_FILTER_TRACE_IDS, /* of traces in which something is chosen */
	SL_FILTER_SPANSETS,  /* one JSON object each, with what by() and aggregates gave */
};

struct sl_filter {
	/* What the command wants; borrowed. */
	struct sl_selection wanted;
	const struct sl_selection *dropped; /* or NULL: none of what was chosen */
	const struct sl_selection *kept;    /* or NULL: traces that sampling leaves alone */
	bool samples;
	uint64_t threshold;			/* of sl_sample */
	const struct sl_projection *projection; /* or NULL: lines */
	struct sl_traces_options traces;
	uint64_t idle_ns;      /* without a new span for so long, a trace is complete */
	uint64_t (*now)(void); /* ns since 1970 UTC */
	enum sl_filter_unit unit;
	uint64_t limit; /* units; UINT64_MAX: all */
	bool reparent;	/* what was left out is bridged */
	bool count_only;
	bool quiet;	/* the first unit is enough, nothing is written */
	bool printable; /* lines are made safe for a terminal */

	/* What came of it. */
	uint64_t matched;    /* units */
	uint64_t limits_hit; /* of regular expressions */
	uint64_t reopened;   /* traces that came again after they were complete */
};

/* Whether traces have to be gathered, and what has to be filled in of spans. */
bool sl_filter_needs_traces(const struct sl_filter *filter);
unsigned sl_filter_needs(const struct sl_filter *filter);
/* What no span that is wanted is without, see sl_query_attribute and sl_query_head. */
bool sl_filter_attribute(const struct sl_filter *filter, struct sl_attribute_test *test);
bool sl_filter_head(const struct sl_filter *filter, struct sl_head_tests *tests);

/* Appends lines for people: the queries, how they are run, what is done besides. */
void sl_filter_explain(const struct sl_filter *filter, struct sl_buffer *out);

/* The filter is borrowed while the flow runs. */
struct sl_flow_work sl_filter_work(struct sl_filter *filter);

#endif

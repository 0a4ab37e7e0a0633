/*
 * Gates: assertions about spans that hold, or do not.
 *
 * Their grammar is in trace-stats(1), from which a test makes them.  A query is TraceQL in braces,
 * "{ ... }", with operators between them; a pipeline stands in parentheses.  Without a query a gate
 * is about the roots of traces (count/trace: about all spans).
 */
#ifndef SPANLINE_GATE_H
#define SPANLINE_GATE_H

#include "spanline/query.h"
#include "spanline/statistics.h"

/* Assertions, checked.  *gates is owned.  SL_FAILED: no memory. */
struct sl_gates;
SL_MUST_USE enum sl_status sl_gates_open(struct sl_gates **gates, struct sl_error *err);
void sl_gates_close(struct sl_gates *gates);
/* One assertion; borrowed for the call.  SL_BAD_RECORD: *fault says where in `text`, and what. */
SL_MUST_USE enum sl_status sl_gates_add(struct sl_gates *gates, struct sl_slice text,
					struct sl_query_fault *fault);
/* One a line; empty lines and those that begin with '#' are none. */
SL_MUST_USE enum sl_status sl_gates_add_lines(struct sl_gates *gates, struct sl_slice text,
					      struct sl_query_fault *fault);
/* Quantiles are looked for in sketches of that error (statistics.h), not among all durations. */
void sl_gates_approximate(struct sl_gates *gates, double error);
size_t sl_gates_count(const struct sl_gates *gates);
/* Bits of enum sl_need; whether whole traces have to be looked at. */
unsigned sl_gates_needs(const struct sl_gates *gates);
bool sl_gates_needs_traces(const struct sl_gates *gates);

/* What one worker has collected.  *watch is owned, the gates are borrowed. */
struct sl_watch;
SL_MUST_USE enum sl_status sl_watch_open(struct sl_watch **watch, const struct sl_gates *gates,
					 struct sl_error *err);
void sl_watch_close(struct sl_watch *watch);
/* There is a span, whether it is wanted or not: counts are judged at 0 then. */
void sl_watch_met(struct sl_watch *watch);
/* One that is wanted, where no traces are needed.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_watch_span(struct sl_watch *watch, const struct sl_span *span,
					 struct sl_error *err);
/* A trace, of which the spans with a flag count.  SL_FAILED also where a query cannot be answered
 * of it. */
SL_MUST_USE enum sl_status sl_watch_trace(struct sl_watch *watch, const struct sl_trace *trace,
					  const bool *chosen, struct sl_error *err);
/* Moves all of `from` into the other.  The result is the same in any order.  SL_FAILED: no
 * memory. */
SL_MUST_USE enum sl_status sl_watch_merge(struct sl_watch *into, struct sl_watch *from,
					  struct sl_error *err);
/* Answers that are not known, see sl_matcher_limits_hit. */
uint64_t sl_watch_limits_hit(const struct sl_watch *watch);

enum sl_verdict_of_gate {
	SL_GATE_HOLDS,
	SL_GATE_WARNS, /* holds by too few spans for its quantile, or does not and only warns */
	SL_GATE_FAILS,
};

#define SL_GATE_WORST 3
struct sl_gate_result {
	struct sl_slice text;  /* the assertion, as it was written */
	struct sl_slice name;  /* empty: none */
	struct sl_slice group; /* with by(): its value; data NULL: none */
	enum sl_verdict_of_gate verdict;
	/* For a person, "512.3ms"; and as a number for JSON: ms, a part of 1, a second's.  Empty:
	 * there is none. */
	char value[40], bound[40];
	char value_number[40], bound_number[40];
	uint64_t spans;
	char why[120]; /* it fails or warns, where that is not the value alone; or empty */
	char worst[SL_GATE_WORST][40]; /* trace ids in hex, the worst first */
	size_t worst_count;
};

struct sl_gate_results {
	struct sl_gate_result *items; /* owned; texts of assertions are borrowed from the gates */
	struct sl_arena arena;	      /* texts of groups */
	size_t count;
	uint64_t failed, warned;
};

struct sl_gate_rules {
	uint64_t least_spans; /* for all but counts */
	bool strict;	      /* the bad end of a quantile's interval is judged */
};

/* In the order of the assertions, their groups by value.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_watch_judge(struct sl_watch *watch, const struct sl_gate_rules *rules,
					  struct sl_gate_results *results, struct sl_error *err);
/* Appends the assertion, and its group in brackets. */
void sl_gate_show_title(const struct sl_gate_result *result, struct sl_buffer *out);
/* Appends "83, bound 12, 201 spans, traces 81ea...". */
void sl_gate_show_finding(const struct sl_gate_result *result, struct sl_buffer *out);
void sl_gate_results_free(struct sl_gate_results *results);

#endif

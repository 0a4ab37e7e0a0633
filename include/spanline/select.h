/*
 * Which spans and traces of a stream: by queries, ids, time, parts and samples.
 */
#ifndef SPANLINE_SELECT_H
#define SPANLINE_SELECT_H

#include "spanline/query.h"

/* A place in time as options take it: RFC 3339 with or without a zone (none: UTC), "2026-11-21",
 * "14:00" and "14:00:05" (of the day of `now_ns`), "now", "now-5m".  False: it is none of these. */
bool sl_parse_when(struct sl_slice text, uint64_t now_ns, uint64_t *unix_ns);

/*
 * Trace ids as a user gives them: hex in either case, whole or only their start; those of 64 bits
 * without some of the zeros before them, too.  A zeroed struct is empty.
 */
struct sl_id_list {
	struct sl_slice *prefixes; /* lower-case hex */
	size_t count;
	size_t capacity;
	struct sl_arena arena;
	bool sorted;
};
/* SL_BAD_RECORD: not hex, or longer than 32 digits. */
SL_MUST_USE enum sl_status sl_id_list_add(struct sl_id_list *list, struct sl_slice prefix,
					  struct sl_error *err);
/* After the last add; drops those that another one begins. */
void sl_id_list_sort(struct sl_id_list *list);
bool sl_id_list_has(const struct sl_id_list *list, struct sl_slice trace_id);
void sl_id_list_free(struct sl_id_list *list);

/*
 * The part of `count` that a trace belongs to, from 0: sl_fnv1a of its id, modulo `count`.  It
 * never changes.
 */
uint64_t sl_shard_of(struct sl_slice trace_id, uint64_t count);

/*
 * Consistent probability sampling: a trace is kept where the randomness of its id, or `rv`, is not
 * below a threshold T of 2^56, and the threshold travels in trace_state as `th`.
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 */
#define SL_SAMPLE_ALL (UINT64_C(1) << 56)

/* "5%", "0.05" or "1/20" of all, as T; false: not above 0 and at most all. */
bool sl_parse_probability(struct sl_slice text, uint64_t *threshold);

/* The threshold at which the span was kept; false: its trace_state does not say, or says what
 * cannot be, since the randomness is below it.  The span is whole. */
bool sl_sampled_at(const struct sl_span *span, uint64_t *threshold);

enum sl_sample {
	SL_SAMPLE_OUT,
	SL_SAMPLE_AS_IT_IS, /* kept, and its trace_state says so already */
	SL_SAMPLE_MARKED,   /* kept, with another trace_state */
};
/*
 * Whether the span stays at `threshold`.  What was sampled before counts: its `th` is only ever
 * raised, one that contradicts the randomness is taken out, one that is missing means that all were
 * kept.  SL_SAMPLE_MARKED: the trace_state that it has now is in *state (emptied first).
 */
enum sl_sample sl_sample(uint64_t threshold, const struct sl_span *span, struct sl_buffer *state);

/* What is wanted of a stream. */
struct sl_selection {
	const struct sl_query *const *queries; /* any of them; none: all spans */
	size_t query_count;
	bool invert;	   /* all the others, of what the following add, too */
	bool whole_traces; /* all spans of a trace in which something is found */
	bool ancestors;	   /* of what is found, too */
	bool descendants;
	uint64_t since_ns;	      /* a span by its start; a trace by the start of its root */
	uint64_t until_ns;	      /* UINT64_MAX: no end; what starts then is not in it */
	const struct sl_id_list *ids; /* or NULL */
	uint64_t shard, shard_count;  /* from 0; shard_count 0: all */
};

/* What has to be filled in of spans. */
unsigned sl_selection_needs(const struct sl_selection *selection);
/* Whether a span alone does not tell: sl_select_trace, not sl_select_span. */
bool sl_selection_needs_traces(const struct sl_selection *selection);

/* What no span that is wanted is without, where a span alone tells: see sl_query_attribute and
 * sl_query_head. */
bool sl_selection_attribute(const struct sl_selection *selection, struct sl_attribute_test *test);
bool sl_selection_head(const struct sl_selection *selection, struct sl_head_tests *tests);

/* One worker's state; *selector is owned, the selection borrowed. */
struct sl_selector;
SL_MUST_USE enum sl_status sl_selector_open(struct sl_selector **selector,
					    const struct sl_selection *selection,
					    struct sl_error *err);
void sl_selector_close(struct sl_selector *selector);
/* Answers that are not known, see sl_matcher_limits_hit; 0 of NULL. */
uint64_t sl_selector_limits_hit(const struct sl_selector *selector);

SL_MUST_USE enum sl_status sl_select_span(struct sl_selector *selector, const struct sl_span *span,
					  bool *chosen, struct sl_error *err);
/* *chosen has a flag for each node of the trace, *count of which are set; borrowed until the next
 * call.  SL_BAD_RECORD: a query cannot be answered of this trace. */
SL_MUST_USE enum sl_status sl_select_trace(struct sl_selector *selector,
					   const struct sl_trace *trace, const bool **chosen,
					   uint32_t *count, struct sl_error *err);

/* Bytes up to the comma that ends the first field of a list: one in quotes or brackets does not. */
size_t sl_column_length(struct sl_slice text);

/*
 * Chosen fields of spans as flat JSON objects: keys of the span line, and TraceQL fields and
 * expressions, as "name,duration_ms,resource.host.name"; the text of each is its key, and each is
 * there once.
 */
struct sl_projection;
/* SL_BAD_RECORD: *fault says what is wrong with `fields`, and where. */
SL_MUST_USE enum sl_status sl_projection_compile(struct sl_projection **projection,
						 struct sl_slice fields,
						 const struct sl_query_options *options,
						 struct sl_query_fault *fault);
void sl_projection_free(struct sl_projection *projection);
unsigned sl_projection_needs(const struct sl_projection *projection);
bool sl_projection_needs_traces(const struct sl_projection *projection);

/* One worker's; the projection is borrowed. */
struct sl_projector;
SL_MUST_USE enum sl_status sl_projector_open(struct sl_projector **projector,
					     const struct sl_projection *projection,
					     struct sl_error *err);
void sl_projector_close(struct sl_projector *projector);
/* Values that are not known, see sl_matcher_limits_hit; 0 of NULL. */
uint64_t sl_projector_limits_hit(const struct sl_projector *projector);
/* A span, and the trace of which it is node number `index`, or NULL where none is needed. */
struct sl_projected {
	const struct sl_span *span;
	const struct sl_trace *trace;
	uint32_t index;
};
/* Appends the object and '\n'.  `trace` may be NULL where it needs none; else the span is its node
 * number `index`. */
SL_MUST_USE enum sl_status sl_project(struct sl_projector *projector, const struct sl_span *span,
				      const struct sl_trace *trace, uint32_t index,
				      struct sl_buffer *out, struct sl_error *err);

/*
 * The same as a line of comma-separated values (RFC 4180, but '\n' ends it): texts as they are,
 * what has no value empty, arrays and maps as JSON.  A cell stands in quotes where it has to.  What
 * cannot be shown in it is counted in `notes`: control characters, as \xHH, and what is no UTF-8.
 */
SL_MUST_USE enum sl_status sl_project_csv(struct sl_projector *projector,
					  const struct sl_projected *from, struct sl_notes *notes,
					  struct sl_buffer *out, struct sl_error *err);
/* The line of the columns' names. */
void sl_project_csv_head(const struct sl_projection *projection, struct sl_buffer *out);

/* A computed value as JSON: durations in ns, times as in RFC 3339, names of kinds and statuses. */
void sl_write_query_value(struct sl_buffer *out, const struct sl_query_value *value);
/* One that is no array as text, which is in `room` or where the value's is; nothing
 * for nil.  *is_text: JSON has it in quotes. */
#define SL_QUERY_VALUE_TEXT 32
struct sl_slice sl_query_value_text(const struct sl_query_value *value,
				    char room[SL_QUERY_VALUE_TEXT], bool *is_text);

/*
 * The parent that each kept span has when the others are gone: the nearest kept ancestor's id, else
 * what the topmost of those that are gone names; nothing where a cycle of parents was cut.
 * `parents` has room for one slice a node; those of spans that are not kept mean nothing.
 */
void sl_reparent(const struct sl_trace *trace, const bool *kept, struct sl_slice *parents);

#endif

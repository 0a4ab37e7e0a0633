/*
 * TraceQL: text into a query, spans and traces through it.
 *
 * The language is Grafana Tempo's (https://grafana.com/docs/tempo/latest/traceql/) with the
 * extensions that whole traces in hand allow; span-filter(1) has the table of differences.
 */
#ifndef SPANLINE_QUERY_H
#define SPANLINE_QUERY_H

#include "spanline/trace.h"

/* What is wrong in a query's text, and where: bytes [at, at + len) of it. */
struct sl_query_fault {
	size_t at;
	size_t len;
	char text[256]; /* "expected a value, found ')'" */
	bool elsewhere; /* nothing is wrong, but it is answered by another command: no place */
};

/* Appends "line 1, column 8: TEXT", the line of the query and a caret line under the place, each
 * ended by '\n'; of what is answered elsewhere TEXT alone.  Control characters are masked, the
 * caret stands under what a terminal shows. */
void sl_query_show_fault(const struct sl_query_fault *fault, struct sl_slice query,
			 struct sl_buffer *out);

struct sl_query;

struct sl_query_options {
	bool tempo;	/* Tempo's language and meaning, nothing more */
	bool unchecked; /* only parsed, to be printed: it may be nothing that can be answered */
};

/*
 * *query is owned; `text` is borrowed for the call only.  Text that is no query is tried as
 * `{ text }`; of two faults the one that got further is told.  SL_BAD_RECORD: *fault says where and
 * what.  SL_FAILED: no memory (fault->text says so).
 */
SL_MUST_USE enum sl_status sl_query_compile(struct sl_query **query, struct sl_slice text,
					    const struct sl_query_options *options,
					    struct sl_query_fault *fault);
void sl_query_free(struct sl_query *query);

/* Appends the tree, every operation in brackets, without a newline. */
void sl_query_print(const struct sl_query *query, struct sl_buffer *out);
/* Appends a line for each regular expression: how it is run. */
void sl_query_print_patterns(const struct sl_query *query, struct sl_buffer *out);

/* Calls `found` for everything that is valid and probably not what was meant. */
void sl_query_lint(const struct sl_query *query,
		   void (*found)(void *context, const struct sl_query_fault *warning),
		   void *context);
/* The part of it that is to be told in every run: durations compared with numbers that have no
 * unit. */
void sl_query_lint_units(const struct sl_query *query,
			 void (*found)(void *context, const struct sl_query_fault *warning),
			 void *context);

/* Calls `found` for each field that select() names, as it stands in the text. */
void sl_query_selected(const struct sl_query *query,
		       void (*found)(void *context, struct sl_slice field), void *context);

/* Calls `found` for each field that the query looks at, perhaps more than once: by the first
 * spelling of the manual ("span:duration"), or its scope and unquoted name ("resource.host.name",
 * ".http.route"); "count()" where spans are counted.  The name is borrowed for the call.  False: no
 * memory. */
SL_MUST_USE bool sl_query_fields(const struct sl_query *query,
				 void (*found)(void *context, struct sl_slice name), void *context);

/* What has to be filled in of spans: bits of enum sl_need. */
unsigned sl_query_needs(const struct sl_query *query);
/* Whether it asks about more than one span at a time: sl_query_trace, not sl_query_span. */
bool sl_query_needs_traces(const struct sl_query *query);
/* What an attribute of every span must be for the query to be true of it; false: there is nothing
 * of the kind.  Borrowed as the query is. */
bool sl_query_attribute(const struct sl_query *query, struct sl_attribute_test *test);
/* The same of a span's head. */
bool sl_query_head(const struct sl_query *query, struct sl_head_tests *tests);

/* One worker's state: stacks, regular expressions' data, counts.  *matcher is owned, the query
 * borrowed; several may use one query at a time. */
struct sl_matcher;
SL_MUST_USE enum sl_status sl_matcher_open(struct sl_matcher **matcher,
					   const struct sl_query *query, struct sl_error *err);
void sl_matcher_close(struct sl_matcher *matcher);
/* How often a regular expression (or the search for an event and a link) hit its limit: the answer
 * is not known, and nothing matched because of it, negated or not. */
uint64_t sl_matcher_limits_hit(const struct sl_matcher *matcher);

/* Whether the query, which needs no traces, is true of the span.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_query_span(struct sl_matcher *matcher, const struct sl_span *span,
					 bool *matches, struct sl_error *err);

/* A value that a query computes. */
enum sl_query_type {
	SL_TYPE_NIL,
	SL_TYPE_BOOL,
	SL_TYPE_INT,
	SL_TYPE_FLOAT,
	SL_TYPE_STRING,
	SL_TYPE_DURATION, /* ns */
	SL_TYPE_TIME,	  /* ns since 1970 UTC, signed */
	SL_TYPE_STATUS,
	SL_TYPE_KIND,
	SL_TYPE_ARRAY,
	SL_TYPE_DYNAMIC, /* of an attribute: known when a span is there */
};

struct sl_query_value {
	enum sl_query_type type;
	union {
		bool boolean;
		int64_t integer; /* SL_TYPE_INT, _DURATION, _TIME, _STATUS, _KIND */
		double number;
		struct sl_slice text;
		struct sl_attributes list; /* SL_TYPE_ARRAY: its members have no keys */
	};
};

struct sl_named_value {
	struct sl_slice name; /* as sl_query_print writes it: `by(resource."host.name")` */
	struct sl_query_value value;
};

/* Some spans of one trace: indexes into its nodes, ascending. */
struct sl_spanset {
	const uint32_t *spans;
	uint32_t count;
	const struct sl_named_value *values; /* of by(), and of the aggregates that were compared */
	size_t value_count;
};

/*
 * The spansets of the trace that the query finds; none: it does not match.  *sets is borrowed until
 * the matcher's next call.  Also for queries that need no traces.  SL_BAD_RECORD: the query cannot
 * be answered (an operand of a structural operator with several spansets).  SL_FAILED: no memory.
 */
SL_MUST_USE enum sl_status sl_query_trace(struct sl_matcher *matcher, const struct sl_trace *trace,
					  const struct sl_spanset **sets, size_t *count,
					  struct sl_error *err);

/* The field of `select(...)`, `by(...)` or `--fields` by itself: an expression without braces. */
SL_MUST_USE enum sl_status sl_query_compile_field(struct sl_query **query, struct sl_slice text,
						  const struct sl_query_options *options,
						  struct sl_query_fault *fault);
/* Its value of one span; SL_TYPE_NIL where there is none.  `trace` may be NULL where the expression
 * needs none.  Borrowed until the matcher's next call. */
SL_MUST_USE enum sl_status sl_query_value(struct sl_matcher *matcher, const struct sl_span *span,
					  const struct sl_trace *trace, uint32_t index,
					  struct sl_query_value *value, struct sl_error *err);

#endif

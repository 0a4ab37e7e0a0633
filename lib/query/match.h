/*
 * Evaluation: what the files behind the tree share.
 *
 * value.c compares and computes, field.c reads spans, evaluate.c walks expressions, program.c makes
 * flat tests of filters, pipeline.c runs stages over the spansets of a trace.
 */
#ifndef QUERY_MATCH_H
#define QUERY_MATCH_H

#include "node.h"

/* UNKNOWN: a regular expression hit its limit. */
enum answer { NO, YES, UNKNOWN };

/* regex.c: one worker's stacks and match data. */
struct regex_state;
SL_MUST_USE struct regex_state *regex_state_open(const struct sl_query *query);
void regex_state_close(struct regex_state *state);
const struct query_regex *query_regex(const struct sl_query *query, unsigned number);
enum answer regex_match(struct regex_state *state, const struct query_regex *regex,
			struct sl_slice subject);
uint64_t regex_limits_hit(const struct regex_state *state);

/* What a table finds by the address of a part of the tree. */
struct found {
	const void *key;
	const struct program *program; /* of a filter */
	struct sl_slice name;	       /* of a grouping and an aggregate, as it is printed */
	/* of a negation and of the aggregate of a pipeline: what it gave for the subject with that
	 * number */
	uint64_t subject;
	struct sl_query_value value;
};

struct table {
	struct found *slots;
	size_t mask;
};

/*
 * One test of a program, and where to go on.  Tests of header fields are made of a range or a text;
 * an attribute is compared with a constant; all else is an expression.
 */
enum test_kind {
	TEST_REJECTED, /* the two ends */
	TEST_ACCEPTED,
	TEST_STATUS,
	TEST_KIND,
	TEST_DURATION,
	TEST_SERVICE,
	TEST_NAME,
	TEST_STATUS_MESSAGE,
	TEST_TRACE_ID, /* integer order of bytes, so without leading zeros */
	TEST_SPAN_ID,
	TEST_PARENT_ID,
	TEST_ATTRIBUTE,	  /* of the owner `owner` */
	TEST_UNSCOPED,	  /* of span or resource, or else as an expression */
	TEST_NOT_REFUTED, /* unscoped: false only if span or resource has it, and another value */
	TEST_EXPRESSION,
};

struct test {
	enum test_kind kind;
	enum operator op;
	const struct test *when_true;
	const struct test *when_false;
	bool negated; /* below an odd number of negations */
	bool outside; /* of a range: true outside of it */
	enum sl_owner owner;
	int64_t low;
	uint64_t width; /* of a range: highest less lowest */
	struct sl_slice text;
	struct sl_slice key;
	struct sl_query_value constant;
	const struct expression *expression;
};

struct program {
	const struct test *entry;
};

/*
 * What an expression is asked about.  Of events and links one each is bound at a time, and
 * `met_*` says whether the answer looked at it.
 */
struct context {
	struct sl_matcher *matcher;
	const struct sl_span *span;
	const struct sl_trace *trace; /* or NULL */
	uint32_t index;
	bool negated; /* below an odd number of negations: what is unknown counts as true */
	bool of_parent;
	bool whole_known;
	const struct sl_span *whole; /* NULL: damaged */
	size_t event, link;
	bool met_events, met_links;
};

struct sl_matcher {
	const struct sl_query *query;
	struct regex_state *regexes;
	struct sl_arena own;	     /* of the matcher */
	struct sl_arena arena;	     /* of one call */
	struct program span_program; /* of queries that need no traces */
	struct context of_span;	     /* of these too: what is set once for all spans */
	struct table table;
	uint64_t subject;    /* number of what is asked about */
	uint64_t limits_hit; /* besides those of regular expressions */
	bool failed;	     /* no memory in this call */
	bool keeps_self_times;
	int64_t *self_times; /* of the call's trace, INT64_MIN: not computed yet; or NULL */
};

/* value.c */
bool value_is_true(const struct sl_query_value *value);
bool value_is_number(const struct sl_query_value *value);
struct sl_query_value value_of_attribute(const struct sl_value *value);
/* False where there is nil, or where the types do not match. */
bool value_compare(enum operator op, const struct sl_query_value *left,
		   const struct sl_query_value *right);
struct sl_query_value value_compute(enum operator op, const struct sl_query_value *left,
				    const struct sl_query_value *right);
struct sl_query_value value_negate(const struct sl_query_value *value);
struct sl_query_value value_bool(bool claim);
struct sl_query_value value_int(enum sl_query_type type, int64_t integer);
struct sl_query_value value_float(double number);
struct sl_query_value value_text(struct sl_slice text);
/* For groups: same type and same value, NaN equal to itself. */
bool value_equal(const struct sl_query_value *a, const struct sl_query_value *b);
uint64_t value_hash(const struct sl_query_value *value);

/* comparison.c: a field and a constant, which may be computed, in either order.  With a regular
 * expression the constant is its pattern. */
struct comparison {
	enum operator op; /* field OP constant */
	const struct field *field;
	struct sl_query_value constant;
};
bool comparison_of(const struct expression *expression, struct comparison *comparison);
/* attribute.c: a text that JSON may show as it is, in UTF-8. */
bool query_is_plain(struct sl_slice text);
/* An id in hex as the language shows it, in lower case: text.len / 2 bytes.  False: it is none. */
bool id_of_text(struct sl_slice text, char *bytes);

/* field.c */
static inline struct context context_of_span(struct sl_matcher *matcher, const struct sl_span *span)
{
	matcher->subject++;
	return (struct context){ .matcher = matcher, .span = span };
}

static inline struct context context_of_node(struct sl_matcher *matcher,
					     const struct sl_trace *trace, uint32_t index)
{
	struct context context = context_of_span(matcher, trace->nodes[index].span);

	context.trace = trace;
	context.index = index;
	return context;
}

/* The span with everything filled in; sl_span_empty where it is damaged. */
const struct sl_span *context_whole(struct context *context);
/* The same for its events and links alone, which it mostly has not: then nothing is read. */
const struct sl_span *context_lists(struct context *context);
struct sl_query_value field_value(struct context *context, const struct field *field);
/* resource.service.name, whatever it is. */
struct sl_query_value span_service(const struct sl_span *span);

/* evaluate.c */
struct sl_query_value expression_value(struct context *context,
				       const struct expression *expression);
/* Whether it is true for one of the events and links: see there. */
bool expression_holds(struct context *context, const struct expression *expression);
/* The first of the values that it has with each of the events and links and that is not nil; of a
 * claim, whether it is true with any. */
struct sl_query_value expression_first(struct context *context,
				       const struct expression *expression);
/* The answer of a regular expression, where what is unknown must not make a filter true. */
bool regex_holds(struct context *context, const struct expression *expression,
		 const struct sl_query_value *subject);

/* program.c */
SL_MUST_USE bool program_of_filter(struct sl_arena *arena, const struct sl_query *query,
				   const struct expression *expression, struct program *program);
/* Of the query's pipeline, which needs no traces. */
SL_MUST_USE bool program_of_pipeline(struct sl_arena *arena, const struct sl_query *query,
				     struct program *program);
/* Whether the answer may depend on the event or link that is bound. */
bool expression_meets_lists(const struct expression *expression);

/* test.c */
bool program_run(const struct program *program, struct context *context);

/* walk.c: calls for every stage and every expression, operands included.  Any may be NULL. */
struct walker {
	void (*stage)(void *context, const struct stage *stage);
	void (*scalar)(void *context, const struct scalar *scalar);
	void (*expression)(void *context, const struct expression *expression);
	void *context;
};
void walk_query(const struct walker *walker, const struct sl_query *query);
void walk_expression(const struct walker *walker, const struct expression *expression);

/* table.c: of all filters, negations, groupings, aggregates and pipelines with aggregates. */
SL_MUST_USE bool table_fill(struct table *table, const struct sl_query *query,
			    struct sl_arena *arena);
/* NULL: it is not in the table. */
struct found *table_find(const struct table *table, const void *key);

/* structure.c: what one trace's structural operators share. */
struct structure {
	const struct sl_trace *trace;
	struct sl_arena *arena;
	bool tempo;
	uint32_t *marks;    /* of each node, and one more of no node */
	uint32_t *counts;   /* valid where marks say so */
	uint32_t *siblings; /* the number of each node's family; NULL: not yet */
	uint32_t mark;	    /* the newest */
};

struct spans {
	uint32_t *items; /* ascending */
	uint32_t count;
};

SL_MUST_USE bool structure_start(struct structure *structure, const struct sl_trace *trace,
				 struct sl_arena *arena, bool tempo);
/* The spans that `left op right` keeps; false: no memory. */
SL_MUST_USE bool structure_apply(struct structure *structure, enum operator op, struct spans left,
				 struct spans right, struct spans *kept);
SL_MUST_USE bool spans_unite(struct sl_arena *arena, struct spans a, struct spans b,
			     struct spans *both);

/* pipeline.c: one evaluation of a trace. */
struct sets {
	struct sl_spanset *items;
	size_t count;
};

struct values {
	struct sl_named_value *items;
	size_t count;
};

struct run {
	struct sl_matcher *matcher;
	uint64_t number; /* as a subject */
	const struct sl_trace *trace;
	struct structure structure;
	struct sl_spanset all;
	bool negated;		 /* below an odd number of negations, as in struct context */
	struct values *compared; /* where aggregates go as well, or NULL */
	struct sl_error *err;
};

SL_MUST_USE enum sl_status run_pipeline(struct run *run, const struct pipeline *pipeline,
					struct sets in, struct sets *out);
/* All spans of the sets, once each. */
SL_MUST_USE enum sl_status run_unite(struct run *run, struct sets sets, struct spans *united);

/* group.c */
SL_MUST_USE enum sl_status run_by(struct run *run, const struct stage *stage, struct sets in,
				  struct sets *out);

/* scalar.c */
SL_MUST_USE enum sl_status scalar_value(struct run *run, const struct scalar *scalar,
					const struct sl_spanset *set, struct sl_query_value *value);
/* `stage` compares; *holds, and the set's values with those of the aggregates. */
SL_MUST_USE enum sl_status scalar_compare(struct run *run, const struct stage *stage,
					  struct sl_spanset *set, bool *holds);

#endif

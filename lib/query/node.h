/*
 * The tree of a query, as the parser leaves it: checked, nothing folded but what --ast shows folded
 * too.  All of it lives in the query's arena.  Names are those of the TraceQL documentation.
 */
#ifndef QUERY_NODE_H
#define QUERY_NODE_H

#include "spanline/query.h"

/* Brackets and prefixes may stand in each other this deep. */
#define QUERY_DEPTH_LIMIT 200
/* No tree is higher than this, pipelines in brackets included: what walks it may recurse.  Chains
 * of operators are as high as they are long. */
#define QUERY_HEIGHT_LIMIT 1000
#define QUERY_TEXT_LIMIT   ((size_t)64 * 1024)

/* Bytes [at, at + len) of the query's text. */
struct place {
	size_t at;
	size_t len;
};

enum operator{
	OP_NONE,
	/* of field expressions and scalars */
	OP_OR,
	OP_AND,
	OP_EQUAL,
	OP_NOT_EQUAL,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_REGEX,
	OP_NOT_REGEX,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_MODULO,
	OP_POWER,
	OP_NOT,	   /* unary */
	OP_NEGATE, /* unary */
	OP_IS_NIL, /* unary: x = nil */
	OP_IS_NOT_NIL,
	/* of spansets, besides OP_OR and OP_AND: for each relation the plain, the negated and the
	 * union form */
	OP_CHILD, /* L > R */
	OP_PARENT,
	OP_DESCENDANT, /* L >> R */
	OP_ANCESTOR,
	OP_SIBLING,
	OP_NOT_CHILD,
	OP_NOT_PARENT,
	OP_NOT_DESCENDANT,
	OP_NOT_ANCESTOR,
	OP_NOT_SIBLING,
	OP_UNION_CHILD,
	OP_UNION_PARENT,
	OP_UNION_DESCENDANT,
	OP_UNION_ANCESTOR,
	OP_UNION_SIBLING,
	OP_COUNT
};

enum scope {
	SCOPE_NONE, /* unscoped: the first of those below that has it */
	SCOPE_SPAN,
	SCOPE_RESOURCE,
	SCOPE_EVENT,
	SCOPE_LINK,
	SCOPE_INSTRUMENTATION,
	SCOPE_INTRINSIC,
};

/* One row of intrinsics.c each: its spellings, its type, what it is. */
enum intrinsic {
	INTRINSIC_NONE,
	INTRINSIC_DURATION,
	INTRINSIC_NAME,
	INTRINSIC_STATUS,
	INTRINSIC_STATUS_MESSAGE,
	INTRINSIC_KIND,
	INTRINSIC_SPAN_ID,
	INTRINSIC_PARENT_ID,
	INTRINSIC_CHILD_COUNT,
	INTRINSIC_TRACE_ID,
	INTRINSIC_TRACE_DURATION,
	INTRINSIC_ROOT_NAME,
	INTRINSIC_ROOT_SERVICE,
	INTRINSIC_NESTED_SET_LEFT,
	INTRINSIC_NESTED_SET_RIGHT,
	INTRINSIC_NESTED_SET_PARENT,
	INTRINSIC_EVENT_NAME,
	INTRINSIC_EVENT_TIME_SINCE_START,
	INTRINSIC_LINK_TRACE_ID,
	INTRINSIC_LINK_SPAN_ID,
	INTRINSIC_INSTRUMENTATION_NAME,
	INTRINSIC_INSTRUMENTATION_VERSION,
	INTRINSIC_PARENT, /* `parent` itself, compared with nil */
	/* extensions */
	INTRINSIC_SERVICE,	    /* service */
	INTRINSIC_START,	    /* start: SL_TYPE_TIME */
	INTRINSIC_DURATION_MS,	    /* duration_ms: SL_TYPE_FLOAT */
	INTRINSIC_ROOT,		    /* root: is it the root of its trace */
	INTRINSIC_SELF_TIME,	    /* span:selfTime */
	INTRINSIC_TRACE_SPAN_COUNT, /* trace:spanCount */
	INTRINSIC_COUNT
};

struct field {
	enum scope scope;
	enum intrinsic intrinsic; /* of SCOPE_INTRINSIC */
	bool of_parent;		  /* parent.x, parent.span.x, parent.duration: of the parent span */
	struct sl_slice name;	  /* of an attribute, unquoted */
};

enum expression_kind {
	EXPRESSION_CONSTANT,
	EXPRESSION_FIELD,
	EXPRESSION_UNARY,
	EXPRESSION_BINARY,
};

struct expression {
	enum expression_kind kind;
	unsigned height;	 /* 1 for what has no operands */
	bool bracketed;		 /* in the text */
	enum sl_query_type type; /* static; SL_TYPE_DYNAMIC for attributes */
	struct place place;
	enum operator op;	 /* of unary and binary */
	struct expression *left; /* of unary: its operand */
	struct expression *right;
	union {
		struct sl_query_value constant;
		struct field field;
	};
	/* Number of this regular expression among those of the query, where op is OP_REGEX or
	 * OP_NOT_REGEX: its pattern is the right side, folded into `pattern`. */
	unsigned regex;
	struct sl_slice pattern;
};

enum aggregate { AGGREGATE_COUNT, AGGREGATE_MIN, AGGREGATE_MAX, AGGREGATE_AVG, AGGREGATE_SUM };

enum scalar_kind {
	SCALAR_CONSTANT,
	SCALAR_AGGREGATE,
	SCALAR_NEGATE,
	SCALAR_BINARY,
	SCALAR_PIPELINE, /* (spansets | aggregate), of the whole trace */
};

struct pipeline;

struct scalar {
	enum scalar_kind kind;
	unsigned height;
	enum sl_query_type type;
	struct place place;
	union {
		struct sl_query_value constant;
		struct {
			enum aggregate aggregate;
			struct expression *argument; /* NULL: count() */
		};
		struct {
			enum operator op;
			struct scalar *left; /* of a negation: its operand */
			struct scalar *right;
		};
		struct {
			struct pipeline *pipeline;
			struct scalar *last; /* the aggregate behind the last '|' */
		};
	};
};

enum stage_kind {
	STAGE_FILTER,	/* { expression } */
	STAGE_OPERATOR, /* left op right, both spansets */
	STAGE_NOT,	/* extension: all spans, if `left` finds nothing */
	STAGE_PIPELINE, /* ( pipeline ), an operand */
	STAGE_COMPARE,	/* scalar op scalar */
	STAGE_BY,
	STAGE_COALESCE,
	STAGE_SELECT,
};

struct stage {
	enum stage_kind kind;
	unsigned height;
	bool bracketed; /* in the text */
	struct place place;
	union {
		struct expression *expression; /* FILTER, BY */
		struct {
			enum operator op;
			struct stage *left;
			struct stage *right;
		};
		struct pipeline *pipeline;
		struct {
			enum operator comparison;
			struct scalar *left_scalar;
			struct scalar *right_scalar;
		};
		struct {
			struct expression **fields;
			size_t field_count;
		};
	};
};

struct pipeline {
	struct stage **stages;
	size_t count;
	unsigned height; /* of the highest stage */
};

struct sl_query {
	struct sl_arena arena;
	struct sl_slice text; /* as it was given; a copy */
	bool tempo;
	bool braced; /* a bare condition: the braces are not in the text */
	struct pipeline pipeline;
	struct expression *field;    /* of sl_query_compile_field; else NULL */
	struct expression **regexes; /* by their numbers */
	unsigned regex_count;
	struct query_regex *compiled; /* regex_count of them; NULL: none yet */
	/* set by compiling (needs.c) */
	unsigned needs;
	bool needs_traces;
};

/* Where an operator may stand. */
enum operator_use { USE_EXPRESSION = 1 << 0, USE_SPANSET = 1 << 1, USE_SCALAR = 1 << 2 };

/* operators.c: one row an operator. */
struct operator_row {
	const char *text;
	const char *what;
	unsigned level; /* binds tighter than all of lower levels */
	unsigned uses;	/* bits of enum operator_use; 0: not between two operands */
	bool right;	/* associates to the right */
};
const struct operator_row *operator_row(enum operator op);
const char *operator_text(enum operator op);
/* OP_NONE: no such operator there. */
enum operator operator_find(struct sl_slice text, enum operator_use use);
bool operator_compares(enum operator op); /* = != < <= > >= */

/* intrinsics.c: one row an intrinsic. */
struct intrinsic_row {
	const char *name;  /* as sl_query_print writes it */
	const char *other; /* Tempo's other spelling, or NULL */
	const char *field; /* the span line's key, an extension, or NULL */
	enum sl_query_type type;
	bool may_lack; /* there are spans without it, of which "= nil" is true */
	bool extension;
	const char *what;
};
const struct intrinsic_row *intrinsic_row(enum intrinsic intrinsic);
/* INTRINSIC_NONE: no such spelling, or it is an extension and `tempo` is set. */
enum intrinsic intrinsic_find(struct sl_slice spelling, bool tempo);
/* The spelling that was probably meant, or NULL: another case, or the scope left out. */
const char *intrinsic_near(struct sl_slice spelling, bool tempo);

const char *aggregate_text(enum aggregate aggregate); /* parse_scalar.c: "count" */

/* "a duration", "a string": what faults call a type. */
const char *type_name(enum sl_query_type type);
bool type_is_numeric(enum sl_query_type type);

/* parse.c: text into the tree (query->pipeline, or query->field); check.c: types, and what cannot
 * be answered. */
SL_MUST_USE enum sl_status query_parse(struct sl_query *query, struct sl_query_fault *fault);
SL_MUST_USE enum sl_status query_parse_field(struct sl_query *query, struct sl_query_fault *fault);
SL_MUST_USE enum sl_status query_check(struct sl_query *query, struct sl_query_fault *fault);
/* print.c: parts as sl_query_print writes them. */
void query_print_scalar(const struct scalar *scalar, bool tempo, struct sl_buffer *out);
void query_print_stage(const struct stage *stage, bool tempo, struct sl_buffer *out);
/* needs.c: what the query needs of spans. */
void query_find_needs(struct sl_query *query);
/* regex.c: compiles all patterns; SL_BAD_RECORD: *fault has PCRE2's words, at the pattern's place.
 * What is compiled is given back by query_free_regexes, also after a failure. */
SL_MUST_USE enum sl_status query_compile_regexes(struct sl_query *query,
						 struct sl_query_fault *fault);
void query_free_regexes(struct sl_query *query);

#endif

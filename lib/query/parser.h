/* What the files of the parser share: tokens, one token ahead, and the first fault. */
#ifndef QUERY_PARSER_H
#define QUERY_PARSER_H

#include "node.h"

enum token_kind {
	TOKEN_END,
	TOKEN_BAD,   /* there is a fault, and no more tokens */
	TOKEN_WORD,  /* name, count, true */
	TOKEN_FIELD, /* .a, span.a, parent.a, span:name */
	TOKEN_VALUE, /* number, duration, string */
	TOKEN_SYMBOL,
};

struct token {
	enum token_kind kind;
	struct place place;
	struct sl_slice text; /* as it stands in the query */
	struct sl_query_value value;
	struct field field;
	bool huge; /* the number 2^63, which fits behind '-' only */
};

struct parser {
	struct sl_query *query;
	struct sl_query_fault *fault;
	enum sl_status status; /* SL_OK until the first fault; later ones change nothing */
	size_t at;	       /* behind the token */
	size_t last_end;       /* of the token before it */
	size_t reached;	       /* how far the text had been read at the first fault */
	struct token token;
	unsigned depth;
};

/* lex.c: the next token into parser->token. */
void parser_advance(struct parser *parser);
/* lex_text.c: from parser->at on, which stands behind what told them (but at the quote). */
bool lex_string(struct parser *parser, struct sl_slice *text);
bool lex_attribute_name(struct parser *parser, struct sl_slice *name, bool *quoted);

/* parse.c */
/* Keeps the first fault; false and NULL are what their callers return. */
SL_PRINTF(3, 4)
bool parser_fault(struct parser *parser, struct place place, const char *format, ...);
bool parser_no_memory(struct parser *parser);
/* "expected WHAT, found TOKEN", or how it is to be spelled. */
bool parser_expected(struct parser *parser, const char *what);
bool parser_is_symbol(const struct parser *parser, const char *symbol);
bool parser_is_word(const struct parser *parser, const char *word);
bool parser_take(struct parser *parser, const char *symbol);	/* true: it was there */
bool parser_require(struct parser *parser, const char *symbol); /* false: fault */
/* Counts brackets in brackets; false: too many.  Each true needs one parser_leave. */
bool parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);
/* From `start` to the end of the last token that was taken. */
struct place parser_place(const struct parser *parser, size_t start);
/* Cleared, in the query's arena; NULL: fault. */
void *parser_alloc(struct parser *parser, size_t size);
/* One more than the higher one; 0: too high, fault. */
unsigned parser_height(struct parser *parser, unsigned left, unsigned right);
/* Appends to an array in the arena whose capacity is the next power of two. */
bool parser_append(struct parser *parser, void ***items, size_t *count, void *item);

/* parse_expression.c: of fields, without braces. */
struct expression *parse_expression(struct parser *parser);
struct expression *parse_attribute(struct parser *parser);

/* What stands between '|' and in brackets. */
enum item_kind {
	ITEM_STAGE,   /* spansets */
	ITEM_COMPARE, /* spansets too, but no operand without brackets */
	ITEM_SCALAR,
	ITEM_METRIC, /* understood, but not kept */
};

struct item {
	enum item_kind kind;
	size_t start;	/* place.at, brackets included */
	bool bracketed; /* in the text */
	bool wrapped;	/* holds a pipeline in brackets */
	bool last;	/* a metric that takes no second stage */
	struct stage *stage;
	struct scalar *scalar;
};

/* parse_item.c: an operand, and operators between operands of `level` and over. */
bool parse_item(struct parser *parser, unsigned level, struct item *item);
/* parse_pipeline.c: up to what is no '|'. */
bool parse_pipeline(struct parser *parser, struct pipeline *pipeline, struct item *last);

/* parse_scalar.c */
struct scalar *parse_scalar_operand(struct parser *parser); /* a constant or an aggregate */
bool parser_at_aggregate(const struct parser *parser);
struct scalar *make_scalar(struct parser *parser, size_t start, enum scalar_kind kind);
struct scalar *make_scalar_negation(struct parser *parser, size_t start, struct scalar *operand);
struct scalar *make_scalar_binary(struct parser *parser, enum operator op, struct scalar *left,
				  struct scalar *right);
bool scalar_has_aggregate(const struct scalar *scalar);
bool scalar_has_pipeline(const struct scalar *scalar);

/* fold_scalar.c: left op right of constants; false: fault. */
bool fold_constants(struct parser *parser, enum operator op, struct scalar *left,
		    const struct scalar *right);

/* parse_metrics.c */
bool parser_at_metric(const struct parser *parser);
bool parse_metric(struct parser *parser, struct item *item);
bool parse_metric_seconds(struct parser *parser, struct item *item);
bool parse_hints(struct parser *parser);

/* A word that has a meaning, and so is no name for a hint. */
bool word_is_reserved(struct sl_slice word);
bool slice_is(struct sl_slice slice, const char *text);

/* fault.c: `text` between single quotes, masked and cut; terminated. */
#define QUOTED_SIZE 64
void quote_text(char out[QUOTED_SIZE], struct sl_slice text);

#endif

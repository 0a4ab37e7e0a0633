/* What all of the parser stands on, and its two doors. */
#include "parser.h"
#include <stdarg.h>
#include <stdio.h>

bool slice_is(struct sl_slice slice, const char *text)
{
	return strlen(text) == slice.len && memcmp(slice.data, text, slice.len) == 0;
}

bool parser_fault(struct parser *parser, struct place place, const char *format, ...)
{
	struct sl_query_fault *fault = parser->fault;
	va_list arguments;

	if (parser->status != SL_OK)
		return false;
	parser->status = SL_BAD_RECORD;
	/* an operand that does not fit is known when what is behind it has been read */
	parser->reached = place.at > parser->token.place.at ? place.at : parser->token.place.at;
	parser->token.kind = TOKEN_BAD;
	*fault = (struct sl_query_fault){ .at = place.at, .len = place.len };
	va_start(arguments, format);
	vsnprintf(fault->text, sizeof(fault->text), format, arguments);
	va_end(arguments);
	return false;
}

bool parser_no_memory(struct parser *parser)
{
	parser_fault(parser, parser->token.place, "no memory");
	parser->status = SL_FAILED;
	return false;
}

/* What is written for something else, mostly in other languages. */
static const char *right_spelling(struct sl_slice text)
{
	static const char *const slips[][2] = {
		{ "==", "=" },	    { "===", "=" },	{ "!==", "!=" },      { "<>", "!=" },
		{ "=>", ">=" },	    { "=<", "<=" },	{ "&", "&&" },	      { "|", "||" },
		{ "and", "&&" },    { "AND", "&&" },	{ "or", "||" },	      { "OR", "||" },
		{ "not", "!" },	    { "NOT", "!" },	{ "like", "=~" },     { "LIKE", "=~" },
		{ "null", "nil" },  { "NULL", "nil" },	{ "Nil", "nil" },     { "None", "nil" },
		{ "True", "true" }, { "TRUE", "true" }, { "False", "false" }, { "FALSE", "false" },
	};

	for (size_t i = 0; i < SL_COUNT(slips); i++)
		if (slice_is(text, slips[i][0]))
			return slips[i][1];
	return NULL;
}

static bool is_unit(struct sl_slice text)
{
	static const char *const units[] = { "ns", "us", "ms", "s", "m", "h", "d", "w", "y" };

	for (size_t i = 0; i < SL_COUNT(units); i++)
		if (slice_is(text, units[i]))
			return true;
	return false;
}

bool parser_expected(struct parser *parser, const char *what)
{
	const struct token *token = &parser->token;
	const char *right = NULL;
	char before =
		(char)(parser->last_end > 0 ? parser->query->text.data[parser->last_end - 1] : ' ');
	char quoted[QUOTED_SIZE];

	if (parser->status != SL_OK)
		return false;
	if (token->kind == TOKEN_END)
		return parser_fault(parser, token->place, "expected %s, found the end", what);
	if (token->kind == TOKEN_WORD || token->kind == TOKEN_SYMBOL)
		right = right_spelling(token->text);
	quote_text(quoted, token->text);
	/* the pipe is misspelt only where the other one could stand */
	if (parser_is_symbol(parser, "|") && strstr(what, "operator") == NULL)
		right = NULL;
	if (right != NULL)
		return parser_fault(parser, token->place, "write '%s' for %s", right, quoted);
	if (slice_is(token->text, "in") || slice_is(token->text, "IN"))
		return parser_fault(parser, token->place,
				    "write a pattern for 'in': =~ \"this|that\"");
	if (token->kind == TOKEN_WORD && before >= '0' && before <= '9' && is_unit(token->text))
		return parser_fault(parser, token->place,
				    "a unit touches its number: no blank before %s", quoted);
	return parser_fault(parser, token->place, "expected %s, found %s", what, quoted);
}

bool parser_is_symbol(const struct parser *parser, const char *symbol)
{
	return parser->token.kind == TOKEN_SYMBOL && slice_is(parser->token.text, symbol);
}

bool parser_is_word(const struct parser *parser, const char *word)
{
	return parser->token.kind == TOKEN_WORD && slice_is(parser->token.text, word);
}

bool parser_take(struct parser *parser, const char *symbol)
{
	if (!parser_is_symbol(parser, symbol))
		return false;
	parser_advance(parser);
	return true;
}

bool parser_require(struct parser *parser, const char *symbol)
{
	char what[8];

	if (parser_take(parser, symbol))
		return parser->status == SL_OK;
	snprintf(what, sizeof(what), "'%s'", symbol);
	return parser_expected(parser, what);
}

bool parser_enter(struct parser *parser)
{
	if (parser->depth < QUERY_DEPTH_LIMIT) {
		parser->depth++;
		return true;
	}
	return parser_fault(parser, parser->token.place, "nested deeper than %d levels",
			    QUERY_DEPTH_LIMIT);
}

void parser_leave(struct parser *parser)
{
	parser->depth--;
}

struct place parser_place(const struct parser *parser, size_t start)
{
	return (struct place){ start, parser->last_end > start ? parser->last_end - start : 0 };
}

void *parser_alloc(struct parser *parser, size_t size)
{
	void *memory = sl_arena_alloc(&parser->query->arena, size);

	if (memory == NULL) {
		parser_no_memory(parser);
		return NULL;
	}
	return memset(memory, 0, size);
}

unsigned parser_height(struct parser *parser, unsigned left, unsigned right)
{
	unsigned height = (left > right ? left : right) + 1;

	if (height <= QUERY_HEIGHT_LIMIT)
		return height;
	parser_fault(parser, parser->token.place,
		     "more than %d operations nested in each other; brackets or a pattern help",
		     QUERY_HEIGHT_LIMIT);
	return 0;
}

bool parser_append(struct parser *parser, void ***items, size_t *count, void *item)
{
	if ((*count & (*count - 1)) == 0) { /* full: 0, 1, 2, 4, 8 */
		size_t capacity = *count == 0 ? 1 : *count * 2;
		void **more = parser_alloc(parser, capacity * sizeof(*more));
		if (more == NULL)
			return false;
		if (*count > 0)
			memcpy(more, *items, *count * sizeof(*more));
		*items = more;
	}
	(*items)[(*count)++] = item;
	return true;
}

static void parser_begin(struct parser *parser, struct sl_query *query,
			 struct sl_query_fault *fault)
{
	*parser = (struct parser){ .query = query, .fault = fault };
	if (query->text.len > QUERY_TEXT_LIMIT)
		parser_fault(parser, (struct place){ QUERY_TEXT_LIMIT, 1 },
			     "the query is longer than 64 KiB");
	parser_advance(parser);
}

/* *reached: how far it was read, where it is none. */
static enum sl_status parse_braced(struct sl_query *query, struct sl_query_fault *fault,
				   size_t *reached)
{
	struct parser parser;
	struct stage *stage;

	parser_begin(&parser, query, fault);
	stage = parser_alloc(&parser, sizeof(*stage));
	if (stage == NULL)
		return parser.status;
	stage->kind = STAGE_FILTER;
	stage->height = 1;
	stage->expression = parse_expression(&parser);
	if (parser_is_symbol(&parser, "|"))
		parser_fault(&parser, parser.token.place,
			     "write '||' for '|', or braces around the condition before it");
	if (parser.token.kind != TOKEN_END)
		parser_expected(&parser, "an operator or the end");
	*reached = parser.reached;
	if (parser.status != SL_OK)
		return parser.status;
	stage->place = parser_place(&parser, 0);
	query->pipeline = (struct pipeline){ 0 };
	void **stages = NULL;
	if (!parser_append(&parser, &stages, &query->pipeline.count, stage))
		return parser.status;
	query->pipeline.stages = (struct stage **)stages;
	query->braced = true;
	return SL_OK;
}

/* What begins no condition. */
static bool at_pipeline_word(const struct parser *parser)
{
	return parser_at_metric(parser) || parser_at_aggregate(parser) ||
	       parser_is_word(parser, "by") || parser_is_word(parser, "select") ||
	       parser_is_word(parser, "coalesce");
}

static const char *expected_behind(const struct item *last)
{
	if (last->kind != ITEM_METRIC)
		return "'|', an operator between spansets or the end";
	return last->last ? "the end" : "'|' or the end";
}

/* *reached is SIZE_MAX where it can be nothing else, well formed or not. */
static enum sl_status parse_whole(struct sl_query *query, struct sl_query_fault *fault,
				  size_t *reached)
{
	struct parser parser;
	struct item last = { 0 };
	bool whole;

	parser_begin(&parser, query, fault);
	if (parser.token.kind == TOKEN_END)
		parser_fault(&parser, parser.token.place, "expected a query, found nothing");
	/* of what begins with no token there is no other reading either */
	whole = parser.status != SL_OK || at_pipeline_word(&parser);
	if (parse_pipeline(&parser, &query->pipeline, &last))
		parse_hints(&parser);
	whole |= last.kind == ITEM_METRIC;
	if (last.kind == ITEM_SCALAR)
		parser_expected(&parser, "a comparison, as in count() > 1");
	else if (parser.token.kind != TOKEN_END)
		parser_expected(&parser, expected_behind(&last));
	else if (last.kind == ITEM_METRIC)
		fault->elsewhere = !parser_fault(&parser, (struct place){ 0, query->text.len },
						 "metrics are answered by trace-stats, not here");
	*reached = whole ? SIZE_MAX : parser.reached;
	return parser.status;
}

enum sl_status query_parse(struct sl_query *query, struct sl_query_fault *fault)
{
	struct sl_query_fault other;
	size_t reached, other_reached = 0;
	enum sl_status status = parse_whole(query, fault, &reached);

	if (status != SL_BAD_RECORD || query->tempo || reached == SIZE_MAX ||
	    query->text.len > QUERY_TEXT_LIMIT)
		return status;
	status = parse_braced(query, &other, &other_reached);
	if (status != SL_OK && (status != SL_BAD_RECORD || other_reached >= reached))
		*fault = other;
	return status;
}

enum sl_status query_parse_field(struct sl_query *query, struct sl_query_fault *fault)
{
	struct parser parser;

	parser_begin(&parser, query, fault);
	if (parser.token.kind == TOKEN_END)
		parser_fault(&parser, parser.token.place, "expected a field, found nothing");
	query->field = parse_expression(&parser);
	if (parser.token.kind != TOKEN_END)
		parser_expected(&parser, "an operator or the end");
	return parser.status;
}

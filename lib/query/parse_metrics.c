/* Metrics, which are understood so that it can be said who answers them, and hints. */
#include "parser.h"

enum arguments { NOTHING, ATTRIBUTE, QUANTILES, COMPARE };

static const struct {
	const char *name;
	enum arguments arguments;
} functions[] = {
	{ "rate", NOTHING },
	{ "count_over_time", NOTHING },
	{ "min_over_time", ATTRIBUTE },
	{ "max_over_time", ATTRIBUTE },
	{ "avg_over_time", ATTRIBUTE },
	{ "sum_over_time", ATTRIBUTE },
	{ "histogram_over_time", ATTRIBUTE },
	{ "quantile_over_time", QUANTILES },
	{ "compare", COMPARE },
};

static size_t find_function(const struct parser *parser)
{
	size_t i = 0;

	while (i < SL_COUNT(functions) && !parser_is_word(parser, functions[i].name))
		i++;
	return i;
}

bool parser_at_metric(const struct parser *parser)
{
	return find_function(parser) < SL_COUNT(functions);
}

static bool is_value(const struct parser *parser, enum sl_query_type type)
{
	return parser->token.kind == TOKEN_VALUE && parser->token.value.type == type;
}

static bool take_integer(struct parser *parser, int64_t least, int64_t most)
{
	if (!is_value(parser, SL_TYPE_INT))
		return parser_expected(parser, "an integer");
	if (parser->token.value.integer < least || parser->token.value.integer > most)
		return parser_fault(parser, parser->token.place,
				    "expected a number from %d to %lld", (int)least,
				    (long long)most);
	parser_advance(parser);
	return true;
}

static bool parse_quantiles(struct parser *parser)
{
	do {
		if (!is_value(parser, SL_TYPE_INT) && !is_value(parser, SL_TYPE_FLOAT))
			return parser_expected(parser, "a number");
		parser_advance(parser);
	} while (parser_take(parser, ","));
	return true;
}

/* { filter } [ , topN [ , start , end ] ] */
static bool parse_comparison(struct parser *parser)
{
	struct item filter;

	if (!parser_is_symbol(parser, "{"))
		return parser_expected(parser, "'{'");
	/* above all operators: one operand */
	if (!parse_item(parser, 7, &filter))
		return false;
	if (!parser_take(parser, ","))
		return true;
	if (!take_integer(parser, 1, 1000))
		return false;
	if (!parser_take(parser, ","))
		return true;
	return take_integer(parser, 0, INT64_MAX) && parser_require(parser, ",") &&
	       take_integer(parser, 0, INT64_MAX);
}

static bool parse_arguments(struct parser *parser, enum arguments arguments)
{
	switch (arguments) {
	case ATTRIBUTE:
		return parse_attribute(parser) != NULL;
	case QUANTILES:
		return parse_attribute(parser) != NULL && parser_require(parser, ",") &&
		       parse_quantiles(parser);
	case COMPARE:
		return parse_comparison(parser);
	default:
		return true;
	}
}

static bool parse_labels(struct parser *parser)
{
	parser_advance(parser);
	if (!parser_require(parser, "("))
		return false;
	do
		if (parse_attribute(parser) == NULL)
			return false;
	while (parser_take(parser, ","));
	return parser_require(parser, ")");
}

bool parse_metric(struct parser *parser, struct item *item)
{
	enum arguments arguments = functions[find_function(parser)].arguments;

	item->kind = ITEM_METRIC;
	item->last = arguments == COMPARE;
	parser_advance(parser);
	if (!parser_require(parser, "(") || !parse_arguments(parser, arguments) ||
	    !parser_require(parser, ")"))
		return false;
	if (parser_is_word(parser, "by") && !item->last)
		return parse_labels(parser);
	return parser->status == SL_OK;
}

static bool parse_constant(struct parser *parser)
{
	parser_take(parser, "-");
	if (parser->token.kind != TOKEN_VALUE || !type_is_numeric(parser->token.value.type))
		return parser_expected(parser, "a number");
	parser_advance(parser);
	return parser->status == SL_OK;
}

static bool at_comparison(const struct parser *parser)
{
	return parser->token.kind == TOKEN_SYMBOL &&
	       operator_compares(operator_find(parser->token.text, USE_SCALAR));
}

bool parse_metric_seconds(struct parser *parser, struct item *item)
{
	while (!item->last) {
		if (parser_take(parser, "|")) {
			if (!parser_is_word(parser, "topk") && !parser_is_word(parser, "bottomk"))
				return parser_expected(parser, "topk or bottomk");
			parser_advance(parser);
			if (!parser_require(parser, "(") || !take_integer(parser, 1, INT64_MAX) ||
			    !parser_require(parser, ")"))
				return false;
		} else if (at_comparison(parser)) {
			parser_advance(parser);
			if (!parse_constant(parser))
				return false;
		} else {
			break;
		}
	}
	return parser->status == SL_OK;
}

/* with(name = value, ...): what Tempo's server is told.  It changes no answer, and is not kept. */
bool parse_hints(struct parser *parser)
{
	while (parser_is_word(parser, "with")) {
		parser_advance(parser);
		if (!parser_require(parser, "("))
			return false;
		do {
			if (parser->token.kind != TOKEN_WORD ||
			    word_is_reserved(parser->token.text))
				return parser_expected(parser, "a hint's name");
			parser_advance(parser);
			if (!parser_require(parser, "="))
				return false;
			if (parser->token.kind != TOKEN_VALUE && parser->token.kind != TOKEN_WORD)
				return parser_expected(parser, "a value");
			parser_advance(parser);
		} while (parser_take(parser, ","));
		if (!parser_require(parser, ")"))
			return false;
	}
	return parser->status == SL_OK;
}

/* What stands between braces: operators of fields and constants, by precedence climbing. */
#include "parser.h"
#include "spanline/span.h"

static struct expression *parse_level(struct parser *parser, unsigned level);

static struct expression *make(struct parser *parser, enum expression_kind kind, size_t start)
{
	struct expression *made = parser_alloc(parser, sizeof(*made));

	if (made == NULL)
		return NULL;
	made->kind = kind;
	made->height = 1;
	made->place = parser_place(parser, start);
	return made;
}

static bool is_nil(const struct expression *expression)
{
	return expression->kind == EXPRESSION_CONSTANT && expression->constant.type == SL_TYPE_NIL;
}

/* NULL where it is nil, which is no operand but of '=' and '!='. */
static struct expression *no_nil(struct parser *parser, struct expression *expression)
{
	if (expression == NULL || !is_nil(expression))
		return expression;
	parser_fault(parser, expression->place, "nil is compared with '=' and '!=' only");
	return NULL;
}

static struct expression *make_unary(struct parser *parser, enum operator op, size_t start,
				     struct expression *operand)
{
	struct expression *made;

	if (operand == NULL)
		return NULL;
	made = make(parser, EXPRESSION_UNARY, start);
	if (made == NULL)
		return NULL;
	made->op = op;
	made->left = operand;
	made->height = parser_height(parser, operand->height, 0);
	return made->height != 0 ? made : NULL;
}

static struct expression *make_binary(struct parser *parser, enum operator op,
				      struct expression *left, struct expression *right)
{
	size_t start = left->place.at;
	struct expression *made;

	if (op == OP_EQUAL || op == OP_NOT_EQUAL) {
		enum operator with_nil = op == OP_EQUAL ? OP_IS_NIL : OP_IS_NOT_NIL;
		if (is_nil(right))
			return make_unary(parser, with_nil, start, left);
		if (is_nil(left))
			return make_unary(parser, with_nil, start, right);
	}
	if (no_nil(parser, left) == NULL || no_nil(parser, right) == NULL)
		return NULL;
	made = make(parser, EXPRESSION_BINARY, start);
	if (made == NULL)
		return NULL;
	made->op = op;
	made->left = left;
	made->right = right;
	made->height = parser_height(parser, left->height, right->height);
	return made->height != 0 ? made : NULL;
}

static bool word_constant(struct sl_slice word, struct sl_query_value *value)
{
	int32_t number;

	*value = (struct sl_query_value){ .type = SL_TYPE_NIL };
	if (slice_is(word, "nil"))
		return true;
	value->type = SL_TYPE_BOOL;
	value->boolean = slice_is(word, "true");
	if (value->boolean || slice_is(word, "false"))
		return true;
	value->type = SL_TYPE_STATUS;
	number = sl_status_parse(word);
	if (number < 0) {
		value->type = SL_TYPE_KIND;
		number = sl_kind_parse(word);
	}
	value->integer = number;
	return number >= 0;
}

bool word_is_reserved(struct sl_slice word)
{
	static const char *const words[] = {
		"by",
		"coalesce",
		"select",
		"with",
		"count",
		"min",
		"max",
		"avg",
		"sum",
		"rate",
		"count_over_time",
		"min_over_time",
		"max_over_time",
		"avg_over_time",
		"sum_over_time",
		"histogram_over_time",
		"compare",
		"quantile_over_time",
		"topk",
		"bottomk",
		"span",
		"resource",
		"event",
		"link",
		"trace",
		"instrumentation",
	};
	struct sl_query_value ignored;

	for (size_t i = 0; i < SL_COUNT(words); i++)
		if (slice_is(word, words[i]))
			return true;
	return word_constant(word, &ignored) || intrinsic_find(word, true) != INTRINSIC_NONE;
}

static struct expression *unknown_word(struct parser *parser)
{
	const struct sl_slice word = parser->token.text;
	const bool tempo = parser->query->tempo;
	const char *near = intrinsic_near(word, tempo);
	struct sl_query_value ignored;
	char quoted[QUOTED_SIZE], small[32];
	size_t len = 0;

	quote_text(quoted, word);
	for (; len < word.len && len < sizeof(small); len++)
		small[len] = (char)(word.data[len] | (word.data[len] >= 'A' ? 0x20 : 0));
	if (near == NULL && len == word.len &&
	    word_constant((struct sl_slice){ small, len }, &ignored))
		parser_fault(parser, parser->token.place, "write '%.*s' for %s", (int)len, small,
			     quoted);
	else if (near != NULL)
		parser_fault(parser, parser->token.place, "write '%s' for %s", near, quoted);
	else if (intrinsic_find(word, false) != INTRINSIC_NONE)
		parser_fault(parser, parser->token.place, "Tempo has no field %s", quoted);
	else if (word_is_reserved(word))
		parser_expected(parser, "a value");
	else
		parser_fault(parser, parser->token.place,
			     "unknown name %s: attributes begin with '.', 'span.' or 'resource.', "
			     "strings stand in double quotes",
			     quoted);
	return NULL;
}

static struct expression *parse_field(struct parser *parser, const struct field *field)
{
	size_t start = parser->token.place.at;
	struct expression *made;
	struct field copy = *field;

	parser_advance(parser);
	made = make(parser, EXPRESSION_FIELD, start);
	if (made == NULL)
		return NULL;
	made->field = copy;
	made->type = copy.scope == SCOPE_INTRINSIC ? intrinsic_row(copy.intrinsic)->type
						   : SL_TYPE_DYNAMIC;
	return made;
}

static struct expression *parse_constant(struct parser *parser, struct sl_query_value value)
{
	size_t start = parser->token.place.at;
	struct expression *made;

	parser_advance(parser);
	made = make(parser, EXPRESSION_CONSTANT, start);
	if (made == NULL)
		return NULL;
	made->constant = value;
	made->type = value.type;
	return made;
}

static struct expression *parse_word(struct parser *parser)
{
	const struct sl_slice word = parser->token.text;
	struct field field = { .scope = SCOPE_INTRINSIC };
	struct sl_query_value value;

	if (word_constant(word, &value))
		return parse_constant(parser, value);
	field.intrinsic = intrinsic_find(word, parser->query->tempo);
	if (field.intrinsic != INTRINSIC_NONE)
		return parse_field(parser, &field);
	if (slice_is(word, "and") || slice_is(word, "or") || slice_is(word, "not") ||
	    slice_is(word, "null") || slice_is(word, "NULL") || slice_is(word, "None")) {
		parser_expected(parser, "a value");
		return NULL;
	}
	return unknown_word(parser);
}

struct expression *parse_attribute(struct parser *parser)
{
	struct field field = { .scope = SCOPE_INTRINSIC };

	if (parser->token.kind == TOKEN_FIELD)
		return parse_field(parser, &parser->token.field);
	if (parser->token.kind == TOKEN_WORD) {
		field.intrinsic = intrinsic_find(parser->token.text, parser->query->tempo);
		if (field.intrinsic != INTRINSIC_NONE)
			return parse_field(parser, &field);
		if (!word_is_reserved(parser->token.text))
			return unknown_word(parser);
	}
	parser_expected(parser, "an attribute or a field");
	return NULL;
}

static struct expression *parse_brackets(struct parser *parser)
{
	size_t start = parser->token.place.at;
	struct expression *inner;

	parser_advance(parser);
	inner = no_nil(parser, parse_level(parser, 1));
	if (inner == NULL)
		return NULL;
	if (parser->token.kind != TOKEN_SYMBOL || !slice_is(parser->token.text, ")")) {
		parser_expected(parser, "an operator or ')'");
		return NULL;
	}
	parser_advance(parser);
	inner->bracketed = true;
	if (inner->kind == EXPRESSION_UNARY || inner->kind == EXPRESSION_BINARY)
		inner->place = parser_place(parser, start);
	return inner;
}

static struct expression *parse_value(struct parser *parser)
{
	const struct token *token = &parser->token;

	switch (token->kind) {
	case TOKEN_VALUE:
		if (!token->huge)
			return parse_constant(parser, token->value);
		parser_fault(parser, token->place, "the number does not fit 64 bits");
		return NULL;
	case TOKEN_FIELD:
		return parse_field(parser, &token->field);
	case TOKEN_WORD:
		return parse_word(parser);
	default:
		if (parser_is_symbol(parser, "("))
			return parse_brackets(parser);
		parser_expected(parser, "a value");
		return NULL;
	}
}

/* '-' and '!' take what binds tighter than they do: -a * 2 is -(a * 2). */
static struct expression *parse_prefix(struct parser *parser)
{
	size_t start = parser->token.place.at;
	enum operator op = parser_is_symbol(parser, "-") ? OP_NEGATE
	: parser_is_symbol(parser, "!")			 ? OP_NOT
							 : OP_NONE;
	struct expression *operand;

	if (op == OP_NONE)
		return parse_value(parser);
	parser_advance(parser);
	if (op == OP_NEGATE && parser->token.huge) {
		struct expression *least = parse_constant(
			parser, (struct sl_query_value){ SL_TYPE_INT, { .integer = INT64_MIN } });
		if (least != NULL)
			least->place = parser_place(parser, start);
		return least;
	}
	operand = no_nil(parser, parse_level(parser, operator_row(op)->level + 1));
	return make_unary(parser, op, start, operand);
}

static struct expression *parse_level(struct parser *parser, unsigned level)
{
	struct expression *left;

	if (!parser_enter(parser))
		return NULL;
	left = parse_prefix(parser);
	while (left != NULL && parser->token.kind == TOKEN_SYMBOL) {
		enum operator op = operator_find(parser->token.text, USE_EXPRESSION);
		const struct operator_row *row = operator_row(op);
		struct expression *right;
		if (op == OP_NONE || row->level < level)
			break;
		parser_advance(parser);
		right = parse_level(parser, row->right ? row->level : row->level + 1);
		left = right != NULL ? make_binary(parser, op, left, right) : NULL;
	}
	parser_leave(parser);
	return left;
}

struct expression *parse_expression(struct parser *parser)
{
	return no_nil(parser, parse_level(parser, 1));
}

/* Numbers of spansets: constants, which are folded, aggregates, and arithmetic on both. */
#include "parser.h"

static const char *const aggregates[] = {
	[AGGREGATE_COUNT] = "count", [AGGREGATE_MIN] = "min", [AGGREGATE_MAX] = "max",
	[AGGREGATE_AVG] = "avg",     [AGGREGATE_SUM] = "sum",
};

const char *aggregate_text(enum aggregate aggregate)
{
	return aggregates[aggregate];
}

/* SL_COUNT(aggregates): the token is none. */
static size_t find_aggregate(const struct parser *parser)
{
	size_t i = 0;

	while (i < SL_COUNT(aggregates) && !parser_is_word(parser, aggregates[i]))
		i++;
	return i;
}

bool parser_at_aggregate(const struct parser *parser)
{
	return find_aggregate(parser) < SL_COUNT(aggregates);
}

struct scalar *make_scalar(struct parser *parser, size_t start, enum scalar_kind kind)
{
	struct scalar *made = parser_alloc(parser, sizeof(*made));

	if (made == NULL)
		return NULL;
	made->kind = kind;
	made->height = 1;
	made->place = parser_place(parser, start);
	return made;
}

static struct scalar *parse_aggregate(struct parser *parser, enum aggregate aggregate)
{
	size_t start = parser->token.place.at;
	struct expression *argument = NULL;
	struct scalar *made;

	parser_advance(parser);
	if (!parser_require(parser, "("))
		return NULL;
	if (aggregate != AGGREGATE_COUNT) {
		argument = parse_expression(parser);
		if (argument == NULL)
			return NULL;
	}
	if (!parser_require(parser, ")"))
		return NULL;
	made = make_scalar(parser, start, SCALAR_AGGREGATE);
	if (made == NULL)
		return NULL;
	made->aggregate = aggregate;
	made->argument = argument;
	made->type = aggregate == AGGREGATE_COUNT ? SL_TYPE_INT : argument->type;
	return made;
}

static struct scalar *parse_scalar_constant(struct parser *parser)
{
	struct sl_query_value value = parser->token.value;
	size_t start = parser->token.place.at;
	struct scalar *made;

	if (parser->token.huge) {
		parser_fault(parser, parser->token.place, "the number does not fit 64 bits");
		return NULL;
	}
	parser_advance(parser);
	made = make_scalar(parser, start, SCALAR_CONSTANT);
	if (made == NULL)
		return NULL;
	made->constant = value;
	made->type = value.type;
	return made;
}

struct scalar *parse_scalar_operand(struct parser *parser)
{
	size_t aggregate = find_aggregate(parser);

	if (aggregate < SL_COUNT(aggregates))
		return parse_aggregate(parser, (enum aggregate)aggregate);
	if (parser->token.kind == TOKEN_VALUE && type_is_numeric(parser->token.value.type))
		return parse_scalar_constant(parser);
	parser_expected(parser, "a spanset in braces, '(' or an aggregate");
	return NULL;
}

static bool negate_constant(struct parser *parser, struct scalar *operand)
{
	struct sl_query_value *value = &operand->constant;

	if (value->type == SL_TYPE_FLOAT) {
		value->number = -value->number;
		return true;
	}
	if (value->integer == INT64_MIN)
		return parser_fault(parser, operand->place, "the number does not fit 64 bits");
	value->integer = -value->integer;
	return true;
}

struct scalar *make_scalar_negation(struct parser *parser, size_t start, struct scalar *operand)
{
	struct scalar *made;

	if (operand->kind == SCALAR_CONSTANT) {
		operand->place = parser_place(parser, start);
		return negate_constant(parser, operand) ? operand : NULL;
	}
	if (parser->query->tempo) {
		parser_fault(parser, (struct place){ start, 1 },
			     "Tempo has '-' before constants only");
		return NULL;
	}
	made = make_scalar(parser, start, SCALAR_NEGATE);
	if (made == NULL)
		return NULL;
	made->op = OP_NEGATE;
	made->left = operand;
	made->type = operand->type;
	made->height = parser_height(parser, operand->height, 0);
	return made->height != 0 ? made : NULL;
}

static enum sl_query_type arithmetic_type(enum sl_query_type left, enum sl_query_type right)
{
	static const enum sl_query_type order[] = { SL_TYPE_DYNAMIC, SL_TYPE_DURATION,
						    SL_TYPE_FLOAT };

	for (size_t i = 0; i < SL_COUNT(order); i++)
		if (left == order[i] || right == order[i])
			return order[i];
	return left;
}

struct scalar *make_scalar_binary(struct parser *parser, enum operator op, struct scalar *left,
				  struct scalar *right)
{
	size_t start = left->place.at;
	struct scalar *made;

	if (left->kind == SCALAR_CONSTANT && right->kind == SCALAR_CONSTANT) {
		left->place = parser_place(parser, start);
		return fold_constants(parser, op, left, right) ? left : NULL;
	}
	made = make_scalar(parser, start, SCALAR_BINARY);
	if (made == NULL)
		return NULL;
	made->op = op;
	made->left = left;
	made->right = right;
	made->type = arithmetic_type(left->type, right->type);
	made->height = parser_height(parser, left->height, right->height);
	return made->height != 0 ? made : NULL;
}

bool scalar_has_aggregate(const struct scalar *scalar)
{
	switch (scalar->kind) {
	case SCALAR_CONSTANT:
		return false;
	case SCALAR_NEGATE:
		return scalar_has_aggregate(scalar->left);
	case SCALAR_BINARY:
		return scalar_has_aggregate(scalar->left) || scalar_has_aggregate(scalar->right);
	default:
		return true;
	}
}

bool scalar_has_pipeline(const struct scalar *scalar)
{
	switch (scalar->kind) {
	case SCALAR_NEGATE:
		return scalar_has_pipeline(scalar->left);
	case SCALAR_BINARY:
		return scalar_has_pipeline(scalar->left) || scalar_has_pipeline(scalar->right);
	default:
		return scalar->kind == SCALAR_PIPELINE;
	}
}

/*
 * Between '|' and in brackets: spansets, numbers of them, and metrics, with operators between two.
 * Only behind an operand it is known which of these it is, and so what the operator means: '>'
 * stands between spansets and between numbers.
 */
#include "parser.h"

static struct stage *make_stage(struct parser *parser, size_t start, enum stage_kind kind)
{
	struct stage *made = parser_alloc(parser, sizeof(*made));

	if (made == NULL)
		return NULL;
	made->kind = kind;
	made->height = 1;
	made->place = parser_place(parser, start);
	return made;
}

static bool parse_filter(struct parser *parser, struct item *item)
{
	struct expression *expression;

	parser_advance(parser);
	if (parser_is_symbol(parser, "}")) {
		expression = parser_alloc(parser, sizeof(*expression));
		if (expression == NULL)
			return false;
		expression->constant.type = expression->type = SL_TYPE_BOOL;
		expression->constant.boolean = true;
		expression->height = 1;
		expression->place = parser->token.place;
	} else {
		expression = parse_expression(parser);
	}
	if (expression == NULL)
		return false;
	if (!parser_is_symbol(parser, "}"))
		return parser_expected(parser, "an operator or '}'");
	parser_advance(parser);
	item->stage = make_stage(parser, item->start, STAGE_FILTER);
	if (item->stage == NULL)
		return false;
	item->stage->expression = expression;
	return true;
}

/* What the brackets hold, as one operand. */
static bool wrap_pipeline(struct parser *parser, struct pipeline inner, struct item *item)
{
	struct stage *only = inner.count == 1 ? inner.stages[0] : NULL;

	if (only != NULL && only->kind != STAGE_COMPARE && only->kind != STAGE_BY &&
	    only->kind != STAGE_SELECT && only->kind != STAGE_COALESCE) {
		only->place = parser_place(parser, item->start);
		only->bracketed = true;
		item->stage = only;
		return true;
	}
	item->wrapped = true;
	item->stage = make_stage(parser, item->start, STAGE_PIPELINE);
	if (item->stage == NULL)
		return false;
	item->stage->bracketed = true;
	item->stage->pipeline = parser_alloc(parser, sizeof(inner));
	if (item->stage->pipeline == NULL)
		return false;
	*item->stage->pipeline = inner;
	item->stage->height = parser_height(parser, inner.height, 0);
	return item->stage->height != 0;
}

/* The number behind the last '|' in brackets. */
static bool wrap_scalar(struct parser *parser, struct pipeline inner, struct scalar *last,
			struct item *item)
{
	struct scalar *made;

	item->scalar = last;
	last->place = parser_place(parser, item->start);
	if (inner.count == 0)
		return true;
	made = make_scalar(parser, item->start, SCALAR_PIPELINE);
	item->scalar = made;
	if (made == NULL)
		return false;
	made->type = last->type;
	made->last = last;
	made->pipeline = parser_alloc(parser, sizeof(inner));
	if (made->pipeline == NULL)
		return false;
	*made->pipeline = inner;
	made->height = parser_height(parser, inner.height, last->height);
	return made->height != 0;
}

static bool parse_brackets(struct parser *parser, struct item *item)
{
	struct pipeline inner = { 0 };
	struct item last;

	parser_advance(parser);
	if (!parse_pipeline(parser, &inner, &last))
		return false;
	if (!parser_is_symbol(parser, ")"))
		return parser_expected(parser, "an operator or ')'");
	parser_advance(parser);
	item->kind = last.kind == ITEM_COMPARE ? ITEM_STAGE : last.kind;
	item->bracketed = true;
	item->last = last.last;
	item->wrapped = last.wrapped;
	if (item->kind == ITEM_METRIC)
		return parser->status == SL_OK;
	if (item->kind == ITEM_SCALAR)
		return wrap_scalar(parser, inner, last.scalar, item);
	return wrap_pipeline(parser, inner, item);
}

static const char *item_name(const struct item *item)
{
	static const char *const names[] = {
		[ITEM_STAGE] = "spansets",
		[ITEM_COMPARE] = "a comparison",
		[ITEM_SCALAR] = "a number",
		[ITEM_METRIC] = "metrics",
	};

	return names[item->kind];
}

static bool parse_operand(struct parser *parser, struct item *item);

/* Extension: all spans, if there are none of these. */
static bool parse_not(struct parser *parser, struct item *item)
{
	struct item operand;

	bool word = parser->token.kind == TOKEN_WORD;

	if (parser->query->tempo)
		return parser_fault(parser, parser->token.place,
				    "Tempo has no 'not' before spansets");
	parser_advance(parser);
	if (!parser_is_symbol(parser, "{") && !parser_is_symbol(parser, "(") &&
	    !parser_is_symbol(parser, "!") && !parser_is_word(parser, "not") &&
	    !parser_is_word(parser, "none"))
		return parser_expected(parser,
				       word ? "'{' or '(' (before a condition, not is written '!')"
					    : "'{' or '('");
	if (!parser_enter(parser) || !parse_operand(parser, &operand))
		return false;
	parser_leave(parser);
	if (operand.stage == NULL)
		return parser_fault(parser, parser_place(parser, operand.start),
				    "expected spansets behind 'not', found %s",
				    item_name(&operand));
	item->stage = make_stage(parser, item->start, STAGE_NOT);
	if (item->stage == NULL)
		return false;
	item->stage->op = OP_NOT;
	item->stage->left = operand.stage;
	item->stage->height = parser_height(parser, operand.stage->height, 0);
	return item->stage->height != 0;
}

static bool parse_negation(struct parser *parser, struct item *item)
{
	struct item operand = { .start = parser->token.place.at };

	parser_advance(parser);
	item->kind = ITEM_SCALAR;
	if (parser->token.huge) {
		item->scalar = make_scalar(parser, item->start, SCALAR_CONSTANT);
		if (item->scalar == NULL)
			return false;
		item->scalar->type = SL_TYPE_INT;
		item->scalar->constant =
			(struct sl_query_value){ SL_TYPE_INT, { .integer = INT64_MIN } };
		parser_advance(parser);
		item->scalar->place = parser_place(parser, item->start);
		return parser->status == SL_OK;
	}
	if (!parser_enter(parser) || !parse_operand(parser, &operand))
		return false;
	parser_leave(parser);
	if (operand.kind != ITEM_SCALAR)
		return parser_fault(parser, parser_place(parser, operand.start),
				    "expected a number behind '-', found %s", item_name(&operand));
	item->scalar = make_scalar_negation(parser, item->start, operand.scalar);
	return item->scalar != NULL;
}

static bool parse_operand(struct parser *parser, struct item *item)
{
	*item = (struct item){ .kind = ITEM_STAGE, .start = parser->token.place.at };
	if (parser_is_symbol(parser, "{"))
		return parse_filter(parser, item);
	if (parser_is_symbol(parser, "("))
		return parse_brackets(parser, item);
	if (parser_is_symbol(parser, "-"))
		return parse_negation(parser, item);
	if (parser_is_symbol(parser, "!") || parser_is_word(parser, "not") ||
	    parser_is_word(parser, "none"))
		return parse_not(parser, item);
	item->kind = ITEM_SCALAR;
	item->scalar = parse_scalar_operand(parser);
	return item->scalar != NULL;
}

/* Tempo's grammar has pipelines in brackets as operands only where all operands are in brackets,
 * and the left one holds a '|'. */
static bool tempo_takes(const struct item *left, const struct item *right)
{
	if (!left->wrapped && !right->wrapped)
		return true;
	return left->wrapped && (right->bracketed || right->wrapped);
}

static bool join_stages(struct parser *parser, const struct token *operator, struct item * left,
			const struct item *right)
{
	struct stage *made;
	enum operator op = operator_find(operator->text, USE_SPANSET);

	if (op == OP_NONE)
		return parser_fault(parser, operator->place, "'%s' does not stand between spansets",
				    operator_text(operator_find(operator->text, USE_EXPRESSION)));
	if (parser->query->tempo && !tempo_takes(left, right))
		return parser_fault(parser, operator->place,
				    "Tempo takes a pipeline in brackets as an operand only behind "
				    "another one");
	made = make_stage(parser, left->start, STAGE_OPERATOR);
	if (made == NULL)
		return false;
	made->op = op;
	made->left = left->stage;
	made->right = right->stage;
	made->height = parser_height(parser, left->stage->height, right->stage->height);
	left->stage = made;
	left->wrapped |= right->wrapped;
	left->bracketed = false;
	return made->height != 0;
}

static bool compare_scalars(struct parser *parser, enum operator op, struct item *left,
			    const struct item *right)
{
	struct stage *made;
	bool pipelines = scalar_has_pipeline(left->scalar) || scalar_has_pipeline(right->scalar);

	if (!scalar_has_aggregate(left->scalar) && !scalar_has_aggregate(right->scalar))
		return parser_fault(parser, parser_place(parser, left->start),
				    "expected an aggregate on one side, as in count() > 1");
	made = make_stage(parser, left->start, STAGE_COMPARE);
	if (made == NULL)
		return false;
	made->comparison = op;
	made->left_scalar = left->scalar;
	made->right_scalar = right->scalar;
	made->height = parser_height(parser, left->scalar->height, right->scalar->height);
	left->kind = ITEM_COMPARE;
	left->stage = made;
	left->wrapped = pipelines;
	return made->height != 0;
}

static bool join_scalars(struct parser *parser, const struct token *operator, struct item * left,
			 const struct item *right)
{
	enum operator op = operator_find(operator->text, USE_SCALAR);
	char quoted[QUOTED_SIZE];

	if (op == OP_NONE) {
		quote_text(quoted, operator->text);
		return parser_fault(parser, operator->place, "%s does not stand between numbers",
				    quoted);
	}
	if (operator_compares(op))
		return compare_scalars(parser, op, left, right);
	left->scalar = make_scalar_binary(parser, op, left->scalar, right->scalar);
	left->bracketed = false;
	return left->scalar != NULL;
}

/* Metrics with numbers and each other: + - * /; a comparison with a number keeps points. */
static bool join_metrics(struct parser *parser, const struct token *operator, struct item * left,
			 const struct item *right)
{
	enum operator op = operator_find(operator->text, USE_SCALAR);
	bool constant = right->kind == ITEM_SCALAR && right->scalar->kind == SCALAR_CONSTANT;
	bool other =
		right->kind == ITEM_METRIC || (constant && right->scalar->type != SL_TYPE_DURATION);

	if (left->kind == ITEM_SCALAR &&
	    (left->scalar->kind != SCALAR_CONSTANT || left->scalar->type == SL_TYPE_DURATION))
		other = false;
	if (operator_compares(op) && left->kind == ITEM_METRIC && constant)
		return true;
	if (op < OP_ADD || op > OP_DIVIDE || !other || left->last || right->last)
		return parser_fault(parser, operator->place,
				    "metrics have + - * / with each other and numbers");
	left->kind = ITEM_METRIC;
	left->bracketed = false;
	return true;
}

static bool join(struct parser *parser, const struct token *operator, struct item * left,
		 const struct item *right)
{
	if (left->kind == ITEM_COMPARE || right->kind == ITEM_COMPARE)
		return parser_fault(parser, operator->place,
				    "a comparison is an operand in brackets only");
	if (left->kind == ITEM_STAGE && right->kind == ITEM_STAGE)
		return join_stages(parser, operator, left, right);
	if (left->kind == ITEM_STAGE || right->kind == ITEM_STAGE)
		return parser_fault(parser, operator->place,
				    "expected spansets on both sides, or numbers; found %s and %s",
				    item_name(left), item_name(right));
	if (left->kind == ITEM_METRIC || right->kind == ITEM_METRIC)
		return join_metrics(parser, operator, left, right);
	return join_scalars(parser, operator, left, right);
}

/* The level of an operator of any kind; 0: the token is none. */
static unsigned level_of(const struct parser *parser)
{
	enum operator op;

	if (parser->token.kind != TOKEN_SYMBOL)
		return 0;
	op = operator_find(parser->token.text, USE_SPANSET);
	if (op == OP_NONE)
		op = operator_find(parser->token.text, USE_EXPRESSION);
	return operator_row(op)->level;
}

/* Whether what stands behind an operator could be an operand of its kind. */
static bool check_right(struct parser *parser, const struct item *left)
{
	const struct token *token = &parser->token;
	bool number = token->kind == TOKEN_VALUE && type_is_numeric(token->value.type);

	if (token->kind == TOKEN_SYMBOL || token->kind == TOKEN_WORD || number)
		return true;
	return parser_expected(parser, left->kind == ITEM_STAGE ? "a spanset in braces or '('"
								: "a number, an aggregate or '('");
}

bool parse_item(struct parser *parser, unsigned level, struct item *item)
{
	unsigned found;

	if (!parser_enter(parser) || !parse_operand(parser, item))
		return false;
	while ((found = level_of(parser)) >= level) {
		struct token operator= parser->token;
		struct item right;
		bool to_right = slice_is(operator.text, "^");
		parser_advance(parser);
		if (!check_right(parser, item) ||
		    !parse_item(parser, to_right ? found : found + 1, &right) ||
		    !join(parser, &operator, item, &right))
			return false;
	}
	parser_leave(parser);
	return parser->status == SL_OK;
}

/* What is valid, and probably not what was meant. */
#include "parser.h"
#include <stdarg.h>
#include <stdio.h>

struct linter {
	const struct sl_query *query;
	void (*found)(void *context, const struct sl_query_fault *warning);
	void *context;
	bool units; /* only these */
};

SL_PRINTF(3, 4)
static void warn(const struct linter *linter, struct place place, const char *format, ...)
{
	struct sl_query_fault warning = { .at = place.at, .len = place.len };
	va_list arguments;

	if (linter->units)
		return;
	va_start(arguments, format);
	vsnprintf(warning.text, sizeof(warning.text), format, arguments);
	va_end(arguments);
	linter->found(linter->context, &warning);
}

static void warn_of_unit(const struct linter *linter, struct place place)
{
	linter->found(linter->context, &(struct sl_query_fault){
					       .at = place.at,
					       .len = place.len,
					       .text = "a number without a unit counts nanoseconds",
				       });
}

static bool mixes(enum operator outer, enum operator inner)
{
	return (outer == OP_OR && inner == OP_AND) || (outer == OP_AND && inner == OP_OR);
}

static void lint_mixing(const struct linter *linter, const struct expression *expression)
{
	const struct expression *left = expression->left;

	if (left->kind == EXPRESSION_BINARY && !left->bracketed && mixes(expression->op, left->op))
		warn(linter, expression->place,
		     "&& and || bind alike, from left to right: brackets tell what is meant");
}

/* The attribute's name, masked; true: spans may lack it. */
static bool is_attribute(const struct linter *linter, const struct expression *expression,
			 char name[QUOTED_SIZE])
{
	struct sl_slice text = { linter->query->text.data + expression->place.at,
				 expression->place.len };

	if (expression->kind != EXPRESSION_FIELD || expression->field.scope == SCOPE_INTRINSIC)
		return false;
	quote_text(name, text);
	return true;
}

static bool is_same_field(const struct field *a, const struct field *b)
{
	return a->scope == b->scope && a->of_parent == b->of_parent &&
	       a->intrinsic == b->intrinsic && sl_slice_equal(a->name, b->name);
}

/* Whether spans without the field are thought of somewhere in it. */
static bool mentions_nil(const struct expression *expression, const struct field *field)
{
	const struct expression *left = expression->left;

	if ((expression->op == OP_IS_NIL || expression->op == OP_IS_NOT_NIL) && left != NULL &&
	    left->kind == EXPRESSION_FIELD)
		return is_same_field(&left->field, field);
	return (left != NULL && mentions_nil(left, field)) ||
	       (expression->right != NULL && mentions_nil(expression->right, field));
}

/* `whole` is all that stands between the braces. */
static void lint_missing(const struct linter *linter, const struct expression *expression,
			 const struct expression *whole)
{
	const struct expression *left = expression->left, *right = expression->right;
	char name[QUOTED_SIZE];
	int len;

	if (expression->op != OP_NOT_EQUAL && expression->op != OP_NOT_REGEX)
		return;
	if (!is_attribute(linter, left, name)) {
		left = right;
		if (!is_attribute(linter, right, name))
			return;
	}
	if (mentions_nil(whole, &left->field))
		return;
	len = (int)strlen(name) - 2;
	warn(linter, expression->place,
	     "'%s' is false where %.*s is missing; to have those too: %.*s = nil || ...",
	     operator_text(expression->op), len, name + 1, len, name + 1);
}

static bool is_bare_number(const struct expression *expression)
{
	if (expression->kind == EXPRESSION_UNARY && expression->op == OP_NEGATE)
		expression = expression->left;
	if (expression->kind != EXPRESSION_CONSTANT)
		return false;
	return expression->constant.type == SL_TYPE_FLOAT ||
	       (expression->constant.type == SL_TYPE_INT && expression->constant.integer != 0);
}

static void lint_duration(const struct linter *linter, const struct expression *expression)
{
	const struct expression *left = expression->left, *right = expression->right;
	const struct expression *number = left->type == SL_TYPE_DURATION    ? right
					  : right->type == SL_TYPE_DURATION ? left
									    : NULL;

	if (number != NULL && operator_compares(expression->op) && is_bare_number(number))
		warn_of_unit(linter, number->place);
}

static void lint_pattern(const struct linter *linter, const struct expression *expression)
{
	struct sl_slice pattern = expression->pattern;
	static const char meta[] = "\\^$.|?*+()[]{}";

	if (expression->op != OP_REGEX && expression->op != OP_NOT_REGEX)
		return;
	/* whoever writes one of them takes the other end for open */
	if (pattern.len > 0 && pattern.data[0] == '^')
		pattern = (struct sl_slice){ pattern.data + 1, pattern.len - 1 };
	if (pattern.len > 0 && pattern.data[pattern.len - 1] == '$')
		pattern.len--;
	for (size_t i = 0; i < pattern.len; i++)
		if (pattern.data[i] == '\0' || strchr(meta, pattern.data[i]) != NULL)
			return;
	if (pattern.len > 0)
		warn(linter, expression->right->place,
		     "a pattern is for the whole text, this one means '%s'; to find it inside: "
		     "\".*text.*\"",
		     expression->op == OP_REGEX ? "=" : "!=");
}

/* Operators that were meant to end the name. */
static void lint_name(const struct linter *linter, const struct expression *expression)
{
	const struct place place = expression->place;
	const char *text = linter->query->text.data + place.at;
	char name[QUOTED_SIZE];

	if (!is_attribute(linter, expression, name) || memchr(text, '"', place.len) != NULL)
		return;
	for (size_t i = 1; i < place.len; i++) {
		char next = (char)(i + 1 < place.len ? text[i + 1] : ' ');
		bool number = next == '.' || (next >= '0' && next <= '9');
		if (strchr("+*%[", text[i]) != NULL ||
		    (number && (text[i] == '-' || text[i] == '/'))) {
			warn(linter, place,
			     "%s is the name of one attribute: a blank before '%c' ends a name",
			     name, text[i]);
			return;
		}
	}
}

static void lint_part(const struct linter *linter, const struct expression *expression,
		      const struct expression *whole)
{
	if (expression->kind == EXPRESSION_FIELD)
		lint_name(linter, expression);
	if (expression->kind == EXPRESSION_BINARY) {
		lint_mixing(linter, expression);
		lint_missing(linter, expression, whole);
		lint_duration(linter, expression);
		lint_pattern(linter, expression);
	}
	if (expression->left != NULL)
		lint_part(linter, expression->left, whole);
	if (expression->right != NULL)
		lint_part(linter, expression->right, whole);
}

static void lint_expression(const struct linter *linter, const struct expression *expression)
{
	lint_part(linter, expression, expression);
}

static void lint_pipeline(const struct linter *linter, const struct pipeline *pipeline);

static void lint_scalar(const struct linter *linter, const struct scalar *scalar)
{
	switch (scalar->kind) {
	case SCALAR_AGGREGATE:
		if (scalar->argument != NULL)
			lint_expression(linter, scalar->argument);
		break;
	case SCALAR_NEGATE:
		lint_scalar(linter, scalar->left);
		break;
	case SCALAR_BINARY:
		lint_scalar(linter, scalar->left);
		lint_scalar(linter, scalar->right);
		break;
	case SCALAR_PIPELINE:
		lint_pipeline(linter, scalar->pipeline);
		lint_scalar(linter, scalar->last);
		break;
	default:
		break;
	}
}

static bool is_number(const struct scalar *scalar)
{
	return scalar->kind == SCALAR_CONSTANT &&
	       (scalar->type == SL_TYPE_FLOAT ||
		(scalar->type == SL_TYPE_INT && scalar->constant.integer != 0));
}

/* count() = 0, <= 0, < 1: there are no empty spansets in Tempo. */
static bool asks_for_none(const struct stage *stage)
{
	const struct scalar *left = stage->left_scalar, *right = stage->right_scalar;

	if (left->kind != SCALAR_AGGREGATE || left->aggregate != AGGREGATE_COUNT ||
	    right->kind != SCALAR_CONSTANT || right->type != SL_TYPE_INT)
		return false;
	return stage->comparison == OP_LESS
		       ? right->constant.integer == 1
		       : right->constant.integer == 0 && (stage->comparison == OP_EQUAL ||
							  stage->comparison == OP_LESS_EQUAL);
}

static void lint_compare(const struct linter *linter, const struct stage *stage)
{
	const struct scalar *left = stage->left_scalar, *right = stage->right_scalar;

	if (left->type == SL_TYPE_DURATION && is_number(right))
		warn_of_unit(linter, right->place);
	if (right->type == SL_TYPE_DURATION && is_number(left))
		warn_of_unit(linter, left->place);
	if (linter->query->tempo && asks_for_none(stage))
		warn(linter, stage->place, "never true: Tempo leaves out spansets that are empty");
	lint_scalar(linter, left);
	lint_scalar(linter, right);
}

static void lint_stage(const struct linter *linter, const struct stage *stage)
{
	switch (stage->kind) {
	case STAGE_FILTER:
	case STAGE_BY:
		lint_expression(linter, stage->expression);
		break;
	case STAGE_OPERATOR:
		if (stage->left->kind == STAGE_OPERATOR && !stage->left->bracketed &&
		    mixes(stage->op, stage->left->op))
			warn(linter, stage->place,
			     "&& and || bind alike, from left to right: brackets tell what is "
			     "meant");
		lint_stage(linter, stage->left);
		lint_stage(linter, stage->right);
		break;
	case STAGE_NOT:
		lint_stage(linter, stage->left);
		break;
	case STAGE_PIPELINE:
		lint_pipeline(linter, stage->pipeline);
		break;
	case STAGE_COMPARE:
		lint_compare(linter, stage);
		break;
	case STAGE_SELECT:
		for (size_t i = 0; i < stage->field_count; i++)
			lint_expression(linter, stage->fields[i]);
		break;
	default:
		break;
	}
}

static void lint_pipeline(const struct linter *linter, const struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++)
		lint_stage(linter, pipeline->stages[i]);
}

static void lint(const struct linter *linter)
{
	if (linter->query->field != NULL)
		lint_expression(linter, linter->query->field);
	else
		lint_pipeline(linter, &linter->query->pipeline);
}

void sl_query_lint(const struct sl_query *query,
		   void (*found)(void *context, const struct sl_query_fault *warning),
		   void *context)
{
	lint(&(struct linter){ query, found, context, false });
}

void sl_query_lint_units(const struct sl_query *query,
			 void (*found)(void *context, const struct sl_query_fault *warning),
			 void *context)
{
	lint(&(struct linter){ query, found, context, true });
}

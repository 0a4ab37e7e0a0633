/*
 * Types, before any span is there: what could never be answered is refused with its place.
 * Attributes may be of any type, and pass.  Strings that are compared with times become times,
 * patterns are gathered.
 */
#include "parser.h"
#include "spanline/text.h"

struct checker {
	struct sl_query *query;
	struct parser parser; /* for its faults and its memory only */
	size_t regex_count;
	void **regexes;
};

static bool refuse(struct checker *checker, struct place place, const char *text)
{
	return parser_fault(&checker->parser, place, "%s", text);
}

static bool check_expression(struct checker *checker, struct expression *expression);

static bool passes(enum sl_query_type type, enum sl_query_type wanted)
{
	return type == wanted || type == SL_TYPE_DYNAMIC;
}

static bool passes_numeric(enum sl_query_type type)
{
	return type_is_numeric(type) || type == SL_TYPE_DYNAMIC;
}

/* Only where there can be spans without it. */
static bool check_nil(struct checker *checker, const struct expression *expression)
{
	const struct expression *left = expression->left;
	const struct field *field = &left->field;

	if (expression->op != OP_IS_NIL || left->kind != EXPRESSION_FIELD)
		return true;
	if (checker->query->tempo && field->scope == SCOPE_RESOURCE &&
	    slice_is(field->name, "service.name"))
		return refuse(checker, expression->place, "Tempo's spans all have a service.name");
	if (field->scope != SCOPE_INTRINSIC || field->intrinsic == INTRINSIC_PARENT)
		return true;
	if (checker->query->tempo ||
	    (!field->of_parent && !intrinsic_row(field->intrinsic)->may_lack))
		return parser_fault(&checker->parser, expression->place, "%s is never nil",
				    intrinsic_row(field->intrinsic)->name);
	return true;
}

static bool check_unary(struct checker *checker, struct expression *expression)
{
	struct expression *left = expression->left;
	bool nil = expression->op == OP_IS_NIL || expression->op == OP_IS_NOT_NIL;
	bool parent = left->kind == EXPRESSION_FIELD && left->field.scope == SCOPE_INTRINSIC &&
		      left->field.intrinsic == INTRINSIC_PARENT;

	if (!(nil && parent && !checker->query->tempo) && !check_expression(checker, left))
		return false;
	if (nil) {
		expression->type = SL_TYPE_BOOL;
		return check_nil(checker, expression);
	}
	expression->type = expression->op == OP_NOT ? SL_TYPE_BOOL : left->type;
	if (expression->op == OP_NOT && !passes(left->type, SL_TYPE_BOOL))
		return parser_fault(&checker->parser, left->place,
				    "expected a truth value behind '!', found %s",
				    type_name(left->type));
	if (expression->op == OP_NEGATE && !passes_numeric(left->type))
		return parser_fault(&checker->parser, left->place,
				    "expected a number behind '-', found %s",
				    type_name(left->type));
	return true;
}

/* Strings of constants, added up; their length, written to `out` unless it is NULL; SIZE_MAX: that
 * is something else. */
static size_t fold_strings(const struct expression *expression, char *out)
{
	size_t left, right;

	if (expression->kind == EXPRESSION_CONSTANT &&
	    expression->constant.type == SL_TYPE_STRING) {
		if (out != NULL && expression->constant.text.len > 0)
			memcpy(out, expression->constant.text.data, expression->constant.text.len);
		return expression->constant.text.len;
	}
	if (expression->kind != EXPRESSION_BINARY || expression->op != OP_ADD)
		return SIZE_MAX;
	left = fold_strings(expression->left, out);
	if (left == SIZE_MAX)
		return SIZE_MAX;
	right = fold_strings(expression->right, out != NULL ? out + left : NULL);
	return right == SIZE_MAX ? SIZE_MAX : left + right;
}

static bool check_regex(struct checker *checker, struct expression *expression)
{
	struct expression *left = expression->left, *right = expression->right;
	size_t len = fold_strings(right, NULL);
	char *pattern;

	if (!check_expression(checker, left))
		return false;
	if (len == SIZE_MAX)
		return refuse(checker, right->place, "expected a pattern in quotes");
	if (!passes(left->type, SL_TYPE_STRING))
		return parser_fault(&checker->parser, left->place,
				    "expected a string before '%s', found %s",
				    operator_text(expression->op), type_name(left->type));
	pattern = parser_alloc(&checker->parser, len + 1);
	if (pattern == NULL)
		return false;
	fold_strings(right, pattern);
	right->type = SL_TYPE_STRING;
	expression->type = SL_TYPE_BOOL;
	expression->pattern = (struct sl_slice){ pattern, len };
	expression->regex = (unsigned)checker->regex_count;
	return parser_append(&checker->parser, &checker->regexes, &checker->regex_count,
			     expression);
}

/* "2026-11-21T14:00:00Z", where the other side is a time. */
static bool make_time(struct checker *checker, struct expression *constant)
{
	uint64_t unix_ns;

	if (constant->kind != EXPRESSION_CONSTANT || constant->type != SL_TYPE_STRING)
		return true;
	if (!sl_parse_time(constant->constant.text, &unix_ns) || unix_ns > INT64_MAX)
		return refuse(checker, constant->place,
			      "expected a time as \"2026-11-21T14:00:00Z\"");
	constant->type = SL_TYPE_TIME;
	constant->constant =
		(struct sl_query_value){ SL_TYPE_TIME, { .integer = (int64_t)unix_ns } };
	return true;
}

static bool types_match(enum sl_query_type left, enum sl_query_type right)
{
	return left == right || left == SL_TYPE_DYNAMIC || right == SL_TYPE_DYNAMIC ||
	       (type_is_numeric(left) && type_is_numeric(right));
}

/* Whether the operator is one of that type's. */
static bool operator_fits(enum operator op, enum sl_query_type type)
{
	switch (type) {
	case SL_TYPE_DYNAMIC:
		return true;
	case SL_TYPE_BOOL:
		return op == OP_AND || op == OP_OR || op == OP_EQUAL || op == OP_NOT_EQUAL;
	case SL_TYPE_INT:
	case SL_TYPE_FLOAT:
	case SL_TYPE_DURATION:
		return operator_compares(op) || (op >= OP_ADD && op <= OP_POWER);
	case SL_TYPE_STRING:
	case SL_TYPE_TIME:
		return operator_compares(op);
	default:
		return op == OP_EQUAL || op == OP_NOT_EQUAL;
	}
}

static enum sl_query_type binary_type(enum operator op, enum sl_query_type left,
				      enum sl_query_type right)
{
	if (op < OP_ADD || op > OP_POWER)
		return SL_TYPE_BOOL;
	if (left == SL_TYPE_DYNAMIC || right == SL_TYPE_DYNAMIC)
		return SL_TYPE_DYNAMIC;
	if (left == SL_TYPE_DURATION || right == SL_TYPE_DURATION)
		return SL_TYPE_DURATION;
	return left == SL_TYPE_FLOAT || right == SL_TYPE_FLOAT ? SL_TYPE_FLOAT : SL_TYPE_INT;
}

static bool check_binary(struct checker *checker, struct expression *expression)
{
	struct expression *left = expression->left, *right = expression->right;
	enum operator op = expression->op;

	if (op == OP_REGEX || op == OP_NOT_REGEX)
		return check_regex(checker, expression);
	if (!check_expression(checker, left) || !check_expression(checker, right))
		return false;
	if ((left->type == SL_TYPE_TIME && !make_time(checker, right)) ||
	    (right->type == SL_TYPE_TIME && !make_time(checker, left)))
		return false;
	if (!types_match(left->type, right->type))
		return parser_fault(&checker->parser, expression->place,
				    "'%s' has %s on its left and %s on its right",
				    operator_text(op), type_name(left->type),
				    type_name(right->type));
	enum sl_query_type type = left->type == SL_TYPE_DYNAMIC ? right->type : left->type;
	if (!operator_fits(op, type))
		return parser_fault(&checker->parser, expression->place,
				    "'%s' is no operator of %s", operator_text(op),
				    type_name(type));
	expression->type = binary_type(op, left->type, right->type);
	return true;
}

static bool check_field(struct checker *checker, const struct expression *expression)
{
	const struct field *field = &expression->field;
	bool parent = field->scope == SCOPE_INTRINSIC && field->intrinsic == INTRINSIC_PARENT;

	if (checker->query->tempo && (field->of_parent || parent))
		return refuse(checker, expression->place, "Tempo does not answer 'parent' yet");
	if (parent)
		return refuse(checker, expression->place,
			      "'parent' is compared with nil, or has a '.' behind it");
	return true;
}

static bool check_expression(struct checker *checker, struct expression *expression)
{
	switch (expression->kind) {
	case EXPRESSION_FIELD:
		return check_field(checker, expression);
	case EXPRESSION_UNARY:
		return check_unary(checker, expression);
	case EXPRESSION_BINARY:
		return check_binary(checker, expression);
	default:
		return true;
	}
}

static bool mentions_span(const struct expression *expression)
{
	if (expression->kind == EXPRESSION_FIELD)
		return true;
	return (expression->left != NULL && mentions_span(expression->left)) ||
	       (expression->right != NULL && mentions_span(expression->right));
}

static bool check_pipeline(struct checker *checker, const struct pipeline *pipeline);

static bool check_aggregate(struct checker *checker, struct scalar *scalar)
{
	struct expression *argument = scalar->argument;

	if (argument == NULL)
		return true;
	if (!check_expression(checker, argument))
		return false;
	if (!passes_numeric(argument->type))
		return parser_fault(&checker->parser, argument->place,
				    "expected a number in %s(), found %s",
				    aggregate_text(scalar->aggregate), type_name(argument->type));
	if (!mentions_span(argument))
		return refuse(checker, argument->place, "expected a field or an attribute in it");
	scalar->type = argument->type == SL_TYPE_INT && scalar->aggregate == AGGREGATE_AVG
			       ? SL_TYPE_FLOAT
			       : argument->type;
	return true;
}

static bool check_scalar(struct checker *checker, struct scalar *scalar)
{
	switch (scalar->kind) {
	case SCALAR_AGGREGATE:
		return check_aggregate(checker, scalar);
	case SCALAR_NEGATE:
		if (!check_scalar(checker, scalar->left))
			return false;
		scalar->type = scalar->left->type;
		return true;
	case SCALAR_BINARY:
		if (!check_scalar(checker, scalar->left) || !check_scalar(checker, scalar->right))
			return false;
		scalar->type = binary_type(scalar->op, scalar->left->type, scalar->right->type);
		return true;
	case SCALAR_PIPELINE:
		if (!check_pipeline(checker, scalar->pipeline) ||
		    !check_scalar(checker, scalar->last))
			return false;
		scalar->type = scalar->last->type;
		return true;
	default:
		return true;
	}
}

/* Tempo's parser takes more than its engine does. */
static bool check_compare(struct checker *checker, const struct stage *stage)
{
	if (checker->query->tempo && (stage->left_scalar->kind != SCALAR_AGGREGATE ||
				      stage->right_scalar->kind != SCALAR_CONSTANT))
		return refuse(checker, stage->place,
			      "Tempo answers an aggregate before a constant only, as count() > 1");
	return check_scalar(checker, stage->left_scalar) &&
	       check_scalar(checker, stage->right_scalar);
}

static bool check_filter(struct checker *checker, struct expression *expression)
{
	if (!check_expression(checker, expression))
		return false;
	if (passes(expression->type, SL_TYPE_BOOL))
		return true;
	return parser_fault(&checker->parser, expression->place, "expected a condition, found %s",
			    type_name(expression->type));
}

static bool check_stage(struct checker *checker, struct stage *stage)
{
	switch (stage->kind) {
	case STAGE_FILTER:
		return check_filter(checker, stage->expression);
	case STAGE_OPERATOR:
		return check_stage(checker, stage->left) && check_stage(checker, stage->right);
	case STAGE_NOT:
		return check_stage(checker, stage->left);
	case STAGE_PIPELINE:
		return check_pipeline(checker, stage->pipeline);
	case STAGE_COMPARE:
		return check_compare(checker, stage);
	case STAGE_BY:
		if (!check_expression(checker, stage->expression))
			return false;
		return mentions_span(stage->expression) ||
		       refuse(checker, stage->expression->place,
			      "expected a field or an attribute in by()");
	case STAGE_SELECT:
		for (size_t i = 0; i < stage->field_count; i++)
			if (!check_expression(checker, stage->fields[i]))
				return false;
		return true;
	default:
		return true;
	}
}

static bool check_pipeline(struct checker *checker, const struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++)
		if (!check_stage(checker, pipeline->stages[i]))
			return false;
	return true;
}

enum sl_status query_check(struct sl_query *query, struct sl_query_fault *fault)
{
	struct checker checker = { .query = query, .parser = { .query = query, .fault = fault } };

	if (query->field != NULL)
		check_expression(&checker, query->field);
	else
		check_pipeline(&checker, &query->pipeline);
	query->regexes = (struct expression **)checker.regexes;
	query->regex_count = (unsigned)checker.regex_count;
	return checker.parser.status;
}

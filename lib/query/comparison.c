/* Comparisons of a field with what is known before any span is read. */
#include "match.h"
#include "spanline/text.h"

static enum operator mirrored(enum operator op)
{
	switch (op) {
	case OP_LESS:
		return OP_GREATER;
	case OP_LESS_EQUAL:
		return OP_GREATER_EQUAL;
	case OP_GREATER:
		return OP_LESS;
	case OP_GREATER_EQUAL:
		return OP_LESS_EQUAL;
	default:
		return op;
	}
}

static bool is_arithmetic(const struct expression *expression)
{
	return (expression->kind == EXPRESSION_BINARY && expression->op >= OP_ADD &&
		expression->op <= OP_POWER) ||
	       (expression->kind == EXPRESSION_UNARY && expression->op == OP_NEGATE);
}

/* Numbers with their operators, computed. */
static bool find_constant(const struct expression *expression, struct sl_query_value *value)
{
	struct sl_query_value right;

	if (expression->kind == EXPRESSION_CONSTANT) {
		*value = expression->constant;
		return true;
	}
	if (!is_arithmetic(expression) || !find_constant(expression->left, value))
		return false;
	if (expression->kind == EXPRESSION_UNARY) {
		*value = value_negate(value);
		return true;
	}
	if (!find_constant(expression->right, &right))
		return false;
	*value = value_compute(expression->op, value, &right);
	return true;
}

bool comparison_of(const struct expression *expression, struct comparison *comparison)
{
	const struct expression *field = expression->left, *constant = expression->right;
	enum operator op = expression->op;
	bool found;

	if (expression->kind != EXPRESSION_BINARY || op < OP_EQUAL || op > OP_NOT_REGEX)
		return false;
	if (op == OP_REGEX || op == OP_NOT_REGEX) {
		comparison->constant = value_text(expression->pattern);
		found = true;
	} else if (field->kind == EXPRESSION_FIELD) {
		found = find_constant(constant, &comparison->constant);
	} else {
		field = expression->right;
		op = mirrored(op);
		found = field->kind == EXPRESSION_FIELD &&
			find_constant(expression->left, &comparison->constant);
	}
	comparison->op = op;
	comparison->field = &field->field;
	return found && field->kind == EXPRESSION_FIELD;
}

bool id_of_text(struct sl_slice text, char *bytes)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] >= 'A' && text.data[i] <= 'F')
			return false;
	return sl_parse_hex(text, bytes);
}

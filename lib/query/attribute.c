/* What a query tells, before it is run, of an attribute without which it is not true. */
#include "match.h"
#include "spanline/text.h"
#include <math.h>

bool query_is_plain(struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < 0x20 || text.data[i] == '"' ||
		    text.data[i] == '\\')
			return false;
	return sl_utf8_valid(text);
}

/* Written as it is, and shown as nothing else by `exact`. */
static bool is_plain_key(struct sl_slice key)
{
	for (size_t i = 0; i < key.len; i++)
		if (key.data[i] < 0x20 || key.data[i] > 0x7e)
			return false;
	return key.len != 0 && query_is_plain(key);
}

static bool set_number(struct sl_attribute_test *test, enum operator op,
		       const struct sl_query_value *constant)
{
	double number =
		constant->type == SL_TYPE_FLOAT ? constant->number : (double)constant->integer;

	test->type = SL_VALUE_DOUBLE;
	test->least = -HUGE_VAL;
	test->most = HUGE_VAL;
	switch (op) {
	case OP_EQUAL:
		test->least = test->most = number;
		break;
	case OP_GREATER:
	case OP_GREATER_EQUAL:
		test->least = number;
		break;
	case OP_LESS:
	case OP_LESS_EQUAL:
		test->most = number;
		break;
	default:
		break;
	}
	return number == number;
}

/* Of what type and worth it must be; any, where little is known. */
static void set_value(struct sl_attribute_test *test, const struct comparison *comparison)
{
	const struct sl_query_value *constant = &comparison->constant;

	if (value_is_number(constant) && set_number(test, comparison->op, constant))
		return;
	test->type = SL_VALUE_EMPTY;
	if (comparison->op != OP_EQUAL)
		return;
	if (constant->type == SL_TYPE_BOOL) {
		test->type = SL_VALUE_BOOL;
		test->boolean = constant->boolean;
	} else if (constant->type == SL_TYPE_STRING && query_is_plain(constant->text)) {
		test->type = SL_VALUE_STRING;
		test->text = constant->text;
	}
}

/* service.name stands in another place. */
static bool may_be_service(const struct field *field)
{
	return (field->scope == SCOPE_NONE || field->scope == SCOPE_RESOURCE) &&
	       sl_slice_equal(field->name, SL_SLICE("service.name"));
}

static bool is_attribute(const struct field *field)
{
	return field->scope != SCOPE_INTRINSIC && !field->of_parent;
}

/* A text that no line holds which has no message: few have one, and it is not where it is sought.
 */
static bool is_message(const struct field *field, const struct sl_attribute_test *test)
{
	return field->scope == SCOPE_INTRINSIC && field->intrinsic == INTRINSIC_STATUS_MESSAGE &&
	       !field->of_parent && test->type == SL_VALUE_STRING && test->text.len != 0;
}

static bool find_test(const struct expression *expression, struct sl_attribute_test *test)
{
	const struct field *field;
	struct comparison comparison;

	*test = (struct sl_attribute_test){ .type = SL_VALUE_EMPTY };
	if (expression->kind == EXPRESSION_UNARY && expression->op == OP_IS_NOT_NIL &&
	    expression->left->kind == EXPRESSION_FIELD) {
		field = &expression->left->field;
	} else if (comparison_of(expression, &comparison)) {
		field = comparison.field;
		set_value(test, &comparison);
	} else {
		return false;
	}
	if (is_message(field, test)) {
		test->key = SL_SLICE("status_message");
		return true;
	}
	if (!is_attribute(field))
		return false;
	if (!may_be_service(field) && is_plain_key(field->name))
		test->key = field->name;
	else if (test->type != SL_VALUE_STRING || test->text.len < 2)
		return false;
	return true;
}

/* How few spans it lets through: a text says most. */
static size_t weight(const struct sl_attribute_test *test)
{
	switch (test->type) {
	case SL_VALUE_STRING:
		return 4 + test->text.len;
	case SL_VALUE_DOUBLE:
		return test->least == test->most ? 3 : 2;
	default:
		return test->type == SL_VALUE_BOOL;
	}
}

static void consider(struct sl_attribute_test *best, const struct expression *expression)
{
	struct sl_attribute_test test;

	if (find_test(expression, &test) &&
	    (!sl_attribute_tested(best) || weight(&test) > weight(best)))
		*best = test;
}

static void find_in_conjunction(struct sl_attribute_test *best, const struct expression *expression)
{
	for (; expression->kind == EXPRESSION_BINARY && expression->op == OP_AND;
	     expression = expression->left)
		find_in_conjunction(best, expression->right);
	consider(best, expression);
}

static void find_in_pipeline(struct sl_attribute_test *best, const struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		const struct stage *stage = pipeline->stages[i];

		if (stage->kind == STAGE_FILTER)
			find_in_conjunction(best, stage->expression);
		else if (stage->kind == STAGE_PIPELINE)
			find_in_pipeline(best, stage->pipeline);
	}
}

bool sl_query_attribute(const struct sl_query *query, struct sl_attribute_test *test)
{
	*test = (struct sl_attribute_test){ .type = SL_VALUE_EMPTY };
	if (!query->needs_traces && query->field == NULL)
		find_in_pipeline(test, &query->pipeline);
	return sl_attribute_tested(test);
}

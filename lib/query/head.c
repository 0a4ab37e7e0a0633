/* What the heads of spans tell of a query before it is run: comparisons that all have to hold. */
#include "match.h"

struct comparison {
	enum operator op;
	const struct field *field;
	const struct sl_query_value *constant;
};

/* A field against a constant, in either order. */
static bool is_comparison(const struct expression *expression, struct comparison *comparison)
{
	const struct expression *left = expression->left, *right = expression->right;

	if (left->kind != EXPRESSION_FIELD || right->kind != EXPRESSION_CONSTANT ||
	    left->field.scope != SCOPE_INTRINSIC || left->field.of_parent)
		return false;
	*comparison = (struct comparison){ expression->op, &left->field, &right->constant };
	return true;
}

static bool is_plain(struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x20 || text.data[i] > 0x7e || text.data[i] == '"' ||
		    text.data[i] == '\\')
			return false;
	return text.data != NULL;
}

static bool add_text(struct sl_slice *test, const struct comparison *comparison)
{
	struct sl_slice text = comparison->constant->text;

	if (comparison->op != OP_EQUAL || comparison->constant->type != SL_TYPE_STRING ||
	    !is_plain(text))
		return false;
	*test = text;
	return true;
}

static bool add_number(int32_t *test, const struct comparison *comparison, enum sl_query_type type)
{
	if (comparison->op != OP_EQUAL || comparison->constant->type != type)
		return false;
	*test = (int32_t)comparison->constant->integer;
	return true;
}

static bool add_duration(struct sl_head_tests *tests, const struct comparison *comparison)
{
	int64_t ns = comparison->constant->integer;
	int64_t least = INT64_MIN, most = INT64_MAX;

	if (comparison->constant->type != SL_TYPE_DURATION &&
	    comparison->constant->type != SL_TYPE_INT)
		return false;
	switch (comparison->op) {
	case OP_GREATER:
	case OP_GREATER_EQUAL:
		least = ns; /* the query itself knows whether that is enough */
		break;
	case OP_LESS:
	case OP_LESS_EQUAL:
		most = ns;
		break;
	case OP_EQUAL:
		least = most = ns;
		break;
	default:
		return false;
	}
	if (least > tests->least_ns)
		tests->least_ns = least;
	if (most < tests->most_ns)
		tests->most_ns = most;
	tests->on_duration = true;
	return true;
}

static bool add_comparison(struct sl_head_tests *tests, const struct comparison *comparison)
{
	switch (comparison->field->intrinsic) {
	case INTRINSIC_NAME:
		return add_text(&tests->name, comparison);
	case INTRINSIC_SERVICE:
		return add_text(&tests->service, comparison);
	case INTRINSIC_KIND:
		return add_number(&tests->kind, comparison, SL_TYPE_KIND);
	case INTRINSIC_STATUS:
		return add_number(&tests->status, comparison, SL_TYPE_STATUS);
	case INTRINSIC_DURATION:
		return add_duration(tests, comparison);
	default:
		return false;
	}
}

static bool add_conjunction(struct sl_head_tests *tests, const struct expression *expression)
{
	struct comparison comparison;
	bool any = false;

	for (;; expression = expression->left) {
		if (expression->kind != EXPRESSION_BINARY)
			return any;
		if (expression->op != OP_AND)
			return (is_comparison(expression, &comparison) &&
				add_comparison(tests, &comparison)) ||
			       any;
		any |= add_conjunction(tests, expression->right);
	}
}

bool sl_query_head(const struct sl_query *query, struct sl_head_tests *tests)
{
	bool any = false;

	*tests = (struct sl_head_tests){
		.kind = -1, .status = -1, .least_ns = INT64_MIN, .most_ns = INT64_MAX
	};
	if (query->needs_traces || query->field != NULL)
		return false;
	for (size_t i = 0; i < query->pipeline.count; i++)
		if (query->pipeline.stages[i]->kind == STAGE_FILTER)
			any |= add_conjunction(tests, query->pipeline.stages[i]->expression);
	return any;
}

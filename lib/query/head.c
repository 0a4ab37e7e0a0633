/* What the heads of spans tell of a query before it is run: comparisons that all have to hold. */
#include "match.h"
#include "spanline/text.h"

static bool add_text(struct sl_slice *test, const struct comparison *comparison)
{
	struct sl_slice text = comparison->constant.text;

	if (comparison->op != OP_EQUAL || comparison->constant.type != SL_TYPE_STRING ||
	    text.data == NULL || !query_is_plain(text))
		return false;
	*test = text;
	return true;
}

/* Of a few numbers those that are wanted. */
static bool add_number(uint32_t *wanted, const struct comparison *comparison,
		       enum sl_query_type type)
{
	uint32_t number;

	if (comparison->constant.type != type || comparison->constant.integer < 0 ||
	    comparison->constant.integer > 31)
		return false;
	number = UINT32_C(1) << comparison->constant.integer;
	if (comparison->op == OP_EQUAL)
		*wanted &= number;
	else if (comparison->op == OP_NOT_EQUAL)
		*wanted &= ~number;
	else
		return false;
	return true;
}

static bool add_id(struct sl_id_test *test, const struct comparison *comparison)
{
	struct sl_slice text = comparison->constant.text;

	if (comparison->op != OP_EQUAL || comparison->constant.type != SL_TYPE_STRING ||
	    text.len > 2 * sizeof(test->bytes) || !id_of_text(text, test->bytes))
		return false;
	test->size = (unsigned char)(text.len / 2);
	test->wanted = true;
	return true;
}

/* The same for ids that are equal where they differ in zeros before them: all 16 bytes. */
static bool add_trace_id(struct sl_id_test *test, const struct comparison *comparison)
{
	struct sl_id_test given;

	if (!add_id(&given, comparison))
		return false;
	memset(test->bytes, 0, sizeof(test->bytes));
	memcpy(test->bytes + sizeof(test->bytes) - given.size, given.bytes, given.size);
	test->size = sizeof(test->bytes);
	test->wanted = true;
	return true;
}

struct bounds {
	int64_t least, most;
};

/* Of the integers for which `integer OP constant` is true; the query itself knows of those whether
 * it is. */
static bool find_bounds(enum operator op, struct bounds constant, struct bounds *bounds)
{
	*bounds = (struct bounds){ INT64_MIN, INT64_MAX };
	switch (op) {
	case OP_GREATER:
	case OP_GREATER_EQUAL:
		bounds->least = constant.least;
		return true;
	case OP_LESS:
	case OP_LESS_EQUAL:
		bounds->most = constant.most;
		return true;
	case OP_EQUAL:
		*bounds = constant;
		return true;
	default:
		return false;
	}
}

static bool add_bounds(struct sl_head_tests *tests, const struct bounds *bounds)
{
	if (bounds->least > tests->least_ns)
		tests->least_ns = bounds->least;
	if (bounds->most < tests->most_ns)
		tests->most_ns = bounds->most;
	return true;
}

static bool add_duration(struct sl_head_tests *tests, const struct comparison *comparison)
{
	int64_t ns = comparison->constant.integer;
	struct bounds bounds;

	return (comparison->constant.type == SL_TYPE_DURATION ||
		comparison->constant.type == SL_TYPE_INT) &&
	       find_bounds(comparison->op, (struct bounds){ ns, ns }, &bounds) &&
	       add_bounds(tests, &bounds);
}

/* In ms, which are computed as floats: the bounds are wide enough for how they are rounded. */
static bool add_duration_ms(struct sl_head_tests *tests, const struct comparison *comparison)
{
	const struct sl_query_value *constant = &comparison->constant;
	struct bounds around, bounds;
	double ns, slack;

	if (!value_is_number(constant))
		return false;
	ns = (constant->type == SL_TYPE_FLOAT ? constant->number : (double)constant->integer) * 1e6;
	if (!(ns > -9e18 && ns < 9e18))
		return false;
	slack = 2 + (ns < 0 ? -ns : ns) * 1e-14;
	around = (struct bounds){ (int64_t)(ns - slack), (int64_t)(ns + slack) };
	return find_bounds(comparison->op, around, &bounds) && add_bounds(tests, &bounds);
}

static bool add_start(struct sl_head_tests *tests, const struct comparison *comparison)
{
	int64_t ns = comparison->constant.integer;
	struct bounds bounds;

	/* what is beyond the last time that the language knows counts as this one */
	if (comparison->constant.type != SL_TYPE_TIME || ns < 0 || ns == INT64_MAX ||
	    !find_bounds(comparison->op, (struct bounds){ ns, ns }, &bounds))
		return false;
	if (bounds.least > 0 && (uint64_t)bounds.least > tests->least_start_ns)
		tests->least_start_ns = (uint64_t)bounds.least;
	if (bounds.most < INT64_MAX && (uint64_t)bounds.most < tests->most_start_ns)
		tests->most_start_ns = (uint64_t)bounds.most;
	return true;
}

static bool add_comparison(struct sl_head_tests *tests, const struct comparison *comparison)
{
	const struct field *field = comparison->field;

	if (field->of_parent)
		return false;
	if (field->scope == SCOPE_RESOURCE && sl_slice_equal(field->name, SL_SLICE("service.name")))
		return add_text(&tests->service, comparison);
	if (field->scope != SCOPE_INTRINSIC)
		return false;
	switch (field->intrinsic) {
	case INTRINSIC_NAME:
		return add_text(&tests->name, comparison);
	case INTRINSIC_SERVICE:
		return add_text(&tests->service, comparison);
	case INTRINSIC_KIND:
		return add_number(&tests->kinds, comparison, SL_TYPE_KIND);
	case INTRINSIC_STATUS:
		return add_number(&tests->statuses, comparison, SL_TYPE_STATUS);
	case INTRINSIC_TRACE_ID:
		return add_trace_id(&tests->trace_id, comparison);
	case INTRINSIC_SPAN_ID:
		return add_id(&tests->span_id, comparison);
	case INTRINSIC_PARENT_ID:
		return add_id(&tests->parent_span_id, comparison);
	case INTRINSIC_DURATION:
		return add_duration(tests, comparison);
	case INTRINSIC_DURATION_MS:
		return add_duration_ms(tests, comparison);
	case INTRINSIC_START:
		return add_start(tests, comparison);
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
			return (comparison_of(expression, &comparison) &&
				add_comparison(tests, &comparison)) ||
			       any;
		any |= add_conjunction(tests, expression->right);
	}
}

bool sl_query_head(const struct sl_query *query, struct sl_head_tests *tests)
{
	bool any = false;

	*tests = sl_head_tests_none;
	if (query->needs_traces || query->field != NULL)
		return false;
	for (size_t i = 0; i < query->pipeline.count; i++)
		if (query->pipeline.stages[i]->kind == STAGE_FILTER)
			any |= add_conjunction(tests, query->pipeline.stages[i]->expression);
	return any;
}

/* Programs of tests, run: the part that sees every span. */
#include "match.h"

static inline bool in_range(const struct test *test, int64_t value)
{
	return ((uint64_t)value - (uint64_t)test->low <= test->width) != test->outside;
}

static bool value_holds(const struct test *test, struct context *context,
			const struct sl_query_value *value)
{
	if (test->op == OP_REGEX || test->op == OP_NOT_REGEX)
		return regex_holds(context, test->expression, value);
	return value_compare(test->op, value, &test->constant);
}

/* A text other than for equality. */
static bool text_holds(const struct test *test, struct context *context, struct sl_slice text)
{
	struct sl_query_value value = value_text(text);

	return value_holds(test, context, &value);
}

static bool service_holds(const struct test *test, struct context *context)
{
	struct sl_query_value value = span_service(context->span);

	return value_holds(test, context, &value);
}

static bool attribute_holds(const struct test *test, struct context *context)
{
	struct sl_query_value value;
	struct sl_value found;

	if (!sl_span_attribute(context->span, test->owner, test->key, &found))
		return false;
	if (found.type == SL_VALUE_STRING && test->op == OP_EQUAL)
		return test->constant.type == SL_TYPE_STRING &&
		       sl_slice_equal(found.text, test->constant.text);
	value = value_of_attribute(&found);
	return value_holds(test, context, &value);
}

static bool find_unscoped(const struct test *test, const struct context *context,
			  struct sl_query_value *value)
{
	struct sl_value found;

	if (!sl_span_attribute(context->span, SL_OWNER_SPAN, test->key, &found) &&
	    !sl_span_attribute(context->span, SL_OWNER_RESOURCE, test->key, &found))
		return false;
	*value = value_of_attribute(&found);
	return true;
}

static bool unscoped_holds(const struct test *test, struct context *context)
{
	struct sl_query_value value;

	if (find_unscoped(test, context, &value))
		return value_holds(test, context, &value);
	return expression_holds(context, test->expression);
}

static bool not_refuted(const struct test *test, struct context *context)
{
	struct sl_query_value value;

	return !find_unscoped(test, context, &value) || value_holds(test, context, &value);
}

static struct sl_slice without_zeros(struct sl_slice id)
{
	while (id.len > 0 && id.data[0] == 0) {
		id.data++;
		id.len--;
	}
	return id;
}

static bool id_holds(const struct test *test, struct sl_slice id)
{
	return sl_slice_equal(id, test->text) == (test->op == OP_EQUAL);
}

static bool trace_id_holds(const struct test *test, struct sl_slice id)
{
	bool equal = sl_slice_equal(id, test->text) ||
		     sl_slice_equal(without_zeros(id), without_zeros(test->text));

	return equal == (test->op == OP_EQUAL);
}

/* What looks at more than the header, and what is rarely asked. */
__attribute__((noinline)) static bool other_holds(const struct test *test, struct context *context)
{
	const struct sl_span *span = context->span;

	switch (test->kind) {
	case TEST_SERVICE:
		return service_holds(test, context);
	case TEST_NAME:
		return text_holds(test, context, span->name);
	case TEST_STATUS_MESSAGE:
		return text_holds(test, context, span->status_message);
	case TEST_TRACE_ID:
		return trace_id_holds(test, span->trace_id);
	case TEST_SPAN_ID:
		return id_holds(test, span->span_id);
	case TEST_PARENT_ID:
		return id_holds(test, span->parent_span_id);
	case TEST_ATTRIBUTE:
		return attribute_holds(test, context);
	case TEST_UNSCOPED:
		return unscoped_holds(test, context);
	case TEST_NOT_REFUTED:
		return not_refuted(test, context);
	case TEST_EXPRESSION:
		return expression_holds(context, test->expression);
	default:
		return false;
	}
}

static bool ask_other(const struct test *test, struct context *context)
{
	bool outer = context->negated, holds;

	context->negated = outer != test->negated;
	holds = other_holds(test, context);
	context->negated = outer;
	return holds;
}

/* Equality of texts that are mostly short, without a call. */
static inline bool same_text(struct sl_slice a, struct sl_slice b)
{
	uint64_t first_a, first_b, last_a, last_b;

	if (a.len != b.len)
		return false;
	if (a.len < 8 || a.len > 16)
		return sl_slice_equal(a, b);
	memcpy(&first_a, a.data, 8);
	memcpy(&first_b, b.data, 8);
	memcpy(&last_a, a.data + a.len - 8, 8);
	memcpy(&last_b, b.data + b.len - 8, 8);
	return ((first_a ^ first_b) | (last_a ^ last_b)) == 0;
}

static inline const struct test *go_on(const struct test *test, bool holds)
{
	return holds ? test->when_true : test->when_false;
}

/* What most queries ask of most spans stands here, without a call. */
bool program_run(const struct program *program, struct context *context)
{
	const struct test *test = program->entry;
	const struct sl_span *span = context->span;

	for (;;) {
		switch (test->kind) {
		case TEST_REJECTED:
			return false;
		case TEST_ACCEPTED:
			return true;
		case TEST_STATUS:
			test = go_on(test, in_range(test, span->status_code));
			continue;
		case TEST_KIND:
			test = go_on(test, in_range(test, span->kind));
			continue;
		case TEST_DURATION:
			test = go_on(test, in_range(test, sl_span_duration_ns(span)));
			continue;
		case TEST_SERVICE:
			if (test->op != OP_EQUAL || span->resource->service == NULL)
				break;
			test = go_on(test,
				     same_text(span->resource->service->value.text, test->text));
			continue;
		case TEST_NAME:
			if (test->op != OP_EQUAL)
				break;
			test = go_on(test, same_text(span->name, test->text));
			continue;
		default:
			break;
		}
		test = go_on(test, ask_other(test, context));
	}
}

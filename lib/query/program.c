/*
 * Filters as programs: flat lists of tests, each with the two places where to go on.
 *
 * A list is written from its end, so that each test knows where to go when it is written.  Of the
 * operands of `&&` and `||` the cheap ones are asked first.  Those that may look at events or links
 * have to agree on one of them (see evaluate.c), so if there are several, they stay one expression.
 */
#include "match.h"
#include <assert.h>

struct writer {
	struct sl_arena *arena;
	bool failed;
	bool negated;
	bool tempo; /* `||` looks at both sides */
};

/* Tests to go to. */
struct ways {
	const struct test *when_true;
	const struct test *when_false;
};

static const struct test accepted = { .kind = TEST_ACCEPTED };
static const struct test rejected = { .kind = TEST_REJECTED };
static const struct ways ends = { &accepted, &rejected };

static bool field_meets_lists(const struct field *field)
{
	if (field->of_parent)
		return false;
	switch (field->scope) {
	case SCOPE_NONE:
	case SCOPE_EVENT:
	case SCOPE_LINK:
		return true;
	case SCOPE_INTRINSIC:
		return field->intrinsic == INTRINSIC_EVENT_NAME ||
		       field->intrinsic == INTRINSIC_EVENT_TIME_SINCE_START ||
		       field->intrinsic == INTRINSIC_LINK_TRACE_ID ||
		       field->intrinsic == INTRINSIC_LINK_SPAN_ID;
	default:
		return false;
	}
}

bool expression_meets_lists(const struct expression *expression)
{
	for (;; expression = expression->left) {
		if (expression->kind == EXPRESSION_FIELD)
			return field_meets_lists(&expression->field);
		if (expression->kind == EXPRESSION_CONSTANT || expression->op == OP_NOT)
			return false;
		if (expression->kind == EXPRESSION_BINARY &&
		    expression_meets_lists(expression->right))
			return true;
	}
}

static const struct test *add(struct writer *writer, const struct test *test, struct ways ways)
{
	struct test *added = sl_arena_alloc(writer->arena, sizeof(*added));

	if (added == NULL) {
		writer->failed = true;
		return &rejected;
	}
	*added = *test;
	added->when_true = ways.when_true;
	added->when_false = ways.when_false;
	added->negated = writer->negated;
	return added;
}

static bool set_bounds(struct test *test, int64_t low, int64_t high, bool outside)
{
	test->low = low;
	test->width = (uint64_t)high - (uint64_t)low;
	test->outside = outside;
	return true;
}

/* `value OP integer` as low <= value <= high, or its opposite. */
static bool set_range(struct test *test, int64_t integer)
{
	switch (test->op) {
	case OP_EQUAL:
		return set_bounds(test, integer, integer, false);
	case OP_NOT_EQUAL:
		return set_bounds(test, integer, integer, true);
	case OP_GREATER_EQUAL:
		return set_bounds(test, integer, INT64_MAX, false);
	case OP_LESS:
		return set_bounds(test, integer, INT64_MAX, true);
	case OP_LESS_EQUAL:
		return set_bounds(test, INT64_MIN, integer, false);
	case OP_GREATER:
		return set_bounds(test, INT64_MIN, integer, true);
	default:
		return false;
	}
}

static bool set_enum(struct test *test, enum test_kind kind, enum sl_query_type type)
{
	test->kind = kind;
	return test->constant.type == type && (test->op == OP_EQUAL || test->op == OP_NOT_EQUAL) &&
	       set_range(test, test->constant.integer);
}

static bool set_text(struct test *test, enum test_kind kind)
{
	test->kind = kind;
	test->text = test->constant.text;
	return test->constant.type == SL_TYPE_STRING;
}

/* An id as bytes: only where it is written as ids are shown.  Of a trace id without its zeros. */
static bool set_id(struct sl_arena *arena, struct test *test, enum test_kind kind)
{
	struct sl_slice text = test->constant.text;
	char *bytes;

	test->kind = kind;
	if (test->constant.type != SL_TYPE_STRING || text.len > 64 || text.len % 2 != 0 ||
	    (test->op != OP_EQUAL && test->op != OP_NOT_EQUAL))
		return false;
	bytes = sl_arena_alloc(arena, text.len / 2);
	if (bytes == NULL || !id_of_text(text, bytes))
		return false;
	test->text = (struct sl_slice){ bytes, text.len / 2 };
	return true;
}

static bool set_intrinsic(struct sl_arena *arena, struct test *test, enum intrinsic intrinsic)
{
	switch (intrinsic) {
	case INTRINSIC_STATUS:
		return set_enum(test, TEST_STATUS, SL_TYPE_STATUS);
	case INTRINSIC_KIND:
		return set_enum(test, TEST_KIND, SL_TYPE_KIND);
	case INTRINSIC_DURATION:
		test->kind = TEST_DURATION;
		return (test->constant.type == SL_TYPE_DURATION ||
			test->constant.type == SL_TYPE_INT) &&
		       set_range(test, test->constant.integer);
	case INTRINSIC_SERVICE:
		return set_text(test, TEST_SERVICE);
	case INTRINSIC_NAME:
		return set_text(test, TEST_NAME);
	case INTRINSIC_STATUS_MESSAGE:
		return set_text(test, TEST_STATUS_MESSAGE);
	case INTRINSIC_TRACE_ID:
		return set_id(arena, test, TEST_TRACE_ID);
	case INTRINSIC_SPAN_ID:
		return set_id(arena, test, TEST_SPAN_ID);
	case INTRINSIC_PARENT_ID:
		return set_id(arena, test, TEST_PARENT_ID);
	default:
		return false;
	}
}

static bool set_attribute(struct test *test, enum sl_owner owner, struct sl_slice key)
{
	test->kind = TEST_ATTRIBUTE;
	test->owner = owner;
	test->key = key;
	return true;
}

static bool set_resource(struct test *test, struct sl_slice key)
{
	if (sl_slice_equal(key, SL_SLICE("service.name")) && test->constant.type == SL_TYPE_STRING)
		return set_text(test, TEST_SERVICE);
	return set_attribute(test, SL_OWNER_RESOURCE, key);
}

static bool set_field(struct sl_arena *arena, struct test *test, const struct field *field)
{
	if (field->of_parent)
		return false;
	switch (field->scope) {
	case SCOPE_NONE:
		test->kind = TEST_NOT_REFUTED;
		test->key = field->name;
		return true;
	case SCOPE_SPAN:
		return set_attribute(test, SL_OWNER_SPAN, field->name);
	case SCOPE_RESOURCE:
		return set_resource(test, field->name);
	case SCOPE_INSTRUMENTATION:
		return set_attribute(test, SL_OWNER_SCOPE, field->name);
	case SCOPE_INTRINSIC:
		return set_intrinsic(arena, test, field->intrinsic);
	default:
		return false;
	}
}

/* A test that is not TEST_EXPRESSION. */
static bool set_comparison(struct sl_arena *arena, struct test *test,
			   const struct expression *expression)
{
	struct comparison comparison;

	if (!comparison_of(expression, &comparison))
		return false;
	*test = (struct test){ .op = comparison.op,
			       .constant = comparison.constant,
			       .expression = expression };
	return set_field(arena, test, comparison.field);
}

static const struct test *write_expression(struct writer *writer,
					   const struct expression *expression, struct ways ways);

static const struct test *write_whole(struct writer *writer, const struct expression *expression,
				      struct ways ways)
{
	struct test test = { .kind = TEST_EXPRESSION, .expression = expression };

	return add(writer, &test, ways);
}

static const struct test *write_leaf(struct writer *writer, const struct expression *expression,
				     struct ways ways)
{
	struct test test;

	if (expression->kind == EXPRESSION_CONSTANT)
		return value_is_true(&expression->constant) ? ways.when_true : ways.when_false;
	if (!set_comparison(writer->arena, &test, expression))
		return write_whole(writer, expression, ways);
	if (test.kind == TEST_NOT_REFUTED)
		test.kind = TEST_UNSCOPED;
	return add(writer, &test, ways);
}

/* The order in which operands are asked. */
enum rank { RANK_HEADER, RANK_ATTRIBUTE, RANK_OTHER, RANK_LISTS, RANK_COUNT };

static enum rank rank_of(struct writer *writer, const struct expression *expression)
{
	struct test test;

	assert(expression != NULL);
	if (expression_meets_lists(expression))
		return RANK_LISTS;
	if (expression->op == OP_REGEX || expression->op == OP_NOT_REGEX ||
	    !set_comparison(writer->arena, &test, expression))
		return RANK_OTHER;
	return test.kind == TEST_ATTRIBUTE ? RANK_ATTRIBUTE : RANK_HEADER;
}

static bool is_and(const struct expression *expression)
{
	return expression->kind == EXPRESSION_BINARY && expression->op == OP_AND;
}

/* Joins the operands of a chain that meet lists; NULL: there are none. */
static const struct expression *join_lists(struct writer *writer, const struct expression *chain)
{
	const struct expression *joined = NULL;

	for (bool more = true; more; chain = chain->left) {
		const struct expression *operand = is_and(chain) ? chain->right : chain;
		struct expression *both;

		more = is_and(chain);
		if (!expression_meets_lists(operand))
			continue;
		if (joined == NULL) {
			joined = operand;
			continue;
		}
		both = sl_arena_alloc(writer->arena, sizeof(*both));
		if (both == NULL) {
			writer->failed = true;
			return joined;
		}
		/* to the left, where chains may be long */
		*both = (struct expression){ .kind = EXPRESSION_BINARY,
					     .type = SL_TYPE_BOOL,
					     .op = OP_AND };
		both->left = (struct expression *)(uintptr_t)joined;
		both->right = (struct expression *)(uintptr_t)operand;
		joined = both;
	}
	return joined;
}

/* Before the lists are looked at: unscoped attributes that span or resource has decide alone. */
static const struct test *write_refutations(struct writer *writer, const struct expression *chain,
					    struct ways ways)
{
	for (bool more = true; more; chain = chain->left) {
		const struct expression *operand = is_and(chain) ? chain->right : chain;
		struct test test;

		more = is_and(chain);
		if (set_comparison(writer->arena, &test, operand) && test.kind == TEST_NOT_REFUTED)
			ways.when_true = add(writer, &test, ways);
	}
	return ways.when_true;
}

static const struct test *write_and(struct writer *writer, const struct expression *chain,
				    struct ways ways)
{
	const struct expression *lists = join_lists(writer, chain);

	if (lists != NULL && is_and(lists))
		ways.when_true = write_refutations(
			writer, chain,
			(struct ways){ write_whole(writer, lists, ways), ways.when_false });
	else if (lists != NULL)
		ways.when_true = write_expression(writer, lists, ways);
	for (enum rank rank = RANK_OTHER + 1; rank-- > RANK_HEADER;) {
		const struct expression *at = chain;

		for (bool more = true; more; at = at->left) {
			const struct expression *operand = is_and(at) ? at->right : at;

			more = is_and(at);
			if (rank_of(writer, operand) == rank)
				ways.when_true = write_expression(writer, operand, ways);
		}
	}
	return ways.when_true;
}

static bool is_or(const struct expression *expression)
{
	return expression->kind == EXPRESSION_BINARY && expression->op == OP_OR;
}

/* Whether one of the operands may be anything but true and false. */
static bool any_may_be_nil(const struct expression *chain)
{
	for (; is_or(chain); chain = chain->left)
		if (chain->right->type != SL_TYPE_BOOL)
			return true;
	return chain->type != SL_TYPE_BOOL;
}

static const struct test *write_or(struct writer *writer, const struct expression *chain,
				   struct ways ways)
{
	if (writer->tempo && any_may_be_nil(chain))
		return write_whole(writer, chain, ways);
	for (enum rank rank = RANK_COUNT; rank-- > RANK_HEADER;) {
		const struct expression *at = chain;

		for (bool more = true; more; at = at->left) {
			const struct expression *operand = is_or(at) ? at->right : at;

			more = is_or(at);
			if (rank_of(writer, operand) == rank)
				ways.when_false = write_expression(writer, operand, ways);
		}
	}
	return ways.when_false;
}

static const struct test *write_not(struct writer *writer, const struct expression *operand,
				    struct ways ways)
{
	const struct test *entry;

	writer->negated = !writer->negated;
	entry = write_expression(writer, operand, (struct ways){ ways.when_false, ways.when_true });
	writer->negated = !writer->negated;
	return entry;
}

/* Where to begin with it. */
static const struct test *write_expression(struct writer *writer,
					   const struct expression *expression, struct ways ways)
{
	assert(expression != NULL);
	if (expression->kind == EXPRESSION_UNARY && expression->op == OP_NOT)
		return write_not(writer, expression->left, ways);
	if (is_and(expression))
		return write_and(writer, expression, ways);
	if (is_or(expression))
		return write_or(writer, expression, ways);
	return write_leaf(writer, expression, ways);
}

bool program_of_filter(struct sl_arena *arena, const struct sl_query *query,
		       const struct expression *expression, struct program *program)
{
	struct writer writer = { .arena = arena, .tempo = query->tempo };

	program->entry = write_expression(&writer, expression, ends);
	return !writer.failed;
}

static const struct test *write_pipeline(struct writer *writer, const struct pipeline *pipeline,
					 struct ways ways);

/* Stages that ask about one span at a time; the others do not change the answer. */
static const struct test *write_stage(struct writer *writer, const struct stage *stage,
				      struct ways ways)
{
	switch (stage->kind) {
	case STAGE_FILTER:
		return write_expression(writer, stage->expression, ways);
	case STAGE_OPERATOR: /* `||`: the others need traces */
		ways.when_false = write_stage(writer, stage->right, ways);
		return write_stage(writer, stage->left, ways);
	case STAGE_PIPELINE:
		return write_pipeline(writer, stage->pipeline, ways);
	default:
		return ways.when_true;
	}
}

static const struct test *write_pipeline(struct writer *writer, const struct pipeline *pipeline,
					 struct ways ways)
{
	for (size_t i = pipeline->count; i-- > 0;)
		ways.when_true = write_stage(writer, pipeline->stages[i], ways);
	return ways.when_true;
}

bool program_of_pipeline(struct sl_arena *arena, const struct sl_query *query,
			 struct program *program)
{
	struct writer writer = { .arena = arena, .tempo = query->tempo };

	program->entry = write_pipeline(&writer, &query->pipeline, ends);
	return !writer.failed;
}

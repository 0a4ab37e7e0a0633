/* What a query needs of spans, and what their lines must hold. */
#include "match.h"

/* What lib/trace asks for a tree. */
enum {
	NEEDS_OF_TREE = SL_NEED_TRACE_ID | SL_NEED_SPAN_ID | SL_NEED_PARENT_SPAN_ID | SL_NEED_TIMES,
	NEEDS_TRACE = 1 << 30, /* besides the public ones */
};

static unsigned intrinsic_needs(enum intrinsic intrinsic)
{
	switch (intrinsic) {
	case INTRINSIC_DURATION:
	case INTRINSIC_DURATION_MS:
	case INTRINSIC_START:
		return SL_NEED_TIMES;
	case INTRINSIC_NAME:
		return SL_NEED_NAME;
	case INTRINSIC_STATUS:
		return SL_NEED_STATUS;
	case INTRINSIC_STATUS_MESSAGE:
		return SL_NEED_STATUS_MESSAGE;
	case INTRINSIC_KIND:
		return SL_NEED_KIND;
	case INTRINSIC_SERVICE:
		return SL_NEED_SERVICE;
	case INTRINSIC_SPAN_ID:
		return SL_NEED_SPAN_ID;
	case INTRINSIC_PARENT_ID:
		return SL_NEED_PARENT_SPAN_ID;
	case INTRINSIC_TRACE_ID:
		return SL_NEED_TRACE_ID;
	case INTRINSIC_EVENT_TIME_SINCE_START:
		return SL_NEED_WHOLE | SL_NEED_TIMES;
	case INTRINSIC_EVENT_NAME:
	case INTRINSIC_LINK_TRACE_ID:
	case INTRINSIC_LINK_SPAN_ID:
	case INTRINSIC_INSTRUMENTATION_NAME:
	case INTRINSIC_INSTRUMENTATION_VERSION:
		return SL_NEED_WHOLE;
	case INTRINSIC_ROOT_NAME:
		return NEEDS_TRACE | SL_NEED_NAME;
	case INTRINSIC_ROOT_SERVICE:
		return NEEDS_TRACE | SL_NEED_SERVICE;
	default:
		return NEEDS_TRACE;
	}
}

static unsigned field_needs(const struct field *field)
{
	switch (field->scope) {
	case SCOPE_NONE:
		return SL_NEED_ATTRIBUTES | SL_NEED_SERVICE; /* lists are reached for if need be */
	case SCOPE_RESOURCE:
		if (sl_slice_equal(field->name, SL_SLICE("service.name")))
			return SL_NEED_SERVICE;
		return SL_NEED_ATTRIBUTES;
	case SCOPE_SPAN:
	case SCOPE_INSTRUMENTATION:
		return SL_NEED_ATTRIBUTES;
	case SCOPE_EVENT:
	case SCOPE_LINK:
		return SL_NEED_ATTRIBUTES | SL_NEED_WHOLE;
	case SCOPE_INTRINSIC:
		return intrinsic_needs(field->intrinsic);
	}
	return 0;
}

static void add_expression(void *context, const struct expression *expression)
{
	unsigned *needs = context;

	if (expression->kind != EXPRESSION_FIELD)
		return;
	*needs |= field_needs(&expression->field);
	if (expression->field.of_parent)
		*needs |= NEEDS_TRACE;
}

/* Filters, and `||` of them, ask about one span at a time. */
static void add_stage(void *context, const struct stage *stage)
{
	unsigned *needs = context;

	switch (stage->kind) {
	case STAGE_FILTER:
	case STAGE_PIPELINE:
	case STAGE_SELECT:
	case STAGE_COALESCE:
		return;
	case STAGE_OPERATOR:
		if (stage->op != OP_OR)
			*needs |= NEEDS_TRACE;
		return;
	case STAGE_NOT:
	case STAGE_COMPARE:
	case STAGE_BY:
		*needs |= NEEDS_TRACE;
		return;
	}
}

/* A text that is written in a line as it is, and says something. */
static bool is_literal(struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x20 || text.data[i] > 0x7e || text.data[i] == '"' ||
		    text.data[i] == '\\')
			return false;
	return text.len >= 2;
}

struct candidate {
	struct sl_slice text;
	bool is_attribute;
};

/* Of fields whose text is in the line as it is; ids may be written in capitals. */
static bool is_in_line(const struct field *field)
{
	if (field->of_parent)
		return false;
	if (field->scope != SCOPE_INTRINSIC)
		return true;
	switch (field->intrinsic) {
	case INTRINSIC_SERVICE:
	case INTRINSIC_NAME:
	case INTRINSIC_STATUS_MESSAGE:
	case INTRINSIC_EVENT_NAME:
	case INTRINSIC_INSTRUMENTATION_NAME:
	case INTRINSIC_INSTRUMENTATION_VERSION:
		return true;
	default:
		return false;
	}
}

/* Services and names are few, and stand in many lines. */
static bool is_selective(const struct field *field)
{
	return field->scope != SCOPE_INTRINSIC &&
	       !(field->scope == SCOPE_RESOURCE &&
		 sl_slice_equal(field->name, SL_SLICE("service.name")));
}

static void consider(struct candidate *best, const struct expression *field,
		     const struct expression *constant)
{
	struct candidate candidate;

	if (field->kind != EXPRESSION_FIELD || constant->kind != EXPRESSION_CONSTANT ||
	    constant->constant.type != SL_TYPE_STRING || !is_in_line(&field->field) ||
	    !is_literal(constant->constant.text))
		return;
	candidate = (struct candidate){ constant->constant.text, is_selective(&field->field) };
	if (candidate.is_attribute != best->is_attribute ? candidate.is_attribute
							 : candidate.text.len > best->text.len)
		*best = candidate;
}

static void find_in_conjunction(struct candidate *best, const struct expression *expression)
{
	for (;; expression = expression->left) {
		if (expression->kind != EXPRESSION_BINARY)
			return;
		if (expression->op == OP_EQUAL) {
			consider(best, expression->left, expression->right);
			consider(best, expression->right, expression->left);
		}
		if (expression->op != OP_AND)
			return;
		find_in_conjunction(best, expression->right);
	}
}

static void find_in_pipeline(struct candidate *best, const struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		const struct stage *stage = pipeline->stages[i];

		if (stage->kind == STAGE_FILTER)
			find_in_conjunction(best, stage->expression);
		else if (stage->kind == STAGE_PIPELINE)
			find_in_pipeline(best, stage->pipeline);
	}
}

void query_find_needs(struct sl_query *query)
{
	struct candidate best = { .text = { NULL, 0 } };
	unsigned needs = 0;
	struct walker walker = { add_stage, NULL, add_expression, &needs };

	walk_query(&walker, query);
	query->needs_traces = (needs & NEEDS_TRACE) != 0;
	query->needs = needs & ~(unsigned)NEEDS_TRACE;
	if (query->needs_traces)
		query->needs |= NEEDS_OF_TREE;
	else if (query->field == NULL)
		find_in_pipeline(&best, &query->pipeline);
	query->literal = best.text;
}

unsigned sl_query_needs(const struct sl_query *query)
{
	return query->needs;
}

bool sl_query_needs_traces(const struct sl_query *query)
{
	return query->needs_traces;
}

struct sl_slice sl_query_literal(const struct sl_query *query)
{
	return query->literal;
}

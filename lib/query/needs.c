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

void query_find_needs(struct sl_query *query)
{
	unsigned needs = 0;
	struct walker walker = { add_stage, NULL, add_expression, &needs };

	walk_query(&walker, query);
	query->needs_traces = (needs & NEEDS_TRACE) != 0;
	query->needs = needs & ~(unsigned)NEEDS_TRACE;
	if (query->needs_traces)
		query->needs |= NEEDS_OF_TREE;
}

unsigned sl_query_needs(const struct sl_query *query)
{
	return query->needs;
}

bool sl_query_needs_traces(const struct sl_query *query)
{
	return query->needs_traces;
}

/* Trees without some of their spans. */
#include "spanline/select.h"

static const struct sl_slice nothing = { "", 0 };

/* Whether a cycle was cut above it, and the span that it names, which is below it, is gone. */
static bool names_a_gap(const struct sl_trace *trace, const bool *kept, uint32_t top)
{
	const struct sl_trace_node *node = &trace->nodes[top];

	if (!node->cyclic)
		return false;
	for (uint32_t i = node->enter; node->exit > i; i++) {
		uint32_t at = trace->preorder[i];

		if (!trace->nodes[at].duplicate &&
		    sl_slice_equal(trace->nodes[at].span->span_id, node->span->parent_span_id))
			return !kept[at];
	}
	return false;
}

/* Above a top there is only what it names itself; of a cycle that is below it. */
static struct sl_slice above_top(const struct sl_trace *trace, const bool *kept, uint32_t top)
{
	if (kept[top] ? names_a_gap(trace, kept, top) : trace->nodes[top].cyclic)
		return nothing;
	return trace->nodes[top].span->parent_span_id;
}

void sl_reparent(const struct sl_trace *trace, const bool *kept, struct sl_slice *parents)
{
	/* in preorder what a parent would say of its own parent is known before its children ask */
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;

		if (parent == SL_NO_SPAN)
			parents[at] = above_top(trace, kept, at);
		else if (kept[parent])
			parents[at] = trace->nodes[parent].span->span_id;
		else
			parents[at] = parents[parent];
	}
}

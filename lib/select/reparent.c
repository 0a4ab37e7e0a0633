/* Trees without some of their spans. */
#include "spanline/select.h"

void sl_reparent(const struct sl_trace *trace, const bool *kept, struct sl_slice *parents)
{
	/* in preorder what a parent would say of its own parent is known before its children ask */
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;

		if (parent == SL_NO_SPAN)
			parents[at] = trace->nodes[at].span->parent_span_id;
		else if (kept[parent])
			parents[at] = trace->nodes[parent].span->span_id;
		else
			parents[at] = parents[parent];
	}
}

/* What is known of other traces of the input, for the links between them. */
#ifndef RENDER_LINKED_H
#define RENDER_LINKED_H

#include "spanline/render.h"

enum { LINKED_ID = 16, LINKED_SPAN_ID = 8 };

/* A trace. */
struct linked {
	char id[LINKED_ID];
	uint64_t start_ns, duration_ns; /* of its root */
	uint32_t spans, services, errors;
	struct sl_slice name; /* of service and root: raw bytes of the input */
};

/* A link from somewhere to a span. */
struct incoming {
	uint64_t key; /* of the span that it leads to: first, to be found by */
	char trace_id[LINKED_ID], span_id[LINKED_SPAN_ID];
};

/* NULL: it is not in the input, or *linked has forgotten some. */
const struct linked *linked_find(const struct sl_linked *linked, struct sl_slice trace_id);
bool linked_is_complete(const struct sl_linked *linked);
/* Those that lead to the span, *count of them. */
const struct incoming *linked_from(const struct sl_linked *linked, const struct sl_span *span,
				   size_t *count);

#endif

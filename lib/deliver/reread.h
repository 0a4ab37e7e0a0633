/* A request back into its spans: to be cut in two, or written down as span lines. */
#ifndef DELIVER_REREAD_H
#define DELIVER_REREAD_H

#include "spanline/net.h"
#include "spanline/span.h"

/* Calls `each` for the spans of the request, in its order; what it returns, if not SL_OK, ends. */
SL_MUST_USE enum sl_status reread(struct sl_slice request,
				  enum sl_status (*each)(void *context, const struct sl_span *span,
							 struct sl_error *err),
				  void *context, struct sl_error *err);

/* The request as two, of `span_count` (at least 2) spans: halves[0] and [1] are emptied first, and
 * counts has how many spans went into each. */
SL_MUST_USE enum sl_status split_request(struct sl_slice request, enum sl_protocol protocol,
					 size_t span_count, struct sl_buffer halves[2],
					 struct sl_error *err);

/* The request with U+FFFD for all text that is no UTF-8. */
SL_MUST_USE enum sl_status mend_request(struct sl_slice request, enum sl_protocol protocol,
					struct sl_buffer *mended, struct sl_error *err);

/* The form of otlp-encode that a protocol sends. */
const char *form_of_protocol(enum sl_protocol protocol);

#endif

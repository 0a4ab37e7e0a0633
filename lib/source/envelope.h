/* JSON documents that carry one request in a string: what exporters of serverless functions print,
 * and what AWS hands to functions. */
#ifndef SOURCE_ENVELOPE_H
#define SOURCE_ENVELOPE_H

#include "spanline/scan.h"

/* A zeroed struct is ready. */
struct envelope_opener {
	struct sl_arena arena;
	struct sl_notes unused;
	struct sl_buffer request;
};

/*
 * *bytes, a document, becomes the request in it, which may be compressed; valid until the next
 * call. SL_PADDING applies.  SL_BAD_RECORD: there is none, err says why and at which byte.
 */
SL_MUST_USE enum sl_status envelope_open(struct envelope_opener *opener, struct sl_slice *bytes,
					 struct sl_error *err);
void envelope_free(struct envelope_opener *opener);

#endif

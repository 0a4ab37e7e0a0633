/*
 * Spans out as OTLP, in batches: regrouped by equal resource and scope in order of first
 * appearance.  Packers encode, one on each worker; the sink puts what they made together, in order.
 */
#ifndef SPANLINE_SINK_H
#define SPANLINE_SINK_H

#include "spanline/io.h"
#include "spanline/span.h"

struct sl_encoding_row {
	const char *name; /* as --to takes it */
	const char *help;
};
/* The row at `index` of the table of forms, in the order of --help; NULL behind the last. */
const struct sl_encoding_row *sl_encoding(size_t index);

/* A request that is whole. */
struct sl_request {
	struct sl_buffer *bytes; /* borrowed; may be exchanged for any other buffer */
	size_t span_count;
	bool has_bad_text; /* as sl_packer_judge kept it */
};

struct sl_sink_options {
	const char *to;	    /* a name of the table */
	size_t batch_spans; /* spans in a request, at least 1 */
	size_t batch_bytes; /* bytes in a request before compression; a larger span goes alone */
	uint64_t skip;	    /* spans that are passed over before the first */
	/* Or NULL: is handed each request, instead of *out.  Its outcome is the sink's, if it is
	 * not SL_OK. */
	enum sl_status (*request)(void *context, const struct sl_request *request,
				  struct sl_error *err);
	void *context;
};

struct sl_packer;

/* For sinks of the form `to`.  *packer is owned, `notes` borrowed for its life.  SL_FAILED: no such
 * form, or out of memory. */
SL_MUST_USE enum sl_status sl_packer_open(struct sl_packer **packer, const char *to,
					  struct sl_notes *notes, struct sl_error *err);
/* From now on what is no UTF-8 is counted also in protobuf, and both have it replaced or kept;
 * before, protobuf keeps it and JSON does not. */
void sl_packer_judge(struct sl_packer *packer, enum sl_bad_text bad_text);
/*
 * Encodes the span at once, so that it is borrowed for the call only.  What is appended to *out is
 * for a sink of this program alone: all of *out, which is begun anew where it is empty.  The spans
 * given to one packer are those of one reader: a serial names a content.
 */
SL_MUST_USE enum sl_status sl_packer_add(struct sl_packer *packer, const struct sl_span *span,
					 struct sl_buffer *out, struct sl_error *err);
/* NULL is allowed. */
void sl_packer_close(struct sl_packer *packer);

struct sl_sink;

/* *sink is owned, `notes` borrowed for its life.  SL_FAILED: no such form, or out of memory. */
SL_MUST_USE enum sl_status sl_sink_open(struct sl_sink **sink,
					const struct sl_sink_options *options,
					struct sl_notes *notes, struct sl_error *err);
/* The spans of `packed`, which a packer made; a batch that is full is appended to *out.  Where the
 * spans are cut into pieces does not show. */
SL_MUST_USE enum sl_status sl_sink_gather(struct sl_sink *sink, struct sl_slice packed,
					  struct sl_buffer *out, struct sl_error *err);
/* The batch that is begun, if any. */
SL_MUST_USE enum sl_status sl_sink_flush(struct sl_sink *sink, struct sl_buffer *out,
					 struct sl_error *err);
/* The last batch, and what closes a document. */
SL_MUST_USE enum sl_status sl_sink_finish(struct sl_sink *sink, struct sl_buffer *out,
					  struct sl_error *err);
/* Spans that were gathered, with those that were passed over. */
uint64_t sl_sink_span_count(const struct sl_sink *sink);
/* NULL is allowed. */
void sl_sink_close(struct sl_sink *sink);

#endif

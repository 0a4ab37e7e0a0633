/* The two languages of OTLP, protobuf and JSON: what a span is in them and what stands around it.
 */
#ifndef SINK_PAYLOAD_H
#define SINK_PAYLOAD_H

#include "spanline/span.h"

enum { PREFIX_ROOM = 16 };

/* Numbers of the fields whose messages are put together here, the same on each level. */
enum { FIELD_RESOURCE_SPANS = 1, FIELD_SCOPE_SPANS = 2, FIELD_SPANS = 2 };

struct encoders {
	struct sl_wire_encoder *wire;
	struct sl_notes *notes;
	bool judge; /* text in protobuf */
	enum sl_bad_text bad_text;
};

/*
 * A ResourceSpans is its head (all before the first ScopeSpans), ScopeSpans, and its tail; a
 * ScopeSpans the same with spans.  Everything but a tail may fail for want of memory; all append.
 */
struct payload {
	/* Without its prefix. */
	enum sl_status (*span)(const struct encoders *encoders, const struct sl_span *span,
			       struct sl_buffer *out, struct sl_error *err);
	enum sl_status (*resource_head)(const struct encoders *encoders,
					const struct sl_resource *resource, struct sl_buffer *out,
					struct sl_error *err);
	enum sl_status (*scope_head)(const struct encoders *encoders, const struct sl_scope *scope,
				     struct sl_buffer *out, struct sl_error *err);
	void (*tail)(struct sl_slice schema_url, const struct encoders *encoders,
		     struct sl_buffer *out);
	/* What stands before a message of `len` bytes in the list of its parent, put at `at`
	 * (PREFIX_ROOM); its length is returned. */
	size_t (*prefix)(char *at, unsigned field, size_t len, bool first);
};

extern const struct payload payload_wire, payload_json;

#endif

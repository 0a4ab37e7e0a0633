/* The messages of OTLP/JSON: spans and log records, their resources and scopes. */
#ifndef JSON_OTLP_RECORD_H
#define JSON_OTLP_RECORD_H

#include "otlp_value.h"

/* What the members of a records array become. */
union record {
	struct sl_span span;
	struct {
		struct sl_log log;
		uint64_t observed_unix_nano;
	};
};

extern const struct message span_message;     /* into a struct sl_span */
extern const struct message log_message;      /* into a union record */
extern const struct message event_message;    /* into a struct sl_event */
extern const struct message link_message;     /* into a struct sl_link */
extern const struct message resource_message; /* into a struct sl_resource */
extern const struct message scope_message;    /* into a struct sl_scope */

/* The fields of spans, in the order in which they are usually written. */
enum span_row {
	ROW_TRACE_ID,
	ROW_SPAN_ID,
	ROW_TRACE_STATE,
	ROW_PARENT_SPAN_ID,
	ROW_FLAGS,
	ROW_NAME,
	ROW_KIND,
	ROW_START,
	ROW_END,
	ROW_ATTRIBUTES,
	ROW_DROPPED_ATTRIBUTES,
	ROW_EVENTS,
	ROW_DROPPED_EVENTS,
	ROW_LINKS,
	ROW_DROPPED_LINKS,
	ROW_STATUS,
};

/* Reads the start of a span where it is the usual one: up to the end time, or the ids, or nothing.
 * The walk goes on behind it. */
void take_usual_start(struct sl_cursor *cursor, struct members *members, struct sl_span *span);

/* Reads the fields of the object into `record`, which starts out with the defaults; a field of the
 * wrong type keeps its own, and is noted. */
bool decode_fields(struct decoder *decoder, const struct message *message, void *record);
/* The same for a span. */
bool decode_span(struct decoder *decoder, struct sl_span *span);

#endif

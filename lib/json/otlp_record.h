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

/* Reads the fields of the object into `record`, which starts out with the defaults. */
bool decode_fields(struct decoder *decoder, const struct message *message, void *record);

#endif

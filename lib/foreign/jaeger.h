/* What the files of the Jaeger reader share. */
#ifndef FOREIGN_JAEGER_H
#define FOREIGN_JAEGER_H

#include "foreign.h"

/* jaeger_tags.c */
struct jaeger_tags {
	struct foreign_tags fields;
	struct sl_slice event; /* of a log */
	bool hex; /* binary values are written in hex, as documents of Elasticsearch have them */
};

/* Whose tags are read: that decides which of them are fields. */
enum jaeger_owner { JAEGER_SPAN, JAEGER_LOG, JAEGER_PROCESS };

/* The list of tags at the cursor, or the object that Elasticsearch may have instead, on the
 * builder. */
bool jaeger_read_tags(struct sl_foreign_reader *reader, enum jaeger_owner owner,
		      struct jaeger_tags *tags);

/* jaeger_fields.c: the fields of all variants */
bool jaeger_trace_id(struct sl_foreign_reader *reader, void *slice);
bool jaeger_span_id(struct sl_foreign_reader *reader, void *slice);
bool jaeger_time(struct sl_foreign_reader *reader, void *ns);
bool jaeger_duration(struct sl_foreign_reader *reader, void *ns);
/* Both halves of a trace id in one; false: out of memory. */
bool jaeger_join_id(struct sl_foreign_reader *reader, struct sl_slice high, struct sl_slice low,
		    struct sl_slice *id);

/* What is known of a span beside it until its trace ends. */
struct jaeger_pending {
	struct sl_slice process_id;
	bool has_process;
};

/* jaeger_span.c: the span at the cursor.  `trace_id`: of what is around it; `hex`: see above. */
bool jaeger_read_span(struct sl_foreign_reader *reader, struct sl_slice trace_id, bool hex);
/* jaeger_process.c: the resource that the process of this text is; NULL: no memory. */
const struct sl_resource *jaeger_resource(struct sl_foreign_reader *reader, struct sl_slice text);

#endif

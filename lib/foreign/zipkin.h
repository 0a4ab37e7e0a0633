/* What the files of the Zipkin reader share. */
#ifndef FOREIGN_ZIPKIN_H
#define FOREIGN_ZIPKIN_H

#include "foreign.h"

struct endpoint {
	struct sl_slice service, ipv4, ipv6;
	struct sl_value port;
};

/* An annotation, or in v1 a binary annotation. */
struct note {
	uint64_t time;
	struct sl_slice key; /* of a binary annotation */
	struct sl_value value;
	struct endpoint endpoint;
	bool has_endpoint;
	bool binary;
};

/* The object of a span, with its tags on the builder, in v2; in v1 all are notes. */
struct zipkin_span {
	struct sl_slice trace_id, id, parent_id;
	struct sl_slice name, kind;
	uint64_t timestamp, duration;
	bool has_timestamp;
	bool is_v1;
	bool shared;
	struct endpoint local, remote;
	struct foreign_tags tags;
	/* a link for each "otlp.link.N" is in the reader's links, annotations are in its events,
	 * notes of v1 in its parts */
};

/* What is known beside each span until its list ends. */
struct zipkin_pending {
	struct sl_slice service;
	bool shared;
	bool has_start;
};

/* zipkin_span.c: the span at the cursor. */
bool zipkin_read_span(struct sl_foreign_reader *reader);
/* A span more of what was read, whose attributes stand on the builder. */
bool zipkin_add_span(struct sl_foreign_reader *reader, struct zipkin_span *read);
bool zipkin_add_event(struct sl_foreign_reader *reader, uint64_t time, struct sl_slice text);

/* zipkin_v1.c: the same of a span whose notes say what its parts are. */
bool zipkin_add_v1(struct sl_foreign_reader *reader, struct zipkin_span *read);

/* zipkin_shared.c: spans from `first` on that share their ids get their own, and what belongs to
 * one is joined. */
bool zipkin_settle(struct sl_foreign_reader *reader, size_t first);
/* The last span, which stands alone: what it shares its id with is somewhere else. */
bool zipkin_settle_alone(struct sl_foreign_reader *reader);

#endif

/*
 * A reply as the transport gave it, and what it means: everything about requests that needs no
 * network.
 */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include "spanline/net.h"

/* How the exchange ended. */
enum transport {
	TRANSPORT_DONE,	    /* a response came, whole */
	TRANSPORT_NOBODY,   /* no connection came about */
	TRANSPORT_UNSENT,   /* one did, and broke before anything was sent */
	TRANSPORT_LOST,	    /* sent, or begun to be: the response is missing */
	TRANSPORT_RESENT,   /* the same, on a connection that was dead already */
	TRANSPORT_REFUSED,  /* this response is not going to get better: too large, no HTTP */
	TRANSPORT_HOPELESS, /* nor that of any other request */
};

/* The headers that tell something, trailers included. */
enum reply_header {
	REPLY_CONTENT_TYPE,
	REPLY_RETRY_AFTER,
	REPLY_LOCATION,
	REPLY_GRPC_STATUS,
	REPLY_GRPC_MESSAGE,
	REPLY_GRPC_DETAILS,
	REPLY_HEADER_COUNT
};

struct reply {
	enum transport transport;
	const char *problem; /* of the transport, in words; or NULL */
	long http_status;
	bool head_ended;			      /* by an empty line */
	struct sl_buffer headers[REPLY_HEADER_COUNT]; /* empty: it was not there */
	struct sl_buffer body;
	int64_t now_s; /* since 1970 */
};

/* Empty again, its memory kept. */
void reply_clear(struct reply *reply);
void reply_free(struct reply *reply);
/* A line of the response's head or trailers, with its end. */
void reply_header(struct reply *reply, struct sl_slice line);

/* What the reply means.  `scratch` is emptied.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status answer_http(struct sl_answer *answer, const struct reply *reply,
				       struct sl_arena *scratch, struct sl_error *err);
SL_MUST_USE enum sl_status answer_grpc(struct sl_answer *answer, const struct reply *reply,
				       struct sl_arena *scratch, struct sl_error *err);

/* What both share: nothing is known yet, and what a transport that is not done means. */
void answer_begin(struct sl_answer *answer, const struct reply *reply);
/* A stranger's text as the message, cut to its room between characters. */
void answer_tell(struct sl_answer *answer, struct sl_slice text);
/* The body of a success, as protobuf or JSON; one that is neither is told, and accepted. */
SL_MUST_USE enum sl_status answer_success(struct sl_answer *answer, struct sl_slice body,
					  bool is_json, struct sl_arena *scratch,
					  struct sl_error *err);

/* A server may say in its message what it was sent: stars over the values of the headers, and over
 * those of the URL's query, decoded or not.  Of less than 4 bytes they are no secrets. */
void headers_hide(const struct sl_headers *headers, char *text);
void query_hide(const char *url, char *text);

/* Retry-After: seconds, or a date (RFC 9110, 10.2.3).  False: neither. */
bool parse_retry_after(struct sl_slice text, int64_t now_s, uint64_t *wait_ns);

#endif

/* The head of an HTTP/1 message: what it says of the body. */
#ifndef SOURCE_HTTP_HEAD_H
#define SOURCE_HTTP_HEAD_H

#include "plausible.h"

struct http_head {
	bool upload;	/* POST or PUT: the body may be telemetry */
	bool telemetry; /* it says so itself: by its path (/v1/traces), or as protobuf */
	bool sized;	/* `length` is known */
	bool chunked;
	bool to_the_end; /* a response that ends with its connection */
	uint64_t length;
	struct sl_slice coding; /* an unsupported Content-Encoding, empty: none */
};

/* A request or a response may begin so: its first word. */
enum verdict http_begins(struct sl_slice text);

/* Bytes of the head at the start, with the blank line behind it; 0: it does not end here. */
size_t http_head_len(struct sl_slice text);

/* False: neither a request nor a response of HTTP/1. */
SL_MUST_USE bool http_head_read(struct sl_slice head, struct http_head *result);

/* The size in the line of a chunk; false: none. */
SL_MUST_USE bool http_chunk_size(struct sl_slice line, uint64_t *size);

#endif

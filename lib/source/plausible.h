/* Whether bytes look like the beginning of something that carries telemetry. */
#ifndef SOURCE_PLAUSIBLE_H
#define SOURCE_PLAUSIBLE_H

#include "spanline/source.h"

/* An answer about bytes of which more may come: open means that only those can tell.  In the order
 * of what speaks for it. */
enum verdict { VERDICT_NO, VERDICT_OPEN, VERDICT_YES };

/* White space, or the byte that JSON text sequences (RFC 7464) put before each document. */
static inline bool is_blank(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' || byte == '\x1e';
}

/* Bytes of white space at the start. */
size_t blank_prefix(struct sl_slice text);

/*
 * A JSON object or array: "{" and a key with its colon, or "}"; "[" and one of these, or "]". White
 * space may stand around the tokens, and a key holds no control bytes.  (0x0a is both a newline and
 * the tag of the first field of a request: "\n{" may be protobuf.)
 */
enum verdict json_begins(struct sl_slice text);
/* The same of bytes that have ended. */
bool json_probably(struct sl_slice text);

/*
 * A request of `len` bytes as protobuf, of which `have` is there (perhaps with more behind it): its
 * first field is a ResourceSpans, or its like of another signal, that fits, and so on inwards.
 */
enum verdict request_begins(struct sl_slice have, uint64_t len);

/* A message behind a prefix: a request in protobuf or JSON, or what gzip or zstd made of one. */
enum verdict message_begins(struct sl_slice have, uint64_t len);

/* A frame of a format with prefixes. */
struct frame {
	size_t prefix; /* bytes of it; 0: not whole */
	uint64_t len;  /* of the message behind it */
	bool packed;   /* gRPC's flag: it is compressed */
};

/*
 * The prefix can be one, and a message begins behind it.  *frame is filled as far as is known; open
 * with frame->prefix 0: the prefix is not whole.
 */
enum verdict frame_begins(enum sl_format format, struct sl_slice have, struct frame *frame);

#endif

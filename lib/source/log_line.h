/* Lines of logs that hold telemetry: what stands around it, and where it begins. */
#ifndef SOURCE_LOG_LINE_H
#define SOURCE_LOG_LINE_H

#include "plausible.h"

/* A line, of which `text` is what the program printed. */
struct log_line {
	char *text;
	size_t len;
	bool from_stderr;
	bool is_part; /* the next line of the same stream goes on */
};

/* As Docker's json-file driver and Kubernetes' container runtimes (CRI) write them, or as it is.
 * What Docker has escaped is undone in place. */
struct log_line log_line_of(char *line, size_t len);

enum log_content {
	LOG_NOTHING,  /* no telemetry */
	LOG_DOCUMENT, /* OTLP/JSON */
	LOG_ENVELOPE, /* JSON with a request in it, see envelope.h */
};
/* What the text holds, from *at on. */
enum log_content log_content_of(struct sl_slice text, size_t *at);

/* The input begins as Docker or CRI write, or its first line with JSON in it holds telemetry behind
 * other text. */
enum verdict logs_begin(struct sl_slice start);
enum verdict logs_hold(struct sl_slice start);

#endif

/* The forms of output: what stands around each request. */
#ifndef SINK_FORMS_H
#define SINK_FORMS_H

#include "batch.h"
#include "spanline/sink.h"

/* What a form keeps from request to request. */
struct framer {
	struct sl_deflater *deflater;
	struct sl_buffer message;
	bool begun; /* a request was written */
};

struct form {
	struct sl_encoding_row row;
	const struct payload *payload;
	bool span_alone; /* each span is a request */
	/* Appends the request of the batch, which is `len` bytes long, in its frame. */
	enum sl_status (*write)(struct framer *framer, const struct batch *batch, size_t len,
				struct sl_buffer *out, struct sl_error *err);
	/* After the last request; NULL: nothing. */
	void (*finish)(const struct framer *framer, struct sl_buffer *out);
};

/* NULL: no such form. */
const struct form *form_find(const char *name);

#endif

/* What tests of the wire reader share. */
#ifndef WIRE_READING_H
#define WIRE_READING_H

#include "wire_text.h"

/* All outcomes until the end, as text. */
static inline void read_spans(struct sl_wire_reader *reader, struct sl_buffer *said)
{
	const struct sl_span *span;
	enum sl_status status;
	struct sl_error err;

	while ((status = sl_wire_next(reader, &span, &err)) != SL_END && status != SL_FAILED) {
		if (status == SL_OK)
			say_span(said, span);
		else
			sl_buffer_printf(said, "bad(%s@%zu)", sl_reason_name(err.reason),
					 err.offset);
		sl_buffer_add_byte(said, ' ');
	}
	if (status == SL_FAILED || sl_wire_next(reader, &span, &err) != SL_END)
		abort();
}

static inline struct sl_wire_reader *open_reader(const struct sl_decode_options *options,
						 struct sl_notes *notes)
{
	struct sl_wire_reader *reader;
	struct sl_error err;

	if (sl_wire_open(&reader, options, notes, &err) != SL_OK)
		abort();
	return reader;
}

#endif

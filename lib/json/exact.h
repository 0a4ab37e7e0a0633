/*
 * `exact` of span lines: what plain JSON loses of an object's strings and attributes, by JSON
 * Pointer relative to that object.
 */
#ifndef JSON_EXACT_H
#define JSON_EXACT_H

#include "spanline/span.h"

/* Writing: begin, any of the others, end; no `exact` is written where there is nothing to say. */
struct exact_writer {
	struct sl_buffer *out;
	struct sl_buffer path; /* where the walk stands; owned */
	bool begun;
};

void exact_begin(struct exact_writer *exact, struct sl_buffer *out);
void exact_end(struct exact_writer *exact);

/* One more step of the path, and back to where it had `len` bytes. */
void exact_step(struct exact_writer *exact, struct sl_slice key);
void exact_step_index(struct exact_writer *exact, size_t index);
static inline void exact_back(struct exact_writer *exact, size_t len)
{
	exact->path.len = len;
}

/* The string that stands at the end of the path, or at `key` behind it. */
void exact_text_here(struct exact_writer *exact, struct sl_slice text);
void exact_text(struct exact_writer *exact, struct sl_slice key, struct sl_slice text);
/* The object that stands at "attributes", without `skip` (or NULL). */
void exact_attributes(struct exact_writer *exact, struct sl_attributes attributes,
		      const struct sl_attribute *skip);

#endif

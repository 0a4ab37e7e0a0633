/* What the parts of the span line writer share: its state, and the fields that many objects have.
 */
#ifndef JSON_WRITE_LINE_H
#define JSON_WRITE_LINE_H

#include "exact.h"
#include "spanline/json.h"

/* Most spans start in the second of the span before. */
struct second_text {
	uint64_t second; /* UINT64_MAX: nothing is kept */
	char date[20];	 /* "2025-04-07T09:45:12." */
};

/* A member with its comma, ready to be copied with room to spare. */
struct member_text {
	char text[24];
	size_t len;
};

struct sl_line_writer {
	struct exact_writer exact;
	/* members with their commas, for the serials that they were made of */
	uint64_t resource_serial, scope_serial;
	struct sl_buffer service, resource, scope;
	struct sl_buffer tail; /* the scope, the resource and the line's end */
	struct second_text start;
	struct member_text kinds[SL_KIND_COUNT], statuses[SL_STATUS_COUNT];
};

/* Brings `service` and `tail` up to date where they are of others. */
void render_origin(struct sl_line_writer *writer, const struct sl_span *span);

/* ,"KEY":... of what is not the default.  False: `exact` is needed. */
bool write_given_text(struct sl_buffer *out, struct sl_slice key, struct sl_slice text);
void write_given_count(struct sl_buffer *out, struct sl_slice key, uint32_t count);
bool write_attributes_members(struct sl_buffer *out, struct sl_attributes attributes,
			      const struct sl_attribute *skip, uint32_t dropped_count);

/* The same of any value: nothing where it is the default. */
static inline bool write_text_member(struct sl_buffer *out, struct sl_slice key,
				     struct sl_slice text)
{
	return text.len == 0 || write_given_text(out, key, text);
}

static inline void write_count_member(struct sl_buffer *out, struct sl_slice key, uint32_t count)
{
	if (count != 0)
		write_given_count(out, key, count);
}

#endif

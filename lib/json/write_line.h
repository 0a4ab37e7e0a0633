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
	struct second_text start;
	struct member_text kinds[SL_KIND_COUNT], statuses[SL_STATUS_COUNT];
};

/* Brings `service` and `resource`, or `scope`, up to date. */
void render_resource(struct sl_line_writer *writer, const struct sl_resource *resource);
void render_scope(struct sl_line_writer *writer, const struct sl_scope *scope);

/* ,"KEY":...  Nothing where the value is the default.  False: `exact` is needed. */
bool write_text_member(struct sl_buffer *out, struct sl_slice key, struct sl_slice text);
void write_count_member(struct sl_buffer *out, struct sl_slice key, uint32_t count);
bool write_attributes_members(struct sl_buffer *out, struct sl_attributes attributes,
			      const struct sl_attribute *skip, uint32_t dropped_count);

#endif

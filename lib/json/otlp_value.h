/* Attributes and values of OTLP/JSON. */
#ifndef JSON_OTLP_VALUE_H
#define JSON_OTLP_VALUE_H

#include "otlp_fields.h"
#include "otlp_heads.h"

/* A cursor with what it takes to read values; `arena` of both is the same. */
struct decoder {
	struct sl_cursor cursor;
	struct sl_builder builder;
	struct sl_buffer odd;	   /* text that is not just copied, by transcode_attributes */
	struct heads heads;	   /* of attributes that it reads */
	bool as_text;		   /* the attributes of spans */
	unsigned depth, max_depth; /* arrays and maps that the cursor is in, and may be in */
};

/* Deeper than this nobody may ask for: values are read by recursion. */
enum { DEEPEST = 1000 };

/* An array of KeyValues, and an AnyValue (or in its place a plain value, which is noted). */
bool decode_attributes(struct decoder *decoder, struct sl_attributes *list);
bool decode_any_value(struct decoder *decoder, struct sl_value *value);

/* The list as the plain object of a span line, in the arena; false: it is not of that kind, and
 * the cursor has not moved. */
bool transcode_attributes(struct decoder *decoder, struct sl_slice *object);

/* Lists while they are built: an item on top, and the end of the list that was begun at `height`,
 * whole or not. */
bool push_attribute(struct decoder *decoder, const struct sl_attribute *item);
bool finish_attributes(struct decoder *decoder, size_t height, struct sl_attributes *list);

/* A field whose type is FIELD_VALUE or of those that follow it. */
bool decode_value_field(struct decoder *decoder, enum field_type type, void *into);

#endif

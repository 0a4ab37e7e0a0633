/*
 * Attributes of OTLP/JSON: {"key":"K","value":{"stringValue":"V"}}.
 *
 * That form, compact and in this order, is what almost all of them have, so it is recognised as a
 * whole; everything else goes through the tables of fields.
 */
#include "otlp_record.h"

static const struct field key_value_fields[] = {
	FIELD("key", FIELD_STRING, offsetof(struct sl_attribute, key)),
	FIELD("value", FIELD_VALUE, offsetof(struct sl_attribute, value)),
	FIELD_ODD("keyStrindex", FIELD_VALUE_INDEX, sizeof(struct sl_attribute),
		  SL_NOTE_INDEXED_STRING),
};
static const struct message key_value = MESSAGE(key_value_fields);

/* An attribute is usual only with so many bytes left behind its head: more than the longest name of
 * a type and a number take, and with SL_PADDING more than are read of a head. */
enum { USUAL_ROOM = 64 };

/*
 * Each of these finds `at` on a value and gives the byte behind it, or NULL: the value is not
 * in its usual form.
 */
static inline const char *usual_text(const char *at, const char *end, struct sl_value *value)
{
	unsigned high = 0;
	const char *stop = sl_scan_string(at, end, &high);

	value->type = SL_VALUE_STRING;
	value->text = (struct sl_slice){ at, (size_t)(stop - at) };
	return *stop == '"' ? stop + 1 : NULL;
}

static const char *usual_bool(const char *at, struct sl_value *value)
{
	value->type = SL_VALUE_BOOL;
	value->boolean = *at == 't';
	if (value->boolean)
		return sl_load_4(at) == sl_load_4("true") ? at + 4 : NULL;
	return sl_load_4(at) == sl_load_4("fals") && at[4] == 'e' ? at + 5 : NULL;
}

static const char *usual_double(const char *at, struct sl_value *value)
{
	struct sl_slice text = { at, 0 };

	while (text.len < SL_DOUBLE_TEXT && at[text.len] != '}')
		text.len++;
	value->type = SL_VALUE_DOUBLE;
	if (!sl_parse_double(text, &value->number) || !(value->number - value->number == 0))
		return NULL;
	return at + text.len;
}

/* The same from the name of the type on. */
static inline const char *usual_value(const char *at, const char *end, struct sl_value *value)
{
	switch (usual_type(&at)) {
	case SL_VALUE_STRING:
		return usual_text(at, end, value);
	case SL_VALUE_INT:
		value->type = SL_VALUE_INT;
		return sl_take_integer(at, &value->integer);
	case SL_VALUE_BOOL:
		return usual_bool(at, value);
	case SL_VALUE_DOUBLE:
		return usual_double(at, value);
	default:
		return NULL;
	}
}

/* The byte behind the attribute, which is before the end; NULL: not quite the usual form. */
static inline const char *usual_attribute(const char *at, const char *end, const struct head *head,
					  struct sl_attribute *item)
{
	if (head == NULL || (size_t)(end - at) < head->len + USUAL_ROOM)
		return NULL;
	item->key = (struct sl_slice){ at + HEAD_KEY, head->len - HEAD_AROUND };
	at = usual_value(at + head->len, end, &item->value);
	if (at == NULL || end - at < 3 || sl_load_2(at) != sl_load_2("}}"))
		return NULL;
	return at + 2;
}

/* Room for one more item behind `item`, which is the top of the stack; NULL: a fault. */
static struct sl_attribute *grow(struct decoder *decoder)
{
	struct sl_builder *builder = &decoder->builder;

	if (builder->height == builder->capacity && !sl_builder_grow(builder)) {
		sl_cursor_memory(&decoder->cursor);
		return NULL;
	}
	return &builder->stack[builder->height];
}

/* As many attributes as there are in the usual form, one behind the other; false: there is none
 * (and the cursor has not moved), or a fault. */
static bool decode_usual(struct decoder *decoder)
{
	struct sl_builder *builder = &decoder->builder;
	const char *start = decoder->cursor.at, *end = decoder->cursor.end, *at = start;
	struct sl_attribute *item = grow(decoder);
	struct head *head = heads_begin(&decoder->heads);

	while (item != NULL && end - at >= USUAL_ROOM) {
		const char *behind;

		head = heads_next(&decoder->heads, head, at);
		behind = usual_attribute(at, end, head, item);
		if (behind == NULL)
			break;
		decoder->cursor.at = behind;
		at = behind + 1;
		if (SL_UNLIKELY(++builder->height == builder->capacity))
			item = grow(decoder);
		else
			item++;
		if (sl_load_2(behind) != sl_load_2(",{"))
			break;
	}
	return at != start && decoder->cursor.fault == SL_FAULT_NONE;
}

static bool decode_attribute(struct decoder *decoder)
{
	struct sl_attribute item = { .key = { "", 0 } };

	if (sl_cursor_peek(&decoder->cursor) != '{')
		return sl_cursor_skip_bad_element(&decoder->cursor);
	return decode_fields(decoder, &key_value, &item) && push_attribute(decoder, &item);
}

bool decode_attributes(struct decoder *decoder, struct sl_attributes *list)
{
	struct sl_cursor *cursor = &decoder->cursor;
	size_t height = decoder->builder.height;

	for (bool begun = false; sl_cursor_next_element(cursor, &begun);) {
		/* what is usual is not looked at closely enough for strict */
		if (SL_LIKELY(!cursor->strict) && decode_usual(decoder))
			continue;
		if (cursor->fault != SL_FAULT_NONE || !decode_attribute(decoder))
			break;
	}
	return finish_attributes(decoder, height, list);
}

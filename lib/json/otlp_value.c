/*
 * AnyValues of OTLP/JSON, {"stringValue":"V"}, in all the forms that they have in files.
 */
#include "otlp_record.h"

static const struct field any_value_fields[] = {
	FIELD("stringValue", FIELD_VALUE_STRING, 0),
	FIELD("intValue", FIELD_VALUE_INT, 0),
	FIELD("boolValue", FIELD_VALUE_BOOL, 0),
	FIELD("doubleValue", FIELD_VALUE_DOUBLE, 0),
	FIELD("arrayValue", FIELD_VALUE_ARRAY, 0),
	FIELD("kvlistValue", FIELD_VALUE_KVLIST, 0),
	FIELD("bytesValue", FIELD_VALUE_BYTES, 0),
	FIELD_ODD("stringValueStrindex", FIELD_VALUE_INDEX, 0, SL_NOTE_INDEXED_STRING),
	FIELD_ODD("Value", FIELD_VALUE_GO, 0, SL_NOTE_BARE_VALUE),
};
static const struct message any_value = { any_value_fields,
					  any_value_fields + SL_COUNT(any_value_fields), true };

/* Go's encoding/json of the generated struct, {"Value":{"StringValue":"V"}}. */
static const struct field go_value_fields[] = {
	FIELD("StringValue", FIELD_VALUE_STRING, 0), FIELD("IntValue", FIELD_VALUE_INT, 0),
	FIELD("BoolValue", FIELD_VALUE_BOOL, 0),     FIELD("DoubleValue", FIELD_VALUE_DOUBLE, 0),
	FIELD("ArrayValue", FIELD_VALUE_ARRAY, 0),   FIELD("KvlistValue", FIELD_VALUE_KVLIST, 0),
	FIELD("BytesValue", FIELD_VALUE_BYTES, 0),
};
static const struct message go_value = { go_value_fields,
					 go_value_fields + SL_COUNT(go_value_fields), true };

static const struct field array_fields[] = {
	FIELD("values", FIELD_ELEMENTS, offsetof(struct sl_value, list)),
};
static const struct message array_message = MESSAGE(array_fields);

static const struct field kvlist_fields[] = {
	FIELD("values", FIELD_ATTRIBUTES, offsetof(struct sl_value, list)),
};
static const struct message kvlist_message = MESSAGE(kvlist_fields);

bool push_attribute(struct decoder *decoder, const struct sl_attribute *read)
{
	struct sl_attribute *item = sl_builder_push(&decoder->builder);

	if (item == NULL)
		return sl_cursor_memory(&decoder->cursor);
	*item = *read;
	return true;
}

bool finish_attributes(struct decoder *decoder, size_t height, struct sl_attributes *list)
{
	if (decoder->cursor.fault != SL_FAULT_NONE) {
		decoder->builder.height = height;
		return false;
	}
	return sl_builder_finish(&decoder->builder, height, list) ||
	       sl_cursor_memory(&decoder->cursor);
}

/* Elements of an array, AnyValues; null is the empty value. */
static bool decode_elements(struct decoder *decoder, struct sl_attributes *list)
{
	struct sl_cursor *cursor = &decoder->cursor;
	size_t height = decoder->builder.height;

	for (bool begun = false; sl_cursor_next_element(cursor, &begun);) {
		struct sl_attribute item = { .value = { .type = SL_VALUE_EMPTY } };

		if (sl_cursor_peek(cursor) == 'n' ? !sl_cursor_word(cursor, "null")
						  : !decode_any_value(decoder, &item.value))
			break;
		if (!push_attribute(decoder, &item))
			break;
	}
	return finish_attributes(decoder, height, list);
}

/* One array or map deeper: false where that is too deep, and the value is skipped. */
static bool enter(struct decoder *decoder)
{
	struct sl_cursor *cursor = &decoder->cursor;

	if (decoder->depth < decoder->max_depth) {
		decoder->depth++;
		return true;
	}
	if (sl_cursor_note(cursor, SL_NOTE_TOO_DEEP, cursor->at))
		sl_cursor_skip_value(cursor);
	return false;
}

static bool decode_list(struct decoder *decoder, const struct message *message,
			struct sl_value *value)
{
	value->type = SL_VALUE_EMPTY;
	if (!enter(decoder))
		return decoder->cursor.fault == SL_FAULT_NONE;
	value->type = message == &array_message ? SL_VALUE_ARRAY : SL_VALUE_KVLIST;
	value->list = (struct sl_attributes){ NULL, 0 };
	decode_fields(decoder, message, value);
	decoder->depth--;
	return decoder->cursor.fault == SL_FAULT_NONE;
}

/* Nothing is left of a number that is none. */
static bool bad_number(struct sl_cursor *cursor, const char *at, struct sl_value *value)
{
	value->type = SL_VALUE_EMPTY;
	return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, at);
}

/* The value of a number by its text. */
static bool number_value(struct sl_cursor *cursor, struct sl_slice text, const char *at,
			 struct sl_value *value)
{
	switch (sl_number_of(text, &value->integer, &value->number)) {
	case SL_NUMBER_INTEGER:
		value->type = SL_VALUE_INT;
		return true;
	case SL_NUMBER_DOUBLE:
		value->type = SL_VALUE_DOUBLE;
		return true;
	default:
		return bad_number(cursor, at, value);
	}
}

static bool bare_array(struct decoder *decoder, struct sl_value *value)
{
	value->type = SL_VALUE_EMPTY;
	if (!enter(decoder))
		return decoder->cursor.fault == SL_FAULT_NONE;
	value->type = SL_VALUE_ARRAY;
	decode_elements(decoder, &value->list);
	decoder->depth--;
	return decoder->cursor.fault == SL_FAULT_NONE;
}

/* A value without its type, or of another type than its key says: what plain JSON means. */
static bool bare_value(struct decoder *decoder, struct sl_value *value)
{
	struct sl_cursor *cursor = &decoder->cursor;
	const char *start = cursor->at;
	struct sl_slice text;

	value->type = SL_VALUE_EMPTY;
	if (*start == '{')
		return sl_cursor_skip_bad_field(cursor);
	if (!sl_cursor_note(cursor, SL_NOTE_BARE_VALUE, start))
		return false;
	switch (sl_cursor_peek(cursor)) {
	case '"':
		value->type = SL_VALUE_STRING;
		return sl_cursor_string(cursor, &value->text);
	case 't':
	case 'f':
		value->type = SL_VALUE_BOOL;
		value->boolean = *start == 't';
		return sl_cursor_word(cursor, value->boolean ? "true" : "false");
	case '[':
		return bare_array(decoder, value);
	default:
		return sl_cursor_number_or_string(cursor, &text) &&
		       number_value(cursor, text, start, value);
	}
}

static bool is_number_start(char byte)
{
	return byte == '"' || byte == '-' || (byte >= '0' && byte <= '9');
}

static bool decode_int(struct decoder *decoder, struct sl_value *value)
{
	struct sl_cursor *cursor = &decoder->cursor;
	const char *start = cursor->at;
	struct sl_slice text;

	value->type = SL_VALUE_INT;
	if (sl_cursor_plain_integer(cursor, &value->integer))
		return true;
	if (!is_number_start(sl_cursor_peek(cursor)))
		return bare_value(decoder, value);
	if (!sl_cursor_number_or_string(cursor, &text) || !number_value(cursor, text, start, value))
		return false;
	return value->type != SL_VALUE_DOUBLE ||
	       sl_cursor_note(cursor, SL_NOTE_INT_AS_DOUBLE, start);
}

static bool special_double(struct sl_slice text, double *number)
{
	static const struct {
		struct sl_slice text;
		double number;
	} specials[] = {
		{ { "NaN", 3 }, (double)__builtin_nanf("") },
		{ { "Infinity", 8 }, (double)__builtin_inff() },
		{ { "-Infinity", 9 }, -(double)__builtin_inff() },
	};

	for (size_t i = 0; i < SL_COUNT(specials); i++)
		if (sl_slice_equal(text, specials[i].text)) {
			*number = specials[i].number;
			return true;
		}
	return false;
}

static bool is_finite(double number)
{
	return number - number == 0;
}

static bool decode_double(struct decoder *decoder, struct sl_value *value)
{
	struct sl_cursor *cursor = &decoder->cursor;
	const char *start = cursor->at;
	bool quoted = sl_cursor_peek(cursor) == '"';
	struct sl_slice text;

	if (!is_number_start(sl_cursor_peek(cursor)))
		return bare_value(decoder, value);
	value->type = SL_VALUE_DOUBLE;
	if (!sl_cursor_number_or_string(cursor, &text))
		return false;
	if (quoted && special_double(text, &value->number))
		return true;
	if (!sl_parse_double(text, &value->number) || !is_finite(value->number))
		return bad_number(cursor, start, value);
	return !quoted || sl_cursor_note(cursor, SL_NOTE_NUMBER_AS_STRING, start);
}

static bool decode_bool(struct decoder *decoder, struct sl_value *value)
{
	char byte = sl_cursor_peek(&decoder->cursor);

	if (byte != 't' && byte != 'f')
		return bare_value(decoder, value);
	value->type = SL_VALUE_BOOL;
	value->boolean = byte == 't';
	return sl_cursor_word(&decoder->cursor, value->boolean ? "true" : "false");
}

static bool decode_text(struct decoder *decoder, struct sl_value *value)
{
	if (sl_cursor_peek(&decoder->cursor) != '"')
		return bare_value(decoder, value);
	value->type = SL_VALUE_STRING;
	return sl_cursor_string(&decoder->cursor, &value->text);
}

/* Text that is no base64 stays text. */
static bool decode_bytes(struct decoder *decoder, struct sl_value *value)
{
	struct sl_cursor *cursor = &decoder->cursor;
	const char *start = cursor->at;
	char *room;
	size_t len;

	if (sl_cursor_peek(cursor) != '"')
		return bare_value(decoder, value);
	value->type = SL_VALUE_STRING;
	if (!sl_cursor_string(cursor, &value->text))
		return false;
	room = sl_arena_alloc(cursor->arena, 3 * (value->text.len / 4) + 2);
	if (room == NULL)
		return sl_cursor_memory(cursor);
	if (!sl_parse_base64(value->text, room, &len))
		return sl_cursor_note(cursor, SL_NOTE_BARE_VALUE, start);
	value->type = SL_VALUE_BYTES;
	value->text = (struct sl_slice){ room, len };
	return true;
}

bool decode_value_field(struct decoder *decoder, enum field_type type, void *into)
{
	struct sl_cursor *cursor = &decoder->cursor;

	switch (type) {
	case FIELD_VALUE:
		return decode_any_value(decoder, into);
	case FIELD_ELEMENTS:
		return decode_elements(decoder, into);
	case FIELD_VALUE_STRING:
		return decode_text(decoder, into);
	case FIELD_VALUE_BOOL:
		return decode_bool(decoder, into);
	case FIELD_VALUE_INT:
		return decode_int(decoder, into);
	case FIELD_VALUE_DOUBLE:
		return decode_double(decoder, into);
	case FIELD_VALUE_BYTES:
		return decode_bytes(decoder, into);
	case FIELD_VALUE_ARRAY:
	case FIELD_VALUE_KVLIST:
		if (sl_cursor_peek(cursor) != '{')
			return bare_value(decoder, into);
		return decode_list(decoder,
				   type == FIELD_VALUE_ARRAY ? &array_message : &kvlist_message,
				   into);
	case FIELD_VALUE_GO:
		return decode_fields(decoder, &go_value, into);
	default:
		return sl_cursor_skip_value(cursor);
	}
}

bool decode_any_value(struct decoder *decoder, struct sl_value *value)
{
	*value = (struct sl_value){ .type = SL_VALUE_EMPTY };
	if (sl_cursor_peek(&decoder->cursor) != '{')
		return bare_value(decoder, value);
	return decode_fields(decoder, &any_value, value);
}

/* Plain JSON values of span lines: what type a value has is seen from its text. */
#include "line_read.h"
#include <math.h>

static bool has_point(struct sl_slice number)
{
	return memchr(number.data, '.', number.len) != NULL;
}

/* What a number is worth decides its type, not how it is written: 1.0 is an integer. */
static bool read_number(struct cursor *cursor, struct sl_value *value)
{
	const char *start = cursor->at;
	struct sl_slice text;

	value->type = SL_VALUE_INT;
	if (SL_LIKELY(scan_plain_integer(cursor, &value->integer)))
		return true;
	if (!scan_number(cursor, &text))
		return false;
	value->type = SL_VALUE_DOUBLE;
	/* a double that is not integral comes from no text that is */
	if (has_point(text) && sl_parse_double(text, &value->number) && isfinite(value->number) &&
	    trunc(value->number) != value->number)
		return true;
	switch (number_of(text, &value->integer, &value->number)) {
	case NUMBER_INTEGER:
		value->type = SL_VALUE_INT;
		return true;
	case NUMBER_DOUBLE:
		return true;
	case NUMBER_NONE:
		break;
	}
	value->type = SL_VALUE_EMPTY;
	return cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
}

static bool finish_list(struct line_reader *reader, struct cursor *cursor, size_t height,
			struct sl_attributes *list)
{
	if (cursor->fault != FAULT_NONE) {
		reader->builder.height = height;
		return false;
	}
	return sl_builder_finish(&reader->builder, height, list) || cursor_memory(cursor);
}

/* One value behind the last of the list that is being built. */
static bool read_item(struct line_reader *reader, struct cursor *cursor, unsigned depth,
		      struct sl_slice key)
{
	struct sl_attribute *item = sl_builder_push(&reader->builder);
	size_t at = reader->builder.height - 1;
	struct sl_value value;
	bool read;

	if (SL_UNLIKELY(item == NULL))
		return cursor_memory(cursor);
	item->key = key;
	if (SL_LIKELY(cursor_peek(cursor) == '"')) {
		item->value.type = SL_VALUE_STRING;
		return scan_string(cursor, &item->value.text);
	}
	/* the stack may move while lists inside are built on it */
	read = read_plain_value(reader, cursor, depth, &value);
	reader->builder.stack[at].value = value;
	return read;
}

static bool read_elements(struct line_reader *reader, struct cursor *cursor, unsigned depth,
			  struct sl_attributes *list)
{
	size_t height = reader->builder.height;

	for (bool begun = false; next_element(cursor, &begun);)
		if (!read_item(reader, cursor, depth, (struct sl_slice){ NULL, 0 }))
			break;
	return finish_list(reader, cursor, height, list);
}

static bool read_members(struct line_reader *reader, struct cursor *cursor, unsigned depth,
			 struct sl_attributes *list)
{
	size_t height = reader->builder.height;
	struct sl_slice key;

	for (bool begun = false; next_member(cursor, &begun, &key);)
		if (!read_item(reader, cursor, depth, key))
			break;
	return finish_list(reader, cursor, height, list);
}

static bool read_word(struct cursor *cursor, struct sl_value *value)
{
	value->type = SL_VALUE_BOOL;
	value->boolean = cursor_peek(cursor) == 't';
	if (cursor_peek(cursor) != 'n')
		return scan_word(cursor, value->boolean ? "true" : "false");
	value->type = SL_VALUE_EMPTY;
	return scan_word(cursor, "null");
}

static bool read_list(struct line_reader *reader, struct cursor *cursor, unsigned depth,
		      struct sl_value *value)
{
	if (depth >= reader->max_depth) {
		value->type = SL_VALUE_EMPTY;
		return cursor_note(cursor, SL_NOTE_TOO_DEEP, cursor->at) && skip_value(cursor);
	}
	if (cursor_peek(cursor) == '[') {
		value->type = SL_VALUE_ARRAY;
		return read_elements(reader, cursor, depth + 1, &value->list);
	}
	value->type = SL_VALUE_KVLIST;
	return read_members(reader, cursor, depth + 1, &value->list);
}

bool read_plain_value(struct line_reader *reader, struct cursor *cursor, unsigned depth,
		      struct sl_value *value)
{
	switch (cursor_peek(cursor)) {
	case '"':
		value->type = SL_VALUE_STRING;
		return scan_string(cursor, &value->text);
	case '{':
	case '[':
		return read_list(reader, cursor, depth, value);
	case 't':
	case 'f':
	case 'n':
		return read_word(cursor, value);
	default:
		return read_number(cursor, value);
	}
}

bool read_attributes(struct line_reader *reader, struct cursor *cursor, void *attributes)
{
	if (cursor_peek(cursor) != '{')
		return skip_bad_field(cursor);
	return read_members(reader, cursor, 0, attributes);
}

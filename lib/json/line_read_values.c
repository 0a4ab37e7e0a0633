/* Plain JSON values of span lines: what type a value has is seen from its text. */
#include "line_read.h"

static bool read_number(struct cursor *cursor, struct sl_value *value)
{
	const char *start = cursor->at;
	struct sl_slice text;

	if (!scan_number(cursor, &text))
		return false;
	value->type = SL_VALUE_INT;
	if (SL_LIKELY(sl_parse_i64(text, &value->integer)))
		return true;
	switch (number_of(text, &value->integer, &value->number)) {
	case NUMBER_INTEGER:
		return true;
	case NUMBER_DOUBLE:
		value->type = SL_VALUE_DOUBLE;
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
	struct sl_attribute *item, read = { .key = key };

	if (!read_plain_value(reader, cursor, depth, &read.value))
		return false;
	item = sl_builder_push(&reader->builder);
	if (item == NULL)
		return cursor_memory(cursor);
	*item = read;
	return true;
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

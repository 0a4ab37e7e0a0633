/* Plain JSON as values: what type a value has is seen from its text. */
#include "spanline/scan.h"
#include <math.h>

static bool has_point(struct sl_slice number)
{
	return memchr(number.data, '.', number.len) != NULL;
}

/* What a number is worth decides its type, not how it is written: 1.0 is an integer. */
static bool read_number(struct sl_cursor *cursor, struct sl_value *value)
{
	const char *start = cursor->at;
	struct sl_slice text;

	value->type = SL_VALUE_INT;
	if (SL_LIKELY(sl_cursor_plain_integer(cursor, &value->integer)))
		return true;
	if (!sl_cursor_number(cursor, &text))
		return false;
	value->type = SL_VALUE_DOUBLE;
	/* a double that is not integral comes from no text that is */
	if (has_point(text) && sl_parse_double(text, &value->number) && isfinite(value->number) &&
	    trunc(value->number) != value->number)
		return true;
	switch (sl_number_of(text, &value->integer, &value->number)) {
	case SL_NUMBER_INTEGER:
		value->type = SL_VALUE_INT;
		return true;
	case SL_NUMBER_DOUBLE:
		return true;
	case SL_NUMBER_NONE:
		break;
	}
	value->type = SL_VALUE_EMPTY;
	return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
}

static bool finish_list(struct sl_cursor *cursor, struct sl_builder *builder, size_t height,
			struct sl_attributes *list)
{
	if (cursor->fault != SL_FAULT_NONE) {
		builder->height = height;
		return false;
	}
	return sl_builder_finish(builder, height, list) || sl_cursor_memory(cursor);
}

/* One value behind the last of the list that is being built. */
static bool read_item(struct sl_cursor *cursor, struct sl_builder *builder, unsigned levels,
		      struct sl_slice key)
{
	struct sl_attribute *item = sl_builder_push(builder);
	size_t at = builder->height - 1;
	struct sl_value value;
	bool read;

	if (SL_UNLIKELY(item == NULL))
		return sl_cursor_memory(cursor);
	item->key = key;
	if (SL_LIKELY(sl_cursor_peek(cursor) == '"')) {
		item->value.type = SL_VALUE_STRING;
		return sl_cursor_string(cursor, &item->value.text);
	}
	/* the stack may move while lists inside are built on it */
	read = sl_cursor_plain(cursor, builder, levels, &value);
	builder->stack[at].value = value;
	return read;
}

static bool read_elements(struct sl_cursor *cursor, struct sl_builder *builder, unsigned levels,
			  struct sl_attributes *list)
{
	size_t height = builder->height;

	for (bool begun = false; sl_cursor_next_element(cursor, &begun);)
		if (!read_item(cursor, builder, levels, (struct sl_slice){ NULL, 0 }))
			break;
	return finish_list(cursor, builder, height, list);
}

bool sl_cursor_plain_members(struct sl_cursor *cursor, struct sl_builder *builder, unsigned levels,
			     struct sl_attributes *list)
{
	size_t height = builder->height;
	struct sl_slice key = { "", 0 };

	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);)
		if (!read_item(cursor, builder, levels, key))
			break;
	return finish_list(cursor, builder, height, list);
}

static bool read_word(struct sl_cursor *cursor, struct sl_value *value)
{
	value->type = SL_VALUE_BOOL;
	value->boolean = sl_cursor_peek(cursor) == 't';
	if (sl_cursor_peek(cursor) != 'n')
		return sl_cursor_word(cursor, value->boolean ? "true" : "false");
	value->type = SL_VALUE_EMPTY;
	return sl_cursor_word(cursor, "null");
}

static bool read_list(struct sl_cursor *cursor, struct sl_builder *builder, unsigned levels,
		      struct sl_value *value)
{
	if (levels == 0) {
		value->type = SL_VALUE_EMPTY;
		return sl_cursor_note(cursor, SL_NOTE_TOO_DEEP, cursor->at) &&
		       sl_cursor_skip_value(cursor);
	}
	if (sl_cursor_peek(cursor) == '[') {
		value->type = SL_VALUE_ARRAY;
		return read_elements(cursor, builder, levels - 1, &value->list);
	}
	value->type = SL_VALUE_KVLIST;
	return sl_cursor_plain_members(cursor, builder, levels - 1, &value->list);
}

bool sl_cursor_plain(struct sl_cursor *cursor, struct sl_builder *builder, unsigned levels,
		     struct sl_value *value)
{
	switch (sl_cursor_peek(cursor)) {
	case '"':
		value->type = SL_VALUE_STRING;
		return sl_cursor_string(cursor, &value->text);
	case '{':
	case '[':
		return read_list(cursor, builder, levels, value);
	case 't':
	case 'f':
	case 'n':
		return read_word(cursor, value);
	default:
		return read_number(cursor, value);
	}
}

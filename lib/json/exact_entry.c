/* The entries of `exact`: AnyValues of OTLP/JSON, and what OTLP/JSON has no form for. */
#include "exact_read.h"
#include <math.h>

/* Reads the value of an entry's one key. */
struct entry_form {
	struct sl_slice key;
	bool (*read)(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		     struct sl_value *value);
};

static bool refuse(struct sl_cursor *cursor)
{
	return sl_cursor_refuse(cursor, cursor->at, "no entry of exact");
}

static bool read_string(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
			struct sl_value *value)
{
	(void)reader;
	(void)depth;
	value->type = SL_VALUE_STRING;
	return sl_cursor_peek(cursor) == '"' ? sl_cursor_string(cursor, &value->text)
					     : refuse(cursor);
}

static bool read_bool(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		      struct sl_value *value)
{
	if (sl_cursor_peek(cursor) != 't' && sl_cursor_peek(cursor) != 'f')
		return refuse(cursor);
	return read_plain_value(reader, cursor, depth, value);
}

static bool read_int(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		     struct sl_value *value)
{
	struct sl_slice text;
	double number;

	(void)reader;
	(void)depth;
	value->type = SL_VALUE_INT;
	if (!sl_cursor_number_or_string(cursor, &text))
		return false;
	return sl_number_of(text, &value->integer, &number) == SL_NUMBER_INTEGER || refuse(cursor);
}

/* False: the text is no number. */
static bool double_of(struct sl_slice text, double *number)
{
	static const struct {
		struct sl_slice text;
		double number;
	} words[] = {
		{ LINE_KEY("NaN"), (double)NAN },
		{ LINE_KEY("Infinity"), (double)INFINITY },
		{ LINE_KEY("-Infinity"), -(double)INFINITY },
	};

	for (size_t i = 0; i < SL_COUNT(words); i++) {
		if (sl_slice_equal(words[i].text, text)) {
			*number = words[i].number;
			return true;
		}
	}
	return sl_parse_double(text, number);
}

static bool read_double(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
			struct sl_value *value)
{
	struct sl_slice text;

	(void)reader;
	(void)depth;
	value->type = SL_VALUE_DOUBLE;
	return sl_cursor_number_or_string(cursor, &text) &&
	       (double_of(text, &value->number) || refuse(cursor));
}

static bool read_bytes(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		       struct sl_value *value)
{
	(void)reader;
	(void)depth;
	value->type = SL_VALUE_BYTES;
	return sl_cursor_peek(cursor) == '"' ? sl_cursor_base64(cursor, &value->text)
					     : refuse(cursor);
}

static bool read_text_bytes(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
			    struct sl_value *value)
{
	bool read = read_bytes(reader, cursor, depth, value);

	value->type = SL_VALUE_STRING;
	return read;
}

/* Takes what was pushed since `height` as a list, unless there was a fault. */
static bool finish(struct line_reader *reader, struct sl_cursor *cursor, size_t height,
		   struct sl_value *value)
{
	if (cursor->fault != SL_FAULT_NONE)
		return false;
	return sl_builder_finish(&reader->builder, height, &value->list) ||
	       sl_cursor_memory(cursor);
}

static bool push_entry(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		       struct sl_slice key)
{
	struct sl_attribute *item, read = { .key = key };

	if (!read_entry(reader, cursor, depth, &read.value))
		return false;
	item = sl_builder_push(&reader->builder);
	if (item == NULL)
		return sl_cursor_memory(cursor);
	*item = read;
	return true;
}

/* {"values":[AnyValue,...]} or {} */
static bool read_array(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		       struct sl_value *value)
{
	size_t height = reader->builder.height;
	struct sl_slice key;

	value->type = SL_VALUE_ARRAY;
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		if (!sl_slice_equal(key, SL_SLICE("values")))
			return refuse(cursor);
		for (bool inside = false; sl_cursor_next_element(cursor, &inside);)
			if (!push_entry(reader, cursor, depth + 1, (struct sl_slice){ NULL, 0 }))
				return false;
	}
	return finish(reader, cursor, height, value);
}

/* [KEY-BASE64,AnyValue] */
static bool read_pair(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth)
{
	struct sl_slice key;
	bool begun = false;

	if (!sl_cursor_next_element(cursor, &begun))
		return refuse(cursor);
	if (sl_cursor_peek(cursor) != '"')
		return refuse(cursor);
	if (!sl_cursor_base64(cursor, &key))
		return false;
	if (!sl_cursor_next_element(cursor, &begun))
		return refuse(cursor);
	if (!push_entry(reader, cursor, depth, key))
		return false;
	return !sl_cursor_next_element(cursor, &begun) ? cursor->fault == SL_FAULT_NONE
						       : refuse(cursor);
}

static bool read_pairs(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		       struct sl_value *value)
{
	size_t height = reader->builder.height;

	value->type = SL_VALUE_KVLIST;
	for (bool begun = false; sl_cursor_next_element(cursor, &begun);)
		if (!read_pair(reader, cursor, depth + 1))
			return false;
	return finish(reader, cursor, height, value);
}

static const struct entry_form forms[] = {
	{ LINE_KEY("doubleValue"), read_double }, { LINE_KEY("bytesValue"), read_bytes },
	{ LINE_KEY("intValue"), read_int },	  { LINE_KEY("stringValueBytes"), read_text_bytes },
	{ LINE_KEY("keyValues"), read_pairs },	  { LINE_KEY("stringValue"), read_string },
	{ LINE_KEY("boolValue"), read_bool },	  { LINE_KEY("arrayValue"), read_array },
};

static const struct entry_form *find_form(struct sl_slice key)
{
	for (size_t i = 0; i < SL_COUNT(forms); i++)
		if (sl_slice_equal(forms[i].key, key))
			return &forms[i];
	return NULL;
}

bool read_entry(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		struct sl_value *value)
{
	const struct entry_form *form;
	struct sl_slice key;
	bool begun = false;

	value->type = SL_VALUE_EMPTY;
	if (sl_cursor_peek(cursor) != '{' || depth > reader->max_depth + 1)
		return refuse(cursor);
	if (!sl_cursor_next_member(cursor, &begun, &key))
		return cursor->fault == SL_FAULT_NONE;
	form = find_form(key);
	if (form == NULL)
		return refuse(cursor);
	if (!form->read(reader, cursor, depth, value))
		return false;
	return !sl_cursor_next_member(cursor, &begun, &key) ? cursor->fault == SL_FAULT_NONE
							    : refuse(cursor);
}

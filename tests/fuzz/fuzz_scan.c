/*
 * Any bytes as one JSON value, against jansson: both take the same texts for JSON, but for what
 * jansson is known to refuse, and find the same strings and numbers in them.  And the two ways to
 * find the end of a value agree where all is well.
 */
#include "padded.h"
#include "spanline/scan.h"
#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_value(struct sl_cursor *cursor, const json_t *value);

static bool same_number(struct sl_cursor *cursor, const json_t *value)
{
	int64_t integer = 0;
	double number = 0;
	struct sl_slice text;

	if (!sl_cursor_number(cursor, &text))
		return false;
	if (json_is_integer(value))
		return sl_number_of(text, &integer, &number) == SL_NUMBER_INTEGER &&
		       integer == json_integer_value(value);
	return sl_parse_double(text, &number) && !(number < json_real_value(value)) &&
	       !(number > json_real_value(value));
}

/* jansson keeps the last of repeated keys: those objects are only looked over. */
static bool has_repeated_keys(const struct sl_cursor *object, const json_t *value)
{
	struct sl_cursor cursor = *object;
	struct sl_slice key;
	size_t count = 0;

	for (bool begun = false; sl_cursor_next_member(&cursor, &begun, &key); count++)
		demand(sl_cursor_skip_value(&cursor));
	return count != json_object_size(value);
}

static bool same_object(struct sl_cursor *cursor, const json_t *value)
{
	struct sl_slice key;

	if (has_repeated_keys(cursor, value))
		return sl_cursor_skip_value(cursor);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);)
		if (!same_value(cursor, json_object_getn(value, key.data, key.len)))
			return false;
	return cursor->fault == SL_FAULT_NONE;
}

static bool same_array(struct sl_cursor *cursor, const json_t *value)
{
	size_t i = 0;

	for (bool begun = false; sl_cursor_next_element(cursor, &begun); i++)
		if (!same_value(cursor, json_array_get(value, i)))
			return false;
	return cursor->fault == SL_FAULT_NONE && i == json_array_size(value);
}

static bool same_value(struct sl_cursor *cursor, const json_t *value)
{
	struct sl_slice text = { "", 0 };

	if (value == NULL)
		return false;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return same_object(cursor, value);
	case JSON_ARRAY:
		return same_array(cursor, value);
	case JSON_STRING:
		return sl_cursor_string(cursor, &text) && text.len == json_string_length(value) &&
		       memcmp(text.data, json_string_value(value), text.len) == 0;
	case JSON_TRUE:
		return sl_cursor_word(cursor, "true");
	case JSON_FALSE:
		return sl_cursor_word(cursor, "false");
	case JSON_NULL:
		return sl_cursor_word(cursor, "null");
	default:
		return same_number(cursor, value);
	}
}

static bool has_unit(struct sl_slice text)
{
	for (size_t i = 1; i < text.len; i++)
		if (text.data[i - 1] == '\\' && text.data[i] == 'u')
			return true;
	return false;
}

/* Numbers that it cannot hold, more depth than it allows, NUL in keys, and lone surrogates. */
static bool may_refuse(const json_error_t *error, struct sl_slice text)
{
	enum json_error_code code = json_error_code(error);

	return code == json_error_numeric_overflow || code == json_error_stack_overflow ||
	       code == json_error_null_byte_in_key || has_unit(text);
}

static struct sl_cursor cursor_over(struct sl_slice text, struct sl_arena *arena,
				    struct sl_notes *notes)
{
	struct sl_cursor cursor = { .at = text.data,
				    .end = text.data + text.len,
				    .begin = text.data,
				    .arena = arena,
				    .notes = notes,
				    .strict = true };

	sl_cursor_skip_space(&cursor);
	return cursor;
}

/* Where the value ends, in two pieces that part at `part`. */
static void check_end(struct sl_slice text, size_t part, const char *behind)
{
	struct sl_json_skip skip = { 0 };
	const char *end = sl_json_skip(&skip, text.data, text.data + part);

	if (end == NULL)
		end = sl_json_skip(&skip, text.data + part, text.data + text.len);
	/* that a number ends with the text cannot be seen */
	demand(end == behind || (end == NULL && behind == text.data + text.len));
}

static void check_value(struct sl_slice text, const json_t *value, const json_error_t *error)
{
	struct sl_arena arena = { .limit_bytes = 0 };
	struct sl_notes notes = { { 0 }, { 0 } };
	struct sl_cursor cursor = cursor_over(text, &arena, &notes);
	bool good = cursor.at < cursor.end && sl_cursor_skip_value(&cursor);
	const char *behind = cursor.at;

	sl_cursor_skip_space(&cursor);
	good = good && cursor.at == cursor.end;
	demand(value == NULL || good);
	demand(value != NULL || !good || may_refuse(error, text));
	if (value != NULL) {
		cursor = cursor_over(text, &arena, &notes);
		demand(same_value(&cursor, value) && cursor.at == behind);
	}
	if (good) {
		cursor = cursor_over(text, &arena, &notes);
		cursor.strict = false;
		demand(sl_cursor_skip_value(&cursor) && cursor.at == behind);
		check_end(text, text.len / 2, behind);
	}
	sl_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_slice text = padded(data, size);
	json_error_t error;
	json_t *value;

	/* behind a NUL jansson sees nothing */
	if (size != 0 && memchr(text.data, '\0', size) == NULL) {
		value = json_loadb(text.data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
		check_value(text, value, &error);
		json_decref(value);
	}
	padded_free(text);
	return 0;
}

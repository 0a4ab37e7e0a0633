/* The walk over the fields of an OTLP/JSON object. */
#include "otlp_fields.h"

bool camel_key(struct sl_slice key, char *out, size_t room, size_t *len)
{
	size_t used = 0;

	if (memchr(key.data, '_', key.len) == NULL)
		return false;
	for (size_t i = 0; i < key.len; i++) {
		char byte = key.data[i];

		if (used == room)
			return false;
		if (byte == '_' && i + 1 < key.len) {
			byte = key.data[++i];
			if (byte >= 'a' && byte <= 'z')
				byte = (char)(byte - 'a' + 'A');
		}
		out[used++] = byte;
	}
	*len = used;
	return true;
}

/* The row whose key and colon stand at the cursor's quote; from the likely row on, in a circle. */
static const struct field *find_compact(struct sl_cursor *cursor, struct members *members)
{
	const struct message *message = members->message;
	const struct field *field = members->likely;
	const char *at = cursor->at;

	for (ptrdiff_t n = message->behind - message->fields; n > 0; n--, field++) {
		if (field == message->behind)
			field = message->fields;
		if (!same_text(at, field->text, field->len) || !sl_cursor_left(cursor, field->len))
			continue;
		cursor->at = at + field->len;
		members->likely = field + 1;
		return field;
	}
	return NULL;
}

static const struct field *find_name(const struct message *message, struct sl_slice key)
{
	for (const struct field *field = message->fields; field < message->behind; field++)
		if (key.len + 3 == field->len && memcmp(key.data, field->text + 1, key.len) == 0)
			return field;
	return NULL;
}

bool message_has(const struct message *message, struct sl_slice key)
{
	char camel[LONGEST_KEY];
	struct sl_slice name = { camel, 0 };

	return find_name(message, key) != NULL ||
	       (camel_key(key, camel, sizeof(camel), &name.len) &&
		find_name(message, name) != NULL);
}

/* No object of ours has this key where it is unknown: a bracket is missing before it, or, at the
 * start of a line, all that was to come of the request before. */
static const char *misplaced(const struct sl_cursor *cursor, const char *start, struct sl_slice key)
{
	enum sl_note departure;
	enum sl_json_key kind = sl_json_key(key, &departure);

	if (kind >= SL_KEY_RESOURCE_SPANS && kind <= SL_KEY_RESOURCE_PROFILES)
		return start - cursor->begin >= 2 && start[-1] == '{' && start[-2] == '\n'
			       ? "the document before is cut"
			       : NULL;
	if (kind == SL_KEY_BARE || kind == SL_KEY_BARE_LOGS ||
	    (start[-1] == '{' && sl_slice_equal(key, SL_SLICE("traceId"))) ||
	    sl_slice_equal(key, SL_SLICE("spans")) || sl_slice_equal(key, SL_SLICE("logRecords")))
		return "a bracket is missing before this key";
	return NULL;
}

/* Any key: with escapes, white space, in snake_case, or unknown.  NULL with or without a fault. */
static const struct field *find_slowly(struct sl_cursor *cursor, const struct message *message)
{
	const char *start = cursor->at;
	char camel[LONGEST_KEY];
	const struct field *field;
	const char *problem;
	struct sl_slice key = { "", 0 }, name = { camel, 0 };

	if (!sl_cursor_string(cursor, &key) || !sl_cursor_colon(cursor))
		return NULL;
	field = find_name(message, key);
	if (field != NULL)
		return field;
	if (camel_key(key, camel, sizeof(camel), &name.len))
		field = find_name(message, name);
	if (field != NULL)
		return sl_cursor_note(cursor, SL_NOTE_SNAKE_CASE, start) ? field : NULL;
	problem = misplaced(cursor, start, key);
	if (problem != NULL) {
		cursor->at = start;
		sl_cursor_syntax(cursor, problem);
	}
	return NULL;
}

/* False: this member is not to be read, or there is a fault. */
static bool wanted(struct sl_cursor *cursor, struct members *members, const struct field *field,
		   const char *key)
{
	if (field->departure != SL_NOTE_COUNT &&
	    !sl_cursor_note(cursor, (enum sl_note)field->departure, key))
		return false;
	if (sl_cursor_peek(cursor) == 'n')
		return false;
	if ((members->seen & field->bit) != 0) {
		if (!members->message->one_of) {
			sl_cursor_note(cursor, SL_NOTE_REPEATED_KEY, key);
			return false;
		}
		if (!sl_cursor_note(cursor, SL_NOTE_TWO_VALUES, key))
			return false;
	}
	members->seen |= field->bit;
	return true;
}

const struct field *next_field(struct sl_cursor *cursor, struct members *members)
{
	for (;;) {
		const struct field *field;
		const char *key;

		if (!sl_cursor_separate(cursor, &members->begun, '{', '}'))
			return NULL;
		key = cursor->at;
		field = find_compact(cursor, members);
		if (field != NULL)
			sl_cursor_skip_space(cursor);
		else
			field = find_slowly(cursor, members->message);
		if (cursor->fault != SL_FAULT_NONE)
			return NULL;
		if (field != NULL && wanted(cursor, members, field, key))
			return field;
		if (cursor->fault != SL_FAULT_NONE || !sl_cursor_skip_value(cursor))
			return NULL;
	}
}

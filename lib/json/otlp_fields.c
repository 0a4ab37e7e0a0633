/* The walk over the fields of an OTLP/JSON object. */
#include "otlp_fields.h"

bool camel_key(struct sl_slice key, char *out, size_t room, size_t *len)
{
	size_t used = 0;

	if (key.len > room || memchr(key.data, '_', key.len) == NULL)
		return false;
	for (size_t i = 0; i < key.len; i++) {
		char byte = key.data[i];

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

/* `len` is at least 5: a key of three letters, its quote and colon. */
static inline bool same_text(const char *at, const char *text, size_t len)
{
	if (load_4(at) != load_4(text))
		return false;
	if (len < 8)
		return load_4(at + len - 4) == load_4(text + len - 4);
	if (load_8(at) != load_8(text) || load_8(at + len - 8) != load_8(text + len - 8))
		return false;
	return len <= 16 || memcmp(at + 8, text + 8, len - 16) == 0;
}

/* The row whose key and colon stand at the cursor's quote; from the likely row on, in a circle. */
static const struct field *find_compact(struct cursor *cursor, struct members *members)
{
	const struct message *message = members->message;
	const char *at = cursor->at + 1;

	for (size_t i = members->next, n = message->count; n > 0; i++, n--) {
		const struct field *field;

		if (i == message->count)
			i = 0;
		field = &message->fields[i];
		if (same_text(at, field->text, field->len)) {
			if (!cursor_left(cursor, field->len + 1U))
				return NULL;
			cursor->at = at + field->len;
			members->next = i + 1;
			return field;
		}
	}
	return NULL;
}

static const struct field *find_name(const struct message *message, struct sl_slice key)
{
	for (size_t i = 0; i < message->count; i++) {
		const struct field *field = &message->fields[i];

		if (key.len + 2 == field->len && memcmp(key.data, field->text, key.len) == 0)
			return field;
	}
	return NULL;
}

/* Any key: with escapes, white space, in snake_case, or unknown.  NULL with or without a fault. */
static const struct field *find_slowly(struct cursor *cursor, const struct message *message)
{
	const char *start = cursor->at;
	char camel[LONGEST_KEY];
	const struct field *field;
	struct sl_slice key, name = { camel, 0 };

	if (!scan_string(cursor, &key) || !scan_colon(cursor))
		return NULL;
	field = find_name(message, key);
	if (field != NULL || !camel_key(key, camel, sizeof(camel), &name.len))
		return field;
	field = find_name(message, name);
	if (field != NULL && !cursor_note(cursor, SL_NOTE_SNAKE_CASE, start))
		return NULL;
	return field;
}

/* False: this member is not to be read, or there is a fault. */
static bool wanted(struct cursor *cursor, struct members *members, const struct field *field,
		   const char *key)
{
	uint64_t bit = UINT64_C(1) << (field->offset / 4);

	if (SL_UNLIKELY(field->departure != SL_NOTE_COUNT) &&
	    !cursor_note(cursor, (enum sl_note)field->departure, key))
		return false;
	if (SL_UNLIKELY(cursor_peek(cursor) == 'n'))
		return false;
	if (SL_UNLIKELY((members->seen & bit) != 0)) {
		if (!members->message->one_of) {
			cursor_note(cursor, SL_NOTE_REPEATED_KEY, key);
			return false;
		}
		if (!cursor_note(cursor, SL_NOTE_TWO_VALUES, key))
			return false;
	}
	members->seen |= bit;
	return true;
}

const struct field *next_field(struct cursor *cursor, struct members *members)
{
	for (;;) {
		const struct field *field;
		const char *key;

		if (SL_LIKELY(members->begun && cursor_left(cursor, 2) && cursor->at[0] == ',' &&
			      cursor->at[1] == '"'))
			cursor->at++;
		else if (!separate(cursor, &members->begun, '{', '}'))
			return NULL;
		key = cursor->at;
		field = find_compact(cursor, members);
		if (field != NULL)
			skip_space(cursor);
		else
			field = find_slowly(cursor, members->message);
		if (cursor->fault != FAULT_NONE)
			return NULL;
		if (field != NULL && wanted(cursor, members, field, key))
			return field;
		if (cursor->fault != FAULT_NONE || !skip_value(cursor))
			return NULL;
	}
}

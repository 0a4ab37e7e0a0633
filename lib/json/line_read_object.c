/* Objects of span lines: the loop over their members, and the fields that many of them have. */
#include "line_read.h"

static inline bool is_key(const struct line_field *field, struct sl_slice key)
{
	return field->key.len == key.len && sl_same_bytes(field->key.data, key.data, key.len);
}

/* Keys mostly come in the order of the table, so that the search begins behind the last one found.
 */
static size_t find_field(const struct line_shape *shape, size_t from, struct sl_slice key)
{
	for (size_t i = from; i < shape->count; i++)
		if (is_key(&shape->fields[i], key))
			return i;
	for (size_t i = 0; i < from; i++)
		if (is_key(&shape->fields[i], key))
			return i;
	return shape->count;
}

SL_SLOW_PATH static bool skip_unknown(struct sl_cursor *cursor, uint64_t *given)
{
	*given |= GIVEN_UNKNOWN;
	return sl_cursor_note(cursor, SL_NOTE_LINE_UNKNOWN_KEY, cursor->at) &&
	       sl_cursor_skip_value(cursor);
}

SL_SLOW_PATH static bool skip_repeated(struct sl_cursor *cursor)
{
	return sl_cursor_note(cursor, SL_NOTE_REPEATED_KEY, cursor->at) &&
	       sl_cursor_skip_value(cursor);
}

static bool read_members(struct line_reader *reader, struct sl_cursor *cursor,
			 const struct line_shape *shape, void *object, uint64_t *given)
{
	uint64_t seen = 0;
	size_t next = 0;
	struct sl_slice key = { "", 0 };

	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		size_t found = find_field(shape, next, key);
		const struct line_field *field = &shape->fields[found];
		uint64_t bit = UINT64_C(1) << found;
		bool read;

		if (found == shape->count) {
			read = skip_unknown(cursor, given);
		} else if ((seen & bit) != 0) {
			read = skip_repeated(cursor);
		} else if (sl_cursor_peek(cursor) == 'n') {
			read = sl_cursor_word(cursor, "null");
		} else {
			*given |= bit;
			read = field->read(reader, cursor, (char *)object + field->offset);
		}
		if (!read)
			return false;
		if (found < shape->count) {
			seen |= bit;
			next = found + 1;
		}
	}
	return cursor->fault == SL_FAULT_NONE;
}

/* With a cursor of its own, as `exact` may stand before what it speaks of. */
static bool apply_exact_later(struct line_reader *reader, struct sl_cursor *cursor,
			      const struct line_shape *shape, void *object)
{
	const char *at = cursor->at;
	struct sl_slice exact;
	bool applied;

	if (shape->exact == NO_EXACT)
		return true;
	memcpy(&exact, (const char *)object + shape->exact, sizeof(exact));
	if (SL_LIKELY(exact.data == NULL))
		return true;
	cursor->at = exact.data;
	applied = apply_exact(reader, cursor, shape, object);
	if (applied)
		cursor->at = at;
	return applied;
}

bool read_object(struct line_reader *reader, struct sl_cursor *cursor,
		 const struct line_shape *shape, void *object, uint64_t *given)
{
	*given = 0;
	return read_members(reader, cursor, shape, object, given) &&
	       apply_exact_later(reader, cursor, shape, object);
}

bool is_number(const struct sl_cursor *cursor)
{
	char byte = sl_cursor_peek(cursor);

	return byte == '-' || (byte >= '0' && byte <= '9');
}

bool read_text(struct line_reader *reader, struct sl_cursor *cursor, void *slice)
{
	(void)reader;
	return sl_cursor_peek(cursor) == '"' ? sl_cursor_string(cursor, slice)
					     : sl_cursor_skip_bad_field(cursor);
}

bool read_number_text(struct line_reader *reader, struct sl_cursor *cursor, void *slice)
{
	(void)reader;
	return is_number(cursor) ? sl_cursor_number(cursor, slice)
				 : sl_cursor_skip_bad_field(cursor);
}

/* An id of the usual length, where its closing quote is: false if it is something else. */
static bool take_hex(struct line_reader *reader, struct sl_cursor *cursor, size_t size,
		     struct sl_slice *id)
{
	const char *digits = cursor->at + 1;
	char *bytes;

	if (!sl_cursor_left(cursor, 2 * size + 2) || *cursor->at != '"' || digits[2 * size] != '"')
		return false;
	bytes = sl_arena_alloc(&reader->arena, size);
	if (bytes == NULL || !sl_parse_hex((struct sl_slice){ digits, 2 * size }, bytes))
		return false;
	*id = (struct sl_slice){ bytes, size };
	cursor->at = digits + 2 * size + 1;
	return true;
}

bool read_hex(struct line_reader *reader, struct sl_cursor *cursor, void *slice)
{
	enum { SPAN_ID = 8, TRACE_ID = 16 };
	const char *start = cursor->at;
	struct sl_slice text, *id = slice;
	char *bytes;

	if (SL_LIKELY(take_hex(reader, cursor, SPAN_ID, id) ||
		      take_hex(reader, cursor, TRACE_ID, id)))
		return true;
	if (sl_cursor_peek(cursor) != '"')
		return sl_cursor_skip_bad_field(cursor);
	if (!sl_cursor_string(cursor, &text))
		return false;
	*id = (struct sl_slice){ "", 0 };
	if (text.len == 0)
		return true;
	bytes = sl_arena_alloc(&reader->arena, text.len);
	if (bytes == NULL)
		return sl_cursor_memory(cursor);
	if (!sl_parse_hex(text, bytes))
		return sl_cursor_refuse(cursor, start, "an id that is not hex");
	*id = (struct sl_slice){ bytes, text.len / 2 };
	return true;
}

bool read_count(struct line_reader *reader, struct sl_cursor *cursor, void *u32)
{
	(void)reader;
	if (!is_number(cursor) && sl_cursor_peek(cursor) != '"')
		return sl_cursor_skip_bad_field(cursor);
	return sl_cursor_u32(cursor, u32);
}

bool read_nanos(struct line_reader *reader, struct sl_cursor *cursor, void *nanos)
{
	struct line_nanos *time = nanos;
	const char *start = cursor->at;
	struct sl_slice text;

	(void)reader;
	if (SL_LIKELY(sl_cursor_plain_unsigned(cursor, &time->ns))) {
		time->given = true;
		return true;
	}
	if (!is_number(cursor) && sl_cursor_peek(cursor) != '"')
		return sl_cursor_skip_bad_field(cursor);
	if (!sl_cursor_number_or_string(cursor, &text))
		return false;
	time->given = sl_parse_u64(text, &time->ns) || sl_unsigned_of(text, &time->ns);
	if (time->given)
		return true;
	time->ns = 0;
	return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
}

bool read_time(struct line_reader *reader, struct sl_cursor *cursor, void *ns)
{
	struct line_nanos time = { 0 };
	bool read = read_nanos(reader, cursor, &time);

	*(uint64_t *)ns = time.ns;
	return read;
}

bool read_raw(struct line_reader *reader, struct sl_cursor *cursor, void *slice)
{
	struct sl_slice *raw = slice;
	const char *start = cursor->at;

	(void)reader;
	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	if (!sl_cursor_skip_value(cursor))
		return false;
	*raw = (struct sl_slice){ start, (size_t)(cursor->at - start) };
	return true;
}

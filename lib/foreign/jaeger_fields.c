/*
 * Ids and times of Jaeger.  The UI's JSON and Elasticsearch have ids in hex and microseconds,
 * protobuf's JSON ids in base64 and times in RFC 3339, Thrift's ids are numbers.
 */
#include "jaeger.h"

/* A signed number, as Thrift has them, or one without a sign. */
static bool parse_id(struct sl_slice text, uint64_t *id)
{
	int64_t number;

	if (sl_parse_u64(text, id))
		return true;
	if (!sl_parse_i64(text, &number))
		return false;
	*id = (uint64_t)number;
	return true;
}

/* Eight bytes, big-endian. */
static bool numeric_id(struct sl_foreign_reader *reader, struct sl_slice *id)
{
	struct sl_cursor *cursor = &reader->cursor;
	const char *start = cursor->at;
	struct sl_slice text = { "", 0 };
	uint64_t number;
	char *room;

	if (!sl_cursor_number(cursor, &text))
		return false;
	if (!parse_id(text, &number))
		return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
	room = sl_arena_alloc(&reader->arena, sizeof(number));
	if (room == NULL)
		return sl_cursor_memory(cursor);
	for (size_t i = sizeof(number); i-- > 0; number >>= 8)
		room[i] = (char)(number & 0xff);
	*id = (struct sl_slice){ room, sizeof(number) };
	return true;
}

/* Base64 of the right length, padded: no hex of it is as long. */
static bool is_base64(const struct sl_cursor *cursor, size_t size)
{
	size_t len = sl_base64_size(size);

	return sl_cursor_left(cursor, len + 2) && cursor->at[len + 1] == '"' &&
	       cursor->at[len] == '=';
}

static bool read_id(struct sl_foreign_reader *reader, size_t size, struct sl_slice *id)
{
	struct sl_cursor *cursor = &reader->cursor;
	char byte = sl_cursor_peek(cursor);

	if (SL_UNLIKELY(byte != '"'))
		return byte == '-' || (byte >= '0' && byte <= '9')
			       ? numeric_id(reader, id)
			       : sl_cursor_skip_bad_field(cursor);
	if (is_base64(cursor, size))
		return sl_cursor_base64(cursor, id);
	return size == 8 ? foreign_span_id(reader, id) : foreign_trace_id(reader, id);
}

bool jaeger_trace_id(struct sl_foreign_reader *reader, void *slice)
{
	return read_id(reader, 16, slice);
}

bool jaeger_span_id(struct sl_foreign_reader *reader, void *slice)
{
	return read_id(reader, 8, slice);
}

bool jaeger_join_id(struct sl_foreign_reader *reader, struct sl_slice high, struct sl_slice low,
		    struct sl_slice *id)
{
	char *room = sl_arena_alloc(&reader->arena, 16);

	if (room == NULL)
		return sl_cursor_memory(&reader->cursor);
	memset(room, 0, 16);
	if (high.len == 8)
		memcpy(room, high.data, 8);
	if (low.len == 8)
		memcpy(room + 8, low.data, 8);
	*id = (struct sl_slice){ room, 16 };
	return true;
}

bool jaeger_time(struct sl_foreign_reader *reader, void *ns)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_cursor before = *cursor;
	struct sl_slice text = { "", 0 };

	if (SL_LIKELY(sl_cursor_peek(cursor) != '"'))
		return foreign_micros(reader, ns);
	if (!sl_cursor_string(cursor, &text))
		return false;
	if (sl_parse_time(text, ns))
		return true;
	cursor->at = before.at;
	return foreign_micros(reader, ns);
}

/* "0.000468508s" in protobuf's JSON. */
bool jaeger_duration(struct sl_foreign_reader *reader, void *ns)
{
	struct sl_cursor *cursor = &reader->cursor;
	const char *start = cursor->at;
	struct sl_slice text = { "", 0 };
	bool negative;

	if (SL_LIKELY(sl_cursor_peek(cursor) != '"'))
		return foreign_micros(reader, ns);
	if (!sl_cursor_string(cursor, &text))
		return false;
	if (text.len > 1 && text.data[text.len - 1] == 's') {
		text.len--;
		if (sl_scaled_of(text, 9, &negative, ns) && !negative)
			return true;
		*(uint64_t *)ns = 0;
		return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
	}
	cursor->at = start;
	return foreign_micros(reader, ns);
}

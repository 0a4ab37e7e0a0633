/* The scanner of JSON bytes: ids and bytes, in hex or base64. */
#include "spanline/scan.h"

static char *room_for(struct sl_cursor *cursor, size_t size)
{
	char *room = sl_arena_alloc(cursor->arena, size);

	if (room == NULL)
		sl_cursor_memory(cursor);
	return room;
}

bool sl_cursor_base64(struct sl_cursor *cursor, struct sl_slice *bytes)
{
	const char *start = cursor->at;
	struct sl_slice text = { "", 0 };
	char *room;

	if (!sl_cursor_string(cursor, &text))
		return false;
	room = room_for(cursor, 3 * (text.len / 4) + 2);
	if (room == NULL)
		return false;
	bytes->data = room;
	return sl_parse_base64(text, room, &bytes->len) ||
	       sl_cursor_refuse(cursor, start, "bytes that are not base64");
}

/* An odd number of hex digits, read as if a zero stood before them. */
static bool padded_hex(struct sl_slice text, char *out)
{
	char first[2] = "0";

	if (text.len % 2 == 0)
		return false;
	first[1] = text.data[0];
	return sl_parse_hex((struct sl_slice){ first, 2 }, out) &&
	       sl_parse_hex((struct sl_slice){ text.data + 1, text.len - 1 }, out + 1);
}

/* What is not plainly hex of the right length. */
SL_SLOW_PATH static bool read_odd_id(struct sl_cursor *cursor, size_t size, struct sl_slice *id)
{
	const char *start = cursor->at;
	struct sl_slice text = { "", 0 };
	char *room;
	size_t len;

	*id = (struct sl_slice){ "", 0 };
	if (!sl_cursor_string(cursor, &text) || text.len == 0)
		return cursor->fault == SL_FAULT_NONE;
	room = room_for(cursor, text.len + 2);
	if (room == NULL)
		return false;
	id->data = room;
	id->len = text.len / 2;
	if (sl_parse_hex(text, room))
		return true;
	if (text.len <= sl_base64_size(size) && sl_parse_base64(text, room, &len) && len == size) {
		id->len = size;
		return sl_cursor_note(cursor, SL_NOTE_BASE64_ID, start);
	}
	id->len = (text.len + 1) / 2;
	if (!padded_hex(text, room)) {
		memcpy(room, text.data, text.len);
		id->len = text.len;
	}
	return sl_cursor_note(cursor, SL_NOTE_ODD_ID, start);
}

bool sl_cursor_id(struct sl_cursor *cursor, size_t size, struct sl_slice *id)
{
	const char *start = cursor->at;
	size_t len = 2 * size + 2;

	if (SL_LIKELY(sl_cursor_left(cursor, len) && start[0] == '"' && start[len - 1] == '"')) {
		char *room = room_for(cursor, size);

		if (room == NULL)
			return false;
		if (SL_LIKELY(sl_parse_hex((struct sl_slice){ start + 1, 2 * size }, room))) {
			*id = (struct sl_slice){ room, size };
			cursor->at += len;
			return true;
		}
	}
	return read_odd_id(cursor, size, id);
}

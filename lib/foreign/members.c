/* Objects of a format into fields, by the format's table. */
#include "foreign.h"
#include <stdlib.h>

/* Mostly the keys come in the order of the table, but for some that are not there. */
static const struct foreign_member *find(const struct foreign_shape *shape, struct sl_slice key,
					 size_t *next)
{
	for (size_t tried = 0; tried < shape->count; tried++) {
		const struct foreign_member *member = &shape->members[*next];

		*next = *next + 1 < shape->count ? *next + 1 : 0;
		if (member->key.len == key.len &&
		    sl_same_bytes(member->key.data, key.data, key.len))
			return member;
	}
	return NULL;
}

/* The value at the cursor, unless it is null or comes for the second time. */
static bool read_member(struct sl_foreign_reader *reader, const struct foreign_member *member,
			uint32_t *seen, size_t index, void *object)
{
	struct sl_cursor *cursor = &reader->cursor;
	uint32_t bit = UINT32_C(1) << index;

	if (SL_UNLIKELY(sl_cursor_peek(cursor) == 'n'))
		return sl_cursor_word(cursor, "null");
	if (SL_UNLIKELY((*seen & bit) != 0))
		return sl_cursor_note(cursor, SL_NOTE_REPEATED_KEY, cursor->at) &&
		       sl_cursor_skip_value(cursor);
	*seen |= bit;
	return member->read(reader, (char *)object + member->offset) ||
	       sl_cursor_recover_bad_field(cursor);
}

bool foreign_members(struct sl_foreign_reader *reader, const struct foreign_shape *shape,
		     void *object)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_slice key = { "", 0 };
	uint32_t seen = 0;
	size_t next = 0;

	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		const struct foreign_member *member = find(shape, key, &next);
		const char *start = cursor->at;

		if (member == NULL ? !sl_cursor_skip_value(cursor)
				   : !read_member(reader, member, &seen,
						  (size_t)(member - shape->members), object)) {
			/* a quote that is missing is found out far behind */
			if (reader->broken_at == NULL && cursor->begin == reader->records)
				reader->broken_at = start;
			return false;
		}
	}
	return cursor->fault == SL_FAULT_NONE;
}

bool foreign_slice(struct sl_foreign_reader *reader, void *slice)
{
	if (sl_cursor_peek(&reader->cursor) != '"')
		return sl_cursor_skip_bad_field(&reader->cursor);
	return sl_cursor_string(&reader->cursor, slice);
}

bool foreign_value(struct sl_foreign_reader *reader, void *value)
{
	return sl_cursor_plain(&reader->cursor, &reader->builder, reader->max_depth, value);
}

bool foreign_flag(struct sl_foreign_reader *reader, void *boolean)
{
	struct sl_cursor *cursor = &reader->cursor;
	char byte = sl_cursor_peek(cursor);

	if (byte != 't' && byte != 'f')
		return sl_cursor_skip_bad_field(cursor);
	*(bool *)boolean = byte == 't';
	return sl_cursor_word(cursor, byte == 't' ? "true" : "false");
}

bool foreign_raw(struct sl_foreign_reader *reader, void *slice)
{
	struct sl_cursor *cursor = &reader->cursor;
	const char *start = cursor->at;

	if (!sl_cursor_skip_value(cursor))
		return false;
	*(struct sl_slice *)slice = (struct sl_slice){ start, (size_t)(cursor->at - start) };
	return true;
}

/* What has a fraction, a sign or more digits. */
SL_SLOW_PATH static bool odd_micros(struct sl_foreign_reader *reader, uint64_t *ns)
{
	struct sl_cursor *cursor = &reader->cursor;
	const char *start = cursor->at;
	struct sl_slice text = { "", 0 };
	bool negative;

	if (!sl_cursor_number_or_string(cursor, &text))
		return sl_cursor_recover_bad_field(cursor);
	if (text.len != 0 && sl_scaled_of(text, 3, &negative, ns) && (!negative || *ns == 0))
		return true;
	*ns = 0;
	return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
}

bool foreign_micros(struct sl_foreign_reader *reader, void *ns)
{
	const char *start = reader->cursor.at;
	uint64_t micros;

	if (SL_LIKELY(sl_cursor_plain_unsigned(&reader->cursor, &micros)) &&
	    micros <= UINT64_MAX / 1000) {
		*(uint64_t *)ns = 1000 * micros;
		return true;
	}
	reader->cursor.at = start;
	return odd_micros(reader, ns);
}

bool foreign_id_of(struct sl_foreign_reader *reader, size_t size, struct sl_slice text,
		   struct sl_slice *id)
{
	struct sl_cursor *cursor = &reader->cursor;
	char digits[2 * 16], *room;

	*id = (struct sl_slice){ "", 0 };
	if (text.len == 0)
		return true;
	room = sl_arena_alloc(&reader->arena, text.len > size ? text.len : size);
	if (room == NULL)
		return sl_cursor_memory(cursor);
	if (text.len <= 2 * size) {
		memset(digits, '0', 2 * size);
		memcpy(digits + 2 * size - text.len, text.data, text.len);
		*id = (struct sl_slice){ room, size };
		if (sl_parse_hex((struct sl_slice){ digits, 2 * size }, room))
			return true;
	}
	memcpy(room, text.data, text.len);
	*id = (struct sl_slice){ room, text.len };
	return sl_cursor_note(cursor, SL_NOTE_ODD_ID, cursor->at);
}

/* Fewer digits than `size` bytes have, or none at all. */
SL_SLOW_PATH static bool odd_id(struct sl_foreign_reader *reader, size_t size, struct sl_slice *id)
{
	struct sl_slice text = { "", 0 };

	if (!sl_cursor_string(&reader->cursor, &text))
		return sl_cursor_recover_bad_field(&reader->cursor);
	return foreign_id_of(reader, size, text, id);
}

static bool read_id(struct sl_foreign_reader *reader, size_t size, struct sl_slice *id)
{
	struct sl_cursor *cursor = &reader->cursor;
	size_t len = 2 * size + 2;

	if (SL_LIKELY(sl_cursor_left(cursor, len) && cursor->at[0] == '"' &&
		      cursor->at[len - 1] == '"')) {
		char *room = sl_arena_alloc(&reader->arena, size);

		if (room == NULL)
			return sl_cursor_memory(cursor);
		if (SL_LIKELY(sl_parse_hex((struct sl_slice){ cursor->at + 1, 2 * size }, room))) {
			*id = (struct sl_slice){ room, size };
			cursor->at += len;
			return true;
		}
	}
	return odd_id(reader, size, id);
}

bool foreign_trace_id(struct sl_foreign_reader *reader, void *slice)
{
	return read_id(reader, 16, slice);
}

bool foreign_span_id(struct sl_foreign_reader *reader, void *slice)
{
	return read_id(reader, 8, slice);
}

void *foreign_push(struct sl_foreign_reader *reader, struct foreign_list *list, size_t item_size)
{
	void *items = list->items;
	void *item;

	if (!sl_array_reserve(&items, &list->capacity, list->count + 1, item_size)) {
		sl_cursor_memory(&reader->cursor);
		return NULL;
	}
	list->items = items;
	item = list->items + list->count++ * item_size;
	memset(item, 0, item_size);
	return item;
}

bool foreign_finish(struct sl_foreign_reader *reader, struct foreign_list *list, size_t first,
		    size_t item_size, void **items)
{
	size_t size = (list->count - first) * item_size;
	char *room = sl_arena_alloc(&reader->arena, size);

	if (room == NULL)
		return sl_cursor_memory(&reader->cursor);
	if (size != 0)
		memcpy(room, list->items + first * item_size, size);
	list->count = first;
	*items = room;
	return true;
}

bool foreign_attribute(struct sl_foreign_reader *reader, struct sl_slice key,
		       const struct sl_value *value)
{
	struct sl_attribute *item = sl_builder_push(&reader->builder);

	if (item == NULL)
		return sl_cursor_memory(&reader->cursor);
	item->key = key;
	item->value = *value;
	return true;
}

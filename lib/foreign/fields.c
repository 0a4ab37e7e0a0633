/* Fields that several formats have. */
#include "others.h"
#include "spanline/text.h"

bool foreign_instant(struct sl_foreign_reader *reader, void *ns)
{
	struct sl_cursor *cursor = &reader->cursor;
	const char *start = cursor->at;
	struct sl_slice text = { "", 0 };

	if (sl_cursor_peek(cursor) != '"')
		return sl_cursor_skip_bad_field(cursor);
	if (!sl_cursor_string(cursor, &text))
		return false;
	if (sl_parse_time(text, ns))
		return true;
	/* as Go writes that there is none */
	*(uint64_t *)ns = 0;
	return (text.len != 0 && text.data[0] == '0') ||
	       sl_cursor_note(cursor, SL_NOTE_BAD_FIELD, start);
}

static bool read_hex(struct sl_foreign_reader *reader, size_t size, struct sl_slice *id)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_slice text = { "", 0 };

	if (sl_cursor_peek(cursor) != '"')
		return sl_cursor_skip_bad_field(cursor);
	if (!sl_cursor_string(cursor, &text))
		return false;
	if (text.len >= 2 && text.data[0] == '0' && (text.data[1] == 'x' || text.data[1] == 'X'))
		text = (struct sl_slice){ text.data + 2, text.len - 2 };
	return foreign_id_of(reader, size, text, id);
}

bool foreign_hex_trace_id(struct sl_foreign_reader *reader, void *slice)
{
	return read_hex(reader, 16, slice);
}

bool foreign_hex_span_id(struct sl_foreign_reader *reader, void *slice)
{
	return read_hex(reader, 8, slice);
}

bool foreign_u64(struct sl_foreign_reader *reader, void *number)
{
	return sl_cursor_u64(&reader->cursor, number);
}

bool foreign_u32(struct sl_foreign_reader *reader, void *number)
{
	return sl_cursor_u32(&reader->cursor, number);
}

bool foreign_object(struct sl_foreign_reader *reader, void *attributes)
{
	struct sl_cursor *cursor = &reader->cursor;

	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	return sl_cursor_plain_members(cursor, &reader->builder, reader->max_depth, attributes);
}

bool foreign_each(struct sl_foreign_reader *reader,
		  bool (*read)(struct sl_foreign_reader *reader, void *context), void *context)
{
	struct sl_cursor *cursor = &reader->cursor;

	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun);)
		if (!read(reader, context))
			return false;
	return cursor->fault == SL_FAULT_NONE;
}

bool foreign_keep_event(struct sl_foreign_reader *reader, const struct sl_event *event)
{
	struct sl_event *kept = foreign_push(reader, &reader->events, sizeof(*kept));

	if (kept != NULL)
		*kept = *event;
	return kept != NULL;
}

static bool read_event(struct sl_foreign_reader *reader, void *context)
{
	const struct foreign_shape *const *shape = context;
	struct sl_event event = { .time_unix_nano = 0 };

	return foreign_members(reader, *shape, &event) && foreign_keep_event(reader, &event);
}

bool foreign_events(struct sl_foreign_reader *reader, const struct foreign_shape *shape)
{
	return foreign_each(reader, read_event, &shape);
}

bool foreign_keep_link(struct sl_foreign_reader *reader, const struct sl_link *link)
{
	struct sl_link *kept = foreign_push(reader, &reader->links, sizeof(*kept));

	if (kept != NULL)
		*kept = *link;
	return kept != NULL;
}

void foreign_begin_span(struct sl_foreign_reader *reader, struct sl_span *span)
{
	reader->builder.height = 0;
	reader->links.count = reader->events.count = 0;
	*span = sl_span_empty;
	span->scope = &reader->no_scope;
	span->resource = &reader->no_resource;
}

bool foreign_keep_span(struct sl_foreign_reader *reader, const struct sl_span *span)
{
	struct sl_span *kept = foreign_add_span(reader);

	if (kept != NULL)
		*kept = *span;
	return kept != NULL;
}

bool foreign_settle_lists(struct sl_foreign_reader *reader, struct sl_span *span)
{
	void *events, *links;

	span->event_count = reader->events.count;
	span->link_count = reader->links.count;
	if (!foreign_finish(reader, &reader->events, 0, sizeof(*span->events), &events) ||
	    !foreign_finish(reader, &reader->links, 0, sizeof(*span->links), &links))
		return false;
	span->events = events;
	span->links = links;
	return true;
}

bool foreign_end(struct sl_foreign_reader *reader, uint64_t start, uint64_t duration, uint64_t *end)
{
	*end = start;
	if (duration > UINT64_MAX - start)
		return sl_cursor_note(&reader->cursor, SL_NOTE_BAD_NUMBER, reader->cursor.at);
	*end += duration;
	return true;
}

void foreign_drop_zeros(struct sl_slice *id)
{
	for (size_t i = 0; i < id->len; i++)
		if (id->data[i] != 0)
			return;
	*id = (struct sl_slice){ "", 0 };
}

bool foreign_within(struct sl_foreign_reader *reader, struct sl_slice text,
		    bool (*read)(struct sl_foreign_reader *reader, void *context), void *context)
{
	struct sl_cursor *cursor = &reader->cursor, outer = *cursor;
	char *copy = sl_arena_alloc(&reader->arena, text.len + SL_PADDING);
	bool good, memory;

	if (copy == NULL)
		return sl_cursor_memory(cursor);
	if (text.len != 0)
		memcpy(copy, text.data, text.len);
	memset(copy + text.len, 0, SL_PADDING);
	cursor->begin = cursor->at = copy;
	cursor->end = copy + text.len;
	sl_cursor_skip_space(cursor);
	good = read(reader, context);
	memory = cursor->fault == SL_FAULT_MEMORY;
	*cursor = outer;
	if (memory)
		return sl_cursor_memory(cursor);
	return good || sl_cursor_note(cursor, SL_NOTE_BAD_FIELD, cursor->at);
}

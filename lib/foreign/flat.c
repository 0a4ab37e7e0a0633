/*
 * Flat records: an object for each span, whose keys are the names of fields (flat_names.c); every
 * other key is an attribute.  null means that there is none.
 */
#include "flat.h"
#include "flat_times.h"
#include "spanline/text.h"

/* Objects in objects whose keys are names. */
enum { MOST_DEPTH = 4 };

static bool read_object(struct sl_foreign_reader *reader, struct flat_record *record);

static bool bad_field(struct sl_foreign_reader *reader)
{
	return sl_cursor_note(&reader->cursor, SL_NOTE_BAD_FIELD, reader->cursor.at);
}

/* The bytes of an id are hex; of a UUID the last that fit are taken, and a number is what it is. */
static bool read_id(struct sl_foreign_reader *reader, size_t size, struct sl_slice *id)
{
	struct sl_cursor *cursor = &reader->cursor, start = *cursor;
	char digits[32], *room;
	struct sl_slice text = { "", 0 };
	uint64_t number;

	if (sl_cursor_peek(cursor) != '"') {
		if (!sl_cursor_u64(cursor, &number))
			return false;
		room = sl_arena_alloc(&reader->arena, size);
		if (room == NULL)
			return sl_cursor_memory(cursor);
		memset(room, 0, size);
		for (size_t i = 0; i < 8; i++)
			room[size - 1 - i] = (char)(number >> 8 * i);
		*id = (struct sl_slice){ room, size };
		return true;
	}
	if (!sl_cursor_string(cursor, &text))
		return false;
	if (text.len == 36 && text.data[8] == '-' && text.data[13] == '-') {
		size_t len = 0;

		for (size_t i = 0; i < text.len && len < sizeof(digits); i++)
			if (text.data[i] != '-')
				digits[len++] = text.data[i];
		room = sl_arena_alloc(&reader->arena, sizeof(digits) / 2);
		if (room == NULL)
			return sl_cursor_memory(cursor);
		*id = (struct sl_slice){ room + 16 - size, size };
		if (sl_parse_hex((struct sl_slice){ digits, len }, room))
			return size == 16 || sl_cursor_note(cursor, SL_NOTE_ODD_ID, start.at);
	}
	*cursor = start;
	return size == 16 ? foreign_hex_trace_id(reader, id) : foreign_hex_span_id(reader, id);
}

static bool read_time(struct sl_foreign_reader *reader, struct flat_record *record,
		      const struct flat_name *name)
{
	struct sl_slice raw = { "", 0 };
	bool good;

	if (!foreign_raw(reader, &raw))
		return false;
	switch (name->field) {
	case FLAT_START:
		good = record->has_start =
			flat_time(raw, name->unit, &record->span.start_unix_nano);
		break;
	case FLAT_END:
		good = record->has_end = flat_time(raw, name->unit, &record->span.end_unix_nano);
		break;
	default:
		good = record->has_duration = flat_duration(raw, name->unit, &record->duration);
	}
	return good || bad_field(reader);
}

/* Members that are not null, each an attribute. */
static bool read_attributes(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_slice key = { "", 0 };

	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		struct sl_value value = { .type = SL_VALUE_EMPTY };

		if (!foreign_value(reader, &value) ||
		    (value.type != SL_VALUE_EMPTY && !foreign_attribute(reader, key, &value)))
			return false;
	}
	return cursor->fault == SL_FAULT_NONE;
}

struct part {
	struct sl_slice name, trace_id, span_id, trace_state, time;
	struct sl_attributes attributes;
};

static const struct foreign_member part_members[] = {
	{ FOREIGN_KEY("name"), foreign_slice, offsetof(struct part, name) },
	{ FOREIGN_KEY("timestamp"), foreign_raw, offsetof(struct part, time) },
	{ FOREIGN_KEY("time"), foreign_raw, offsetof(struct part, time) },
	{ FOREIGN_KEY("time_unix_nano"), foreign_raw, offsetof(struct part, time) },
	{ FOREIGN_KEY("timeUnixNano"), foreign_raw, offsetof(struct part, time) },
	{ FOREIGN_KEY("trace_id"), foreign_hex_trace_id, offsetof(struct part, trace_id) },
	{ FOREIGN_KEY("traceId"), foreign_hex_trace_id, offsetof(struct part, trace_id) },
	{ FOREIGN_KEY("span_id"), foreign_hex_span_id, offsetof(struct part, span_id) },
	{ FOREIGN_KEY("spanId"), foreign_hex_span_id, offsetof(struct part, span_id) },
	{ FOREIGN_KEY("trace_state"), foreign_slice, offsetof(struct part, trace_state) },
	{ FOREIGN_KEY("attributes"), foreign_object, offsetof(struct part, attributes) },
};
static const struct foreign_shape part_shape = { part_members, SL_COUNT(part_members) };

static bool read_event(struct sl_foreign_reader *reader, void *unused)
{
	struct part part = { .name = { "", 0 } };
	struct sl_event *event;

	(void)unused;
	if (!foreign_members(reader, &part_shape, &part))
		return false;
	event = foreign_push(reader, &reader->events, sizeof(*event));
	if (event == NULL)
		return false;
	event->name = part.name;
	event->attributes = part.attributes;
	return part.time.len == 0 || flat_time(part.time, FLAT_AUTO, &event->time_unix_nano) ||
	       bad_field(reader);
}

static bool read_link(struct sl_foreign_reader *reader, void *unused)
{
	struct part part = { .name = { "", 0 } };
	struct sl_link link = { .flags = 0 };

	(void)unused;
	if (!foreign_members(reader, &part_shape, &part))
		return false;
	link.trace_id = part.trace_id;
	link.span_id = part.span_id;
	link.trace_state = part.trace_state;
	link.attributes = part.attributes;
	return foreign_keep_link(reader, &link);
}

/* An attribute, where the value is no object or array as the name's field has. */
static bool read_plain(struct sl_foreign_reader *reader, struct flat_record *record,
		       struct sl_slice key, const struct flat_name *name)
{
	struct sl_value value = { .type = SL_VALUE_EMPTY };

	if (!foreign_value(reader, &value))
		return false;
	if (name != NULL && name->field < FLAT_ATTRIBUTES)
		return flat_set(record, name->field, &value) || bad_field(reader);
	if (name != NULL && name->field == FLAT_ANNOTATION)
		return flat_set(record, name->field, &value);
	return foreign_attribute(reader, key, &value);
}

static bool read_member(struct sl_foreign_reader *reader, struct flat_record *record,
			struct sl_slice key)
{
	struct sl_cursor *cursor = &reader->cursor;
	const struct flat_name *name = flat_find(reader, key);
	char byte = sl_cursor_peek(cursor);

	if (byte == 'n')
		return sl_cursor_word(cursor, "null");
	if (name == NULL)
		return read_plain(reader, record, key, NULL);
	switch (name->field) {
	case FLAT_TRACE_ID:
		return read_id(reader, 16, &record->span.trace_id);
	case FLAT_SPAN_ID:
		return read_id(reader, 8, &record->span.span_id);
	case FLAT_PARENT_SPAN_ID:
		return read_id(reader, 8, &record->span.parent_span_id);
	case FLAT_START:
	case FLAT_END:
	case FLAT_DURATION:
		return read_time(reader, record, name);
	case FLAT_SERVICE:
		return foreign_raw(reader, &record->service);
	case FLAT_ATTRIBUTES:
		return byte == '{' ? read_attributes(reader)
				   : read_plain(reader, record, key, name);
	case FLAT_RESOURCE:
		return byte == '{' ? foreign_raw(reader, &record->resource)
				   : read_plain(reader, record, key, name);
	case FLAT_RECORD:
		return byte == '{' && record->depth < MOST_DEPTH
			       ? read_object(reader, record)
			       : read_plain(reader, record, key, name);
	case FLAT_EVENTS:
		return byte == '[' ? foreign_each(reader, read_event, NULL)
				   : read_plain(reader, record, key, name);
	case FLAT_LINKS:
		return byte == '[' ? foreign_each(reader, read_link, NULL)
				   : read_plain(reader, record, key, name);
	default:
		return read_plain(reader, record, key, name);
	}
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as MOST_DEPTH */
static bool read_object(struct sl_foreign_reader *reader, struct flat_record *record)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_slice key = { "", 0 };

	record->depth++;
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);)
		if (!read_member(reader, record, key) && !sl_cursor_recover_bad_field(cursor))
			return false;
	record->depth--;
	return cursor->fault == SL_FAULT_NONE;
}

static bool make_resource(struct sl_foreign_reader *reader, struct sl_resource *resource)
{
	size_t height = reader->builder.height;

	if (!read_attributes(reader)) {
		reader->builder.height = height;
		return false;
	}
	return sl_builder_finish(&reader->builder, height, &resource->attributes) ||
	       sl_cursor_memory(&reader->cursor);
}

/* The service goes into the resource, of which it is an attribute. */
static bool settle_resource(struct sl_foreign_reader *reader, struct flat_record *record)
{
	static const char before[] = "{\"service.name\":";
	struct sl_slice service = record->service, resource = record->resource;
	size_t rest = resource.len > 1 ? resource.len - 1 : 1, len = 0;
	char *text;

	if (service.len == 0 && resource.len == 0)
		return true;
	text = sl_arena_alloc(&reader->arena, sizeof(before) + service.len + rest + 1);
	if (text == NULL)
		return sl_cursor_memory(&reader->cursor);
	if (service.len != 0) {
		memcpy(text, before, sizeof(before) - 1);
		memcpy(text + sizeof(before) - 1, service.data, service.len);
		len = sizeof(before) - 1 + service.len;
		text[len++] = resource.len > 2 ? ',' : '}';
		if (resource.len > 2)
			memcpy(text + len, resource.data + 1, rest);
		len += resource.len > 2 ? rest : 0;
		resource = (struct sl_slice){ text, len };
	}
	record->span.resource = foreign_resource(reader, resource, make_resource);
	return record->span.resource != NULL;
}

static bool settle_times(struct sl_foreign_reader *reader, struct flat_record *record)
{
	struct sl_span *span = &record->span;

	if (!record->has_start && record->has_end && record->has_duration &&
	    record->duration <= span->end_unix_nano) {
		span->start_unix_nano = span->end_unix_nano - record->duration;
		return true;
	}
	if (!record->has_start)
		return sl_cursor_note(&reader->cursor, SL_NOTE_NO_START, reader->cursor.at);
	return record->has_end ||
	       foreign_end(reader, span->start_unix_nano, record->duration, &span->end_unix_nano);
}

static bool settle(struct sl_foreign_reader *reader, struct flat_record *record)
{
	foreign_drop_zeros(&record->span.parent_span_id);
	return settle_times(reader, record) && settle_resource(reader, record) &&
	       foreign_settle_tags(reader, &record->tags, &record->span) &&
	       (sl_builder_finish(&reader->builder, 0, &record->span.attributes) ||
		sl_cursor_memory(&reader->cursor)) &&
	       foreign_settle_lists(reader, &record->span);
}

/* The fields that the keys of the object at the cursor are names of, a bit each. */
static unsigned named_fields(struct sl_cursor *cursor, unsigned depth)
{
	struct sl_slice key = { "", 0 };
	unsigned found = 0;

	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		const struct flat_name *name = flat_known(key);

		if (name != NULL && name->field == FLAT_RECORD && depth < MOST_DEPTH &&
		    sl_cursor_peek(cursor) == '{') {
			found |= named_fields(cursor, depth + 1);
			continue;
		}
		/* what span lines have tells nothing */
		if (name != NULL && foreign_key(key) != KEY_OTLP &&
		    !sl_slice_equal(key, SL_SLICE("start")))
			found |= 1u << name->field;
		if (!sl_cursor_skip_value(cursor))
			break;
	}
	return found;
}

bool flat_tells(const struct sl_cursor *at)
{
	struct sl_notes unused = { { 0 }, { 0 } };
	struct sl_cursor cursor = *at;
	unsigned needed = 1u << FLAT_TRACE_ID | 1u << FLAT_SPAN_ID | 1u << FLAT_START, found;

	cursor.arena = NULL;
	cursor.notes = &unused;
	found = named_fields(&cursor, 0);
	return (found & needed) == needed && (found & (1u << FLAT_END | 1u << FLAT_DURATION)) != 0;
}

/* All of its records begin lines, mostly; behind damage any that has an id will do. */
bool flat_resumes(unsigned keys)
{
	return (keys & (KEY_SNAKE_TRACE_ID | KEY_TRACE_ID | KEY_TRACE_ID_BIG)) != 0;
}

bool flat_read(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct flat_record record = { .span = sl_span_empty };
	const char *start = cursor->at;

	if (sl_cursor_peek(cursor) != '{')
		return foreign_other(reader);
	foreign_begin_span(reader, &record.span);
	if (!read_object(reader, &record))
		return false;
	if (record.is_annotation)
		return sl_cursor_note(cursor, SL_NOTE_ANNOTATION, start);
	if (record.span.trace_id.len == 0 && record.span.span_id.len == 0) {
		if (reader->first_other == NULL)
			reader->first_other = start;
		return sl_cursor_note(cursor, SL_NOTE_NOT_OTLP, start);
	}
	return settle(reader, &record) && foreign_keep_span(reader, &record.span);
}

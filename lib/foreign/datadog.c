/*
 * Spans as Datadog's tracers and agent have them: an array of them is a trace, or a part of one.
 * What OpenTelemetry's own translations put into meta and metrics goes back to its fields.
 */
#include "others.h"
#include "spanline/text.h"

struct span {
	struct sl_slice trace_id, span_id, parent_id;
	struct sl_slice name, resource, service, type;
	uint64_t start, duration;
	struct sl_value error;
	struct foreign_tags tags;
	struct sl_slice high_half, events, links;
};

/*
 * A number of 64 bits, as 16 bytes of which the first half is 0; in quotes it is decimal, too, but
 * for the 16 or 32 digits of hex that functions of AWS print.
 */
static bool read_id(struct sl_foreign_reader *reader, void *slice)
{
	struct sl_cursor *cursor = &reader->cursor, start = *cursor;
	struct sl_slice *id = slice, text = { "", 0 };
	char *room = sl_arena_alloc(&reader->arena, 16);
	uint64_t number;

	if (room == NULL)
		return sl_cursor_memory(cursor);
	memset(room, 0, 16);
	*id = (struct sl_slice){ room, 16 };
	if (sl_cursor_peek(cursor) == '"') {
		if (!sl_cursor_string(cursor, &text))
			return false;
		if ((text.len == 16 || text.len == 32) &&
		    sl_parse_hex(text, room + 16 - text.len / 2))
			return true;
		*cursor = start;
	}
	if (!sl_cursor_u64(cursor, &number))
		return false;
	for (size_t i = 0; i < 8; i++)
		room[15 - i] = (char)(number >> 8 * i);
	return true;
}

/* Text of JSON in which there is a list. */
static bool take_list(struct span *span, struct sl_slice key, const struct sl_value *value)
{
	if (value->type != SL_VALUE_STRING)
		return false;
	if (sl_slice_equal(key, SL_SLICE("events")))
		span->events = value->text;
	else if (sl_slice_equal(key, SL_SLICE("_dd.span_links")))
		span->links = value->text;
	else
		return false;
	return value->text.len != 0 && value->text.data[0] == '[';
}

static bool take_meta(struct span *span, struct sl_slice key, const struct sl_value *value)
{
	bool text = value->type == SL_VALUE_STRING;

	if (text && sl_slice_equal(key, SL_SLICE("_dd.p.tid")) && value->text.len == 16) {
		span->high_half = value->text;
		return true;
	}
	if (text && (sl_slice_equal(key, SL_SLICE("error.message")) ||
		     sl_slice_equal(key, SL_SLICE("error.msg")))) {
		span->tags.error_message = value->text;
		return true;
	}
	if (text && sl_slice_equal(key, SL_SLICE("otel.status_code"))) {
		if (sl_slice_equal(value->text, SL_SLICE("Ok")))
			span->tags.status = SL_STATUS_OK;
		return true;
	}
	/* the field says whether there was an error */
	if (sl_slice_equal(key, SL_SLICE("error")))
		return false;
	return take_list(span, key, value) || foreign_take_tag(&span->tags, key, value);
}

static bool read_meta(struct sl_foreign_reader *reader, void *span)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_slice key = { "", 0 };

	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		struct sl_value value = { .type = SL_VALUE_EMPTY };

		if (!foreign_value(reader, &value))
			return false;
		if (!take_meta(span, key, &value) && !foreign_attribute(reader, key, &value))
			return false;
	}
	return cursor->fault == SL_FAULT_NONE;
}

static const struct foreign_member span_members[] = {
	{ FOREIGN_KEY("service"), foreign_slice, offsetof(struct span, service) },
	{ FOREIGN_KEY("name"), foreign_slice, offsetof(struct span, name) },
	{ FOREIGN_KEY("resource"), foreign_slice, offsetof(struct span, resource) },
	{ FOREIGN_KEY("type"), foreign_slice, offsetof(struct span, type) },
	{ FOREIGN_KEY("trace_id"), read_id, offsetof(struct span, trace_id) },
	{ FOREIGN_KEY("span_id"), read_id, offsetof(struct span, span_id) },
	{ FOREIGN_KEY("parent_id"), read_id, offsetof(struct span, parent_id) },
	{ FOREIGN_KEY("start"), foreign_u64, offsetof(struct span, start) },
	{ FOREIGN_KEY("duration"), foreign_u64, offsetof(struct span, duration) },
	{ FOREIGN_KEY("error"), foreign_value, offsetof(struct span, error) },
	{ FOREIGN_KEY("meta"), read_meta, 0 },
	{ FOREIGN_KEY("metrics"), read_meta, 0 },
};
static const struct foreign_shape span_shape = { span_members, SL_COUNT(span_members) };

static const struct foreign_member event_members[] = {
	{ FOREIGN_KEY("time_unix_nano"), foreign_u64, offsetof(struct sl_event, time_unix_nano) },
	{ FOREIGN_KEY("name"), foreign_slice, offsetof(struct sl_event, name) },
	{ FOREIGN_KEY("attributes"), foreign_object, offsetof(struct sl_event, attributes) },
	{ FOREIGN_KEY("dropped_attributes_count"), foreign_u32,
	  offsetof(struct sl_event, dropped_attributes_count) },
};
static const struct foreign_shape event_shape = { event_members, SL_COUNT(event_members) };

static bool read_events(struct sl_foreign_reader *reader, void *unused)
{
	(void)unused;
	return foreign_events(reader, &event_shape);
}

static const struct foreign_member link_members[] = {
	{ FOREIGN_KEY("trace_id"), foreign_hex_trace_id, offsetof(struct sl_link, trace_id) },
	{ FOREIGN_KEY("span_id"), foreign_hex_span_id, offsetof(struct sl_link, span_id) },
	{ FOREIGN_KEY("tracestate"), foreign_slice, offsetof(struct sl_link, trace_state) },
	{ FOREIGN_KEY("attributes"), foreign_object, offsetof(struct sl_link, attributes) },
	{ FOREIGN_KEY("dropped_attributes_count"), foreign_u32,
	  offsetof(struct sl_link, dropped_attributes_count) },
	{ FOREIGN_KEY("flags"), foreign_u32, offsetof(struct sl_link, flags) },
};
static const struct foreign_shape link_shape = { link_members, SL_COUNT(link_members) };

static bool read_link(struct sl_foreign_reader *reader, void *unused)
{
	struct sl_link link = { .flags = 0 };

	(void)unused;
	return foreign_members(reader, &link_shape, &link) && foreign_keep_link(reader, &link);
}

static bool read_links(struct sl_foreign_reader *reader, void *unused)
{
	return foreign_each(reader, read_link, unused);
}

/* The last 8 bytes, unless they are zeros, or there are none. */
static struct sl_slice half_of(struct sl_slice id)
{
	if (id.len == 16)
		id = (struct sl_slice){ id.data + 8, 8 };
	return id;
}

static bool is_text(struct sl_slice text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

/* What otlp-encode itself writes where there is no such attribute. */
static bool is_derived(const struct span *read, struct sl_slice text, bool type)
{
	static const char *const types[] = { "web", "http", "db", "cache", "custom" };
	static const char kind[] = "opentelemetry.";

	if (!type)
		return text.len > sizeof(kind) - 1 &&
		       memcmp(text.data, kind, sizeof(kind) - 1) == 0;
	for (size_t i = 0; i < SL_COUNT(types); i++)
		if (is_text(text, types[i]))
			return is_derived(read, read->name, false);
	return false;
}

/* The resource is what people know a span by; its name is that of a kind of work. */
static bool settle_names(struct sl_foreign_reader *reader, const struct span *read,
			 struct sl_span *span)
{
	struct sl_value name = foreign_string(read->name), type = foreign_string(read->type);

	span->name = read->resource.len != 0 ? read->resource : read->name;
	if (read->name.len != 0 && !sl_slice_equal(read->name, span->name) &&
	    !is_derived(read, read->name, false) &&
	    !foreign_attribute(reader, SL_SLICE("operation.name"), &name))
		return false;
	return read->type.len == 0 || is_derived(read, read->type, true) ||
	       foreign_attribute(reader, SL_SLICE("span.type"), &type);
}

static bool settle_ids(const struct span *read, struct sl_span *span)
{
	span->trace_id = read->trace_id;
	span->span_id = half_of(read->span_id);
	span->parent_span_id = half_of(read->parent_id);
	foreign_drop_zeros(&span->parent_span_id);
	if (read->high_half.len == 16 && span->trace_id.len == 16)
		/* made by read_id, in the arena */
		(void)sl_parse_hex(read->high_half, (char *)(uintptr_t)span->trace_id.data);
	return true;
}

static bool is_error(const struct sl_value *error)
{
	return (error->type == SL_VALUE_INT && error->integer != 0) ||
	       (error->type == SL_VALUE_BOOL && error->boolean);
}

static bool settle(struct sl_foreign_reader *reader, struct span *read, struct sl_span *span)
{
	read->tags.error = is_error(&read->error);
	span->resource = foreign_service(reader, read->service);
	span->start_unix_nano = read->start;
	return span->resource != NULL && settle_ids(read, span) &&
	       settle_names(reader, read, span) && foreign_settle_tags(reader, &read->tags, span) &&
	       foreign_end(reader, read->start, read->duration, &span->end_unix_nano) &&
	       (sl_builder_finish(&reader->builder, 0, &span->attributes) ||
		sl_cursor_memory(&reader->cursor)) &&
	       (read->events.len == 0 || foreign_within(reader, read->events, read_events, NULL)) &&
	       (read->links.len == 0 || foreign_within(reader, read->links, read_links, NULL)) &&
	       foreign_settle_lists(reader, span);
}

static bool read_span(struct sl_foreign_reader *reader)
{
	struct span read = { .start = 0 };
	struct sl_span span;

	foreign_begin_span(reader, &span);
	return foreign_members(reader, &span_shape, &read) && settle(reader, &read, &span) &&
	       foreign_keep_span(reader, &span);
}

bool datadog_resumes(unsigned keys)
{
	return (keys & KEY_SNAKE_TRACE_ID) != 0 && (keys & KEY_SNAKE_SPAN_ID) != 0;
}

static bool is_span(const struct sl_cursor *cursor)
{
	unsigned ids = KEY_SNAKE_TRACE_ID | KEY_SNAKE_SPAN_ID;
	size_t looked;

	return (foreign_keys_of(cursor, ids, &looked) & ids) != 0;
}

bool datadog_read(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;

	if (sl_cursor_peek(cursor) == '{')
		return is_span(cursor) ? read_span(reader) : foreign_other(reader);
	if (sl_cursor_peek(cursor) != '[')
		return foreign_other(reader);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun);)
		if (!read_span(reader))
			return false;
	return cursor->fault == SL_FAULT_NONE;
}

/* What Python's ConsoleSpanExporter prints of a span: pretty JSON, one document behind another. */
#include "others.h"

struct context {
	struct sl_slice trace_id, span_id, trace_state;
};

struct status {
	struct sl_slice code, message;
};

struct span {
	struct sl_span span;
	struct context context;
	struct status status;
	struct sl_slice kind, resource;
};

static const struct foreign_member context_members[] = {
	{ FOREIGN_KEY("trace_id"), foreign_hex_trace_id, offsetof(struct context, trace_id) },
	{ FOREIGN_KEY("span_id"), foreign_hex_span_id, offsetof(struct context, span_id) },
	{ FOREIGN_KEY("trace_state"), foreign_slice, offsetof(struct context, trace_state) },
};
static const struct foreign_shape context_shape = { context_members, SL_COUNT(context_members) };

static bool read_context(struct sl_foreign_reader *reader, void *context)
{
	return foreign_members(reader, &context_shape, context);
}

/* The first of the lists that Python shows, as ['{key=a, value=b}'], and what is left of them. */
static bool next_pair(struct sl_slice *left, struct sl_slice *key, struct sl_slice *value)
{
	static const char before[] = "{key=", between[] = ", value=";

	for (size_t i = 0; i + sizeof(before) <= left->len; i++) {
		const char *at = left->data + i, *end = left->data + left->len, *close, *middle;

		if (memcmp(at, before, sizeof(before) - 1) != 0)
			continue;
		at += sizeof(before) - 1;
		close = memchr(at, '}', (size_t)(end - at));
		if (close == NULL)
			return false;
		for (middle = at; close - middle >= (ptrdiff_t)sizeof(between); middle++)
			if (memcmp(middle, between, sizeof(between) - 1) == 0)
				break;
		*left = (struct sl_slice){ close, (size_t)(end - close) };
		if (close - middle < (ptrdiff_t)sizeof(between))
			return false;
		*key = (struct sl_slice){ at, (size_t)(middle - at) };
		middle += sizeof(between) - 1;
		*value = (struct sl_slice){ middle, (size_t)(close - middle) };
		return true;
	}
	return false;
}

/* "[]" is none. */
static bool settle_state(struct sl_foreign_reader *reader, struct sl_slice shown,
			 struct sl_slice *state)
{
	char *room = sl_arena_alloc(&reader->arena, shown.len);
	struct sl_slice key = { "", 0 }, value = { "", 0 };
	size_t len = 0;

	if (room == NULL)
		return sl_cursor_memory(&reader->cursor);
	while (next_pair(&shown, &key, &value)) {
		if (len != 0)
			room[len++] = ',';
		memcpy(room + len, key.data, key.len);
		len += key.len;
		room[len++] = '=';
		if (value.len != 0)
			memcpy(room + len, value.data, value.len);
		len += value.len;
	}
	*state = (struct sl_slice){ room, len };
	return true;
}

static const struct foreign_member event_members[] = {
	{ FOREIGN_KEY("name"), foreign_slice, offsetof(struct sl_event, name) },
	{ FOREIGN_KEY("timestamp"), foreign_instant, offsetof(struct sl_event, time_unix_nano) },
	{ FOREIGN_KEY("attributes"), foreign_object, offsetof(struct sl_event, attributes) },
};
static const struct foreign_shape event_shape = { event_members, SL_COUNT(event_members) };

static bool read_events(struct sl_foreign_reader *reader, void *unused)
{
	(void)unused;
	return foreign_events(reader, &event_shape);
}

struct link {
	struct context context;
	struct sl_attributes attributes;
};

static const struct foreign_member link_members[] = {
	{ FOREIGN_KEY("context"), read_context, offsetof(struct link, context) },
	{ FOREIGN_KEY("attributes"), foreign_object, offsetof(struct link, attributes) },
};
static const struct foreign_shape link_shape = { link_members, SL_COUNT(link_members) };

static bool read_link(struct sl_foreign_reader *reader, void *unused)
{
	struct link link = { .attributes = { NULL, 0 } };
	struct sl_link kept = { .flags = 0 };

	(void)unused;
	if (!foreign_members(reader, &link_shape, &link) ||
	    !settle_state(reader, link.context.trace_state, &kept.trace_state))
		return false;
	kept.trace_id = link.context.trace_id;
	kept.span_id = link.context.span_id;
	kept.attributes = link.attributes;
	return foreign_keep_link(reader, &kept);
}

static bool read_links(struct sl_foreign_reader *reader, void *unused)
{
	return foreign_each(reader, read_link, unused);
}

static const struct foreign_member status_members[] = {
	{ FOREIGN_KEY("status_code"), foreign_slice, offsetof(struct status, code) },
	{ FOREIGN_KEY("description"), foreign_slice, offsetof(struct status, message) },
};
static const struct foreign_shape status_shape = { status_members, SL_COUNT(status_members) };

static bool read_status(struct sl_foreign_reader *reader, void *status)
{
	return foreign_members(reader, &status_shape, status);
}

static const struct foreign_member span_members[] = {
	{ FOREIGN_KEY("name"), foreign_slice, offsetof(struct span, span.name) },
	{ FOREIGN_KEY("context"), read_context, offsetof(struct span, context) },
	{ FOREIGN_KEY("kind"), foreign_slice, offsetof(struct span, kind) },
	{ FOREIGN_KEY("parent_id"), foreign_hex_span_id,
	  offsetof(struct span, span.parent_span_id) },
	{ FOREIGN_KEY("start_time"), foreign_instant, offsetof(struct span, span.start_unix_nano) },
	{ FOREIGN_KEY("end_time"), foreign_instant, offsetof(struct span, span.end_unix_nano) },
	{ FOREIGN_KEY("status"), read_status, offsetof(struct span, status) },
	{ FOREIGN_KEY("attributes"), foreign_object, offsetof(struct span, span.attributes) },
	{ FOREIGN_KEY("events"), read_events, 0 },
	{ FOREIGN_KEY("links"), read_links, 0 },
	{ FOREIGN_KEY("resource"), foreign_raw, offsetof(struct span, resource) },
};
static const struct foreign_shape span_shape = { span_members, SL_COUNT(span_members) };

static const struct foreign_member resource_members[] = {
	{ FOREIGN_KEY("attributes"), foreign_object, offsetof(struct sl_resource, attributes) },
	{ FOREIGN_KEY("schema_url"), foreign_slice, offsetof(struct sl_resource, schema_url) },
};
static const struct foreign_shape resource_shape = { resource_members, SL_COUNT(resource_members) };

/* Older versions have the attributes themselves in its place. */
static bool make_resource(struct sl_foreign_reader *reader, struct sl_resource *resource)
{
	struct sl_cursor *cursor = &reader->cursor, start = *cursor;
	struct sl_slice key = { "", 0 };

	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		if (sl_slice_equal(key, SL_SLICE("attributes")) && sl_cursor_peek(cursor) == '{') {
			*cursor = start;
			return foreign_members(reader, &resource_shape, resource);
		}
		if (!sl_cursor_skip_value(cursor))
			return false;
	}
	*cursor = start;
	return foreign_object(reader, &resource->attributes);
}

/* SpanKind.SERVER */
static bool settle_kind(struct sl_foreign_reader *reader, struct sl_slice text, int32_t *kind)
{
	static const char *const names[SL_KIND_COUNT] = {
		[SL_KIND_INTERNAL] = "SpanKind.INTERNAL", [SL_KIND_SERVER] = "SpanKind.SERVER",
		[SL_KIND_CLIENT] = "SpanKind.CLIENT",	  [SL_KIND_PRODUCER] = "SpanKind.PRODUCER",
		[SL_KIND_CONSUMER] = "SpanKind.CONSUMER",
	};

	for (int32_t i = SL_KIND_INTERNAL; i < SL_KIND_COUNT; i++)
		if (sl_slice_equal(text, sl_slice_of(names[i]))) {
			*kind = i;
			return true;
		}
	return text.len == 0 ||
	       sl_cursor_note(&reader->cursor, SL_NOTE_ENUM_UNKNOWN, reader->cursor.at);
}

static bool settle(struct sl_foreign_reader *reader, struct span *read)
{
	struct sl_span *span = &read->span;

	span->trace_id = read->context.trace_id;
	span->span_id = read->context.span_id;
	foreign_drop_zeros(&span->parent_span_id);
	if (sl_slice_equal(read->status.code, SL_SLICE("OK")))
		span->status_code = SL_STATUS_OK;
	else if (sl_slice_equal(read->status.code, SL_SLICE("ERROR")))
		span->status_code = SL_STATUS_ERROR;
	span->status_message = read->status.message;
	if (read->resource.len != 0)
		span->resource = foreign_resource(reader, read->resource, make_resource);
	return span->resource != NULL && settle_kind(reader, read->kind, &span->kind) &&
	       settle_state(reader, read->context.trace_state, &span->trace_state) &&
	       foreign_settle_lists(reader, span);
}

bool console_resumes(unsigned keys)
{
	return (keys & KEY_CONTEXT) != 0 && (keys & KEY_START_TIME) != 0;
}

bool console_read(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct span read = { .span = sl_span_empty };
	size_t looked;

	if (sl_cursor_peek(cursor) != '{' ||
	    (foreign_keys_of(cursor, KEY_CONTEXT, &looked) & KEY_CONTEXT) == 0)
		return foreign_other(reader);
	foreign_begin_span(reader, &read.span);
	return foreign_members(reader, &span_shape, &read) && settle(reader, &read) &&
	       foreign_keep_span(reader, &read.span);
}

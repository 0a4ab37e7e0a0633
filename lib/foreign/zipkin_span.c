/* One span of Zipkin v2: its fields, and where each goes. */
#include "zipkin.h"

static const struct foreign_member endpoint_members[] = {
	{ FOREIGN_KEY("serviceName"), foreign_slice, offsetof(struct endpoint, service) },
	{ FOREIGN_KEY("ipv4"), foreign_slice, offsetof(struct endpoint, ipv4) },
	{ FOREIGN_KEY("ipv6"), foreign_slice, offsetof(struct endpoint, ipv6) },
	{ FOREIGN_KEY("port"), foreign_value, offsetof(struct endpoint, port) },
};
static const struct foreign_shape endpoint_shape = { endpoint_members, SL_COUNT(endpoint_members) };

static bool read_endpoint(struct sl_foreign_reader *reader, void *endpoint)
{
	if (sl_cursor_peek(&reader->cursor) != '{')
		return sl_cursor_skip_bad_field(&reader->cursor);
	return foreign_members(reader, &endpoint_shape, endpoint);
}

static bool read_timestamp(struct sl_foreign_reader *reader, void *span)
{
	struct zipkin_span *read = span;

	if (!foreign_micros(reader, &read->timestamp))
		return false;
	read->has_timestamp = read->timestamp != 0;
	return true;
}

/* A part of "trace|span|state|{attributes}|dropped"; the rest moves up to behind it. */
static struct sl_slice take_part(struct sl_slice *text)
{
	const char *bar = text->len != 0 ? memchr(text->data, '|', text->len) : NULL;
	struct sl_slice part = *text;

	if (bar == NULL) {
		*text = (struct sl_slice){ "", 0 };
		return part;
	}
	part.len = (size_t)(bar - text->data);
	text->data += part.len + 1;
	text->len -= part.len + 1;
	return part;
}

/* "{attributes}|dropped", and nothing else: the list is set. */
static bool read_extras(struct sl_foreign_reader *reader, struct sl_slice text,
			struct sl_attributes *attributes, uint32_t *dropped)
{
	struct sl_cursor outer = reader->cursor;
	size_t height = reader->builder.height;
	struct sl_notes unused = { { 0 }, { 0 } };
	struct sl_cursor *cursor = &reader->cursor;
	char *copy = sl_arena_alloc(&reader->arena, text.len + SL_PADDING);
	uint64_t number = 0;
	bool read;

	if (copy == NULL)
		return sl_cursor_memory(cursor);
	memcpy(copy, text.data, text.len);
	memset(copy + text.len, 0, SL_PADDING);
	cursor->begin = cursor->at = copy;
	cursor->end = copy + text.len;
	cursor->notes = &unused;
	read = sl_cursor_peek(cursor) == '{' &&
	       sl_cursor_plain_members(cursor, &reader->builder, reader->max_depth, attributes) &&
	       sl_cursor_peek(cursor) == '|' &&
	       sl_parse_u64(
		       (struct sl_slice){ cursor->at + 1, (size_t)(cursor->end - cursor->at) - 1 },
		       &number) &&
	       number <= UINT32_MAX;
	*dropped = (uint32_t)number;
	reader->builder.height = height;
	reader->cursor = outer;
	return read;
}

bool zipkin_add_event(struct sl_foreign_reader *reader, uint64_t time, struct sl_slice text)
{
	struct sl_slice rest = text, name = take_part(&rest);
	struct sl_event read = { .time_unix_nano = time, .name = text };
	struct sl_event *event;

	/* as the Collector writes an event that has attributes */
	if (rest.len > 3 && rest.data[0] == '{') {
		if (read_extras(reader, rest, &read.attributes, &read.dropped_attributes_count))
			read.name = name;
		else if (reader->cursor.fault != SL_FAULT_NONE)
			return false;
		else
			read = (struct sl_event){ .time_unix_nano = time, .name = text };
	}
	event = foreign_push(reader, &reader->events, sizeof(*event));
	if (event == NULL)
		return false;
	*event = read;
	return true;
}

static bool read_note_endpoint(struct sl_foreign_reader *reader, void *note)
{
	struct note *read = note;

	read->has_endpoint = true;
	return read_endpoint(reader, &read->endpoint);
}

static const struct foreign_member note_members[] = {
	{ FOREIGN_KEY("timestamp"), foreign_micros, offsetof(struct note, time) },
	{ FOREIGN_KEY("value"), foreign_value, offsetof(struct note, value) },
	{ FOREIGN_KEY("endpoint"), read_note_endpoint, 0 },
	{ FOREIGN_KEY("key"), foreign_slice, offsetof(struct note, key) },
};
static const struct foreign_shape note_shape = { note_members, SL_COUNT(note_members) };

static bool read_notes(struct sl_foreign_reader *reader, struct zipkin_span *span, bool binary)
{
	struct sl_cursor *cursor = &reader->cursor;

	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun);) {
		struct note read = { .binary = binary };
		struct note *note;

		if (!foreign_members(reader, &note_shape, &read))
			return false;
		note = foreign_push(reader, &reader->parts, sizeof(*note));
		if (note == NULL)
			return false;
		*note = read;
		span->is_v1 = span->is_v1 || binary || read.has_endpoint;
	}
	return cursor->fault == SL_FAULT_NONE;
}

static bool read_annotations(struct sl_foreign_reader *reader, void *span)
{
	return read_notes(reader, span, false);
}

static bool read_binary_annotations(struct sl_foreign_reader *reader, void *span)
{
	return read_notes(reader, span, true);
}

/* "otlp.link.N", as the Collector writes it; SL_END: it is no such tag. */
static enum sl_status take_link(struct sl_foreign_reader *reader, struct sl_slice key,
				const struct sl_value *value)
{
	static const char start[] = "otlp.link.";
	struct sl_link read = { .flags = 0 };
	struct sl_slice rest = value->text, trace_id, span_id;
	struct sl_link *link;
	char *ids;

	if (key.len < sizeof(start) || memcmp(key.data, start, sizeof(start) - 1) != 0 ||
	    value->type != SL_VALUE_STRING)
		return SL_END;
	trace_id = take_part(&rest);
	span_id = take_part(&rest);
	read.trace_state = take_part(&rest);
	ids = sl_arena_alloc(&reader->arena, 24);
	if (ids == NULL)
		return sl_cursor_memory(&reader->cursor) ? SL_END : SL_FAILED;
	if (trace_id.len != 32 || span_id.len != 16 || !sl_parse_hex(trace_id, ids) ||
	    !sl_parse_hex(span_id, ids + 16))
		return SL_END;
	read.trace_id = (struct sl_slice){ ids, 16 };
	read.span_id = (struct sl_slice){ ids + 16, 8 };
	if (!read_extras(reader, rest, &read.attributes, &read.dropped_attributes_count))
		return reader->cursor.fault != SL_FAULT_NONE ? SL_FAILED : SL_END;
	link = foreign_push(reader, &reader->links, sizeof(*link));
	if (link == NULL)
		return SL_FAILED;
	*link = read;
	return SL_OK;
}

static bool read_tags(struct sl_foreign_reader *reader, void *tags)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_value value;
	struct sl_slice key = { "", 0 };

	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		enum sl_status linked;

		if (!foreign_value(reader, &value))
			return false;
		if (foreign_take_tag(tags, key, &value))
			continue;
		linked = take_link(reader, key, &value);
		if (linked == SL_FAILED ||
		    (linked == SL_END && !foreign_attribute(reader, key, &value)))
			return false;
	}
	return cursor->fault == SL_FAULT_NONE;
}

static const struct foreign_member span_members[] = {
	{ FOREIGN_KEY("traceId"), foreign_trace_id, offsetof(struct zipkin_span, trace_id) },
	{ FOREIGN_KEY("parentId"), foreign_span_id, offsetof(struct zipkin_span, parent_id) },
	{ FOREIGN_KEY("id"), foreign_span_id, offsetof(struct zipkin_span, id) },
	{ FOREIGN_KEY("kind"), foreign_slice, offsetof(struct zipkin_span, kind) },
	{ FOREIGN_KEY("name"), foreign_slice, offsetof(struct zipkin_span, name) },
	{ FOREIGN_KEY("timestamp"), read_timestamp, 0 },
	{ FOREIGN_KEY("duration"), foreign_micros, offsetof(struct zipkin_span, duration) },
	{ FOREIGN_KEY("localEndpoint"), read_endpoint, offsetof(struct zipkin_span, local) },
	{ FOREIGN_KEY("remoteEndpoint"), read_endpoint, offsetof(struct zipkin_span, remote) },
	{ FOREIGN_KEY("annotations"), read_annotations, 0 },
	{ FOREIGN_KEY("tags"), read_tags, offsetof(struct zipkin_span, tags) },
	{ FOREIGN_KEY("shared"), foreign_flag, offsetof(struct zipkin_span, shared) },
	{ FOREIGN_KEY("binaryAnnotations"), read_binary_annotations, 0 },
};
static const struct foreign_shape span_shape = { span_members, SL_COUNT(span_members) };

static int32_t kind_of(struct sl_slice name)
{
	static const char *const kinds[SL_KIND_COUNT] = { "",	    "",		"SERVER",
							  "CLIENT", "PRODUCER", "CONSUMER" };

	for (int32_t i = SL_KIND_SERVER; i < SL_KIND_COUNT; i++)
		if (name.len == strlen(kinds[i]) && memcmp(name.data, kinds[i], name.len) == 0)
			return i;
	return SL_KIND_UNSPECIFIED;
}

/* What tags call the other side, the first as it is called where none does; OpenTelemetry's
 * exporters make the remote endpoint of these, and keep them. */
static const struct names {
	struct sl_slice names[5];
} remote_service = { { FOREIGN_KEY("peer.service"), FOREIGN_KEY("server.address"),
		       FOREIGN_KEY("net.peer.name"), FOREIGN_KEY("peer.hostname"),
		       FOREIGN_KEY("db.name") } },
  remote_address = { { FOREIGN_KEY("network.peer.address"), FOREIGN_KEY("net.sock.peer.addr"),
		       FOREIGN_KEY("net.peer.ip"), FOREIGN_KEY("peer.address"),
		       FOREIGN_KEY("server.address") } },
  remote_port = { { FOREIGN_KEY("network.peer.port"),
		    FOREIGN_KEY("net.sock.peer.port"),
		    FOREIGN_KEY("net.peer.port"),
		    FOREIGN_KEY("server.port"),
		    { "", 0 } } },
  local_address = { { FOREIGN_KEY("network.local.address"), { "", 0 } } },
  local_port = { { FOREIGN_KEY("network.local.port"), { "", 0 } } };

/* The tag has the first of the names, whatever it says, or another one and says the same. */
static bool says(const struct sl_attribute *tag, const struct names *names, struct sl_slice text)
{
	if (sl_slice_equal(tag->key, names->names[0]))
		return true;
	for (size_t i = 1; text.len != 0 && i < SL_COUNT(names->names); i++)
		if (sl_slice_equal(tag->key, names->names[i]))
			return tag->value.type == SL_VALUE_STRING &&
			       sl_slice_equal(tag->value.text, text);
	return false;
}

/* `text` is what a tag by another name would say; empty: none counts. */
static bool add_unless_said(struct sl_foreign_reader *reader, const struct names *names,
			    struct sl_slice text, struct sl_value value)
{
	for (size_t i = 0; i < reader->builder.height; i++)
		if (says(&reader->builder.stack[i], names, text))
			return true;
	return foreign_attribute(reader, names->names[0], &value);
}

/* The Collector takes the address out of the tags, and gives the endpoint nothing else: tags by
 * other names that say the same say something else. */
static bool add_address(struct sl_foreign_reader *reader, const struct endpoint *endpoint,
			const struct names *address, const struct names *port)
{
	struct sl_slice text = endpoint->ipv4.len != 0 ? endpoint->ipv4 : endpoint->ipv6;
	bool has_port = endpoint->port.type == SL_VALUE_INT && endpoint->port.integer != 0;
	bool alone = endpoint->service.len == 0 && !has_port;
	struct sl_slice said = alone ? (struct sl_slice){ "", 0 } : text;
	char digits[SL_I64_TEXT];
	struct sl_slice number = { digits, 0 };

	if (text.len != 0 && !add_unless_said(reader, address, said, foreign_string(text)))
		return false;
	if (!has_port)
		return true;
	number.len = sl_write_i64(digits, endpoint->port.integer);
	return add_unless_said(reader, port, number, endpoint->port);
}

static bool add_endpoints(struct sl_foreign_reader *reader, const struct zipkin_span *read)
{
	struct sl_slice service = read->remote.service;

	return (service.len == 0 ||
		add_unless_said(reader, &remote_service, service, foreign_string(service))) &&
	       add_address(reader, &read->remote, &remote_address, &remote_port) &&
	       add_address(reader, &read->local, &local_address, &local_port);
}

static bool settle_lists(struct sl_foreign_reader *reader, struct sl_span *span)
{
	void *items;

	span->event_count = reader->events.count;
	span->link_count = reader->links.count;
	if (!foreign_finish(reader, &reader->events, 0, sizeof(*span->events), &items))
		return false;
	span->events = items;
	if (!foreign_finish(reader, &reader->links, 0, sizeof(*span->links), &items))
		return false;
	span->links = items;
	return sl_builder_finish(&reader->builder, 0, &span->attributes) ||
	       sl_cursor_memory(&reader->cursor);
}

static bool settle_times(struct sl_foreign_reader *reader, const struct zipkin_span *read,
			 struct sl_span *span)
{
	span->start_unix_nano = span->end_unix_nano = read->timestamp;
	if (read->duration > UINT64_MAX - read->timestamp)
		return sl_cursor_note(&reader->cursor, SL_NOTE_BAD_NUMBER, reader->cursor.at);
	span->end_unix_nano += read->duration;
	return true;
}

bool zipkin_add_span(struct sl_foreign_reader *reader, struct zipkin_span *read)
{
	struct sl_span span = { .trace_id = read->trace_id,
				.span_id = read->id,
				.parent_span_id = read->parent_id,
				.name = read->name,
				.kind = kind_of(read->kind) };
	struct zipkin_pending *pending;
	struct sl_span *kept;

	if (!add_endpoints(reader, read) || !foreign_settle_tags(reader, &read->tags, &span) ||
	    !settle_times(reader, read, &span) || !settle_lists(reader, &span))
		return false;
	if (kind_of(read->kind) != SL_KIND_UNSPECIFIED)
		span.kind = kind_of(read->kind);
	span.resource = foreign_service(reader, read->local.service);
	pending = foreign_push(reader, &reader->pending, sizeof(*pending));
	kept = pending != NULL ? foreign_add_span(reader) : NULL;
	if (kept == NULL || span.resource == NULL)
		return false;
	*pending =
		(struct zipkin_pending){ read->local.service, read->shared, read->has_timestamp };
	*kept = span;
	return true;
}

static bool add_annotations(struct sl_foreign_reader *reader)
{
	const struct note *notes = (const struct note *)(const void *)reader->parts.items;

	for (size_t i = 0; i < reader->parts.count; i++)
		if (notes[i].value.type == SL_VALUE_STRING &&
		    !zipkin_add_event(reader, notes[i].time, notes[i].value.text))
			return false;
	return true;
}

bool zipkin_read_span(struct sl_foreign_reader *reader)
{
	struct zipkin_span read = { .tags = { .error_tells = true } };
	const char *start = reader->cursor.at;

	reader->builder.height = 0;
	reader->links.count = reader->events.count = reader->parts.count = 0;
	if (!foreign_members(reader, &span_shape, &read))
		return false;
	if (read.trace_id.len == 0 && read.id.len == 0)
		return foreign_no_span(reader, start);
	if (read.is_v1)
		return zipkin_add_v1(reader, &read);
	return add_annotations(reader) && zipkin_add_span(reader, &read);
}

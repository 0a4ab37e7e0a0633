/* Span lines out: one span, one object, keys in the order of span-line(5). */
#include "write_line.h"
#include "write_string.h"
#include "write_value.h"
#include <stdlib.h>

#define NS_PER_S UINT64_C(1000000000)

static char *put(char *at, struct sl_slice text)
{
	memcpy(at, text.data, text.len);
	return at + text.len;
}

static char *put_member(char *at, const struct member_text *member)
{
	memcpy(at, member->text, sizeof(member->text));
	return at + member->len;
}

static void make_member(struct member_text *member, struct sl_slice key, const char *name)
{
	char *at = put(member->text, key);

	*at++ = '"';
	at = put(at, sl_slice_of(name));
	*at++ = '"';
	member->len = (size_t)(at - member->text);
}

enum sl_status sl_line_writer_open(struct sl_line_writer **writer, struct sl_error *err)
{
	struct sl_line_writer *made = calloc(1, sizeof(*made));

	if (made == NULL)
		return sl_fail_memory(err);
	/* the default kind stays without a text: it is not written */
	for (int32_t kind = SL_KIND_UNSPECIFIED + 1; kind < SL_KIND_COUNT; kind++)
		make_member(&made->kinds[kind], SL_SLICE(",\"kind\":"), sl_kind_name(kind));
	for (int32_t code = 0; code < SL_STATUS_COUNT; code++)
		make_member(&made->statuses[code], SL_SLICE(",\"status\":"), sl_status_name(code));
	made->start.second = UINT64_MAX;
	*writer = made;
	return SL_OK;
}

void sl_line_writer_close(struct sl_line_writer *writer)
{
	if (writer == NULL)
		return;
	sl_buffer_free(&writer->exact.path);
	sl_buffer_free(&writer->service);
	sl_buffer_free(&writer->resource);
	sl_buffer_free(&writer->scope);
	sl_buffer_free(&writer->tail);
	free(writer);
}

bool write_given_text(struct sl_buffer *out, struct sl_slice key, struct sl_slice text)
{
	sl_buffer_add_slice(out, key);
	return write_string(out, text);
}

void write_given_count(struct sl_buffer *out, struct sl_slice key, uint32_t count)
{
	char *at = sl_buffer_reserve(out, key.len + SL_U64_TEXT);

	if (at == NULL)
		return;
	at = put(at, key);
	at += sl_write_u64(at, count);
	out->len = (size_t)(at - out->data);
}

bool write_attributes_members(struct sl_buffer *out, struct sl_attributes attributes,
			      const struct sl_attribute *skip, uint32_t dropped_count)
{
	bool plain = true;

	if (attributes.count > (skip != NULL)) {
		sl_buffer_add_literal(out, ",\"attributes\":");
		plain = write_plain_attributes(out, attributes, skip);
	}
	write_count_member(out, SL_SLICE(",\"dropped_attributes_count\":"), dropped_count);
	return plain;
}

static inline char *put_id(char *at, struct sl_slice id, size_t usual)
{
	if (SL_LIKELY(id.len == usual))
		for (size_t i = 0; i < usual; i += 8)
			sl_write_hex_eight(at + 2 * i, id.data + i);
	else
		sl_write_hex(at, id.data, id.len);
	return at + 2 * id.len;
}

static bool write_identity(const struct sl_span *span, struct sl_buffer *out)
{
	enum { KEYS = 80 }; /* more than all the literals below */
	size_t ids = span->trace_id.len + span->span_id.len + span->parent_span_id.len;
	char *at = sl_buffer_reserve(out, 2 * ids + KEYS);

	if (at == NULL)
		return true;
	at = put(at, SL_SLICE("{\"trace_id\":\""));
	at = put_id(at, span->trace_id, 16);
	at = put(at, SL_SLICE("\",\"span_id\":\""));
	at = put_id(at, span->span_id, 8);
	if (span->parent_span_id.len > 0) {
		at = put(at, SL_SLICE("\",\"parent_span_id\":\""));
		at = put_id(at, span->parent_span_id, 8);
	}
	at = put(at, SL_SLICE("\",\"name\":"));
	out->len = (size_t)(at - out->data);
	return write_string(out, span->name);
}

static inline char *put_enum(char *at, const struct member_text *texts, int32_t count,
			     int32_t number, struct sl_slice key)
{
	if (SL_LIKELY(number >= 0 && number < count))
		return put_member(at, &texts[number]);
	at = put(at, key);
	return at + sl_write_i64(at, number);
}

static void keep_second(struct second_text *text, uint64_t second)
{
	char date[SL_TIME_TEXT];

	sl_write_time(date, second * NS_PER_S);
	memcpy(text->date, date, sizeof(text->date));
	text->second = second;
}

/* All nine of them, from the text of a time in ns. */
static char *put_nanos(char *at, const char *digits, size_t len)
{
	const size_t width = 9;

	if (SL_LIKELY(len >= width)) {
		memcpy(at, digits + len - width, width);
	} else {
		memset(at, '0', width - len);
		memcpy(at + width - len, digits, len);
	}
	return at + width;
}

static char *put_times(struct second_text *second, const struct sl_span *span, char *at)
{
	uint64_t start = span->start_unix_nano, end = span->end_unix_nano;
	char digits[SL_U64_TEXT];
	size_t len = sl_write_u64(digits, start);

	if (start / NS_PER_S != second->second)
		keep_second(second, start / NS_PER_S);
	at = put(at, SL_SLICE(",\"start\":\""));
	memcpy(at, second->date, sizeof(second->date));
	at = put_nanos(at + sizeof(second->date), digits, len);
	at = put(at, SL_SLICE("Z\",\"duration_ms\":"));
	at += sl_write_ms(at, end, start);
	at = put(at, SL_SLICE(",\"start_unix_nano\":\""));
	memcpy(at, digits, sizeof(digits));
	at = put(at + len, SL_SLICE("\",\"end_unix_nano\":\""));
	at += sl_write_u64(at, end);
	*at++ = '"';
	return at;
}

/* From "kind" to "end_unix_nano". */
static bool write_outcome(struct sl_line_writer *writer, const struct sl_span *span,
			  struct sl_buffer *out)
{
	enum { ROOM = 320 }; /* for all but the message */
	char *at = sl_buffer_reserve(out, ROOM + span->status_message.len);
	bool plain = true;

	if (at == NULL)
		return true;
	at = put_enum(at, writer->kinds, SL_KIND_COUNT, span->kind, SL_SLICE(",\"kind\":"));
	at = put_enum(at, writer->statuses, SL_STATUS_COUNT, span->status_code,
		      SL_SLICE(",\"status\":"));
	if (span->status_message.len > 0) {
		out->len = (size_t)(at - out->data);
		plain = write_text_member(out, SL_SLICE(",\"status_message\":"),
					  span->status_message);
		at = sl_buffer_reserve(out, ROOM);
		if (at == NULL)
			return true;
	}
	at = put_times(&writer->start, span, at);
	out->len = (size_t)(at - out->data);
	return plain;
}

static void write_event(struct exact_writer *exact, const struct sl_event *event,
			struct sl_buffer *out)
{
	bool plain;

	sl_buffer_add_literal(out, "{\"time_unix_nano\":");
	write_quoted_u64(out, event->time_unix_nano);
	sl_buffer_add_literal(out, ",\"name\":");
	plain = write_string(out, event->name);
	plain &= write_attributes_members(out, event->attributes, NULL,
					  event->dropped_attributes_count);
	if (!plain) {
		exact_begin(exact, out);
		exact_text(exact, SL_SLICE("name"), event->name);
		exact_attributes(exact, event->attributes, NULL);
		exact_end(exact);
	}
	sl_buffer_add_byte(out, '}');
}

static void write_link(struct exact_writer *exact, const struct sl_link *link,
		       struct sl_buffer *out)
{
	bool plain;

	sl_buffer_add_literal(out, "{\"trace_id\":");
	sl_buffer_add_id(out, link->trace_id);
	sl_buffer_add_literal(out, ",\"span_id\":");
	sl_buffer_add_id(out, link->span_id);
	plain = write_text_member(out, SL_SLICE(",\"trace_state\":"), link->trace_state);
	write_count_member(out, SL_SLICE(",\"flags\":"), link->flags);
	plain &= write_attributes_members(out, link->attributes, NULL,
					  link->dropped_attributes_count);
	if (!plain) {
		exact_begin(exact, out);
		exact_text(exact, SL_SLICE("trace_state"), link->trace_state);
		exact_attributes(exact, link->attributes, NULL);
		exact_end(exact);
	}
	sl_buffer_add_byte(out, '}');
}

static void write_events(struct exact_writer *exact, const struct sl_span *span,
			 struct sl_buffer *out)
{
	sl_buffer_add_literal(out, ",\"events\":");
	for (size_t i = 0; i < span->event_count; i++) {
		sl_buffer_add_byte(out, i == 0 ? '[' : ',');
		write_event(exact, &span->events[i], out);
	}
	sl_buffer_add_byte(out, ']');
}

static void write_links(struct exact_writer *exact, const struct sl_span *span,
			struct sl_buffer *out)
{
	sl_buffer_add_literal(out, ",\"links\":");
	for (size_t i = 0; i < span->link_count; i++) {
		sl_buffer_add_byte(out, i == 0 ? '[' : ',');
		write_link(exact, &span->links[i], out);
	}
	sl_buffer_add_byte(out, ']');
}

static void write_exact(struct exact_writer *exact, const struct sl_span *span,
			struct sl_buffer *out)
{
	exact_begin(exact, out);
	exact_text(exact, SL_SLICE("name"), span->name);
	exact_text(exact, SL_SLICE("status_message"), span->status_message);
	exact_text(exact, SL_SLICE("trace_state"), span->trace_state);
	exact_attributes(exact, span->attributes, NULL);
	exact_end(exact);
}

static bool write_span_attributes(const struct sl_span *span, struct sl_buffer *out)
{
	if (span->attributes_text.len == 0)
		return write_attributes_members(out, span->attributes, NULL,
						span->dropped_attributes_count);
	sl_buffer_add_literal(out, ",\"attributes\":");
	sl_buffer_add_slice(out, span->attributes_text);
	write_count_member(out, SL_SLICE(",\"dropped_attributes_count\":"),
			   span->dropped_attributes_count);
	return true;
}

void sl_line_write(struct sl_line_writer *writer, const struct sl_span *span, struct sl_buffer *out)
{
	bool plain;

	/* the serial 0 is nobody's */
	if (SL_UNLIKELY(writer->resource_serial != span->resource->serial ||
			writer->scope_serial != span->scope->serial ||
			writer->resource_serial == 0 || writer->scope_serial == 0))
		render_origin(writer, span);
	plain = write_identity(span, out);
	sl_buffer_add_slice(out, sl_buffer_slice(&writer->service));
	plain &= write_outcome(writer, span, out);
	plain &= write_text_member(out, SL_SLICE(",\"trace_state\":"), span->trace_state);
	write_count_member(out, SL_SLICE(",\"flags\":"), span->flags);
	plain &= write_span_attributes(span, out);
	if (span->event_count > 0)
		write_events(&writer->exact, span, out);
	write_count_member(out, SL_SLICE(",\"dropped_events_count\":"), span->dropped_events_count);
	if (span->link_count > 0)
		write_links(&writer->exact, span, out);
	write_count_member(out, SL_SLICE(",\"dropped_links_count\":"), span->dropped_links_count);
	if (!plain)
		write_exact(&writer->exact, span, out);
	sl_buffer_add_slice(out, sl_buffer_slice(&writer->tail));
	out->failed |= writer->tail.failed;
}

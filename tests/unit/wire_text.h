/*
 * Protobuf messages written as text, and what was read of them as text again, so that a test of the
 * wire is a row.
 *
 *	5"name"  6=2  7#1000  16%257  9{1"key" 2{3=1}}  17<1=1>  !0a04
 *
 * are bytes, a varint, a fixed64, a fixed32, a message, a group, and bytes in hex; the number
 *before each is the field's.  Spaces mean nothing.
 */
#ifndef WIRE_TEXT_H
#define WIRE_TEXT_H

#include "spanline/text.h"
#include "spanline/wire.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static inline void put_varint(struct sl_buffer *out, uint64_t number)
{
	char bytes[10];

	sl_buffer_add(out, bytes, sl_wire_write_varint(bytes, number));
}

static inline void put_tag(struct sl_buffer *out, unsigned long field, unsigned wire_type)
{
	put_varint(out, (uint64_t)field << 3 | wire_type);
}

static inline void put_fixed(struct sl_buffer *out, uint64_t number, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		sl_buffer_add_byte(out, (char)(number >> 8 * i));
}

static inline void put_bytes(struct sl_buffer *out, unsigned long field, struct sl_slice bytes)
{
	put_tag(out, field, 2);
	put_varint(out, bytes.len);
	if (bytes.data != NULL)
		sl_buffer_add_slice(out, bytes);
}

static inline const char *put_hex(struct sl_buffer *out, const char *text)
{
	size_t len = strspn(text, "0123456789abcdef");
	char *at = sl_buffer_reserve(out, len / 2);

	if (at == NULL || !sl_parse_hex((struct sl_slice){ text, len }, at))
		abort();
	out->len += len / 2;
	return text + len;
}

static inline const char *put_message(struct sl_buffer *out, const char *text);

/* One field, whose number has been read. */
static inline const char *put_field(struct sl_buffer *out, unsigned long field, const char *text)
{
	struct sl_buffer inner = { .data = NULL };
	char kind = *text++;
	char *end;

	switch (kind) {
	case '"':
		end = strchr(text, '"');
		put_bytes(out, field, (struct sl_slice){ text, (size_t)(end - text) });
		return end + 1;
	case '{':
		text = put_message(&inner, text);
		put_bytes(out, field, sl_buffer_slice(&inner));
		sl_buffer_free(&inner);
		return text;
	case '<':
		put_tag(out, field, 3);
		text = put_message(out, text);
		put_tag(out, field, 4);
		return text;
	case '=':
		put_tag(out, field, 0);
		put_varint(out, strtoull(text, &end, 0));
		return end;
	case '#':
		put_tag(out, field, 1);
		put_fixed(out, strtoull(text, &end, 0), 8);
		return end;
	case '%':
		put_tag(out, field, 5);
		put_fixed(out, strtoull(text, &end, 0), 4);
		return end;
	default:
		abort();
	}
}

/* Up to the end of the text or behind the bracket that closes the message. */
static inline const char *put_message(struct sl_buffer *out, const char *text)
{
	while (*text != '\0') {
		char *end;

		if (*text == '}' || *text == '>')
			return text + 1;
		if (*text == ' ')
			text++;
		else if (*text == '!')
			text = put_hex(out, text + 1);
		else {
			unsigned long field = strtoul(text, &end, 10);

			text = put_field(out, field, end);
		}
	}
	return text;
}

/* What is in the buffer becomes the payload of a field. */
static inline void wrap(struct sl_buffer *bytes, unsigned long field)
{
	struct sl_buffer outer = { .data = NULL };

	put_bytes(&outer, field, sl_buffer_slice(bytes));
	sl_buffer_free(bytes);
	*bytes = outer;
}

/* Followed by SL_PADDING. */
static inline struct sl_slice padded(struct sl_buffer *bytes)
{
	char *behind = sl_buffer_reserve(bytes, SL_PADDING);

	if (behind == NULL)
		abort();
	memset(behind, 0, SL_PADDING);
	return sl_buffer_slice(bytes);
}

/* The message, padded; the buffer is emptied first. */
static inline struct sl_slice message(struct sl_buffer *buffer, const char *text)
{
	buffer->len = 0;
	put_message(buffer, text);
	return padded(buffer);
}

/*
 * And back: only what is not its default is said.
 */

static inline void say_text(struct sl_buffer *out, const char *what, struct sl_slice text)
{
	if (text.len != 0)
		sl_buffer_printf(out, "%s=%.*s ", what, (int)text.len, text.data);
}

static inline void say_number(struct sl_buffer *out, const char *what, uint64_t number)
{
	if (number != 0)
		sl_buffer_printf(out, "%s=%" PRId64 " ", what, (int64_t)number);
}

static inline void say_attributes(struct sl_buffer *out, struct sl_attributes list);

static inline void say_value(struct sl_buffer *out, const struct sl_value *value)
{
	switch (value->type) {
	case SL_VALUE_EMPTY:
		sl_buffer_add_literal(out, "empty");
		break;
	case SL_VALUE_STRING:
		sl_buffer_printf(out, "'%.*s'", (int)value->text.len, value->text.data);
		break;
	case SL_VALUE_BOOL:
		sl_buffer_printf(out, "%s", value->boolean ? "true" : "false");
		break;
	case SL_VALUE_INT:
		sl_buffer_printf(out, "%" PRId64, value->integer);
		break;
	case SL_VALUE_DOUBLE:
		sl_buffer_printf(out, "%a", value->number);
		break;
	case SL_VALUE_ARRAY:
	case SL_VALUE_KVLIST:
		sl_buffer_add_byte(out, value->type == SL_VALUE_ARRAY ? '[' : '{');
		say_attributes(out, value->list);
		sl_buffer_add_byte(out, value->type == SL_VALUE_ARRAY ? ']' : '}');
		break;
	case SL_VALUE_BYTES:
		for (size_t i = 0; i < value->text.len; i++)
			sl_buffer_printf(out, "%02x", (unsigned)(uint8_t)value->text.data[i]);
		sl_buffer_add_byte(out, 'h');
		break;
	}
}

static inline void say_attributes(struct sl_buffer *out, struct sl_attributes list)
{
	for (size_t i = 0; i < list.count; i++) {
		const struct sl_attribute *item = &list.items[i];

		if (item->key.data != NULL)
			sl_buffer_printf(out, "%.*s:", (int)item->key.len, item->key.data);
		say_value(out, &item->value);
		sl_buffer_add_byte(out, ' ');
	}
}

static inline void say_events(struct sl_buffer *out, const struct sl_span *span)
{
	for (size_t i = 0; i < span->event_count; i++) {
		const struct sl_event *event = &span->events[i];

		sl_buffer_add_literal(out, "event(");
		say_number(out, "time", event->time_unix_nano);
		say_text(out, "name", event->name);
		say_attributes(out, event->attributes);
		say_number(out, "dropped", event->dropped_attributes_count);
		sl_buffer_add_literal(out, ") ");
	}
}

static inline void say_links(struct sl_buffer *out, const struct sl_span *span)
{
	for (size_t i = 0; i < span->link_count; i++) {
		const struct sl_link *link = &span->links[i];

		sl_buffer_add_literal(out, "link(");
		say_text(out, "trace", link->trace_id);
		say_text(out, "span", link->span_id);
		say_text(out, "state", link->trace_state);
		say_attributes(out, link->attributes);
		say_number(out, "dropped", link->dropped_attributes_count);
		say_number(out, "flags", link->flags);
		sl_buffer_add_literal(out, ") ");
	}
}

static inline void say_keys(struct sl_buffer *out, const struct sl_slice *keys, size_t count)
{
	sl_buffer_add_byte(out, '[');
	for (size_t i = 0; i < count; i++)
		sl_buffer_printf(out, "%.*s ", (int)keys[i].len, keys[i].data);
	sl_buffer_add_byte(out, ']');
}

static inline void say_resource(struct sl_buffer *out, const struct sl_resource *resource)
{
	if (!resource->present && resource->schema_url.len == 0)
		return;
	sl_buffer_printf(out, "resource%s(", resource->present ? "" : "-absent");
	say_text(out, "url", resource->schema_url);
	say_attributes(out, resource->attributes);
	say_number(out, "dropped", resource->dropped_attributes_count);
	for (size_t i = 0; i < resource->entity_ref_count; i++) {
		const struct sl_entity_ref *ref = &resource->entity_refs[i];

		sl_buffer_add_literal(out, "entity(");
		say_text(out, "url", ref->schema_url);
		say_text(out, "type", ref->type);
		say_keys(out, ref->id_keys, ref->id_key_count);
		say_keys(out, ref->description_keys, ref->description_key_count);
		sl_buffer_add_literal(out, ") ");
	}
	sl_buffer_add_literal(out, ") ");
}

static inline void say_scope(struct sl_buffer *out, const struct sl_scope *scope)
{
	if (!scope->present && scope->schema_url.len == 0)
		return;
	sl_buffer_printf(out, "scope%s(", scope->present ? "" : "-absent");
	say_text(out, "name", scope->name);
	say_text(out, "version", scope->version);
	say_text(out, "url", scope->schema_url);
	say_attributes(out, scope->attributes);
	say_number(out, "dropped", scope->dropped_attributes_count);
	sl_buffer_add_literal(out, ") ");
}

static inline void say_span(struct sl_buffer *out, const struct sl_span *span)
{
	sl_buffer_add_literal(out, "span(");
	say_text(out, "trace", span->trace_id);
	say_text(out, "span", span->span_id);
	say_text(out, "parent", span->parent_span_id);
	say_text(out, "state", span->trace_state);
	say_text(out, "name", span->name);
	say_number(out, "kind", (uint64_t)span->kind);
	say_number(out, "status", (uint64_t)span->status_code);
	say_text(out, "message", span->status_message);
	say_number(out, "start", span->start_unix_nano);
	say_number(out, "end", span->end_unix_nano);
	say_number(out, "flags", span->flags);
	say_attributes(out, span->attributes);
	say_number(out, "dropped", span->dropped_attributes_count);
	say_events(out, span);
	say_number(out, "dropped-events", span->dropped_events_count);
	say_links(out, span);
	say_number(out, "dropped-links", span->dropped_links_count);
	say_scope(out, span->scope);
	say_resource(out, span->resource);
	sl_buffer_add_literal(out, ")");
}

static inline void say_log(struct sl_buffer *out, const struct sl_log *log)
{
	sl_buffer_add_literal(out, "log(");
	say_text(out, "trace", log->trace_id);
	say_text(out, "span", log->span_id);
	say_number(out, "time", log->time_unix_nano);
	say_text(out, "severity", log->severity);
	say_number(out, "number", (uint64_t)log->severity_number);
	sl_buffer_add_literal(out, "body=");
	say_value(out, &log->body);
	sl_buffer_add_byte(out, ' ');
	say_attributes(out, log->attributes);
	say_resource(out, log->resource);
	sl_buffer_add_literal(out, ")");
}

/* Whether `said` is the text, without the spaces that stand before brackets and at the end; what
 * differs is shown as a comment. */
static inline bool is_said(struct sl_buffer *said, const char *expected)
{
	size_t len = 0;

	sl_buffer_add_byte(said, '\0');
	if (said->failed)
		abort();
	for (size_t i = 0; said->data[i] != '\0'; i++) {
		if (len > 0 && said->data[len - 1] == ' ' && strchr(")]} ", said->data[i]) != NULL)
			len--;
		said->data[len++] = said->data[i];
	}
	while (len > 0 && said->data[len - 1] == ' ')
		len--;
	said->data[len] = '\0';
	if (strcmp(said->data, expected) == 0)
		return true;
	printf("# said %s\n# not  %s\n", said->data, expected);
	return false;
}

#endif

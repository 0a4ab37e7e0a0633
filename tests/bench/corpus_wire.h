/*
 * The corpus as protobuf requests, each behind its length in four bytes, big-endian.  A message is
 * written behind room for its length, which is closed up at the end.
 */
#ifndef CORPUS_WIRE_H
#define CORPUS_WIRE_H

#include "corpus_text.h"

enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5, LENGTH_ROOM = 5 };

static size_t open_at[8], open_count;

static void add_varint(struct text *out, uint64_t number)
{
	for (; number > 0x7f; number >>= 7)
		add_bytes(out, &(char){ (char)(number | 0x80) }, 1);
	add_bytes(out, &(char){ (char)number }, 1);
}

static void add_tag(struct text *out, unsigned field, unsigned type)
{
	add_varint(out, field << 3 | type);
}

static void add_number_field(struct text *out, unsigned field, uint64_t number)
{
	add_tag(out, field, VARINT);
	add_varint(out, number);
}

static void add_text_field(struct text *out, unsigned field, const char *text)
{
	add_tag(out, field, BYTES);
	add_varint(out, strlen(text));
	add(out, text);
}

static void add_fixed_field(struct text *out, unsigned field, uint64_t number, size_t size)
{
	add_tag(out, field, size == 8 ? FIXED64 : FIXED32);
	for (size_t i = 0; i < size; i++)
		add_bytes(out, &(char){ (char)(number >> (8 * i)) }, 1);
}

static void add_id_field(struct text *out, unsigned field, const uint64_t *words, size_t count)
{
	add_tag(out, field, BYTES);
	add_varint(out, count * 8);
	for (size_t i = 0; i < count; i++) {
		for (int shift = 56; shift >= 0; shift -= 8)
			add_bytes(out, &(char){ (char)(words[i] >> shift) }, 1);
	}
}

static void open_message(struct text *out, unsigned field)
{
	add_tag(out, field, BYTES);
	open_at[open_count++] = out->len;
	room(out, LENGTH_ROOM);
	out->len += LENGTH_ROOM;
}

static void close_message(struct text *out)
{
	size_t at = open_at[--open_count];
	size_t len = out->len - at - LENGTH_ROOM;
	char *body = out->data + at + LENGTH_ROOM;

	out->len = at;
	add_varint(out, len);
	memmove(out->data + out->len, body, len);
	out->len += len;
}

static void add_wire_fields(struct text *out, unsigned number, const struct field *fields,
			    const uint64_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct field *field = &fields[i];
		double decimal = (double)field_hundredths(field, values[i]) / 100;
		uint64_t bits;

		memcpy(&bits, &decimal, sizeof(bits));
		open_message(out, number);
		add_text_field(out, 1, field->key);
		open_message(out, 2);
		if (field->type == NUMBER) {
			add_number_field(out, 3, (uint64_t)field_integer(field, values[i]));
		} else if (field->type == DECIMAL) {
			add_fixed_field(out, 4, bits, 8);
		} else if (field->type == TRUTH) {
			add_number_field(out, 2, values[i] & 1);
		} else {
			open_message(out, 1);
			add_field_text(out, field, values[i]);
			close_message(out);
		}
		close_message(out);
		close_message(out);
	}
}

static void be32_request(struct text *out, bool begin)
{
	size_t len = out->len - 4;

	if (begin)
		add_bytes(out, "\0\0\0", 4);
	else
		for (int i = 0; i < 4; i++)
			out->data[i] = (char)(len >> (24 - 8 * i));
}

static void be32_resource(struct text *out, const struct resource *resource, bool begin)
{
	if (!begin) {
		close_message(out);
		return;
	}
	open_message(out, 1);
	open_message(out, 1);
	add_wire_fields(out, 1, resource_fields, resource->values, RESOURCE_FIELDS);
	close_message(out);
}

static void be32_scope(struct text *out, unsigned scope, bool begin)
{
	if (!begin) {
		close_message(out);
		return;
	}
	open_message(out, 2);
	open_message(out, 1);
	add_text_field(out, 1, scopes[scope].name);
	add_text_field(out, 2, scopes[scope].version);
	close_message(out);
}

static void be32_span(struct text *out, const struct span *span)
{
	open_message(out, 2);
	add_id_field(out, 1, span->trace_id, 2);
	add_id_field(out, 2, &span->span_id, 1);
	if (span->parent_id != 0)
		add_id_field(out, 4, &span->parent_id, 1);
	add_text_field(out, 5, span->name);
	add_number_field(out, 6, (uint64_t)span->operation->kind);
	add_fixed_field(out, 7, span->start, 8);
	add_fixed_field(out, 8, span->end, 8);
	add_wire_fields(out, 9, span->operation->fields, span->values, SPAN_FIELDS);
	if (span->event != NULL) {
		open_message(out, 11);
		add_fixed_field(out, 1, span->end - 1000, 8);
		add_text_field(out, 2, span->error ? "exception" : "log");
		add_wire_fields(out, 3, span->event, span->event_values, EVENT_FIELDS);
		close_message(out);
	}
	open_message(out, 15);
	if (span->error) {
		add_text_field(out, 2, "failed");
		add_number_field(out, 3, 2);
	}
	close_message(out);
	add_fixed_field(out, 16, span_flags(span), 4);
	close_message(out);
}

#endif

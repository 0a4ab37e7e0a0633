/* A span of the made world, and the appending of bytes, numbers and field values to a text. */
#ifndef CORPUS_TEXT_H
#define CORPUS_TEXT_H

#include "corpus.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct span {
	uint64_t trace_id[2], span_id, parent_id;
	unsigned service;
	const struct operation *operation;
	const char *name;
	uint64_t start, end;
	uint64_t values[SPAN_FIELDS];
	const struct field *event; /* NULL: none */
	uint64_t event_values[EVENT_FIELDS];
	bool error;
};

struct resource {
	uint64_t values[RESOURCE_FIELDS];
};

struct text {
	char *data;
	size_t len, capacity;
};

static const char *pick(const char *const *choices, uint64_t value)
{
	size_t count = 1;

	while (choices[count] != NULL)
		count++;
	return choices[value % count];
}

static char *room(struct text *out, size_t len)
{
	if (out->capacity - out->len < len) {
		out->capacity = (out->capacity + len) * 2;
		out->data = realloc(out->data, out->capacity);
		if (out->data == NULL) {
			fputs("generate: out of memory\n", stderr);
			exit(2);
		}
	}
	return out->data + out->len;
}

static void add_bytes(struct text *out, const void *data, size_t len)
{
	memcpy(room(out, len), data, len);
	out->len += len;
}

static void add(struct text *out, const char *text)
{
	add_bytes(out, text, strlen(text));
}

static void add_number(struct text *out, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	add_bytes(out, digits + at, sizeof(digits) - at);
}

static void add_hex(struct text *out, uint64_t number)
{
	char *at = room(out, 16);

	for (int shift = 60; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[number >> shift & 15];
	out->len += 16;
}

/* The text of a CHOICE or UNIQUE field, where its quotes would be. */
static void add_field_text(struct text *out, const struct field *field, uint64_t value)
{
	add(out, pick(field->choices, field->type == UNIQUE ? 0 : value));
	if (field->type == UNIQUE)
		add_hex(out, value);
}

static int64_t field_integer(const struct field *field, uint64_t value)
{
	return field->low + (int64_t)(value % (uint64_t)(field->high - field->low + 1));
}

/* Hundredths whose last place is not 0: two places are its shortest text. */
static int64_t field_hundredths(const struct field *field, uint64_t value)
{
	return field_integer(field, value) * 100 + (int64_t)(value >> 32) % 10 * 10 + 1 +
	       (int64_t)(value >> 48) % 9;
}

static void add_hundredths(struct text *out, int64_t hundredths)
{
	add_number(out, (uint64_t)(hundredths / 100));
	add(out, ".");
	add_number(out, (uint64_t)(hundredths / 10 % 10));
	add_number(out, (uint64_t)(hundredths % 10));
}

#endif

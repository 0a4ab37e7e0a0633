/* JSON values out: plain, as people read and edit them, and as AnyValues, which name their type. */
#ifndef JSON_WRITE_VALUE_H
#define JSON_WRITE_VALUE_H

#include "spanline/span.h"
#include <math.h>

/*
 * Each appends one JSON value and says whether plain JSON reads back as what was written; if not,
 * `exact` has to say the rest.  Of keys that read the same, only the first is written.
 */
bool write_plain_value(struct sl_buffer *out, const struct sl_value *value);
/* An object of all but `skip` (or NULL). */
bool write_plain_attributes(struct sl_buffer *out, struct sl_attributes attributes,
			    const struct sl_attribute *skip);
/* All programs that read numbers as doubles have the integers up to 2^53. */
static inline bool int_is_plain(int64_t number)
{
	const int64_t limit = INT64_C(1) << 53;

	return number >= -limit && number <= limit;
}

/*
 * Not integral, or too large for an int64, so that it reads back as a double.  2^63 counts as
 * an int64: jq 1.6 writes 17 digits of it and zeros, which is less.
 */
static inline bool double_is_plain(double number)
{
	return isfinite(number) && (fabs(number) > 0x1p63 || trunc(number) != number);
}

/* NaN and the infinities as strings. */
bool write_double(struct sl_buffer *out, double number);

enum any_form {
	ANY_OTLP,  /* as the Collector writes it */
	ANY_EXACT, /* as `exact` has it: all that OTLP can hold, and proof against JSON tools */
};

struct any_writer {
	struct sl_buffer *out;
	enum any_form form;
	uint64_t replaced; /* strings that were not UTF-8 (ANY_OTLP) */
	enum sl_bad_text bad_text;
	unsigned depth; /* of the value that is written */
	uint64_t deep;	/* values over SL_PARSED_DEPTH */
};

void write_any(struct any_writer *any, const struct sl_value *value);
/* The members: [{"key":K,"value":V},...] for ANY_OTLP, [[KEY-BASE64,V],...] for ANY_EXACT. */
void write_any_members(struct any_writer *any, struct sl_attributes attributes,
		       const struct sl_attribute *skip);
/* A string that counts what it had to replace. */
void write_any_string(struct any_writer *any, struct sl_slice text);

/* Makes an object of the members from `start` on, each of which begins with a comma. */
static inline void close_object(struct sl_buffer *out, size_t start)
{
	if (out->len > start)
		out->data[start] = '{';
	else
		sl_buffer_add_byte(out, '{');
	sl_buffer_add_byte(out, '}');
}

/* With quotes. */
void write_quoted_base64(struct sl_buffer *out, struct sl_slice bytes);
void write_quoted_u64(struct sl_buffer *out, uint64_t number);
void write_quoted_time(struct sl_buffer *out, uint64_t unix_ns);

#endif

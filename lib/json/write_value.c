/* Attribute values as plain JSON: what a span line shows of them. */
#include "write_value.h"
#include "write_string.h"
#include <math.h>

void write_quoted_base64(struct sl_buffer *out, struct sl_slice bytes)
{
	char *at = sl_buffer_reserve(out, sl_base64_size(bytes.len) + 2);
	size_t len;

	if (at == NULL)
		return;
	at[0] = '"';
	len = sl_write_base64(at + 1, bytes.data, bytes.len);
	at[len + 1] = '"';
	out->len += len + 2;
}

void write_quoted_time(struct sl_buffer *out, uint64_t unix_ns)
{
	sl_buffer_add_byte(out, '"');
	sl_buffer_add_time(out, unix_ns);
	sl_buffer_add_byte(out, '"');
}

void write_quoted_u64(struct sl_buffer *out, uint64_t number)
{
	char *at = sl_buffer_reserve(out, SL_U64_TEXT + 2);
	size_t len;

	if (at == NULL)
		return;
	at[0] = '"';
	len = sl_write_u64(at + 1, number);
	at[len + 1] = '"';
	out->len += len + 2;
}

bool write_double(struct sl_buffer *out, double number)
{
	if (isnan(number)) {
		sl_buffer_add_literal(out, "\"NaN\"");
	} else if (isinf(number)) {
		if (number > 0)
			sl_buffer_add_literal(out, "\"Infinity\"");
		else
			sl_buffer_add_literal(out, "\"-Infinity\"");
	} else {
		sl_buffer_add_double(out, number);
	}
	return double_is_plain(number);
}

static bool write_plain_array(struct sl_buffer *out, struct sl_attributes list)
{
	bool plain = true;

	sl_buffer_add_byte(out, '[');
	for (size_t i = 0; i < list.count; i++) {
		if (i > 0)
			sl_buffer_add_byte(out, ',');
		plain &= write_plain_value(out, &list.items[i].value);
	}
	sl_buffer_add_byte(out, ']');
	return plain;
}

bool write_plain_value(struct sl_buffer *out, const struct sl_value *value)
{
	switch (value->type) {
	case SL_VALUE_EMPTY:
		sl_buffer_add_literal(out, "null");
		return true;
	case SL_VALUE_STRING:
		return write_string(out, value->text);
	case SL_VALUE_BOOL:
		sl_buffer_add_slice(out, value->boolean ? SL_SLICE("true") : SL_SLICE("false"));
		return true;
	case SL_VALUE_INT:
		sl_buffer_add_i64(out, value->integer);
		return int_is_plain(value->integer);
	case SL_VALUE_DOUBLE:
		return write_double(out, value->number);
	case SL_VALUE_ARRAY:
		return write_plain_array(out, value->list);
	case SL_VALUE_KVLIST:
		return write_plain_attributes(out, value->list, NULL);
	case SL_VALUE_BYTES:
		write_quoted_base64(out, value->text);
		return false;
	}
	return true;
}

/* Attribute values as AnyValue objects, which name their type: for OTLP/JSON, and for `exact`. */
#include "spanline/json.h"
#include "write_string.h"
#include "write_value.h"
#include <math.h>

void write_any_string(struct any_writer *any, struct sl_slice text)
{
	size_t start = any->out->len;

	if (write_string(any->out, text))
		return;
	any->replaced++;
	if (any->bad_text == SL_BAD_TEXT_REPLACED)
		return;
	any->out->len = start;
	(void)sl_json_write_kept(any->out, text);
}

static void write_any_text(struct any_writer *any, struct sl_slice text)
{
	size_t start = any->out->len;

	sl_buffer_add_literal(any->out, "\"stringValue\":");
	if (any->form == ANY_OTLP) {
		write_any_string(any, text);
	} else if (!write_string(any->out, text)) {
		any->out->len = start;
		sl_buffer_add_literal(any->out, "\"stringValueBytes\":");
		write_quoted_base64(any->out, text);
	}
}

/* node writes -0.0 as 0. */
static void write_any_double(struct any_writer *any, double number)
{
	if (any->form == ANY_EXACT && number == 0 && signbit(number))
		sl_buffer_add_literal(any->out, "\"-0.0\"");
	else
		write_double(any->out, number);
}

static void write_any_array(struct any_writer *any, struct sl_attributes list)
{
	sl_buffer_add_literal(any->out, "\"arrayValue\":{");
	for (size_t i = 0; i < list.count; i++) {
		if (i == 0)
			sl_buffer_add_literal(any->out, "\"values\":[");
		else
			sl_buffer_add_byte(any->out, ',');
		write_any(any, &list.items[i].value);
	}
	if (list.count > 0)
		sl_buffer_add_byte(any->out, ']');
	sl_buffer_add_byte(any->out, '}');
}

void write_any_members(struct any_writer *any, struct sl_attributes attributes,
		       const struct sl_attribute *skip)
{
	bool otlp = any->form == ANY_OTLP, first = true;

	sl_buffer_add_byte(any->out, '[');
	for (size_t i = 0; i < attributes.count; i++) {
		const struct sl_attribute *item = &attributes.items[i];

		if (item == skip)
			continue;
		if (!first)
			sl_buffer_add_byte(any->out, ',');
		first = false;
		if (otlp) {
			sl_buffer_add_literal(any->out, "{\"key\":");
			write_any_string(any, item->key);
			sl_buffer_add_literal(any->out, ",\"value\":");
		} else {
			sl_buffer_add_byte(any->out, '[');
			write_quoted_base64(any->out, item->key);
			sl_buffer_add_byte(any->out, ',');
		}
		write_any(any, &item->value);
		sl_buffer_add_byte(any->out, otlp ? '}' : ']');
	}
	sl_buffer_add_byte(any->out, ']');
}

static void write_any_kvlist(struct any_writer *any, struct sl_attributes list)
{
	if (any->form == ANY_EXACT) {
		sl_buffer_add_literal(any->out, "\"keyValues\":");
		write_any_members(any, list, NULL);
		return;
	}
	sl_buffer_add_literal(any->out, "\"kvlistValue\":{");
	if (list.count > 0) {
		sl_buffer_add_literal(any->out, "\"values\":");
		write_any_members(any, list, NULL);
	}
	sl_buffer_add_byte(any->out, '}');
}

void write_any(struct any_writer *any, const struct sl_value *value)
{
	struct sl_buffer *out = any->out;

	sl_buffer_add_byte(out, '{');
	switch (value->type) {
	case SL_VALUE_EMPTY:
		break;
	case SL_VALUE_STRING:
		write_any_text(any, value->text);
		break;
	case SL_VALUE_BOOL:
		sl_buffer_add_literal(out, "\"boolValue\":");
		write_plain_value(out, value);
		break;
	case SL_VALUE_INT:
		sl_buffer_add_literal(out, "\"intValue\":\"");
		sl_buffer_add_i64(out, value->integer);
		sl_buffer_add_byte(out, '"');
		break;
	case SL_VALUE_DOUBLE:
		sl_buffer_add_literal(out, "\"doubleValue\":");
		write_any_double(any, value->number);
		break;
	case SL_VALUE_ARRAY:
	case SL_VALUE_KVLIST:
		any->deep += ++any->depth == SL_PARSED_DEPTH + 1;
		if (value->type == SL_VALUE_ARRAY)
			write_any_array(any, value->list);
		else
			write_any_kvlist(any, value->list);
		any->depth--;
		break;
	case SL_VALUE_BYTES:
		sl_buffer_add_literal(out, "\"bytesValue\":");
		write_quoted_base64(out, value->text);
		break;
	}
	sl_buffer_add_byte(out, '}');
}

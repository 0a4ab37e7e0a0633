/* `exact` out: a walk over an object's values that writes an entry for each that needs one. */
#include "exact.h"
#include "met_keys.h"
#include "write_string.h"
#include "write_value.h"

/* Below a longer path a list is spelled out as one entry, or long keys around many values would
 * make the line grow with their product. */
#define LONGEST_PATH 256

void exact_begin(struct exact_writer *exact, struct sl_buffer *out)
{
	exact->out = out;
	exact->path.len = 0;
	exact->begun = false;
}

void exact_end(struct exact_writer *exact)
{
	if (exact->begun)
		sl_buffer_add_byte(exact->out, '}');
	if (exact->path.failed)
		exact->out->failed = true;
}

/* RFC 6901: '~' and '/' of a key are written "~0" and "~1". */
void exact_step(struct exact_writer *exact, struct sl_slice key)
{
	char *at = sl_buffer_reserve(&exact->path, 2 * key.len + 1);
	char *start = at;

	if (at == NULL)
		return;
	*at++ = '/';
	for (size_t i = 0; i < key.len; i++) {
		char byte = key.data[i];

		if (byte == '~' || byte == '/') {
			*at++ = '~';
			byte = byte == '~' ? '0' : '1';
		}
		*at++ = byte;
	}
	exact->path.len += (size_t)(at - start);
}

void exact_step_index(struct exact_writer *exact, size_t index)
{
	sl_buffer_add_byte(&exact->path, '/');
	sl_buffer_add_u64(&exact->path, index);
}

static void begin_entry(struct exact_writer *exact)
{
	struct sl_slice pointer = sl_buffer_slice(&exact->path);

	if (pointer.data == NULL)
		pointer.len = 0; /* no memory, as exact_end will say */
	if (exact->begun)
		sl_buffer_add_byte(exact->out, ',');
	else
		sl_buffer_add_literal(exact->out, ",\"exact\":{");
	exact->begun = true;
	write_string(exact->out, pointer);
	sl_buffer_add_byte(exact->out, ':');
}

static void write_entry(struct exact_writer *exact, const struct sl_value *value)
{
	struct any_writer any = { .out = exact->out, .form = ANY_EXACT };

	begin_entry(exact);
	write_any(&any, value);
}

/* Asks the writer of plain values, and forgets what it wrote. */
static bool is_plain_value(struct sl_buffer *scratch, const struct sl_value *value)
{
	size_t len = scratch->len;
	bool plain = write_plain_value(scratch, value);

	scratch->len = len;
	return plain;
}

static bool keys_can_be_steps(struct sl_attributes attributes)
{
	for (size_t i = 0; i < attributes.count; i++)
		if (!sl_utf8_valid(attributes.items[i].key))
			return false;
	return !keys_repeat(attributes);
}

static void walk_value(struct exact_writer *exact, const struct sl_value *value);

static void walk_members(struct exact_writer *exact, struct sl_attributes attributes,
			 const struct sl_attribute *skip)
{
	size_t len = exact->path.len;

	if (!keys_can_be_steps(attributes)) {
		struct any_writer any = { .out = exact->out, .form = ANY_EXACT };

		begin_entry(exact);
		sl_buffer_add_literal(exact->out, "{\"keyValues\":");
		write_any_members(&any, attributes, skip);
		sl_buffer_add_byte(exact->out, '}');
		return;
	}
	for (size_t i = 0; i < attributes.count; i++) {
		if (&attributes.items[i] == skip)
			continue;
		exact_step(exact, attributes.items[i].key);
		walk_value(exact, &attributes.items[i].value);
		exact_back(exact, len);
	}
}

static void walk_elements(struct exact_writer *exact, struct sl_attributes list)
{
	size_t len = exact->path.len;

	for (size_t i = 0; i < list.count; i++) {
		exact_step_index(exact, i);
		walk_value(exact, &list.items[i].value);
		exact_back(exact, len);
	}
}

static void walk_value(struct exact_writer *exact, const struct sl_value *value)
{
	bool is_list = value->type == SL_VALUE_ARRAY || value->type == SL_VALUE_KVLIST;

	if (!is_list || exact->path.len > LONGEST_PATH) {
		if (!is_plain_value(exact->out, value))
			write_entry(exact, value);
	} else if (value->type == SL_VALUE_ARRAY) {
		walk_elements(exact, value->list);
	} else {
		walk_members(exact, value->list, NULL);
	}
}

void exact_text_here(struct exact_writer *exact, struct sl_slice text)
{
	const struct sl_value value = { .type = SL_VALUE_STRING, .text = text };

	if (!sl_utf8_valid(text))
		write_entry(exact, &value);
}

void exact_text(struct exact_writer *exact, struct sl_slice key, struct sl_slice text)
{
	size_t len = exact->path.len;

	exact_step(exact, key);
	exact_text_here(exact, text);
	exact_back(exact, len);
}

void exact_attributes(struct exact_writer *exact, struct sl_attributes attributes,
		      const struct sl_attribute *skip)
{
	size_t len = exact->path.len;

	exact_step(exact, SL_SLICE("attributes"));
	walk_members(exact, attributes, skip);
	exact_back(exact, len);
}

/* Whether an entry of `exact` still speaks of the value that stands there: whether that is what the
 * writer of lines shows of it, as far as JSON tools keep it. */
#include "exact_read.h"
#include "write_string.h"
#include "write_value.h"
#include <math.h>

static bool number_shows(double number, const struct sl_value *shown)
{
	if (shown->type == SL_VALUE_INT)
		return number == (double)shown->integer;
	return shown->type == SL_VALUE_DOUBLE && number == shown->number;
}

/* The scratch holds a JSON string. */
static bool text_shows(const struct sl_buffer *scratch, const struct sl_value *shown)
{
	struct sl_slice text = { scratch->data + 1, scratch->len - 2 };

	return shown->type == SL_VALUE_STRING && sl_slice_equal(text, shown->text);
}

static bool double_shows(struct line_reader *reader, double number, const struct sl_value *shown)
{
	if (isfinite(number))
		return number_shows(number, shown);
	reader->scratch.len = 0;
	write_double(&reader->scratch, number);
	return !reader->scratch.failed && text_shows(&reader->scratch, shown);
}

static bool bytes_show(struct line_reader *reader, struct sl_slice bytes,
		       const struct sl_value *shown)
{
	if (shown->type != SL_VALUE_STRING || shown->text.len != sl_base64_size(bytes.len))
		return false;
	reader->scratch.len = 0;
	write_quoted_base64(&reader->scratch, bytes);
	return !reader->scratch.failed && text_shows(&reader->scratch, shown);
}

/* Text as it can be written: itself, or in the scratch with U+FFFD. */
static struct sl_slice writable(struct line_reader *reader, struct sl_slice text)
{
	if (sl_utf8_valid(text))
		return text;
	reader->scratch.len = 0;
	write_replaced(&reader->scratch, text);
	return sl_buffer_slice(&reader->scratch);
}

static bool array_shows(struct line_reader *reader, struct sl_cursor *cursor,
			struct sl_attributes typed, struct sl_attributes shown)
{
	if (typed.count != shown.count)
		return false;
	for (size_t i = 0; i < typed.count; i++)
		if (!shows(reader, cursor, &typed.items[i].value, &shown.items[i].value))
			return false;
	return true;
}

/*
 * Every member that is shown is the first of the list whose key can be written so.  Which have been
 * met is kept in *met, a byte for each.
 */
static bool first_members_show(struct line_reader *reader, struct sl_cursor *cursor,
			       struct sl_attributes typed, struct sl_attributes shown, char *met)
{
	size_t met_count = 0;

	for (size_t i = 0; i < typed.count; i++) {
		const struct sl_attribute *item = &typed.items[i];
		struct sl_attribute *member;

		if (!key_index_find(&reader->keys, shown, writable(reader, item->key), &member))
			return sl_cursor_memory(cursor);
		if (member == NULL)
			return false;
		if (met[member - shown.items])
			continue;
		met[member - shown.items] = 1;
		met_count++;
		if (!shows(reader, cursor, &item->value, &member->value))
			return false;
	}
	return met_count == shown.count;
}

static bool kvlist_shows(struct line_reader *reader, struct sl_cursor *cursor,
			 struct sl_attributes typed, struct sl_attributes shown)
{
	char *met;

	if (typed.count < shown.count)
		return false;
	if (typed.count == 0)
		return true;
	met = sl_arena_alloc(cursor->arena, typed.count);
	if (met == NULL)
		return sl_cursor_memory(cursor);
	memset(met, 0, shown.count);
	return first_members_show(reader, cursor, typed, shown, met);
}

bool shows(struct line_reader *reader, struct sl_cursor *cursor, const struct sl_value *typed,
	   const struct sl_value *shown)
{
	switch (typed->type) {
	case SL_VALUE_EMPTY:
		return shown->type == SL_VALUE_EMPTY;
	case SL_VALUE_STRING:
		return shown->type == SL_VALUE_STRING &&
		       sl_slice_equal(writable(reader, typed->text), shown->text);
	case SL_VALUE_BOOL:
		return shown->type == SL_VALUE_BOOL && typed->boolean == shown->boolean;
	case SL_VALUE_INT:
		return number_shows((double)typed->integer, shown);
	case SL_VALUE_DOUBLE:
		return double_shows(reader, typed->number, shown);
	case SL_VALUE_ARRAY:
		return shown->type == SL_VALUE_ARRAY &&
		       array_shows(reader, cursor, typed->list, shown->list);
	case SL_VALUE_KVLIST:
		return shown->type == SL_VALUE_KVLIST &&
		       kvlist_shows(reader, cursor, typed->list, shown->list);
	case SL_VALUE_BYTES:
		return bytes_show(reader, typed->text, shown);
	}
	return false;
}

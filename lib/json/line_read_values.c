/* Attributes and other plain values of span lines. */
#include "line_read.h"

bool read_plain_value(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		      struct sl_value *value)
{
	unsigned levels = depth < reader->max_depth ? reader->max_depth - depth : 0;

	return sl_cursor_plain(cursor, &reader->builder, levels, value);
}

bool read_attributes(struct line_reader *reader, struct sl_cursor *cursor, void *attributes)
{
	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	return sl_cursor_plain_members(cursor, &reader->builder, reader->max_depth, attributes);
}

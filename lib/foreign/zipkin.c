/* Lists of Zipkin's spans, mostly a trace each, or one span alone. */
#include "zipkin.h"

bool zipkin_resumes(unsigned keys)
{
	return (keys & (KEY_TRACE_ID | KEY_ID)) == (KEY_TRACE_ID | KEY_ID);
}

static bool read_list(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	bool resumed = false;

	for (bool begun = false; resumed || sl_cursor_next_object(cursor, &begun);) {
		resumed = false;
		if (zipkin_read_span(reader))
			continue;
		if (!foreign_resume(reader))
			return false;
		resumed = begun = true;
	}
	return foreign_end_list(reader);
}

bool zipkin_read(struct sl_foreign_reader *reader)
{
	size_t first = reader->spans.count, looked;
	char byte = sl_cursor_peek(&reader->cursor);
	bool read;

	if (byte == '[')
		read = read_list(reader);
	else if (byte == '{' &&
		 (foreign_keys_of(&reader->cursor, KEY_TRACE_ID | KEY_ID, &looked) != 0))
		read = zipkin_read_span(reader) && zipkin_settle_alone(reader);
	else
		return foreign_other(reader);
	return zipkin_settle(reader, first) && read;
}

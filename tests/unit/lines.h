/* What the tests of span lines share: one line read, one span written. */
#ifndef LINES_H
#define LINES_H

#include "../../lib/json/line.h"
#include <stdio.h>
#include <stdlib.h>

struct lines {
	struct line_reader *reader;
	struct sl_line_writer *writer;
	struct sl_notes notes; /* of the last line */
	struct sl_error err;
	struct sl_buffer out;
	struct sl_cursor cursor;
	char *copy; /* of the last line, with nothing but the padding behind it */
};

static void lines_open(struct lines *lines, bool strict, unsigned max_depth)
{
	const struct sl_decode_options options = { .max_depth = max_depth, .strict = strict };

	*lines = (struct lines){ 0 };
	lines->reader = line_reader_open(&options, &lines->notes);
	if (lines->reader == NULL || sl_line_writer_open(&lines->writer, &lines->err) != SL_OK)
		abort();
}

static void lines_close(struct lines *lines)
{
	line_reader_close(lines->reader);
	sl_line_writer_close(lines->writer);
	sl_buffer_free(&lines->out);
	free(lines->copy);
}

static enum sl_status lines_read(struct lines *lines, struct sl_slice text,
				 const struct sl_span **span)
{
	free(lines->copy);
	lines->copy = calloc(1, text.len + SL_PADDING);
	if (lines->copy == NULL)
		abort();
	if (text.data != NULL)
		memcpy(lines->copy, text.data, text.len);
	lines->notes = (struct sl_notes){ 0 };
	lines->cursor = (struct sl_cursor){ .at = lines->copy,
					    .end = lines->copy + text.len,
					    .begin = lines->copy };
	return line_read(lines->reader, &lines->cursor, span, &lines->err);
}

/* The line, with its newline; borrowed until the next. */
static inline struct sl_slice lines_write(struct lines *lines, const struct sl_span *span)
{
	lines->out.len = 0;
	sl_line_write(lines->writer, span, &lines->out);
	if (lines->out.failed)
		abort();
	return sl_buffer_slice(&lines->out);
}

static inline uint64_t lines_notes(const struct lines *lines)
{
	uint64_t total = 0;

	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		total += lines->notes.count[i];
	return total;
}

#endif

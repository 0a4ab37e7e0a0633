/* Blocks of JSON documents. */
#include "otlp_reader.h"
#include <stdlib.h>

/* After damage the bytes of a block are read again at most so many times in all. */
enum { REREAD_FACTOR = 16 };

enum sl_status sl_json_open(struct sl_json_reader **opened, const struct sl_decode_options *options,
			    struct sl_notes *notes, struct sl_error *err)
{
	struct sl_json_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return sl_fail_memory(err);
	reader->options = *options;
	reader->notes = notes;
	walk_init(&reader->walk, options, notes);
	reader->lines = line_reader_open(options, notes);
	if (reader->lines == NULL) {
		sl_json_close(reader);
		return sl_fail_memory(err);
	}
	*opened = reader;
	return SL_OK;
}

void sl_json_close(struct sl_json_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->lines != NULL)
		line_reader_close(reader->lines);
	walk_free(&reader->walk);
	free(reader);
}

void sl_json_start(struct sl_json_reader *reader, enum sl_json_kind kind, struct sl_slice bytes)
{
	struct cursor *cursor = cursor_of(reader);

	walk_abandon(&reader->walk);
	walk_forget(&reader->walk);
	cursor->begin = cursor->at = bytes.data;
	cursor->end = bytes.data + bytes.len;
	cursor->fault = FAULT_NONE;
	reader->kind = kind;
	reader->depth = reader->document_depth = 0;
	reader->document = reader->whole = bytes.data;
	reader->first_other = NULL;
	reader->at_line = reader->in_pieces = false;
	reader->at_element = false;
	reader->may_reread =
		bytes.len < SIZE_MAX / REREAD_FACTOR ? bytes.len * REREAD_FACTOR : SIZE_MAX;
	reader->search = (struct anchor_search){ .may_read = reader->may_reread };
	if (kind == SL_JSON_RESOURCE_SPANS) {
		skip_space(cursor);
		if (cursor->at < cursor->end)
			walk_begin(&reader->walk);
	}
}

const char *sl_json_first_other(const struct sl_json_reader *reader)
{
	return reader->first_other;
}

/* Over what may stand between documents: white space, record separators (RFC 7464), byte order
 * marks, and what is left of an array that broke. */
static void skip_between(struct sl_json_reader *reader)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct cursor *cursor = cursor_of(reader);

	for (;;) {
		char byte;

		skip_space(cursor);
		byte = cursor_peek(cursor);
		if (byte == '\x1e' ||
		    (reader->in_pieces && (byte == ',' || byte == ']' || byte == '}')))
			cursor->at++;
		else if (cursor_left(cursor, 3) && memcmp(cursor->at, mark, 3) == 0)
			cursor->at += 3;
		else
			return;
	}
}

/* Behind the one ResourceSpans there is more: its brackets were wrong, or what follows is. */
static bool leave_part(struct sl_json_reader *reader)
{
	struct cursor *cursor = cursor_of(reader);

	reader->kind = SL_JSON_DOCUMENTS;
	reader->in_pieces = true;
	return reader->search.from != NULL || /* then that was told */
	       cursor_syntax(cursor, "',' or ']' is expected behind a ResourceSpans");
}

/* The span line at the cursor; SL_END: its span is not wanted. */
static enum sl_status take_line(struct sl_json_reader *reader, const struct sl_span **span,
				struct sl_error *err)
{
	struct cursor *cursor = cursor_of(reader);
	enum sl_status status = SL_END;

	reader->at_line = false;
	reader->notes->messages[SL_SIGNAL_SPANS]++;
	if (reader->options.signal == SL_SIGNAL_SPANS)
		status = line_read(reader->lines, cursor, span, err);
	else if (!skip_value(cursor))
		status = cursor_status(cursor, err);
	if (SL_UNLIKELY(status == SL_BAD_RECORD || status == SL_FAILED))
		resume_behind_line(reader);
	reader->whole = cursor->at;
	return status;
}

/* Goes on until records are ready or the cursor is at a line; SL_END: no more of either. */
static enum sl_status find_records(struct sl_json_reader *reader, struct sl_error *err)
{
	struct walk *walk = &reader->walk;
	struct cursor *cursor = cursor_of(reader);
	bool good;

	while (!reader->at_line && walk->handed == walk->ready) {
		if (walk->depth != WALK_OUTSIDE) {
			good = walk_on(walk);
			if (good && walk->depth == WALK_OUTSIDE)
				reader->whole = cursor->at;
		} else if (reader->depth != 0) {
			reader->step = cursor->at;
			good = document_step(reader);
		} else {
			skip_between(reader);
			if (cursor->at == cursor->end)
				return SL_END;
			reader->step = cursor->at;
			good = reader->kind == SL_JSON_DOCUMENTS ? document_begin(reader)
								 : leave_part(reader);
		}
		if (SL_UNLIKELY(!good)) {
			enum sl_status status = cursor_status(cursor, err);

			resume(reader);
			return status;
		}
	}
	return SL_OK;
}

enum sl_status sl_json_next(struct sl_json_reader *reader, const struct sl_span **span,
			    struct sl_error *err)
{
	struct walk *walk = &reader->walk;
	enum sl_status status;

	while ((status = find_records(reader, err)) == SL_OK) {
		if (walk->handed < walk->ready) {
			*span = &walk->queue[walk->handed++].span;
			break;
		}
		status = take_line(reader, span, err);
		if (status != SL_END)
			break;
	}
	return status;
}

enum sl_status sl_json_next_log(struct sl_json_reader *reader, const struct sl_log **log,
				struct sl_error *err)
{
	struct walk *walk = &reader->walk;
	const struct sl_span *unwanted;
	enum sl_status status;

	while ((status = find_records(reader, err)) == SL_OK) {
		if (walk->handed < walk->ready) {
			*log = &walk->queue[walk->handed++].log;
			break;
		}
		status = take_line(reader, &unwanted, err);
		if (status != SL_END)
			break;
	}
	return status;
}

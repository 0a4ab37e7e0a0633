/* Blocks of JSON documents, and how to go on after one that is damaged. */
#include "otlp_reader.h"
#include <stdlib.h>

/* After damage the bytes of a block are read again at most so many times in all. */
enum { REREAD_FACTOR = 16 };

static bool may_be_lazy(const struct sl_decode_options *options)
{
	return options->lazy && !options->strict && options->signal == SL_SIGNAL_SPANS &&
	       (options->needs & SL_NEED_WHOLE) == 0;
}

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
	if (reader->lines != NULL && may_be_lazy(options))
		reader->lazy = line_lazy_open(options, reader->lines, notes);
	if (reader->lines == NULL || (reader->lazy == NULL && may_be_lazy(options))) {
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
	line_lazy_close(reader->lazy);
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
	reader->document = reader->whole = reader->counted = bytes.data;
	reader->newlines = 0;
	reader->refused = NULL;
	reader->lazily = reader->lazy != NULL && kind == SL_JSON_DOCUMENTS;
	reader->at_line = reader->in_pieces = false;
	reader->may_reread =
		bytes.len < SIZE_MAX / REREAD_FACTOR ? bytes.len * REREAD_FACTOR : SIZE_MAX;
	if (kind == SL_JSON_RESOURCE_SPANS) {
		skip_space(cursor);
		if (cursor->at < cursor->end)
			walk_begin(&reader->walk);
	}
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
		if (byte == '\x1e' || (reader->in_pieces && (byte == ',' || byte == ']')))
			cursor->at++;
		else if (cursor_left(cursor, 3) && memcmp(cursor->at, mark, 3) == 0)
			cursor->at += 3;
		else
			return;
	}
}

/* A newline with a bracket behind it, from `at` on: where documents usually begin. */
static const char *find_document(const char *at, const char *end)
{
	while (at < end) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (at == NULL)
			break;
		at++;
		if (at < end && (*at == '{' || *at == '['))
			return at;
	}
	return end;
}

/*
 * Goes on at the first line behind what is done with that begins like a document.  That may be in
 * the middle of what was read in vain, so it is limited how often that is done.
 */
static void find_next(struct sl_json_reader *reader, const char *read_until)
{
	struct cursor *cursor = cursor_of(reader);
	const char *from = reader->whole;
	size_t again = read_until > from ? (size_t)(read_until - from) : 0;

	if (again > reader->may_reread)
		from = read_until;
	else
		reader->may_reread -= again;
	reader->in_pieces =
		reader->in_pieces || (reader->depth > 0 && reader->levels[0].kind == IN_ARRAY);
	reader->depth = 0;
	walk_abandon(&reader->walk);
	cursor->at =
		reader->kind == SL_JSON_DOCUMENTS ? find_document(from, cursor->end) : cursor->end;
	reader->whole = cursor->at;
}

/* Over the smallest whole thing that cannot be read: a record, a ResourceSpans, or the document.
 * False: its end cannot be found, and the cursor has a fault. */
static bool skip_refused(struct sl_json_reader *reader)
{
	struct walk *walk = &reader->walk;
	struct cursor *cursor = cursor_of(reader);
	bool strict = cursor->strict, skipped;

	if (walk->depth == WALK_OUTSIDE)
		cursor->at = reader->document;
	else
		cursor->at = walk->record != NULL ? walk->record : walk->start;
	cursor->strict = false; /* what is wrong has been told */
	skipped = skip_value(cursor);
	cursor->strict = strict;
	if (!skipped)
		return false;
	if (walk->depth == WALK_OUTSIDE)
		reader->depth = reader->document_depth;
	else if (walk->record == NULL)
		walk_abandon(walk);
	walk->record = NULL;
	if (walk->depth == WALK_OUTSIDE)
		reader->whole = cursor->at;
	return true;
}

/* Gets over the fault that the cursor has, or that a span line was. */
static void recover(struct sl_json_reader *reader)
{
	struct cursor *cursor = cursor_of(reader);
	enum fault fault = cursor->fault;
	const char *read_until = fault != FAULT_NONE ? cursor->fault_at : cursor->at;

	cursor->fault = FAULT_NONE;
	reader->at_line = false;
	if (fault == FAULT_MEMORY) {
		sl_json_start(reader, SL_JSON_DOCUMENTS, (struct sl_slice){ cursor->end, 0 });
		return;
	}
	if (fault == FAULT_REFUSED) {
		if (skip_refused(reader))
			return;
		read_until = cursor->fault_at;
		cursor->fault = FAULT_NONE;
	}
	find_next(reader, read_until);
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
		recover(reader);
	reader->whole = cursor->at;
	return status;
}

static uint64_t count_newlines(const char *at, const char *end)
{
	uint64_t count = 0;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		count++;
		at++;
	}
	return count;
}

uint64_t sl_json_newlines(const struct sl_json_reader *reader)
{
	return reader->newlines + count_newlines(reader->counted, reader->walk.decoder.cursor.end);
}

uint64_t sl_json_passed(const struct sl_json_reader *reader)
{
	return reader->passed;
}

/* The cursor is where a document may begin, and at the start of a line. */
static bool is_between_lines(const struct sl_json_reader *reader)
{
	const struct cursor *cursor = &reader->walk.decoder.cursor;

	return reader->depth == 0 && reader->walk.depth == WALK_OUTSIDE && !reader->at_line &&
	       reader->walk.handed == reader->walk.ready && cursor->at > cursor->begin &&
	       cursor->at[-1] == '\n';
}

/* The cursor is at a line that begins as those do that can be read lazily.  Behind a line that was
 * read so, nothing else has begun. */
static inline bool is_at_lazy_line(const struct sl_json_reader *reader)
{
	const struct cursor *cursor = &reader->walk.decoder.cursor;

	return cursor_left(cursor, sizeof(LINE_LAZY_START)) &&
	       memcmp(cursor->at, LINE_LAZY_START, sizeof(LINE_LAZY_START) - 1) == 0 &&
	       (SL_LIKELY(cursor->at == reader->counted) || is_between_lines(reader));
}

/* Goes on until records are ready or the cursor is at a line; SL_END: no more of either, or the
 * next line may be read lazily. */
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
			good = document_step(reader);
		} else {
			skip_between(reader);
			reader->resumes = reader->lazily && cursor->at != reader->refused &&
					  is_at_lazy_line(reader);
			if (cursor->at == cursor->end || reader->kind != SL_JSON_DOCUMENTS ||
			    reader->resumes)
				return SL_END;
			good = document_begin(reader);
		}
		if (SL_UNLIKELY(!good)) {
			enum sl_status status = cursor_status(cursor, err);

			recover(reader);
			return status;
		}
	}
	return SL_OK;
}

/* Behind the line that was read lazily. */
static inline void leave_line(struct sl_json_reader *reader)
{
	struct cursor *cursor = cursor_of(reader);

	if (SL_UNLIKELY(reader->counted != cursor->at))
		reader->newlines += count_newlines(reader->counted, cursor->at);
	reader->newlines++;
	cursor->at = reader->counted = reader->lazy->end + 1;
	reader->notes->messages[SL_SIGNAL_SPANS]++;
}

/* Of the last line, which was found only after it was handed out. */
static enum sl_status tell_damage(struct line_lazy *lazy, struct sl_error *err)
{
	enum sl_status status = lazy->status;

	lazy->status = SL_OK;
	*err = lazy->err;
	return status;
}

/* The next line's span, lazy; SL_END: what comes next is for the others. */
static inline enum sl_status next_lazily(struct sl_json_reader *reader, const struct sl_span **span,
					 struct sl_error *err)
{
	struct line_lazy *lazy = reader->lazy;
	struct cursor *cursor = cursor_of(reader);

	if (SL_UNLIKELY(lazy->status != SL_OK))
		return tell_damage(lazy, err);
	while (SL_LIKELY(is_at_lazy_line(reader))) {
		switch (line_lazy_read(lazy, cursor->begin, cursor->at, cursor->end)) {
		case LAZY_SPAN:
			leave_line(reader);
			*span = &lazy->span;
			return SL_OK;
		case LAZY_PASSED:
			leave_line(reader);
			reader->passed++;
			break;
		case LAZY_OTHER:
			reader->whole = reader->refused = cursor->at;
			return SL_END;
		}
	}
	return SL_END;
}

/* The next span of what is read in full; kept apart, as lazy lines take few instructions. */
__attribute__((noinline)) static enum sl_status
next_in_full(struct sl_json_reader *reader, const struct sl_span **span, struct sl_error *err)
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

enum sl_status sl_json_next(struct sl_json_reader *reader, const struct sl_span **span,
			    struct sl_error *err)
{
	enum sl_status status = SL_END;

	if (!reader->lazily)
		return next_in_full(reader, span, err);
	do {
		status = next_lazily(reader, span, err);
		if (status != SL_END)
			break;
		reader->resumes = false;
		status = next_in_full(reader, span, err);
	} while (reader->resumes);
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

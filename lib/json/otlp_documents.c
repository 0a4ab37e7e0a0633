/* Blocks of JSON documents. */
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
	struct sl_cursor *cursor = cursor_of(reader);

	walk_abandon(&reader->walk);
	walk_forget(&reader->walk);
	cursor->begin = cursor->at = bytes.data;
	cursor->end = bytes.data + bytes.len;
	cursor->fault = SL_FAULT_NONE;
	reader->kind = kind;
	reader->depth = reader->document_depth = 0;
	reader->document = reader->whole = reader->counted = bytes.data;
	reader->first_other = NULL;
	reader->newlines = 0;
	reader->refused = NULL;
	reader->lazily = reader->lazy != NULL && kind == SL_JSON_DOCUMENTS;
	if (reader->lazily)
		line_lazy_start(reader->lazy, bytes);
	reader->at_line = reader->in_pieces = false;
	reader->at_element = false;
	reader->may_reread =
		bytes.len < SIZE_MAX / REREAD_FACTOR ? bytes.len * REREAD_FACTOR : SIZE_MAX;
	reader->search = (struct anchor_search){ .may_read = reader->may_reread };
	reader->went_on = (struct anchor){ .at = NULL };
	if (kind == SL_JSON_RESOURCE_SPANS) {
		sl_cursor_skip_space(cursor);
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
	struct sl_cursor *cursor = cursor_of(reader);

	for (;;) {
		char byte;

		sl_cursor_skip_space(cursor);
		byte = sl_cursor_peek(cursor);
		if (byte == '\x1e' ||
		    (reader->in_pieces && (byte == ',' || byte == ']' || byte == '}')))
			cursor->at++;
		else if (sl_cursor_left(cursor, 3) && memcmp(cursor->at, mark, 3) == 0)
			cursor->at += 3;
		else
			return;
	}
}

/* Behind the one ResourceSpans there is more: its brackets were wrong, or what follows is. */
static bool leave_part(struct sl_json_reader *reader)
{
	struct sl_cursor *cursor = cursor_of(reader);

	reader->kind = SL_JSON_DOCUMENTS;
	reader->in_pieces = true;
	return reader->search.from != NULL || /* then that was told */
	       sl_cursor_syntax(cursor, "',' or ']' is expected behind a ResourceSpans");
}

/* The span line at the cursor; SL_END: its span is not wanted. */
static enum sl_status take_line(struct sl_json_reader *reader, const struct sl_span **span,
				struct sl_error *err)
{
	struct sl_cursor *cursor = cursor_of(reader);
	enum sl_status status = SL_END;

	reader->at_line = false;
	reader->notes->messages[SL_SIGNAL_SPANS]++;
	if (reader->options.signal == SL_SIGNAL_SPANS)
		status = line_read(reader->lines, cursor, span, err);
	else if (!sl_cursor_skip_value(cursor))
		status = sl_cursor_status(cursor, err);
	if (SL_UNLIKELY(status == SL_BAD_RECORD || status == SL_FAILED))
		resume_behind_line(reader);
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
	const struct sl_cursor *cursor = &reader->walk.decoder.cursor;

	return reader->depth == 0 && reader->walk.depth == WALK_OUTSIDE && !reader->at_line &&
	       reader->walk.handed == reader->walk.ready && cursor->at > cursor->begin &&
	       cursor->at[-1] == '\n';
}

/* The cursor is where a line may begin that can be read lazily.  Behind one that was read so,
 * nothing else has begun. */
static inline bool is_at_lazy_line(const struct sl_json_reader *reader)
{
	const struct sl_cursor *cursor = &reader->walk.decoder.cursor;

	return sl_cursor_left(cursor, sizeof(LINE_LAZY_START)) &&
	       (SL_LIKELY(cursor->at == reader->counted) || is_between_lines(reader));
}

/* The lines at the cursor, as far as they can be read lazily. */
static inline enum line_lazy_outcome read_lazily(struct sl_json_reader *reader)
{
	struct sl_cursor *cursor = cursor_of(reader);
	struct line_lazy *lazy = reader->lazy;
	enum line_lazy_outcome outcome = line_lazy_read(lazy, cursor->at);

	if (SL_UNLIKELY(outcome == LAZY_OTHER) && lazy->passed == 0 && *cursor->at == '{' &&
	    cursor->at != reader->refused)
		outcome = line_lazy_read_any(lazy, cursor->at);
	return outcome;
}

/* Goes on until records are ready or the cursor is at a line; SL_END: no more of either, or the
 * next line may be read lazily. */
static enum sl_status find_records(struct sl_json_reader *reader, struct sl_error *err)
{
	struct walk *walk = &reader->walk;
	struct sl_cursor *cursor = cursor_of(reader);
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
			reader->resumes = reader->lazily && cursor->at != reader->refused &&
					  is_at_lazy_line(reader);
			if (cursor->at == cursor->end || reader->resumes)
				return SL_END;
			reader->step = cursor->at;
			good = reader->kind == SL_JSON_DOCUMENTS ? document_begin(reader)
								 : leave_part(reader);
		}
		if (SL_UNLIKELY(!good)) {
			enum sl_status status = sl_cursor_status(cursor, err);

			resume(reader);
			return status;
		}
	}
	return SL_OK;
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
	struct sl_cursor *cursor = cursor_of(reader);
	enum line_lazy_outcome outcome = LAZY_PASSED;
	uint64_t passed = 0; /* lines */

	if (SL_UNLIKELY(lazy->status != SL_OK))
		return tell_damage(lazy, err);
	while (SL_LIKELY(is_at_lazy_line(reader))) {
		outcome = read_lazily(reader);
		if (SL_UNLIKELY(outcome == LAZY_OTHER && lazy->passed == 0)) {
			reader->whole = reader->refused = cursor->at;
			break;
		}
		if (SL_UNLIKELY(reader->counted != cursor->at))
			reader->newlines += count_newlines(reader->counted, cursor->at);
		passed += lazy->passed;
		cursor->at = outcome == LAZY_SPAN ? lazy->end + 1 : lazy->line;
		reader->counted = cursor->at;
		if (outcome == LAZY_SPAN)
			break;
	}
	reader->passed += passed;
	passed += outcome == LAZY_SPAN;
	reader->newlines += passed;
	reader->notes->messages[SL_SIGNAL_SPANS] += passed;
	*span = &lazy->span;
	return outcome == LAZY_SPAN ? SL_OK : SL_END;
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

/*
 * Telemetry in the lines of a log (log_line.c): each object is a unit, other lines are passed over.
 * Runtimes cut long lines into parts, which are put together at the first one's place; what stood
 * between them has been looked at then.
 */
#include "log_line.h"
#include "source.h"

/* The text from `at` on, in the window, becomes a unit if it holds telemetry. */
static void take_text(struct sl_source *source, size_t at, size_t len, bool truncated)
{
	struct sl_slice text = { window_bytes(source) + at, len };
	size_t begin = 0;
	enum log_content content = log_content_of(text, &begin);

	while (text.len > 0 && is_blank(text.data[text.len - 1]))
		text.len--;
	if (content == LOG_NOTHING) {
		source->notes.count[SL_NOTE_LOG_LINE] += text.len != 0;
		return;
	}
	window_emit(source, (struct sl_unit){ .kind = content == LOG_ENVELOPE ? SL_UNIT_ENVELOPE
									      : SL_UNIT_DOCUMENTS,
					      /* an envelope tells by itself */
					      .truncated = truncated && content == LOG_DOCUMENT,
					      .at = at + begin,
					      .len = text.len - begin });
	source->framing.logs.between = true;
}

static void drop_parts(struct sl_source *source, const char *why)
{
	struct logs_framing *logs = &source->framing.logs;

	window_complain(source, SL_OVERSIZE, logs->begin, "%s", why);
	logs->in_parts = false;
}

/* A part, or the last of them, goes behind those that are there. */
static void add_part(struct sl_source *source, const struct log_line *line)
{
	struct logs_framing *logs = &source->framing.logs;

	if (!logs->in_parts) {
		logs->in_parts = true;
		logs->from_stderr = line->from_stderr;
		logs->begin = (size_t)(line->text - window_bytes(source));
		logs->len = line->len;
		logs->between = false;
		return;
	}
	if (logs->between) {
		/* its bytes are in the way */
		drop_parts(source, "the parts of a line have telemetry of another stream between");
		return;
	}
	memmove(window_bytes(source) + logs->begin + logs->len, line->text, line->len);
	logs->len += line->len;
	if (logs->len > source->options.max_message)
		drop_parts(source, "a line in parts is larger than --max-message");
}

static void take_line(struct sl_source *source, size_t at, size_t len, bool truncated)
{
	struct logs_framing *logs = &source->framing.logs;
	struct log_line line = log_line_of(window_bytes(source) + at, len);
	bool same = logs->in_parts && line.from_stderr == logs->from_stderr;

	if (same || (line.is_part && !logs->in_parts)) {
		add_part(source, &line);
		if (line.is_part || !logs->in_parts)
			return;
		logs->in_parts = false;
		take_text(source, logs->begin, logs->len, truncated);
		return;
	}
	take_text(source, (size_t)(line.text - window_bytes(source)), line.len, truncated);
}

/* What is there of a line that is too large; false: more bytes are needed. */
static bool pass_overlong(struct sl_source *source, size_t left, const char *newline)
{
	struct logs_framing *logs = &source->framing.logs;

	if (!logs->overlong)
		window_complain(source, SL_OVERSIZE, logs->scanned,
				"a line is larger than --max-message");
	logs->in_parts = false;
	logs->overlong = newline == NULL;
	logs->scanned += left;
	return newline != NULL;
}

/* False: more bytes are needed. */
static bool next_line(struct sl_source *source)
{
	struct logs_framing *logs = &source->framing.logs;
	const char *from = window_bytes(source) + logs->scanned;
	size_t left = window_len(source) - logs->scanned;
	const char *newline = left != 0 ? memchr(from, '\n', left) : NULL;
	size_t len = newline != NULL ? (size_t)(newline - from) : left;

	if (newline == NULL && !source->ended && left <= source->options.max_message &&
	    !logs->overlong)
		return false;
	if (logs->overlong || len > source->options.max_message) {
		source->line += newline != NULL;
		return pass_overlong(source, len + (newline != NULL), newline);
	}
	if (len != 0)
		take_line(source, logs->scanned, len, newline == NULL);
	logs->scanned += len + (newline != NULL);
	source->line += newline != NULL;
	return newline != NULL;
}

void frame_logs(struct sl_source *source)
{
	struct logs_framing *logs = &source->framing.logs;
	bool on = true;

	if (source->line == 0)
		source->line = 1;
	while (on && !window_full(source)) {
		on = next_line(source);
		if (!on && source->ended && logs->in_parts) {
			logs->in_parts = false;
			take_text(source, logs->begin, logs->len, true);
		}
		if (!logs->in_parts) {
			window_consume(source, logs->scanned);
			logs->scanned = 0;
		}
	}
}

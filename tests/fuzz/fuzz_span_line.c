/* Any lines, read as span lines: what was read and written is read again as the same span, and
 * written as the same bytes; what was edited, as the same span but for that. */
#include "../unit/lines.h"
#include "same_span.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_edit(struct lines *other, const struct sl_span *span, struct sl_slice text)
{
	struct sl_slice parent = SL_SLICE("12345678"), state = SL_SLICE("ot=th:8");
	struct sl_line_edits edits = { &parent, &state };
	struct sl_span wanted = *span;
	struct sl_buffer edited = { 0 };
	const struct sl_span *again;

	if (!sl_line_edit(text, &edits, &edited) ||
	    lines_read(other, sl_buffer_slice(&edited), &again) != SL_OK)
		abort();
	wanted.parent_span_id = parent;
	wanted.trace_state = state;
	if (!same_span(&wanted, again))
		abort();
	sl_buffer_free(&edited);
}

static void check_line(struct lines *first, struct lines *second, struct lines *edited,
		       struct sl_slice text)
{
	const struct sl_span *span, *again;
	struct sl_slice line;

	if (lines_read(first, text, &span) != SL_OK)
		return;
	check_edit(edited, span,
		   (struct sl_slice){ first->copy, (size_t)(first->cursor.at - first->copy) });
	line = lines_write(first, span);
	if (!sl_utf8_valid(line) || memchr(line.data, '\n', line.len) != line.data + line.len - 1)
		abort();
	if (lines_read(second, line, &again) != SL_OK || lines_notes(second) != 0 ||
	    !same_span(span, again) || !sl_slice_equal(lines_write(second, again), line))
		abort();
}

/* The first byte chooses the options; the lines share their readers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	struct lines first, second, edited;

	if (size == 0)
		return 0;
	lines_open(&first, (*at & 1) != 0, (*at & 2) != 0 ? 3 : 0);
	lines_open(&second, true, 0);
	lines_open(&edited, false, (*at & 2) != 0 ? 3 : 0);
	for (at++; at < end; at++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;

		check_line(&first, &second, &edited, (struct sl_slice){ at, (size_t)(stop - at) });
		at = stop;
	}
	lines_close(&first);
	lines_close(&second);
	lines_close(&edited);
	return 0;
}

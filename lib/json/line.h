/* The reader of span lines, for the reader of documents: what one object says becomes a span. */
#ifndef JSON_LINE_H
#define JSON_LINE_H

#include "spanline/json.h"
#include "spanline/scan.h"

/* The keys of a line, in the order of span-line(5). */
enum line_key {
	LINE_TRACE_ID,
	LINE_SPAN_ID,
	LINE_PARENT_SPAN_ID,
	LINE_NAME,
	LINE_SERVICE,
	LINE_KIND,
	LINE_STATUS,
	LINE_STATUS_MESSAGE,
	LINE_START,
	LINE_DURATION_MS,
	LINE_START_UNIX_NANO,
	LINE_END_UNIX_NANO,
	LINE_TRACE_STATE,
	LINE_FLAGS,
	LINE_ATTRIBUTES,
	LINE_DROPPED_ATTRIBUTES_COUNT,
	LINE_EVENTS,
	LINE_DROPPED_EVENTS_COUNT,
	LINE_LINKS,
	LINE_DROPPED_LINKS_COUNT,
	LINE_EXACT,
	LINE_SCOPE,
	LINE_RESOURCE,
	LINE_KEY_COUNT
};

struct line_reader;

/* NULL: out of memory.  `notes` is borrowed for the reader's life. */
struct line_reader *line_reader_open(const struct sl_decode_options *options,
				     struct sl_notes *notes);
void line_reader_close(struct line_reader *reader);

/*
 * The cursor stands on '{' of a span line; on SL_OK it stands behind the matching '}'.
 * SL_BAD_RECORD: the cursor keeps its fault, and err->offset counts from cursor->begin.  *span is
 * borrowed until the next call.  Serials have their highest bit set, so that they are never those
 * of spans that another reader made.
 */
enum sl_status line_read(struct line_reader *reader, struct sl_cursor *cursor,
			 const struct sl_span **span, struct sl_error *err);

#endif

/* Whose document it is, and what its parts are, by their structure. */
#include "foreign.h"

enum {
	DEPTH = 6,  /* of arrays and wrappers around the first record */
	TRIES = 64, /* at the first record, where what stands before it is broken */
};

/* What tells a format: all of these keys in one object, and one of those. */
static const struct {
	enum sl_foreign format;
	unsigned all, any;
} signs[] = {
	{ SL_FOREIGN_TEMPO_SEARCH, KEY_TRACE_ID_BIG, KEY_ROOT },
	{ SL_FOREIGN_JAEGER, KEY_TRACE_ID_BIG, KEY_SPANS | KEY_PROCESSES | KEY_SPAN_ID_BIG },
	{ SL_FOREIGN_JAEGER, KEY_SPANS | KEY_PROCESSES, KEY_SPANS },
	{ SL_FOREIGN_JAEGER, KEY_TRACE_ID | KEY_OPERATION_NAME, KEY_TRACE_ID },
	{ SL_FOREIGN_JAEGER, KEY_TRACE_ID_LOW, KEY_TRACE_ID_LOW },
	{ SL_FOREIGN_JAEGER, KEY_DATA | KEY_TOTAL | KEY_LIMIT | KEY_OFFSET, KEY_DATA },
	{ SL_FOREIGN_ZIPKIN, KEY_TRACE_ID | KEY_ID, KEY_ID },
	{ SL_FOREIGN_STDOUTTRACE, KEY_SPAN_CONTEXT, KEY_SPAN_CONTEXT },
	{ SL_FOREIGN_CONSOLE, KEY_CONTEXT | KEY_PARENT_ID | KEY_START_TIME, KEY_CONTEXT },
	{ SL_FOREIGN_DATADOG, KEY_SNAKE_TRACE_ID | KEY_SNAKE_SPAN_ID | KEY_PARENT_ID, KEY_META },
	{ SL_FOREIGN_EVENT, KEY_BODY | KEY_IS_BASE64, KEY_BODY },
};

/* Keys in whose values the first record may stand. */
static const unsigned around =
	KEY_DATA | KEY_HITS | KEY_SOURCE | KEY_RESULT | KEY_SPANS | KEY_TRACES;

struct search {
	struct sl_cursor cursor;
	enum sl_foreign format;
};

/* A format is told, or that it is none of them. */
static bool is_told(struct search *search, unsigned keys, enum sl_foreign_sight *sight)
{
	*sight = SL_FOREIGN_NONE;
	if ((keys & KEY_OTLP) != 0)
		return true;
	*sight = SL_FOREIGN_SEEN;
	for (size_t i = 0; i < SL_COUNT(signs); i++)
		if ((keys & signs[i].all) == signs[i].all && (keys & signs[i].any) != 0) {
			search->format = signs[i].format;
			return true;
		}
	return false;
}

static enum sl_foreign_sight look(struct search *search, unsigned depth);

/* SL_FOREIGN_OPEN: it does not tell, and the cursor is behind it, or has a fault. */
static enum sl_foreign_sight look_at_object(struct search *search, unsigned depth)
{
	struct sl_cursor *cursor = &search->cursor, start = *cursor;
	enum sl_foreign_sight sight;
	unsigned keys = 0;
	struct sl_slice key = { "", 0 };

	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		unsigned bit = foreign_key(key);
		char byte = sl_cursor_peek(cursor);

		keys |= bit;
		if (is_told(search, keys, &sight))
			return sight;
		if ((bit & around) != 0 && (byte == '[' || byte == '{')) {
			sight = look(search, depth + 1);
			if (sight != SL_FOREIGN_OPEN)
				return sight;
		} else if (!sl_cursor_skip_value(cursor)) {
			break;
		}
	}
	/* names are many, and stand in any order: they are only asked where nothing else tells */
	if (cursor->fault != SL_FAULT_NONE || !flat_tells(&start))
		return SL_FOREIGN_OPEN;
	search->format = SL_FOREIGN_FLAT;
	return SL_FOREIGN_SEEN;
}

static enum sl_foreign_sight look_at_list(struct search *search, unsigned depth)
{
	struct sl_cursor *cursor = &search->cursor;
	enum sl_foreign_sight sight = SL_FOREIGN_OPEN;

	for (bool begun = false; sl_cursor_next_element(cursor, &begun);) {
		sight = look(search, depth + 1);
		if (sight != SL_FOREIGN_OPEN || cursor->fault != SL_FAULT_NONE)
			break;
	}
	return sight;
}

static enum sl_foreign_sight look(struct search *search, unsigned depth)
{
	struct sl_cursor *cursor = &search->cursor;
	char byte = sl_cursor_peek(cursor);

	if (depth < DEPTH && byte == '{')
		return look_at_object(search, depth);
	if (depth < DEPTH && byte == '[')
		return look_at_list(search, depth);
	(void)sl_cursor_skip_value(cursor);
	return SL_FOREIGN_OPEN;
}

static struct sl_cursor cursor_over(struct sl_slice text, struct sl_notes *notes)
{
	return (struct sl_cursor){
		.at = text.data, .begin = text.data, .end = text.data + text.len, .notes = notes
	};
}

/* Behind what is broken, to the next line that may begin with a document, or a part of one; false:
 * there is none in sight. */
static bool next_line(struct sl_cursor *cursor)
{
	const char *at = cursor->fault != SL_FAULT_NONE ? cursor->fault_at : cursor->at;

	cursor->fault = SL_FAULT_NONE;
	while (at < cursor->end && (at = memchr(at, '\n', (size_t)(cursor->end - at))) != NULL) {
		cursor->at = at;
		sl_cursor_skip_space(cursor);
		at = cursor->at;
		if (sl_cursor_peek(cursor) == '{' || sl_cursor_peek(cursor) == '[')
			return true;
	}
	return false;
}

enum sl_foreign_sight sl_foreign_detect(struct sl_slice start, bool ended, enum sl_foreign *format)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct sl_notes unused = { { 0 }, { 0 } };
	struct search search = { .cursor = cursor_over(start, &unused) };
	struct sl_cursor *cursor = &search.cursor;
	enum sl_foreign_sight sight;
	bool broken = false;

	if (sl_cursor_left(cursor, 3) && memcmp(start.data, mark, 3) == 0)
		cursor->at += 3;
	sl_cursor_skip_space(cursor);
	sight = look(&search, 0);
	for (unsigned i = 0; sight == SL_FOREIGN_OPEN && i < TRIES; i++) {
		broken = broken || cursor->fault == SL_FAULT_SYNTAX;
		if (!broken || cursor->fault == SL_FAULT_CUT || !next_line(cursor))
			break;
		sight = look(&search, 0);
	}
	*format = search.format;
	if (sight != SL_FOREIGN_OPEN)
		return sight;
	/* the first document is whole and tells nothing, or there is none */
	return ended || cursor->fault != SL_FAULT_CUT ? SL_FOREIGN_NONE : SL_FOREIGN_OPEN;
}

static enum sl_foreign_part part_of_list(const struct foreign_format *format,
					 const struct sl_cursor *list, bool ended)
{
	struct sl_cursor cursor = *list;

	if (!format->whole_lists)
		return SL_FOREIGN_LIST;
	cursor.at++;
	sl_cursor_skip_space(&cursor);
	if (cursor.at == cursor.end && !ended)
		return SL_FOREIGN_UNKNOWN;
	return sl_cursor_peek(&cursor) == '{' ? SL_FOREIGN_RECORD : SL_FOREIGN_LIST;
}

enum sl_foreign_part sl_foreign_part(enum sl_foreign id, struct sl_slice value, bool ended)
{
	const struct foreign_format *format = &foreign_formats[id];
	struct sl_notes unused = { { 0 }, { 0 } };
	struct sl_cursor cursor = cursor_over(value, &unused);
	struct sl_slice key = { "", 0 };

	if (sl_cursor_peek(&cursor) == '[')
		return part_of_list(format, &cursor, ended);
	for (bool begun = false; sl_cursor_next_member(&cursor, &begun, &key);) {
		unsigned bit = foreign_key(key);
		char byte = sl_cursor_peek(&cursor);

		if ((bit & format->records) != 0)
			return SL_FOREIGN_RECORD;
		if ((bit & format->wrappers) != 0 && (byte == '[' || byte == '{'))
			return SL_FOREIGN_WRAPPER;
		if (!sl_cursor_skip_value(&cursor))
			break;
	}
	return cursor.fault == SL_FAULT_CUT && !ended ? SL_FOREIGN_UNKNOWN : SL_FOREIGN_RECORD;
}

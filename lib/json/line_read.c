/* The reader of span lines: the span itself, and what a line has to have. */
#include "line_read.h"
#include <stdio.h>
#include <stdlib.h>

/* A name, or a number that has none: what `parse` makes of names is -1 for unknown ones. */
static bool read_enum(struct sl_cursor *cursor, int32_t (*parse)(struct sl_slice name),
		      int32_t *number)
{
	const char *start = cursor->at;
	struct sl_slice text;
	int64_t integer;
	double other;

	if (sl_cursor_peek(cursor) == '"') {
		if (!sl_cursor_string(cursor, &text))
			return false;
		*number = parse(text);
		if (*number >= 0)
			return true;
		*number = 0;
		return sl_cursor_note(cursor, SL_NOTE_ENUM_UNKNOWN, start);
	}
	if (!is_number(cursor))
		return sl_cursor_skip_bad_field(cursor);
	if (!sl_cursor_number(cursor, &text))
		return false;
	if (sl_number_of(text, &integer, &other) != SL_NUMBER_INTEGER || integer < INT32_MIN ||
	    integer > INT32_MAX)
		return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
	*number = (int32_t)integer;
	return true;
}

static bool read_kind(struct line_reader *reader, struct sl_cursor *cursor, void *into)
{
	(void)reader;
	return read_enum(cursor, sl_kind_parse, into);
}

static bool read_status(struct line_reader *reader, struct sl_cursor *cursor, void *into)
{
	(void)reader;
	return read_enum(cursor, sl_status_parse, into);
}

#define RECORD(member) offsetof(struct line_record, member)

#define FIELD(key, text, read, member, exact)                                                      \
	[LINE_##key] = { LINE_KEY(text), read, RECORD(member), EXACT_##exact }

const struct line_field line_fields[LINE_KEY_COUNT] = {
	FIELD(TRACE_ID, "trace_id", read_hex, span.trace_id, NOTHING),
	FIELD(SPAN_ID, "span_id", read_hex, span.span_id, NOTHING),
	FIELD(PARENT_SPAN_ID, "parent_span_id", read_hex, span.parent_span_id, NOTHING),
	FIELD(NAME, "name", read_text, span.name, TEXT),
	FIELD(SERVICE, "service", read_text, service, NOTHING),
	FIELD(KIND, "kind", read_kind, span.kind, NOTHING),
	FIELD(STATUS, "status", read_status, span.status_code, NOTHING),
	FIELD(STATUS_MESSAGE, "status_message", read_text, span.status_message, TEXT),
	FIELD(START, "start", read_text, start, NOTHING),
	FIELD(DURATION_MS, "duration_ms", read_number_text, duration_ms, NOTHING),
	FIELD(START_UNIX_NANO, "start_unix_nano", read_nanos, start_nanos, NOTHING),
	FIELD(END_UNIX_NANO, "end_unix_nano", read_nanos, end_nanos, NOTHING),
	FIELD(TRACE_STATE, "trace_state", read_text, span.trace_state, TEXT),
	FIELD(FLAGS, "flags", read_count, span.flags, NOTHING),
	FIELD(ATTRIBUTES, "attributes", read_attributes, span.attributes, ATTRIBUTES),
	FIELD(DROPPED_ATTRIBUTES_COUNT, "dropped_attributes_count", read_count,
	      span.dropped_attributes_count, NOTHING),
	FIELD(EVENTS, "events", read_events, span, NOTHING),
	FIELD(DROPPED_EVENTS_COUNT, "dropped_events_count", read_count, span.dropped_events_count,
	      NOTHING),
	FIELD(LINKS, "links", read_links, span, NOTHING),
	FIELD(DROPPED_LINKS_COUNT, "dropped_links_count", read_count, span.dropped_links_count,
	      NOTHING),
	FIELD(EXACT, "exact", read_raw, exact, NOTHING),
	FIELD(SCOPE, "scope", read_scope, has_scope, NOTHING),
	FIELD(RESOURCE, "resource", read_resource, has_resource, NOTHING),
};

static const struct line_shape shape = {
	.fields = line_fields,
	.count = LINE_KEY_COUNT,
	.exact = RECORD(exact),
};

struct line_reader *line_reader_open(const struct sl_decode_options *options,
				     struct sl_notes *notes)
{
	struct line_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return NULL;
	reader->max_depth = options->max_depth != 0 ? options->max_depth : SL_MAX_DEPTH;
	reader->builder.arena = &reader->arena;
	reader->strict = options->strict;
	reader->notes = notes;
	origin_open(reader);
	return reader;
}

void line_reader_close(struct line_reader *reader)
{
	if (reader == NULL)
		return;
	origin_close(reader);
	sl_builder_free(&reader->builder);
	sl_arena_free(&reader->arena);
	free(reader->events.items);
	free(reader->links.items);
	free(reader->texts.items);
	key_index_free(&reader->keys);
	sl_buffer_free(&reader->scratch);
	free(reader);
}

/* Adds one more thing to the list of those that the line does not have. */
static void miss(struct line_reader *reader, const char *what)
{
	size_t len = strlen(reader->problem);

	snprintf(reader->problem + len, sizeof(reader->problem) - len, "%s%s",
		 len == 0 ? "a span line without " : ", ", what);
}

static bool is_complete(struct line_reader *reader, struct line_record *record)
{
	bool has_start, has_end;

	reader->problem[0] = '\0';
	if (record->span.trace_id.data == NULL)
		miss(reader, "trace_id");
	if (record->span.span_id.data == NULL)
		miss(reader, "span_id");
	find_times(record, &has_start, &has_end);
	if (!has_start)
		miss(reader, "start_unix_nano or start (RFC 3339)");
	if (!has_end)
		miss(reader, "end_unix_nano or duration_ms");
	return reader->problem[0] == '\0';
}

static bool settle(struct line_reader *reader, struct sl_cursor *cursor, struct line_record *record)
{
	if (!is_complete(reader, record))
		return sl_cursor_refuse(cursor, record->begin, reader->problem);
	if (!times_agree(record) && !sl_cursor_note(cursor, SL_NOTE_LINE_DERIVED, record->begin))
		return false;
	return settle_origin(reader, cursor, record);
}

/* The document's bytes, if there is no newline among them. */
static struct sl_slice line_of(const char *start, const char *end)
{
	size_t len = (size_t)(end - start);

	return memchr(start, '\n', len) == NULL ? (struct sl_slice){ start, len }
						: (struct sl_slice){ NULL, 0 };
}

enum sl_status line_read(struct line_reader *reader, struct sl_cursor *cursor,
			 const struct sl_span **span, struct sl_error *err)
{
	struct line_record *record = &reader->record;
	struct sl_arena *arena = cursor->arena;
	uint64_t given;
	bool read;

	sl_arena_reset(&reader->arena);
	reader->builder.height = 0;
	*record = (struct line_record){ .begin = cursor->at };
	cursor->arena = &reader->arena;
	cursor->notes = reader->notes;
	cursor->strict = reader->strict;
	read = read_object(reader, cursor, &shape, record, &given) &&
	       settle(reader, cursor, record);
	cursor->arena = arena;
	if (!read)
		return sl_cursor_status(cursor, err);
	record->span.line = line_of(record->begin, cursor->at);
	*span = &record->span;
	return SL_OK;
}

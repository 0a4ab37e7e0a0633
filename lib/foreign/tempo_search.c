/*
 * Spans in an answer of Tempo's search: what the query selected of them, in the traces that it
 * found.  An answer without span sets has nothing but the names and times of traces.
 */
#include "others.h"
#include "spanline/text.h"

/* Keys of a trace, a set and a span. */
enum { TELLING = KEY_TRACE_ID_BIG | KEY_SPANS | KEY_SPAN_ID_BIG };

/* Of the one that is read; kept in the reader's parts, for what stands behind damage. */
struct trace {
	struct sl_slice trace_id;
	size_t spans; /* that were read of it */
};

struct span {
	struct sl_span span;
	uint64_t duration;
	struct foreign_tags tags;
	struct sl_slice service;
};

/* An AnyValue's member: what it holds. */
static bool read_any(struct sl_foreign_reader *reader, void *value)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_value *read = value;
	struct sl_slice key = { "", 0 };

	if (sl_cursor_peek(cursor) != '{')
		return foreign_value(reader, value);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		if (!foreign_value(reader, read))
			return false;
		if (read->type == SL_VALUE_STRING && sl_slice_equal(key, SL_SLICE("intValue"))) {
			int64_t integer;

			if (sl_parse_i64(read->text, &integer))
				*read = (struct sl_value){ .type = SL_VALUE_INT,
							   .integer = integer };
		} else if (read->type == SL_VALUE_INT &&
			   sl_slice_equal(key, SL_SLICE("doubleValue"))) {
			*read = (struct sl_value){ .type = SL_VALUE_DOUBLE,
						   .number = (double)read->integer };
		}
	}
	return cursor->fault == SL_FAULT_NONE;
}

static const struct foreign_member attribute_members[] = {
	{ FOREIGN_KEY("key"), foreign_slice, offsetof(struct sl_attribute, key) },
	{ FOREIGN_KEY("value"), read_any, offsetof(struct sl_attribute, value) },
};
static const struct foreign_shape attribute_shape = { attribute_members,
						      SL_COUNT(attribute_members) };

/* What select() names of the span itself is among the attributes. */
static bool take_field(struct span *span, const struct sl_attribute *attribute)
{
	const struct sl_value *value = &attribute->value;
	int32_t number;

	if (value->type != SL_VALUE_STRING)
		return false;
	if (sl_slice_equal(attribute->key, SL_SLICE("service.name")) && span->service.len == 0) {
		span->service = value->text;
		return true;
	}
	if (sl_slice_equal(attribute->key, SL_SLICE("status"))) {
		number = sl_status_parse(value->text);
		span->tags.status = number >= 0 ? number : 0;
		return number >= 0;
	}
	if (sl_slice_equal(attribute->key, SL_SLICE("kind"))) {
		number = sl_kind_parse(value->text);
		span->tags.kind = number >= 0 ? number : 0;
		return number >= 0;
	}
	if (sl_slice_equal(attribute->key, SL_SLICE("name")) && span->span.name.len == 0) {
		span->span.name = value->text;
		return true;
	}
	return false;
}

static bool read_attribute(struct sl_foreign_reader *reader, void *span)
{
	struct sl_attribute attribute = { .key = { "", 0 } };

	return foreign_members(reader, &attribute_shape, &attribute) &&
	       (take_field(span, &attribute) ||
		foreign_attribute(reader, attribute.key, &attribute.value));
}

static bool read_attributes(struct sl_foreign_reader *reader, void *span)
{
	return foreign_each(reader, read_attribute, span);
}

static const struct foreign_member span_members[] = {
	{ FOREIGN_KEY("spanID"), foreign_hex_span_id, offsetof(struct span, span.span_id) },
	{ FOREIGN_KEY("name"), foreign_slice, offsetof(struct span, span.name) },
	{ FOREIGN_KEY("startTimeUnixNano"), foreign_u64,
	  offsetof(struct span, span.start_unix_nano) },
	{ FOREIGN_KEY("durationNanos"), foreign_u64, offsetof(struct span, duration) },
	{ FOREIGN_KEY("attributes"), read_attributes, 0 },
};
static const struct foreign_shape span_shape = { span_members, SL_COUNT(span_members) };

static bool read_span(struct sl_foreign_reader *reader, void *context)
{
	struct span read = { .span = sl_span_empty };
	struct sl_span *span = &read.span;
	struct trace *trace = context;

	foreign_begin_span(reader, span);
	if (!foreign_members(reader, &span_shape, &read))
		return false;
	span->resource = foreign_service(reader, read.service);
	if (span->resource == NULL || !foreign_settle_tags(reader, &read.tags, span) ||
	    !foreign_end(reader, span->start_unix_nano, read.duration, &span->end_unix_nano))
		return false;
	if (!sl_builder_finish(&reader->builder, 0, &span->attributes))
		return sl_cursor_memory(&reader->cursor);
	trace->spans++;
	span->trace_id = trace->trace_id;
	return foreign_keep_span(reader, span);
}

/* Behind damage: the next span of the list, or false where something else comes. */
static bool resume_in_list(struct sl_foreign_reader *reader)
{
	unsigned keys;
	size_t looked;

	if (!foreign_resume(reader))
		return false;
	keys = foreign_keys_of(&reader->cursor, TELLING, &looked);
	return (keys & KEY_SPAN_ID_BIG) != 0 || foreign_leave(reader);
}

/* The cursor is before a list, or behind damage at a span in it. */
static bool read_list(struct sl_foreign_reader *reader, struct trace *trace, bool resumed)
{
	bool begun = resumed;

	while (resumed || sl_cursor_next_object(&reader->cursor, &begun)) {
		resumed = false;
		if (read_span(reader, trace))
			continue;
		if (!resume_in_list(reader))
			return false;
		resumed = begun = true;
	}
	return foreign_end_list(reader);
}

static bool read_spans(struct sl_foreign_reader *reader, void *trace)
{
	if (sl_cursor_peek(&reader->cursor) != '[')
		return sl_cursor_skip_bad_field(&reader->cursor);
	return read_list(reader, trace, false);
}

static const struct foreign_member set_members[] = {
	{ FOREIGN_KEY("spans"), read_spans, 0 },
};
static const struct foreign_shape set_shape = { set_members, SL_COUNT(set_members) };

/* Older answers have one set in its place, newer ones both. */
static bool read_set(struct sl_foreign_reader *reader, void *context)
{
	struct trace *trace = context;

	if (trace->spans != 0)
		return sl_cursor_skip_value(&reader->cursor);
	return foreign_members(reader, &set_shape, trace);
}

static bool read_each_set(struct sl_foreign_reader *reader, void *trace)
{
	return foreign_members(reader, &set_shape, trace);
}

static bool read_sets(struct sl_foreign_reader *reader, void *context)
{
	struct trace *trace = context;

	if (trace->spans != 0)
		return sl_cursor_skip_value(&reader->cursor);
	return foreign_each(reader, read_each_set, trace);
}

static const struct foreign_member trace_members[] = {
	{ FOREIGN_KEY("traceID"), foreign_hex_trace_id, offsetof(struct trace, trace_id) },
	{ FOREIGN_KEY("spanSet"), read_set, 0 },
	{ FOREIGN_KEY("spanSets"), read_sets, 0 },
};
static const struct foreign_shape trace_shape = { trace_members, SL_COUNT(trace_members) };

bool tempo_search_resumes(unsigned keys)
{
	return (keys & (KEY_SPANS | KEY_SPAN_ID_BIG)) != 0 ||
	       ((keys & KEY_TRACE_ID_BIG) != 0 && (keys & KEY_ROOT) != 0);
}

static bool read_trace(struct sl_foreign_reader *reader, struct trace *trace)
{
	const char *start = reader->cursor.at;

	*trace = (struct trace){ .spans = 0 };
	if (!foreign_members(reader, &trace_shape, trace))
		return false;
	/* the id may stand behind them */
	for (size_t i = reader->spans.count - trace->spans; i < reader->spans.count; i++)
		((struct sl_span *)(void *)reader->spans.items)[i].trace_id = trace->trace_id;
	return trace->spans != 0 ||
	       sl_cursor_note(&reader->cursor, SL_NOTE_TRACE_WITHOUT_SPANS, start);
}

/* Behind damage: a set or a span of the trace, unless one that has been read is said again. */
static bool read_remains(struct sl_foreign_reader *reader, struct trace *trace, unsigned keys)
{
	if (trace->spans != 0)
		return sl_cursor_skip_value(&reader->cursor);
	return (keys & KEY_SPANS) != 0 ? read_each_set(reader, trace)
				       : read_list(reader, trace, true);
}

bool tempo_search_read(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	bool resumed = reader->parts.count != 0;
	struct trace *trace = NULL;
	unsigned keys = 0;
	size_t looked;

	if (sl_cursor_peek(cursor) == '{')
		keys = foreign_keys_of(cursor, TELLING, &looked);
	if ((keys & KEY_TRACE_ID_BIG) == 0 && (!resumed || (keys & TELLING) == 0))
		return foreign_other(reader);
	trace = resumed ? (void *)reader->parts.items
			: foreign_push(reader, &reader->parts, sizeof(*trace));
	if (trace == NULL)
		return false;
	return (keys & KEY_TRACE_ID_BIG) != 0 ? read_trace(reader, trace)
					      : read_remains(reader, trace, keys);
}

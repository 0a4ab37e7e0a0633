/* One span of Jaeger, in any of its variants: their fields, and where each goes. */
#include "jaeger.h"

struct log {
	uint64_t time;
	struct sl_attributes attributes;
	struct jaeger_tags tags;
};

struct reference {
	struct sl_slice type, trace_id, span_id;
	struct sl_slice trace_id_high, trace_id_low;
	int64_t number; /* the type in Thrift: 1 follows from */
};

struct span {
	struct sl_slice trace_id, span_id, parent_span_id;
	struct sl_slice trace_id_high, trace_id_low;
	struct sl_slice name, process_id, process;
	uint64_t start, duration;
	struct sl_value flags, warnings;
	struct jaeger_tags tags;
};

static bool read_number(struct sl_foreign_reader *reader, void *number)
{
	if (sl_cursor_plain_integer(&reader->cursor, number))
		return true;
	return sl_cursor_skip_bad_field(&reader->cursor);
}

static bool read_type(struct sl_foreign_reader *reader, void *reference)
{
	struct reference *read = reference;

	if (sl_cursor_peek(&reader->cursor) == '"')
		return sl_cursor_string(&reader->cursor, &read->type);
	return read_number(reader, &read->number);
}

static const struct foreign_member reference_members[] = {
	{ FOREIGN_KEY("refType"), read_type, 0 },
	{ FOREIGN_KEY("traceID"), jaeger_trace_id, offsetof(struct reference, trace_id) },
	{ FOREIGN_KEY("spanID"), jaeger_span_id, offsetof(struct reference, span_id) },
	{ FOREIGN_KEY("traceId"), jaeger_trace_id, offsetof(struct reference, trace_id) },
	{ FOREIGN_KEY("spanId"), jaeger_span_id, offsetof(struct reference, span_id) },
	{ FOREIGN_KEY("traceIdHigh"), jaeger_span_id, offsetof(struct reference, trace_id_high) },
	{ FOREIGN_KEY("traceIdLow"), jaeger_span_id, offsetof(struct reference, trace_id_low) },
};
static const struct foreign_shape reference_shape = { reference_members,
						      SL_COUNT(reference_members) };

static bool follows_from(const struct reference *reference)
{
	return reference->number == 1 || sl_slice_equal(reference->type, SL_SLICE("FOLLOWS_FROM"));
}

/* All are kept as links, until it is known which of them is the parent. */
static bool read_references(struct sl_foreign_reader *reader, void *unused)
{
	struct sl_cursor *cursor = &reader->cursor;

	(void)unused;
	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun);) {
		struct reference reference = { .number = 0 };
		struct sl_link *link;

		if (!foreign_members(reader, &reference_shape, &reference))
			return false;
		if (reference.trace_id_low.len != 0 &&
		    !jaeger_join_id(reader, reference.trace_id_high, reference.trace_id_low,
				    &reference.trace_id))
			return false;
		link = foreign_push(reader, &reader->links, sizeof(*link));
		if (link == NULL)
			return false;
		link->trace_id = reference.trace_id;
		link->span_id = reference.span_id;
		link->flags = follows_from(&reference);
	}
	return cursor->fault == SL_FAULT_NONE;
}

static bool read_fields(struct sl_foreign_reader *reader, void *log)
{
	struct log *read = log;
	size_t height = reader->builder.height;

	if (!jaeger_read_tags(reader, JAEGER_LOG, &read->tags)) {
		reader->builder.height = height;
		return false;
	}
	return sl_builder_finish(&reader->builder, height, &read->attributes) ||
	       sl_cursor_memory(&reader->cursor);
}

static const struct foreign_member log_members[] = {
	{ FOREIGN_KEY("timestamp"), jaeger_time, offsetof(struct log, time) },
	{ FOREIGN_KEY("fields"), read_fields, 0 },
};
static const struct foreign_shape log_shape = { log_members, SL_COUNT(log_members) };

static bool read_logs(struct sl_foreign_reader *reader, void *unused)
{
	struct sl_cursor *cursor = &reader->cursor;

	(void)unused;
	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun);) {
		struct log log = { .time = 0 };
		struct sl_event *event;

		if (!foreign_members(reader, &log_shape, &log))
			return false;
		event = foreign_push(reader, &reader->events, sizeof(*event));
		if (event == NULL)
			return false;
		event->time_unix_nano = log.time;
		event->name = log.tags.event;
		event->attributes = log.attributes;
	}
	return cursor->fault == SL_FAULT_NONE;
}

static bool read_span_tags(struct sl_foreign_reader *reader, void *tags)
{
	return jaeger_read_tags(reader, JAEGER_SPAN, tags);
}

static const struct foreign_member span_members[] = {
	{ FOREIGN_KEY("traceID"), jaeger_trace_id, offsetof(struct span, trace_id) },
	{ FOREIGN_KEY("spanID"), jaeger_span_id, offsetof(struct span, span_id) },
	{ FOREIGN_KEY("parentSpanID"), jaeger_span_id, offsetof(struct span, parent_span_id) },
	{ FOREIGN_KEY("flags"), foreign_value, offsetof(struct span, flags) },
	{ FOREIGN_KEY("operationName"), foreign_slice, offsetof(struct span, name) },
	{ FOREIGN_KEY("references"), read_references, 0 },
	{ FOREIGN_KEY("startTime"), jaeger_time, offsetof(struct span, start) },
	{ FOREIGN_KEY("duration"), jaeger_duration, offsetof(struct span, duration) },
	{ FOREIGN_KEY("tags"), read_span_tags, offsetof(struct span, tags) },
	{ FOREIGN_KEY("tag"), read_span_tags, offsetof(struct span, tags) },
	{ FOREIGN_KEY("logs"), read_logs, 0 },
	{ FOREIGN_KEY("processID"), foreign_slice, offsetof(struct span, process_id) },
	{ FOREIGN_KEY("warnings"), foreign_value, offsetof(struct span, warnings) },
	{ FOREIGN_KEY("process"), foreign_raw, offsetof(struct span, process) },
	{ FOREIGN_KEY("traceId"), jaeger_trace_id, offsetof(struct span, trace_id) },
	{ FOREIGN_KEY("spanId"), jaeger_span_id, offsetof(struct span, span_id) },
	{ FOREIGN_KEY("parentSpanId"), jaeger_span_id, offsetof(struct span, parent_span_id) },
	{ FOREIGN_KEY("processId"), foreign_slice, offsetof(struct span, process_id) },
	{ FOREIGN_KEY("traceIdHigh"), jaeger_span_id, offsetof(struct span, trace_id_high) },
	{ FOREIGN_KEY("traceIdLow"), jaeger_span_id, offsetof(struct span, trace_id_low) },
};
static const struct foreign_shape span_shape = { span_members, SL_COUNT(span_members) };

/* The first reference within the trace, of those it is a child of, or else follows from; SIZE_MAX:
 * none. */
static size_t find_parent(const struct span *span, const struct sl_link *links, size_t count)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		if (!sl_slice_equal(links[i].trace_id, span->trace_id) ||
		    (span->parent_span_id.len != 0 &&
		     !sl_slice_equal(links[i].span_id, span->parent_span_id)))
			continue;
		if (links[i].flags == 0)
			return i;
		if (found == SIZE_MAX)
			found = i;
	}
	return found;
}

/* A reference that is not the parent is a link; one of a second parent says so. */
static bool name_type(struct sl_foreign_reader *reader, struct sl_link *link)
{
	struct sl_value type = foreign_string(SL_SLICE("child_of"));
	size_t height = reader->builder.height;

	if (link->flags == 0 &&
	    (!foreign_attribute(reader, SL_SLICE("opentracing.ref_type"), &type) ||
	     !sl_builder_finish(&reader->builder, height, &link->attributes)))
		return sl_cursor_memory(&reader->cursor);
	link->flags = 0;
	return true;
}

static bool settle_references(struct sl_foreign_reader *reader, struct span *span,
			      struct sl_span *out)
{
	struct sl_link *links = (struct sl_link *)(void *)reader->links.items;
	size_t count = reader->links.count, parent = find_parent(span, links, count);
	void *items;

	if (parent != SIZE_MAX) {
		span->parent_span_id = links[parent].span_id;
		memmove(&links[parent], &links[parent + 1], (count - parent - 1) * sizeof(*links));
		reader->links.count = --count;
	}
	out->parent_span_id = span->parent_span_id;
	for (size_t i = 0; i < count; i++)
		if (!name_type(reader, &links[i]))
			return false;
	out->link_count = count;
	if (count == 0)
		return true;
	if (!foreign_finish(reader, &reader->links, 0, sizeof(*links), &items))
		return false;
	out->links = items;
	return true;
}

static bool settle_events(struct sl_foreign_reader *reader, struct sl_span *out)
{
	void *items;

	out->event_count = reader->events.count;
	if (out->event_count == 0)
		return true;
	if (!foreign_finish(reader, &reader->events, 0, sizeof(*out->events), &items))
		return false;
	out->events = items;
	return true;
}

/* An end that no number holds is left at the start. */
static bool settle_times(struct sl_foreign_reader *reader, const struct span *span,
			 struct sl_span *out)
{
	out->start_unix_nano = out->end_unix_nano = span->start;
	if (span->duration > UINT64_MAX - span->start)
		return sl_cursor_note(&reader->cursor, SL_NOTE_BAD_NUMBER, reader->cursor.at);
	out->end_unix_nano += span->duration;
	return true;
}

/* What Jaeger itself calls it where it makes OTLP of its spans. */
static bool keep_warnings(struct sl_foreign_reader *reader, const struct sl_value *warnings)
{
	return warnings->type == SL_VALUE_EMPTY ||
	       (warnings->type == SL_VALUE_ARRAY && warnings->list.count == 0) ||
	       foreign_attribute(reader, SL_SLICE("@jaeger@warnings"), warnings);
}

static bool settle(struct sl_foreign_reader *reader, struct span *span, struct sl_span *out)
{
	if (span->trace_id_low.len != 0 &&
	    !jaeger_join_id(reader, span->trace_id_high, span->trace_id_low, &span->trace_id))
		return false;
	out->trace_id = span->trace_id;
	out->span_id = span->span_id;
	out->name = span->name;
	out->flags = span->flags.type == SL_VALUE_INT ? span->flags.integer & 1 : 0;
	return foreign_settle_tags(reader, &span->tags.fields, out) &&
	       settle_times(reader, span, out) && settle_references(reader, span, out) &&
	       settle_events(reader, out) && keep_warnings(reader, &span->warnings) &&
	       (sl_builder_finish(&reader->builder, 0, &out->attributes) ||
		sl_cursor_memory(&reader->cursor));
}

/* Parent ids of zeros only mean that there is none. */
static void drop_zeros(struct sl_slice *id)
{
	static const char zeros[8];

	if (id->len == sizeof(zeros) && memcmp(id->data, zeros, sizeof(zeros)) == 0)
		*id = (struct sl_slice){ "", 0 };
}

bool jaeger_read_span(struct sl_foreign_reader *reader, struct sl_slice trace_id, bool hex)
{
	struct span span = { .tags = { .hex = hex } };
	const char *start = reader->cursor.at;
	struct jaeger_pending *pending;
	struct sl_span out = { .kind = 0 };
	struct sl_span *kept;

	reader->builder.height = 0;
	reader->links.count = reader->events.count = 0;
	span.trace_id = trace_id;
	if (!foreign_members(reader, &span_shape, &span))
		return false;
	if (span.span_id.len == 0 && span.name.len == 0)
		return foreign_no_span(reader, start);
	drop_zeros(&span.parent_span_id);
	if (!settle(reader, &span, &out))
		return false;
	pending = foreign_push(reader, &reader->pending, sizeof(*pending));
	kept = pending != NULL ? foreign_add_span(reader) : NULL;
	if (kept == NULL)
		return false;
	out.resource = kept->resource;
	*kept = out;
	*pending = (struct jaeger_pending){ span.process_id, false };
	if (span.process.len == 0)
		return true;
	kept->resource = jaeger_resource(reader, span.process);
	pending->has_process = true;
	return kept->resource != NULL;
}

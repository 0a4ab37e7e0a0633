/*
 * What Go's stdouttrace prints of a span, its structs as Go's JSON has them: pretty, on lines, or
 * in an array (BuildKit).
 */
#include "others.h"
#include "spanline/text.h"

struct context {
	struct sl_slice trace_id, span_id, flags, trace_state;
};

struct status {
	struct sl_slice code, message;
};

struct span {
	struct sl_span span;
	struct context own, parent;
	struct status status;
	struct sl_value kind;
	struct sl_slice resource, scope;
};

/* {"Type":..,"Value":..}: the type tells a double that looks like an integer. */
struct value {
	struct sl_slice type;
	struct sl_value value;
};

struct attribute {
	struct sl_slice key;
	struct value value;
};

static const struct foreign_member context_members[] = {
	{ FOREIGN_KEY("TraceID"), foreign_trace_id, offsetof(struct context, trace_id) },
	{ FOREIGN_KEY("SpanID"), foreign_span_id, offsetof(struct context, span_id) },
	{ FOREIGN_KEY("TraceFlags"), foreign_slice, offsetof(struct context, flags) },
	{ FOREIGN_KEY("TraceState"), foreign_slice, offsetof(struct context, trace_state) },
};
static const struct foreign_shape context_shape = { context_members, SL_COUNT(context_members) };

static bool read_context(struct sl_foreign_reader *reader, void *context)
{
	return foreign_members(reader, &context_shape, context);
}

static const struct foreign_member value_members[] = {
	{ FOREIGN_KEY("Type"), foreign_slice, offsetof(struct value, type) },
	{ FOREIGN_KEY("Value"), foreign_value, offsetof(struct value, value) },
};
static const struct foreign_shape value_shape = { value_members, SL_COUNT(value_members) };

static bool read_value(struct sl_foreign_reader *reader, void *value)
{
	return foreign_members(reader, &value_shape, value);
}

static const struct foreign_member attribute_members[] = {
	{ FOREIGN_KEY("Key"), foreign_slice, offsetof(struct attribute, key) },
	{ FOREIGN_KEY("Value"), read_value, offsetof(struct attribute, value) },
};
static const struct foreign_shape attribute_shape = { attribute_members,
						      SL_COUNT(attribute_members) };

static void make_double(struct sl_value *value)
{
	if (value->type == SL_VALUE_INT)
		*value = (struct sl_value){ .type = SL_VALUE_DOUBLE,
					    .number = (double)value->integer };
}

static void settle_value(struct value *value)
{
	struct sl_value *settled = &value->value;

	if (sl_slice_equal(value->type, SL_SLICE("FLOAT64")))
		make_double(settled);
	if (sl_slice_equal(value->type, SL_SLICE("FLOAT64SLICE")) &&
	    settled->type == SL_VALUE_ARRAY)
		for (size_t i = 0; i < settled->list.count; i++)
			make_double(&settled->list.items[i].value);
}

static bool read_attribute(struct sl_foreign_reader *reader, void *unused)
{
	struct attribute attribute = { .key = { "", 0 } };

	(void)unused;
	if (!foreign_members(reader, &attribute_shape, &attribute))
		return false;
	settle_value(&attribute.value);
	return foreign_attribute(reader, attribute.key, &attribute.value.value);
}

static bool read_attributes(struct sl_foreign_reader *reader, void *attributes)
{
	size_t height = reader->builder.height;

	if (!foreign_each(reader, read_attribute, NULL)) {
		reader->builder.height = height;
		return false;
	}
	return sl_builder_finish(&reader->builder, height, attributes) ||
	       sl_cursor_memory(&reader->cursor);
}

static const struct foreign_member event_members[] = {
	{ FOREIGN_KEY("Name"), foreign_slice, offsetof(struct sl_event, name) },
	{ FOREIGN_KEY("Attributes"), read_attributes, offsetof(struct sl_event, attributes) },
	{ FOREIGN_KEY("DroppedAttributeCount"), foreign_u32,
	  offsetof(struct sl_event, dropped_attributes_count) },
	{ FOREIGN_KEY("Time"), foreign_instant, offsetof(struct sl_event, time_unix_nano) },
};
static const struct foreign_shape event_shape = { event_members, SL_COUNT(event_members) };

static bool read_events(struct sl_foreign_reader *reader, void *unused)
{
	(void)unused;
	return foreign_events(reader, &event_shape);
}

struct link {
	struct sl_link link;
	struct context context;
};

static const struct foreign_member link_members[] = {
	{ FOREIGN_KEY("SpanContext"), read_context, offsetof(struct link, context) },
	{ FOREIGN_KEY("Attributes"), read_attributes, offsetof(struct link, link.attributes) },
	{ FOREIGN_KEY("DroppedAttributeCount"), foreign_u32,
	  offsetof(struct link, link.dropped_attributes_count) },
};
static const struct foreign_shape link_shape = { link_members, SL_COUNT(link_members) };

/* Two hex digits. */
static uint32_t flags_of(struct sl_slice text)
{
	char byte;

	return text.len == 2 && sl_parse_hex(text, &byte) ? (unsigned char)byte : 0;
}

static bool read_link(struct sl_foreign_reader *reader, void *unused)
{
	struct link link = { .context = { .flags = { "", 0 } } };

	(void)unused;
	if (!foreign_members(reader, &link_shape, &link))
		return false;
	link.link.trace_id = link.context.trace_id;
	link.link.span_id = link.context.span_id;
	link.link.trace_state = link.context.trace_state;
	link.link.flags = flags_of(link.context.flags);
	return foreign_keep_link(reader, &link.link);
}

static bool read_links(struct sl_foreign_reader *reader, void *unused)
{
	return foreign_each(reader, read_link, unused);
}

static const struct foreign_member status_members[] = {
	{ FOREIGN_KEY("Code"), foreign_slice, offsetof(struct status, code) },
	{ FOREIGN_KEY("Description"), foreign_slice, offsetof(struct status, message) },
};
static const struct foreign_shape status_shape = { status_members, SL_COUNT(status_members) };

static bool read_status(struct sl_foreign_reader *reader, void *status)
{
	return foreign_members(reader, &status_shape, status);
}

static const struct foreign_member span_members[] = {
	{ FOREIGN_KEY("Name"), foreign_slice, offsetof(struct span, span.name) },
	{ FOREIGN_KEY("SpanContext"), read_context, offsetof(struct span, own) },
	{ FOREIGN_KEY("Parent"), read_context, offsetof(struct span, parent) },
	{ FOREIGN_KEY("SpanKind"), foreign_value, offsetof(struct span, kind) },
	{ FOREIGN_KEY("StartTime"), foreign_instant, offsetof(struct span, span.start_unix_nano) },
	{ FOREIGN_KEY("EndTime"), foreign_instant, offsetof(struct span, span.end_unix_nano) },
	{ FOREIGN_KEY("Attributes"), read_attributes, offsetof(struct span, span.attributes) },
	{ FOREIGN_KEY("Events"), read_events, 0 },
	{ FOREIGN_KEY("Links"), read_links, 0 },
	{ FOREIGN_KEY("Status"), read_status, offsetof(struct span, status) },
	{ FOREIGN_KEY("DroppedAttributes"), foreign_u32,
	  offsetof(struct span, span.dropped_attributes_count) },
	{ FOREIGN_KEY("DroppedEvents"), foreign_u32,
	  offsetof(struct span, span.dropped_events_count) },
	{ FOREIGN_KEY("DroppedLinks"), foreign_u32,
	  offsetof(struct span, span.dropped_links_count) },
	{ FOREIGN_KEY("Resource"), foreign_raw, offsetof(struct span, resource) },
	{ FOREIGN_KEY("InstrumentationScope"), foreign_raw, offsetof(struct span, scope) },
	{ FOREIGN_KEY("InstrumentationLibrary"), foreign_raw, offsetof(struct span, scope) },
};
static const struct foreign_shape span_shape = { span_members, SL_COUNT(span_members) };

static bool make_resource(struct sl_foreign_reader *reader, struct sl_resource *resource)
{
	return read_attributes(reader, &resource->attributes);
}

static const struct foreign_member scope_members[] = {
	{ FOREIGN_KEY("Name"), foreign_slice, offsetof(struct sl_scope, name) },
	{ FOREIGN_KEY("Version"), foreign_slice, offsetof(struct sl_scope, version) },
	{ FOREIGN_KEY("SchemaURL"), foreign_slice, offsetof(struct sl_scope, schema_url) },
	{ FOREIGN_KEY("Attributes"), read_attributes, offsetof(struct sl_scope, attributes) },
};
static const struct foreign_shape scope_shape = { scope_members, SL_COUNT(scope_members) };

static bool make_scope(struct sl_foreign_reader *reader, struct sl_scope *scope)
{
	return foreign_members(reader, &scope_shape, scope);
}

static bool settle(struct sl_foreign_reader *reader, struct span *read)
{
	struct sl_span *span = &read->span;

	span->trace_id = read->own.trace_id;
	span->span_id = read->own.span_id;
	span->trace_state = read->own.trace_state;
	span->flags = flags_of(read->own.flags);
	span->parent_span_id = read->parent.span_id;
	foreign_drop_zeros(&span->parent_span_id);
	if (read->kind.type == SL_VALUE_INT && read->kind.integer >= 0 &&
	    read->kind.integer <= INT32_MAX)
		span->kind = (int32_t)read->kind.integer;
	if (sl_slice_equal(read->status.code, SL_SLICE("Ok")))
		span->status_code = SL_STATUS_OK;
	else if (sl_slice_equal(read->status.code, SL_SLICE("Error")))
		span->status_code = SL_STATUS_ERROR;
	span->status_message = read->status.message;
	if (read->resource.len != 0)
		span->resource = foreign_resource(reader, read->resource, make_resource);
	if (read->scope.len != 0)
		span->scope = foreign_made_scope(reader, read->scope, make_scope);
	return span->resource != NULL && span->scope != NULL && foreign_settle_lists(reader, span);
}

bool stdouttrace_resumes(unsigned keys)
{
	/* a link has a SpanContext, too */
	return (keys & KEY_SPAN_CONTEXT) != 0 && (keys & KEY_START_TIME) != 0;
}

bool stdouttrace_read(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct span read = { .span = sl_span_empty };
	size_t looked;

	if (sl_cursor_peek(cursor) != '{' ||
	    (foreign_keys_of(cursor, KEY_SPAN_CONTEXT, &looked) & KEY_SPAN_CONTEXT) == 0)
		return foreign_other(reader);
	foreign_begin_span(reader, &read.span);
	return foreign_members(reader, &span_shape, &read) && settle(reader, &read) &&
	       foreign_keep_span(reader, &read.span);
}

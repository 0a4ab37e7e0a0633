/* The one table of fields, in the order of the span line. */
#include "spanline/span.h"

static void text(struct sl_value *value, struct sl_slice slice)
{
	value->type = slice.len == 0 ? SL_VALUE_EMPTY : SL_VALUE_STRING;
	value->text = slice;
}

static void id(struct sl_value *value, struct sl_slice slice)
{
	value->type = slice.len == 0 ? SL_VALUE_EMPTY : SL_VALUE_BYTES;
	value->text = slice;
}

static void integer(struct sl_value *value, int64_t number)
{
	value->type = SL_VALUE_INT;
	value->integer = number;
}

static void count(struct sl_value *value, uint32_t number)
{
	integer(value, number);
	if (number == 0)
		value->type = SL_VALUE_EMPTY;
}

static void enumeration(struct sl_value *value, int32_t number, const char *name)
{
	if (name == NULL)
		integer(value, number);
	else
		text(value, sl_slice_of(name));
}

static void get_trace_id(const struct sl_span *span, struct sl_value *value)
{
	id(value, span->trace_id);
}

static void get_span_id(const struct sl_span *span, struct sl_value *value)
{
	id(value, span->span_id);
}

static void get_parent_span_id(const struct sl_span *span, struct sl_value *value)
{
	id(value, span->parent_span_id);
}

static void get_name(const struct sl_span *span, struct sl_value *value)
{
	value->type = SL_VALUE_STRING;
	value->text = span->name;
}

static void get_service(const struct sl_span *span, struct sl_value *value)
{
	if (!sl_span_attribute(span, SL_OWNER_RESOURCE, SL_SLICE("service.name"), value))
		*value = (struct sl_value){ .type = SL_VALUE_EMPTY };
}

static void get_kind(const struct sl_span *span, struct sl_value *value)
{
	enumeration(value, span->kind, sl_kind_name(span->kind));
}

static void get_status(const struct sl_span *span, struct sl_value *value)
{
	enumeration(value, span->status_code, sl_status_name(span->status_code));
}

static void get_status_message(const struct sl_span *span, struct sl_value *value)
{
	text(value, span->status_message);
}

/* Times and durations as int64: ns from 2262 on wrap, as TraceQL's do. */
static void get_start(const struct sl_span *span, struct sl_value *value)
{
	integer(value, (int64_t)span->start_unix_nano);
}

static void get_end(const struct sl_span *span, struct sl_value *value)
{
	integer(value, (int64_t)span->end_unix_nano);
}

static void get_duration(const struct sl_span *span, struct sl_value *value)
{
	integer(value, (int64_t)(span->end_unix_nano - span->start_unix_nano));
}

static void get_trace_state(const struct sl_span *span, struct sl_value *value)
{
	text(value, span->trace_state);
}

static void get_flags(const struct sl_span *span, struct sl_value *value)
{
	count(value, span->flags);
}

static void get_attributes(const struct sl_span *span, struct sl_value *value)
{
	value->type = SL_VALUE_KVLIST;
	value->list = span->attributes;
}

static void get_dropped_attributes(const struct sl_span *span, struct sl_value *value)
{
	count(value, span->dropped_attributes_count);
}

static void get_dropped_events(const struct sl_span *span, struct sl_value *value)
{
	count(value, span->dropped_events_count);
}

static void get_dropped_links(const struct sl_span *span, struct sl_value *value)
{
	count(value, span->dropped_links_count);
}

static const struct sl_field fields[] = {
	{ "trace_id", SL_FIELD_ID, true, "Span.trace_id", get_trace_id },
	{ "span_id", SL_FIELD_ID, true, "Span.span_id", get_span_id },
	{ "parent_span_id", SL_FIELD_ID, false, "Span.parent_span_id", get_parent_span_id },
	{ "name", SL_FIELD_STRING, true, "Span.name", get_name },
	{ "service", SL_FIELD_STRING, false, "Resource.attributes[\"service.name\"]", get_service },
	{ "kind", SL_FIELD_ENUM, false, "Span.kind", get_kind },
	{ "status", SL_FIELD_ENUM, true, "Span.status.code", get_status },
	{ "status_message", SL_FIELD_STRING, false, "Span.status.message", get_status_message },
	{ "start", SL_FIELD_TIME, true, "derived from Span.start_time_unix_nano", get_start },
	{ "duration_ms", SL_FIELD_MS, true, "derived: end less start", get_duration },
	{ "start_unix_nano", SL_FIELD_TIME, true, "Span.start_time_unix_nano", get_start },
	{ "end_unix_nano", SL_FIELD_TIME, true, "Span.end_time_unix_nano", get_end },
	{ "trace_state", SL_FIELD_STRING, false, "Span.trace_state", get_trace_state },
	{ "flags", SL_FIELD_COUNT, false, "Span.flags", get_flags },
	{ "attributes", SL_FIELD_ATTRIBUTES, false, "Span.attributes", get_attributes },
	{ "dropped_attributes_count", SL_FIELD_COUNT, false, "Span.dropped_attributes_count",
	  get_dropped_attributes },
	{ "events", SL_FIELD_LIST, false, "Span.events", NULL },
	{ "dropped_events_count", SL_FIELD_COUNT, false, "Span.dropped_events_count",
	  get_dropped_events },
	{ "links", SL_FIELD_LIST, false, "Span.links", NULL },
	{ "dropped_links_count", SL_FIELD_COUNT, false, "Span.dropped_links_count",
	  get_dropped_links },
	{ "exact", SL_FIELD_OBJECT, false, "types and bytes that plain JSON would lose", NULL },
	{ "scope", SL_FIELD_OBJECT, false, "ScopeSpans.scope and ScopeSpans.schema_url", NULL },
	{ "resource", SL_FIELD_OBJECT, false, "ResourceSpans.resource and ResourceSpans.schema_url",
	  NULL },
};

const struct sl_field *sl_fields(size_t *field_count)
{
	*field_count = SL_COUNT(fields);
	return fields;
}

const struct sl_field *sl_field_find(struct sl_slice name)
{
	for (size_t i = 0; i < SL_COUNT(fields); i++)
		if (strlen(fields[i].name) == name.len &&
		    memcmp(fields[i].name, name.data, name.len) == 0)
			return &fields[i];
	return NULL;
}

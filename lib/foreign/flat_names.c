/*
 * The names that fields have in flat records: of Honeycomb's exports, of the Collector's tables in
 * ClickHouse, of PostHog's events, and of what people write by themselves.  The table is that of
 * span-formats(7).
 */
#include "flat.h"

static const struct flat_name names[] = {
	{ FOREIGN_KEY("trace_id"), FLAT_TRACE_ID, FLAT_S },
	{ FOREIGN_KEY("trace.trace_id"), FLAT_TRACE_ID, FLAT_S },
	{ FOREIGN_KEY("traceId"), FLAT_TRACE_ID, FLAT_S },
	{ FOREIGN_KEY("traceID"), FLAT_TRACE_ID, FLAT_S },
	{ FOREIGN_KEY("TraceId"), FLAT_TRACE_ID, FLAT_S },
	{ FOREIGN_KEY("trace.id"), FLAT_TRACE_ID, FLAT_S },
	{ FOREIGN_KEY("$ai_trace_id"), FLAT_TRACE_ID, FLAT_S },
	{ FOREIGN_KEY("span_id"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("trace.span_id"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("spanId"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("spanID"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("SpanId"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("span.id"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("$ai_span_id"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("$ai_generation_id"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("parent_span_id"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("trace.parent_id"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("parentSpanId"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("parentSpanID"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("ParentSpanId"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("parent_id"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("parentId"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("parent.id"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("$ai_parent_id"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("name"), FLAT_NAME, FLAT_S },
	{ FOREIGN_KEY("span_name"), FLAT_NAME, FLAT_S },
	{ FOREIGN_KEY("spanName"), FLAT_NAME, FLAT_S },
	{ FOREIGN_KEY("SpanName"), FLAT_NAME, FLAT_S },
	{ FOREIGN_KEY("span.name"), FLAT_NAME, FLAT_S },
	{ FOREIGN_KEY("operation_name"), FLAT_NAME, FLAT_S },
	{ FOREIGN_KEY("$ai_span_name"), FLAT_NAME, FLAT_S },
	{ FOREIGN_KEY("service"), FLAT_SERVICE, FLAT_S },
	{ FOREIGN_KEY("service.name"), FLAT_SERVICE, FLAT_S },
	{ FOREIGN_KEY("service_name"), FLAT_SERVICE, FLAT_S },
	{ FOREIGN_KEY("serviceName"), FLAT_SERVICE, FLAT_S },
	{ FOREIGN_KEY("ServiceName"), FLAT_SERVICE, FLAT_S },
	{ FOREIGN_KEY("kind"), FLAT_KIND, FLAT_S },
	{ FOREIGN_KEY("span.kind"), FLAT_KIND, FLAT_S },
	{ FOREIGN_KEY("span_kind"), FLAT_KIND, FLAT_S },
	{ FOREIGN_KEY("spanKind"), FLAT_KIND, FLAT_S },
	{ FOREIGN_KEY("SpanKind"), FLAT_KIND, FLAT_S },
	{ FOREIGN_KEY("status"), FLAT_STATUS, FLAT_S },
	{ FOREIGN_KEY("status_code"), FLAT_STATUS, FLAT_S },
	{ FOREIGN_KEY("statusCode"), FLAT_STATUS, FLAT_S },
	{ FOREIGN_KEY("StatusCode"), FLAT_STATUS, FLAT_S },
	{ FOREIGN_KEY("status.code"), FLAT_STATUS, FLAT_S },
	{ FOREIGN_KEY("otel.status_code"), FLAT_STATUS, FLAT_S },
	{ FOREIGN_KEY("status_message"), FLAT_STATUS_MESSAGE, FLAT_S },
	{ FOREIGN_KEY("statusMessage"), FLAT_STATUS_MESSAGE, FLAT_S },
	{ FOREIGN_KEY("StatusMessage"), FLAT_STATUS_MESSAGE, FLAT_S },
	{ FOREIGN_KEY("status.message"), FLAT_STATUS_MESSAGE, FLAT_S },
	{ FOREIGN_KEY("otel.status_description"), FLAT_STATUS_MESSAGE, FLAT_S },
	{ FOREIGN_KEY("error"), FLAT_ERROR, FLAT_S },
	{ FOREIGN_KEY("$ai_is_error"), FLAT_ERROR, FLAT_S },
	{ FOREIGN_KEY("start"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("start_time"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("startTime"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("StartTime"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("timestamp"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("Timestamp"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("@timestamp"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("time"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("_time"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("start_time_unix_nano"), FLAT_START, FLAT_NS },
	{ FOREIGN_KEY("startTimeUnixNano"), FLAT_START, FLAT_NS },
	{ FOREIGN_KEY("start_unix_nano"), FLAT_START, FLAT_NS },
	{ FOREIGN_KEY("start_time_unix_us"), FLAT_START, FLAT_US },
	{ FOREIGN_KEY("timestamp.us"), FLAT_START, FLAT_US },
	{ FOREIGN_KEY("end"), FLAT_END, FLAT_AUTO },
	{ FOREIGN_KEY("end_time"), FLAT_END, FLAT_AUTO },
	{ FOREIGN_KEY("endTime"), FLAT_END, FLAT_AUTO },
	{ FOREIGN_KEY("EndTime"), FLAT_END, FLAT_AUTO },
	{ FOREIGN_KEY("end_time_unix_nano"), FLAT_END, FLAT_NS },
	{ FOREIGN_KEY("endTimeUnixNano"), FLAT_END, FLAT_NS },
	{ FOREIGN_KEY("end_unix_nano"), FLAT_END, FLAT_NS },
	{ FOREIGN_KEY("duration_ns"), FLAT_DURATION, FLAT_NS },
	{ FOREIGN_KEY("duration_nano"), FLAT_DURATION, FLAT_NS },
	{ FOREIGN_KEY("durationNano"), FLAT_DURATION, FLAT_NS },
	{ FOREIGN_KEY("durationNanos"), FLAT_DURATION, FLAT_NS },
	{ FOREIGN_KEY("Duration"), FLAT_DURATION, FLAT_NS },
	{ FOREIGN_KEY("duration_us"), FLAT_DURATION, FLAT_US },
	{ FOREIGN_KEY("span.duration.us"), FLAT_DURATION, FLAT_US },
	{ FOREIGN_KEY("duration_ms"), FLAT_DURATION, FLAT_MS },
	{ FOREIGN_KEY("durationMs"), FLAT_DURATION, FLAT_MS },
	{ FOREIGN_KEY("duration.ms"), FLAT_DURATION, FLAT_MS },
	{ FOREIGN_KEY("duration_s"), FLAT_DURATION, FLAT_S },
	{ FOREIGN_KEY("$ai_latency"), FLAT_DURATION, FLAT_S },
	{ FOREIGN_KEY("trace_state"), FLAT_TRACE_STATE, FLAT_S },
	{ FOREIGN_KEY("traceState"), FLAT_TRACE_STATE, FLAT_S },
	{ FOREIGN_KEY("TraceState"), FLAT_TRACE_STATE, FLAT_S },
	{ FOREIGN_KEY("trace.trace_state"), FLAT_TRACE_STATE, FLAT_S },
	{ FOREIGN_KEY("scope_name"), FLAT_SCOPE_NAME, FLAT_S },
	{ FOREIGN_KEY("ScopeName"), FLAT_SCOPE_NAME, FLAT_S },
	{ FOREIGN_KEY("otel.scope.name"), FLAT_SCOPE_NAME, FLAT_S },
	{ FOREIGN_KEY("library.name"), FLAT_SCOPE_NAME, FLAT_S },
	{ FOREIGN_KEY("scope_version"), FLAT_SCOPE_VERSION, FLAT_S },
	{ FOREIGN_KEY("ScopeVersion"), FLAT_SCOPE_VERSION, FLAT_S },
	{ FOREIGN_KEY("otel.scope.version"), FLAT_SCOPE_VERSION, FLAT_S },
	{ FOREIGN_KEY("library.version"), FLAT_SCOPE_VERSION, FLAT_S },
	{ FOREIGN_KEY("flags"), FLAT_FLAGS, FLAT_S },
	{ FOREIGN_KEY("attributes"), FLAT_ATTRIBUTES, FLAT_S },
	{ FOREIGN_KEY("span_attributes"), FLAT_ATTRIBUTES, FLAT_S },
	{ FOREIGN_KEY("SpanAttributes"), FLAT_ATTRIBUTES, FLAT_S },
	{ FOREIGN_KEY("tags"), FLAT_ATTRIBUTES, FLAT_S },
	{ FOREIGN_KEY("resource"), FLAT_RESOURCE, FLAT_S },
	{ FOREIGN_KEY("resource_attributes"), FLAT_RESOURCE, FLAT_S },
	{ FOREIGN_KEY("resourceAttributes"), FLAT_RESOURCE, FLAT_S },
	{ FOREIGN_KEY("ResourceAttributes"), FLAT_RESOURCE, FLAT_S },
	{ FOREIGN_KEY("data"), FLAT_RECORD, FLAT_S },
	{ FOREIGN_KEY("properties"), FLAT_RECORD, FLAT_S },
	{ FOREIGN_KEY("events"), FLAT_EVENTS, FLAT_S },
	{ FOREIGN_KEY("links"), FLAT_LINKS, FLAT_S },
	{ FOREIGN_KEY("meta.annotation_type"), FLAT_ANNOTATION, FLAT_S },
};

/* What --map calls the fields. */
static const struct flat_name fields[] = {
	{ FOREIGN_KEY("trace_id"), FLAT_TRACE_ID, FLAT_S },
	{ FOREIGN_KEY("span_id"), FLAT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("parent_span_id"), FLAT_PARENT_SPAN_ID, FLAT_S },
	{ FOREIGN_KEY("name"), FLAT_NAME, FLAT_S },
	{ FOREIGN_KEY("service"), FLAT_SERVICE, FLAT_S },
	{ FOREIGN_KEY("kind"), FLAT_KIND, FLAT_S },
	{ FOREIGN_KEY("status"), FLAT_STATUS, FLAT_S },
	{ FOREIGN_KEY("status_message"), FLAT_STATUS_MESSAGE, FLAT_S },
	{ FOREIGN_KEY("error"), FLAT_ERROR, FLAT_S },
	{ FOREIGN_KEY("start"), FLAT_START, FLAT_AUTO },
	{ FOREIGN_KEY("start_unix_nano"), FLAT_START, FLAT_NS },
	{ FOREIGN_KEY("end"), FLAT_END, FLAT_AUTO },
	{ FOREIGN_KEY("end_unix_nano"), FLAT_END, FLAT_NS },
	{ FOREIGN_KEY("duration_ns"), FLAT_DURATION, FLAT_NS },
	{ FOREIGN_KEY("duration_us"), FLAT_DURATION, FLAT_US },
	{ FOREIGN_KEY("duration_ms"), FLAT_DURATION, FLAT_MS },
	{ FOREIGN_KEY("duration_s"), FLAT_DURATION, FLAT_S },
	{ FOREIGN_KEY("trace_state"), FLAT_TRACE_STATE, FLAT_S },
	{ FOREIGN_KEY("flags"), FLAT_FLAGS, FLAT_S },
	{ FOREIGN_KEY("scope_name"), FLAT_SCOPE_NAME, FLAT_S },
	{ FOREIGN_KEY("scope_version"), FLAT_SCOPE_VERSION, FLAT_S },
	{ FOREIGN_KEY("attributes"), FLAT_ATTRIBUTES, FLAT_S },
	{ FOREIGN_KEY("resource"), FLAT_RESOURCE, FLAT_S },
	{ FOREIGN_KEY("record"), FLAT_RECORD, FLAT_S },
	{ FOREIGN_KEY("events"), FLAT_EVENTS, FLAT_S },
	{ FOREIGN_KEY("links"), FLAT_LINKS, FLAT_S },
};

static const struct flat_name *find(const struct flat_name *rows, size_t count,
				    struct sl_slice name)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].name.len == name.len && rows[i].name.data[0] == name.data[0] &&
		    memcmp(rows[i].name.data, name.data, name.len) == 0)
			return &rows[i];
	return NULL;
}

const struct flat_name *flat_known(struct sl_slice name)
{
	return name.len != 0 ? find(names, SL_COUNT(names), name) : NULL;
}

/* FIELD=NAME */
static const struct flat_name *field_of(const char *mapping, struct sl_slice *name)
{
	const char *sign = strchr(mapping, '=');

	if (sign == NULL || sign == mapping || sign[1] == '\0')
		return NULL;
	*name = (struct sl_slice){ sign + 1, strlen(sign + 1) };
	return find(fields, SL_COUNT(fields),
		    (struct sl_slice){ mapping, (size_t)(sign - mapping) });
}

bool sl_foreign_map_is_good(const char *mapping)
{
	struct sl_slice name;

	return field_of(mapping, &name) != NULL;
}

const struct flat_name *flat_find(const struct sl_foreign_reader *reader, struct sl_slice name)
{
	const char *const *mappings = reader->options.field_names;

	for (size_t i = 0; mappings != NULL && mappings[i] != NULL; i++) {
		struct sl_slice theirs;
		const struct flat_name *field = field_of(mappings[i], &theirs);

		if (field != NULL && sl_slice_equal(theirs, name))
			return field;
	}
	return flat_known(name);
}

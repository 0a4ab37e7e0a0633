/*
 * Traces as Jaeger's query service answers them and its UI opens them:
 *
 *	{"data":[{"traceID":ID,"spans":[SPAN,...],"processes":{"p1":{...},...}},...]}
 *
 * A resource is a process, an event a log, the parent a CHILD_OF, a link a FOLLOWS_FROM.
 */
#include "spanline/json.h"
#include "spanline/text.h"
#include "translate.h"

/* Integers beyond are text in JSON, as Jaeger itself writes them for browsers. */
#define SAFE_INTEGER (INT64_C(1) << 53)

static const char *type_of(const struct sl_value *value)
{
	switch (value->type) {
	case SL_VALUE_BOOL:
		return "bool";
	case SL_VALUE_INT:
		return "int64";
	case SL_VALUE_DOUBLE:
		return value->number - value->number == 0 ? "float64" : "string";
	case SL_VALUE_BYTES:
		return "binary";
	default:
		return "string";
	}
}

static void add_value(struct translator *translator, const struct sl_value *value)
{
	struct sl_buffer *out = translator->out;
	bool quoted = value->type == SL_VALUE_INT &&
		      (value->integer > SAFE_INTEGER || value->integer < -SAFE_INTEGER);

	if (strcmp(type_of(value), "string") == 0) {
		add_string(translator, text_of(translator, value));
		return;
	}
	if (quoted)
		sl_buffer_add_byte(out, '"');
	sl_json_write_value(out, value);
	if (quoted)
		sl_buffer_add_byte(out, '"');
}

/* A tag of a span or process, or a field of a log, behind a comma but for the first. */
static void add_tag(struct translator *translator, struct sl_slice key,
		    const struct sl_value *value)
{
	struct sl_buffer *out = translator->out;

	add_comma(out);
	sl_buffer_add_literal(out, "{\"key\":");
	add_string(translator, key);
	sl_buffer_printf(out, ",\"type\":\"%s\",\"value\":", type_of(value));
	add_value(translator, value);
	sl_buffer_add_byte(out, '}');
}

static void add_text_tag(struct translator *translator, const char *key, struct sl_slice text)
{
	struct sl_value value = { .type = SL_VALUE_STRING, .text = text };

	if (text.len != 0)
		add_tag(translator, sl_slice_of(key), &value);
}

static void add_name_tag(struct translator *translator, const char *key, const char *name)
{
	if (name != NULL)
		add_text_tag(translator, key, sl_slice_of(name));
}

static void add_count_tag(struct translator *translator, const char *key, uint32_t count)
{
	struct sl_value value = { .type = SL_VALUE_INT, .integer = count };

	if (count != 0)
		add_tag(translator, sl_slice_of(key), &value);
}

static void add_status(struct translator *translator, const struct sl_span *span)
{
	struct sl_value yes = { .type = SL_VALUE_BOOL, .boolean = true };

	if (span->status_code == SL_STATUS_OK)
		add_name_tag(translator, "otel.status_code", "OK");
	if (span->status_code == SL_STATUS_ERROR) {
		add_name_tag(translator, "otel.status_code", "ERROR");
		add_tag(translator, SL_SLICE("error"), &yes);
	}
	add_text_tag(translator, "otel.status_description", span->status_message);
}

static void add_tags(struct translator *translator, const struct sl_span *span)
{
	const struct sl_attributes *attributes = &span->attributes;

	sl_buffer_add_literal(translator->out, ",\"tags\":[");
	add_text_tag(translator, "otel.scope.name", span->scope->name);
	add_text_tag(translator, "otel.scope.version", span->scope->version);
	for (size_t i = 0; i < attributes->count; i++)
		add_tag(translator, attributes->items[i].key, &attributes->items[i].value);
	if (span->kind != SL_KIND_UNSPECIFIED)
		add_name_tag(translator, "span.kind", sl_kind_name(span->kind));
	add_status(translator, span);
	add_text_tag(translator, "w3c.tracestate", span->trace_state);
	add_count_tag(translator, "otel.dropped_attributes_count", span->dropped_attributes_count);
	add_count_tag(translator, "otel.dropped_events_count", span->dropped_events_count);
	add_count_tag(translator, "otel.dropped_links_count", span->dropped_links_count);
	sl_buffer_add_byte(translator->out, ']');
}

static void add_reference(struct translator *translator, const char *type, struct sl_slice trace_id,
			  struct sl_slice span_id)
{
	struct sl_buffer *out = translator->out;

	add_comma(out);
	sl_buffer_printf(out, "{\"refType\":\"%s\",\"traceID\":", type);
	sl_buffer_add_id(out, trace_id);
	sl_buffer_add_literal(out, ",\"spanID\":");
	sl_buffer_add_id(out, span_id);
	sl_buffer_add_byte(out, '}');
}

static void add_references(struct translator *translator, const struct sl_span *span)
{
	sl_buffer_add_literal(translator->out, ",\"references\":[");
	if (has_parent(span))
		add_reference(translator, "CHILD_OF", span->trace_id, span->parent_span_id);
	for (size_t i = 0; i < span->link_count; i++) {
		const struct sl_link *link = &span->links[i];

		add_reference(translator, "FOLLOWS_FROM", link->trace_id, link->span_id);
		lose(translator, SL_NOTE_LOST_LINK,
		     link->attributes.count != 0 || link->trace_state.len != 0 ||
			     link->flags != 0 || link->dropped_attributes_count != 0);
	}
	sl_buffer_add_byte(translator->out, ']');
}

static void add_logs(struct translator *translator, const struct sl_span *span)
{
	struct sl_buffer *out = translator->out;

	sl_buffer_add_literal(out, ",\"logs\":[");
	for (size_t i = 0; i < span->event_count; i++) {
		const struct sl_event *event = &span->events[i];

		add_comma(out);
		sl_buffer_add_literal(out, "{\"timestamp\":");
		sl_buffer_add_u64(out, event->time_unix_nano / 1000);
		lose(translator, SL_NOTE_LOST_TIME, event->time_unix_nano % 1000 != 0);
		sl_buffer_add_literal(out, ",\"fields\":[");
		add_text_tag(translator, "event", event->name);
		for (size_t j = 0; j < event->attributes.count; j++)
			add_tag(translator, event->attributes.items[j].key,
				&event->attributes.items[j].value);
		sl_buffer_add_literal(out, "]}");
		lose(translator, SL_NOTE_LOST_DROPPED, event->dropped_attributes_count != 0);
	}
	sl_buffer_add_byte(out, ']');
}

static void add_times(struct translator *translator, const struct sl_span *span)
{
	struct sl_buffer *out = translator->out;
	uint64_t start = span->start_unix_nano, end = span->end_unix_nano;
	uint64_t duration = end >= start ? end - start : 0;

	sl_buffer_add_literal(out, ",\"startTime\":");
	sl_buffer_add_u64(out, start / 1000);
	sl_buffer_add_literal(out, ",\"duration\":");
	sl_buffer_add_u64(out, duration / 1000);
	lose(translator, SL_NOTE_LOST_TIME, start % 1000 != 0 || duration % 1000 != 0);
	lose(translator, SL_NOTE_LOST_BACKWARDS, end < start);
}

static bool add_span(struct translator *translator, const struct sl_span *span)
{
	struct sl_buffer *out = translator->out;
	size_t process = processes_find(&translator->processes, span->resource);

	sl_buffer_add_literal(out, "{\"traceID\":");
	sl_buffer_add_id(out, span->trace_id);
	sl_buffer_add_literal(out, ",\"spanID\":");
	sl_buffer_add_id(out, span->span_id);
	sl_buffer_add_literal(out, ",\"operationName\":");
	add_string(translator, span->name);
	add_references(translator, span);
	add_times(translator, span);
	add_tags(translator, span);
	add_logs(translator, span);
	sl_buffer_printf(out, ",\"processID\":\"p%zu\",\"warnings\":null}", process);
	lose_rest(translator, span);
	return process != 0;
}

static void add_process(struct translator *translator, size_t number)
{
	const struct sl_resource *resource = translator->processes.items[number - 1];
	struct sl_span of = { .resource = resource };

	add_comma(translator->out);
	sl_buffer_printf(translator->out, "\"p%zu\":{\"serviceName\":", number);
	add_string(translator, sl_span_service(&of));
	sl_buffer_add_literal(translator->out, ",\"tags\":[");
	for (size_t i = 0; i < resource->attributes.count; i++)
		if (!is_service(&of, &resource->attributes.items[i]))
			add_tag(translator, resource->attributes.items[i].key,
				&resource->attributes.items[i].value);
	sl_buffer_add_literal(translator->out, "]}");
}

enum sl_status jaeger_trace(struct translator *translator, const struct sl_trace *trace,
			    struct sl_error *err)
{
	struct sl_buffer *out = translator->out;
	bool memory = true;

	processes_clear(&translator->processes);
	sl_buffer_add_literal(out, ",\n{\"traceID\":");
	sl_buffer_add_id(out, trace->trace_id);
	sl_buffer_add_literal(out, ",\"spans\":[");
	for (uint32_t i = 0; i < trace->count && memory; i++) {
		add_comma(out);
		memory = add_span(translator, trace->nodes[i].span);
	}
	sl_buffer_add_literal(out, "],\"processes\":{");
	for (size_t i = 1; i <= translator->processes.count && memory; i++)
		add_process(translator, i);
	sl_buffer_add_literal(out, "},\"warnings\":null}");
	return memory ? SL_OK : sl_fail_memory(err);
}

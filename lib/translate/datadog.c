/*
 * Traces as Datadog's agent takes and dumps them, an array of arrays of spans:
 *
 *	[[{"service":TEXT,"name":TEXT,"resource":TEXT,"type":TEXT,"trace_id":N,"span_id":N,
 *	   "parent_id":N,"start":NS,"duration":NS,"error":0,"meta":{...},"metrics":{...}},...],...]
 *
 * Ids are numbers of 64 bits; the higher half of a trace id is meta's _dd.p.tid.  Texts stand in
 * meta, numbers in metrics; events and links are JSON in meta, as Datadog's agent writes them.
 */
#include "spanline/json.h"
#include "spanline/text.h"
#include "translate.h"

/* The last 8 bytes of an id, as a number. */
static uint64_t number_of(struct sl_slice id)
{
	uint64_t number = 0;

	for (size_t i = id.len > 8 ? id.len - 8 : 0; i < id.len; i++)
		number = number << 8 | (unsigned char)id.data[i];
	return number;
}

static bool begin_member(struct translator *translator, struct sl_slice key)
{
	if (!tags_add(&translator->tags, key)) {
		lose(translator, SL_NOTE_LOST_REPEATED, true);
		return false;
	}
	add_comma(translator->out);
	add_string(translator, key);
	sl_buffer_add_byte(translator->out, ':');
	return true;
}

static void add_meta(struct translator *translator, const char *key, struct sl_slice text)
{
	if (text.len != 0 && begin_member(translator, sl_slice_of(key)))
		add_string(translator, text);
}

/* Numbers that a double holds. */
static bool is_metric(const struct sl_value *value)
{
	const int64_t limit = INT64_C(1) << 53;

	if (value->type == SL_VALUE_DOUBLE)
		return value->number - value->number == 0;
	return value->type == SL_VALUE_INT && value->integer <= limit && value->integer >= -limit;
}

/* Those of the attributes that are metrics, or those that are not. */
static void add_members(struct translator *translator, const struct sl_span *span,
			const struct sl_attributes *attributes, bool metrics)
{
	for (size_t i = 0; i < attributes->count; i++) {
		const struct sl_attribute *item = &attributes->items[i];

		if (is_service(span, item) || is_metric(&item->value) != metrics ||
		    !begin_member(translator, item->key))
			continue;
		if (metrics)
			sl_json_write_value(translator->out, &item->value);
		else
			add_string(translator, text_of(translator, &item->value));
	}
}

static void add_high_half(struct translator *translator, struct sl_slice trace_id)
{
	char text[16];

	if (trace_id.len != 16 || number_of((struct sl_slice){ trace_id.data, 8 }) == 0)
		return;
	sl_write_hex(text, trace_id.data, 8);
	add_meta(translator, "_dd.p.tid", (struct sl_slice){ text, sizeof(text) });
}

static void add_event(struct translator *translator, const struct sl_event *event)
{
	struct sl_buffer *out = translator->out;

	add_comma(out);
	sl_buffer_add_literal(out, "{\"time_unix_nano\":");
	sl_buffer_add_u64(out, event->time_unix_nano);
	sl_buffer_add_literal(out, ",\"name\":");
	add_string(translator, event->name);
	if (event->attributes.count != 0) {
		sl_buffer_add_literal(out, ",\"attributes\":");
		add_attributes(translator, event->attributes);
	}
	if (event->dropped_attributes_count != 0)
		sl_buffer_printf(out, ",\"dropped_attributes_count\":%u",
				 event->dropped_attributes_count);
	sl_buffer_add_byte(out, '}');
}

static void add_link(struct translator *translator, const struct sl_link *link)
{
	struct sl_buffer *out = translator->out;

	add_comma(out);
	sl_buffer_add_literal(out, "{\"trace_id\":");
	sl_buffer_add_id(out, link->trace_id);
	sl_buffer_add_literal(out, ",\"span_id\":");
	sl_buffer_add_id(out, link->span_id);
	if (link->trace_state.len != 0) {
		sl_buffer_add_literal(out, ",\"tracestate\":");
		add_string(translator, link->trace_state);
	}
	if (link->attributes.count != 0) {
		sl_buffer_add_literal(out, ",\"attributes\":");
		add_attributes(translator, link->attributes);
	}
	if (link->dropped_attributes_count != 0)
		sl_buffer_printf(out, ",\"dropped_attributes_count\":%u",
				 link->dropped_attributes_count);
	if (link->flags != 0)
		sl_buffer_printf(out, ",\"flags\":%u", link->flags);
	sl_buffer_add_byte(out, '}');
}

/* Both are arrays within a text. */
static void add_lists(struct translator *translator, const struct sl_span *span)
{
	struct sl_buffer *out = translator->out;

	if (span->event_count != 0 && begin_member(translator, SL_SLICE("events"))) {
		begin_joined(translator);
		sl_buffer_add_byte(translator->out, '[');
		for (size_t i = 0; i < span->event_count; i++)
			add_event(translator, &span->events[i]);
		sl_buffer_add_byte(translator->out, ']');
		end_joined(translator, out);
	}
	if (span->link_count != 0 && begin_member(translator, SL_SLICE("_dd.span_links"))) {
		begin_joined(translator);
		sl_buffer_add_byte(translator->out, '[');
		for (size_t i = 0; i < span->link_count; i++)
			add_link(translator, &span->links[i]);
		sl_buffer_add_byte(translator->out, ']');
		end_joined(translator, out);
	}
}

static void add_meta_of(struct translator *translator, const struct sl_span *span)
{
	bool failed = span->status_code == SL_STATUS_ERROR;
	const char *kind = sl_kind_name(span->kind);

	sl_buffer_add_literal(translator->out, ",\"meta\":{");
	add_high_half(translator, span->trace_id);
	if (kind != NULL && span->kind != SL_KIND_UNSPECIFIED)
		add_meta(translator, "span.kind", sl_slice_of(kind));
	add_meta(translator, failed ? "error.message" : "otel.status_description",
		 span->status_message);
	if (span->status_code == SL_STATUS_OK)
		add_meta(translator, "otel.status_code", SL_SLICE("Ok"));
	add_meta(translator, "otel.scope.name", span->scope->name);
	add_meta(translator, "otel.scope.version", span->scope->version);
	add_meta(translator, "w3c.tracestate", span->trace_state);
	add_lists(translator, span);
	add_members(translator, span, &span->attributes, false);
	add_members(translator, span, &span->resource->attributes, false);
	sl_buffer_add_byte(translator->out, '}');
}

static void add_count(struct translator *translator, const char *key, uint32_t count)
{
	if (count != 0 && begin_member(translator, sl_slice_of(key)))
		sl_buffer_add_u64(translator->out, count);
}

static void add_metrics_of(struct translator *translator, const struct sl_span *span)
{
	sl_buffer_add_literal(translator->out, ",\"metrics\":{");
	add_count(translator, "otel.dropped_attributes_count", span->dropped_attributes_count);
	add_count(translator, "otel.dropped_events_count", span->dropped_events_count);
	add_count(translator, "otel.dropped_links_count", span->dropped_links_count);
	add_members(translator, span, &span->attributes, true);
	add_members(translator, span, &span->resource->attributes, true);
	sl_buffer_add_byte(translator->out, '}');
}

static struct sl_slice text_attribute(const struct sl_span *span, struct sl_slice key)
{
	const struct sl_value *value = sl_attributes_find(span->attributes, key);

	return value != NULL && value->type == SL_VALUE_STRING ? value->text
							       : (struct sl_slice){ "", 0 };
}

/* As Datadog's own translation of OTLP has it. */
static const char *type_of(const struct sl_span *span)
{
	struct sl_slice system = text_attribute(span, SL_SLICE("db.system"));

	if (system.len == 0)
		system = text_attribute(span, SL_SLICE("db.system.name"));
	if (span->kind == SL_KIND_SERVER)
		return "web";
	if (span->kind != SL_KIND_CLIENT)
		return "custom";
	if (sl_slice_equal(system, SL_SLICE("redis")) ||
	    sl_slice_equal(system, SL_SLICE("memcached")))
		return "cache";
	return system.len != 0 ? "db" : "http";
}

/* The span's name is the resource; the name is that of a kind of work. */
static void add_names(struct translator *translator, const struct sl_span *span)
{
	struct sl_slice operation = text_attribute(span, SL_SLICE("operation.name"));
	struct sl_slice type = text_attribute(span, SL_SLICE("span.type"));
	const char *kind = sl_kind_name(span->kind), *derived = type_of(span);
	struct sl_buffer *out = translator->out;

	sl_buffer_add_literal(out, "{\"service\":");
	add_string(translator, sl_span_service(span));
	sl_buffer_add_literal(out, ",\"name\":");
	if (operation.len != 0)
		add_string(translator, operation);
	else
		sl_buffer_printf(out, "\"opentelemetry.%s\"", kind != NULL ? kind : "unspecified");
	sl_buffer_add_literal(out, ",\"resource\":");
	add_string(translator, span->name);
	sl_buffer_add_literal(out, ",\"type\":");
	add_string(translator, type.len != 0 ? type : sl_slice_of(derived));
}

static void add_span(struct translator *translator, const struct sl_span *span)
{
	struct sl_buffer *out = translator->out;
	uint64_t start = span->start_unix_nano, end = span->end_unix_nano;

	tags_clear(&translator->tags);
	add_names(translator, span);
	sl_buffer_add_literal(out, ",\"trace_id\":");
	sl_buffer_add_u64(out, number_of(span->trace_id));
	sl_buffer_add_literal(out, ",\"span_id\":");
	sl_buffer_add_u64(out, number_of(span->span_id));
	sl_buffer_add_literal(out, ",\"parent_id\":");
	sl_buffer_add_u64(out, number_of(span->parent_span_id));
	sl_buffer_add_literal(out, ",\"start\":");
	sl_buffer_add_u64(out, start);
	sl_buffer_add_literal(out, ",\"duration\":");
	sl_buffer_add_u64(out, end >= start ? end - start : 0);
	sl_buffer_printf(out, ",\"error\":%d", span->status_code == SL_STATUS_ERROR);
	add_meta_of(translator, span);
	add_metrics_of(translator, span);
	sl_buffer_add_byte(out, '}');
	lose(translator, SL_NOTE_LOST_BACKWARDS, end < start);
	lose(translator, SL_NOTE_LOST_RESOURCE,
	     span->resource->attributes.count > (span->resource->service != NULL));
	lose_rest(translator, span);
}

enum sl_status datadog_trace(struct translator *translator, const struct sl_trace *trace,
			     struct sl_error *err)
{
	sl_buffer_add_literal(translator->out, ",\n[");
	for (uint32_t i = 0; i < trace->count; i++) {
		add_comma(translator->out);
		add_span(translator, trace->nodes[i].span);
	}
	sl_buffer_add_byte(translator->out, ']');
	return translator->tags.failed ? sl_fail_memory(err) : SL_OK;
}

/* Strict OTLP/JSON out, as the Collector's exporter writes it: what is 0 or empty is left out. */
#include "spanline/json.h"
#include "write_string.h"
#include "write_value.h"

static void id_member(struct any_writer *any, struct sl_slice key, struct sl_slice id)
{
	if (id.len == 0)
		return;
	sl_buffer_add_slice(any->out, key);
	sl_buffer_add_id(any->out, id);
}

static void text_member(struct any_writer *any, struct sl_slice key, struct sl_slice text)
{
	if (text.len == 0)
		return;
	sl_buffer_add_slice(any->out, key);
	write_any_string(any, text);
}

static void number_member(struct any_writer *any, struct sl_slice key, int64_t number)
{
	if (number == 0)
		return;
	sl_buffer_add_slice(any->out, key);
	sl_buffer_add_i64(any->out, number);
}

static void time_member(struct any_writer *any, struct sl_slice key, uint64_t ns)
{
	if (ns == 0)
		return;
	sl_buffer_add_slice(any->out, key);
	write_quoted_u64(any->out, ns);
}

static void attributes_members(struct any_writer *any, struct sl_attributes attributes,
			       uint32_t dropped_count)
{
	if (attributes.count > 0) {
		sl_buffer_add_literal(any->out, ",\"attributes\":");
		write_any_members(any, attributes, NULL);
	}
	number_member(any, SL_SLICE(",\"droppedAttributesCount\":"), dropped_count);
}

static void write_event(struct any_writer *any, const struct sl_event *event)
{
	size_t start = any->out->len;

	time_member(any, SL_SLICE(",\"timeUnixNano\":"), event->time_unix_nano);
	text_member(any, SL_SLICE(",\"name\":"), event->name);
	attributes_members(any, event->attributes, event->dropped_attributes_count);
	close_object(any->out, start);
}

static void write_link(struct any_writer *any, const struct sl_link *link)
{
	size_t start = any->out->len;

	id_member(any, SL_SLICE(",\"traceId\":"), link->trace_id);
	id_member(any, SL_SLICE(",\"spanId\":"), link->span_id);
	text_member(any, SL_SLICE(",\"traceState\":"), link->trace_state);
	attributes_members(any, link->attributes, link->dropped_attributes_count);
	number_member(any, SL_SLICE(",\"flags\":"), link->flags);
	close_object(any->out, start);
}

static void events_members(struct any_writer *any, const struct sl_span *span)
{
	if (span->event_count > 0) {
		sl_buffer_add_literal(any->out, ",\"events\":");
		for (size_t i = 0; i < span->event_count; i++) {
			sl_buffer_add_byte(any->out, i == 0 ? '[' : ',');
			write_event(any, &span->events[i]);
		}
		sl_buffer_add_byte(any->out, ']');
	}
	number_member(any, SL_SLICE(",\"droppedEventsCount\":"), span->dropped_events_count);
}

static void links_members(struct any_writer *any, const struct sl_span *span)
{
	if (span->link_count > 0) {
		sl_buffer_add_literal(any->out, ",\"links\":");
		for (size_t i = 0; i < span->link_count; i++) {
			sl_buffer_add_byte(any->out, i == 0 ? '[' : ',');
			write_link(any, &span->links[i]);
		}
		sl_buffer_add_byte(any->out, ']');
	}
	number_member(any, SL_SLICE(",\"droppedLinksCount\":"), span->dropped_links_count);
}

/* The one message that is there even when it is empty. */
static void status_member(struct any_writer *any, const struct sl_span *span)
{
	size_t start;

	sl_buffer_add_literal(any->out, ",\"status\":");
	start = any->out->len;
	text_member(any, SL_SLICE(",\"message\":"), span->status_message);
	number_member(any, SL_SLICE(",\"code\":"), span->status_code);
	close_object(any->out, start);
}

/* What is kept as it is was written to be sent, and may be too deep for who gets it. */
static void add_notes(const struct any_writer *any, struct sl_notes *notes)
{
	notes->count[SL_NOTE_REPLACED_UTF8] += any->replaced;
	if (any->bad_text == SL_BAD_TEXT_KEPT)
		notes->count[SL_NOTE_DEEP_VALUE] += any->deep;
}

void sl_otlp_json_span(const struct sl_span *span, struct sl_buffer *out, struct sl_notes *notes,
		       enum sl_bad_text bad_text)
{
	struct any_writer any = { .out = out, .form = ANY_OTLP, .bad_text = bad_text };
	size_t start = out->len;

	id_member(&any, SL_SLICE(",\"traceId\":"), span->trace_id);
	id_member(&any, SL_SLICE(",\"spanId\":"), span->span_id);
	text_member(&any, SL_SLICE(",\"traceState\":"), span->trace_state);
	id_member(&any, SL_SLICE(",\"parentSpanId\":"), span->parent_span_id);
	number_member(&any, SL_SLICE(",\"flags\":"), span->flags);
	text_member(&any, SL_SLICE(",\"name\":"), span->name);
	number_member(&any, SL_SLICE(",\"kind\":"), span->kind);
	time_member(&any, SL_SLICE(",\"startTimeUnixNano\":"), span->start_unix_nano);
	time_member(&any, SL_SLICE(",\"endTimeUnixNano\":"), span->end_unix_nano);
	attributes_members(&any, span->attributes, span->dropped_attributes_count);
	events_members(&any, span);
	links_members(&any, span);
	status_member(&any, span);
	close_object(out, start);
	add_notes(&any, notes);
}

static void keys_member(struct any_writer *any, struct sl_slice member, const struct sl_slice *keys,
			size_t count)
{
	if (count == 0)
		return;
	sl_buffer_add_slice(any->out, member);
	for (size_t i = 0; i < count; i++) {
		sl_buffer_add_byte(any->out, i == 0 ? '[' : ',');
		write_any_string(any, keys[i]);
	}
	sl_buffer_add_byte(any->out, ']');
}

static void write_entity_ref(struct any_writer *any, const struct sl_entity_ref *ref)
{
	size_t start = any->out->len;

	text_member(any, SL_SLICE(",\"schemaUrl\":"), ref->schema_url);
	text_member(any, SL_SLICE(",\"type\":"), ref->type);
	keys_member(any, SL_SLICE(",\"idKeys\":"), ref->id_keys, ref->id_key_count);
	keys_member(any, SL_SLICE(",\"descriptionKeys\":"), ref->description_keys,
		    ref->description_key_count);
	close_object(any->out, start);
}

void sl_otlp_json_resource(const struct sl_resource *resource, struct sl_buffer *out,
			   struct sl_notes *notes, enum sl_bad_text bad_text)
{
	struct any_writer any = { .out = out, .form = ANY_OTLP, .bad_text = bad_text };
	size_t start = out->len;

	attributes_members(&any, resource->attributes, resource->dropped_attributes_count);
	for (size_t i = 0; i < resource->entity_ref_count; i++) {
		if (i == 0)
			sl_buffer_add_literal(out, ",\"entityRefs\":[");
		else
			sl_buffer_add_byte(out, ',');
		write_entity_ref(&any, &resource->entity_refs[i]);
	}
	if (resource->entity_ref_count > 0)
		sl_buffer_add_byte(out, ']');
	close_object(out, start);
	add_notes(&any, notes);
}

void sl_otlp_json_scope(const struct sl_scope *scope, struct sl_buffer *out, struct sl_notes *notes,
			enum sl_bad_text bad_text)
{
	struct any_writer any = { .out = out, .form = ANY_OTLP, .bad_text = bad_text };
	size_t start = out->len;

	text_member(&any, SL_SLICE(",\"name\":"), scope->name);
	text_member(&any, SL_SLICE(",\"version\":"), scope->version);
	attributes_members(&any, scope->attributes, scope->dropped_attributes_count);
	close_object(out, start);
	add_notes(&any, notes);
}

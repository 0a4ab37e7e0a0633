/*
 * Spans as Zipkin's API v2 has them, one array of all:
 *
 *	[{"traceId":ID,"parentId":ID,"id":ID,"kind":KIND,"name":TEXT,"timestamp":US,"duration":US,
 *	  "localEndpoint":{"serviceName":TEXT},"remoteEndpoint":{...},"annotations":[...],
 *	  "tags":{...}},...]
 *
 * All tags are texts.  What Zipkin has no place for stands where the Collector puts it: a link in a
 * tag otlp.link.N, an event's attributes in its annotation, both as "TEXT|{...}|DROPPED".
 */
#include "spanline/json.h"
#include "spanline/text.h"
#include "translate.h"

/* Microseconds, rounded as Zipkin's own libraries do it. */
static uint64_t to_us(uint64_t ns)
{
	return ns / 1000 + (ns % 1000 >= 500);
}

/* The name of a tag, behind what goes before it; false: there is one already. */
static bool begin_tag(struct translator *translator, struct sl_slice key)
{
	struct sl_buffer *out = translator->out;

	if (!tags_add(&translator->tags, key)) {
		lose(translator, SL_NOTE_LOST_REPEATED, true);
		return false;
	}
	add_comma(out);
	add_string(translator, key);
	sl_buffer_add_byte(out, ':');
	return true;
}

static void add_tag(struct translator *translator, const char *key, struct sl_slice text)
{
	if (text.len != 0 && begin_tag(translator, sl_slice_of(key)))
		add_string(translator, text);
}

static void add_count_tag(struct translator *translator, const char *key, uint32_t count)
{
	char text[SL_U64_TEXT];

	if (count != 0)
		add_tag(translator, key, (struct sl_slice){ text, sl_write_u64(text, count) });
}

/* The tag is that of a link. */
static bool is_taken(const struct sl_span *span, struct sl_slice key)
{
	static const char link[] = "otlp.link.";

	return span->link_count != 0 && key.len >= sizeof(link) - 1 &&
	       memcmp(key.data, link, sizeof(link) - 1) == 0;
}

static void add_attribute_tags(struct translator *translator, const struct sl_span *span,
			       const struct sl_attributes *attributes)
{
	for (size_t i = 0; i < attributes->count; i++) {
		const struct sl_attribute *item = &attributes->items[i];

		if (is_service(span, item))
			continue;
		if (is_taken(span, item->key))
			lose(translator, SL_NOTE_LOST_REPEATED, true);
		else if (begin_tag(translator, item->key))
			add_string(translator, text_of(translator, &item->value));
	}
}

static void add_links(struct translator *translator, const struct sl_span *span)
{
	for (size_t i = 0; i < span->link_count; i++) {
		const struct sl_link *link = &span->links[i];
		struct sl_buffer *out = translator->out;

		add_comma(out);
		sl_buffer_printf(out, "\"otlp.link.%zu\":", i);
		begin_joined(translator);
		sl_buffer_add_hex(translator->out, link->trace_id);
		sl_buffer_add_byte(translator->out, '|');
		sl_buffer_add_hex(translator->out, link->span_id);
		sl_buffer_add_byte(translator->out, '|');
		sl_buffer_add_slice(translator->out, link->trace_state);
		sl_buffer_add_byte(translator->out, '|');
		add_attributes(translator, link->attributes);
		sl_buffer_printf(translator->out, "|%u", link->dropped_attributes_count);
		end_joined(translator, out);
		lose(translator, SL_NOTE_LOST_FLAGS, link->flags != 0);
	}
}

/* First what the span says by itself, so that no attribute stands in its place. */
static void add_tags(struct translator *translator, const struct sl_span *span)
{
	bool failed = span->status_code == SL_STATUS_ERROR;
	struct sl_slice message = span->status_message;

	tags_clear(&translator->tags);
	sl_buffer_add_literal(translator->out, ",\"tags\":{");
	if (failed)
		add_tag(translator, "error", message.len != 0 ? message : SL_SLICE("true"));
	if (failed || span->status_code == SL_STATUS_OK)
		add_tag(translator, "otel.status_code",
			failed ? SL_SLICE("ERROR") : SL_SLICE("OK"));
	add_tag(translator, "otel.status_description", message);
	if (span->kind == SL_KIND_INTERNAL)
		add_tag(translator, "span.kind", SL_SLICE("internal"));
	add_tag(translator, "otel.scope.name", span->scope->name);
	add_tag(translator, "otel.scope.version", span->scope->version);
	add_tag(translator, "w3c.tracestate", span->trace_state);
	add_count_tag(translator, "otel.dropped_attributes_count", span->dropped_attributes_count);
	add_count_tag(translator, "otel.dropped_events_count", span->dropped_events_count);
	add_count_tag(translator, "otel.dropped_links_count", span->dropped_links_count);
	add_links(translator, span);
	add_attribute_tags(translator, span, &span->attributes);
	add_attribute_tags(translator, span, &span->resource->attributes);
	sl_buffer_add_byte(translator->out, '}');
	lose(translator, SL_NOTE_LOST_RESOURCE,
	     span->resource->attributes.count > (span->resource->service != NULL));
}

static void add_annotations(struct translator *translator, const struct sl_span *span)
{
	struct sl_buffer *out = translator->out;

	if (span->event_count == 0)
		return;
	sl_buffer_add_literal(out, ",\"annotations\":[");
	for (size_t i = 0; i < span->event_count; i++) {
		const struct sl_event *event = &span->events[i];

		add_comma(out);
		sl_buffer_add_literal(out, "{\"timestamp\":");
		sl_buffer_add_u64(out, to_us(event->time_unix_nano));
		lose(translator, SL_NOTE_LOST_TIME, event->time_unix_nano % 1000 != 0);
		sl_buffer_add_literal(out, ",\"value\":");
		begin_joined(translator);
		sl_buffer_add_slice(translator->out, event->name);
		if (event->attributes.count != 0 || event->dropped_attributes_count != 0) {
			sl_buffer_add_byte(translator->out, '|');
			add_attributes(translator, event->attributes);
			sl_buffer_printf(translator->out, "|%u", event->dropped_attributes_count);
		}
		end_joined(translator, out);
		sl_buffer_add_byte(out, '}');
	}
	sl_buffer_add_byte(out, ']');
}

/* As text, where the span has one of the attributes. */
static struct sl_slice first_of(const struct sl_span *span, const char *const *keys)
{
	for (; *keys != NULL; keys++) {
		struct sl_slice key = { *keys, strlen(*keys) };
		const struct sl_value *value = sl_attributes_find(span->attributes, key);

		if (value != NULL && value->type == SL_VALUE_STRING && value->text.len != 0)
			return value->text;
	}
	return (struct sl_slice){ 0 };
}

static int64_t port_of(const struct sl_span *span)
{
	static const char *const keys[] = { "network.peer.port", "net.sock.peer.port",
					    "net.peer.port", "server.port" };

	for (size_t i = 0; i < SL_COUNT(keys); i++) {
		struct sl_slice key = { keys[i], strlen(keys[i]) };
		const struct sl_value *value = sl_attributes_find(span->attributes, key);

		if (value != NULL && value->type == SL_VALUE_INT && value->integer > 0 &&
		    value->integer < 65536)
			return value->integer;
	}
	return 0;
}

/* "ipv4", "ipv6", or NULL: by its bytes alone, since nothing is to be looked up. */
static const char *family_of(struct sl_slice address)
{
	size_t dots = 0, colons = 0;

	for (size_t i = 0; i < address.len; i++) {
		char byte = address.data[i];
		bool digit = byte >= '0' && byte <= '9';
		bool letter = (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');

		dots += byte == '.';
		colons += byte == ':';
		if (!digit && !letter && byte != '.' && byte != ':')
			return NULL;
		if (letter && colons == 0 && i > 3)
			return NULL;
	}
	if (colons >= 2 && address.len <= 45)
		return "ipv6";
	return dots == 3 && colons == 0 && address.len >= 7 && address.len <= 15 ? "ipv4" : NULL;
}

/* Who was called, or called, by the attributes that OpenTelemetry names for that. */
static void add_remote(struct translator *translator, const struct sl_span *span)
{
	static const char *const names[] = { "peer.service",  "server.address", "net.peer.name",
					     "peer.hostname", "db.name",	NULL };
	static const char *const addresses[] = { "network.peer.address", "net.sock.peer.addr",
						 "net.peer.ip",		 "peer.address",
						 "server.address",	 NULL };
	bool calls = span->kind == SL_KIND_CLIENT || span->kind == SL_KIND_PRODUCER;
	struct sl_slice name = { 0 }, address = { 0 };
	struct sl_buffer *out = translator->out;
	const char *family;
	int64_t port;

	if (span->kind <= SL_KIND_INTERNAL)
		return;
	if (calls)
		name = first_of(span, names);
	if (family_of(name) != NULL)
		name.len = 0;
	address = first_of(span, addresses);
	family = family_of(address);
	if (name.len == 0 && family == NULL)
		return;
	sl_buffer_add_literal(out, ",\"remoteEndpoint\":{");
	if (name.len != 0) {
		sl_buffer_add_literal(out, "\"serviceName\":");
		add_string(translator, name);
	}
	if (family != NULL) {
		add_comma(out);
		sl_buffer_printf(out, "\"%s\":", family);
		add_string(translator, address);
	}
	port = port_of(span);
	if (port != 0)
		sl_buffer_printf(out, ",\"port\":%lld", (long long)port);
	sl_buffer_add_byte(out, '}');
}

/* Zipkin takes 0 for unknown, so that what is shorter than a microsecond takes one. */
static void add_times(struct translator *translator, const struct sl_span *span)
{
	struct sl_buffer *out = translator->out;
	uint64_t start = span->start_unix_nano, end = span->end_unix_nano;
	uint64_t duration = end >= start ? end - start : 0;
	uint64_t rounded = to_us(duration);

	if (to_us(start) != 0) {
		sl_buffer_add_literal(out, ",\"timestamp\":");
		sl_buffer_add_u64(out, to_us(start));
	}
	if (duration != 0) {
		sl_buffer_add_literal(out, ",\"duration\":");
		sl_buffer_add_u64(out, rounded != 0 ? rounded : 1);
	}
	lose(translator, SL_NOTE_LOST_TIME, start % 1000 != 0 || duration % 1000 != 0);
	lose(translator, SL_NOTE_LOST_BACKWARDS, end < start);
}

enum sl_status zipkin_span(struct translator *translator, const struct placed *placed,
			   struct sl_error *err)
{
	static const char *const kinds[] = { [SL_KIND_SERVER] = "SERVER",
					     [SL_KIND_CLIENT] = "CLIENT",
					     [SL_KIND_PRODUCER] = "PRODUCER",
					     [SL_KIND_CONSUMER] = "CONSUMER" };
	const struct sl_span *span = placed->span;
	struct sl_buffer *out = translator->out;
	struct sl_slice service = sl_span_service(span);

	sl_buffer_add_literal(out, ",\n{\"traceId\":");
	sl_buffer_add_id(out, span->trace_id);
	if (has_parent(span)) {
		sl_buffer_add_literal(out, ",\"parentId\":");
		sl_buffer_add_id(out, span->parent_span_id);
	}
	sl_buffer_add_literal(out, ",\"id\":");
	sl_buffer_add_id(out, span->span_id);
	if (span->kind > SL_KIND_INTERNAL && span->kind < SL_KIND_COUNT)
		sl_buffer_printf(out, ",\"kind\":\"%s\"", kinds[span->kind]);
	sl_buffer_add_literal(out, ",\"name\":");
	add_string(translator, span->name);
	add_times(translator, span);
	if (service.len != 0) {
		sl_buffer_add_literal(out, ",\"localEndpoint\":{\"serviceName\":");
		add_string(translator, service);
		sl_buffer_add_byte(out, '}');
	}
	add_remote(translator, span);
	add_annotations(translator, span);
	add_tags(translator, span);
	sl_buffer_add_byte(out, '}');
	lose_rest(translator, span);
	return translator->tags.failed ? sl_fail_memory(err) : SL_OK;
}

/* The corpus as OTLP/JSON lines, and as the span lines that must come of it. */
#ifndef CORPUS_JSON_H
#define CORPUS_JSON_H

#include "corpus_text.h"
#include <time.h>

static void add_quoted(struct text *out, const char *text, size_t len)
{
	size_t copied = 0;

	add(out, "\"");
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '"' && text[i] != '\n' && text[i] != '\t')
			continue;
		add_bytes(out, text + copied, i - copied);
		add(out, text[i] == '"' ? "\\\"" : text[i] == '\n' ? "\\n" : "\\t");
		copied = i + 1;
	}
	add_bytes(out, text + copied, len - copied);
	add(out, "\"");
}

static void add_json_value(struct text *out, const struct field *field, uint64_t value)
{
	static struct text plain;

	switch (field->type) {
	case CHOICE:
	case UNIQUE:
		plain.len = 0;
		add_field_text(&plain, field, value);
		add_quoted(out, plain.data, plain.len);
		break;
	case NUMBER:
		add_number(out, (uint64_t)field_integer(field, value));
		break;
	case DECIMAL:
		add_hundredths(out, field_hundredths(field, value));
		break;
	case TRUTH:
		add(out, value & 1 ? "true" : "false");
		break;
	}
}

static void add_otlp_fields(struct text *out, const struct field *fields, const uint64_t *values,
			    size_t count)
{
	static const char *const types[] = {
		[CHOICE] = "\"stringValue\":", [UNIQUE] = "\"stringValue\":",
		[NUMBER] = "\"intValue\":\"",  [DECIMAL] = "\"doubleValue\":",
		[TRUTH] = "\"boolValue\":",
	};

	add(out, "\"attributes\":[");
	for (size_t i = 0; i < count; i++) {
		add(out, i == 0 ? "{\"key\":\"" : ",{\"key\":\"");
		add(out, fields[i].key);
		add(out, "\",\"value\":{");
		add(out, types[fields[i].type]);
		add_json_value(out, &fields[i], values[i]);
		add(out, fields[i].type == NUMBER ? "\"}}" : "}}");
	}
	add(out, "]");
}

static void add_separator(struct text *out)
{
	if (out->len != 0 && out->data[out->len - 1] == '}')
		add(out, ",");
}

static void jsonl_request(struct text *out, bool begin)
{
	add(out, begin ? "{\"resourceSpans\":[" : "]}\n");
}

static void jsonl_resource(struct text *out, const struct resource *resource, bool begin)
{
	if (!begin) {
		add(out, "]}");
		return;
	}
	add_separator(out);
	add(out, "{\"resource\":{");
	add_otlp_fields(out, resource_fields, resource->values, RESOURCE_FIELDS);
	add(out, "},\"scopeSpans\":[");
}

static void jsonl_scope(struct text *out, unsigned scope, bool begin)
{
	if (!begin) {
		add(out, "]}");
		return;
	}
	add_separator(out);
	add(out, "{\"scope\":{\"name\":\"");
	add(out, scopes[scope].name);
	add(out, "\",\"version\":\"");
	add(out, scopes[scope].version);
	add(out, "\"},\"spans\":[");
}

static void add_ids(struct text *out, const struct span *span, const char *const keys[3])
{
	add(out, keys[0]);
	add_hex(out, span->trace_id[0]);
	add_hex(out, span->trace_id[1]);
	add(out, keys[1]);
	add_hex(out, span->span_id);
	if (span->parent_id != 0) {
		add(out, keys[2]);
		add_hex(out, span->parent_id);
	}
}

static unsigned span_flags(const struct span *span)
{
	return span->operation->kind == SERVER ? 769 : 257; /* sampled; whether parent is remote */
}

static void jsonl_span(struct text *out, const struct span *span)
{
	static const char *const keys[] = { "{\"traceId\":\"", "\",\"spanId\":\"",
					    "\",\"parentSpanId\":\"" };

	add_separator(out);
	add_ids(out, span, keys);
	add(out, "\",\"flags\":");
	add_number(out, span_flags(span));
	add(out, ",\"name\":\"");
	add(out, span->name);
	add(out, "\",\"kind\":");
	add_number(out, (uint64_t)span->operation->kind);
	add(out, ",\"startTimeUnixNano\":\"");
	add_number(out, span->start);
	add(out, "\",\"endTimeUnixNano\":\"");
	add_number(out, span->end);
	add(out, "\",");
	add_otlp_fields(out, span->operation->fields, span->values, SPAN_FIELDS);
	if (span->event != NULL) {
		add(out, ",\"events\":[{\"timeUnixNano\":\"");
		add_number(out, span->end - 1000);
		add(out, span->error ? "\",\"name\":\"exception\"," : "\",\"name\":\"log\",");
		add_otlp_fields(out, span->event, span->event_values, EVENT_FIELDS);
		add(out, "}]");
	}
	add(out,
	    span->error ? ",\"status\":{\"message\":\"failed\",\"code\":2}}" : ",\"status\":{}}");
}

/* Span lines: what belongs to resource and scope is kept until it is needed. */

static const struct resource *line_resource;
static unsigned line_scope;

static void add_plain_fields(struct text *out, const struct field *fields, const uint64_t *values,
			     size_t count)
{
	add(out, "\"attributes\":{");
	for (size_t i = 0; i < count; i++) {
		add(out, i == 0 ? "\"" : ",\"");
		add(out, fields[i].key);
		add(out, "\":");
		add_json_value(out, &fields[i], values[i]);
	}
	add(out, "}");
}

static void lines_request(struct text *out, bool begin)
{
	(void)out, (void)begin;
}

static void lines_resource(struct text *out, const struct resource *resource, bool begin)
{
	(void)out, (void)begin;
	line_resource = resource;
}

static void lines_scope(struct text *out, unsigned scope, bool begin)
{
	(void)out, (void)begin;
	line_scope = scope;
}

static void add_start(struct text *out, uint64_t start)
{
	time_t seconds = (time_t)(start / 1000000000);
	struct tm parts;
	char when[64];

	gmtime_r(&seconds, &parts);
	size_t len = strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(when + len, sizeof(when) - len, ".%09uZ", (unsigned)(start % 1000000000));
	add(out, when);
}

static void add_milliseconds(struct text *out, uint64_t ns)
{
	char places[8];
	size_t len;

	add_number(out, ns / 1000000);
	snprintf(places, sizeof(places), ".%06u", (unsigned)(ns % 1000000));
	for (len = 7; places[len - 1] == '0'; len--)
		;
	add_bytes(out, places, len == 1 ? 0 : len);
}

static void lines_span(struct text *out, const struct span *span)
{
	static const char *const keys[] = { "{\"trace_id\":\"", "\",\"span_id\":\"",
					    "\",\"parent_span_id\":\"" };
	static const char *const kinds[] = {
		"", "internal", "server", "client", "producer", "consumer",
	};

	add_ids(out, span, keys);
	add(out, "\",\"name\":\"");
	add(out, span->name);
	add(out, "\",\"service\":\"");
	add(out, services[span->service]);
	add(out, "\",\"kind\":\"");
	add(out, kinds[span->operation->kind]);
	add(out, span->error ? "\",\"status\":\"error\",\"status_message\":\"failed"
			     : "\",\"status\":\"unset");
	add(out, "\",\"start\":\"");
	add_start(out, span->start);
	add(out, "\",\"duration_ms\":");
	add_milliseconds(out, span->end - span->start);
	add(out, ",\"start_unix_nano\":\"");
	add_number(out, span->start);
	add(out, "\",\"end_unix_nano\":\"");
	add_number(out, span->end);
	add(out, "\",\"flags\":");
	add_number(out, span_flags(span));
	add(out, ",");
	add_plain_fields(out, span->operation->fields, span->values, SPAN_FIELDS);
	if (span->event != NULL) {
		add(out, ",\"events\":[{\"time_unix_nano\":\"");
		add_number(out, span->end - 1000);
		add(out, span->error ? "\",\"name\":\"exception\"," : "\",\"name\":\"log\",");
		add_plain_fields(out, span->event, span->event_values, EVENT_FIELDS);
		add(out, "}]");
	}
	add(out, ",\"scope\":{\"name\":\"");
	add(out, scopes[line_scope].name);
	add(out, "\",\"version\":\"");
	add(out, scopes[line_scope].version);
	add(out, "\"},\"resource\":{");
	add_plain_fields(out, resource_fields + 1, line_resource->values + 1, RESOURCE_FIELDS - 1);
	add(out, "}}\n");
}

#endif

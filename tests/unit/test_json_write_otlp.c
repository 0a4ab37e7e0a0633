/* Strict OTLP/JSON out: names, order and defaults as the Collector's exporter has them. */
#include "random_span.h"
#include "spanline/json.h"
#include "spanline/scan.h"
#include "spanline/text.h"
#include "tap.h"
#include <math.h>
#include <stdio.h>

#define TEXT(literal)                                                                              \
	{                                                                                          \
		(literal), sizeof(literal) - 1                                                     \
	}
#define LIST(items)                                                                                \
	{                                                                                          \
		(items), SL_COUNT(items)                                                           \
	}

static struct sl_notes notes;

static void expect(struct sl_buffer *out, const char *json, const char *name)
{
	if (!ok(out->len == strlen(json) && memcmp(out->data, json, out->len) == 0, "%s", name))
		printf("# is     %.*s\n# should %s\n", (int)out->len, out->data, json);
	out->len = 0;
}

static struct sl_attribute members[] = { { TEXT("m"), { .type = SL_VALUE_EMPTY } } };
static struct sl_attribute items[] = {
	{ TEXT("s"), { .type = SL_VALUE_STRING, .text = TEXT("a\"b") } },
	{ TEXT("b"), { .type = SL_VALUE_BOOL, .boolean = false } },
	{ TEXT("i"), { .type = SL_VALUE_INT, .integer = INT64_MIN } },
	{ TEXT("y"), { .type = SL_VALUE_BYTES, .text = TEXT("\xff") } },
	{ TEXT("m"), { .type = SL_VALUE_KVLIST, .list = LIST(members) } },
	{ TEXT("m"), { .type = SL_VALUE_KVLIST } },
	{ TEXT("a"), { .type = SL_VALUE_ARRAY, .list = { items, 2 } } },
	{ TEXT("a"), { .type = SL_VALUE_ARRAY } },
};

static void test_span(struct sl_buffer *out)
{
	struct sl_event event = { .time_unix_nano = 5,
				  .name = TEXT("e"),
				  .attributes = { items, 1 },
				  .dropped_attributes_count = 6 };
	struct sl_link link = { .trace_id = TEXT("\x01"),
				.span_id = TEXT("\x02"),
				.trace_state = TEXT("t"),
				.attributes = { items, 1 },
				.dropped_attributes_count = 7,
				.flags = 8 };
	struct sl_span span = sl_span_empty;

	span.trace_id = SL_SLICE("\xab");
	span.span_id = SL_SLICE("\xcd");
	span.parent_span_id = SL_SLICE("\xef");
	span.trace_state = SL_SLICE("ts");
	span.name = SL_SLICE("n");
	span.kind = SL_KIND_CLIENT;
	span.status_code = SL_STATUS_ERROR;
	span.status_message = SL_SLICE("m");
	span.start_unix_nano = 1;
	span.end_unix_nano = UINT64_MAX;
	span.flags = 2;
	span.attributes = (struct sl_attributes)LIST(items);
	span.dropped_attributes_count = 3;
	span.events = &event;
	span.event_count = 1;
	span.dropped_events_count = 4;
	span.links = &link;
	span.link_count = 1;
	span.dropped_links_count = 5;
	sl_otlp_json_span(&span, out, &notes, SL_BAD_TEXT_REPLACED);
	expect(out,
	       "{\"traceId\":\"ab\",\"spanId\":\"cd\",\"traceState\":\"ts\",\"parentSpanId\":"
	       "\"ef\","
	       "\"flags\":2,\"name\":\"n\",\"kind\":3,\"startTimeUnixNano\":\"1\","
	       "\"endTimeUnixNano\":\"18446744073709551615\",\"attributes\":["
	       "{\"key\":\"s\",\"value\":{\"stringValue\":\"a\\\"b\"}},"
	       "{\"key\":\"b\",\"value\":{\"boolValue\":false}},"
	       "{\"key\":\"i\",\"value\":{\"intValue\":\"-9223372036854775808\"}},"
	       "{\"key\":\"y\",\"value\":{\"bytesValue\":\"/w==\"}},"
	       "{\"key\":\"m\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"m\",\"value\":{}}"
	       "]}}},"
	       "{\"key\":\"m\",\"value\":{\"kvlistValue\":{}}},"
	       "{\"key\":\"a\",\"value\":{\"arrayValue\":{\"values\":["
	       "{\"stringValue\":\"a\\\"b\"},{\"boolValue\":false}]}}},"
	       "{\"key\":\"a\",\"value\":{\"arrayValue\":{}}}],\"droppedAttributesCount\":3,"
	       "\"events\":[{\"timeUnixNano\":\"5\",\"name\":\"e\",\"attributes\":["
	       "{\"key\":\"s\",\"value\":{\"stringValue\":\"a\\\"b\"}}],\"droppedAttributesCount\":"
	       "6}],"
	       "\"droppedEventsCount\":4,"
	       "\"links\":[{\"traceId\":\"01\",\"spanId\":\"02\",\"traceState\":\"t\","
	       "\"attributes\":["
	       "{\"key\":\"s\",\"value\":{\"stringValue\":\"a\\\"b\"}}],\"droppedAttributesCount\":"
	       "7,"
	       "\"flags\":8}],\"droppedLinksCount\":5,\"status\":{\"message\":\"m\",\"code\":2}}",
	       "a span that has all");
}

static void test_empty_span(struct sl_buffer *out)
{
	sl_otlp_json_span(&sl_span_empty, out, &notes, SL_BAD_TEXT_REPLACED);
	expect(out, "{\"status\":{}}", "the span that has nothing");
}

static void test_doubles(struct sl_buffer *out)
{
	static const struct {
		double number;
		const char *json;
	} rows[] = {
		{ 1.0, "1.0" },
		{ -0.0, "-0.0" },
		{ 0.1, "0.1" },
		{ 5e-324, "5e-324" },
		{ 1.7976931348623157e308, "1.7976931348623157e+308" },
		{ (double)NAN, "\"NaN\"" },
		{ (double)INFINITY, "\"Infinity\"" },
		{ -(double)INFINITY, "\"-Infinity\"" },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_attribute item = {
			TEXT(""), { .type = SL_VALUE_DOUBLE, .number = rows[i].number }
		};
		struct sl_scope scope = { .attributes = { &item, 1 } };
		char json[128];

		sl_otlp_json_scope(&scope, out, &notes, SL_BAD_TEXT_REPLACED);
		snprintf(json, sizeof(json),
			 "{\"attributes\":[{\"key\":\"\",\"value\":{\"doubleValue\":%s}}]}",
			 rows[i].json);
		expect(out, json, rows[i].json);
	}
}

static void test_origin(struct sl_buffer *out)
{
	struct sl_slice keys[] = { TEXT("host.id"), TEXT("host.name") };
	struct sl_entity_ref refs[] = { { .schema_url = TEXT("u"),
					  .type = TEXT("host"),
					  .id_keys = keys,
					  .id_key_count = 2,
					  .description_keys = keys,
					  .description_key_count = 1 },
					{ .type = TEXT("x") } };
	struct sl_attribute item = { TEXT("service.name"),
				     { .type = SL_VALUE_STRING, .text = TEXT("cart") } };
	struct sl_resource resource = { .schema_url = TEXT("not here"),
					.attributes = { &item, 1 },
					.dropped_attributes_count = 1,
					.entity_refs = refs,
					.entity_ref_count = 2 };
	struct sl_scope scope = { .name = TEXT("n"),
				  .version = TEXT("v"),
				  .schema_url = TEXT("not here"),
				  .attributes = { &item, 1 },
				  .dropped_attributes_count = 2 };

	sl_resource_settle(&resource);
	sl_otlp_json_resource(&resource, out, &notes, SL_BAD_TEXT_REPLACED);
	expect(out,
	       "{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"cart\"}}],"
	       "\"droppedAttributesCount\":1,\"entityRefs\":[{\"schemaUrl\":\"u\",\"type\":"
	       "\"host\","
	       "\"idKeys\":[\"host.id\",\"host.name\"],\"descriptionKeys\":[\"host.id\"]},"
	       "{\"type\":\"x\"}]}",
	       "a resource");
	sl_otlp_json_scope(&scope, out, &notes, SL_BAD_TEXT_REPLACED);
	expect(out,
	       "{\"name\":\"n\",\"version\":\"v\",\"attributes\":[{\"key\":\"service.name\","
	       "\"value\":{\"stringValue\":\"cart\"}}],\"droppedAttributesCount\":2}",
	       "a scope");
	sl_otlp_json_resource(sl_span_empty.resource, out, &notes, SL_BAD_TEXT_REPLACED);
	expect(out, "{}", "an empty resource");
	sl_otlp_json_scope(sl_span_empty.scope, out, &notes, SL_BAD_TEXT_REPLACED);
	expect(out, "{}", "an empty scope");
}

static void test_replaced(struct sl_buffer *out)
{
	struct sl_attribute item = { TEXT("\xff"),
				     { .type = SL_VALUE_STRING, .text = TEXT("\xfe") } };
	struct sl_span span = sl_span_empty;

	ok(notes.count[SL_NOTE_REPLACED_UTF8] == 0, "nothing was replaced so far");
	span.name = SL_SLICE("a\xff");
	span.attributes = (struct sl_attributes){ &item, 1 };
	sl_otlp_json_span(&span, out, &notes, SL_BAD_TEXT_REPLACED);
	expect(out,
	       "{\"name\":\"a\xef\xbf\xbd\",\"attributes\":[{\"key\":\"\xef\xbf\xbd\","
	       "\"value\":{\"stringValue\":\"\xef\xbf\xbd\"}}],\"status\":{}}",
	       "what is not UTF-8");
	ok(notes.count[SL_NOTE_REPLACED_UTF8] == 3, "is counted");
}

/* Whatever it is, the JSON is whole: brackets match outside strings, and no byte is a control. */
static bool is_balanced(struct sl_slice json)
{
	struct sl_json_skip skip = { 0 };

	for (size_t i = 0; i < json.len; i++)
		if ((unsigned char)json.data[i] < 0x20)
			return false;
	return sl_json_skip(&skip, json.data, json.data + json.len) == json.data + json.len;
}

static void test_random_spans(struct sl_buffer *out)
{
	struct random_spans random = { .state = 11 };
	unsigned wrong = 0;

	for (unsigned i = 0; i < 500; i++) {
		const struct sl_span *span = random_span(&random);

		out->len = 0;
		sl_otlp_json_span(span, out, &notes, SL_BAD_TEXT_REPLACED);
		wrong += !is_balanced(sl_buffer_slice(out)) || !sl_utf8_valid(sl_buffer_slice(out));
	}
	ok(wrong == 0, "500 random spans");
	sl_arena_free(&random.arena);
}

int main(void)
{
	struct sl_buffer out = { 0 };

	test_empty_span(&out);
	test_span(&out);
	test_doubles(&out);
	test_origin(&out);
	test_replaced(&out);
	test_random_spans(&out);
	sl_buffer_free(&out);
	return done_testing();
}

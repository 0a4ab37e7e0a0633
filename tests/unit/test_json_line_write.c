/* Span lines out: the keys, their order and their defaults, held against the text of span-line(5).
 */
#include "spanline/json.h"
#include "tap.h"
#include <stdlib.h>

#define TEXT(literal)                                                                              \
	{                                                                                          \
		(literal), sizeof(literal) - 1                                                     \
	}
#define STRING(literal)                                                                            \
	{                                                                                          \
		.type = SL_VALUE_STRING, .text = TEXT(literal)                                     \
	}
#define INT(number)                                                                                \
	{                                                                                          \
		.type = SL_VALUE_INT, .integer = (number)                                          \
	}
#define DOUBLE(value)                                                                              \
	{                                                                                          \
		.type = SL_VALUE_DOUBLE, .number = (value)                                         \
	}
#define LIST(items)                                                                                \
	{                                                                                          \
		(items), SL_COUNT(items)                                                           \
	}

static struct sl_line_writer *writer;

/* Without the newline; owned. */
static char *line_of(const struct sl_span *span)
{
	struct sl_buffer out = { 0 };

	sl_line_write(writer, span, &out);
	if (out.failed || out.len == 0 || out.data[out.len - 1] != '\n')
		abort();
	out.data[out.len - 1] = '\0';
	return out.data;
}

static void expect(const struct sl_span *span, const char *line, const char *name)
{
	char *written = line_of(span);

	if (!ok(strcmp(written, line) == 0, "%s", name))
		printf("# is     %s\n# should %s\n", written, line);
	free(written);
}

static struct sl_attribute span_items[] = {
	{ TEXT("http.route"), STRING("/checkout") },
	{ TEXT("http.response.status_code"), INT(500) },
	{ TEXT("cart.total"), DOUBLE(42.5) },
	{ TEXT("sample.rate"), DOUBLE(1.0) },
	{ TEXT("payload"), { .type = SL_VALUE_BYTES, .text = TEXT("\xff\x00") } },
};
static struct sl_attribute event_items[] = { { TEXT("exception.type"), STRING("PaymentError") } };
static struct sl_attribute resource_items[] = {
	{ TEXT("service.name"), STRING("checkout") },
	{ TEXT("service.version"), STRING("1.4.2") },
};

static void test_example(void)
{
	struct sl_event event = { .time_unix_nano = 1744019112350000000,
				  .name = TEXT("exception"),
				  .attributes = LIST(event_items) };
	struct sl_scope scope = {
		.serial = 1, .present = true, .name = TEXT("net/http"), .version = TEXT("0.63.0")
	};
	struct sl_resource resource = { .serial = 1,
					.present = true,
					.schema_url =
						TEXT("https://opentelemetry.io/schemas/1.37.0"),
					.attributes = LIST(resource_items) };
	struct sl_span span = {
		.trace_id =
			TEXT("\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c"),
		.span_id = TEXT("\xee\xe1\x9b\x7e\xc3\xc1\xb1\x74"),
		.parent_span_id = TEXT("\xee\xe1\x9b\x7e\xc3\xc1\xb1\x73"),
		.name = TEXT("POST /checkout"),
		.trace_state = TEXT("ot=th:c"),
		.status_message = TEXT("payment declined"),
		.kind = SL_KIND_SERVER,
		.status_code = SL_STATUS_ERROR,
		.start_unix_nano = 1744019112345678901,
		.end_unix_nano = 1744019112358024579,
		.flags = 257,
		.attributes = LIST(span_items),
		.events = &event,
		.event_count = 1,
		.scope = &scope,
		.resource = &resource,
	};

	sl_resource_settle(&resource);
	expect(&span,
	       "{\"trace_id\":\"5b8efff798038103d269b633813fc60c\",\"span_id\":"
	       "\"eee19b7ec3c1b174\","
	       "\"parent_span_id\":\"eee19b7ec3c1b173\",\"name\":\"POST /checkout\","
	       "\"service\":\"checkout\",\"kind\":\"server\",\"status\":\"error\","
	       "\"status_message\":\"payment declined\","
	       "\"start\":\"2025-04-07T09:45:12.345678901Z\",\"duration_ms\":12.345678,"
	       "\"start_unix_nano\":\"1744019112345678901\","
	       "\"end_unix_nano\":\"1744019112358024579\",\"trace_state\":\"ot=th:c\",\"flags\":"
	       "257,"
	       "\"attributes\":{\"http.route\":\"/checkout\",\"http.response.status_code\":500,"
	       "\"cart.total\":42.5,\"sample.rate\":1.0,\"payload\":\"/wA=\"},"
	       "\"events\":[{\"time_unix_nano\":\"1744019112350000000\",\"name\":\"exception\","
	       "\"attributes\":{\"exception.type\":\"PaymentError\"}}],"
	       "\"exact\":{\"/attributes/sample.rate\":{\"doubleValue\":1.0},"
	       "\"/attributes/payload\":{\"bytesValue\":\"/wA=\"}},"
	       "\"scope\":{\"name\":\"net/http\",\"version\":\"0.63.0\"},"
	       "\"resource\":{\"schema_url\":\"https://opentelemetry.io/schemas/1.37.0\","
	       "\"attributes\":{\"service.version\":\"1.4.2\"}}}",
	       "the example of the manual");
}

#define HEAD "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\""
#define EPOCH                                                                                      \
	",\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"                         \
	"\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\""

static void test_defaults(void)
{
	struct sl_link link = { .trace_id = TEXT("\x01"),
				.span_id = TEXT("\x02"),
				.trace_state = TEXT("a=b"),
				.attributes = LIST(event_items),
				.dropped_attributes_count = 1,
				.flags = 2 };
	struct sl_event event = { .dropped_attributes_count = 3 };
	struct sl_span span = sl_span_empty;

	expect(&span, HEAD ",\"status\":\"unset\"" EPOCH "}", "the span that has nothing");
	span.kind = 77;
	span.status_code = -1;
	expect(&span, HEAD ",\"kind\":77,\"status\":-1" EPOCH "}", "numbers without a name");
	span = sl_span_empty;
	span.links = &link;
	span.link_count = 1;
	span.events = &event;
	span.event_count = 1;
	span.dropped_attributes_count = 4;
	span.dropped_events_count = 5;
	span.dropped_links_count = UINT32_MAX;
	expect(&span,
	       HEAD ",\"status\":\"unset\"" EPOCH ",\"dropped_attributes_count\":4,"
		    "\"events\":[{\"time_unix_nano\":\"0\",\"name\":\"\","
		    "\"dropped_attributes_count\":3}],\"dropped_events_count\":5,"
		    "\"links\":[{\"trace_id\":\"01\",\"span_id\":\"02\",\"trace_state\":\"a=b\","
		    "\"flags\":2,\"attributes\":{\"exception.type\":\"PaymentError\"},"
		    "\"dropped_attributes_count\":1}],\"dropped_links_count\":4294967295}",
	       "events, links and counts");
}

static void test_times(void)
{
	static const struct {
		uint64_t start, end;
		const char *fields;
	} rows[] = {
		{ 1, 0,
		  "\"start\":\"1970-01-01T00:00:00.000000001Z\",\"duration_ms\":-0.000001,"
		  "\"start_unix_nano\":\"1\",\"end_unix_nano\":\"0\"}" },
		{ 0, UINT64_MAX,
		  "\"start\":\"1970-01-01T00:00:00.000000000Z\","
		  "\"duration_ms\":18446744073709.551615,"
		  "\"start_unix_nano\":\"0\",\"end_unix_nano\":\"18446744073709551615\"}" },
		{ UINT64_MAX, UINT64_MAX,
		  "\"start\":\"2554-07-21T23:34:33.709551615Z\",\"duration_ms\":0,"
		  "\"start_unix_nano\":\"18446744073709551615\","
		  "\"end_unix_nano\":\"18446744073709551615\"}" },
		{ 999999999, 1000000000,
		  "\"start\":\"1970-01-01T00:00:00.999999999Z\",\"duration_ms\":0.000001,"
		  "\"start_unix_nano\":\"999999999\",\"end_unix_nano\":\"1000000000\"}" },
		{ 1000000000, 2500000000,
		  "\"start\":\"1970-01-01T00:00:01.000000000Z\",\"duration_ms\":1500,"
		  "\"start_unix_nano\":\"1000000000\",\"end_unix_nano\":\"2500000000\"}" },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_span span = sl_span_empty;
		char *line, *fields;

		span.start_unix_nano = rows[i].start;
		span.end_unix_nano = rows[i].end;
		line = line_of(&span);
		fields = strstr(line, "\"start\"");
		ok(fields != NULL && strcmp(fields, rows[i].fields) == 0, "times %s", line);
		free(line);
	}
}

static void test_scopes(void)
{
	static struct sl_attribute item[] = { { TEXT("x"), INT(1) } };
	static const struct {
		struct sl_scope scope;
		const char *json; /* or NULL */
		const char *name;
	} rows[] = {
		{ { .present = false }, NULL, "no scope" },
		{ { .present = true }, "{}", "an empty scope" },
		{ { .schema_url = TEXT("u") },
		  "{\"schema_url\":\"u\"}",
		  "no scope with a schema_url" },
		{ { .present = true, .schema_url = TEXT("u") },
		  "{\"schema_url\":\"u\",\"attributes\":{}}",
		  "an empty scope with a schema_url" },
		{ { .present = true, .version = TEXT("1"), .schema_url = TEXT("u") },
		  "{\"version\":\"1\",\"schema_url\":\"u\"}",
		  "a version and a schema_url" },
		{ { .present = true,
		    .name = TEXT("n"),
		    .attributes = LIST(item),
		    .dropped_attributes_count = 9 },
		  "{\"name\":\"n\",\"attributes\":{\"x\":1},\"dropped_attributes_count\":9}",
		  "a scope with attributes" },
		{ { .present = true, .name = TEXT("\xff") },
		  "{\"name\":\"\xef\xbf\xbd\",\"exact\":{\"/name\":{\"stringValueBytes\":\"/"
		  "w==\"}}}",
		  "a name that is not UTF-8" },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_span span = sl_span_empty;
		char should[256];

		span.scope = &rows[i].scope;
		snprintf(should, sizeof(should), "%s%s%s}", HEAD ",\"status\":\"unset\"" EPOCH,
			 rows[i].json != NULL ? ",\"scope\":" : "",
			 rows[i].json != NULL ? rows[i].json : "");
		expect(&span, should, rows[i].name);
	}
}

static struct sl_attribute two_services[] = { { TEXT("service.name"), STRING("a") },
					      { TEXT("service.name"), STRING("b") } };
static struct sl_attribute numeric_service[] = { { TEXT("service.name"), INT(7) } };
static struct sl_attribute bad_service[] = { { TEXT("service.name"), STRING("\xff") } };
static struct sl_attribute only_service[] = { { TEXT("service.name"), STRING("") } };
static struct sl_slice keys[] = { TEXT("host.id"), TEXT("host.\xff") };
static struct sl_entity_ref refs[] = {
	{ .schema_url = TEXT("u"),
	  .type = TEXT("host"),
	  .id_keys = keys,
	  .id_key_count = 2,
	  .description_keys = keys,
	  .description_key_count = 1 },
	{ .type = { NULL, 0 } },
};

static const struct {
	struct sl_resource resource;
	const char *service, *json; /* or NULL */
	const char *name;
} resources[] = {
	{ { .present = false }, NULL, NULL, "no resource" },
	{ { .present = true }, NULL, "{}", "an empty resource" },
	{ { .schema_url = TEXT("u") },
	  NULL,
	  "{\"schema_url\":\"u\"}",
	  "no resource with a schema_url" },
	{ { .present = true, .schema_url = TEXT("u") },
	  NULL,
	  "{\"schema_url\":\"u\",\"attributes\":{}}",
	  "an empty resource with a schema_url" },
	{ { .present = true, .attributes = LIST(only_service) },
	  "",
	  NULL,
	  "nothing but a service, if an empty one" },
	{ { .present = true, .attributes = LIST(only_service), .schema_url = TEXT("u") },
	  "",
	  "{\"schema_url\":\"u\"}",
	  "a service and a schema_url" },
	{ { .present = true, .attributes = LIST(only_service), .dropped_attributes_count = 1 },
	  "",
	  "{\"dropped_attributes_count\":1}",
	  "a service and a count" },
	{ { .present = true, .attributes = LIST(two_services) },
	  NULL,
	  "{\"attributes\":{\"service.name\":\"a\"},\"exact\":{\"/"
	  "attributes\":{\"keyValues\":["
	  "[\"c2VydmljZS5uYW1l\",{\"stringValue\":\"a\"}],"
	  "[\"c2VydmljZS5uYW1l\",{\"stringValue\":\"b\"}]]}}}",
	  "two services stay" },
	{ { .present = true, .attributes = LIST(numeric_service) },
	  NULL,
	  "{\"attributes\":{\"service.name\":7}}",
	  "a service that is a number stays" },
	{ { .present = true, .attributes = LIST(bad_service) },
	  NULL,
	  "{\"attributes\":{\"service.name\":\"\xef\xbf\xbd\"},\"exact\":{"
	  "\"/attributes/service.name\":{\"stringValueBytes\":\"/w==\"}}}",
	  "a service that is not UTF-8 stays" },
	{ { .present = true, .entity_refs = refs, .entity_ref_count = 2 },
	  NULL,
	  "{\"entity_refs\":[{\"schema_url\":\"u\",\"type\":\"host\","
	  "\"id_keys\":[\"host.id\",\"host.\xef\xbf\xbd\"],\"description_keys\":[\"host."
	  "id\"]},"
	  "{}],\"exact\":{\"/entity_refs/0/id_keys/1\":"
	  "{\"stringValueBytes\":\"aG9zdC7/\"}}}",
	  "entity refs" },
};

static void test_resources(void)
{
	for (size_t i = 0; i < SL_COUNT(resources); i++) {
		struct sl_resource resource = resources[i].resource;
		struct sl_span span = sl_span_empty;
		char should[512];

		sl_resource_settle(&resource);
		span.resource = &resource;
		snprintf(should, sizeof(should), "%s%s%s%s%s%s%s}", HEAD,
			 resources[i].service != NULL ? ",\"service\":\"" : "",
			 resources[i].service != NULL ? resources[i].service : "",
			 resources[i].service != NULL ? "\"" : "", ",\"status\":\"unset\"" EPOCH,
			 resources[i].json != NULL ? ",\"resource\":" : "",
			 resources[i].json != NULL ? resources[i].json : "");
		expect(&span, should, resources[i].name);
	}
}

/* What was rendered of a resource is kept for its serial, and no longer. */
static void test_serials(void)
{
	struct sl_resource first = { .serial = 7,
				     .present = true,
				     .attributes = LIST(only_service) };
	struct sl_resource second = { .serial = 8, .present = true };
	struct sl_span span = sl_span_empty;
	const char *with = HEAD ",\"service\":\"\",\"status\":\"unset\"" EPOCH "}";

	sl_resource_settle(&first);
	span.resource = &first;
	expect(&span, with, "a service");
	expect(&span, with, "the same again");
	span.resource = &second;
	expect(&span, HEAD ",\"status\":\"unset\"" EPOCH ",\"resource\":{}}", "another resource");
	span.resource = &first;
	expect(&span, with, "the first again");
}

static void test_limit(void)
{
	struct sl_buffer out = { .limit = 100 };

	sl_line_write(writer, &sl_span_empty, &out);
	ok(out.failed, "a buffer that may not grow says so");
	sl_buffer_free(&out);
}

static void test_logs(void)
{
	struct sl_resource resource = { .present = true, .attributes = LIST(resource_items) };
	static struct sl_attribute twice[] = { { TEXT("k"), INT(1) }, { TEXT("k"), INT(2) } };
	struct sl_log log = { .trace_id = TEXT("\x5b"),
			      .span_id = TEXT("\xee"),
			      .time_unix_nano = 1744019112345678901,
			      .severity_number = 18,
			      .body = STRING("disk \x1b[1mfull"),
			      .attributes = LIST(twice),
			      .resource = &resource };
	struct sl_buffer out = { 0 };

	sl_log_line_write(&log, &out);
	log = (struct sl_log){ .severity = TEXT("notice"),
			       .severity_number = 9,
			       .resource = sl_span_empty.resource };
	sl_log_line_write(&log, &out);
	sl_buffer_add_byte(&out, '\0');
	ok(strcmp(out.data, "{\"trace_id\":\"5b\",\"span_id\":\"ee\","
			    "\"time\":\"2025-04-07T09:45:12.345678901Z\",\"severity\":\"ERROR2\","
			    "\"service\":\"checkout\",\"body\":\"disk \\u001b[1mfull\","
			    "\"attributes\":{\"k\":1}}\n"
			    "{\"trace_id\":\"\",\"span_id\":\"\","
			    "\"time\":\"1970-01-01T00:00:00.000000000Z\",\"severity\":\"notice\","
			    "\"service\":\"\",\"body\":null,\"attributes\":{}}\n") == 0,
	   "log records");
	sl_buffer_free(&out);
}

int main(void)
{
	struct sl_error err;

	if (sl_line_writer_open(&writer, &err) != SL_OK)
		return 2;
	test_example();
	test_defaults();
	test_times();
	test_scopes();
	test_resources();
	test_serials();
	test_limit();
	test_logs();
	sl_line_writer_close(writer);
	return done_testing();
}

/* OTLP/JSON in: every dialect of its fields, what is noted of it, and what strict says. */
#include "documents.h"
#include "spanline/text.h"
#include "tap.h"

#define LINE_HEAD                                                                                  \
	"{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"unset\","                  \
	"\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"                          \
	"\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\""

/* A part of a document, and how the line of its span ends. */
struct row {
	const char *name, *in, *out;
	enum sl_note note; /* counted once; or SL_NOTE_COUNT */
};

/* The value of the attribute "k"; `out` follows `"k":`. */
static const struct row values[] = {
	{ "a string", "{\"stringValue\":\"a\"}", "\"a\"}}", SL_NOTE_COUNT },
	{ "a longer string", "{\"stringValue\":\"0123456789abcdef0123456789abcdef0\"}",
	  "\"0123456789abcdef0123456789abcdef0\"}}", SL_NOTE_COUNT },
	{ "escapes", "{\"stringValue\":\"\\u0041\\n\\\"\\/\\ud83d\\ude00\\u00e9\"}",
	  "\"A\\n\\\"/\xf0\x9f\x98\x80\xc3\xa9\"}}", SL_NOTE_COUNT },
	{ "U+0000", "{\"stringValue\":\"a\\u0000b\"}", "\"a\\u0000b\"}}", SL_NOTE_COUNT },
	{ "a lone high surrogate", "{\"stringValue\":\"a\\ud800b\"}",
	  "\"a\xef\xbf\xbd"
	  "b\"}}",
	  SL_NOTE_LONE_SURROGATE },
	{ "a lone low surrogate at the end", "{\"stringValue\":\"\\udc00\"}", "\"\xef\xbf\xbd\"}}",
	  SL_NOTE_LONE_SURROGATE },
	{ "a high surrogate before another escape", "{\"stringValue\":\"\\ud800\\n\"}",
	  "\"\xef\xbf\xbd\\n\"}}", SL_NOTE_LONE_SURROGATE },
	{ "an integer in quotes", "{\"intValue\":\"-42\"}", "-42}}", SL_NOTE_COUNT },
	{ "an integer as a number", "{\"intValue\":42}", "42}}", SL_NOTE_COUNT },
	{ "the least integer", "{\"intValue\":\"-9223372036854775808\"}",
	  "-9223372036854775808},\"exact\":{\"/attributes/"
	  "k\":{\"intValue\":\"-9223372036854775808\"}}}",
	  SL_NOTE_COUNT },
	{ "an integer beyond 2^53", "{\"intValue\":9007199254740993}",
	  "9007199254740993},\"exact\":{\"/attributes/k\":{\"intValue\":\"9007199254740993\"}}}",
	  SL_NOTE_COUNT },
	{ "an integer with an exponent", "{\"intValue\":\"1.20e3\"}", "1200}}", SL_NOTE_COUNT },
	{ "an integer that is none", "{\"intValue\":1.5}", "1.5}}", SL_NOTE_INT_AS_DOUBLE },
	{ "an integer that is too large", "{\"intValue\":1.7976931348623157e+308}",
	  "1.7976931348623157e+308}}", SL_NOTE_INT_AS_DOUBLE },
	{ "an integer just too large", "{\"intValue\":\"9223372036854775808\"}",
	  "9223372036854776000.0},\"exact\":{\"/attributes/"
	  "k\":{\"doubleValue\":9223372036854776000.0}}}",
	  SL_NOTE_INT_AS_DOUBLE },
	{ "an integer that is no number", "{\"intValue\":\"xxxxx\"}", "null}}",
	  SL_NOTE_BAD_NUMBER },
	{ "an integer that is empty", "{\"intValue\":\"\"}", "null}}", SL_NOTE_BAD_NUMBER },
	{ "a double", "{\"doubleValue\":-2.5e-3}", "-0.0025}}", SL_NOTE_COUNT },
	{ "an integral double", "{\"doubleValue\":3}",
	  "3.0},\"exact\":{\"/attributes/k\":{\"doubleValue\":3.0}}}", SL_NOTE_COUNT },
	{ "NaN", "{\"doubleValue\":\"NaN\"}",
	  "\"NaN\"},\"exact\":{\"/attributes/k\":{\"doubleValue\":\"NaN\"}}}", SL_NOTE_COUNT },
	{ "an infinity", "{\"doubleValue\":\"-Infinity\"}",
	  "\"-Infinity\"},\"exact\":{\"/attributes/k\":{\"doubleValue\":\"-Infinity\"}}}",
	  SL_NOTE_COUNT },
	{ "a double in quotes", "{\"doubleValue\":\"0.5\"}", "0.5}}", SL_NOTE_NUMBER_AS_STRING },
	{ "a double that is none", "{\"doubleValue\":\"many\"}", "null}}", SL_NOTE_BAD_NUMBER },
	{ "a double beyond all", "{\"doubleValue\":1e400}", "null}}", SL_NOTE_BAD_NUMBER },
	{ "a double that is null", "{\"doubleValue\":null}", "null}}", SL_NOTE_COUNT },
	{ "true", "{\"boolValue\":true}", "true}}", SL_NOTE_COUNT },
	{ "false", "{\"boolValue\":false}", "false}}", SL_NOTE_COUNT },
	{ "bytes", "{\"bytesValue\":\"/wA=\"}",
	  "\"/wA=\"},\"exact\":{\"/attributes/k\":{\"bytesValue\":\"/wA=\"}}}", SL_NOTE_COUNT },
	{ "bytes for URLs", "{\"bytesValue\":\"_wA\"}",
	  "\"/wA=\"},\"exact\":{\"/attributes/k\":{\"bytesValue\":\"/wA=\"}}}", SL_NOTE_COUNT },
	{ "bytes that are none", "{\"bytesValue\":\"!\"}", "\"!\"}}", SL_NOTE_BARE_VALUE },
	{ "an array",
	  "{\"arrayValue\":{\"values\":[{\"stringValue\":\"a\"},{\"intValue\":\"1\"},{},null]}}",
	  "[\"a\",1,null,null]}}", SL_NOTE_COUNT },
	{ "an empty array", "{\"arrayValue\":{\"values\":[]}}", "[]}}", SL_NOTE_COUNT },
	{ "an array without values", "{\"arrayValue\":{}}", "[]}}", SL_NOTE_COUNT },
	{ "a map",
	  "{\"kvlistValue\":{\"values\":[{\"key\":\"a\",\"value\":{\"boolValue\":true}}]}}",
	  "{\"a\":true}}}", SL_NOTE_COUNT },
	{ "an array in a map in an array",
	  "{\"arrayValue\":{\"values\":[{\"kvlistValue\":{\"values\":[{\"key\":\"a\",\"value\":"
	  "{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"}]}}}]}},{\"intValue\":\"2\"}]}}",
	  "[{\"a\":[1]},2]}}", SL_NOTE_COUNT },
	{ "the empty value", "{}", "null}}", SL_NOTE_COUNT },
	{ "null", "null", "null}}", SL_NOTE_COUNT },
	{ "an unknown type", "{\"colourValue\":{\"a\":[1,\"]\"]}}", "null}}", SL_NOTE_COUNT },
	{ "an unknown key beside the value", "{\"stringValue\":\"a\",\"colour\":1}", "\"a\"}}",
	  SL_NOTE_COUNT },
	{ "snake_case", "{\"string_value\":\"a\"}", "\"a\"}}", SL_NOTE_SNAKE_CASE },
	{ "an escape in the key", "{\"string\\u0056alue\":\"a\"}", "\"a\"}}", SL_NOTE_COUNT },
	{ "two types", "{\"stringValue\":\"a\",\"intValue\":\"1\"}", "1}}", SL_NOTE_TWO_VALUES },
	{ "two types, of which one is null", "{\"stringValue\":\"a\",\"intValue\":null}", "\"a\"}}",
	  SL_NOTE_COUNT },
	{ "a string by its index", "{\"stringValueStrindex\":7}", "null}}",
	  SL_NOTE_INDEXED_STRING },
	{ "a bare string", "\"100\"", "\"100\"}}", SL_NOTE_BARE_VALUE },
	{ "a bare integer", "-7", "-7}}", SL_NOTE_BARE_VALUE },
	{ "a bare double", "0.25", "0.25}}", SL_NOTE_BARE_VALUE },
	{ "a bare boolean", "false", "false}}", SL_NOTE_BARE_VALUE },
	{ "a bare array of values", "[{\"intValue\":\"1\"},null]", "[1,null]}}",
	  SL_NOTE_BARE_VALUE },
	{ "a bare value in an array", "{\"arrayValue\":{\"values\":[\"a\"]}}", "[\"a\"]}}",
	  SL_NOTE_BARE_VALUE },
	{ "a string that is a number", "{\"stringValue\":5}", "5}}", SL_NOTE_BARE_VALUE },
	{ "a boolean that is a string", "{\"boolValue\":\"true\"}", "\"true\"}}",
	  SL_NOTE_BARE_VALUE },
	{ "as Go prints it", "{\"Value\":{\"StringValue\":\"a\"}}", "\"a\"}}", SL_NOTE_BARE_VALUE },
	{ "a number as Go prints it", "{\"Value\":{\"IntValue\":5}}", "5}}", SL_NOTE_BARE_VALUE },
};

/* Members of the span. */
static const struct row spans[] = {
	{ "nothing", "", LINE_HEAD "}", SL_NOTE_COUNT },
	{ "all fields in the Collector's order",
	  "\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\","
	  "\"traceState\":\"a=b\",\"parentSpanId\":\"eee19b7ec3c1b173\",\"flags\":257,"
	  "\"name\":\"n\",\"kind\":2,\"startTimeUnixNano\":\"1744019112345678901\","
	  "\"endTimeUnixNano\":\"1744019112358024579\",\"attributes\":[{\"key\":\"k\",\"value\":{"
	  "\"boolValue\":true}}],\"droppedAttributesCount\":1,\"events\":[{\"timeUnixNano\":"
	  "\"1744019112350000000\",\"name\":\"e\",\"attributes\":[{\"key\":\"x\",\"value\":{"
	  "\"intValue\":\"1\"}}],\"droppedAttributesCount\":4},{}],\"droppedEventsCount\":2,"
	  "\"links\":[{\"traceId\":\"00000000000000000000000000000001\",\"spanId\":"
	  "\"0000000000000002\",\"traceState\":\"c=d\",\"attributes\":[],"
	  "\"droppedAttributesCount\":5,\"flags\":1}],\"droppedLinksCount\":3,"
	  "\"status\":{\"message\":\"m\",\"code\":2}",
	  "{\"trace_id\":\"5b8efff798038103d269b633813fc60c\",\"span_id\":\"eee19b7ec3c1b174\","
	  "\"parent_span_id\":\"eee19b7ec3c1b173\",\"name\":\"n\",\"kind\":\"server\","
	  "\"status\":\"error\",\"status_message\":\"m\","
	  "\"start\":\"2025-04-07T09:45:12.345678901Z\",\"duration_ms\":12.345678,"
	  "\"start_unix_nano\":\"1744019112345678901\",\"end_unix_nano\":\"1744019112358024579\","
	  "\"trace_state\":\"a=b\",\"flags\":257,\"attributes\":{\"k\":true},"
	  "\"dropped_attributes_count\":1,\"events\":[{\"time_unix_nano\":\"1744019112350000000\","
	  "\"name\":\"e\",\"attributes\":{\"x\":1},\"dropped_attributes_count\":4},"
	  "{\"time_unix_nano\":\"0\",\"name\":\"\"}],\"dropped_events_count\":2,"
	  "\"links\":[{\"trace_id\":\"00000000000000000000000000000001\","
	  "\"span_id\":\"0000000000000002\",\"trace_state\":\"c=d\",\"flags\":1,"
	  "\"dropped_attributes_count\":5}],\"dropped_links_count\":3}",
	  SL_NOTE_COUNT },
	{ "another order, with unknown keys between",
	  "\"x\":{\"traceId\":\"00\"},\"status\":{\"code\":1},\"kind\":3,\"y\":[[\"z]\"],{}],"
	  "\"name\":\"n\",\"w\":-1.5e+3",
	  "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"n\",\"kind\":\"client\","
	  "\"status\":\"ok\",\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"
	  "\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\"}",
	  SL_NOTE_COUNT },
	{ "all that is null",
	  "\"traceId\":null,\"name\":null,\"kind\":null,\"startTimeUnixNano\":null,"
	  "\"attributes\":null,\"events\":null,\"status\":null,\"flags\":null",
	  LINE_HEAD "}", SL_NOTE_COUNT },
	{ "empty lists", "\"attributes\":[],\"events\":[],\"links\":[],\"status\":{}",
	  LINE_HEAD "}", SL_NOTE_COUNT },
	{ "times as numbers", "\"startTimeUnixNano\":1,\"endTimeUnixNano\":1000001",
	  "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"unset\","
	  "\"start\":\"1970-01-01T00:00:00.000000001Z\",\"duration_ms\":1,"
	  "\"start_unix_nano\":\"1\",\"end_unix_nano\":\"1000001\"}",
	  SL_NOTE_COUNT },
	{ "times that a double would round",
	  "\"startTimeUnixNano\":1744019112345678901,\"endTimeUnixNano\":1.744019112345678901e18",
	  "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"unset\","
	  "\"start\":\"2025-04-07T09:45:12.345678901Z\",\"duration_ms\":0,"
	  "\"start_unix_nano\":\"1744019112345678901\",\"end_unix_nano\":\"1744019112345678901\"}",
	  SL_NOTE_COUNT },
	{ "the latest time", "\"endTimeUnixNano\":\"18446744073709551615\"",
	  "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"unset\","
	  "\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":18446744073709.551615,"
	  "\"start_unix_nano\":\"0\",\"end_unix_nano\":\"18446744073709551615\"}",
	  SL_NOTE_COUNT },
	{ "a time that is too late", "\"endTimeUnixNano\":\"18446744073709551616\"", LINE_HEAD "}",
	  SL_NOTE_BAD_NUMBER },
	{ "a time with a fraction", "\"endTimeUnixNano\":1.5", LINE_HEAD "}", SL_NOTE_BAD_NUMBER },
	{ "a time before 1970", "\"endTimeUnixNano\":\"-1\"", LINE_HEAD "}", SL_NOTE_BAD_NUMBER },
	{ "a count in quotes", "\"droppedEventsCount\":\"7\"",
	  LINE_HEAD ",\"dropped_events_count\":7}", SL_NOTE_NUMBER_AS_STRING },
	{ "a count that is too large", "\"droppedEventsCount\":4294967296", LINE_HEAD "}",
	  SL_NOTE_BAD_NUMBER },
	{ "snake_case", "\"dropped_attributes_count\":7",
	  LINE_HEAD ",\"dropped_attributes_count\":7}", SL_NOTE_SNAKE_CASE },
	{ "the first of two names", "\"traceState\":\"a\",\"traceState\":\"b\"",
	  LINE_HEAD ",\"trace_state\":\"a\"}", SL_NOTE_REPEATED_KEY },
	{ "the first of two names in another order", "\"flags\":1,\"traceState\":\"a\",\"flags\":2",
	  LINE_HEAD ",\"trace_state\":\"a\",\"flags\":1}", SL_NOTE_REPEATED_KEY },
	{ "an old status that is an error", "\"status\":{\"deprecatedCode\":2}",
	  "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"error\","
	  "\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"
	  "\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\"}",
	  SL_NOTE_OLD_STATUS },
	{ "an old status by name",
	  "\"status\":{\"deprecatedCode\":\"DEPRECATED_STATUS_CODE_CANCELLED\",\"code\":0}",
	  "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"error\","
	  "\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"
	  "\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\"}",
	  SL_NOTE_OLD_STATUS },
	{ "an old status that is none",
	  "\"status\":{\"deprecatedCode\":\"DEPRECATED_STATUS_CODE_OK\"}", LINE_HEAD "}",
	  SL_NOTE_OLD_STATUS },
	{ "a new status beside the old one", "\"status\":{\"code\":1,\"deprecatedCode\":2}",
	  "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"ok\","
	  "\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"
	  "\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\"}",
	  SL_NOTE_OLD_STATUS },
	{ "attributes whose parts are in another order",
	  "\"attributes\":[{\"value\":{\"intValue\":\"1\"},\"key\":\"k\"},{\"key\":\"l\","
	  "\"value\":{\"intValue\":\"2\"}}]",
	  LINE_HEAD ",\"attributes\":{\"k\":1,\"l\":2}}", SL_NOTE_COUNT },
	{ "attributes without a key or a value", "\"attributes\":[{\"key\":\"k\"},{}]",
	  LINE_HEAD ",\"attributes\":{\"k\":null,\"\":null}}", SL_NOTE_COUNT },
	{ "invalid UTF-8", "\"traceState\":\"\xff\"",
	  LINE_HEAD ",\"trace_state\":\"\xef\xbf\xbd\",\"exact\":{\"/trace_state\":{"
		    "\"stringValueBytes\":\"/w==\"}}}",
	  SL_NOTE_COUNT },
};

/* The kind of a span and what it becomes; the code of a status is read by the same lines. */
static const struct row kinds[] = {
	{ "a kind", "5", "\"consumer\"", SL_NOTE_COUNT },
	{ "an unknown kind", "77", "77", SL_NOTE_COUNT },
	{ "a negative kind", "-1", "-1", SL_NOTE_COUNT },
	{ "a kind by name", "\"SPAN_KIND_PRODUCER\"", "\"producer\"", SL_NOTE_ENUM_NAME },
	{ "a kind by an unknown name", "\"SPAN_KIND_INVALID\"", NULL, SL_NOTE_ENUM_UNKNOWN },
	{ "a kind in quotes", "\"1\"", "\"internal\"", SL_NOTE_NUMBER_AS_STRING },
	{ "a kind that is no integer", "1.5", NULL, SL_NOTE_BAD_NUMBER },
	{ "a kind that is too large", "2147483648", NULL, SL_NOTE_BAD_NUMBER },
};

/* A span's parent, and its hex. */
static const struct row ids[] = {
	{ "hex", "EEE19b7ec3c1B174", "eee19b7ec3c1b174", SL_NOTE_COUNT },
	{ "a short id", "abcd", "abcd", SL_NOTE_COUNT },
	{ "zeros", "0000000000000000", "0000000000000000", SL_NOTE_COUNT },
	{ "an id as long as a trace's", "00000000000000000000000000000001",
	  "00000000000000000000000000000001", SL_NOTE_COUNT },
	{ "base64", "7uGbfsPBsXQ=", "eee19b7ec3c1b174", SL_NOTE_BASE64_ID },
	{ "base64 without padding", "7uGbfsPBsXQ", "eee19b7ec3c1b174", SL_NOTE_BASE64_ID },
	{ "an odd number of digits", "abc", "0abc", SL_NOTE_ODD_ID },
	{ "one digit", "f", "0f", SL_NOTE_ODD_ID },
	{ "no hex at all", "xxxxx", "7878787878", SL_NOTE_ODD_ID },
	{ "no hex of the right length", "gggggggggggggggg", "67676767676767676767676767676767",
	  SL_NOTE_ODD_ID },
	{ "hex with an escape", "\\u0061b", "ab", SL_NOTE_COUNT },
};

/* Members of a ResourceSpans whose ScopeSpans hold one empty span each, and the lines' ends. */
static const struct row origins[] = {
	{ "no resource and no scope", "\"scopeSpans\":[{\"spans\":[{}]}]", "}", SL_NOTE_COUNT },
	{ "an empty resource and scope",
	  "\"resource\":{},\"scopeSpans\":[{\"scope\":{},\"spans\":[{}]}]",
	  ",\"scope\":{},\"resource\":{}}", SL_NOTE_COUNT },
	{ "all of a resource and a scope",
	  "\"resource\":{\"attributes\":[{\"key\":\"a\",\"value\":{\"intValue\":\"1\"}}],"
	  "\"droppedAttributesCount\":2,\"entityRefs\":[{\"schemaUrl\":\"s\",\"type\":\"t\","
	  "\"idKeys\":[\"a\",\"\\u0062\"],\"descriptionKeys\":[\"c\"]},{}]},"
	  "\"scopeSpans\":[{\"scope\":{\"name\":\"n\",\"version\":\"v\",\"attributes\":[{\"key\":"
	  "\"b\",\"value\":{\"intValue\":\"3\"}}],\"droppedAttributesCount\":4},\"spans\":[{}],"
	  "\"schemaUrl\":\"scope\"}],\"schemaUrl\":\"resource\"",
	  ",\"scope\":{\"name\":\"n\",\"version\":\"v\",\"schema_url\":\"scope\",\"attributes\":{"
	  "\"b\":3},\"dropped_attributes_count\":4},\"resource\":{\"schema_url\":\"resource\","
	  "\"attributes\":{\"a\":1},\"dropped_attributes_count\":2,\"entity_refs\":[{"
	  "\"schema_url\":\"s\",\"type\":\"t\",\"id_keys\":[\"a\",\"b\"],"
	  "\"description_keys\":[\"c\"]},{}]}}",
	  SL_NOTE_COUNT },
	{ "all behind the spans, as in alphabetical order",
	  "\"scopeSpans\":[{\"spans\":[{}],\"schemaUrl\":\"scope\",\"scope\":{\"name\":\"n\"}}],"
	  "\"schemaUrl\":\"resource\",\"resource\":{\"attributes\":[{\"key\":\"a\",\"value\":{"
	  "\"intValue\":\"1\"}}]}",
	  ",\"scope\":{\"name\":\"n\",\"schema_url\":\"scope\"},\"resource\":{\"schema_url\":"
	  "\"resource\",\"attributes\":{\"a\":1}}}",
	  SL_NOTE_COUNT },
	{ "schemas of what is absent",
	  "\"scopeSpans\":[{\"spans\":[{}],\"schemaUrl\":\"s\"}],\"schemaUrl\":\"r\"",
	  ",\"scope\":{\"schema_url\":\"s\"},\"resource\":{\"schema_url\":\"r\"}}", SL_NOTE_COUNT },
	{ "null for both", "\"resource\":null,\"scopeSpans\":[{\"scope\":null,\"spans\":[{}]}]",
	  "}", SL_NOTE_COUNT },
	{ "scope_spans", "\"scope_spans\":[{\"spans\":[{}]}]", "}", SL_NOTE_SNAKE_CASE },
	{ "instrumentationLibrarySpans", "\"instrumentationLibrarySpans\":[{\"spans\":[{}]}]", "}",
	  SL_NOTE_OLD_SCOPE_KEY },
	{ "deprecatedScopeSpans", "\"deprecatedScopeSpans\":[{\"spans\":[{}]}]", "}",
	  SL_NOTE_OLD_SCOPE_KEY },
	{ "instrumentationLibrary",
	  "\"scopeSpans\":[{\"instrumentationLibrary\":{\"name\":\"n\"},\"spans\":[{}]}]",
	  ",\"scope\":{\"name\":\"n\"}}", SL_NOTE_OLD_SCOPE_KEY },
	{ "the first of two resources",
	  "\"resource\":{\"droppedAttributesCount\":1},\"resource\":{\"droppedAttributesCount\":2},"
	  "\"scopeSpans\":[{\"spans\":[{}]}]",
	  ",\"resource\":{\"dropped_attributes_count\":1}}", SL_NOTE_REPEATED_KEY },
	{ "unknown keys everywhere",
	  "\"x\":[{}],\"scopeSpans\":[{\"y\":\"}\",\"spans\":[{}],\"z\":0}],\"w\":{\"spans\":[{}]}",
	  "}", SL_NOTE_COUNT },
};

static struct documents lenient = { .telling = AS_LINES };
static struct documents strict = { .options = { .strict = true }, .telling = AS_LINES };

/* The document is read in all spellings; `line` is what comes out without strict. */
static void check(const char *document, const char *line, const struct row *row)
{
	struct sl_slice text = slice_of(document), wide = spread(text);
	bool refused = (row->note != SL_NOTE_COUNT && sl_note_is_departure(row->note)) ||
		       !sl_utf8_valid(text);
	const char *got;
	bool equal = strcmp(documents_read(&lenient, text), line) == 0;

	ok(equal && documents_noted(&lenient, row->note, 1), "%s", row->name);
	if (!equal)
		printf("# %s# %s", lenient.out.data, line);
	ok(strcmp(documents_read(&lenient, wide), line) == 0 &&
		   documents_noted(&lenient, row->note, 1),
	   "%s, with white space", row->name);
	got = documents_read(&strict, text);
	ok(refused ? strict.loss_count == 1 && strict.span_count == 0 : strcmp(got, line) == 0,
	   "%s, strictly", row->name);
	free((char *)(uintptr_t)wide.data);
}

#define REQUEST(members) "{\"resourceSpans\":[{" members "}]}"
#define SPAN(members)	 REQUEST("\"scopeSpans\":[{\"spans\":[{" members "}]}]")

/* Rows whose `in` and `out` stand in what is always the same. */
static void check_rows(const struct row *rows, size_t count, const char *document, const char *line)
{
	struct sl_buffer in = { 0 }, out = { 0 };

	for (size_t i = 0; i < count; i++) {
		const char *hole = strchr(document, '%'), *gap = strchr(line, '%');

		in.len = out.len = 0;
		sl_buffer_add(&in, document, (size_t)(hole - document));
		sl_buffer_add_slice(&in, slice_of(rows[i].in));
		sl_buffer_add(&in, hole + 1, strlen(hole));
		sl_buffer_add(&out, line, (size_t)(gap - line));
		sl_buffer_add_slice(&out, slice_of(rows[i].out));
		sl_buffer_add_slice(&out, slice_of(gap + 1));
		sl_buffer_add(&out, "\n", 2);
		check(in.data, out.data, &rows[i]);
	}
	sl_buffer_free(&in);
	sl_buffer_free(&out);
}

static void check_kinds(void)
{
	char document[256], line[512], key[64];

	for (size_t i = 0; i < SL_COUNT(kinds); i++) {
		const struct row *row = &kinds[i];

		snprintf(document, sizeof(document), SPAN("\"kind\":%s"), row->in);
		key[0] = '\0';
		if (row->out != NULL)
			snprintf(key, sizeof(key), "\"kind\":%s,", row->out);
		snprintf(line, sizeof(line),
			 "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",%s\"status\":\"unset\","
			 "\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"
			 "\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\"}\n",
			 key);
		check(document, line, row);
	}
}

#define LOGS(record, schema)                                                                       \
	"{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{"  \
	"\"stringValue\":\"shop\"}}]},\"scopeLogs\":[{\"scope\":{},\"logRecords\":[{" record       \
	"}]}]}]" schema "}"

static void check_logs(void)
{
	struct documents logs = { .options = { .signal = SL_SIGNAL_LOGS }, .telling = AS_LINES };
	const char *record = LOGS(
		"\"timeUnixNano\":\"1\",\"severityNumber\":9,\"severityText\":\"INFO\",\"body\":{"
		"\"stringValue\":\"b\"},\"attributes\":[{\"key\":\"k\",\"value\":{\"intValue\":"
		"\"1\"}}],\"traceId\":\"00000000000000000000000000000001\",\"spanId\":"
		"\"0000000000000002\"",
		",\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{}]}]}]");

	ok(strcmp(documents_read(&logs, slice_of(record)),
		  "{\"trace_id\":\"00000000000000000000000000000001\",\"span_id\":"
		  "\"0000000000000002\",\"time\":\"1970-01-01T00:00:00.000000001Z\","
		  "\"severity\":\"INFO\",\"service\":\"shop\",\"body\":\"b\",\"attributes\":{"
		  "\"k\":1}}\n") == 0,
	   "a log record");
	ok(logs.notes.messages[SL_SIGNAL_LOGS] == 1 && logs.notes.messages[SL_SIGNAL_SPANS] == 1 &&
		   documents_notes(&logs) == 0,
	   "and the spans beside it are counted");
	documents_read(&logs, slice_of(LOGS("\"observedTimeUnixNano\":\"2\",\"severityNumber\":"
					    "\"SEVERITY_NUMBER_WARN\"",
					    "")));
	ok(strstr(logs.out.data, "00.000000002Z") != NULL &&
		   documents_noted(&logs, SL_NOTE_ENUM_NAME, 1),
	   "the observed time, where there is no other, and a severity by name");
	documents_read(&logs, slice_of("{\"resource\":{},\"scopeLogs\":[{\"logRecords\":[{}]}]}"));
	ok(strstr(logs.out.data, "\"time\"") != NULL &&
		   documents_noted(&logs, SL_NOTE_BARE_RESOURCE_SPANS, 1),
	   "a ResourceLogs without a request around it");
	sl_buffer_free(&logs.out);
}

/* Arrays in each other; `levels` of them are read, and the next is empty. */
static void check_depth(unsigned levels, unsigned max_depth, unsigned deepest)
{
	struct documents documents = { .options = { .max_depth = max_depth }, .telling = AS_LINES };
	struct sl_buffer in = { 0 }, line = { 0 };

	sl_buffer_add_literal(&in, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{"
				   "\"attributes\":[{\"key\":\"k\",\"value\":");
	for (unsigned i = 0; i < levels; i++)
		sl_buffer_add_literal(&in, "{\"arrayValue\":{\"values\":[");
	for (unsigned i = 0; i < levels; i++)
		sl_buffer_add_literal(&in, "]}}");
	sl_buffer_add_literal(&in, "}],\"flags\":1}]}]}]}");
	sl_buffer_add_literal(&line, "\"attributes\":{\"k\":");
	for (unsigned i = 0; i < deepest; i++)
		sl_buffer_add_byte(&line, '[');
	if (levels > deepest)
		sl_buffer_add_literal(&line, "null");
	for (unsigned i = 0; i < deepest; i++)
		sl_buffer_add_byte(&line, ']');
	sl_buffer_add(&line, "}}", 3);
	documents_read(&documents, sl_buffer_slice(&in));
	ok(strstr(documents.out.data, line.data) != NULL &&
		   strstr(documents.out.data, "\"flags\":1") != NULL &&
		   documents_noted(&documents, SL_NOTE_TOO_DEEP, levels > deepest),
	   "%u arrays, of which %u are allowed", levels, deepest);
	sl_buffer_free(&in);
	sl_buffer_free(&line);
	sl_buffer_free(&documents.out);
}

int main(void)
{
	check_rows(values, SL_COUNT(values), SPAN("\"attributes\":[{\"key\":\"k\",\"value\":%}]"),
		   LINE_HEAD ",\"attributes\":{\"k\":%");
	check_rows(spans, SL_COUNT(spans), SPAN("%"), "%");
	check_rows(ids, SL_COUNT(ids), SPAN("\"parentSpanId\":\"%\""),
		   "{\"trace_id\":\"\",\"span_id\":\"\",\"parent_span_id\":\"%\",\"name\":\"\","
		   "\"status\":\"unset\",\"start\":\"1970-01-01T00:00:00.000000000Z\","
		   "\"duration_ms\":0,\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\"}");
	check_rows(origins, SL_COUNT(origins), REQUEST("%"), LINE_HEAD "%");
	check_kinds();
	check_logs();
	check_depth(64, 0, 64);
	check_depth(65, 0, 64);
	check_depth(8000, 0, 64);
	check_depth(3, 2, 2);
	check_depth(8000, 100000, 1000);
	sl_buffer_free(&lenient.out);
	sl_buffer_free(&strict.out);
	return done_testing();
}

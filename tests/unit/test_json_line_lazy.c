/* Span lines read lazily: what goes that way, and that it says what the general reader says. */
#include "lazy_oracles.h"
#include "random_span.h"
#include <math.h>

static const struct lazy_row rows[] = {
	{ "a line as it is written", HEAD STATUS TIMES ",\"attributes\":{\"a\":\"b\"}" RESOURCE,
	  ORACLE_ALL, true },
	{ "all that a line may have",
	  HEAD STATUS TIMES
	  ",\"trace_state\":\"a=b\",\"flags\":257,\"attributes\":{\"a\":1,\"b\":[1,\"x\"],"
	  "\"c\":{\"d\":null},\"e\":null,\"f\":true,\"g\":1.5},\"dropped_attributes_count\":1,"
	  "\"events\":[{\"time_unix_nano\":\"1\",\"name\":\"}]\"}],\"dropped_events_count\":2,"
	  "\"links\":[],\"dropped_links_count\":3" RESOURCE,
	  ORACLE_ALL, true },
	{ "a root without a message",
	  IDS ",\"name\":\"\",\"service\":\"shop\",\"status\":\"ok\"" TIMES "}", ORACLE_ALL, true },
	{ "a parent at another place",
	  IDS ",\"name\":\"\",\"service\":\"shop\",\"status\":\"ok\"" TIMES
	      ",\"parent_span_id\":\"eee19b7ec3c1b173\"}",
	  SL_NEED_PARENT_SPAN_ID, false },
	{ "the name of a field as an attribute",
	  IDS ",\"name\":\"\",\"service\":\"shop\",\"status\":\"ok\"" TIMES
	      ",\"attributes\":{\"parent_span_id\":\"x\",\"kind\":1,\"status_message\":\"y\"}}",
	  ORACLE_ALL, true },
	{ "a message at another place",
	  HEAD ",\"status\":\"ok\"" TIMES ",\"status_message\":\"x\"}", SL_NEED_STATUS_MESSAGE,
	  false },
	{ "a message whose key has an escape",
	  HEAD ",\"status\":\"ok\"" TIMES ",\"status\\u005fmessage\":\"x\"}",
	  SL_NEED_STATUS_MESSAGE, false },
	{ "a kind at another place",
	  IDS PARENT ",\"name\":\"\",\"service\":\"shop\"" STATUS TIMES ",\"kind\":\"client\"}",
	  SL_NEED_KIND, false },
	{ "no service where one is needed", IDS ",\"name\":\"\",\"status\":\"ok\"" TIMES RESOURCE,
	  BASIC, false },
	{ "no service where none is needed", IDS ",\"name\":\"\",\"status\":\"ok\"" TIMES RESOURCE,
	  SL_NEED_NAME | SL_NEED_ATTRIBUTES, true },
	{ "a service among the attributes",
	  IDS ",\"name\":\"\",\"status\":\"ok\"" TIMES
	      ",\"resource\":{\"attributes\":{\"service.name\":\"shop\"}}}",
	  SL_NEED_ATTRIBUTES, true },
	{ "two services",
	  HEAD STATUS TIMES ",\"resource\":{\"attributes\":{\"service.name\":\"other\"}}}",
	  ORACLE_ALL, true },
	{ "a name with escapes",
	  IDS ",\"name\":\"a\\n\\u00e9\",\"service\":\"a\\\"b\"" STATUS TIMES "}", BASIC, true },
	{ "a lone surrogate", IDS ",\"name\":\"\\ud800\",\"service\":\"a\"" STATUS TIMES "}", BASIC,
	  false },
	{ "a name that exact may change",
	  IDS ",\"name\":\"\xef\xbf\xbd\",\"service\":\"a\"" STATUS TIMES
	      ",\"exact\":{\"/name\":{\"stringValueBytes\":\"/w==\"}}}",
	  BASIC, false },
	{ "the same with an escape",
	  IDS ",\"name\":\"\\ufffd\",\"service\":\"a\"" STATUS TIMES
	      ",\"exact\":{\"/name\":{\"stringValueBytes\":\"/w==\"}}}",
	  BASIC, false },
	{ "a service that is not UTF-8",
	  IDS ",\"name\":\"n\",\"service\":\"\xff\"" STATUS TIMES "}", BASIC, true },
	{ "attributes that exact changes",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1.0,\"b\":\"/wA=\",\"c\":\"c\"},"
			    "\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0},"
			    "\"/attributes/b\":{\"bytesValue\":\"/wA=\"}}}",
	  SL_NEED_ATTRIBUTES, true },
	{ "exact as text and no more",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1,\"b\":\"\\\"exact\\\"\",\"exact\":2}}",
	  SL_NEED_ATTRIBUTES, true },
	{ "links and exact, far behind the attributes",
	  HEAD STATUS TIMES
	  ",\"attributes\":{\"a\":1.0,\"b\":-12.5e3,\"c\":false,\"d\":[{}],\"e\":\"\\n\",\"f\":7},"
	  "\"events\":[{\"time_unix_nano\":\"1\",\"name\":\"something that is longer than a block "
	  "of bytes that are looked at together, and than the block behind it, which has as many "
	  "of them and ends here\"}],\"links\":[{\"trace_id\":\"\",\"span_id\":\"\"}],"
	  "\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}}" RESOURCE,
	  SL_NEED_ATTRIBUTES, true },
	{ "links whose key has an escape",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1},"
			    "\"li\\u006eks\":[{\"trace_id\":\"\",\"span_id\":\"\"}]}",
	  SL_NEED_ATTRIBUTES, true },
	{ "exact whose key has an escape",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1.0},"
			    "\"e\\u0078act\":{\"/attributes/a\":{\"doubleValue\":1.0}}}",
	  SL_NEED_ATTRIBUTES, true },
	{ "links before the attributes",
	  HEAD STATUS TIMES ",\"links\":[{\"trace_id\":\"\",\"span_id\":\"\"}],"
			    "\"attributes\":{\"a\":1}}",
	  SL_NEED_ATTRIBUTES, true },
	{ "exact in a resource",
	  HEAD STATUS TIMES ",\"resource\":{\"attributes\":{\"a\":1.0},"
			    "\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}}}}",
	  SL_NEED_ATTRIBUTES, true },
	{ "attributes that repeat, and keys with escapes",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1,\"a\":2,\"\\u0062\":3,\"c\":4}}",
	  SL_NEED_ATTRIBUTES, true },
	{ "attributes in the wrong place",
	  HEAD STATUS TIMES ",\"events\":[],\"attributes\":{\"a\":1}}", SL_NEED_ATTRIBUTES, true },
	{ "attributes of the wrong type", HEAD STATUS TIMES ",\"attributes\":[1]}",
	  SL_NEED_ATTRIBUTES, true },
	{ "an unknown key", HEAD STATUS TIMES ",\"x\":1,\"attributes\":{\"a\":1}}",
	  SL_NEED_ATTRIBUTES, true },
	{ "white space", IDS ", \"name\":\"\",\"service\":\"shop\",\"status\":\"ok\"" TIMES "}",
	  BASIC, false },
	{ "another order", IDS ",\"service\":\"shop\",\"name\":\"\",\"status\":\"ok\"" TIMES "}",
	  BASIC, false },
	{ "a number for a status", IDS ",\"name\":\"\",\"service\":\"shop\",\"status\":7" TIMES "}",
	  BASIC, false },
	{ "an unknown kind",
	  IDS ",\"name\":\"\",\"service\":\"shop\",\"kind\":\"x\",\"status\":\"ok\"" TIMES "}",
	  SL_NEED_KIND, false },
	{ "times as numbers",
	  HEAD ",\"status\":\"ok\",\"start\":\"2025-04-07T09:45:12.345678901Z\","
	       "\"duration_ms\":1,\"start_unix_nano\":1,\"end_unix_nano\":2}",
	  SL_NEED_TIMES, false },
	{ "no times, where none are needed", HEAD STATUS ",\"start\":1" RESOURCE, BASIC, true },
	{ "a carriage return", HEAD STATUS TIMES RESOURCE "\r", BASIC, false },
	{ "an id that is not hex, where it is needed",
	  "{\"trace_id\":\"5b8efff798038103d269b633813fc60c\",\"span_id\":\"xee19b7ec3c1b174\""
	  ",\"name\":\"\",\"service\":\"shop\",\"status\":\"ok\"" TIMES "}",
	  SL_NEED_SPAN_ID, false },
	{ "a name that begins in the id",
	  "{\"trace_id\":\"5b\",\"name\":\"d\",\"x\":\"000000000\",\"span_id\":\"eee19b7ec3c1b174\""
	  ",\"name\":\"\",\"service\":\"shop\",\"status\":\"ok\"" TIMES "}",
	  BASIC, false },
	{ "damage behind what is needed", HEAD STATUS ",\"start\":x" RESOURCE, BASIC, true },
};

static void test_rows(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		test_lazy_row(&rows[i], line_lazy_read);
}

static void test_mutations(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(agree_on_mutations(rows[i].line), "changed in every byte: %s", rows[i].name);
}

static void test_random_spans(void)
{
	enum { ROUNDS = 2000 };
	struct random_spans random = { .state = 7 };
	struct sl_buffer out = { .len = 0 };
	struct sl_line_writer *writer;
	struct oracles oracles;
	struct sl_error err;

	if (sl_line_writer_open(&writer, &err) != SL_OK)
		abort();
	oracles_open(&oracles);
	for (size_t i = 0; i < ROUNDS && oracles.good; i++) {
		out.len = 0;
		sl_line_write(writer, random_span(&random), &out);
		judge(&oracles, (struct sl_slice){ out.data, out.len - 1 });
	}
	ok(oracles.good, "random spans");
	ok(lazy_lines(&oracles) > ROUNDS / 4, "many of them are read lazily");
	oracles_close(&oracles);
	sl_line_writer_close(writer);
	sl_arena_free(&random.arena);
	sl_buffer_free(&out);
}

/* What was asked for before the reader found the damage, and what it says then. */
static void test_damage(void)
{
	static const char line[] = HEAD STATUS TIMES ",\"attributes\":{\"a\":1,\"b\":x}" RESOURCE;
	struct lazy_oracle oracle;
	const struct sl_span *span;
	struct sl_value value;

	oracle_open(&oracle, SL_NEED_ATTRIBUTES, NULL, NULL);
	span = &oracle.lazy->span;
	ok(oracle_agrees(&oracle, SL_SLICE(line)) && oracle.lazy_count == 1,
	   "a line whose damage nobody has seen");
	oracle_read(&oracle, line_lazy_read, sizeof(line) - 1);
	ok(sl_span_attribute(span, SL_OWNER_SPAN, SL_SLICE("a"), &value) && value.integer == 1 &&
		   !sl_span_damaged(span),
	   "an attribute before it");
	ok(!sl_span_attribute(span, SL_OWNER_SPAN, SL_SLICE("b"), &value) && sl_span_damaged(span),
	   "the attribute that it is in");
	ok(!sl_span_attribute(span, SL_OWNER_SPAN, SL_SLICE("a"), &value) && sl_span_damaged(span),
	   "and none after that");
	oracle_close(&oracle);
}

#define SCOPE	      ",\"scope\":{\"name\":\"s\",\"attributes\":{\"b\":[1,{\"c\":\"}\"}]}}"
#define EVENT(fields) ",\"events\":[{\"time_unix_nano\":\"7\"" fields "}]"

/* Which lines have their attributes looked at where they stand; all agree with the whole span. */
static const struct visit_row {
	const char *name, *line;
	bool visited;
} visits[] = {
	{ "attributes of every kind",
	  HEAD STATUS TIMES
	  ",\"attributes\":{\"a\":\"x\",\"b\":-7,\"c\":1.5,\"d\":true,\"e\":null}" RESOURCE,
	  true },
	{ "one with an escape", HEAD STATUS TIMES ",\"attributes\":{\"a\":\"x\\n\"}" RESOURCE,
	  true },
	{ "the same key twice", HEAD STATUS TIMES ",\"attributes\":{\"a\":1,\"a\":2}" RESOURCE,
	  true },
	{ "none", HEAD STATUS TIMES ",\"attributes\":{}" RESOURCE, true },
	{ "events and a scope",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1}" EVENT(
		  ",\"name\":\"n\",\"attributes\":{\"c\":\"d\"}") RESOURCE,
	  true },
	{ "a list", HEAD STATUS TIMES ",\"attributes\":{\"a\":[1]}" RESOURCE, false },
	{ "a number that is none", HEAD STATUS TIMES ",\"attributes\":{\"a\":007}" RESOURCE,
	  false },
	{ "a key with an escape", HEAD STATUS TIMES ",\"attributes\":{\"\\u0061\":1}" RESOURCE,
	  false },
	{ "an event's name with an escape",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1}" EVENT(",\"name\":\"\\n\"") RESOURCE,
	  false },
	{ "an event with two names",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1}" EVENT(",\"name\":\"n\",\"name\":\"m\"")
		  RESOURCE,
	  false },
	{ "two scopes", HEAD STATUS TIMES ",\"attributes\":{\"a\":1}" SCOPE RESOURCE, false },
	{ "exact",
	  HEAD STATUS TIMES ",\"attributes\":{\"a\":1},\"exact\":{\"attributes\":{\"a\":{"
			    "\"doubleValue\":1}}}" RESOURCE,
	  false },
	{ "links",
	  HEAD STATUS TIMES
	  ",\"attributes\":{\"a\":1},\"links\":[{\"trace_id\":\"00000000000000000000000000000001\","
	  "\"span_id\":\"0000000000000002\",\"attributes\":{\"b\":1}}]" RESOURCE,
	  false },
};

static void test_visits(void)
{
	for (size_t i = 0; i < SL_COUNT(visits); i++) {
		const struct visit_row *row = &visits[i];
		struct lazy_oracle oracle;
		bool agrees;

		oracle_open(&oracle, SL_NEED_ATTRIBUTES, NULL, NULL);
		agrees = oracle_agrees(&oracle, (struct sl_slice){ row->line, strlen(row->line) });
		ok(agrees && oracle.lazy_count == 1 && (oracle.visited != 0) == row->visited,
		   "all at once: %s", row->name);
		oracle_close(&oracle);
	}
}

#define ATTRIBUTE(text) HEAD STATUS TIMES ",\"attributes\":{" text "}" RESOURCE
#define EQUAL(number)	.type = SL_VALUE_DOUBLE, .least = (number), .most = (number)

static const struct attribute_row attributes[] = {
	{ "the text", ATTRIBUTE("\"a\":\"needle\""), TEST_TEXT, LAZY_SPAN },
	{ "another text", ATTRIBUTE("\"a\":\"need\""), TEST_TEXT, LAZY_PASSED },
	{ "a longer text", ATTRIBUTE("\"a\":\"a needle\""), TEST_TEXT, LAZY_PASSED },
	{ "an escape", ATTRIBUTE("\"a\":\"\\u006eeedle\""), TEST_TEXT, LAZY_SPAN },
	{ "another text, and no end", ATTRIBUTE("\"a\":\"need\"") " ", TEST_TEXT, LAZY_OTHER },
	{ "the text at the end", HEAD STATUS TIMES ",\"attributes\":{\"a\":\"needle", TEST_TEXT,
	  LAZY_OTHER },
	{ "the text under the key", ATTRIBUTE("\"a.b\":\"needle\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "needle", 6 }), LAZY_SPAN },
	{ "the text under another key", ATTRIBUTE("\"xa.b\":\"needle\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "needle", 6 }), LAZY_PASSED },
	{ "the text under a key and a blank", ATTRIBUTE("\"a.b\" :\"needle\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "needle", 6 }), LAZY_SPAN },
	{ "the text in a list", ATTRIBUTE("\"a.b\":[1,\"needle\"]"),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "needle", 6 }), LAZY_SPAN },
	{ "the text under another key, then under this",
	  ATTRIBUTE("\"c\":\"needle\",\"a.b\":\"needle\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "needle", 6 }), LAZY_SPAN },
	{ "a short text", ATTRIBUTE("\"a.b\":\"x\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "x", 1 }), LAZY_SPAN },
	{ "another short text", ATTRIBUTE("\"a.b\":\"y\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "x", 1 }), LAZY_PASSED },
	{ "a short text with an escape", ATTRIBUTE("\"a.b\":\"\\u0078\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "x", 1 }), LAZY_SPAN },
	{ "no text", ATTRIBUTE("\"a.b\":\"\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "", 0 }), LAZY_SPAN },
	{ "a text where none is wanted", ATTRIBUTE("\"a.b\":\"x\""),
	  TEST_KEY(.type = SL_VALUE_STRING, .text = { "", 0 }), LAZY_PASSED },
	{ "the key", ATTRIBUTE("\"a.b\":null"), TEST_KEY(.boolean = false), LAZY_SPAN },
	{ "the key as a text", ATTRIBUTE("\"x\":\"a.b\""), TEST_KEY(.boolean = false),
	  LAZY_PASSED },
	{ "the key with an escape", ATTRIBUTE("\"a\\u002eb\":1"), TEST_KEY(.boolean = false),
	  LAZY_SPAN },
	{ "a key that ends so", ATTRIBUTE("\"x\\\"a.b\":1"), TEST_KEY(.boolean = false),
	  LAZY_SPAN },
	{ "a longer key", ATTRIBUTE("\"x.a.b\":1"), TEST_KEY(.boolean = false), LAZY_PASSED },
	{ "true", ATTRIBUTE("\"a.b\":true"), TEST_KEY(.type = SL_VALUE_BOOL, .boolean = true),
	  LAZY_SPAN },
	{ "false", ATTRIBUTE("\"a.b\":false"), TEST_KEY(.type = SL_VALUE_BOOL, .boolean = true),
	  LAZY_PASSED },
	{ "an integer", ATTRIBUTE("\"a.b\":200"), TEST_KEY(EQUAL(200)), LAZY_SPAN },
	{ "another integer", ATTRIBUTE("\"a.b\":2000"), TEST_KEY(EQUAL(200)), LAZY_PASSED },
	{ "its opposite", ATTRIBUTE("\"a.b\":-200"), TEST_KEY(EQUAL(200)), LAZY_PASSED },
	{ "an integral double", ATTRIBUTE("\"a.b\":200.0"), TEST_KEY(EQUAL(200)), LAZY_SPAN },
	{ "an integer with an exponent", ATTRIBUTE("\"a.b\":2e2"), TEST_KEY(EQUAL(200)),
	  LAZY_SPAN },
	{ "an exponent is left to others", ATTRIBUTE("\"a.b\":3e2"), TEST_KEY(EQUAL(200)),
	  LAZY_SPAN },
	{ "what is no number, too", ATTRIBUTE("\"a.b\":00200"), TEST_KEY(EQUAL(201)), LAZY_SPAN },
	{ "nor this", ATTRIBUTE("\"a.b\":200."), TEST_KEY(EQUAL(201)), LAZY_SPAN },
	{ "a minus without a number", ATTRIBUTE("\"a.b\":-"), TEST_KEY(EQUAL(201)), LAZY_SPAN },
	{ "a double", ATTRIBUTE("\"a.b\":42.50"), TEST_KEY(EQUAL(42.5)), LAZY_SPAN },
	{ "another double", ATTRIBUTE("\"a.b\":42.51"), TEST_KEY(EQUAL(42.5)), LAZY_PASSED },
	{ "zero below zero", ATTRIBUTE("\"a.b\":-0"), TEST_KEY(EQUAL(0)), LAZY_SPAN },
	{ "many digits", ATTRIBUTE("\"a.b\":9007199254740993"), TEST_KEY(EQUAL(1)), LAZY_SPAN },
	{ "15 digits", ATTRIBUTE("\"a.b\":123456789012345"), TEST_KEY(EQUAL(123456789012345.0)),
	  LAZY_SPAN },
	{ "another 15 digits", ATTRIBUTE("\"a.b\":123456789012346"),
	  TEST_KEY(EQUAL(123456789012345.0)), LAZY_PASSED },
	{ "a number in a list", ATTRIBUTE("\"a.b\":[1]"), TEST_KEY(EQUAL(200)), LAZY_SPAN },
	{ "a text for a number", ATTRIBUTE("\"a.b\":\"200\""), TEST_KEY(EQUAL(200)), LAZY_PASSED },
	{ "an infinity", ATTRIBUTE("\"a.b\":\"Infinity\""),
	  TEST_KEY(.type = SL_VALUE_DOUBLE, .least = 5, .most = HUGE_VAL), LAZY_SPAN },
	{ "within", ATTRIBUTE("\"a.b\":500"),
	  TEST_KEY(.type = SL_VALUE_DOUBLE, .least = 500, .most = HUGE_VAL), LAZY_SPAN },
	{ "without", ATTRIBUTE("\"a.b\":499"),
	  TEST_KEY(.type = SL_VALUE_DOUBLE, .least = 500, .most = HUGE_VAL), LAZY_PASSED },
	{ "of a resource", HEAD STATUS TIMES ",\"resource\":{\"attributes\":{\"a.b\":7}}}",
	  TEST_KEY(EQUAL(7)), LAZY_SPAN },
};

static void test_attributes(void)
{
	for (size_t i = 0; i < SL_COUNT(attributes); i++)
		test_attribute_row(&attributes[i], line_lazy_read);
}

int main(void)
{
	test_rows();
	test_mutations();
	test_random_spans();
	test_damage();
	test_visits();
	test_attributes();
	return done_testing();
}

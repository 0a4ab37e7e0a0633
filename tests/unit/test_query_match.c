/* What queries say of one span: values, operators and types; events and links; what it
 * needs. */
#include "query_ask.h"

static struct sl_attribute ints[] = { { .value = INT(1) }, { .value = INT(2) } };
static struct sl_attribute texts[] = { { .value = TEXT("foo") }, { .value = TEXT("bar") } };
static struct sl_attribute mixed[] = { { .value = INT(1) }, { .value = TEXT("foo") } };
static struct sl_attribute map[] = { { KEY("k"), INT(1) } };

static struct sl_attribute of_span[] = {
	{ KEY("i"), INT(5) },
	{ KEY("minus"), INT(-7) },
	{ KEY("zero"), INT(0) },
	{ KEY("least"), INT(INT64_MIN) },
	{ KEY("d"), DOUBLE(2.5) },
	{ KEY("s"), TEXT("foo") },
	{ KEY("lines"), TEXT("one\ntwo") },
	{ KEY("broken"), TEXT("foo\xff"
			      "bar") },
	{ KEY("t"), { .type = SL_VALUE_BOOL, .boolean = true } },
	{ KEY("f"), { .type = SL_VALUE_BOOL, .boolean = false } },
	{ KEY("empty"), { .type = SL_VALUE_EMPTY } },
	{ KEY("bytes"), { .type = SL_VALUE_BYTES, .text = { "foo", 3 } } },
	{ KEY("map"), { .type = SL_VALUE_KVLIST, .list = LIST(map) } },
	{ KEY("ints"), { .type = SL_VALUE_ARRAY, .list = LIST(ints) } },
	{ KEY("texts"), { .type = SL_VALUE_ARRAY, .list = LIST(texts) } },
	{ KEY("mixed"), { .type = SL_VALUE_ARRAY, .list = LIST(mixed) } },
	{ KEY("none"), { .type = SL_VALUE_ARRAY } },
	{ KEY("same"), INT(1) },
};
static struct sl_attribute of_resource[] = {
	{ KEY("service.name"), TEXT("checkout") },
	{ KEY("same"), INT(2) },
	{ KEY("r"), INT(2) },
};
static struct sl_attribute of_scope[] = { { KEY("same"), INT(5) }, { KEY("in"), INT(5) } };
static struct sl_attribute of_first[] = { { KEY("e"), INT(1) }, { KEY("x"), INT(1) } };
static struct sl_attribute of_second[] = { { KEY("e"), INT(2) }, { KEY("in"), INT(3) } };
static struct sl_attribute of_link[] = { { KEY("l"), INT(4) }, { KEY("in"), INT(4) } };

static struct sl_event events[] = {
	{ .time_unix_nano = 1500, .name = KEY("log"), .attributes = LIST(of_first) },
	{ .time_unix_nano = 3000, .name = KEY("exception"), .attributes = LIST(of_second) },
};
static struct sl_link links[] = {
	{ .trace_id = KEY("\x01\x02"), .span_id = KEY("\xab"), .attributes = LIST(of_link) },
};
static struct sl_resource resource = { .present = true, .attributes = LIST(of_resource) };
static const struct sl_scope scope = { .name = KEY("net/http"),
				       .version = KEY("1"),
				       .attributes = LIST(of_scope) };

static const struct sl_span span = {
	.trace_id = { "\x00\xbc\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10", 16 },
	.span_id = KEY("\x11\x12\x13\x14\x15\x16\x17\x18"),
	.name = KEY("GET"),
	.kind = SL_KIND_SERVER,
	.status_code = SL_STATUS_ERROR,
	.status_message = KEY("declined"),
	.start_unix_nano = 1000,
	.end_unix_nano = 2501000,
	.attributes = LIST(of_span),
	.events = events,
	.event_count = SL_COUNT(events),
	.links = links,
	.link_count = SL_COUNT(links),
	.resource = &resource,
	.scope = &scope,
};

/* NOLINTNEXTLINE(readability-function-size): a table and a loop */
static void test_true(void)
{
	static const char *const rows[] = {
		/* what is not there makes every comparison false, and is false itself */
		"!(.missing = 1)",
		"!(.missing != 1)",
		"!(.missing !~ \"x\")",
		"!.missing",
		".missing || true",
		"true || .missing",
		"!(.missing && true)",
		".missing = nil",
		"!(.missing != nil)",
		"!(-.missing = 1)",
		"-.missing = nil",
		".missing + 1 = nil",
		"!(.missing < 1 || .missing >= 1)",
		"!(nil = nil)",
		"!(nil != nil)",
		/* neither is what has no value in the language */
		".empty = nil",
		".bytes = nil",
		".map = nil",
		"!(.bytes = \"foo\")",
		/* other types compare as false */
		"!(.s = 1)",
		"!(.s != 1)",
		"!(.i = \"5\")",
		"!(.i =~ \"5\")",
		"!(.i !~ \"5\")",
		"!(.t = 1)",
		"!(.t < 1)",
		"!(.s)",
		"!(.i)",
		".t",
		"!.f",
		".t = true",
		".f != true",
		".f = (.i = 6)",
		".t = (.i = 5)",
		/* numbers */
		".i = 5",
		".i = 5.0",
		".i != 4",
		".i < 6",
		".i <= 5",
		".i > 4.5",
		".d = 2.5",
		".d < 3",
		".i + 1 = 6",
		"6 = .i + 1",
		".i - 1 - 1 = 3",
		".i * 2 = 10",
		".i / 2 = 2",
		".minus / 2 = -3",
		".minus % 4 = -3",
		".i % 0 = nil",
		".i / 0 = nil",
		".i / .zero = nil",
		".d / 0 = nil",
		".d * 2 = 5",
		".i / 2.0 = 2.5",
		"2 ^ .i = 32",
		".i ^ 2 = 25",
		".i ^ -1 = 0.2",
		".zero ^ -1 = nil",
		"2 ^ 70 > maxInt",
		"-.i = -5",
		"-.minus = 7",
		"!(-.s = 1)",
		".least - 1 = maxInt",
		".least / -1 = minInt",
		".least % -1 = 0",
		"-.i ^ 2 = -25",
		/* durations are ns */
		"duration = 2500us",
		"duration > 2ms",
		"duration > 2000000",
		"duration < 2.6e6",
		"duration * 2 = 5ms",
		"duration_ms = 2.5",
		"duration / 1ms = 2.5",
		"1s + 1s = 2s",
		"2ms < duration",
		"duration != 1s",
		"duration >= 2500us",
		"duration <= 2500us",
		"!(duration < 2500us)",
		"!(duration > 2500us)",
		/* texts by bytes */
		"name = \"GET\"",
		"name != \"POST\"",
		"name < \"GETS\"",
		"name >= \"GET\"",
		"\"A\" < name",
		".s = \"foo\"",
		".s > \"fo\"",
		"statusMessage = \"declined\"",
		/* the rest of the header */
		"kind = server",
		"kind != client",
		"status = error",
		"status != ok",
		"service = \"checkout\"",
		"resource.service.name = \"checkout\"",
		".service.name = \"checkout\"",
		"service != \"x\"",
		"service =~ \"check.*\"",
		"service < \"d\"",
		"span:id = \"1112131415161718\"",
		"trace:id = \"00bc030405060708090a0b0c0d0e0f10\"",
		"trace:id = \"bc030405060708090a0b0c0d0e0f10\"",
		"trace:id != \"c030405060708090a0b0c0d0e0f10\"",
		"trace:id =~ \"00bc.*\"",
		"span:parentID = \"\"",
		"!(span:id = \"1112131415161718AA\")",
		"instrumentation:name = \"net/http\"",
		"instrumentation:version = \"1\"",
		"start < \"2020-01-01T00:00:00Z\"",
		"start >= \"1970-01-01T00:00:00.000001Z\"",
		/* lists: any, and all of them for != and !~ */
		".ints = 1",
		".ints = 2",
		"1 = .ints",
		".ints > 1",
		"!(.ints > 2)",
		".ints != 3",
		"!(.ints != 1)",
		".texts =~ \"b.*\"",
		"!(.texts !~ \"b.*\")",
		".texts !~ \"x.*\"",
		".none != 1",
		"!(.none = 1)",
		".none !~ \"x\"",
		"!(.none =~ \".*\")",
		"!(.mixed != 7)",
		".mixed = \"foo\"",
		"!(.ints = .ints)",
		".ints + 1 = nil",
		"-.ints = nil",
		"!.ints",
		".ints != nil",
		"span.texts = \"foo\"",
		/* who has it first */
		".same = 1",
		"resource.same = 2",
		"instrumentation.same = 5",
		".r = 2",
		".e = 1",
		".e = 2",
		".l = 4",
		".in = 3",
		"link.in = 4",
		"instrumentation.in = 5",
		"!(event.same = 1)",
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct asked asked = ask(rows[i], &span);

		ok(asked.whole && asked.matches, "%s", rows[i]);
	}
}

/* One event for a whole conjunction; below a negation, and in other operands of `||`, another. */
static void test_lists(void)
{
	static const struct {
		const char *text;
		bool matches;
	} rows[] = {
		{ "event:name = \"log\" && event.e = 1", true },
		{ "event:name = \"log\" && event.e = 2", false },
		{ "event:name = \"log\" && .e = 2", false },
		{ "event:name = \"log\" && status = error && event.x = 1", true },
		{ "event:name = \"exception\" && event.x = 1", false },
		{ "event:name = \"exception\" && event.x = nil", true },
		{ "event:name = \"exception\" && link.l = 4", true },
		{ "event:name = \"exception\" || event.e = 7", true },
		{ "!(event:name = \"exception\")", false },
		{ "!(event:name = \"other\")", true },
		{ "event:name != \"exception\"", true },
		{ "event.e = 1 && !(event.e = 2)", false },
		{ "event.e = 1 && !(event.e = 3 && link.l = 4)", true },
		{ "event:timeSinceStart = 500ns", true },
		{ "event:timeSinceStart > 1us && event:name = \"exception\"", true },
		{ "event:timeSinceStart > 1us && event:name = \"log\"", false },
		{ "link:traceID = \"0102\" && link:spanID = \"ab\"", true },
		{ "link:traceID != nil", true },
		{ "(event.e = 1 || event.e = 2) && event.x = 1", true },
		{ "(event.e = 2 || event.e = 3) && event.x = 1", false },
	};
	struct sl_span bare = span;

	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(ask(rows[i].text, &span).matches == rows[i].matches, "%s: %s", rows[i].text,
		   rows[i].matches ? "yes" : "no");
	bare.event_count = bare.link_count = 0;
	ok(ask("event:name = nil", &bare).matches, "there is no event: its name is nil");
	ok(ask("link:traceID = nil && !(event.e = 1)", &bare).matches, "and no link");
	ok(!ask("event:name != nil", &bare).matches, "so it has no name");
	ok(ask("event.e = 1 || name = \"GET\"", &bare).matches,
	   "and the rest is asked all the same");
	ok(ask(".in = 5", &bare).matches, "what no event has is the scope's");
}

/* As "KEY", "KEY: true", "KEY: 'text'", "KEY: 1 to 2"; "any" is any key. */
static void tell_attribute(const struct sl_attribute_test *test, char *words, size_t size)
{
	struct sl_slice key = test->key.data != NULL ? test->key : SL_SLICE("any");
	int len = (int)key.len;

	if (test->type == SL_VALUE_STRING)
		snprintf(words, size, "%.*s: '%.*s'", len, key.data, (int)test->text.len,
			 test->text.data);
	else if (test->type == SL_VALUE_BOOL)
		snprintf(words, size, "%.*s: %s", len, key.data, test->boolean ? "true" : "false");
	else if (test->type == SL_VALUE_DOUBLE)
		snprintf(words, size, "%.*s: %g to %g", len, key.data, test->least, test->most);
	else
		snprintf(words, size, "%.*s", len, key.data);
}

/* What reads no more than the header, and what may look for an attribute in lines.
 * NOLINTNEXTLINE(readability-function-size): a table and a loop */
static void test_needs(void)
{
	enum { ATTRIBUTES = SL_NEED_ATTRIBUTES, UNSCOPED = SL_NEED_ATTRIBUTES | SL_NEED_SERVICE };
	static const struct {
		const char *text;
		unsigned needs;
		const char *attribute;
	} rows[] = {
		{ "{ service = \"checkout\" && status = error }", SL_NEED_SERVICE | SL_NEED_STATUS,
		  "" },
		{ "{ resource.service.name = \"checkout\" }", SL_NEED_SERVICE, "any: 'checkout'" },
		{ "{ .service.name = \"checkout\" }", UNSCOPED, "any: 'checkout'" },
		{ "{ .service.name = 1 }", UNSCOPED, "" },
		{ "{ resource.service.name != \"checkout\" }", SL_NEED_SERVICE, "" },
		{ "{ span.service.name = 1 }", ATTRIBUTES, "service.name: 1 to 1" },
		{ "{ name = \"GET /\" && kind = server }", SL_NEED_NAME | SL_NEED_KIND, "" },
		{ "{ statusMessage = \"late\" }", SL_NEED_STATUS_MESSAGE,
		  "status_message: 'late'" },
		{ "{ statusMessage != \"late\" }", SL_NEED_STATUS_MESSAGE, "" },
		{ "{ statusMessage = \"\" }", SL_NEED_STATUS_MESSAGE, "" },
		{ "{ duration > 1s || statusMessage = \"late\" }",
		  SL_NEED_TIMES | SL_NEED_STATUS_MESSAGE, "" },
		{ "{ span.a = \"xyz\" && name = \"a longer name\" }", ATTRIBUTES | SL_NEED_NAME,
		  "a: 'xyz'" },
		{ "{ \"xyz\" = span.a && span.b = \"longer\" }", ATTRIBUTES, "b: 'longer'" },
		{ "{ span.b = 1 && span.a = \"xyz\" && span.c }", ATTRIBUTES, "a: 'xyz'" },
		{ "{ span.a = \"x\" }", ATTRIBUTES, "a: 'x'" },
		{ "{ span.a = \"tab\\there\" }", ATTRIBUTES, "a" },
		{ "{ span.a = \"caf\\u00e9\" }", ATTRIBUTES, "a: 'caf\xc3\xa9'" },
		{ "{ span.a = `C:\\dir` }", ATTRIBUTES, "a" },
		{ "{ span.\"caf\xc3\xa9\" = 1 }", ATTRIBUTES, "" },
		{ "{ span.\"a\\\"b\" = 1 }", ATTRIBUTES, "" },
		{ "{ span.a != \"xyz\" }", ATTRIBUTES, "a" },
		{ "{ span.a =~ \"xyz\" }", ATTRIBUTES, "a" },
		{ "{ span.a > \"xyz\" }", ATTRIBUTES, "a" },
		{ "{ span.a != nil }", ATTRIBUTES, "a" },
		{ "{ span.a = nil }", ATTRIBUTES, "" },
		{ "{ span.a = true }", ATTRIBUTES, "a: true" },
		{ "{ span.a != true }", ATTRIBUTES, "a" },
		{ "{ .a = 1 }", UNSCOPED, "a: 1 to 1" },
		{ "{ 2 * 100 = .a }", UNSCOPED, "a: 200 to 200" },
		{ "{ .a = -1.5 }", UNSCOPED, "a: -1.5 to -1.5" },
		{ "{ .a = 1us }", UNSCOPED, "a: 1000 to 1000" },
		{ "{ .a >= 500 }", UNSCOPED, "a: 500 to inf" },
		{ "{ 500 > .a }", UNSCOPED, "a: -inf to 500" },
		{ "{ .a != 500 }", UNSCOPED, "a: -inf to inf" },
		{ "{ .a + 1 = 2 }", UNSCOPED, "" },
		{ "{ .a = error }", UNSCOPED, "a" },
		{ "{ !(span.a = \"xyz\") }", ATTRIBUTES, "" },
		{ "{ (span.a = \"xyz\") = false }", ATTRIBUTES, "" },
		{ "{ span.a = \"xyz\" || span.b = 1 }", ATTRIBUTES, "" },
		{ "{ span.a = \"xyz\" } || { span.b = 1 }", ATTRIBUTES, "" },
		{ "{ span.b = 1 } | { span.a = \"xyz\" }", ATTRIBUTES, "a: 'xyz'" },
		{ "{ parent.a = 1 }",
		  ATTRIBUTES | SL_NEED_SERVICE | SL_NEED_TRACE_ID | SL_NEED_SPAN_ID |
			  SL_NEED_PARENT_SPAN_ID | SL_NEED_TIMES,
		  "" },
		{ "{ event:name = \"exception\" }", SL_NEED_WHOLE, "" },
		{ "{ trace:id = \"00bc\" && span:id = \"1112131415161718\" }",
		  SL_NEED_TRACE_ID | SL_NEED_SPAN_ID, "" },
		{ "{ span:parentID = \"\" && start > \"2020-01-01T00:00:00Z\" }",
		  SL_NEED_PARENT_SPAN_ID | SL_NEED_TIMES, "" },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_matcher *matcher;
		struct sl_query *query;
		struct sl_attribute_test test;
		char words[96] = "";
		unsigned needs;

		if (!open_query(rows[i].text, &query, &matcher))
			continue;
		needs = sl_query_needs(query);
		if (sl_query_attribute(query, &test))
			tell_attribute(&test, words, sizeof(words));
		ok(needs == rows[i].needs && strcmp(words, rows[i].attribute) == 0,
		   "%s needs %x, and an attribute \"%s\"", rows[i].text, needs, words);
		sl_matcher_close(matcher);
		sl_query_free(query);
	}
}

int main(void)
{
	sl_resource_settle(&resource);
	test_true();
	test_lists();
	test_needs();
	return done_testing();
}

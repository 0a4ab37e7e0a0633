/* Span lines in: what a person, jq or Python made of them, and spans that come back as they were.
 */
#include "../fuzz/same_span.h"
#include "lines.h"
#include "random_span.h"
#include "tap.h"

#define HEAD  "\"trace_id\":\"01\",\"span_id\":\"02\""
#define NANOS "\"start_unix_nano\":\"1000000000\",\"end_unix_nano\":\"1002500000\""
#define NAMED "{" HEAD ",\"name\":\"\","
#define TIMES "\"start\":\"1970-01-01T00:00:01.000000000Z\",\"duration_ms\":2.5," NANOS
#define UNSET NAMED "\"status\":\"unset\"," TIMES

static struct lines lines;

/* A line, and the canonical line of what was read; or what is said of it. */
static const struct row {
	const char *name, *in, *out, *problem;
	enum sl_note note; /* counted once; or SL_NOTE_COUNT */
} rows[] = {
	{ "the least with nanoseconds", "{" HEAD "," NANOS "}", UNSET "}", NULL, SL_NOTE_COUNT },
	{ "the least with a start and a duration",
	  "{" HEAD ",\"start\":\"1970-01-01T00:00:01Z\",\"duration_ms\":2.5}", UNSET "}", NULL,
	  SL_NOTE_COUNT },
	{ "numbers for nanoseconds, however written",
	  "{" HEAD ",\"start_unix_nano\":1e9,\"end_unix_nano\":1002500000.0}", UNSET "}", NULL,
	  SL_NOTE_COUNT },
	{ "a start in nanoseconds and a duration",
	  "{" HEAD ",\"start_unix_nano\":\"1000000000\",\"duration_ms\":25e-1}", UNSET "}", NULL,
	  SL_NOTE_COUNT },
	{ "a start in another zone",
	  "{" HEAD ",\"start\":\"1970-01-01t02:00:01+02:00\",\"end_unix_nano\":1002500000}",
	  UNSET "}", NULL, SL_NOTE_COUNT },
	{ "a duration is rounded to a nanosecond",
	  "{" HEAD ",\"start_unix_nano\":1000000000,\"duration_ms\":2.4999999999999999}", UNSET "}",
	  NULL, SL_NOTE_COUNT },
	{ "a negative duration",
	  "{" HEAD ",\"start\":\"1970-01-01T00:00:01Z\",\"duration_ms\":-0.000001}",
	  NAMED "\"status\":\"unset\",\"start\":\"1970-01-01T00:00:01.000000000Z\","
		"\"duration_ms\":-0.000001,\"start_unix_nano\":\"1000000000\","
		"\"end_unix_nano\":\"999999999\"}",
	  NULL, SL_NOTE_COUNT },
	{ "white space and another order",
	  " {\n\t\"end_unix_nano\" : \"1002500000\" ,\r\n \"span_id\": \"02\" , \"attributes\" : { "
	  "\"a\" : [ 1 , 2 ] , "
	  "\"b\" : { } } , \"start_unix_nano\" :1000000000, \"trace_id\":\"01\" }",
	  UNSET ",\"attributes\":{\"a\":[1,2],\"b\":{}}}", NULL, SL_NOTE_COUNT },
	{ "escapes in keys and values",
	  "{" HEAD "," NANOS
	  ",\"n\\u0061me\":\"\\u0041\\/\\ud83d\\ude00\",\"attributes\":{\"a\\nb\":\"\\u0000\"}}",
	  "{" HEAD ",\"name\":\"A/\xf0\x9f\x98\x80\",\"status\":\"unset\"," TIMES
	  ",\"attributes\":{\"a\\nb\":\"\\u0000\"}}",
	  NULL, SL_NOTE_COUNT },
	{ "null means absent outside attributes",
	  "{" HEAD "," NANOS
	  ",\"name\":null,\"service\":null,\"kind\":null,\"attributes\":null,\"events\":null,"
	  "\"exact\":null,\"scope\":null,\"resource\":null,\"start\":null}",
	  UNSET "}", NULL, SL_NOTE_COUNT },
	{ "and the empty value inside",
	  "{" HEAD "," NANOS ",\"attributes\":{\"a\":null,\"b\":[null]}}",
	  UNSET ",\"attributes\":{\"a\":null,\"b\":[null]}}", NULL, SL_NOTE_COUNT },
	{ "kind and status by name", "{" HEAD "," NANOS ",\"kind\":\"consumer\",\"status\":\"ok\"}",
	  NAMED "\"kind\":\"consumer\",\"status\":\"ok\"," TIMES "}", NULL, SL_NOTE_COUNT },
	{ "kind and status by number", "{" HEAD "," NANOS ",\"kind\":3,\"status\":2}",
	  NAMED "\"kind\":\"client\",\"status\":\"error\"," TIMES "}", NULL, SL_NOTE_COUNT },
	{ "numbers that have no name", "{" HEAD "," NANOS ",\"kind\":-7,\"status\":99}",
	  NAMED "\"kind\":-7,\"status\":99," TIMES "}", NULL, SL_NOTE_COUNT },
	{ "names that nobody knows", "{" HEAD "," NANOS ",\"kind\":\"boss\"}", UNSET "}", NULL,
	  SL_NOTE_ENUM_UNKNOWN },
	{ "ids of any length and case",
	  "{\"trace_id\":\"ABcd\",\"span_id\":\"\",\"parent_span_id\":\"0000000000000000ff\"," NANOS
	  "}",
	  "{\"trace_id\":\"abcd\",\"span_id\":\"\",\"parent_span_id\":\"0000000000000000ff\","
	  "\"name\":\"\","
	  "\"status\":\"unset\"," TIMES "}",
	  NULL, SL_NOTE_COUNT },
	{ "an unknown key", "{" HEAD "," NANOS ",\"extra\":{\"name\":[1,\"}\"]}}", UNSET "}", NULL,
	  SL_NOTE_LINE_UNKNOWN_KEY },
	{ "an unknown key inside", "{" HEAD "," NANOS ",\"events\":[{\"extra\":1}]}",
	  UNSET ",\"events\":[{\"time_unix_nano\":\"0\",\"name\":\"\"}]}", NULL,
	  SL_NOTE_LINE_UNKNOWN_KEY },
	{ "an unknown key in a link", "{" HEAD "," NANOS ",\"links\":[{\"extra\":1}]}",
	  UNSET ",\"links\":[{\"trace_id\":\"\",\"span_id\":\"\"}]}", NULL,
	  SL_NOTE_LINE_UNKNOWN_KEY },
	{ "an unknown key in a scope", "{" HEAD "," NANOS ",\"scope\":{\"extra\":null}}",
	  UNSET ",\"scope\":{}}", NULL, SL_NOTE_LINE_UNKNOWN_KEY },
	{ "an unknown key in a resource", "{" HEAD "," NANOS ",\"resource\":{\"extra\":[]}}",
	  UNSET ",\"resource\":{}}", NULL, SL_NOTE_LINE_UNKNOWN_KEY },
	{ "an unknown key in an entity",
	  "{" HEAD "," NANOS ",\"resource\":{\"entity_refs\":[{\"extra\":{}}]}}",
	  UNSET ",\"resource\":{\"entity_refs\":[{}]}}", NULL, SL_NOTE_LINE_UNKNOWN_KEY },
	{ "an entry of exact that no longer applies",
	  "{" HEAD "," NANOS ",\"exact\":{\"/name\":{\"stringValueBytes\":\"/w==\"}}}", UNSET "}",
	  NULL, SL_NOTE_LINE_STALE_EXACT },
	{ "a key twice", "{" HEAD "," NANOS ",\"flags\":1,\"flags\":2}", UNSET ",\"flags\":1}",
	  NULL, SL_NOTE_REPEATED_KEY },
	{ "an attribute twice", "{" HEAD "," NANOS ",\"attributes\":{\"a\":1,\"a\":2}}",
	  UNSET ",\"attributes\":{\"a\":1},\"exact\":{\"/attributes\":{\"keyValues\":"
		"[[\"YQ==\",{\"intValue\":\"1\"}],[\"YQ==\",{\"intValue\":\"2\"}]]}}}",
	  NULL, SL_NOTE_COUNT },
	{ "a start that disagrees", "{" HEAD "," NANOS ",\"start\":\"1970-01-01T00:00:02Z\"}",
	  UNSET "}", NULL, SL_NOTE_LINE_DERIVED },
	{ "a start that is no time", "{" HEAD "," NANOS ",\"start\":\"now\"}", UNSET "}", NULL,
	  SL_NOTE_LINE_DERIVED },
	{ "a duration that disagrees", "{" HEAD "," NANOS ",\"duration_ms\":2.6}", UNSET "}", NULL,
	  SL_NOTE_LINE_DERIVED },
	{ "a duration finer than nanoseconds, and no nanoseconds that it could disagree with",
	  "{" HEAD ",\"start\":\"1970-01-01T00:00:01Z\",\"duration_ms\":2.50000001}", UNSET "}",
	  NULL, SL_NOTE_COUNT },
	{ "a duration in other digits",
	  "{" HEAD "," NANOS ",\"duration_ms\":2.50000000000000001E0}", UNSET "}", NULL,
	  SL_NOTE_COUNT },
	{ "a long duration, rounded to a double",
	  "{" HEAD ",\"start_unix_nano\":0,\"end_unix_nano\":\"18446744073709551615\","
	  "\"duration_ms\":18446744073709.551}",
	  NAMED "\"status\":\"unset\",\"start\":\"1970-01-01T00:00:00.000000000Z\","
		"\"duration_ms\":18446744073709.551615,\"start_unix_nano\":\"0\","
		"\"end_unix_nano\":\"18446744073709551615\"}",
	  NULL, SL_NOTE_COUNT },
	{ "a service", "{" HEAD "," NANOS ",\"service\":\"cart\"}",
	  NAMED "\"service\":\"cart\",\"status\":\"unset\"," TIMES "}", NULL, SL_NOTE_COUNT },
	{ "a service where OTLP has it",
	  "{" HEAD "," NANOS ",\"resource\":{\"attributes\":{\"x\":1,\"service.name\":\"cart\"}}}",
	  NAMED "\"service\":\"cart\",\"status\":\"unset\"," TIMES
		",\"resource\":{\"attributes\":{\"x\":1}}}",
	  NULL, SL_NOTE_COUNT },
	{ "both of them",
	  "{" HEAD "," NANOS
	  ",\"resource\":{\"attributes\":{\"x\":1,\"service.name\":7}},\"service\":\"cart\"}",
	  NAMED "\"service\":\"cart\",\"status\":\"unset\"," TIMES
		",\"resource\":{\"attributes\":{\"x\":1}}}",
	  NULL, SL_NOTE_LINE_TWO_SERVICES },
	{ "an empty resource beside a service",
	  "{" HEAD "," NANOS ",\"service\":\"\",\"resource\":{}}",
	  NAMED "\"service\":\"\",\"status\":\"unset\"," TIMES "}", NULL, SL_NOTE_COUNT },
	{ "a resource and a scope that are there",
	  "{" HEAD "," NANOS
	  ",\"scope\":{\"schema_url\":\"u\",\"name\":\"\"},\"resource\":{\"schema_url\":null}}",
	  UNSET ",\"scope\":{\"schema_url\":\"u\",\"attributes\":{}},\"resource\":{}}", NULL,
	  SL_NOTE_COUNT },
	{ "a resource and a scope that are not",
	  "{" HEAD "," NANOS ",\"scope\":{\"schema_url\":\"u\"},\"resource\":{\"schema_url\":\"v\","
	  "\"attributes\":null}}",
	  UNSET ",\"scope\":{\"schema_url\":\"u\"},\"resource\":{\"schema_url\":\"v\"}}", NULL,
	  SL_NOTE_COUNT },
	{ "entity refs",
	  "{" HEAD "," NANOS
	  ",\"resource\":{\"entity_refs\":[{\"type\":\"host\",\"id_keys\":[\"a\",\"b\"]},{},"
	  "{\"description_keys\":[]}]}}",
	  UNSET
	  ",\"resource\":{\"entity_refs\":[{\"type\":\"host\",\"id_keys\":[\"a\",\"b\"]},{},{}]}}",
	  NULL, SL_NOTE_COUNT },
	{ "a name that is a number", "{" HEAD "," NANOS ",\"name\":5}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "a kind that is a list", "{" HEAD "," NANOS ",\"kind\":[1]}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "a kind that is no integer", "{" HEAD "," NANOS ",\"kind\":1.5}", UNSET "}", NULL,
	  SL_NOTE_BAD_NUMBER },
	{ "a kind that is too large", "{" HEAD "," NANOS ",\"kind\":2147483648}", UNSET "}", NULL,
	  SL_NOTE_BAD_NUMBER },
	{ "a time of an event that is too late",
	  "{" HEAD "," NANOS ",\"events\":[{\"time_unix_nano\":\"18446744073709551616\"}]}",
	  UNSET ",\"events\":[{\"time_unix_nano\":\"0\",\"name\":\"\"}]}", NULL,
	  SL_NOTE_BAD_NUMBER },
	{ "flags that are an object", "{" HEAD "," NANOS ",\"flags\":{}}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "flags that are a word", "{" HEAD "," NANOS ",\"flags\":\"x\"}", UNSET "}", NULL,
	  SL_NOTE_BAD_NUMBER },
	{ "flags in quotes", "{" HEAD "," NANOS ",\"flags\":\"7\"}", UNSET ",\"flags\":7}", NULL,
	  SL_NOTE_NUMBER_AS_STRING },
	{ "flags that are too large", "{" HEAD "," NANOS ",\"flags\":4294967296}", UNSET "}", NULL,
	  SL_NOTE_BAD_NUMBER },
	{ "attributes that are a list", "{" HEAD "," NANOS ",\"attributes\":[]}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "events that are an object", "{" HEAD "," NANOS ",\"events\":{}}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "an event that is a text", "{" HEAD "," NANOS ",\"events\":[\"x\",{\"name\":\"y\"}]}",
	  UNSET ",\"events\":[{\"time_unix_nano\":\"0\",\"name\":\"y\"}]}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "an event that is null", "{" HEAD "," NANOS ",\"events\":[null]}", UNSET "}", NULL,
	  SL_NOTE_NULL_ELEMENT },
	{ "a link that is a text", "{" HEAD "," NANOS ",\"links\":[1]}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "exact that is a list", "{" HEAD "," NANOS ",\"exact\":[]}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "a scope that is a text", "{" HEAD "," NANOS ",\"scope\":\"x\"}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "a resource that is a text", "{" HEAD "," NANOS ",\"resource\":\"x\"}", UNSET "}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "an id key that is null",
	  "{" HEAD "," NANOS ",\"resource\":{\"entity_refs\":[{\"id_keys\":[null]}]}}",
	  UNSET ",\"resource\":{\"entity_refs\":[{}]}}", NULL, SL_NOTE_NULL_ELEMENT },
	{ "an id key that is a number",
	  "{" HEAD "," NANOS ",\"resource\":{\"entity_refs\":[{\"id_keys\":[5,\"a\"]}]}}",
	  UNSET ",\"resource\":{\"entity_refs\":[{\"id_keys\":[\"a\"]}]}}", NULL,
	  SL_NOTE_BAD_FIELD },
	{ "nanoseconds that are a word, beside a duration",
	  "{" HEAD
	  ",\"start_unix_nano\":1000000000,\"end_unix_nano\":\"soon\",\"duration_ms\":2.5}",
	  UNSET "}", NULL, SL_NOTE_BAD_NUMBER },
	{ "a number that no double holds", "{" HEAD "," NANOS ",\"attributes\":{\"a\":1e999}}",
	  UNSET ",\"attributes\":{\"a\":null}}", NULL, SL_NOTE_BAD_NUMBER },
	{ "a lone surrogate", "{" HEAD "," NANOS ",\"name\":\"\\ud800\"}",
	  "{" HEAD ",\"name\":\"\xef\xbf\xbd\",\"status\":\"unset\"," TIMES "}", NULL,
	  SL_NOTE_LONE_SURROGATE },
	{ "nothing", "{}", NULL,
	  "a span line without trace_id, span_id, start_unix_nano or start (RFC 3339), "
	  "end_unix_nano or duration_ms",
	  SL_NOTE_COUNT },
	{ "no trace_id", "{\"span_id\":\"\"," NANOS "}", NULL, "a span line without trace_id",
	  SL_NOTE_COUNT },
	{ "a trace_id of null", "{\"trace_id\":null,\"span_id\":\"\"," NANOS "}", NULL,
	  "a span line without trace_id", SL_NOTE_COUNT },
	{ "no end", "{" HEAD ",\"start\":\"1970-01-01T00:00:01Z\"}", NULL,
	  "a span line without end_unix_nano or duration_ms", SL_NOTE_COUNT },
	{ "an end before all time", "{" HEAD ",\"start_unix_nano\":0,\"duration_ms\":-1}", NULL,
	  "a span line without end_unix_nano or duration_ms", SL_NOTE_COUNT },
	{ "an id that is no hex", "{\"trace_id\":\"xy\",\"span_id\":\"\"," NANOS "}", NULL,
	  "an id that is not hex", SL_NOTE_COUNT },
	{ "half a byte", "{" HEAD "," NANOS ",\"links\":[{\"trace_id\":\"abc\"}]}", NULL,
	  "an id that is not hex", SL_NOTE_COUNT },
	{ "no colon", "{" HEAD " 1}", NULL, "',' or '}' is expected", SL_NOTE_COUNT },
	{ "a resource that is no JSON", "{" HEAD "," NANOS ",\"resource\":{\"x\":}}", NULL,
	  "a value is expected", SL_NOTE_COUNT },
};

static void test_row(const struct row *row)
{
	const struct sl_span *span = NULL;
	struct sl_slice in = { row->in, strlen(row->in) }, written;
	uint64_t notes = row->note != SL_NOTE_COUNT;

	in.data += strspn(in.data, " ");
	in.len = strlen(in.data);
	if (row->out == NULL) {
		ok(lines_read(&lines, in, &span) == SL_BAD_RECORD &&
			   strcmp(lines.err.text, row->problem) == 0,
		   "%s", row->name);
		return;
	}
	if (lines_read(&lines, in, &span) != SL_OK) {
		ok(false, "%s: %s", row->name, lines.err.text);
		return;
	}
	written = lines_write(&lines, span);
	written.len--;
	if (!ok(sl_slice_equal(written, (struct sl_slice){ row->out, strlen(row->out) }), "%s",
		row->name))
		printf("# is     %.*s\n# should %s\n", (int)written.len, written.data, row->out);
	ok(lines.cursor.at == lines.cursor.end, "%s: read to its end", row->name);
	ok(lines_notes(&lines) == notes && (notes == 0 || lines.notes.count[row->note] == 1),
	   "%s: %u notes", row->name, (unsigned)notes);
}

/* The same rows, where all that departs is refused. */
static void test_strict(void)
{
	struct lines strict;

	lines_open(&strict, true, 0);
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		const struct sl_span *span = NULL;
		bool refused = row->out == NULL ||
			       (row->note != SL_NOTE_COUNT && sl_note_is_departure(row->note));
		struct sl_slice in = { row->in + strspn(row->in, " "), 0 };
		enum sl_status status;

		in.len = strlen(in.data);
		status = lines_read(&strict, in, &span);
		ok(status == (refused ? SL_BAD_RECORD : SL_OK), "strict: %s", row->name);
	}
	lines_close(&strict);
}

/* Every field of the table is one that the reader knows. */
static void test_fields(void)
{
	size_t count;
	const struct sl_field *fields = sl_fields(&count);

	for (size_t i = 0; i < count; i++) {
		const struct sl_span *span = NULL;
		char line[256];

		snprintf(line, sizeof(line), "{\"%s\":null}", fields[i].name);
		(void)lines_read(&lines, (struct sl_slice){ line, strlen(line) }, &span);
		ok(lines_notes(&lines) == 0, "%s is known", fields[i].name);
	}
}

/* Lines that agree in scope, resource and service have the same serials, others do not. */
static void test_serials(void)
{
#define ORIGIN(service, x, scope)                                                                  \
	"{" HEAD "," NANOS ",\"service\":\"" service "\",\"scope\":{\"name\":\"" scope             \
	"\"},\"resource\":{\"attributes\":{\"x\":" x "}}}"
	static const struct {
		const char *line;
		bool same_resource, same_scope; /* as the line before */
	} steps[] = {
		{ ORIGIN("a", "1", "s"), false, false },
		{ ORIGIN("a", "1", "s"), true, true },
		{ ORIGIN("b", "1", "s"), false, true },
		{ ORIGIN("b", "2", "s"), false, true },
		{ ORIGIN("b", "2", "t"), true, false },
		{ "{" HEAD "," NANOS ",\"service\":\"b\"}", false, false },
		{ "{" HEAD "," NANOS ",\"service\":\"b\"}", true, true },
		{ "{" HEAD "," NANOS "}", false, true },
		{ ORIGIN("b", "2", "t"), false, false },
	};
	uint64_t resource = 0, scope = 0;

	for (size_t i = 0; i < SL_COUNT(steps); i++) {
		const struct sl_span *span = NULL;
		struct sl_slice line = { steps[i].line, strlen(steps[i].line) };

		if (lines_read(&lines, line, &span) != SL_OK)
			abort();
		ok((span->resource->serial == resource) == steps[i].same_resource &&
			   (span->scope->serial == scope) == steps[i].same_scope,
		   "serials of line %zu", i + 1);
		resource = span->resource->serial;
		scope = span->scope->serial;
		ok(sl_slice_equal(span->resource->attributes.count > 0
					  ? span->resource->attributes.items[0].key
					  : SL_SLICE("service.name"),
				  SL_SLICE("service.name")),
		   "the service comes first");
	}
}

/* Notes are counted for each line, also where its resource is that of the line before. */
static void test_notes_of_resources(void)
{
	static const char *const texts[] = {
		"{" HEAD "," NANOS ",\"resource\":{\"attributes\":{},\"exact\":{\"/x\":{}}}}",
		"{" HEAD "," NANOS
		",\"service\":\"a\",\"resource\":{\"attributes\":{\"service.name\":\"b\"}}}",
	};

	for (size_t i = 0; i < SL_COUNT(texts); i++)
		for (unsigned time = 1; time <= 3; time++) {
			const struct sl_span *span = NULL;
			struct sl_slice line = { texts[i], strlen(texts[i]) };

			ok(lines_read(&lines, line, &span) == SL_OK && lines_notes(&lines) == 1,
			   "noted for the %u. time", time);
		}
}

/* `depth` lists within each other, as the value of an attribute. */
static void test_depth(unsigned max_depth, size_t depth, bool too_deep)
{
	struct sl_buffer line = { 0 };
	const struct sl_span *span = NULL;
	struct lines deep;
	size_t levels = 0;

	lines_open(&deep, false, max_depth);
	sl_buffer_add_literal(&line, "{" HEAD "," NANOS ",\"attributes\":{\"a\":");
	for (size_t i = 0; i < depth; i++)
		sl_buffer_add_slice(&line, i % 2 == 0 ? SL_SLICE("[") : SL_SLICE("{\"b\":"));
	sl_buffer_add_byte(&line, '1');
	for (size_t i = depth; i-- > 0;)
		sl_buffer_add_byte(&line, i % 2 == 0 ? ']' : '}');
	sl_buffer_add_literal(&line, ",\"z\":1}}");
	if (lines_read(&deep, sl_buffer_slice(&line), &span) != SL_OK)
		abort();
	for (const struct sl_value *value = &span->attributes.items[0].value;
	     value->type == SL_VALUE_ARRAY || value->type == SL_VALUE_KVLIST;
	     value = &value->list.items[0].value)
		levels++;
	ok(span->attributes.count == 2 && deep.notes.count[SL_NOTE_TOO_DEEP] == too_deep &&
		   levels == (too_deep ? max_depth : depth),
	   "%zu levels where %u are allowed", depth, max_depth);
	sl_buffer_free(&line);
	lines_close(&deep);
}

/* Every prefix of a line is cut, and none is read beyond its end. */
static void test_prefixes(void)
{
	static const char line[] =
		"{" HEAD "," NANOS
		",\"name\":\"\\u00e9\",\"attributes\":{\"a\":[1.5e3,true,null,{}]},"
		"\"exact\":{\"/attributes/a/0\":{\"doubleValue\":1500}},"
		"\"events\":[{\"name\":\"x\"}],\"resource\":{\"entity_refs\":[{\"id_keys\":[\"k\"]}"
		"]}}";
	unsigned wrong = 0;

	for (size_t len = 1; len < sizeof(line) - 1; len++) {
		const struct sl_span *span = NULL;

		wrong += lines_read(&lines, (struct sl_slice){ line, len }, &span) !=
				 SL_BAD_RECORD ||
			 lines.err.reason != SL_TRUNCATED;
	}
	ok(wrong == 0, "prefixes are truncated lines");
}

/* Written and read, spans are what they were, and so is the line. */
static void test_random_spans(uint64_t seed)
{
	struct random_spans random = { .state = seed };
	struct sl_buffer line = { 0 };
	unsigned changed = 0;

	for (unsigned i = 0; i < 2000; i++) {
		const struct sl_span *span = random_span(&random), *read = NULL;
		bool same;

		line.len = 0;
		sl_buffer_add_slice(&line, lines_write(&lines, span));
		same = lines_read(&lines, sl_buffer_slice(&line), &read) == SL_OK &&
		       lines_notes(&lines) == 0 && same_span(span, read) &&
		       sl_slice_equal(lines_write(&lines, read), sl_buffer_slice(&line));
		if (!same && changed++ == 0)
			printf("# %.*s", (int)line.len, line.data);
	}
	ok(changed == 0, "2000 spans of seed %u", (unsigned)seed);
	sl_buffer_free(&line);
	sl_arena_free(&random.arena);
}

int main(void)
{
	lines_open(&lines, false, 0);
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		test_row(&rows[i]);
	test_strict();
	test_fields();
	test_serials();
	test_notes_of_resources();
	test_depth(SL_MAX_DEPTH, SL_MAX_DEPTH, false);
	test_depth(SL_MAX_DEPTH, SL_MAX_DEPTH + 1, true);
	test_depth(2, 5000, true);
	test_prefixes();
	for (uint64_t seed = 1; seed <= 4; seed++)
		test_random_spans(seed);
	lines_close(&lines);
	return done_testing();
}

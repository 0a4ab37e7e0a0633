/* Span lines with their keys in any order and with blanks: which are read lazily, and that this
 * says what the general reader says. */
#include "lazy_oracles.h"
#include "random_span.h"
#include "reordered.h"

#define IDS_LAST                                                                                   \
	",\"span_id\":\"eee19b7ec3c1b174\",\"trace_id\":\"5b8efff798038103d269b633813fc60c\"}"
#define NAMES	      "\"service\":\"shop\",\"status\":\"error\",\"name\":\"POST /cart\""
#define TENFOLD(text) text text text text text text text text text text

static const struct lazy_row rows[] = {
	{ "a line as it is written", HEAD STATUS TIMES ",\"attributes\":{\"a\":\"b\"}" RESOURCE,
	  ORACLE_ALL, true },
	{ "the other way round",
	  "{\"resource\":{\"attributes\":{\"n\":-3,\"host.name\":\"a\"}},\"scope\":{\"attributes\":"
	  "{\"s\":1}},\"attributes\":{\"a\":\"b\",\"c\":[1,{\"d\":2}],\"e\":1.5,\"f\":null},"
	  "\"flags\":257" TIMES ",\"status_message\":\"declined\",\"kind\":\"client\"," NAMES
	  ",\"parent_span_id\":\"eee19b7ec3c1b173\"" IDS_LAST,
	  ORACLE_ALL, true },
	{ "blanks behind tokens",
	  "{\"trace_id\": \"5b8efff798038103d269b633813fc60c\", \"span_id\": \"eee19b7ec3c1b174\", "
	  "\"parent_span_id\": \"eee19b7ec3c1b173\", \"name\": \"a, b\", \"service\": \"shop\", "
	  "\"kind\": \"server\", \"status\": \"ok\", \"start_unix_nano\": \"1744019112345678901\", "
	  "\"end_unix_nano\": \"1744019112358024579\", \"attributes\": {\"a\": 1, \"b\": [1, 2], "
	  "\"c\": true, \"d\": \"x\"}, \"events\": [{\"name\": \"e\", \"attributes\": {}}], "
	  "\"resource\": {\"attributes\": {\"n\": 1}}}",
	  ORACLE_ALL, true },
	{ "blanks wherever they may be",
	  "{  \"trace_id\" : \"5b8efff798038103d269b633813fc60c\" , "
	  "\"span_id\"  :\"eee19b7ec3c1b174\" ,  \"name\" : \"n\" , \"service\" : \"s\" , "
	  "\"status\" : \"ok\" , \"start_unix_nano\" : \"1744019112345678901\" , "
	  "\"end_unix_nano\" : \"1744019112358024579\" , \"duration_ms\" : 3 , \"attributes\" : "
	  "{ \"a\" : 1 , \"b\" : \"x\" , \"c\" : false , \"d\" : [ ] , \"e\" : -1.5e3 } , "
	  "\"scope\" : { } , \"resource\" : { \"attributes\" : { } } }",
	  ORACLE_ALL, true },
	{ "only what is always written", "{" NAMES TIMES IDS_LAST, ORACLE_ALL, true },
	{ "texts with escapes",
	  "{\"name\":\"a\\\\\",\"service\":\"\\\",{\\\"\",\"status\":\"ok\",\"attributes\":"
	  "{\"a\":\"\\u0022,}\",\"b\\n\":2}" TIMES IDS_LAST,
	  ORACLE_ALL, true },
	{ "exact before what it speaks of",
	  "{\"exact\":{\"/attributes/"
	  "a\":{\"doubleValue\":1.0}},\"attributes\":{\"a\":1.0,\"b\":2}," NAMES TIMES IDS_LAST,
	  ORACLE_ALL, true },
	{ "exact in a resource",
	  "{\"resource\":{\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}},\"attributes\":"
	  "{\"a\":1.0}}," NAMES TIMES IDS_LAST,
	  ORACLE_ALL, true },
	{ "two services",
	  "{\"resource\":{\"attributes\":{\"service.name\":\"other\"}}," NAMES TIMES IDS_LAST,
	  ORACLE_ALL, true },
	{ "no service where none is needed",
	  "{\"resource\":{\"attributes\":{\"service.name\":\"other\"}},\"status\":\"ok\",\"name\":"
	  "\"\"" TIMES IDS_LAST,
	  SL_NEED_NAME | SL_NEED_ATTRIBUTES, true },
	{ "no service where one is needed",
	  "{\"resource\":{\"attributes\":{\"service.name\":\"other\"}},\"status\":\"ok\",\"name\":"
	  "\"\"" TIMES IDS_LAST,
	  BASIC, false },
	{ "attributes of no kind that is asked for",
	  "{\"attributes\":{\"a\":x}," NAMES TIMES IDS_LAST, BASIC, true },
	{ "the same that are asked for", "{\"attributes\":{\"a\":x}," NAMES TIMES IDS_LAST,
	  ORACLE_ALL, true },
	{ "an unknown key", "{\"x\":1," NAMES TIMES IDS_LAST, 0, false },
	{ "a key that repeats", "{\"name\":\"\"," NAMES TIMES IDS_LAST, 0, false },
	{ "a key with an escape", "{\"n\\u0061me\":\"\",\"status\":\"ok\"" TIMES IDS_LAST, 0,
	  false },
	{ "a key that begins as another does", "{\"flag\":1," NAMES TIMES IDS_LAST, 0, false },
	{ "null", "{\"parent_span_id\":null," NAMES TIMES IDS_LAST, 0, false },
	{ "a number for a text", "{\"trace_state\":1," NAMES TIMES IDS_LAST, 0, false },
	{ "a text for a number", "{\"flags\":\"1\"," NAMES TIMES IDS_LAST, 0, false },
	{ "an array for attributes", "{\"attributes\":[]," NAMES TIMES IDS_LAST, 0, false },
	{ "no trace_id", "{" NAMES TIMES ",\"span_id\":\"eee19b7ec3c1b174\"}", 0, false },
	{ "no span_id", "{" NAMES TIMES ",\"trace_id\":\"5b8efff798038103d269b633813fc60c\"}", 0,
	  false },
	{ "no end",
	  "{\"duration_ms\":1,\"start_unix_nano\":\"1744019112345678901\"," NAMES IDS_LAST, 0,
	  false },
	{ "an id that is not hex",
	  "{" NAMES TIMES ",\"span_id\":\"eee19b7ec3c1b17x\",\"trace_id\":"
	  "\"5b8efff798038103d269b633813fc60c\"}",
	  0, false },
	{ "a parent that is empty", "{\"parent_span_id\":\"\"," NAMES TIMES IDS_LAST, 0, false },
	{ "a time that is no number",
	  "{\"start_unix_nano\":\"1x\",\"end_unix_nano\":\"2\"," NAMES IDS_LAST, 0, false },
	{ "an unknown kind", "{\"kind\":\"x\"," NAMES TIMES IDS_LAST, SL_NEED_KIND, false },
	{ "a name that exact may change",
	  "{\"status_message\":\"\xef\xbf\xbd\"," NAMES TIMES IDS_LAST, SL_NEED_STATUS_MESSAGE,
	  false },
	{ "a tab between tokens", "{\t" NAMES TIMES IDS_LAST, 0, false },
	{ "a tab in a text", "{\"trace_state\":\"\t\"," NAMES TIMES IDS_LAST, 0, false },
	{ "a blank behind the line", "{" NAMES TIMES IDS_LAST " ", 0, false },
	{ "two lines in one", "{" NAMES TIMES IDS_LAST "{" NAMES TIMES IDS_LAST, 0, false },
	{ "no comma", "{\"scope\":{}" NAMES TIMES IDS_LAST, 0, false },
	{ "two commas", "{\"scope\":{},," NAMES TIMES IDS_LAST, 0, false },
	{ "a comma before the end", "{" NAMES TIMES ",\"scope\":{},}", 0, false },
	{ "nothing", "{}", 0, false },
	{ "two values", "{\"scope\":{}{}," NAMES TIMES IDS_LAST, 0, false },
	{ "two texts", "{\"status_message\":\"a\" \"b\"," NAMES TIMES IDS_LAST,
	  SL_NEED_STATUS_MESSAGE, false },
	{ "a text that does not end", "{\"trace_state\":\"a\"b," NAMES TIMES IDS_LAST, 0, false },
	{ "a number that does not end", "{\"flags\":1x," NAMES TIMES IDS_LAST, 0, false },
	{ "brackets that do not match", "{\"attributes\":{\"a\":[1}]," NAMES TIMES IDS_LAST, 0,
	  false },
	{ "brackets in brackets",
	  "{\"attributes\":{\"a\":" TENFOLD("[[[[[") TENFOLD("]]]]]") "}," NAMES TIMES IDS_LAST,
	  ORACLE_ALL, true },
	{ "too many of them",
	  "{\"attributes\":{\"a\":" TENFOLD("[[[[[[") TENFOLD("]]]]]]") "}," NAMES TIMES IDS_LAST,
	  0, false },
};

static void test_rows(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		test_lazy_row(&rows[i], line_lazy_read_any);
}

static void test_mutations(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(agree_on_mutations(rows[i].line), "changed in every byte: %s", rows[i].name);
}

/* The outline is made of 64 bytes and of four times as many: the line ends in each place of them.
 */
static void test_lengths(void)
{
	struct oracles oracles;
	size_t count = 0;

	oracles_open(&oracles);
	for (int len = 0; len < 600; len++) {
		char line[1200];
		int size = snprintf(line, sizeof(line), "{\"trace_state\":\"%*s\",%s}", len, "",
				    &(NAMES TIMES IDS_LAST)[0]);

		judge(&oracles, (struct sl_slice){ line, (size_t)size - 1 });
		count += 2;
	}
	ok(oracles.good && any_lines(&oracles) == count, "lines of any length");
	oracles_close(&oracles);
}

static void test_random_spans(void)
{
	enum { ROUNDS = 4000 };
	struct random_spans random = { .state = 7 };
	struct sl_buffer out = { .len = 0 }, other = { .len = 0 };
	struct sl_line_writer *writer;
	struct oracles oracles;
	struct sl_error err;
	uint64_t state = 3;

	if (sl_line_writer_open(&writer, &err) != SL_OK)
		abort();
	oracles_open(&oracles);
	for (size_t i = 0; i < ROUNDS && oracles.good; i++) {
		out.len = other.len = 0;
		sl_line_write(writer, random_span(&random), &out);
		reorder(&other, (struct sl_slice){ out.data, out.len - 1 }, &state);
		judge(&oracles, sl_buffer_slice(&other));
	}
	ok(oracles.good, "random spans");
	ok(any_lines(&oracles) > ROUNDS / 8, "many of them are read lazily");
	oracles_close(&oracles);
	sl_line_writer_close(writer);
	sl_arena_free(&random.arena);
	sl_buffer_free(&out);
	sl_buffer_free(&other);
}

#define LONG "\"trace_state\":\"" TENFOLD(TENFOLD("abc")) "\""
#define FIRST                                                                                      \
	"{\"trace_id\": \"5b8efff798038103d269b633813fc60c\", \"span_id\": \"eee19b7ec3c1b174\", "

/* Lines that need not be handed out: they are told from their first bytes, or from all of them. */
static const struct {
	const char *name;
	const char *line;
	const char *behind; /* the newline */
	enum line_lazy_outcome outcome;
} unwanted[] = {
	{ "all hold", FIRST LONG ",\"kind\":\"client\"," NAMES TIMES "}", "{", LAZY_SPAN },
	{ "all hold in another order", "{\"kind\":\"client\"," NAMES TIMES "," LONG IDS_LAST, "{",
	  LAZY_SPAN },
	{ "no kind", FIRST LONG "," NAMES TIMES "}", "{", LAZY_PASSED },
	{ "another name, first", FIRST "\"name\": \"x\"," LONG "}", "{", LAZY_PASSED },
	{ "another service, first", FIRST "\"service\": \"x\"," LONG "}", "", LAZY_PASSED },
	{ "another kind, first", FIRST "\"kind\": \"server\"," LONG "}", "", LAZY_PASSED },
	{ "another status, first", FIRST "\"status\": \"ok\"," LONG "}", "", LAZY_PASSED },
	{ "none of them first", FIRST LONG "," NAMES "}", "", LAZY_OTHER },
	{ "a name with an escape", FIRST "\"name\": \"\\u0050\"," LONG "}", "", LAZY_OTHER },
	{ "an id that is no id, first",
	  "{\"trace_id\":\"5b8efff798038103d269b633813fc60\",\"span_id\":\"eee19b7ec3c1b174\","
	  "\"name\":\"x\"," LONG "}",
	  "", LAZY_OTHER },
	{ "a line that goes on", FIRST "\"name\": \"x\"," LONG "}", ",", LAZY_OTHER },
	{ "a line that does not end", FIRST "\"name\": \"x\"," LONG, "", LAZY_OTHER },
	{ "ids that come last",
	  "{\"status\":\"ok\",\"name\":\"x\",\"service\":\"shop\"," LONG TIMES IDS_LAST, "{",
	  LAZY_PASSED },
	{ "ids that never come",
	  "{\"status\":\"ok\",\"name\":\"x\",\"service\":\"shop\"," LONG TIMES "}", "",
	  LAZY_OTHER },
	{ "a short line", FIRST "\"name\":\"x\",\"status\":\"ok\"" TIMES "}", "", LAZY_PASSED },
	{ "too long",
	  "{\"attributes\":{}," NAMES ",\"start_unix_nano\":\"1\",\"end_unix_nano\":"
	  "\"999999999999\"" IDS_LAST,
	  "", LAZY_PASSED },
};

static enum line_lazy_outcome read_unwanted(struct lazy_oracle *oracle, size_t row)
{
	char text[1200];
	int len = snprintf(text, sizeof(text), "%s\n%s", unwanted[row].line, unwanted[row].behind);

	if (!oracle_take(oracle, (struct sl_slice){ text, (size_t)len }))
		abort();
	line_lazy_start(oracle->lazy, (struct sl_slice){ oracle->room, (size_t)len });
	return line_lazy_read_any(oracle->lazy, oracle->room);
}

static void test_unwanted(void)
{
	const struct sl_head_tests tests = {
		.name = SL_SLICE("POST /cart"),
		.service = SL_SLICE("shop"),
		.kinds = 1U << SL_KIND_CLIENT,
		.statuses = 1U << SL_STATUS_ERROR,
		.most_start_ns = UINT64_MAX,
		.most_ns = 1000000000,
	};
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS,
						   .lazy = true,
						   .needs = BASIC | SL_NEED_TIMES,
						   .tests = &tests };
	struct lazy_oracle oracle = { .needs = options.needs };

	oracle.lines = line_reader_open(&options, &oracle.notes);
	oracle.lazy = line_lazy_open(&options, oracle.lines, &oracle.notes);
	lines_open(&oracle.judge, false, 0);
	oracle.memory = calloc(1, ORACLE_ROOM);
	if (oracle.lines == NULL || oracle.lazy == NULL || oracle.memory == NULL)
		abort();
	for (size_t i = 0; i < SL_COUNT(unwanted); i++)
		ok(read_unwanted(&oracle, i) == unwanted[i].outcome, "tests: %s", unwanted[i].name);
	oracle_close(&oracle);
}

static const struct attribute_row attributes[] = {
	{ "the text", FIRST LONG ",\"attributes\":{\"a\":\"needle\"}," NAMES TIMES "}", TEST_TEXT,
	  LAZY_SPAN },
	{ "no such text", FIRST LONG "," NAMES TIMES "}", TEST_TEXT, LAZY_PASSED },
	{ "no such text in a short line", FIRST NAMES TIMES "}", TEST_TEXT, LAZY_PASSED },
	{ "no such text, and the ids last", "{" NAMES TIMES "," LONG IDS_LAST, TEST_TEXT,
	  LAZY_PASSED },
	{ "no such text, and no end", FIRST LONG "," NAMES TIMES "} ", TEST_TEXT, LAZY_OTHER },
	{ "an escape", FIRST LONG ",\"attributes\":{\"a\":\"\\u006eeedle\"}," NAMES TIMES "}",
	  TEST_TEXT, LAZY_SPAN },
	{ "a number behind blanks",
	  "{" NAMES TIMES "," LONG ",\"attributes\":{\"a.b\" :  200 }" IDS_LAST,
	  TEST_KEY(.type = SL_VALUE_DOUBLE, .least = 200, .most = 200), LAZY_SPAN },
	{ "another number behind blanks",
	  "{" NAMES TIMES "," LONG ",\"attributes\":{\"a.b\" :  201 }" IDS_LAST,
	  TEST_KEY(.type = SL_VALUE_DOUBLE, .least = 200, .most = 200), LAZY_PASSED },
};

static void test_attributes(void)
{
	for (size_t i = 0; i < SL_COUNT(attributes); i++)
		test_attribute_row(&attributes[i], line_lazy_read_any);
}

int main(void)
{
	test_rows();
	test_mutations();
	test_lengths();
	test_random_spans();
	test_unwanted();
	test_attributes();
	return done_testing();
}

/* `exact`: what needs an entry, and which entries still count when a line comes back. */
#include "lines.h"
#include "tap.h"

#define HEAD "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"unset\","
#define EPOCH                                                                                      \
	"\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"                          \
	"\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\""

/* Both are members behind the epoch; what comes out is the canonical line of what was read. */
struct row {
	const char *name, *in, *out;
	unsigned stale;
};

static const struct row applied[] = {
	{ "an integral double",
	  "\"attributes\":{\"a\":1.0},\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}}",
	  "\"attributes\":{\"a\":1.0},\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}}", 0 },
	{ "without an entry it is an integer", "\"attributes\":{\"a\":1.0,\"b\":1e2,\"c\":-0.0}",
	  "\"attributes\":{\"a\":1,\"b\":100,\"c\":0}", 0 },
	{ "as jq writes it",
	  "\"attributes\":{\"a\":1},\"exact\":{\"/attributes/a\":{\"doubleValue\":1}}",
	  "\"attributes\":{\"a\":1.0},\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}}", 0 },
	{ "exact before the attributes",
	  "\"exact\":{\"/attributes/a\":{\"doubleValue\":1}},\"attributes\":{\"a\":1}",
	  "\"attributes\":{\"a\":1.0},\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}}", 0 },
	{ "-0.0, which node writes as 0",
	  "\"attributes\":{\"a\":0},\"exact\":{\"/attributes/a\":{\"doubleValue\":\"-0.0\"}}",
	  "\"attributes\":{\"a\":-0.0},\"exact\":{\"/attributes/a\":{\"doubleValue\":\"-0.0\"}}",
	  0 },
	{ "NaN and the infinities",
	  "\"attributes\":{\"a\":[\"NaN\",\"Infinity\",\"-Infinity\"]},\"exact\":{"
	  "\"/attributes/a/0\":{\"doubleValue\":\"NaN\"},\"/attributes/a/"
	  "1\":{\"doubleValue\":\"Infinity\"},"
	  "\"/attributes/a/2\":{\"doubleValue\":\"-Infinity\"}}",
	  "\"attributes\":{\"a\":[\"NaN\",\"Infinity\",\"-Infinity\"]},\"exact\":{"
	  "\"/attributes/a/0\":{\"doubleValue\":\"NaN\"},\"/attributes/a/"
	  "1\":{\"doubleValue\":\"Infinity\"},"
	  "\"/attributes/a/2\":{\"doubleValue\":\"-Infinity\"}}",
	  0 },
	{ "text that reads NaN", "\"attributes\":{\"a\":\"NaN\"}", "\"attributes\":{\"a\":\"NaN\"}",
	  0 },
	{ "an integer beyond 2^53, rounded by jq 1.6",
	  "\"attributes\":{\"a\":9007199254740992},\"exact\":{\"/attributes/"
	  "a\":{\"intValue\":\"9007199254740993\"}}",
	  "\"attributes\":{\"a\":9007199254740993},\"exact\":{\"/attributes/"
	  "a\":{\"intValue\":\"9007199254740993\"}}",
	  0 },
	{ "the largest integer, rounded out of its range by node",
	  "\"attributes\":{\"a\":9223372036854776000},\"exact\":{\"/attributes/"
	  "a\":{\"intValue\":\"9223372036854775807\"}}",
	  "\"attributes\":{\"a\":9223372036854775807},\"exact\":{\"/attributes/"
	  "a\":{\"intValue\":\"9223372036854775807\"}}",
	  0 },
	{ "2^53 needs none", "\"attributes\":{\"a\":9007199254740992,\"b\":-9007199254740992}",
	  "\"attributes\":{\"a\":9007199254740992,\"b\":-9007199254740992}", 0 },
	{ "a double of 2^63, which jq 1.6 writes as an integer",
	  "\"attributes\":{\"a\":9223372036854775800},\"exact\":{\"/attributes/"
	  "a\":{\"doubleValue\":9223372036854775800}}",
	  "\"attributes\":{\"a\":9223372036854776000.0},\"exact\":{\"/attributes/"
	  "a\":{\"doubleValue\":9223372036854776000.0}}",
	  0 },
	{ "a double that is no int64", "\"attributes\":{\"a\":1e19,\"b\":0.5}",
	  "\"attributes\":{\"a\":10000000000000000000.0,\"b\":0.5}", 0 },
	{ "bytes",
	  "\"attributes\":{\"a\":\"/wA=\"},\"exact\":{\"/attributes/a\":{\"bytesValue\":\"/wA=\"}}",
	  "\"attributes\":{\"a\":\"/wA=\"},\"exact\":{\"/attributes/a\":{\"bytesValue\":\"/wA=\"}}",
	  0 },
	{ "text that is not UTF-8, in a field and a value",
	  "\"trace_state\":\"\xef\xbf\xbd\",\"attributes\":{\"a\":\"x\xef\xbf\xbdy\"},\"exact\":{"
	  "\"/trace_state\":{\"stringValueBytes\":\"/w==\"},\"/attributes/"
	  "a\":{\"stringValueBytes\":\"eP95\"}}",
	  "\"trace_state\":\"\xef\xbf\xbd\",\"attributes\":{\"a\":\"x\xef\xbf\xbdy\"},\"exact\":{"
	  "\"/trace_state\":{\"stringValueBytes\":\"/w==\"},\"/attributes/"
	  "a\":{\"stringValueBytes\":\"eP95\"}}",
	  0 },
	{ "keys with '~' and '/', an empty one, and one inside",
	  "\"attributes\":{\"~/\":1,\"\":1,\"m\":{\"k\":[1]}},\"exact\":{\"/attributes/"
	  "~0~1\":{\"doubleValue\":1},"
	  "\"/attributes/\":{\"doubleValue\":1},\"/attributes/m/k/0\":{\"doubleValue\":1}}",
	  "\"attributes\":{\"~/\":1.0,\"\":1.0,\"m\":{\"k\":[1.0]}},\"exact\":{\"/attributes/"
	  "~0~1\":"
	  "{\"doubleValue\":1.0},\"/attributes/\":{\"doubleValue\":1.0},\"/attributes/m/k/"
	  "0\":{\"doubleValue\":1.0}}",
	  0 },
	{ "keys that repeat",
	  "\"attributes\":{\"a\":1},\"exact\":{\"/"
	  "attributes\":{\"keyValues\":[[\"YQ==\",{\"intValue\":\"1\"}],"
	  "[\"YQ==\",{\"stringValue\":\"x\"}]]}}",
	  "\"attributes\":{\"a\":1},\"exact\":{\"/"
	  "attributes\":{\"keyValues\":[[\"YQ==\",{\"intValue\":\"1\"}],"
	  "[\"YQ==\",{\"stringValue\":\"x\"}]]}}",
	  0 },
	{ "keys that are not UTF-8 and read the same",
	  "\"attributes\":{\"b\":true,\"\xef\xbf\xbd\":1},\"exact\":{\"/"
	  "attributes\":{\"keyValues\":["
	  "[\"/w==\",{\"doubleValue\":1.0}],[\"/g==\",{}],[\"Yg==\",{\"boolValue\":true}]]}}",
	  "\"attributes\":{\"\xef\xbf\xbd\":1.0,\"b\":true},\"exact\":{\"/"
	  "attributes\":{\"keyValues\":["
	  "[\"/w==\",{\"doubleValue\":1.0}],[\"/g==\",{}],[\"Yg==\",{\"boolValue\":true}]]}}",
	  0 },
	{ "lists inside of those",
	  "\"attributes\":{\"a\":[{\"x\":null},[]]},\"exact\":{\"/"
	  "attributes\":{\"keyValues\":[[\"YQ==\","
	  "{\"arrayValue\":{\"values\":[{\"keyValues\":[[\"eA==\",{}],[\"eA==\",{\"bytesValue\":"
	  "\"\"}]]},"
	  "{\"arrayValue\":{}}]}}],[\"YQ==\",{\"stringValueBytes\":\"/w==\"}]]}}",
	  "\"attributes\":{\"a\":[{\"x\":null},[]]},\"exact\":{\"/"
	  "attributes\":{\"keyValues\":[[\"YQ==\","
	  "{\"arrayValue\":{\"values\":[{\"keyValues\":[[\"eA==\",{}],[\"eA==\",{\"bytesValue\":"
	  "\"\"}]]},"
	  "{\"arrayValue\":{}}]}}],[\"YQ==\",{\"stringValueBytes\":\"/w==\"}]]}}",
	  0 },
	{ "in an event, a link, the scope and the resource",
	  "\"events\":[{\"time_unix_nano\":1,\"attributes\":{\"a\":1},\"exact\":{\"/attributes/"
	  "a\":{\"doubleValue\":1}}}],"
	  "\"links\":[{\"trace_id\":\"\",\"attributes\":{\"a\":1},\"exact\":{\"/attributes/"
	  "a\":{\"doubleValue\":1}}}],"
	  "\"scope\":{\"exact\":{\"/attributes/a\":{\"doubleValue\":1}},\"attributes\":{\"a\":1}},"
	  "\"resource\":{\"attributes\":{\"a\":1},\"exact\":{\"/attributes/"
	  "a\":{\"doubleValue\":1}}}",
	  "\"events\":[{\"time_unix_nano\":\"1\",\"name\":\"\",\"attributes\":{\"a\":1.0},"
	  "\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}}}],"
	  "\"links\":[{\"trace_id\":\"\",\"span_id\":\"\",\"attributes\":{\"a\":1.0},"
	  "\"exact\":{\"/attributes/a\":{\"doubleValue\":1.0}}}],"
	  "\"scope\":{\"attributes\":{\"a\":1.0},\"exact\":{\"/attributes/"
	  "a\":{\"doubleValue\":1.0}}},"
	  "\"resource\":{\"attributes\":{\"a\":1.0},\"exact\":{\"/attributes/"
	  "a\":{\"doubleValue\":1.0}}}",
	  0 },
};

/* An attribute a of 1, or what stands there, and one entry that does not fit. */
#define STALE(shown, entry)                                                                        \
	"\"attributes\":{\"a\":" shown "},\"exact\":{" entry "}",                                  \
		"\"attributes\":{\"a\":" shown "}", 1
#define STALE_AT_A(shown, value) STALE(shown, "\"/attributes/a\":" value)

static const struct row stale[] = {
	{ "another number", STALE_AT_A("2", "{\"doubleValue\":1.0}") },
	{ "another type", STALE_AT_A("\"1.0\"", "{\"doubleValue\":1.0}") },
	{ "NaN that became a number", STALE_AT_A("1", "{\"doubleValue\":\"NaN\"}") },
	{ "other bytes", STALE_AT_A("\"/wE=\"", "{\"bytesValue\":\"/wA=\"}") },
	{ "another text", STALE_AT_A("\"x\"", "{\"stringValueBytes\":\"/w==\"}") },
	{ "another bool", STALE_AT_A("false", "{\"boolValue\":true}") },
	{ "no longer empty", STALE_AT_A("1", "{}") },
	{ "a longer array",
	  STALE_AT_A("[1,2]", "{\"arrayValue\":{\"values\":[{\"doubleValue\":1}]}}") },
	{ "a member more",
	  STALE_AT_A("{\"x\":1,\"y\":2}", "{\"keyValues\":[[\"eA==\",{\"intValue\":\"1\"}],"
					  "[\"eA==\",{\"intValue\":\"2\"}]]}") },
	{ "a member less",
	  STALE_AT_A("{\"x\":1}", "{\"keyValues\":[[\"eA==\",{\"intValue\":\"1\"}],"
				  "[\"eQ==\",{\"intValue\":\"2\"}]]}") },
	{ "a key that has gone", STALE("1", "\"/attributes/b\":{\"doubleValue\":1}") },
	{ "below a number", STALE("1", "\"/attributes/a/0\":{\"doubleValue\":1}") },
	{ "behind the end of an array", STALE("[1]", "\"/attributes/a/1\":{\"doubleValue\":1}") },
	{ "an index with a zero before it",
	  STALE("[1]", "\"/attributes/a/00\":{\"doubleValue\":1}") },
	{ "no index", STALE("[1]", "\"/attributes/a/-\":{\"doubleValue\":1}") },
	{ "no field", STALE("1", "\"/fields/a\":{\"doubleValue\":1}") },
	{ "a field that has no entries", STALE("1", "\"/flags\":{\"intValue\":\"0\"}") },
	{ "below a text", STALE("1", "\"/name/0\":{\"stringValue\":\"\"}") },
	{ "a field of another type", STALE("1", "\"/name\":{}") },
	{ "no pointer", STALE("1", "\"attributes\":{\"doubleValue\":1}") },
	{ "an empty pointer", STALE("1", "\"\":{\"doubleValue\":1}") },
	{ "no entry", STALE_AT_A("1", "1.0") },
	{ "two values", STALE_AT_A("1", "{\"doubleValue\":1,\"intValue\":\"1\"}") },
	{ "a type that nobody knows", STALE_AT_A("1", "{\"floatValue\":1}") },
	{ "an integer that is none", STALE_AT_A("1", "{\"intValue\":\"1.5\"}") },
	{ "a double that is none", STALE_AT_A("1", "{\"doubleValue\":\"one\"}") },
	{ "bytes that are not base64", STALE_AT_A("\"*\"", "{\"bytesValue\":\"*\"}") },
	{ "a pair of one", STALE_AT_A("{}", "{\"keyValues\":[[\"eA==\"]]}") },
	{ "a pair of three", STALE_AT_A("{\"x\":null}", "{\"keyValues\":[[\"eA==\",{},{}]]}") },
	{ "a pair without a key", STALE_AT_A("{}", "{\"keyValues\":[[]]}") },
	{ "members that are no pairs", STALE_AT_A("{}", "{\"keyValues\":[{}]}") },
	{ "an array with another key", STALE_AT_A("[]", "{\"arrayValue\":{\"items\":[]}}") },
	{ "null", STALE_AT_A("null", "null") },
};

static struct lines lines;

static void test_row(const struct row *row)
{
	const struct sl_span *span = NULL;
	struct sl_slice written = { "", 0 };
	char in[1024], out[1024];

	snprintf(in, sizeof(in), "%s%s,%s}", HEAD, EPOCH, row->in);
	snprintf(out, sizeof(out), "%s%s,%s}\n", HEAD, EPOCH, row->out);
	if (lines_read(&lines, (struct sl_slice){ in, strlen(in) }, &span) == SL_OK)
		written = lines_write(&lines, span);
	if (!ok(sl_slice_equal(written, (struct sl_slice){ out, strlen(out) }), "%s", row->name))
		printf("# is     %.*s# should %s", (int)written.len, written.data, out);
	ok(lines.notes.count[SL_NOTE_LINE_STALE_EXACT] == row->stale &&
		   lines_notes(&lines) == row->stale,
	   "%s: %u stale", row->name, row->stale);
}

/* Every list of `count` keys is found again, also where a table has to be made of them. */
static void test_many_keys(size_t count)
{
	const struct sl_span *span = NULL;
	struct sl_buffer line = { 0 };
	size_t doubles = 0;

	sl_buffer_printf(&line, "%s%s,\"attributes\":{", HEAD, EPOCH);
	for (size_t i = 0; i < count; i++)
		sl_buffer_printf(&line, "%s\"key.%zu\":{\"x%zu\":%zu}", i == 0 ? "" : ",", i, i, i);
	sl_buffer_add_literal(&line, "},\"exact\":{");
	for (size_t i = count; i-- > 0;)
		sl_buffer_printf(&line, "\"/attributes/key.%zu/x%zu\":{\"doubleValue\":%zu}%s", i,
				 i, i, i == 0 ? "}}" : ",");
	if (lines_read(&lines, sl_buffer_slice(&line), &span) == SL_OK)
		for (size_t i = 0; i < span->attributes.count; i++)
			doubles += span->attributes.items[i].value.list.items[0].value.type ==
				   SL_VALUE_DOUBLE;
	ok(doubles == count && lines_notes(&lines) == 0, "%zu keys, last first", count);
	sl_buffer_free(&line);
}

/* Long keys around many values: the entry is made of the whole list, or the line would grow with
 * their product. */
static void test_long_path(void)
{
	enum { KEY_LEN = 2000, COUNT = 500 };
	static struct sl_attribute items[COUNT];
	static char key[KEY_LEN];
	struct sl_attribute around = { .key = { key, KEY_LEN },
				       .value = { .type = SL_VALUE_ARRAY,
						  .list = { items, COUNT } } };
	struct sl_span span = sl_span_empty;
	const struct sl_span *read = NULL;
	struct sl_buffer line = { 0 };

	memset(key, 'k', sizeof(key));
	for (size_t i = 0; i < COUNT; i++)
		items[i].value = (struct sl_value){ .type = SL_VALUE_DOUBLE, .number = (double)i };
	span.attributes = (struct sl_attributes){ &around, 1 };
	sl_buffer_add_slice(&line, lines_write(&lines, &span));
	ok(line.len < 3 * KEY_LEN + 50 * COUNT, "long keys are not repeated for each value");
	ok(lines_read(&lines, sl_buffer_slice(&line), &read) == SL_OK && lines_notes(&lines) == 0 &&
		   sl_attributes_equal(read->attributes, span.attributes),
	   "and the list is read back");
	sl_buffer_free(&line);
}

static void test_deep(void)
{
	enum { DEPTH = SL_MAX_DEPTH };
	static struct sl_attribute items[DEPTH + 1][2];
	struct sl_span span = sl_span_empty;
	const struct sl_span *read = NULL;
	struct sl_buffer line = { 0 };

	for (size_t i = 0; i <= DEPTH; i++)
		for (size_t j = 0; j < 2; j++) {
			items[i][j].key = SL_SLICE("k");
			items[i][j].value.type =
				i < DEPTH && j == 0 ? SL_VALUE_KVLIST : SL_VALUE_EMPTY;
			if (i < DEPTH)
				items[i][j].value.list = (struct sl_attributes){ items[i + 1], 2 };
		}
	span.attributes = (struct sl_attributes){ items[0], 2 };
	sl_buffer_add_slice(&line, lines_write(&lines, &span));
	ok(lines_read(&lines, sl_buffer_slice(&line), &read) == SL_OK && lines_notes(&lines) == 0 &&
		   sl_attributes_equal(read->attributes, span.attributes),
	   "keys that repeat in %d lists within each other", DEPTH);
	sl_buffer_free(&line);
}

static void test_broken(void)
{
	static const char *const rows[] = {
		"\"exact\":{\"/name\":{]}}",
		"\"exact\":{\"/name\"}",
		"\"exact\":{\"/name\":{},}",
		"\"exact\":{\"/name\":{\"keyValues\":[[\"\",{}}]}}",
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		const struct sl_span *span = NULL;
		char in[512];

		snprintf(in, sizeof(in), "%s%s,%s}", HEAD, EPOCH, rows[i]);
		ok(lines_read(&lines, (struct sl_slice){ in, strlen(in) }, &span) == SL_BAD_RECORD,
		   "no JSON: %s", rows[i]);
	}
}

int main(void)
{
	lines_open(&lines, false, 0);
	for (size_t i = 0; i < SL_COUNT(applied); i++)
		test_row(&applied[i]);
	for (size_t i = 0; i < SL_COUNT(stale); i++)
		test_row(&stale[i]);
	for (size_t count = 1; count <= 4096; count *= 4) {
		test_many_keys(count);
		test_many_keys(count + 1);
	}
	test_long_path();
	test_deep();
	test_broken();
	lines_close(&lines);
	return done_testing();
}

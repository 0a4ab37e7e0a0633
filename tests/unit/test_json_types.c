/* OTLP/JSON whose fields have the wrong type, or hold what no field can: each is left out alone and
 * counted, and strict refuses it. */
#include "documents.h"
#include "tap.h"

#define REQUEST(members) "{\"resourceSpans\":[{" members "}]}"
#define SPAN(members)	 REQUEST("\"scopeSpans\":[{\"spans\":[{" members "}]}]")
#define SCOPE(members)	 REQUEST("\"scopeSpans\":[{" members ",\"spans\":[{}]}]")
#define VALUE(value)	 SPAN("\"attributes\":[{\"key\":\"k\",\"value\":" value "}]")
#define TIMES                                                                                      \
	"\"start\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ms\":0,"                          \
	"\"start_unix_nano\":\"0\",\"end_unix_nano\":\"0\""
#define EMPTY "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"unset\"," TIMES

static const struct row {
	const char *name, *in, *out;
	enum sl_note note; /* counted once */
} rows[] = {
	/* fields of a span */
	{ "an id that is a number", SPAN("\"traceId\":5,\"flags\":1"), EMPTY ",\"flags\":1}\n",
	  SL_NOTE_BAD_FIELD },
	{ "a name that is a list", SPAN("\"name\":[\"}\",{}],\"flags\":1"), EMPTY ",\"flags\":1}\n",
	  SL_NOTE_BAD_FIELD },
	{ "a state that is a number", SPAN("\"traceState\":5"), EMPTY "}\n", SL_NOTE_BAD_FIELD },
	{ "a kind that is a list", SPAN("\"kind\":[],\"flags\":1"), EMPTY ",\"flags\":1}\n",
	  SL_NOTE_BAD_FIELD },
	{ "a kind that is true", SPAN("\"kind\":true"), EMPTY "}\n", SL_NOTE_BAD_FIELD },
	{ "a time that is an object", SPAN("\"startTimeUnixNano\":{\"a\":1}"), EMPTY "}\n",
	  SL_NOTE_BAD_FIELD },
	{ "a time that is a word", SPAN("\"startTimeUnixNano\":\"soon\""), EMPTY "}\n",
	  SL_NOTE_BAD_NUMBER },
	{ "a count that is false", SPAN("\"droppedLinksCount\":false,\"flags\":1"),
	  EMPTY ",\"flags\":1}\n", SL_NOTE_BAD_FIELD },
	{ "a count that is a word", SPAN("\"droppedLinksCount\":\"many\""), EMPTY "}\n",
	  SL_NOTE_BAD_NUMBER },
	{ "a status that is a text", SPAN("\"status\":\"x\",\"flags\":1"), EMPTY ",\"flags\":1}\n",
	  SL_NOTE_BAD_FIELD },
	{ "a code that is an object", SPAN("\"status\":{\"code\":{},\"message\":\"m\"}"),
	  "{\"trace_id\":\"\",\"span_id\":\"\",\"name\":\"\",\"status\":\"unset\","
	  "\"status_message\":\"m\"," TIMES "}\n",
	  SL_NOTE_BAD_FIELD },
	{ "the first counts, of whatever type", SPAN("\"flags\":[],\"traceState\":\"a\""),
	  EMPTY ",\"trace_state\":\"a\"}\n", SL_NOTE_BAD_FIELD },
	/* lists */
	{ "attributes that are an object", SPAN("\"attributes\":{\"k\":1},\"flags\":1"),
	  EMPTY ",\"flags\":1}\n", SL_NOTE_BAD_FIELD },
	{ "an attribute that is null",
	  SPAN("\"attributes\":[null,{\"key\":\"k\",\"value\":{\"intValue\":\"1\"}}]"),
	  EMPTY ",\"attributes\":{\"k\":1}}\n", SL_NOTE_NULL_ELEMENT },
	{ "an attribute that is a number",
	  SPAN("\"attributes\":[{\"key\":\"k\",\"value\":{\"intValue\":\"1\"}},5]"),
	  EMPTY ",\"attributes\":{\"k\":1}}\n", SL_NOTE_BAD_FIELD },
	{ "a key that is a number", SPAN("\"attributes\":[{\"key\":5,\"value\":{}}]"),
	  EMPTY ",\"attributes\":{\"\":null}}\n", SL_NOTE_BAD_FIELD },
	{ "events that are a text", SPAN("\"events\":\"x\""), EMPTY "}\n", SL_NOTE_BAD_FIELD },
	{ "an event that is null", SPAN("\"events\":[null,{\"name\":\"e\"}]"),
	  EMPTY ",\"events\":[{\"time_unix_nano\":\"0\",\"name\":\"e\"}]}\n",
	  SL_NOTE_NULL_ELEMENT },
	{ "nothing but an event that is null", SPAN("\"events\":[null]"), EMPTY "}\n",
	  SL_NOTE_NULL_ELEMENT },
	{ "an event that is a list", SPAN("\"events\":[{\"name\":\"e\"},[{}]]"),
	  EMPTY ",\"events\":[{\"time_unix_nano\":\"0\",\"name\":\"e\"}]}\n", SL_NOTE_BAD_FIELD },
	{ "a name of an event that is a number", SPAN("\"events\":[{\"name\":7}]"),
	  EMPTY ",\"events\":[{\"time_unix_nano\":\"0\",\"name\":\"\"}]}\n", SL_NOTE_BAD_FIELD },
	{ "a link that is a number", SPAN("\"links\":[5],\"flags\":1"), EMPTY ",\"flags\":1}\n",
	  SL_NOTE_BAD_FIELD },
	{ "attributes of a link that are a text",
	  SPAN("\"links\":[{\"attributes\":\"x\",\"traceState\":\"s\"}]"),
	  EMPTY ",\"links\":[{\"trace_id\":\"\",\"span_id\":\"\",\"trace_state\":\"s\"}]}\n",
	  SL_NOTE_BAD_FIELD },
	{ "a span that is null", REQUEST("\"scopeSpans\":[{\"spans\":[null,{\"flags\":1}]}]"),
	  EMPTY ",\"flags\":1}\n", SL_NOTE_NULL_ELEMENT },
	/* values */
	{ "a text that is an object", VALUE("{\"stringValue\":{\"a\":1}}"),
	  EMPTY ",\"attributes\":{\"k\":null}}\n", SL_NOTE_BAD_FIELD },
	{ "an integer that is an object", VALUE("{\"intValue\":{}}"),
	  EMPTY ",\"attributes\":{\"k\":null}}\n", SL_NOTE_BAD_FIELD },
	{ "a truth that is an object", VALUE("{\"boolValue\":{}}"),
	  EMPTY ",\"attributes\":{\"k\":null}}\n", SL_NOTE_BAD_FIELD },
	{ "values of an array that are a text", VALUE("{\"arrayValue\":{\"values\":\"x\"}}"),
	  EMPTY ",\"attributes\":{\"k\":[]}}\n", SL_NOTE_BAD_FIELD },
	{ "values of a map that are an object", VALUE("{\"kvlistValue\":{\"values\":{}}}"),
	  EMPTY ",\"attributes\":{\"k\":{}}}\n", SL_NOTE_BAD_FIELD },
	{ "a member of a map that is null", VALUE("{\"kvlistValue\":{\"values\":[null]}}"),
	  EMPTY ",\"attributes\":{\"k\":{}}}\n", SL_NOTE_NULL_ELEMENT },
	/* what stands around spans */
	{ "a resource that is a list", REQUEST("\"resource\":[],\"scopeSpans\":[{\"spans\":[{}]}]"),
	  EMPTY "}\n", SL_NOTE_BAD_FIELD },
	{ "a resource that is a text, behind its spans",
	  REQUEST("\"scopeSpans\":[{\"spans\":[{}]}],\"resource\":\"x\""), EMPTY "}\n",
	  SL_NOTE_BAD_FIELD },
	{ "a schema that is a number",
	  REQUEST("\"schemaUrl\":5,\"resource\":{},\"scopeSpans\":[{\"spans\":[{}]}]"),
	  EMPTY ",\"resource\":{}}\n", SL_NOTE_BAD_FIELD },
	{ "attributes of a resource that are a number",
	  REQUEST("\"resource\":{\"attributes\":5,\"droppedAttributesCount\":1},"
		  "\"scopeSpans\":[{\"spans\":[{}]}]"),
	  EMPTY ",\"resource\":{\"dropped_attributes_count\":1}}\n", SL_NOTE_BAD_FIELD },
	{ "an entity that is null",
	  REQUEST("\"resource\":{\"entityRefs\":[null]},\"scopeSpans\":[{\"spans\":[{}]}]"),
	  EMPTY ",\"resource\":{}}\n", SL_NOTE_NULL_ELEMENT },
	{ "an id key that is a number",
	  REQUEST("\"resource\":{\"entityRefs\":[{\"idKeys\":[\"a\",5,\"b\"]}]},"
		  "\"scopeSpans\":[{\"spans\":[{}]}]"),
	  EMPTY ",\"resource\":{\"entity_refs\":[{\"id_keys\":[\"a\",\"b\"]}]}}\n",
	  SL_NOTE_BAD_FIELD },
	{ "an id key that is null",
	  REQUEST("\"resource\":{\"entityRefs\":[{\"idKeys\":[null,\"a\"]}]},"
		  "\"scopeSpans\":[{\"spans\":[{}]}]"),
	  EMPTY ",\"resource\":{\"entity_refs\":[{\"id_keys\":[\"a\"]}]}}\n",
	  SL_NOTE_NULL_ELEMENT },
	{ "a ResourceSpans that is null",
	  "{\"resourceSpans\":[null,{\"scopeSpans\":[{\"spans\":[{}]}]}]}", EMPTY "}\n",
	  SL_NOTE_NULL_ELEMENT },
	{ "ScopeSpans that are an object",
	  "{\"resourceSpans\":[{\"scopeSpans\":{}},{\"scopeSpans\":[{\"spans\":[{}]}]}]}",
	  EMPTY "}\n", SL_NOTE_BAD_FIELD },
	{ "a ScopeSpans that is a number", REQUEST("\"scopeSpans\":[5,{\"spans\":[{}]}]"),
	  EMPTY "}\n", SL_NOTE_BAD_FIELD },
	{ "a ScopeSpans that is null", REQUEST("\"scopeSpans\":[{\"spans\":[{}]},null]"),
	  EMPTY "}\n", SL_NOTE_NULL_ELEMENT },
	{ "spans that are a text", REQUEST("\"scopeSpans\":[{\"spans\":\"x\"},{\"spans\":[{}]}]"),
	  EMPTY "}\n", SL_NOTE_BAD_FIELD },
	{ "a scope that is a text", SCOPE("\"scope\":\"x\""), EMPTY "}\n", SL_NOTE_BAD_FIELD },
	{ "a version that is a number", SCOPE("\"scope\":{\"name\":\"n\",\"version\":1}"),
	  EMPTY ",\"scope\":{\"name\":\"n\"}}\n", SL_NOTE_BAD_FIELD },
	{ "a scope's schema that is a list", SCOPE("\"schemaUrl\":[]"), EMPTY "}\n",
	  SL_NOTE_BAD_FIELD },
};

static struct documents lenient = { .telling = AS_LINES };
static struct documents textual = { .options = { .text = true }, .telling = AS_LINES };
static struct documents strict = { .options = { .strict = true }, .telling = AS_LINES };

static void check_row(const struct row *row)
{
	struct sl_slice text = slice_of(row->in), wide = spread(text);

	if (!ok(strcmp(documents_read(&lenient, text), row->out) == 0 &&
			documents_noted(&lenient, row->note, 1),
		"%s", row->name))
		printf("# %s# %s", lenient.out.data, row->out);
	ok(strcmp(documents_read(&lenient, wide), row->out) == 0 &&
		   documents_noted(&lenient, row->note, 1),
	   "%s, with white space", row->name);
	ok(strcmp(documents_read(&textual, text), row->out) == 0 &&
		   documents_noted(&textual, row->note, 1),
	   "%s, with attributes as text", row->name);
	documents_read(&strict, text);
	ok(strict.loss_count == 1 && strict.span_count <= 1, "%s, strictly", row->name);
	free((char *)(uintptr_t)wide.data);
}

/* A number that is lost is told also where the key that it stands at is noted already. */
static void check_old_status(void)
{
	documents_read(&lenient, slice_of(SPAN("\"status\":{\"deprecatedCode\":1e10}")));
	ok(lenient.span_count == 1 && lenient.notes.count[SL_NOTE_OLD_STATUS] == 1 &&
		   lenient.notes.count[SL_NOTE_BAD_NUMBER] == 1,
	   "an old status that is out of range");
}

/* A ResourceSpans that was cut out of its document is looked at by the same rules. */
static void check_part(void)
{
	struct documents part = { .telling = AS_LINES, .kind = SL_JSON_RESOURCE_SPANS };

	documents_read(&part, slice_of("null"));
	ok(part.loss_count == 0 && part.span_count == 0 &&
		   documents_noted(&part, SL_NOTE_NULL_ELEMENT, 1),
	   "a part that is null");
	documents_read(&part, slice_of("{\"resource\":5,\"scopeSpans\":[{\"spans\":[{}]}]}"));
	ok(part.loss_count == 0 && part.span_count == 1 &&
		   documents_noted(&part, SL_NOTE_BAD_FIELD, 1),
	   "a part whose resource is none");
	sl_buffer_free(&part.out);
}

static void check_logs(void)
{
	struct documents logs = { .options = { .signal = SL_SIGNAL_LOGS }, .telling = AS_LINES };

	documents_read(&logs, slice_of("{\"resourceLogs\":[{\"scopeLogs\":[null,{\"logRecords\":["
				       "null,{\"severityText\":5,\"severityNumber\":{},"
				       "\"body\":{\"stringValue\":\"b\"}}]}]}]}"));
	ok(strstr(logs.out.data, "\"body\":\"b\"") != NULL && logs.loss_count == 0 &&
		   logs.notes.count[SL_NOTE_NULL_ELEMENT] == 2 &&
		   logs.notes.count[SL_NOTE_BAD_FIELD] == 2,
	   "a log record keeps its other fields");
	sl_buffer_free(&logs.out);
}

/* What was noted of a resource is noted again where the same follows. */
static void check_repeated_resource(void)
{
#define PART "{\"resource\":{\"attributes\":[null]},\"scopeSpans\":[{\"spans\":[{}]}]}"
	documents_read(&lenient, slice_of("{\"resourceSpans\":[" PART "," PART "]}"));
	ok(lenient.span_count == 2 && documents_noted(&lenient, SL_NOTE_NULL_ELEMENT, 2),
	   "a resource that is noted twice");
}

/* A list of attributes that cannot be taken as text takes no room for it: as many records wait
 * while reading goes on behind a loss. */
static void check_unusual_lists(void)
{
	enum { SPANS = 100, LIST = 32 * 1024 };
	struct sl_buffer text = { 0 };

	sl_buffer_add_literal(&text, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
	for (int i = 0; i < SPANS; i++)
		sl_buffer_add_literal(&text, "{\"attributes\":[{\"key\":\"k\",\"value\":"
					     "{\"bytesValue\":\"aGk=\"}}]},");
	sl_buffer_add_literal(&text, "{]}]}]}]}");
	for (int i = 0; i < LIST; i++)
		sl_buffer_add_byte(&text, ' ');
	documents_read(&lenient, sl_buffer_slice(&text));
	documents_read(&textual, sl_buffer_slice(&text));
	ok(lenient.span_count == SPANS && strcmp(lenient.out.data, textual.out.data) == 0,
	   "lists that are no text, before a loss");
	sl_buffer_free(&text);
}

/* Syntax that is wrong inside of what is left out is no field of the wrong type. */
static void check_syntax(void)
{
	static const char *const texts[] = {
		SPAN("\"name\":[\"a"),
		SPAN("\"name\":5x"),
		SPAN("\"events\":[nul]"),
		SPAN("\"links\":[5 5]"),
	};

	for (size_t i = 0; i < SL_COUNT(texts); i++) {
		documents_read(&lenient, slice_of(texts[i]));
		ok(lenient.loss_count == 1 && lenient.span_count == 0, "no JSON: %s", texts[i]);
	}
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		check_row(&rows[i]);
	check_old_status();
	check_repeated_resource();
	check_part();
	check_logs();
	check_unusual_lists();
	check_syntax();
	sl_buffer_free(&lenient.out);
	sl_buffer_free(&textual.out);
	sl_buffer_free(&strict.out);
	return done_testing();
}

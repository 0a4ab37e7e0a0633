/* JSON of other programs that is told from telemetry, but not read: what it is, by its structure,
 * and what to do. */
#include "foreign.h"

enum {
	STEPS = 4, /* keys from the document to what tells it */
	LEAVES = 3,
};

/*
 * Each step is a key whose value holds the next one, where arrays are entered by their first
 * element; all leaves stand in the object to which they lead.
 */
static const struct look_alike {
	const char *what;
	const char *steps[STEPS];
	const char *leaves[LEAVES];
} look_alikes[] = {
	{ "links between services (of Jaeger or Zipkin), which are counts and no spans; ask for "
	  "the "
	  "traces themselves",
	  { NULL },
	  { "parent", "child", "callCount" } },
	{ "links between services (of Jaeger or Zipkin), which are counts and no spans; ask for "
	  "the "
	  "traces themselves",
	  { "data" },
	  { "parent", "child", "callCount" } },
	{ "an error that Jaeger's query service answered, and no traces",
	  { "errors" },
	  { "code", "msg" } },
	{ "an answer of Lightstep's API; its spans are flat records: jq -c "
	  "'.data[].attributes.spans[]' FILE | otlp-decode --map trace_id=trace-id --map "
	  "span_id=span-id --map name=span-name --map start=start-time-micros --map "
	  "end=end-time-micros --map error=is-error",
	  { "data", "attributes", "spans" },
	  { "span-id", "trace-id" } },
	{ "an answer of SigNoz; its spans are flat records: jq -c '.result[].list[] | .data + "
	  "{timestamp}' FILE | otlp-decode --map attributes=tagMap --map record=stringTagMap",
	  { "result", "list", "data" },
	  { "spanID", "traceID" } },
	{ "a trace of Tracetest, in a form of its own; the one that it was made of, in Jaeger, "
	  "Tempo or "
	  "OTLP, is read here",
	  { "RootSpan" },
	  { "ID", "Children" } },
	{ "segments of AWS X-Ray; the Collector's awsxray receiver makes OTLP of them",
	  { "Traces" },
	  { "Segments" } },
	{ "events for Chrome's tracing or Perfetto, which have no trace ids; trace-tree writes "
	  "such, "
	  "but nobody reads them back",
	  { NULL },
	  { "traceEvents" } },
	{ "segments of SkyWalking; the Collector's skywalking receiver makes OTLP of them",
	  { NULL },
	  { "traceSegmentId", "spans" } },
	{ "data frames of Grafana; the trace's own JSON (Inspect, or Tempo's /api/traces/ID) is "
	  "read "
	  "here",
	  { "results" },
	  { "A" } },
	{ "documents of Elastic APM; flat records can be made of them: jq -c '{trace_id: "
	  ".trace.id, "
	  "span_id: (.span.id // .transaction.id), parent_id: .parent.id, name: (.span.name // "
	  ".transaction.name), service: .service.name, timestamp: .[\"@timestamp\"], duration_us: "
	  "(.span.duration.us // .transaction.duration.us)}' FILE | otlp-decode",
	  { NULL },
	  { "processor", "trace", "transaction" } },
	{ "a trace of Google's Cloud Trace; record the OTLP that went there instead",
	  { "traces" },
	  { "projectId", "traceId" } },
};

static bool is_key(struct sl_slice key, const char *name)
{
	return key.len == strlen(name) && memcmp(key.data, name, key.len) == 0;
}

/* Into the first object, through arrays; false: there is none. */
static bool enter(struct sl_cursor *cursor)
{
	for (unsigned depth = 0; depth < STEPS && sl_cursor_peek(cursor) == '['; depth++) {
		bool begun = false;

		if (!sl_cursor_next_element(cursor, &begun))
			return false;
	}
	return sl_cursor_peek(cursor) == '{';
}

/* To the value of the key in the object that the cursor stands on. */
static bool step(struct sl_cursor *cursor, const char *name)
{
	struct sl_slice key = { "", 0 };

	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		if (is_key(key, name))
			return enter(cursor);
		if (!sl_cursor_skip_value(cursor))
			return false;
	}
	return false;
}

/* The text may end within the object. */
static bool has_leaves(struct sl_cursor *cursor, const char *const *leaves)
{
	unsigned found = 0, wanted = 0;
	struct sl_slice key = { "", 0 };

	for (size_t i = 0; i < LEAVES && leaves[i] != NULL; i++)
		wanted |= 1u << i;
	for (bool begun = false; found != wanted && sl_cursor_next_member(cursor, &begun, &key);) {
		for (size_t i = 0; i < LEAVES && leaves[i] != NULL; i++)
			found |= (unsigned)is_key(key, leaves[i]) << i;
		if (!sl_cursor_skip_value(cursor))
			break;
	}
	return found == wanted;
}

static bool looks_like(const struct look_alike *look_alike, struct sl_cursor cursor)
{
	if (!enter(&cursor))
		return false;
	for (size_t i = 0; i < STEPS && look_alike->steps[i] != NULL; i++)
		if (!step(&cursor, look_alike->steps[i]))
			return false;
	return has_leaves(&cursor, look_alike->leaves);
}

const char *sl_foreign_look_alike(struct sl_slice document)
{
	static const char *const formats[SL_FOREIGN_COUNT] = {
		[SL_FOREIGN_JAEGER] = "JSON of Jaeger, which is read in a file of its own",
		[SL_FOREIGN_ZIPKIN] = "JSON of Zipkin, which is read in a file of its own",
		[SL_FOREIGN_STDOUTTRACE] = "output of Go's stdouttrace, read in a file of its own",
		[SL_FOREIGN_CONSOLE] = "Python's ConsoleSpanExporter, read in a file of its own",
		[SL_FOREIGN_DATADOG] = "JSON of Datadog, which is read in a file of its own",
		[SL_FOREIGN_TEMPO_SEARCH] = "Tempo's search answers, read in a file of their own",
		[SL_FOREIGN_FLAT] = "flat records, which are read in a file of their own",
		[SL_FOREIGN_EVENT] = "an event of AWS, which is read in a file of its own",
	};
	struct sl_notes unused = { { 0 }, { 0 } };
	struct sl_cursor cursor = { .at = document.data,
				    .begin = document.data,
				    .end = document.data + document.len,
				    .notes = &unused };
	enum sl_foreign format;
	size_t looked;

	sl_cursor_skip_space(&cursor);
	for (size_t i = 0; i < SL_COUNT(look_alikes); i++)
		if (looks_like(&look_alikes[i], cursor))
			return look_alikes[i].what;
	if (sl_foreign_detect(document, true, &format) == SL_FOREIGN_SEEN)
		return formats[format];
	if ((foreign_keys_of(&cursor, KEY_OTLP, &looked) & KEY_OTLP) != 0)
		return "OTLP or a span line, which is read in a file of its own";
	return NULL;
}

/* The keys that tell formats from each other, and what they tell. */
#include "foreign.h"

static const struct {
	struct sl_slice text;
	unsigned key;
} keys[] = {
	{ FOREIGN_KEY("resourceSpans"), KEY_OTLP },
	{ FOREIGN_KEY("resource_spans"), KEY_OTLP },
	{ FOREIGN_KEY("batches"), KEY_OTLP },
	{ FOREIGN_KEY("scopeSpans"), KEY_OTLP },
	{ FOREIGN_KEY("scope_spans"), KEY_OTLP },
	{ FOREIGN_KEY("instrumentationLibrarySpans"), KEY_OTLP },
	{ FOREIGN_KEY("resourceLogs"), KEY_OTLP },
	{ FOREIGN_KEY("resourceMetrics"), KEY_OTLP },
	{ FOREIGN_KEY("start_unix_nano"), KEY_OTLP },
	{ FOREIGN_KEY("end_unix_nano"), KEY_OTLP },
	{ FOREIGN_KEY("traceID"), KEY_TRACE_ID_BIG },
	{ FOREIGN_KEY("spanID"), KEY_SPAN_ID_BIG },
	{ FOREIGN_KEY("spans"), KEY_SPANS },
	{ FOREIGN_KEY("processes"), KEY_PROCESSES },
	{ FOREIGN_KEY("processMap"), KEY_PROCESSES },
	{ FOREIGN_KEY("process"), KEY_PROCESS },
	{ FOREIGN_KEY("operationName"), KEY_OPERATION_NAME },
	{ FOREIGN_KEY("traceId"), KEY_TRACE_ID },
	{ FOREIGN_KEY("spanId"), KEY_SPAN_ID },
	{ FOREIGN_KEY("id"), KEY_ID },
	{ FOREIGN_KEY("traceIdLow"), KEY_TRACE_ID_LOW },
	{ FOREIGN_KEY("data"), KEY_DATA },
	{ FOREIGN_KEY("hits"), KEY_HITS },
	{ FOREIGN_KEY("_source"), KEY_SOURCE },
	{ FOREIGN_KEY("result"), KEY_RESULT },
	{ FOREIGN_KEY("total"), KEY_TOTAL },
	{ FOREIGN_KEY("limit"), KEY_LIMIT },
	{ FOREIGN_KEY("offset"), KEY_OFFSET },
	{ FOREIGN_KEY("SpanContext"), KEY_SPAN_CONTEXT },
	{ FOREIGN_KEY("context"), KEY_CONTEXT },
	{ FOREIGN_KEY("start_time"), KEY_START_TIME },
	{ FOREIGN_KEY("StartTime"), KEY_START_TIME },
	{ FOREIGN_KEY("traces"), KEY_TRACES },
	{ FOREIGN_KEY("rootServiceName"), KEY_ROOT },
	{ FOREIGN_KEY("rootTraceName"), KEY_ROOT },
	{ FOREIGN_KEY("spanSet"), KEY_ROOT },
	{ FOREIGN_KEY("spanSets"), KEY_ROOT },
	{ FOREIGN_KEY("trace_id"), KEY_SNAKE_TRACE_ID },
	{ FOREIGN_KEY("span_id"), KEY_SNAKE_SPAN_ID },
	{ FOREIGN_KEY("parent_id"), KEY_PARENT_ID },
	{ FOREIGN_KEY("meta"), KEY_META },
	{ FOREIGN_KEY("metrics"), KEY_META },
	{ FOREIGN_KEY("duration"), KEY_DURATION },
	{ FOREIGN_KEY("body"), KEY_BODY },
	{ FOREIGN_KEY("isBase64Encoded"), KEY_IS_BASE64 },
};

unsigned foreign_key(struct sl_slice key)
{
	for (size_t i = 0; i < SL_COUNT(keys); i++)
		if (keys[i].text.len == key.len &&
		    memcmp(keys[i].text.data, key.data, key.len) == 0)
			return keys[i].key;
	return 0;
}

unsigned foreign_keys_of(const struct sl_cursor *at, unsigned until, size_t *looked)
{
	struct sl_notes unused = { { 0 }, { 0 } };
	struct sl_cursor cursor = *at;
	struct sl_slice key = { "", 0 };
	unsigned found = 0;

	cursor.arena = NULL;
	cursor.notes = &unused;
	cursor.strict = false;
	cursor.fault = SL_FAULT_NONE;
	for (bool begun = false;
	     (found & until) == 0 && sl_cursor_next_member(&cursor, &begun, &key);) {
		found |= foreign_key(key);
		if ((found & until) == 0 && !sl_cursor_skip_value(&cursor))
			break;
	}
	*looked = (size_t)(cursor.at - at->at);
	return found;
}

static bool nothing_resumes(unsigned found)
{
	(void)found;
	return false;
}

const struct foreign_format foreign_formats[SL_FOREIGN_COUNT] = {
	[SL_FOREIGN_JAEGER] = { .wrappers = KEY_DATA | KEY_HITS | KEY_SOURCE | KEY_RESULT,
				.records = KEY_TRACE_ID_BIG | KEY_SPAN_ID_BIG | KEY_SPANS |
					   KEY_PROCESSES | KEY_PROCESS | KEY_OPERATION_NAME |
					   KEY_TRACE_ID | KEY_TRACE_ID_LOW,
				.read = jaeger_read,
				.resumes = jaeger_resumes },
	[SL_FOREIGN_ZIPKIN] = { .records = KEY_TRACE_ID | KEY_ID,
				.whole_lists = true,
				.read = zipkin_read,
				.resumes = zipkin_resumes },
	[SL_FOREIGN_STDOUTTRACE] = { .records = KEY_SPAN_CONTEXT,
				     .read = stdouttrace_read,
				     .resumes = stdouttrace_resumes },
	[SL_FOREIGN_CONSOLE] = { .records = KEY_CONTEXT,
				 .read = console_read,
				 .resumes = console_resumes },
	[SL_FOREIGN_DATADOG] = { .wrappers = KEY_TRACES,
				 .records = KEY_SNAKE_TRACE_ID | KEY_SNAKE_SPAN_ID,
				 .whole_lists = true,
				 .read = datadog_read,
				 .resumes = datadog_resumes },
	[SL_FOREIGN_TEMPO_SEARCH] = { .wrappers = KEY_TRACES,
				      .records = KEY_TRACE_ID_BIG,
				      .read = tempo_search_read,
				      .resumes = tempo_search_resumes },
	[SL_FOREIGN_FLAT] = { .read = flat_read, .resumes = flat_resumes },
	[SL_FOREIGN_EVENT] = { .read = foreign_other, .resumes = nothing_resumes },
};

bool sl_foreign_wraps(enum sl_foreign format, struct sl_slice key)
{
	return (foreign_formats[format].wrappers & foreign_key(key)) != 0;
}

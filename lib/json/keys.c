/* What the keys of a document's object say of it: the one table of top-level spellings. */
#include "spanline/json.h"

static const struct {
	struct sl_slice text;
	enum sl_json_key key;
	enum sl_note departure; /* SL_NOTE_COUNT: none */
} keys[] = {
	{ { "resourceSpans", 13 }, SL_KEY_RESOURCE_SPANS, SL_NOTE_COUNT },
	{ { "resource_spans", 14 }, SL_KEY_RESOURCE_SPANS, SL_NOTE_SNAKE_CASE },
	{ { "batches", 7 }, SL_KEY_RESOURCE_SPANS, SL_NOTE_WRAPPED },
	{ { "resourceLogs", 12 }, SL_KEY_RESOURCE_LOGS, SL_NOTE_COUNT },
	{ { "resource_logs", 13 }, SL_KEY_RESOURCE_LOGS, SL_NOTE_SNAKE_CASE },
	{ { "resourceMetrics", 15 }, SL_KEY_RESOURCE_METRICS, SL_NOTE_COUNT },
	{ { "resource_metrics", 16 }, SL_KEY_RESOURCE_METRICS, SL_NOTE_SNAKE_CASE },
	{ { "resourceProfiles", 16 }, SL_KEY_RESOURCE_PROFILES, SL_NOTE_COUNT },
	{ { "resource_profiles", 17 }, SL_KEY_RESOURCE_PROFILES, SL_NOTE_SNAKE_CASE },
	{ { "trace", 5 }, SL_KEY_WRAPPER, SL_NOTE_WRAPPED },
	{ { "result", 6 }, SL_KEY_WRAPPER, SL_NOTE_WRAPPED },
	{ { "scopeSpans", 10 }, SL_KEY_BARE, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "scope_spans", 11 }, SL_KEY_BARE, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "instrumentationLibrarySpans", 27 }, SL_KEY_BARE, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "instrumentation_library_spans", 29 }, SL_KEY_BARE, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "scopeLogs", 9 }, SL_KEY_BARE_LOGS, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "scope_logs", 10 }, SL_KEY_BARE_LOGS, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "instrumentationLibraryLogs", 26 }, SL_KEY_BARE_LOGS, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "scopeMetrics", 12 }, SL_KEY_BARE_METRICS, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "scope_metrics", 13 }, SL_KEY_BARE_METRICS, SL_NOTE_BARE_RESOURCE_SPANS },
	{ { "resource", 8 }, SL_KEY_RESOURCE, SL_NOTE_COUNT },
	{ { "trace_id", 8 }, SL_KEY_LINE, SL_NOTE_COUNT },
	{ { "span_id", 7 }, SL_KEY_LINE, SL_NOTE_COUNT },
	{ { "parent_span_id", 14 }, SL_KEY_LINE, SL_NOTE_COUNT },
	{ { "status_message", 14 }, SL_KEY_LINE, SL_NOTE_COUNT },
	{ { "duration_ms", 11 }, SL_KEY_LINE, SL_NOTE_COUNT },
	{ { "start_unix_nano", 15 }, SL_KEY_LINE, SL_NOTE_COUNT },
	{ { "end_unix_nano", 13 }, SL_KEY_LINE, SL_NOTE_COUNT },
	{ { "trace_state", 11 }, SL_KEY_LINE, SL_NOTE_COUNT },
};

enum sl_json_key sl_json_key(struct sl_slice key, enum sl_note *departure)
{
	*departure = SL_NOTE_COUNT;
	for (size_t i = 0; i < SL_COUNT(keys); i++)
		if (sl_slice_equal(keys[i].text, key)) {
			*departure = keys[i].departure;
			return keys[i].key;
		}
	return SL_KEY_OTHER;
}

/* The kinds of notes: what is said of each, and what it means for the run. */
#include "spanline/notes.h"

/* What the input said and the span does not have is damage, unless OTLP or span-line(5) tells
 * readers to go without it. */
enum consequence {
	TOLD,	   /* said once, no more: the form of the output cannot hold it */
	DEPARTURE, /* refused by --strict */
	DAMAGE,	   /* the run ends with 3; refused by --strict */
	LOSS,	   /* as TOLD, but of the output as a whole */
};

static const struct {
	const char *text;
	const char *of_one; /* the same of a single one */
	enum consequence consequence;
} kinds[SL_NOTE_COUNT] = {
	[SL_NOTE_SNAKE_CASE] = { "keys in snake_case", "key in snake_case", DEPARTURE },
	[SL_NOTE_ENUM_NAME] = { "enums written as names", "enum written as a name", DEPARTURE },
	[SL_NOTE_ENUM_UNKNOWN] = { "enum names that are unknown, read as 0",
				   "enum name that is unknown, read as 0", DAMAGE },
	[SL_NOTE_BASE64_ID] = { "ids in base64", "id in base64", DEPARTURE },
	[SL_NOTE_ODD_ID] = { "ids that are neither hex nor base64, read as they are",
			     "id that is neither hex nor base64, read as it is", DEPARTURE },
	[SL_NOTE_NUMBER_AS_STRING] = { "numbers in quotes", "number in quotes", DEPARTURE },
	[SL_NOTE_INT_AS_DOUBLE] = { "intValues that are no integers, read as doubles",
				    "intValue that is no integer, read as a double", DEPARTURE },
	[SL_NOTE_BAD_NUMBER] = { "numbers that cannot be read, left empty",
				 "number that cannot be read, left empty", DAMAGE },
	[SL_NOTE_BAD_FIELD] = { "fields of the wrong type, left out",
				"field of the wrong type, left out", DAMAGE },
	[SL_NOTE_NULL_ELEMENT] = { "nulls in arrays, left out", "null in an array, left out",
				   DEPARTURE },
	[SL_NOTE_BARE_VALUE] = { "attribute values without a type",
				 "attribute value without a type", DEPARTURE },
	[SL_NOTE_BARE_RESOURCE_SPANS] = { "ResourceSpans without a request around them",
					  "ResourceSpans without a request around it", DEPARTURE },
	[SL_NOTE_OLD_SCOPE_KEY] = { "instrumentationLibrarySpans instead of scopeSpans",
				    "instrumentationLibrarySpans instead of scopeSpans",
				    DEPARTURE },
	[SL_NOTE_OLD_STATUS] = { "deprecated status codes", "deprecated status code", DEPARTURE },
	[SL_NOTE_WRAPPED] = { "documents with another key around resourceSpans",
			      "document with another key around resourceSpans", DEPARTURE },
	[SL_NOTE_LONE_SURROGATE] = { "lone surrogates, now U+FFFD", "lone surrogate, now U+FFFD",
				     DEPARTURE },
	[SL_NOTE_INDEXED_STRING] = { "strings by index, which only profiles have, left empty",
				     "string by index, which only profiles have, left empty",
				     DEPARTURE },
	[SL_NOTE_REPEATED_KEY] = { "JSON keys that repeat, the first counts",
				   "JSON key that repeats, the first counts", DEPARTURE },
	[SL_NOTE_TWO_VALUES] = { "attribute values of two types, the last counts",
				 "attribute value of two types, the last counts", DEPARTURE },
	[SL_NOTE_NOT_OTLP] = { "JSON documents without telemetry",
			       "JSON document without telemetry", DAMAGE },
	[SL_NOTE_TOO_DEEP] = { "values nested too deep (see --max-depth), now empty",
			       "value nested too deep (see --max-depth), now empty", DAMAGE },
	[SL_NOTE_LINE_DERIVED] = { "span lines whose start or duration_ms disagrees with the "
				   "nanoseconds, which count",
				   "span line whose start or duration_ms disagrees with the "
				   "nanoseconds, which count",
				   DEPARTURE },
	[SL_NOTE_LINE_UNKNOWN_KEY] = { "unknown keys of span lines", "unknown key of a span line",
				       DEPARTURE },
	[SL_NOTE_LINE_STALE_EXACT] = { "exact entries that no longer apply",
				       "exact entry that no longer applies", DEPARTURE },
	[SL_NOTE_LINE_TWO_SERVICES] = { "span lines with service and another service.name, the "
					"first counts",
					"span line with service and another service.name, the "
					"first "
					"counts",
					DEPARTURE },
	[SL_NOTE_LOST_PROCESS] = { "spans of Jaeger without the process that they name, now "
				   "without a service",
				   "span of Jaeger without the process that it names, now without "
				   "a service",
				   DAMAGE },
	[SL_NOTE_SHARED_SPAN] = { "servers' halves of shared spans of Zipkin, now children of the "
				  "clients' with ids of their own",
				  "server's half of a shared span of Zipkin, now a child of the "
				  "client's with an id of its own",
				  TOLD },
	[SL_NOTE_JOINED_SPAN] = { "parts of spans of Zipkin without a time, joined to the rest",
				  "part of a span of Zipkin without a time, joined to the rest",
				  TOLD },
	[SL_NOTE_NO_START] = { "spans without a time, which start at 0",
			       "span without a time, which starts at 0", DAMAGE },
	[SL_NOTE_TRACE_WITHOUT_SPANS] = { "traces of a search answer without spans, left out (ask "
					  "with select() or for the trace itself)",
					  "trace of a search answer without spans, left out (ask "
					  "with select() or for the trace itself)",
					  TOLD },
	[SL_NOTE_ANNOTATION] = { "events or links that are records of their own, left out",
				 "event or link that is a record of its own, left out", TOLD },
	[SL_NOTE_LOG_LINE] = { "lines of a log without telemetry, passed over",
			       "line of a log without telemetry, passed over", TOLD },
	[SL_NOTE_DEEP_VALUE] = { "values nested deeper than 31, which many servers refuse",
				 "value nested deeper than 31, which many servers refuse", TOLD },
	[SL_NOTE_REPLACED_UTF8] = { "strings with invalid UTF-8, written with U+FFFD",
				    "string with invalid UTF-8, written with U+FFFD", TOLD },
	[SL_NOTE_LOST_TIME] = { "times finer than a microsecond", "time finer than a microsecond",
				LOSS },
	[SL_NOTE_LOST_BACKWARDS] = { "spans that end before they start, now of no duration",
				     "span that ends before it starts, now of no duration", LOSS },
	[SL_NOTE_LOST_TYPE] = { "types of values that are text now",
				"type of a value that is text now", LOSS },
	[SL_NOTE_LOST_REPEATED] = { "attributes whose key is there already",
				    "attribute whose key is there already", LOSS },
	[SL_NOTE_LOST_RESOURCE] = { "resources' attributes, now among those of the span",
				    "resource's attributes, now among those of the span", LOSS },
	[SL_NOTE_LOST_SCOPE] = { "scopes' attributes", "scope's attributes", LOSS },
	[SL_NOTE_LOST_SCHEMA] = { "schema URLs or entities of resources and scopes",
				  "schema URL or entity of a resource or scope", LOSS },
	[SL_NOTE_LOST_DROPPED] = { "counts of attributes that were dropped from resources, scopes, "
				   "events or links",
				   "count of attributes that were dropped from a resource, scope, "
				   "event or link",
				   LOSS },
	[SL_NOTE_LOST_FLAGS] = { "flags of spans and links", "flags of a span or link", LOSS },
	[SL_NOTE_LOST_LINK] = { "links' attributes, flags or trace states",
				"link's attributes, flags or trace state", LOSS },
	[SL_NOTE_LOST_ENUM] = { "kinds or status codes that are unknown",
				"kind or status code that is unknown", LOSS },
	[SL_NOTE_LOST_ID] = { "spans with ids that are not of 16 and 8 bytes, which few will read",
			      "span with ids that are not of 16 and 8 bytes, which few will read",
			      LOSS },
	[SL_NOTE_LOST_CONTROL] = { "texts with control characters, now \\xHH",
				   "text with control characters, now \\xHH", LOSS },
};

const char *sl_note_text(enum sl_note note)
{
	return kinds[note].text;
}

const char *sl_note_text_of(enum sl_note note, uint64_t count)
{
	return count == 1 ? kinds[note].of_one : kinds[note].text;
}

bool sl_note_is_damage(enum sl_note note)
{
	return kinds[note].consequence == DAMAGE;
}

bool sl_note_is_loss(enum sl_note note)
{
	return kinds[note].consequence == LOSS;
}

bool sl_note_is_departure(enum sl_note note)
{
	return kinds[note].consequence == DEPARTURE || sl_note_is_damage(note);
}

void sl_notes_add(struct sl_notes *into, const struct sl_notes *from)
{
	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		into->count[i] += from->count[i];
	for (size_t i = 0; i < SL_SIGNAL_COUNT; i++)
		into->messages[i] += from->messages[i];
}

void sl_notes_add_since(struct sl_notes *into, const struct sl_notes *before,
			const struct sl_notes *now)
{
	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		into->count[i] += now->count[i] - before->count[i];
	for (size_t i = 0; i < SL_SIGNAL_COUNT; i++)
		into->messages[i] += now->messages[i] - before->messages[i];
}

const char *sl_signal_name(enum sl_signal signal)
{
	static const char *const names[SL_SIGNAL_COUNT] = {
		[SL_SIGNAL_NONE] = "empty",	   [SL_SIGNAL_SPANS] = "traces",
		[SL_SIGNAL_LOGS] = "logs",	   [SL_SIGNAL_METRICS] = "metrics",
		[SL_SIGNAL_PROFILES] = "profiles",
	};

	return names[signal];
}

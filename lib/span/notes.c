/* The kinds of notes: what is said of each, and what it means for the run. */
#include "spanline/span.h"

enum consequence {
	TOLD,	   /* said once, no more */
	DEPARTURE, /* refused by --strict */
	DAMAGE,	   /* the run ends with 3; refused by --strict */
};

static const struct {
	const char *text;
	enum consequence consequence;
} kinds[SL_NOTE_COUNT] = {
	[SL_NOTE_SNAKE_CASE] = { "keys in snake_case", DEPARTURE },
	[SL_NOTE_ENUM_NAME] = { "enums written as names", DEPARTURE },
	[SL_NOTE_ENUM_UNKNOWN] = { "enum names that are unknown, read as 0", DEPARTURE },
	[SL_NOTE_BASE64_ID] = { "ids in base64", DEPARTURE },
	[SL_NOTE_ODD_ID] = { "ids that are neither hex nor base64, read as they are", DEPARTURE },
	[SL_NOTE_NUMBER_AS_STRING] = { "numbers in quotes", DEPARTURE },
	[SL_NOTE_INT_AS_DOUBLE] = { "intValues that are no integers, read as doubles", DEPARTURE },
	[SL_NOTE_BAD_NUMBER] = { "numbers that cannot be read, left empty", DEPARTURE },
	[SL_NOTE_BARE_VALUE] = { "attribute values without a type", DEPARTURE },
	[SL_NOTE_BARE_RESOURCE_SPANS] = { "ResourceSpans without a request around them",
					  DEPARTURE },
	[SL_NOTE_OLD_SCOPE_KEY] = { "instrumentationLibrarySpans instead of scopeSpans",
				    DEPARTURE },
	[SL_NOTE_OLD_STATUS] = { "deprecated status codes", DEPARTURE },
	[SL_NOTE_WRAPPED] = { "documents with another key around resourceSpans", DEPARTURE },
	[SL_NOTE_LONE_SURROGATE] = { "lone surrogates, now U+FFFD", DEPARTURE },
	[SL_NOTE_INDEXED_STRING] = { "strings by index, which only profiles have, left empty",
				     DEPARTURE },
	[SL_NOTE_REPEATED_KEY] = { "JSON keys that repeat, the first counts", DEPARTURE },
	[SL_NOTE_TWO_VALUES] = { "attribute values of two types, the last counts", DEPARTURE },
	[SL_NOTE_NOT_OTLP] = { "JSON documents without telemetry", DAMAGE },
	[SL_NOTE_TOO_DEEP] = { "values nested too deep (see --max-depth), now empty", DAMAGE },
	[SL_NOTE_LINE_DERIVED] = { "span lines whose start or duration_ms disagrees with the "
				   "nanoseconds, which count",
				   TOLD },
	[SL_NOTE_LINE_UNKNOWN_KEY] = { "unknown keys of span lines", TOLD },
	[SL_NOTE_LINE_STALE_EXACT] = { "exact entries that no longer apply", TOLD },
	[SL_NOTE_LINE_TWO_SERVICES] = { "span lines with service and another service.name, the "
					"first counts",
					TOLD },
	[SL_NOTE_LINE_BAD_FIELD] = { "fields of span lines of the wrong type, left out",
				     DEPARTURE },
	[SL_NOTE_REPLACED_UTF8] = { "strings with invalid UTF-8, written with U+FFFD", TOLD },
};

/* The same of one. */
static const char *const one[SL_NOTE_COUNT] = {
	[SL_NOTE_SNAKE_CASE] = "key in snake_case",
	[SL_NOTE_ENUM_NAME] = "enum written as a name",
	[SL_NOTE_ENUM_UNKNOWN] = "enum name that is unknown, read as 0",
	[SL_NOTE_BASE64_ID] = "id in base64",
	[SL_NOTE_ODD_ID] = "id that is neither hex nor base64, read as it is",
	[SL_NOTE_NUMBER_AS_STRING] = "number in quotes",
	[SL_NOTE_INT_AS_DOUBLE] = "intValue that is no integer, read as a double",
	[SL_NOTE_BAD_NUMBER] = "number that cannot be read, left empty",
	[SL_NOTE_BARE_VALUE] = "attribute value without a type",
	[SL_NOTE_BARE_RESOURCE_SPANS] = "ResourceSpans without a request around it",
	[SL_NOTE_OLD_SCOPE_KEY] = "instrumentationLibrarySpans instead of scopeSpans",
	[SL_NOTE_OLD_STATUS] = "deprecated status code",
	[SL_NOTE_WRAPPED] = "document with another key around resourceSpans",
	[SL_NOTE_LONE_SURROGATE] = "lone surrogate, now U+FFFD",
	[SL_NOTE_INDEXED_STRING] = "string by index, which only profiles have, left empty",
	[SL_NOTE_REPEATED_KEY] = "JSON key that repeats, the first counts",
	[SL_NOTE_TWO_VALUES] = "attribute value of two types, the last counts",
	[SL_NOTE_NOT_OTLP] = "JSON document without telemetry",
	[SL_NOTE_TOO_DEEP] = "value nested too deep (see --max-depth), now empty",
	[SL_NOTE_LINE_DERIVED] = ("span line whose start or duration_ms disagrees with the "
				  "nanoseconds, which count"),
	[SL_NOTE_LINE_UNKNOWN_KEY] = "unknown key of a span line",
	[SL_NOTE_LINE_STALE_EXACT] = "exact entry that no longer applies",
	[SL_NOTE_LINE_TWO_SERVICES] = ("span line with service and another service.name, the first "
				       "counts"),
	[SL_NOTE_LINE_BAD_FIELD] = "field of a span line of the wrong type, left out",
	[SL_NOTE_REPLACED_UTF8] = "string with invalid UTF-8, written with U+FFFD",
};

const char *sl_note_text(enum sl_note note)
{
	return kinds[note].text;
}

const char *sl_note_text_of(enum sl_note note, uint64_t count)
{
	return count == 1 ? one[note] : kinds[note].text;
}

bool sl_note_is_damage(enum sl_note note)
{
	return kinds[note].consequence == DAMAGE;
}

bool sl_note_is_departure(enum sl_note note)
{
	return kinds[note].consequence != TOLD;
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

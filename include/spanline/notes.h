/*
 * Departures from the specification, and losses inside a span that is otherwise whole.  Counted by
 * kind, told once each.
 */
#ifndef SPANLINE_NOTES_H
#define SPANLINE_NOTES_H

#include "spanline/base.h"

enum sl_note {
	SL_NOTE_SNAKE_CASE, /* original field names in OTLP/JSON */
	SL_NOTE_ENUM_NAME,
	SL_NOTE_ENUM_UNKNOWN, /* a name that no version knows: 0 */
	SL_NOTE_BASE64_ID,
	SL_NOTE_ODD_ID,		  /* neither hex nor base64: the bytes of its text, or hex padded */
	SL_NOTE_NUMBER_AS_STRING, /* a 32-bit number or a double in quotes */
	SL_NOTE_INT_AS_DOUBLE,	  /* intValue that is no integer */
	SL_NOTE_BAD_NUMBER,	  /* none at all, or out of range: 0 or empty */
	SL_NOTE_BAD_FIELD,	  /* another JSON type than it should have: its default */
	SL_NOTE_NULL_ELEMENT,	  /* null where an array has objects or strings: left out */
	SL_NOTE_BARE_VALUE,	  /* "value":"text" without a type */
	SL_NOTE_BARE_RESOURCE_SPANS,
	SL_NOTE_OLD_SCOPE_KEY,	/* instrumentationLibrarySpans, field 1000 */
	SL_NOTE_OLD_STATUS,	/* deprecatedCode */
	SL_NOTE_WRAPPED,	/* batches, {"trace":...}, {"result":...} */
	SL_NOTE_LONE_SURROGATE, /* U+FFFD now */
	SL_NOTE_INDEXED_STRING, /* string_value_strindex: the value is empty */
	SL_NOTE_REPEATED_KEY,	/* of a JSON object: the first counts */
	SL_NOTE_TWO_VALUES,	/* two types in one AnyValue: the last counts */
	SL_NOTE_NOT_OTLP,	/* a JSON document that holds no telemetry */
	SL_NOTE_TOO_DEEP,	/* the value is empty now: damage */
	SL_NOTE_LINE_DERIVED,	/* start or duration_ms that disagree */
	SL_NOTE_LINE_UNKNOWN_KEY,
	SL_NOTE_LINE_STALE_EXACT,
	SL_NOTE_LINE_TWO_SERVICES, /* service and resource.attributes["service.name"] */
	SL_NOTE_REPLACED_UTF8,	   /* written as U+FFFD, since the form cannot hold it */
	SL_NOTE_LOST_PROCESS,	   /* a span of Jaeger without the process that it names */
	SL_NOTE_SHARED_SPAN,	   /* a server's half of a span of Zipkin: it has its own id now */
	SL_NOTE_JOINED_SPAN, /* a part of a span of Zipkin without times: joined to the rest */
	SL_NOTE_NO_START,    /* a span of Zipkin without a time */
	SL_NOTE_TRACE_WITHOUT_SPANS, /* in an answer of Tempo's search */
	SL_NOTE_ANNOTATION,	     /* an event or link as a record of its own */
	SL_NOTE_LOG_LINE,	     /* one of a log that holds nothing */
	SL_NOTE_DEEP_VALUE,	     /* written whole, but too deep for many readers of protobuf */
	/* what a format of the output cannot hold, see sl_note_is_loss; spans, where no more is
	 * said */
	SL_NOTE_LOST_TIME, /* finer than a microsecond; events, too */
	SL_NOTE_LOST_BACKWARDS,
	SL_NOTE_LOST_TYPE,     /* values that are text now */
	SL_NOTE_LOST_REPEATED, /* attributes whose key is there already */
	SL_NOTE_LOST_RESOURCE, /* its attributes are the span's now */
	SL_NOTE_LOST_SCOPE,
	SL_NOTE_LOST_SCHEMA,
	SL_NOTE_LOST_DROPPED,
	SL_NOTE_LOST_FLAGS,
	SL_NOTE_LOST_LINK, /* links of which only the ids are left */
	SL_NOTE_LOST_ENUM,
	SL_NOTE_LOST_ID,
	SL_NOTE_LOST_CONTROL, /* texts */
	SL_NOTE_COUNT
};

/* What parsers of protobuf with the usual limit of 100 messages take for a map inside a request. */
enum { SL_PARSED_DEPTH = 31 };

/* Text that is no UTF-8, where it is to be written in a form that has no other. */
enum sl_bad_text {
	SL_BAD_TEXT_REPLACED, /* by U+FFFD */
	SL_BAD_TEXT_KEPT,     /* as it is, for readers of this program alone */
};

enum sl_signal {
	SL_SIGNAL_NONE, /* an empty message */
	SL_SIGNAL_SPANS,
	SL_SIGNAL_LOGS,
	SL_SIGNAL_METRICS,
	SL_SIGNAL_PROFILES,
	SL_SIGNAL_COUNT
};

/* "traces", "logs", "metrics", "profiles". */
const char *sl_signal_name(enum sl_signal signal);

/* What readers count; each worker has its own. */
struct sl_notes {
	uint64_t count[SL_NOTE_COUNT];
	uint64_t messages[SL_SIGNAL_COUNT]; /* requests, or documents */
};

/* What is said of a kind, as "enums written as names" (plural, fits behind a count). */
const char *sl_note_text(enum sl_note note);
/* The same behind that count: "enum written as a name" for 1. */
const char *sl_note_text_of(enum sl_note note, uint64_t count);
/* Something of the span was lost: the run ends with 3. */
bool sl_note_is_damage(enum sl_note note);
/* The form of the output, not the input, is the reason: told once for the whole output. */
bool sl_note_is_loss(enum sl_note note);
/* The specification does not allow it: --strict refuses. */
bool sl_note_is_departure(enum sl_note note);
void sl_notes_add(struct sl_notes *into, const struct sl_notes *from);
/* Adds what was counted between the two. */
void sl_notes_add_since(struct sl_notes *into, const struct sl_notes *before,
			const struct sl_notes *now);

#endif

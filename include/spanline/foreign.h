/*
 * Traces as other programs write them, in JSON: whose they are is told by the structure of the
 * first document, and a reader makes spans of them.  What becomes of each field, and what is lost,
 * is in span-formats(7).
 */
#ifndef SPANLINE_FOREIGN_H
#define SPANLINE_FOREIGN_H

#include "spanline/span.h"

enum sl_foreign {
	SL_FOREIGN_JAEGER,
	SL_FOREIGN_ZIPKIN,
	SL_FOREIGN_STDOUTTRACE, /* of Go */
	SL_FOREIGN_CONSOLE,	/* ConsoleSpanExporter of Python */
	SL_FOREIGN_DATADOG,
	SL_FOREIGN_TEMPO_SEARCH,
	SL_FOREIGN_FLAT,  /* flat records whose keys are names of fields, Honeycomb's among them */
	SL_FOREIGN_EVENT, /* a request within an event of AWS: only told here, not read */
	SL_FOREIGN_COUNT
};

/* What stands first in the text, as far as it is there. */
enum sl_foreign_sight {
	SL_FOREIGN_NONE, /* OTLP, a span line, or nothing that is known here */
	SL_FOREIGN_OPEN, /* only more of the text can tell; never of one that has `ended` */
	SL_FOREIGN_SEEN, /* *format is set */
};
/* SL_PADDING applies to all texts here. */
enum sl_foreign_sight sl_foreign_detect(struct sl_slice start, bool ended, enum sl_foreign *format);

/* What a value of a document is for those who cut it. */
enum sl_foreign_part {
	SL_FOREIGN_UNKNOWN, /* only more of the text can tell */
	SL_FOREIGN_RECORD,  /* to be read whole: a trace, a span, or nothing that is known */
	SL_FOREIGN_WRAPPER, /* an object with records in the value of one of its keys */
	SL_FOREIGN_LIST,    /* an array of records, or of lists */
};
/* `value` begins with the value's first byte. */
enum sl_foreign_part sl_foreign_part(enum sl_foreign format, struct sl_slice value, bool ended);
/* A wrapper's records, or more wrappers, are in the value of this key. */
bool sl_foreign_wraps(enum sl_foreign format, struct sl_slice key);

/* What a document without telemetry is, as "a trace of X; what to do about it", by what there is of
 * it; NULL: unknown.  SL_PADDING applies. */
const char *sl_foreign_look_alike(struct sl_slice document);

/* "FIELD=NAME", where FIELD is one of those that span-formats(7) lists. */
bool sl_foreign_map_is_good(const char *mapping);

struct sl_foreign_reader;

/* *reader is owned; `notes` is borrowed for its life. */
SL_MUST_USE enum sl_status sl_foreign_open(struct sl_foreign_reader **reader,
					   const struct sl_decode_options *options,
					   struct sl_notes *notes, struct sl_error *err);
void sl_foreign_close(struct sl_foreign_reader *reader);

/* `records` is one record or several, with white space or commas between them; it is borrowed until
 * the last next. */
void sl_foreign_start(struct sl_foreign_reader *reader, enum sl_foreign format,
		      struct sl_slice records);
/*
 * The next span, in the order of the text.  SL_BAD_RECORD: err says what was lost at which byte of
 * the records; reading goes on behind it, with the next object that can be told for a span or a
 * trace.  SL_TRUNCATED is the reason where the text ends inside it.  *span is borrowed until the
 * next call.
 */
SL_MUST_USE enum sl_status sl_foreign_next(struct sl_foreign_reader *reader,
					   const struct sl_span **span, struct sl_error *err);
/* The first record, so far, that was nothing known; NULL: there is none. */
const char *sl_foreign_first_other(const struct sl_foreign_reader *reader);

#endif

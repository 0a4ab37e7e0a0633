/*
 * Captures of any form into spans.  A source runs on one thread: it reads bytes, finds the format,
 * and cuts them into parcels of whole units without looking inside.  A reader runs on any thread:
 * it decodes the units of a parcel into spans.
 */
#ifndef SPANLINE_SOURCE_H
#define SPANLINE_SOURCE_H

#include "spanline/foreign.h"
#include "spanline/io.h"
#include "spanline/span.h"

enum sl_format {
	SL_FORMAT_AUTO,
	SL_FORMAT_JSON,	   /* documents in any layout: OTLP/JSON and span lines */
	SL_FORMAT_PB,	   /* one request, or several without anything between them */
	SL_FORMAT_BE32,	   /* 4-byte big-endian length before each message, perhaps compressed */
	SL_FORMAT_VARINT,  /* varint length before each message */
	SL_FORMAT_GRPC,	   /* flag byte and 4-byte length before each message */
	SL_FORMAT_HTTP,	   /* raw HTTP/1.1 requests */
	SL_FORMAT_LOGS,	   /* lines of a log with telemetry in them */
	SL_FORMAT_FOREIGN, /* from here on those of enum sl_foreign */
	SL_FORMAT_COUNT = SL_FORMAT_FOREIGN + SL_FOREIGN_COUNT
};

struct sl_format_row {
	const char *name; /* as --from takes it */
	const char *help;
};
/* SL_FORMAT_COUNT rows, by enum sl_format. */
extern const struct sl_format_row sl_formats[];
/* SL_FORMAT_COUNT: no such name. */
enum sl_format sl_format_find(const char *name);

/*
 * The format by the first bytes (reference: the order of the table in sniff.c).
 * SL_OK: *format, SL_FORMAT_AUTO where there is nothing but white space.  SL_END: more bytes are
 * needed to tell (never with `ended`).  SL_FAILED: known but not read here, err says what it is and
 * what to do; or unknown.
 */
SL_MUST_USE enum sl_status sl_format_sniff(struct sl_slice start, bool ended,
					   enum sl_format *format, struct sl_error *err);

enum sl_unit_kind {
	SL_UNIT_MESSAGE,	/* one framed request: protobuf, or JSON by its first byte */
	SL_UNIT_FIELDS,		/* top-level fields of an unframed protobuf request */
	SL_UNIT_DOCUMENTS,	/* whole JSON documents */
	SL_UNIT_RESOURCE_SPANS, /* one element of a large document's resourceSpans */
	SL_UNIT_RESOURCE_LOGS,
	SL_UNIT_ENVELOPE, /* a JSON document with one request in a string, perhaps in base64 */
	SL_UNIT_FOREIGN,  /* records of another program's format */
};

/*
 * A piece of an element that is large itself: some of its ScopeSpans, or of their spans.  Around it
 * belongs what stands around all of them, so that the two make a small element.
 */
struct sl_context {
	size_t at, len; /* in the parcel's contexts; len 0: the unit is no piece */
	size_t before;	/* so much of it stands before the piece */
	bool told;	/* what is to be said of it was said with another piece */
};

struct sl_unit {
	enum sl_unit_kind kind;
	enum sl_foreign foreign; /* of a unit that is so */
	enum sl_codec codec;	 /* of a message that is compressed alone */
	bool truncated;	 /* the input ends inside it; of documents: perhaps, or behind them */
	bool broken;	 /* it ends where damage in it hides its end */
	size_t at, len;	 /* in the parcel's bytes */
	uint64_t offset; /* of its first byte in the (decompressed) input */
	/* 1 is the first; 0: the input has no lines.  The newlines in units are not counted here,
	 * not in those of the parcel before it, and not in those of former parcels. */
	uint64_t line;
	struct sl_context context;
};

/* Something that was lost, and where; `text` is owned by the list. */
struct sl_complaint {
	enum sl_reason reason;
	uint64_t offset;
	uint64_t line;	   /* 0: the offset says where; see sl_reader_newlines */
	bool in_long_line; /* the offset helps, too */
	char *text;
};

struct sl_complaints {
	struct sl_complaint *items;
	size_t count;
	size_t capacity;
};
/* Takes what err says; false: out of memory. */
SL_MUST_USE bool sl_complaints_add(struct sl_complaints *list, const struct sl_error *err,
				   uint64_t offset, uint64_t line);
void sl_complaints_clear(struct sl_complaints *list);
void sl_complaints_free(struct sl_complaints *list);

/* What one fill gives.  A zeroed struct is empty; reused from fill to fill. */
struct sl_parcel {
	struct sl_buffer bytes;
	struct sl_unit *units;
	size_t unit_count;
	size_t unit_capacity;
	struct sl_buffer contexts;
	bool begins;			 /* no parcel of the same file came before it */
	struct sl_complaints complaints; /* of the source itself */
};
void sl_parcel_free(struct sl_parcel *parcel);

/* JSON of another program, which is told from telemetry but not read; `name` NULL: none, else see
 * sl_foreign_look_alike. */
struct sl_look_alike {
	const char *name; /* "Zipkin JSON" */
	uint64_t offset;
	uint64_t line; /* 0: the offset says where */
};

struct sl_source_options {
	enum sl_format from;
	size_t max_message; /* bytes of a framed message, after decompression */
	bool strict;	    /* a departure that the source notes is a complaint too */
	struct sl_input_options input;
	const char *directory; /* for what is read ahead where there is no going back; NULL: /tmp */
};

struct sl_source;

/* *source is owned.  The format is found at the first fill. */
SL_MUST_USE enum sl_status sl_source_open(struct sl_source **source, const char *path,
					  const struct sl_source_options *options,
					  struct sl_error *err);

/*
 * Units until some hundred KiB are there (or one unit that is larger), or reading on would block.
 * The parcel is emptied first.  SL_OK: units, complaints, or with follow perhaps nothing;
 * SL_END: no more; SL_FAILED.
 */
SL_MUST_USE enum sl_status sl_source_fill(struct sl_source *source, struct sl_parcel *parcel,
					  struct sl_error *err);
/* The name of what was found, "json" or "gzip+be32"; "empty" where there was nothing, "unreadable"
 * where it cannot be read.  Borrowed. */
const char *sl_source_format(const struct sl_source *source);
struct sl_input *sl_source_input(const struct sl_source *source);
/* Requests that the source itself counted (documents that it split). */
const struct sl_notes *sl_source_notes(const struct sl_source *source);
/* The first of the documents that it split. */
struct sl_look_alike sl_source_look_alike(const struct sl_source *source);
void sl_source_close(struct sl_source *source);

struct sl_reader_options {
	struct sl_decode_options decode;
	size_t max_message;
};

struct sl_reader;

SL_MUST_USE enum sl_status sl_reader_open(struct sl_reader **reader,
					  const struct sl_reader_options *options,
					  struct sl_notes *notes, struct sl_error *err);
void sl_reader_start(struct sl_reader *reader, const struct sl_parcel *parcel);
/*
 * The next span of the parcel.  SL_BAD_RECORD: something is lost; sl_reader_place tells where.
 * SL_END: the parcel is used up.  SL_FAILED: memory.
 */
SL_MUST_USE enum sl_status sl_reader_next(struct sl_reader *reader, const struct sl_span **span,
					  struct sl_error *err);
SL_MUST_USE enum sl_status sl_reader_next_log(struct sl_reader *reader, const struct sl_log **log,
					      struct sl_error *err);
/* Where in the input err's offset is: a line (from 1), or 0 and a byte offset.  True: that is far
 * behind the line's start, so that both help. */
bool sl_reader_place(struct sl_reader *reader, const struct sl_error *err, uint64_t *offset,
		     uint64_t *line);
/*
 * Newlines in the parcel's units, once it is used up.  Nobody else counts them: the line of a
 * complaint, from sl_reader_place or in the parcel, is short of those in the parcels of the file
 * that came before its own, from the last one on that `begins`.
 */
uint64_t sl_reader_newlines(const struct sl_reader *reader);
/* Spans that were passed over since the reader was opened, as its options allow. */
uint64_t sl_reader_passed(const struct sl_reader *reader);
/* The first of the parcel, once that is used up; its line is short like those of complaints. */
struct sl_look_alike sl_reader_look_alike(const struct sl_reader *reader);
void sl_reader_close(struct sl_reader *reader);

#endif

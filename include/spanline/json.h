/*
 * JSON: blocks of documents (OTLP/JSON in all its dialects, span lines) into spans; span lines and
 * OTLP/JSON out.  Own scanner, no tree; jansson reads what servers answer.
 * The span line is described in span-line(5).
 */
#ifndef SPANLINE_JSON_H
#define SPANLINE_JSON_H

#include "spanline/span.h"

struct sl_json_reader;

/* *reader is owned; `notes` is borrowed for its life. */
SL_MUST_USE enum sl_status sl_json_open(struct sl_json_reader **reader,
					const struct sl_decode_options *options,
					struct sl_notes *notes, struct sl_error *err);
void sl_json_close(struct sl_json_reader *reader);

enum sl_json_kind {
	SL_JSON_DOCUMENTS,	/* any number of whole documents, one after another, or an array */
	SL_JSON_RESOURCE_SPANS, /* one ResourceSpans (or ResourceLogs) object */
};

/* `bytes` is borrowed until the last next; SL_PADDING applies. */
void sl_json_start(struct sl_json_reader *reader, enum sl_json_kind kind, struct sl_slice bytes);

/*
 * The next span of the block, in order.  Each document is a span line, OTLP/JSON, or something
 * else (SL_NOTE_NOT_OTLP).  SL_BAD_RECORD: err says at which byte of the block; reading goes on
 * at the next line that begins with a document.  A document that is cut at the end of the block has
 * the reason SL_TRUNCATED.  *span is borrowed until the next call.
 */
SL_MUST_USE enum sl_status sl_json_next(struct sl_json_reader *reader, const struct sl_span **span,
					struct sl_error *err);
SL_MUST_USE enum sl_status sl_json_next_log(struct sl_json_reader *reader,
					    const struct sl_log **log, struct sl_error *err);
/* The first document of the block, so far, that was something else; NULL: there is none. */
const char *sl_json_first_other(const struct sl_json_reader *reader);

/* Newlines in the block, which has been read to its end. */
uint64_t sl_json_newlines(const struct sl_json_reader *reader);
/* Spans that were passed over since the reader was opened, as its options allow. */
uint64_t sl_json_passed(const struct sl_json_reader *reader);

/*
 * What the keys of a document's object say of it; the table that readers and the splitter of
 * sources share.
 */
enum sl_json_key {
	SL_KEY_OTHER,
	SL_KEY_RESOURCE_SPANS, /* resourceSpans, resource_spans, batches: an array of them */
	SL_KEY_RESOURCE_LOGS,
	SL_KEY_RESOURCE_METRICS,
	SL_KEY_RESOURCE_PROFILES,
	SL_KEY_WRAPPER,	  /* trace, result: an object that holds one of these */
	SL_KEY_BARE,	  /* scopeSpans and its like: the object is itself a ResourceSpans */
	SL_KEY_RESOURCE,  /* resource: of a bare ResourceSpans or of a span line */
	SL_KEY_LINE,	  /* a key that only span lines have */
	SL_KEY_BARE_LOGS, /* the same as SL_KEY_BARE for a ResourceLogs */
	SL_KEY_BARE_METRICS,
};
/* *departure is the note that goes with the spelling, or SL_NOTE_COUNT. */
enum sl_json_key sl_json_key(struct sl_slice key, enum sl_note *departure);

/* What an object is of a request, as far as its keys tell. */
enum sl_json_part {
	SL_JSON_NO_PART,
	SL_JSON_RECORD, /* a span, or a log record where logs are looked for */
	SL_JSON_SCOPES, /* ScopeSpans or ScopeLogs, as the three below */
	SL_JSON_RESOURCES,
	SL_JSON_REQUEST, /* or what else begins a line as a document does */
};
/* Behind damage, where brackets cannot be counted: the first object from *at on that can be told
 * for what it is and is a part of at least this kind.  *at is then where it begins, or the text's
 * length.  *may_read is what looking into objects may cost, in bytes, and what is left of that.
 * SL_PADDING applies to `text`. */
enum sl_json_part sl_json_find_part(struct sl_slice text, size_t *at, enum sl_signal signal,
				    enum sl_json_part least, size_t *may_read);

/* The object is, by its first key, a part of a request, such as a span, and no document. */
bool sl_json_begins_part(struct sl_slice object);

/*
 * Writing span lines.  The writer keeps what it rendered of a resource and scope for the next span
 * (by serial, so it is for the spans of one reader).  *writer is owned.
 */
struct sl_line_writer;
SL_MUST_USE enum sl_status sl_line_writer_open(struct sl_line_writer **writer,
					       struct sl_error *err);
void sl_line_writer_close(struct sl_line_writer *writer);
/* Appends the canonical line and '\n'.  Memory: out->failed. */
void sl_line_write(struct sl_line_writer *writer, const struct sl_span *span,
		   struct sl_buffer *out);
/*
 * Appends the line, without '\n', with another parent or trace state, and everything else as it
 * is, byte for byte: a key that is not there comes in where it would stand in a canonical line, one
 * whose value is empty now goes.  False: the text cannot say it (a trace state that is no UTF-8),
 * and nothing was appended.  SL_PADDING applies to `line`.
 */
struct sl_line_edits {
	const struct sl_slice *parent_span_id; /* raw bytes; NULL: as it is */
	const struct sl_slice *trace_state;    /* likewise */
};
SL_MUST_USE bool sl_line_edit(struct sl_slice line, const struct sl_line_edits *edits,
			      struct sl_buffer *out);
/* {"trace_id","span_id","time","severity","service","body","attributes"} and '\n'. */
void sl_log_line_write(const struct sl_log *log, struct sl_buffer *out);

/* Writing strict OTLP/JSON: one object each, without what surrounds it.  Strings with invalid UTF-8
 * are counted in notes, and where those are kept, values too deep for many readers. */
void sl_otlp_json_span(const struct sl_span *span, struct sl_buffer *out, struct sl_notes *notes,
		       enum sl_bad_text bad_text);
void sl_otlp_json_resource(const struct sl_resource *resource, struct sl_buffer *out,
			   struct sl_notes *notes, enum sl_bad_text bad_text);
void sl_otlp_json_scope(const struct sl_scope *scope, struct sl_buffer *out, struct sl_notes *notes,
			enum sl_bad_text bad_text);

/* A JSON string with its quotes; safe to print (C0, DEL, C1, U+2028/9, bidi controls and U+FEFF as
 * \uXXXX).  False if invalid UTF-8 had to be replaced by U+FFFD. */
bool sl_json_write_string(struct sl_buffer *out, struct sl_slice text);
/* The same, but what is no UTF-8 stays as it is: this is not JSON, and only sl_json_open's readers
 * take it.  False as above. */
bool sl_json_write_kept(struct sl_buffer *out, struct sl_slice text);
/* The JSON text of a line as it is safe to print: what sl_json_write_string escapes is escaped,
 * what is no UTF-8 becomes U+FFFD, white space between tokens a space. */
void sl_json_make_printable(struct sl_buffer *out, struct sl_slice line);
/* One plain JSON value, as attributes of span lines show it. */
void sl_json_write_value(struct sl_buffer *out, const struct sl_value *value);
/* The field's value as the span line shows it, null where the span has none or the field holds
 * objects.  Of a lazy span, where it is one of what its reader was asked for. */
void sl_json_write_field(struct sl_buffer *out, const struct sl_field *field,
			 const struct sl_span *span);

/* What a server answers in JSON: the fields of an ExportTraceServiceResponse or of a
 * google.rpc.Status, whichever it is. */
struct sl_json_answer {
	int64_t rejected_spans;
	struct sl_slice message; /* in the arena */
};
/* SL_BAD_RECORD: it is no JSON object.  What is there and of another type counts as absent. */
SL_MUST_USE enum sl_status sl_json_read_answer(struct sl_slice body, struct sl_arena *arena,
					       struct sl_json_answer *answer, struct sl_error *err);

#endif

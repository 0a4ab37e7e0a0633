/* What the reader of documents is made of: otlp_document.c walks over one, otlp_documents.c over a
 * block, otlp_resume.c gets over what is damaged. */
#ifndef JSON_OTLP_READER_H
#define JSON_OTLP_READER_H

#include "line_lazy.h"
#include "otlp_anchor.h"

enum level_kind {
	IN_ARRAY,     /* [ documents ] */
	IN_DOCUMENT,  /* { resourceSpans } */
	IN_WRAPPER,   /* {"trace":{ resourceSpans }} */
	IN_RESOURCES, /* [ ResourceSpans ] */
};

struct level {
	enum level_kind kind;
	bool begun;
	unsigned seen; /* keys with a meaning: a bit for each enum sl_json_key */
};

enum { LEVELS = 6 }; /* wrappers in wrappers are read as far as there is room */

struct sl_json_reader {
	struct sl_decode_options options;
	struct sl_notes *notes;
	struct line_reader *lines;
	struct line_lazy *lazy; /* NULL: nothing is read so */
	struct walk walk;	/* its cursor is everyone's */
	enum sl_json_kind kind;
	struct level levels[LEVELS];
	unsigned depth;		      /* of levels */
	const char *document;	      /* the one that is being read */
	unsigned document_depth;      /* levels around it */
	bool has_keys, has_telemetry; /* it has */
	const char *first_other;      /* document without telemetry; NULL: none */
	bool at_line;		      /* the cursor is at a span line */
	bool at_element;	      /* the cursor is at an element of the innermost level */
	const char *whole;	      /* what is before is done with */
	const char *step;	      /* where the last step outside the walk began */
	bool lazily;		      /* lines of this block may be read so */
	bool resumes;		      /* the cursor is at one of them again */
	const char *refused;	      /* a line that is not one */
	const char *counted;	      /* newlines are, up to here */
	uint64_t newlines;
	uint64_t passed;   /* lines that the options allow to pass over */
	size_t may_reread; /* bytes */
	bool in_pieces;	   /* what is around was left at an error: its brackets may stand alone */
	struct anchor_search search;
	struct anchor went_on; /* where, behind the last fault */
};

static inline struct sl_cursor *cursor_of(struct sl_json_reader *reader)
{
	return &reader->walk.decoder.cursor;
}

/* The cursor is at a document's first byte.  Ends with at_line set, within the document, or, where
 * it is nothing to be read, behind it.  False: the cursor has a fault. */
bool document_begin(struct sl_json_reader *reader);
/* One step on in the innermost level; depth is 0 behind the document, the walk has begun
 * where its part begins. */
bool document_step(struct sl_json_reader *reader);

/* Gets over the fault that the cursor has; or that a span line was, at the cursor. */
void resume(struct sl_json_reader *reader);
void resume_behind_line(struct sl_json_reader *reader);

#endif

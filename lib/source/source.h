/* What the files of this room share: the state of a source, and how framers take bytes from it. */
#ifndef SOURCE_PRIVATE_H
#define SOURCE_PRIVATE_H

#include "plausible.h"
#include "spanline/json.h"
#include "spanline/scan.h"
#include "spanline/source.h"
#include "split.h"
#include "survey.h"
#include "unread.h"

enum {
	READ_STEP = 1024 * 1024, /* asked of the input at once */
	UNIT_LIMIT = 8192,	 /* of one parcel, so that empty frames do not fill the memory */
	COMPLAINT_LIMIT = 1024,
};

/*
 * All positions that a framer keeps are relative to the window's first byte.  A zeroed struct is
 * the start of the input.
 */

/* frame_length.c */
struct length_framing {
	bool lost;	      /* looking for the next frame */
	size_t searched;      /* it does not begin before */
	uint64_t empty_count; /* frames of zeros only that were taken last */
	uint64_t empty_at;    /* offset in the input of the first of them */
};

/* frame_fields.c */
struct fields_framing {
	bool lost;
	enum sl_signal signal; /* of the fields before */
	unsigned seen;	       /* signals that were counted, a bit each */
	size_t wait;	       /* bytes to be there before the next try */
};

/* The last newline of the window that ends a document for certain: lines.c */
struct lines {
	size_t seen;	 /* up to the last ink that was looked at */
	size_t boundary; /* behind the newline; 0: none */
};

/* frame_json.c */
struct json_framing {
	bool begun;
	bool splitting;
	struct lines lines;
	struct sl_json_skip skip; /* the document at scanned */
	size_t scanned;
	bool garbage; /* no document; the next line may begin with one */
	struct split split;
};

/* replay.c */
struct replay {
	uint64_t mark; /* offset in the input to go back to, and its line */
	uint64_t line;
	bool seeks;		/* the input does it */
	bool keeping;		/* what is read */
	uint64_t begin;		/* offset of the first byte in the spill */
	uint64_t at;		/* of the byte that is read next, where that is in the spill */
	bool ended;		/* so does the input, behind the spill */
	bool restarted;		/* and that is why */
	bool torn;		/* or this */
	struct sl_spill *spill; /* owned; NULL: none was needed */
};

/* frame_http.c */
enum http_state { HTTP_HEAD, HTTP_BODY, HTTP_CHUNKS, HTTP_TRAILER, HTTP_LOST };

struct http_framing {
	enum http_state state;
	bool told;	 /* of the damage that it is lost in */
	bool wanted;	 /* the body is to become a unit */
	bool telemetry;	 /* whatever it looks like */
	uint64_t length; /* of the body, or what is missing of the chunk */
	size_t body_len; /* of a chunked body, joined so far at the window's start */
	size_t raw;	 /* behind it: what was not looked at yet */
	bool in_chunk;	 /* `raw` is inside a chunk, or before the line end behind it */
};

/* frame_logs.c */
struct logs_framing {
	size_t scanned;	   /* lines up to there are done with */
	bool overlong;	   /* inside a line that is too large */
	bool in_parts;	   /* a line is not whole yet: */
	bool from_stderr;  /* its stream */
	bool between;	   /* a unit stands behind its first part */
	size_t begin, len; /* what there is of it */
};

/* frame_foreign.c */
enum { FOREIGN_DEPTH = 6 };

struct foreign_framing {
	bool begun;
	bool in_record;
	bool in_skipped;
	bool at_member; /* at the value of a key that leads to records */
	bool broken;	/* the record's brackets are no pairs, or the input ends in it */
	bool divides;	/* lists are no records */
	bool astray;	/* damage was told of: what is left of it is not, up to the next record */
	bool left;	/* and brackets may close what was open there */
	bool objects[FOREIGN_DEPTH]; /* around the records: objects, or else lists */
	unsigned depth;
	struct sl_json_skip skip;
	size_t run;	/* bytes of whole records at the window's start */
	size_t record;	/* where the one begins that is being read */
	size_t scanned; /* of it */
};

struct sl_source {
	struct sl_input *input;
	struct sl_source_options options;
	enum sl_format format; /* SL_FORMAT_AUTO: not found yet */
	char name[24];
	struct sl_notes notes;

	struct sl_parcel *parcel; /* that is being filled */
	struct sl_buffer carry;	  /* what no unit has, between two fills */
	size_t at;		  /* where in the parcel's bytes the window begins */
	uint64_t base;		  /* offset in the input of the parcel's first byte */
	uint64_t begun;		  /* the same where it began, or began again */
	/* of the window's first byte, but for the newlines in units, which their readers count; 0:
	 * nobody counts */
	uint64_t line;
	size_t counted;	   /* of the parcel's units: their newlines are in `newlines` */
	uint64_t newlines; /* only for complaints */
	size_t need;	   /* bytes of the window that the framer must see at once, 0: unknown */
	uint64_t pass;	   /* bytes at the window's start that nobody looks at */
	uint64_t credit;   /* steps of looking ahead, paid by bytes read: no input costs more */
	uint64_t reached;  /* the furthest offset that was read */
	uint64_t looked;   /* bytes that large documents were looked at again, for their parts */
	bool ended;	   /* the window is all there is */
	bool pressed;	   /* more would have to be waited for */
	bool restarted;	   /* a followed file began again: the old one has `ended` */
	bool torn;	   /* compressed bytes are lost here: what came before them has `ended` */
	bool guessed;	   /* the format, by the rest of such a file, or before such a gap */
	struct sl_look_alike look_alike; /* the first large document that is one */
	bool no_memory;
	bool troubled; /* the same with `failure` */
	bool failed;   /* with `failure`, once what came before is handed out */
	struct sl_error failure;
	struct replay replay;
	struct survey survey;
	struct context contexts[CONTEXT_COUNT]; /* of the lists that are cut into pieces */

	struct {
		struct length_framing length;
		struct fields_framing fields;
		struct json_framing json;
		struct http_framing http;
		struct logs_framing logs;
		struct foreign_framing foreign;
	} framing;
};

static inline struct split *split_of(struct sl_source *source)
{
	return &source->framing.json.split;
}

/*
 * A framer takes what it can from the window: it adds units and complaints to the parcel and
 * consumes their bytes, until it needs more bytes or the parcel is full.  With `ended` it leaves
 * nothing (unless the parcel is full).
 */
typedef void framer(struct sl_source *source);

framer frame_json, frame_fields, frame_length, frame_http, frame_logs, frame_foreign;
/* By enum sl_format. */
extern framer *const framers[];

/* window.c: the bytes that are not consumed yet */
static inline char *window_bytes(const struct sl_source *source)
{
	return source->parcel->bytes.data + source->at;
}

static inline size_t window_len(const struct sl_source *source)
{
	return source->parcel->bytes.len - source->at;
}

static inline struct sl_slice window(const struct sl_source *source)
{
	return (struct sl_slice){ window_bytes(source), window_len(source) };
}

/* Nothing more may be added to the parcel. */
bool window_full(const struct sl_source *source);
void window_consume(struct sl_source *source, size_t count);
/* The same for formats with lines. */
void window_consume_lines(struct sl_source *source, size_t count);
/* Takes bytes out of the middle; what stands behind them moves up. */
void window_remove(struct sl_source *source, size_t at, size_t count);
/* Consumes bytes that may not be there yet. */
void window_pass(struct sl_source *source, uint64_t count);
/* Adds a unit; its `at` is relative to the window, offset and line are found here. */
void window_emit(struct sl_source *source, struct sl_unit unit);
/* Something was lost at `at`, relative to the window. */
SL_PRINTF(4, 5)
void window_complain(struct sl_source *source, enum sl_reason reason, size_t at, const char *format,
		     ...);

uint64_t count_newlines(const char *at, size_t len);

/* frame_length.c */
/*
 * The fields of the message, and those of its first two fields `depth` levels down, end where it
 * ends.  Each field costs credit; without any the answer is yes, so that going on is never slower
 * than reading.
 */
bool fields_end(struct sl_slice message, unsigned depth, uint64_t *credit);

/* replay.c */
/* The window's first byte is where replay_rewind goes back to. */
void replay_mark(struct sl_source *source);
/* The window is empty then. */
void replay_rewind(struct sl_source *source);
/* The next bytes to the end of the parcel's, where there is room; as sl_input_read says. */
SL_MUST_USE enum sl_status replay_read(struct sl_source *source, size_t room, size_t *got,
				       struct sl_error *err);
/* That would not wait. */
bool replay_ready(const struct sl_source *source);
/* The input began again, or is done with. */
void replay_restart(struct sl_source *source);

/* lines.c */
void lines_read(struct lines *lines, struct sl_slice window);
/* Where the first line begins that lines->boundary might be; there is one. */
size_t lines_first(const struct lines *lines, struct sl_slice window);
/* `count` bytes leave the window at its start. */
void lines_shift(struct lines *lines, size_t count);

#endif

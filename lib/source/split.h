/*
 * Large JSON documents, piece by piece: each element of resourceSpans becomes a unit of its own,
 * and one that is large itself several.
 *
 * A large element (or a bare ResourceSpans, or in one a ScopeSpans) is looked over to its end first
 * (survey.h), and reading goes back (replay.c): on a pipe through a file, so that nothing has to be
 * held.  Then its ScopeSpans or their spans are cut into pieces, as many as make half a MiB at a
 * time, and each goes with what stands around them all, so that it is read like a small element, by
 * any worker.  Memory: a piece, what stands around (--max-message at most), or the largest span.
 *
 * Every bracket and quote is held against what stands before it (sl_json_skip), so that damage
 * shows where it is, and the lists that are open there are those that the text has.  The piece then
 * goes to the reader as it is, up to the next object that can be told for what it is by its keys.
 * Where not even that is to be had, reading goes on at such an object, in the list that it is of.
 * All looking for ends, over objects and behind damage is charged; once it has cost too much for
 * what was read, the pieces behind damage are large ones, and what is around them is not known.
 */
#ifndef SOURCE_SPLIT_H
#define SOURCE_SPLIT_H

#include "spanline/json.h"
#include "spanline/scan.h"
#include "spanline/source.h"

enum split_place {
	SPLIT_AT_VALUE, /* before the document, an element, or the value of a key */
	SPLIT_AT_FIRST, /* behind '[': an element, or ']' */
	SPLIT_AT_KEY,	/* on the '{' or ',' before it */
	SPLIT_IN_KEY,	/* in one that is too long to be known */
	SPLIT_AT_COLON,
	SPLIT_AT_NEXT,	  /* behind a value: ',' or the bracket that closes */
	SPLIT_AT_END,	  /* behind an object that ended with one of its values */
	SPLIT_IN_SKIPPED, /* in a value that nobody wants */
	SPLIT_IN_WHOLE,	  /* in an object that will be a unit; the window begins with it */
	SPLIT_IN_LIST,	  /* in elements of a list, the same */
	SPLIT_IN_SURVEY,
	SPLIT_BEHIND_LIST, /* in the object around a list whose end is not known */
	SPLIT_PASSING,	   /* to where `target` is */
	SPLIT_AT_DAMAGE,   /* of which nobody has told yet */
	SPLIT_ADRIFT,	   /* behind damage: to the next object that can be told */
};

enum split_level {
	SPLIT_DOCUMENT_LIST, /* [ documents ] */
	SPLIT_OBJECT,	     /* a document, or what its wrapper holds */
	SPLIT_ELEMENT_LIST,  /* "resourceSpans": [ elements ] */
	SPLIT_SCOPE_LIST,    /* "scopeSpans": [ elements ], of a large one */
	SPLIT_RECORD_LIST,   /* "spans": [ elements ], the same */
};

enum {
	SPLIT_DEPTH = 8,
	SPLIT_LISTS = 2,
	LARGE_BYTES = 2 * 1024 * 1024, /* what is larger is cut, where that can be done */
};

/* Zeroed: at the start of a document. */
struct split {
	enum split_place place;
	struct {
		enum split_level kind;
		unsigned seen; /* of its object's keys those that hold requests, a bit each */
	} levels[SPLIT_DEPTH + SPLIT_LISTS];
	unsigned depth;
	enum sl_json_key key;	/* whose value comes */
	enum sl_unit_kind kind; /* of elements, or of the unit that is being read */
	struct sl_json_skip skip;
	size_t scanned;	  /* of the value or values at the window's start */
	size_t value;	  /* where the last of them begins */
	size_t whole;	  /* those before it */
	size_t ended;	  /* where it ends, while what follows is not there yet; or 0 */
	size_t searched;  /* another object that can be told does not begin before */
	bool misled;	  /* its brackets are wrong: it goes on to where another object begins */
	bool coarse;	  /* and what stands there goes along, as far as a large piece reaches */
	bool indivisible; /* there is nothing to cut in it */
	uint64_t target;  /* offset in the input, and the place there */
	enum split_place behind;
	bool told;     /* of the damage */
	bool has_keys; /* the document */
	bool has_telemetry;
};

/* What stands around the pieces of a list. */
struct context {
	struct sl_buffer text;
	size_t before; /* the pieces */
	/* offsets in the input of what follows the list and the object; 0: not known */
	uint64_t list_end, end;
	bool told;   /* it went with a piece */
	bool misled; /* the list is damaged, which its reader tells, or: */
	bool cut;    /* the input ends behind it */
};

enum { CONTEXT_OF_SCOPES, CONTEXT_OF_RECORDS, CONTEXT_COUNT };

enum unit_state {
	UNIT_WHOLE,
	UNIT_BROKEN, /* damage hides its end, and so what stands behind its list */
	UNIT_CUT,    /* the input ends in it */
};

static inline enum split_level split_top(const struct split *split)
{
	return split->levels[split->depth - 1].kind;
}

enum split_progress {
	SPLIT_ON,   /* call again */
	SPLIT_MORE, /* more bytes are needed, or there are none */
	SPLIT_DONE, /* the document ends here */
};

struct sl_source;
/* So much was looked at again, or for nothing. */
void split_charge(struct sl_source *source, size_t bytes);
/* That has cost too much. */
bool split_spent(const struct sl_source *source);
enum split_progress split_step(struct sl_source *source);
/* Where no document begins: to where one does, or a part of one. */
void split_astray(struct sl_source *source);

/* split.c, for the others */
enum split_progress split_go_to(struct sl_source *source, enum split_place place);
enum split_progress split_malformed(struct sl_source *source, const char *expected);
void split_note(struct sl_source *source, enum sl_note note);
/* A value begins that will be passed over, or become a unit. */
enum split_progress split_begin_value(struct sl_source *source, enum split_place place);
/* The bracket of the level on top has closed. */
enum split_progress split_pop(struct sl_source *source);
void split_count(struct sl_source *source, enum sl_signal signal);

/* split_list.c: the elements of lists into units */
enum split_progress split_in_list(struct sl_source *source);
/* A key of the elements of the list on top stands here, or behind one strange byte: what is there
 * instead of its bracket becomes one, and the window begins with it. */
bool split_mend(struct sl_source *source);
/* The element of the list on top may have a list that can be cut. */
bool split_divisible(struct sl_source *source);
/* The object that is a document. */
enum split_progress split_in_whole(struct sl_source *source);

/* split_survey.c: large elements */
enum split_progress split_begin_survey(struct sl_source *source);
enum split_progress split_in_survey(struct sl_source *source);
/* A unit of what stands at the window's start, with what is around it. */
void split_emit(struct sl_source *source, size_t len, enum unit_state state);
/* Into a list that damage has cut off from what is around it; the text that stands for that. */
void split_push_list(struct sl_source *source, enum split_level list);
/* Nothing that comes is of the lists that were left. */
void split_forget_lists(struct sl_source *source);
/* Into the list that was left last, as its end was none. */
void split_reenter(struct sl_source *source, enum split_level list);
/* The list on top has ended; on in the object around it. */
enum split_progress split_end_list(struct sl_source *source);
enum split_progress split_behind_list(struct sl_source *source);

/* split_damage.c: on behind damage */
enum split_progress split_misled(struct sl_source *source);
enum split_progress split_adrift(struct sl_source *source);

#endif

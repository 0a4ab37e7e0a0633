/*
 * A look over a large object, whose list is to be cut into pieces: what stands around the list.
 *
 * All of the object is read, as `resource`, `scope` and `schemaUrl` may stand behind the list; what
 * is kept of it is its text with the lists empty, and with null for large values that nobody knows.
 * The same is done with a ScopeSpans in it whose spans are many.
 */
#ifndef SOURCE_SURVEY_H
#define SOURCE_SURVEY_H

#include "spanline/json.h"
#include "spanline/scan.h"

enum survey_place {
	SURVEY_AT_OBJECT,
	SURVEY_AT_FIRST, /* behind the bracket that opens it */
	SURVEY_AT_KEY,
	SURVEY_IN_KEY,
	SURVEY_AT_COLON,
	SURVEY_AT_VALUE,
	SURVEY_IN_VALUE,
	SURVEY_IN_PASSED, /* in a value that is not kept */
	SURVEY_IN_LIST,
	SURVEY_AT_NEXT,
	SURVEY_AT_STRANGE, /* behind a byte that cannot stand between members */
	SURVEY_AT_CLOSED,  /* behind a bracket that closes the object, unless a key follows */
};

enum survey_outcome {
	SURVEY_GOES_ON,
	SURVEY_WHOLE,  /* to the bracket that closes the object */
	SURVEY_BROKEN, /* something stands there that cannot */
	SURVEY_MISLED, /* the same, or it has no end, because of what is in a list: its reader tells
			*/
	SURVEY_CUT,    /* the input has ended in it */
};

enum survey_member { MEMBER_UNKNOWN, MEMBER_KNOWN, MEMBER_LIST };

/* A zeroed struct begins before an object; `text` may keep its memory. */
struct survey {
	bool in_scope; /* its list is that of records, else that of scopes */
	bool alone;    /* the object is a document: a line may end with it */
	bool logs;
	size_t limit; /* of what is kept */
	enum survey_place place;
	enum survey_member member;
	enum sl_json_key list_key; /* of the first list */
	struct sl_json_skip skip;
	struct sl_buffer text;
	size_t whole;	   /* of the text: what the members before are */
	size_t value;	   /* where the value begins */
	uint64_t value_at; /* the same, counted from the object on */
	char opener;	   /* its first byte */
	size_t before;	   /* of the text: what stands before the list's contents; 0: no list yet */
	uint64_t list_at;  /* where these begin, counted from the object on */
	uint64_t list_end; /* and end, behind the bracket; 0: not seen */
	uint64_t end_at;   /* where reading has come to */
	bool oversize;	   /* a value that somebody knows was not kept */
	/* where a byte, or the lack of one, was passed over, and 1, counted from the object on; 0:
	 * nowhere */
	uint64_t strange;
	uint64_t closed; /* behind the bracket that closed it last, likewise */
};

/* The next bytes; *taken says how many are of the object, or were read in vain. */
enum survey_outcome survey_read(struct survey *survey, struct sl_slice bytes, size_t *taken);
/* There are no more bytes. */
enum survey_outcome survey_end(struct survey *survey);
/* Where something is damaged, counted from the object on: the value, if that hides what follows. */
uint64_t survey_damage(const struct survey *survey);
/* The object has no end: its text gets one, and a list if there was none. */
void survey_close(struct survey *survey, bool logs);
/* As if nothing but an empty list had been read. */
void survey_assume(struct survey *survey, bool logs);

#endif

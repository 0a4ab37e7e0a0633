/* Large JSON documents, piece by piece: each element of resourceSpans becomes a unit of its own. */
#ifndef SOURCE_SPLIT_H
#define SOURCE_SPLIT_H

#include "spanline/json.h"
#include "spanline/source.h"

enum split_place {
	SPLIT_AT_VALUE, /* before the document, an element, or the value of a key */
	SPLIT_AT_FIRST, /* behind '[': an element, or ']' */
	SPLIT_AT_KEY,	/* on the '{' or ',' before it */
	SPLIT_IN_KEY,	/* in one that is too long to be known */
	SPLIT_AT_COLON,
	SPLIT_AT_NEXT,	  /* behind a value: ',' or the bracket that closes */
	SPLIT_IN_SKIPPED, /* in a value that nobody wants */
	SPLIT_IN_UNIT,	  /* in a value that will be a unit; the window begins with it */
};

enum split_level {
	SPLIT_DOCUMENT_LIST, /* [ documents ] */
	SPLIT_OBJECT,	     /* a document, or what its wrapper holds */
	SPLIT_ELEMENT_LIST,  /* "resourceSpans": [ elements ] */
};

enum { SPLIT_DEPTH = 8 };

/* Zeroed: at the start of a document. */
struct split {
	enum split_place place;
	struct {
		enum split_level kind;
		unsigned seen; /* of its object's keys those that hold requests, a bit each */
	} levels[SPLIT_DEPTH];
	unsigned depth;
	enum sl_json_key key;	/* whose value comes */
	enum sl_unit_kind kind; /* of elements, or of the unit that is being read */
	bool ends_object;	/* that unit is the rest of the object on top */
	struct sl_json_skip skip;
	size_t scanned; /* of the unit */
	size_t ended;	/* its length, while what follows is not there yet; or 0 */
	bool adrift;	/* its brackets are wrong: it goes on to where another may begin */
	bool has_keys;	/* the document */
	bool has_telemetry;
};

enum split_progress {
	SPLIT_ON,   /* call again */
	SPLIT_MORE, /* more bytes are needed, or there are none */
	SPLIT_DONE, /* the document ends here */
	SPLIT_LOST, /* it is malformed; that was told */
};

struct sl_source;
enum split_progress split_step(struct sl_source *source);

#endif

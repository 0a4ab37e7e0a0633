/*
 * The usual form of attributes, by which both ways of reading them know one:
 * {"key":"K","value":{"TYPE":V}}.  What stands before the type is its head.
 *
 * Heads are remembered.  Attributes come in the same order time and again, so that a key is mostly
 * known by one comparison, with the one that followed the last time, and need not be looked at any
 * more.
 */
#ifndef JSON_OTLP_HEADS_H
#define JSON_OTLP_HEADS_H

#include "spanline/json.h"
#include "spanline/scan.h"
#include "spanline/span.h"

enum {
	HEAD_KEY = 8,	  /* where the key begins */
	HEAD_AROUND = 20, /* bytes that are not of the key */
	HEAD_ROOM = 96,
	HEAD_SHORTER = 16, /* what the line saves */
	HEADS = 192,	   /* that are kept */
	HEAD_PLACES = 256, /* for them, so that some stay free */
};

struct head {
	_Alignas(16) char text[HEAD_ROOM];   /* {"key":"K","value":{" */
	char line[HEAD_ROOM - HEAD_SHORTER]; /* ,"K": */
	size_t len;			     /* of the text */
	struct head *next;		     /* that followed the last time */
	uint64_t list;			     /* in which it was met last */
};

/* A zeroed struct has no heads. */
struct heads {
	struct head items[HEADS]; /* the first is before all lists */
	size_t count;
	uint64_t list;			    /* the one that is being read */
	unsigned char places[HEAD_PLACES];  /* indices + 1, by hash of the key */
	unsigned char guesses[HEAD_PLACES]; /* indices, by hash of what stands in two places */
};

/* All of these read up to HEAD_ROOM bytes and a block of 16 from `at` on. */

static inline bool is_head(const struct head *head, const char *at)
{
#ifdef SL_SSE2
	const char *text = head->text;
	size_t last = head->len - 16;
	__m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)at),
				      _mm_load_si128((const __m128i *)(const void *)text));

	for (size_t i = 16; i < last; i += 16)
		same = _mm_and_si128(
			same,
			_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(at + i)),
				       _mm_load_si128((const __m128i *)(const void *)(text + i))));
	same = _mm_and_si128(
		same,
		_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(at + last)),
			       _mm_loadu_si128((const __m128i *)(const void *)(text + last))));
	return _mm_movemask_epi8(same) == 0xffff;
#else
	return memcmp(at, head->text, head->len) == 0;
#endif
}

/* What the head at `at` was when these bytes of it were met before, or any other. */
static inline unsigned char *heads_guess(struct heads *heads, const char *at)
{
	/* keys differ at their starts, or behind 16 bytes that they have in common */
	uint64_t bytes = sl_load_8(at + HEAD_KEY) * 31 + sl_load_8(at + HEAD_KEY + 16);

	return &heads->guesses[bytes * UINT64_C(0x9e3779b97f4a7c15) >> 56];
}

void heads_make_first(struct heads *heads);

/* Before a list: what its first head follows. */
static inline struct head *heads_begin(struct heads *heads)
{
	heads->list++;
	if (SL_UNLIKELY(heads->count == 0))
		heads_make_first(heads);
	return &heads->items[0];
}

/* The head at `at`, whether it was met before or not.  NULL: none stands there, or its key is not
 * plain or too long, or all heads have had to be forgotten. */
struct head *heads_find(struct heads *heads, const char *at);

/* The head at `at`, behind `before` or behind another one. */
static inline struct head *heads_next(struct heads *heads, struct head *before, const char *at)
{
	struct head *head = before->next;
	unsigned char *guess;

	if (SL_LIKELY(is_head(head, at)))
		return head;
	guess = heads_guess(heads, at);
	head = &heads->items[*guess];
	if (!is_head(head, at)) {
		head = heads_find(heads, at);
		if (head == NULL)
			return NULL;
		*guess = (unsigned char)(head - heads->items);
	}
	before->next = head;
	return head;
}

/*
 * Behind a head: the type that the value names, in compact JSON, or SL_VALUE_EMPTY for another one.
 * *at is then where the value begins, a string behind its quote.  Reads up to 14 bytes.
 */
static inline enum sl_value_type usual_type(const char **at)
{
	const char *name = *at;

	if (sl_load_8(name) == sl_load_8("stringVa") &&
	    sl_load_8(name + 6) == sl_load_8("Value\":\"")) {
		*at = name + 14;
		return SL_VALUE_STRING;
	}
	if (sl_load_8(name) == sl_load_8("intValue") && sl_load_2(name + 8) == sl_load_2("\":")) {
		*at = name + 10;
		return SL_VALUE_INT;
	}
	if (sl_load_8(name) == sl_load_8("boolValu") && sl_load_4(name + 7) == sl_load_4("ue\":")) {
		*at = name + 11;
		return SL_VALUE_BOOL;
	}
	if (sl_load_8(name) == sl_load_8("doubleVa") &&
	    sl_load_8(name + 5) == sl_load_8("eValue\":")) {
		*at = name + 13;
		return SL_VALUE_DOUBLE;
	}
	return SL_VALUE_EMPTY;
}

#endif

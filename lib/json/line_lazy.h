/*
 * Span lines read only as far as is asked for: those that otlp-decode writes, with their keys in
 * the order of span-line(5) and nothing between tokens, and those that have them in another order
 * or with blanks.  What is neither goes to the general reader, so that no answer depends on who
 * read the line.
 */
#ifndef JSON_LINE_LAZY_H
#define JSON_LINE_LAZY_H

#include "line.h"

/* What is known of the place of something in the line. */
enum line_place {
	PLACE_FOUND,
	PLACE_NONE,  /* it is nowhere in the line */
	PLACE_OTHER, /* this is not such a line */
};

/* How a key is written. */
struct line_lazy_key {
	char text[32]; /* in its quotes */
	size_t len;
	uint32_t bytes; /* a bit for each */
};

struct line_lazy {
	struct sl_span span; /* the first member: a lazy span leads to its reader */
	struct sl_slice literal;
	struct sl_head_tests tests;
	struct sl_slice kind_text, status_text; /* of the tests */
	struct sl_notes *notes;
	struct line_reader *lines;
	const char *end;	/* of the line: its newline */
	const char *at;		/* behind a value, or on the first byte */
	const char *service;	/* the value of LINE_SERVICE, if it was passed; or NULL */
	const char *attributes; /* those of the span, if they were seen; or NULL */
	unsigned needs;
	enum line_key next;		    /* the first key that may follow */
	unsigned missed;		    /* needs whose keys are not where they would stand */
	const char *values[LINE_KEY_COUNT]; /* NULL: not met so far */
	/* what was decoded for this line */
	struct sl_arena arena;
	char trace_id[16], span_id[8], parent_span_id[8];
	struct sl_attribute service_name;
	struct sl_resource resource;
	/* the line as the general reader has it */
	const struct sl_span *whole; /* NULL: damaged */
	const char *begin;	     /* err.offset counts from here */
	struct sl_error err;
	enum sl_status status; /* of reading it */
	bool read_whole;
	bool tested;  /* there are tests of texts */
	bool failed;  /* one of the tests, of this line */
	bool walked;  /* `values` is of this line */
	bool pending; /* `at` is on a value, not behind it */
	bool in_any_order;
	bool arena_used;
	struct line_lazy_key keys[LINE_KEY_COUNT];
	/* the key that stood behind each, and first in a line, when that was last asked */
	unsigned char followers[LINE_KEY_COUNT + 1];
};

/* NULL: out of memory.  `lines` and `notes` are borrowed for its life. */
struct line_lazy *line_lazy_open(const struct sl_decode_options *options, struct line_reader *lines,
				 struct sl_notes *notes);
void line_lazy_close(struct line_lazy *lazy);

/* Text that all these lines begin with. */
#define LINE_LAZY_START "{\"trace_id\":\""

enum line_lazy_outcome {
	LAZY_SPAN,
	LAZY_PASSED, /* the options allow to pass it over */
	LAZY_OTHER,  /* for the general reader; nothing was counted */
};

/*
 * The line that begins at `at`, where LINE_LAZY_START stands, in a block of whole documents that
 * begins at `begin` and ends at `end`.  But with LAZY_OTHER, lazy->end is its newline.
 */
enum line_lazy_outcome line_lazy_read(struct line_lazy *lazy, const char *begin, const char *at,
				      const char *end);

/*
 * The same for any line that begins at `at`, with '{'.  It is read so where
 *   - each key is one of span-line(5), is written without escapes and stands once,
 *   - each value begins and ends as its type does, and the brackets inside match,
 *   - what is always written is there but for what is derived, the ids are whole and the times are
 *     numbers,
 *   - nothing below 0x20 stands before the newline, which follows the last bracket.
 * What else is in a value that nobody asks for is not checked, and where the first bytes of the
 * line tell that it is passed over, only its end is, as with the lines above.
 */
enum line_lazy_outcome line_lazy_read_any(struct line_lazy *lazy, const char *begin, const char *at,
					  const char *end);

/* line_lazy_walk.c */
/* What is reached through struct sl_lazy. */
extern const struct sl_lazy line_lazy_access;
/* To the value of a key: lazy->values has it. */
enum line_place line_lazy_find(struct line_lazy *lazy, enum line_key key);
/* Where the literal stands in [at, end), or an escape that may hide it (of ASCII there are but the
 * slash and \\u), or a newline; or end. */
const char *line_lazy_scan(const char *at, const char *end, struct sl_slice literal);
/* Text that holds U+FFFD may stand for another, which `exact` tells. */
bool line_lazy_may_be_exact(struct sl_slice text);
/* The string at `quote`, its escapes undone: behind its closing quote, or NULL, where it is damaged
 * or may stand for another. */
const char *line_lazy_decode_text(struct line_lazy *lazy, const char *quote, struct sl_slice *text);
/* Behind the closing quote of the string whose first byte is at `at`, or NULL. */
const char *line_lazy_skip_text(const char *at, const char *end);

/* Over the blanks that some write between tokens. */
static inline const char *line_lazy_skip_blanks(const char *at, const char *end)
{
	while (SL_UNLIKELY(*at == ' ' && at < end))
		at++;
	return at;
}

/* The first byte that ends plain text, `end` or what is behind it. */
static inline const char *find_quote(const char *at, const char *end)
{
#ifdef SL_SSE2
	/* as in sl_scan_string, but what is behind the end is left to the caller */
	const __m128i bit = _mm_set1_epi8(0x02), last = _mm_set1_epi8(0x20);
	const __m128i slash = _mm_set1_epi8('\\');

	do {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i turned = _mm_xor_si128(bytes, bit);
		__m128i stop = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(turned, last), turned),
					    _mm_cmpeq_epi8(bytes, slash));
		unsigned stops = (unsigned)_mm_movemask_epi8(stop);

		if (SL_LIKELY(stops != 0))
			return at + __builtin_ctz(stops);
		at += 16;
	} while (at < end);
	return end;
#else
	unsigned high = 0;

	return sl_scan_string(at, end, &high);
#endif
}

#endif

/*
 * Span lines read only as far as is asked for: those that otlp-decode writes, with their keys in
 * the order of span-line(5) and nothing between tokens, and those that have them in another order
 * or with blanks.  What is neither goes to the general reader, so that no answer depends on who
 * read the line.
 */
#ifndef JSON_LINE_LAZY_H
#define JSON_LINE_LAZY_H

#include "line.h"
#include "line_needle.h"

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

/* Keys that may be absent; each is looked for where one is not at its place. */
enum { ABSENT_COUNT = 3 };

/* The first 16 of the 19 digits of a time: numbers that compare as they do. */
struct line_lazy_digits {
	uint64_t first, second;
};

struct line_lazy {
	struct sl_span span; /* the first member: a lazy span leads to its reader */
	struct line_needle needle;
	/* Where these of the first digits of a time are the same in both, the duration is below
	 * the least one; 0: that is not known. */
	unsigned same_digits;
	bool start_tested;
	/* of the tests: what is below the one, or above the other, is not wanted */
	struct line_lazy_digits least_start, most_start;
	struct sl_head_tests tests;
	struct sl_notes *notes;
	struct line_reader *lines;
	/* of the block: err.offset counts from its beginning */
	const char *begin, *block_end, *lines_end; /* the last is behind its last newline */
	uint64_t passed;			   /* lines, by this call or the last one */
	bool one_line;				   /* a search does not go on behind it */
	const char *line;	/* behind them: the line that the outcome is of */
	const char *end;	/* of that line: its newline */
	const char *at;		/* behind a value, or on the first byte */
	const char *service;	/* the value of LINE_SERVICE, if it was passed; or NULL */
	const char *attributes; /* those of the span, if they were seen; or NULL */
	const char *lists;	/* behind them, if they were passed; or where they are, or NULL */
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
	struct sl_error err;
	enum sl_status status; /* of reading it */
	bool tested;	       /* there are tests */
	struct sl_literal exact_key, absent_keys[ABSENT_COUNT];
	bool walked;  /* `values` is of this line */
	bool pending; /* `at` is on a value, not behind it */
	bool read_whole;
	bool in_any_order;
	uint8_t tail; /* TAIL_*: of what is behind `lists` */
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
	LAZY_PASSED, /* there was nothing else */
	LAZY_OTHER,  /* for the general reader; nothing was counted */
};

/* The block of which lines are read next; it is borrowed until the next one. */
void line_lazy_start(struct line_lazy *lazy, struct sl_slice block);

/* The line that begins at `at`, and those behind it: up to one that the options do not allow to
 * pass over, or that is for another reader. */
enum line_lazy_outcome line_lazy_read(struct line_lazy *lazy, const char *at);

/*
 * The same for one line of any kind that begins at `at`, with '{'.  It is read so where
 *   - each key is one of span-line(5), is written without escapes and stands once,
 *   - each value begins and ends as its type does, and the brackets inside match,
 *   - what is always written is there but for what is derived, the ids are whole and the times are
 *     numbers,
 *   - nothing below 0x20 stands before the newline, which follows the last bracket.
 * What else is in a value that nobody asks for is not checked, and where the first bytes of the
 * line tell that it is passed over, only its end is, as with the lines above.
 */
enum line_lazy_outcome line_lazy_read_any(struct line_lazy *lazy, const char *at);

/* line_lazy_walk.c */
/* What is reached through struct sl_lazy. */
extern const struct sl_lazy line_lazy_access;
/* To the value of a key: lazy->values has it. */
enum line_place line_lazy_find(struct line_lazy *lazy, enum line_key key);
/* Text that holds U+FFFD may stand for another, which `exact` tells. */
bool line_lazy_may_be_exact(struct sl_slice text);
/* The string at `quote`, its escapes undone: behind its closing quote, or NULL, where it is damaged
 * or may stand for another. */
const char *line_lazy_decode_text(struct line_lazy *lazy, const char *quote, struct sl_slice *text);
/* Behind the closing quote of the string whose first byte is at `at`, or NULL. */
const char *line_lazy_skip_text(const char *at, const char *end);
/* Behind the value of a member at `at`, or NULL; what kind of value it is is all that is checked.
 */
const char *line_lazy_skip_value(const char *at, const char *end);

/* line_lazy_visit.c: see struct sl_lazy. */
bool line_lazy_visit(struct line_lazy *lazy, struct sl_visit *visit);

/* line_lazy_tail.c: which of these keys may stand in what is left of a line. */
enum { TAIL_KNOWN = 1, TAIL_EXACT = 2, TAIL_LINKS = 4, TAIL_ALL = 7 };
unsigned line_lazy_scan_tail(const char *at, const char *end);

/* Over the blanks that some write between tokens. */
static inline const char *line_lazy_skip_blanks(const char *at, const char *end)
{
	while (SL_UNLIKELY(*at == ' ' && at < end))
		at++;
	return at;
}

#ifdef SL_SSE2
/* What bytes are compared with, sixteen times each.  In memory, in another file: where the compiler
 * knows them it makes each anew, in three instructions. */
enum line_constant {
	BYTE_BIT,   /* 0x02 */
	BYTE_BLANK, /* 0x20 */
	BYTE_SLASH,
	BYTE_ZERO, /* '0' */
	BYTE_NINE, /* 9 */
	BYTE_PLUS,
	BYTE_RANGE, /* from '+' to 'Z' */
	BYTE_COMMA,
	BYTE_BRACE, /* '}' */
	BYTE_TENS,  /* these three are of 16 bits: weights of digits */
	BYTE_HUNDREDS,
	BYTE_MYRIADS,
	TEXT_STATUS, /* the first and the last bytes of what mostly stands before a time */
	TEXT_START,
	TEXT_DURATION,
	TEXT_START_NANOS, /* 16 bytes of keys */
	TEXT_END_NANOS,
	TEXT_PARENT,
	BYTE_COUNT
};

extern const union line_constants {
	uint8_t bytes[16];
	char text[16];
	uint16_t words[8];
	__m128i all;
} line_constants[BYTE_COUNT];

static inline __m128i constant(enum line_constant which)
{
	return line_constants[which].all;
}

/* The 16 bytes at `at` are those. */
static inline bool is_text(const char *at, enum line_constant which)
{
	__m128i same =
		_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)at), constant(which));

	return _mm_movemask_epi8(same) == 0xffff;
}

/* The bytes that end plain text, a bit each: as in sl_scan_string. */
static inline unsigned ends_of_text(__m128i bytes)
{
	__m128i turned = _mm_xor_si128(bytes, constant(BYTE_BIT));
	__m128i low = _mm_min_epu8(turned, constant(BYTE_BLANK));
	__m128i slashes = _mm_cmpeq_epi8(bytes, constant(BYTE_SLASH));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(low, turned), slashes));
}

static inline __m128i sixteen_at(const char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}
#endif

/* The first byte that ends plain text; *high is not 0 if there is a byte over 0x7f before it. There
 * is one: a newline stands behind all lines that are read so. */
static inline const char *find_end_of_text(const char *at, unsigned *high)
{
#ifdef SL_SSE2
	__m128i bytes = sixteen_at(at);
	unsigned stops, passed = 0;

	while (SL_UNLIKELY((stops = ends_of_text(bytes)) == 0)) {
		passed |= (unsigned)_mm_movemask_epi8(bytes);
		at += 16;
		bytes = sixteen_at(at);
	}
	*high |= passed | ((unsigned)_mm_movemask_epi8(bytes) & (stops ^ (stops - 1)));
	return at + (unsigned)__builtin_ctz(stops);
#else
	while (*at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
		*high |= (unsigned char)*at++ & 0x80;
	return at;
#endif
}

/* The same for text that nobody wants. */
static inline const char *find_quote(const char *at)
{
#ifdef SL_SSE2
	unsigned stops;

	while (SL_UNLIKELY((stops = ends_of_text(sixteen_at(at))) == 0))
		at += 16;
	return at + (unsigned)__builtin_ctz(stops);
#else
	unsigned high = 0;

	return find_end_of_text(at, &high);
#endif
}

#endif

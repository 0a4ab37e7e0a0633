/*
 * The scanner of JSON bytes: a cursor that walks over them, and reads strings, numbers and ids
 * where it stands.  Nothing is copied but strings with escapes.
 *
 * A function that returns bool gives false after a fault, which the cursor then keeps; the first
 * one counts.  Each starts at the first byte of what it reads (white space before it is skipped by
 * the caller, by next_member or by next_element) and leaves the cursor behind its last byte.
 */
#ifndef JSON_SCANNER_H
#define JSON_SCANNER_H

#include "spanline/json.h"
#include "spanline/text.h"

/* Kept apart from the usual path, which is then shorter. */
#define SLOW_PATH __attribute__((noinline, cold))

enum fault {
	FAULT_NONE,
	FAULT_SYNTAX,  /* no JSON: where the value ends is unknown */
	FAULT_CUT,     /* the bytes end inside it */
	FAULT_REFUSED, /* JSON, but not what it should be: the whole value can be skipped */
	FAULT_MEMORY,
};

struct cursor {
	const char *at, *end;	/* SL_PADDING bytes behind end may be read */
	const char *begin;	/* offsets in errors count from here */
	struct sl_arena *arena; /* takes unescaped strings and ids */
	struct sl_notes *notes;
	bool strict;
	bool noted; /* since someone cleared it */
	enum fault fault;
	const char *fault_at;
	const char *problem; /* static text: one line, no full stop */
	bool departure;	     /* it is what a note tells, and only strict refuses it */
};

/* Each keeps the fault unless there is one already, and returns false. */
bool cursor_syntax(struct cursor *cursor, const char *problem); /* CUT at the end of the bytes */
bool cursor_refuse(struct cursor *cursor, const char *at, const char *problem);
/* Another type of value stands here (refused), or none at all (syntax, cut). */
bool cursor_unexpected(struct cursor *cursor, const char *problem);
bool cursor_memory(struct cursor *cursor);
/* Counts a note about what stands at `at`; with strict, a departure is refused. */
bool cursor_note(struct cursor *cursor, enum sl_note note, const char *at);
/* The outcome for the caller: SL_BAD_RECORD with its offset, or SL_FAILED.  There is a fault. */
enum sl_status cursor_status(const struct cursor *cursor, struct sl_error *err);

/* The byte that the cursor stands on, 0 at the end. */
static inline char cursor_peek(const struct cursor *cursor)
{
	return SL_LIKELY(cursor->at < cursor->end) ? *cursor->at : '\0';
}

static inline bool cursor_left(const struct cursor *cursor, size_t len)
{
	return (size_t)(cursor->end - cursor->at) >= len;
}

static inline uint64_t load_8(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static inline uint16_t load_2(const char *at)
{
	uint16_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static inline uint32_t load_4(const char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* For the few bytes of a key: without a call, unless they are many. */
static inline bool same_bytes(const char *a, const char *b, size_t len)
{
	if (len < 8)
		return len < 4 ? memcmp(a, b, len) == 0
			       : load_4(a) == load_4(b) &&
					 load_4(a + len - 4) == load_4(b + len - 4);
	return load_8(a) == load_8(b) && load_8(a + len - 8) == load_8(b + len - 8) &&
	       (len <= 16 || memcmp(a, b, len) == 0);
}

void skip_space_slowly(struct cursor *cursor);

static inline void skip_space(struct cursor *cursor)
{
	if (SL_UNLIKELY(cursor->at < cursor->end && *cursor->at <= ' '))
		skip_space_slowly(cursor);
}

/* The rest of a string that holds a backslash, or is not whole; `start` is behind the quote. */
bool scan_string_slowly(struct cursor *cursor, const char *start, struct sl_slice *text);
bool check_utf8(struct cursor *cursor, struct sl_slice text);

/*
 * The content of a string: a slice of the bytes, or in the arena where escapes had to be undone.
 * A lone surrogate is U+FFFD (noted); invalid UTF-8 stays as it is (refused with strict).
 */
static inline bool scan_string(struct cursor *cursor, struct sl_slice *text)
{
	const char *start = cursor->at + 1;
	unsigned high = 0;

	if (SL_UNLIKELY(cursor_peek(cursor) != '"'))
		return cursor_unexpected(cursor, "a string is expected");

	const char *stop = sl_scan_string(start, cursor->end, &high);

	if (SL_UNLIKELY(stop == cursor->end || *stop != '"'))
		return scan_string_slowly(cursor, start, text);
	*text = (struct sl_slice){ start, (size_t)(stop - start) };
	cursor->at = stop + 1;
	return SL_LIKELY(high == 0 || !cursor->strict) || check_utf8(cursor, *text);
}

/* The text of a number, by JSON's grammar. */
bool scan_number(struct cursor *cursor, struct sl_slice *text);
/* true, false or null: the whole word. */
bool scan_word(struct cursor *cursor, const char *word);

/* Over a value of any kind, in linear time and without recursion.  With strict all of it is
 * checked; otherwise brackets are counted and strings are read. */
bool skip_value(struct cursor *cursor);

/* What stands here has the wrong type: noted and skipped.  The second is for elements of arrays,
 * where it may also be null. */
bool skip_bad_field(struct cursor *cursor);
bool skip_bad_element(struct cursor *cursor);
/* The same behind a fault that says so, where fault_at is the value's first byte; false: it is
 * another fault, or strict, which does not go on. */
bool recover_bad_field(struct cursor *cursor);

/* From one member or element to the next, in the parts that are rare. */
bool separate(struct cursor *cursor, bool *begun, char open, char close);
bool scan_colon(struct cursor *cursor);

/*
 * The next member of the object that the cursor stands on (*begun false, on '{') or in (behind the
 * value before): its key, and the cursor on the first byte of its value.  False: there are no more,
 * and the cursor is behind '}'; or a fault.
 *
 *	for (bool begun = false; next_member(cursor, &begun, &key);)
 *		...read or skip the value...
 *	return cursor->fault == FAULT_NONE;
 */
static inline bool next_member(struct cursor *cursor, bool *begun, struct sl_slice *key)
{
	if (SL_LIKELY(*begun && cursor_left(cursor, 2) && cursor->at[0] == ',' &&
		      cursor->at[1] == '"'))
		cursor->at++;
	else if (!separate(cursor, begun, '{', '}'))
		return false;
	if (!scan_string(cursor, key))
		return false;
	if (SL_LIKELY(cursor_peek(cursor) == ':')) {
		cursor->at++;
		skip_space(cursor);
		return true;
	}
	return scan_colon(cursor);
}

/* The same for the elements of an array. */
static inline bool next_element(struct cursor *cursor, bool *begun)
{
	if (SL_LIKELY(*begun && cursor_left(cursor, 2) && cursor->at[0] == ',' &&
		      cursor->at[1] > ' ')) {
		cursor->at++;
		return true;
	}
	return separate(cursor, begun, '[', ']');
}

/* The same for the elements that are objects; what else there is has been noted and left out. */
static inline bool next_object(struct cursor *cursor, bool *begun)
{
	while (next_element(cursor, begun)) {
		if (SL_LIKELY(cursor_peek(cursor) == '{'))
			return true;
		if (!skip_bad_element(cursor))
			return false;
	}
	return false;
}

/* The text of a number, or of a string in its place; other values are refused. */
bool scan_number_or_string(struct cursor *cursor, struct sl_slice *text);

/*
 * Unsigned numbers, from a JSON number or a string, as ProtoJSON reads them: with a fraction and an
 * exponent too, as long as they are integral.  Others are 0 (noted).  A string is what
 * the specification asks for in 64 bits, and noted in 32.
 */
bool read_u64(struct cursor *cursor, uint64_t *number);
bool read_u32(struct cursor *cursor, uint32_t *number);

/*
 * An integer in its usual form, in quotes or not, of at most 18 digits.  take_integer gives the
 * byte behind it, or NULL where something else stands at `at`; it looks behind the end, but never
 * further than SL_PADDING.  scan_plain_integer: false where the cursor has not moved.
 */
const char *take_integer(const char *at, int64_t *number);
bool scan_plain_integer(struct cursor *cursor, int64_t *number);
/* The same for one that is not negative, of at most 19 digits. */
bool scan_plain_unsigned(struct cursor *cursor, uint64_t *number);

/* A time in ns as almost all of them are: 19 digits and a quote behind them, within SL_PADDING.
 * False: something else stands there. */
static inline bool take_time(const char *at, uint64_t *number)
{
#ifdef SL_SSE2
	const __m128i tens = _mm_set1_epi16(10 << 8 | 1);
	const __m128i hundreds = _mm_set1_epi32(1 << 16 | 100);
	const __m128i myriads = _mm_set1_epi32(1 << 16 | 10000);
	__m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)at),
				      _mm_set1_epi8('0'));
	__m128i others = _mm_subs_epu8(digits, _mm_set1_epi8(9));
	/* three digits and a quote, as 0 to 9 and 0 */
	uint32_t last = load_4(at + 16) ^ load_4("000\"");

	if (_mm_movemask_epi8(_mm_cmpeq_epi8(others, _mm_setzero_si128())) != 0xffff ||
	    (((last + 0x7f767676) | last) & 0x80808080) != 0 || *at == '0')
		return false;
	/* (10 * a + b) * 256 + a in each lane, of which a is dropped */
	__m128i twos = _mm_srli_epi16(_mm_mullo_epi16(digits, tens), 8);
	__m128i fours = _mm_madd_epi16(twos, hundreds);
	__m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), myriads);
	uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);

	last = (last & 0xff) * 100 + (last >> 8 & 0xff) * 10 + (last >> 16);
	*number = ((both & UINT32_MAX) * 100000000 + (both >> 32)) * 1000 + last;
	return true;
#else
	(void)at;
	(void)number;
	return false;
#endif
}

enum number_kind {
	NUMBER_NONE,	/* no number, or too large for a double */
	NUMBER_INTEGER, /* integral by value, however it is written, and within int64 */
	NUMBER_DOUBLE,
};
/* What the text of a number is worth: *integer or *number is set. */
enum number_kind number_of(struct sl_slice text, int64_t *integer, double *number);
/* The same within uint64, without going through a double. */
bool unsigned_of(struct sl_slice text, uint64_t *number);
/* A number times 10^places, rounded to an integer: its sign and the rest.  False: it is no number,
 * or too large. */
bool scaled_of(struct sl_slice text, int places, bool *negative, uint64_t *magnitude);

/* An id of `size` bytes when valid, in the arena; hex, base64 (noted) or neither (noted). */
bool read_id(struct cursor *cursor, size_t size, struct sl_slice *id);
/* A string of base64, either alphabet, as bytes in the arena; refused where it is not base64. */
bool read_base64(struct cursor *cursor, struct sl_slice *bytes);

#endif

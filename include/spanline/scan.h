/*
 * The scanner of JSON bytes: a cursor that walks over them, and reads strings, numbers and ids
 * where it stands.  Nothing is copied but strings with escapes.
 *
 * A function that returns bool gives false after a fault, which the cursor then keeps; the first
 * one counts.  Each starts at the first byte of what it reads (white space before it is skipped by
 * the caller, by sl_cursor_next_member or by sl_cursor_next_element) and leaves the cursor behind
 * its last byte.
 */
#ifndef SPANLINE_SCAN_H
#define SPANLINE_SCAN_H

#include "spanline/span.h"
#include "spanline/text.h"

/* Kept apart from the usual path, which is then shorter. */
#define SL_SLOW_PATH __attribute__((noinline, cold))

enum sl_fault {
	SL_FAULT_NONE,
	SL_FAULT_SYNTAX,  /* no JSON: where the value ends is unknown */
	SL_FAULT_CUT,	  /* the bytes end inside it */
	SL_FAULT_REFUSED, /* JSON, but not what it should be: the whole value can be skipped */
	SL_FAULT_MEMORY,
};

struct sl_cursor {
	const char *at, *end;	/* SL_PADDING bytes behind end may be read */
	const char *begin;	/* offsets in errors count from here */
	struct sl_arena *arena; /* takes unescaped strings and ids */
	struct sl_notes *notes;
	bool strict;
	bool noted; /* since someone cleared it */
	enum sl_fault fault;
	const char *fault_at;
	const char *problem; /* static text: one line, no full stop */
	bool departure;	     /* it is what a note tells, and only strict refuses it */
};

/* Each keeps the fault unless there is one already, and returns false. */
bool sl_cursor_syntax(struct sl_cursor *cursor,
		      const char *problem); /* CUT at the end of the bytes */
bool sl_cursor_refuse(struct sl_cursor *cursor, const char *at, const char *problem);
/* Another type of value stands here (refused), or none at all (syntax, cut). */
bool sl_cursor_unexpected(struct sl_cursor *cursor, const char *problem);
bool sl_cursor_memory(struct sl_cursor *cursor);
/* Counts a note about what stands at `at`; with strict, a departure is refused. */
bool sl_cursor_note(struct sl_cursor *cursor, enum sl_note note, const char *at);
/* The outcome for the caller: SL_BAD_RECORD with its offset, or SL_FAILED.  There is a fault. */
enum sl_status sl_cursor_status(const struct sl_cursor *cursor, struct sl_error *err);

/* The byte that the cursor stands on, 0 at the end. */
static inline char sl_cursor_peek(const struct sl_cursor *cursor)
{
	return SL_LIKELY(cursor->at < cursor->end) ? *cursor->at : '\0';
}

static inline bool sl_cursor_left(const struct sl_cursor *cursor, size_t len)
{
	return (size_t)(cursor->end - cursor->at) >= len;
}

static inline uint16_t sl_load_2(const char *at)
{
	uint16_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

void sl_cursor_skip_space_slowly(struct sl_cursor *cursor);

static inline void sl_cursor_skip_space(struct sl_cursor *cursor)
{
	if (SL_UNLIKELY(cursor->at < cursor->end && *cursor->at <= ' '))
		sl_cursor_skip_space_slowly(cursor);
}

/* The rest of a string that holds a backslash, or is not whole; `start` is behind the quote. */
bool sl_cursor_string_slowly(struct sl_cursor *cursor, const char *start, struct sl_slice *text);
bool sl_cursor_check_utf8(struct sl_cursor *cursor, struct sl_slice text);

/*
 * The content of a string: a slice of the bytes, or in the arena where escapes had to be undone.
 * A lone surrogate is U+FFFD (noted); invalid UTF-8 stays as it is (refused with strict).
 */
static inline bool sl_cursor_string(struct sl_cursor *cursor, struct sl_slice *text)
{
	const char *start = cursor->at + 1;
	unsigned high = 0;

	if (SL_UNLIKELY(sl_cursor_peek(cursor) != '"'))
		return sl_cursor_unexpected(cursor, "a string is expected");

	const char *stop = sl_scan_string(start, cursor->end, &high);

	if (SL_UNLIKELY(stop == cursor->end || *stop != '"'))
		return sl_cursor_string_slowly(cursor, start, text);
	*text = (struct sl_slice){ start, (size_t)(stop - start) };
	cursor->at = stop + 1;
	return SL_LIKELY(high == 0 || !cursor->strict) || sl_cursor_check_utf8(cursor, *text);
}

/* The text of a number, by JSON's grammar. */
bool sl_cursor_number(struct sl_cursor *cursor, struct sl_slice *text);
/* true, false or null: the whole word. */
bool sl_cursor_word(struct sl_cursor *cursor, const char *word);

/* Over a value of any kind, in linear time and without recursion.  With strict all of it is
 * checked; otherwise brackets are counted and strings are read. */
bool sl_cursor_skip_value(struct sl_cursor *cursor);

/* What stands here has the wrong type: noted and skipped.  The second is for elements of arrays,
 * where it may also be null. */
bool sl_cursor_skip_bad_field(struct sl_cursor *cursor);
bool sl_cursor_skip_bad_element(struct sl_cursor *cursor);
/* The same behind a fault that says so, where fault_at is the value's first byte; false: it is
 * another fault, or strict, which does not go on. */
bool sl_cursor_recover_bad_field(struct sl_cursor *cursor);

/* From one member or element to the next, in the parts that are rare. */
bool sl_cursor_separate(struct sl_cursor *cursor, bool *begun, char open, char close);
bool sl_cursor_colon(struct sl_cursor *cursor);

/*
 * The next member of the object that the cursor stands on (*begun false, on '{') or in (behind the
 * value before): its key, and the cursor on the first byte of its value.  False: there are no more,
 * and the cursor is behind '}'; or a fault.
 *
 *	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);)
 *		...read or skip the value...
 *	return cursor->fault == SL_FAULT_NONE;
 */
static inline bool sl_cursor_next_member(struct sl_cursor *cursor, bool *begun,
					 struct sl_slice *key)
{
	if (SL_LIKELY(*begun && sl_cursor_left(cursor, 2) && cursor->at[0] == ',' &&
		      cursor->at[1] == '"'))
		cursor->at++;
	else if (!sl_cursor_separate(cursor, begun, '{', '}'))
		return false;
	if (!sl_cursor_string(cursor, key))
		return false;
	if (SL_LIKELY(sl_cursor_peek(cursor) == ':')) {
		cursor->at++;
		sl_cursor_skip_space(cursor);
		return true;
	}
	return sl_cursor_colon(cursor);
}

/* The same for the elements of an array. */
static inline bool sl_cursor_next_element(struct sl_cursor *cursor, bool *begun)
{
	if (SL_LIKELY(*begun && sl_cursor_left(cursor, 2) && cursor->at[0] == ',' &&
		      cursor->at[1] > ' ')) {
		cursor->at++;
		return true;
	}
	return sl_cursor_separate(cursor, begun, '[', ']');
}

/* The same for the elements that are objects; what else there is has been noted and left out. */
static inline bool sl_cursor_next_object(struct sl_cursor *cursor, bool *begun)
{
	while (sl_cursor_next_element(cursor, begun)) {
		if (SL_LIKELY(sl_cursor_peek(cursor) == '{'))
			return true;
		if (!sl_cursor_skip_bad_element(cursor))
			return false;
	}
	return false;
}

/* The text of a number, or of a string in its place; other values are refused. */
bool sl_cursor_number_or_string(struct sl_cursor *cursor, struct sl_slice *text);

/*
 * Unsigned numbers, from a JSON number or a string, as ProtoJSON reads them: with a fraction and an
 * exponent too, as long as they are integral.  Others are 0 (noted).  A string is what
 * the specification asks for in 64 bits, and noted in 32.
 */
bool sl_cursor_u64(struct sl_cursor *cursor, uint64_t *number);
bool sl_cursor_u32(struct sl_cursor *cursor, uint32_t *number);

/*
 * An integer in its usual form, in quotes or not, of at most 18 digits.  sl_take_integer gives the
 * byte behind it, or NULL where something else stands at `at`; it looks behind the end, but never
 * further than SL_PADDING.  sl_cursor_plain_integer: false where the cursor has not moved.
 */
const char *sl_take_integer(const char *at, int64_t *number);
bool sl_cursor_plain_integer(struct sl_cursor *cursor, int64_t *number);
/* The same for one that is not negative, of at most 19 digits. */
bool sl_cursor_plain_unsigned(struct sl_cursor *cursor, uint64_t *number);

/* A time in ns as almost all of them are: 19 digits and a quote behind them, within SL_PADDING.
 * False: something else stands there. */
static inline bool sl_take_time(const char *at, uint64_t *number)
{
#ifdef SL_SSE2
	const __m128i tens = _mm_set1_epi16(10 << 8 | 1);
	const __m128i hundreds = _mm_set1_epi32(1 << 16 | 100);
	const __m128i myriads = _mm_set1_epi32(1 << 16 | 10000);
	__m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)at),
				      _mm_set1_epi8('0'));
	__m128i others = _mm_subs_epu8(digits, _mm_set1_epi8(9));
	/* three digits and a quote, as 0 to 9 and 0 */
	uint32_t last = sl_load_4(at + 16) ^ sl_load_4("000\"");

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

enum sl_number_kind {
	SL_NUMBER_NONE,	   /* no number, or too large for a double */
	SL_NUMBER_INTEGER, /* integral by value, however it is written, and within int64 */
	SL_NUMBER_DOUBLE,
};
/* What the text of a number is worth: *integer or *number is set. */
enum sl_number_kind sl_number_of(struct sl_slice text, int64_t *integer, double *number);
/* The same within uint64, without going through a double. */
bool sl_unsigned_of(struct sl_slice text, uint64_t *number);
/* A number times 10^places, rounded to an integer: its sign and the rest.  False: it is no number,
 * or too large. */
bool sl_scaled_of(struct sl_slice text, int places, bool *negative, uint64_t *magnitude);

/* An id of `size` bytes when valid, in the arena; hex, base64 (noted) or neither (noted). */
bool sl_cursor_id(struct sl_cursor *cursor, size_t size, struct sl_slice *id);
/* A string of base64, either alphabet, as bytes in the arena; refused where it is not base64. */
bool sl_cursor_base64(struct sl_cursor *cursor, struct sl_slice *bytes);

/*
 * Plain JSON as a value, whose lists are built with `builder` into its arena: integral numbers are
 * integers, null is empty.  `levels`: so many arrays and objects may stand within each other; what
 * is deeper is empty (noted).  After a fault *value is not to be used.
 */
bool sl_cursor_plain(struct sl_cursor *cursor, struct sl_builder *builder, unsigned levels,
		     struct sl_value *value);
/* The same for the members of the object that the cursor stands on. */
bool sl_cursor_plain_members(struct sl_cursor *cursor, struct sl_builder *builder, unsigned levels,
			     struct sl_attributes *list);

/*
 * A scan for the end of a value that may be given piece by piece: the brackets of the 64 outermost
 * levels must be pairs, each bracket and quote must fit what stands before it, and strings hold no
 * control characters; nothing else is checked.  A zeroed struct begins before a value's first byte.
 */
struct sl_json_skip {
	uint64_t depth;
	uint64_t objects; /* the levels that braces opened, a bit each; of the first 64 */
	bool in_string;
	bool escaped; /* the last byte was a backslash in a string */
	bool begun;
	bool broken; /* here or shortly before is damage */
	char last;   /* the last byte outside strings that is no white space */
};
/* The byte behind the value's end, or NULL: not in [at, end), give what follows next.  Or the first
 * byte that cannot stand where it does: `broken` then, and there is no going on.  White space
 * before the value is passed over; a number or word ends where another byte stands, so not at
 * `end`. SL_PADDING applies. */
const char *sl_json_skip(struct sl_json_skip *skip, const char *at, const char *end);

#endif

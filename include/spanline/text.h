/*
 * Numbers, times, durations, hex, base64 and UTF-8 as text; text in the cells of a terminal and in
 * markup; and the fast scanning of text.  Nothing here depends on the locale.
 */
#ifndef SPANLINE_TEXT_H
#define SPANLINE_TEXT_H

#include "spanline/base.h"
#include <stdint.h>

#if defined(__SSE2__) && !defined(SL_PORTABLE)
#include <emmintrin.h>
#define SL_SSE2 1
#endif

/* Writers put at most this many bytes at `out` and return how many. */
#define SL_U64_TEXT    20
#define SL_I64_TEXT    20
#define SL_DOUBLE_TEXT 32
#define SL_MS_TEXT     22
#define SL_TIME_TEXT   30

/* Without the blanks and tabs around it. */
struct sl_slice sl_trim(struct sl_slice text);

/* The next item of a list with commas between, trimmed.  *list is what follows it, with data NULL
 * behind the last one.  False: there is none, as in a list that is NULL; "" has one, which is
 * empty. */
bool sl_next_item(struct sl_slice *list, struct sl_slice *item);

size_t sl_write_u64(char *out, uint64_t number);
size_t sl_write_i64(char *out, int64_t number);

/*
 * The shortest decimal that reads back as `number`, nearest to it among those (ECMAScript's
 * Number::toString digits).  With an exponent below 1e-6 and from 1e21 on, as in JSON.stringify; an
 * integral number below 1e21 ends in ".0".  `number` is finite.
 */
size_t sl_write_double(char *out, double number);

/* (end - start) / 1e6 exactly, ns as ms: at most six places, no trailing zeros ("12.345678",
 * "-0.5", "3"); from -(2^64-1) to 2^64-1 ns. */
size_t sl_write_ms(char *out, uint64_t end_ns, uint64_t start_ns);

/* RFC 3339 in UTC with nine places, "2025-04-07T09:45:12.345678901Z": always 30 bytes. */
size_t sl_write_time(char *out, uint64_t unix_ns);

/* Whole text or nothing: false where it is not such a number, or does not fit. */
bool sl_parse_u64(struct sl_slice text, uint64_t *number);
bool sl_parse_i64(struct sl_slice text, int64_t *number);
/* JSON's number grammar, at most 1,024 bytes, correctly rounded; overflow gives an infinity. */
bool sl_parse_double(struct sl_slice text, double *number);
/* RFC 3339 ("2025-04-07T09:45:12.345678901Z", "+02:00", up to nine places, 't' and ' ' allowed). */
bool sl_parse_time(struct sl_slice text, uint64_t *unix_ns);
/* Digits, at most nine of them behind a point, which are one number, `places` of it behind the
 * point.
 */
bool sl_parse_decimal(struct sl_slice text, uint64_t *digits, unsigned *places);
/* A count with an optional k, M or G in either case (powers of 1,024): "64M". */
bool sl_parse_size(struct sl_slice text, uint64_t *bytes);
/* A duration as TraceQL writes it ("250ms", "1.5s", "1h30m", "1d12h", "5ns"), in ns: no sign, what
 * is below a ns is cut off. */
bool sl_parse_duration(struct sl_slice text, int64_t *ns);
/* Appends the duration in three digits, or all that seconds take, and the unit that suits it: "1.23
 * ms", "45 ns"; with `ascii` "999 us" instead of a micro sign. */
void sl_show_duration(struct sl_buffer *out, uint64_t ns, bool ascii);

/* Lower-case hex: 2 * len bytes at `out`. */
void sl_write_hex(char *out, const void *data, size_t len);
/* len / 2 bytes at `out`; false where a character is no hex digit or len is odd. */
bool sl_parse_hex(struct sl_slice text, char *out);
/* The same for 8 bytes and 16 digits, inline.  Where it is false nothing is written. */
static inline void sl_write_hex_eight(char *out, const void *data);
static inline bool sl_parse_hex_sixteen(const char *text, char *out);

/* The same at the end of a buffer. */
void sl_buffer_add_u64(struct sl_buffer *out, uint64_t number);
void sl_buffer_add_i64(struct sl_buffer *out, int64_t number);
void sl_buffer_add_double(struct sl_buffer *out, double number);
void sl_buffer_add_ms(struct sl_buffer *out, uint64_t end_ns, uint64_t start_ns);
void sl_buffer_add_signed_ms(struct sl_buffer *out, int64_t ns);
void sl_buffer_add_time(struct sl_buffer *out, uint64_t unix_ns);
void sl_buffer_add_hex(struct sl_buffer *out, struct sl_slice bytes);
/* An id as JSON has it: hex in double quotes. */
void sl_buffer_add_id(struct sl_buffer *out, struct sl_slice id);

/* Standard alphabet with padding: 4 * ((len + 2) / 3) bytes at `out`. */
static inline size_t sl_base64_size(size_t len)
{
	return 4 * ((len + 2) / 3);
}
size_t sl_write_base64(char *out, const void *data, size_t len);
/* Both alphabets, padding whole or absent; at most 3 * (len / 4) + 2 bytes at `out`.  False where
 * it is not base64. */
bool sl_parse_base64(struct sl_slice text, char *out, size_t *len);

/* Length of the longest valid UTF-8 prefix (Unicode 15, table 3-7: no surrogates, no overlong). */
size_t sl_utf8_prefix(struct sl_slice text);
static inline bool sl_utf8_valid(struct sl_slice text)
{
	return sl_utf8_prefix(text) == text.len;
}
/* Bytes of the maximal subpart of an ill-formed sequence at the start of `text` (at least 1): what
 * one U+FFFD stands for. */
size_t sl_utf8_bad_length(struct sl_slice text);
/* The code point at the start of valid UTF-8, and its length in *len. */
uint32_t sl_utf8_decode(const char *text, size_t *len);
/* Characters that move the cursor, break lines or reorder what a person sees: C0, DEL, C1, the line
 * separators, the bidi controls and U+FEFF. */
bool sl_is_unsafe(uint32_t code);
/* At most 4 bytes at `out`; `code` is a scalar value. */
size_t sl_utf8_encode(char *out, uint32_t code);

/*
 * Text in the cells of a terminal.  A code point takes none, one or two; nothing depends on the
 * locale.  What is given is valid UTF-8, but for sl_text_show.
 */
unsigned sl_code_cells(uint32_t code);
size_t sl_text_cells(struct sl_slice text);
/* Bytes of the longest start that takes at most `cells`. */
size_t sl_text_fitting(struct sl_slice text, size_t cells);
/* Appends the text, its middle replaced by `ellipsis` where it takes more than `cells`; gives the
 * cells that were taken. */
size_t sl_text_fit(struct sl_buffer *out, struct sl_slice text, size_t cells,
		   struct sl_slice ellipsis);
/* Appends a stranger's text as it may be shown: what is unsafe as \xHH and \uHHHH, what is no UTF-8
 * as U+FFFD; with `ascii` all else that is not ASCII as '?'. */
void sl_text_show(struct sl_buffer *out, struct sl_slice text, bool ascii);
/* Appends what is safe to show (sl_text_show) as XML has it, between tags and in quotes. */
void sl_text_mark_up(struct sl_buffer *out, struct sl_slice safe);
/* The same as text that no reader of Markdown takes for anything else. */
void sl_text_mark_down(struct sl_buffer *out, struct sl_slice safe);
/* The same as a cell of comma-separated values (RFC 4180), in quotes where it needs them. */
void sl_text_cell(struct sl_buffer *out, struct sl_slice safe);
/* The same as a command of GitHub's workflows has it, "::error title=TITLE::TEXT": in its text '%'
 * has a meaning, in its title ':' and ',' too. */
void sl_text_command(struct sl_buffer *out, struct sl_slice safe, bool title);

/*
 * The SIMD door.  Each scans [at, end) and returns the first byte that it stops at, or end;
 * SL_PADDING bytes behind end may be read.
 */

/* First '"', '\\' or control byte below 0x20; *high is or-ed with 0x80 if a byte over 0x7f was
 * passed. */
const char *sl_scan_string_portable(const char *at, const char *end, unsigned *high);
/* First '"', or bracket '{' '}' '[' ']'. */
const char *sl_scan_structure_portable(const char *at, const char *end);
/* A text to look for, borrowed and not empty; two of its bytes are looked for at once. */
struct sl_literal {
	struct sl_slice text;
	size_t first, second; /* where they stand in it */
	char firsts[32], seconds[32];
	/* Whether this place is one that is meant, in what is scanned from `from` to `end`; or
	 * NULL. */
	bool (*is_meant)(const struct sl_literal *literal, const char *from, const char *at,
			 const char *end);
	/* Whether the search goes on behind the newline at `at`; or NULL: it does not. */
	bool (*goes_on)(void *context, const char *at, const char *end);
	void *context; /* borrowed */
};
struct sl_literal sl_literal_of(struct sl_slice text);
/* First place where the literal stands whole and is meant, or newline behind which the search does
 * not go on, or escape that may hide it: of ASCII without '"' and '\\' these are \u and the slash.
 */
const char *sl_scan_literal_portable(const char *at, const char *end,
				     const struct sl_literal *literal);

/* The last such byte in [at, end), or NULL; nothing else is read. */
const char *sl_find_last(const char *at, const char *end, char byte);
const char *sl_find_last_portable(const char *at, const char *end, char byte);

/*
 * The outline of JSON text, 64 bytes at a time: a bit for each, that of the first is the lowest.
 * Zeroed before the first of them, which is outside strings.
 */
enum { SL_OUTLINE_MOST = 4 };
struct sl_outline {
	uint64_t brackets[SL_OUTLINE_MOST], commas[SL_OUTLINE_MOST]; /* outside strings */
	uint64_t controls[SL_OUTLINE_MOST]; /* bytes below 0x20, wherever they stand */
	/* for what follows */
	uint64_t in_string; /* all bits: it begins in a string */
	uint64_t escaped;   /* 1: a backslash stands before it */
};
/* Of `count` times 64 bytes, which are all read. */
void sl_outline_next_portable(struct sl_outline *outline, const char *at, size_t count);

/* First newline in [at, end), or end; SL_PADDING applies. */
const char *sl_find_newline(const char *at, const char *end);

/* ASCII that a JSON string may hold as it is, and that is safe to print. */
static inline bool sl_is_plain(char byte)
{
	return (unsigned char)(byte - 0x20) < 0x5f && byte != '"' && byte != '\\';
}

/* Copies [at, end) to `to`, up to the first byte that is not plain, and returns where that is, or
 * end.  Up to 15 bytes more may be written, whatever they are. */
const char *sl_copy_plain_portable(char *to, const char *at, const char *end);

#ifdef SL_SSE2
/* With AVX2 where the processor has it. */
const char *sl_scan_literal(const char *at, const char *end, const struct sl_literal *literal);
/* The same without asking. */
const char *sl_scan_literal_sse2(const char *at, const char *end, const struct sl_literal *literal);
/* As above. */
void sl_outline_next(struct sl_outline *outline, const char *at, size_t count);
void sl_outline_next_sse2(struct sl_outline *outline, const char *at, size_t count);

static inline const char *sl_scan_string(const char *at, const char *end, unsigned *high)
{
	/* with this bit turned over, '"' follows the control bytes, and all are found at once */
	const __m128i bit = _mm_set1_epi8(0x02), last = _mm_set1_epi8(0x20);
	const __m128i slash = _mm_set1_epi8('\\');

	for (; at < end; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i turned = _mm_xor_si128(bytes, bit);
		__m128i stop = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(turned, last), turned),
					    _mm_cmpeq_epi8(bytes, slash));
		unsigned stops = (unsigned)_mm_movemask_epi8(stop);
		unsigned over = (unsigned)_mm_movemask_epi8(bytes);
		if (end - at < 16)
			stops |= 1U << (end - at); /* what is behind it does not count */
		if (stops != 0) {
			unsigned first = (unsigned)__builtin_ctz(stops);
			*high |= (over & ((1U << first) - 1)) != 0 ? 0x80 : 0;
			return at + first;
		}
		*high |= over != 0 ? 0x80 : 0;
	}
	return end;
}

/* The highest bit of each byte says that it is not plain. */
static inline __m128i sl_not_plain(__m128i bytes)
{
	__m128i stop = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
				    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
	/* control characters wrap round to the end, and all from DEL on are moved over 0x7f */
	__m128i from_space = _mm_sub_epi8(bytes, _mm_set1_epi8(0x20));

	return _mm_or_si128(stop, _mm_adds_epu8(from_space, _mm_set1_epi8(0x80 - (0x7f - 0x20))));
}

static inline const char *sl_copy_plain(char *to, const char *at, const char *end)
{
	for (; at < end; at += 16, to += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned stops = (unsigned)_mm_movemask_epi8(sl_not_plain(bytes));

		_mm_storeu_si128((__m128i *)(void *)to, bytes);
		if (stops != 0) {
			at += __builtin_ctz(stops);
			return at < end ? at : end;
		}
	}
	return end;
}

static inline const char *sl_scan_structure(const char *at, const char *end)
{
	const __m128i quote = _mm_set1_epi8('"'), bit = _mm_set1_epi8(0x20);
	const __m128i open = _mm_set1_epi8('{'), close = _mm_set1_epi8('}');

	for (; at < end; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i folded = _mm_or_si128(bytes, bit); /* '[' is '{' less 0x20 */
		__m128i stop =
			_mm_or_si128(_mm_cmpeq_epi8(folded, open), _mm_cmpeq_epi8(folded, close));
		stop = _mm_or_si128(stop, _mm_cmpeq_epi8(bytes, quote));
		unsigned stops = (unsigned)_mm_movemask_epi8(stop);
		if (stops != 0) {
			const char *first = at + __builtin_ctz(stops);
			return first < end ? first : end;
		}
	}
	return end;
}
static inline void sl_write_hex_eight(char *out, const void *data)
{
	const __m128i low_half = _mm_set1_epi8(0x0f);
	__m128i bytes = _mm_loadl_epi64((const __m128i *)data);
	__m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), low_half);
	__m128i nibbles = _mm_unpacklo_epi8(high, _mm_and_si128(bytes, low_half));
	__m128i is_letter = _mm_cmpgt_epi8(nibbles, _mm_set1_epi8(9));
	__m128i digits = _mm_add_epi8(nibbles, _mm_set1_epi8('0'));

	digits = _mm_add_epi8(digits, _mm_and_si128(is_letter, _mm_set1_epi8('a' - '0' - 10)));
	_mm_storeu_si128((__m128i *)(void *)out, digits);
}

static inline bool sl_parse_hex_sixteen(const char *text, char *out)
{
	__m128i digits = _mm_loadu_si128((const __m128i *)(const void *)text);
	__m128i folded = _mm_or_si128(digits, _mm_set1_epi8(0x20));
	/* what is below the first wraps round to a large number */
	__m128i over_nine =
		_mm_subs_epu8(_mm_sub_epi8(digits, _mm_set1_epi8('0')), _mm_set1_epi8(9));
	__m128i over_f = _mm_subs_epu8(_mm_sub_epi8(folded, _mm_set1_epi8('a')), _mm_set1_epi8(5));
	__m128i good = _mm_cmpeq_epi8(_mm_min_epu8(over_nine, over_f), _mm_setzero_si128());
	__m128i is_letter = _mm_cmpgt_epi8(digits, _mm_set1_epi8('9'));
	__m128i nibbles = _mm_add_epi8(_mm_and_si128(digits, _mm_set1_epi8(0x0f)),
				       _mm_and_si128(is_letter, _mm_set1_epi8(9)));
	/* each pair is a lane with its first digit in the lower byte, which moves next to the other
	 */
	__m128i pairs = _mm_srli_epi16(_mm_mullo_epi16(nibbles, _mm_set1_epi16(0x1001)), 8);

	if (_mm_movemask_epi8(good) != 0xffff)
		return false;
	_mm_storel_epi64((__m128i *)(void *)out, _mm_packus_epi16(pairs, pairs));
	return true;
}
#else
static inline void sl_write_hex_eight(char *out, const void *data)
{
	sl_write_hex(out, data, 8);
}

static inline bool sl_parse_hex_sixteen(const char *text, char *out)
{
	char bytes[8];
	bool good = sl_parse_hex((struct sl_slice){ text, 16 }, bytes);

	if (good)
		memcpy(out, bytes, sizeof(bytes));
	return good;
}

#define sl_scan_string	  sl_scan_string_portable
#define sl_copy_plain	  sl_copy_plain_portable
#define sl_scan_structure sl_scan_structure_portable
#define sl_scan_literal	  sl_scan_literal_portable
#define sl_outline_next	  sl_outline_next_portable
#endif

#endif

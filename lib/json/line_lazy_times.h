/* The times of a line as they are nearly always written: both in 19 digits.  Inline, and without a
 * loop, as this is done with each line whose times are asked for. */
#ifndef JSON_LINE_LAZY_TIMES_H
#define JSON_LINE_LAZY_TIMES_H

#include "line_lazy_values.h"

/* What "start" holds: 2025-04-07T09:45:12.345678901Z */
enum { START_BYTES = 30 };

/* Digits of a time in ns: in the first three, times differ after months. */
enum { TIME_DIGITS = 19, FIRST_DIGITS = 3 };

#ifdef SL_SSE2
/* The bytes at `text` are from '+' to 'Z', as those of a time: none ends a string. */
HOT bool is_time(const char *text)
{
	const __m128i first = constant(BYTE_PLUS), range = constant(BYTE_RANGE);
	__m128i a = _mm_sub_epi8(sixteen_at(text), first);
	__m128i b = _mm_sub_epi8(sixteen_at(text + START_BYTES - 16), first);
	__m128i most = _mm_max_epu8(a, b);

	return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(most, range), range)) == 0xffff;
}

/* Where the number at `at` ends, by what cannot be in one; NULL: not within 16 bytes. */
HOT const char *find_end_of_number(const char *at)
{
	__m128i bytes = sixteen_at(at);
	__m128i comma = constant(BYTE_COMMA);
	__m128i stop = _mm_or_si128(_mm_cmpeq_epi8(_mm_max_epu8(bytes, comma), comma),
				    _mm_cmpeq_epi8(bytes, constant(BYTE_BRACE)));
	unsigned stops = (unsigned)_mm_movemask_epi8(stop);

	return stops != 0 ? at + (unsigned)__builtin_ctz(stops) : NULL;
}

HOT __m128i digits_at(const char *at)
{
	return _mm_sub_epi8(sixteen_at(at), constant(BYTE_ZERO));
}

/* Four digits in each lane of 32 bits. */
HOT __m128i fours_of(__m128i digits)
{
	/* (10 * a + b) * 256 + a in each lane, of which a is dropped */
	const __m128i tens = constant(BYTE_TENS);
	const __m128i hundreds = constant(BYTE_HUNDREDS);

	return _mm_madd_epi16(_mm_srli_epi16(_mm_mullo_epi16(digits, tens), 8), hundreds);
}

HOT bool are_digits(__m128i x, __m128i y)
{
	const __m128i nine = constant(BYTE_NINE);
	__m128i most = _mm_max_epu8(x, y);

	return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(most, nine), nine)) == 0xffff;
}

/* The numbers that are said by 16 digits each. */
HOT void numbers_of(__m128i x, __m128i y, uint64_t *first, uint64_t *second)
{
	const __m128i myriads = constant(BYTE_MYRIADS);
	__m128i eights;
	uint64_t low, high;

	eights = _mm_madd_epi16(_mm_packs_epi32(fours_of(x), fours_of(y)), myriads);
	low = (uint64_t)_mm_cvtsi128_si64(eights);
	high = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(eights, eights));
	*first = (low & UINT32_MAX) * 100000000 + (low >> 32);
	*second = (high & UINT32_MAX) * 100000000 + (high >> 32);
}

/* The first digits, of which the first is not 0, in front of 16 more; 0: they are no digits. */
HOT uint64_t take_first_digits(const char *at)
{
	uint32_t a = (unsigned char)(at[0] - '0'), b = (unsigned char)(at[1] - '0');
	uint32_t c = (unsigned char)(at[2] - '0');

	if (a == 0 || a > 9 || b > 9 || c > 9)
		return 0;
	return (a * 100 + b * 10 + c) * UINT64_C(10000000000000000);
}

/* What mostly stands before a time, where the status is not needed: moves *at to "start". */
HOT bool pass_unset(const char **at)
{
	if (!is_text(*at, TEXT_STATUS) || !is_text(*at + 11, TEXT_START))
		return false;
	*at += LENGTH(",\"status\":\"unset\"");
	return true;
}

/* To the digits of "start_unix_nano", from "start", which may be at `at`; or NULL. */
HOT const char *find_usual_nanos(const char *at)
{
	const char *text = at + LENGTH(",\"start\":\"");
	const char *number = text + START_BYTES + LENGTH("\",\"duration_ms\":");

	/* one behind the other, so that little is looked at behind the end of the block */
	if (!BEGINS(at, ",\"start\":\"") || !is_time(text) ||
	    !BEGINS(text + START_BYTES, "\",\"duration_ms\":") ||
	    (*number != '-' && (*number < '0' || *number > '9')))
		return NULL;
	at = find_end_of_number(number);
	if (at == NULL || !is_text(at, TEXT_START_NANOS) ||
	    sl_load_4(at + 16) != sl_load_4("o\":\""))
		return NULL;
	return at + LENGTH(",\"start_unix_nano\":\"");
}
#endif

/* From "start", which is where *at may be, to behind "end_unix_nano".  STEP_OTHER: they are written
 * otherwise, or there are none. */
HOT enum line_step take_usual_times(struct line_lazy *lazy, const char **at)
{
#ifdef SL_SSE2
	const char *start = find_usual_nanos(*at), *end;
	uint64_t start_ns, end_ns, first;
	__m128i x, y;

	if (SL_UNLIKELY(start == NULL))
		return STEP_OTHER;
	end = start + TIME_DIGITS + LENGTH("\",\"end_unix_nano\":\"");
	x = digits_at(start);
	y = digits_at(end);
	if (!is_text(start + TIME_DIGITS, TEXT_END_NANOS) ||
	    sl_load_4(end - 4) != sl_load_4("o\":\"") || end[TIME_DIGITS] != '"' ||
	    !are_digits(x, y))
		return STEP_OTHER;
	/* most fail here, if any do */
	if (lazy->same_digits != 0 && ((unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)) &
				       lazy->same_digits) == lazy->same_digits)
		return STEP_FAILED;
	x = digits_at(start + FIRST_DIGITS);
	y = digits_at(end + FIRST_DIGITS);
	first = take_first_digits(start);
	if (first == 0 || ((sl_load_4(start) ^ sl_load_4(end)) & 0xffffff) != 0 ||
	    !are_digits(x, y))
		return STEP_OTHER;
	numbers_of(x, y, &start_ns, &end_ns);
	lazy->span.start_unix_nano = first + start_ns;
	lazy->span.end_unix_nano = first + end_ns;
	*at = end + TIME_DIGITS + 1;
	return are_wanted_times(lazy) ? STEP_ON : STEP_FAILED;
#else
	(void)lazy;
	(void)at;
	return STEP_OTHER;
#endif
}

#endif

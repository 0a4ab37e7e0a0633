/* The times of a line as they are nearly always written: both in 19 digits.  Inline, and without a
 * loop, as this is done with each line whose times are asked for. */
#ifndef JSON_LINE_LAZY_TIMES_H
#define JSON_LINE_LAZY_TIMES_H

#include "line_lazy_ids.h"

/* What "start" holds: 2025-04-07T09:45:12.345678901Z */
enum { START_BYTES = 30 };

/* Digits of a time in ns: in the first three, times differ after months. */
enum { TIME_DIGITS = 19, FIRST_DIGITS = 3 };

/* What "start_unix_nano" takes, up to its closing quote. */
enum { NANOS_BYTES = LENGTH(",\"start_unix_nano\":\"") + TIME_DIGITS };

#ifdef SL_SSE2
/* 0xff in each place where the bytes at `at` are those. */
HOT __m128i same_as(const char *at, enum line_constant which)
{
	return _mm_cmpeq_epi8(sixteen_at(at), constant(which));
}

HOT bool are_all(__m128i same)
{
	return _mm_movemask_epi8(same) == 0xffff;
}

/* 0xff for each of the bytes at `text` that is from '+' to 'Z', as those of a time: none ends a
 * string. */
HOT __m128i bytes_of_time(const char *text)
{
	const __m128i first = constant(BYTE_PLUS), range = constant(BYTE_RANGE);
	__m128i a = _mm_sub_epi8(sixteen_at(text), first);
	__m128i b = _mm_sub_epi8(sixteen_at(text + START_BYTES - 16), first);
	__m128i most = _mm_max_epu8(a, b);

	return _mm_cmpeq_epi8(_mm_max_epu8(most, range), range);
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

HOT bool are_digits(__m128i most)
{
	const __m128i nine = constant(BYTE_NINE);

	return are_all(_mm_cmpeq_epi8(_mm_max_epu8(most, nine), nine));
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

/* The number that the second has more than the first, of 16 digits each. */
HOT int64_t difference_of(__m128i x, __m128i y)
{
	const __m128i myriads = constant(BYTE_MYRIADS);
	/* with 9 more, each digit's difference is from 0 to 18, of which two still fit a byte */
	__m128i fours = fours_of(_mm_add_epi8(_mm_sub_epi8(y, x), constant(BYTE_NINE)));
	__m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), myriads);
	uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);

	return (int64_t)((both & UINT32_MAX) * 100000000 + (both >> 32)) - 9999999999999999;
}

/* The first digits, in front of 16 more. */
HOT uint64_t first_digits_of(const char *at)
{
	return (uint64_t)((at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0')) *
	       UINT64_C(10000000000000000);
}

/* What mostly stands before a time, where the status is not needed: moves *at to "start". */
HOT bool pass_unset(const char **at)
{
	if (!are_all(_mm_and_si128(same_as(*at, TEXT_STATUS), same_as(*at + 11, TEXT_START))))
		return false;
	*at += LENGTH(",\"status\":\"unset\"");
	return true;
}

/* To the digits of "start_unix_nano", behind which are 19 bytes and "end_unix_nano"; from "start",
 * which is at `at`; or NULL. */
HOT const char *find_usual_nanos(const char *at)
{
	const char *text = at + LENGTH(",\"start\":\"");
	const char *number = text + START_BYTES + LENGTH("\",\"duration_ms\":");

	/* one behind the other, so that little is looked at behind the end of the block */
	if (!are_all(_mm_and_si128(bytes_of_time(text),
				   same_as(text + START_BYTES, TEXT_DURATION))) ||
	    (*number != '-' && (*number < '0' || *number > '9')))
		return NULL;
	at = find_end_of_number(number);
	if (at == NULL ||
	    !are_all(_mm_and_si128(same_as(at, TEXT_START_NANOS),
				   same_as(at + NANOS_BYTES, TEXT_END_NANOS))) ||
	    sl_load_4(at + 16) != sl_load_4("o\":\""))
		return NULL;
	return at + LENGTH(",\"start_unix_nano\":\"");
}

/* Of digits, as numbers that compare as they do. */
HOT uint64_t order_of(const char *digits)
{
	return __builtin_bswap64(sl_load_8(digits));
}

/* The digits tell that the start is not wanted: by fewer steps than the number takes. */
HOT bool fails_start(const struct line_lazy *lazy, const char *digits)
{
	const struct line_lazy_digits *least = &lazy->least_start, *most = &lazy->most_start;
	uint64_t first = order_of(digits);

	if (first < least->first || first > most->first)
		return true;
	return (first == least->first && order_of(digits + 8) < least->second) ||
	       (first == most->first && order_of(digits + 8) > most->second);
}

/* The same of the duration, where its bound is such that first digits tell. */
HOT bool fails_duration(const struct line_lazy *lazy, __m128i x, __m128i y)
{
	unsigned same = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));

	return (same & lazy->same_digits) == lazy->same_digits;
}

/* The times whose digits are at those places; `most` is that of each of the first 16.  *at is moved
 * behind them. */
HOT enum line_step take_both_nanos(struct line_lazy *lazy, const char *start, const char *end,
				   __m128i most, const char **at)
{
	__m128i x = digits_at(start + FIRST_DIGITS), y = digits_at(end + FIRST_DIGITS);
	uint64_t start_ns, end_ns, first;
	int64_t ns;

	if (((sl_load_4(start) ^ sl_load_4(end)) & 0xffffff) != 0 ||
	    !are_digits(_mm_max_epu8(_mm_max_epu8(most, x), y)))
		return STEP_OTHER;
	ns = difference_of(x, y);
	if (ns < lazy->tests.least_ns || ns > lazy->tests.most_ns) {
		*at = end + TIME_DIGITS;
		return STEP_FAILED;
	}
	if (*start == '0')
		return STEP_OTHER;
	*at = end + TIME_DIGITS + 1;
	numbers_of(x, y, &start_ns, &end_ns);
	first = first_digits_of(start);
	lazy->span.start_unix_nano = first + start_ns;
	lazy->span.end_unix_nano = first + end_ns;
	return are_wanted_times(lazy) ? STEP_ON : STEP_FAILED;
}
#endif

/* From "start", which is at *at, to behind "end_unix_nano".  STEP_OTHER: they are written
 * otherwise, or there are none. */
HOT enum line_step take_usual_times(struct line_lazy *lazy, const char **at)
{
#ifdef SL_SSE2
	const char *start = find_usual_nanos(*at), *end;
	__m128i x, y, most;

	if (SL_UNLIKELY(start == NULL))
		return STEP_OTHER;
	x = digits_at(start);
	end = start + TIME_DIGITS + LENGTH("\",\"end_unix_nano\":\"");
	if (lazy->start_tested) {
		if (!are_digits(_mm_max_epu8(x, digits_at(start + FIRST_DIGITS))))
			return STEP_OTHER;
		if (fails_start(lazy, start)) {
			*at = start + TIME_DIGITS;
			return STEP_FAILED;
		}
	}
	y = digits_at(end);
	most = _mm_max_epu8(x, y);
	if (sl_load_4(end - 4) != sl_load_4("o\":\"") || end[TIME_DIGITS] != '"')
		return STEP_OTHER;
	if (lazy->same_digits != 0) {
		if (!are_digits(most))
			return STEP_OTHER;
		if (fails_duration(lazy, x, y)) {
			*at = start + 16; /* of the others it is not known that they are digits */
			return STEP_FAILED;
		}
	}
	return take_both_nanos(lazy, start, end, most, at);
#else
	(void)lazy;
	(void)at;
	return STEP_OTHER;
#endif
}

#ifdef SL_SSE2
/* The head up to "start", as it is mostly written; `service` is at its value then. */
HOT const char *pass_usual_names(const char *at, const char **service)
{
	size_t len;

	if (!BEGINS(at, ",\"name\":\""))
		return NULL;
	at = find_quote(at + LENGTH(",\"name\":\""));
	if (sl_load_8(at) != sl_load_8("\",\"servi") ||
	    sl_load_8(at + 5) != sl_load_8("rvice\":\""))
		return NULL;
	at += LENGTH("\",\"service\":");
	*service = at;
	at = find_quote(at + 1);
	if (sl_load_8(at) != sl_load_8("\",\"kind\"") || sl_load_4(at + 6) != sl_load_4("d\":\""))
		return NULL;
	at += LENGTH("\",\"kind\":\"");
	if (usual_kind(at, &len) < 0)
		return NULL;
	at += len + 1;
	return pass_unset(&at) ? at : NULL;
}
#endif

/* The head of a line of which only the times are needed: in fewer steps, as nothing else is taken.
 * STEP_OTHER: it is not written as most are, *at is where it was, and *service is NULL. */
HOT enum line_step take_only_times(struct line_lazy *lazy, const char **at, const char **service)
{
#ifdef SL_SSE2
	const char *next = *at, *value;
	enum line_step step = take_ids(lazy, &next);

	if (SL_UNLIKELY(step != STEP_ON))
		return STEP_OTHER;
	next = pass_usual_names(next, &value);
	if (SL_UNLIKELY(next == NULL))
		return STEP_OTHER;
	step = take_usual_times(lazy, &next);
	if (SL_UNLIKELY(step == STEP_OTHER))
		return STEP_OTHER;
	*at = next;
	*service = value;
	return step;
#else
	(void)lazy;
	(void)at;
	(void)service;
	return STEP_OTHER;
#endif
}

#endif

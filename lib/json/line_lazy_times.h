/* The times of a line as they are nearly always written: both in 19 digits.  Inline, and without a
 * loop, as this is done with each line whose times are asked for. */
#ifndef JSON_LINE_LAZY_TIMES_H
#define JSON_LINE_LAZY_TIMES_H

#include "line_lazy_early.h"

/* What "start" holds: 2025-04-07T09:45:12.345678901Z */
enum { START_BYTES = 30 };

#ifdef SL_SSE2
/* The highest bit of each byte says that it could end a string. */
static inline __m128i may_end_text(__m128i bytes)
{
	/* as in find_quote */
	__m128i turned = _mm_xor_si128(bytes, _mm_set1_epi8(0x02));
	__m128i low = _mm_min_epu8(turned, _mm_set1_epi8(0x20));

	return _mm_or_si128(_mm_cmpeq_epi8(low, turned),
			    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
}

/* Where the number at `at` ends, by what cannot be in one; NULL: not within 16 bytes. */
static inline const char *find_end_of_number(const char *at)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i comma = _mm_set1_epi8(',');
	__m128i stop = _mm_or_si128(_mm_cmpeq_epi8(_mm_max_epu8(bytes, comma), comma),
				    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('}')));
	unsigned stops = (unsigned)_mm_movemask_epi8(stop);

	return stops != 0 ? at + __builtin_ctz(stops) : NULL;
}
#endif

/* From "start" to "end_unix_nano", which is where `at` may be; NULL: they are written otherwise, or
 * there are none.  SL_PADDING is all that it may look at behind the end of the line. */
static inline const char *take_usual_times(const char *at, uint64_t *start_ns, uint64_t *end_ns)
{
#ifdef SL_SSE2
	const char *text = at + LENGTH(",\"start\":\"");
	const char *number = text + START_BYTES + LENGTH("\",\"duration_ms\":");
	__m128i first = _mm_loadu_si128((const __m128i *)(const void *)text);
	__m128i last = _mm_loadu_si128((const __m128i *)(const void *)(text + START_BYTES - 16));

	if (!BEGINS(at, ",\"start\":\"") ||
	    _mm_movemask_epi8(_mm_or_si128(may_end_text(first), may_end_text(last))) != 0 ||
	    !BEGINS(text + START_BYTES, "\",\"duration_ms\":") ||
	    (*number != '-' && (*number < '0' || *number > '9')))
		return NULL;
	at = find_end_of_number(number);
	if (at == NULL || !BEGINS(at, ",\"start_unix_nano\":\""))
		return NULL;
	at += LENGTH(",\"start_unix_nano\":\"");
	if (!sl_take_time(at, start_ns) || !BEGINS(at + 20, ",\"end_unix_nano\":\""))
		return NULL;
	at += 20 + LENGTH(",\"end_unix_nano\":\"");
	return sl_take_time(at, end_ns) ? at + 20 : NULL;
#else
	(void)at;
	(void)start_ns;
	(void)end_ns;
	return NULL;
#endif
}

#endif

/*
 * What the head of a line tells before it is read: that a test surely fails.  Inline, as it is all
 * that is done with most lines.
 */
#ifndef JSON_LINE_LAZY_EARLY_H
#define JSON_LINE_LAZY_EARLY_H

#include "line_lazy.h"

#define BEGINS(at, literal) (memcmp((at), (literal), sizeof(literal) - 1) == 0)
#define LENGTH(literal)	    (sizeof(literal) - 1)

/* 16 bytes of an id that nobody wants, and as many more, are nothing that could end a string. */
static inline bool are_plain(const char *a, const char *b)
{
#ifdef SL_SSE2
	__m128i first = _mm_loadu_si128((const __m128i *)(const void *)a);
	__m128i second = _mm_loadu_si128((const __m128i *)(const void *)b);
	__m128i slash = _mm_set1_epi8('\\'), least = _mm_set1_epi8('0');
	__m128i low = _mm_min_epu8(first, second);
	__m128i slashes = _mm_or_si128(_mm_cmpeq_epi8(first, slash), _mm_cmpeq_epi8(second, slash));
	__m128i good = _mm_andnot_si128(slashes, _mm_cmpeq_epi8(_mm_max_epu8(low, least), low));

	return _mm_movemask_epi8(good) == 0xffff;
#else
	for (size_t i = 0; i < 16; i++)
		if ((unsigned char)a[i] < '0' || a[i] == '\\' || (unsigned char)b[i] < '0' ||
		    b[i] == '\\')
			return false;
	return true;
#endif
}

/* 32 bytes and twice 16, of which none could end a string. */
static inline bool ids_are_plain(const char *trace, const char *span, const char *parent)
{
#ifdef SL_SSE2
	const __m128i slash = _mm_set1_epi8('\\'), least = _mm_set1_epi8('0');
	__m128i a = _mm_loadu_si128((const __m128i *)(const void *)trace);
	__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(trace + 16));
	__m128i c = _mm_loadu_si128((const __m128i *)(const void *)span);
	__m128i d = _mm_loadu_si128((const __m128i *)(const void *)parent);
	__m128i low = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
	__m128i slashes =
		_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(a, slash), _mm_cmpeq_epi8(b, slash)),
			     _mm_or_si128(_mm_cmpeq_epi8(c, slash), _mm_cmpeq_epi8(d, slash)));
	__m128i good = _mm_andnot_si128(slashes, _mm_cmpeq_epi8(_mm_max_epu8(low, least), low));

	return _mm_movemask_epi8(good) == 0xffff;
#else
	return are_plain(trace, trace + 16) && are_plain(span, parent);
#endif
}

/* The string whose first byte is at `at` ends at *stop, without an escape in it, and is another
 * than `text`, unless that is NULL.  (Where `exact` says what a text is, it is no UTF-8.) */
static inline bool is_another(const char *at, const char *end, struct sl_slice text,
			      const char **stop)
{
	size_t len;

	*stop = find_quote(at, end);
	len = (size_t)(*stop - at);
	if (text.data == NULL || **stop != '"')
		return false;
	return len != text.len ||
	       (len != 0 && (*at != *text.data || memcmp(at, text.data, len) != 0));
}

/* Any other name is damage: a line with one is read, so that it is told. */
static inline bool is_kind(const char *name, size_t len)
{
	switch (len) {
	case LENGTH("server"):
		return BEGINS(name, "server") || BEGINS(name, "client");
	case LENGTH("internal"):
		return BEGINS(name, "internal") || BEGINS(name, "producer") ||
		       BEGINS(name, "consumer");
	default:
		return len == LENGTH("unspecified") && BEGINS(name, "unspecified");
	}
}

static inline bool is_status(const char *name, size_t len)
{
	if (len == LENGTH("unset"))
		return BEGINS(name, "unset") || BEGINS(name, "error");
	return len == LENGTH("ok") && BEGINS(name, "ok");
}

/* The kind whose key may be at `at`: likewise. */
static inline bool is_another_kind(const char *at, const char *end, struct sl_slice text,
				   const char **stop)
{
	const char *name = at + LENGTH(",\"kind\":\"");

	*stop = at;
	return BEGINS(at, ",\"kind\":\"") && is_another(name, end, text, stop) &&
	       is_kind(name, (size_t)(*stop - name));
}

static inline bool is_another_status(const char *at, const char *end, struct sl_slice text,
				     const char **stop)
{
	const char *name = at + LENGTH(",\"status\":\"");

	*stop = at;
	if (text.data == NULL || !BEGINS(at, ",\"status\":\""))
		return false;
	*stop = name + LENGTH("unset"); /* most are */
	if (*text.data != 'u' && BEGINS(name, "unset\""))
		return true;
	return is_another(name, end, text, stop) && is_status(name, (size_t)(*stop - name));
}

/*
 * One of the tests surely fails for the line at `at`; *stop is where that was seen, perhaps behind
 * the end.  The fields are only looked at where they usually stand, one behind the other.
 */
static inline bool fails_early(const struct line_lazy *lazy, const char *at, const char *end,
			       const char **stop)
{
	const struct sl_head_tests *tests = &lazy->tests;
	const char *trace = at + LENGTH(LINE_LAZY_START);
	const char *span = trace + 32 + LENGTH("\",\"span_id\":\""), *next = span + 17;
	const char *parent = span;

	if (BEGINS(next, ",\"parent_span_id\":\"")) {
		parent = next + LENGTH(",\"parent_span_id\":\"");
		next = parent + 17;
	}
	if (SL_UNLIKELY(!BEGINS(trace + 32, "\",\"span_id\":\"") || span[16] != '"' ||
			parent[16] != '"' || !BEGINS(next, ",\"name\":\"") ||
			!ids_are_plain(trace, span, parent)))
		return false;
	if (is_another(next + LENGTH(",\"name\":\""), end, tests->name, stop))
		return true;
	next = *stop + 1;
	if (SL_UNLIKELY(**stop != '"' || !BEGINS(next, ",\"service\":\"")))
		return false;
	if (is_another(next + LENGTH(",\"service\":\""), end, tests->service, stop))
		return true;
	if (SL_UNLIKELY(**stop != '"' ||
			(lazy->kind_text.data == NULL && lazy->status_text.data == NULL)))
		return false;
	if (is_another_kind(*stop + 1, end, lazy->kind_text, stop))
		return true;
	next = **stop == '"' ? *stop + 1 : *stop;
	return is_another_status(next, end, lazy->status_text, stop);
}

#endif

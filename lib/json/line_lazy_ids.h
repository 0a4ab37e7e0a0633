/* The ids of a line, as they are nearly always written.  Inline, as this is done with each line. */
#ifndef JSON_LINE_LAZY_IDS_H
#define JSON_LINE_LAZY_IDS_H

#include "line_lazy_values.h"

/* 32 bytes and twice 16, of which none could end a string. */
HOT bool ids_are_plain(const char *trace, const char *span, const char *parent)
{
#ifdef SL_SSE2
	const __m128i least = constant(BYTE_ZERO);
	__m128i a = sixteen_at(trace);
	__m128i b = sixteen_at(trace + 16);
	__m128i c = sixteen_at(span);
	__m128i d = sixteen_at(parent);
	__m128i low = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
	/* 0x20 is in all digits and not in '\\': as the first bit, of which a mask is made */
	__m128i common = _mm_and_si128(_mm_and_si128(a, b), _mm_and_si128(c, d));
	__m128i good = _mm_and_si128(_mm_slli_epi16(common, 2),
				     _mm_cmpeq_epi8(_mm_max_epu8(low, least), low));

	return _mm_movemask_epi8(good) == 0xffff;
#else
	const char *const parts[] = { trace, trace + 16, span, parent };

	for (size_t i = 0; i < 16 * SL_COUNT(parts); i++)
		if ((unsigned char)parts[i / 16][i % 16] < '0' || parts[i / 16][i % 16] == '\\')
			return false;
	return true;
#endif
}

HOT bool is_wanted_id(const struct sl_id_test *test, const char *id, size_t size)
{
	return !test->wanted || (test->size == size && memcmp(test->bytes, id, size) == 0);
}

/* The ids that are needed; `parent` is `span` where there is none. */
HOT enum line_step take_needed_ids(struct line_lazy *lazy, const char *trace, const char *span,
				   const char *parent)
{
	if (needs(lazy, SL_NEED_TRACE_ID)) {
		if (!sl_parse_hex_sixteen(trace, lazy->trace_id) ||
		    !sl_parse_hex_sixteen(trace + 16, lazy->trace_id + 8))
			return STEP_OTHER;
		if (!is_wanted_id(&lazy->tests.trace_id, lazy->trace_id, 16))
			return STEP_FAILED;
	}
	if (needs(lazy, SL_NEED_SPAN_ID)) {
		if (!sl_parse_hex_sixteen(span, lazy->span_id))
			return STEP_OTHER;
		if (!is_wanted_id(&lazy->tests.span_id, lazy->span_id, 8))
			return STEP_FAILED;
	}
	if (!needs(lazy, SL_NEED_PARENT_SPAN_ID))
		return STEP_ON;
	lazy->span.parent_span_id = (struct sl_slice){ lazy->parent_span_id, 0 };
	if (parent == span)
		return STEP_ON; /* it may stand elsewhere */
	lazy->span.parent_span_id.len = 8;
	if (!sl_parse_hex_sixteen(parent, lazy->parent_span_id))
		return STEP_OTHER;
	return is_wanted_id(&lazy->tests.parent_span_id, lazy->parent_span_id, 8) ? STEP_ON
										  : STEP_FAILED;
}

HOT bool begins_parent(const char *at)
{
#ifdef SL_SSE2
	return is_text(at, TEXT_PARENT) && sl_load_4(at + 15) == sl_load_4("d\":\"");
#else
	return BEGINS(at, ",\"parent_span_id\":\"");
#endif
}

/* From the line's first byte to the one behind the ids. */
HOT enum line_step take_ids(struct line_lazy *lazy, const char **at)
{
	const char *trace = *at + LENGTH(LINE_LAZY_START);
	const char *span = trace + 32 + LENGTH("\",\"span_id\":\""), *next = span + 17;
	const char *parent = next + LENGTH(",\"parent_span_id\":\"");

	if (SL_LIKELY(begins_parent(next))) {
		next = parent + 17;
	} else {
		lazy->missed |= SL_NEED_PARENT_SPAN_ID;
		parent = span;
	}
	if (SL_UNLIKELY(!BEGINS(trace + 32, "\",\"span_id\":\"") || span[16] != '"' ||
			parent[16] != '"' || !ids_are_plain(trace, span, parent)))
		return STEP_OTHER;
	*at = next;
	if (!needs(lazy, SL_NEED_TRACE_ID | SL_NEED_SPAN_ID | SL_NEED_PARENT_SPAN_ID))
		return STEP_ON;
	return take_needed_ids(lazy, trace, span, parent);
}

#endif

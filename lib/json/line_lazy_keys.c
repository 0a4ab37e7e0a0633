/* One pass over the members of an object: byte by byte where that is all that can be done, else 64
 * bytes at a time, of which those are gone through that end text. */
#include "line_lazy_keys.h"
#ifdef SL_SSE2
#include <immintrin.h>
#endif

/* Notes the value of a member that is one of the keys, the first time that it is met. */
static inline void note_key(const struct sl_key_set *set, struct sl_slice key, const char *at,
			    struct places *places)
{
	size_t found = sl_key_set_find(set, key);

	if (SL_LIKELY(found == set->count) || (places->found >> found & 1) != 0)
		return;
	places->at[found] = at;
	places->found |= UINT32_C(1) << found;
}

static inline const char *pass_blanks(const struct line_lazy *lazy, const char *at)
{
	return lazy->in_any_order ? line_lazy_skip_blanks(at, lazy->end) : at;
}

static const char *walk_anywhere(const struct line_lazy *lazy, const char *at,
				 const struct sl_key_set *set, struct places *places)
{
	const char *end = lazy->end;

	if (*at != '{' || *pass_blanks(lazy, at + 1) == '}')
		return *at == '{' ? at : NULL;
	do {
		const char *quote = pass_blanks(lazy, at + 1);
		const char *start = quote + 1, *stop = find_quote(start);

		if (*quote != '"' || end - stop < 3 || *stop != '"')
			return NULL;
		at = pass_blanks(lazy, stop + 1);
		if (*at != ':')
			return NULL;
		at = pass_blanks(lazy, at + 1);
		note_key(set, (struct sl_slice){ start, (size_t)(stop - start) }, at, places);
		at = line_lazy_skip_value(at, end);
		if (at == NULL || at >= end)
			return NULL;
		at = pass_blanks(lazy, at);
	} while (*at == ',');
	return *at == '}' ? at : NULL;
}

#ifdef SL_SSE2
#define AVX2_HOT __attribute__((target("avx2"), always_inline)) static inline

enum { BLOCK_BYTES = 64 };

/* The bytes that end plain text (ends_of_text), from a place in a block on: a bit each. */
struct stops {
	const char *block;
	uint64_t left;
};

AVX2_HOT uint32_t stops_of_half(const char *at)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)at);
	__m256i turned = _mm256_xor_si256(bytes, _mm256_set1_epi8(0x02));
	__m256i low = _mm256_min_epu8(turned, _mm256_set1_epi8(0x20));
	__m256i slashes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));

	return (uint32_t)_mm256_movemask_epi8(
		_mm256_or_si256(_mm256_cmpeq_epi8(low, turned), slashes));
}

AVX2_HOT struct stops stops_from(const char *at)
{
	return (struct stops){ at, stops_of_half(at) | (uint64_t)stops_of_half(at + 32) << 32 };
}

/* There is one: the line's newline, behind which nobody asks. */
AVX2_HOT const char *next_stop(struct stops *stops)
{
	const char *at;

	while (SL_UNLIKELY(stops->left == 0))
		*stops = stops_from(stops->block + BLOCK_BYTES);
	at = stops->block + (unsigned)__builtin_ctzll(stops->left);
	stops->left &= stops->left - 1;
	return at;
}

/* The first byte up to ',', or '}': that of a comma mostly. */
AVX2_HOT const char *end_of_number(const char *at)
{
	unsigned stops = 0;

	for (;; at += 16) {
		__m128i bytes = sixteen_at(at);
		__m128i low = _mm_min_epu8(bytes, constant(BYTE_COMMA));

		stops = (unsigned)_mm_movemask_epi8(_mm_or_si128(
			_mm_cmpeq_epi8(low, bytes), _mm_cmpeq_epi8(bytes, constant(BYTE_BRACE))));
		if (SL_LIKELY(stops != 0))
			return at + (unsigned)__builtin_ctz(stops);
	}
}

/* Behind the value at `at`, or NULL. */
AVX2_HOT const char *pass_value(const char *at, const char *end, struct stops *stops)
{
	if (SL_LIKELY(*at == '"')) {
		(void)next_stop(stops);
		at = next_stop(stops);
		if (SL_LIKELY(*at == '"'))
			return at + 1;
		at = line_lazy_skip_text(at, end);
	} else if (*at >= '0' && *at <= '9') {
		return end_of_number(at);
	} else {
		at = line_lazy_skip_value(at, end);
	}
	if (at != NULL)
		*stops = stops_from(at);
	return at;
}

__attribute__((target("avx2"))) static const char *walk_avx2(const struct line_lazy *lazy,
							     const char *at,
							     const struct sl_key_set *set,
							     struct places *places)
{
	struct stops stops = stops_from(at);

	if (*at != '{' || at[1] == '}')
		return *at == '{' ? at : NULL;
	do {
		const char *quote = next_stop(&stops), *stop;

		if (quote != at + 1 || *quote != '"')
			return NULL;
		stop = next_stop(&stops);
		if (*stop != '"' || stop[1] != ':')
			return NULL;
		at = stop + 2;
		note_key(set, (struct sl_slice){ quote + 1, (size_t)(stop - quote) - 1 }, at,
			 places);
		at = pass_value(at, lazy->end, &stops);
		if (at == NULL)
			return NULL;
	} while (*at == ',');
	return *at == '}' && at < lazy->end ? at : NULL;
}
#endif

const char *line_lazy_walk_keys(const struct line_lazy *lazy, const char *at,
				const struct sl_key_set *set, struct places *places)
{
#ifdef SL_SSE2
	if (SL_LIKELY(!lazy->in_any_order && __builtin_cpu_supports("avx2")))
		return walk_avx2(lazy, at, set, places);
#endif
	return walk_anywhere(lazy, at, set, places);
}

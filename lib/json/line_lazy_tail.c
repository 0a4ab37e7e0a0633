/* What may stand behind the attributes of a line: one search for two keys, as both are asked for
 * with most lines, and mostly neither is there. */
#include "line_lazy.h"
#ifdef SL_SSE2
#include <immintrin.h>
#endif

/* Without the first quote there are fewer candidates.  Of equal length: their last quotes are found
 * by one look. */
static const char exact_key[] = "exact\"", links_key[] = "links\"";
enum { KEY_LENGTH = sizeof(exact_key) - 1, OF_EXACT = 1, OF_LINKS = 3, OF_BOTH = 5 };

/* What the candidate at `at` tells: a key, or an escape that may hide one. */
static inline unsigned judge(const char *at, const char *end)
{
	if (*at == '\\')
		return end - at > 1 && (at[1] == 'u' || at[1] == '/') ? TAIL_EXACT | TAIL_LINKS : 0;
	if (end - at < KEY_LENGTH)
		return 0;
	if (memcmp(at, exact_key, KEY_LENGTH) == 0)
		return TAIL_EXACT;
	return memcmp(at, links_key, KEY_LENGTH) == 0 ? TAIL_LINKS : 0;
}

static unsigned scan_anywhere(const char *at, const char *end)
{
	unsigned found = TAIL_KNOWN;

	for (; at < end && found != TAIL_ALL; at++)
		found |= judge(at, end);
	return found;
}

#ifdef SL_SSE2
#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i equal_at(const char *at, char byte)
{
	return _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)at),
				 _mm256_set1_epi8(byte));
}

/* 32 bytes: 0xff where a candidate begins. */
AVX2 static inline __m256i candidates_at(const char *at)
{
	__m256i any = _mm256_or_si256(equal_at(at + OF_EXACT, exact_key[OF_EXACT]),
				      equal_at(at + OF_LINKS, links_key[OF_LINKS]));

	return _mm256_or_si256(_mm256_and_si256(any, equal_at(at + OF_BOTH, '"')),
			       equal_at(at, '\\'));
}

AVX2 static inline unsigned judge_all(const char *at, const char *end, __m256i candidates)
{
	unsigned found = 0;

	for (uint32_t left = (uint32_t)_mm256_movemask_epi8(candidates); left != 0;
	     left &= left - 1) {
		const char *candidate = at + (unsigned)__builtin_ctz(left);

		if (candidate < end)
			found |= judge(candidate, end);
	}
	return found;
}

AVX2 static unsigned scan_avx2(const char *at, const char *end)
{
	unsigned found = TAIL_KNOWN;

	for (size_t left = (size_t)(end - at) / 128; left > 0 && found != TAIL_ALL;
	     left--, at += 128) {
		__m256i a = candidates_at(at), b = candidates_at(at + 32);
		__m256i c = candidates_at(at + 64), d = candidates_at(at + 96);
		__m256i any = _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d));

		if (SL_LIKELY(_mm256_testz_si256(any, any)))
			continue;
		found |= judge_all(at, end, a) | judge_all(at + 32, end, b) |
			 judge_all(at + 64, end, c) | judge_all(at + 96, end, d);
	}
	for (; at < end && found != TAIL_ALL; at += 32)
		found |= judge_all(at, end, candidates_at(at));
	return found;
}
#endif

unsigned line_lazy_scan_tail(const char *at, const char *end)
{
#ifdef SL_SSE2
	if (SL_LIKELY(__builtin_cpu_supports("avx2")))
		return scan_avx2(at, end);
#endif
	return scan_anywhere(at, end);
}

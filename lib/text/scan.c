/* The scans of text.h byte by byte: where there is no SIMD, and what it is tested against; and the
 * search for a literal. */
#include "spanline/text.h"
#ifdef SL_SSE2
#include <immintrin.h>
#endif

const char *sl_scan_string_portable(const char *at, const char *end, unsigned *high)
{
	unsigned passed = 0;

	for (; at < end; at++) {
		unsigned char byte = (unsigned char)*at;

		if (byte == '"' || byte == '\\' || byte < 0x20)
			break;
		passed |= byte;
	}
	*high |= passed & 0x80;
	return at;
}

const char *sl_copy_plain_portable(char *to, const char *at, const char *end)
{
	while (at < end && sl_is_plain(*at))
		*to++ = *at++;
	return at;
}

const char *sl_scan_structure_portable(const char *at, const char *end)
{
	for (; at < end; at++)
		if (*at == '"' || *at == '{' || *at == '}' || *at == '[' || *at == ']')
			break;
	return at;
}

/* The literal stands whole at `at`. */
static bool is_literal(const char *at, const char *end, struct sl_slice literal)
{
	return (size_t)(end - at) >= literal.len && memcmp(at, literal.data, literal.len) == 0;
}

static bool ends_search(char byte)
{
	return byte == '\\' || byte == '\n';
}

const char *sl_scan_literal_portable(const char *at, const char *end, struct sl_slice literal)
{
	for (; at < end; at++)
		if (ends_search(*at) || (*at == *literal.data && is_literal(at, end, literal)))
			break;
	return at;
}

const char *sl_find_last_portable(const char *at, const char *end, char byte)
{
	while (end > at)
		if (*--end == byte)
			return end;
	return NULL;
}

#ifdef SL_SSE2
#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i equal_at(const char *at, __m256i byte)
{
	return _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)at), byte);
}

/* From behind, four blocks at a time, to where it is not far to such a byte, or to `at`. */
AVX2 static const char *approach_last_avx2(const char *at, const char *end, char byte)
{
	const __m256i wanted = _mm256_set1_epi8(byte);

	for (; end - at >= 128; end -= 128) {
		__m256i a = equal_at(end - 32, wanted), b = equal_at(end - 64, wanted);
		__m256i c = equal_at(end - 96, wanted), d = equal_at(end - 128, wanted);
		__m256i any = _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d));

		if (_mm256_testz_si256(any, any) == 0)
			break;
	}
	return end;
}

static const char *find_last_sse2(const char *at, const char *end, char byte)
{
	const __m128i wanted = _mm_set1_epi8(byte);

	for (; end - at >= 16; end -= 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(end - 16));
		unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));

		if (found != 0)
			return end - 16 + (31 - __builtin_clz(found));
	}
	return sl_find_last_portable(at, end, byte);
}

const char *sl_find_last(const char *at, const char *end, char byte)
{
	if (__builtin_cpu_supports("avx2"))
		end = approach_last_avx2(at, end, byte);
	return find_last_sse2(at, end, byte);
}
#else
const char *sl_find_last(const char *at, const char *end, char byte)
{
	return sl_find_last_portable(at, end, byte);
}
#endif

#ifdef SL_SSE2
/* Two bytes of the literal are looked for at once, which must not be further apart than what may be
 * read behind the end. */
enum { BETWEEN = 31 };

static size_t between(struct sl_slice literal)
{
	return literal.len <= BETWEEN ? literal.len - 1 : BETWEEN;
}

/* The first of the candidates, a bit each from `at` on, that is one; NULL: none is. */
static const char *judge(const char *at, const char *end, uint64_t candidates,
			 struct sl_slice literal)
{
	for (; candidates != 0; candidates &= candidates - 1) {
		const char *candidate = at + __builtin_ctzll(candidates);

		if (candidate >= end)
			return end;
		if (ends_search(*candidate) || is_literal(candidate, end, literal))
			return candidate;
	}
	return NULL;
}

const char *sl_scan_literal_sse2(const char *at, const char *end, struct sl_slice literal)
{
	const size_t apart = between(literal);
	const __m128i first = _mm_set1_epi8(literal.data[0]);
	const __m128i second = _mm_set1_epi8(literal.data[apart]);
	const __m128i slash = _mm_set1_epi8('\\'), newline = _mm_set1_epi8('\n');

	for (; at < end; at += 16) {
		__m128i a = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(at + apart));
		__m128i both = _mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, second));
		__m128i stop = _mm_or_si128(_mm_or_si128(both, _mm_cmpeq_epi8(a, slash)),
					    _mm_cmpeq_epi8(a, newline));
		uint32_t candidates = (uint32_t)_mm_movemask_epi8(stop);
		const char *found;

		if (SL_LIKELY(candidates == 0))
			continue;
		found = judge(at, end, candidates, literal);
		if (found != NULL)
			return found;
	}
	return end;
}

/* What is looked for: two bytes of the literal, and by the lower half of a byte the one that ends
 * the search. */
struct wanted {
	__m256i first, second, ends;
	size_t apart;
};

/* 32 bytes: 0xff where a candidate begins. */
AVX2 static inline __m256i candidates_at(const char *at, const struct wanted *wanted)
{
	__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)at);
	__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(at + wanted->apart));
	__m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(a, wanted->first),
					_mm256_cmpeq_epi8(b, wanted->second));

	return _mm256_or_si256(both, _mm256_cmpeq_epi8(_mm256_shuffle_epi8(wanted->ends, a), a));
}

AVX2 static inline uint64_t mask_of(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
							     << 32;
}

AVX2 static const char *scan_literal_avx2(const char *at, const char *end, struct sl_slice literal)
{
	/* 1 in the first place: 0 itself is not looked for */
	const __m128i ends = _mm_setr_epi8(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\n', 0, '\\', 0, 0, 0);
	const struct wanted wanted = {
		.first = _mm256_set1_epi8(literal.data[0]),
		.second = _mm256_set1_epi8(literal.data[between(literal)]),
		.ends = _mm256_broadcastsi128_si256(ends),
		.apart = between(literal),
	};
	const char *found;

	for (size_t left = (size_t)(end - at) / 128; left > 0; left--, at += 128) {
		__m256i a = candidates_at(at, &wanted), b = candidates_at(at + 32, &wanted);
		__m256i c = candidates_at(at + 64, &wanted), d = candidates_at(at + 96, &wanted);
		__m256i any = _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d));

		if (SL_LIKELY(_mm256_testz_si256(any, any)))
			continue;
		found = judge(at, end, mask_of(a, b), literal);
		if (found == NULL)
			found = judge(at + 64, end, mask_of(c, d), literal);
		if (found != NULL)
			return found;
	}
	for (; at < end; at += 32) {
		found = judge(at, end, (uint32_t)_mm256_movemask_epi8(candidates_at(at, &wanted)),
			      literal);
		if (found != NULL)
			return found;
	}
	return end;
}

/* The least bytes of four blocks, and of others. */
AVX2 static inline __m256i least_of(const char *at, __m256i others)
{
	const __m256i *blocks = (const __m256i *)(const void *)at;
	__m256i a = _mm256_min_epu8(others, _mm256_loadu_si256(blocks));
	__m256i b = _mm256_min_epu8(a, _mm256_loadu_si256(blocks + 1));
	__m256i c = _mm256_min_epu8(b, _mm256_loadu_si256(blocks + 2));

	return _mm256_min_epu8(c, _mm256_loadu_si256(blocks + 3));
}

/* Eight blocks at a time, to where a newline is not far, or a byte below it, or the end. */
AVX2 static inline const char *approach_newline_avx2(const char *at, const char *end)
{
	const __m256i over = _mm256_set1_epi8('\n' + 1), ones = _mm256_set1_epi8(-1);

	for (size_t left = (size_t)(end - at) / 256; left > 0; left--, at += 256) {
		__m256i least = least_of(at + 128, least_of(at, over));

		if (!_mm256_testc_si256(_mm256_cmpeq_epi8(least, over), ones))
			break;
	}
	return at;
}

/* In any alignment: for lines this is fewer steps than memchr takes. */
AVX2 static const char *find_newline_avx2(const char *at, const char *end)
{
	const __m256i newline = _mm256_set1_epi8('\n');

	for (at = approach_newline_avx2(at, end); at < end; at += 64) {
		uint64_t found = mask_of(equal_at(at, newline), equal_at(at + 32, newline));

		if (found == 0)
			continue;
		at += (unsigned)__builtin_ctzll(found);
		return at < end ? at : end;
	}
	return end;
}

const char *sl_scan_literal(const char *at, const char *end, struct sl_slice literal)
{
	return __builtin_cpu_supports("avx2") ? scan_literal_avx2(at, end, literal)
					      : sl_scan_literal_sse2(at, end, literal);
}
#endif

const char *sl_find_newline(const char *at, const char *end)
{
	const char *newline;

#ifdef SL_SSE2
	if (SL_LIKELY(__builtin_cpu_supports("avx2")))
		return find_newline_avx2(at, end);
#endif
	newline = memchr(at, '\n', (size_t)(end - at));
	return newline != NULL ? newline : end;
}

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

/* The bytes that are looked for must not be further from the first than what may be read behind the
 * end. */
enum { FURTHEST = 31 };

/* How seldom a byte is in lines of spans: the more, the more seldom. */
static size_t seldomness(char byte)
{
	static const char often[] = "\"etsanro.:i,cdp102mu47l598-36vhgb_f/k y{}xTwESqZ";
	const char *place = memchr(often, byte, sizeof(often) - 1);

	return place != NULL ? (size_t)(place - often) : sizeof(often);
}

struct sl_literal sl_literal_of(struct sl_slice text)
{
	struct sl_literal literal = { .text = text };
	size_t count = text.len <= FURTHEST ? text.len : FURTHEST + 1;

	for (size_t i = 1; i < count; i++)
		if (seldomness(text.data[i]) > seldomness(text.data[literal.first]))
			literal.first = i;
	literal.second = literal.first == 0 ? count - 1 : 0;
	for (size_t i = 1; i < count; i++)
		if (i != literal.first &&
		    seldomness(text.data[i]) > seldomness(text.data[literal.second]))
			literal.second = i;
	memset(literal.firsts, text.data[literal.first], sizeof(literal.firsts));
	memset(literal.seconds, text.data[literal.second], sizeof(literal.seconds));
	return literal;
}

/* What is scanned. */
struct hay {
	const char *from, *end;
	const struct sl_literal *literal;
};

static inline bool ends_search(const char *at, const char *end)
{
	return *at == '\n' || (*at == '\\' && end - at > 1 && (at[1] == 'u' || at[1] == '/'));
}

/* The literal stands whole at `at`, or the search ends there. */
static inline bool is_found(const struct hay *hay, const char *at)
{
	const struct sl_literal *literal = hay->literal;
	struct sl_slice text = literal->text;

	if (*at == '\n' && literal->goes_on != NULL)
		return !literal->goes_on(literal->context, at, hay->end);
	if (*at == '\n' || *at == '\\')
		return ends_search(at, hay->end);
	return (size_t)(hay->end - at) >= text.len && *at == *text.data &&
	       memcmp(at, text.data, text.len) == 0 &&
	       (literal->is_meant == NULL || literal->is_meant(literal, hay->from, at, hay->end));
}

const char *sl_scan_literal_portable(const char *at, const char *end,
				     const struct sl_literal *literal)
{
	const struct hay hay = { at, end, literal };

	while (at < end && !is_found(&hay, at))
		at++;
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
/* The first of the candidates, a bit each from `at` on, that is one; NULL: none is. */
static inline const char *judge(const struct hay *hay, const char *at, uint64_t candidates)
{
	for (; candidates != 0; candidates &= candidates - 1) {
		const char *candidate = at + (unsigned)__builtin_ctzll(candidates);

		if (candidate >= hay->end)
			return hay->end;
		if (is_found(hay, candidate))
			return candidate;
	}
	return NULL;
}

const char *sl_scan_literal_sse2(const char *at, const char *end, const struct sl_literal *literal)
{
	const size_t left = literal->first, right = literal->second;
	const __m128i first = _mm_set1_epi8(literal->text.data[left]);
	const __m128i second = _mm_set1_epi8(literal->text.data[right]);
	const __m128i slash = _mm_set1_epi8('\\'), newline = _mm_set1_epi8('\n');
	const struct hay hay = { at, end, literal };

	for (; at < end; at += 16) {
		__m128i a = _mm_loadu_si128((const __m128i *)(const void *)(at + left));
		__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(at + right));
		__m128i c = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i both = _mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, second));
		__m128i stop = _mm_or_si128(_mm_or_si128(both, _mm_cmpeq_epi8(c, slash)),
					    _mm_cmpeq_epi8(c, newline));
		uint32_t candidates = (uint32_t)_mm_movemask_epi8(stop);
		const char *found;

		if (SL_LIKELY(candidates == 0))
			continue;
		found = judge(&hay, at, candidates);
		if (found != NULL)
			return found;
	}
	return end;
}

/* Blocks that are looked for: two bytes of the literal and, by their lower halves, the ones that
 * end the search. */
struct wanted {
	__m256i first, second, ends;
	size_t left, right;
};

AVX2 static inline __m256i block_at(const char *at)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

/* 32 bytes: 0xff where a candidate begins. */
AVX2 static inline __m256i candidates_at(const char *at, const struct wanted *wanted)
{
	__m256i both = _mm256_and_si256(equal_at(at + wanted->left, wanted->first),
					equal_at(at + wanted->right, wanted->second));
	__m256i ends = _mm256_shuffle_epi8(wanted->ends, block_at(at));

	return _mm256_or_si256(both, _mm256_cmpeq_epi8(ends, block_at(at)));
}

AVX2 static inline uint64_t mask_of(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
							     << 32;
}

AVX2 static const char *scan_literal_avx2(const char *at, const char *end,
					  const struct sl_literal *literal)
{
	/* 1 in the first place: 0 itself is not looked for */
	static const char ends[32] = {
		1, [10] = '\n', [12] = '\\', [16] = 1, [26] = '\n', [28] = '\\'
	};
	const struct wanted wanted = {
		.first = block_at(literal->firsts),
		.second = block_at(literal->seconds),
		.ends = block_at(ends),
		.left = literal->first,
		.right = literal->second,
	};
	const struct hay hay = { at, end, literal };
	const char *found;

	for (size_t left = (size_t)(end - at) / 128; left > 0; left--, at += 128) {
		__m256i a = candidates_at(at, &wanted), b = candidates_at(at + 32, &wanted);
		__m256i c = candidates_at(at + 64, &wanted), d = candidates_at(at + 96, &wanted);
		__m256i any = _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d));

		if (SL_LIKELY(_mm256_testz_si256(any, any)))
			continue;
		found = judge(&hay, at, mask_of(a, b));
		if (found == NULL)
			found = judge(&hay, at + 64, mask_of(c, d));
		if (found != NULL)
			return found;
	}
	for (; at < end; at += 32) {
		found = judge(&hay, at, (uint32_t)_mm256_movemask_epi8(candidates_at(at, &wanted)));
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

/* None of the bytes is below those of `over`, which are the most that they can be. */
AVX2 static inline bool are_all(__m256i least, __m256i over)
{
	return _mm256_movemask_epi8(_mm256_cmpeq_epi8(least, over)) == -1;
}

/* Sixteen blocks at a time, to where a newline is not far, or a byte below it, or the end. */
AVX2 static inline const char *approach_newline_avx2(const char *at, const char *end)
{
	const __m256i over = _mm256_set1_epi8('\n' + 1);

	for (size_t left = (size_t)(end - at) / 512; left > 0; left--, at += 512) {
		__m256i first = least_of(at, over), second = least_of(at + 128, first);
		__m256i third = least_of(at + 256, second);

		if (are_all(least_of(at + 384, third), over))
			continue;
		if (!are_all(second, over))
			return are_all(first, over) ? at + 128 : at;
		return are_all(third, over) ? at + 384 : at + 256;
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

const char *sl_scan_literal(const char *at, const char *end, const struct sl_literal *literal)
{
	return __builtin_cpu_supports("avx2") ? scan_literal_avx2(at, end, literal)
					      : sl_scan_literal_sse2(at, end, literal);
}
#endif

/* A function of its own, for which the other way sets nothing up. */
__attribute__((noinline)) static const char *find_newline_anywhere(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline != NULL ? newline : end;
}

const char *sl_find_newline(const char *at, const char *end)
{
#ifdef SL_SSE2
	if (SL_LIKELY(__builtin_cpu_supports("avx2")))
		return find_newline_avx2(at, end);
#endif
	return find_newline_anywhere(at, end);
}

/* The outline of JSON text: which of 64 bytes are brackets and commas outside strings. */
#include "outline.h"
#include "spanline/text.h"
#ifdef SL_SSE2
#include <immintrin.h>
#endif

/* What 64 bytes hold, in strings or not. */
struct marks {
	uint64_t quotes, slashes, controls, brackets, commas;
};

/* The bytes that a backslash takes its meaning from; they may go on in the next 64. */
static uint64_t find_escaped(struct sl_outline *outline, uint64_t slashes)
{
	uint64_t escaped = outline->escaped;

	slashes &= ~escaped;
	outline->escaped = 0;
	while (slashes != 0) {
		uint64_t slash = slashes & -slashes;

		escaped |= slash << 1;
		outline->escaped = slash >> 63;
		slashes &= ~(slash | slash << 1);
	}
	return escaped;
}

/* Each bit turns over all behind it: from a quote to the one that follows they are set. */
static uint64_t between_quotes(uint64_t quotes)
{
	quotes ^= quotes << 1;
	quotes ^= quotes << 2;
	quotes ^= quotes << 4;
	quotes ^= quotes << 8;
	quotes ^= quotes << 16;
	quotes ^= quotes << 32;
	return quotes;
}

/* Those that begin or end a string. */
static inline uint64_t true_quotes(struct sl_outline *outline, struct marks marks)
{
	if (SL_LIKELY((marks.slashes | outline->escaped) == 0))
		return marks.quotes;
	return marks.quotes & ~find_escaped(outline, marks.slashes);
}

/* `strings` are the bytes in strings, if the first is not in one. */
static inline void take_marks(struct sl_outline *outline, size_t i, struct marks marks,
			      uint64_t strings)
{
	uint64_t inside = strings ^ outline->in_string;

	outline->in_string = -(inside >> 63);
	outline->controls[i] = marks.controls;
	outline->brackets[i] = marks.brackets & ~inside;
	outline->commas[i] = marks.commas & ~inside;
}

static bool is_bracket(char byte)
{
	return byte == '{' || byte == '}' || byte == '[' || byte == ']';
}

static struct marks mark(const char *at)
{
	struct marks marks = { 0 };

	for (unsigned i = 0; i < 64; i++) {
		marks.quotes |= (uint64_t)(at[i] == '"') << i;
		marks.slashes |= (uint64_t)(at[i] == '\\') << i;
		marks.controls |= (uint64_t)((unsigned char)at[i] < 0x20) << i;
		marks.brackets |= (uint64_t)is_bracket(at[i]) << i;
		marks.commas |= (uint64_t)(at[i] == ',') << i;
	}
	return marks;
}

void sl_outline_next_portable(struct sl_outline *outline, const char *at, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct marks marks = mark(at + 64 * i);

		take_marks(outline, i, marks, between_quotes(true_quotes(outline, marks)));
	}
}

#ifdef SL_SSE2
static inline uint64_t equal_sse2(__m128i bytes, char byte)
{
	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)));
}

static inline struct marks mark_sse2(const char *at)
{
	const __m128i last = _mm_set1_epi8(0x1f), bit = _mm_set1_epi8(0x20);
	struct marks marks = { 0 };

	for (unsigned i = 0; i < 64; i += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
		__m128i folded = _mm_or_si128(bytes, bit); /* '[' is '{' less 0x20 */
		__m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last), bytes);

		marks.quotes |= equal_sse2(bytes, '"') << i;
		marks.slashes |= equal_sse2(bytes, '\\') << i;
		marks.controls |= (uint64_t)(uint32_t)_mm_movemask_epi8(control) << i;
		marks.brackets |= (equal_sse2(folded, '{') | equal_sse2(folded, '}')) << i;
		marks.commas |= equal_sse2(bytes, ',') << i;
	}
	return marks;
}

void sl_outline_next_sse2(struct sl_outline *outline, const char *at, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct marks marks = mark_sse2(at + 64 * i);

		take_marks(outline, i, marks, between_quotes(true_quotes(outline, marks)));
	}
}

/* With PCLMULQDQ, which came before it. */
#define AVX2 __attribute__((target("avx2,pclmul")))

/* As between_quotes: without carries, a product with -1 is what the shifts amount to. */
AVX2 static inline uint64_t between_quotes_avx2(uint64_t quotes)
{
	__m128i bits = _mm_cvtsi64_si128((int64_t)quotes);

	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(bits, _mm_set1_epi8(-1), 0));
}

AVX2 static inline uint64_t mask_avx2(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
							     << 32;
}

AVX2 static inline __m256i constant_avx2(const char *bytes)
{
	return _mm256_load_si256((const __m256i *)(const void *)bytes);
}

AVX2 static inline uint64_t equal_avx2(__m256i low, __m256i high, const char *bytes)
{
	const __m256i wanted = constant_avx2(bytes);

	return mask_avx2(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

/* '{' and '}', and what is less by 0x20. */
AVX2 static inline __m256i brackets_avx2(__m256i bytes)
{
	__m256i folded = _mm256_or_si256(bytes, constant_avx2(outline_constants.bit));
	__m256i opening = _mm256_cmpeq_epi8(folded, constant_avx2(outline_constants.opening));

	return _mm256_or_si256(opening,
			       _mm256_cmpeq_epi8(folded, constant_avx2(outline_constants.closing)));
}

AVX2 static inline __m256i controls_avx2(__m256i bytes)
{
	__m256i last = constant_avx2(outline_constants.last);

	return _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, last), bytes);
}

AVX2 static inline struct marks mark_avx2(const char *at)
{
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));

	return (struct marks){
		.quotes = equal_avx2(low, high, outline_constants.quote),
		.slashes = equal_avx2(low, high, outline_constants.slash),
		.controls = mask_avx2(controls_avx2(low), controls_avx2(high)),
		.brackets = mask_avx2(brackets_avx2(low), brackets_avx2(high)),
		.commas = equal_avx2(low, high, outline_constants.comma),
	};
}

AVX2 static void next_avx2(struct sl_outline *outline, const char *at, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct marks marks = mark_avx2(at + 64 * i);

		take_marks(outline, i, marks, between_quotes_avx2(true_quotes(outline, marks)));
	}
}

void sl_outline_next(struct sl_outline *outline, const char *at, size_t count)
{
	if (SL_LIKELY(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul")))
		next_avx2(outline, at, count);
	else
		sl_outline_next_sse2(outline, at, count);
}
#endif

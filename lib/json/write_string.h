/* JSON strings out: a copy that checks while it copies, and the careful way for the rest. */
#ifndef JSON_WRITE_STRING_H
#define JSON_WRITE_STRING_H

#include "spanline/text.h"

#ifdef SL_SSE2
static inline __m128i copy_sixteen(char *to, const char *from)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)from);

	_mm_storeu_si128((__m128i *)(void *)to, bytes);
	return sl_not_plain(bytes);
}

/* Fewer than 16 bytes, as two halves that overlap. */
__attribute__((always_inline)) static inline __m128i copy_few(char *to, const char *from,
							      size_t len)
{
	uint64_t low, high;
	uint32_t first, last;

	if (len >= 8) {
		memcpy(&low, from, 8);
		memcpy(&high, from + len - 8, 8);
		memcpy(to, &low, 8);
		memcpy(to + len - 8, &high, 8);
		return sl_not_plain(_mm_set_epi64x((int64_t)low, (int64_t)high));
	}
	if (len >= 4) {
		memcpy(&first, from, 4);
		memcpy(&last, from + len - 4, 4);
		memcpy(to, &first, 4);
		memcpy(to + len - 4, &last, 4);
		low = (uint64_t)first << 32 | last;
		return sl_not_plain(_mm_set1_epi64x((int64_t)low));
	}
	first = (uint32_t)0x20202020;
	for (size_t i = 0; i < len; i++) {
		to[i] = from[i];
		first = first << 8 | (unsigned char)from[i];
	}
	return sl_not_plain(_mm_set1_epi32((int32_t)first));
}

/* Of its highest bits any says that some byte is special. */
typedef __m128i specials;

/* Copies `len` bytes and adds to what is known of them.  Reads and writes nothing beyond them. */
__attribute__((always_inline)) static inline specials copy_checked(char *to, const char *from,
								   size_t len, specials found)
{
	if (len < 16)
		return _mm_or_si128(found, copy_few(to, from, len));
	found = _mm_or_si128(found, copy_sixteen(to, from));
	for (size_t at = 16; at + 16 < len; at += 16)
		found = _mm_or_si128(found, copy_sixteen(to + at, from + at));
	return _mm_or_si128(found, copy_sixteen(to + len - 16, from + len - 16));
}

static inline specials no_specials(void)
{
	return _mm_setzero_si128();
}

static inline bool is_all_plain(specials found)
{
	return _mm_movemask_epi8(found) == 0;
}

/* Over blocks in which nothing is special. */
static inline const char *skip_plain_blocks(const char *at, const char *end)
{
	while (end - at >= 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned special = (unsigned)_mm_movemask_epi8(sl_not_plain(bytes));

		if (special != 0)
			return at + __builtin_ctz(special);
		at += 16;
	}
	return at;
}
#else
static inline const char *skip_plain_blocks(const char *at, const char *end)
{
	(void)end;
	return at;
}

typedef unsigned specials;

static inline specials copy_checked(char *to, const char *from, size_t len, specials found)
{
	for (size_t i = 0; i < len; i++) {
		to[i] = from[i];
		found |= !sl_is_plain(from[i]);
	}
	return found;
}

static inline specials no_specials(void)
{
	return 0;
}

static inline bool is_all_plain(specials found)
{
	return found == 0;
}
#endif

/* The first byte that is not plain, or end. */
static inline const char *skip_plain(const char *at, const char *end)
{
	at = skip_plain_blocks(at, end);
	while (at < end && sl_is_plain(*at))
		at++;
	return at;
}

/* sl_json_write_string for text that has to be looked at. */
bool write_string_carefully(struct sl_buffer *out, struct sl_slice text);

/* sl_json_write_string, inline. */
static inline bool write_string(struct sl_buffer *out, struct sl_slice text)
{
	char *at = sl_buffer_reserve(out, text.len + 2);

	if (SL_UNLIKELY(at == NULL))
		return true;
	if (SL_UNLIKELY(!is_all_plain(copy_checked(at + 1, text.data, text.len, no_specials()))))
		return write_string_carefully(out, text);
	at[0] = '"';
	at[text.len + 1] = '"';
	out->len += text.len + 2;
	return true;
}

/* Valid UTF-8 without escapes: what the JSON text of write_string reads as. */
void write_replaced(struct sl_buffer *out, struct sl_slice text);

#endif

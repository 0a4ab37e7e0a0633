/* Decimal digits: written two at a time, taken off the start of a text. */
#ifndef TEXT_DIGITS_H
#define TEXT_DIGITS_H

#include "spanline/text.h"

/* "00" to "99". */
extern const char digit_pairs[200];
/* All that fit. */
extern const uint64_t powers_of_ten[20];

static inline bool is_digit(char byte)
{
	return (unsigned char)(byte - '0') <= 9;
}

/* The digits that `text` begins with, perhaps none; *text is what follows. */
static inline struct sl_slice take_digits(struct sl_slice *text)
{
	struct sl_slice digits = { text->data, 0 };

	while (digits.len < text->len && is_digit(text->data[digits.len]))
		digits.len++;
	*text = (struct sl_slice){ text->data + digits.len, text->len - digits.len };
	return digits;
}

static inline bool take_byte(struct sl_slice *text, char byte)
{
	if (text->len == 0 || text->data[0] != byte)
		return false;
	*text = (struct sl_slice){ text->data + 1, text->len - 1 };
	return true;
}

/* `number` is below 100. */
static inline void put_two(char *out, uint32_t number)
{
	memcpy(out, digit_pairs + (size_t)number * 2, 2);
}

static inline void put_four(char *out, uint32_t number)
{
	put_two(out, number / 100);
	put_two(out + 2, number % 100);
}

/* `number` is below 10^8. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* All eight at once: two lanes of four digits become four of two, then eight of one, by multiplying
 * with reciprocals that are exact for so few digits. */
static inline void put_eight(char *out, uint32_t number)
{
	uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
	uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
	uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
	uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
	uint64_t ones = tens | (twos - tens * 10) << 8;

	ones |= UINT64_C(0x3030303030303030);
	memcpy(out, &ones, sizeof(ones));
}
#else
static inline void put_eight(char *out, uint32_t number)
{
	put_four(out, number / 10000);
	put_four(out + 4, number % 10000);
}
#endif

/* `number` is below 10^16. */
#ifdef SL_SSE2
/* All sixteen at once, in the same way: a multiplication takes the high half of lanes that are each
 * twice as wide as what it leaves. */
static inline void put_sixteen(char *out, uint64_t number)
{
	const uint32_t half = 100000000;
	__m128i eights = _mm_set_epi64x((int64_t)(number % half), (int64_t)(number / half));
	__m128i high = _mm_srli_epi64(_mm_mul_epu32(eights, _mm_set1_epi64x(0xd1b71759)), 45);
	__m128i low = _mm_sub_epi32(eights, _mm_mul_epu32(high, _mm_set1_epi64x(10000)));
	__m128i fours = _mm_or_si128(high, _mm_slli_epi64(low, 32));

	high = _mm_srli_epi16(_mm_mulhi_epu16(fours, _mm_set1_epi32(5243)), 3);
	low = _mm_sub_epi16(fours, _mm_mullo_epi16(high, _mm_set1_epi32(100)));
	__m128i twos = _mm_or_si128(high, _mm_slli_epi32(low, 16));

	high = _mm_mulhi_epu16(twos, _mm_set1_epi16(6554));
	low = _mm_sub_epi16(twos, _mm_mullo_epi16(high, _mm_set1_epi16(10)));
	__m128i ones = _mm_or_si128(high, _mm_slli_epi16(low, 8));

	_mm_storeu_si128((__m128i *)(void *)out, _mm_add_epi8(ones, _mm_set1_epi8('0')));
}
#else
static inline void put_sixteen(char *out, uint64_t number)
{
	put_eight(out, (uint32_t)(number / 100000000));
	put_eight(out + 8, (uint32_t)(number % 100000000));
}
#endif

#endif

/* Bytes as hex digits and back. */
#include "spanline/text.h"

#ifdef SL_SSE2
/* Sixteen nibbles as lower-case digits. */
static __m128i nibble_digits(__m128i nibbles)
{
	__m128i is_letter = _mm_cmpgt_epi8(nibbles, _mm_set1_epi8(9));
	__m128i digits = _mm_add_epi8(nibbles, _mm_set1_epi8('0'));

	return _mm_add_epi8(digits, _mm_and_si128(is_letter, _mm_set1_epi8('a' - '0' - 10)));
}

/* Eight bytes as sixteen digits. */
static void put_eight_bytes(char *out, const unsigned char *data)
{
	const __m128i low_half = _mm_set1_epi8(0x0f);
	__m128i bytes = _mm_loadl_epi64((const __m128i *)(const void *)data);
	__m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), low_half);
	__m128i low = _mm_and_si128(bytes, low_half);

	_mm_storeu_si128((__m128i *)(void *)out, nibble_digits(_mm_unpacklo_epi8(high, low)));
}

/* Sixteen digits as eight bytes; false where one is no digit, and then nothing is written. */
static bool take_sixteen_digits(char *out, const char *text)
{
	__m128i digits = _mm_loadu_si128((const __m128i *)(const void *)text);
	__m128i folded = _mm_or_si128(digits, _mm_set1_epi8(0x20));
	/* unsigned "at most" by min: what is below the first wraps round to a large number */
	__m128i number = _mm_sub_epi8(digits, _mm_set1_epi8('0'));
	__m128i letter = _mm_sub_epi8(folded, _mm_set1_epi8('a'));
	__m128i is_number = _mm_cmpeq_epi8(_mm_min_epu8(number, _mm_set1_epi8(9)), number);
	__m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);

	if (_mm_movemask_epi8(_mm_or_si128(is_number, is_letter)) != 0xffff)
		return false;
	letter = _mm_add_epi8(letter, _mm_set1_epi8(10));
	__m128i nibbles =
		_mm_or_si128(_mm_and_si128(is_number, number), _mm_and_si128(is_letter, letter));
	/* each pair is a 16-bit lane with its first digit in the lower byte */
	__m128i pairs = _mm_or_si128(_mm_slli_epi16(nibbles, 4), _mm_srli_epi16(nibbles, 8));
	pairs = _mm_and_si128(pairs, _mm_set1_epi16(0xff));
	_mm_storel_epi64((__m128i *)(void *)out, _mm_packus_epi16(pairs, pairs));
	return true;
}
#endif

void sl_write_hex(char *out, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *at = data;

#ifdef SL_SSE2
	for (; len >= 8; len -= 8, at += 8, out += 16)
		put_eight_bytes(out, at);
#endif
	for (; len > 0; len--, at++) {
		*out++ = digits[*at >> 4];
		*out++ = digits[*at & 0x0f];
	}
}

/* What a digit stands for, plus one; 0: no digit. */
static const unsigned char digit_values[256] = {
	['0'] = 1,  ['1'] = 2,	['2'] = 3,  ['3'] = 4,	['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

bool sl_parse_hex(struct sl_slice text, char *out)
{
	const char *at = text.data;
	size_t left = text.len;

	if (left % 2 != 0)
		return false;
#ifdef SL_SSE2
	for (; left >= 16; left -= 16, at += 16, out += 8)
		if (!take_sixteen_digits(out, at))
			return false;
#endif
	for (; left > 0; left -= 2, at += 2) {
		unsigned high = digit_values[(unsigned char)at[0]];
		unsigned low = digit_values[(unsigned char)at[1]];

		if (high == 0 || low == 0)
			return false;
		*out++ = (char)((high - 1) << 4 | (low - 1));
	}
	return true;
}

/* Bytes as hex digits and back. */
#include "spanline/text.h"

void sl_write_hex(char *out, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *at = data;

#ifdef SL_SSE2
	for (; len >= 8; len -= 8, at += 8, out += 16)
		sl_write_hex_eight(out, at);
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
		if (!sl_parse_hex_sixteen(at, out))
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

/* Base64 (RFC 4648): written with the standard alphabet and padding, read in both alphabets. */
#include "spanline/text.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t sl_write_base64(char *out, const void *data, size_t len)
{
	const unsigned char *at = data;
	char *start = out;

	for (; len >= 3; len -= 3, at += 3, out += 4) {
		out[0] = alphabet[at[0] >> 2];
		out[1] = alphabet[(at[0] & 0x03) << 4 | at[1] >> 4];
		out[2] = alphabet[(at[1] & 0x0f) << 2 | at[2] >> 6];
		out[3] = alphabet[at[2] & 0x3f];
	}
	if (len > 0) {
		unsigned second = len > 1 ? at[1] : 0;

		out[0] = alphabet[at[0] >> 2];
		out[1] = alphabet[(at[0] & 0x03U) << 4 | second >> 4];
		out[2] = '=';
		if (len > 1)
			out[2] = alphabet[(second & 0x0f) << 2];
		out[3] = '=';
		out += 4;
	}
	return (size_t)(out - start);
}

/* What a character of either alphabet stands for, plus one; 0: of neither. */
static const unsigned char values[256] = {
	['A'] = 1,  ['B'] = 2,	['C'] = 3,  ['D'] = 4,	['E'] = 5,  ['F'] = 6,	['G'] = 7,
	['H'] = 8,  ['I'] = 9,	['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14,
	['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21,
	['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28,
	['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35,
	['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
	['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,
	['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
	['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
	['/'] = 64, ['-'] = 63, ['_'] = 64,
};

/* The `count` characters (2 to 4) at `at` as the upper bits of 24; false where one is of neither
 * alphabet. */
static bool take_group(const char *at, size_t count, uint32_t *bits)
{
	*bits = 0;
	for (size_t i = 0; i < count; i++) {
		uint32_t value = values[(unsigned char)at[i]];

		if (value == 0)
			return false;
		*bits |= (value - 1) << (18 - 6 * i);
	}
	return true;
}

bool sl_parse_base64(struct sl_slice text, char *out, size_t *len)
{
	const char *at = text.data;
	size_t left = text.len;
	char *start = out;
	uint32_t bits;

	/* padding fills the last group of four, or is not there */
	if (left > 0 && left % 4 == 0 && at[left - 1] == '=')
		left -= at[left - 2] == '=' ? 2 : 1;
	for (; left >= 4; left -= 4, at += 4, out += 3) {
		if (!take_group(at, 4, &bits))
			return false;
		out[0] = (char)(bits >> 16);
		out[1] = (char)(bits >> 8);
		out[2] = (char)bits;
	}
	if (left > 0) {
		if (left == 1 || !take_group(at, left, &bits))
			return false;
		*out++ = (char)(bits >> 16);
		if (left == 3)
			*out++ = (char)(bits >> 8);
	}
	*len = (size_t)(out - start);
	return true;
}

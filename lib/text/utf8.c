/*
 * UTF-8 as Unicode 15, table 3-7 has it:
 *
 *     00..7F
 *     C2..DF  80..BF
 *     E0      A0..BF  80..BF
 *     E1..EC  80..BF  80..BF          also EE..EF
 *     ED      80..9F  80..BF
 *     F0      90..BF  80..BF  80..BF
 *     F1..F3  80..BF  80..BF  80..BF
 *     F4      80..8F  80..BF  80..BF
 */
#include "spanline/text.h"

/* What may follow a leading byte. */
struct sequence {
	unsigned char len;	 /* 0: no leading byte */
	unsigned char low, high; /* bounds of the second byte */
};

static struct sequence sequence_of(unsigned char lead)
{
	if (lead < 0xc2 || lead > 0xf4)
		return (struct sequence){ 0, 0, 0 };
	if (lead < 0xe0)
		return (struct sequence){ 2, 0x80, 0xbf };
	if (lead < 0xf0)
		return (struct sequence){ 3, lead == 0xe0 ? 0xa0 : 0x80,
					  lead == 0xed ? 0x9f : 0xbf };
	return (struct sequence){ 4, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf };
}

/* How many bytes at `at` (of which there is at least one, not ASCII) agree with the table; *whole
 * if they are a code point. */
static size_t match(const unsigned char *at, const unsigned char *end, bool *whole)
{
	struct sequence sequence = sequence_of(*at);
	size_t room = (size_t)(end - at), len = 1;

	*whole = false;
	if (sequence.len == 0 || room < 2 || at[1] < sequence.low || at[1] > sequence.high)
		return sequence.len != 0;
	for (len = 2; len < sequence.len; len++)
		if (len == room || (at[len] & 0xc0) != 0x80)
			return len;
	*whole = true;
	return len;
}

/* Of up to 15 bytes, which most texts are; loads may overlap. */
static bool is_short_ascii(const unsigned char *at, size_t len)
{
	uint64_t first = 0, last = 0;
	size_t part = len >= 8 ? 8 : len >= 4 ? 4 : len >= 2 ? 2 : len;

	switch (part) {
	case 8:
		memcpy(&first, at, 8);
		memcpy(&last, at + len - 8, 8);
		break;
	case 4:
		memcpy(&first, at, 4);
		memcpy(&last, at + len - 4, 4);
		break;
	case 2:
		memcpy(&first, at, 2);
		memcpy(&last, at + len - 2, 2);
		break;
	case 1:
		first = *at;
		break;
	default:
		break;
	}
	return ((first | last) & UINT64_C(0x8080808080808080)) == 0;
}

static const unsigned char *skip_ascii(const unsigned char *at, const unsigned char *end)
{
#ifdef SL_SSE2
	for (; end - at >= 16; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned over = (unsigned)_mm_movemask_epi8(bytes);

		if (over != 0)
			return at + __builtin_ctz(over);
	}
#endif
	if (end - at < 16 && is_short_ascii(at, (size_t)(end - at)))
		return end;
	while (at < end && *at < 0x80)
		at++;
	return at;
}

size_t sl_utf8_prefix(struct sl_slice text)
{
	const unsigned char *start = (const unsigned char *)text.data, *at = start;
	const unsigned char *end;
	bool whole = true;

	if (text.len == 0)
		return 0;
	end = start + text.len;
	while ((at = skip_ascii(at, end)) < end) {
		/* what is not ASCII seldom stands alone */
		do {
			size_t len = match(at, end, &whole);

			if (!whole)
				return (size_t)(at - start);
			at += len;
		} while (at < end && *at >= 0x80);
	}
	return text.len;
}

size_t sl_utf8_bad_length(struct sl_slice text)
{
	const unsigned char *at = (const unsigned char *)text.data;
	bool whole;
	size_t len = match(at, at + text.len, &whole);

	return len == 0 ? 1 : len;
}

uint32_t sl_utf8_decode(const char *text, size_t *len)
{
	const unsigned char *at = (const unsigned char *)text;

	if (at[0] < 0x80) {
		*len = 1;
		return at[0];
	}
	if (at[0] < 0xe0) {
		*len = 2;
		return (at[0] & 0x1fU) << 6 | (at[1] & 0x3fU);
	}
	if (at[0] < 0xf0) {
		*len = 3;
		return (at[0] & 0x0fU) << 12 | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU);
	}
	*len = 4;
	return (at[0] & 0x07U) << 18 | (at[1] & 0x3fU) << 12 | (at[2] & 0x3fU) << 6 |
	       (at[3] & 0x3fU);
}

size_t sl_utf8_encode(char *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

bool sl_is_unsafe(uint32_t code)
{
	if (code < 0xa0)
		return code < 0x20 || code >= 0x7f;
	if (code < 0x2000)
		return code == 0x61c;
	return code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

/* Hashing of short byte strings, and their order. */
#include "spanline/base.h"

int sl_slice_compare(struct sl_slice a, struct sl_slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common == 0 ? 0 : memcmp(a.data, b.data, common);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

/* Less than 8 bytes as the lowest of a word.  A copy of so many as there happen to be is a call. */
static inline uint64_t short_word(const unsigned char *at, size_t len)
{
	uint32_t first, last;

	if (len >= 4) {
		memcpy(&first, at, 4);
		memcpy(&last, at + len - 4, 4);
		return first | (uint64_t)last << (8 * (len - 4));
	}
	if (len == 0)
		return 0;
	return at[0] | (uint64_t)at[len / 2] << (8 * (len / 2)) |
	       (uint64_t)at[len - 1] << (8 * (len - 1));
}

uint64_t sl_hash64(const void *data, size_t len, uint64_t seed)
{
	const unsigned char *at = data;
	uint64_t hash = sl_hash_mix(seed ^ (len * UINT64_C(0x9e3779b97f4a7c15)));
	uint64_t word;

	for (; len >= 8; at += 8, len -= 8) {
		memcpy(&word, at, 8);
		hash = sl_hash_mix(hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	}
	return sl_hash_mix(hash ^ short_word(at, len));
}

/* Two words at a time, which do not wait for each other. */
uint64_t sl_text_hash(struct sl_slice text, uint64_t seed)
{
	const uint64_t one = UINT64_C(0x9e3779b97f4a7c15), other = UINT64_C(0xc2b2ae3d27d4eb4f);
	const unsigned char *at = (const unsigned char *)text.data;
	uint64_t left = seed ^ text.len * other, right = seed + one, words[2];
	size_t len = text.len;

	for (; len >= 16; at += 16, len -= 16) {
		memcpy(words, at, 16);
		left = (left ^ words[0]) * one;
		right = (right ^ words[1]) * other;
		left ^= left >> 29;
		right ^= right >> 31;
	}
	if (len >= 8) {
		memcpy(words, at, 8);
		right = (right ^ words[0]) * other;
		right ^= right >> 31;
		at += 8;
		len -= 8;
	}
	left = (left ^ short_word(at, len)) * one;
	return sl_hash_mix(left ^ (right << 32 | right >> 32));
}

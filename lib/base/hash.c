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

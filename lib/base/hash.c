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

uint64_t sl_hash64(const void *data, size_t len, uint64_t seed)
{
	const unsigned char *at = data;
	uint64_t hash = sl_hash_mix(seed ^ (len * UINT64_C(0x9e3779b97f4a7c15)));
	uint64_t word;

	for (; len >= 8; at += 8, len -= 8) {
		memcpy(&word, at, 8);
		hash = sl_hash_mix(hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	}
	word = 0;
	if (len > 0)
		memcpy(&word, at, len);
	return sl_hash_mix(hash ^ word);
}

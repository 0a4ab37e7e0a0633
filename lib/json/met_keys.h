/* Whether a key of a list of attributes has been there before. */
#ifndef JSON_MET_KEYS_H
#define JSON_MET_KEYS_H

#include "spanline/span.h"

/* Longer lists are looked at otherwise. */
enum { FEW_KEYS = 32, PLACE_BITS = 8, PLACE_MASK = (1 << PLACE_BITS) - 1 };

struct met_keys {
	unsigned char places[PLACE_MASK + 1]; /* indices + 1 into `keys`, by hash */
	size_t count;
	struct sl_slice keys[FEW_KEYS];
};

static inline void meet_none(struct met_keys *met)
{
	memset(met->places, 0, sizeof(met->places));
	met->count = 0;
}

/* Where a key is looked for: by its ends and its length, which is where keys differ. */
static inline size_t first_place(struct sl_slice key)
{
	uint64_t first, last = 0;

	if (SL_LIKELY(key.len >= 8)) {
		memcpy(&first, key.data, 8);
		memcpy(&last, key.data + key.len - 8, 8);
	} else {
		first = 0;
		for (size_t i = 0; i < key.len; i++)
			first = first << 8 | (unsigned char)key.data[i];
	}
	first = ((first + key.len) * 31 + last) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(first >> (64 - PLACE_BITS));
}

/* Adds a key, of FEW_KEYS at most; false: it has been there before. */
static inline bool meet_key(struct met_keys *met, struct sl_slice key)
{
	size_t at = first_place(key);

	for (; SL_UNLIKELY(met->places[at] != 0); at = (at + 1) & PLACE_MASK)
		if (sl_slice_equal(met->keys[met->places[at] - 1], key))
			return false;
	met->keys[met->count++] = key;
	met->places[at] = (unsigned char)met->count;
	return true;
}

/* True if a key stands twice in the list, of any length; linear in it.  Where there is no memory to
 * tell, the answer is true, too. */
bool keys_repeat(struct sl_attributes attributes);

#endif

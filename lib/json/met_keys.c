/* Keys that repeat in lists of any length. */
#include "met_keys.h"
#include <stdlib.h>

static bool repeat_in_few(struct sl_attributes attributes)
{
	struct met_keys met;

	meet_none(&met);
	for (size_t i = 0; i < attributes.count; i++)
		if (!meet_key(&met, attributes.items[i].key))
			return true;
	return false;
}

/*
 * Puts every key into an open table of indices + 1; true at the first that is there already.
 * The seed keeps a stranger from choosing keys that all fall together.
 */
static bool repeat_in_table(struct sl_attributes attributes, uint32_t *slots, size_t mask)
{
	uint64_t seed = (uint64_t)(uintptr_t)attributes.items;

	for (size_t i = 0; i < attributes.count; i++) {
		struct sl_slice key = attributes.items[i].key;
		size_t at = (size_t)sl_hash64(key.data, key.len, seed) & mask;

		for (; slots[at] != 0; at = (at + 1) & mask)
			if (sl_slice_equal(attributes.items[slots[at] - 1].key, key))
				return true;
		slots[at] = (uint32_t)i + 1;
	}
	return false;
}

bool keys_repeat(struct sl_attributes attributes)
{
	size_t size = (size_t)4 * FEW_KEYS;
	uint32_t *slots;
	bool repeat;

	if (attributes.count <= FEW_KEYS)
		return repeat_in_few(attributes);
	while (size / 2 < attributes.count)
		size *= 2;
	slots = attributes.count < UINT32_MAX ? calloc(size, sizeof(*slots)) : NULL;
	if (slots == NULL)
		return true; /* the careful answer: a writer then spells out the list */
	repeat = repeat_in_table(attributes, slots, size - 1);
	free(slots);
	return repeat;
}

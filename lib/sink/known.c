/* Names by their hashes, their bytes in one buffer. */
#include "known.h"
#include <stdlib.h>

static bool add(struct known *known, uint64_t hash, size_t parent, struct sl_slice name)
{
	size_t at = known->names.len;

	sl_buffer_add_slice(&known->names, name);
	if (known->names.failed || known->count >= UINT32_MAX ||
	    !sl_array_reserve((void **)&known->items, &known->capacity, known->count + 1,
			      sizeof(*known->items)) ||
	    !sl_index_add(&known->index, hash, (uint32_t)known->count + 1))
		return false;
	known->items[known->count++] = (struct known_item){ parent, at, name.len };
	return true;
}

size_t known_find(struct known *known, size_t parent, struct sl_slice name, bool *is_new)
{
	uint64_t hash = sl_hash64(name.data, name.len, parent);
	uint32_t number;

	*is_new = false;
	for (size_t at = 0; (number = sl_index_next(&known->index, hash, &at)) != 0;) {
		const struct known_item *item = &known->items[number - 1];
		struct sl_slice there = { known->names.data + item->at, item->len };

		if (item->parent == parent && sl_slice_equal(there, name))
			return number;
	}
	*is_new = add(known, hash, parent, name);
	return *is_new ? known->count : 0;
}

void known_forget(struct known *known)
{
	known->count = 0;
	known->names.len = 0;
	sl_index_clear(&known->index);
}

void known_free(struct known *known)
{
	sl_buffer_free(&known->names);
	free(known->items);
	sl_index_free(&known->index);
}

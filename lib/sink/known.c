/* An open hash table of names, their bytes in one buffer. */
#include "known.h"
#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

/* The slot of the name, or the free one where it belongs. */
static size_t *find_slot(const struct known *known, const struct known_item *wanted,
			 struct sl_slice name)
{
	size_t at = (size_t)wanted->hash & (known->slot_count - 1);

	for (; known->slots[at] != 0; at = (at + 1) & (known->slot_count - 1)) {
		const struct known_item *item = &known->items[known->slots[at]];
		struct sl_slice there = { known->names.data + item->at, item->len };

		if (item->hash == wanted->hash && item->parent == wanted->parent &&
		    sl_slice_equal(there, name))
			break;
	}
	return &known->slots[at];
}

/* Makes the table twice as large, at least half of it free. */
static bool grow(struct known *known)
{
	size_t slot_count = known->slot_count == 0 ? FIRST_SLOTS : 2 * known->slot_count;
	size_t *slots = calloc(slot_count, sizeof(*slots));
	void *items = known->items;
	bool reserved = slots != NULL && sl_array_reserve(&items, &known->capacity, slot_count / 2,
							  sizeof(*known->items));

	known->items = items;
	if (!reserved) {
		free(slots);
		return false;
	}
	if (known->count == 0)
		known->count = 1;
	for (size_t i = 1; i < known->count; i++) {
		size_t at = (size_t)known->items[i].hash & (slot_count - 1);

		while (slots[at] != 0)
			at = (at + 1) & (slot_count - 1);
		slots[at] = i;
	}
	free(known->slots);
	known->slots = slots;
	known->slot_count = slot_count;
	return true;
}

size_t known_find(struct known *known, size_t parent, struct sl_slice name, bool *is_new)
{
	struct known_item item = { sl_hash64(name.data, name.len, parent), parent, known->names.len,
				   name.len };
	size_t *slot;

	*is_new = false;
	if (known->count * 2 >= known->slot_count && !grow(known))
		return 0;
	slot = find_slot(known, &item, name);
	if (*slot != 0)
		return *slot;
	sl_buffer_add_slice(&known->names, name);
	if (known->names.failed)
		return 0;
	*is_new = true;
	*slot = known->count++;
	known->items[*slot] = item;
	return *slot;
}

void known_forget(struct known *known)
{
	if (known->count <= 1)
		return;
	known->count = 1;
	known->names.len = 0;
	memset(known->slots, 0, known->slot_count * sizeof(*known->slots));
}

void known_free(struct known *known)
{
	sl_buffer_free(&known->names);
	free(known->items);
	free(known->slots);
}

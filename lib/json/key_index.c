/* Members of lists by key: short lists are looked through, the others share one hash table. */
#include "key_index.h"
#include <stdlib.h>

enum { SHORT_LIST = 16, FIRST_CAPACITY = 256 };

void key_index_begin(struct key_index *index)
{
	index->round++;
	index->count = 0;
}

void key_index_free(struct key_index *index)
{
	free(index->slots);
	*index = (struct key_index){ 0 };
}

/* The slot of a key of the list, or of the list itself (key is NULL); a free one if there is none.
 */
static struct key_slot *find_slot(const struct key_index *index, const struct sl_attribute *list,
				  const struct sl_slice *key)
{
	uint64_t seed = (uint64_t)(uintptr_t)list;
	uint64_t hash = key != NULL ? sl_hash64(key->data, key->len, seed)
				    : sl_hash64(&seed, sizeof(seed), 0);
	size_t mask = index->capacity - 1;

	for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
		struct key_slot *slot = &index->slots[at];

		if (slot->round != index->round)
			return slot;
		if (slot->list != list || (slot->member == NULL) != (key == NULL))
			continue;
		if (key == NULL || sl_slice_equal(slot->member->key, *key))
			return slot;
	}
}

static void fill_slot(struct key_index *index, const struct sl_attribute *list,
		      struct sl_attribute *member)
{
	struct key_slot *slot = find_slot(index, list, member != NULL ? &member->key : NULL);

	if (slot->round == index->round)
		return; /* the first with that key */
	*slot = (struct key_slot){ index->round, list, member };
	index->count++;
}

static bool make_room(struct key_index *index, size_t more)
{
	struct key_index grown = *index;

	if ((index->count + more) * 2 <= index->capacity)
		return true;
	if (grown.capacity == 0)
		grown.capacity = FIRST_CAPACITY;
	while ((index->count + more) * 2 > grown.capacity)
		grown.capacity *= 2;
	grown.slots = calloc(grown.capacity, sizeof(*grown.slots));
	if (grown.slots == NULL)
		return false;
	grown.count = 0;
	for (size_t i = 0; i < index->capacity; i++)
		if (index->slots[i].round == index->round)
			fill_slot(&grown, index->slots[i].list, index->slots[i].member);
	free(index->slots);
	*index = grown;
	return true;
}

static bool has_list(const struct key_index *index, struct sl_attributes list)
{
	return index->capacity > 0 && find_slot(index, list.items, NULL)->round == index->round;
}

static bool add_list(struct key_index *index, struct sl_attributes list)
{
	if (has_list(index, list))
		return true;
	if (!make_room(index, list.count + 1))
		return false;
	fill_slot(index, list.items, NULL);
	for (size_t i = 0; i < list.count; i++)
		fill_slot(index, list.items, &list.items[i]);
	return true;
}

static struct sl_attribute *look_through(struct sl_attributes list, struct sl_slice key)
{
	struct sl_attribute *items = list.items;

	for (size_t i = 0; i < list.count; i++)
		if (sl_slice_equal(items[i].key, key))
			return &items[i];
	return NULL;
}

bool key_index_find(struct key_index *index, struct sl_attributes list, struct sl_slice key,
		    struct sl_attribute **member)
{
	const struct key_slot *slot;

	if (list.count <= SHORT_LIST) {
		*member = look_through(list, key);
		return true;
	}
	if (!add_list(index, list))
		return false;
	slot = find_slot(index, list.items, &key);
	*member = slot->round == index->round ? slot->member : NULL;
	return true;
}

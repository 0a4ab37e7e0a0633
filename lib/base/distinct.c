/* The count of different byte strings: an open table of hashes of 128 bits. */
#include "spanline/base.h"
#include <stdlib.h>

static bool is_free(const uint64_t slot[2])
{
	return slot[0] == 0 && slot[1] == 0;
}

/* The slot that holds the hash, or the free one where it belongs. */
static uint64_t *find_slot(const struct sl_distinct *set, const uint64_t hash[2])
{
	size_t at = (size_t)hash[0] & (set->capacity - 1);

	while (!is_free(set->slots[at]) &&
	       (set->slots[at][0] != hash[0] || set->slots[at][1] != hash[1]))
		at = (at + 1) & (set->capacity - 1);
	return set->slots[at];
}

static bool grow(struct sl_distinct *set)
{
	struct sl_distinct larger = { .count = set->count,
				      .capacity = set->capacity == 0 ? 256 : set->capacity * 2 };

	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	if (larger.slots == NULL)
		return false;
	for (size_t i = 0; i < set->capacity; i++)
		if (!is_free(set->slots[i]))
			memcpy(find_slot(&larger, set->slots[i]), set->slots[i],
			       sizeof(*set->slots));
	free(set->slots);
	*set = larger;
	return true;
}

static bool add_hash(struct sl_distinct *set, const uint64_t hash[2])
{
	uint64_t *slot;

	if (set->count >= set->capacity / 4 * 3 && !grow(set))
		return false;
	slot = find_slot(set, hash);
	if (is_free(slot)) {
		slot[0] = hash[0];
		slot[1] = hash[1];
		set->count++;
	}
	return true;
}

/* Two independent halves; the lowest bit keeps 0,0 for "free". */
static void hash_item(struct sl_slice item, uint64_t hash[2])
{
	hash[0] = sl_hash64(item.data, item.len, 1);
	hash[1] = sl_hash64(item.data, item.len, 2) | 1;
}

bool sl_distinct_add(struct sl_distinct *set, struct sl_slice item)
{
	uint64_t hash[2];

	hash_item(item, hash);
	return add_hash(set, hash);
}

bool sl_distinct_has(const struct sl_distinct *set, struct sl_slice item)
{
	uint64_t hash[2];

	if (set->capacity == 0)
		return false;
	hash_item(item, hash);
	return !is_free(find_slot(set, hash));
}

bool sl_distinct_merge(struct sl_distinct *into, const struct sl_distinct *from)
{
	for (size_t i = 0; i < from->capacity; i++)
		if (!is_free(from->slots[i]) && !add_hash(into, from->slots[i]))
			return false;
	return true;
}

void sl_distinct_free(struct sl_distinct *set)
{
	free(set->slots);
	*set = (struct sl_distinct){ 0 };
}

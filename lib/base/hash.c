/* Hashing of short byte strings, and the count of different ones. */
#include "spanline/base.h"
#include <stdlib.h>

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

static void place(struct sl_index *index, struct sl_index_slot slot)
{
	size_t at = slot.hash & (index->capacity - 1);

	while (index->slots[at].number != 0)
		at = (at + 1) & (index->capacity - 1);
	index->slots[at] = slot;
}

bool sl_index_add(struct sl_index *index, uint64_t hash, uint32_t number)
{
	if (2 * (index->count + 1) > index->capacity) {
		struct sl_index larger = { .count = index->count,
					   .capacity = index->capacity != 0 ? 2 * index->capacity
									    : 16 };

		larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
		if (larger.slots == NULL)
			return false;
		for (size_t i = 0; i < index->capacity; i++)
			if (index->slots[i].number != 0)
				place(&larger, index->slots[i]);
		free(index->slots);
		*index = larger;
	}
	place(index, (struct sl_index_slot){ sl_index_fold(hash), number });
	index->count++;
	return true;
}

void sl_index_clear(struct sl_index *index)
{
	if (index->count != 0)
		memset(index->slots, 0, index->capacity * sizeof(*index->slots));
	index->count = 0;
}

void sl_index_free(struct sl_index *index)
{
	free(index->slots);
	*index = (struct sl_index){ 0 };
}

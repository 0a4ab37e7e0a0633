/* The groups of a gate by their keys. */
#include "gate.h"
#include <stdlib.h>

/* The slot of that key, or the free one where it belongs. */
static uint32_t *find_slot(const struct tallies *tallies, struct sl_slice key)
{
	size_t mask = tallies->slot_count - 1;
	size_t at = (size_t)sl_hash64(key.data, key.len, 0) & mask;

	while (tallies->slots[at] != 0 &&
	       !sl_slice_equal(tallies->items[tallies->slots[at] - 1].key, key))
		at = (at + 1) & mask;
	return &tallies->slots[at];
}

static bool grow(struct tallies *tallies)
{
	size_t count = tallies->slot_count != 0 ? tallies->slot_count * 2 : 16;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		return false;
	free(tallies->slots);
	tallies->slots = slots;
	tallies->slot_count = count;
	for (size_t i = 0; i < tallies->count; i++)
		*find_slot(tallies, tallies->items[i].key) = (uint32_t)i + 1;
	return true;
}

struct tally *tallies_find(struct tallies *tallies, struct sl_slice key, struct sl_arena *arena)
{
	struct tally *tally;
	uint32_t *slot;

	if (tallies->count >= tallies->slot_count / 2 && !grow(tallies))
		return NULL;
	slot = find_slot(tallies, key);
	if (*slot != 0)
		return &tallies->items[*slot - 1];
	if (!sl_array_reserve((void **)&tallies->items, &tallies->capacity, tallies->count + 1,
			      sizeof(*tallies->items)))
		return NULL;
	tally = &tallies->items[tallies->count];
	*tally = (struct tally){ .least = INT64_MAX, .most = INT64_MIN };
	if (key.data != NULL) {
		tally->key = sl_arena_copy(arena, key);
		if (tally->key.data == NULL)
			return NULL;
	}
	*slot = (uint32_t)++tallies->count;
	return tally;
}

void tallies_free(struct tallies *tallies)
{
	for (size_t i = 0; i < tallies->count; i++) {
		sl_samples_free(&tallies->items[i].samples);
		sl_sketch_free(&tallies->items[i].sketch);
		sl_distinct_free(&tallies->items[i].traces);
	}
	free(tallies->items);
	free(tallies->slots);
}

/* The groups of a gate by their keys. */
#include "gate.h"
#include <stdlib.h>

struct tally *tallies_find(struct tallies *tallies, struct sl_slice key, struct sl_arena *arena)
{
	uint64_t hash = sl_hash64(key.data, key.len, 0);
	struct tally *tally;
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(&tallies->index, hash, &at)) != 0;)
		if (sl_slice_equal(tallies->items[number - 1].key, key))
			return &tallies->items[number - 1];
	if (tallies->count == UINT32_MAX - 1 ||
	    !sl_array_reserve((void **)&tallies->items, &tallies->capacity, tallies->count + 1,
			      sizeof(*tallies->items)))
		return NULL;
	tally = &tallies->items[tallies->count];
	*tally = (struct tally){ .least = INT64_MAX, .most = INT64_MIN };
	if (key.data != NULL)
		tally->key = sl_arena_copy(arena, key);
	if ((key.data != NULL && tally->key.data == NULL) ||
	    !sl_index_add(&tallies->index, hash, (uint32_t)tallies->count + 1))
		return NULL;
	tallies->count++;
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
	sl_index_free(&tallies->index);
}

/* Numbers by hashes: an open table, half of it free. */
#include "spanline/base.h"
#include <stdlib.h>

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

/* Resources by where they stand. */
#include "processes.h"
#include <stdlib.h>

enum { KEPT_SLOTS = 64 }; /* what a larger trace took is not kept for the next one */

size_t processes_find(struct processes *processes, const struct sl_resource *resource)
{
	uint64_t hash = sl_hash64(&resource, sizeof(const struct sl_resource *), 0);
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(&processes->index, hash, &at)) != 0;)
		if (processes->items[number - 1] == resource)
			return number;
	if (processes->count >= UINT32_MAX ||
	    !sl_array_reserve((void **)&processes->items, &processes->capacity,
			      processes->count + 1, sizeof(const struct sl_resource *)) ||
	    !sl_index_add(&processes->index, hash, (uint32_t)processes->count + 1))
		return 0;
	processes->items[processes->count] = resource;
	return ++processes->count;
}

void processes_clear(struct processes *processes)
{
	processes->count = 0;
	if (processes->index.capacity > KEPT_SLOTS)
		processes_free(processes);
	else
		sl_index_clear(&processes->index);
}

void processes_free(struct processes *processes)
{
	free(processes->items);
	sl_index_free(&processes->index);
	*processes = (struct processes){ 0 };
}

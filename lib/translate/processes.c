/* Resources by where they stand: a table whose slots are lists. */
#include "processes.h"
#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

static size_t *slot_of(const struct processes *processes, const struct sl_resource *resource)
{
	uint64_t hash = sl_hash64(&resource, sizeof(const struct sl_resource *), 0);

	return &processes->slots[hash & (processes->slot_count - 1)];
}

static void enter(struct processes *processes, size_t number)
{
	size_t *slot = slot_of(processes, processes->items[number].resource);

	processes->items[number].next = *slot;
	*slot = number;
}

/* Room for one more, in lists of one on the average. */
static bool reserve(struct processes *processes)
{
	size_t slot_count = processes->slot_count == 0 ? FIRST_SLOTS : processes->slot_count * 2;
	size_t *slots;

	if (!sl_array_reserve((void **)&processes->items, &processes->capacity,
			      processes->count + 2, sizeof(*processes->items)))
		return false;
	if (processes->count < processes->slot_count)
		return true;
	slots = calloc(slot_count, sizeof(*slots));
	if (slots == NULL)
		return false;
	free(processes->slots);
	processes->slots = slots;
	processes->slot_count = slot_count;
	for (size_t i = 1; i <= processes->count; i++)
		enter(processes, i);
	return true;
}

size_t processes_find(struct processes *processes, const struct sl_resource *resource)
{
	size_t number;

	if (!reserve(processes))
		return 0;
	number = *slot_of(processes, resource);
	while (number != 0 && processes->items[number].resource != resource)
		number = processes->items[number].next;
	if (number != 0)
		return number;
	number = ++processes->count;
	processes->items[number].resource = resource;
	enter(processes, number);
	return number;
}

void processes_clear(struct processes *processes)
{
	processes->count = 0;
	if (processes->slot_count > FIRST_SLOTS)
		processes_free(processes);
	else if (processes->slot_count != 0)
		memset(processes->slots, 0, processes->slot_count * sizeof(*processes->slots));
}

void processes_free(struct processes *processes)
{
	free(processes->items);
	free(processes->slots);
	*processes = (struct processes){ 0 };
}

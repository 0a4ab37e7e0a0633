/* Arrays that grow by doubling, and what is in sorted ones. */
#include "spanline/base.h"
#include <stdlib.h>

bool sl_array_reserve(void **items, size_t *capacity, size_t need, size_t item_size)
{
	size_t larger = *capacity < 8 ? 16 : *capacity;
	void *moved;

	if (need <= *capacity)
		return true;
	while (larger < need) {
		if (larger > SIZE_MAX / 2)
			return false;
		larger *= 2;
	}
	if (larger > SIZE_MAX / item_size)
		return false;
	moved = realloc(*items, larger * item_size);
	if (moved == NULL)
		return false;
	*items = moved;
	*capacity = larger;
	return true;
}

static uint64_t key_at(const char *items, size_t item_size, size_t number)
{
	return sl_load_8(items + item_size * number);
}

size_t sl_array_find(const void *items, size_t count, size_t item_size, uint64_t key, size_t *found)
{
	size_t low = 0, high = count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (key_at(items, item_size, middle) < key)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < count && key_at(items, item_size, end) == key; end++)
		;
	*found = end - low;
	return low;
}

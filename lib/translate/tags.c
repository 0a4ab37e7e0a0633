/* Keys that an object has already. */
#include "tags.h"
#include <stdlib.h>

/* From here on a table is quicker. */
enum { MANY = 64 };

static bool has(const struct tags *tags, struct sl_slice key)
{
	for (size_t i = 0; i < tags->count; i++)
		if (sl_slice_equal(tags->keys[i], key))
			return true;
	return false;
}

/* All that were compared so far go into the table. */
static bool fill_table(struct tags *tags)
{
	for (size_t i = 0; i < tags->count; i++)
		if (!sl_distinct_add(&tags->many, tags->keys[i]))
			return false;
	return true;
}

bool tags_add(struct tags *tags, struct sl_slice key)
{
	if (tags->failed || (tags->count < MANY && has(tags, key)))
		return false;
	if (tags->count == MANY && tags->many.count == 0)
		tags->failed = !fill_table(tags);
	if (tags->count >= MANY && sl_distinct_has(&tags->many, key))
		return false;
	if (tags->count >= MANY)
		tags->failed |= !sl_distinct_add(&tags->many, key);
	else if (!sl_array_reserve((void **)&tags->keys, &tags->capacity, MANY, sizeof(key)))
		tags->failed = true;
	else
		tags->keys[tags->count] = key;
	tags->count++;
	return !tags->failed;
}

void tags_clear(struct tags *tags)
{
	if (tags->many.count != 0)
		sl_distinct_free(&tags->many);
	tags->count = 0;
}

void tags_free(struct tags *tags)
{
	tags_clear(tags);
	free(tags->keys);
}

/* An open table of indexes into an array of groups. */
#include "ids.h"
#include <stdlib.h>

enum { FIRST_GROUPS = 16 };

struct sl_slice group_id(const struct group *group)
{
	const char *data = group->id_len <= ID_NEAR_BYTES ? group->near : group->far;

	return (struct sl_slice){ data, group->id_len };
}

size_t ids_bytes(const struct ids *table)
{
	return table->capacity * sizeof(*table->groups) +
	       table->slot_count * sizeof(*table->slots) + table->far_bytes;
}

static size_t home(const struct ids *table, uint64_t hash)
{
	return (size_t)hash & (table->slot_count - 1);
}

static size_t after(const struct ids *table, size_t at)
{
	return (at + 1) & (table->slot_count - 1);
}

uint32_t ids_find(const struct ids *table, struct sl_slice id, uint64_t hash)
{
	size_t at;

	if (table->slot_count == 0)
		return NO_GROUP;
	for (at = home(table, hash); table->slots[at].group != 0; at = after(table, at)) {
		uint32_t index = table->slots[at].group - 1;

		if (table->slots[at].hash == (uint32_t)(hash >> 32) &&
		    sl_id_equal(group_id(&table->groups[index]), id))
			return index;
	}
	return NO_GROUP;
}

void ids_fetch_slot(const struct ids *table, uint64_t hash)
{
	if (table->slot_count != 0)
		__builtin_prefetch(&table->slots[home(table, hash)]);
}

void ids_fetch_group(const struct ids *table, uint64_t hash)
{
	uint32_t group = table->slot_count != 0 ? table->slots[home(table, hash)].group : 0;

	if (group != 0)
		__builtin_prefetch(&table->groups[group - 1]);
}

static bool groups_are_full(const struct ids *table)
{
	return table->free == 0 && table->used == table->capacity;
}

static bool slots_are_full(const struct ids *table)
{
	return table->open_count >= table->slot_count / 4 * 3;
}

static size_t next_capacity(const struct ids *table)
{
	return table->capacity == 0 ? FIRST_GROUPS : table->capacity * 2;
}

static size_t next_slot_count(const struct ids *table)
{
	return table->slot_count == 0 ? (size_t)2 * FIRST_GROUPS : table->slot_count * 2;
}

size_t ids_growth(const struct ids *table, size_t id_len)
{
	size_t growth = id_len <= ID_NEAR_BYTES ? 0 : id_len;

	if (groups_are_full(table))
		growth += next_capacity(table) * sizeof(*table->groups);
	if (slots_are_full(table))
		growth += next_slot_count(table) * sizeof(*table->slots);
	return growth;
}

static void put(struct ids *table, uint32_t index)
{
	uint64_t hash = table->groups[index].hash;
	size_t at = home(table, hash);

	while (table->slots[at].group != 0)
		at = after(table, at);
	table->slots[at] = (struct ids_slot){ index + 1, (uint32_t)(hash >> 32) };
}

static bool grow_slots(struct ids *table)
{
	struct ids_slot *old = table->slots;
	size_t old_count = table->slot_count, count = next_slot_count(table);
	struct ids_slot *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		return false;
	table->slots = slots;
	table->slot_count = count;
	for (size_t i = 0; i < old_count; i++)
		if (old[i].group != 0)
			put(table, old[i].group - 1);
	free(old);
	return true;
}

static bool grow_groups(struct ids *table)
{
	size_t capacity = next_capacity(table);
	struct group *groups;

	if (capacity >= NO_GROUP)
		return false;
	groups = realloc(table->groups, capacity * sizeof(*groups));
	if (groups == NULL)
		return false;
	table->groups = groups;
	table->capacity = capacity;
	return true;
}

static bool set_id(struct ids *table, struct group *group, struct sl_slice id)
{
	group->id_len = id.len;
	if (id.len <= ID_NEAR_BYTES) {
		if (id.len > 0)
			memcpy(group->near, id.data, id.len);
		return true;
	}
	group->far = malloc(id.len);
	if (group->far == NULL)
		return false;
	memcpy(group->far, id.data, id.len);
	table->far_bytes += id.len;
	return true;
}

uint32_t ids_add(struct ids *table, struct sl_slice id, uint64_t hash)
{
	struct group new = { .hash = hash };
	uint32_t index;

	if ((slots_are_full(table) && !grow_slots(table)) ||
	    (groups_are_full(table) && !grow_groups(table)) || !set_id(table, &new, id))
		return NO_GROUP;
	if (table->free != 0) {
		index = table->free - 1;
		table->free = table->groups[index].later;
	} else {
		index = table->used++;
	}
	table->groups[index] = new;
	put(table, index);
	table->open_count++;
	return index;
}

/* Whether the entry at `at` may move to the gap before it: its home is not between them. */
static bool may_move(const struct ids *table, size_t gap, size_t at)
{
	uint32_t index = table->slots[at].group - 1;
	size_t mask = table->slot_count - 1;
	size_t from_home = (at - home(table, table->groups[index].hash)) & mask;

	return from_home >= ((at - gap) & mask);
}

void ids_close(struct ids *table, uint32_t index)
{
	size_t gap = home(table, table->groups[index].hash), at;

	while (table->slots[gap].group != index + 1)
		gap = after(table, gap);
	for (at = after(table, gap); table->slots[at].group != 0; at = after(table, at)) {
		if (!may_move(table, gap, at))
			continue;
		table->slots[gap] = table->slots[at];
		gap = at;
	}
	table->slots[gap].group = 0;
	table->open_count--;
}

static void free_id(struct ids *table, struct group *group)
{
	if (group->id_len <= ID_NEAR_BYTES)
		return;
	free(group->far);
	table->far_bytes -= group->id_len;
	group->id_len = 0;
}

void ids_free_group(struct ids *table, uint32_t index)
{
	struct group *group = &table->groups[index];

	free_id(table, group);
	group->newest = NULL;
	group->later = table->free;
	table->free = index + 1;
}

void ids_clear(struct ids *table)
{
	for (uint32_t i = 0; i < table->used && table->far_bytes > 0; i++)
		free_id(table, &table->groups[i]);
	free(table->groups);
	free(table->slots);
	*table = (struct ids){ 0 };
}

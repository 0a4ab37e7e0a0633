/* Names that are told apart, each with what is counted of it. */
#include "graph.h"
#include <stdlib.h>

enum { MOST_BYTES = 32 * 1024 * 1024 };

static uint64_t hash_of(const struct name_key *key)
{
	uint64_t hash = text_hash(key->service, (uint64_t)key->kind);

	return key->name.len != 0 ? text_hash(key->name, hash) : hash;
}

static uint32_t *find_slot(const struct names *names, const struct name_key *key, uint64_t hash)
{
	size_t at = (size_t)hash & (names->slot_count - 1);

	for (; names->slots[at] != 0; at = (at + 1) & (names->slot_count - 1)) {
		const struct name *name = &names->items[names->slots[at] - 1];

		if (name->hash == hash && name->kind == key->kind &&
		    sl_slice_equal(name->service, key->service) &&
		    sl_slice_equal(name->name, key->name))
			break;
	}
	return &names->slots[at];
}

static bool grow_slots(struct names *names)
{
	size_t count = names->slot_count != 0 ? 2 * names->slot_count : 256;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		return false;
	free(names->slots);
	names->slots = slots;
	names->slot_count = count;
	for (size_t i = 0; i < names->count; i++) {
		size_t at = (size_t)names->items[i].hash & (count - 1);

		while (slots[at] != 0)
			at = (at + 1) & (count - 1);
		slots[at] = (uint32_t)i + 1;
	}
	return true;
}

uint32_t names_find(const struct names *names, const struct name_key *key)
{
	uint32_t slot;

	if (names->slot_count == 0)
		return NO_NAME;
	slot = *find_slot(names, key, hash_of(key));
	return slot != 0 ? slot - 1 : NO_NAME;
}

static bool is_full(const struct names *names, const struct name_key *key)
{
	size_t count = key->name.len != 0 ? names->operations : names->count - names->operations;

	return count >= SL_GRAPH_NAMES ||
	       names->arena.total_bytes + key->service.len + key->name.len > MOST_BYTES;
}

static enum sl_status add(struct names *names, const struct name_key *key, uint32_t *number,
			  struct sl_error *err)
{
	struct name *name;
	uint64_t hash = hash_of(key);

	if ((2 * (names->count + 1) > names->slot_count && !grow_slots(names)) ||
	    !sl_array_reserve((void **)&names->items, &names->capacity, names->count + 1,
			      sizeof(*names->items)))
		return sl_fail_memory(err);
	name = &names->items[names->count];
	*name = (struct name){ .hash = hash,
			       .service = sl_arena_copy(&names->arena, key->service),
			       .name = sl_arena_copy(&names->arena, key->name),
			       .kind = key->kind,
			       .resolved = NO_NAME };
	if ((name->service.data == NULL && key->service.len != 0) ||
	    (name->name.data == NULL && key->name.len != 0))
		return sl_fail_memory(err);
	*number = (uint32_t)names->count++;
	names->operations += key->name.len != 0;
	*find_slot(names, key, hash) = *number + 1;
	return SL_OK;
}

enum sl_status names_intern(struct names *names, const struct name_key *key, uint32_t *number,
			    struct sl_error *err)
{
	*number = names_find(names, key);
	if (*number != NO_NAME)
		return SL_OK;
	if (!is_full(names, key))
		return add(names, key, number, err);
	names->folded++;
	if (key->name.len == 0)
		return SL_OK;
	return names_intern(names, &(struct name_key){ key->kind, key->service, SL_SLICE("") },
			    number, err);
}

void names_free(struct names *names)
{
	free(names->items);
	free(names->slots);
	sl_arena_free(&names->arena);
}

/* Tables of what traces have: hashed names become numbers. */
#include "traits.h"
#include <stdlib.h>

/* Doubles the slots and puts all hashes in again; `hashes` stand `stride` bytes apart. */
static bool grow_slots(uint32_t **slots, size_t *slot_count, const uint64_t *hashes, size_t stride,
		       size_t count)
{
	size_t wanted = *slot_count != 0 ? 2 * *slot_count : 1024;
	uint32_t *grown = calloc(wanted, sizeof(*grown));

	if (grown == NULL)
		return false;
	free(*slots);
	*slots = grown;
	*slot_count = wanted;
	for (size_t i = 0; i < count && hashes != NULL; i++) {
		uint64_t hash;

		memcpy(&hash, (const char *)hashes + i * stride, sizeof(hash));
		size_t at = (size_t)hash;

		while (grown[at & (wanted - 1)] != 0)
			at++;
		grown[at & (wanted - 1)] = (uint32_t)i + 1;
	}
	return true;
}

static bool copy_text(struct traits *traits, struct sl_slice *text)
{
	struct sl_slice copy = sl_arena_copy(&traits->arena, *text);
	bool good = copy.data != NULL || text->len == 0;

	*text = copy;
	return good;
}

static bool has_name(const struct operation *operation, const struct sl_operation_name *name)
{
	return sl_slice_equal(operation->name.name, name->name) &&
	       sl_slice_equal(operation->name.service, name->service);
}

static uint32_t add_operation(struct traits *traits, struct sl_operation_name name, uint64_t hash)
{
	struct operation *added;
	struct trait_id id = { .kind = SL_DIFFERENCE_OPERATION };
	bool failed = false, is_new;

	if (!sl_array_reserve((void **)&traits->operations, &traits->operation_capacity,
			      traits->operation_count + 1, sizeof(*traits->operations)) ||
	    !copy_text(traits, &name.service) || !copy_text(traits, &name.name))
		return NO_ITEM;
	id.of = (uint32_t)traits->operation_count;
	added = &traits->operations[id.of];
	*added = (struct operation){ .name = name, .hash = hash, .errors_trait = NO_ITEM };
	added->trait = contrast_trait(traits, &id, &is_new, &failed);
	if (failed)
		return NO_ITEM;
	traits->operation_count++;
	return id.of;
}

uint32_t contrast_operation(struct traits *traits, struct sl_operation_name name)
{
	static const struct sl_operation_name others = { { "", 0 }, { "(other operations)", 18 } };
	uint64_t hash = sl_hash64(name.name.data, name.name.len,
				  sl_hash64(name.service.data, name.service.len, 1));
	size_t at = (size_t)hash;
	uint32_t found;

	if ((traits->operation_slots == NULL ||
	     2 * (traits->operation_count + 1) > traits->operation_slot_count) &&
	    !grow_slots(&traits->operation_slots, &traits->operation_slot_count,
			traits->operations != NULL ? &traits->operations->hash : NULL,
			sizeof(*traits->operations), traits->operation_count))
		return NO_ITEM;
	for (size_t mask = traits->operation_slot_count - 1;
	     traits->operations != NULL && (found = traits->operation_slots[at & mask]) != 0; at++)
		if (traits->operations[found - 1].hash == hash &&
		    has_name(&traits->operations[found - 1], &name))
			return found - 1;
	if (traits->operation_count >= OPERATION_LIMIT &&
	    !(name.service.len == 0 && sl_slice_equal(name.name, others.name))) {
		traits->crowded++;
		return contrast_operation(traits, others);
	}
	found = add_operation(traits, name, hash);
	if (found != NO_ITEM)
		traits->operation_slots[at & (traits->operation_slot_count - 1)] = found + 1;
	return found;
}

/* "span.http.route"; in quotes where it is no word of TraceQL. */
static bool name_key(struct traits *traits, struct sl_slice scope, struct sl_slice key,
		     struct sl_slice *name)
{
	char *at = sl_arena_alloc(&traits->arena, scope.len + key.len);

	if (at == NULL)
		return false;
	memcpy(at, scope.data, scope.len);
	if (key.len != 0)
		memcpy(at + scope.len, key.data, key.len);
	*name = (struct sl_slice){ at, scope.len + key.len };
	return true;
}

static bool is_key(const struct attribute_key *of, struct sl_slice scope, struct sl_slice key)
{
	return of->name.len == scope.len + key.len &&
	       memcmp(of->name.data, scope.data, scope.len) == 0 &&
	       (key.len == 0 || memcmp(of->name.data + scope.len, key.data, key.len) == 0);
}

static uint32_t add_key(struct traits *traits, struct sl_slice name, uint64_t hash, bool *failed)
{
	struct trait_id id = { .kind = SL_DIFFERENCE_KEY, .of = (uint32_t)traits->key_count };
	struct attribute_key *added;
	bool is_new;

	*failed = !sl_array_reserve((void **)&traits->keys, &traits->key_capacity,
				    traits->key_count + 1, sizeof(*traits->keys));
	if (*failed)
		return NO_ITEM;
	added = &traits->keys[id.of];
	*added = (struct attribute_key){ .name = name, .hash = hash };
	added->trait = contrast_trait(traits, &id, &is_new, failed);
	if (*failed)
		return NO_ITEM;
	traits->key_count++;
	return id.of;
}

uint32_t contrast_key(struct traits *traits, struct sl_slice scope, struct sl_slice key,
		      bool *failed)
{
	uint64_t hash = sl_hash64(key.data, key.len,
				  (uint64_t)(unsigned char)scope.data[0] << 8 | scope.len);
	size_t at = (size_t)hash;
	struct sl_slice name;
	uint32_t found;

	*failed = (traits->key_slots == NULL ||
		   2 * (traits->key_count + 1) > traits->key_slot_count) &&
		  !grow_slots(&traits->key_slots, &traits->key_slot_count,
			      traits->keys != NULL ? &traits->keys->hash : NULL,
			      sizeof(*traits->keys), traits->key_count);
	if (*failed)
		return NO_ITEM;
	for (size_t mask = traits->key_slot_count - 1;
	     traits->keys != NULL && (found = traits->key_slots[at & mask]) != 0; at++)
		if (traits->keys[found - 1].hash == hash &&
		    is_key(&traits->keys[found - 1], scope, key))
			return found - 1;
	if (traits->key_count >= KEY_LIMIT) {
		traits->crowded++;
		return NO_ITEM;
	}
	*failed = !name_key(traits, scope, key, &name);
	if (*failed)
		return NO_ITEM;
	found = add_key(traits, name, hash, failed);
	if (!*failed)
		traits->key_slots[at & (traits->key_slot_count - 1)] = found + 1;
	return found;
}

static uint64_t hash_trait(const struct trait_id *id)
{
	uint64_t words[2] = { (uint64_t)id->of << 32 | id->to, id->value };

	return sl_hash64(words, sizeof(words), id->kind);
}

uint32_t contrast_trait(struct traits *traits, const struct trait_id *id, bool *is_new,
			bool *failed)
{
	uint64_t hash = hash_trait(id);
	size_t at = (size_t)hash;
	uint32_t found;

	*is_new = false;
	*failed = (traits->slots == NULL || 2 * (traits->count + 1) > traits->slot_count) &&
		  !grow_slots(&traits->slots, &traits->slot_count,
			      traits->items != NULL ? &traits->items->hash : NULL,
			      sizeof(*traits->items), traits->count);
	if (*failed)
		return NO_ITEM;
	for (size_t mask = traits->slot_count - 1;
	     traits->items != NULL && (found = traits->slots[at & mask]) != 0; at++) {
		const struct trait *trait = &traits->items[found - 1];

		if (trait->hash == hash && trait->kind == id->kind && trait->of == id->of &&
		    trait->to == id->to)
			return found - 1;
	}
	if (traits->count >= TRAIT_LIMIT && id->kind != SL_DIFFERENCE_OPERATION &&
	    id->kind != SL_DIFFERENCE_KEY) {
		traits->crowded++;
		return NO_ITEM;
	}
	*failed = !sl_array_reserve((void **)&traits->items, &traits->capacity, traits->count + 1,
				    sizeof(*traits->items));
	if (*failed)
		return NO_ITEM;
	traits->items[traits->count] =
		(struct trait){ .kind = id->kind, .of = id->of, .to = id->to, .hash = hash };
	traits->slots[at & (traits->slot_count - 1)] = (uint32_t)++traits->count;
	*is_new = true;
	return (uint32_t)traits->count - 1;
}

void contrast_traits_free(struct traits *traits)
{
	free(traits->operations);
	free(traits->keys);
	free(traits->items);
	free(traits->operation_slots);
	free(traits->key_slots);
	free(traits->slots);
	sl_arena_free(&traits->arena);
	*traits = (struct traits){ 0 };
}

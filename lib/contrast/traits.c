/* Tables of what traces have: names become numbers. */
#include "traits.h"
#include <stdlib.h>

const struct sl_operation_name other_operations = { { "", 0 }, { "(other operations)", 18 } };

bool is_other_operations(const struct sl_operation_name *name)
{
	return name->service.len == 0 && sl_slice_equal(name->name, other_operations.name);
}

int compare_operation_names(const struct sl_operation_name *a, const struct sl_operation_name *b)
{
	int order = sl_slice_compare(a->service, b->service);

	return order != 0 ? order : sl_slice_compare(a->name, b->name);
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

static bool add_operation(struct traits *traits, struct sl_operation_name name, uint64_t hash)
{
	struct trait_id id = { .kind = SL_DIFFERENCE_OPERATION,
			       .of = (uint32_t)traits->operation_count,
			       .implied = NO_ITEM };
	bool failed, is_new;
	uint32_t trait;

	if (!sl_array_reserve((void **)&traits->operations, &traits->operation_capacity,
			      traits->operation_count + 1, sizeof(*traits->operations)) ||
	    !copy_text(traits, &name.service) || !copy_text(traits, &name.name))
		return false;
	trait = contrast_trait(traits, &id, &is_new, &failed);
	if (failed || !sl_index_add(&traits->operation_index, hash, id.of + 1))
		return false;
	traits->operations[traits->operation_count++] = (struct operation){
		.name = name, .hash = hash, .trait = trait, .errors_trait = NO_ITEM, .edge = NO_ITEM
	};
	return true;
}

uint32_t contrast_operation(struct traits *traits, struct sl_operation_name name, bool *failed)
{
	uint64_t hash = sl_hash64(name.name.data, name.name.len,
				  sl_hash64(name.service.data, name.service.len, 1));
	uint32_t number;

	*failed = false;
	for (size_t at = 0; (number = sl_index_next(&traits->operation_index, hash, &at)) != 0;)
		if (traits->operations[number - 1].hash == hash &&
		    has_name(&traits->operations[number - 1], &name))
			return number - 1;
	if (traits->operation_count >= OPERATION_LIMIT && !is_other_operations(&name))
		return NO_ITEM;
	*failed = !add_operation(traits, name, hash);
	return *failed ? NO_ITEM : (uint32_t)traits->operation_count - 1;
}

static bool add_key(struct traits *traits, struct sl_slice name, uint64_t hash)
{
	struct trait_id id = { .kind = SL_DIFFERENCE_KEY,
			       .of = (uint32_t)traits->key_count,
			       .implied = NO_ITEM };
	bool failed, is_new;
	uint32_t trait;

	if (!sl_array_reserve((void **)&traits->keys, &traits->key_capacity, traits->key_count + 1,
			      sizeof(*traits->keys)) ||
	    !copy_text(traits, &name))
		return false;
	trait = contrast_trait(traits, &id, &is_new, &failed);
	if (failed || !sl_index_add(&traits->key_index, hash, id.of + 1))
		return false;
	traits->keys[traits->key_count++] =
		(struct attribute_key){ .name = name, .hash = hash, .trait = trait };
	return true;
}

uint32_t contrast_key(struct traits *traits, struct sl_slice name, bool *failed)
{
	uint64_t hash = sl_hash64(name.data, name.len, 2);
	uint32_t number;

	*failed = false;
	for (size_t at = 0; (number = sl_index_next(&traits->key_index, hash, &at)) != 0;)
		if (traits->keys[number - 1].hash == hash &&
		    sl_slice_equal(traits->keys[number - 1].name, name))
			return number - 1;
	if (traits->key_count >= KEY_LIMIT)
		return NO_ITEM;
	*failed = !add_key(traits, name, hash);
	return *failed ? NO_ITEM : (uint32_t)traits->key_count - 1;
}

static uint64_t hash_trait(const struct trait_id *id)
{
	uint64_t words[2] = { (uint64_t)id->of << 32 | id->to, id->value };

	return sl_hash64(words, sizeof(words), id->kind);
}

static bool is_trait(const struct trait *trait, const struct trait_id *id, uint64_t hash)
{
	return trait->hash == hash && trait->kind == id->kind && trait->of == id->of &&
	       trait->to == id->to;
}

static bool add_trait(struct traits *traits, const struct trait_id *id, uint64_t hash)
{
	if (!sl_array_reserve((void **)&traits->items, &traits->capacity, traits->count + 1,
			      sizeof(*traits->items)) ||
	    !sl_array_reserve((void **)&traits->marks, &traits->mark_capacity, traits->count + 1,
			      sizeof(*traits->marks)) ||
	    !sl_index_add(&traits->index, hash, (uint32_t)traits->count + 1))
		return false;
	traits->marks[traits->count] = (struct mark){ .implied = id->implied };
	traits->items[traits->count++] =
		(struct trait){ .kind = id->kind, .of = id->of, .to = id->to, .hash = hash };
	return true;
}

uint32_t contrast_trait(struct traits *traits, const struct trait_id *id, bool *is_new,
			bool *failed)
{
	uint64_t hash = hash_trait(id);
	uint32_t number;

	*is_new = *failed = false;
	for (size_t at = 0; (number = sl_index_next(&traits->index, hash, &at)) != 0;)
		if (is_trait(&traits->items[number - 1], id, hash))
			return number - 1;
	if (traits->count >= TRAIT_LIMIT && id->kind != SL_DIFFERENCE_OPERATION &&
	    id->kind != SL_DIFFERENCE_KEY)
		return NO_ITEM;
	*is_new = add_trait(traits, id, hash);
	*failed = !*is_new;
	return *failed ? NO_ITEM : (uint32_t)traits->count - 1;
}

void contrast_traits_free(struct traits *traits)
{
	free(traits->operations);
	free(traits->keys);
	free(traits->items);
	free(traits->marks);
	free(traits->lists.items);
	free(traits->lists.words);
	sl_index_free(&traits->operation_index);
	sl_index_free(&traits->key_index);
	sl_index_free(&traits->index);
	sl_arena_free(&traits->arena);
	*traits = (struct traits){ 0 };
}

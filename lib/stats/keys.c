/* Which attributes there are: how many spans have each, with how many values, and one of them. */
#include "keys.h"
#include "spanline/text.h"
#include <stdlib.h>

/* So much of an example is kept. */
enum { EXAMPLE_BYTES = 256 };

static uint64_t hash_key(enum sl_owner owner, struct sl_slice key)
{
	return sl_hash64(key.data, key.len, owner);
}

struct sl_key *key_table_find(struct key_table *table, enum sl_owner owner, struct sl_slice name)
{
	uint64_t hash = hash_key(owner, name);
	struct sl_key *key;
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(&table->index, hash, &at)) != 0;) {
		key = &table->keys[number - 1];
		if (key->owner == owner && sl_slice_equal(key->name, name))
			return key;
	}
	if (table->count == UINT32_MAX - 1 ||
	    !sl_array_reserve((void **)&table->keys, &table->capacity, table->count + 1,
			      sizeof(*table->keys)))
		return NULL;
	key = &table->keys[table->count];
	*key = (struct sl_key){ .owner = owner, .name = sl_arena_copy(&table->arena, name) };
	if ((key->name.data == NULL && name.len != 0) ||
	    !sl_index_add(&table->index, hash, (uint32_t)table->count + 1))
		return NULL;
	table->count++;
	return key;
}

/* The smallest of the values is the example, whoever met it. */
static bool take_example(struct sl_key *key, struct sl_slice value)
{
	if (value.len > EXAMPLE_BYTES)
		value.len = EXAMPLE_BYTES;
	if (key->example.len != 0 && sl_slice_compare(sl_buffer_slice(&key->example), value) <= 0)
		return true;
	key->example.len = 0;
	sl_buffer_add_slice(&key->example, value);
	return !key->example.failed;
}

static bool add_value(struct sl_key *key, struct sl_slice value)
{
	if (!take_example(key, value))
		return false;
	if (!key->has_more && !sl_distinct_add(&key->values, value))
		return false;
	if (key->values.count > SL_KEY_VALUES) {
		key->has_more = true;
		sl_distinct_free(&key->values);
	}
	return true;
}

bool key_table_add(struct key_table *table, enum sl_owner owner, struct sl_attributes attributes,
		   uint64_t span)
{
	for (size_t i = 0; i < attributes.count; i++) {
		const struct sl_attribute *attribute = &attributes.items[i];
		struct sl_key *key = key_table_find(table, owner, attribute->key);

		if (key == NULL)
			return false;
		key->spans += key->last_span != span;
		key->last_span = span;
		table->value.len = 0;
		sl_json_write_value(&table->value, &attribute->value);
		if (table->value.failed || !add_value(key, sl_buffer_slice(&table->value)))
			return false;
	}
	return true;
}

static bool merge_key(struct sl_key *into, struct sl_key *from)
{
	into->spans += from->spans;
	into->has_more |= from->has_more;
	if (into->has_more)
		sl_distinct_free(&into->values);
	else if (!sl_distinct_merge(&into->values, &from->values))
		return false;
	if (into->values.count > SL_KEY_VALUES) {
		into->has_more = true;
		sl_distinct_free(&into->values);
	}
	return take_example(into, sl_buffer_slice(&from->example));
}

bool key_table_merge(struct key_table *into, struct key_table *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct sl_key *key = key_table_find(into, from->keys[i].owner, from->keys[i].name);

		if (key == NULL || !merge_key(key, &from->keys[i]))
			return false;
	}
	return true;
}

void key_table_free(struct key_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		sl_distinct_free(&table->keys[i].values);
		sl_buffer_free(&table->keys[i].example);
	}
	free(table->keys);
	sl_index_free(&table->index);
	sl_arena_free(&table->arena);
	sl_buffer_free(&table->value);
	*table = (struct key_table){ 0 };
}

/*
 * Scopes and resources of copies, by what they hold: spans that were gathered come from everywhere,
 * and their reader knows only the last one.
 */
#include "origins.h"

static uint64_t hash_slice(struct sl_slice text, uint64_t seed)
{
	return sl_hash64(text.data, text.len, seed ^ text.len);
}

static uint64_t hash_list(struct sl_attributes list, uint64_t seed);

static uint64_t hash_value(const struct sl_value *value, uint64_t seed)
{
	switch (value->type) {
	case SL_VALUE_STRING:
	case SL_VALUE_BYTES:
		return hash_slice(value->text, seed);
	case SL_VALUE_INT:
		return sl_hash64(&value->integer, sizeof(value->integer), seed);
	case SL_VALUE_ARRAY:
	case SL_VALUE_KVLIST:
		return hash_list(value->list, seed);
	default:
		return seed;
	}
}

static uint64_t hash_list(struct sl_attributes list, uint64_t seed)
{
	for (size_t i = 0; i < list.count; i++)
		seed = hash_value(&list.items[i].value, hash_slice(list.items[i].key, seed));
	return seed;
}

/* Equal in order, too, as they are shown so. */
static bool same_list(struct sl_attributes a, struct sl_attributes b);

static bool same_value(const struct sl_value *a, const struct sl_value *b)
{
	if (a->type == b->type && (a->type == SL_VALUE_ARRAY || a->type == SL_VALUE_KVLIST))
		return same_list(a->list, b->list);
	return sl_value_equal(a, b);
}

static bool same_list(struct sl_attributes a, struct sl_attributes b)
{
	size_t i = 0;

	if (a.count != b.count)
		return false;
	while (i < a.count && sl_slice_equal(a.items[i].key, b.items[i].key) &&
	       same_value(&a.items[i].value, &b.items[i].value))
		i++;
	return i == a.count;
}

static bool same_scope(const struct sl_scope *a, const struct sl_scope *b)
{
	return a->present == b->present && sl_slice_equal(a->name, b->name) &&
	       sl_slice_equal(a->version, b->version) &&
	       sl_slice_equal(a->schema_url, b->schema_url) &&
	       a->dropped_attributes_count == b->dropped_attributes_count &&
	       same_list(a->attributes, b->attributes);
}

/* Those with references to entities are few, and not compared. */
static bool same_resource(const struct sl_resource *a, const struct sl_resource *b)
{
	return a->present == b->present && a->entity_ref_count == 0 && b->entity_ref_count == 0 &&
	       (a->service != NULL) == (b->service != NULL) &&
	       sl_slice_equal(a->schema_url, b->schema_url) &&
	       a->dropped_attributes_count == b->dropped_attributes_count &&
	       same_list(a->attributes, b->attributes);
}

static uint64_t serial_of(enum origin_kind kind, const void *origin)
{
	return kind == ORIGIN_SCOPE ? ((const struct sl_scope *)origin)->serial
				    : ((const struct sl_resource *)origin)->serial;
}

static uint64_t hash_of(enum origin_kind kind, const void *origin, uint64_t seed)
{
	const struct sl_scope *scope = origin;
	const struct sl_resource *resource = origin;

	if (kind == ORIGIN_RESOURCE)
		return hash_list(resource->attributes, hash_slice(resource->schema_url, seed));
	return hash_list(scope->attributes,
			 hash_slice(scope->name, hash_slice(scope->version, seed)));
}

static bool is_same(enum origin_kind kind, const void *a, const void *b)
{
	return kind == ORIGIN_SCOPE ? same_scope(a, b) : same_resource(a, b);
}

static const void *copy(struct sl_span_copier *copier, enum origin_kind kind, const void *from)
{
	return kind == ORIGIN_SCOPE ? scope_copy(copier, from) : resource_copy(copier, from);
}

/* The slot of what is equal to `from`, or the free one where it belongs. */
static struct sl_span_origin *find_slot(const struct sl_span_origins *table, enum origin_kind kind,
					const struct sl_span_origin *from)
{
	size_t mask = table->capacity - 1, at = (size_t)from->hash & mask;

	while (table->slots[at].copy != NULL && (table->slots[at].hash != from->hash ||
						 !is_same(kind, table->slots[at].copy, from->copy)))
		at = (at + 1) & mask;
	return &table->slots[at];
}

static void move_slot(const struct sl_span_origins *table, const struct sl_span_origin *slot)
{
	size_t mask = table->capacity - 1, at = (size_t)slot->hash & mask;

	while (table->slots[at].copy != NULL)
		at = (at + 1) & mask;
	table->slots[at] = *slot;
}

/* The old slots stay in the arena: with doubling, no more than the new ones. */
static bool grow(struct sl_arena *arena, struct sl_span_origins *table)
{
	struct sl_span_origins larger = *table;

	larger.capacity = table->capacity == 0 ? 8 : table->capacity * 2;
	larger.slots = sl_arena_alloc(arena, larger.capacity * sizeof(*larger.slots));
	if (larger.slots == NULL)
		return false;
	memset(larger.slots, 0, larger.capacity * sizeof(*larger.slots));
	for (size_t i = 0; i < table->capacity; i++)
		if (table->slots[i].copy != NULL)
			move_slot(&larger, &table->slots[i]);
	*table = larger;
	return true;
}

const void *origin_share(struct sl_span_copier *copier, struct sl_span_origins *table,
			 enum origin_kind kind, const void *from)
{
	struct sl_span_origin wanted = { .copy = from };
	struct sl_span_origin *slot;
	uint64_t serial = serial_of(kind, from);

	if (table->last != NULL && serial != 0 && serial == table->last_serial)
		return table->last;
	if (table->count >= table->capacity / 2 && !grow(copier->arena, table))
		return NULL;
	/* so that a stranger cannot choose what falls together */
	wanted.hash = hash_of(kind, from, (uint64_t)(uintptr_t)copier->arena);
	slot = find_slot(table, kind, &wanted);
	if (slot->copy == NULL) {
		slot->copy = copy(copier, kind, from);
		slot->hash = wanted.hash;
		table->count += slot->copy != NULL;
	}
	table->last = slot->copy;
	table->last_serial = serial;
	return slot->copy;
}

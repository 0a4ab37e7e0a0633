/* Spans that outlive their reader: deep copies in an arena, scopes and resources shared. */
#include "spanline/span.h"

/* Replaces what *slice borrows; false: no memory. */
static bool keep(struct sl_arena *arena, struct sl_slice *slice)
{
	*slice = sl_arena_copy(arena, *slice);
	return slice->data != NULL;
}

/* The same for what is handed to scanners. */
static bool keep_padded(struct sl_arena *arena, struct sl_slice *slice)
{
	char *at;

	if (slice->len == 0)
		return true;
	at = sl_arena_alloc(arena, slice->len + SL_PADDING);
	if (at == NULL)
		return false;
	memcpy(at, slice->data, slice->len);
	memset(at + slice->len, 0, SL_PADDING);
	slice->data = at;
	return true;
}

/* A copy of an array, of which the items still borrow; NULL where there are none, and no memory. */
static void *copy_items(struct sl_arena *arena, const void *items, size_t count, size_t size)
{
	void *copy = count == 0 ? NULL : sl_arena_alloc(arena, count * size);

	if (copy != NULL)
		memcpy(copy, items, count * size);
	return copy;
}

static bool keep_attributes(struct sl_arena *arena, struct sl_attributes *list);

static bool keep_value(struct sl_arena *arena, struct sl_value *value)
{
	switch (value->type) {
	case SL_VALUE_STRING:
	case SL_VALUE_BYTES:
		return keep(arena, &value->text);
	case SL_VALUE_ARRAY:
	case SL_VALUE_KVLIST:
		return keep_attributes(arena, &value->list);
	default:
		return true;
	}
}

static bool keep_attributes(struct sl_arena *arena, struct sl_attributes *list)
{
	bool kept = true;

	list->items = copy_items(arena, list->items, list->count, sizeof(*list->items));
	if (list->items == NULL)
		return list->count == 0;
	for (size_t i = 0; i < list->count && kept; i++)
		kept = keep(arena, &list->items[i].key) && keep_value(arena, &list->items[i].value);
	return kept;
}

static bool keep_texts(struct sl_arena *arena, struct sl_slice **texts, size_t count)
{
	bool kept = true;

	*texts = copy_items(arena, *texts, count, sizeof(**texts));
	if (*texts == NULL)
		return count == 0;
	for (size_t i = 0; i < count && kept; i++)
		kept = keep(arena, &(*texts)[i]);
	return kept;
}

static bool keep_events(struct sl_arena *arena, struct sl_span *span)
{
	bool kept = true;

	span->events = copy_items(arena, span->events, span->event_count, sizeof(*span->events));
	if (span->events == NULL)
		return span->event_count == 0;
	for (size_t i = 0; i < span->event_count && kept; i++)
		kept = keep(arena, &span->events[i].name) &&
		       keep_attributes(arena, &span->events[i].attributes);
	return kept;
}

static bool keep_links(struct sl_arena *arena, struct sl_span *span)
{
	bool kept = true;

	span->links = copy_items(arena, span->links, span->link_count, sizeof(*span->links));
	if (span->links == NULL)
		return span->link_count == 0;
	for (size_t i = 0; i < span->link_count && kept; i++) {
		struct sl_link *link = &span->links[i];

		kept = keep(arena, &link->trace_id) && keep(arena, &link->span_id) &&
		       keep(arena, &link->trace_state) && keep_attributes(arena, &link->attributes);
	}
	return kept;
}

static bool keep_entity_refs(struct sl_arena *arena, struct sl_resource *resource)
{
	size_t count = resource->entity_ref_count;
	bool kept = true;

	resource->entity_refs =
		copy_items(arena, resource->entity_refs, count, sizeof(*resource->entity_refs));
	if (resource->entity_refs == NULL)
		return count == 0;
	for (size_t i = 0; i < count && kept; i++) {
		struct sl_entity_ref *ref = &resource->entity_refs[i];

		kept = keep(arena, &ref->schema_url) && keep(arena, &ref->type) &&
		       keep_texts(arena, &ref->id_keys, ref->id_key_count) &&
		       keep_texts(arena, &ref->description_keys, ref->description_key_count);
	}
	return kept;
}

static const void *copy_scope(struct sl_arena *arena, const void *from)
{
	struct sl_scope *scope = copy_items(arena, from, 1, sizeof(*scope));

	if (scope == NULL || !keep(arena, &scope->name) || !keep(arena, &scope->version) ||
	    !keep(arena, &scope->schema_url) || !keep_attributes(arena, &scope->attributes))
		return NULL;
	return scope;
}

static const void *copy_resource(struct sl_arena *arena, const void *from)
{
	struct sl_resource *resource = copy_items(arena, from, 1, sizeof(*resource));

	if (resource == NULL || !keep(arena, &resource->schema_url) ||
	    !keep_attributes(arena, &resource->attributes) || !keep_entity_refs(arena, resource))
		return NULL;
	sl_resource_settle(resource);
	return resource;
}

/* The slot of that serial, or the free one where it belongs. */
static struct sl_span_origin *find_slot(const struct sl_span_origins *table, uint64_t serial)
{
	size_t mask = table->capacity - 1;
	size_t at = (size_t)(serial * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;

	while (table->slots[at].copy != NULL && table->slots[at].serial != serial)
		at = (at + 1) & mask;
	return &table->slots[at];
}

/* The old slots stay in the arena: with doubling, no more than the new ones. */
static bool grow(struct sl_arena *arena, struct sl_span_origins *table)
{
	struct sl_span_origins larger = { .count = table->count,
					  .capacity =
						  table->capacity == 0 ? 8 : table->capacity * 2 };

	larger.slots = sl_arena_alloc(arena, larger.capacity * sizeof(*larger.slots));
	if (larger.slots == NULL)
		return false;
	memset(larger.slots, 0, larger.capacity * sizeof(*larger.slots));
	for (size_t i = 0; i < table->capacity; i++)
		if (table->slots[i].copy != NULL)
			*find_slot(&larger, table->slots[i].serial) = table->slots[i];
	*table = larger;
	return true;
}

/* The copy with that serial, made by `copy` the first time; NULL: no memory. */
static const void *share(struct sl_arena *arena, struct sl_span_origins *table,
			 const struct sl_span_origin *from,
			 const void *(*copy)(struct sl_arena *arena, const void *from))
{
	struct sl_span_origin *slot;

	if (from->serial == 0)
		return copy(arena, from->copy);
	if (table->count >= table->capacity / 2 && !grow(arena, table))
		return NULL;
	slot = find_slot(table, from->serial);
	if (slot->copy == NULL) {
		slot->copy = copy(arena, from->copy);
		slot->serial = from->serial;
		table->count += slot->copy != NULL;
	}
	return slot->copy;
}

static bool keep_strings(struct sl_arena *arena, struct sl_span *span)
{
	return keep(arena, &span->trace_id) && keep(arena, &span->span_id) &&
	       keep(arena, &span->parent_span_id) && keep(arena, &span->name) &&
	       keep(arena, &span->trace_state) && keep(arena, &span->status_message) &&
	       keep_padded(arena, &span->attributes_text) && keep_padded(arena, &span->line);
}

const struct sl_span *sl_span_copy(struct sl_span_copier *copier, const struct sl_span *span)
{
	const struct sl_span *whole = sl_span_whole(span);
	struct sl_arena *arena = copier->arena;
	struct sl_span *copy;

	if (whole == NULL)
		return NULL;
	copy = copy_items(arena, whole, 1, sizeof(*copy));
	if (copy == NULL)
		return NULL;
	copy->lazy = NULL;
	copy->scope =
		share(arena, &copier->scopes,
		      &(struct sl_span_origin){ whole->scope->serial, whole->scope }, copy_scope);
	copy->resource = share(arena, &copier->resources,
			       &(struct sl_span_origin){ whole->resource->serial, whole->resource },
			       copy_resource);
	if (copy->scope == NULL || copy->resource == NULL || !keep_strings(arena, copy) ||
	    !keep_attributes(arena, &copy->attributes) || !keep_events(arena, copy) ||
	    !keep_links(arena, copy))
		return NULL;
	return copy;
}

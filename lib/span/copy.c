/* Spans that outlive their reader: deep copies in an arena, scopes and resources shared. */
#include "origins.h"

/* What need not be copied: it is there as long as the copies are. */
static bool lasts(const struct sl_span_copier *copier, struct sl_slice slice)
{
	uintptr_t begin = (uintptr_t)copier->lasting.data, at = (uintptr_t)slice.data;

	return begin != 0 && at >= begin && at - begin <= copier->lasting.len &&
	       slice.len <= copier->lasting.len - (at - begin);
}

/* Replaces what *slice borrows; false: no memory. */
static bool keep(struct sl_span_copier *copier, struct sl_slice *slice)
{
	if (lasts(copier, *slice))
		return true;
	*slice = sl_arena_copy(copier->arena, *slice);
	return slice->data != NULL;
}

/* The same for what is handed to scanners. */
static bool keep_padded(struct sl_span_copier *copier, struct sl_slice *slice)
{
	char *at;

	if (slice->len == 0 || lasts(copier, *slice))
		return true;
	at = sl_arena_alloc(copier->arena, slice->len + SL_PADDING);
	if (at == NULL)
		return false;
	memcpy(at, slice->data, slice->len);
	memset(at + slice->len, 0, SL_PADDING);
	slice->data = at;
	return true;
}

/* A copy of an array, of which the items still borrow; NULL where there are none, and no memory. */
static void *copy_items(struct sl_span_copier *copier, const void *items, size_t count, size_t size)
{
	void *copy = count == 0 ? NULL : sl_arena_alloc(copier->arena, count * size);

	if (copy != NULL)
		memcpy(copy, items, count * size);
	return copy;
}

static bool keep_attributes(struct sl_span_copier *copier, struct sl_attributes *list);

static bool keep_value(struct sl_span_copier *copier, struct sl_value *value)
{
	switch (value->type) {
	case SL_VALUE_STRING:
	case SL_VALUE_BYTES:
		return keep(copier, &value->text);
	case SL_VALUE_ARRAY:
	case SL_VALUE_KVLIST:
		return keep_attributes(copier, &value->list);
	default:
		return true;
	}
}

static bool keep_attributes(struct sl_span_copier *copier, struct sl_attributes *list)
{
	bool kept = true;

	list->items = copy_items(copier, list->items, list->count, sizeof(*list->items));
	if (list->items == NULL)
		return list->count == 0;
	for (size_t i = 0; i < list->count && kept; i++)
		kept = keep(copier, &list->items[i].key) &&
		       keep_value(copier, &list->items[i].value);
	return kept;
}

static bool keep_texts(struct sl_span_copier *copier, struct sl_slice **texts, size_t count)
{
	bool kept = true;

	*texts = copy_items(copier, *texts, count, sizeof(**texts));
	if (*texts == NULL)
		return count == 0;
	for (size_t i = 0; i < count && kept; i++)
		kept = keep(copier, &(*texts)[i]);
	return kept;
}

static bool keep_events(struct sl_span_copier *copier, struct sl_span *span)
{
	bool kept = true;

	span->events = copy_items(copier, span->events, span->event_count, sizeof(*span->events));
	if (span->events == NULL)
		return span->event_count == 0;
	for (size_t i = 0; i < span->event_count && kept; i++)
		kept = keep(copier, &span->events[i].name) &&
		       keep_attributes(copier, &span->events[i].attributes);
	return kept;
}

static bool keep_links(struct sl_span_copier *copier, struct sl_span *span)
{
	bool kept = true;

	span->links = copy_items(copier, span->links, span->link_count, sizeof(*span->links));
	if (span->links == NULL)
		return span->link_count == 0;
	for (size_t i = 0; i < span->link_count && kept; i++) {
		struct sl_link *link = &span->links[i];

		kept = keep(copier, &link->trace_id) && keep(copier, &link->span_id) &&
		       keep(copier, &link->trace_state) &&
		       keep_attributes(copier, &link->attributes);
	}
	return kept;
}

static bool keep_entity_refs(struct sl_span_copier *copier, struct sl_resource *resource)
{
	size_t count = resource->entity_ref_count;
	bool kept = true;

	resource->entity_refs =
		copy_items(copier, resource->entity_refs, count, sizeof(*resource->entity_refs));
	if (resource->entity_refs == NULL)
		return count == 0;
	for (size_t i = 0; i < count && kept; i++) {
		struct sl_entity_ref *ref = &resource->entity_refs[i];

		kept = keep(copier, &ref->schema_url) && keep(copier, &ref->type) &&
		       keep_texts(copier, &ref->id_keys, ref->id_key_count) &&
		       keep_texts(copier, &ref->description_keys, ref->description_key_count);
	}
	return kept;
}

const void *scope_copy(struct sl_span_copier *copier, const void *from)
{
	struct sl_scope *scope = copy_items(copier, from, 1, sizeof(*scope));

	if (scope == NULL || !keep(copier, &scope->name) || !keep(copier, &scope->version) ||
	    !keep(copier, &scope->schema_url) || !keep_attributes(copier, &scope->attributes))
		return NULL;
	return scope;
}

const void *resource_copy(struct sl_span_copier *copier, const void *from)
{
	struct sl_resource *resource = copy_items(copier, from, 1, sizeof(*resource));

	if (resource == NULL || !keep(copier, &resource->schema_url) ||
	    !keep_attributes(copier, &resource->attributes) || !keep_entity_refs(copier, resource))
		return NULL;
	sl_resource_settle(resource);
	return resource;
}

/* Spans that are copied together mostly have one. */
static bool keep_trace_id(struct sl_span_copier *copier, struct sl_span *span)
{
	bool same =
		copier->trace_id.data != NULL && sl_slice_equal(copier->trace_id, span->trace_id);

	if (!same && !keep(copier, &span->trace_id))
		return false;
	if (same)
		span->trace_id = copier->trace_id;
	copier->trace_id = span->trace_id;
	return true;
}

static bool keep_strings(struct sl_span_copier *copier, struct sl_span *span)
{
	return keep_trace_id(copier, span) && keep(copier, &span->span_id) &&
	       keep(copier, &span->parent_span_id) && keep(copier, &span->name) &&
	       keep(copier, &span->trace_state) && keep(copier, &span->status_message) &&
	       keep_padded(copier, &span->attributes_text) && keep_padded(copier, &span->line);
}

const struct sl_span *sl_span_copy(struct sl_span_copier *copier, const struct sl_span *span)
{
	const struct sl_span *whole = sl_span_whole(span);
	struct sl_span *copy;

	if (whole == NULL)
		return NULL;
	copy = copy_items(copier, whole, 1, sizeof(*copy));
	if (copy == NULL)
		return NULL;
	copy->lazy = NULL;
	copy->scope = origin_share(copier, &copier->scopes, ORIGIN_SCOPE, whole->scope);
	copy->resource = origin_share(copier, &copier->resources, ORIGIN_RESOURCE, whole->resource);
	if (copy->scope == NULL || copy->resource == NULL || !keep_strings(copier, copy) ||
	    !keep_attributes(copier, &copy->attributes) || !keep_events(copier, copy) ||
	    !keep_links(copier, copy))
		return NULL;
	return copy;
}

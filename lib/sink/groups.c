/* The groups of a batch: resources and scopes, found by their content. */
#include "batch.h"
#include <stdlib.h>

/* What is known of groups is forgotten between batches once it is this much. */
enum { KNOWN_GROUPS_MAX = 4096, KNOWN_BYTES_MAX = 4 * 1024 * 1024 };

/* Where a span cannot be told from its neighbours by its serial. */
enum { NO_SERIAL = 0 };

static void forget(struct batch *batch)
{
	batch->group_count = 1;
	batch->store.len = 0;
	batch->resource_serial = batch->scope_serial = NO_SERIAL;
	memset(batch->slots, 0, batch->slot_count * sizeof(*batch->slots));
}

enum sl_status batch_init(struct batch *batch, struct sl_error *err)
{
	batch->slot_count = 64;
	batch->slots = calloc(batch->slot_count, sizeof(*batch->slots));
	batch->group_capacity = batch->slot_count / 2;
	batch->groups = calloc(batch->group_capacity, sizeof(*batch->groups));
	if (batch->slots == NULL || batch->groups == NULL)
		return sl_fail_memory(err);
	batch->groups[GROUP_REQUEST].first = batch->groups[GROUP_REQUEST].last = NO_INDEX;
	forget(batch);
	return SL_OK;
}

/* The slot of the group with that identity, or the free one where it belongs. */
static size_t *find_slot(const struct batch *batch, uint64_t hash, struct sl_slice identity)
{
	size_t at = (size_t)hash & (batch->slot_count - 1);

	for (; batch->slots[at] != 0; at = (at + 1) & (batch->slot_count - 1)) {
		const struct group *group = &batch->groups[batch->slots[at]];
		struct sl_slice known = { batch->store.data + group->identity.at,
					  group->identity.len };

		if (group->hash == hash && sl_slice_equal(known, identity))
			break;
	}
	return &batch->slots[at];
}

static bool grow_groups(struct batch *batch)
{
	size_t slot_count = batch->slot_count * 2;
	size_t *slots = calloc(slot_count, sizeof(*slots));
	void *groups = batch->groups;

	if (slots == NULL || !sl_array_reserve(&groups, &batch->group_capacity, slot_count / 2,
					       sizeof(*batch->groups))) {
		free(slots);
		return false;
	}
	batch->groups = groups;
	for (size_t i = 1; i < batch->group_count; i++) {
		size_t at = (size_t)batch->groups[i].hash & (slot_count - 1);

		while (slots[at] != 0)
			at = (at + 1) & (slot_count - 1);
		slots[at] = i;
	}
	free(batch->slots);
	batch->slots = slots;
	batch->slot_count = slot_count;
	return true;
}

/* The group that batch->identity names; *is_new: its head and tail are to be rendered. */
static enum sl_status find_group(struct batch *batch, size_t *index, bool *is_new,
				 struct sl_error *err)
{
	struct sl_slice identity = sl_buffer_slice(&batch->identity.bytes);
	struct group *group;
	uint64_t hash;
	size_t *slot;

	*is_new = false;
	if (batch->identity.bytes.failed)
		return sl_fail_memory(err);
	if (batch->group_count * 2 >= batch->slot_count && !grow_groups(batch))
		return sl_fail_memory(err);
	hash = sl_hash64(identity.data, identity.len, 0);
	slot = find_slot(batch, hash, identity);
	*is_new = *slot == 0;
	if (*is_new) {
		*slot = batch->group_count++;
		group = &batch->groups[*slot];
		*group = (struct group){ .hash = hash };
		group->identity = (struct extent){ batch->store.len, identity.len };
		sl_buffer_add_slice(&batch->store, identity);
	}
	*index = *slot;
	return SL_OK;
}

static enum sl_status finish_group(struct batch *batch, size_t index, struct sl_slice schema_url,
				   struct sl_error *err)
{
	struct group *group = &batch->groups[index];
	size_t head = group->identity.at + group->identity.len;
	size_t tail = batch->store.len;

	batch->payload->tail(schema_url, &batch->encoders, &batch->store);
	if (batch->store.failed)
		return sl_fail_memory(err);
	group->head = (struct extent){ head, tail - head };
	group->tail = (struct extent){ tail, batch->store.len - tail };
	return SL_OK;
}

static enum sl_status enter_resource(struct batch *batch, const struct sl_resource *resource,
				     struct sl_error *err)
{
	enum sl_status status;
	bool is_new;

	identity_of_resource(&batch->identity, resource);
	status = find_group(batch, &batch->resource, &is_new, err);
	if (status != SL_OK || !is_new)
		return status;
	status = batch->payload->resource_head(&batch->encoders, resource, &batch->store, err);
	if (status != SL_OK)
		return status;
	return finish_group(batch, batch->resource, resource->schema_url, err);
}

static enum sl_status enter_scope(struct batch *batch, const struct sl_scope *scope,
				  struct sl_error *err)
{
	enum sl_status status;
	bool is_new;

	identity_of_scope(&batch->identity, scope, batch->resource);
	status = find_group(batch, &batch->scope, &is_new, err);
	if (status != SL_OK || !is_new)
		return status;
	status = batch->payload->scope_head(&batch->encoders, scope, &batch->store, err);
	if (status != SL_OK)
		return status;
	return finish_group(batch, batch->scope, scope->schema_url, err);
}

enum sl_status batch_enter(struct batch *batch, const struct sl_span *span, struct sl_error *err)
{
	bool same_resource;
	enum sl_status status = SL_OK;

	if (batch->span_count == 0 &&
	    (batch->group_count > KNOWN_GROUPS_MAX || batch->store.len > KNOWN_BYTES_MAX))
		forget(batch);
	same_resource = span->resource->serial != NO_SERIAL &&
			span->resource->serial == batch->resource_serial;
	if (same_resource && span->scope->serial != NO_SERIAL &&
	    span->scope->serial == batch->scope_serial)
		return SL_OK;
	if (!same_resource)
		status = enter_resource(batch, span->resource, err);
	if (status == SL_OK)
		status = enter_scope(batch, span->scope, err);
	batch->resource_serial = span->resource->serial;
	batch->scope_serial = span->scope->serial;
	return status;
}

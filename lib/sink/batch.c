/* Gathers encoded spans into groups. */
#include "batch.h"
#include <stdlib.h>

/* What is known of groups is forgotten between batches once it is this much. */
enum { KNOWN_GROUPS_MAX = 4096, KNOWN_BYTES_MAX = 4 * 1024 * 1024 };

enum sl_status batch_init(struct batch *batch, struct sl_error *err)
{
	void *groups = NULL;

	if (!sl_array_reserve(&groups, &batch->group_capacity, 1, sizeof(*batch->groups)))
		return sl_fail_memory(err);
	batch->groups = groups;
	batch->groups[GROUP_REQUEST] = (struct group){ .first = NO_INDEX, .last = NO_INDEX };
	return SL_OK;
}

void batch_free(struct batch *batch)
{
	known_free(&batch->known);
	free(batch->groups);
	sl_buffer_free(&batch->store);
	sl_buffer_free(&batch->spans);
	free(batch->runs);
}

size_t batch_group(struct batch *batch, const struct definition *definition, bool *is_new)
{
	size_t index = known_find(&batch->known, definition->parent, definition->identity, is_new);
	size_t at = batch->store.len;
	void *groups = batch->groups;
	bool reserved;

	if (index == 0 || !*is_new)
		return index;
	reserved = sl_array_reserve(&groups, &batch->group_capacity, index + 1,
				    sizeof(*batch->groups));
	batch->groups = groups;
	sl_buffer_add_slice(&batch->store, definition->head);
	sl_buffer_add_slice(&batch->store, definition->tail);
	if (!reserved || batch->store.failed)
		return 0;
	batch->groups[index] =
		(struct group){ .parent = definition->parent,
				.head = { at, definition->head.len },
				.tail = { at + definition->head.len, definition->tail.len } };
	return index;
}

bool batch_forget(struct batch *batch)
{
	if (batch->span_count != 0 ||
	    (batch->known.count < KNOWN_GROUPS_MAX &&
	     batch->known.names.len + batch->store.len <= KNOWN_BYTES_MAX))
		return false;
	known_forget(&batch->known);
	batch->store.len = 0;
	return true;
}

/* What a group's own bytes take in the request, unless they are in it already. */
static size_t group_growth(const struct group *group)
{
	return group->in_batch ? 0 : PREFIX_ROOM + group->head.len + group->tail.len;
}

size_t batch_growth(const struct batch *batch, size_t scope, size_t len)
{
	const struct group *group = &batch->groups[scope];

	return PREFIX_ROOM + len + group_growth(group) +
	       group_growth(&batch->groups[group->parent]);
}

static void link_child(struct batch *batch, size_t parent_index, size_t index)
{
	struct group *parent = &batch->groups[parent_index];
	struct group *child = &batch->groups[index];

	if (child->in_batch)
		return;
	child->in_batch = true;
	child->next = NO_INDEX;
	child->first = child->last = NO_INDEX;
	child->body_len = 0;
	if (parent->first == NO_INDEX)
		parent->first = index;
	else
		batch->groups[parent->last].next = index;
	parent->last = index;
}

/* Adds the bytes from `at` on to the scope's runs. */
static enum sl_status extend_runs(struct batch *batch, struct group *scope, size_t at,
				  struct sl_error *err)
{
	size_t len = batch->spans.len - at;
	void *runs = batch->runs;
	bool reserved;

	if (scope->last != NO_INDEX && scope->last == batch->run_count - 1) {
		batch->runs[scope->last].bytes.len += len;
		return SL_OK;
	}
	reserved = sl_array_reserve(&runs, &batch->run_capacity, batch->run_count + 1,
				    sizeof(*batch->runs));
	batch->runs = runs;
	if (!reserved)
		return sl_fail_memory(err);
	batch->runs[batch->run_count] = (struct run){ { at, len }, NO_INDEX };
	if (scope->first == NO_INDEX)
		scope->first = batch->run_count;
	else
		batch->runs[scope->last].next = batch->run_count;
	scope->last = batch->run_count++;
	return SL_OK;
}

enum sl_status batch_take(struct batch *batch, size_t scope, struct sl_slice span,
			  struct sl_error *err)
{
	struct group *group = &batch->groups[scope];
	size_t at = batch->spans.len;
	char prefix[PREFIX_ROOM];

	batch->size_limit += batch_growth(batch, scope, span.len);
	link_child(batch, GROUP_REQUEST, group->parent);
	link_child(batch, group->parent, scope);
	sl_buffer_add(
		&batch->spans, prefix,
		batch->payload->prefix(prefix, FIELD_SPANS, span.len, group->first == NO_INDEX));
	sl_buffer_add_slice(&batch->spans, span);
	if (batch->spans.failed)
		return sl_fail_memory(err);
	group->body_len += batch->spans.len - at;
	batch->span_count++;
	return extend_runs(batch, group, at, err);
}

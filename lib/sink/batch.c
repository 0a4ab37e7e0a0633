/* Gathers encoded spans into groups. */
#include "batch.h"
#include <stdlib.h>

void batch_free(struct batch *batch)
{
	identity_free(&batch->identity);
	free(batch->groups);
	free(batch->slots);
	sl_buffer_free(&batch->store);
	sl_buffer_free(&batch->spans);
	free(batch->runs);
}

enum sl_status batch_encode(struct batch *batch, const struct sl_span *span, struct sl_error *err)
{
	enum sl_status status = batch_enter(batch, span, err);

	if (status == SL_OK)
		status = batch->payload->span(&batch->encoders, span, &batch->spans, err);
	return status;
}

size_t batch_taken_len(const struct batch *batch)
{
	const struct extent *last;

	if (batch->run_count == 0)
		return 0;
	last = &batch->runs[batch->run_count - 1].bytes;
	return last->at + last->len;
}

/* What a group's own bytes take in the request, unless they are in it already. */
static size_t group_growth(const struct group *group)
{
	return group->in_batch ? 0 : PREFIX_ROOM + group->head.len + group->tail.len;
}

size_t batch_growth(const struct batch *batch)
{
	return PREFIX_ROOM + batch->spans.len - batch_taken_len(batch) +
	       group_growth(&batch->groups[batch->scope]) +
	       group_growth(&batch->groups[batch->resource]);
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

enum sl_status batch_take(struct batch *batch, struct sl_error *err)
{
	struct group *scope = &batch->groups[batch->scope];
	size_t at = batch_taken_len(batch);
	char prefix[PREFIX_ROOM];
	size_t prefix_len;

	batch->size_limit += batch_growth(batch);
	link_child(batch, GROUP_REQUEST, batch->resource);
	link_child(batch, batch->resource, batch->scope);
	prefix_len = batch->payload->prefix(prefix, FIELD_SPANS, batch->spans.len - at,
					    scope->first == NO_INDEX);
	payload_insert(&batch->spans, at, prefix, prefix_len);
	if (batch->spans.failed)
		return sl_fail_memory(err);
	scope->body_len += batch->spans.len - at;
	batch->span_count++;
	return extend_runs(batch, scope, at, err);
}

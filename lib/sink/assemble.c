/* Puts the request of a batch together, and makes room for the next. */
#include "batch.h"

static size_t group_len(const struct group *group)
{
	return group->head.len + group->body_len + group->tail.len;
}

/* Of a group whose children are groups, which have been measured. */
static void measure_body(struct batch *batch, struct group *parent, unsigned field)
{
	char prefix[PREFIX_ROOM];

	parent->body_len = 0;
	for (size_t i = parent->first; i != NO_INDEX; i = batch->groups[i].next) {
		size_t len = group_len(&batch->groups[i]);

		parent->body_len +=
			len + batch->payload->prefix(prefix, field, len, i == parent->first);
	}
}

size_t batch_measure(struct batch *batch)
{
	struct group *request = &batch->groups[GROUP_REQUEST];

	for (size_t i = request->first; i != NO_INDEX; i = batch->groups[i].next)
		measure_body(batch, &batch->groups[i], FIELD_SCOPE_SPANS);
	measure_body(batch, request, FIELD_RESOURCE_SPANS);
	return request->body_len;
}

static void write_extent(const struct sl_buffer *from, struct extent extent, struct sl_buffer *out)
{
	if (extent.len != 0)
		sl_buffer_add(out, from->data + extent.at, extent.len);
}

static void write_prefix(const struct batch *batch, unsigned field, size_t index, size_t first,
			 struct sl_buffer *out)
{
	char prefix[PREFIX_ROOM];
	size_t len = batch->payload->prefix(prefix, field, group_len(&batch->groups[index]),
					    index == first);

	sl_buffer_add(out, prefix, len);
}

static void write_scopes(const struct batch *batch, size_t first, struct sl_buffer *out)
{
	for (size_t i = first; i != NO_INDEX; i = batch->groups[i].next) {
		const struct group *scope = &batch->groups[i];

		write_prefix(batch, FIELD_SCOPE_SPANS, i, first, out);
		write_extent(&batch->store, scope->head, out);
		for (size_t k = scope->first; k != NO_INDEX; k = batch->runs[k].next)
			write_extent(&batch->spans, batch->runs[k].bytes, out);
		write_extent(&batch->store, scope->tail, out);
	}
}

void batch_write(const struct batch *batch, struct sl_buffer *out)
{
	size_t first = batch->groups[GROUP_REQUEST].first;

	for (size_t i = first; i != NO_INDEX; i = batch->groups[i].next) {
		const struct group *resource = &batch->groups[i];

		write_prefix(batch, FIELD_RESOURCE_SPANS, i, first, out);
		write_extent(&batch->store, resource->head, out);
		write_scopes(batch, resource->first, out);
		write_extent(&batch->store, resource->tail, out);
	}
}

/* Takes all children out of the batch. */
static void release_children(struct batch *batch, struct group *parent)
{
	for (size_t i = parent->first; i != NO_INDEX; i = batch->groups[i].next)
		batch->groups[i].in_batch = false;
	parent->first = parent->last = NO_INDEX;
}

void batch_clear(struct batch *batch)
{
	struct group *request = &batch->groups[GROUP_REQUEST];

	for (size_t i = request->first; i != NO_INDEX; i = batch->groups[i].next)
		release_children(batch, &batch->groups[i]);
	release_children(batch, request);
	batch->spans.len = 0;
	batch->run_count = 0;
	batch->span_count = 0;
	batch->size_limit = 0;
	batch->has_bad_text = false;
}

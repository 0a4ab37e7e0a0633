/* Other traces of the input: what a link leads to, and which links lead to a span. */
#include "linked.h"
#include "view.h"
#include <stdlib.h>

struct sl_linked {
	size_t limit_bytes;
	struct sl_arena arena; /* names */
	struct linked *traces;
	size_t count, capacity;
	struct sl_index index;	   /* of traces by id, from 1 on */
	struct incoming *incoming; /* by key, once all are known */
	size_t incoming_count, incoming_capacity;
	bool forgot; /* more than the limit allows */
};

enum sl_status sl_linked_open(struct sl_linked **linked, size_t limit_bytes, struct sl_error *err)
{
	*linked = calloc(1, sizeof(**linked));
	if (*linked == NULL)
		return sl_fail_memory(err);
	(*linked)->limit_bytes = limit_bytes;
	return SL_OK;
}

void sl_linked_close(struct sl_linked *linked)
{
	if (linked == NULL)
		return;
	sl_arena_free(&linked->arena);
	free(linked->traces);
	sl_index_free(&linked->index);
	free(linked->incoming);
	free(linked);
}

/* NULL: it is not known. */
static struct linked *find(const struct sl_linked *linked, uint64_t hash, const char *id)
{
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(&linked->index, hash, &at)) != 0;)
		if (memcmp(linked->traces[number - 1].id, id, LINKED_ID) == 0)
			return &linked->traces[number - 1];
	return NULL;
}

static bool is_full(const struct sl_linked *linked)
{
	return linked->arena.total_bytes + linked->capacity * sizeof(*linked->traces) +
		       linked->index.capacity * sizeof(*linked->index.slots) +
		       linked->incoming_capacity * sizeof(*linked->incoming) >
	       linked->limit_bytes;
}

static uint64_t key_of(struct sl_slice trace_id, struct sl_slice span_id)
{
	return sl_hash64(span_id.data, span_id.len, sl_hash64(trace_id.data, trace_id.len, 1));
}

static bool copy_name(struct sl_linked *linked, struct linked *known, const struct sl_span *root)
{
	struct sl_slice service = service_of(root);
	size_t between = service.len != 0;
	char *name = sl_arena_alloc(&linked->arena, service.len + between + root->name.len);

	if (name == NULL)
		return false;
	known->name = (struct sl_slice){ name, service.len + between + root->name.len };
	if (service.len != 0) {
		memcpy(name, service.data, service.len);
		name[service.len] = ' ';
	}
	if (root->name.len != 0)
		memcpy(name + service.len + between, root->name.data, root->name.len);
	return true;
}

static bool add_trace(struct sl_linked *linked, const struct sl_trace *trace)
{
	const struct sl_span *root = trace->nodes[trace->root].span;
	uint64_t hash = sl_hash64(trace->trace_id.data, LINKED_ID, 0);
	struct linked *known;

	/* of one that comes in parts, the first that was complete */
	if (find(linked, hash, trace->trace_id.data) != NULL)
		return true;
	if (!sl_array_reserve((void **)&linked->traces, &linked->capacity, linked->count + 1,
			      sizeof(*linked->traces)))
		return false;
	known = &linked->traces[linked->count];
	*known = (struct linked){ .start_ns = root->start_unix_nano,
				  .duration_ns = duration_of(root),
				  .spans = trace->count,
				  .services = count_services(trace) };
	memcpy(known->id, trace->trace_id.data, LINKED_ID);
	for (uint32_t i = 0; i < trace->count; i++)
		known->errors += is_error(trace->nodes[i].span);
	if (!copy_name(linked, known, root) ||
	    !sl_index_add(&linked->index, hash, (uint32_t)linked->count + 1))
		return false;
	linked->count++;
	return true;
}

static bool add_incoming(struct sl_linked *linked, const struct sl_span *span,
			 const struct sl_link *link)
{
	struct incoming *incoming;

	if (sl_slice_equal(link->trace_id, span->trace_id) || span->span_id.len != LINKED_SPAN_ID)
		return true;
	if (!sl_array_reserve((void **)&linked->incoming, &linked->incoming_capacity,
			      linked->incoming_count + 1, sizeof(*linked->incoming)))
		return false;
	incoming = &linked->incoming[linked->incoming_count++];
	incoming->key = key_of(link->trace_id, link->span_id);
	memcpy(incoming->trace_id, span->trace_id.data, LINKED_ID);
	memcpy(incoming->span_id, span->span_id.data, LINKED_SPAN_ID);
	return true;
}

enum sl_status sl_linked_add(struct sl_linked *linked, const struct sl_trace *trace,
			     struct sl_error *err)
{
	bool has_room = true;

	linked->forgot |= is_full(linked);
	if (linked->forgot || trace->trace_id.len != LINKED_ID)
		return SL_OK;
	has_room = add_trace(linked, trace);
	for (uint32_t i = 0; i < trace->count && has_room; i++) {
		const struct sl_span *span = trace->nodes[i].span;

		for (size_t j = 0; j < span->link_count && has_room; j++)
			has_room = add_incoming(linked, span, &span->links[j]);
	}
	return has_room ? SL_OK : sl_fail_memory(err);
}

static int compare_incoming(const void *a, const void *b)
{
	const struct incoming *one = a, *two = b;
	int order = memcmp(one->trace_id, two->trace_id, LINKED_ID);

	if (one->key != two->key)
		return one->key < two->key ? -1 : 1;
	return order != 0 ? order : memcmp(one->span_id, two->span_id, LINKED_SPAN_ID);
}

void sl_linked_end(struct sl_linked *linked)
{
	if (linked->incoming_count > 1)
		qsort(linked->incoming, linked->incoming_count, sizeof(*linked->incoming),
		      compare_incoming);
}

const struct linked *linked_find(const struct sl_linked *linked, struct sl_slice trace_id)
{
	if (trace_id.len != LINKED_ID)
		return NULL;
	return find(linked, sl_hash64(trace_id.data, LINKED_ID, 0), trace_id.data);
}

bool linked_is_complete(const struct sl_linked *linked)
{
	return !linked->forgot;
}

const struct incoming *linked_from(const struct sl_linked *linked, const struct sl_span *span,
				   size_t *count)
{
	size_t first =
		sl_array_find(linked->incoming, linked->incoming_count, sizeof(*linked->incoming),
			      key_of(span->trace_id, span->span_id), count);

	return *count != 0 ? &linked->incoming[first] : NULL;
}

/* Random small traces of odd spans, from a seed. */
#ifndef QUERY_RANDOM_TRACE_H
#define QUERY_RANDOM_TRACE_H

#include "../../lib/query/node.h"
#include "query_trace.h"
#include "random.h"
#include <math.h>
#include <stdlib.h>

enum { RANDOM_SPANS = 12 };

struct random_query {
	uint64_t state; /* the seed, not 0 */
	struct sl_arena arena;
	struct expression *regexes[64];
	struct sl_query query;
};

static uint64_t pick(struct random_query *random, uint64_t limit)
{
	return (next_random(&random->state) >> 11) % limit;
}

static void *room(struct random_query *random, size_t size)
{
	void *at = sl_arena_alloc(&random->arena, size + 1);

	if (at == NULL)
		abort();
	memset(at, 0, size);
	return at;
}

static struct sl_slice random_word(struct random_query *random)
{
	static const char *const words[] = { "a", "b", "ab", "" };
	const char *word = words[pick(random, 4)];

	return (struct sl_slice){ word, strlen(word) };
}

static struct sl_attributes random_attributes(struct random_query *random, bool keys);

static struct sl_value random_attribute(struct random_query *random)
{
	struct sl_value v = { .type = (enum sl_value_type)pick(random, SL_VALUE_BYTES + 1) };

	if (pick(random, 2) == 0)
		v.type = pick(random, 2) == 0 ? SL_VALUE_INT : SL_VALUE_STRING;
	if (v.type == SL_VALUE_STRING || v.type == SL_VALUE_BYTES)
		v.text = random_word(random);
	else if (v.type == SL_VALUE_BOOL)
		v.boolean = pick(random, 2) != 0;
	else if (v.type == SL_VALUE_INT)
		v.integer = (int64_t)pick(random, 4) - 1;
	else if (v.type == SL_VALUE_DOUBLE)
		v.number = pick(random, 8) == 0 ? (double)NAN : (double)pick(random, 4) / 2;
	else if (v.type != SL_VALUE_EMPTY)
		v.list = random_attributes(random, v.type == SL_VALUE_KVLIST);
	return v;
}

static struct sl_attributes random_attributes(struct random_query *random, bool keys)
{
	struct sl_attributes list = { room(random, 2 * sizeof(struct sl_attribute)),
				      pick(random, 3) };

	for (size_t i = 0; i < list.count; i++) {
		if (keys)
			list.items[i].key = pick(random, 2) == 0 ? SL_SLICE("a") : SL_SLICE("b");
		list.items[i].value = random_attribute(random);
	}
	return list;
}

static struct sl_span *random_span(struct random_query *random)
{
	struct sl_span *span = room(random, sizeof(*span));
	struct sl_resource *resource = room(random, sizeof(*resource));
	struct sl_scope *scope = room(random, sizeof(*scope));

	resource->attributes = random_attributes(random, true);
	if (resource->attributes.count > 0 && pick(random, 2) == 0)
		resource->attributes.items[0].key = SL_SLICE("service.name");
	sl_resource_settle(resource);
	scope->attributes = random_attributes(random, true);
	*span = (struct sl_span){ .name = random_word(random), .scope = scope };
	span->resource = resource;
	span->kind = (int32_t)pick(random, 3);
	span->status_code = (int32_t)pick(random, 3);
	span->start_unix_nano = pick(random, 20);
	span->end_unix_nano = span->start_unix_nano + pick(random, 10);
	span->attributes = random_attributes(random, true);
	span->event_count = pick(random, 3);
	span->events = room(random, 2 * sizeof(*span->events));
	for (size_t i = 0; i < span->event_count; i++) {
		span->events[i].name = random_word(random);
		span->events[i].attributes = random_attributes(random, true);
	}
	span->link_count = pick(random, 3);
	span->links = room(random, 2 * sizeof(*span->links));
	for (size_t i = 0; i < span->link_count; i++)
		span->links[i].attributes = random_attributes(random, true);
	return span;
}

/* The parent of the i-th is among those before it, by start; then all are shuffled. */
static void random_trace(struct random_query *random, struct sl_trace *trace)
{
	uint32_t count = 1 + (uint32_t)pick(random, RANDOM_SPANS), place[RANDOM_SPANS] = { 0 };
	struct sl_trace_node *nodes = room(random, count * sizeof(*nodes));

	for (uint32_t i = 0; i < count; i++) {
		uint32_t other = (uint32_t)pick(random, i + 1);

		place[i] = place[other];
		place[other] = i;
	}
	for (uint32_t i = 0; i < count; i++) {
		struct sl_span *span = random_span(random);
		struct sl_trace_node *node = &nodes[place[i]];

		node->span = span;
		node->parent = i == 0 || pick(random, 6) == 0 ? SL_NO_SPAN : place[pick(random, i)];
		if (node->parent == SL_NO_SPAN && pick(random, 2) == 0) {
			node->orphan = pick(random, 4) != 0;
			node->cyclic = !node->orphan;
			span->parent_span_id = random_word(random);
		}
	}
	*trace = (struct sl_trace){ .nodes = nodes, .count = count, .root = place[0] };
	query_trace_link(trace);
}

/* Children have to stand by start for self time: so they do where all starts rise with the index.
 */
static void raise_starts(struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count; i++) {
		struct sl_span *span = (struct sl_span *)(uintptr_t)trace->nodes[i].span;

		span->end_unix_nano -= span->start_unix_nano;
		span->start_unix_nano = 2 * (uint64_t)i + span->start_unix_nano % 2;
		span->end_unix_nano += span->start_unix_nano;
	}
}

#endif

/* Calls between names, added up. */
#include "graph.h"
#include <stdlib.h>

enum {
	MOST_KEPT = 8 * 1024 * 1024, /* values; of more, fewer are kept of each edge */
	FEW = 512,
	MOST_QUANTILES = 3,
	MOST_REMEMBERED = 2 * 1024 * 1024, /* traces, by all edges */
};
#define SKETCH_ERROR 0.01

static uint64_t hash_of(const struct edge_key *key)
{
	uint64_t ends = (uint64_t)key->from << 32 | key->to;
	uint64_t kind = (uint64_t)key->via << 2 | (uint64_t)key->inferred << 1 | key->message;

	return number_hash(ends ^ number_hash(kind));
}

static bool is_same(const struct edge_key *a, const struct edge_key *b)
{
	return a->from == b->from && a->to == b->to && a->via == b->via &&
	       a->message == b->message && a->inferred == b->inferred;
}

static uint32_t *find_slot(const struct edges *edges, const struct edge_key *key)
{
	size_t at = (size_t)hash_of(key) & (edges->slot_count - 1);

	while (edges->slots[at] != 0 && !is_same(&edges->items[edges->slots[at] - 1].key, key))
		at = (at + 1) & (edges->slot_count - 1);
	return &edges->slots[at];
}

static bool grow_slots(struct edges *edges)
{
	size_t count = edges->slot_count != 0 ? 2 * edges->slot_count : 256;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		return false;
	free(edges->slots);
	edges->slots = slots;
	edges->slot_count = count;
	for (size_t i = 0; i < edges->count; i++)
		*find_slot(edges, &edges->items[i].key) = (uint32_t)i + 1;
	return true;
}

/* *edge is NULL where there are too many. */
static enum sl_status find_edge(struct edges *edges, const struct edge_key *key, struct edge **edge,
				struct sl_error *err)
{
	uint32_t *slot;

	if (2 * (edges->count + 1) > edges->slot_count && !grow_slots(edges))
		return sl_fail_memory(err);
	slot = find_slot(edges, key);
	*edge = *slot != 0 ? &edges->items[*slot - 1] : NULL;
	if (*edge != NULL || edges->count == SL_GRAPH_NAMES)
		return SL_OK;
	if (!sl_array_reserve((void **)&edges->items, &edges->capacity, edges->count + 1,
			      sizeof(*edges->items)))
		return sl_fail_memory(err);
	*edge = &edges->items[edges->count++];
	**edge = (struct edge){ .key = *key };
	*slot = (uint32_t)edges->count;
	return SL_OK;
}

/* The values so far, and all that come, are counted in a sketch. */
static bool make_rough(struct spread *spread)
{
	struct sl_sample_chunk *chunk = spread->exact.first;

	sl_sketch_init(&spread->rough, SKETCH_ERROR);
	for (; chunk != NULL; chunk = chunk->next)
		for (uint32_t i = 0; i < chunk->count; i++)
			if (!sl_sketch_add(&spread->rough, sl_chunk_values(chunk)[i], 1))
				return false;
	sl_samples_free(&spread->exact);
	spread->exact = (struct sl_samples){ 0 };
	return true;
}

static bool spread_add(struct edges *edges, struct spread *spread, int64_t value)
{
	uint64_t most = edges->kept < MOST_KEPT ? SL_GRAPH_EXACT : FEW;

	spread->count++;
	if (spread->rough.bits == 0 && spread->exact.count >= most) {
		edges->kept -= spread->exact.count;
		if (!make_rough(spread))
			return false;
	}
	if (spread->rough.bits != 0)
		return sl_sketch_add(&spread->rough, value, 1);
	edges->kept++;
	return sl_samples_add(&spread->exact, value, 0);
}

static bool spread_merge(struct spread *into, struct spread *from)
{
	into->count += from->count;
	if (into->rough.bits == 0 && from->rough.bits == 0 &&
	    into->exact.count + from->exact.count <= SL_GRAPH_EXACT) {
		sl_samples_merge(&into->exact, &from->exact);
		return true;
	}
	return (into->rough.bits != 0 || make_rough(into)) &&
	       (from->rough.bits != 0 || make_rough(from)) &&
	       sl_sketch_merge(&into->rough, &from->rough);
}

static void spread_free(struct spread *spread)
{
	sl_samples_free(&spread->exact);
	sl_sketch_free(&spread->rough);
}

bool spread_quantiles(const struct spread *spread, const struct sl_quantile *quantiles,
		      size_t count, int64_t *values)
{
	uint64_t ranks[MOST_QUANTILES];

	for (size_t i = 0; i < count; i++)
		ranks[i] = sl_quantile_rank(quantiles[i], spread->count);
	if (spread->rough.bits == 0)
		return sl_samples_select(&spread->exact, ranks, count, values);
	for (size_t i = 0; i < count; i++)
		values[i] = sl_sketch_value(&spread->rough, ranks[i]);
	return true;
}

/* Trees are counted one after another, so that a number comes twice only by links. */
static bool count_trace_of(struct edges *edges, struct edge *edge, uint64_t trace)
{
	if (edge->last_trace == trace)
		return true;
	edge->last_trace = trace;
	if (edges->remembered >= MOST_REMEMBERED) {
		edge->more_traces++;
		return true;
	}
	if (!sl_array_reserve((void **)&edge->traces, &edge->trace_capacity, edge->trace_count + 1,
			      sizeof(*edge->traces)))
		return false;
	edge->traces[edge->trace_count++] = trace;
	edges->remembered++;
	return true;
}

static int compare_numbers(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

	return one < two ? -1 : one > two;
}

/* As they are but for links, and where edges were merged. */
static bool are_in_order(const struct edge *edge)
{
	for (size_t i = 1; i < edge->trace_count; i++)
		if (edge->traces[i] < edge->traces[i - 1])
			return false;
	return true;
}

uint64_t edge_traces(struct edge *edge)
{
	size_t count = 0;

	if (!are_in_order(edge))
		qsort(edge->traces, edge->trace_count, sizeof(*edge->traces), compare_numbers);
	for (size_t i = 0; i < edge->trace_count; i++)
		if (i == 0 || edge->traces[i] != edge->traces[count - 1])
			edge->traces[count++] = edge->traces[i];
	edge->trace_count = count;
	return count + edge->more_traces;
}

static bool merge_traces(struct edge *into, const struct edge *from)
{
	if (!sl_array_reserve((void **)&into->traces, &into->trace_capacity,
			      into->trace_count + from->trace_count + 1, sizeof(*into->traces)))
		return false;
	if (from->trace_count != 0)
		memcpy(into->traces + into->trace_count, from->traces,
		       from->trace_count * sizeof(*from->traces));
	into->trace_count += from->trace_count;
	into->more_traces += from->more_traces;
	return true;
}

/* A call in a call of the same edge waits for nothing that the outer one did not wait for. */
static void add_critical(struct edge *edge, const struct call *call)
{
	if (call->within.end != 0 && edge->last_trace == call->trace &&
	    call->within.begin < edge->covered_to)
		return;
	sl_sum_add(&edge->critical, sl_difference_ns(0, call->critical_ns));
	edge->covered_to = call->within.end;
}

enum sl_status edges_add(struct edges *edges, const struct call *call, struct sl_error *err)
{
	struct edge *edge = NULL;
	enum sl_status status = find_edge(edges, &call->key, &edge, err);

	if (status != SL_OK || edge == NULL) {
		edges->folded += status == SL_OK;
		return status;
	}
	edge->calls++;
	edge->errors += call->failed;
	edge->unanswered += call->unanswered && !call->failed;
	edge->inferred += call->key.inferred;
	sl_sum_add(&edge->total, call->duration_ns);
	add_critical(edge, call);
	if (!count_trace_of(edges, edge, call->trace) ||
	    !spread_add(edges, &edge->durations, call->duration_ns) ||
	    (call->has_gap && !spread_add(edges, &edge->gaps, call->gap_ns)))
		return sl_fail_memory(err);
	return SL_OK;
}

static void add_sum(struct sl_sum *into, struct sl_sum from)
{
	into->low += from.low;
	into->high += from.high + (into->low < from.low);
}

enum sl_status edges_move(struct edges *edges, size_t number, const struct edge_key *key,
			  struct sl_error *err)
{
	struct edge *into = NULL, *from;
	enum sl_status status = find_edge(edges, key, &into, err);

	from = &edges->items[number];
	if (status != SL_OK || into == from)
		return status;
	from->gone = true;
	if (into == NULL) {
		edges->folded += from->calls;
		return SL_OK;
	}
	into->calls += from->calls;
	into->errors += from->errors;
	into->inferred += from->inferred;
	into->lost += from->lost + from->unanswered;
	add_sum(&into->total, from->total);
	add_sum(&into->critical, from->critical);
	if (!merge_traces(into, from) || !spread_merge(&into->durations, &from->durations) ||
	    !spread_merge(&into->gaps, &from->gaps))
		return sl_fail_memory(err);
	return SL_OK;
}

void edges_forget(struct edges *edges, size_t number)
{
	edges->items[number].gone = true;
}

void edges_free(struct edges *edges)
{
	for (size_t i = 0; i < edges->count; i++) {
		spread_free(&edges->items[i].durations);
		spread_free(&edges->items[i].gaps);
		free(edges->items[i].traces);
	}
	free(edges->items);
	free(edges->slots);
}

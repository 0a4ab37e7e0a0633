/* Disjoint sets of traces, by a hash of 128 bits of their ids. */
#include "groups.h"
#include <stdlib.h>

/* The array and the table double. */
static bool is_over(const struct groups *groups)
{
	return 2 * groups->capacity * sizeof(*groups->traces) +
		       2 * groups->index.capacity * sizeof(*groups->index.slots) >
	       groups->limit_bytes;
}

static enum sl_status reserve(struct groups *groups, struct sl_error *err)
{
	bool array_full = groups->count == groups->capacity;
	bool table_full = 2 * (groups->count + 1) > groups->index.capacity;
	void *traces = groups->traces;

	if (groups->count >= UINT32_MAX - 1 || ((array_full || table_full) && is_over(groups)))
		return sl_fail(err,
			       "%zu traces are more than --mem-limit has room for at this pace",
			       groups->count);
	if (!sl_array_reserve(&traces, &groups->capacity, groups->count + 1,
			      sizeof(*groups->traces)))
		return sl_fail_memory(err);
	groups->traces = traces;
	return SL_OK;
}

enum sl_status groups_find(struct groups *groups, struct sl_slice trace_id, uint32_t *trace,
			   struct sl_error *err)
{
	uint64_t hash[2] = { sl_hash64(trace_id.data, trace_id.len, 1),
			     sl_hash64(trace_id.data, trace_id.len, 2) };
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(&groups->index, hash[0], &at)) != 0;) {
		*trace = number - 1;
		if (memcmp(groups->traces[*trace].hash, hash, sizeof(hash)) == 0)
			return SL_OK;
	}
	if (reserve(groups, err) != SL_OK)
		return SL_FAILED;
	*trace = (uint32_t)groups->count;
	if (!sl_index_add(&groups->index, hash[0], *trace + 1))
		return sl_fail_memory(err);
	groups->traces[groups->count++] =
		(struct traced){ .hash = { hash[0], hash[1] }, .parent = *trace };
	return SL_OK;
}

uint32_t groups_of(struct groups *groups, uint32_t trace)
{
	struct traced *traces = groups->traces;

	while (traces[trace].parent != trace) {
		traces[trace].parent = traces[traces[trace].parent].parent;
		trace = traces[trace].parent;
	}
	return trace;
}

/* The one that was met first stands for both, so that the order of the input decides. */
void groups_join(struct groups *groups, uint32_t one, uint32_t two)
{
	uint32_t first = groups_of(groups, one), second = groups_of(groups, two);

	if (first > second) {
		uint32_t other = first;

		first = second;
		second = other;
	}
	if (first == second)
		return;
	groups->traces[second].parent = first;
	groups->traces[first].trace_count += groups->traces[second].trace_count;
	if (groups->traces[second].end_ns > groups->traces[first].end_ns)
		groups->traces[first].end_ns = groups->traces[second].end_ns;
}

void groups_note(struct groups *groups, uint32_t trace, uint64_t end_ns)
{
	struct traced *group = &groups->traces[groups_of(groups, trace)];

	group->trace_count += !groups->traces[trace].met;
	groups->traces[trace].met = true;
	if (end_ns > group->end_ns)
		group->end_ns = end_ns;
}

void groups_free(struct groups *groups)
{
	free(groups->traces);
	sl_index_free(&groups->index);
}

/* Groups by the values that make them. */
#include "groups.h"
#include <stdlib.h>

static struct sl_group *add_group(struct group_table *table, const struct sl_group_value *by,
				  uint64_t hash)
{
	struct sl_group *group;

	if (table->count == UINT32_MAX - 1 ||
	    !sl_array_reserve((void **)&table->groups, &table->capacity, table->count + 1,
			      sizeof(*table->groups)))
		return NULL;
	group = &table->groups[table->count];
	*group = (struct sl_group){ .hash = hash,
				    .by = key_copy(&table->arena, by, table->fields),
				    .durations = { .with_traces = table->with_traces } };
	if (group->by == NULL || !sl_index_add(&table->index, hash, (uint32_t)table->count + 1))
		return NULL;
	if (table->error != 0) {
		sl_sketch_init(&group->sketch, table->error);
		group->least = INT64_MAX;
		group->most = INT64_MIN;
	}
	table->count++;
	return group;
}

struct sl_group *group_table_find(struct group_table *table, const struct sl_group_value *by,
				  uint64_t hash)
{
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(&table->index, hash, &at)) != 0;) {
		struct sl_group *group = &table->groups[number - 1];

		if (group->hash == hash && key_equal(group->by, by, table->fields))
			return group;
	}
	return add_group(table, by, hash);
}

bool group_add_roughly(struct sl_group *group, int64_t duration)
{
	group->durations.count++;
	sl_sum_add(&group->total, duration);
	group->least = duration < group->least ? duration : group->least;
	group->most = duration > group->most ? duration : group->most;
	return sl_sketch_add(&group->sketch, duration, 1);
}

static bool merge_roughly(struct sl_group *into, const struct sl_group *from)
{
	into->durations.count += from->durations.count;
	sum_merge(&into->total, from->total);
	into->least = from->least < into->least ? from->least : into->least;
	into->most = from->most > into->most ? from->most : into->most;
	return sl_sketch_merge(&into->sketch, &from->sketch);
}

bool group_table_merge(struct group_table *into, struct group_table *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct sl_group *group = &from->groups[i];
		struct sl_group *same = group_table_find(into, group->by, group->hash);

		if (same == NULL || !adjusted_merge(&same->adjusted, &group->adjusted))
			return false;
		if (from->error != 0 && !merge_roughly(same, group))
			return false;
		sl_samples_merge(&same->durations, &group->durations);
		same->errors += group->errors;
	}
	if (from->count != 0) {
		if (into->end_ns < from->end_ns)
			into->end_ns = from->end_ns;
		if (into->start_ns > from->start_ns)
			into->start_ns = from->start_ns;
	}
	into->backwards += from->backwards;
	return true;
}

static void add_up_chunk(const struct sl_samples *samples, struct sl_sample_chunk *chunk,
			 struct sl_times *times)
{
	/* of so few of this size the sum has room in 64 bits */
	_Static_assert(SL_SAMPLES_IN_CHUNK <= 1 << 13, "the sum of a chunk");
	const int64_t usual = INT64_C(1) << 50;
	/* the value is the first of a sample's two words */
	const size_t step = samples->with_traces ? 2 : 1;
	const int64_t *values = sl_chunk_values(chunk), *end = values + step * chunk->count;
	int64_t least = INT64_MAX, most = INT64_MIN;
	uint64_t sum = 0;

	for (const int64_t *at = values; at < end; at += step) {
		sum += (uint64_t)*at;
		least = *at < least ? *at : least;
		most = *at > most ? *at : most;
	}
	times->least = least < times->least ? least : times->least;
	times->most = most > times->most ? most : times->most;
	if (SL_LIKELY(least > -usual && most < usual)) {
		sl_sum_add(&times->total, (int64_t)sum);
		return;
	}
	for (const int64_t *at = values; at < end; at += step)
		sl_sum_add(&times->total, *at);
}

/* The sum, the least and the most of all samples. */
static void add_up(const struct sl_samples *samples, struct sl_times *times)
{
	*times = (struct sl_times){ .least = INT64_MAX, .most = INT64_MIN };
	for (struct sl_sample_chunk *chunk = samples->first; chunk != NULL; chunk = chunk->next)
		add_up_chunk(samples, chunk, times);
	times->samples = *samples;
}

static void add_up_group(struct sl_group *group)
{
	struct sl_times durations;

	if (group->sketch.count == 0) {
		add_up(&group->durations, &durations);
		group->total = durations.total;
		group->least = durations.least;
		group->most = durations.most;
	}
	add_up(&(struct sl_samples){ group->self.samples.first, group->self.samples.last,
				     group->self.samples.count, false },
	       &group->self);
	add_up(&(struct sl_samples){ group->critical.samples.first, group->critical.samples.last,
				     group->critical.samples.count, false },
	       &group->critical);
}

void group_table_add_up(struct group_table *table, const struct sl_grouping *grouping,
			struct sl_groups *groups)
{
	for (size_t i = 0; i < table->count; i++) {
		add_up_group(&table->groups[i]);
		adjusted_gather(&table->groups[i].adjusted);
	}
	*groups = (struct sl_groups){ .grouping = grouping,
				      .items = table->groups,
				      .count = table->count,
				      .start_ns = table->start_ns,
				      .end_ns = table->end_ns,
				      .backwards = table->backwards,
				      .waited = table->waited };
}

void group_table_free(struct group_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		sl_samples_free(&table->groups[i].durations);
		sl_sketch_free(&table->groups[i].sketch);
		sl_samples_free(&table->groups[i].self.samples);
		free(table->groups[i].adjusted.counts);
		sl_samples_free(&table->groups[i].critical.samples);
	}
	free(table->groups);
	sl_index_free(&table->index);
	sl_arena_free(&table->arena);
	*table = (struct group_table){ 0 };
}

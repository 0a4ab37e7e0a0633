/* by(): a spanset into one for each value, in the order in which the values appear. */
#include "match.h"

struct group {
	struct sl_query_value value;
	uint64_t hash;
	uint32_t count;
	uint32_t *spans;
};

struct grouping {
	struct group *groups;
	uint32_t group_count;
	uint32_t *slots; /* numbers of groups + 1 */
	size_t mask;
	uint32_t *group_of; /* of each span of the set */
};

static bool grouping_start(struct grouping *grouping, struct sl_arena *arena, uint32_t count)
{
	size_t size = 4;

	while (size / 2 < count)
		size *= 2;
	*grouping = (struct grouping){ .mask = size - 1 };
	grouping->groups = sl_arena_alloc(arena, count * sizeof(*grouping->groups));
	grouping->group_of = sl_arena_alloc(arena, count * sizeof(*grouping->group_of));
	grouping->slots = sl_arena_alloc(arena, size * sizeof(*grouping->slots));
	if (grouping->groups == NULL || grouping->group_of == NULL || grouping->slots == NULL)
		return false;
	memset(grouping->slots, 0, size * sizeof(*grouping->slots));
	return true;
}

static uint32_t find_group(struct grouping *grouping, const struct sl_query_value *value)
{
	uint64_t hash = value_hash(value);
	size_t at = (size_t)hash & grouping->mask;
	uint32_t number;

	for (; grouping->slots[at] != 0; at = (at + 1) & grouping->mask) {
		const struct group *group = &grouping->groups[grouping->slots[at] - 1];

		if (group->hash == hash && value_equal(&group->value, value))
			return grouping->slots[at] - 1;
	}
	number = grouping->group_count++;
	grouping->groups[number] = (struct group){ .value = *value, .hash = hash };
	grouping->slots[at] = number + 1;
	return number;
}

/* The values of the set, and the group's behind them. */
static bool add_value(struct run *run, struct sl_spanset *set, struct sl_slice name,
		      const struct sl_query_value *value)
{
	struct sl_named_value *values =
		sl_arena_alloc(&run->matcher->arena, (set->value_count + 1) * sizeof(*values));

	if (values == NULL)
		return false;
	if (set->value_count != 0)
		memcpy(values, set->values, set->value_count * sizeof(*values));
	values[set->value_count] = (struct sl_named_value){ name, *value };
	set->values = values;
	set->value_count++;
	return true;
}

/* Gives every group its part of `spans`, which has room for all. */
static void deal_out(struct grouping *grouping, const struct sl_spanset *set, uint32_t *spans)
{
	for (uint32_t i = 0; i < grouping->group_count; i++) {
		grouping->groups[i].spans = spans;
		spans += grouping->groups[i].count;
		grouping->groups[i].count = 0;
	}
	for (uint32_t i = 0; i < set->count; i++) {
		struct group *group = &grouping->groups[grouping->group_of[i]];

		group->spans[group->count++] = set->spans[i];
	}
}

static bool split_set(struct run *run, const struct stage *stage, const struct sl_spanset *set,
		      struct sets *out)
{
	struct sl_arena *arena = &run->matcher->arena;
	struct sl_slice name = table_find(&run->matcher->table, stage)->name;
	struct grouping grouping;
	uint32_t *spans = sl_arena_alloc(arena, set->count * sizeof(*spans));

	if (spans == NULL || !grouping_start(&grouping, arena, set->count))
		return false;
	for (uint32_t i = 0; i < set->count; i++) {
		struct context context = context_of_node(run->matcher, run->trace, set->spans[i]);
		struct sl_query_value value = expression_first(&context, stage->expression);

		grouping.group_of[i] = find_group(&grouping, &value);
		grouping.groups[grouping.group_of[i]].count++;
	}
	deal_out(&grouping, set, spans);
	for (uint32_t i = 0; i < grouping.group_count; i++) {
		struct sl_spanset *part = &out->items[out->count++];

		*part = *set;
		part->spans = grouping.groups[i].spans;
		part->count = grouping.groups[i].count;
		if (!add_value(run, part, name, &grouping.groups[i].value))
			return false;
	}
	return !run->matcher->failed;
}

enum sl_status run_by(struct run *run, const struct stage *stage, struct sets in, struct sets *out)
{
	size_t room = 0;

	for (size_t i = 0; i < in.count; i++)
		room += in.items[i].count;
	out->count = 0;
	out->items = sl_arena_alloc(&run->matcher->arena, room * sizeof(*out->items));
	if (out->items == NULL)
		return sl_fail_memory(run->err);
	for (size_t i = 0; i < in.count; i++)
		if (!split_set(run, stage, &in.items[i], out))
			return sl_fail_memory(run->err);
	return SL_OK;
}

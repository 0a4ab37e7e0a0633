/* Gathering records by trace id: which trace a record belongs to, and when it is complete. */
#include "gather.h"
#include <stdlib.h>

enum {
	CHUNK_LEAST_BYTES = 4 * 1024,
	CHUNK_SHARE = 32, /* of the limit */
	SORTER_SHARE = 8, /* of the limit */
	SEEN_SHARE = 16,
};

#define NOT_TOLD UINT64_MAX

enum sl_status sl_gather_open(struct sl_gatherer **gatherer,
			      const struct sl_gather_options *options, struct sl_error *err)
{
	struct sl_gatherer *new = calloc(1, sizeof(*new));
	size_t chunk = options->limit_bytes / CHUNK_SHARE;

	if (new == NULL)
		return sl_fail_memory(err);
	if (chunk < CHUNK_LEAST_BYTES)
		chunk = CHUNK_LEAST_BYTES;
	if (chunk > STORE_LARGE_CHUNK)
		chunk = STORE_LARGE_CHUNK;
	new->sorted = options->sorted;
	new->live = options->live;
	new->directory = options->directory;
	new->limit_bytes = options->limit_bytes;
	if (is_plain(new)) {
		new->sorter_bytes = options->limit_bytes / SORTER_SHARE;
		new->limit_bytes -= new->sorter_bytes;
	}
	new->seen_bytes = options->limit_bytes / SEEN_SHARE;
	new->seed = (uint64_t)(uintptr_t) new;
	new->store.chunk_bytes = chunk;
	new->current = NO_GROUP;
	new->earliest = NO_GROUP;
	new->latest = NO_GROUP;
	new->given = NO_GROUP;
	*gatherer = new;
	return SL_OK;
}

static size_t seen_bytes(const struct sl_distinct *set)
{
	return set->capacity * sizeof(*set->slots);
}

size_t gather_held(const struct sl_gatherer *gatherer)
{
	return gatherer->store.total_bytes + ids_bytes(&gatherer->table) +
	       gatherer->complete_capacity * sizeof(*gatherer->complete) +
	       seen_bytes(&gatherer->seen) + seen_bytes(&gatherer->seen_before);
}

/* Until `more` bytes fit, or nothing is left that could go. */
static enum sl_status make_room(struct sl_gatherer *gatherer, size_t more, struct sl_error *err)
{
	size_t limit = gatherer->limit_bytes;
	enum sl_status status = SL_OK;

	if (gather_held(gatherer) + more <= limit)
		return SL_OK;
	if (gatherer->store.total_bytes > 0)
		status = spill_records(gatherer, err);
	if (status != SL_OK || !is_plain(gatherer) || gatherer->table.open_count == 0)
		return status;
	if (ids_bytes(&gatherer->table) > limit / 2 || gather_held(gatherer) + more > limit)
		status = spill_groups(gatherer, err);
	return status;
}

static enum sl_status add_complete(struct sl_gatherer *gatherer, uint32_t index,
				   struct sl_error *err)
{
	void *complete = gatherer->complete;

	if (gatherer->complete_at == gatherer->complete_count)
		gatherer->complete_at = gatherer->complete_count = 0;
	if (!sl_array_reserve(&complete, &gatherer->complete_capacity, gatherer->complete_count + 1,
			      sizeof(*gatherer->complete)))
		return sl_fail_memory(err);
	gatherer->complete = complete;
	gatherer->complete[gatherer->complete_count++] =
		(struct complete){ gatherer->table.groups[index].first, index };
	return SL_OK;
}

/* Takes the group out of the list of open ones. */
static void unlink_group(struct sl_gatherer *gatherer, const struct group *group)
{
	struct group *groups = gatherer->table.groups;

	if (group->earlier != NO_GROUP)
		groups[group->earlier].later = group->later;
	else
		gatherer->earliest = group->later;
	if (group->later != NO_GROUP)
		groups[group->later].earlier = group->earlier;
	else
		gatherer->latest = group->earlier;
}

static void link_latest(struct sl_gatherer *gatherer, uint32_t index)
{
	struct group *groups = gatherer->table.groups;

	groups[index].earlier = gatherer->latest;
	groups[index].later = NO_GROUP;
	if (gatherer->latest != NO_GROUP)
		groups[gatherer->latest].later = index;
	else
		gatherer->earliest = index;
	gatherer->latest = index;
}

static enum sl_status close_group(struct sl_gatherer *gatherer, uint32_t index,
				  struct sl_error *err)
{
	if (gatherer->live)
		unlink_group(gatherer, &gatherer->table.groups[index]);
	if (gatherer->current == index)
		gatherer->current = NO_GROUP;
	ids_close(&gatherer->table, index);
	return add_complete(gatherer, index, err);
}

/* Counts a trace that was complete and comes again, as far as is remembered. */
static enum sl_status meet(struct sl_gatherer *gatherer, struct sl_slice id, struct sl_error *err)
{
	struct sl_distinct *seen = &gatherer->seen;
	size_t before;

	if (seen->count >= seen->capacity / 4 * 3 && seen_bytes(seen) * 2 > gatherer->seen_bytes &&
	    seen->capacity > 0) {
		sl_distinct_free(&gatherer->seen_before);
		gatherer->seen_before = *seen;
		*seen = (struct sl_distinct){ 0 };
	}
	before = seen->count;
	if (!sl_distinct_add(seen, id))
		return sl_fail_memory(err);
	if (seen->count == before || sl_distinct_has(&gatherer->seen_before, id))
		gatherer->counts.reopened++;
	return SL_OK;
}

static enum sl_status open_group(struct sl_gatherer *gatherer, struct sl_slice id, uint64_t hash,
				 uint32_t *index, struct sl_error *err)
{
	struct group *group;

	if (!is_plain(gatherer) && meet(gatherer, id, err) != SL_OK)
		return SL_FAILED;
	*index = ids_add(&gatherer->table, id, hash);
	if (*index == NO_GROUP)
		return sl_fail_memory(err);
	group = &gatherer->table.groups[*index];
	group->first = gatherer->counts.records;
	group->seen_ns = NOT_TOLD;
	gatherer->current = *index;
	if (gatherer->live)
		link_latest(gatherer, *index);
	return SL_OK;
}

/* The group for the next record, if it is there; another one is complete where they are sorted. */
static enum sl_status find_group(struct sl_gatherer *gatherer, struct sl_slice id, uint64_t hash,
				 uint32_t *index, struct sl_error *err)
{
	uint32_t current = gatherer->current;

	*index = ids_find(&gatherer->table, id, hash);
	if (!gatherer->sorted || current == NO_GROUP || *index == current)
		return SL_OK;
	return close_group(gatherer, current, err);
}

static enum sl_status add_record(struct sl_gatherer *gatherer, uint32_t index,
				 struct sl_slice bytes, struct sl_error *err)
{
	struct record *record = store_add(&gatherer->store, bytes);
	struct group *group = &gatherer->table.groups[index];

	if (record == NULL)
		return sl_fail_memory(err);
	/* the one before is not touched: it is in no cache any more */
	record->before = group->newest;
	group->newest = record;
	group->count++;
	gatherer->counts.records++;
	if (gatherer->live && group->seen_ns != NOT_TOLD) {
		unlink_group(gatherer, group);
		link_latest(gatherer, index);
		group->seen_ns = NOT_TOLD;
	}
	return SL_OK;
}

void sl_gather_fetch(struct sl_gatherer *gatherer, struct sl_slice trace_id)
{
	uint64_t *hash = &gatherer->fetched[gatherer->fetch_count++ % SL_COUNT(gatherer->fetched)];

	/* those of the oldest one have come meanwhile */
	ids_fetch_group(&gatherer->table, *hash);
	*hash = sl_id_hash(trace_id, gatherer->seed);
	ids_fetch_slot(&gatherer->table, *hash);
}

enum sl_status sl_gather_add(struct sl_gatherer *gatherer, struct sl_slice trace_id,
			     struct sl_slice record, struct sl_error *err)
{
	uint64_t hash = sl_id_hash(trace_id, gatherer->seed);
	enum sl_status status = release_given(gatherer, err);
	uint32_t index;
	size_t more;

	if (status == SL_OK)
		status = find_group(gatherer, trace_id, hash, &index, err);
	if (status != SL_OK)
		return status;
	more = store_growth(&gatherer->store, record.len);
	if (index == NO_GROUP)
		more += ids_growth(&gatherer->table, trace_id.len);
	if (SL_UNLIKELY(more > 0)) {
		status = make_room(gatherer, more, err);
		if (status != SL_OK)
			return status;
		index = ids_find(&gatherer->table, trace_id, hash); /* it may have gone */
	}
	if (index == NO_GROUP)
		status = open_group(gatherer, trace_id, hash, &index, err);
	if (status == SL_OK)
		status = add_record(gatherer, index, record, err);
	if (more > 0 && gather_held(gatherer) > gatherer->counts.peak_bytes)
		gatherer->counts.peak_bytes = gather_held(gatherer);
	return status;
}

static int compare_complete(const void *a, const void *b)
{
	const struct complete *one = a, *two = b;

	return (one->first > two->first) - (one->first < two->first);
}

static void sort_complete(struct sl_gatherer *gatherer, size_t from)
{
	if (gatherer->complete_count - from > 1)
		qsort(&gatherer->complete[from], gatherer->complete_count - from,
		      sizeof(*gatherer->complete), compare_complete);
}

static bool is_idle(const struct group *group, uint64_t now_ns, uint64_t idle_ns)
{
	return group->seen_ns <= now_ns && now_ns - group->seen_ns >= idle_ns;
}

enum sl_status sl_gather_idle(struct sl_gatherer *gatherer, uint64_t now_ns, uint64_t idle_ns,
			      struct sl_error *err)
{
	struct group *groups = gatherer->table.groups;
	enum sl_status status = release_given(gatherer, err);
	size_t from = gatherer->complete_count;

	if (gatherer->complete_at == from)
		from = 0;
	for (uint32_t i = gatherer->latest; i != NO_GROUP && groups[i].seen_ns == NOT_TOLD;
	     i = groups[i].earlier)
		groups[i].seen_ns = now_ns;
	while (status == SL_OK && gatherer->earliest != NO_GROUP &&
	       is_idle(&groups[gatherer->earliest], now_ns, idle_ns))
		status = close_group(gatherer, gatherer->earliest, err);
	if (status == SL_OK && gatherer->complete_at < gatherer->complete_count)
		sort_complete(gatherer, from);
	return status;
}

void sl_gather_end(struct sl_gatherer *gatherer)
{
	gatherer->ended = true;
}

/* All that is open is complete now. */
static enum sl_status complete_all(struct sl_gatherer *gatherer, struct sl_error *err)
{
	const struct ids *table = &gatherer->table;
	enum sl_status status = SL_OK;
	size_t from = gatherer->complete_count;

	if (gatherer->complete_at == from)
		from = 0;
	/* where no group was ever freed they stand in order */
	if (is_plain(gatherer)) {
		gatherer->complete_count = table->used;
		return SL_OK;
	}
	for (size_t i = 0; i < table->slot_count && status == SL_OK; i++)
		if (table->slots[i].group != 0)
			status = add_complete(gatherer, table->slots[i].group - 1, err);
	if (status == SL_OK)
		sort_complete(gatherer, from);
	return status;
}

enum sl_status gather_arrange(struct sl_gatherer *gatherer, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	gatherer->arranged = true;
	if (gatherer->by_id == NULL)
		return complete_all(gatherer, err);
	if (gatherer->store.total_bytes > 0)
		status = spill_records(gatherer, err);
	if (status == SL_OK)
		status = spill_groups(gatherer, err);
	return status == SL_OK ? sort_groups(gatherer, err) : status;
}

const struct sl_gather_counts *sl_gather_counts(const struct sl_gatherer *gatherer)
{
	return &gatherer->counts;
}

void sl_gather_close(struct sl_gatherer *gatherer)
{
	if (gatherer == NULL)
		return;
	store_clear(&gatherer->store);
	ids_clear(&gatherer->table);
	sl_distinct_free(&gatherer->seen);
	sl_distinct_free(&gatherer->seen_before);
	sl_sorter_close(gatherer->by_id);
	sl_sorter_close(gatherer->by_trace);
	sl_spill_close(gatherer->file);
	sl_buffer_free(&gatherer->text);
	sl_buffer_free(&gatherer->id);
	free(gatherer->complete);
	free(gatherer->records);
	free(gatherer->parts);
	free(gatherer);
}

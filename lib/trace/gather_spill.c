/* From memory to files: records as segments, groups as entries that are sorted. */
#include "gather.h"

static enum sl_status write_numbers(struct sl_spill *file, const uint64_t *numbers, size_t count,
				    struct sl_error *err)
{
	struct sl_slice bytes = { (const char *)numbers, count * sizeof(*numbers) };

	return sl_spill_write(file, bytes, err);
}

/* The first of the records, each of which now leads to the one behind it. */
static const struct record *turn_round(struct record *newest)
{
	struct record *first = NULL;

	while (newest != NULL) {
		struct record *before = newest->before;

		newest->before = first;
		first = newest;
		newest = before;
	}
	return first;
}

static enum sl_status write_segment(struct sl_spill *file, struct group *group,
				    struct sl_error *err)
{
	const uint64_t before[2] = { group->offset, group->len };
	uint64_t offset = sl_spill_size(file);
	enum sl_status status = write_numbers(file, before, 2, err);

	for (const struct record *record = turn_round(group->newest);
	     record != NULL && status == SL_OK; record = record->before) {
		const uint64_t len = record->len;

		status = write_numbers(file, &len, 1, err);
		if (status == SL_OK)
			status = sl_spill_write(
				file, (struct sl_slice){ record->bytes, record->len }, err);
	}
	group->offset = offset;
	group->len = sl_spill_size(file) - offset;
	group->bytes += group->len - SEGMENT_HEADER_BYTES;
	group->newest = NULL;
	return status;
}

enum sl_status spill_records(struct sl_gatherer *gatherer, struct sl_error *err)
{
	enum sl_status status = SL_OK;
	uint64_t before;

	if (gatherer->file == NULL)
		status = sl_spill_open(&gatherer->file, gatherer->directory, err);
	if (status != SL_OK)
		return status;
	before = sl_spill_size(gatherer->file);
	for (uint32_t i = 0; i < gatherer->table.used && status == SL_OK; i++) {
		struct group *group = &gatherer->table.groups[i];

		if (group->newest == NULL)
			continue;
		gatherer->in_file += group->len == 0;
		status = write_segment(gatherer->file, group, err);
	}
	gatherer->counts.spilled_bytes += sl_spill_size(gatherer->file) - before;
	store_clear(&gatherer->store);
	return status;
}

/* A copy of what the group knows, in `into`. */
static struct entry *make_entry(struct sl_buffer *into, const struct group *group)
{
	struct sl_slice id = group_id(group);
	struct entry entry = {
		.first = group->first,
		.count = group->count,
		.bytes = group->bytes,
		.offset = group->offset,
		.len = group->len,
		.id_len = id.len,
	};

	into->len = 0;
	sl_buffer_add(into, &entry, sizeof(entry));
	sl_buffer_add_slice(into, id);
	sl_buffer_add(into, "\0\0\0\0\0\0\0", entry_size(id.len) - sizeof(entry) - id.len);
	return into->failed ? NULL : (struct entry *)(void *)into->data;
}

enum sl_status spill_groups(struct sl_gatherer *gatherer, struct sl_error *err)
{
	struct sl_buffer made = { 0 };
	enum sl_status status = SL_OK;

	if (gatherer->by_id == NULL)
		status = entry_sorter_open(&gatherer->by_id, gatherer->directory,
					   gatherer->sorter_bytes, ENTRIES_BY_ID, err);
	for (uint32_t i = 0; i < gatherer->table.used && status == SL_OK; i++) {
		const struct entry *entry = make_entry(&made, &gatherer->table.groups[i]);

		status = entry != NULL ? sl_sorter_add(gatherer->by_id, entry, err)
				       : sl_fail_memory(err);
	}
	sl_buffer_free(&made);
	ids_clear(&gatherer->table);
	return status;
}

/* Tells each entry the first record of its trace: entries of one id come together. */
static enum sl_status name_traces(struct sl_gatherer *gatherer, struct sl_error *err)
{
	struct sl_buffer *id = &gatherer->id; /* of the trace; without data before the first */
	enum sl_status status;
	struct entry *entry;
	uint64_t first = 0;

	while ((status = entry_next(gatherer->by_id, &entry, err)) == SL_OK) {
		struct sl_slice own = { entry->id, entry->id_len };

		if (id->data == NULL || !sl_slice_equal(own, sl_buffer_slice(id))) {
			id->len = 0;
			sl_buffer_add_slice(id, own);
			if (id->failed)
				return sl_fail_memory(err);
			first = entry->first;
		}
		entry->trace = first;
		if (sl_sorter_add(gatherer->by_trace, entry, err) != SL_OK)
			return SL_FAILED;
	}
	return status == SL_END ? SL_OK : status;
}

enum sl_status sort_groups(struct sl_gatherer *gatherer, struct sl_error *err)
{
	enum sl_status status = sl_sorter_start(gatherer->by_id, err);

	if (status == SL_OK)
		status = entry_sorter_open(&gatherer->by_trace, gatherer->directory,
					   gatherer->sorter_bytes, ENTRIES_BY_TRACE, err);
	if (status == SL_OK)
		status = name_traces(gatherer, err);
	sl_sorter_close(gatherer->by_id);
	gatherer->by_id = NULL;
	if (status == SL_OK)
		status = sl_sorter_start(gatherer->by_trace, err);
	if (status == SL_OK)
		status = entry_next(gatherer->by_trace, &gatherer->next_entry, err);
	return status == SL_END ? SL_OK : status;
}

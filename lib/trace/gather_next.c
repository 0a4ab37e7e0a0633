/* Giving traces: the records in memory where they are, the others read back. */
#include "gather.h"

enum {
	LARGE_TEXT_BYTES = 4 * 1024 * 1024,
	ABREAST = 8,	 /* traces */
	AHEAD = 64,	 /* records of each */
	LINE_BYTES = 64, /* of a cache */
};

enum sl_status release_given(struct sl_gatherer *gatherer, struct sl_error *err)
{
	uint32_t index = gatherer->given;
	const struct group *group;

	if (SL_LIKELY(index == NO_GROUP))
		return SL_OK;
	gatherer->given = NO_GROUP;
	group = &gatherer->table.groups[index];
	for (struct record *record = group->newest, *before; record != NULL; record = before) {
		before = record->before;
		store_release(&gatherer->store, record);
	}
	gatherer->in_file -= group->len != 0;
	ids_free_group(&gatherer->table, index);
	/* a stream that never ends gets its disk back */
	if (gatherer->file != NULL && gatherer->in_file == 0 && gatherer->by_trace == NULL &&
	    sl_spill_size(gatherer->file) > 0)
		return sl_spill_empty(gatherer->file, err);
	return SL_OK;
}

/*
 * Reads a chain of segments, the newest first, so that the oldest begins at `into`.  Each is read
 * with its header, which falls on what the next one overwrites, or before `into`.
 */
static enum sl_status read_part(const struct sl_gatherer *gatherer, const struct part *part,
				char *into, struct sl_error *err)
{
	uint64_t segment[2] = { part->offset, part->len };
	char *end = into + part->bytes;

	while (segment[1] != 0) {
		char *start = end - segment[1];

		if (sl_spill_read(gatherer->file, segment[0], start, (size_t)segment[1], err) !=
		    SL_OK)
			return SL_FAILED;
		memcpy(segment, start, sizeof(segment));
		end = start + SEGMENT_HEADER_BYTES;
	}
	return SL_OK;
}

/* Reads all parts into `text`, the last first, behind the room for one header. */
static enum sl_status read_parts(struct sl_gatherer *gatherer, struct sl_error *err)
{
	struct sl_buffer *text = &gatherer->text;
	size_t total = 0;
	char *into;

	for (size_t i = 0; i < gatherer->part_count; i++)
		total += (size_t)gatherer->parts[i].bytes;
	text->len = 0;
	into = sl_buffer_reserve(text, SEGMENT_HEADER_BYTES + total + SL_PADDING);
	if (into == NULL)
		return sl_fail_memory(err);
	text->len = SEGMENT_HEADER_BYTES + total;
	memset(into + text->len, 0, SL_PADDING);
	into += text->len;
	for (size_t i = gatherer->part_count; i-- > 0;) {
		into -= gatherer->parts[i].bytes;
		if (read_part(gatherer, &gatherer->parts[i], into, err) != SL_OK)
			return SL_FAILED;
	}
	return SL_OK;
}

static enum sl_status add_part(struct sl_gatherer *gatherer, struct part part, struct sl_error *err)
{
	void *parts = gatherer->parts;

	if (!sl_array_reserve(&parts, &gatherer->part_capacity, gatherer->part_count + 1,
			      sizeof(part)))
		return sl_fail_memory(err);
	gatherer->parts = parts;
	gatherer->parts[gatherer->part_count++] = part;
	return SL_OK;
}

static bool reserve_records(struct sl_gatherer *gatherer, uint64_t count)
{
	void *records = gatherer->records;
	bool reserved =
		count <= SIZE_MAX && sl_array_reserve(&records, &gatherer->record_capacity,
						      (size_t)count, sizeof(*gatherer->records));

	gatherer->records = records;
	gatherer->record_count = 0;
	return reserved;
}

/* Finds the records in what was read. */
static void cut_text(struct sl_gatherer *gatherer)
{
	const char *at = gatherer->text.data + SEGMENT_HEADER_BYTES;
	const char *end = gatherer->text.data + gatherer->text.len;

	while (at < end) {
		uint64_t len;

		memcpy(&len, at, sizeof(len));
		at += RECORD_HEADER_BYTES;
		gatherer->records[gatherer->record_count++] = (struct sl_slice){ at, (size_t)len };
		at += len;
	}
}

static enum sl_status read_records(struct sl_gatherer *gatherer, struct sl_error *err)
{
	enum sl_status status = read_parts(gatherer, err);

	if (status == SL_OK)
		cut_text(gatherer);
	return status;
}

static void tell(struct sl_gatherer *gatherer, struct sl_slice id, struct sl_gathered *trace)
{
	gatherer->counts.traces++;
	*trace = (struct sl_gathered){
		.trace_id = id,
		.records = gatherer->records,
		.count = gatherer->record_count,
	};
}

/*
 * The records of a trace lie apart, and each tells where the one before it is: those of several
 * traces are fetched side by side, so that memory is waited for once.
 */
static void fetch_ahead(const struct sl_gatherer *gatherer, size_t from)
{
	const struct record *at[ABREAST];
	size_t count = gatherer->complete_count - from, ended = 0;

	if (count > ABREAST)
		count = ABREAST;
	for (size_t i = 0; i < count; i++)
		at[i] = gatherer->table.groups[from + i].newest;
	for (size_t round = 0; round < AHEAD && ended < count; round++) {
		ended = 0;
		for (size_t i = 0; i < count; i++) {
			if (at[i] == NULL) {
				ended++;
				continue;
			}
			__builtin_prefetch(at[i]->bytes +
					   (at[i]->len < LINE_BYTES ? at[i]->len : LINE_BYTES));
			at[i] = at[i]->before;
		}
	}
}

static enum sl_status give_group(struct sl_gatherer *gatherer, uint32_t index,
				 struct sl_gathered *trace, struct sl_error *err)
{
	const struct group *group = &gatherer->table.groups[index];
	struct part part = { group->offset, group->len, group->bytes };
	enum sl_status status = SL_OK;
	size_t at;

	gatherer->given = index;
	gatherer->part_count = 0;
	if (!reserve_records(gatherer, group->count))
		return sl_fail_memory(err);
	if (group->len != 0)
		status = add_part(gatherer, part, err);
	if (status == SL_OK && group->len != 0)
		status = read_records(gatherer, err);
	if (status != SL_OK)
		return status;
	gatherer->record_count = at = (size_t)group->count;
	for (const struct record *record = group->newest; record != NULL; record = record->before)
		gatherer->records[--at] = (struct sl_slice){ record->bytes, record->len };
	tell(gatherer, group_id(group), trace);
	return SL_OK;
}

/* The entries of one trace, which come together. */
static enum sl_status give_entries(struct sl_gatherer *gatherer, struct sl_gathered *trace,
				   struct sl_error *err)
{
	uint64_t number = gatherer->next_entry->trace, count = 0;
	enum sl_status status = SL_OK;

	gatherer->part_count = 0;
	gatherer->id.len = 0;
	sl_buffer_add(&gatherer->id, gatherer->next_entry->id, gatherer->next_entry->id_len);
	if (gatherer->id.failed)
		return sl_fail_memory(err);
	while (gatherer->next_entry != NULL && gatherer->next_entry->trace == number) {
		const struct entry *entry = gatherer->next_entry;

		count += entry->count;
		status = add_part(gatherer,
				  (struct part){ entry->offset, entry->len, entry->bytes }, err);
		if (status == SL_OK)
			status = entry_next(gatherer->by_trace, &gatherer->next_entry, err);
		if (status == SL_END)
			gatherer->next_entry = NULL;
		else if (status != SL_OK)
			return status;
	}
	if (!reserve_records(gatherer, count))
		return sl_fail_memory(err);
	status = read_records(gatherer, err);
	if (status == SL_OK)
		tell(gatherer, sl_buffer_slice(&gatherer->id), trace);
	return status;
}

/* Memory that an unusually large trace took is not kept for ever. */
static void release_text(struct sl_gatherer *gatherer)
{
	if (gatherer->text.capacity > LARGE_TEXT_BYTES)
		sl_buffer_free(&gatherer->text);
}

enum sl_status sl_gather_next(struct sl_gatherer *gatherer, struct sl_gathered *trace,
			      struct sl_error *err)
{
	enum sl_status status = release_given(gatherer, err);

	release_text(gatherer);
	if (status == SL_OK && gatherer->ended && !gatherer->arranged)
		status = gather_arrange(gatherer, err);
	if (status != SL_OK)
		return status;
	if (gatherer->complete_at < gatherer->complete_count) {
		size_t at = gatherer->complete_at++;

		if (is_plain(gatherer) && at % ABREAST == 0)
			fetch_ahead(gatherer, at);
		return give_group(gatherer,
				  is_plain(gatherer) ? (uint32_t)at : gatherer->complete[at].group,
				  trace, err);
	}
	if (gatherer->next_entry != NULL)
		return give_entries(gatherer, trace, err);
	return SL_END;
}

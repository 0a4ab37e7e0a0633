/*
 * Spans that share an id.  In Zipkin both sides of a call may report one span, the server's half
 * with "shared": here that becomes a child of the client's half, with an id of its own, and what
 * the server did below it is its child.  A part without a time is what a server reported late of
 * one that is there: it is joined to that.
 */
#include "zipkin.h"
#include <stdlib.h>

enum { LOOKS = 64 }; /* at spans of the same id */

struct entry {
	struct sl_slice trace_id, span_id, service;
	size_t index; /* of the span */
	char *new_id; /* NULL: it keeps its own */
	bool client, server, shared, has_start;
};

static int compare_ids(const struct entry *a, const struct entry *b)
{
	int order = sl_slice_compare(a->span_id, b->span_id);

	return order != 0 ? order : sl_slice_compare(a->trace_id, b->trace_id);
}

static int compare(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = compare_ids(left, right);

	if (order != 0)
		return order;
	return left->index < right->index ? -1 : left->index > right->index;
}

static bool same_id(const struct entry *a, const struct entry *b)
{
	return sl_slice_equal(a->span_id, b->span_id) && sl_slice_equal(a->trace_id, b->trace_id);
}

/* The same for the same input: of the old id, whose service it is, and which of several. */
static bool give_id(struct sl_foreign_reader *reader, struct entry *entry, uint64_t ordinal)
{
	uint64_t id = sl_fnv1a(entry->trace_id);

	id = (id ^ sl_fnv1a(entry->span_id)) * UINT64_C(0x9e3779b97f4a7c15);
	id = (id ^ sl_fnv1a(entry->service) ^ ordinal << 32) * UINT64_C(0x9e3779b97f4a7c15);
	id ^= id >> 29;
	if (id == 0)
		id = 1;
	entry->new_id = sl_arena_alloc(&reader->arena, sizeof(id));
	if (entry->new_id == NULL)
		return sl_cursor_memory(&reader->cursor);
	for (size_t i = sizeof(id); i-- > 0; id >>= 8)
		entry->new_id[i] = (char)(id & 0xff);
	return true;
}

/* Who called, of those with the same id; NULL: nobody that is here. */
static const struct entry *find_client(const struct entry *group, size_t count)
{
	const struct entry *other = NULL;

	for (size_t i = 0; i < count; i++) {
		if (group[i].client && !group[i].shared)
			return &group[i];
		if (other == NULL && !group[i].shared && !group[i].server && group[i].has_start)
			other = &group[i];
	}
	return other;
}

static bool split(struct sl_foreign_reader *reader, struct entry *group, size_t count)
{
	const struct entry *client = find_client(group, count);
	uint64_t ordinal = 0;

	for (size_t i = 0; client != NULL && i < count; i++) {
		struct entry *entry = &group[i];

		if (entry == client || !entry->has_start || (!entry->shared && !entry->server))
			continue;
		if (!give_id(reader, entry, ordinal++))
			return false;
		reader->cursor.notes->count[SL_NOTE_SHARED_SPAN]++;
	}
	return true;
}

/* The part of the group that is the same service's and has a time; the server's before others. */
static struct entry *find_whole(struct entry *group, size_t count, struct sl_slice service)
{
	struct entry *found = NULL;

	for (size_t i = 0; i < count && i < LOOKS; i++)
		if (group[i].has_start && sl_slice_equal(group[i].service, service) &&
		    (found == NULL || (group[i].shared && !found->shared)))
			found = &group[i];
	return found;
}

static bool join_lists(struct sl_foreign_reader *reader, struct sl_span *to,
		       const struct sl_span *from)
{
	size_t attributes = to->attributes.count + from->attributes.count;
	size_t events = to->event_count + from->event_count;
	struct sl_attribute *items = sl_arena_alloc(&reader->arena, attributes * sizeof(*items));
	struct sl_event *list = sl_arena_alloc(&reader->arena, events * sizeof(*list));

	if (items == NULL || list == NULL)
		return sl_cursor_memory(&reader->cursor);
	for (size_t i = 0; i < attributes; i++)
		items[i] = i < to->attributes.count
				   ? to->attributes.items[i]
				   : from->attributes.items[i - to->attributes.count];
	for (size_t i = 0; i < events; i++)
		list[i] = i < to->event_count ? to->events[i] : from->events[i - to->event_count];
	to->attributes = (struct sl_attributes){ items, attributes };
	to->events = list;
	to->event_count = events;
	return true;
}

/* The span without a time goes into the other. */
static bool join(struct sl_foreign_reader *reader, struct sl_span *to, const struct sl_span *from)
{
	if (to->name.len == 0)
		to->name = from->name;
	if (to->kind == SL_KIND_UNSPECIFIED)
		to->kind = from->kind;
	if (to->status_code == SL_STATUS_UNSET) {
		to->status_code = from->status_code;
		to->status_message = from->status_message;
	}
	return from->attributes.count + from->event_count == 0 || join_lists(reader, to, from);
}

/* True: the entry's span is in another one now. */
static bool was_joined(struct sl_foreign_reader *reader, struct entry *group, size_t count,
		       const struct entry *entry)
{
	struct sl_span *spans = (struct sl_span *)(void *)reader->spans.items;
	struct sl_notes *notes = reader->cursor.notes;
	struct entry *whole = find_whole(group, count, entry->service);

	if (whole == NULL) {
		notes->count[SL_NOTE_NO_START]++;
		return false;
	}
	notes->count[SL_NOTE_JOINED_SPAN]++;
	return join(reader, &spans[whole->index], &spans[entry->index]);
}

/* Spans that went into others are marked, by a scope that is NULL.  Of so many parts that somebody
 * means harm the rest stays what it is. */
static bool settle_group(struct sl_foreign_reader *reader, struct entry *group, size_t count)
{
	struct sl_span *spans = (struct sl_span *)(void *)reader->spans.items;
	size_t joined = 0;

	if (count > 1 && group->span_id.len != 0 && !split(reader, group, count))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (group[i].has_start)
			continue;
		if (joined < LOOKS && was_joined(reader, group, count, &group[i])) {
			spans[group[i].index].scope = NULL;
			joined++;
		} else if (joined >= LOOKS) {
			reader->cursor.notes->count[SL_NOTE_NO_START]++;
		}
	}
	return reader->cursor.fault != SL_FAULT_MEMORY;
}

/* What a server did is below its half of the span. */
static void find_parent(const struct entry *entries, size_t count, struct sl_span *span,
			struct sl_slice service)
{
	struct entry wanted = { .trace_id = span->trace_id, .span_id = span->parent_span_id };
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_ids(&entries[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low; i < count && i < low + LOOKS && same_id(&entries[i], &wanted); i++)
		if (entries[i].new_id != NULL && sl_slice_equal(entries[i].service, service)) {
			span->parent_span_id = (struct sl_slice){ entries[i].new_id, 8 };
			return;
		}
}

/* Below the client's half, which keeps the id. */
static void take_id(struct sl_span *span, const struct entry *entry)
{
	span->parent_span_id = span->span_id;
	span->span_id = (struct sl_slice){ entry->new_id, 8 };
}

/* All parents are found by the ids as they were; then these change. */
static void settle_parents(struct sl_foreign_reader *reader, const struct entry *entries,
			   size_t first, size_t count)
{
	struct sl_span *spans = (struct sl_span *)(void *)reader->spans.items;
	const struct zipkin_pending *pending =
		(const struct zipkin_pending *)(const void *)reader->pending.items;

	for (size_t i = first; i < first + count; i++)
		if (spans[i].parent_span_id.len != 0)
			find_parent(entries, count, &spans[i], pending[i].service);
	for (size_t i = 0; i < count; i++)
		if (entries[i].new_id != NULL)
			take_id(&spans[entries[i].index], &entries[i]);
}

static void drop_joined(struct sl_foreign_reader *reader, size_t first)
{
	struct sl_span *spans = (struct sl_span *)(void *)reader->spans.items;
	struct zipkin_pending *pending = (struct zipkin_pending *)(void *)reader->pending.items;
	size_t kept = first;

	for (size_t i = first; i < reader->spans.count; i++)
		if (spans[i].scope != NULL) {
			spans[kept] = spans[i];
			pending[kept++] = pending[i];
		}
	reader->spans.count = reader->pending.count = kept;
}

static struct entry entry_of(const struct sl_foreign_reader *reader, size_t index)
{
	const struct sl_span *span =
		(const struct sl_span *)(const void *)reader->spans.items + index;
	const struct zipkin_pending *pending =
		(const struct zipkin_pending *)(const void *)reader->pending.items + index;

	return (struct entry){
		.trace_id = span->trace_id,
		.span_id = span->span_id,
		.service = pending->service,
		.index = index,
		.client = span->kind == SL_KIND_CLIENT || span->kind == SL_KIND_PRODUCER,
		.server = span->kind == SL_KIND_SERVER || span->kind == SL_KIND_CONSUMER,
		.shared = pending->shared,
		.has_start = pending->has_start,
	};
}

bool zipkin_settle(struct sl_foreign_reader *reader, size_t first)
{
	size_t count = reader->spans.count - first;
	struct entry *entries = sl_arena_alloc(&reader->arena, count * sizeof(*entries));

	if (entries == NULL)
		return sl_cursor_memory(&reader->cursor);
	for (size_t i = 0; i < count; i++)
		entries[i] = entry_of(reader, first + i);
	if (count > 1)
		qsort(entries, count, sizeof(*entries), compare);
	for (size_t begin = 0, end; begin < count; begin = end) {
		for (end = begin + 1; end < count && same_id(&entries[begin], &entries[end]);)
			end++;
		if (!settle_group(reader, &entries[begin], end - begin))
			return false;
	}
	settle_parents(reader, entries, first, count);
	drop_joined(reader, first);
	return true;
}

bool zipkin_settle_alone(struct sl_foreign_reader *reader)
{
	size_t index = reader->spans.count - 1;
	struct entry entry;

	if (reader->spans.count == 0)
		return true;
	entry = entry_of(reader, index);
	if (!entry.shared || entry.span_id.len == 0)
		return true;
	if (!give_id(reader, &entry, 0))
		return false;
	reader->cursor.notes->count[SL_NOTE_SHARED_SPAN]++;
	take_id((struct sl_span *)(void *)reader->spans.items + index, &entry);
	return true;
}

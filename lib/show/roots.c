/*
 * Which traces are the slowest, of nothing but ids and times, and where their spans stand: so that
 * of what can be read twice only those are gathered.
 */
#include "spanline/show.h"
#include "spanline/text.h"
#include <stdlib.h>

/* The parcels that spans of a trace were in, one behind the other; numbers of them. */
struct places {
	uint32_t first, last;
	uint32_t earlier; /* of those before, in finder.earlier; UINT32_MAX: none */
};

/* What is known of a trace. */
struct candidate {
	struct sl_slice id;
	uint64_t start_ns;    /* of the earliest span without a parent */
	uint64_t duration_ns; /* of that; of the longest span where there is none yet */
	struct places places;
	bool has_root;
};

struct finder {
	struct sl_show *show;
	struct sl_arena arena; /* ids */
	struct candidate *candidates;
	size_t count, capacity;
	struct sl_index index; /* of candidates by id, from 1 on */
	struct sl_flow_place *parcels;
	size_t parcel_count, parcel_capacity;
	struct places *earlier;
	size_t earlier_count, earlier_capacity;
	uint64_t begun_ns;
	bool scattered; /* there is a parcel that cannot be read alone */
	bool gave_up;
};

/* A span as the workers hand it on, before its trace id. */
struct head {
	uint64_t start_ns, duration_ns;
	uint32_t id_len;
	uint32_t is_root;
};

static bool is_no_id(struct sl_slice id)
{
	for (size_t i = 0; i < id.len; i++)
		if (id.data[i] != 0)
			return false;
	return true;
}

static enum sl_status pack_head(void *worker, const struct sl_span *span, struct sl_buffer *out,
				struct sl_error *err)
{
	struct head head = { .start_ns = span->start_unix_nano,
			     .id_len = (uint32_t)span->trace_id.len,
			     .is_root = is_no_id(span->parent_span_id) };

	(void)worker;
	(void)err;
	if (span->end_unix_nano > span->start_unix_nano)
		head.duration_ns = span->end_unix_nano - span->start_unix_nano;
	sl_buffer_add(out, &head, sizeof(head));
	sl_buffer_add_slice(out, span->trace_id);
	return SL_OK;
}

static enum sl_status open_finder(void **opened, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct finder *finder = calloc(1, sizeof(*finder));

	(void)notes;
	if (finder == NULL)
		return sl_fail_memory(err);
	finder->show = context;
	finder->begun_ns = finder->show->now();
	*opened = finder;
	return SL_OK;
}

static void close_finder(void *opened)
{
	struct finder *finder = opened;

	sl_arena_free(&finder->arena);
	free(finder->candidates);
	sl_index_free(&finder->index);
	free(finder->parcels);
	free(finder->earlier);
	free(finder);
}

/* What the table takes is more than may be: all traces are gathered then. */
static bool is_over_limit(const struct finder *finder)
{
	return finder->arena.total_bytes + finder->capacity * sizeof(*finder->candidates) +
		       finder->index.capacity * sizeof(*finder->index.slots) +
		       finder->parcel_capacity * sizeof(*finder->parcels) +
		       finder->earlier_capacity * sizeof(*finder->earlier) >
	       finder->show->traces.gather.limit_bytes / 2;
}

static struct candidate *find_candidate(struct finder *finder, struct sl_slice id)
{
	uint64_t hash = sl_id_hash(id, 0);
	struct candidate *candidate;
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(&finder->index, hash, &at)) != 0;)
		if (sl_id_equal(finder->candidates[number - 1].id, id))
			return &finder->candidates[number - 1];
	if (!sl_array_reserve((void **)&finder->candidates, &finder->capacity, finder->count + 1,
			      sizeof(*finder->candidates)))
		return NULL;
	candidate = &finder->candidates[finder->count];
	*candidate = (struct candidate){ .id = sl_arena_copy(&finder->arena, id),
					 .places = { UINT32_MAX, 0, UINT32_MAX } };
	if ((candidate->id.data == NULL && id.len != 0) ||
	    !sl_index_add(&finder->index, hash, (uint32_t)finder->count + 1))
		return NULL;
	finder->count++;
	return candidate;
}

static enum sl_status take_place(void *opened, const struct sl_flow_place *place,
				 struct sl_error *err)
{
	struct finder *finder = opened;

	finder->scattered |= !place->readable;
	if (!sl_array_reserve((void **)&finder->parcels, &finder->parcel_capacity,
			      finder->parcel_count + 1, sizeof(*finder->parcels)))
		return sl_fail_memory(err);
	finder->parcels[finder->parcel_count++] = *place;
	return SL_OK;
}

/* A span of it is in the present parcel; false: no memory. */
static bool note_place(struct finder *finder, struct places *places)
{
	uint32_t here = (uint32_t)finder->parcel_count - 1;

	if (places->first != UINT32_MAX && here - places->last <= 1) {
		places->last = here;
		return true;
	}
	if (places->first != UINT32_MAX) {
		if (!sl_array_reserve((void **)&finder->earlier, &finder->earlier_capacity,
				      finder->earlier_count + 1, sizeof(*finder->earlier)))
			return false;
		finder->earlier[finder->earlier_count] = *places;
		places->earlier = (uint32_t)finder->earlier_count++;
	}
	places->first = places->last = here;
	return true;
}

static void look_at(struct candidate *candidate, const struct head *head)
{
	if (head->is_root && (!candidate->has_root || head->start_ns < candidate->start_ns)) {
		candidate->has_root = true;
		candidate->start_ns = head->start_ns;
		candidate->duration_ns = head->duration_ns;
	} else if (!candidate->has_root && head->duration_ns > candidate->duration_ns) {
		candidate->duration_ns = head->duration_ns;
	}
}

static enum sl_status take_heads(void *opened, struct sl_slice heads, struct sl_buffer *out,
				 struct sl_error *err)
{
	struct finder *finder = opened;

	(void)out;
	while (heads.len != 0) {
		struct candidate *candidate;
		struct head head;

		memcpy(&head, heads.data, sizeof(head));
		candidate = find_candidate(
			finder, (struct sl_slice){ heads.data + sizeof(head), head.id_len });
		if (candidate == NULL || !note_place(finder, &candidate->places))
			return sl_fail_memory(err);
		look_at(candidate, &head);
		heads.data += sizeof(head) + head.id_len;
		heads.len -= sizeof(head) + head.id_len;
	}
	finder->gave_up = is_over_limit(finder);
	return finder->gave_up ? SL_END : SL_OK;
}

/* A stream that lasts so long may last for ever: nothing of it can be kept to be read again. */
static enum sl_status rest(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct finder *finder = opened;
	const struct sl_show *show = finder->show;

	(void)out;
	(void)err;
	if (show->traces.gather.live && show->now() - finder->begun_ns >= show->idle_ns)
		finder->gave_up = true;
	return finder->gave_up ? SL_END : SL_OK;
}

static bool is_in_time(const struct finder *finder, const struct candidate *candidate)
{
	const struct sl_selection *wanted = &finder->show->wanted;

	return !candidate->has_root ||
	       (candidate->start_ns >= wanted->since_ns && candidate->start_ns < wanted->until_ns);
}

static int longest_first(const void *a, const void *b)
{
	const uint64_t *one = a, *two = b;

	return *one > *two ? -1 : *one < *two;
}

/* The duration from which on a trace may be among the slowest: those with a root decide. */
static enum sl_status find_least(const struct finder *finder, uint64_t *least, struct sl_error *err)
{
	const struct sl_show *show = finder->show;
	uint64_t wanted = show->limit > show->listed ? show->limit : show->listed;
	uint64_t *durations = malloc((finder->count + 1) * sizeof(*durations));
	size_t count = 0;

	if (durations == NULL)
		return sl_fail_memory(err);
	for (size_t i = 0; i < finder->count; i++)
		if (finder->candidates[i].has_root && is_in_time(finder, &finder->candidates[i]))
			durations[count++] = finder->candidates[i].duration_ns;
	qsort(durations, count, sizeof(*durations), longest_first);
	*least = wanted <= count && wanted != 0 ? durations[wanted - 1] : 0;
	free(durations);
	return SL_OK;
}

static enum sl_status add_id(struct sl_show *show, struct sl_slice id, struct sl_error *err)
{
	char hex[2 * 64];

	/* an id that is none, or that no list can hold: then all are gathered */
	if (id.len == 0 || id.len > 16) {
		show->knows_slow = false;
		return SL_OK;
	}
	sl_write_hex(hex, id.data, id.len);
	return sl_id_list_add(&show->slow, (struct sl_slice){ hex, 2 * id.len }, err);
}

/* The parcels in which spans of the candidate are. */
static void mark(const struct finder *finder, const struct candidate *candidate, bool *wanted)
{
	const struct places *places = &candidate->places;

	for (;;) {
		for (uint32_t i = places->first; i <= places->last; i++)
			wanted[i] = true;
		if (places->earlier == UINT32_MAX)
			return;
		places = &finder->earlier[places->earlier];
	}
}

/* Parcels one behind the other are one part. */
static bool add_part(struct sl_input_parts *parts, const struct sl_input_part *part, bool goes_on)
{
	if (goes_on) {
		struct sl_input_part *last = &parts->items[parts->count - 1];

		last->len = part->offset + part->len - last->offset;
		return true;
	}
	if (!sl_array_reserve((void **)&parts->items, &parts->capacity, parts->count + 1,
			      sizeof(*parts->items)))
		return false;
	parts->items[parts->count++] = *part;
	return true;
}

static enum sl_status choose_parts(const struct finder *finder, const bool *wanted,
				   struct sl_error *err)
{
	struct sl_show *show = finder->show;

	show->parts = calloc(show->operand_count, sizeof(*show->parts));
	if (show->parts == NULL)
		return sl_fail_memory(err);
	for (size_t i = 0; i < finder->parcel_count; i++) {
		const struct sl_flow_place *place = &finder->parcels[i];
		bool goes_on =
			wanted[i] && i > 0 && wanted[i - 1] && place->operand == place[-1].operand;

		if (wanted[i] && !add_part(&show->parts[place->operand], &place->part, goes_on))
			return sl_fail_memory(err);
	}
	return SL_OK;
}

static bool is_chosen(const struct finder *finder, const struct candidate *candidate,
		      uint64_t least)
{
	return candidate->duration_ns >= least && is_in_time(finder, candidate);
}

static enum sl_status choose_from(const struct finder *finder, bool *wanted, struct sl_error *err)
{
	struct sl_show *show = finder->show;
	uint64_t least = 0;
	enum sl_status status = find_least(finder, &least, err);

	for (size_t i = 0; i < finder->count && status == SL_OK && show->knows_slow; i++) {
		const struct candidate *candidate = &finder->candidates[i];

		if (!is_chosen(finder, candidate, least))
			continue;
		status = add_id(show, candidate->id, err);
		mark(finder, candidate, wanted);
	}
	sl_id_list_sort(&show->slow);
	if (status != SL_OK || !show->knows_slow || finder->scattered || finder->count == 0)
		return status;
	return choose_parts(finder, wanted, err);
}

static enum sl_status choose(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct finder *finder = opened;
	bool *wanted = calloc(finder->parcel_count + 1, sizeof(*wanted));
	enum sl_status status;

	(void)out;
	if (wanted == NULL)
		return sl_fail_memory(err);
	finder->show->knows_slow = !finder->gave_up;
	status = choose_from(finder, wanted, err);
	free(wanted);
	return status == SL_OK ? SL_END : SL_FAILED;
}

bool sl_show_can_find_slowest(const struct sl_show *show)
{
	return show->slowest && show->wanted.query_count == 0 && show->wanted.ids == NULL &&
	       !show->errors && show->examine == NULL && show->ahead == NULL;
}

unsigned sl_show_finding_needs(void)
{
	return SL_NEED_TRACE_ID | SL_NEED_PARENT_SPAN_ID | SL_NEED_TIMES;
}

struct sl_flow_work sl_show_finding_work(struct sl_show *show)
{
	return (struct sl_flow_work){ .span = pack_head,
				      .open_gatherer = open_finder,
				      .place = take_place,
				      .gather = take_heads,
				      .idle = rest,
				      .finish = choose,
				      .close_gatherer = close_finder,
				      .context = show };
}

static enum sl_status open_check(void **opened, void *context, struct sl_notes *notes,
				 struct sl_error *err)
{
	(void)notes;
	(void)err;
	*opened = context;
	return SL_OK;
}

/* Damage behind the ids and times was not seen when those were read. */
static enum sl_status check_span(void *opened, const struct sl_span *span, struct sl_buffer *out,
				 struct sl_error *err)
{
	const struct sl_show *show = opened;

	(void)err;
	if (sl_id_list_has(&show->slow, span->trace_id) && sl_span_whole(span) == NULL)
		sl_buffer_add_byte(out, '!');
	return SL_OK;
}

static enum sl_status take_check(void *opened, struct sl_slice lost, struct sl_buffer *out,
				 struct sl_error *err)
{
	struct sl_show *show = opened;

	(void)out;
	(void)err;
	if (lost.len == 0)
		return SL_OK;
	show->knows_slow = false;
	return SL_END;
}

struct sl_flow_work sl_show_checking_work(struct sl_show *show)
{
	return (struct sl_flow_work){ .open = open_check,
				      .span = check_span,
				      .open_gatherer = open_check,
				      .gather = take_check,
				      .context = show };
}

void sl_show_take_slowest(struct sl_show *show)
{
	if (!show->knows_slow)
		return;
	show->wanted.ids = &show->slow;
	/* all has come, and been read */
	show->traces.gather.live = false;
}

void sl_show_forget_slowest(struct sl_show *show)
{
	sl_id_list_free(&show->slow);
	for (size_t i = 0; show->parts != NULL && i < show->operand_count; i++)
		free(show->parts[i].items);
	free(show->parts);
	show->parts = NULL;
}

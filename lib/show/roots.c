/*
 * Which traces are the slowest, of nothing but ids and times: so that of a file that can be read
 * twice only those are gathered.
 */
#include "spanline/show.h"
#include "spanline/text.h"
#include <stdlib.h>

/* What is known of a trace. */
struct candidate {
	struct sl_slice id;
	uint64_t start_ns;    /* of the earliest span without a parent */
	uint64_t duration_ns; /* of that; of the longest span where there is none yet */
	bool has_root;
};

struct finder {
	struct sl_show *show;
	struct sl_arena arena; /* ids */
	struct candidate *candidates;
	size_t count, capacity;
	uint32_t *slots; /* of candidates by id, or UINT32_MAX */
	size_t slot_count;
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
	*opened = finder;
	return SL_OK;
}

static void close_finder(void *opened)
{
	struct finder *finder = opened;

	sl_arena_free(&finder->arena);
	free(finder->candidates);
	free(finder->slots);
	free(finder);
}

static uint32_t *find_slot(const struct finder *finder, struct sl_slice id)
{
	size_t at = sl_hash64(id.data, id.len, 0) & (finder->slot_count - 1);

	while (finder->slots[at] != UINT32_MAX &&
	       !sl_slice_equal(finder->candidates[finder->slots[at]].id, id))
		at = (at + 1) & (finder->slot_count - 1);
	return &finder->slots[at];
}

static bool grow_slots(struct finder *finder)
{
	size_t count = finder->slot_count != 0 ? 2 * finder->slot_count : 1024;
	uint32_t *slots = malloc(count * sizeof(*slots));

	if (slots == NULL)
		return false;
	free(finder->slots);
	finder->slots = slots;
	finder->slot_count = count;
	memset(slots, 0xff, count * sizeof(*slots));
	for (size_t i = 0; i < finder->count; i++)
		*find_slot(finder, finder->candidates[i].id) = (uint32_t)i;
	return true;
}

/* What the table takes is more than may be: all traces are gathered then. */
static bool is_over_limit(const struct finder *finder)
{
	return finder->arena.total_bytes + finder->capacity * sizeof(*finder->candidates) +
		       finder->slot_count * sizeof(*finder->slots) >
	       finder->show->traces.gather.limit_bytes / 2;
}

static struct candidate *find_candidate(struct finder *finder, struct sl_slice id)
{
	uint32_t *slot;

	if (finder->count * 2 >= finder->slot_count && !grow_slots(finder))
		return NULL;
	slot = find_slot(finder, id);
	if (*slot != UINT32_MAX)
		return &finder->candidates[*slot];
	if (!sl_array_reserve((void **)&finder->candidates, &finder->capacity, finder->count + 1,
			      sizeof(*finder->candidates)))
		return NULL;
	*slot = (uint32_t)finder->count;
	finder->candidates[finder->count] =
		(struct candidate){ .id = sl_arena_copy(&finder->arena, id) };
	if (finder->candidates[finder->count].id.data == NULL && id.len != 0)
		return NULL;
	return &finder->candidates[finder->count++];
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
		if (candidate == NULL)
			return sl_fail_memory(err);
		look_at(candidate, &head);
		heads.data += sizeof(head) + head.id_len;
		heads.len -= sizeof(head) + head.id_len;
	}
	return is_over_limit(finder) ? SL_END : SL_OK;
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

static enum sl_status choose(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct finder *finder = opened;
	struct sl_show *show = finder->show;
	uint64_t least = 0;
	enum sl_status status = find_least(finder, &least, err);

	(void)out;
	show->knows_slow = status == SL_OK && !is_over_limit(finder);
	for (size_t i = 0; i < finder->count && status == SL_OK && show->knows_slow; i++)
		if (finder->candidates[i].duration_ns >= least &&
		    is_in_time(finder, &finder->candidates[i]))
			status = add_id(show, finder->candidates[i].id, err);
	sl_id_list_sort(&show->slow);
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
				      .gather = take_heads,
				      .finish = choose,
				      .close_gatherer = close_finder,
				      .context = show };
}

void sl_show_take_slowest(struct sl_show *show)
{
	if (show->knows_slow)
		show->wanted.ids = &show->slow;
}

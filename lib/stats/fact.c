/* From spans to what is kept of them, and back to trees. */
#include "fact.h"
#include <stdlib.h>

/* One worker of the flow. */
struct packer {
	const struct sl_stats *stats;
	struct sl_selection wanted; /* but for times, of which the root's count */
	struct sl_selector *selector;
	struct grouper grouper; /* which is only asked */
	struct sl_buffer by;
	uint64_t unknown, unknown_by; /* of all spans so far, as in struct fact */
};

/* Before each trace id and fact that a worker hands on; in this process's order of bytes. */
struct frame {
	size_t id_len, fact_len;
};

/* Before the ids and the group. */
struct head {
	uint64_t start_ns, end_ns;
	uint32_t id_len, parent_len;
	uint32_t unknown, unknown_by;
	int32_t kind, status_code;
	bool chosen;
};

bool facts_suffice(const struct sl_stats *stats)
{
	return stats->report_keys == NULL && stats->gates == NULL && !stats->adjusted &&
	       !stats->grouping->needs_traces && !sl_selection_needs_traces(&stats->wanted);
}

unsigned facts_needs(const struct sl_stats *stats)
{
	return SL_NEED_TRACE_ID | SL_NEED_SPAN_ID | SL_NEED_PARENT_SPAN_ID | SL_NEED_STATUS |
	       SL_NEED_TIMES | (stats->critical ? SL_NEED_KIND : 0U);
}

void fact_packer_close(void *opened)
{
	struct packer *packer = opened;

	sl_selector_close(packer->selector);
	grouper_close(&packer->grouper);
	sl_buffer_free(&packer->by);
	free(packer);
}

enum sl_status fact_packer_open(void **opened, void *context, struct sl_notes *notes,
				struct sl_error *err)
{
	struct packer *packer = calloc(1, sizeof(*packer));
	enum sl_status status;

	(void)notes;
	if (packer == NULL)
		return sl_fail_memory(err);
	packer->stats = context;
	packer->wanted = packer->stats->wanted;
	packer->wanted.since_ns = 0;
	packer->wanted.until_ns = UINT64_MAX;
	status = grouper_open(&packer->grouper, packer->stats->grouping, err);
	if (status == SL_OK)
		status = sl_selector_open(&packer->selector, &packer->wanted, err);
	if (status == SL_OK)
		*opened = packer;
	else
		fact_packer_close(packer);
	return status;
}

/* Answers that are not known, since the last time. */
static uint32_t new_ones(uint64_t unknown, uint64_t *before)
{
	uint64_t count = unknown - *before;

	*before = unknown;
	return (uint32_t)count;
}

/* Only of what may be counted its group is asked for. */
static enum sl_status ask(struct packer *packer, const struct sl_span *span, struct head *head,
			  struct sl_error *err)
{
	enum sl_status status = sl_select_span(packer->selector, span, &head->chosen, err);

	packer->by.len = 0;
	if (status == SL_OK && (head->chosen || packer->stats->roots))
		status = grouper_pack(&packer->grouper, span, &packer->by, err);
	if (status == SL_OK && packer->by.failed)
		status = sl_fail_memory(err);
	head->unknown = new_ones(sl_selector_limits_hit(packer->selector), &packer->unknown);
	head->unknown_by = new_ones(grouper_limits_hit(&packer->grouper), &packer->unknown_by);
	return status;
}

enum sl_status fact_packer_span(void *opened, const struct sl_span *span, struct sl_buffer *out,
				struct sl_error *err)
{
	struct packer *packer = opened;
	struct head head = { .start_ns = span->start_unix_nano,
			     .end_ns = span->end_unix_nano,
			     .id_len = (uint32_t)span->span_id.len,
			     .parent_len = (uint32_t)span->parent_span_id.len,
			     .kind = span->kind,
			     .status_code = span->status_code };
	struct frame frame = { .id_len = span->trace_id.len };
	enum sl_status status = ask(packer, span, &head, err);

	if (status != SL_OK || sl_span_damaged(span))
		return status; /* its reader tells of damage */
	frame.fact_len =
		sizeof(head) + span->span_id.len + span->parent_span_id.len + packer->by.len;
	sl_buffer_add(out, &frame, sizeof(frame));
	sl_buffer_add_slice(out, span->trace_id);
	sl_buffer_add(out, &head, sizeof(head));
	sl_buffer_add_slice(out, span->span_id);
	sl_buffer_add_slice(out, span->parent_span_id);
	sl_buffer_add_slice(out, sl_buffer_slice(&packer->by));
	return SL_OK;
}

static struct sl_slice take(struct sl_slice *from, size_t len)
{
	struct sl_slice taken = { from->data, len };

	from->data += len;
	from->len -= len;
	return taken;
}

enum sl_status facts_take(struct sl_gatherer *gatherer, struct sl_slice packed,
			  struct sl_error *err)
{
	enum sl_status status = SL_OK;

	while (packed.len != 0 && status == SL_OK) {
		struct frame frame;
		struct sl_slice id;

		memcpy(&frame, take(&packed, sizeof(frame)).data, sizeof(frame));
		id = take(&packed, frame.id_len);
		status = sl_gather_add(gatherer, id, take(&packed, frame.fact_len), err);
	}
	return status;
}

static bool unpack(struct sl_slice record, struct sl_slice trace_id, struct fact *fact)
{
	struct head head;

	memcpy(&head, take(&record, sizeof(head)).data, sizeof(head));
	fact->span = sl_span_empty;
	fact->span.trace_id = trace_id;
	fact->span.span_id = take(&record, head.id_len);
	fact->span.parent_span_id = take(&record, head.parent_len);
	fact->span.start_unix_nano = head.start_ns;
	fact->span.end_unix_nano = head.end_ns;
	fact->span.kind = head.kind;
	fact->span.status_code = head.status_code;
	fact->by = record;
	fact->unknown = head.unknown;
	fact->unknown_by = head.unknown_by;
	return head.chosen;
}

enum sl_status facts_build(struct facts *facts, const struct sl_gathered *gathered,
			   struct sl_arena *arena, struct sl_error *err)
{
	size_t count = gathered->count;
	struct fact *items = sl_arena_alloc(arena, count * sizeof(*items));
	const struct sl_span **spans = sl_arena_alloc(arena, count * sizeof(struct sl_span *));
	bool *chosen = sl_arena_alloc(arena, count * sizeof(*chosen));

	if (items == NULL || spans == NULL || chosen == NULL)
		return sl_fail_memory(err);
	*facts = (struct facts){ .items = items, .chosen = chosen };
	for (size_t i = 0; i < count; i++) {
		spans[i] = &items[i].span;
		chosen[i] = unpack(gathered->records[i], gathered->trace_id, &items[i]);
		facts->count += chosen[i];
	}
	return sl_trace_build(&facts->trace, spans, count, arena, err);
}

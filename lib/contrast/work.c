/*
 * The work of a flow that compares two sets.  Workers cut spans down to what is compared; one
 * gatherer puts the traces together, and counts each when it is complete.
 *
 * Where a query needs whole traces, or not all are wanted, whole spans are gathered instead, and
 * told of then: traces that are not wanted must leave no trace.
 */
#include "work.h"
#include <stdlib.h>

/* One worker of the flow. */
struct packer {
	struct sl_contrast *contrast;
	struct teller teller;
	struct sl_selector *split; /* or NULL */
};

/* The one that gathers. */
struct gathering {
	struct sl_contrast *contrast;
	struct sl_gathering spans;
	/* where they are whole */
	struct sl_selector *wanted;
	struct sl_matcher *split; /* or NULL */
	struct teller teller;
	struct sl_buffer told;
	struct sl_slice *facts; /* of one trace */
	size_t fact_capacity;
	struct sl_arena arena;
};

static bool wants_all(const struct sl_selection *wanted)
{
	return wanted->query_count == 0 && wanted->since_ns == 0 &&
	       wanted->until_ns == UINT64_MAX && wanted->ids == NULL && wanted->shard_count == 0 &&
	       !wanted->invert;
}

static bool needs_whole(const struct sl_contrast *contrast)
{
	return !wants_all(&contrast->options->wanted) ||
	       sl_selection_needs_traces(&contrast->split_alone);
}

unsigned sl_contrast_needs(const struct sl_contrast *contrast)
{
	return needs_whole(contrast) ? SL_NEED_WHOLE
				     : told_needs | sl_selection_needs(&contrast->split_alone);
}

bool sl_contrast_is_lazy(const struct sl_contrast *contrast)
{
	return (sl_contrast_needs(contrast) & SL_NEED_WHOLE) == 0;
}

static void close_packer(void *opened)
{
	struct packer *packer = opened;

	packer->contrast->counts.limits_hit += sl_selector_limits_hit(packer->split);
	sl_selector_close(packer->split);
	teller_free(&packer->teller);
	free(packer);
}

static enum sl_status open_packer(void **opened, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct packer *packer = calloc(1, sizeof(*packer));
	struct sl_contrast *contrast = context;
	enum sl_status status = SL_OK;

	if (packer == NULL)
		return sl_fail_memory(err);
	packer->contrast = contrast;
	packer->teller.notes = notes;
	packer->teller.worker = contrast->workers++;
	if (contrast->options->split != NULL)
		status = sl_selector_open(&packer->split, &contrast->split_alone, err);
	if (status == SL_OK)
		*opened = packer;
	else
		close_packer(packer);
	return status;
}

static enum sl_status pack_span(void *opened, const struct sl_span *span, struct sl_buffer *out,
				struct sl_error *err)
{
	struct packer *packer = opened;
	bool matched = false;
	enum sl_status status = SL_OK;

	if (packer->split != NULL)
		status = sl_select_span(packer->split, span, &matched, err);
	/* a query that cannot be answered is no damage of the input */
	if (status != SL_OK)
		return SL_FAILED;
	/* its reader tells of it */
	if (sl_span_damaged(span))
		return SL_OK;
	return teller_tell(&packer->teller, span, matched, out, err);
}

static void close_gathering(void *opened)
{
	struct gathering *gathering = opened;
	struct sl_contrast_counts *counts = &gathering->contrast->counts;

	counts->limits_hit += sl_selector_limits_hit(gathering->wanted);
	if (gathering->split != NULL)
		counts->limits_hit += sl_matcher_limits_hit(gathering->split);
	counts->reopened += sl_gathering_reopened(&gathering->spans);
	sl_gathering_close(&gathering->spans);
	sl_selector_close(gathering->wanted);
	sl_matcher_close(gathering->split);
	teller_free(&gathering->teller);
	sl_buffer_free(&gathering->told);
	sl_arena_free(&gathering->arena);
	free(gathering->facts);
	free(gathering);
}

static enum sl_status open_gathering(void **opened, void *context, struct sl_notes *notes,
				     struct sl_error *err)
{
	struct gathering *gathering = calloc(1, sizeof(*gathering));
	struct sl_contrast *contrast = context;
	const struct sl_contrast_options *options = contrast->options;
	enum sl_status status;

	(void)notes;
	if (gathering == NULL)
		return sl_fail_memory(err);
	gathering->contrast = contrast;
	gathering->teller.worker = contrast->workers++;
	status = sl_gathering_open(&gathering->spans, needs_whole(contrast), &options->traces, err);
	if (status == SL_OK)
		status = sl_selector_open(&gathering->wanted, &options->wanted, err);
	if (status == SL_OK && options->split != NULL)
		status = sl_matcher_open(&gathering->split, options->split, err);
	if (status == SL_OK)
		*opened = gathering;
	else
		close_gathering(gathering);
	return status;
}

/* By node, what the split finds; NULL with SL_OK: it asks nothing. */
static enum sl_status find_matched(struct gathering *gathering, const struct sl_trace *trace,
				   bool **matched, struct sl_error *err)
{
	const struct sl_spanset *sets;
	size_t count;
	enum sl_status status;

	*matched = NULL;
	if (gathering->split == NULL)
		return SL_OK;
	status = sl_query_trace(gathering->split, trace, &sets, &count, err);
	/* a query that cannot be answered is no damage of the input */
	if (status != SL_OK)
		return SL_FAILED;
	*matched = sl_arena_alloc(&gathering->arena, trace->count * sizeof(**matched));
	if (*matched == NULL)
		return sl_fail_memory(err);
	memset(*matched, 0, trace->count * sizeof(**matched));
	for (size_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < sets[i].count; j++)
			(*matched)[sets[i].spans[j]] = true;
	return SL_OK;
}

/* The facts of its spans, in the arena. */
static enum sl_status cut_down(struct gathering *gathering, const struct sl_trace *trace,
			       const bool *matched, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (!sl_array_reserve((void **)&gathering->facts, &gathering->fact_capacity, trace->count,
			      sizeof(*gathering->facts)))
		return sl_fail_memory(err);
	for (uint32_t i = 0; i < trace->count && status == SL_OK; i++) {
		struct sl_slice told, ignored;

		gathering->told.len = 0;
		status = teller_tell(&gathering->teller, trace->nodes[i].span,
				     matched != NULL && matched[i], &gathering->told, err);
		told = sl_buffer_slice(&gathering->told);
		if (status == SL_OK)
			status = listener_next(&gathering->contrast->listener, &told, &ignored,
					       &gathering->facts[i], err);
		if (status != SL_OK)
			return status;
		gathering->facts[i] = sl_arena_copy(&gathering->arena, gathering->facts[i]);
		if (gathering->facts[i].data == NULL)
			return sl_fail_memory(err);
	}
	return status;
}

static enum sl_status add_whole(void *opened, const struct sl_trace *trace, struct sl_error *err)
{
	struct gathering *gathering = opened;
	struct sl_gathered cut = { .trace_id = trace->trace_id, .count = trace->count };
	const bool *chosen;
	bool *matched;
	uint32_t count;
	enum sl_status status = sl_select_trace(gathering->wanted, trace, &chosen, &count, err);

	if (status == SL_BAD_RECORD)
		return SL_FAILED;
	if (status != SL_OK || count == 0)
		return status;
	sl_arena_reset(&gathering->arena);
	status = find_matched(gathering, trace, &matched, err);
	if (status == SL_OK)
		status = cut_down(gathering, trace, matched, err);
	cut.records = gathering->facts;
	return status == SL_OK ? contrast_add(gathering->contrast, &cut, err) : status;
}

static enum sl_status add_facts(void *opened, const struct sl_gathered *trace, struct sl_error *err)
{
	return contrast_add(((struct gathering *)opened)->contrast, trace, err);
}

static enum sl_status add_complete(struct gathering *gathering, struct sl_error *err)
{
	return sl_gathering_each(&gathering->spans, add_facts, add_whole, gathering, err);
}

static enum sl_status take(struct gathering *gathering, struct sl_slice told, struct sl_error *err)
{
	struct sl_slice trace_id, fact;
	enum sl_status status;

	if (gathering->spans.whole != NULL)
		return sl_traces_take(gathering->spans.whole, told, err);
	while ((status = listener_next(&gathering->contrast->listener, &told, &trace_id, &fact,
				       err)) == SL_OK) {
		status = sl_gather_add(gathering->spans.facts, trace_id, fact, err);
		if (status != SL_OK)
			return status;
	}
	return status == SL_END ? SL_OK : status;
}

static enum sl_status gather(void *opened, struct sl_slice told, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct gathering *gathering = opened;
	enum sl_status status = take(gathering, told, err);

	(void)out;
	if (status != SL_OK || !gathering->contrast->options->traces.gather.sorted)
		return status;
	return add_complete(gathering, err);
}

static enum sl_status idle(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct gathering *gathering = opened;
	const struct sl_contrast_options *options = gathering->contrast->options;
	enum sl_status status;

	(void)out;
	if (!options->traces.gather.live)
		return SL_OK;
	status = sl_gathering_idle(&gathering->spans, options->now(), options->idle_ns, err);
	return status == SL_OK ? add_complete(gathering, err) : status;
}

static enum sl_status finish(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct gathering *gathering = opened;
	enum sl_status status;

	sl_gathering_end(&gathering->spans);
	status = add_complete(gathering, err);
	if (status == SL_OK && gathering->contrast->last)
		status = contrast_report(gathering->contrast, out, err);
	return status == SL_OK ? SL_END : status;
}

struct sl_flow_work sl_contrast_work(struct sl_contrast *contrast, enum sl_set set, bool last)
{
	struct sl_flow_work work = {
		.open = open_packer,
		.span = pack_span,
		.close = close_packer,
		.open_gatherer = open_gathering,
		.gather = gather,
		.idle = idle,
		.finish = finish,
		.close_gatherer = close_gathering,
		.context = contrast,
	};

	contrast->set = set;
	contrast->last = last;
	if (!needs_whole(contrast))
		return work;
	work.open = sl_trace_packer_open;
	work.span = sl_trace_packer_span;
	work.close = sl_trace_packer_close;
	return work;
}

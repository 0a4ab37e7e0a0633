/* The work of a flow that counts in groups: its workers, and what they have put together. */
#include "fact.h"
#include "keys.h"
#include "summary.h"
#include <stdlib.h>

/* Of span after span there is one a worker; of traces one, which gathers. */
struct sl_stats_worker {
	struct sl_stats *stats;
	struct sl_stats_worker *next; /* of the same run */
	struct sl_selector *wanted;
	struct sl_gathering gathering; /* of neither, where a span alone tells */
	struct sl_selection times;     /* all that is asked where facts are gathered */
	struct grouper grouper;
	struct sl_watch *watch; /* or NULL */
	struct key_table keys;	/* instead of groups */
	uint64_t spans, trace_count;
	struct sl_arena arena; /* of one trace */
	bool selects;	       /* not all spans are wanted */
	bool is_plain;	       /* all are, and only their groups */
};

bool sl_stats_needs_traces(const struct sl_stats *stats)
{
	return stats->roots || stats->self || stats->critical || stats->calls ||
	       (stats->gates != NULL && sl_gates_needs_traces(stats->gates)) ||
	       stats->grouping->needs_traces || sl_selection_needs_traces(&stats->wanted);
}

/* By cutting spans down; else they stay whole. */
static bool gathers_facts(const struct sl_stats *stats)
{
	return sl_stats_needs_traces(stats) && facts_suffice(stats);
}

unsigned sl_stats_needs(const struct sl_stats *stats)
{
	if (stats->report_keys != NULL || stats->adjusted)
		return SL_NEED_WHOLE;
	return sl_selection_needs(&stats->wanted) | stats->grouping->needs | SL_NEED_STATUS |
	       SL_NEED_TIMES | (stats->gates != NULL ? sl_gates_needs(stats->gates) : 0) |
	       (stats->with_traces ? SL_NEED_TRACE_ID : 0) |
	       (gathers_facts(stats) ? facts_needs(stats) : 0);
}

bool sl_stats_is_lazy(const struct sl_stats *stats)
{
	return (sl_stats_needs(stats) & SL_NEED_WHOLE) == 0 &&
	       (!sl_stats_needs_traces(stats) || gathers_facts(stats));
}

bool sl_stats_takes_text(const struct sl_stats *stats)
{
	unsigned asked = SL_NEED_ATTRIBUTES | SL_NEED_WHOLE;

	/* whole spans that are gathered are read again */
	return stats->report_keys == NULL &&
	       ((sl_stats_needs_traces(stats) && !gathers_facts(stats)) ||
		(sl_stats_needs(stats) & asked) == 0);
}

static void close_worker(void *opened)
{
	struct sl_stats_worker *worker = opened;
	struct sl_stats *stats = worker->stats;

	stats->limits_hit +=
		sl_selector_limits_hit(worker->wanted) + grouper_limits_hit(&worker->grouper);
	stats->reopened += sl_gathering_reopened(&worker->gathering);
	if (worker->watch != NULL)
		stats->limits_hit += sl_watch_limits_hit(worker->watch);
	sl_watch_close(worker->watch);
	sl_selector_close(worker->wanted);
	sl_gathering_close(&worker->gathering);
	grouper_close(&worker->grouper);
	key_table_free(&worker->keys);
	sl_arena_free(&worker->arena);
	free(worker);
}

static bool selects(const struct sl_selection *wanted)
{
	return wanted->query_count != 0 || wanted->since_ns != 0 ||
	       wanted->until_ns != UINT64_MAX || wanted->ids != NULL || wanted->shard_count != 0;
}

/* What puts traces together, where that is needed, and what says which spans are wanted. */
static enum sl_status open_selection(struct sl_stats_worker *worker, struct sl_error *err)
{
	struct sl_stats *stats = worker->stats;
	enum sl_status status = SL_OK;

	if (gathers_facts(stats))
		worker->times = (struct sl_selection){ .since_ns = stats->wanted.since_ns,
						       .until_ns = stats->wanted.until_ns };
	if (sl_stats_needs_traces(stats))
		status = sl_gathering_open(&worker->gathering, !gathers_facts(stats),
					   &stats->traces, err);
	if (status != SL_OK)
		return status;
	return sl_selector_open(&worker->wanted,
				gathers_facts(stats) ? &worker->times : &stats->wanted, err);
}

static enum sl_status open_worker(void **opened, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct sl_stats_worker *worker = calloc(1, sizeof(*worker));
	struct sl_stats *stats = context;
	enum sl_status status;

	(void)notes;
	if (worker == NULL)
		return sl_fail_memory(err);
	worker->stats = stats;
	worker->selects = selects(&stats->wanted);
	status = grouper_open(&worker->grouper, stats->grouping, err);
	worker->grouper.table.with_traces = stats->with_traces;
	worker->grouper.table.error = stats->error;
	worker->grouper.adjusted = stats->adjusted;
	if (status == SL_OK)
		status = open_selection(worker, err);
	if (status == SL_OK && stats->gates != NULL)
		status = sl_watch_open(&worker->watch, stats->gates, err);
	grouper_start(&worker->grouper);
	worker->is_plain = !worker->selects && stats->gates == NULL && stats->report_keys == NULL &&
			   worker->grouper.is_plain;
	if (status != SL_OK) {
		close_worker(worker);
		return status;
	}
	worker->next = stats->workers;
	stats->workers = worker;
	*opened = worker;
	return SL_OK;
}

static enum sl_status add_keys(struct sl_stats_worker *worker, const struct sl_span *span,
			       struct sl_error *err)
{
	const struct sl_span *whole = sl_span_whole(span);
	uint64_t number = ++worker->spans;

	if (whole == NULL)
		return SL_OK; /* damaged: its reader tells */
	if (!key_table_add(&worker->keys, SL_OWNER_SPAN, whole->attributes, number) ||
	    !key_table_add(&worker->keys, SL_OWNER_RESOURCE, whole->resource->attributes, number) ||
	    !key_table_add(&worker->keys, SL_OWNER_SCOPE, whole->scope->attributes, number))
		return sl_fail_memory(err);
	return SL_OK;
}

static inline enum sl_status count_placed(struct sl_stats_worker *worker,
					  const struct placed *placed, struct sl_error *err)
{
	if (worker->stats->report_keys != NULL)
		return add_keys(worker, placed->span, err);
	return grouper_add(&worker->grouper, placed, err);
}

/* Kept apart, as a plain span takes few instructions. */
__attribute__((noinline)) static enum sl_status
add_chosen(struct sl_stats_worker *worker, const struct sl_span *span, struct sl_error *err)
{
	bool chosen;

	if (worker->watch != NULL)
		sl_watch_met(worker->watch);
	if (worker->selects) {
		enum sl_status status = sl_select_span(worker->wanted, span, &chosen, err);

		if (status != SL_OK || !chosen || sl_span_damaged(span))
			return status;
	}
	if (worker->watch != NULL) {
		enum sl_status status = sl_watch_span(worker->watch, span, err);

		if (status != SL_OK)
			return status;
	}
	if (worker->stats->report_keys != NULL)
		return add_keys(worker, span, err);
	return grouper_add(&worker->grouper, &(const struct placed){ .span = span }, err);
}

static enum sl_status add_span(void *opened, const struct sl_span *span, struct sl_buffer *out,
			       struct sl_error *err)
{
	struct sl_stats_worker *worker = opened;

	(void)out;
	if (SL_LIKELY(worker->is_plain))
		return grouper_add_plain(&worker->grouper, span, err);
	return add_chosen(worker, span, err);
}

static enum sl_status report_keys(struct sl_stats *stats, struct sl_buffer *out,
				  struct sl_error *err)
{
	struct sl_stats_worker *first = stats->workers;
	struct sl_keys keys;

	for (struct sl_stats_worker *other = first->next; other != NULL; other = other->next)
		if (!key_table_merge(&first->keys, &other->keys))
			return sl_fail_memory(err);
	keys = (struct sl_keys){ first->keys.keys, first->keys.count };
	return stats->report_keys(stats->context, &keys, out, err);
}

/* All that the workers have, in one table, handed to the command. */
static enum sl_status report(struct sl_stats *stats, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_stats_worker *first = stats->workers;
	struct group_table *table = &first->grouper.table;
	struct sl_groups groups;

	for (struct sl_stats_worker *other = first->next; other != NULL; other = other->next) {
		if (!group_table_merge(table, &other->grouper.table))
			return sl_fail_memory(err);
		group_table_free(&other->grouper.table);
		if (stats->gates != NULL &&
		    sl_watch_merge(first->watch, other->watch, err) != SL_OK)
			return SL_FAILED;
	}
	stats->watch = first->watch;
	if (stats->summary != NULL && !group_table_merge(table, &stats->summary->table))
		return sl_fail_memory(err);
	group_table_add_up(table, stats->grouping, &groups);
	for (size_t i = 0; i < groups.count; i++)
		stats->spans += groups.items[i].durations.count;
	stats->backwards = groups.backwards;
	return stats->report(stats->context, &groups, out, err);
}

/* Spans one by one: the workers rest when this is called. */

static enum sl_status open_reporter(void **opened, void *context, struct sl_notes *notes,
				    struct sl_error *err)
{
	(void)notes;
	(void)err;
	*opened = context;
	return SL_OK;
}

static enum sl_status finish_spans(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_stats *stats = opened;
	enum sl_status status =
		stats->report_keys != NULL ? report_keys(stats, out, err) : report(stats, out, err);

	return status == SL_OK ? SL_END : status;
}

/* Whole traces. */

/* A trace, and what is wanted of it. */
struct counted {
	const struct sl_trace *trace;
	const bool *chosen;
	uint32_t count;		  /* are chosen */
	const struct fact *facts; /* or NULL: the spans are whole */
};

/* The span with what its trace tells of it, where that is wanted. */
static enum sl_status count_node(struct sl_stats_worker *worker, const struct counted *counted,
				 uint32_t index, const struct sl_path *path, struct sl_error *err)
{
	struct sl_stats *stats = worker->stats;
	struct placed placed = { .span = counted->trace->nodes[index].span,
				 .trace = counted->trace,
				 .index = index,
				 .trace_number = worker->trace_count };
	int64_t self_ns, critical_ns;

	if (counted->facts != NULL) {
		placed.by = counted->facts[index].by;
		stats->limits_hit += counted->facts[index].unknown_by;
	}
	if (stats->self) {
		self_ns = sl_trace_self_ns(counted->trace, index);
		placed.self_ns = &self_ns;
	}
	if (path->on_path_ns != NULL) {
		critical_ns = sl_difference_ns(0, path->on_path_ns[index]);
		placed.critical_ns = &critical_ns;
	}
	return count_placed(worker, &placed, err);
}

static enum sl_status find_path(struct sl_stats_worker *worker, const struct sl_trace *trace,
				struct sl_path *path, struct sl_error *err)
{
	enum sl_status status;

	if (!worker->stats->critical)
		return SL_OK;
	status = sl_trace_path(path, trace, &worker->arena, err);
	if (status == SL_OK)
		sl_sum_add(&worker->grouper.table.waited, sl_difference_ns(0, path->total_ns));
	return status;
}

static enum sl_status count_trace(struct sl_stats_worker *worker, const struct counted *counted,
				  struct sl_error *err)
{
	const struct sl_trace *trace = counted->trace;
	struct sl_path path = { 0 };
	enum sl_status status;

	worker->trace_count++;
	if (counted->count == 0)
		return SL_OK;
	status = find_path(worker, trace, &path, err);
	for (uint32_t i = 0; i < trace->count && status == SL_OK; i++)
		if (worker->stats->roots ? i == trace->root : counted->chosen[i])
			status = count_node(worker, counted, i, &path, err);
	return status;
}

static enum sl_status add_whole(void *opened, const struct sl_trace *trace, struct sl_error *err)
{
	struct sl_stats_worker *worker = opened;
	struct counted counted = { .trace = trace };
	enum sl_status status =
		sl_select_trace(worker->wanted, trace, &counted.chosen, &counted.count, err);

	/* a query that cannot be answered is no damage of the input */
	if (status == SL_BAD_RECORD)
		return SL_FAILED;
	if (status == SL_OK && worker->watch != NULL)
		status = sl_watch_trace(worker->watch, trace, counted.chosen, err);
	sl_arena_reset(&worker->arena);
	return status == SL_OK ? count_trace(worker, &counted, err) : status;
}

static enum sl_status add_facts(void *opened, const struct sl_gathered *gathered,
				struct sl_error *err)
{
	struct sl_stats_worker *worker = opened;
	struct facts facts;
	struct counted counted;
	bool in_question = false;
	enum sl_status status;

	sl_arena_reset(&worker->arena);
	status = facts_build(&facts, gathered, &worker->arena, err);
	if (status == SL_OK)
		status = sl_select_span(worker->wanted, facts.trace.nodes[facts.trace.root].span,
					&in_question, err);
	if (status != SL_OK || !in_question)
		return status;
	for (uint32_t i = 0; i < facts.trace.count; i++)
		worker->stats->limits_hit += facts.items[i].unknown;
	counted = (struct counted){ &facts.trace, facts.chosen, facts.count, facts.items };
	return count_trace(worker, &counted, err);
}

static enum sl_status add_complete(struct sl_stats_worker *worker, struct sl_error *err)
{
	return sl_gathering_each(&worker->gathering, add_facts, add_whole, worker, err);
}

static enum sl_status gather(void *opened, struct sl_slice records, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct sl_stats_worker *worker = opened;
	enum sl_status status = worker->gathering.whole != NULL
					? sl_traces_take(worker->gathering.whole, records, err)
					: facts_take(worker->gathering.facts, records, err);

	(void)out;
	if (status != SL_OK || !worker->stats->traces.gather.sorted)
		return status;
	return add_complete(worker, err);
}

static enum sl_status idle(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_stats_worker *worker = opened;
	struct sl_stats *stats = worker->stats;
	enum sl_status status;

	(void)out;
	if (!stats->traces.gather.live)
		return SL_OK;
	status = sl_gathering_idle(&worker->gathering, stats->now(), stats->idle_ns, err);
	return status == SL_OK ? add_complete(worker, err) : status;
}

static enum sl_status finish_traces(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_stats_worker *worker = opened;
	enum sl_status status;

	sl_gathering_end(&worker->gathering);
	status = add_complete(worker, err);
	return status == SL_OK ? finish_spans(worker->stats, out, err) : status;
}

/* Lines may be passed over unseen: gates have to know whether there are any. */
static bool may_pass_over(const struct sl_stats *stats)
{
	return stats->gates == NULL && !sl_stats_needs_traces(stats);
}

bool sl_stats_attribute(const struct sl_stats *stats, struct sl_attribute_test *test)
{
	return may_pass_over(stats) && sl_selection_attribute(&stats->wanted, test);
}

bool sl_stats_head(const struct sl_stats *stats, struct sl_head_tests *tests)
{
	return may_pass_over(stats) && sl_selection_head(&stats->wanted, tests);
}

struct sl_flow_work sl_stats_work(struct sl_stats *stats)
{
	struct sl_flow_work work = sl_traces_work(stats);

	if (sl_stats_needs_traces(stats)) {
		work.open_gatherer = open_worker;
		work.gather = gather;
		work.idle = idle;
		work.finish = finish_traces;
		work.close_gatherer = close_worker;
		if (!gathers_facts(stats))
			return work;
		work.open = fact_packer_open;
		work.span = fact_packer_span;
		work.close = fact_packer_close;
		return work;
	}
	work.open = open_worker;
	work.span = add_span;
	work.close = close_worker;
	work.open_gatherer = open_reporter;
	work.finish = finish_spans;
	return work;
}

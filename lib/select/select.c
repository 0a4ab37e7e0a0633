/* Selecting: queries, ids, times and parts put together, over single spans and whole traces. */
#include "spanline/select.h"
#include <stdlib.h>

struct sl_selector {
	const struct sl_selection *selection;
	struct sl_matcher **matchers; /* one a query */
	struct sl_matcher *decisive;  /* nothing is asked but its query; or NULL */
	bool *chosen;
	size_t capacity;
	bool found; /* something, of the current trace: `count() = 0` finds it without spans */
};

static bool has_times(const struct sl_selection *selection)
{
	return selection->since_ns != 0 || selection->until_ns != UINT64_MAX;
}

unsigned sl_selection_needs(const struct sl_selection *selection)
{
	unsigned needs = 0;

	for (size_t i = 0; i < selection->query_count; i++)
		needs |= sl_query_needs(selection->queries[i]);
	if (has_times(selection))
		needs |= SL_NEED_TIMES;
	if (selection->ids != NULL || selection->shard_count != 0)
		needs |= SL_NEED_TRACE_ID;
	if (sl_selection_needs_traces(selection))
		needs |=
			SL_NEED_TRACE_ID | SL_NEED_SPAN_ID | SL_NEED_PARENT_SPAN_ID | SL_NEED_TIMES;
	return needs;
}

bool sl_selection_needs_traces(const struct sl_selection *selection)
{
	if (selection->whole_traces || selection->ancestors || selection->descendants)
		return true;
	for (size_t i = 0; i < selection->query_count; i++)
		if (sl_query_needs_traces(selection->queries[i]))
			return true;
	return false;
}

/* The one query that every span has to meet, or NULL. */
static const struct sl_query *decisive_query(const struct sl_selection *selection)
{
	if (selection->query_count != 1 || selection->invert ||
	    sl_selection_needs_traces(selection))
		return NULL;
	return selection->queries[0];
}

bool sl_selection_attribute(const struct sl_selection *selection, struct sl_attribute_test *test)
{
	const struct sl_query *query = decisive_query(selection);

	return query != NULL && sl_query_attribute(query, test);
}

/* --since and --until, which no span that is wanted is outside of. */
static void add_times(struct sl_head_tests *tests, const struct sl_selection *selection)
{
	if (selection->since_ns > tests->least_start_ns)
		tests->least_start_ns = selection->since_ns;
	if (selection->until_ns <= tests->most_start_ns && selection->until_ns > 0)
		tests->most_start_ns = selection->until_ns - 1;
}

bool sl_selection_head(const struct sl_selection *selection, struct sl_head_tests *tests)
{
	const struct sl_query *query = decisive_query(selection);

	bool any = query != NULL && sl_query_head(query, tests);

	if (!has_times(selection) || sl_selection_needs_traces(selection))
		return any;
	if (!any)
		*tests = sl_head_tests_none;
	add_times(tests, selection);
	return true;
}

enum sl_status sl_selector_open(struct sl_selector **selector, const struct sl_selection *selection,
				struct sl_error *err)
{
	struct sl_selector *opened = calloc(1, sizeof(*opened));

	if (opened != NULL)
		opened->matchers = calloc(selection->query_count + 1, sizeof(struct sl_matcher *));
	if (opened == NULL || opened->matchers == NULL) {
		free(opened);
		return sl_fail_memory(err);
	}
	opened->selection = selection;
	for (size_t i = 0; i < selection->query_count; i++) {
		enum sl_status status =
			sl_matcher_open(&opened->matchers[i], selection->queries[i], err);

		if (status != SL_OK) {
			sl_selector_close(opened);
			return status;
		}
	}
	if (selection->query_count == 1 && !has_times(selection) && selection->ids == NULL &&
	    selection->shard_count == 0)
		opened->decisive = opened->matchers[0];
	*selector = opened;
	return SL_OK;
}

void sl_selector_close(struct sl_selector *selector)
{
	if (selector == NULL)
		return;
	for (size_t i = 0; i < selector->selection->query_count; i++)
		if (selector->matchers[i] != NULL)
			sl_matcher_close(selector->matchers[i]);
	free(selector->matchers);
	free(selector->chosen);
	free(selector);
}

uint64_t sl_selector_limits_hit(const struct sl_selector *selector)
{
	uint64_t count = 0;

	for (size_t i = 0; selector != NULL && i < selector->selection->query_count; i++)
		count += sl_matcher_limits_hit(selector->matchers[i]);
	return count;
}

/* Whether a span or trace is looked at at all. */
static bool is_in_question(const struct sl_selection *selection, struct sl_slice trace_id,
			   uint64_t start_ns)
{
	if (has_times(selection) &&
	    (start_ns < selection->since_ns || start_ns >= selection->until_ns))
		return false;
	if (selection->ids != NULL && !sl_id_list_has(selection->ids, trace_id))
		return false;
	return selection->shard_count == 0 ||
	       sl_shard_of(trace_id, selection->shard_count) == selection->shard;
}

enum sl_status sl_select_span(struct sl_selector *selector, const struct sl_span *span,
			      bool *chosen, struct sl_error *err)
{
	const struct sl_selection *selection = selector->selection;
	bool found = selection->query_count == 0;

	if (SL_LIKELY(selector->decisive != NULL)) {
		enum sl_status status = sl_query_span(selector->decisive, span, chosen, err);

		*chosen ^= selection->invert;
		return status;
	}
	*chosen = false;
	if (!is_in_question(selection, span->trace_id, span->start_unix_nano))
		return SL_OK;
	for (size_t i = 0; i < selection->query_count && !found; i++) {
		enum sl_status status = sl_query_span(selector->matchers[i], span, &found, err);

		if (status != SL_OK)
			return status;
	}
	*chosen = found != selection->invert;
	return SL_OK;
}

static enum sl_status mark_found(struct sl_selector *selector, const struct sl_trace *trace,
				 struct sl_error *err)
{
	const struct sl_selection *selection = selector->selection;
	const struct sl_spanset *sets;
	size_t count;

	memset(selector->chosen, selection->query_count == 0, trace->count);
	selector->found = selection->query_count == 0;
	for (size_t i = 0; i < selection->query_count; i++) {
		enum sl_status status =
			sl_query_trace(selector->matchers[i], trace, &sets, &count, err);

		if (status != SL_OK)
			return status;
		selector->found |= count != 0;
		for (size_t set = 0; set < count; set++)
			for (uint32_t j = 0; j < sets[set].count; j++)
				selector->chosen[sets[set].spans[j]] = true;
	}
	return SL_OK;
}

/* In preorder a parent stands before its children: one pass down, one pass up. */
static void spread(const struct sl_selection *selection, const struct sl_trace *trace, bool *chosen,
		   bool *was_found)
{
	memcpy(was_found, chosen, trace->count);
	for (uint32_t i = 0; selection->descendants && i < trace->count; i++) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;

		if (parent != SL_NO_SPAN && was_found[parent])
			chosen[at] = was_found[at] = true;
	}
	for (uint32_t i = trace->count; selection->ancestors && i-- > 0;) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;

		if (chosen[at] && parent != SL_NO_SPAN)
			chosen[parent] = true;
	}
}

static uint32_t count_chosen(const bool *chosen, uint32_t count)
{
	uint32_t total = 0;

	for (uint32_t i = 0; i < count; i++)
		total += chosen[i];
	return total;
}

static void finish_choice(struct sl_selector *selector, const struct sl_trace *trace)
{
	const struct sl_selection *selection = selector->selection;
	bool *chosen = selector->chosen;

	if (selection->whole_traces) {
		memset(chosen, selector->found != selection->invert, trace->count);
		return;
	}
	if (selection->ancestors || selection->descendants)
		spread(selection, trace, chosen, chosen + trace->count);
	for (uint32_t i = 0; selection->invert && i < trace->count; i++)
		chosen[i] = !chosen[i];
}

enum sl_status sl_select_trace(struct sl_selector *selector, const struct sl_trace *trace,
			       const bool **chosen, uint32_t *count, struct sl_error *err)
{
	const struct sl_selection *selection = selector->selection;
	enum sl_status status;

	*count = 0;
	/* the second half is for what `spread` found */
	if (!sl_array_reserve((void **)&selector->chosen, &selector->capacity,
			      2 * (size_t)trace->count, sizeof(*selector->chosen)))
		return sl_fail_memory(err);
	*chosen = selector->chosen;
	memset(selector->chosen, 0, trace->count);
	if (!is_in_question(selection, trace->trace_id,
			    trace->nodes[trace->root].span->start_unix_nano))
		return SL_OK;
	status = mark_found(selector, trace, err);
	if (status != SL_OK)
		return status;
	finish_choice(selector, trace);
	*count = count_chosen(selector->chosen, trace->count);
	return SL_OK;
}

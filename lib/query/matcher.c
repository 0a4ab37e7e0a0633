/* The door of evaluation: one worker's state, and its three questions. */
#include "match.h"
#include <stdlib.h>

enum sl_status sl_matcher_open(struct sl_matcher **matcher, const struct sl_query *query,
			       struct sl_error *err)
{
	struct sl_matcher *opened = calloc(1, sizeof(*opened));

	*matcher = opened;
	if (opened == NULL)
		return sl_fail_memory(err);
	opened->query = query;
	opened->of_span.matcher = opened;
	opened->regexes = regex_state_open(query);
	if (opened->regexes != NULL && table_fill(&opened->table, query, &opened->own) &&
	    (query->needs_traces ||
	     program_of_pipeline(&opened->own, query, &opened->span_program)))
		return SL_OK;
	sl_matcher_close(opened);
	*matcher = NULL;
	return sl_fail_memory(err);
}

void sl_matcher_close(struct sl_matcher *matcher)
{
	if (matcher == NULL)
		return;
	regex_state_close(matcher->regexes);
	sl_arena_free(&matcher->own);
	sl_arena_free(&matcher->arena);
	free(matcher);
}

uint64_t sl_matcher_limits_hit(const struct sl_matcher *matcher)
{
	return matcher->limits_hit + regex_limits_hit(matcher->regexes);
}

/* What the last call gave goes now. */
static void start_call(struct sl_matcher *matcher)
{
	sl_arena_reset(&matcher->arena);
	matcher->failed = false;
	matcher->self_times = NULL;
	matcher->keeps_self_times = false;
}

enum sl_status sl_query_span(struct sl_matcher *matcher, const struct sl_span *span, bool *matches,
			     struct sl_error *err)
{
	if (SL_UNLIKELY(matcher->arena.blocks != NULL))
		start_call(matcher);
	matcher->subject++;
	matcher->of_span.span = span;
	matcher->of_span.whole_known = false;
	*matches = program_run(&matcher->span_program, &matcher->of_span);
	return SL_UNLIKELY(matcher->failed) ? sl_fail_memory(err) : SL_OK;
}

static bool all_spans(struct run *run)
{
	uint32_t count = run->trace->count;
	uint32_t *spans = sl_arena_alloc(&run->matcher->arena, count * sizeof(*spans));

	if (spans == NULL)
		return false;
	for (uint32_t i = 0; i < count; i++)
		spans[i] = i;
	run->all = (struct sl_spanset){ .spans = spans, .count = count };
	return true;
}

enum sl_status sl_query_trace(struct sl_matcher *matcher, const struct sl_trace *trace,
			      const struct sl_spanset **sets, size_t *count, struct sl_error *err)
{
	struct run run = { .matcher = matcher, .trace = trace, .err = err };
	struct sets found;
	enum sl_status status;

	*count = 0;
	start_call(matcher);
	matcher->keeps_self_times = true;
	run.number = ++matcher->subject;
	if (!all_spans(&run) ||
	    !structure_start(&run.structure, trace, &matcher->arena, matcher->query->tempo))
		return sl_fail_memory(err);
	status =
		run_pipeline(&run, &matcher->query->pipeline, (struct sets){ &run.all, 1 }, &found);
	if (status == SL_OK && matcher->failed)
		status = sl_fail_memory(err);
	if (status != SL_OK)
		return status;
	if (found.items == &run.all) {
		/* a query of select() alone: `run` ends here */
		struct sl_spanset *copy = sl_arena_alloc(&matcher->arena, sizeof(*copy));

		if (copy == NULL)
			return sl_fail_memory(err);
		*copy = run.all;
		found.items = copy;
	}
	*sets = found.items;
	*count = found.count;
	return SL_OK;
}

/* NOLINTNEXTLINE(readability-function-size): the span may stand in a trace or alone */
enum sl_status sl_query_value(struct sl_matcher *matcher, const struct sl_span *span,
			      const struct sl_trace *trace, uint32_t index,
			      struct sl_query_value *value, struct sl_error *err)
{
	struct context context = context_of_span(matcher, span);

	start_call(matcher);
	context.trace = trace;
	context.index = index;
	*value = expression_first(&context, matcher->query->field);
	return matcher->failed ? sl_fail_memory(err) : SL_OK;
}

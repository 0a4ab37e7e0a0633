/* Work that goes on after its caller has left: with an error, which nobody waits behind, or done.
 */
#include "examine.h"

/* How long the span goes on after `node`. */
static uint64_t overrun(const struct examination *exam, uint32_t span, uint32_t node)
{
	uint64_t end = end_of(exam, span), limit = end_of(exam, node);

	return end > limit ? end - limit : 0;
}

/* By node, the nearest call above it that failed. */
static const uint32_t *find_failed_callers(const struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	uint32_t *callers = (uint32_t *)exam->numbers;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;

		callers[at] = SL_NO_SPAN;
		if (parent == SL_NO_SPAN || is_async(trace, at))
			continue;
		callers[at] = (exam->marks[parent] & MARK_FAILS) &&
					      trace->nodes[parent].span->kind == SL_KIND_CLIENT
				      ? parent
				      : callers[parent];
	}
	return callers;
}

static void tell_cascade(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	bool failed = suspect->severity == SL_WARNING;
	struct telling telling;
	uint64_t sum = 0;

	/* the list's parts are the overruns */
	for (size_t i = 0; i < suspect->count; i++)
		sum += UINT64_MAX - run[i].part;
	telling_begin(&telling, exam, suspect, SL_FINDING_TIMEOUT_CASCADE);
	telling_others(&telling, run, suspect->count);
	telling_count(&telling, "count", suspect->count);
	telling_ms(&telling, "overrun_ms", (int64_t)suspect->weight);
	telling_ms(&telling, "sum_ms", (int64_t)sum);
	say_span(exam, suspect->first);
	sl_buffer_add_literal(&exam->text, " went on for ");
	say_ms(exam, suspect->weight);
	sl_buffer_printf(&exam->text, " after its caller %s", failed ? "had given up" : "was done");
	if (suspect->count > 1)
		sl_buffer_printf(&exam->text, "; %zu spans did", suspect->count);
	telling_end(&telling);
}

void find_cascades(struct examination *exam)
{
	uint64_t limit = exam->thresholds->values[SL_THRESHOLD_OVERRUN];
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	const uint32_t *callers = find_failed_callers(exam);
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t parent = trace->nodes[i].parent;
		bool left;

		if (parent == SL_NO_SPAN || is_async(trace, i) || overrun(exam, i, parent) <= limit)
			continue;
		left = callers[i] != SL_NO_SPAN && overrun(exam, i, callers[i]) > limit;
		keyed_add(exam, &list, !left,
			  UINT64_MAX - overrun(exam, i, left ? callers[i] : parent), i);
	}
	keyed_sort(&list);
	for (size_t i = 0; i < list.count; i = end) {
		end = keyed_run(&list, i);
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = list.items[i].key == 0 ? SL_WARNING : SL_INFO,
				    .first = list.items[i].node,
				    .start = i,
				    .count = end - i,
				    .weight = UINT64_MAX - list.items[i].part,
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_TIMEOUT_CASCADE, &list, tell_cascade);
}

/* One trace, examined by all rules. */
#include "examine.h"
#include <stdlib.h>

static void (*const rules[])(struct examination *) = {
	mark_failures, /* before all that ask what fails */
	find_error_origins,
	find_retry_storms,
	find_cascades,
	find_repeated_queries, /* before what leaves those queries out */
	find_duplicate_queries,
	find_stragglers,
	find_sequential_calls,
	find_lost_context,
	find_orphans,
	find_clock_skew,
	find_cycles,
	find_duplicate_ids,
	find_several_roots,
	find_critical_path,
	find_gaps,
};

struct placed {
	uint64_t start_ns;
	const struct sl_trace_node *node;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed *one = a, *two = b;
	const struct sl_span *x = one->node->span, *y = two->node->span;
	int order;

	if (one->start_ns != two->start_ns)
		return one->start_ns < two->start_ns ? -1 : 1;
	order = sl_slice_compare(x->span_id, y->span_id);
	if (order == 0 && x->end_unix_nano != y->end_unix_nano)
		order = x->end_unix_nano < y->end_unix_nano ? -1 : 1;
	if (order == 0)
		order = one->node < two->node ? -1 : one->node > two->node;
	return order;
}

static bool rank_spans(struct examination *exam)
{
	uint32_t count = exam->trace->count;
	struct placed *placed;

	exam->rank = sl_arena_alloc(&exam->scratch, count * sizeof(*exam->rank));
	placed = sl_arena_alloc(&exam->scratch, count * sizeof(*placed));
	if (exam->rank == NULL || placed == NULL)
		return false;
	for (uint32_t i = 0; i < count; i++)
		placed[i] = (struct placed){ start_of(exam, i), &exam->trace->nodes[i] };
	qsort(placed, count, sizeof(*placed), compare_placed);
	for (uint32_t i = 0; i < count; i++)
		exam->rank[placed[i].node - exam->trace->nodes] = i;
	sl_arena_trim(&exam->scratch, (char *)placed);
	return true;
}

/* Room for all that is by node, in one block, so that nothing lies fallow. */
static bool reserve(struct examination *exam)
{
	size_t by_node = sizeof(*exam->shift_ns) + sizeof(*exam->rank) + sizeof(*exam->marks) +
			 sizeof(*exam->keyed) + sizeof(*exam->numbers);
	char *room = sl_arena_alloc(&exam->scratch, exam->trace->count * by_node + 64);

	if (room != NULL)
		sl_arena_trim(&exam->scratch, room);
	return room != NULL;
}

static bool prepare(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	uint64_t extent = trace->end_ns > trace->start_ns ? trace->end_ns - trace->start_ns : 1;
	uint32_t shifted;

	exam->root_ns = exam->path->total_ns > 0 ? exam->path->total_ns : extent;
	if (!reserve(exam))
		return false;
	exam->marks = sl_arena_alloc(&exam->scratch, trace->count);
	if (exam->marks == NULL)
		return false;
	memset(exam->marks, 0, trace->count);
	if (sl_trace_skew(trace, exam->thresholds->values[SL_THRESHOLD_SKEW], &exam->shift_ns,
			  &shifted, &exam->scratch) != SL_OK ||
	    !rank_spans(exam))
		return false;
	exam->keyed = sl_arena_alloc(&exam->scratch, trace->count * sizeof(*exam->keyed));
	exam->numbers = sl_arena_alloc(&exam->scratch, trace->count * sizeof(*exam->numbers));
	return exam->keyed != NULL && exam->numbers != NULL;
}

/* A finding, and when it was told: the rules tell theirs in order. */
struct told {
	enum sl_severity severity;
	enum sl_finding_kind kind;
	size_t index;
};

static int compare_told(const void *a, const void *b)
{
	const struct told *one = a, *two = b;

	if (one->severity != two->severity)
		return one->severity > two->severity ? -1 : 1;
	if (one->kind != two->kind)
		return one->kind < two->kind ? -1 : 1;
	return one->index < two->index ? -1 : one->index > two->index;
}

/* The findings in order, in the arena. */
static bool settle(struct examination *exam)
{
	struct sl_findings *findings = exam->findings;
	size_t count = findings->count;
	struct told *order = sl_arena_alloc(&exam->scratch, count * sizeof(*order));
	struct sl_finding *items = sl_arena_alloc(exam->arena, count * sizeof(*items));

	if (order == NULL || items == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		order[i] = (struct told){ findings->items[i].severity, findings->items[i].kind, i };
	if (count > 1)
		qsort(order, count, sizeof(*order), compare_told);
	for (size_t i = 0; i < count; i++)
		items[i] = findings->items[order[i].index];
	free(findings->items);
	findings->items = items;
	return true;
}

enum sl_status sl_diagnose(struct sl_findings *findings, const struct sl_diagnosis *diagnosis,
			   struct sl_arena *arena, struct sl_error *err)
{
	struct examination exam = {
		.thresholds = diagnosis->thresholds,
		.trace = diagnosis->trace,
		.path = diagnosis->path,
		.entries = diagnosis->entries,
		.arena = arena,
		.findings = findings,
	};

	*findings = (struct sl_findings){ 0 };
	exam.failed = !prepare(&exam);
	for (size_t i = 0; i < SL_COUNT(rules) && !exam.failed; i++)
		rules[i](&exam);
	if (exam.failed || !settle(&exam)) {
		free(findings->items);
		*findings = (struct sl_findings){ 0 };
		exam.failed = true;
	}
	sl_buffer_free(&exam.text);
	sl_arena_free(&exam.scratch);
	return exam.failed ? sl_fail_memory(err) : SL_OK;
}

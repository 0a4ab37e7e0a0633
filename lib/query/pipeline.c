/*
 * Stages over the spansets of a trace.
 *
 * A stage maps a list of spansets to another; empty ones are dropped.  The one exception is an
 * extension: where nothing is left, aggregates see one empty spanset, so that `count() = 0` can be
 * true, and such a trace matches without spans.
 */
#include "match.h"
#include <stdlib.h>

static enum sl_status no_memory(struct run *run)
{
	return sl_fail_memory(run->err);
}

static bool sets_alloc(struct run *run, size_t count, struct sets *sets)
{
	sets->count = 0;
	sets->items = sl_arena_alloc(&run->matcher->arena, count * sizeof(*sets->items));
	return sets->items != NULL;
}

static struct spans spans_of(const struct sl_spanset *set)
{
	/* borrowed to be read */
	return (struct spans){ (uint32_t *)(uintptr_t)set->spans, set->count };
}

static bool filter_set(struct run *run, const struct program *program, const struct sl_spanset *set,
		       struct spans *kept)
{
	kept->count = 0;
	kept->items = sl_arena_alloc(&run->matcher->arena, set->count * sizeof(*kept->items));
	if (kept->items == NULL)
		return false;
	for (uint32_t i = 0; i < set->count; i++) {
		struct context context = context_of_node(run->matcher, run->trace, set->spans[i]);

		context.negated = run->negated;
		if (program_run(program, &context))
			kept->items[kept->count++] = set->spans[i];
	}
	return !run->matcher->failed;
}

static void keep_set(struct sets *sets, const struct sl_spanset *like, struct spans spans)
{
	struct sl_spanset *set = &sets->items[sets->count++];

	*set = *like;
	set->spans = spans.items;
	set->count = spans.count;
}

static enum sl_status run_filter(struct run *run, const struct stage *stage, struct sets in,
				 struct sets *out)
{
	const struct program *program = table_find(&run->matcher->table, stage)->program;
	struct spans kept;

	if (!sets_alloc(run, in.count, out))
		return no_memory(run);
	for (size_t i = 0; i < in.count; i++) {
		if (!filter_set(run, program, &in.items[i], &kept))
			return no_memory(run);
		if (kept.count != 0)
			keep_set(out, &in.items[i], kept);
	}
	return SL_OK;
}

static int order_spans(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

enum sl_status run_unite(struct run *run, struct sets sets, struct spans *united)
{
	size_t total = 0;

	*united = (struct spans){ NULL, 0 };
	if (sets.count == 1) {
		*united = spans_of(&sets.items[0]);
		return SL_OK;
	}
	for (size_t i = 0; i < sets.count; i++)
		total += sets.items[i].count;
	united->items = sl_arena_alloc(&run->matcher->arena, total * sizeof(*united->items));
	if (united->items == NULL)
		return no_memory(run);
	total = 0;
	for (size_t i = 0; i < sets.count; i++) {
		struct spans spans = spans_of(&sets.items[i]);

		if (spans.count != 0)
			memcpy(united->items + total, spans.items,
			       spans.count * sizeof(*spans.items));
		total += spans.count;
	}
	if (total != 0)
		qsort(united->items, total, sizeof(*united->items), order_spans);
	for (size_t i = 0; i < total; i++)
		if (united->count == 0 || united->items[united->count - 1] != united->items[i])
			united->items[united->count++] = united->items[i];
	return SL_OK;
}

static enum sl_status run_stage(struct run *run, const struct stage *stage, struct sets in,
				struct sets *out);

/* What an operand finds within one set; `negated`: that it finds something speaks against. */
static enum sl_status run_operand(struct run *run, const struct stage *stage,
				  struct sl_spanset *set, bool negated, struct sets *found)
{
	struct sets in = { set, 1 };
	enum sl_status status;

	run->negated ^= negated;
	status = run_stage(run, stage, in, found);
	run->negated ^= negated;
	return status;
}

static enum sl_status run_logic(struct run *run, const struct stage *stage, struct sl_spanset *set,
				struct sets *out)
{
	struct sets left, right;
	struct spans some, others, both;
	enum sl_status status = run_operand(run, stage->left, set, false, &left);

	if (status == SL_OK && stage->op == OP_AND && left.count == 0)
		return SL_OK;
	if (status == SL_OK)
		status = run_operand(run, stage->right, set, false, &right);
	if (status == SL_OK &&
	    (stage->op == OP_AND ? right.count == 0 : left.count + right.count == 0))
		return SL_OK;
	if (status == SL_OK)
		status = run_unite(run, left, &some);
	if (status == SL_OK)
		status = run_unite(run, right, &others);
	if (status != SL_OK)
		return status;
	if (!spans_unite(&run->matcher->arena, some, others, &both))
		return no_memory(run);
	keep_set(out, set, both);
	return SL_OK;
}

static enum sl_status too_many(struct run *run, const struct stage *stage)
{
	return sl_reject(run->err, SL_UNSUPPORTED, stage->place.at,
			 "an operand gives several spansets: use coalesce()");
}

static enum sl_status run_structure(struct run *run, const struct stage *stage,
				    struct sl_spanset *set, struct sets *out)
{
	bool negated = stage->op >= OP_NOT_CHILD && stage->op <= OP_NOT_SIBLING;
	struct spans none = { NULL, 0 }, kept;
	struct sets left, right;
	enum sl_status status = run_operand(run, stage->left, set, negated, &left);

	if (status == SL_OK)
		status = run_operand(run, stage->right, set, false, &right);
	if (status != SL_OK)
		return status;
	if (left.count > 1 || right.count > 1)
		return too_many(run, stage);
	if (right.count == 0)
		return SL_OK;
	if (!structure_apply(&run->structure, stage->op,
			     left.count != 0 ? spans_of(&left.items[0]) : none,
			     spans_of(&right.items[0]), &kept))
		return no_memory(run);
	if (kept.count != 0)
		keep_set(out, set, kept);
	return SL_OK;
}

static enum sl_status run_operator(struct run *run, const struct stage *stage, struct sets in,
				   struct sets *out)
{
	enum sl_status status = SL_OK;

	if (!sets_alloc(run, in.count, out))
		return no_memory(run);
	for (size_t i = 0; i < in.count && status == SL_OK; i++) {
		if (stage->op == OP_AND || stage->op == OP_OR)
			status = run_logic(run, stage, &in.items[i], out);
		else
			status = run_structure(run, stage, &in.items[i], out);
	}
	return status;
}

static enum sl_status run_not(struct run *run, const struct stage *stage, struct sets in,
			      struct sets *out)
{
	if (!sets_alloc(run, in.count, out))
		return no_memory(run);
	for (size_t i = 0; i < in.count; i++) {
		struct sets found;
		enum sl_status status = run_operand(run, stage->left, &in.items[i], true, &found);

		if (status != SL_OK)
			return status;
		if (found.count == 0)
			out->items[out->count++] = in.items[i];
	}
	return SL_OK;
}

static enum sl_status run_compare(struct run *run, const struct stage *stage, struct sets in,
				  struct sets *out)
{
	struct sl_spanset nothing = { 0 };

	if (in.count == 0 && !run->matcher->query->tempo)
		in = (struct sets){ &nothing, 1 };
	if (!sets_alloc(run, in.count, out))
		return no_memory(run);
	for (size_t i = 0; i < in.count; i++) {
		struct sl_spanset set = in.items[i];
		bool holds;
		enum sl_status status = scalar_compare(run, stage, &set, &holds);

		if (status != SL_OK)
			return status;
		if (holds)
			out->items[out->count++] = set;
	}
	return SL_OK;
}

static enum sl_status run_coalesce(struct run *run, struct sets in, struct sets *out)
{
	struct spans united;
	struct sl_spanset plain = { 0 };
	enum sl_status status = run_unite(run, in, &united);

	if (status != SL_OK)
		return status;
	if (!sets_alloc(run, 1, out))
		return no_memory(run);
	if (in.count != 0)
		keep_set(out, &plain, united);
	return SL_OK;
}

static enum sl_status run_stage(struct run *run, const struct stage *stage, struct sets in,
				struct sets *out)
{
	switch (stage->kind) {
	case STAGE_FILTER:
		return run_filter(run, stage, in, out);
	case STAGE_OPERATOR:
		return run_operator(run, stage, in, out);
	case STAGE_NOT:
		return run_not(run, stage, in, out);
	case STAGE_PIPELINE:
		return run_pipeline(run, stage->pipeline, in, out);
	case STAGE_COMPARE:
		return run_compare(run, stage, in, out);
	case STAGE_BY:
		return run_by(run, stage, in, out);
	case STAGE_COALESCE:
		return run_coalesce(run, in, out);
	case STAGE_SELECT: /* what is shown of them is the caller's */
		break;
	}
	*out = in;
	return SL_OK;
}

enum sl_status run_pipeline(struct run *run, const struct pipeline *pipeline, struct sets in,
			    struct sets *out)
{
	enum sl_status status = SL_OK;

	*out = in;
	for (size_t i = 0; i < pipeline->count && status == SL_OK; i++) {
		struct sets from = *out;

		status = run_stage(run, pipeline->stages[i], from, out);
	}
	return status;
}

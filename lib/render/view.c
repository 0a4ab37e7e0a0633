/* What all forms need to know of a trace. */
#include "view.h"

struct sl_slice service_of(const struct sl_span *span)
{
	const struct sl_attribute *service = span->resource->service;

	return service != NULL ? service->value.text : SL_SLICE("");
}

struct sl_slice name_of(const struct sl_span *span)
{
	return span->name.len != 0 ? span->name : SL_SLICE("(no name)");
}

bool is_outside(const struct sl_trace *trace, uint32_t node)
{
	const struct sl_trace_node *at = &trace->nodes[node];
	const struct sl_span *parent;

	if (at->parent == SL_NO_SPAN)
		return false;
	parent = trace->nodes[at->parent].span;
	return (parent->start_unix_nano > at->span->start_unix_nano &&
		parent->start_unix_nano - at->span->start_unix_nano > OUTSIDE_NS) ||
	       (at->span->end_unix_nano > parent->end_unix_nano &&
		at->span->end_unix_nano - parent->end_unix_nano > OUTSIDE_NS);
}

static void count_all(struct view *view)
{
	const struct sl_trace *trace = view->trace;
	struct view_counts *counts = &view->counts;

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[i];

		counts->errors += is_error(node->span);
		counts->roots += node->parent == SL_NO_SPAN && !node->orphan && !node->cyclic;
		counts->orphans += node->orphan;
		counts->cyclic += node->cyclic;
		counts->duplicates += node->duplicate;
		counts->outside += is_outside(trace, i);
	}
}

/* The root's time, and as much before and behind it as there is, but no more than it lasts. */
static void find_axis(struct view *view)
{
	const struct sl_trace *trace = view->trace;
	const struct sl_span *root = trace->nodes[trace->root].span;
	uint64_t start = root->start_unix_nano, room = view->root_ns;

	view->from_ns = trace->start_ns;
	view->to_ns = trace->end_ns;
	if (room == 0)
		return;
	if (start - trace->start_ns > room)
		view->from_ns = start - room;
	if (trace->end_ns > start + room && trace->end_ns - (start + room) > room)
		view->to_ns = start + 2 * room;
}

static enum sl_status move_spans(struct view *view, struct sl_error *err)
{
	struct sl_trace *moved;
	int64_t *shift_ns;

	if (!view->options->adjust_skew)
		return SL_OK;
	if (sl_trace_skew(view->trace, OUTSIDE_NS, &shift_ns, &view->shifted, view->arena) != SL_OK)
		return sl_fail_memory(err);
	if (view->shifted == 0)
		return SL_OK;
	moved = sl_arena_alloc(view->arena, sizeof(*moved));
	if (moved == NULL)
		return sl_fail_memory(err);
	view->shift_ns = shift_ns;
	if (sl_trace_shift(moved, view->trace, shift_ns, view->arena, err) != SL_OK)
		return SL_FAILED;
	view->trace = moved;
	return SL_OK;
}

static enum sl_status find_findings(struct view *view, const struct sl_render *render,
				    const struct sl_trace *trace, struct sl_error *err)
{
	const struct sl_diagnosis diagnosis = { &view->options->thresholds, trace, &view->path,
						render->entries };

	if (view->options->no_findings)
		return SL_OK;
	return sl_diagnose(&view->findings, &diagnosis, view->arena, err);
}

enum sl_status view_fill(struct view *view, struct sl_render *render, const struct sl_trace *trace,
			 struct sl_error *err)
{
	enum sl_status status;

	sl_arena_reset(&render->arena);
	*view = (struct view){ .options = render->options,
			       .linked = render->linked,
			       .trace = trace,
			       .arena = &render->arena };
	status = sl_trace_path(&view->path, trace, view->arena, err);
	if (status == SL_OK)
		status = find_findings(view, render, trace, err);
	if (status == SL_OK)
		status = move_spans(view, err);
	if (status == SL_OK && view->shifted != 0)
		status = sl_trace_path(&view->path, view->trace, view->arena, err);
	if (status != SL_OK)
		return status;
	trace = view->trace;
	view->self_ns = sl_arena_alloc(view->arena, trace->count * sizeof(*view->self_ns));
	if (view->self_ns == NULL)
		return sl_fail_memory(err);
	for (uint32_t i = 0; i < trace->count; i++)
		view->self_ns[i] = sl_trace_self_ns(trace, i);
	view->root_ns = duration_of(trace->nodes[trace->root].span);
	count_all(view);
	find_axis(view);
	return find_services(view, err);
}

bool index_parts(const struct view *view, uint32_t **first, uint32_t **next)
{
	size_t nodes = view->trace->count;

	*first = sl_arena_alloc(view->arena, nodes * sizeof(**first));
	*next = sl_arena_alloc(view->arena, (view->path.count + 1) * sizeof(**next));
	if (*first == NULL || *next == NULL)
		return false;
	memset(*first, 0xff, nodes * sizeof(**first));
	for (size_t i = view->path.count; i-- > 0;) {
		uint32_t *before = &(*first)[view->path.parts[i].node];

		(*next)[i] = *before;
		*before = (uint32_t)i;
	}
	return true;
}

bool finding_fails(const struct view *view, const struct sl_finding *finding)
{
	const struct sl_fail_on *fail_on = &view->options->fail_on;

	return fail_on->kinds[finding->kind] ||
	       (fail_on->any && finding->severity >= fail_on->severity);
}

bool view_fails(const struct view *view)
{
	for (size_t i = 0; i < view->findings.count; i++)
		if (finding_fails(view, &view->findings.items[i]))
			return true;
	return false;
}

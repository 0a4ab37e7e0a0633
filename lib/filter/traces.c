/* Filtering trace by trace. */
#include "filter.h"
#include "spanline/text.h"

/* Output is handed on in pieces of about this size. */
enum { PIECE_BYTES = 1 << 20 };

enum sl_status count_unit(struct worker *worker)
{
	worker->matched++;
	worker->enough = worker->filter->quiet || worker->matched >= worker->filter->limit;
	return worker->enough ? SL_END : SL_OK;
}

/* What is chosen and not dropped of the trace: worker->left. */
static enum sl_status find_left(struct worker *worker, const struct sl_trace *trace,
				uint32_t *count, struct sl_error *err)
{
	const bool *chosen, *dropped;
	enum sl_status status = sl_select_trace(worker->wanted, trace, &chosen, count, err);
	uint32_t dropped_count;

	if (status != SL_OK)
		return status;
	if (!sl_array_reserve((void **)&worker->left, &worker->left_capacity, trace->count,
			      sizeof(*worker->left)))
		return sl_fail_memory(err);
	memcpy(worker->left, chosen, trace->count);
	if (worker->dropped == NULL || *count == 0)
		return SL_OK;
	status = sl_select_trace(worker->dropped, trace, &dropped, &dropped_count, err);
	if (status != SL_OK)
		return status;
	*count = 0;
	for (uint32_t i = 0; i < trace->count; i++) {
		worker->left[i] = worker->left[i] && !dropped[i];
		*count += worker->left[i];
	}
	return SL_OK;
}

/* Whether sampling leaves the trace alone. */
static enum sl_status is_kept(struct worker *worker, const struct sl_trace *trace, bool *kept,
			      struct sl_error *err)
{
	const bool *chosen;
	uint32_t count = 0;
	enum sl_status status = SL_OK;

	if (worker->kept != NULL)
		status = sl_select_trace(worker->kept, trace, &chosen, &count, err);
	*kept = count != 0;
	return status;
}

static enum sl_status find_parents(struct worker *worker, const struct sl_trace *trace,
				   struct sl_error *err)
{
	if (!worker->filter->reparent)
		return SL_OK;
	if (!sl_array_reserve((void **)&worker->parents, &worker->parent_capacity, trace->count,
			      sizeof(*worker->parents)))
		return sl_fail_memory(err);
	sl_reparent(trace, worker->left, worker->parents);
	return SL_OK;
}

/* SL_END: enough. */
static enum sl_status pass_spans(struct worker *worker, const struct sl_trace *trace,
				 struct sl_buffer *out, struct sl_error *err)
{
	const struct sl_filter *filter = worker->filter;
	bool kept, passed, any = false;
	enum sl_status status = is_kept(worker, trace, &kept, err);

	if (status == SL_OK)
		status = find_parents(worker, trace, err);
	for (uint32_t i = 0; i < trace->count && status == SL_OK; i++) {
		struct passing passing = { trace->nodes[i].span, trace, i, !kept,
					   filter->reparent ? &worker->parents[i] : NULL };

		if (!worker->left[i])
			continue;
		status = pass_span(worker, &passing, out, &passed, err);
		any |= passed;
		if (status == SL_OK && passed && filter->unit == SL_FILTER_SPANS)
			status = count_unit(worker);
	}
	if (status == SL_OK && any && filter->unit == SL_FILTER_TRACES)
		status = count_unit(worker);
	return status;
}

static enum sl_status write_id(struct worker *worker, const struct sl_trace *trace,
			       struct sl_buffer *out)
{
	const struct sl_filter *filter = worker->filter;

	if (!is_silent(filter)) {
		char *at = sl_buffer_reserve(out, 2 * trace->trace_id.len);

		if (at != NULL) {
			sl_write_hex(at, trace->trace_id.data, trace->trace_id.len);
			out->len += 2 * trace->trace_id.len;
		}
		sl_buffer_add_byte(out, '\n');
	}
	return count_unit(worker);
}

/* Whether the sample leaves out the trace as a whole, by its root. */
static enum sl_status is_sampled_out(struct worker *worker, const struct sl_trace *trace, bool *out,
				     struct sl_error *err)
{
	const struct sl_span *root = trace->nodes[trace->root].span;
	bool kept;
	enum sl_status status = is_kept(worker, trace, &kept, err);

	*out = status == SL_OK && worker->filter->samples && !kept &&
	       sl_sample(worker->filter->threshold, root, &worker->trace_state) == SL_SAMPLE_OUT;
	return status;
}

static enum sl_status filter_trace(struct worker *worker, const struct sl_trace *trace,
				   struct sl_buffer *out, struct sl_error *err)
{
	enum sl_filter_unit unit = worker->filter->unit;
	bool sampled_out;
	uint32_t count;
	enum sl_status status = find_left(worker, trace, &count, err);

	if (status != SL_OK || count == 0)
		return status;
	if (unit == SL_FILTER_SPANS || unit == SL_FILTER_TRACES)
		return pass_spans(worker, trace, out, err);
	status = is_sampled_out(worker, trace, &sampled_out, err);
	if (status != SL_OK || sampled_out)
		return status;
	return unit == SL_FILTER_TRACE_IDS ? write_id(worker, trace, out)
					   : write_spansets(worker, trace, out, err);
}

/* SL_OK: there may be more; SL_END: none is complete, or enough (worker->enough). */
static enum sl_status filter_complete(struct worker *worker, struct sl_buffer *out,
				      struct sl_error *err)
{
	const struct sl_trace *trace;
	enum sl_status status = SL_OK;

	while (status == SL_OK && out->len < PIECE_BYTES) {
		status = sl_traces_next(worker->traces, &trace, err);
		if (status == SL_OK)
			status = filter_trace(worker, trace, out, err);
	}
	/* a query that cannot be answered is no damage of the input */
	return status == SL_BAD_RECORD ? SL_FAILED : status;
}

/* All that is complete. */
static enum sl_status filter_all_complete(struct worker *worker, struct sl_buffer *out,
					  struct sl_error *err)
{
	enum sl_status status;

	do
		status = filter_complete(worker, out, err);
	while (status == SL_OK);
	return status == SL_END && !worker->enough ? SL_OK : status;
}

enum sl_status gather_records(void *opened, struct sl_slice records, struct sl_buffer *out,
			      struct sl_error *err)
{
	struct worker *worker = opened;
	enum sl_status status;

	if (worker->enough)
		return SL_END;
	status = sl_traces_take(worker->traces, records, err);
	if (status != SL_OK || !worker->filter->traces.gather.sorted)
		return status;
	return filter_all_complete(worker, out, err);
}

enum sl_status gather_idle(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct worker *worker = opened;
	enum sl_status status;

	if (!worker->filter->traces.gather.live)
		return SL_OK;
	status =
		sl_traces_idle(worker->traces, worker->filter->now(), worker->filter->idle_ns, err);
	return status == SL_OK ? filter_all_complete(worker, out, err) : status;
}

/* What is left, and the count behind it. */
enum sl_status gather_finish(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct worker *worker = opened;
	const struct sl_filter *filter = worker->filter;
	enum sl_status status = SL_END;

	if (!worker->enough) {
		sl_traces_end(worker->traces);
		status = filter_complete(worker, out, err);
	}
	if (status == SL_END && filter->count_only && !filter->quiet)
		sl_buffer_printf(out, "%llu\n", (unsigned long long)worker->matched);
	return status;
}

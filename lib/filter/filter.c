/* The work of a flow that filters: its workers, and spans one by one. */
#include "filter.h"
#include <stdlib.h>

bool sl_filter_needs_traces(const struct sl_filter *filter)
{
	return filter->unit != SL_FILTER_SPANS || filter->reparent || filter->kept != NULL ||
	       sl_selection_needs_traces(&filter->wanted) ||
	       (filter->dropped != NULL && sl_selection_needs_traces(filter->dropped)) ||
	       (filter->projection != NULL && sl_projection_needs_traces(filter->projection));
}

unsigned sl_filter_needs(const struct sl_filter *filter)
{
	unsigned needs = sl_selection_needs(&filter->wanted);

	if (filter->dropped != NULL)
		needs |= sl_selection_needs(filter->dropped);
	if (filter->projection != NULL)
		needs |= sl_projection_needs(filter->projection);
	if (filter->samples)
		needs |= SL_NEED_WHOLE;
	if (sl_filter_needs_traces(filter))
		needs |= SL_NEED_TRACE_ID;
	return needs;
}

/* What it has counted is the command's. */
static void hand_over_counts(const struct worker *worker)
{
	struct sl_filter *filter = worker->filter;

	filter->matched += worker->matched;
	if (worker->traces != NULL)
		filter->reopened += sl_traces_reopened(worker->traces);
	filter->limits_hit +=
		sl_selector_limits_hit(worker->wanted) + sl_selector_limits_hit(worker->dropped) +
		sl_selector_limits_hit(worker->kept) + sl_projector_limits_hit(worker->projector);
}

static void close_worker(void *opened)
{
	struct worker *worker = opened;

	hand_over_counts(worker);

	sl_selector_close(worker->wanted);
	sl_selector_close(worker->dropped);
	sl_selector_close(worker->kept);
	sl_projector_close(worker->projector);
	sl_traces_close(worker->traces);
	if (worker->writer != NULL)
		sl_line_writer_close(worker->writer);
	for (size_t i = 0; worker->matchers != NULL && i < worker->filter->wanted.query_count; i++)
		if (worker->matchers[i] != NULL)
			sl_matcher_close(worker->matchers[i]);
	free(worker->matchers);
	sl_buffer_free(&worker->trace_state);
	sl_buffer_free(&worker->edited);
	free(worker->left);
	free(worker->parents);
	free(worker);
}

bool sl_filter_attribute(const struct sl_filter *filter, struct sl_attribute_test *test)
{
	return !sl_filter_needs_traces(filter) && sl_selection_attribute(&filter->wanted, test);
}

bool sl_filter_head(const struct sl_filter *filter, struct sl_head_tests *tests)
{
	return !sl_filter_needs_traces(filter) && sl_selection_head(&filter->wanted, tests);
}

static enum sl_status open_matchers(struct worker *worker, struct sl_error *err)
{
	const struct sl_selection *wanted = &worker->filter->wanted;
	enum sl_status status = SL_OK;

	worker->matchers = calloc(wanted->query_count + 1, sizeof(struct sl_matcher *));
	if (worker->matchers == NULL)
		return sl_fail_memory(err);
	for (size_t i = 0; i < wanted->query_count && status == SL_OK; i++)
		status = sl_matcher_open(&worker->matchers[i], wanted->queries[i], err);
	return status;
}

static enum sl_status open_parts(struct worker *worker, struct sl_error *err)
{
	const struct sl_filter *filter = worker->filter;
	enum sl_status status = sl_selector_open(&worker->wanted, &filter->wanted, err);

	if (status == SL_OK && filter->dropped != NULL)
		status = sl_selector_open(&worker->dropped, filter->dropped, err);
	if (status == SL_OK && filter->kept != NULL)
		status = sl_selector_open(&worker->kept, filter->kept, err);
	if (status == SL_OK && filter->projection != NULL)
		status = sl_projector_open(&worker->projector, filter->projection, err);
	if (status == SL_OK && filter->unit == SL_FILTER_SPANSETS)
		status = open_matchers(worker, err);
	if (status == SL_OK && sl_filter_needs_traces(filter))
		status = sl_traces_open(&worker->traces, &filter->traces, err);
	if (status == SL_OK)
		status = sl_line_writer_open(&worker->writer, err);
	return status;
}

static bool copies_lines(const struct sl_filter *filter)
{
	return filter->dropped == NULL && filter->projection == NULL && !filter->samples &&
	       !filter->printable && !is_silent(filter);
}

static enum sl_status open_worker(void **opened, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	enum sl_status status;

	(void)notes;
	if (worker == NULL)
		return sl_fail_memory(err);
	worker->filter = context;
	worker->enough = worker->filter->limit == 0;
	worker->copies = copies_lines(worker->filter);
	status = open_parts(worker, err);
	if (status != SL_OK) {
		close_worker(worker);
		return status;
	}
	*opened = worker;
	return SL_OK;
}

/* A span that was chosen, with all that may be done to it. */
__attribute__((noinline)) static enum sl_status pass_chosen(struct worker *worker,
							    const struct sl_span *span,
							    struct sl_buffer *out,
							    struct sl_error *err)
{
	struct passing passing = { .span = span, .sampled = true };
	enum sl_status status = SL_OK;
	bool dropped = false, passed;

	if (worker->dropped != NULL)
		status = sl_select_span(worker->dropped, span, &dropped, err);
	if (status != SL_OK || dropped || sl_span_damaged(span))
		return status;
	status = pass_span(worker, &passing, out, &passed, err);
	if (status != SL_OK || !passed)
		return status;
	worker->matched++;
	if (is_silent(worker->filter))
		sl_buffer_add_byte(out, '\n'); /* for the counter */
	return SL_OK;
}

/* Bytes for the lines that pass: of a block about as many as mostly do. */
enum { FIRST_ROOM = 1 << 16 };

/* At once, as much of the time is spent here. */
static inline void copy_line(struct sl_slice line, struct sl_buffer *out)
{
	size_t room = line.len + 1;
	char *to;

	/* once is cheaper than to grow with the first lines, which are copied each time */
	if (SL_UNLIKELY(out->data == NULL) && out->limit == 0 && room < FIRST_ROOM)
		room = FIRST_ROOM;
	to = sl_buffer_reserve(out, room);
	if (SL_UNLIKELY(to == NULL))
		return;
	memcpy(to, line.data, line.len);
	to[line.len] = '\n';
	out->len += line.len + 1;
}

static enum sl_status filter_span(void *opened, const struct sl_span *span, struct sl_buffer *out,
				  struct sl_error *err)
{
	struct worker *worker = opened;
	bool chosen;
	enum sl_status status = sl_select_span(worker->wanted, span, &chosen, err);

	if (status != SL_OK || !chosen)
		return status;
	if (SL_LIKELY(worker->copies && span->line.len != 0)) {
		if (SL_LIKELY(!sl_span_damaged(span))) {
			copy_line(span->line, out);
			worker->matched++;
		}
		return SL_OK;
	}
	return pass_chosen(worker, span, out, err);
}

struct sl_flow_work sl_filter_work(struct sl_filter *filter)
{
	struct sl_flow_work work = sl_traces_work(filter);

	/* what was found, and how much, up to the damage at which --strict stops */
	work.finishes_when_stopped = true;
	if (sl_filter_needs_traces(filter)) {
		work.open_gatherer = open_worker;
		work.gather = gather_records;
		work.idle = gather_idle;
		work.finish = gather_finish;
		work.close_gatherer = close_worker;
		return work;
	}
	work.open = open_worker;
	work.span = filter_span;
	work.close = close_worker;
	if (is_silent(filter) || filter->limit != UINT64_MAX) {
		work.open_gatherer = open_counter;
		work.gather = count_lines;
		work.finish = write_count;
		work.close_gatherer = close_counter;
	}
	return work;
}

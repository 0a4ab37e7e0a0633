/* Chosen spans on their way out: as they were read, with another trace_state or parent, or fields
 * of them. */
#include "filter.h"

static bool has_new_parent(const struct passing *passing)
{
	return passing->parent != NULL &&
	       !sl_slice_equal(*passing->parent, passing->span->parent_span_id);
}

/* The line as it was read, or edited. */
static void write_line(const struct worker *worker, struct sl_slice line, struct sl_buffer *out)
{
	if (worker->filter->printable)
		sl_json_make_printable(out, line);
	else
		sl_buffer_add_slice(out, line);
	sl_buffer_add_byte(out, '\n');
}

/* False: the text of the line cannot be edited. */
static bool edit_line(struct worker *worker, const struct passing *passing, bool is_marked,
		      struct sl_buffer *out)
{
	struct sl_slice state = sl_buffer_slice(&worker->trace_state);
	struct sl_line_edits edits = {
		.parent_span_id = has_new_parent(passing) ? passing->parent : NULL,
		.trace_state = is_marked ? &state : NULL,
	};
	struct sl_buffer *edited = &worker->edited;

	edited->len = 0;
	if (passing->span->line.len == 0 || !sl_line_edit(passing->span->line, &edits, edited) ||
	    sl_buffer_reserve(edited, SL_PADDING) == NULL)
		return false;
	write_line(worker, sl_buffer_slice(edited), out);
	return true;
}

/* The span with what it has now; false: damaged, its reader tells. */
static bool edit_span(const struct worker *worker, const struct passing *passing, bool is_marked,
		      struct sl_span *edited)
{
	const struct sl_span *whole = sl_span_whole(passing->span);

	if (whole == NULL)
		return false;
	*edited = *whole;
	if (is_marked)
		edited->trace_state = sl_buffer_slice(&worker->trace_state);
	if (passing->parent != NULL)
		edited->parent_span_id = *passing->parent;
	return true;
}

static __attribute__((noinline)) enum sl_status write_span(struct worker *worker,
							   const struct passing *passing,
							   bool is_marked, struct sl_buffer *out,
							   struct sl_error *err)
{
	const struct sl_span *span = passing->span;
	bool is_edited = is_marked || has_new_parent(passing);
	struct sl_span edited;

	if (worker->projector == NULL && is_edited && edit_line(worker, passing, is_marked, out))
		return SL_OK;
	if (is_edited) {
		if (!edit_span(worker, passing, is_marked, &edited))
			return SL_OK;
		span = &edited;
	}
	if (worker->projector != NULL)
		return sl_project(worker->projector, span, passing->trace, passing->index, out,
				  err);
	span = sl_span_whole(span);
	if (span != NULL)
		sl_line_write(worker->writer, span, out);
	return SL_OK;
}

enum sl_status pass_span(struct worker *worker, const struct passing *passing,
			 struct sl_buffer *out, bool *passed, struct sl_error *err)
{
	const struct sl_filter *filter = worker->filter;
	enum sl_sample sample = SL_SAMPLE_AS_IT_IS;
	enum sl_status status;
	size_t len = out->len;

	if (passing->sampled && filter->samples) {
		const struct sl_span *whole = sl_span_whole(passing->span);

		*passed = whole != NULL; /* damaged: its reader tells */
		if (whole == NULL)
			return SL_OK;
		sample = sl_sample(filter->threshold, whole, &worker->trace_state);
	}
	*passed = sample != SL_SAMPLE_OUT;
	if (!*passed || is_silent(filter))
		return SL_OK;
	if (worker->projector == NULL && sample != SL_SAMPLE_MARKED && !has_new_parent(passing) &&
	    passing->span->line.len != 0) {
		write_line(worker, passing->span->line, out);
		return SL_OK;
	}
	status = write_span(worker, passing, sample == SL_SAMPLE_MARKED, out, err);
	/* fields were reached for */
	if (worker->projector != NULL && status == SL_OK && sl_span_damaged(passing->span)) {
		out->len = len;
		*passed = false;
	}
	return status;
}

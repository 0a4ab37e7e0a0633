/* Chosen spans on their way out: as they were read, with another trace_state or parent, or fields
 * of them. */
#include "filter.h"

/* The span as a new line. */
static enum sl_status write_edited(struct worker *worker, const struct passing *passing,
				   bool is_marked, struct sl_buffer *out)
{
	const struct sl_span *whole = sl_span_whole(passing->span);
	struct sl_span edited;

	if (whole == NULL)
		return SL_OK; /* damaged: its reader tells */
	edited = *whole;
	if (is_marked)
		edited.trace_state = sl_buffer_slice(&worker->trace_state);
	if (passing->parent != NULL)
		edited.parent_span_id = *passing->parent;
	sl_line_write(worker->writer, &edited, out);
	return SL_OK;
}

static bool has_new_parent(const struct passing *passing)
{
	return passing->parent != NULL &&
	       !sl_slice_equal(*passing->parent, passing->span->parent_span_id);
}

static enum sl_status write_span(struct worker *worker, const struct passing *passing,
				 bool is_marked, struct sl_buffer *out, struct sl_error *err)
{
	const struct sl_span *span = passing->span;

	if (worker->projector != NULL)
		return sl_project(worker->projector, span, passing->trace, passing->index, out,
				  err);
	if (span->line.len == 0 || is_marked || has_new_parent(passing))
		return write_edited(worker, passing, is_marked, out);
	if (worker->filter->printable)
		sl_json_make_printable(out, span->line);
	else
		sl_buffer_add_slice(out, span->line);
	sl_buffer_add_byte(out, '\n');
	return SL_OK;
}

enum sl_status pass_span(struct worker *worker, const struct passing *passing,
			 struct sl_buffer *out, bool *passed, struct sl_error *err)
{
	const struct sl_filter *filter = worker->filter;
	enum sl_sample sample = SL_SAMPLE_AS_IT_IS;

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
	return write_span(worker, passing, sample == SL_SAMPLE_MARKED, out, err);
}

/* The end of a job: its complaints are told and its output is written, in input order. */
#include "flow.h"

void flow_write(struct flow *flow, struct sl_buffer *out)
{
	if (out->len != 0 && flow->options->output != NULL)
		flow->status =
			sl_output_write(flow->options->output, sl_buffer_slice(out), &flow->err);
	out->len = 0;
}

/* Tells of it, with the line in the whole input. */
static void tell(struct flow *flow, const struct job *job, const struct sl_complaint *complaint)
{
	struct sl_complaint told = *complaint;

	if (told.line != 0)
		told.line += *job->lines;
	if (flow->options->complain != NULL)
		flow->options->complain(flow->options->context, job->path, &told);
}

/* Those of the source and those of the reader, by their place. */
static void complain(struct flow *flow, const struct job *job)
{
	const struct sl_complaints *a = &job->parcel.complaints, *b = &job->complaints;

	for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
		const struct sl_complaint *next;

		if (j == b->count || (i < a->count && a->items[i].offset <= b->items[j].offset))
			next = &a->items[i++];
		else
			next = &b->items[j++];
		tell(flow, job, next);
	}
}

void flow_progress(struct flow *flow)
{
	uint64_t bytes = flow->closed_bytes;

	if (flow->options->progress == NULL)
		return;
	if (flow->current != NULL)
		bytes += sl_input_raw_bytes(sl_source_input(flow->current));
	flow->options->progress(flow->options->context, bytes, flow->spans);
}

void flow_retire(struct flow *flow, struct job *job)
{
	if (flow->status == SL_OK) {
		if (job->parcel.begins)
			*job->lines = 0;
		complain(flow, job);
		*job->lines += job->newlines;
		flow_write(flow, &job->out);
		flow->spans += job->spans;
		if (flow->status == SL_OK && job->status != SL_OK) {
			flow->status = job->status;
			flow->err = job->err;
		}
		flow_progress(flow);
	}
	job->out.len = 0;
	job->out.failed = false;
	job->spans = 0;
	job->status = SL_OK;
	job->done = false;
	sl_complaints_clear(&job->complaints);
	flow->retired++;
}

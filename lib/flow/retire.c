/* The end of a job: its complaints are told and its output is written, in input order. */
#include "flow.h"

static enum sl_status write_out(struct flow *flow, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_slice bytes = sl_buffer_slice(out);

	out->len = 0;
	if (bytes.len == 0 || flow->options->output == NULL)
		return SL_OK;
	return sl_output_write(flow->options->output, bytes, err);
}

enum sl_status flow_write_now(void *flow, struct sl_buffer *out, struct sl_error *err)
{
	return write_out(flow, out, err);
}

/* What the gatherer has made goes out, also where it has enough (SL_END). */
static enum sl_status write_gathered(struct flow *flow, enum sl_status status, struct sl_error *err)
{
	enum sl_status written = SL_OK;

	if (flow->gathered.failed)
		return sl_fail_memory(err);
	if (status == SL_OK || status == SL_END)
		written = write_out(flow, &flow->gathered, err);
	return written != SL_OK ? written : status;
}

void flow_write(struct flow *flow, struct sl_buffer *out)
{
	struct sl_slice written = sl_buffer_slice(out);

	if (flow->work->gather == NULL) {
		flow->status = write_out(flow, out, &flow->err);
		return;
	}
	out->len = 0;
	if (written.len == 0)
		return;
	flow->status = flow->work->gather(flow->gatherer, written, &flow->gathered, &flow->err);
	flow->status = write_gathered(flow, flow->status, &flow->err);
}

static bool is_readable(const struct job *job)
{
	const struct sl_parcel *parcel = &job->parcel;

	for (size_t i = 0; i < parcel->unit_count; i++)
		if (parcel->units[i].kind != SL_UNIT_DOCUMENTS)
			return false;
	return parcel->unit_count != 0 &&
	       sl_input_codec(sl_source_input(job->input->source)) == SL_CODEC_NONE;
}

void flow_place(struct flow *flow, const struct job *job)
{
	struct sl_flow_place place = { .operand = job->input->operand,
				       .readable = is_readable(job) };

	if (flow->work->place == NULL || flow->status != SL_OK)
		return;
	if (place.readable) {
		const struct sl_unit *first = job->parcel.units;
		const struct sl_unit *last = first + job->parcel.unit_count - 1;

		place.part = (struct sl_input_part){
			.offset = first->offset,
			.len = last->offset + last->len - first->offset,
			.line = first->line - 1 + (job->parcel.begins ? 0 : job->input->lines),
		};
	}
	flow->status = flow->work->place(flow->gatherer, &place, &flow->err);
}

void flow_idle(struct flow *flow)
{
	if (flow->work->idle == NULL || flow->status != SL_OK)
		return;
	flow->status = flow->work->idle(flow->gatherer, &flow->gathered, &flow->err);
	flow->status = write_gathered(flow, flow->status, &flow->err);
}

enum sl_status flow_finish(struct flow *flow, struct sl_error *err)
{
	enum sl_status status = flow->status;

	if (flow->work->finish == NULL || status == SL_FAILED ||
	    (status == SL_BAD_RECORD && !flow->work->finishes_when_stopped))
		return SL_OK;
	do {
		status = flow->work->finish(flow->gatherer, &flow->gathered, err);
		status = write_gathered(flow, status, err);
	} while (status == SL_OK);
	return status == SL_END ? SL_OK : status;
}

/* Tells of it, with the line in the whole input. */
static void tell(struct flow *flow, const struct job *job, const struct sl_complaint *complaint)
{
	struct sl_complaint told = *complaint;

	if (told.line != 0)
		told.line += job->input->lines;
	if (flow->options->complain != NULL)
		flow->options->complain(flow->options->context, job->input->path, &told);
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

void flow_tell_look_alike(struct flow *flow, struct input *input, struct sl_look_alike found)
{
	struct sl_error err;
	struct sl_complaint complaint = { .reason = SL_UNSUPPORTED,
					  .offset = found.offset,
					  .line = found.line,
					  .text = err.text };

	if (found.name == NULL || input->look_alike_told || flow->options->complain == NULL)
		return;
	input->look_alike_told = true;
	(void)sl_reject(&err, SL_UNSUPPORTED, 0, "this looks like %s", found.name);
	flow->options->complain(flow->options->context, input->path, &complaint);
}

/* What was counted for the job, here too. */
static void add_notes(struct flow *flow, struct job *job)
{
	struct sl_notes *notes = &job->input->notes;

	sl_notes_add(notes, &job->notes);
	sl_notes_add_since(notes, &flow->gatherer_told, &flow->gatherer_notes);
	flow->gatherer_told = flow->gatherer_notes;
	job->notes = (struct sl_notes){ 0 };
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
			job->input->lines = 0;
		complain(flow, job);
		if (job->look_alike.line != 0)
			job->look_alike.line += job->input->lines;
		flow_tell_look_alike(flow, job->input, job->look_alike);
		if (flow->pool != NULL)
			flow_place(flow, job);
		job->input->lines += job->newlines;
		if (flow->status == SL_OK)
			flow_write(flow, &job->out);
		flow->spans += job->spans;
		if (flow->status == SL_OK && job->status != SL_OK) {
			flow->status = job->status;
			flow->err = job->err;
		}
		flow_progress(flow);
	}
	add_notes(flow, job);
	job->out.len = 0;
	job->out.failed = false;
	job->spans = 0;
	job->status = SL_OK;
	job->done = false;
	sl_complaints_clear(&job->complaints);
	flow->retired++;
}

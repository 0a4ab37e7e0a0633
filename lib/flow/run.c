/* The run over all operands: one after another, or all at once when following. */
#include "flow.h"
#include <stdlib.h>

/* An operand that cannot be read is told of like damage, and the others go on. */
static void complain_of_input(struct flow *flow, const char *path, const struct sl_error *err)
{
	struct sl_error copy = *err;
	struct sl_complaint complaint = { .reason = SL_SYSTEM,
					  .offset = UINT64_MAX,
					  .text = copy.text };

	pool_drain(flow);
	if (flow->options->complain != NULL)
		flow->options->complain(flow->options->context, path, &complaint);
}

static void tell_of_file(struct flow *flow, const struct input *input)
{
	if (flow->options->file != NULL)
		flow->options->file(flow->options->context, input->path, input->source,
				    &input->notes);
}

/* A read is about to block: all that is known goes out first. */
static void before_wait(void *context)
{
	struct flow *flow = context;

	pool_drain(flow);
	flow_idle(flow);
	flow_progress(flow);
	flow->enough = flow->status != SL_OK;
}

/* False: it is told that the input cannot be opened. */
static bool open_input(struct flow *flow, struct input *input)
{
	struct sl_source_options options = flow->options->source;
	struct sl_error err;

	options.input.before_wait = before_wait;
	options.input.context = flow;
	options.input.enough = &flow->enough;
	if (flow->options->parts != NULL)
		options.input.parts = &flow->options->parts[input->operand];
	if (sl_source_open(&input->source, input->path, &options, &err) != SL_OK) {
		complain_of_input(flow, input->path, &err);
		tell_of_file(flow, input);
		return false;
	}
	flow->current = input->source;
	return true;
}

/* One fill, handed on; false at the input's end. */
static bool pump(struct flow *flow, struct input *input)
{
	struct job *job = pool_next_job(flow);
	struct sl_error err;
	enum sl_status status;

	if (flow->status != SL_OK)
		return false;
	flow->current = input->source;
	job->input = input;
	status = sl_source_fill(input->source, &job->parcel, &err);
	if (status == SL_OK) {
		if (job->parcel.unit_count != 0 || job->parcel.complaints.count != 0)
			pool_submit(flow, job);
		return flow->status == SL_OK;
	}
	if (status != SL_END)
		complain_of_input(flow, input->path, &err);
	return false;
}

static void close_input(struct flow *flow, struct input *input, struct sl_notes *notes)
{
	pool_drain(flow);
	flow_tell_look_alike(flow, input, sl_source_look_alike(input->source));
	sl_notes_add(&input->notes, sl_source_notes(input->source));
	sl_notes_add(notes, sl_source_notes(input->source));
	tell_of_file(flow, input);
	flow->closed_bytes += sl_input_raw_bytes(sl_source_input(input->source));
	flow->current = NULL;
	sl_source_close(input->source);
	input->source = NULL;
}

static void run_in_turn(struct flow *flow, char **paths, struct sl_notes *notes)
{
	for (size_t i = 0; paths[i] != NULL && flow->status == SL_OK; i++) {
		struct input input = { .path = paths[i], .operand = i };

		if (!open_input(flow, &input))
			continue;
		while (pump(flow, &input))
			;
		close_input(flow, &input, notes);
	}
}

/*
 * All files at once: those that have something are read, and then one of the others may wait for
 * its next byte, each in its turn.
 */
static void follow_all(struct flow *flow, char **paths, size_t count, struct sl_notes *notes)
{
	struct input *inputs = calloc(count, sizeof(*inputs));
	size_t open_count = 0;

	if (inputs == NULL) {
		flow->status = sl_fail_memory(&flow->err);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		inputs[i].path = paths[i];
		inputs[i].operand = i;
		open_count += open_input(flow, &inputs[i]);
	}
	for (size_t turn = 0; open_count > 0 && flow->status == SL_OK; turn++) {
		for (size_t i = 0; i < count && flow->status == SL_OK; i++) {
			struct input *input = &inputs[i];

			if (input->source == NULL ||
			    (i != turn % count && !sl_input_ready(sl_source_input(input->source))))
				continue;
			if (pump(flow, input))
				continue;
			close_input(flow, input, notes);
			open_count--;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (inputs[i].source != NULL)
			close_input(flow, &inputs[i], notes);
	free(inputs);
}

static enum sl_status prepare(struct flow *flow, struct sl_error *err)
{
	flow->station_count = flow->options->workers == 0 ? 1 : flow->options->workers;
	flow->job_count = flow->station_count == 1 ? 1 : 2 * flow->station_count + 2;
	flow->stations = calloc(flow->station_count, sizeof(*flow->stations));
	flow->jobs = calloc(flow->job_count, sizeof(*flow->jobs));
	if (flow->stations == NULL || flow->jobs == NULL)
		return sl_fail_memory(err);
	for (unsigned i = 0; i < flow->station_count; i++) {
		enum sl_status status = station_open(flow, &flow->stations[i], err);

		if (status != SL_OK)
			return status;
	}
	if (flow->work->open_gatherer != NULL) {
		enum sl_status status = flow->work->open_gatherer(
			&flow->gatherer, flow->work->context, &flow->gatherer_notes, err);

		if (status != SL_OK)
			return status;
		if (flow->work->take_writer != NULL)
			flow->work->take_writer(flow->gatherer,
						(struct sl_flow_writer){ flow_write_now, flow });
	}
	return pool_open(flow, err);
}

static void release(struct flow *flow)
{
	pool_close(flow);
	for (unsigned i = 0; flow->stations != NULL && i < flow->station_count; i++)
		station_close(flow, &flow->stations[i]);
	for (unsigned i = 0; flow->jobs != NULL && i < flow->job_count; i++) {
		sl_parcel_free(&flow->jobs[i].parcel);
		sl_buffer_free(&flow->jobs[i].out);
		sl_complaints_free(&flow->jobs[i].complaints);
	}
	if (flow->gatherer != NULL && flow->work->close_gatherer != NULL)
		flow->work->close_gatherer(flow->gatherer);
	sl_buffer_free(&flow->gathered);
	free(flow->stations);
	free(flow->jobs);
}

/* The command's last words, and what all have counted. */
static enum sl_status finish(struct flow *flow, struct sl_tally *tally, struct sl_error *err)
{
	enum sl_status outcome = flow_finish(flow, err);

	sl_notes_add(&tally->notes, &flow->gatherer_notes);
	for (unsigned i = 0; i < flow->station_count; i++) {
		struct sl_error why;
		enum sl_status status = station_count(&flow->stations[i], tally, &why);

		if (status != SL_OK && outcome == SL_OK) {
			outcome = status;
			*err = why;
		}
	}
	if (flow->status != SL_OK) {
		*err = flow->err;
		return flow->status;
	}
	return outcome;
}

enum sl_status sl_flow_run(const struct sl_flow_options *options, const struct sl_flow_work *work,
			   struct sl_tally *tally, struct sl_error *err)
{
	static char dash[] = "-";
	char *standard_input[] = { dash, NULL };
	char **paths =
		options->paths[0] != NULL || options->no_input ? options->paths : standard_input;
	struct flow flow = { .options = options, .work = work };
	enum sl_status status;
	size_t count = 0;

	*tally = (struct sl_tally){ 0 };
	status = prepare(&flow, err);
	if (status == SL_OK) {
		while (paths[count] != NULL)
			count++;
		if (options->source.input.follow)
			follow_all(&flow, paths, count, &tally->notes);
		else
			run_in_turn(&flow, paths, &tally->notes);
		pool_drain(&flow);
		status = finish(&flow, tally, err);
	}
	release(&flow);
	return status;
}

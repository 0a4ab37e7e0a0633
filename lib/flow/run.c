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

static void tell_of_file(struct flow *flow, const char *path, const struct sl_source *source,
			 bool done)
{
	if (flow->options->file != NULL)
		flow->options->file(flow->options->context, path, source, done);
}

/* A read is about to block: all that is known goes out first. */
static void before_wait(void *context)
{
	struct flow *flow = context;

	pool_drain(flow);
	if (flow->work->idle != NULL && flow->station_count == 1 && flow->status == SL_OK) {
		struct job *job = pool_next_job(flow);

		flow->status = flow->work->idle(flow->stations[0].worker, &job->out, &flow->err);
		if (flow->status == SL_OK)
			flow_write(flow, &job->out);
	}
	flow_progress(flow);
}

static struct sl_source *open_source(struct flow *flow, const char *path)
{
	struct sl_source_options options = flow->options->source;
	struct sl_source *source;
	struct sl_error err;

	options.input.before_wait = before_wait;
	options.input.context = flow;
	if (sl_source_open(&source, path, &options, &err) != SL_OK) {
		complain_of_input(flow, path, &err);
		return NULL;
	}
	flow->current = source;
	tell_of_file(flow, path, source, false);
	return source;
}

/* An input that is being read. */
struct reading {
	struct sl_source *source;
	uint64_t lines; /* newlines in the parcels that are retired */
};

/* One fill, handed on; false at the source's end. */
static bool pump(struct flow *flow, struct reading *reading, const char *path)
{
	struct sl_source *source = reading->source;
	struct job *job = pool_next_job(flow);
	struct sl_error err;
	enum sl_status status;

	if (flow->status != SL_OK)
		return false;
	flow->current = source;
	job->path = path;
	job->lines = &reading->lines;
	status = sl_source_fill(source, &job->parcel, &err);
	if (status == SL_OK) {
		if (job->parcel.unit_count != 0 || job->parcel.complaints.count != 0)
			pool_submit(flow, job);
		return flow->status == SL_OK;
	}
	if (status != SL_END)
		complain_of_input(flow, path, &err);
	return false;
}

static void close_source(struct flow *flow, struct sl_source *source, const char *path,
			 struct sl_notes *notes)
{
	pool_drain(flow);
	tell_of_file(flow, path, source, true);
	sl_notes_add(notes, sl_source_notes(source));
	flow->closed_bytes += sl_input_raw_bytes(sl_source_input(source));
	flow->current = NULL;
	sl_source_close(source);
}

static void run_in_turn(struct flow *flow, char **paths, struct sl_notes *notes)
{
	for (; *paths != NULL && flow->status == SL_OK; paths++) {
		struct reading reading = { .source = open_source(flow, *paths) };

		if (reading.source == NULL)
			continue;
		while (pump(flow, &reading, *paths))
			;
		close_source(flow, reading.source, *paths, notes);
	}
}

/*
 * All files at once: those that have something are read, and then one of the others may wait for
 * its next byte, each in its turn.
 */
static void follow_all(struct flow *flow, char **paths, size_t count, struct sl_notes *notes)
{
	struct reading *all = calloc(count, sizeof(*all));
	size_t open_count = 0;

	if (all == NULL) {
		flow->status = sl_fail_memory(&flow->err);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		all[i].source = open_source(flow, paths[i]);
		open_count += all[i].source != NULL;
	}
	for (size_t turn = 0; open_count > 0 && flow->status == SL_OK; turn++) {
		for (size_t i = 0; i < count && flow->status == SL_OK; i++) {
			if (all[i].source == NULL ||
			    (i != turn % count && !sl_input_ready(sl_source_input(all[i].source))))
				continue;
			if (pump(flow, &all[i], paths[i]))
				continue;
			close_source(flow, all[i].source, paths[i], notes);
			all[i].source = NULL;
			open_count--;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (all[i].source != NULL)
			close_source(flow, all[i].source, paths[i], notes);
	free(all);
}

static enum sl_status prepare(struct flow *flow, struct sl_error *err)
{
	flow->station_count =
		flow->work->in_order || flow->options->workers == 0 ? 1 : flow->options->workers;
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
	free(flow->stations);
	free(flow->jobs);
}

/* The commands' last words, and what all have counted. */
static enum sl_status finish(struct flow *flow, struct sl_tally *tally, struct sl_error *err)
{
	enum sl_status outcome = SL_OK;

	for (unsigned i = 0; i < flow->station_count; i++) {
		struct sl_error why;
		enum sl_status status = station_finish(flow, &flow->stations[i], tally, &why);

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
	char **paths = options->paths[0] != NULL ? options->paths : standard_input;
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

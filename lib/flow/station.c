/* One worker: parcels into spans, spans through the command. */
#include "flow.h"

/* Output is passed on once this much is held, where only one thread works; to a gatherer, which
 * reads it, while it is in a near cache. */
enum { PUSH_BYTES = 1024 * 1024, PUSH_BYTES_NEAR = 64 * 1024 };

static size_t push_bytes_of(const struct flow *flow)
{
	if (flow->pool != NULL)
		return SIZE_MAX;
	return flow->work->gather != NULL ? PUSH_BYTES_NEAR : PUSH_BYTES;
}

enum sl_status station_open(struct flow *flow, struct station *station, struct sl_error *err)
{
	struct sl_reader_options options = flow->options->reader;
	enum sl_status status;

	if (flow->options->count_distinct) {
		options.decode.needs |= SL_NEED_TRACE_ID | SL_NEED_SERVICE | SL_NEED_STATUS;
		/* all are to be counted */
		options.decode.attribute = (struct sl_attribute_test){ .type = SL_VALUE_EMPTY };
		options.decode.tests = NULL;
	}
	status = sl_reader_open(&station->reader, &options, &station->tally.notes, err);

	if (status == SL_OK && flow->work->open != NULL)
		status = flow->work->open(&station->worker, flow->work->context,
					  &station->tally.notes, err);
	return status;
}

static bool count_distinct(struct station *station, struct sl_slice trace_id,
			   const struct sl_resource *resource)
{
	const struct sl_value *service;

	if (!sl_distinct_add(&station->tally.traces, trace_id))
		return false;
	if (resource->serial != 0 && resource->serial == station->last_resource)
		return true;
	station->last_resource = resource->serial;
	service = sl_attributes_find(resource->attributes, SL_SLICE("service.name"));
	return service == NULL || service->type != SL_VALUE_STRING ||
	       sl_distinct_add(&station->tally.services, service->text);
}

static inline enum sl_status next_span(struct flow *flow, struct station *station, struct job *job)
{
	const struct sl_span *span;
	enum sl_status status = sl_reader_next(station->reader, &span, &job->err);

	if (status != SL_OK)
		return status;
	job->spans++;
	station->tally.errors += span->status_code == SL_STATUS_ERROR;
	if (flow->options->count_distinct &&
	    !count_distinct(station, span->trace_id, span->resource))
		return sl_fail_memory(&job->err);
	if (flow->work->span == NULL)
		return SL_OK;
	status = flow->work->span(station->worker, span, &job->out, &job->err);
	job->status = status;
	return status;
}

/* Spans until there is something to do besides; without a tally by itself, as a line costs little
 * more than what is done here. */
static enum sl_status next_spans(struct flow *flow, struct station *station, struct job *job)
{
	enum sl_status (*work)(void *worker, const struct sl_span *span, struct sl_buffer *out,
			       struct sl_error *err) = flow->work->span;
	const struct sl_span *span;
	enum sl_status status;
	size_t push_bytes = push_bytes_of(flow);
	uint64_t spans = 0;

	if (flow->options->count_distinct || work == NULL)
		return next_span(flow, station, job);
	while ((status = sl_reader_next(station->reader, &span, &job->err)) == SL_OK) {
		spans++;
		status = work(station->worker, span, &job->out, &job->err);
		if (SL_UNLIKELY(status != SL_OK)) {
			job->status = status;
			break;
		}
		if (job->out.len != 0 && (job->out.len >= push_bytes || job->out.failed))
			break;
	}
	job->spans += spans;
	if (job->out.failed)
		return sl_fail_memory(&job->err);
	return status;
}

static enum sl_status next_log(struct flow *flow, struct station *station, struct job *job)
{
	const struct sl_log *log;
	enum sl_status status = sl_reader_next_log(station->reader, &log, &job->err);

	if (status != SL_OK)
		return status;
	job->spans++;
	if (flow->options->count_distinct && !count_distinct(station, log->trace_id, log->resource))
		return sl_fail_memory(&job->err);
	status = flow->work->log(station->worker, log, &job->out, &job->err);
	job->status = status;
	return status;
}

/* Notes where a record was lost; with --strict that ends the run. */
static enum sl_status note_loss(struct flow *flow, struct station *station, struct job *job)
{
	struct sl_complaints *list = &job->complaints;
	uint64_t offset, line;
	bool far;

	station->tally.skipped[job->err.reason]++;
	far = sl_reader_place(station->reader, &job->err, &offset, &line);
	if (!sl_complaints_add(list, &job->err, offset, line))
		return sl_fail_memory(&job->err);
	list->items[list->count - 1].in_long_line = far;
	return flow->options->reader.decode.strict ? SL_BAD_RECORD : SL_OK;
}

void station_process(struct flow *flow, struct station *station, struct job *job)
{
	bool logs = flow->options->reader.decode.signal == SL_SIGNAL_LOGS;
	struct sl_notes before = station->tally.notes;
	enum sl_status status = SL_OK;
	uint64_t passed = sl_reader_passed(station->reader);

	for (size_t i = 0; i < job->parcel.complaints.count; i++)
		station->tally.skipped[job->parcel.complaints.items[i].reason]++;
	sl_reader_start(station->reader, &job->parcel);
	while (status == SL_OK) {
		job->status = SL_OK;
		status = logs ? next_log(flow, station, job) : next_spans(flow, station, job);
		if (status == SL_BAD_RECORD && job->status == SL_OK)
			status = note_loss(flow, station, job);
		else if (status == SL_END && job->status == SL_OK)
			break; /* of the parcel, not the command's "enough" */
		if (job->out.len >= push_bytes_of(flow)) {
			flow_write(flow, &job->out);
			if (flow->status != SL_OK)
				status = flow->status;
		}
		if (job->out.failed)
			status = sl_fail_memory(&job->err);
		job->status = status;
	}
	if (job->status == SL_OK && flow->options->reader.decode.strict &&
	    job->parcel.complaints.count != 0)
		job->status = SL_BAD_RECORD;
	job->spans += sl_reader_passed(station->reader) - passed;
	job->newlines = sl_reader_newlines(station->reader);
	station->tally.spans += job->spans;
	sl_notes_add_since(&job->notes, &before, &station->tally.notes);
	job->look_alike = sl_reader_look_alike(station->reader);
}

enum sl_status station_count(const struct station *station, struct sl_tally *total,
			     struct sl_error *err)
{
	total->spans += station->tally.spans;
	total->errors += station->tally.errors;
	for (size_t i = 0; i < SL_REASON_COUNT; i++)
		total->skipped[i] += station->tally.skipped[i];
	sl_notes_add(&total->notes, &station->tally.notes);
	if (!sl_distinct_merge(&total->traces, &station->tally.traces) ||
	    !sl_distinct_merge(&total->services, &station->tally.services))
		return sl_fail_memory(err);
	return SL_OK;
}

void station_close(struct flow *flow, struct station *station)
{
	if (flow->work->close != NULL && station->worker != NULL)
		flow->work->close(station->worker);
	if (station->reader != NULL)
		sl_reader_close(station->reader);
	sl_tally_free(&station->tally);
}

void sl_tally_free(struct sl_tally *tally)
{
	sl_distinct_free(&tally->traces);
	sl_distinct_free(&tally->services);
}

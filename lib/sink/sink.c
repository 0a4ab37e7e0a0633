/* Spans into batches, batches into the form that was asked for. */
#include "spanline/sink.h"
#include "forms.h"
#include "spanline/wire.h"
#include <stdlib.h>

/* What stands around the list of ResourceSpans in the largest form of a request. */
#define REQUEST_ROOM (sizeof("{\"resourceSpans\":[]}\n"))

struct sl_sink {
	const struct form *form;
	size_t batch_spans;
	size_t batch_bytes;
	struct batch batch;
	struct framer framer;
};

enum sl_status sl_sink_open(struct sl_sink **sink, const struct sl_sink_options *options,
			    struct sl_notes *notes, struct sl_error *err)
{
	const struct form *form = form_find(options->to);
	struct sl_sink *made;
	enum sl_status status;

	*sink = NULL;
	if (form == NULL)
		return sl_fail(err, "no form of output is called '%s'", options->to);
	made = calloc(1, sizeof(*made));
	if (made == NULL)
		return sl_fail_memory(err);
	made->form = form;
	made->batch_spans = form->span_alone ? 1 : options->batch_spans;
	made->batch_bytes = options->batch_bytes;
	made->batch.payload = form->payload;
	made->batch.encoders.notes = notes;
	status = sl_wire_encoder_open(&made->batch.encoders.wire, err);
	if (status == SL_OK)
		status = batch_init(&made->batch, err);
	if (status == SL_OK)
		*sink = made;
	else
		sl_sink_close(made);
	return status;
}

enum sl_status sl_sink_flush(struct sl_sink *sink, struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status;

	if (sink->batch.span_count == 0)
		return SL_OK;
	status = sink->form->write(&sink->framer, &sink->batch, batch_measure(&sink->batch), out,
				   err);
	sink->framer.begun = true;
	batch_clear(&sink->batch);
	return status == SL_OK && out->failed ? sl_fail_memory(err) : status;
}

enum sl_status sl_sink_add(struct sl_sink *sink, const struct sl_span *span, struct sl_buffer *out,
			   struct sl_error *err)
{
	struct batch *batch = &sink->batch;
	enum sl_status status = batch_encode(batch, span, err);

	if (status == SL_OK && batch->span_count != 0 &&
	    REQUEST_ROOM + batch->size_limit + batch_growth(batch) > sink->batch_bytes)
		status = sl_sink_flush(sink, out, err);
	if (status == SL_OK)
		status = batch_take(batch, err);
	if (status == SL_OK && batch->span_count >= sink->batch_spans)
		status = sl_sink_flush(sink, out, err);
	return status;
}

enum sl_status sl_sink_finish(struct sl_sink *sink, struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status = sl_sink_flush(sink, out, err);

	if (status == SL_OK && sink->form->finish != NULL)
		sink->form->finish(&sink->framer, out);
	return status == SL_OK && out->failed ? sl_fail_memory(err) : status;
}

void sl_sink_close(struct sl_sink *sink)
{
	if (sink == NULL)
		return;
	if (sink->batch.encoders.wire != NULL)
		sl_wire_encoder_close(sink->batch.encoders.wire);
	batch_free(&sink->batch);
	sl_deflater_free(sink->framer.deflater);
	sl_buffer_free(&sink->framer.message);
	free(sink);
}

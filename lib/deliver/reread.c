/* Requests are read again by the readers of captures, and encoded again by those of otlp-encode. */
#include "reread.h"
#include "spanline/sink.h"
#include "spanline/source.h"

const char *form_of_protocol(enum sl_protocol protocol)
{
	return protocol == SL_PROTOCOL_HTTP_JSON ? "jsonl" : "pb";
}

static enum sl_status read_all(struct sl_reader *reader,
			       enum sl_status (*each)(void *context, const struct sl_span *span,
						      struct sl_error *err),
			       void *context, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	while (status == SL_OK) {
		const struct sl_span *span;

		status = sl_reader_next(reader, &span, err);
		if (status == SL_OK)
			status = each(context, span, err);
		else if (status == SL_END)
			return SL_OK;
	}
	/* what was encoded here is whole */
	return status == SL_BAD_RECORD
		       ? sl_fail(err, "a request cannot be read again: %s", err->text)
		       : status;
}

enum sl_status reread(struct sl_slice request,
		      enum sl_status (*each)(void *context, const struct sl_span *span,
					     struct sl_error *err),
		      void *context, struct sl_error *err)
{
	struct sl_reader_options options = {
		.decode = { .signal = SL_SIGNAL_SPANS, .max_depth = 1000 }, .max_message = SIZE_MAX
	};
	struct sl_unit unit = { .kind = SL_UNIT_MESSAGE, .len = request.len };
	struct sl_parcel parcel = { .units = &unit, .unit_count = 1, .begins = true };
	struct sl_notes notes = { 0 };
	struct sl_reader *reader = NULL;
	enum sl_status status = SL_FAILED;

	sl_buffer_add_slice(&parcel.bytes, request);
	(void)sl_buffer_reserve(&parcel.bytes, SL_PADDING);
	if (parcel.bytes.failed)
		(void)sl_fail_memory(err);
	else
		status = sl_reader_open(&reader, &options, &notes, err);
	if (status == SL_OK) {
		sl_reader_start(reader, &parcel);
		status = read_all(reader, each, context, err);
	}
	sl_reader_close(reader);
	sl_buffer_free(&parcel.bytes);
	return status;
}

/* Spans on their way from one request to others. */
struct repacking {
	struct sl_packer *packer;
	struct sl_sink *sink;
	struct sl_buffer packed, none;
	struct sl_buffer *requests;
	size_t done; /* requests */
};

static enum sl_status take_request(void *context, const struct sl_request *request,
				   struct sl_error *err)
{
	struct repacking *repacking = context;
	struct sl_buffer *into = &repacking->requests[repacking->done++];

	(void)err;
	sl_buffer_free(into);
	*into = *request->bytes;
	*request->bytes = (struct sl_buffer){ 0 };
	return SL_OK;
}

static enum sl_status pack(void *context, const struct sl_span *span, struct sl_error *err)
{
	struct repacking *repacking = context;
	enum sl_status status;

	repacking->packed.len = 0;
	status = sl_packer_add(repacking->packer, span, &repacking->packed, err);
	return status != SL_OK
		       ? status
		       : sl_sink_gather(repacking->sink, sl_buffer_slice(&repacking->packed),
					&repacking->none, err);
}

/* How a request is made into others. */
struct recipe {
	enum sl_protocol protocol;
	size_t batch_spans; /* of the new ones */
	enum sl_bad_text bad_text;
};

static enum sl_status repack(struct sl_slice request, const struct recipe *recipe,
			     struct sl_buffer *requests, struct sl_error *err)
{
	struct repacking repacking = { .requests = requests };
	struct sl_sink_options options = { .to = form_of_protocol(recipe->protocol),
					   .batch_spans = recipe->batch_spans,
					   .batch_bytes = SIZE_MAX,
					   .request = take_request,
					   .context = &repacking };
	struct sl_notes notes = { 0 };
	enum sl_status status = sl_packer_open(&repacking.packer, options.to, &notes, err);

	if (status == SL_OK)
		sl_packer_judge(repacking.packer, recipe->bad_text);
	if (status == SL_OK)
		status = sl_sink_open(&repacking.sink, &options, &notes, err);
	if (status == SL_OK)
		status = reread(request, pack, &repacking, err);
	if (status == SL_OK)
		status = sl_sink_flush(repacking.sink, &repacking.none, err);
	sl_sink_close(repacking.sink);
	sl_packer_close(repacking.packer);
	sl_buffer_free(&repacking.packed);
	sl_buffer_free(&repacking.none);
	return status;
}

enum sl_status split_request(struct sl_slice request, enum sl_protocol protocol, size_t span_count,
			     struct sl_buffer halves[2], struct sl_error *err)
{
	const struct recipe recipe = { protocol, span_count - span_count / 2, SL_BAD_TEXT_KEPT };

	return repack(request, &recipe, halves, err);
}

enum sl_status mend_request(struct sl_slice request, enum sl_protocol protocol,
			    struct sl_buffer *mended, struct sl_error *err)
{
	const struct recipe recipe = { protocol, SIZE_MAX, SL_BAD_TEXT_REPLACED };

	return repack(request, &recipe, mended, err);
}

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

struct splitting {
	struct sl_packer *packer;
	struct sl_sink *sink;
	struct sl_buffer packed, none;
	struct sl_buffer *halves;
	size_t done; /* halves */
};

static enum sl_status take_half(void *context, struct sl_buffer *request, size_t span_count,
				struct sl_error *err)
{
	struct splitting *splitting = context;

	(void)span_count;
	(void)err;
	splitting->halves[splitting->done++] = *request;
	*request = (struct sl_buffer){ 0 };
	return SL_OK;
}

static enum sl_status pack(void *context, const struct sl_span *span, struct sl_error *err)
{
	struct splitting *splitting = context;
	enum sl_status status;

	splitting->packed.len = 0;
	status = sl_packer_add(splitting->packer, span, &splitting->packed, err);
	return status != SL_OK
		       ? status
		       : sl_sink_gather(splitting->sink, sl_buffer_slice(&splitting->packed),
					&splitting->none, err);
}

enum sl_status split_request(struct sl_slice request, enum sl_protocol protocol, size_t span_count,
			     struct sl_buffer halves[2], struct sl_error *err)
{
	struct splitting splitting = { .halves = halves };
	struct sl_sink_options options = { .to = form_of_protocol(protocol),
					   .batch_spans = span_count - span_count / 2,
					   .batch_bytes = SIZE_MAX,
					   .request = take_half,
					   .context = &splitting };
	struct sl_notes notes = { 0 };
	enum sl_status status = sl_packer_open(&splitting.packer, options.to, &notes, err);

	sl_buffer_free(&halves[0]);
	sl_buffer_free(&halves[1]);
	if (status == SL_OK)
		status = sl_sink_open(&splitting.sink, &options, &notes, err);
	if (status == SL_OK)
		status = reread(request, pack, &splitting, err);
	if (status == SL_OK)
		status = sl_sink_flush(splitting.sink, &splitting.none, err);
	sl_sink_close(splitting.sink);
	sl_packer_close(splitting.packer);
	sl_buffer_free(&splitting.packed);
	sl_buffer_free(&splitting.none);
	return status;
}

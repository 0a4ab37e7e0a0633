/* What is read of a protobuf request, encoded again, is read as the same, and encoded so again: by
 * protobuf-c, too. */
#include "otlp.pb-c.h"
#include "padded.h"
#include "same_span.h"
#include "spanline/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sl_wire_encoder *encoder;
static struct sl_error err;

static void put_field(struct sl_buffer *out, char tag, struct sl_slice payload)
{
	char len[10];

	sl_buffer_add_byte(out, tag);
	sl_buffer_add(out, len, sl_wire_write_varint(len, payload.len));
	sl_buffer_add_slice(out, payload);
}

/* A ResourceSpans with one ScopeSpans with that span. */
static void encode_request(const struct sl_span *span, struct sl_buffer *out)
{
	struct sl_buffer part = { .data = NULL }, scope = { .data = NULL };
	struct sl_buffer resource = { .data = NULL };

	demand(sl_wire_encode_scope(encoder, span->scope, &part, &err) == SL_OK);
	if (span->scope->present)
		put_field(&scope, 0x0a, sl_buffer_slice(&part));
	part.len = 0;
	demand(sl_wire_encode_span(encoder, span, &part, &err) == SL_OK);
	put_field(&scope, 0x12, sl_buffer_slice(&part));
	if (span->scope->schema_url.len != 0)
		put_field(&scope, 0x1a, span->scope->schema_url);
	part.len = 0;
	demand(sl_wire_encode_resource(encoder, span->resource, &part, &err) == SL_OK);
	if (span->resource->present)
		put_field(&resource, 0x0a, sl_buffer_slice(&part));
	demand(scope.data != NULL);
	put_field(&resource, 0x12, sl_buffer_slice(&scope));
	if (span->resource->schema_url.len != 0)
		put_field(&resource, 0x1a, span->resource->schema_url);
	demand(resource.data != NULL);
	out->len = 0;
	put_field(out, 0x0a, sl_buffer_slice(&resource));
	demand(sl_buffer_reserve(out, SL_PADDING) != NULL);
	sl_buffer_free(&part);
	sl_buffer_free(&scope);
	sl_buffer_free(&resource);
}

/* protobuf-c reads it, and writes what it read as these very bytes. */
static void ask_oracle(struct sl_slice request)
{
	Spanline__ExportTraceServiceRequest *unpacked =
		spanline__export_trace_service_request__unpack(NULL, request.len,
							       (const uint8_t *)request.data);
	uint8_t *packed = malloc(request.len);

	demand(unpacked != NULL && packed != NULL);
	demand(spanline__export_trace_service_request__get_packed_size(unpacked) == request.len);
	spanline__export_trace_service_request__pack(unpacked, packed);
	demand(memcmp(packed, request.data, request.len) == 0);
	spanline__export_trace_service_request__free_unpacked(unpacked, NULL);
	free(packed);
}

static void check(const struct sl_span *span, struct sl_wire_reader *reader)
{
	struct sl_buffer once = { .data = NULL }, twice = { .data = NULL };
	const struct sl_span *again;

	encode_request(span, &once);
	ask_oracle(sl_buffer_slice(&once));
	sl_wire_start(reader, sl_buffer_slice(&once), false);
	demand(sl_wire_next(reader, &again, &err) == SL_OK);
	demand(same_span(span, again));
	encode_request(again, &twice);
	demand(sl_slice_equal(sl_buffer_slice(&once), sl_buffer_slice(&twice)));
	demand(sl_wire_next(reader, &again, &err) == SL_END);
	sl_buffer_free(&once);
	sl_buffer_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_notes notes = { { 0 }, { 0 } }, none = { { 0 }, { 0 } };
	struct sl_slice bytes = padded(data, size);
	struct sl_wire_reader *reader, *second;
	const struct sl_span *span;
	enum sl_status status;

	demand(sl_wire_open(&reader, &options, &notes, &err) == SL_OK);
	demand(sl_wire_open(&second, &options, &notes, &err) == SL_OK);
	demand(sl_wire_encoder_open(&encoder, &err) == SL_OK);
	sl_wire_start(reader, bytes, false);
	while ((status = sl_wire_next(reader, &span, &err)) != SL_END) {
		demand(status != SL_FAILED);
		if (status != SL_OK)
			continue;
		notes = none;
		check(span, second);
		demand(memcmp(&notes, &none, sizeof(notes)) == 0);
	}
	sl_wire_encoder_close(encoder);
	sl_wire_close(second);
	sl_wire_close(reader);
	padded_free(bytes);
	return 0;
}

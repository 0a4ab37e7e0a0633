/*
 * The encoder of the library beside protobuf-c: encodes each span of a be32 file with both, which
 * have to write the same bytes, and prints CPU nanoseconds a span: protobuf-c, own.  What
 * protobuf-c packs was built before; the library's encoder is handed spans as its readers give
 * them.
 */
#include "otlp.pb-c.h"
#include "spanline/wire.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MESSAGE_MAX = 64 << 20 };

static struct {
	uint64_t spans, library_ns, own_ns;
} sum;

static uint64_t cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void encode_by_library(const Spanline__ExportTraceServiceRequest *request,
			      struct sl_buffer *out)
{
	uint64_t begun = cpu_ns();

	for (size_t i = 0; i < request->n_resource_spans; i++) {
		const Spanline__ResourceSpans *resource = request->resource_spans[i];

		for (size_t k = 0; k < resource->n_scope_spans; k++) {
			const Spanline__ScopeSpans *scope = resource->scope_spans[k];

			for (size_t s = 0; s < scope->n_spans; s++) {
				size_t len = spanline__span__get_packed_size(scope->spans[s]);
				char *at = sl_buffer_reserve(out, len);

				if (at == NULL)
					exit(2);
				out->len += spanline__span__pack(scope->spans[s], (uint8_t *)at);
			}
		}
	}
	sum.library_ns += cpu_ns() - begun;
}

/* Reading takes most of the time, so that the clock is asked around all of it and around all of it
 * without encoding. */
static uint64_t read_all(struct sl_wire_reader *reader, struct sl_wire_encoder *encoder,
			 struct sl_slice message, struct sl_buffer *out)
{
	uint64_t begun = cpu_ns();
	const struct sl_span *span;
	enum sl_status status;
	struct sl_error err;

	sl_wire_start(reader, message, false);
	while ((status = sl_wire_next(reader, &span, &err)) == SL_OK) {
		sum.spans += encoder != NULL;
		if (encoder != NULL && sl_wire_encode_span(encoder, span, out, &err) != SL_OK)
			exit(2);
	}
	if (status != SL_END)
		exit(2);
	return cpu_ns() - begun;
}

/* The next message, padded; 0 at the end. */
static size_t read_message(FILE *file, char *message)
{
	unsigned char bytes[4];
	size_t len;

	if (fread(bytes, 1, sizeof(bytes), file) != sizeof(bytes))
		return 0;
	len = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
	if (len > MESSAGE_MAX || fread(message, 1, len, file) != len)
		exit(2);
	memset(message + len, 0, SL_PADDING);
	return len;
}

int main(int argc, char **argv)
{
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_buffer library = { 0 }, own = { 0 };
	struct sl_wire_encoder *encoder;
	struct sl_wire_reader *reader;
	struct sl_notes notes = { 0 };
	struct sl_error err;
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	static char message[MESSAGE_MAX + SL_PADDING];
	size_t len;

	if (file == NULL || sl_wire_encoder_open(&encoder, &err) != SL_OK ||
	    sl_wire_open(&reader, &options, &notes, &err) != SL_OK) {
		fputs("usage: encoders FILE\n", stderr);
		return 2;
	}
	while ((len = read_message(file, message)) != 0) {
		struct sl_slice bytes = { message, len };
		Spanline__ExportTraceServiceRequest *request =
			spanline__export_trace_service_request__unpack(NULL, len,
								       (uint8_t *)message);

		if (request == NULL)
			return 2;
		library.len = own.len = 0;
		encode_by_library(request, &library);
		spanline__export_trace_service_request__free_unpacked(request, NULL);
		sum.own_ns += read_all(reader, encoder, bytes, &own);
		sum.own_ns -= read_all(reader, NULL, bytes, &own);
		if (!sl_slice_equal(sl_buffer_slice(&library), sl_buffer_slice(&own)))
			return 2;
	}
	printf("%.1f %.1f\n", (double)sum.library_ns / (double)sum.spans,
	       (double)sum.own_ns / (double)sum.spans);
	sl_wire_close(reader);
	sl_wire_encoder_close(encoder);
	sl_buffer_free(&library);
	sl_buffer_free(&own);
	fclose(file);
	return 0;
}

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

enum { MESSAGE_MAX = 64 << 20, ROUNDS = 5 };

static struct {
	uint64_t spans, library_ns, own_ns;
} sum;

static uint64_t cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* How long it takes. */
static uint64_t encode_by_library(const Spanline__ExportTraceServiceRequest *request,
				  struct sl_buffer *out)
{
	uint64_t begun = cpu_ns();

	out->len = 0;

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
	return cpu_ns() - begun;
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

	out->len = 0;
	sl_wire_start(reader, message, false);
	while ((status = sl_wire_next(reader, &span, &err)) == SL_OK) {
		if (encoder != NULL && sl_wire_encode_span(encoder, span, out, &err) != SL_OK)
			exit(2);
	}
	if (status != SL_END)
		exit(2);
	return cpu_ns() - begun;
}

static void keep_least(uint64_t *least, uint64_t time)
{
	if (time < *least)
		*least = time;
}

static size_t count_spans(const Spanline__ExportTraceServiceRequest *request)
{
	size_t count = 0;

	for (size_t i = 0; i < request->n_resource_spans; i++)
		for (size_t k = 0; k < request->resource_spans[i]->n_scope_spans; k++)
			count += request->resource_spans[i]->scope_spans[k]->n_spans;
	return count;
}

/* The best of some rounds counts; false: the bytes differ. */
static bool measure(struct sl_wire_reader *reader, struct sl_wire_encoder *encoder,
		    struct sl_slice message)
{
	static struct sl_buffer library, own, none;
	uint64_t library_ns = UINT64_MAX, with_ns = UINT64_MAX, without_ns = UINT64_MAX;
	Spanline__ExportTraceServiceRequest *request =
		spanline__export_trace_service_request__unpack(NULL, message.len,
							       (const uint8_t *)message.data);

	if (request == NULL)
		return false;
	for (int round = 0; round < ROUNDS; round++) {
		keep_least(&library_ns, encode_by_library(request, &library));
		keep_least(&with_ns, read_all(reader, encoder, message, &own));
		keep_least(&without_ns, read_all(reader, NULL, message, &none));
	}
	sum.spans += count_spans(request);
	sum.library_ns += library_ns;
	sum.own_ns += with_ns - without_ns;
	spanline__export_trace_service_request__free_unpacked(request, NULL);
	return sl_slice_equal(sl_buffer_slice(&library), sl_buffer_slice(&own));
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
	while ((len = read_message(file, message)) != 0)
		if (!measure(reader, encoder, (struct sl_slice){ message, len }))
			return 2;
	printf("%.1f %.1f\n", (double)sum.library_ns / (double)sum.spans,
	       (double)sum.own_ns / (double)sum.spans);
	sl_wire_close(reader);
	sl_wire_encoder_close(encoder);
	fclose(file);
	return 0;
}

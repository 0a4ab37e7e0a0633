/* otlp-encode: span lines, or any capture, in; OTLP in the form that is asked for out. */
#include "spanline/cli.h"
#include "spanline/flow.h"
#include "spanline/sink.h"
#include <stdio.h>

static struct {
	const char *to, *compress;
	uint64_t batch_spans;
	size_t batch_bytes;
} opt = { .to = "jsonl", .batch_spans = 512, .batch_bytes = (size_t)4 << 20 };

/* Filled from the table of forms. */
static const char *forms[16];
static char form_notes[1024];

static const char *const codecs[] = {
	[SL_CODEC_NONE] = "none", [SL_CODEC_GZIP] = "gzip", [SL_CODEC_ZSTD] = "zstd", NULL
};

static const struct sl_option options[] = {
	{ 0, "to", "FORM", "what to write (jsonl)", .text = &opt.to, .choices = forms },
	{ 0, "batch-spans", "N", "most spans in a request (512)", .count = &opt.batch_spans,
	  .least = 1, .most = SIZE_MAX },
	{ 0, "batch-bytes", "SIZE", "most bytes in a request of several spans (4M)",
	  .size = &opt.batch_bytes, .least = 1 },
	{ 'z', "compress", "CODEC", "compress the whole output", .text = &opt.compress,
	  .choices = codecs },
	{ 0 },
};

static const struct sl_command command = {
	.name = "otlp-encode",
	.purpose = "spans as OpenTelemetry requests, regrouped by resource and scope",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_output_options, sl_input_options, NULL },
	.notes = form_notes,
};

static void list_forms(void)
{
	const struct sl_encoding_row *row;
	size_t used = (size_t)snprintf(form_notes, sizeof(form_notes), "forms:");

	for (size_t i = 0; i + 1 < SL_COUNT(forms) && (row = sl_encoding(i)) != NULL; i++) {
		forms[i] = row->name;
		used += (size_t)snprintf(form_notes + used, sizeof(form_notes) - used,
					 "\n  %-10s  %s", row->name, row->help);
	}
}

static enum sl_codec find_codec(const char *name)
{
	enum sl_codec codec = SL_CODEC_NONE;

	while (name != NULL && strcmp(codecs[codec], name) != 0)
		codec++;
	return codec;
}

static enum sl_status open_packer(void **worker, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct sl_packer *packer;
	enum sl_status status = sl_packer_open(&packer, opt.to, notes, err);

	(void)context;
	*worker = packer;
	return status;
}

static enum sl_status pack_span(void *worker, const struct sl_span *span, struct sl_buffer *out,
				struct sl_error *err)
{
	return sl_packer_add(worker, span, out, err);
}

static void close_packer(void *worker)
{
	sl_packer_close(worker);
}

static enum sl_status open_sink(void **gatherer, void *context, struct sl_notes *notes,
				struct sl_error *err)
{
	struct sl_sink_options sink_options = { .to = opt.to,
						.batch_spans = (size_t)opt.batch_spans,
						.batch_bytes = opt.batch_bytes };
	struct sl_sink *sink;
	enum sl_status status = sl_sink_open(&sink, &sink_options, notes, err);

	(void)context;
	*gatherer = sink;
	return status;
}

static enum sl_status gather(void *gatherer, struct sl_slice written, struct sl_buffer *out,
			     struct sl_error *err)
{
	return sl_sink_gather(gatherer, written, out, err);
}

static enum sl_status finish(void *gatherer, struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status = sl_sink_finish(gatherer, out, err);

	return status == SL_OK ? SL_END : status;
}

static void close_sink(void *gatherer)
{
	sl_sink_close(gatherer);
}

int main(int argc, char **argv)
{
	static const struct sl_flow_work work = {
		.open = open_packer,
		.span = pack_span,
		.close = close_packer,
		.open_gatherer = open_sink,
		.gather = gather,
		.finish = finish,
		.close_gatherer = close_sink,
	};
	char **paths;

	list_forms();
	paths = sl_cli_parse(&command, argc, argv);
	sl_reading.codec = find_codec(opt.compress);
	return sl_reading_run(&sl_reading, paths, &work);
}

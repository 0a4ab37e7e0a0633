/* otlp-encode: span lines, or any capture, in; out OTLP, or the format of another tool. */
#include "spanline/cli.h"
#include "spanline/flow.h"
#include "spanline/sink.h"
#include "spanline/translate.h"
#include <stdio.h>

#define USUAL_FIELDS                                                                               \
	"trace_id,span_id,parent_span_id,name,service,kind,status,status_message,start,duration_"  \
	"ms"

static struct {
	const char *to, *compress, *fields;
	uint64_t batch_spans;
	size_t batch_bytes;
	size_t mem_limit;
} opt = { .to = "jsonl",
	  .batch_spans = 512,
	  .batch_bytes = (size_t)4 << 20,
	  .mem_limit = (size_t)1 << 30 };

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
	{ 0, "fields", "LIST", "the columns of csv: keys of the line, TraceQL fields",
	  .text = &opt.fields },
	{ 0, "mem-limit", "SIZE", "memory for gathering traces, then files (1G)",
	  .size = &opt.mem_limit, .least = 65536 },
	{ 'z', "compress", "CODEC", "compress the whole output", .text = &opt.compress,
	  .choices = codecs },
	{ 0 },
};

static const struct sl_command command = {
	.name = "otlp-encode",
	.purpose = "spans as OpenTelemetry requests, or in the format of another tool",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_output_options, sl_input_options, NULL },
	.notes = form_notes,
};

static void list_form(size_t *count, size_t *used, const char *name, const char *help)
{
	forms[(*count)++] = name;
	*used += (size_t)snprintf(form_notes + *used, sizeof(form_notes) - *used, "\n  %-10s  %s",
				  name, help);
}

static void list_forms(void)
{
	const struct sl_encoding_row *encoding;
	const struct sl_translation_row *format;
	size_t used = (size_t)snprintf(form_notes, sizeof(form_notes), "forms:"), count = 0;

	for (size_t i = 0; count + 1 < SL_COUNT(forms) && (encoding = sl_encoding(i)) != NULL; i++)
		list_form(&count, &used, encoding->name, encoding->help);
	for (size_t i = 0; count + 1 < SL_COUNT(forms) && (format = sl_translation(i)) != NULL; i++)
		list_form(&count, &used, format->name, format->help);
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

/* What the format of the output could not hold. */
static void tell_losses(const struct sl_tally *tally)
{
	for (size_t i = 0; i < SL_NOTE_COUNT; i++) {
		uint64_t count = tally->notes.count[i];

		if (count != 0 && sl_note_is_loss((enum sl_note)i))
			sl_warn("%s cannot hold %llu %s", opt.to, (unsigned long long)count,
				sl_note_text_of((enum sl_note)i, count));
	}
}

static struct sl_projection *read_fields(void)
{
	const char *list = opt.fields != NULL ? opt.fields : USUAL_FIELDS;
	struct sl_slice text = { list, strlen(list) };
	struct sl_query_options how = { 0 };
	struct sl_query_fault fault;
	struct sl_projection *projection;

	if (sl_projection_compile(&projection, text, &how, &fault) != SL_OK)
		sl_die_of_fault_in("--fields", &fault, list);
	return projection;
}

static int translate(const struct sl_translation_row *format, char **paths)
{
	struct sl_projection *projection = format->has_fields ? read_fields() : NULL;
	struct sl_translating how = {
		.to = format,
		.projection = projection,
		.traces = { .gather = { .limit_bytes = opt.mem_limit,
					.directory = sl_cli_temporary_directory() },
			    .max_depth = (unsigned)sl_reading.max_depth },
	};
	struct sl_flow_work work = sl_translating_work(&how);
	int outcome;

	sl_reading.needs = sl_translating_needs(&how);
	sl_reading.lazy = (sl_reading.needs & SL_NEED_WHOLE) == 0 && !sl_reading.strict;
	sl_reading.ended = tell_losses;
	outcome = sl_reading_run(&sl_reading, paths, &work);
	sl_projection_free(projection);
	return outcome;
}

static int encode(char **paths)
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

	return sl_reading_run(&sl_reading, paths, &work);
}

int main(int argc, char **argv)
{
	const struct sl_translation_row *format;
	char **paths;

	list_forms();
	paths = sl_cli_parse(&command, argc, argv);
	sl_reading.codec = find_codec(opt.compress);
	format = sl_translation_find(opt.to);
	if (opt.fields != NULL && (format == NULL || !format->has_fields))
		sl_die_usage("--fields has a meaning with --to csv alone");
	return format != NULL ? translate(format, paths) : encode(paths);
}

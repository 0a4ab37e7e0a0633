/* otlp-decode: any OTLP capture in, one span a line of JSON out. */
#include "spanline/cli.h"
#include "spanline/flow.h"
#include "spanline/json.h"

static struct {
	bool check, follow, logs;
} opt;

static const struct sl_option options[] = {
	{ 'F', "follow", NULL, "wait for more, as tail -F does; Ctrl-C ends it",
	  .flag = &opt.follow },
	{ 0, "logs", NULL, "the log records instead of the spans", .flag = &opt.logs },
	{ 0, "check", NULL, "write nothing: exit status and summary only", .flag = &opt.check },
	{ 0 },
};

static const struct sl_command command = {
	.name = "otlp-decode",
	.purpose = "captured OpenTelemetry traces as lines of JSON, one span each",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_output_options, sl_input_options, NULL },
};

static enum sl_status open_writer(void **worker, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct sl_line_writer *writer = NULL;
	enum sl_status status = sl_line_writer_open(&writer, err);

	(void)context;
	(void)notes;
	*worker = writer;
	return status;
}

static void close_writer(void *worker)
{
	sl_line_writer_close(worker);
}

static enum sl_status write_span(void *worker, const struct sl_span *span, struct sl_buffer *out,
				 struct sl_error *err)
{
	(void)err;
	sl_line_write(worker, span, out);
	return SL_OK;
}

static enum sl_status write_log(void *worker, const struct sl_log *log, struct sl_buffer *out,
				struct sl_error *err)
{
	(void)worker;
	(void)err;
	sl_log_line_write(log, out);
	return SL_OK;
}

int main(int argc, char **argv)
{
	static const struct sl_flow_work work = {
		.open = open_writer,
		.span = write_span,
		.log = write_log,
		.close = close_writer,
	};
	char **paths = sl_cli_parse(&command, argc, argv);

	sl_reading.follow = opt.follow;
	sl_reading.signal = opt.logs ? SL_SIGNAL_LOGS : SL_SIGNAL_SPANS;
	sl_reading.silent = opt.check;
	sl_reading.text = true;
	return sl_reading_run(&sl_reading, paths, &work);
}

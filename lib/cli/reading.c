/* The common part of all commands that read spans: options, the run, messages, the exit status. */
#include "outputs.h"
#include "progress.h"
#include "report.h"
#include <sys/stat.h>
#include <unistd.h>

struct sl_reading sl_reading = {
	.max_message = (size_t)64 << 20,
	.max_depth = SL_MAX_DEPTH,
	.signal = SL_SIGNAL_SPANS,
};

const struct sl_option sl_output_options[] = {
	{ 'o', "output", "FILE", "write to FILE, which appears when all is written",
	  .text = &sl_reading.output },
	{ 0 },
};

const struct sl_option sl_input_options[] = {
	{ 0, "from", "FORMAT", "the input's format, when looking is not enough",
	  .format = &sl_reading.from },
	{ 0, "map", "FIELD=NAME", "what flat records call FIELD; sets --from flat",
	  .texts = &sl_reading.field_names },
	{ 0, "strict", NULL, "stop at the first damage or departure from OTLP",
	  .flag = &sl_reading.strict },
	{ 0, "max-message", "SIZE", "largest framed message (64M)", .size = &sl_reading.max_message,
	  .least = 1 },
	{ 0, "max-depth", "N", "deepest nesting of a value (64)", .count = &sl_reading.max_depth,
	  .least = 1, .most = 1000 },
	{ 'j', "jobs", "N", "workers (the processors there are)", .count = &sl_reading.jobs,
	  .least = 1, .most = 256 },
	{ 0, "summary", NULL, "one JSON object about the run on stderr",
	  .flag = &sl_reading.summary },
	{ 0 },
};

/* Bytes of all inputs, or 0 where that is not known before they are read. */
static uint64_t total_size(char **paths)
{
	uint64_t total = 0;
	struct stat status;
	bool is_stdin = paths[0] == NULL;

	if (is_stdin)
		return fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode)
			       ? (uint64_t)status.st_size
			       : 0;
	for (; *paths != NULL; paths++) {
		if (stat(*paths, &status) != 0 || !S_ISREG(status.st_mode))
			return 0;
		total += (uint64_t)status.st_size;
	}
	return total;
}

static void show_progress(void *context, uint64_t bytes, uint64_t spans)
{
	(void)context;
	progress_update(bytes, spans);
}

static void ignore_complaint(void *context, const char *path, const struct sl_complaint *complaint)
{
	struct report *report = context;

	(void)path;
	(void)complaint;
	report->exit = sl_exit_worse(report->exit, SL_EXIT_DAMAGED);
}

/* NULL-terminated, or NULL where there are none; dies of what is none. */
static const char *const *field_names(const struct sl_reading *reading)
{
	static struct sl_texts names;

	if (reading->field_names.count == 0)
		return NULL;
	names.count = 0;
	for (size_t i = 0; i < reading->field_names.count; i++) {
		const char *mapping = reading->field_names.items[i];

		if (!sl_foreign_map_is_good(mapping))
			sl_die_usage("option '--map': '%s' is no FIELD=NAME, as trace_id=TraceId "
				     "(see span-formats(7))",
				     mapping);
		sl_texts_add(&names, mapping);
	}
	sl_texts_add(&names, NULL);
	return names.items;
}

/* Names are of flat records, which are not looked for then. */
static enum sl_format format_of(const struct sl_reading *reading)
{
	if (reading->field_names.count != 0 && reading->from == SL_FORMAT_AUTO)
		return (enum sl_format)(SL_FORMAT_FOREIGN + SL_FOREIGN_FLAT);
	return reading->from;
}

static struct sl_flow_options flow_options(const struct sl_reading *reading, char **paths,
					   struct report *report)
{
	return (struct sl_flow_options){
		.paths = paths,
		.source = { .from = format_of(reading),
			    .max_message = reading->max_message,
			    .strict = reading->strict,
			    .input = { .follow = reading->follow,
				       .stop = &sl_interrupted,
				       .spool = reading->spool },
			    .directory = sl_cli_temporary_directory() },
		.parts = reading->parts,
		.reader = { .decode = { .signal = reading->signal,
					.max_depth = (unsigned)reading->max_depth,
					.strict = reading->strict,
					.text = reading->text,
					.lazy = reading->lazy && !reading->summary,
					.needs = reading->needs,
					.attribute = reading->attribute,
					.tests = reading->tests,
					.field_names = field_names(reading) },
			    .max_message = reading->max_message },
		.workers = reading->jobs != 0 ? (unsigned)reading->jobs : sl_cli_processors(),
		.no_input = reading->no_input,
		.count_distinct = reading->summary,
		.complain = reading->unheard ? ignore_complaint : report_complaint,
		.progress = show_progress,
		.file = reading->unheard ? NULL : report_file,
		.context = report,
	};
}

static enum sl_exit exit_of_tally(const struct sl_tally *tally)
{
	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		if (tally->notes.count[i] != 0 && sl_note_is_damage((enum sl_note)i))
			return SL_EXIT_DAMAGED;
	return SL_EXIT_OK;
}

/* What the flow and the output say of themselves, as an exit status; told if it is an error. */
static enum sl_exit exit_of_status(enum sl_status status, const struct sl_error *err)
{
	if (status == SL_FAILED) {
		sl_warn("%s", err->text);
		return SL_EXIT_ERROR;
	}
	return status == SL_BAD_RECORD ? SL_EXIT_DAMAGED : SL_EXIT_OK;
}

/* Nothing was lost, and whoever reads it again has nothing to tell. */
static bool is_spotless(enum sl_exit outcome, const struct sl_tally *tally)
{
	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		if (tally->notes.count[i] != 0)
			return false;
	for (size_t i = SL_SIGNAL_NONE + 1; i < SL_SIGNAL_COUNT; i++)
		if (i != SL_SIGNAL_SPANS && tally->notes.messages[i] != 0)
			return false;
	return outcome == SL_EXIT_OK;
}

/* What was not told while it was read. */
static void report_end(struct report *report, const struct sl_reading *reading,
		       const struct sl_tally *tally)
{
	if (reading->unheard)
		return;
	report_notes(report);
	if (reading->ended != NULL)
		reading->ended(tally);
	if (reading->summary)
		report_summary(report, tally, reading->counts);
}

/* Whether the output, or one of them, is for somebody at a terminal. */
static bool is_to_terminal(const struct sl_reading *reading)
{
	bool to_stdout = reading->output == NULL;

	if (reading->outputs != NULL && sl_outputs_are_split(reading->outputs)) {
		to_stdout = false;
		for (size_t i = 0; i < reading->outputs->count; i++)
			to_stdout |= sl_outputs_has_stdout(reading->outputs, i);
	}
	return to_stdout && !reading->silent && isatty(STDOUT_FILENO);
}

static void open_outputs(const struct sl_reading *reading, struct sl_output **output)
{
	struct sl_error err;

	if (reading->silent)
		return;
	if (reading->outputs != NULL && sl_outputs_are_split(reading->outputs))
		outputs_open(reading->outputs, reading->output, reading->codec);
	else if (sl_cli_output_open(output, reading->output, reading->codec, &err) != SL_OK)
		sl_die("%s", err.text);
}

static enum sl_exit close_outputs(const struct sl_reading *reading, struct sl_output *output,
				  bool whole)
{
	enum sl_status status = SL_OK;
	struct sl_error err;

	if (output != NULL)
		status = sl_cli_output_close(output, whole, &err);
	else if (!reading->silent)
		status = outputs_close(reading->outputs, whole, &err);
	return exit_of_status(status, &err);
}

int sl_reading_run(const struct sl_reading *reading, char **paths, const struct sl_flow_work *work)
{
	struct report report = { .wanted = reading->signal,
				 .strict = reading->strict,
				 .files = reading->summary ? json_array() : NULL };
	struct sl_flow_options options = flow_options(reading, paths, &report);
	struct sl_tally tally = { 0 };
	struct sl_error err;

	open_outputs(reading, &options.output);
	sl_cli_catch_interrupt();
	progress_start(!reading->follow && !is_to_terminal(reading), total_size(paths),
		       reading->progress);
	enum sl_status status = sl_flow_run(&options, work, &tally, &err);
	progress_hide();

	report_rest(&report);
	enum sl_exit outcome = sl_exit_worse(report.exit, exit_of_status(status, &err));
	outcome = sl_exit_worse(outcome, exit_of_tally(&tally));
	bool whole = (status == SL_OK || status == SL_END) && outcome != SL_EXIT_ERROR;
	outcome = sl_exit_worse(outcome, close_outputs(reading, options.output, whole));
	if (reading->spotless != NULL)
		*reading->spotless = is_spotless(outcome, &tally);
	if (sl_interrupted)
		outcome = sl_exit_worse(outcome, sl_interrupted == SIGTERM ? SL_EXIT_TERMINATED
									   : SL_EXIT_INTERRUPTED);
	report_end(&report, reading, &tally);
	sl_tally_free(&tally);
	return (int)outcome;
}

/* trace-tree: a trace to look at, and what is wrong with it. */
#include "spanline/cli.h"
#include "spanline/drawing.h"
#include "spanline/text.h"
#include <stdlib.h>
#include <unistd.h>

static const char *const onlys[] = { "critical", "errors", NULL };
static const char *const sorts[] = { "start", "duration", "self", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };

static struct {
	struct sl_drawing_options drawing;
	struct sl_texts attributes, thresholds;
	const char *only, *sort, *columns, *least, *fail_on;
	uint64_t depth, fold;
	bool no_fold, events, adjust_skew, no_findings, findings_only, ascii;
} opt = { .drawing = { .colour = "auto", .rows = UINT64_MAX }, .sort = "start", .fold = 5 };

static const struct sl_option options[] = {
	{ 0, "to", "FORM[:FILE]", "what is written (text); several, each to its file",
	  .outputs = &opt.drawing.to, .choice = sl_render_form },
	{ 0, "slowest", "N", "the N traces whose roots last longest", .count = &opt.drawing.slowest,
	  .least = 1 },
	{ 0, "errors", NULL, "the traces in which a span failed", .flag = &opt.drawing.errors },
	{ 0, "first", "N", "the first N traces", .count = &opt.drawing.first, .least = 1 },
	{ 0, "all", NULL, "all traces", .flag = &opt.drawing.all },
	{ 0, "rows", "N", "at most N rows a trace; 0: all", .count = &opt.drawing.rows },
	{ 0, "depth", "N", "only N levels", .count = &opt.depth, .least = 1 },
	{ 0, "min", "DURATION", "only what lasts so long, and what is above it",
	  .text = &opt.least },
	{ 0, "only", "WHAT", "critical or errors only, and what is above them", .text = &opt.only,
	  .choices = onlys },
	{ 0, "sort", "BY", "siblings by start, duration or self time (start)", .text = &opt.sort,
	  .choices = sorts },
	{ 0, "fold", "N", "N siblings that are alike are one row (5)", .count = &opt.fold,
	  .least = 2 },
	{ 0, "no-fold", NULL, "a row for each span", .flag = &opt.no_fold },
	{ 0, "columns", "LIST", "beside the bars (marks,duration,self,share)",
	  .text = &opt.columns },
	{ 0, "attrs", "GLOB", "show the attributes of these names", .texts = &opt.attributes },
	{ 0, "events", NULL, "show events", .flag = &opt.events },
	{ 0, "links", NULL, "show links, and the traces they lead to", .flag = &opt.drawing.links },
	{ 0, "adjust-skew", NULL, "move what a wrong clock put outside its caller",
	  .flag = &opt.adjust_skew },
	{ 0, "no-findings", NULL, "do not look for what is wrong", .flag = &opt.no_findings },
	{ 0, "findings-only", NULL, "only what is wrong", .flag = &opt.findings_only },
	{ 0, "fail-on", "LIST", "status 1 for these kinds, or from a severity on",
	  .text = &opt.fail_on },
	{ 0, "threshold", "NAME=VALUE", "from where on it is a finding: see the manual",
	  .texts = &opt.thresholds },
	{ 0, "width", "CELLS", "of a line (the terminal's, $COLUMNS or 100)",
	  .count = &opt.drawing.width, .least = 40, .most = 1000 },
	{ 0, "ascii", NULL, "ASCII only", .flag = &opt.ascii },
	{ 0, "color", "WHEN", "always, never or auto: on a terminal (auto)",
	  .text = &opt.drawing.colour, .choices = colours },
	{ 0 },
};

static const struct sl_command command = {
	.name = "trace-tree",
	.purpose = "a trace to look at, and what is wrong with it",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_where_options, sl_selecting_options,
						     sl_output_options, sl_input_options, NULL },
};

static void read_limits(struct sl_render_options *how)
{
	int64_t least;

	if (opt.least != NULL) {
		if (!sl_parse_duration(sl_slice_of(opt.least), &least))
			sl_die_usage("option '--min': '%s' is no duration as 1.5ms", opt.least);
		how->least_ns = (uint64_t)least;
	}
	how->depth = opt.depth;
	how->fold = opt.no_fold ? 0 : opt.fold;
	if (opt.only != NULL)
		how->only = strcmp(opt.only, "errors") == 0 ? SL_ONLY_ERRORS : SL_ONLY_CRITICAL;
	how->sort = strcmp(opt.sort, "self") == 0	? SL_SORT_SELF
		    : strcmp(opt.sort, "duration") == 0 ? SL_SORT_DURATION
							: SL_SORT_START;
}

static void read_findings(struct sl_render_options *how)
{
	struct sl_error err;

	for (size_t i = 0; i < opt.thresholds.count; i++)
		if (sl_threshold_set(&how->thresholds, sl_slice_of(opt.thresholds.items[i]),
				     &err) != SL_OK)
			sl_die_usage("option '--threshold': %s", err.text);
	if (opt.fail_on != NULL &&
	    sl_fail_on_parse(&how->fail_on, sl_slice_of(opt.fail_on), &err) != SL_OK)
		sl_die_usage("option '--fail-on': %s", err.text);
	if (opt.no_findings && (opt.findings_only || opt.fail_on != NULL))
		sl_die_usage("--no-findings contradicts --findings-only and --fail-on");
	how->no_findings = opt.no_findings;
	how->findings_only = opt.findings_only;
}

static void read_look(struct sl_render_options *how)
{
	struct sl_error err;

	if (opt.columns != NULL &&
	    sl_render_columns_parse(&how->columns, sl_slice_of(opt.columns), &err) != SL_OK)
		sl_die_usage("option '--columns': %s", err.text);
	how->ascii = opt.ascii;
	how->attributes = opt.attributes.items;
	how->attribute_count = opt.attributes.count;
	how->events = opt.events;
	how->links = opt.drawing.links;
	how->adjust_skew = opt.adjust_skew;
}

static int outcome_of(const struct sl_show *show, const struct sl_drawing *drawing, int outcome)
{
	outcome = sl_selecting_settle(show->reopened, outcome);
	if (show->limits_hit != 0) {
		sl_warn("%llu answers of regular expressions are not known, since a limit was hit",
			(unsigned long long)show->limits_hit);
		return SL_EXIT_ERROR;
	}
	/* a gate over nothing is not passed */
	if (opt.fail_on != NULL && (sl_drawing_failed(drawing) != 0 || show->traces_selected == 0))
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_NO);
	return outcome;
}

/* What is read of stdin is kept, to be read again; of that so much in memory. */
enum { SPOOLED_BYTES = 32 << 20 };

static bool is_stdin(char **paths)
{
	return paths[0] == NULL || (strcmp(paths[0], "-") == 0 && paths[1] == NULL);
}

/* Operands that can be read twice. */
static bool are_files(char **paths)
{
	for (size_t i = 0; paths[i] != NULL; i++)
		if (strcmp(paths[i], "-") == 0)
			return false;
	return paths[0] != NULL && !sl_cli_is_live(paths);
}

static void read_ahead(const struct sl_reading *reading, char **paths, struct sl_flow_work work)
{
	(void)sl_reading_run(reading, paths, &work);
	if (sl_reading.spool != NULL)
		sl_spool_rewind(sl_reading.spool);
}

/* The run that finds the slowest, and one that makes sure of them; what has to be read then. */
static void find_slowest(struct sl_show *show, char **paths)
{
	struct sl_reading first = sl_reading;
	bool spotless = false;

	first.silent = first.unheard = first.lazy = true;
	first.outputs = NULL;
	first.summary = false;
	first.needs = sl_show_finding_needs();
	first.spotless = &spotless;
	for (show->operand_count = 1; paths[0] != NULL && paths[show->operand_count] != NULL;)
		show->operand_count++;
	read_ahead(&first, paths, sl_show_finding_work(show));
	show->knows_slow &= sl_reading.spool == NULL || !sl_spool_is_full(sl_reading.spool);
	/* where there is something to tell all is read again, and where it is to be counted */
	first.parts = spotless ? show->parts : NULL;
	first.spotless = NULL;
	if (show->knows_slow)
		read_ahead(&first, paths, sl_show_checking_work(show));
	sl_show_take_slowest(show);
	if (show->knows_slow && !sl_reading.summary)
		sl_reading.parts = first.parts;
}

static int run(struct sl_show *show, char **paths)
{
	struct sl_flow_work work;
	struct sl_error err;
	size_t half = show->traces.gather.limit_bytes / 2;
	int outcome;

	if (sl_show_can_find_slowest(show) && !sl_reading.strict &&
	    (is_stdin(paths) || are_files(paths))) {
		if (is_stdin(paths) &&
		    sl_spool_open(&sl_reading.spool, show->traces.gather.directory,
				  half < SPOOLED_BYTES ? half : SPOOLED_BYTES, &err) != SL_OK)
			sl_die("%s", err.text);
		find_slowest(show, paths);
		if (sl_reading.spool != NULL && !show->knows_slow)
			sl_spool_rewind_last(sl_reading.spool);
	}
	sl_reading.lazy = show->wanted.ids != NULL && show->ahead == NULL;
	sl_reading.needs = sl_show_finding_needs();
	work = sl_show_work(show);
	outcome = sl_reading_run(&sl_reading, paths, &work);
	sl_spool_close(sl_reading.spool);
	return outcome;
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct sl_show show = { .now = sl_cli_now };
	struct sl_drawing *drawing;
	struct sl_error err;
	int outcome;

	sl_render_options_init(&opt.drawing.how);
	read_limits(&opt.drawing.how);
	read_findings(&opt.drawing.how);
	read_look(&opt.drawing.how);
	opt.drawing.gated = opt.fail_on != NULL;
	sl_reading.outputs = &opt.drawing.to;
	sl_selecting_check_standard_input(paths, 0);
	sl_selecting_fill(&show.wanted);
	sl_selecting_gather(&show.traces, &show.idle_ns);
	show.traces.gather.live = !show.traces.gather.sorted && sl_cli_is_live(paths);
	if (sl_drawing_open(&drawing, &opt.drawing, &show, &err) != SL_OK)
		sl_die("%s", err.text);
	outcome = outcome_of(&show, drawing, run(&show, paths));
	sl_drawing_close(drawing);
	sl_selecting_free();
	sl_show_forget_slowest(&show);
	free(opt.attributes.items);
	free(opt.thresholds.items);
	return outcome;
}

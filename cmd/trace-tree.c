/* trace-tree: a trace to look at, and what is wrong with it. */
#include "spanline/cli.h"
#include "spanline/render.h"
#include "spanline/show.h"
#include "spanline/text.h"
#include <stdlib.h>
#include <unistd.h>

static const char *const onlys[] = { "critical", "errors", NULL };
static const char *const sorts[] = { "start", "duration", "self", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };

static struct {
	struct sl_texts attributes, thresholds;
	const char *to, *only, *sort, *columns, *least, *fail_on, *colour;
	uint64_t slowest, first, rows, depth, fold, width;
	bool errors, all, no_fold, events, links, adjust_skew, no_findings, findings_only, ascii;
} opt = { .to = "text", .sort = "start", .colour = "auto", .fold = 5, .rows = UINT64_MAX };

static const struct sl_option options[] = {
	{ 0, "to", "FORM", "what is written", .text = &opt.to, .choice = sl_render_form },
	{ 0, "slowest", "N", "the N traces whose roots last longest", .count = &opt.slowest,
	  .least = 1 },
	{ 0, "errors", NULL, "the traces in which a span failed", .flag = &opt.errors },
	{ 0, "first", "N", "the first N traces", .count = &opt.first, .least = 1 },
	{ 0, "all", NULL, "all traces", .flag = &opt.all },
	{ 0, "rows", "N", "at most N rows a trace; 0: all", .count = &opt.rows },
	{ 0, "depth", "N", "only N levels", .count = &opt.depth, .least = 1 },
	{ 0, "min", "DURATION", "only what lasts so long, and what is above it",
	  .text = &opt.least },
	{ 0, "only", "WHAT", "only these, and what is above them", .text = &opt.only,
	  .choices = onlys },
	{ 0, "sort", "BY", "the order of siblings (start)", .text = &opt.sort, .choices = sorts },
	{ 0, "fold", "N", "N siblings that are alike are one row (5)", .count = &opt.fold,
	  .least = 2 },
	{ 0, "no-fold", NULL, "a row for each span", .flag = &opt.no_fold },
	{ 0, "columns", "LIST", "beside the bars (marks,duration,self,share)",
	  .text = &opt.columns },
	{ 0, "attrs", "GLOB", "show the attributes of these names", .texts = &opt.attributes },
	{ 0, "events", NULL, "show events", .flag = &opt.events },
	{ 0, "links", NULL, "show links", .flag = &opt.links },
	{ 0, "adjust-skew", NULL, "move what a wrong clock put outside its caller",
	  .flag = &opt.adjust_skew },
	{ 0, "no-findings", NULL, "do not look for what is wrong", .flag = &opt.no_findings },
	{ 0, "findings-only", NULL, "only what is wrong", .flag = &opt.findings_only },
	{ 0, "fail-on", "LIST", "status 1 for these kinds, or from a severity on",
	  .text = &opt.fail_on },
	{ 0, "threshold", "NAME=VALUE", "from where on something is a finding",
	  .texts = &opt.thresholds },
	{ 0, "width", "CELLS", "of a line (the terminal's, $COLUMNS or 100)", .count = &opt.width,
	  .least = 40, .most = 1000 },
	{ 0, "ascii", NULL, "ASCII only", .flag = &opt.ascii },
	{ 0, "color", "WHEN", "colours (auto: on a terminal)", .text = &opt.colour,
	  .choices = colours },
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

static struct sl_slice slice_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static void read_limits(struct sl_render_options *how)
{
	int64_t least;

	if (opt.least != NULL) {
		if (!sl_parse_duration(slice_of(opt.least), &least))
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
		if (sl_threshold_set(&how->thresholds, slice_of(opt.thresholds.items[i]), &err) !=
		    SL_OK)
			sl_die_usage("option '--threshold': %s", err.text);
	if (opt.fail_on != NULL &&
	    sl_fail_on_parse(&how->fail_on, slice_of(opt.fail_on), &err) != SL_OK)
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
	    sl_render_columns_parse(&how->columns, slice_of(opt.columns), &err) != SL_OK)
		sl_die_usage("option '--columns': %s", err.text);
	how->width = opt.width != 0 ? (size_t)opt.width : sl_cli_width(sl_reading.output == NULL);
	how->ascii = opt.ascii;
	how->colour = sl_cli_has_colour(opt.colour, sl_reading.output == NULL);
	how->attributes = opt.attributes.items;
	how->attribute_count = opt.attributes.count;
	how->events = opt.events;
	how->links = opt.links;
	how->adjust_skew = opt.adjust_skew;
}

/* Nothing says which traces are wanted. */
static bool is_overview(void)
{
	return !sl_selecting_anything() && opt.slowest == 0 && opt.first == 0 && !opt.errors &&
	       !opt.all;
}

static void read_which(struct sl_show *show, struct sl_render_options *how)
{
	bool overview = is_overview() && !sl_render_form_is_for_all(opt.to) && !opt.findings_only;

	if ((opt.slowest != 0) + (opt.first != 0) + opt.all > 1)
		sl_die_usage("only one of --slowest, --first and --all can be had");
	show->errors = opt.errors;
	show->slowest = overview || opt.slowest != 0;
	show->limit = overview		 ? 1
		      : opt.slowest != 0 ? opt.slowest
		      : opt.first != 0	 ? opt.first
					 : UINT64_MAX;
	if (sl_render_form_is_of_one(opt.to)) {
		if (opt.all || opt.slowest > 1 || opt.first > 1)
			sl_die_usage("--to %s is of one trace", opt.to);
		show->limit = 1;
	}
	show->listed = overview && strcmp(opt.to, "text") == 0 ? 10 : 0;
	how->rows = opt.rows != UINT64_MAX ? opt.rows : overview ? 60 : 0;
}

/* What the functions below are handed. */
struct drawing {
	struct sl_render *render;
	struct sl_entries *entries; /* or NULL: no findings are wanted */
};

static enum sl_status remember(void *context, const struct sl_trace *trace, struct sl_error *err)
{
	struct drawing *drawing = context;

	return sl_entries_add(drawing->entries, trace, err);
}

static enum sl_status all_remembered(void *context, struct sl_error *err)
{
	struct drawing *drawing = context;

	sl_render_entries(drawing->render, drawing->entries);
	return sl_entries_end(drawing->entries, err);
}

static enum sl_status judge(void *context, const struct sl_trace *trace, struct sl_error *err)
{
	struct drawing *drawing = context;

	return sl_render_judge(drawing->render, trace, err);
}

static void list(void *context, const struct sl_trace *trace, struct sl_buffer *out)
{
	struct drawing *drawing = context;

	sl_render_list(drawing->render, trace, out);
}

static enum sl_status draw(void *context, const struct sl_trace *trace, struct sl_buffer *out,
			   struct sl_error *err)
{
	struct drawing *drawing = context;

	return sl_render_trace(drawing->render, trace, out, err);
}

static void end(void *context, struct sl_buffer *out)
{
	struct drawing *drawing = context;

	sl_render_end(drawing->render, out);
}

static int outcome_of(const struct sl_show *show, const struct sl_render *render, int outcome)
{
	sl_selecting_warn_late(show->reopened);
	if (show->limits_hit != 0) {
		sl_warn("%llu answers of regular expressions are not known, since a limit was hit",
			(unsigned long long)show->limits_hit);
		return SL_EXIT_ERROR;
	}
	/* a gate over nothing is not passed */
	if (opt.fail_on != NULL && (sl_render_failed(render) != 0 || show->traces_selected == 0))
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_NO);
	return outcome;
}

static void open_drawing(struct drawing *drawing, struct sl_show *show,
			 const struct sl_render_options *how)
{
	struct sl_error err;

	if (sl_render_open(&drawing->render, opt.to, how, &err) != SL_OK ||
	    sl_entries_open(&drawing->entries, &err) != SL_OK)
		sl_die("%s", err.text);
	show->context = drawing;
	/* where only some traces are gathered, nothing is known of others */
	if (!opt.no_findings && show->wanted.ids == NULL && opt.slowest == 0) {
		show->ahead = remember;
		show->ready = all_remembered;
	}
	show->examine = opt.fail_on != NULL ? judge : NULL;
	show->list = list;
	show->draw = draw;
	show->end = end;
}

/* Operands that can be read twice. */
static bool are_files(char **paths)
{
	for (size_t i = 0; paths[i] != NULL; i++)
		if (strcmp(paths[i], "-") == 0)
			return false;
	return paths[0] != NULL && !sl_cli_is_live(paths);
}

static int run(struct sl_show *show, char **paths)
{
	struct sl_flow_work work;

	if (sl_show_can_find_slowest(show) && are_files(paths) && !sl_reading.strict) {
		struct sl_reading first = sl_reading;

		work = sl_show_finding_work(show);
		first.silent = first.unheard = first.lazy = true;
		first.summary = false;
		first.needs = sl_show_finding_needs();
		(void)sl_reading_run(&first, paths, &work);
		sl_show_take_slowest(show);
	}
	sl_reading.lazy = show->wanted.ids != NULL;
	sl_reading.needs = sl_show_finding_needs();
	work = sl_show_work(show);
	return sl_reading_run(&sl_reading, paths, &work);
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct sl_render_options how;
	struct sl_show show = { .now = sl_cli_now };
	struct drawing drawing = { 0 };
	int outcome;

	sl_render_options_init(&how);
	read_limits(&how);
	read_findings(&how);
	read_look(&how);
	read_which(&show, &how);
	sl_selecting_fill(&show.wanted);
	sl_selecting_gather(&show.traces, &show.idle_ns);
	show.traces.gather.live = !show.traces.gather.sorted && sl_cli_is_live(paths);
	open_drawing(&drawing, &show, &how);
	outcome = run(&show, paths);
	outcome = outcome_of(&show, drawing.render, outcome);
	sl_render_close(drawing.render);
	sl_entries_close(drawing.entries);
	sl_selecting_free();
	sl_id_list_free(&show.slow);
	free(opt.attributes.items);
	free(opt.thresholds.items);
	return outcome;
}

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
	struct sl_outputs to;
	struct sl_texts attributes, thresholds;
	const char *only, *sort, *columns, *least, *fail_on, *colour;
	uint64_t slowest, first, rows, depth, fold, width;
	bool errors, all, no_fold, events, links, adjust_skew, no_findings, findings_only, ascii;
} opt = { .sort = "start", .colour = "auto", .fold = 5, .rows = UINT64_MAX };

static const struct sl_option options[] = {
	{ 0, "to", "FORM[:FILE]", "what is written (text); several, each to its file",
	  .outputs = &opt.to, .choice = sl_render_form },
	{ 0, "slowest", "N", "the N traces whose roots last longest", .count = &opt.slowest,
	  .least = 1 },
	{ 0, "errors", NULL, "the traces in which a span failed", .flag = &opt.errors },
	{ 0, "first", "N", "the first N traces", .count = &opt.first, .least = 1 },
	{ 0, "all", NULL, "all traces", .flag = &opt.all },
	{ 0, "rows", "N", "at most N rows a trace; 0: all", .count = &opt.rows },
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
	{ 0, "links", NULL, "show links, and the traces they lead to", .flag = &opt.links },
	{ 0, "adjust-skew", NULL, "move what a wrong clock put outside its caller",
	  .flag = &opt.adjust_skew },
	{ 0, "no-findings", NULL, "do not look for what is wrong", .flag = &opt.no_findings },
	{ 0, "findings-only", NULL, "only what is wrong", .flag = &opt.findings_only },
	{ 0, "fail-on", "LIST", "status 1 for these kinds, or from a severity on",
	  .text = &opt.fail_on },
	{ 0, "threshold", "NAME=VALUE", "from where on it is a finding: see the manual",
	  .texts = &opt.thresholds },
	{ 0, "width", "CELLS", "of a line (the terminal's, $COLUMNS or 100)", .count = &opt.width,
	  .least = 40, .most = 1000 },
	{ 0, "ascii", NULL, "ASCII only", .flag = &opt.ascii },
	{ 0, "color", "WHEN", "always, never or auto: on a terminal (auto)", .text = &opt.colour,
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
	how->ascii = opt.ascii;
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

/* An output, and what it takes. */
struct drawn_form {
	struct drawing *drawing; /* that it is of, as number `index` */
	size_t index;
	struct sl_render *render;
	struct sl_render_options how;
	struct sl_buffer out; /* where outputs are split: of one trace */
	bool takes_all;	      /* each trace that is selected, though only few are drawn */
	uint64_t limit, drawn;
};

/* What the functions below are handed. */
struct drawing {
	struct drawn_form forms[SL_COUNT(opt.to.items)];
	size_t count;
	bool split;
	const struct sl_show *show;
	struct sl_entries *entries; /* or NULL: no findings are wanted */
	struct sl_linked *linked;   /* or NULL: no links are wanted */
};

/* The rows of a waterfall that nobody has asked for must fit a look. */
static uint64_t usual_rows(const char *form, bool for_all)
{
	bool is_waterfall = strcmp(form, "text") == 0 || strcmp(form, "markdown") == 0;

	return is_overview() && is_waterfall && !for_all ? 60 : 0;
}

static void read_form(struct drawn_form *drawn, const struct sl_form_output *output,
		      const struct sl_render_options *how)
{
	bool to_stdout = output->path == NULL && sl_reading.output == NULL;
	bool of_one = sl_render_form_is_of_one(output->form);
	bool for_all = sl_render_form_is_for_all(output->form) || (opt.findings_only && !of_one);

	drawn->how = *how;
	drawn->how.width = opt.width != 0 ? (size_t)opt.width : sl_cli_width(to_stdout);
	drawn->how.colour = sl_cli_has_colour(opt.colour, to_stdout);
	drawn->how.rows = opt.rows != UINT64_MAX ? opt.rows : usual_rows(output->form, for_all);
	drawn->limit = of_one ? 1 : UINT64_MAX;
	drawn->takes_all = is_overview() && for_all;
}

static void read_forms(struct drawing *drawing, const struct sl_render_options *how)
{
	if (opt.to.count == 0)
		opt.to.items[opt.to.count++].form = "text";
	drawing->count = opt.to.count;
	drawing->split = sl_outputs_are_split(&opt.to);
	for (size_t i = 0; i < opt.to.count; i++)
		read_form(&drawing->forms[i], &opt.to.items[i], how);
}

/* Traces that are drawn: where nothing says which, the slowest for those who look at them. */
static void read_which(struct sl_show *show, struct drawing *drawing)
{
	bool overview = false;

	if ((opt.slowest != 0) + (opt.first != 0) + opt.all > 1)
		sl_die_usage("only one of --slowest, --first and --all can be had");
	show->limit = 0;
	for (size_t i = 0; i < drawing->count; i++) {
		const struct drawn_form *drawn = &drawing->forms[i];
		const char *form = opt.to.items[i].form;

		if (drawn->limit == 1 && (opt.all || opt.slowest > 1 || opt.first > 1))
			sl_die_usage("--to %s is of one trace", form);
		show->limit = drawn->limit > show->limit ? drawn->limit : show->limit;
		overview |= is_overview() && !drawn->takes_all;
		if (is_overview() && !drawn->takes_all && strcmp(form, "text") == 0)
			show->listed = 10;
	}
	show->errors = opt.errors;
	show->slowest = overview || opt.slowest != 0;
	if (overview)
		show->limit = 1;
	else if (show->limit != 1 && (opt.slowest != 0 || opt.first != 0))
		show->limit = opt.slowest + opt.first;
	/* all are drawn then: nothing is left to be taken apart */
	for (size_t i = 0; i < drawing->count && !overview; i++)
		drawing->forms[i].takes_all = false;
}

static enum sl_status remember(void *context, const struct sl_trace *trace, struct sl_error *err)
{
	struct drawing *drawing = context;
	enum sl_status status = SL_OK;

	if (drawing->entries != NULL)
		status = sl_entries_add(drawing->entries, trace, err);
	if (drawing->linked != NULL && status == SL_OK)
		status = sl_linked_add(drawing->linked, trace, err);
	return status;
}

static enum sl_status all_remembered(void *context, struct sl_error *err)
{
	struct drawing *drawing = context;

	for (size_t i = 0; i < drawing->count; i++) {
		sl_render_entries(drawing->forms[i].render, drawing->entries);
		sl_render_linked(drawing->forms[i].render, drawing->linked);
	}
	if (drawing->linked != NULL)
		sl_linked_end(drawing->linked);
	return drawing->entries != NULL ? sl_entries_end(drawing->entries, err) : SL_OK;
}

/* Where outputs are split, what was made for one goes to its file at once. */
static enum sl_status hand_out(struct drawing *drawing, size_t index, struct sl_error *err)
{
	struct sl_buffer *made = &drawing->forms[index].out;
	enum sl_status status;

	if (made->failed)
		return sl_fail_memory(err);
	status = sl_outputs_write(&opt.to, index, sl_buffer_slice(made), err);
	made->len = 0;
	return status;
}

static enum sl_status draw_form(struct drawing *drawing, size_t index, const struct sl_trace *trace,
				struct sl_buffer *out, struct sl_error *err)
{
	struct drawn_form *drawn = &drawing->forms[index];
	enum sl_status status;

	if (drawn->drawn == drawn->limit)
		return SL_OK;
	drawn->drawn++;
	status = sl_render_trace(drawn->render, trace, drawing->split ? &drawn->out : out, err);
	return status == SL_OK && drawing->split ? hand_out(drawing, index, err) : status;
}

static enum sl_status draw_those(struct drawing *drawing, bool takes_all,
				 const struct sl_trace *trace, struct sl_buffer *out,
				 struct sl_error *err)
{
	enum sl_status status = SL_OK;

	for (size_t i = 0; i < drawing->count && status == SL_OK; i++)
		if (drawing->forms[i].takes_all == takes_all)
			status = draw_form(drawing, i, trace, out, err);
	return status;
}

static enum sl_status examine(void *context, const struct sl_trace *trace, struct sl_error *err)
{
	struct drawing *drawing = context;
	enum sl_status status = SL_OK;

	if (opt.fail_on != NULL)
		status = sl_render_judge(drawing->forms[0].render, trace, err);
	return status == SL_OK ? draw_those(drawing, true, trace, NULL, err) : status;
}

static void list(void *context, const struct sl_trace *trace, struct sl_buffer *out)
{
	struct drawing *drawing = context;

	for (size_t i = 0; i < drawing->count; i++)
		if (!drawing->forms[i].takes_all)
			sl_render_list(drawing->forms[i].render, trace,
				       drawing->split ? &drawing->forms[i].out : out);
}

static enum sl_status draw(void *context, const struct sl_trace *trace, struct sl_buffer *out,
			   struct sl_error *err)
{
	return draw_those(context, false, trace, out, err);
}

static enum sl_status write_piece(void *context, struct sl_buffer *out, struct sl_error *err)
{
	const struct drawn_form *drawn = context;
	const struct sl_flow_writer *writer = &drawn->drawing->show->writer;

	return drawn->drawing->split ? hand_out(drawn->drawing, drawn->index, err)
				     : writer->write(writer->flow, out, err);
}

static void end(void *context, struct sl_buffer *out)
{
	struct drawing *drawing = context;
	struct sl_error unused;

	for (size_t i = 0; i < drawing->count; i++) {
		sl_render_end(drawing->forms[i].render,
			      drawing->split ? &drawing->forms[i].out : out);
		/* what fails here is told when the output is closed */
		if (drawing->split)
			(void)!hand_out(drawing, i, &unused);
	}
}

static int outcome_of(const struct sl_show *show, const struct drawing *drawing, int outcome)
{
	outcome = sl_selecting_settle(show->reopened, outcome);
	if (show->limits_hit != 0) {
		sl_warn("%llu answers of regular expressions are not known, since a limit was hit",
			(unsigned long long)show->limits_hit);
		return SL_EXIT_ERROR;
	}
	/* a gate over nothing is not passed */
	if (opt.fail_on != NULL &&
	    (sl_render_failed(drawing->forms[0].render) != 0 || show->traces_selected == 0))
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_NO);
	return outcome;
}

/* Of other traces, for findings and for links each: of some hundred thousand. */
enum { REMEMBERED_BYTES = 64 << 20 };

/* What is known of the traces around those that are drawn.  Where only some need be gathered it is
 * nothing, unless it is asked for. */
static void remember_others(struct drawing *drawing, struct sl_show *show)
{
	/* what is found must not depend on the memory for gathering */
	size_t limit = REMEMBERED_BYTES;
	bool gathers_all =
		show->wanted.ids == NULL && (opt.slowest == 0 || !sl_show_can_find_slowest(show));
	struct sl_error err;

	if (!opt.links && (opt.no_findings || !gathers_all))
		return;
	if (opt.links && sl_linked_open(&drawing->linked, limit, &err) != SL_OK)
		sl_die("%s", err.text);
	if (!opt.no_findings && sl_entries_open(&drawing->entries, limit, &err) != SL_OK)
		sl_die("%s", err.text);
	show->ahead = remember;
	show->ready = all_remembered;
}

static void open_drawing(struct drawing *drawing, struct sl_show *show)
{
	struct sl_error err;
	bool some_take_all = false;

	drawing->show = show;
	for (size_t i = 0; i < drawing->count; i++) {
		struct drawn_form *drawn = &drawing->forms[i];

		if (sl_render_open(&drawn->render, opt.to.items[i].form, &drawn->how, &err) !=
		    SL_OK)
			sl_die("%s", err.text);
		drawn->drawing = drawing;
		drawn->index = i;
		sl_render_write_to(drawn->render, write_piece, drawn);
		some_take_all |= drawn->takes_all;
	}
	show->context = drawing;
	show->examine = opt.fail_on != NULL || some_take_all ? examine : NULL;
	remember_others(drawing, show);
	show->list = list;
	show->draw = draw;
	show->end = end;
}

static void close_drawing(struct drawing *drawing)
{
	for (size_t i = 0; i < drawing->count; i++) {
		sl_render_close(drawing->forms[i].render);
		sl_buffer_free(&drawing->forms[i].out);
	}
	sl_entries_close(drawing->entries);
	sl_linked_close(drawing->linked);
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
	struct sl_render_options how;
	struct sl_show show = { .now = sl_cli_now };
	struct drawing drawing = { 0 };
	int outcome;

	sl_render_options_init(&how);
	read_limits(&how);
	read_findings(&how);
	read_look(&how);
	read_forms(&drawing, &how);
	read_which(&show, &drawing);
	sl_reading.outputs = &opt.to;
	sl_selecting_fill(&show.wanted);
	sl_selecting_gather(&show.traces, &show.idle_ns);
	show.traces.gather.live = !show.traces.gather.sorted && sl_cli_is_live(paths);
	open_drawing(&drawing, &show);
	outcome = run(&show, paths);
	outcome = outcome_of(&show, &drawing, outcome);
	close_drawing(&drawing);
	sl_selecting_free();
	sl_show_forget_slowest(&show);
	free(opt.attributes.items);
	free(opt.thresholds.items);
	return outcome;
}

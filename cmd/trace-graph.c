/* trace-graph: which service calls which, how often, how slow, how wrong. */
#include "spanline/chart.h"
#include "spanline/cli.h"
#include "spanline/io.h"
#include "spanline/text.h"
#include <stdlib.h>

static struct {
	struct sl_outputs to;
	const char *by, *diff, *least, *fail_on;
	uint64_t top, width;
	bool ascii;
} opt = { .by = "service", .top = 40 };

static const char *const groupings[] = { "service", "service,name", NULL };

static const struct sl_option options[] = {
	{ 0, "by", "LIST", "nodes: services, or operations (service,name)", .text = &opt.by,
	  .choices = groupings },
	{ 0, "to", "FORM[:FILE]", "what is written (text); several, each to its file",
	  .outputs = &opt.to, .choice = sl_draw_form },
	{ 0, "diff", "OLD", "what has changed since: spans, or a JSON graph", .text = &opt.diff },
	{ 0, "min-change", "P", "the least change of calls and p95 (25%)", .text = &opt.least },
	{ 0, "fail-on", "LIST", "status 1 for these: new-edge, lost-context ...",
	  .text = &opt.fail_on },
	{ 0, "top", "N", "the first N rows of a table (40); 0: all", .count = &opt.top },
	{ 0, "width", "CELLS", "of a line (the terminal's, $COLUMNS or 100)", .count = &opt.width,
	  .least = 40, .most = 1000 },
	{ 0, "ascii", NULL, "ASCII only", .flag = &opt.ascii },
	{ 0 },
};

static const struct sl_command command = {
	.name = "trace-graph",
	.purpose = "which service calls which, how often, how slow, how wrong",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_where_options, sl_selecting_options,
						     sl_output_options, sl_input_options, NULL },
};

/* What of a graph by itself may be bad. */
enum unknown { ORPHAN, LOST_CONTEXT, NO_SERVICE, UNKNOWN_COUNT };
static const char *const unknown_names[] = { "orphan", "lost-context", "no-service" };

/* What the functions below are handed. */
struct reporting {
	struct sl_graph old;
	struct sl_graph_changes changes;
	double least;
	bool fails_on_change[SL_CHANGE_KIND_COUNT];
	bool fails_on[UNKNOWN_COUNT];
	bool failed;
	bool reported;
};

static double read_least(void)
{
	const char *text = opt.least != NULL ? opt.least : "25%";
	struct sl_slice digits = { text, strcspn(text, "%") };
	double percent;

	if (strcmp(text + digits.len, "%") != 0 || !sl_parse_double(digits, &percent) ||
	    percent < 0 || percent > 1e6)
		sl_die_usage("option '--min-change': '%s' is no percentage, as 25%%", text);
	return percent / 100;
}

static bool read_failure(struct reporting *reporting, struct sl_slice name)
{
	for (int i = 0; i < SL_CHANGE_KIND_COUNT; i++) {
		if (!sl_slice_equal(name, sl_slice_of(sl_change_kind_name((enum sl_change_kind)i))))
			continue;
		if (opt.diff == NULL)
			sl_die_usage("option '--fail-on': '%.*s' needs --diff", (int)name.len,
				     name.data);
		return reporting->fails_on_change[i] = true;
	}
	for (size_t i = 0; i < UNKNOWN_COUNT; i++)
		if (sl_slice_equal(name, sl_slice_of(unknown_names[i])))
			return reporting->fails_on[i] = true;
	return false;
}

static void read_failures(struct reporting *reporting)
{
	struct sl_slice name, list = { NULL, 0 };

	if (opt.fail_on != NULL)
		list = sl_slice_of(opt.fail_on);
	while (sl_next_item(&list, &name))
		if (!read_failure(reporting, name))
			sl_die_usage("option '--fail-on': '%.*s' is not new-edge, gone-edge, "
				     "changed-edge, new-errors, new-node, gone-node, orphan, "
				     "lost-context or no-service",
				     (int)name.len, name.data);
}

static enum sl_status write_form(const struct reporting *reporting, size_t index,
				 const struct sl_graph *graph, struct sl_buffer *out,
				 struct sl_error *err)
{
	struct sl_draw_options how = { .ascii = opt.ascii, .top = opt.top };

	how.changes = opt.diff != NULL ? &reporting->changes : NULL;
	how.width = opt.width != 0 ? (size_t)opt.width
				   : sl_cli_width(sl_outputs_has_stdout(&opt.to, index));
	return sl_draw(opt.to.items[index].form, &how, graph, out, err);
}

/* Each form where it belongs. */
static enum sl_status write_forms(const struct reporting *reporting, const struct sl_graph *graph,
				  struct sl_buffer *out, struct sl_error *err)
{
	struct sl_buffer made = { 0 };
	enum sl_status status = SL_OK;

	if (!sl_outputs_are_split(&opt.to))
		return write_form(reporting, 0, graph, out, err);
	for (size_t i = 0; i < opt.to.count && status == SL_OK; i++) {
		made.len = 0;
		status = write_form(reporting, i, graph, &made, err);
		if (status == SL_OK)
			status = sl_outputs_write(&opt.to, i, sl_buffer_slice(&made), err);
	}
	sl_buffer_free(&made);
	return status;
}

static bool is_bad(const struct reporting *reporting, const struct sl_graph_change *change)
{
	return reporting->fails_on_change[change->kind] ||
	       (reporting->fails_on_change[SL_CHANGE_CHANGED_EDGE] && change->what != 0);
}

static void tell_bad_changes(struct reporting *reporting)
{
	struct sl_buffer line = { 0 };

	for (size_t i = 0; i < reporting->changes.count; i++) {
		if (!is_bad(reporting, &reporting->changes.items[i]))
			continue;
		line.len = 0;
		sl_draw_change(&reporting->changes, &reporting->changes.items[i], true, &line);
		sl_warn("%.*s", (int)line.len, line.data != NULL ? line.data : "");
		reporting->failed = true;
	}
	sl_buffer_free(&line);
}

static void tell_bad_unknown(struct reporting *reporting, const struct sl_graph *graph)
{
	const uint64_t counts[UNKNOWN_COUNT] = { graph->unknown.orphans, graph->unknown.lost,
						 graph->unknown.without_service };

	for (size_t i = 0; i < UNKNOWN_COUNT; i++) {
		if (!reporting->fails_on[i] || counts[i] == 0)
			continue;
		sl_warn("%s: %llu span%s", unknown_names[i], (unsigned long long)counts[i],
			counts[i] == 1 ? "" : "s");
		reporting->failed = true;
	}
}

/* Of nothing there is nothing bad, but that is no graph that holds. */
static void tell_nothing(struct reporting *reporting, const struct sl_graph *graph)
{
	if (opt.fail_on == NULL || graph->spans != 0)
		return;
	sl_warn("no spans, or none that is chosen");
	reporting->failed = true;
}

static enum sl_status report(void *context, const struct sl_graph *graph, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct reporting *reporting = context;
	enum sl_status status = SL_OK;

	if (opt.diff != NULL)
		status = sl_graph_compare(&reporting->changes, &reporting->old, graph,
					  reporting->least, err);
	if (status == SL_OK)
		status = write_forms(reporting, graph, out, err);
	if (status == SL_OK && opt.diff != NULL)
		tell_bad_changes(reporting);
	tell_bad_unknown(reporting, graph);
	tell_nothing(reporting, graph);
	reporting->reported = true;
	sl_graph_changes_free(&reporting->changes);
	return status;
}

static enum sl_status keep(void *context, const struct sl_graph *graph, struct sl_buffer *out,
			   struct sl_error *err)
{
	struct reporting *reporting = context;

	(void)out;
	return sl_graph_copy(&reporting->old, graph, err);
}

static int run(struct sl_graphing *graphing, struct sl_reading reading, char **paths)
{
	struct sl_flow_work work = sl_graphing_work(graphing);

	reading.needs = sl_graphing_needs(graphing);
	reading.lazy = sl_graphing_is_lazy(graphing);
	return sl_reading_run(&reading, paths, &work);
}

/* The whole text of a graph; dies where it cannot be read. */
static void read_text(const char *path, struct sl_buffer *text)
{
	enum { STEP = 65536 };
	struct sl_input_options how = { 0 };
	enum sl_status status;
	struct sl_input *input;
	struct sl_error err;

	if (sl_input_open(&input, path, &how, &err) != SL_OK)
		sl_die("%s: %s", sl_cli_shown_path(path), err.text);
	do {
		char *into = sl_buffer_reserve(text, STEP);
		size_t got = 0;

		if (into == NULL)
			sl_die("%s: a graph that is larger than %zu MiB", path, text->limit >> 20);
		status = sl_input_read(input, into, STEP, &got, &err);
		text->len += got;
	} while (status == SL_OK);
	sl_input_close(input);
	if (status != SL_END)
		sl_die("%s: %s", sl_cli_shown_path(path), err.text);
}

static bool is_graph(char *path)
{
	struct sl_input_options how = { 0 };
	struct sl_input *input;
	struct sl_error err;
	char start[64];
	size_t len = 0, got;

	if (sl_input_open(&input, path, &how, &err) != SL_OK)
		sl_die("%s: %s", sl_cli_shown_path(path), err.text);
	while (len < sizeof(start) &&
	       sl_input_read(input, start + len, sizeof(start) - len, &got, &err) == SL_OK)
		len += got;
	sl_input_close(input);
	return sl_graph_begins((struct sl_slice){ start, len });
}

/* Of a pipe, and of standard input, it is not known before it was read that it is no graph. */
static void read_graph(struct reporting *reporting, const char *path)
{
	struct sl_buffer text = { .limit = 64 << 20 };
	struct sl_error err;

	read_text(path, &text);
	path = sl_cli_shown_path(path);
	/* nothing at all is a graph of nothing, as is any empty input */
	if (text.len == 0) {
		sl_buffer_free(&text);
		return;
	}
	if (!sl_graph_begins(sl_buffer_slice(&text)))
		sl_die("%s: no graph in JSON, and spans to compare with stand in a file", path);
	if (sl_graph_read(&reporting->old, sl_buffer_slice(&text), &err) != SL_OK)
		sl_die("%s: %s", path, err.text);
	sl_buffer_free(&text);
	if (reporting->old.by_name != (strcmp(opt.by, "service") != 0))
		sl_die("%s: the graph is by '%s', not by '%s'", path,
		       groupings[reporting->old.by_name], opt.by);
}

/* Spans of another time, and of other traces. */
static int read_spans(struct reporting *reporting, const struct sl_graphing *like, char *path)
{
	struct sl_graphing graphing = *like;
	struct sl_reading reading = sl_reading;
	char *paths[] = { path, NULL };

	graphing.wanted.since_ns = 0;
	graphing.wanted.until_ns = UINT64_MAX;
	graphing.wanted.ids = NULL;
	graphing.report = keep;
	graphing.context = reporting;
	reading.silent = true;
	reading.summary = false;
	reading.outputs = NULL;
	reading.output = NULL;
	return run(&graphing, reading, paths);
}

static int read_old(struct reporting *reporting, const struct sl_graphing *like)
{
	int outcome = SL_EXIT_OK;
	char *path;

	if (opt.diff == NULL)
		return SL_EXIT_OK;
	path = strdup(opt.diff);
	if (path == NULL)
		sl_die("out of memory");
	/* what can be read once only is not looked into first */
	if (strcmp(opt.diff, "-") == 0 || sl_cli_is_live((char *[]){ path, NULL }) ||
	    is_graph(path))
		read_graph(reporting, path);
	else
		outcome = read_spans(reporting, like, path);
	free(path);
	return outcome;
}

/* What the user should know of the answer. */
static int outcome_of(const struct sl_graphing *graphing, int outcome)
{
	outcome = sl_selecting_settle(graphing->reopened, outcome);
	if (graphing->limits_hit == 0)
		return outcome;
	sl_warn("%llu answers of regular expressions are not known, since a limit was hit",
		(unsigned long long)graphing->limits_hit);
	return SL_EXIT_ERROR;
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct reporting reporting = { .least = read_least() };
	struct sl_graphing graphing = { .now = sl_cli_now,
					.report = report,
					.context = &reporting };
	int outcome, of_old;

	if (opt.to.count == 0)
		opt.to.items[opt.to.count++].form = "text";
	if (opt.least != NULL && opt.diff == NULL)
		sl_die_usage("--min-change needs --diff");
	read_failures(&reporting);
	sl_selecting_check_standard_input(paths, opt.diff != NULL && strcmp(opt.diff, "-") == 0);
	sl_selecting_fill(&graphing.wanted);
	sl_selecting_gather(&graphing.traces, &graphing.idle_ns);
	graphing.by_name = strcmp(opt.by, "service") != 0;
	of_old = read_old(&reporting, &graphing);
	if (of_old == SL_EXIT_ERROR)
		return of_old;
	graphing.traces.gather.live = !graphing.traces.gather.sorted && sl_cli_is_live(paths);
	sl_reading.outputs = &opt.to;
	outcome = outcome_of(&graphing, run(&graphing, sl_reading, paths));
	outcome = (int)sl_exit_worse((enum sl_exit)outcome, (enum sl_exit)of_old);
	/* nobody may take that for a gate that holds */
	if (opt.fail_on != NULL && !reporting.reported)
		outcome = (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_ERROR);
	if (reporting.failed)
		outcome = (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_NO);
	sl_graph_free(&reporting.old);
	sl_selecting_free();
	return outcome;
}

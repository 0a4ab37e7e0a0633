/* trace-stats: how often, how slow, how wrong, by group. */
#include "spanline/cli.h"
#include "spanline/io.h"
#include "spanline/judge.h"
#include "spanline/report.h"
#include "spanline/text.h"
#include <stdlib.h>

static struct {
	struct sl_outputs to;
	const char *by, *window, *save, *sort, *measures, *quantiles, *error;
	uint64_t top, width;
	bool keys, roots, no_traces, plot, ascii, adjusted, roughly;
} opt = { .sort = "sum", .top = UINT64_MAX };

static struct sl_judging judging;

/* Half of what can be shown, but for what --adjusted adds: together they are not too long. */
static struct measures {
	struct sl_measure items[SL_MEASURE_LIMIT / 2 - 1];
	size_t count;
} shown_measures, shown_quantiles;

static const struct sl_option options[] = {
	{ 0, "by", "LIST", "what spans are grouped by (service,name)", .text = &opt.by },
	{ 0, "keys", NULL, "which attributes there are, instead", .flag = &opt.keys },
	{ 0, "root", NULL, "only the roots of traces", .flag = &opt.roots },
	{ 0, "window", "DURATION", "and by when they start, in steps of this",
	  .text = &opt.window },
	{ 0, "measure", "LIST", "what is shown of each group", .text = &opt.measures },
	{ 0, "quantiles", "LIST", "instead of p50, p95 and p99 (0.5,0.999)",
	  .text = &opt.quantiles },
	{ 0, "approx", NULL, "quantiles within 1 %, in constant memory", .flag = &opt.roughly },
	{ 0, "approx-error", "P", "the same, within P (1%)", .text = &opt.error },
	{ 0, "adjusted", NULL, "and how many spans there were before sampling",
	  .flag = &opt.adjusted },
	{ 0, "sort", "MEASURE", "largest first (sum), or 'group'", .text = &opt.sort },
	{ 0, "top", "N", "the first N groups; 0: all", .count = &opt.top },
	{ 0, "to", "FORM[:FILE]", "what is written (table); several, each to its file",
	  .outputs = &opt.to, .choice = sl_report_form },
	{ 0, "plot", NULL, "a histogram of each group below its row", .flag = &opt.plot },
	{ 0, "save", "FILE", "keep the groups for later, to be merged with others",
	  .text = &opt.save },
	{ 0, "no-traces", NULL, "keep them without traces", .flag = &opt.no_traces },
	{ 0, "width", "CELLS", "of a line (the terminal's, $COLUMNS or 100)", .count = &opt.width,
	  .least = 40, .most = 1000 },
	{ 0, "ascii", NULL, "ASCII only", .flag = &opt.ascii },
	{ 0 },
};

static const struct sl_option judging_options[] = {
	{ 0, "assert", "ASSERTION", "a gate; exit status 1 where it fails",
	  .texts = &judging.assertions },
	{ 0, "assert-file", "FILE", "gates, one a line", .texts = &judging.files },
	{ 0, "min-spans", "N", "a gate over fewer spans fails", .count = &judging.least_spans },
	{ 0, "strict-ci", NULL, "judge the bad end of a quantile's interval",
	  .flag = &judging.strict },
	{ 0, "allow-damaged", NULL, "gates may hold over damaged input",
	  .flag = &judging.allow_damaged },
	{ 0, "baseline", "FILE", "compare with it: spans, or a saved summary",
	  .text = &judging.baseline },
	{ 0, "baseline-optional", NULL, "it need not be there",
	  .flag = &judging.baseline_optional },
	{ 0, "min-effect", "LIST", "the least change that counts (5%,2ms)",
	  .text = &judging.least_effect },
	{ 0, "alpha", "P", "how many findings may be by chance (0.05)", .text = &judging.alpha },
	{ 0, "fail-on", "LIST", "of regressed (alone), inconclusive, new-errors ...",
	  .text = &judging.fail_on },
	{ 0 },
};

static const struct sl_command command = {
	.name = "trace-stats",
	.purpose = "how often, how slow, how wrong: spans in groups",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ judging_options, sl_where_options,
						     sl_selecting_options, sl_output_options,
						     sl_input_options, NULL },
};

/* The argument of an option that may not have been given. */
static struct sl_slice list_of(const char *text)
{
	return text != NULL ? sl_slice_of(text) : (struct sl_slice){ NULL, 0 };
}

static uint64_t read_window(void)
{
	int64_t window_ns = 0;

	if (opt.window != NULL &&
	    (!sl_parse_duration(sl_slice_of(opt.window), &window_ns) || window_ns == 0))
		sl_die_usage("option '--window': '%s' is no duration as 1m", opt.window);
	return (uint64_t)window_ns;
}

static struct sl_grouping *read_grouping(const struct sl_summary_how *how)
{
	struct sl_grouping *grouping;
	struct sl_query_fault fault;
	char *by = strndup(how->by.data, how->by.len);

	if (by == NULL)
		sl_die("out of memory");
	if (sl_grouping_compile(&grouping, how->by, &fault) != SL_OK)
		sl_die_of_fault(&fault, by);
	free(by);
	if (how->window_ns != 0 &&
	    sl_grouping_add_window(grouping, how->window_ns, &fault) != SL_OK)
		sl_die("%s", fault.text);
	return grouping;
}

/* Room for one more measure, or dies. */
static struct sl_measure *add_measure(struct measures *measures, const char *option)
{
	if (measures->count == SL_COUNT(measures->items))
		sl_die_usage("option '%s': more than %zu", option, measures->count);
	return &measures->items[measures->count++];
}

static void read_measures(struct measures *measures)
{
	struct sl_slice part, list = list_of(opt.measures);

	while (sl_next_item(&list, &part))
		if (!sl_measure_parse(part, add_measure(measures, "--measure")))
			sl_die_usage("option '--measure': '%.*s' is no measure, as count, p95 or "
				     "sum",
				     (int)part.len, part.data);
}

static void read_quantiles(struct measures *measures)
{
	struct sl_slice list = list_of(opt.quantiles);
	struct sl_quantile quantile;
	struct sl_slice part;

	while (sl_next_item(&list, &part)) {
		if (!sl_parse_quantile(part, &quantile))
			sl_die_usage("option '--quantiles': '%.*s' is no quantile, as 0.95",
				     (int)part.len, part.data);
		sl_measure_quantile(add_measure(measures, "--quantiles"), quantile);
	}
}

/* The error of quantiles, a part of them; 0: they are exact. */
static double read_error(void)
{
	const char *text = opt.error != NULL ? opt.error : "1%";
	struct sl_slice digits = { text, strcspn(text, "%") };
	struct sl_quantile part;
	double error;

	if (opt.error == NULL && !opt.roughly)
		return 0;
	if (strcmp(text + digits.len, "%") != 0 || !sl_parse_percentile(digits, &part))
		sl_die_usage("option '--approx-error': '%s' is no percentage, as 1%%", text);
	error = (double)part.numerator / (double)part.denominator;
	if (error < 0.0001 || error > 0.5)
		sl_die_usage("option '--approx-error': '%s' is not from 0.01%% to 50%%", text);
	return error;
}

static bool needs_durations(const struct sl_measure *measure)
{
	return measure->of != SL_TIME_DURATION || measure->kind == SL_MEASURE_STDEV;
}

/* Without all durations some things are not known. */
static void check_error(const struct sl_report_options *how)
{
	bool needed = needs_durations(&how->sort);

	if (how->error == 0)
		return;
	for (size_t i = 0; i < how->measure_count; i++)
		needed |= needs_durations(&how->measures[i]);
	if (needed)
		sl_die_usage("--approx has no stdev, self time and critical path");
	if (opt.keys || opt.plot || judging.baseline != NULL)
		sl_die_usage("--approx takes no --keys, --plot and --baseline");
	for (size_t i = 0; i < opt.to.count; i++)
		if (sl_report_form_needs_durations(opt.to.items[i].form))
			sl_die_usage("--approx is not written as %s", opt.to.items[i].form);
}

static void read_report(struct sl_report_options *how)
{
	read_measures(&shown_measures);
	read_quantiles(&shown_quantiles);
	how->adjusted = opt.adjusted;
	how->error = read_error();
	how->measures = shown_measures.items;
	how->measure_count = shown_measures.count;
	how->quantiles = shown_quantiles.items;
	how->quantile_count = shown_quantiles.count;
	how->by_group = strcmp(opt.sort, "group") == 0;
	if (!how->by_group && !sl_measure_parse(sl_slice_of(opt.sort), &how->sort))
		sl_die_usage("option '--sort': '%s' is no measure, as count, p95 or sum", opt.sort);
	how->top = opt.top;
	how->ascii = opt.ascii;
	how->plot = opt.plot;
}

/* What the functions below are handed. */
struct reporting {
	struct sl_report_options how;
	struct sl_summary_how saved;
	const struct sl_stats *stats;
};

/* What is reported: groups, or keys. */
struct results {
	struct sl_groups *groups;
	const struct sl_keys *keys;
};

static enum sl_status write_form(size_t index, struct sl_report_options *how,
				 const struct results *results, struct sl_buffer *out,
				 struct sl_error *err)
{
	const char *form = opt.to.items[index].form;

	how->width = opt.width != 0 ? (size_t)opt.width
				    : sl_cli_width(sl_outputs_has_stdout(&opt.to, index));
	if (results->keys != NULL)
		return sl_report_keys(form, how, results->keys, out, err);
	if (strcmp(form, "github") == 0 &&
	    sl_judging_add_to_step(how, results->groups, err) != SL_OK)
		return SL_FAILED;
	return sl_report_write(form, how, results->groups, out, err);
}

/* Each form where it belongs. */
static enum sl_status write_forms(struct sl_report_options *how, const struct results *results,
				  struct sl_buffer *out, struct sl_error *err)
{
	struct sl_buffer made = { 0 };
	enum sl_status status = SL_OK;

	if (!sl_outputs_are_split(&opt.to))
		return write_form(0, how, results, out, err);
	for (size_t i = 0; i < opt.to.count && status == SL_OK; i++) {
		made.len = 0;
		status = write_form(i, how, results, &made, err);
		if (status == SL_OK && made.failed)
			status = sl_fail_memory(err);
		if (status == SL_OK)
			status = sl_outputs_write(&opt.to, i, sl_buffer_slice(&made), err);
	}
	sl_buffer_free(&made);
	return status;
}

static enum sl_status report(void *context, struct sl_groups *groups, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct reporting *reporting = context;
	struct results results = { .groups = groups };
	enum sl_status status = sl_judging_judge(&judging, reporting->stats->watch, err);

	if (status == SL_OK)
		status = sl_judging_compare(&judging, groups, err);
	reporting->how.changes = judging.changes;
	reporting->how.change_count = judging.change_count;
	reporting->how.gates = judging.gates != NULL ? &judging.results : NULL;
	if (status == SL_OK && opt.save != NULL)
		status = sl_saving_write(opt.save, &reporting->saved, groups, err);
	return status == SL_OK ? write_forms(&reporting->how, &results, out, err) : status;
}

static enum sl_status report_keys(void *context, const struct sl_keys *keys, struct sl_buffer *out,
				  struct sl_error *err)
{
	struct reporting *reporting = context;
	struct results results = { .keys = keys };

	return write_forms(&reporting->how, &results, out, err);
}

static void check_save(void)
{
	if (opt.save == NULL)
		return;
	for (size_t i = 0; i < opt.to.count; i++) {
		const char *path = opt.to.items[i].path;

		path = path != NULL ? path : sl_reading.output;
		if (path != NULL && strcmp(path, opt.save) == 0)
			sl_die_usage("two outputs cannot both go to '%s'", path);
	}
}

/* Keys are no groups. */
static void check_keys(const struct sl_summary *summary)
{
	if (opt.by != NULL || opt.window != NULL || opt.measures != NULL || opt.quantiles != NULL ||
	    opt.adjusted || opt.save != NULL || judging.gates != NULL || judging.baseline != NULL)
		sl_die_usage("--keys takes no --by, --window, --measure, --quantiles, --adjusted, "
			     "--save and gates or --baseline");
	if (sl_summary_how(summary) != NULL)
		sl_die_usage("a summary does not hold the keys of attributes");
	for (size_t i = 0; i < opt.to.count; i++)
		if (!sl_report_form_has_keys(opt.to.items[i].form))
			sl_die_usage("--keys is written as table or json, not as %s",
				     opt.to.items[i].form);
}

/* What the user should know of the numbers. */
static int outcome_of(const struct sl_stats *stats, int outcome)
{
	outcome = sl_selecting_settle(stats->reopened, outcome);
	if (stats->backwards != 0)
		sl_warn("%llu span%s before %s: the duration is below 0",
			(unsigned long long)stats->backwards,
			stats->backwards == 1 ? " ends" : "s end",
			stats->backwards == 1 ? "it starts" : "they start");
	if (stats->limits_hit != 0) {
		sl_warn("%llu answers of regular expressions are not known, since a limit was hit",
			(unsigned long long)stats->limits_hit);
		return SL_EXIT_ERROR;
	}
	return outcome;
}

/* Reads the operands that are summaries, and takes them off the list. */
static void load_summaries(struct sl_loading *loading, double error, char **paths)
{
	bool traces = (opt.save != NULL && !opt.no_traces) || judging.baseline != NULL;
	struct sl_error err;

	if (sl_summary_open(&loading->summary, traces, error, &err) != SL_OK)
		sl_die("%s", err.text);
	sl_loading_take(loading, paths);
}

/* How spans are put into groups: as in the summaries, with which options must agree. */
static void read_how(struct sl_summary_how *how, const struct sl_summary *summary, double error)
{
	const struct sl_summary_how *was = sl_summary_how(summary);
	const char *where = sl_selecting_where();
	struct sl_error err;

	*how = (struct sl_summary_how){
		.by = sl_slice_of(opt.by != NULL ? opt.by : "service,name"),
		.roots = opt.roots,
		.window_ns = read_window(),
		.where = where != NULL ? sl_slice_of(where) : (struct sl_slice){ NULL, 0 },
		.error = error,
	};
	if (was != NULL && sl_reading.no_input) {
		how->by = opt.by != NULL ? how->by : was->by;
		how->window_ns = opt.window != NULL ? how->window_ns : was->window_ns;
		how->roots = opt.roots || was->roots;
		how->where = where != NULL ? how->where : was->where;
		how->error = was->error;
	}
	if (was != NULL && sl_summary_differs(was, how, &err))
		sl_die("the summary is %s", err.text);
	how->traces = opt.save != NULL && !opt.no_traces && how->error == 0;
}

/* What only whole traces tell. */
static void want_times(struct sl_stats *stats, const struct sl_measure *measure)
{
	stats->self |= measure->of == SL_TIME_SELF;
	stats->critical |= measure->of == SL_TIME_CRITICAL;
	stats->calls |= sl_measure_needs_traces(measure);
	stats->adjusted |= sl_measure_needs_sampling(measure);
}

static void read_times(struct sl_stats *stats, const struct sl_report_options *how,
		       const struct sl_summary *summary)
{
	for (size_t i = 0; i < how->measure_count; i++)
		want_times(stats, &how->measures[i]);
	want_times(stats, &how->sort);
	stats->adjusted |= opt.adjusted;
	stats->error = how->error;
	if (sl_summary_how(summary) == NULL)
		return;
	if (stats->calls || stats->adjusted)
		sl_die_usage("a summary holds durations alone: nothing of traces and sampling");
	if (stats->wanted.ids != NULL || stats->wanted.since_ns != 0 ||
	    stats->wanted.until_ns != UINT64_MAX)
		sl_die_usage("nothing can be chosen of a summary by --trace, --since or --until");
}

static void fill_stats(struct sl_stats *stats, char **paths)
{
	sl_selecting_fill(&stats->wanted);
	sl_selecting_gather(&stats->traces, &stats->idle_ns);
	stats->traces.gather.live = !stats->traces.gather.sorted && sl_cli_is_live(paths);
	stats->roots = opt.roots;
	stats->now = sl_cli_now;
	stats->report = report;
	stats->report_keys = opt.keys ? report_keys : NULL;
}

static int run(struct sl_stats *stats, char **paths)
{
	struct sl_flow_work work = sl_stats_work(stats);
	struct sl_head_tests tests;

	sl_reading.outputs = &opt.to;
	sl_reading.needs = sl_stats_needs(stats);
	sl_reading.lazy = sl_stats_is_lazy(stats);
	sl_reading.text = sl_stats_takes_text(stats);
	if (sl_stats_head(stats, &tests))
		sl_reading.tests = &tests;
	(void)sl_stats_attribute(stats, &sl_reading.attribute);
	return outcome_of(stats, sl_reading_run(&sl_reading, paths, &work));
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct sl_loading loading = { 0 };
	struct reporting reporting = { 0 };
	struct sl_stats stats = { .context = &reporting };
	struct sl_grouping *grouping;
	int outcome;

	if (opt.to.count == 0)
		opt.to.items[opt.to.count++].form = "table";
	read_report(&reporting.how);
	if (!sl_judging_read(&judging))
		return SL_EXIT_ERROR;
	sl_selecting_check_standard_input(paths, judging.baseline != NULL &&
							 strcmp(judging.baseline, "-") == 0);
	check_save();
	load_summaries(&loading, reporting.how.error, paths);
	if (judging.gates != NULL && sl_summary_how(loading.summary) != NULL)
		sl_die_usage("gates need spans, not summaries");
	if (opt.keys)
		check_keys(loading.summary);
	fill_stats(&stats, paths);
	read_how(&reporting.saved, loading.summary, reporting.how.error);
	reporting.how.error = reporting.saved.error;
	check_error(&reporting.how);
	if (judging.gates != NULL)
		sl_gates_approximate(judging.gates, reporting.how.error);
	grouping = read_grouping(&reporting.saved);
	stats.grouping = grouping;
	stats.with_traces = reporting.saved.traces || judging.baseline != NULL;
	sl_judging_load(&judging, &reporting.saved, &stats);
	stats.summary = loading.summary;
	stats.gates = judging.gates;
	reporting.stats = &stats;
	read_times(&stats, &reporting.how, loading.summary);
	outcome = run(&stats, paths);
	outcome = (int)sl_exit_worse((enum sl_exit)outcome, (enum sl_exit)loading.outcome);
	outcome = sl_judging_outcome(&judging, outcome);
	sl_judging_free(&judging);
	sl_grouping_free(grouping);
	sl_summary_close(loading.summary);
	sl_selecting_free();
	sl_spool_close(sl_reading.spool);
	return outcome;
}

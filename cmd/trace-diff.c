/* trace-diff: what sets two sets of traces apart, and where the time went. */
#include "spanline/cli.h"
#include "spanline/text.h"
#include "spanline/verdict.h"
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLE_LEAST = 10, SAMPLE_MOST = 20000 };

/* So that of a hundred comparisons of what is alike hardly one tells of a difference. */
static const double usual_alpha = 0.01;

static struct {
	struct sl_outputs to;
	const char *split, *quantile, *alpha, *least_effect, *fail_on;
	uint64_t seed, sample, top, width;
	bool ascii;
} opt = { .seed = 1, .sample = 2000, .top = UINT64_MAX };

static const struct sl_option options[] = {
	{ 0, "split", "EXPR", "traces in which it is true against the rest", .text = &opt.split },
	{ 0, "split-quantile", "Q", "the traces that are slower (0.95) against the rest",
	  .text = &opt.quantile },
	{ 0, "to", "FORM[:FILE]", "what is written (text); several, each to its file",
	  .outputs = &opt.to, .choice = sl_verdict_form },
	{ 0, "top", "N", "the first N differences; 0: all", .count = &opt.top },
	{ 0, "alpha", "P", "how many of those told may be by chance (0.01)", .text = &opt.alpha },
	{ 0, "fail-on", "LIST", "exit 1: regressed, errors, different, inconclusive",
	  .text = &opt.fail_on },
	{ 0, "min-effect", "LIST", "the least change of durations that counts (5%,2ms)",
	  .text = &opt.least_effect },
	{ 0, "seed", "N", "of what is drawn at random (1)", .count = &opt.seed },
	{ 0, "sample", "N", "traces of a set whose numbers are compared (2000)",
	  .count = &opt.sample, .least = SAMPLE_LEAST, .most = SAMPLE_MOST },
	{ 0, "width", "CELLS", "of a line (the terminal's, $COLUMNS or 100)", .count = &opt.width,
	  .least = 40, .most = 1000 },
	{ 0, "ascii", NULL, "ASCII only", .flag = &opt.ascii },
	{ 0 },
};

static const struct sl_command command = {
	.name = "trace-diff",
	.purpose = "what sets two sets of traces apart, and where the time went",
	.operands = "OLD NEW | --split EXPR [FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_where_options, sl_selecting_options,
						     sl_output_options, sl_input_options, NULL },
};

/* What makes the answer a bad one. */
static struct {
	bool regressed, errors, different, inconclusive;
} fail_on;

static const struct {
	const char *name;
	bool *flag;
} reasons[] = {
	{ "regressed", &fail_on.regressed },
	{ "errors", &fail_on.errors },
	{ "different", &fail_on.different },
	{ "inconclusive", &fail_on.inconclusive },
};

/* False: there is none of that name. */
static bool set_reason(struct sl_slice name)
{
	bool found = false;

	for (size_t i = 0; i < SL_COUNT(reasons); i++) {
		if (sl_slice_equal(name, sl_slice_of(reasons[i].name))) {
			*reasons[i].flag = true;
			found = true;
		}
	}
	return found;
}

static void read_fail_on(void)
{
	struct sl_slice name, list = { NULL, 0 };

	if (opt.fail_on != NULL)
		list = sl_slice_of(opt.fail_on);
	while (sl_next_item(&list, &name))
		if (!set_reason(name))
			sl_die_usage("option '--fail-on': '%.*s' is none of regressed, errors, "
				     "different and inconclusive",
				     (int)name.len, name.data);
}

static struct sl_query *read_split(void)
{
	struct sl_query_options how = { 0 };
	struct sl_query_fault fault;
	struct sl_query *query = NULL;

	if (opt.split == NULL)
		return NULL;
	if (sl_query_compile(&query, sl_slice_of(opt.split), &how, &fault) != SL_OK)
		sl_die_of_fault_in("--split", &fault, opt.split);
	sl_warn_of_units("--split", query, opt.split);
	return query;
}

static void read_options(struct sl_contrast_options *how, char **paths)
{
	struct sl_error err;

	sl_compare_options_init(&how->comparing);
	how->alpha = usual_alpha;
	if (opt.alpha != NULL) {
		if (!sl_parse_double(sl_slice_of(opt.alpha), &how->alpha) ||
		    !(how->alpha >= 0.0001 && how->alpha <= 0.5))
			sl_die_usage("option '--alpha': '%s' is not from 0.0001 to 0.5", opt.alpha);
		how->comparing.alpha = how->alpha;
	}
	how->comparing.seed = opt.seed;
	if (opt.least_effect != NULL &&
	    sl_least_effect_parse(sl_slice_of(opt.least_effect), &how->comparing, &err) != SL_OK)
		sl_die_usage("option '--min-effect': %s", err.text);
	how->by_quantile = opt.quantile != NULL;
	if (how->by_quantile && !sl_parse_quantile(sl_slice_of(opt.quantile), &how->quantile))
		sl_die_usage("option '--split-quantile': '%s' is no quantile, as 0.95",
			     opt.quantile);
	how->seed = opt.seed;
	how->sample = opt.sample;
	how->now = sl_cli_now;
	how->directory = sl_cli_temporary_directory();
	sl_selecting_fill(&how->wanted);
	how->wanted.whole_traces = true;
	sl_selecting_gather(&how->traces, &how->idle_ns);
	how->traces.gather.live = !how->traces.gather.sorted && sl_cli_is_live(paths);
}

/* One input that is split, or two. */
static void check_operands(char **paths)
{
	bool is_split = opt.split != NULL || opt.quantile != NULL;
	size_t count = 0, stdins = 0;

	for (; paths[count] != NULL; count++)
		stdins += strcmp(paths[count], "-") == 0;
	if (opt.split != NULL && opt.quantile != NULL)
		sl_die_usage("--split and --split-quantile are two questions");
	if (!is_split && count != 2)
		sl_die_usage("two operands are compared, OLD and NEW, or one input by --split");
	if (is_split)
		sl_selecting_check_standard_input(paths, 0);
	else /* OLD and NEW are two things */
		sl_selecting_check_standard_input(NULL, stdins);
}

struct reporting {
	struct sl_verdict_options how;
	bool failed; /* by --fail-on */
	bool reported;
};

static enum sl_status write_form(size_t index, struct reporting *reporting,
				 const struct sl_contrast_result *result, struct sl_buffer *out,
				 struct sl_error *err)
{
	reporting->how.width = opt.width != 0 ? (size_t)opt.width
					      : sl_cli_width(sl_outputs_has_stdout(&opt.to, index));
	return sl_verdict_write(opt.to.items[index].form, &reporting->how, result, out, err);
}

/* What is compared with nothing has no bad differences, but that is no answer. */
static void judge_sets(struct reporting *reporting, const struct sl_contrast_result *result)
{
	static const char *const names[SL_SET_COUNT] = {
		[SL_SET_LEFT] = "left", [SL_SET_RIGHT] = "right"
	};

	for (int i = 0; i < SL_SET_COUNT && opt.fail_on != NULL; i++) {
		if (result->sets[i].traces != 0)
			continue;
		sl_warn("no traces on the %s, or none that is chosen", names[i]);
		reporting->failed = true;
	}
}

static void judge(struct reporting *reporting, const struct sl_contrast_result *result)
{
	const struct sl_comparison *duration = &result->duration;

	judge_sets(reporting, result);
	if (fail_on.regressed && duration->verdict == SL_VERDICT_REGRESSED) {
		sl_warn("regressed: root durations are longer (p %.3g)", duration->slower);
		reporting->failed = true;
	}
	if (fail_on.errors && result->has_more_errors) {
		sl_warn("errors: operations fail in more traces");
		reporting->failed = true;
	}
	if (fail_on.different && result->verdict == SL_CONTRAST_DIFFERENT) {
		sl_warn("different: %llu of %llu that were tried",
			(unsigned long long)result->found, (unsigned long long)result->tried);
		reporting->failed = true;
	}
	if (fail_on.inconclusive && result->verdict == SL_CONTRAST_INCONCLUSIVE) {
		sl_warn("inconclusive: too few traces");
		reporting->failed = true;
	}
}

static enum sl_status report(void *context, const struct sl_contrast_result *result,
			     struct sl_buffer *out, struct sl_error *err)
{
	struct reporting *reporting = context;
	struct sl_buffer made = { 0 };
	enum sl_status status = SL_OK;

	judge(reporting, result);
	reporting->reported = true;
	if (!sl_outputs_are_split(&opt.to))
		return write_form(0, reporting, result, out, err);
	for (size_t i = 0; i < opt.to.count && status == SL_OK; i++) {
		made.len = 0;
		status = write_form(i, reporting, result, &made, err);
		if (status == SL_OK)
			status = sl_outputs_write(&opt.to, i, sl_buffer_slice(&made), err);
	}
	sl_buffer_free(&made);
	return status;
}

/* OLD, of which nothing is written. */
static int read_old(struct sl_contrast *contrast, char *path)
{
	struct sl_flow_work work = sl_contrast_work(contrast, SL_SET_LEFT, false);
	struct sl_reading reading = sl_reading;
	char *paths[] = { path, NULL };

	reading.silent = true;
	reading.outputs = NULL;
	reading.output = NULL;
	return sl_reading_run(&reading, paths, &work);
}

static int read_all(struct sl_contrast *contrast, char **paths)
{
	bool is_split = opt.split != NULL || opt.quantile != NULL;
	int before, outcome;
	struct sl_flow_work work;

	sl_reading.needs = sl_contrast_needs(contrast);
	sl_reading.lazy = sl_contrast_is_lazy(contrast);
	before = is_split ? SL_EXIT_OK : read_old(contrast, paths[0]);
	if (before == SL_EXIT_ERROR || before == SL_EXIT_INTERRUPTED ||
	    (before == SL_EXIT_DAMAGED && sl_reading.strict))
		return before;
	work = sl_contrast_work(contrast, SL_SET_RIGHT, true);
	sl_reading.outputs = &opt.to;
	outcome = sl_reading_run(&sl_reading, is_split ? paths : paths + 1, &work);
	return (int)sl_exit_worse((enum sl_exit)before, (enum sl_exit)outcome);
}

/* What the user should know of the answer. */
static int outcome_of(const struct sl_contrast *contrast, const struct reporting *reporting,
		      int outcome)
{
	struct sl_contrast_counts counts = sl_contrast_counts(contrast);

	outcome = sl_selecting_settle(counts.reopened, outcome);
	if (counts.crowded != 0)
		sl_warn("there are too many operations, edges or attributes: %llu times one was "
			"not counted",
			(unsigned long long)counts.crowded);
	if (counts.limits_hit != 0) {
		sl_warn("%llu answers of regular expressions are not known, since a limit was hit",
			(unsigned long long)counts.limits_hit);
		return SL_EXIT_ERROR;
	}
	/* nobody may take that for a gate that holds */
	if (opt.fail_on != NULL && !reporting->reported)
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_ERROR);
	if (reporting->failed)
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_NO);
	return outcome;
}

static void name_sets(struct sl_verdict_options *how, char **paths)
{
	static char slowest[64];

	if (opt.split != NULL) {
		how->names[SL_SET_LEFT] = SL_SLICE("the rest");
		how->names[SL_SET_RIGHT] = sl_slice_of(opt.split);
	} else if (opt.quantile != NULL) {
		how->names[SL_SET_LEFT] = SL_SLICE("the rest");
		snprintf(slowest, sizeof(slowest), "slower than the quantile %s", opt.quantile);
		how->names[SL_SET_RIGHT] = sl_slice_of(slowest);
	} else {
		how->names[SL_SET_LEFT] = sl_slice_of(paths[0]);
		how->names[SL_SET_RIGHT] = sl_slice_of(paths[1]);
	}
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct reporting reporting = { .how = { .top = opt.top } };
	struct sl_contrast_options how = { .report = report, .context = &reporting };
	struct sl_contrast *contrast;
	struct sl_query *split;
	struct sl_error err;
	int outcome;

	check_operands(paths);
	if (opt.to.count == 0)
		opt.to.items[opt.to.count++].form = "text";
	read_fail_on();
	read_options(&how, paths);
	split = read_split();
	how.split = split;
	reporting.how.alpha = how.alpha;
	reporting.how.ascii = opt.ascii;
	name_sets(&reporting.how, paths);
	if (sl_contrast_open(&contrast, &how, &err) != SL_OK)
		sl_die("%s", err.text);
	outcome = read_all(contrast, paths);
	outcome = outcome_of(contrast, &reporting, outcome);
	sl_contrast_close(contrast);
	sl_query_free(split);
	sl_selecting_free();
	return outcome;
}

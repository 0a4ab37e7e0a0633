/* trace-stats: how often, how slow, how wrong, by group. */
#include "spanline/cli.h"
#include "spanline/report.h"
#include "spanline/text.h"
#include <stdlib.h>

static struct {
	struct sl_outputs to;
	const char *by, *window, *sort, *measures, *quantiles;
	uint64_t top, width;
	bool roots, ascii;
} opt = { .by = "service,name", .sort = "sum", .top = UINT64_MAX };

/* Half of what can be shown: both lists together are not too long. */
static struct measures {
	struct sl_measure items[SL_MEASURE_LIMIT / 2];
	size_t count;
} shown_measures, shown_quantiles;

static const struct sl_option options[] = {
	{ 0, "by", "LIST", "what spans are grouped by (service,name)", .text = &opt.by },
	{ 0, "root", NULL, "only the roots of traces", .flag = &opt.roots },
	{ 0, "window", "DURATION", "and by when they start, in steps of this",
	  .text = &opt.window },
	{ 0, "measure", "LIST", "what is shown of each group", .text = &opt.measures },
	{ 0, "quantiles", "LIST", "instead of p50, p95 and p99 (0.5,0.999)",
	  .text = &opt.quantiles },
	{ 0, "sort", "MEASURE", "largest first (sum), or 'group'", .text = &opt.sort },
	{ 0, "top", "N", "the first N groups; 0: all", .count = &opt.top },
	{ 0, "to", "FORM[:FILE]", "what is written (table); several, each to its file",
	  .outputs = &opt.to, .choice = sl_report_form },
	{ 0, "width", "CELLS", "of a line (the terminal's, $COLUMNS or 100)", .count = &opt.width,
	  .least = 40, .most = 1000 },
	{ 0, "ascii", NULL, "ASCII only", .flag = &opt.ascii },
	{ 0 },
};

static const struct sl_command command = {
	.name = "trace-stats",
	.purpose = "how often, how slow, how wrong: spans in groups",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_where_options, sl_selecting_options,
						     sl_reading_options, NULL },
};

static struct sl_slice slice_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static struct sl_grouping *read_grouping(void)
{
	struct sl_grouping *grouping;
	struct sl_query_fault fault;
	int64_t window_ns;

	if (sl_grouping_compile(&grouping, slice_of(opt.by), &fault) != SL_OK)
		sl_die_of_fault(&fault, opt.by);
	if (opt.window == NULL)
		return grouping;
	if (!sl_parse_duration(slice_of(opt.window), &window_ns) || window_ns == 0)
		sl_die_usage("option '--window': '%s' is no duration as 1m", opt.window);
	if (sl_grouping_add_window(grouping, (uint64_t)window_ns, &fault) != SL_OK)
		sl_die("%s", fault.text);
	return grouping;
}

/* The next part of a list, and what is behind its comma; false: there is none. */
static bool next_part(const char **list, struct sl_slice *part)
{
	if (*list == NULL)
		return false;
	part->data = *list;
	part->len = strcspn(*list, ",");
	*list = part->data[part->len] == ',' ? part->data + part->len + 1 : NULL;
	*part = sl_trim(*part);
	return true;
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
	const char *list = opt.measures;
	struct sl_slice part;

	while (next_part(&list, &part))
		if (!sl_measure_parse(part, add_measure(measures, "--measure")))
			sl_die_usage("option '--measure': '%.*s' is no measure, as count, p95 or "
				     "sum",
				     (int)part.len, part.data);
}

static void read_quantiles(struct measures *measures)
{
	const char *list = opt.quantiles;
	struct sl_quantile quantile;
	struct sl_slice part;

	while (next_part(&list, &part)) {
		if (!sl_parse_quantile(part, &quantile))
			sl_die_usage("option '--quantiles': '%.*s' is no quantile, as 0.95",
				     (int)part.len, part.data);
		sl_measure_quantile(add_measure(measures, "--quantiles"), quantile);
	}
}

static void read_report(struct sl_report_options *how)
{
	read_measures(&shown_measures);
	read_quantiles(&shown_quantiles);
	how->measures = shown_measures.items;
	how->measure_count = shown_measures.count;
	how->quantiles = shown_quantiles.items;
	how->quantile_count = shown_quantiles.count;
	how->by_group = strcmp(opt.sort, "group") == 0;
	if (!how->by_group && !sl_measure_parse(slice_of(opt.sort), &how->sort))
		sl_die_usage("option '--sort': '%s' is no measure, as count, p95 or sum", opt.sort);
	how->top = opt.top;
	how->ascii = opt.ascii;
}

static enum sl_status write_form(size_t index, struct sl_report_options *how,
				 struct sl_groups *groups, struct sl_buffer *out,
				 struct sl_error *err)
{
	how->width = opt.width != 0 ? (size_t)opt.width
				    : sl_cli_width(sl_outputs_has_stdout(&opt.to, index));
	return sl_report_write(opt.to.items[index].form, how, groups, out, err);
}

/* Each form where it belongs. */
static enum sl_status report(void *context, struct sl_groups *groups, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct sl_buffer made = { 0 };
	enum sl_status status = SL_OK;

	if (!sl_outputs_are_split(&opt.to))
		return write_form(0, context, groups, out, err);
	for (size_t i = 0; i < opt.to.count && status == SL_OK; i++) {
		made.len = 0;
		status = write_form(i, context, groups, &made, err);
		if (status == SL_OK && made.failed)
			status = sl_fail_memory(err);
		if (status == SL_OK)
			status = sl_outputs_write(&opt.to, i, sl_buffer_slice(&made), err);
	}
	sl_buffer_free(&made);
	return status;
}

/* What the user should know of the numbers. */
static int outcome_of(const struct sl_stats *stats, int outcome)
{
	sl_selecting_warn_late(stats->reopened);
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

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct sl_grouping *grouping = read_grouping();
	struct sl_report_options how = { 0 };
	struct sl_stats stats = { .grouping = grouping,
				  .roots = opt.roots,
				  .now = sl_cli_now,
				  .report = report,
				  .context = &how };
	struct sl_head_tests tests;
	struct sl_flow_work work;
	int outcome;

	if (opt.to.count == 0)
		opt.to.items[opt.to.count++].form = "table";
	sl_reading.outputs = &opt.to;
	read_report(&how);
	sl_selecting_fill(&stats.wanted);
	sl_selecting_gather(&stats.traces, &stats.idle_ns);
	stats.traces.gather.live = !stats.traces.gather.sorted && sl_cli_is_live(paths);
	work = sl_stats_work(&stats);
	sl_reading.needs = sl_stats_needs(&stats);
	sl_reading.lazy = !sl_stats_needs_traces(&stats);
	sl_reading.text = true;
	if (sl_stats_head(&stats, &tests))
		sl_reading.tests = &tests;
	sl_reading.literal = sl_stats_literal(&stats);
	outcome = outcome_of(&stats, sl_reading_run(&sl_reading, paths, &work));
	sl_grouping_free(grouping);
	sl_selecting_free();
	return outcome;
}

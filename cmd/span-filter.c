/* span-filter: the spans, or traces, for which a TraceQL expression is true. */
#include "spanline/cli.h"
#include "spanline/filter.h"
#include "spanline/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const compats[] = { "tempo", "none", NULL };

static struct {
	struct sl_texts expressions, files;
	const char *drop, *keep, *sample, *shard, *fields, *compat;
	bool invert, count, quiet, list, list_others, exit_status;
	bool traces, ancestors, descendants, spansets, reparent;
	bool ast, lint, explain;
	uint64_t max;
} opt = { .max = UINT64_MAX, .compat = "none" };

static const struct sl_option options[] = {
	{ 'e', "expression", "EXPR", "EXPR, or another one: then all operands are files",
	  .texts = &opt.expressions },
	{ 'f', "file", "FILE", "expressions from FILE, one a line", .texts = &opt.files },
	{ 'v', "invert", NULL, "what does not match", .flag = &opt.invert },
	{ 'c', "count", NULL, "only how many", .flag = &opt.count },
	{ 'q', "quiet", NULL, "write nothing: status 0 at the first match, else 1",
	  .flag = &opt.quiet },
	{ 'm', "max", "N", "stop after N", .count = &opt.max },
	{ 'l', "list", NULL, "only the ids of traces that match", .flag = &opt.list },
	{ 'L', "list-others", NULL, "only the ids of traces that do not",
	  .flag = &opt.list_others },
	{ 0, "exit-status", NULL, "status 1 where nothing matches", .flag = &opt.exit_status },
	{ 'T', "traces", NULL, "the whole traces in which something matches", .flag = &opt.traces },
	{ 0, "ancestors", NULL, "what stands above the matches, too", .flag = &opt.ancestors },
	{ 0, "descendants", NULL, "what stands below the matches, too", .flag = &opt.descendants },
	{ 0, "spansets", NULL, "one JSON object for each spanset", .flag = &opt.spansets },
	{ 0, "fields", "LIST", "these fields only, as flat JSON", .text = &opt.fields },
	{ 0, "drop", "EXPR", "leave out the spans for which EXPR is true", .text = &opt.drop },
	{ 0, "reparent", NULL, "hang what is below a gap on what is above it",
	  .flag = &opt.reparent },
	{ 0, "sample", "P", "a part of all traces (5%, 0.05, 1/20)", .text = &opt.sample },
	{ 0, "keep", "EXPR", "with --sample: all traces in which EXPR matches", .text = &opt.keep },
	{ 0, "shard", "I/N", "the I-th of N parts of all traces", .text = &opt.shard },
	{ 0, "compat", "LANGUAGE", "the language's meaning where ours is another",
	  .text = &opt.compat, .choices = compats },
	{ 0, "ast", NULL, "show how EXPR is understood", .flag = &opt.ast },
	{ 0, "lint", NULL, "show what is probably not meant", .flag = &opt.lint },
	{ 0, "explain", NULL, "show how it would be run", .flag = &opt.explain },
	{ 0 },
};

static const struct sl_command command = {
	.name = "span-filter",
	.purpose = "the spans for which a TraceQL expression is true",
	.operands = "EXPR [FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_selecting_options, sl_output_options,
						     sl_input_options, NULL },
};

static struct sl_slice slice_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

/* A list of queries, owned, and their texts. */
struct queries {
	struct sl_query **items;
	struct sl_texts texts;
};

static struct sl_query_options query_options(void)
{
	bool tempo = strcmp(opt.compat, "tempo") == 0;

	/* Tempo's parser takes more than its engine answers */
	return (struct sl_query_options){ .tempo = tempo, .unchecked = tempo && opt.ast };
}

static void add_query(struct queries *queries, const char *text)
{
	struct sl_query_options how = query_options();
	struct sl_query_fault fault;
	size_t count = queries->texts.count;

	queries->items = realloc(queries->items, (count + 1) * sizeof(struct sl_query *));
	if (queries->items == NULL)
		sl_die("out of memory");
	if (sl_query_compile(&queries->items[count], slice_of(text), &how, &fault) != SL_OK)
		sl_die_of_fault(&fault, text);
	sl_texts_add(&queries->texts, text);
}

static void free_queries(struct queries *queries)
{
	for (size_t i = 0; i < queries->texts.count; i++)
		sl_query_free(queries->items[i]);
	free(queries->items);
	free(queries->texts.items);
}

/* What can stand without an expression, because it says itself what is wanted. */
static bool selects_without_expression(void)
{
	return opt.drop != NULL || opt.sample != NULL || opt.shard != NULL || opt.fields != NULL ||
	       sl_selecting_anything();
}

static bool is_file(const char *name)
{
	return strcmp(name, "-") == 0 || access(name, F_OK) == 0;
}

/* The queries of -e and -f, or of the first operand, which is then taken off *paths. */
static void read_queries(struct queries *queries, char ***paths)
{
	for (size_t i = 0; i < opt.files.count; i++)
		sl_texts_read(&opt.expressions, opt.files.items[i]);
	for (size_t i = 0; i < opt.expressions.count; i++)
		add_query(queries, opt.expressions.items[i]);
	if (opt.files.count != 0 && queries->texts.count == 0)
		sl_die("%s: there is no expression in it", opt.files.items[0]);
	if (queries->texts.count != 0)
		return;
	if (selects_without_expression() && (**paths == NULL || is_file(**paths)))
		return;
	if (**paths == NULL)
		sl_die_usage("an expression is missing");
	if ((*paths)[1] == NULL && is_file(**paths) && strcmp(**paths, "-") != 0)
		sl_die_usage("an expression is missing before the file '%s'", **paths);
	add_query(queries, **paths);
	++*paths;
}

static void read_shard(struct sl_selection *selection)
{
	const char *slash = opt.shard != NULL ? strchr(opt.shard, '/') : NULL;

	if (opt.shard == NULL)
		return;
	if (slash == NULL ||
	    !sl_parse_u64((struct sl_slice){ opt.shard, (size_t)(slash - opt.shard) },
			  &selection->shard) ||
	    !sl_parse_u64(slice_of(slash + 1), &selection->shard_count) || selection->shard < 1 ||
	    selection->shard > selection->shard_count)
		sl_die_usage("option '--shard': '%s' is no part as 1/4", opt.shard);
	selection->shard--;
}

static enum sl_filter_unit unit_wanted(void)
{
	if (opt.list || opt.list_others)
		return SL_FILTER_TRACE_IDS;
	if (opt.spansets)
		return SL_FILTER_SPANSETS;
	return opt.traces ? SL_FILTER_TRACES : SL_FILTER_SPANS;
}

static void read_sample(struct sl_filter *filter)
{
	filter->samples = opt.sample != NULL;
	if (opt.sample != NULL && !sl_parse_probability(slice_of(opt.sample), &filter->threshold))
		sl_die_usage("option '--sample': '%s' is no part as 5%%, 0.05 or 1/20", opt.sample);
}

static void check_options(void)
{
	if (opt.keep != NULL && opt.sample == NULL)
		sl_die_usage("option '--keep' needs --sample");
	if (opt.list + opt.list_others + opt.spansets + opt.traces > 1)
		sl_die_usage("only one of -l, -L, -T and --spansets can be had");
	if (opt.fields != NULL && (opt.list || opt.list_others || opt.spansets))
		sl_die_usage("--fields has no meaning with -l, -L and --spansets");
}

static void fill_filter(struct sl_filter *filter, const struct queries *queries)
{
	sl_selecting_fill(&filter->wanted);
	filter->wanted.queries = (const struct sl_query *const *)queries->items;
	filter->wanted.query_count = queries->texts.count;
	filter->wanted.invert = opt.invert != opt.list_others;
	filter->wanted.whole_traces = opt.traces || opt.list || opt.list_others || opt.spansets;
	filter->wanted.ancestors = opt.ancestors;
	filter->wanted.descendants = opt.descendants;
	read_shard(&filter->wanted);
	read_sample(filter);
	sl_selecting_gather(&filter->traces, &filter->idle_ns);
	filter->now = sl_cli_now;
	filter->unit = unit_wanted();
	filter->limit = opt.max;
	filter->reparent = opt.reparent;
	filter->count_only = opt.count;
	filter->quiet = opt.quiet;
	filter->printable = sl_reading.output == NULL && isatty(STDOUT_FILENO);
}

/* A selection by one expression, for --drop and --keep. */
static const struct sl_selection *select_by(struct sl_selection *selection, struct queries *queries,
					    const char *expression, bool whole_traces)
{
	if (expression == NULL)
		return NULL;
	add_query(queries, expression);
	*selection =
		(struct sl_selection){ .queries = (const struct sl_query *const *)queries->items,
				       .query_count = queries->texts.count,
				       .whole_traces = whole_traces,
				       .until_ns = UINT64_MAX };
	return selection;
}

static void show_trees(const struct queries *queries)
{
	struct sl_buffer tree = { 0 };

	for (size_t i = 0; i < queries->texts.count; i++) {
		sl_query_print(queries->items[i], &tree);
		sl_buffer_add_byte(&tree, '\n');
	}
	fwrite(tree.data, 1, tree.len, stdout);
	sl_buffer_free(&tree);
}

struct findings {
	const char *text;
	size_t count;
};

static void show_finding(void *context, const struct sl_query_fault *warning)
{
	struct findings *findings = context;
	struct sl_buffer lines = { 0 };

	sl_query_show_fault(warning, slice_of(findings->text), &lines);
	fwrite(lines.data, 1, lines.len, stdout);
	sl_buffer_free(&lines);
	findings->count++;
}

static int show_lint(const struct queries *queries)
{
	struct findings findings = { 0 };

	for (size_t i = 0; i < queries->texts.count; i++) {
		findings.text = queries->texts.items[i];
		sl_query_lint(queries->items[i], show_finding, &findings);
	}
	return findings.count != 0 ? SL_EXIT_NO : SL_EXIT_OK;
}

static void explain(const struct sl_filter *filter, const struct queries *queries)
{
	static const char *const needs[] = {
		"trace_id", "span_id",	      "parent_span_id", "name",	      "service", "kind",
		"status",   "status_message", "times",		"attributes", "all",
	};
	unsigned needed = sl_filter_needs(filter);

	show_trees(queries);
	if (sl_filter_needs_traces(filter))
		printf("trace by trace: gathered in memory up to %zu bytes, then in files in %s\n",
		       filter->traces.gather.limit_bytes, filter->traces.gather.directory);
	else
		printf("span by span, in the order of the input, in constant memory\n");
	printf("looks at:");
	for (size_t i = 0; i < SL_COUNT(needs); i++)
		if (needed & 1U << i)
			printf(" %s", needs[i]);
	printf(needed == 0 ? " nothing\n" : "\n");
	for (size_t i = 0; i < queries->texts.count; i++) {
		struct sl_slice literal = sl_query_literal(queries->items[i]);

		if (literal.len != 0)
			printf("lines without \"%.*s\" are passed over\n", (int)literal.len,
			       literal.data);
	}
}

/* --ast, --lint, --explain: nothing is read. */
static bool answers_only(const struct sl_filter *filter, const struct queries *queries,
			 int *outcome)
{
	*outcome = SL_EXIT_OK;
	if (opt.ast)
		show_trees(queries);
	if (opt.lint)
		*outcome = show_lint(queries);
	if (opt.explain)
		explain(filter, queries);
	return opt.ast || opt.lint || opt.explain;
}

static int outcome_of(const struct sl_filter *filter, int outcome)
{
	if (filter->limits_hit != 0) {
		sl_warn("%llu answer%s not known, since a regular expression hit its limit",
			(unsigned long long)filter->limits_hit,
			filter->limits_hit == 1 ? " is" : "s are");
		return SL_EXIT_ERROR;
	}
	if (opt.quiet && filter->matched != 0)
		return SL_EXIT_OK;
	if ((opt.quiet || opt.exit_status) && filter->matched == 0)
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_NO);
	return outcome;
}

static struct sl_projection *read_fields(void)
{
	struct sl_query_options how = query_options();
	struct sl_projection *projection = NULL;
	struct sl_query_fault fault;

	if (opt.fields != NULL &&
	    sl_projection_compile(&projection, slice_of(opt.fields), &how, &fault) != SL_OK)
		sl_die_of_fault(&fault, opt.fields);
	return projection;
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct sl_filter filter = { 0 };
	struct queries queries = { 0 }, drop = { 0 }, keep = { 0 };
	struct sl_selection dropped, kept;
	struct sl_head_tests tests;
	struct sl_projection *projection = read_fields();
	int outcome;

	check_options();
	read_queries(&queries, &paths);
	fill_filter(&filter, &queries);
	filter.dropped = select_by(&dropped, &drop, opt.drop, false);
	filter.kept = select_by(&kept, &keep, opt.keep, true);
	filter.projection = projection;
	if (!answers_only(&filter, &queries, &outcome)) {
		struct sl_flow_work work = sl_filter_work(&filter);

		sl_reading.needs = sl_filter_needs(&filter);
		sl_reading.lazy = !sl_filter_needs_traces(&filter);
		sl_reading.text = !sl_reading.lazy ||
				  !(sl_reading.needs & (SL_NEED_ATTRIBUTES | SL_NEED_WHOLE));
		sl_reading.literal = sl_filter_literal(&filter);
		if (sl_filter_head(&filter, &tests))
			sl_reading.tests = &tests;
		sl_reading.silent = opt.quiet;
		filter.traces.gather.live = !filter.traces.gather.sorted && sl_cli_is_live(paths);
		outcome = outcome_of(&filter, sl_reading_run(&sl_reading, paths, &work));
	}
	sl_selecting_warn_late(filter.reopened);
	sl_projection_free(projection);
	free_queries(&queries);
	free_queries(&drop);
	free_queries(&keep);
	sl_selecting_free();
	return outcome;
}

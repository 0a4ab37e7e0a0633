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
	struct sl_texts origins; /* of expressions, where there are several or files */
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

/* A list of queries, owned, their texts, and which of several each is, or NULL. */
struct queries {
	struct sl_query **items;
	struct sl_texts texts, origins;
};

static struct sl_query_options query_options(void)
{
	bool tempo = strcmp(opt.compat, "tempo") == 0;

	/* Tempo's parser takes more than its engine answers */
	return (struct sl_query_options){ .tempo = tempo, .unchecked = tempo && opt.ast };
}

static void add_query(struct queries *queries, const char *text, const char *origin)
{
	struct sl_query_options how = query_options();
	struct sl_query_fault fault;
	size_t count = queries->texts.count;

	queries->items = realloc(queries->items, (count + 1) * sizeof(struct sl_query *));
	if (queries->items == NULL)
		sl_die("out of memory");
	if (sl_query_compile(&queries->items[count], sl_slice_of(text), &how, &fault) != SL_OK)
		sl_die_of_fault_in(origin, &fault, text);
	sl_texts_add(&queries->texts, text);
	sl_texts_add(&queries->origins, origin);
}

static void free_queries(struct queries *queries)
{
	for (size_t i = 0; i < queries->texts.count; i++)
		sl_query_free(queries->items[i]);
	free(queries->items);
	free(queries->texts.items);
	free(queries->origins.items);
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

static void add_from_file(void *path, const char *text, size_t line)
{
	sl_texts_add_numbered(&opt.origins, path, ':', line);
	sl_texts_add(&opt.expressions, text);
}

/* The queries of -e and -f. */
static void read_expressions(struct queries *queries)
{
	bool several = opt.expressions.count + opt.files.count > 1;

	for (size_t i = 0; several && i < opt.expressions.count; i++)
		sl_texts_add_numbered(&opt.origins, "expression", ' ', i + 1);
	for (size_t i = 0; i < opt.files.count; i++)
		sl_texts_read_each(opt.files.items[i], add_from_file,
				   (char *)(uintptr_t)opt.files.items[i]);
	for (size_t i = 0; i < opt.expressions.count; i++)
		add_query(queries, opt.expressions.items[i],
			  opt.origins.count != 0 ? opt.origins.items[i] : NULL);
	if (opt.files.count != 0 && queries->texts.count == 0)
		sl_die("%s: there is no expression in it", opt.files.items[0]);
}

/* Whether the first operand is the expression. */
static bool expression_is_operand(char **paths)
{
	if (opt.expressions.count + opt.files.count != 0)
		return false;
	if (selects_without_expression() && (*paths == NULL || is_file(*paths)))
		return false;
	if (*paths == NULL)
		sl_die_usage("an expression is missing");
	if (paths[1] == NULL && is_file(*paths) && strcmp(*paths, "-") != 0)
		sl_die_usage("an expression is missing before the file '%s'", *paths);
	return true;
}

static bool answers_only(void)
{
	return opt.ast || opt.lint || opt.explain;
}

/* What is read twice is empty the second time. */
static void check_standard_input(char **files)
{
	size_t wanted = 0;

	for (size_t i = 0; i < opt.files.count; i++)
		wanted += strcmp(opt.files.items[i], "-") == 0;
	sl_selecting_check_standard_input(answers_only() ? NULL : files, wanted);
}

/* The queries, and *paths without them. */
static void read_queries(struct queries *queries, char ***paths)
{
	bool operand = expression_is_operand(*paths);

	check_standard_input(*paths + operand);
	if (operand)
		add_query(queries, *(*paths)++, NULL);
	else
		read_expressions(queries);
}

static void read_shard(struct sl_selection *selection)
{
	const char *slash = opt.shard != NULL ? strchr(opt.shard, '/') : NULL;

	if (opt.shard == NULL)
		return;
	if (slash == NULL ||
	    !sl_parse_u64((struct sl_slice){ opt.shard, (size_t)(slash - opt.shard) },
			  &selection->shard) ||
	    !sl_parse_u64(sl_slice_of(slash + 1), &selection->shard_count) ||
	    selection->shard < 1 || selection->shard > selection->shard_count)
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
	if (opt.sample != NULL &&
	    !sl_parse_probability(sl_slice_of(opt.sample), &filter->threshold))
		sl_die_usage("option '--sample': '%s' is no part as 5%%, 0.05 or 1/20", opt.sample);
}

static void check_options(void)
{
	if (opt.keep != NULL && opt.sample == NULL)
		sl_die_usage("option '--keep' needs --sample");
	if (opt.list + opt.list_others + opt.spansets + opt.traces > 1)
		sl_die_usage("only one of -l, -L, -T and --spansets can be had");
	if (opt.spansets &&
	    (opt.invert || opt.ancestors || opt.descendants || opt.drop != NULL || opt.reparent))
		sl_die_usage("-v, --ancestors, --descendants, --drop and --reparent have no "
			     "meaning with --spansets");
	if (opt.fields != NULL && (opt.list || opt.list_others))
		sl_die_usage("--fields has no meaning with -l and -L");
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
					    const char *option, bool whole_traces)
{
	const char *expression = whole_traces ? opt.keep : opt.drop;

	if (expression == NULL)
		return NULL;
	add_query(queries, expression, option);
	*selection =
		(struct sl_selection){ .queries = (const struct sl_query *const *)queries->items,
				       .query_count = queries->texts.count,
				       .whole_traces = whole_traces,
				       .until_ns = UINT64_MAX };
	return selection;
}

static void show(struct sl_buffer *text)
{
	if (text->failed)
		sl_die("out of memory");
	if (text->len != 0)
		fwrite(text->data, 1, text->len, stdout);
	sl_buffer_free(text);
}

static void show_trees(const struct queries *queries, const char *label)
{
	struct sl_buffer tree = { 0 };

	for (size_t i = 0; i < queries->texts.count; i++) {
		sl_buffer_printf(&tree, "%s", label);
		sl_query_print(queries->items[i], &tree);
		sl_buffer_add_byte(&tree, '\n');
	}
	show(&tree);
}

struct findings {
	const char *text, *origin;
	size_t count;
};

static void show_finding(void *context, const struct sl_query_fault *warning)
{
	struct findings *findings = context;
	struct sl_buffer lines = { 0 };

	sl_show_fault_in(findings->origin, warning, findings->text, &lines);
	show(&lines);
	findings->count++;
}

static size_t show_lint(const struct queries *queries)
{
	struct findings findings = { 0 };

	for (size_t i = 0; i < queries->texts.count; i++) {
		findings.text = queries->texts.items[i];
		findings.origin = queries->origins.items[i];
		sl_query_lint(queries->items[i], show_finding, &findings);
	}
	return findings.count;
}

/* All that a user gives: what is wanted, --drop, --keep. */
struct given {
	struct queries wanted, drop, keep;
};

/* --ast, --lint, --explain: nothing is read. */
static int answer(const struct sl_filter *filter, const struct given *given)
{
	struct sl_buffer lines = { 0 };
	size_t findings = 0;

	if (opt.ast) {
		show_trees(&given->wanted, "");
		show_trees(&given->drop, "--drop: ");
		show_trees(&given->keep, "--keep: ");
	}
	if (opt.lint)
		findings = show_lint(&given->wanted) + show_lint(&given->drop) +
			   show_lint(&given->keep);
	if (opt.explain)
		sl_filter_explain(filter, &lines);
	show(&lines);
	return findings != 0 ? SL_EXIT_NO : SL_EXIT_OK;
}

static void warn_of_units(const struct queries *queries)
{
	for (size_t i = 0; i < queries->texts.count; i++)
		sl_warn_of_units(queries->origins.items[i], queries->items[i],
				 queries->texts.items[i]);
}

static int run(struct sl_filter *filter, char **paths)
{
	struct sl_flow_work work = sl_filter_work(filter);
	struct sl_head_tests tests;

	sl_reading.needs = sl_filter_needs(filter);
	sl_reading.lazy = !sl_filter_needs_traces(filter);
	sl_reading.text =
		!sl_reading.lazy || !(sl_reading.needs & (SL_NEED_ATTRIBUTES | SL_NEED_WHOLE));
	(void)sl_filter_attribute(filter, &sl_reading.attribute);
	if (sl_filter_head(filter, &tests))
		sl_reading.tests = &tests;
	sl_reading.silent = opt.quiet;
	filter->traces.gather.live = !filter->traces.gather.sorted && sl_cli_is_live(paths);
	return sl_reading_run(&sl_reading, paths, &work);
}

static int outcome_of(const struct sl_filter *filter, int outcome)
{
	if (filter->limits_hit != 0) {
		sl_warn("%llu answer%s not known, since a regular expression hit its limit",
			(unsigned long long)filter->limits_hit,
			filter->limits_hit == 1 ? " is" : "s are");
		return SL_EXIT_ERROR;
	}
	/* as grep's: nothing is looked for where none is wanted */
	bool found = filter->matched != 0 && opt.max != 0;
	if (opt.quiet && found)
		return SL_EXIT_OK;
	if ((opt.quiet || opt.exit_status) && !found)
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_NO);
	return outcome;
}

static void add_field(void *fields, struct sl_slice field)
{
	struct sl_buffer *list = fields;

	if (list->len != 0)
		sl_buffer_add_byte(list, ',');
	sl_buffer_add_slice(list, field);
}

/* --fields and, where fields are shown, what select() names; NULL: there are none. */
static struct sl_projection *read_fields(const struct queries *queries)
{
	struct sl_query_options how = query_options();
	struct sl_projection *projection = NULL;
	struct sl_buffer fields = { 0 };
	struct sl_query_fault fault;

	if (opt.fields != NULL)
		add_field(&fields, sl_slice_of(opt.fields));
	for (size_t i = 0; i < queries->texts.count && (opt.fields != NULL || opt.spansets); i++)
		sl_query_selected(queries->items[i], add_field, &fields);
	if (fields.failed)
		sl_die("out of memory");
	/* what select() names is no fault: the query has it */
	if ((opt.fields != NULL || fields.len != 0) &&
	    sl_projection_compile(&projection, sl_buffer_slice(&fields), &how, &fault) != SL_OK)
		sl_die_of_fault_in("--fields", &fault, opt.fields != NULL ? opt.fields : "");
	sl_buffer_free(&fields);
	return projection;
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct sl_filter filter = { 0 };
	struct given given = { 0 };
	struct sl_selection dropped, kept;
	struct sl_projection *projection;
	int outcome;

	check_options();
	read_queries(&given.wanted, &paths);
	fill_filter(&filter, &given.wanted);
	filter.dropped = select_by(&dropped, &given.drop, "--drop", false);
	filter.kept = select_by(&kept, &given.keep, "--keep", true);
	filter.projection = projection = read_fields(&given.wanted);
	if (answers_only()) {
		outcome = answer(&filter, &given);
		sl_cli_end_answer();
	} else {
		warn_of_units(&given.wanted);
		warn_of_units(&given.drop);
		warn_of_units(&given.keep);
		outcome = outcome_of(&filter, run(&filter, paths));
		outcome = sl_selecting_settle(filter.reopened, outcome);
	}
	sl_projection_free(projection);
	free_queries(&given.wanted);
	free_queries(&given.drop);
	free_queries(&given.keep);
	sl_selecting_free();
	return outcome;
}

/* What is wanted of a stream, as all commands that select take it: ids, times, a query; and how its
 * traces are gathered. */
#include "spanline/cli.h"
#include "spanline/select.h"
#include "spanline/text.h"
#include "spanline/traces.h"
#include <stdlib.h>

static struct {
	struct sl_texts ids;
	struct sl_texts all_ids; /* with those of files, whose lines live as long as the program */
	const char *where, *since, *until, *idle;
	bool sorted;
	size_t mem_limit;
	/* what they mean */
	struct sl_query *query;
	struct sl_id_list id_list;
} opt = { .idle = "10s", .mem_limit = (size_t)1 << 30 };

const struct sl_option sl_where_options[] = {
	{ 0, "where", "EXPR", "only where EXPR, a TraceQL query, is true", .text = &opt.where },
	{ 0 },
};

const struct sl_option sl_selecting_options[] = {
	{ 't', "trace", "ID", "only this trace; its start is enough (@FILE)", .texts = &opt.ids },
	{ 0, "since", "TIME", "what starts at TIME or later", .text = &opt.since },
	{ 0, "until", "TIME", "what starts before TIME", .text = &opt.until },
	{ 0, "sorted", NULL, "the spans of a trace stand together", .flag = &opt.sorted },
	{ 0, "trace-idle", "DURATION", "on a live stream, a trace ends after this (10s)",
	  .text = &opt.idle },
	{ 0, "mem-limit", "SIZE", "memory for gathering traces, then files (1G)",
	  .size = &opt.mem_limit, .least = 65536 },
	{ 0 },
};

bool sl_selecting_anything(void)
{
	return opt.ids.count != 0 || opt.where != NULL || opt.since != NULL || opt.until != NULL;
}

const char *sl_selecting_where(void)
{
	return opt.where;
}

static bool read_standard_input(char **operands)
{
	if (operands[0] == NULL)
		return true;
	for (; *operands != NULL; operands++)
		if (strcmp(*operands, "-") == 0)
			return true;
	return false;
}

void sl_selecting_check_standard_input(char **operands, size_t others)
{
	size_t wanted = others;

	for (size_t i = 0; i < opt.ids.count; i++)
		wanted += strcmp(opt.ids.items[i], "@-") == 0;
	wanted += operands != NULL && read_standard_input(operands);
	if (wanted > 1)
		sl_die_usage("standard input is wanted for more than one thing");
}

void sl_show_fault_in(const char *origin, const struct sl_query_fault *fault, const char *text,
		      struct sl_buffer *out)
{
	static const char only_line[] = "line 1, ";
	size_t at, len = sizeof(only_line) - 1;

	if (origin != NULL)
		sl_buffer_printf(out, "%s: ", origin);
	at = out->len;
	sl_query_show_fault(fault, sl_slice_of(text), out);
	/* behind an origin it would be taken for the line of a file */
	if (origin == NULL || strchr(text, '\n') != NULL || out->failed || out->len < at + len ||
	    memcmp(out->data + at, only_line, len) != 0)
		return;
	memmove(out->data + at, out->data + at + len, out->len - at - len);
	out->len -= len;
}

void sl_die_of_fault_in(const char *origin, const struct sl_query_fault *fault, const char *text)
{
	struct sl_buffer lines = { 0 };

	sl_show_fault_in(origin, fault, text, &lines);
	sl_warn_lines(sl_buffer_slice(&lines));
	exit(SL_EXIT_ERROR);
}

void sl_die_of_fault(const struct sl_query_fault *fault, const char *text)
{
	sl_die_of_fault_in(NULL, fault, text);
}

/* The first of the warnings about a query. */
struct first {
	struct sl_query_fault warning;
	bool found;
};

static void keep_first(void *context, const struct sl_query_fault *warning)
{
	struct first *first = context;

	if (!first->found)
		*first = (struct first){ *warning, true };
}

void sl_warn_of_units(const char *origin, const struct sl_query *query, const char *text)
{
	struct first first = { .found = false };
	struct sl_buffer lines = { 0 };
	const char *newline;

	sl_query_lint_units(query, keep_first, &first);
	if (!first.found)
		return;
	sl_show_fault_in(origin, &first.warning, text, &lines);
	newline = lines.len != 0 ? memchr(lines.data, '\n', lines.len) : NULL;
	if (newline != NULL)
		sl_warn_lines((struct sl_slice){ lines.data, (size_t)(newline - lines.data) });
	sl_buffer_free(&lines);
}

static void read_time(const char *name, const char *text, uint64_t *unix_ns)
{
	if (text != NULL && !sl_parse_when(sl_slice_of(text), sl_cli_now(), unix_ns))
		sl_die_usage("option '--%s': '%s' is no time (as 2026-11-21T14:00:00Z, 14:00 or "
			     "now-5m)",
			     name, text);
}

static void read_ids(struct sl_selection *selection)
{
	struct sl_texts *all = &opt.all_ids;
	struct sl_error err;

	for (size_t i = 0; i < opt.ids.count; i++) {
		if (opt.ids.items[i][0] == '@')
			sl_texts_read(all, opt.ids.items[i] + 1);
		else
			sl_texts_add(all, opt.ids.items[i]);
	}
	for (size_t i = 0; i < all->count; i++)
		if (sl_id_list_add(&opt.id_list, sl_slice_of(all->items[i]), &err) != SL_OK)
			sl_die_usage("%s", err.text);
	sl_id_list_sort(&opt.id_list);
	if (opt.ids.count != 0)
		selection->ids = &opt.id_list;
}

static void read_where(struct sl_selection *selection)
{
	struct sl_query_options how = { 0 };
	struct sl_query_fault fault;

	if (opt.where == NULL)
		return;
	if (sl_query_compile(&opt.query, sl_slice_of(opt.where), &how, &fault) != SL_OK)
		sl_die_of_fault_in("--where", &fault, opt.where);
	sl_warn_of_units("--where", opt.query, opt.where);
	selection->queries = (const struct sl_query *const *)&opt.query;
	selection->query_count = 1;
}

void sl_selecting_fill(struct sl_selection *selection)
{
	selection->until_ns = UINT64_MAX;
	read_time("since", opt.since, &selection->since_ns);
	read_time("until", opt.until, &selection->until_ns);
	read_ids(selection);
	read_where(selection);
}

void sl_selecting_free(void)
{
	sl_query_free(opt.query);
	opt.query = NULL;
	sl_id_list_free(&opt.id_list);
	free(opt.ids.items);
	opt.ids = (struct sl_texts){ 0 };
}

/* What options mean, not what they say: "now-5m" and a file of ids are others next time. */
uint64_t sl_selecting_hash(const struct sl_selection *selection, uint64_t seed)
{
	uint64_t hash = sl_hash64(&selection->since_ns, sizeof(selection->since_ns), seed);

	hash = sl_hash64(&selection->until_ns, sizeof(selection->until_ns), hash);
	if (opt.where != NULL)
		hash = sl_hash64(opt.where, strlen(opt.where) + 1, hash);
	for (size_t i = 0; i < opt.all_ids.count; i++)
		hash = sl_hash64(opt.all_ids.items[i], strlen(opt.all_ids.items[i]) + 1, hash);
	/* an empty list of ids is another one than none */
	hash = sl_hash64(&opt.ids.count, sizeof(opt.ids.count), hash);
	return sl_hash64(&opt.sorted, sizeof(opt.sorted), hash);
}

void sl_selecting_gather(struct sl_traces_options *traces, uint64_t *idle_ns)
{
	int64_t idle;

	if (!sl_parse_duration(sl_slice_of(opt.idle), &idle))
		sl_die_usage("option '--trace-idle': '%s' is no duration as 10s", opt.idle);
	*idle_ns = (uint64_t)idle;
	traces->gather = (struct sl_gather_options){ .limit_bytes = opt.mem_limit,
						     .directory = sl_cli_temporary_directory(),
						     .sorted = opt.sorted };
	traces->max_depth = (unsigned)sl_reading.max_depth;
}

int sl_selecting_settle(uint64_t reopened, int outcome)
{
	if (reopened == 0)
		return outcome;
	sl_warn("%llu trace%s came again after being complete, to be looked at in parts: see %s",
		(unsigned long long)reopened, reopened == 1 ? "" : "s",
		opt.sorted ? "--sorted" : "--trace-idle");
	return opt.sorted ? (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_ERROR) : outcome;
}

/* A baseline: groups from before, of a summary or of spans, and what has changed since. */
#include "loading.h"
#include "spanline/io.h"
#include <stdlib.h>
#include <unistd.h>

/* What a flow over the baseline's spans hands on. */
struct keeping {
	const struct sl_summary_how *how;
	struct sl_loading *loading;
	const char *path;
	struct sl_buffer bytes;
	uint64_t number;
};

static enum sl_status keep_bytes(void *context, struct sl_slice bytes, struct sl_error *err)
{
	struct keeping *keeping = context;

	sl_buffer_add_slice(&keeping->bytes, bytes);
	if (keeping->bytes.failed)
		return sl_fail_memory(err);
	loading_add_lines(keeping->loading, keeping->path, &keeping->number, &keeping->bytes);
	return SL_OK;
}

static enum sl_status keep(void *context, struct sl_groups *groups, struct sl_buffer *out,
			   struct sl_error *err)
{
	struct sl_summary_sink sink = { .write = keep_bytes, .context = context };
	struct keeping *keeping = context;

	(void)out;
	return sl_summary_write(keeping->how, groups, &sink, err);
}

static void count_spans(struct sl_judging *judging, char *path, const struct sl_summary_how *how,
			const struct sl_stats *like)
{
	struct keeping keeping = { how, &judging->before, judging->baseline, { 0 }, 0 };
	struct sl_reading reading = sl_reading;
	struct sl_stats stats = { .wanted = like->wanted,
				  .grouping = like->grouping,
				  .with_traces = true,
				  .roots = like->roots,
				  .traces = like->traces,
				  .idle_ns = like->idle_ns,
				  .now = like->now,
				  .report = keep,
				  .context = &keeping };
	struct sl_flow_work work;
	char *paths[] = { path, NULL };

	/* the baseline is of another time, and of other traces */
	stats.wanted.since_ns = 0;
	stats.wanted.until_ns = UINT64_MAX;
	stats.wanted.ids = NULL;
	work = sl_stats_work(&stats);
	reading.needs = sl_stats_needs(&stats);
	reading.lazy = sl_stats_is_lazy(&stats);
	reading.text = sl_stats_takes_text(&stats);
	reading.silent = true;
	reading.summary = false;
	reading.outputs = NULL;
	reading.output = NULL;
	judging->before.outcome = sl_reading_run(&reading, paths, &work);
	sl_buffer_free(&keeping.bytes);
}

/* Where there need not be one, a warning says that there is nothing to compare with. */
static void do_without(const struct sl_judging *judging, const char *why)
{
	const char *path = sl_cli_shown_path(judging->baseline);

	if (!judging->baseline_optional)
		sl_die("%s: %s", path, why);
	sl_warn("%s: %s: nothing is compared", path, why);
}

static bool is_there(const struct sl_judging *judging)
{
	struct sl_input_options how = { 0 };
	struct sl_input *input;
	struct sl_error err;

	if (sl_input_open(&input, judging->baseline, &how, &err) == SL_OK) {
		sl_input_close(input);
		return true;
	}
	/* what is there and cannot be read is no baseline that is missing */
	if (access(judging->baseline, F_OK) == 0)
		sl_die("%s: %s", judging->baseline, err.text);
	do_without(judging, err.text);
	return false;
}

/* All groups would be new, which says nothing. */
static bool is_empty(const struct sl_judging *judging, const struct sl_grouping *grouping)
{
	struct sl_groups groups;

	sl_summary_groups(judging->before.summary, grouping, &groups);
	return groups.count == 0;
}

void sl_judging_load(struct sl_judging *judging, const struct sl_summary_how *how,
		     const struct sl_stats *like)
{
	struct sl_summary_how with_traces = *how;
	struct sl_error err;
	char *path;

	if (judging->baseline == NULL || !is_there(judging))
		return;
	path = strdup(judging->baseline);
	if (path == NULL)
		sl_die("out of memory");
	with_traces.traces = true;
	if (sl_summary_open(&judging->before.summary, true, 0, &err) != SL_OK)
		sl_die("%s", err.text);
	if (sl_is_summary(path))
		sl_loading_read(&judging->before, path);
	else
		count_spans(judging, path, &with_traces, like);
	free(path);
	if (sl_summary_how(judging->before.summary) != NULL &&
	    sl_summary_differs(sl_summary_how(judging->before.summary), &with_traces, &err))
		sl_die("%s: the baseline is %s", judging->baseline, err.text);
	if (is_empty(judging, like->grouping)) {
		do_without(judging, "no spans, or none that is chosen");
		sl_summary_close(judging->before.summary);
		judging->before.summary = NULL;
	}
}

/* A group with all groups of its side. */
struct place {
	const struct sl_groups *groups;
	struct sl_group *group;
};

static int compare_places(const void *one, const void *other)
{
	const struct place *a = one, *b = other;

	return sl_group_compare(a->groups, a->group, b->group);
}

static struct place *sort(struct sl_groups *groups)
{
	struct place *places = calloc(groups->count + 1, sizeof(*places));

	for (size_t i = 0; places != NULL && i < groups->count; i++)
		places[i] = (struct place){ groups, &groups->items[i] };
	if (places != NULL)
		qsort(places, groups->count, sizeof(*places), compare_places);
	return places;
}

/* Groups of equal values stand together; gives how many there are of either side. */
static size_t pair(const struct place *before, size_t before_count, const struct place *now,
		   struct sl_judging *judging)
{
	size_t count = 0, old = 0, new = 0, now_count = judging->change_count;

	while (old < before_count || new < now_count) {
		int order = old == before_count ? 1
			    : new == now_count	? -1
						: compare_places(&before[old], &now[new]);
		struct sl_report_change *change = &judging->changes[count];
		struct sl_comparison *found = &judging->found[count++];

		*found = (struct sl_comparison){ 0 };
		if (order <= 0) {
			change->group = before[old].group;
			found->before = &before[old].group->durations;
			found->errors_before = before[old++].group->errors;
		}
		if (order >= 0) {
			change->group = now[new].group;
			found->now = &now[new].group->durations;
			found->errors_now = now[new ++].group->errors;
		}
		change->found = found;
	}
	return count;
}

static void tell(struct sl_judging *judging, const struct sl_groups *groups)
{
	struct sl_buffer line = { 0 };

	for (size_t i = 0; i < judging->change_count; i++) {
		struct sl_report_change *change = &judging->changes[i];

		change->fails = sl_comparison_fails(change->found, &judging->fail_when);
		judging->failed_changes += change->fails;
		if (!change->fails)
			continue;
		line.len = 0;
		sl_report_title(groups, change->group, &line);
		sl_buffer_add_literal(&line, ": ");
		sl_report_finding(change, &line);
		sl_warn("%.*s", (int)line.len, line.data != NULL ? line.data : "");
	}
	sl_buffer_free(&line);
}

enum sl_status sl_judging_compare(struct sl_judging *judging, struct sl_groups *now,
				  struct sl_error *err)
{
	struct sl_groups before;
	struct place *old = NULL, *new = NULL;
	enum sl_status status = SL_OK;

	if (judging->before.summary == NULL)
		return SL_OK;
	sl_summary_groups(judging->before.summary, now->grouping, &before);
	old = sort(&before);
	new = sort(now);
	judging->changes = calloc(before.count + now->count + 1, sizeof(*judging->changes));
	judging->found = calloc(before.count + now->count + 1, sizeof(*judging->found));
	if (old == NULL || new == NULL || judging->changes == NULL || judging->found == NULL) {
		(void)sl_fail_memory(err);
		status = SL_FAILED;
	} else {
		judging->change_count = now->count;
		judging->change_count = pair(old, before.count, new, judging);
		status =
			sl_compare(&judging->comparing, judging->found, judging->change_count, err);
	}
	free(old);
	free(new);
	if (status != SL_OK)
		return status;
	tell(judging, now);
	if (now->count == 0) {
		sl_warn("no spans to compare with the baseline");
		judging->failed_changes++;
	}
	judging->is_compared = true;
	return SL_OK;
}

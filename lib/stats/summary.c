/* The lines of summaries, read into groups. */
#include "summary.h"
#include "summary_text.h"
#include <stdlib.h>

bool sl_summary_begins(struct sl_slice bytes)
{
	const struct sl_slice start = SL_SLICE("{\"spanline_stats\":");

	return bytes.len >= start.len && memcmp(bytes.data, start.data, start.len) == 0;
}

enum sl_status sl_summary_open(struct sl_summary **summary, bool traces, double error,
			       struct sl_error *err)
{
	struct sl_summary *opened = calloc(1, sizeof(*opened));

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->error = error;
	opened->traces = traces && error == 0;
	opened->table.start_ns = UINT64_MAX;
	opened->table.with_traces = opened->traces;
	*summary = opened;
	return SL_OK;
}

void sl_summary_close(struct sl_summary *summary)
{
	if (summary == NULL)
		return;
	group_table_free(&summary->table);
	sl_arena_free(&summary->arena);
	sl_buffer_free(&summary->texts);
	sl_buffer_free(&summary->durations);
	sl_buffer_free(&summary->traces_bytes);
	free(summary->by);
	free(summary);
}

const struct sl_summary_how *sl_summary_how(const struct sl_summary *summary)
{
	return summary->begun ? &summary->how : NULL;
}

void sl_summary_groups(struct sl_summary *summary, const struct sl_grouping *grouping,
		       struct sl_groups *groups)
{
	group_table_add_up(&summary->table, grouping, groups);
}

static bool say_differs(struct sl_error *err, const char *what, struct sl_slice is,
			struct sl_slice wanted)
{
	(void)sl_fail(err, "%s '%.*s', not '%.*s'", what, (int)is.len, is.len != 0 ? is.data : "",
		      (int)wanted.len, wanted.len != 0 ? wanted.data : "");
	return true;
}

static void say_error_differs(struct sl_error *err, double is, double wanted)
{
	if (is == 0)
		(void)sl_fail(err, "of exact durations, not with quantiles within %g %%",
			      100 * wanted);
	else if (wanted == 0)
		(void)sl_fail(err, "with quantiles within %g %%, not of exact durations", 100 * is);
	else
		(void)sl_fail(err, "with quantiles within %g %%, not %g %%", 100 * is,
			      100 * wanted);
}

bool sl_summary_differs(const struct sl_summary_how *is, const struct sl_summary_how *wanted,
			struct sl_error *err)
{
	if (!sl_slice_equal(is->by, wanted->by))
		return say_differs(err, "grouped by", is->by, wanted->by);
	if (is->roots != wanted->roots)
		(void)sl_fail(err, is->roots ? "of roots alone" : "not of roots alone");
	else if (is->window_ns != wanted->window_ns)
		(void)sl_fail(err, "in windows of %llu ns, not %llu ns",
			      (unsigned long long)is->window_ns,
			      (unsigned long long)wanted->window_ns);
	else if (!sl_slice_equal(is->where, wanted->where))
		return say_differs(err, "where", is->where, wanted->where);
	else if (is->error != wanted->error)
		say_error_differs(err, is->error, wanted->error);
	else
		return false;
	return true;
}

/* The error of quantiles, if there is one. */
static bool take_error(struct sl_slice *line, double *error)
{
	size_t len = 0;

	*error = 0;
	if (!take(line, SL_SLICE("\"error\":")))
		return true;
	while (len < line->len && line->data[len] != ',')
		len++;
	if (!sl_parse_double((struct sl_slice){ line->data, len }, error) ||
	    !(*error >= 0.0001 && *error <= 0.5))
		return false;
	line->data += len;
	line->len -= len;
	return take(line, SL_SLICE(","));
}

/* A text as the writer has it: as it is, or in base64, into the arena. */
static bool take_text(struct sl_summary *summary, struct sl_slice *line, struct sl_slice *text)
{
	struct sl_slice coded;

	if (!take_string(line, &coded))
		return false;
	if (take(&coded, SL_SLICE("s:"))) {
		*text = sl_arena_copy(&summary->arena, coded);
		return text->data != NULL || coded.len == 0;
	}
	summary->texts.len = 0;
	if (!take(&coded, SL_SLICE("x:")) || !decode(&summary->texts, coded, &text->len))
		return false;
	*text = sl_arena_copy(&summary->arena, sl_buffer_slice(&summary->texts));
	return text->data != NULL || summary->texts.len == 0;
}

static bool parse_head(struct sl_summary *summary, struct sl_slice line, struct sl_summary_how *how,
		       struct summary_times *times)
{
	if (!take(&line, SL_SLICE(SUMMARY_START)) || !take_text(summary, &line, &how->by) ||
	    !take(&line, SL_SLICE(",\"root\":")) || !take_flag(&line, &how->roots) ||
	    !take(&line, SL_SLICE(",\"window_ns\":")) || !take_number(&line, &how->window_ns) ||
	    !take(&line, SL_SLICE(",\"where\":")))
		return false;
	if (!take(&line, SL_SLICE("null")) && !take_text(summary, &line, &how->where))
		return false;
	return take(&line, SL_SLICE(",\"unit\":\"ns\",")) && take_error(&line, &how->error) &&
	       take(&line, SL_SLICE("\"traces\":")) && take_flag(&line, &how->traces) &&
	       (how->error == 0 || !how->traces) &&
	       take(&line, SL_SLICE(",\"start_unix_nano\":")) &&
	       take_quoted_number(&line, &times->start_ns) &&
	       take(&line, SL_SLICE(",\"end_unix_nano\":")) &&
	       take_quoted_number(&line, &times->end_ns) &&
	       take(&line, SL_SLICE(",\"backwards\":")) && take_number(&line, &times->backwards) &&
	       line.len == 1 && line.data[0] == '}';
}

/* Values of each group: as many as fields, and the window. */
static size_t count_fields(const struct sl_summary_how *how)
{
	size_t count = how->window_ns != 0, at = 0;

	for (; how->by.len != 0 && at <= how->by.len; count++)
		at += sl_column_length((struct sl_slice){ how->by.data + at, how->by.len - at }) +
		      1;
	return count;
}

static enum sl_status begin(struct sl_summary *summary, const struct sl_summary_how *how,
			    struct sl_error *err)
{
	summary->how = *how;
	summary->table.fields = count_fields(how);
	summary->table.error = how->error;
	summary->by = calloc(summary->table.fields + 1, sizeof(*summary->by));
	if (summary->by == NULL)
		return sl_fail_memory(err);
	summary->begun = true;
	return SL_OK;
}

static enum sl_status reject(struct sl_error *err, const char *what)
{
	return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "%s", what);
}

static enum sl_status add_head(struct sl_summary *summary, struct sl_slice line,
			       struct sl_error *err)
{
	struct sl_summary_how how = { 0 };
	struct summary_times times = { 0 };
	struct group_table *table = &summary->table;
	enum sl_status status = SL_OK;

	if (!parse_head(summary, line, &how, &times))
		return sl_fail(err, "this summary is damaged, or of another version");
	if (summary->traces && !how.traces && how.error == 0)
		return sl_fail(err, "this summary has no traces");
	summary->has_traces = how.traces;
	summary->is_rough = how.error != 0;
	if (summary->error != 0 && how.error == 0) {
		how.error = summary->error; /* its durations are not kept here */
		how.traces = false;
	}
	if (!summary->begun)
		status = begin(summary, &how, err);
	else if (sl_summary_differs(&how, &summary->how, err))
		status = SL_FAILED;
	if (status != SL_OK)
		return status;
	table->start_ns = times.start_ns < table->start_ns ? times.start_ns : table->start_ns;
	table->end_ns = times.end_ns > table->end_ns ? times.end_ns : table->end_ns;
	table->backwards += times.backwards;
	if (summary->is_open)
		status = reject(err, "the end of a summary is missing");
	summary->is_open = true;
	summary->lines = 0;
	return status;
}

enum sl_status sl_summary_add(struct sl_summary *summary, struct sl_slice line,
			      struct sl_error *err)
{
	uint64_t lines;

	if (sl_summary_begins(line))
		return add_head(summary, line, err);
	if (!summary->is_open)
		return reject(err, "a summary begins with another line");
	if (!take(&line, SL_SLICE("{\"end\":")))
		return summary_add_group(summary, line, err);
	summary->is_open = false;
	if (!take_number(&line, &lines) || line.len != 1 || line.data[0] != '}' ||
	    lines != summary->lines)
		return reject(err, "some of this summary is missing");
	return SL_OK;
}

enum sl_status sl_summary_end(struct sl_summary *summary, struct sl_error *err)
{
	bool is_open = summary->is_open;

	summary->is_open = false;
	return is_open ? reject(err, "the end of the summary is missing") : SL_OK;
}

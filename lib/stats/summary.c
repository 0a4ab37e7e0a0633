/* The lines of summaries, read into groups. */
#include "summary.h"
#include "spanline/text.h"
#include <stdlib.h>

bool sl_summary_begins(struct sl_slice bytes)
{
	const struct sl_slice start = SL_SLICE("{\"spanline_stats\":");

	return bytes.len >= start.len && memcmp(bytes.data, start.data, start.len) == 0;
}

enum sl_status sl_summary_open(struct sl_summary **summary, bool traces, struct sl_error *err)
{
	struct sl_summary *opened = calloc(1, sizeof(*opened));

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->traces = traces;
	opened->table.start_ns = UINT64_MAX;
	opened->table.with_traces = traces;
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
	else
		return false;
	return true;
}

static bool take(struct sl_slice *line, struct sl_slice text)
{
	if (line->len < text.len || memcmp(line->data, text.data, text.len) != 0)
		return false;
	line->data += text.len;
	line->len -= text.len;
	return true;
}

/* A string without escapes, of which there are none here. */
static bool take_string(struct sl_slice *line, struct sl_slice *text)
{
	const char *end;

	if (!take(line, SL_SLICE("\"")) || line->len == 0)
		return false;
	end = memchr(line->data, '"', line->len);
	if (end == NULL)
		return false;
	*text = (struct sl_slice){ line->data, (size_t)(end - line->data) };
	*line = (struct sl_slice){ end + 1, line->len - text->len - 1 };
	return memchr(text->data, '\\', text->len) == NULL;
}

static bool take_number(struct sl_slice *line, uint64_t *number)
{
	size_t len = 0;

	while (len < line->len && line->data[len] >= '0' && line->data[len] <= '9')
		len++;
	if (!sl_parse_u64((struct sl_slice){ line->data, len }, number))
		return false;
	line->data += len;
	line->len -= len;
	return true;
}

static bool take_quoted_number(struct sl_slice *line, uint64_t *number)
{
	return take(line, SL_SLICE("\"")) && take_number(line, number) &&
	       take(line, SL_SLICE("\""));
}

static bool take_flag(struct sl_slice *line, bool *flag)
{
	*flag = take(line, SL_SLICE("true"));
	return *flag || take(line, SL_SLICE("false"));
}

/* Appends what base64 stands for; *bytes is in the buffer, which may move yet. */
static bool decode(struct sl_buffer *buffer, struct sl_slice text, size_t *len)
{
	char *at = sl_buffer_reserve(buffer, 3 * (text.len / 4) + 2);

	if (at == NULL || !sl_parse_base64(text, at, len))
		return false;
	buffer->len += *len;
	return true;
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
	return take(&line, SL_SLICE(",\"unit\":\"ns\",\"traces\":")) &&
	       take_flag(&line, &how->traces) && take(&line, SL_SLICE(",\"start_unix_nano\":")) &&
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
	if (summary->traces && !how.traces)
		return sl_fail(err, "this summary has no traces");
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
	summary->has_traces = how.traces;
	summary->lines = 0;
	return status;
}

static bool parse_value(struct sl_summary *summary, struct sl_slice text,
			struct sl_group_value *value)
{
	static const enum sl_query_type whole[] = { SL_TYPE_INT, SL_TYPE_DURATION, SL_TYPE_TIME,
						    SL_TYPE_STATUS, SL_TYPE_KIND };
	struct sl_slice rest = { text.data + 2, text.len - 2 };
	char letter = text.data[0];

	*value = (struct sl_group_value){ .type = SL_TYPE_NIL };
	if (letter == 's' || letter == 'x' || letter == 'a' || letter == 'y') {
		value->type = letter == 's' || letter == 'x' ? SL_TYPE_STRING : SL_TYPE_ARRAY;
		value->text = rest;
		if (letter == 's' || letter == 'a')
			return true;
		value->text.data = NULL; /* found when the buffer moves no more */
		return decode(&summary->texts, rest, &value->text.len);
	}
	for (size_t i = 0; i < SL_COUNT(whole); i++)
		if (letter == letter_of(whole[i]))
			value->type = whole[i];
	if (value->type != SL_TYPE_NIL)
		return sl_parse_i64(rest, &value->integer);
	if (letter == 'b') {
		value->type = SL_TYPE_BOOL;
		value->boolean = sl_slice_equal(rest, SL_SLICE("1"));
		return rest.len == 1;
	}
	if (letter == 'f') {
		uint64_t bits = 0;
		char bytes[8];

		value->type = SL_TYPE_FLOAT;
		if (rest.len != 16 || !sl_parse_hex(rest, bytes))
			return false;
		for (size_t i = 0; i < sizeof(bytes); i++)
			bits = bits << 8 | (unsigned char)bytes[i];
		memcpy(&value->number, &bits, sizeof(bits));
		return true;
	}
	return letter == 'n' && rest.len == 0;
}

/* The values of a group up to the bracket behind them. */
static bool take_values(struct sl_summary *summary, struct sl_slice *line)
{
	const char *coded;
	struct sl_slice text;

	summary->texts.len = 0;
	for (size_t i = 0; i < summary->table.fields; i++) {
		if ((i != 0 && !take(line, SL_SLICE(","))) || !take_string(line, &text) ||
		    text.len < 2 || text.data[1] != ':' ||
		    !parse_value(summary, text, &summary->by[i]))
			return false;
	}
	coded = summary->texts.data;
	for (size_t i = 0; i < summary->table.fields; i++) {
		struct sl_group_value *value = &summary->by[i];

		if ((value->type != SL_TYPE_STRING && value->type != SL_TYPE_ARRAY) ||
		    value->text.data != NULL)
			continue;
		value->text.data = coded;
		coded += value->text.len;
	}
	return take(line, SL_SLICE("]"));
}

static bool read_varint(struct sl_slice *bytes, uint64_t *number)
{
	*number = 0;
	for (unsigned shift = 0; shift < 64 && bytes->len != 0; shift += 7) {
		unsigned char byte = (unsigned char)*bytes->data++;

		bytes->len--;
		*number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}

static uint64_t trace_at(const struct sl_summary *summary, size_t index)
{
	const unsigned char *bytes = (const unsigned char *)summary->traces_bytes.data + 8 * index;
	uint64_t trace = 0;

	for (size_t i = 8; i-- > 0;)
		trace = trace << 8 | bytes[i];
	return trace;
}

/* Whether there are so many, all of them whole. */
static bool check_durations(struct sl_slice bytes, uint64_t count)
{
	uint64_t number;

	while (count > 0 && read_varint(&bytes, &number))
		count--;
	return count == 0 && bytes.len == 0;
}

static enum sl_status add_durations(struct sl_summary *summary, struct sl_group *group,
				    uint64_t count, struct sl_error *err)
{
	struct sl_slice bytes = sl_buffer_slice(&summary->durations);
	uint64_t number = 0, last = 0;

	for (size_t i = 0; i < count && read_varint(&bytes, &number); i++) {
		last = i == 0 ? (uint64_t)unzigzag(number) : last + number;
		if (!sl_samples_add(&group->durations, (int64_t)last,
				    summary->traces ? trace_at(summary, i) : 0))
			return sl_fail_memory(err);
	}
	return SL_OK;
}

static bool parse_group(struct sl_summary *summary, struct sl_slice line, uint64_t *errors,
			uint64_t *count)
{
	struct sl_slice durations, traces = { NULL, 0 };
	size_t len;

	summary->durations.len = summary->traces_bytes.len = 0;
	if (!take(&line, SL_SLICE("{\"by\":[")) || !take_values(summary, &line) ||
	    !take(&line, SL_SLICE(",\"errors\":")) || !take_number(&line, errors) ||
	    !take(&line, SL_SLICE(",\"count\":")) || !take_number(&line, count) ||
	    !take(&line, SL_SLICE(",\"durations\":")) || !take_string(&line, &durations) ||
	    !decode(&summary->durations, durations, &len))
		return false;
	if (summary->has_traces &&
	    (!take(&line, SL_SLICE(",\"traces\":")) || !take_string(&line, &traces) ||
	     !decode(&summary->traces_bytes, traces, &len) || len % 8 != 0 || len / 8 != *count))
		return false;
	return *count != 0 && line.len == 1 && line.data[0] == '}' &&
	       check_durations(sl_buffer_slice(&summary->durations), *count);
}

static enum sl_status add_group(struct sl_summary *summary, struct sl_slice line,
				struct sl_error *err)
{
	struct sl_group *group;
	uint64_t errors, count;

	summary->lines++;
	if (!parse_group(summary, line, &errors, &count))
		return reject(err, "this is no group of a summary");
	group = group_table_find(&summary->table, summary->by,
				 key_hash(summary->by, summary->table.fields));
	if (group == NULL)
		return sl_fail_memory(err);
	group->errors += errors;
	return add_durations(summary, group, count, err);
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
		return add_group(summary, line, err);
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

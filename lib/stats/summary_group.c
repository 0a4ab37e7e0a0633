/* The lines of groups of a summary. */
#include "summary.h"
#include "summary_text.h"

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
		if (summary->table.error != 0) {
			if (!group_add_roughly(group, (int64_t)last))
				return sl_fail_memory(err);
		} else if (!sl_samples_add(&group->durations, (int64_t)last,
					   summary->traces ? trace_at(summary, i) : 0))
			return sl_fail_memory(err);
	}
	return SL_OK;
}

/* What a line says of its group. */
struct line {
	uint64_t errors, count;
	struct sl_sum sum; /* this and the next with buckets alone */
	int64_t least, most;
};

/* Whether the buckets are there and hold so many. */
static bool check_buckets(const struct sl_summary *summary, uint64_t count)
{
	struct sl_slice bytes = sl_buffer_slice(&summary->durations);
	uint64_t number, times, held = 0, last = 0;
	struct sl_sketch sketch;
	bool first = true;

	sl_sketch_init(&sketch, summary->table.error);
	while (read_varint(&bytes, &number) && read_varint(&bytes, &times)) {
		int64_t place = (int64_t)(first ? (uint64_t)unzigzag(number) : last + number);
		uint64_t bucket = place < 0 ? ~(uint64_t)place : (uint64_t)place;

		if (bucket >= sl_sketch_limit(&sketch) || times > count - held)
			return false;
		held += times;
		last = (uint64_t)place;
		first = false;
	}
	return held == count && bytes.len == 0;
}

static enum sl_status add_buckets(struct sl_summary *summary, struct sl_group *group,
				  const struct line *line, struct sl_error *err)
{
	struct sl_slice bytes = sl_buffer_slice(&summary->durations);
	uint64_t number, times, last = 0;
	bool first = true;

	group->durations.count += line->count;
	sum_merge(&group->total, line->sum);
	group->least = line->least < group->least ? line->least : group->least;
	group->most = line->most > group->most ? line->most : group->most;
	while (read_varint(&bytes, &number) && read_varint(&bytes, &times)) {
		int64_t place = (int64_t)(first ? (uint64_t)unzigzag(number) : last + number);
		uint64_t bucket = place < 0 ? ~(uint64_t)place : (uint64_t)place;

		if (!sl_sketch_add_bucket(&group->sketch, place < 0, (size_t)bucket, times))
			return sl_fail_memory(err);
		last = (uint64_t)place;
		first = false;
	}
	return SL_OK;
}

static bool take_buckets(struct sl_summary *summary, struct sl_slice *line, struct line *group)
{
	struct sl_slice buckets;
	size_t len;

	return take(line, SL_SLICE(",\"sum\":[")) && take_signed(line, &group->sum.high) &&
	       take(line, SL_SLICE(",")) && take_number(line, &group->sum.low) &&
	       take(line, SL_SLICE("],\"least\":")) && take_signed(line, &group->least) &&
	       take(line, SL_SLICE(",\"most\":")) && take_signed(line, &group->most) &&
	       group->least <= group->most && take(line, SL_SLICE(",\"buckets\":")) &&
	       take_string(line, &buckets) && decode(&summary->durations, buckets, &len) &&
	       check_buckets(summary, group->count);
}

static bool take_durations(struct sl_summary *summary, struct sl_slice *line,
			   const struct line *group)
{
	struct sl_slice durations, traces;
	size_t len;

	if (!take(line, SL_SLICE(",\"durations\":")) || !take_string(line, &durations) ||
	    !decode(&summary->durations, durations, &len))
		return false;
	if (summary->has_traces &&
	    (!take(line, SL_SLICE(",\"traces\":")) || !take_string(line, &traces) ||
	     !decode(&summary->traces_bytes, traces, &len) || len % 8 != 0 ||
	     len / 8 != group->count))
		return false;
	return check_durations(sl_buffer_slice(&summary->durations), group->count);
}

static bool parse_group(struct sl_summary *summary, struct sl_slice line, struct line *group)
{
	summary->durations.len = summary->traces_bytes.len = 0;
	return take(&line, SL_SLICE("{\"by\":[")) && take_values(summary, &line) &&
	       take(&line, SL_SLICE(",\"errors\":")) && take_number(&line, &group->errors) &&
	       take(&line, SL_SLICE(",\"count\":")) && take_number(&line, &group->count) &&
	       (summary->is_rough ? take_buckets(summary, &line, group)
				  : take_durations(summary, &line, group)) &&
	       group->count != 0 && line.len == 1 && line.data[0] == '}';
}

enum sl_status summary_add_group(struct sl_summary *summary, struct sl_slice line,
				 struct sl_error *err)
{
	/* so that no sum of two counts is too large */
	const uint64_t most = UINT64_C(1) << 62;
	struct sl_group *group;
	struct line of = { 0 };

	summary->lines++;
	if (!parse_group(summary, line, &of))
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "this is no group of a summary");
	group = group_table_find(&summary->table, summary->by,
				 key_hash(summary->by, summary->table.fields));
	if (group == NULL)
		return sl_fail_memory(err);
	if (of.count > most || group->durations.count > most - of.count)
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE,
				 "these are more spans than there can be");
	group->errors += of.errors;
	return summary->is_rough ? add_buckets(summary, group, &of, err)
				 : add_durations(summary, group, of.count, err);
}

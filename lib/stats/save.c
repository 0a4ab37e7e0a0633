/* Groups as the lines of a summary. */
#include "groups.h"
#include "spanline/text.h"
#include "varint.h"
#include <stdlib.h>

/* Durations of one line; bytes that are handed on at once. */
enum { LINE_SAMPLES = 1024, LINE_BUCKETS = LINE_SAMPLES / 2, PIECE_BYTES = 1 << 16 };

struct saver {
	const struct sl_summary_how *how;
	const struct sl_groups *groups;
	const struct sl_summary_sink *sink;
	struct sl_buffer out;
	uint64_t lines;
	char durations[LINE_SAMPLES * VARINT_LIMIT], traces[LINE_SAMPLES * 8];
	size_t duration_bytes, trace_bytes;
};

static enum sl_status flush(struct saver *saver, size_t least, struct sl_error *err)
{
	struct sl_slice bytes = sl_buffer_slice(&saver->out);

	if (saver->out.failed)
		return sl_fail_memory(err);
	if (bytes.len < least)
		return SL_OK;
	saver->out.len = 0;
	return saver->sink->write(saver->sink->context, bytes, err);
}

static void add_base64(struct sl_buffer *out, const void *data, size_t len)
{
	char *at = sl_buffer_reserve(out, sl_base64_size(len));

	if (at != NULL)
		out->len += sl_write_base64(at, data, len);
}

/* "s:text", or in base64 behind the other letter. */
static void add_text(struct sl_buffer *out, struct sl_slice text, char plain, char coded)
{
	bool is_plain = true;

	for (size_t i = 0; i < text.len && is_plain; i++)
		is_plain = sl_is_plain(text.data[i]);
	sl_buffer_printf(out, "\"%c:", is_plain ? plain : coded);
	if (is_plain)
		sl_buffer_add_slice(out, text);
	else
		add_base64(out, text.data, text.len);
	sl_buffer_add_byte(out, '"');
}

static void add_value(struct sl_buffer *out, const struct sl_group_value *value)
{
	uint64_t bits;

	switch (value->type) {
	case SL_TYPE_NIL:
	case SL_TYPE_DYNAMIC:
		sl_buffer_add_literal(out, "\"n:\"");
		return;
	case SL_TYPE_STRING:
		add_text(out, value->text, 's', 'x');
		return;
	case SL_TYPE_ARRAY:
		add_text(out, value->text, 'a', 'y');
		return;
	case SL_TYPE_BOOL:
		sl_buffer_printf(out, "\"b:%d\"", value->boolean);
		return;
	case SL_TYPE_FLOAT:
		memcpy(&bits, &value->number, sizeof(bits));
		sl_buffer_printf(out, "\"f:%016llx\"", (unsigned long long)bits);
		return;
	case SL_TYPE_INT:
	case SL_TYPE_DURATION:
	case SL_TYPE_TIME:
	case SL_TYPE_STATUS:
	case SL_TYPE_KIND:
		sl_buffer_printf(out, "\"%c:%lld\"", letter_of(value->type),
				 (long long)value->integer);
		return;
	}
}

static void add_head(struct saver *saver)
{
	const struct sl_summary_how *how = saver->how;
	const struct sl_groups *groups = saver->groups;
	struct sl_buffer *out = &saver->out;

	sl_buffer_add_literal(out, SUMMARY_START);
	add_text(out, how->by, 's', 'x');
	sl_buffer_printf(out, ",\"root\":%s,\"window_ns\":%llu,\"where\":",
			 how->roots ? "true" : "false", (unsigned long long)how->window_ns);
	if (how->where.data == NULL)
		sl_buffer_add_literal(out, "null");
	else
		add_text(out, how->where, 's', 'x');
	sl_buffer_add_literal(out, ",\"unit\":\"ns\",");
	if (how->error != 0) {
		sl_buffer_add_literal(out, "\"error\":");
		sl_buffer_add_double(out, how->error);
		sl_buffer_add_literal(out, ",");
	}
	sl_buffer_printf(out,
			 "\"traces\":%s,\"start_unix_nano\":\"%llu\","
			 "\"end_unix_nano\":\"%llu\",\"backwards\":%llu}\n",
			 how->traces ? "true" : "false", (unsigned long long)groups->start_ns,
			 (unsigned long long)groups->end_ns, (unsigned long long)groups->backwards);
}

static void begin_line(struct saver *saver, const struct sl_group *group, uint64_t errors,
		       uint64_t count)
{
	struct sl_buffer *out = &saver->out;

	sl_buffer_add_literal(out, "{\"by\":[");
	for (size_t i = 0; i < saver->groups->grouping->count; i++) {
		sl_buffer_add(out, ",", i != 0);
		add_value(out, &group->by[i]);
	}
	sl_buffer_printf(out, "],\"errors\":%llu,\"count\":%llu", (unsigned long long)errors,
			 (unsigned long long)count);
	saver->lines++;
}

static void add_line(struct saver *saver, const struct sl_group *group, uint64_t errors,
		     size_t count)
{
	struct sl_buffer *out = &saver->out;

	begin_line(saver, group, errors, count);
	sl_buffer_add_literal(out, ",\"durations\":\"");
	add_base64(out, saver->durations, saver->duration_bytes);
	if (saver->how->traces) {
		sl_buffer_add_literal(out, "\",\"traces\":\"");
		add_base64(out, saver->traces, saver->trace_bytes);
	}
	sl_buffer_add_literal(out, "\"}\n");
	saver->duration_bytes = saver->trace_bytes = 0;
}

static void keep(struct saver *saver, size_t index, int64_t last, const struct sl_sampled *sample)
{
	uint64_t number = (uint64_t)sample->value - (uint64_t)last;

	if (index == 0)
		number = zigzag(sample->value);
	saver->duration_bytes += write_varint(&saver->durations[saver->duration_bytes], number);
	for (size_t i = 0; i < 8; i++)
		saver->traces[saver->trace_bytes++] = (char)(sample->trace >> (8 * i));
}

static enum sl_status save_group(struct saver *saver, struct sl_group *group, struct sl_error *err)
{
	struct sl_sample_order order;
	struct sl_sampled sample = { 0 };
	uint64_t errors = group->errors;
	enum sl_status status = SL_OK;
	int64_t last = 0;
	size_t count = 0;

	if (!sl_samples_sort(&group->durations, &order))
		return sl_fail_memory(err);
	while (status == SL_OK && sl_sample_order_next(&order, &sample)) {
		keep(saver, count++, last, &sample);
		last = sample.value;
		if (count < LINE_SAMPLES)
			continue;
		add_line(saver, group, errors, count);
		errors = count = 0;
		status = flush(saver, PIECE_BYTES, err);
	}
	if (status == SL_OK && count != 0)
		add_line(saver, group, errors, count);
	sl_sample_order_free(&order);
	return status == SL_OK ? flush(saver, PIECE_BYTES, err) : status;
}

/* Some buckets of a sketch, as they are gathered for a line. */
struct gathered {
	struct sl_group *group;
	uint64_t errors; /* that no line has yet */
	struct sl_sum sum;
	uint64_t count; /* in the buckets of the line */
	size_t buckets;
	uint64_t last;
};

static void add_rough_line(struct saver *saver, struct gathered *gathered)
{
	const struct sl_group *group = gathered->group;
	struct sl_buffer *out = &saver->out;

	begin_line(saver, group, gathered->errors, gathered->count);
	sl_buffer_printf(out, ",\"sum\":[%lld,%llu],\"least\":%lld,\"most\":%lld,\"buckets\":\"",
			 (long long)gathered->sum.high, (unsigned long long)gathered->sum.low,
			 (long long)group->least, (long long)group->most);
	add_base64(out, saver->durations, saver->duration_bytes);
	sl_buffer_add_literal(out, "\"}\n");
	saver->duration_bytes = 0;
	*gathered = (struct gathered){ .group = gathered->group };
}

static enum sl_status keep_bucket(struct saver *saver, struct gathered *gathered, int64_t place,
				  uint64_t times, struct sl_error *err)
{
	uint64_t number = (uint64_t)place - gathered->last;
	char *at = saver->durations;

	if (times == 0)
		return SL_OK;
	if (gathered->buckets == 0)
		number = zigzag(place);
	saver->duration_bytes += write_varint(at + saver->duration_bytes, number);
	saver->duration_bytes += write_varint(at + saver->duration_bytes, times);
	gathered->last = (uint64_t)place;
	gathered->count += times;
	if (++gathered->buckets < LINE_BUCKETS)
		return SL_OK;
	add_rough_line(saver, gathered);
	return flush(saver, PIECE_BYTES, err);
}

static enum sl_status save_sketch(struct saver *saver, struct sl_group *group, struct sl_error *err)
{
	const struct sl_sketch *sketch = &group->sketch;
	struct gathered gathered = { .group = group, .errors = group->errors, .sum = group->total };
	enum sl_status status = SL_OK;

	for (size_t i = sketch->capacity[1]; i-- > 0 && status == SL_OK;)
		status = keep_bucket(saver, &gathered, -1 - (int64_t)(sketch->first[1] + i),
				     sketch->counts[1][i], err);
	for (size_t i = 0; i < sketch->capacity[0] && status == SL_OK; i++)
		status = keep_bucket(saver, &gathered, (int64_t)(sketch->first[0] + i),
				     sketch->counts[0][i], err);
	if (status == SL_OK && gathered.buckets != 0)
		add_rough_line(saver, &gathered);
	return status == SL_OK ? flush(saver, PIECE_BYTES, err) : status;
}

struct place {
	const struct sl_groups *groups;
	struct sl_group *group;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *one = a, *other = b;

	return sl_group_compare(one->groups, one->group, other->group);
}

static enum sl_status save_groups(struct saver *saver, struct sl_groups *groups,
				  struct sl_error *err)
{
	struct place *places = calloc(groups->count + 1, sizeof(*places));
	enum sl_status status = SL_OK;

	if (places == NULL)
		return sl_fail_memory(err);
	for (size_t i = 0; i < groups->count; i++)
		places[i] = (struct place){ groups, &groups->items[i] };
	qsort(places, groups->count, sizeof(*places), compare_places);
	for (size_t i = 0; i < groups->count && status == SL_OK; i++)
		status = saver->how->error != 0 ? save_sketch(saver, places[i].group, err)
						: save_group(saver, places[i].group, err);
	free(places);
	return status;
}

enum sl_status sl_summary_write(const struct sl_summary_how *how, struct sl_groups *groups,
				const struct sl_summary_sink *sink, struct sl_error *err)
{
	struct saver *saver = calloc(1, sizeof(*saver));
	enum sl_status status;

	if (saver == NULL)
		return sl_fail_memory(err);
	saver->how = how;
	saver->groups = groups;
	saver->sink = sink;
	add_head(saver);
	status = save_groups(saver, groups, err);
	if (status == SL_OK) {
		sl_buffer_printf(&saver->out, "{\"end\":%llu}\n", (unsigned long long)saver->lines);
		status = flush(saver, 0, err);
	}
	sl_buffer_free(&saver->out);
	free(saver);
	return status;
}

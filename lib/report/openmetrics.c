/*
 * OpenMetrics, with the names, labels and buckets of the Collector's spanmetrics connector, so that
 * what a build measures can be laid beside what dashboards show.
 */
#include "forms.h"
#include "spanline/text.h"

#define CALLS	  "traces_span_metrics_calls"
#define DURATIONS "traces_span_metrics_duration_milliseconds"

static const uint64_t bounds_ms[] = { 2,   4,	6,    8,    10,	  50,	100,   200,
				      400, 800, 1000, 1400, 2000, 5000, 10000, 15000 };

enum { BUCKETS = SL_COUNT(bounds_ms) };

/* Fields that spanmetrics has, and the start of the names that their values have there. */
static const struct {
	struct sl_slice field;
	const char *label, *values;
} known[] = {
	{ { "service", 7 }, "service_name", NULL },
	{ { "name", 4 }, "span_name", NULL },
	{ { "kind", 4 }, "span_kind", "SPAN_KIND_" },
	{ { "status", 6 }, "status_code", "STATUS_CODE_" },
};

/* Names of kinds and statuses, or their numbers. */
static void add_capitals(struct sl_buffer *out, struct sl_slice text)
{
	static const char small[] = "abcdefghijklmnopqrstuvwxyz";
	static const char large[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t i = 0; i < text.len; i++) {
		const char *at = memchr(small, text.data[i], sizeof(small) - 1);

		sl_buffer_add(out, at != NULL ? &large[at - small] : &text.data[i], 1);
	}
}

/* What a label cannot be called is '_'. */
static void add_label_name(struct sl_buffer *out, struct sl_slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char byte = name.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
		bool digit = byte >= '0' && byte <= '9';

		sl_buffer_add(out, "_", digit && i == 0);
		sl_buffer_add(out, letter || digit ? &byte : "_", 1);
	}
}

static void add_escaped(struct sl_buffer *out, struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		sl_buffer_add(out, "\\", text.data[i] == '"' || text.data[i] == '\\');
		sl_buffer_add_byte(out, text.data[i]);
	}
}

static size_t find_known(struct sl_slice field)
{
	size_t i = 0;

	while (i < SL_COUNT(known) && !sl_slice_equal(known[i].field, field))
		i++;
	return i;
}

/* What the field is called, which others may be called, too. */
static void add_name(struct sl_buffer *out, struct sl_slice field)
{
	size_t i = find_known(field);

	if (i < SL_COUNT(known))
		sl_buffer_add(out, known[i].label, strlen(known[i].label));
	else
		add_label_name(out, field);
}

/* The label of a field; with its number where one before it is called like that. */
static void add_label_of(struct sl_buffer *out, const struct sl_grouping *grouping, size_t index)
{
	struct sl_buffer name = { 0 }, other = { 0 };
	bool taken = false;

	add_name(&name, sl_grouping_name(grouping, index));
	for (size_t i = 0; i < index && !taken; i++) {
		other.len = 0;
		add_name(&other, sl_grouping_name(grouping, i));
		taken = sl_slice_equal(sl_buffer_slice(&name), sl_buffer_slice(&other));
	}
	sl_buffer_add_slice(out, sl_buffer_slice(&name));
	if (taken)
		sl_buffer_printf(out, "_%zu", index + 1);
	out->failed |= name.failed || other.failed;
	sl_buffer_free(&name);
	sl_buffer_free(&other);
}

static void add_label_value(struct sl_buffer *out, struct sl_slice field,
			    const struct sl_group_value *value)
{
	struct sl_buffer text = { 0 }, shown = { 0 };
	size_t i = find_known(field);

	add_exact_value(&text, value);
	if (i < SL_COUNT(known) && known[i].values != NULL) {
		sl_buffer_printf(out, "%s", known[i].values);
		add_capitals(out, sl_buffer_slice(&text));
	} else {
		sl_text_show(&shown, sl_buffer_slice(&text), false);
		add_escaped(out, sl_buffer_slice(&shown));
	}
	out->failed |= text.failed || shown.failed;
	sl_buffer_free(&text);
	sl_buffer_free(&shown);
}

/* NAME{LABELS: another label may follow, and the bracket does. */
static void add_series(const struct report *report, size_t row, const char *name,
		       struct sl_buffer *out)
{
	const struct sl_grouping *grouping = report->groups->grouping;

	sl_buffer_printf(out, "%s{", name);
	for (size_t i = 0; i < sl_grouping_count(grouping); i++) {
		sl_buffer_add(out, ",", i != 0);
		add_label_of(out, grouping, i);
		sl_buffer_add_literal(out, "=\"");
		add_label_value(out, sl_grouping_name(grouping, i), &report->rows[row]->by[i]);
		sl_buffer_add_byte(out, '"');
	}
}

/* How many durations are in each bucket, and in the one above all. */
static void count_buckets(const struct sl_group *group, uint64_t *counts)
{
	memset(counts, 0, (BUCKETS + 1) * sizeof(*counts));
	for (struct sl_sample_chunk *chunk = group->durations.first; chunk != NULL;
	     chunk = chunk->next) {
		for (uint32_t i = 0; i < chunk->count; i++) {
			int64_t duration = sl_sample_at(&group->durations, chunk, i);
			size_t bucket = 0;

			while (bucket < BUCKETS &&
			       duration > (int64_t)(bounds_ms[bucket] * 1000000))
				bucket++;
			counts[bucket]++;
		}
	}
}

static void add_histogram(const struct report *report, size_t row, struct sl_buffer *out)
{
	bool labelled = sl_grouping_count(report->groups->grouping) != 0;
	uint64_t counts[BUCKETS + 1], sum = 0;

	count_buckets(report->rows[row], counts);
	for (size_t i = 0; i <= BUCKETS; i++) {
		sum += counts[i];
		add_series(report, row, DURATIONS "_bucket", out);
		sl_buffer_add(out, ",", labelled);
		if (i < BUCKETS)
			sl_buffer_printf(out, "le=\"%llu.0\"} %llu\n",
					 (unsigned long long)bounds_ms[i], (unsigned long long)sum);
		else
			sl_buffer_printf(out, "le=\"+Inf\"} %llu\n", (unsigned long long)sum);
	}
	add_series(report, row, DURATIONS "_count", out);
	sl_buffer_printf(out, "} %llu\n", (unsigned long long)sum);
	add_series(report, row, DURATIONS "_sum", out);
	sl_buffer_add_literal(out, "} ");
	sl_sum_show_ms(out, report->rows[row]->total);
	sl_buffer_add_byte(out, '\n');
}

void write_openmetrics(const struct report *report, struct sl_buffer *out)
{
	sl_buffer_add_literal(out, "# TYPE " CALLS " counter\n");
	for (size_t row = 0; row < report->shown; row++) {
		add_series(report, row, CALLS "_total", out);
		sl_buffer_printf(out, "} %llu\n",
				 (unsigned long long)report->rows[row]->durations.count);
	}
	sl_buffer_add_literal(out, "# TYPE " DURATIONS " histogram\n# UNIT " DURATIONS
				   " milliseconds\n");
	for (size_t row = 0; row < report->shown; row++)
		add_histogram(report, row, out);
	sl_buffer_add_literal(out, "# EOF\n");
}

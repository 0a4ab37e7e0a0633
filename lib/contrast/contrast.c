/* The work of a flow that compares two sets: traces become records, which are counted. */
#include "result.h"
#include "spanline/io.h"
#include <stdlib.h>

struct sl_contrast {
	const struct sl_contrast_options *options;
	struct traits traits;
	struct collector collector;
	struct set sets[SL_SET_COUNT];
	struct asked asked;
	struct sl_spill *kept; /* records, until it is known how slow is slow */
	struct sl_contrast_counts counts;
	/* while a flow runs */
	struct sl_selector *wanted;
	struct sl_matcher *split; /* or NULL */
	struct sl_traces *traces;
	enum sl_set set;
	bool last;
};

static bool is_named(struct sl_slice name, const char *text)
{
	return name.len == strlen(text) && memcmp(name.data, text, name.len) == 0;
}

/* What the split asks about besides attributes. */
static void note_asked(void *context, struct sl_slice name)
{
	static const char *const times[] = { "span:duration", "duration_ms", "trace:duration",
					     "span:selfTime" };
	static const char *const names[] = { "span:name",
					     "service",
					     "trace:rootName",
					     "trace:rootService",
					     "resource.service.name",
					     ".service.name",
					     "span:kind" };
	struct asked *asked = context;

	for (size_t i = 0; i < SL_COUNT(times); i++)
		asked->time |= is_named(name, times[i]);
	for (size_t i = 0; i < SL_COUNT(names); i++)
		asked->name |= is_named(name, names[i]);
	asked->status |= is_named(name, "span:status") || is_named(name, "span:statusMessage");
	asked->count |= is_named(name, "count()") || is_named(name, "trace:spanCount") ||
			is_named(name, "span:childCount");
}

/* ".http.route" is a key of any scope. */
static bool is_key(const struct attribute_key *key, struct sl_slice name)
{
	size_t scope = 0;

	if (name.len == 0 || name.data[0] != '.')
		return sl_slice_equal(key->name, name);
	while (scope < key->name.len && key->name.data[scope] != '.')
		scope++;
	return sl_slice_equal((struct sl_slice){ key->name.data + scope, key->name.len - scope },
			      name);
}

static void mark_keys(void *context, struct sl_slice name)
{
	struct traits *traits = context;

	for (size_t i = 0; i < traits->key_count; i++)
		traits->keys[i].asked |= is_key(&traits->keys[i], name);
}

enum sl_status sl_contrast_open(struct sl_contrast **contrast,
				const struct sl_contrast_options *options, struct sl_error *err)
{
	struct sl_contrast *opened = calloc(1, sizeof(*opened));
	enum sl_status status = SL_OK;

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->options = options;
	opened->collector.traits = &opened->traits;
	opened->asked.time = options->by_quantile;
	for (unsigned i = 0; i < SL_SET_COUNT; i++)
		opened->sets[i].durations.with_traces = true;
	if (options->split != NULL && !sl_query_fields(options->split, note_asked, &opened->asked))
		status = sl_fail_memory(err);
	if (status == SL_OK && options->by_quantile)
		status = sl_spill_open(&opened->kept, options->directory, err);
	if (status == SL_OK)
		*contrast = opened;
	else
		sl_contrast_close(opened);
	return status;
}

void sl_contrast_close(struct sl_contrast *contrast)
{
	if (contrast == NULL)
		return;
	for (unsigned i = 0; i < SL_SET_COUNT; i++)
		set_free(&contrast->sets[i]);
	collector_free(&contrast->collector);
	contrast_traits_free(&contrast->traits);
	sl_spill_close(contrast->kept);
	free(contrast);
}

struct sl_contrast_counts sl_contrast_counts(const struct sl_contrast *contrast)
{
	struct sl_contrast_counts counts = contrast->counts;

	counts.crowded = contrast->traits.crowded;
	return counts;
}

static void close_flow(void *opened)
{
	struct sl_contrast *contrast = opened;

	contrast->counts.limits_hit += sl_selector_limits_hit(contrast->wanted);
	if (contrast->split != NULL)
		contrast->counts.limits_hit += sl_matcher_limits_hit(contrast->split);
	if (contrast->traces != NULL)
		contrast->counts.reopened += sl_traces_reopened(contrast->traces);
	sl_selector_close(contrast->wanted);
	sl_matcher_close(contrast->split);
	sl_traces_close(contrast->traces);
	contrast->wanted = NULL;
	contrast->split = NULL;
	contrast->traces = NULL;
}

static enum sl_status open_flow(void **opened, void *context, struct sl_notes *notes,
				struct sl_error *err)
{
	struct sl_contrast *contrast = context;
	const struct sl_contrast_options *options = contrast->options;
	enum sl_status status = sl_selector_open(&contrast->wanted, &options->wanted, err);

	(void)notes;
	if (status == SL_OK && options->split != NULL)
		status = sl_matcher_open(&contrast->split, options->split, err);
	if (status == SL_OK)
		status = sl_traces_open(&contrast->traces, &options->traces, err);
	if (status == SL_OK)
		*opened = contrast;
	else
		close_flow(contrast);
	return status;
}

/* Whether the split finds something in the trace; the operations of what it finds are marked. */
static enum sl_status split(struct sl_contrast *contrast, const struct sl_trace *trace, bool *found,
			    struct sl_error *err)
{
	const struct sl_spanset *sets;
	size_t count;
	enum sl_status status = sl_query_trace(contrast->split, trace, &sets, &count, err);

	/* a query that cannot be answered is no damage of the input */
	if (status != SL_OK)
		return SL_FAILED;
	*found = count != 0;
	for (size_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < sets[i].count; j++) {
			const struct sl_span *span = trace->nodes[sets[i].spans[j]].span;
			struct sl_operation_name name = { sl_span_service(span), span->name };
			uint32_t index = contrast_operation(&contrast->traits, name);

			if (index == NO_ITEM)
				return sl_fail_memory(err);
			contrast->traits.operations[index].matched = true;
		}
	return SL_OK;
}

static enum sl_status keep(struct sl_contrast *contrast, const struct record *record,
			   struct sl_error *err)
{
	struct sl_slice bytes = { (const char *)record, record->size };

	/* how long it took is remembered on the left */
	if (!sl_samples_add(&contrast->sets[0].durations, (int64_t)record->root_ns, 0))
		return sl_fail_memory(err);
	return sl_spill_write(contrast->kept, bytes, err);
}

static enum sl_status add_trace(struct sl_contrast *contrast, const struct sl_trace *trace,
				struct sl_error *err)
{
	const struct sl_contrast_options *options = contrast->options;
	const struct record *record;
	enum sl_set set = contrast->set;
	const bool *chosen;
	uint32_t count;
	bool found = false;
	enum sl_status status = sl_select_trace(contrast->wanted, trace, &chosen, &count, err);

	if (status == SL_BAD_RECORD)
		return SL_FAILED;
	if (status != SL_OK || count == 0)
		return status;
	record = collector_make(&contrast->collector, trace, options->seed);
	if (record == NULL)
		return sl_fail_memory(err);
	if (contrast->split != NULL) {
		status = split(contrast, trace, &found, err);
		set = found ? SL_SET_RIGHT : SL_SET_LEFT;
	}
	if (status != SL_OK)
		return status;
	if (options->by_quantile)
		return keep(contrast, record, err);
	return set_add(contrast->sets, set, &contrast->traits, record, options->sample)
		       ? SL_OK
		       : sl_fail_memory(err);
}

static enum sl_status add_complete(struct sl_contrast *contrast, struct sl_error *err)
{
	const struct sl_trace *trace;
	enum sl_status status;

	while ((status = sl_traces_next(contrast->traces, &trace, err)) == SL_OK) {
		status = add_trace(contrast, trace, err);
		if (status != SL_OK)
			return status;
	}
	return status == SL_END ? SL_OK : status;
}

static enum sl_status gather(void *opened, struct sl_slice records, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct sl_contrast *contrast = opened;
	enum sl_status status = sl_traces_take(contrast->traces, records, err);

	(void)out;
	if (status != SL_OK || !contrast->options->traces.gather.sorted)
		return status;
	return add_complete(contrast, err);
}

static enum sl_status idle(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_contrast *contrast = opened;
	const struct sl_contrast_options *options = contrast->options;
	enum sl_status status;

	(void)out;
	if (!options->traces.gather.live)
		return SL_OK;
	status = sl_traces_idle(contrast->traces, options->now(), options->idle_ns, err);
	return status == SL_OK ? add_complete(contrast, err) : status;
}

/* Each record again, of the slow ones and of the rest. */
static enum sl_status divide_kept(struct sl_contrast *contrast, int64_t slow_ns,
				  struct sl_error *err)
{
	const struct sl_contrast_options *options = contrast->options;
	uint64_t end = sl_spill_size(contrast->kept);
	struct sl_buffer bytes = { 0 };
	enum sl_status status = SL_OK;

	for (uint64_t at = 0; at < end && status == SL_OK;) {
		const struct record *record;
		struct record head;

		status = sl_spill_read(contrast->kept, at, (char *)&head, sizeof(head), err);
		bytes.len = 0;
		if (status != SL_OK || sl_buffer_reserve(&bytes, head.size) == NULL)
			break;
		status = sl_spill_read(contrast->kept, at, bytes.data, head.size, err);
		record = (const struct record *)(const void *)bytes.data;
		if (status == SL_OK &&
		    !set_add(contrast->sets,
			     (int64_t)head.root_ns > slow_ns ? SL_SET_RIGHT : SL_SET_LEFT,
			     &contrast->traits, record, options->sample))
			status = sl_fail_memory(err);
		at += head.size;
	}
	if (bytes.failed)
		status = sl_fail_memory(err);
	sl_buffer_free(&bytes);
	return status;
}

static enum sl_status divide_by_quantile(struct sl_contrast *contrast, struct sl_error *err)
{
	struct sl_samples *durations = &contrast->sets[0].durations;
	uint64_t rank = durations->count != 0
				? sl_quantile_rank(contrast->options->quantile, durations->count)
				: 0;
	int64_t slow_ns = 0;

	if (rank != 0 && !sl_samples_select(durations, &rank, 1, &slow_ns))
		return sl_fail_memory(err);
	sl_samples_free(durations);
	*durations = (struct sl_samples){ .with_traces = true };
	return divide_kept(contrast, slow_ns, err);
}

static enum sl_status report(struct sl_contrast *contrast, struct sl_buffer *out,
			     struct sl_error *err)
{
	const struct sl_contrast_options *options = contrast->options;
	struct counted counted = { options, contrast->sets, &contrast->traits, contrast->asked };
	struct sl_contrast_result result = { 0 };
	enum sl_status status = SL_OK;

	if (options->split != NULL &&
	    !sl_query_fields(options->split, mark_keys, &contrast->traits))
		status = sl_fail_memory(err);
	if (status == SL_OK)
		status = contrast_result_make(&result, &counted, err);
	if (status == SL_OK)
		status = options->report(options->context, &result, out, err);
	contrast_result_free(&result);
	return status;
}

static enum sl_status finish(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_contrast *contrast = opened;
	enum sl_status status;

	sl_traces_end(contrast->traces);
	status = add_complete(contrast, err);
	if (status != SL_OK || !contrast->last)
		return status == SL_OK ? SL_END : status;
	if (contrast->options->by_quantile)
		status = divide_by_quantile(contrast, err);
	if (status == SL_OK)
		status = report(contrast, out, err);
	return status == SL_OK ? SL_END : status;
}

struct sl_flow_work sl_contrast_work(struct sl_contrast *contrast, enum sl_set set, bool last)
{
	struct sl_flow_work work = {
		.open = sl_trace_packer_open,
		.span = sl_trace_packer_span,
		.close = sl_trace_packer_close,
		.open_gatherer = open_flow,
		.gather = gather,
		.idle = idle,
		.finish = finish,
		.close_gatherer = close_flow,
		.context = contrast,
	};

	contrast->set = set;
	contrast->last = last;
	return work;
}

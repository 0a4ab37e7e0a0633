/* Two sets that are compared: what is asked, and what is told at the end. */
#include "work.h"
#include <stdlib.h>

enum { KEPT_BYTES = 1 << 18 }; /* are read again at once */

static bool is_named(struct sl_slice name, const char *text)
{
	return name.len == strlen(text) && memcmp(name.data, text, name.len) == 0;
}

/* What the split asks about besides attributes. */
static void note_asked(void *context, struct sl_slice name)
{
	static const char *const times[] = { "span:duration", "duration_ms", "trace:duration",
					     "span:selfTime" };
	static const char *const names[] = { "span:name", "service", "resource.service.name",
					     ".service.name", "span:kind" };
	struct asked *asked = context;

	for (size_t i = 0; i < SL_COUNT(times); i++)
		asked->time |= is_named(name, times[i]);
	for (size_t i = 0; i < SL_COUNT(names); i++)
		asked->name |= is_named(name, names[i]);
	asked->root |= is_named(name, "trace:rootName") || is_named(name, "trace:rootService");
	asked->status |= is_named(name, "span:status") || is_named(name, "span:statusMessage");
	/* which operation has more of a trace's spans is what nobody said */
	asked->count |= is_named(name, "count()") || is_named(name, "span:childCount");
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
	opened->collector.traits = opened->listener.traits = &opened->traits;
	opened->split_alone = (struct sl_selection){ .queries = &options->split,
						     .query_count = options->split != NULL,
						     .until_ns = UINT64_MAX };
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
	listener_free(&contrast->listener);
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

static enum sl_status keep(struct sl_contrast *contrast, const struct record *record,
			   struct sl_error *err)
{
	struct sl_slice bytes = { (const char *)record, record->size };

	/* how long it took is remembered on the left */
	if (!sl_samples_add(&contrast->sets[0].durations, (int64_t)record->root_ns, 0))
		return sl_fail_memory(err);
	return sl_spill_write(contrast->kept, bytes, err);
}

enum sl_status contrast_add(struct sl_contrast *contrast, const struct sl_gathered *trace,
			    struct sl_error *err)
{
	const struct sl_contrast_options *options = contrast->options;
	const struct record *record;
	enum sl_set set = contrast->set;
	enum sl_status status =
		collector_make(&contrast->collector, trace, options->seed, &record, err);

	if (status != SL_OK)
		return status;
	if (options->by_quantile)
		return keep(contrast, record, err);
	if (options->split != NULL)
		set = record->matched ? SL_SET_RIGHT : SL_SET_LEFT;
	return set_add(contrast->sets, set, &contrast->traits, record, options->sample)
		       ? SL_OK
		       : sl_fail_memory(err);
}

/* The records that stand whole in the bytes, the slow ones and the rest; *used is how many bytes
 * they have. */
static enum sl_status divide_records(struct sl_contrast *contrast, struct sl_slice bytes,
				     int64_t slow_ns, size_t *used, struct sl_error *err)
{
	const struct sl_contrast_options *options = contrast->options;

	for (*used = 0; bytes.len - *used >= sizeof(struct record);) {
		const struct record *record = (const void *)(bytes.data + *used);

		if (record->size > bytes.len - *used)
			break;
		if (!set_add(contrast->sets,
			     (int64_t)record->root_ns > slow_ns ? SL_SET_RIGHT : SL_SET_LEFT,
			     &contrast->traits, record, options->sample))
			return sl_fail_memory(err);
		*used += record->size;
	}
	return SL_OK;
}

/* What was kept, again. */
static enum sl_status divide_kept(struct sl_contrast *contrast, int64_t slow_ns,
				  struct sl_error *err)
{
	uint64_t end = sl_spill_size(contrast->kept);
	size_t most = KEPT_BYTES, used = 0;
	struct sl_buffer bytes = { 0 };
	enum sl_status status = SL_OK;

	for (uint64_t at = 0; at < end && status == SL_OK; at += used) {
		size_t len = end - at < most ? (size_t)(end - at) : most;

		bytes.len = 0;
		if (sl_buffer_reserve(&bytes, len) == NULL)
			break;
		bytes.len = len;
		status = sl_spill_read(contrast->kept, at, bytes.data, len, err);
		if (status == SL_OK)
			status = divide_records(contrast, sl_buffer_slice(&bytes), slow_ns, &used,
						err);
		/* one that is larger */
		if (used == 0)
			most *= 2;
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

enum sl_status contrast_report(struct sl_contrast *contrast, struct sl_buffer *out,
			       struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (contrast->options->by_quantile)
		status = divide_by_quantile(contrast, err);
	return status == SL_OK ? report(contrast, out, err) : status;
}

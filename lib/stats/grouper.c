/* From a span to its group. */
#include "groups.h"
#include <stdlib.h>

enum sl_status grouper_open(struct grouper *grouper, const struct sl_grouping *grouping,
			    struct sl_error *err)
{
	enum sl_status status = SL_OK;

	grouper->grouping = grouping;
	grouper->table.fields = grouping->count;
	grouper->table.start_ns = UINT64_MAX;
	grouper->matchers = calloc(grouping->count + 1, sizeof(struct sl_matcher *));
	grouper->by = calloc(grouping->count + 1, sizeof(*grouper->by));
	if (grouper->matchers == NULL || grouper->by == NULL)
		status = sl_fail_memory(err);
	for (size_t i = 0; i < grouping->count && status == SL_OK; i++)
		if (grouping->fields[i].query != NULL)
			status = sl_matcher_open(&grouper->matchers[i], grouping->fields[i].query,
						 err);
	return status;
}

void grouper_start(struct grouper *grouper)
{
	grouper->is_plain = grouper->grouping->is_usual && !grouper->adjusted &&
			    !grouper->table.with_traces && grouper->table.error == 0;
}

void grouper_close(struct grouper *grouper)
{
	for (size_t i = 0; grouper->matchers != NULL && i < grouper->grouping->count; i++)
		if (grouper->matchers[i] != NULL)
			sl_matcher_close(grouper->matchers[i]);
	free(grouper->matchers);
	free(grouper->by);
	sl_buffer_free(&grouper->lists);
	group_table_free(&grouper->table);
}

uint64_t grouper_limits_hit(const struct grouper *grouper)
{
	uint64_t count = 0;

	for (size_t i = 0; grouper->matchers != NULL && i < grouper->grouping->count; i++)
		if (grouper->matchers[i] != NULL)
			count += sl_matcher_limits_hit(grouper->matchers[i]);
	return count;
}

/* The slice's data is only its place in the buffer, which may move yet. */
static void take_list(struct grouper *grouper, const struct sl_query_value *value,
		      struct sl_group_value *out)
{
	size_t start = grouper->lists.len;

	sl_write_query_value(&grouper->lists, value);
	out->text = (struct sl_slice){ NULL, grouper->lists.len - start };
}

static inline void take_value(struct grouper *grouper, const struct sl_query_value *value,
			      struct sl_group_value *out)
{
	*out = (struct sl_group_value){ .type = value->type };
	switch (value->type) {
	case SL_TYPE_BOOL:
		out->boolean = value->boolean;
		break;
	case SL_TYPE_FLOAT:
		out->number = value->number;
		break;
	case SL_TYPE_STRING:
		out->text = value->text;
		break;
	case SL_TYPE_ARRAY:
		take_list(grouper, value, out);
		break;
	case SL_TYPE_INT:
	case SL_TYPE_DURATION:
	case SL_TYPE_TIME:
	case SL_TYPE_STATUS:
	case SL_TYPE_KIND:
		out->integer = value->integer;
		break;
	case SL_TYPE_NIL:
	case SL_TYPE_DYNAMIC:
		break;
	}
}

static bool place_lists(struct grouper *grouper)
{
	const char *at = grouper->lists.data;

	for (size_t i = 0; i < grouper->grouping->count; i++) {
		if (grouper->by[i].type != SL_TYPE_ARRAY)
			continue;
		grouper->by[i].text.data = at;
		at += grouper->by[i].text.len;
	}
	return !grouper->lists.failed;
}

static struct sl_group_value window_value(uint64_t start_ns, uint64_t window_ns)
{
	return (struct sl_group_value){ .type = SL_TYPE_TIME,
					.integer = (int64_t)(start_ns - start_ns % window_ns) };
}

static inline enum sl_status ask(struct grouper *grouper, size_t index, const struct placed *placed,
				 struct sl_error *err)
{
	struct sl_query_value value;
	enum sl_status status = sl_query_value(grouper->matchers[index], placed->span,
					       placed->trace, placed->index, &value, err);

	if (status == SL_OK)
		take_value(grouper, &value, &grouper->by[index]);
	return status;
}

/* Whatever the user asked for.  In both of its places: of spans alone it is asked often. */
__attribute__((always_inline)) static inline enum sl_status
ask_all(struct grouper *grouper, const struct placed *placed, struct sl_error *err)
{
	uint64_t window_ns = grouper->grouping->window_ns;

	grouper->lists.len = 0;
	if (window_ns != 0)
		grouper->by[0] = window_value(placed->span->start_unix_nano, window_ns);
	for (size_t i = window_ns != 0; i < grouper->grouping->count; i++) {
		enum sl_status status = ask(grouper, i, placed, err);

		if (status != SL_OK)
			return status;
	}
	return place_lists(grouper) ? SL_OK : sl_fail_memory(err);
}

/* The group of whatever that is. */
static enum sl_status find_group(struct grouper *grouper, const struct placed *placed,
				 struct sl_group **group, struct sl_error *err)
{
	size_t count = grouper->grouping->count;
	enum sl_status status = SL_OK;

	*group = NULL;
	if (placed->by.data != NULL)
		key_unpack(placed->by, grouper->by, count);
	else
		status = ask_all(grouper, placed, err);
	if (status != SL_OK || sl_span_damaged(placed->span))
		return status; /* its reader tells of damage */
	*group = group_table_find(&grouper->table, grouper->by, key_hash(grouper->by, count));
	return *group != NULL ? SL_OK : sl_fail_memory(err);
}

/* A span's service and name as they may be remembered; `number` is not known. */
static inline struct recent usual_of(const struct sl_span *span)
{
	struct sl_slice service = span->resource->service->value.text, name = span->name;

	return (struct recent){ service, name, last_word(service), last_word(name), 0 };
}

/* Where they may be remembered. */
static inline size_t place_of(const struct recent *usual)
{
	uint64_t word = usual->service_end << 29 | usual->service_end >> 35;

	word = (word ^ (usual->name_end + usual->name.len)) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(word >> (64 - RECENT_BITS));
}

static inline bool is_same(const struct recent *a, const struct recent *b)
{
	return a->name_end == b->name_end && a->service_end == b->service_end &&
	       a->name.len == b->name.len && a->service.len == b->service.len &&
	       same_start(a->name.data, b->name.data, a->name.len) &&
	       same_start(a->service.data, b->service.data, a->service.len);
}

/* Service and name, without asking the query. */
static void take_usual(struct grouper *grouper, const struct sl_span *span)
{
	grouper->by[0].type = grouper->by[1].type = SL_TYPE_STRING;
	grouper->by[0].text = span->resource->service->value.text;
	grouper->by[1].text = span->name;
}

enum sl_status grouper_pack(struct grouper *grouper, const struct sl_span *span,
			    struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (grouper->grouping->is_usual && span->resource->service != NULL)
		take_usual(grouper, span);
	else
		status = ask_all(grouper, &(const struct placed){ .span = span }, err);
	if (status == SL_OK)
		key_pack(grouper->by, grouper->grouping->count, out);
	return status;
}

/* The group in the table, which is remembered; NULL: no memory. */
__attribute__((noinline)) static struct sl_group *
remember(struct grouper *grouper, const struct sl_span *span, struct recent *recent)
{
	struct group_table *table = &grouper->table;
	struct sl_group *group;

	take_usual(grouper, span);
	group = group_table_find(table, grouper->by, key_hash(grouper->by, 2));
	if (group == NULL)
		return NULL;
	*recent = usual_of(span);
	recent->service = group->by[0].text;
	recent->name = group->by[1].text;
	recent->number = (uint32_t)(group - table->groups) + 1;
	return group;
}

/* The same for service and name, without asking the query. */
__attribute__((always_inline)) static inline struct sl_group *find_usual(struct grouper *grouper,
									 const struct sl_span *span)
{
	const struct recent usual = usual_of(span);
	struct recent *recent = &grouper->recent[place_of(&usual)];

	if (SL_LIKELY(recent->number != 0 && is_same(recent, &usual)))
		return &grouper->table.groups[recent->number - 1];
	return remember(grouper, span, recent);
}

static void note_times(struct group_table *table, const struct sl_span *span)
{
	if (span->start_unix_nano < table->start_ns)
		table->start_ns = span->start_unix_nano;
	if (span->end_unix_nano > table->end_ns)
		table->end_ns = span->end_unix_nano;
}

/* Once of each span: those that end before they start are counted. */
static inline int64_t take_duration(struct group_table *table, const struct sl_span *span)
{
	uint64_t start = span->start_unix_nano, end = span->end_unix_nano;

	/* the usual case by itself */
	if (SL_LIKELY(end >= start && end - start <= INT64_MAX))
		return (int64_t)(end - start);
	table->backwards += end < start;
	return sl_span_duration_ns(span);
}

static inline uint64_t trace_of(const struct grouper *grouper, const struct sl_span *span)
{
	return grouper->table.with_traces ? sl_fnv1a(span->trace_id) : 0;
}

static inline bool add_duration(struct grouper *grouper, struct sl_group *group,
				const struct sl_span *span)
{
	int64_t duration = take_duration(&grouper->table, span);

	if (SL_UNLIKELY(grouper->table.error != 0))
		return group_add_roughly(group, duration);
	return sl_samples_add(&group->durations, duration, trace_of(grouper, span));
}

static bool add_in_trace(struct sl_group *group, const struct placed *placed)
{
	if (group->last_trace != placed->trace_number) {
		group->last_trace = placed->trace_number;
		group->calls = 0;
		group->traces++;
	}
	group->calls++;
	if (group->calls > group->most_calls)
		group->most_calls = group->calls;
	return (placed->self_ns == NULL ||
		sl_samples_add(&group->self.samples, *placed->self_ns, 0)) &&
	       (placed->critical_ns == NULL ||
		sl_samples_add(&group->critical.samples, *placed->critical_ns, 0));
}

enum sl_status grouper_add(struct grouper *grouper, const struct placed *placed,
			   struct sl_error *err)
{
	const struct sl_span *span = placed->span;
	struct sl_group *group;

	if (grouper->grouping->is_usual && span->resource->service != NULL) {
		group = find_usual(grouper, span);
		if (group == NULL)
			return sl_fail_memory(err);
	} else {
		enum sl_status status = find_group(grouper, placed, &group, err);

		if (status != SL_OK || group == NULL)
			return status;
	}
	if (!add_duration(grouper, group, span))
		return sl_fail_memory(err);
	if (grouper->adjusted && !adjusted_add(&group->adjusted, span))
		return sl_fail_memory(err);
	if (placed->trace_number != 0 && !add_in_trace(group, placed))
		return sl_fail_memory(err);
	group->errors += span->status_code == SL_STATUS_ERROR;
	note_times(&grouper->table, span);
	return SL_OK;
}

/* Kept apart, as a plain span takes few instructions. */
__attribute__((noinline)) static enum sl_status
add_other(struct grouper *grouper, const struct sl_span *span, struct sl_error *err)
{
	return grouper_add(grouper, &(const struct placed){ .span = span }, err);
}

enum sl_status grouper_add_plain(struct grouper *grouper, const struct sl_span *span,
				 struct sl_error *err)
{
	struct sl_group *group;

	if (SL_UNLIKELY(span->resource->service == NULL))
		return add_other(grouper, span, err);
	group = find_usual(grouper, span);
	if (SL_UNLIKELY(group == NULL || !sl_samples_add(&group->durations,
							 take_duration(&grouper->table, span), 0)))
		return sl_fail_memory(err);
	group->errors += span->status_code == SL_STATUS_ERROR;
	note_times(&grouper->table, span);
	return SL_OK;
}

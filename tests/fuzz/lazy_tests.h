/* What lines may be passed over for, asked of spans in the slow way. */
#ifndef LAZY_TESTS_H
#define LAZY_TESTS_H

#include "spanline/span.h"

static inline bool id_passes(const struct sl_id_test *test, struct sl_slice id)
{
	return !test->wanted || sl_slice_equal((struct sl_slice){ test->bytes, test->size }, id);
}

static inline bool text_passes(struct sl_slice wanted, struct sl_slice text)
{
	return wanted.data == NULL || sl_slice_equal(wanted, text);
}

/* Numbers without a name are for the query. */
static inline bool number_passes(uint32_t wanted, int32_t number, int32_t count)
{
	return number < 0 || number >= count || (wanted >> number & 1) != 0;
}

static inline bool head_passes(const struct sl_head_tests *tests, const struct sl_span *span)
{
	int64_t ns = sl_span_duration_ns(span);

	return id_passes(&tests->trace_id, span->trace_id) &&
	       id_passes(&tests->span_id, span->span_id) &&
	       id_passes(&tests->parent_span_id, span->parent_span_id) &&
	       text_passes(tests->name, span->name) &&
	       text_passes(tests->service, sl_span_service(span)) &&
	       number_passes(tests->kinds, span->kind, SL_KIND_COUNT) &&
	       number_passes(tests->statuses, span->status_code, SL_STATUS_COUNT) &&
	       ns >= tests->least_ns && ns <= tests->most_ns &&
	       span->start_unix_nano >= tests->least_start_ns &&
	       span->start_unix_nano <= tests->most_start_ns;
}

static inline bool number_is_within(const struct sl_attribute_test *test, double number)
{
	return number >= test->least && number <= test->most;
}

static inline bool value_passes(const struct sl_attribute_test *test, const struct sl_value *value)
{
	switch (test->type) {
	case SL_VALUE_EMPTY:
		return true;
	case SL_VALUE_STRING:
		return value->type == SL_VALUE_STRING && sl_slice_equal(value->text, test->text);
	case SL_VALUE_BOOL:
		return value->type == SL_VALUE_BOOL && value->boolean == test->boolean;
	default:
		return (value->type == SL_VALUE_INT &&
			number_is_within(test, (double)value->integer)) ||
		       (value->type == SL_VALUE_DOUBLE && number_is_within(test, value->number));
	}
}

static inline bool any_passes(const struct sl_attribute_test *test, struct sl_attributes list)
{
	for (size_t i = 0; i < list.count; i++) {
		const struct sl_attribute *item = &list.items[i];

		/* the first with its key is the one that is meant */
		if ((test->key.data != NULL && !sl_slice_equal(test->key, item->key)) ||
		    sl_attributes_find(list, item->key) != &item->value)
			continue;
		if (value_passes(test, &item->value))
			return true;
		for (size_t k = 0; item->value.type == SL_VALUE_ARRAY && k < item->value.list.count;
		     k++)
			if (value_passes(test, &item->value.list.items[k].value))
				return true;
	}
	return false;
}

static inline bool attribute_passes(const struct sl_attribute_test *test,
				    const struct sl_span *span)
{
	bool found = (sl_slice_equal(test->key, SL_SLICE("status_message")) &&
		      sl_slice_equal(test->text, span->status_message)) ||
		     any_passes(test, span->attributes) ||
		     any_passes(test, span->resource->attributes) ||
		     any_passes(test, span->scope->attributes);

	for (size_t i = 0; i < span->event_count && !found; i++)
		found = any_passes(test, span->events[i].attributes);
	for (size_t i = 0; i < span->link_count && !found; i++)
		found = any_passes(test, span->links[i].attributes);
	return found;
}

#endif

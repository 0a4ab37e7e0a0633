/* Whether two spans are equal in all that a capture says of them. */
#ifndef FUZZ_SAME_SPAN_H
#define FUZZ_SAME_SPAN_H

#include "spanline/span.h"

static inline bool same_events(const struct sl_span *a, const struct sl_span *b)
{
	if (a->event_count != b->event_count)
		return false;
	for (size_t i = 0; i < a->event_count; i++) {
		const struct sl_event *x = &a->events[i], *y = &b->events[i];

		if (x->time_unix_nano != y->time_unix_nano || !sl_slice_equal(x->name, y->name) ||
		    x->dropped_attributes_count != y->dropped_attributes_count ||
		    !sl_attributes_equal(x->attributes, y->attributes))
			return false;
	}
	return true;
}

static inline bool same_links(const struct sl_span *a, const struct sl_span *b)
{
	if (a->link_count != b->link_count)
		return false;
	for (size_t i = 0; i < a->link_count; i++) {
		const struct sl_link *x = &a->links[i], *y = &b->links[i];

		if (!sl_slice_equal(x->trace_id, y->trace_id) ||
		    !sl_slice_equal(x->span_id, y->span_id) ||
		    !sl_slice_equal(x->trace_state, y->trace_state) || x->flags != y->flags ||
		    x->dropped_attributes_count != y->dropped_attributes_count ||
		    !sl_attributes_equal(x->attributes, y->attributes))
			return false;
	}
	return true;
}

static inline bool same_slices(const struct sl_slice *a, size_t a_count, const struct sl_slice *b,
			       size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++)
		if (!sl_slice_equal(a[i], b[i]))
			return false;
	return true;
}

static inline bool same_entities(const struct sl_resource *a, const struct sl_resource *b)
{
	if (a->entity_ref_count != b->entity_ref_count)
		return false;
	for (size_t i = 0; i < a->entity_ref_count; i++) {
		const struct sl_entity_ref *x = &a->entity_refs[i], *y = &b->entity_refs[i];

		if (!sl_slice_equal(x->schema_url, y->schema_url) ||
		    !sl_slice_equal(x->type, y->type) ||
		    !same_slices(x->id_keys, x->id_key_count, y->id_keys, y->id_key_count) ||
		    !same_slices(x->description_keys, x->description_key_count, y->description_keys,
				 y->description_key_count))
			return false;
	}
	return true;
}

static inline bool same_resource(const struct sl_resource *a, const struct sl_resource *b)
{
	return a->present == b->present && sl_slice_equal(a->schema_url, b->schema_url) &&
	       a->dropped_attributes_count == b->dropped_attributes_count &&
	       sl_attributes_equal(a->attributes, b->attributes) && same_entities(a, b);
}

static inline bool same_scope(const struct sl_scope *a, const struct sl_scope *b)
{
	return a->present == b->present && sl_slice_equal(a->schema_url, b->schema_url) &&
	       sl_slice_equal(a->name, b->name) && sl_slice_equal(a->version, b->version) &&
	       a->dropped_attributes_count == b->dropped_attributes_count &&
	       sl_attributes_equal(a->attributes, b->attributes);
}

static inline bool same_span(const struct sl_span *a, const struct sl_span *b)
{
	return sl_slice_equal(a->trace_id, b->trace_id) && sl_slice_equal(a->span_id, b->span_id) &&
	       sl_slice_equal(a->parent_span_id, b->parent_span_id) &&
	       sl_slice_equal(a->name, b->name) && sl_slice_equal(a->trace_state, b->trace_state) &&
	       sl_slice_equal(a->status_message, b->status_message) && a->kind == b->kind &&
	       a->status_code == b->status_code && a->start_unix_nano == b->start_unix_nano &&
	       a->end_unix_nano == b->end_unix_nano && a->flags == b->flags &&
	       a->dropped_attributes_count == b->dropped_attributes_count &&
	       a->dropped_events_count == b->dropped_events_count &&
	       a->dropped_links_count == b->dropped_links_count &&
	       sl_attributes_equal(a->attributes, b->attributes) && same_events(a, b) &&
	       same_links(a, b) && same_scope(a->scope, b->scope) &&
	       same_resource(a->resource, b->resource);
}

#endif

/* A capture as traces: copies of its spans, linked by their ids. */
#ifndef QUERY_CAPTURE_H
#define QUERY_CAPTURE_H

#include "query_trace.h"
#include "spanline/source.h"

struct capture {
	struct sl_arena arena;
	struct sl_span **spans; /* by trace id, in order of their starts within one */
	size_t count, capacity;
};

static void *capture_room(struct capture *capture, size_t size)
{
	void *room = sl_arena_alloc(&capture->arena, size);

	if (room == NULL)
		abort();
	return room;
}

static struct sl_slice copy_text(struct capture *capture, struct sl_slice text)
{
	return sl_arena_copy(&capture->arena, text);
}

static struct sl_attributes copy_attributes(struct capture *capture, struct sl_attributes from);

static struct sl_value copy_value(struct capture *capture, struct sl_value value)
{
	if (value.type == SL_VALUE_STRING || value.type == SL_VALUE_BYTES)
		value.text = copy_text(capture, value.text);
	else if (value.type == SL_VALUE_ARRAY || value.type == SL_VALUE_KVLIST)
		value.list = copy_attributes(capture, value.list);
	return value;
}

static struct sl_attributes copy_attributes(struct capture *capture, struct sl_attributes from)
{
	struct sl_attributes to = { capture_room(capture, from.count * sizeof(*from.items)),
				    from.count };

	for (size_t i = 0; i < from.count; i++) {
		to.items[i].key = copy_text(capture, from.items[i].key);
		to.items[i].value = copy_value(capture, from.items[i].value);
	}
	return to;
}

static void copy_lists(struct capture *capture, struct sl_span *to, const struct sl_span *from)
{
	to->events = capture_room(capture, from->event_count * sizeof(*to->events));
	to->links = capture_room(capture, from->link_count * sizeof(*to->links));
	for (size_t i = 0; i < from->event_count; i++) {
		to->events[i] = from->events[i];
		to->events[i].name = copy_text(capture, from->events[i].name);
		to->events[i].attributes = copy_attributes(capture, from->events[i].attributes);
	}
	for (size_t i = 0; i < from->link_count; i++) {
		to->links[i] = from->links[i];
		to->links[i].trace_id = copy_text(capture, from->links[i].trace_id);
		to->links[i].span_id = copy_text(capture, from->links[i].span_id);
		to->links[i].attributes = copy_attributes(capture, from->links[i].attributes);
	}
}

static void copy_span(struct capture *capture, const struct sl_span *from)
{
	struct sl_span *to = capture_room(capture, sizeof(*to));
	struct sl_resource *resource = capture_room(capture, sizeof(*resource));
	struct sl_scope *scope = capture_room(capture, sizeof(*scope));

	*to = *from;
	*resource = *from->resource;
	*scope = *from->scope;
	to->trace_id = copy_text(capture, from->trace_id);
	to->span_id = copy_text(capture, from->span_id);
	to->parent_span_id = copy_text(capture, from->parent_span_id);
	to->name = copy_text(capture, from->name);
	to->status_message = copy_text(capture, from->status_message);
	to->attributes = copy_attributes(capture, from->attributes);
	copy_lists(capture, to, from);
	resource->attributes = copy_attributes(capture, from->resource->attributes);
	sl_resource_settle(resource);
	scope->name = copy_text(capture, from->scope->name);
	scope->version = copy_text(capture, from->scope->version);
	scope->attributes = copy_attributes(capture, from->scope->attributes);
	to->resource = resource;
	to->scope = scope;
	if (!sl_array_reserve((void **)&capture->spans, &capture->capacity, capture->count + 1,
			      sizeof(struct sl_span *)))
		abort();
	capture->spans[capture->count++] = to;
}

static int order_captured(const void *a, const void *b)
{
	const struct sl_span *left = *(struct sl_span *const *)a;
	const struct sl_span *right = *(struct sl_span *const *)b;
	int order = sl_slice_compare(left->trace_id, right->trace_id);

	if (order != 0)
		return order;
	return (left->start_unix_nano > right->start_unix_nano) -
	       (left->start_unix_nano < right->start_unix_nano);
}

/* False: it is not there, or not whole. */
static bool capture_read(struct capture *capture, const char *path)
{
	struct sl_source_options options = { .max_message = 64U << 20 };
	struct sl_reader_options reading = { .decode = { .signal = SL_SIGNAL_SPANS },
					     .max_message = 64U << 20 };
	struct sl_parcel parcel = { .units = NULL };
	struct sl_notes notes = { .count = { 0 } };
	const struct sl_span *span;
	struct sl_source *source;
	struct sl_reader *reader;
	struct sl_error err;
	enum sl_status status, next = SL_END;

	if (sl_source_open(&source, path, &options, &err) != SL_OK)
		return false;
	if (sl_reader_open(&reader, &reading, &notes, &err) != SL_OK)
		abort();
	while (next == SL_END && (status = sl_source_fill(source, &parcel, &err)) == SL_OK) {
		sl_reader_start(reader, &parcel);
		while ((next = sl_reader_next(reader, &span, &err)) == SL_OK)
			copy_span(capture, span);
	}
	sl_parcel_free(&parcel);
	sl_reader_close(reader);
	sl_source_close(source);
	if (capture->count != 0)
		qsort(capture->spans, capture->count, sizeof(*capture->spans), order_captured);
	return next == SL_END && status == SL_END && capture->count != 0;
}

static uint32_t capture_parent(const struct sl_trace_node *nodes, uint32_t count, uint32_t of)
{
	for (uint32_t i = 0; i < count; i++)
		if (i != of &&
		    sl_slice_equal(nodes[i].span->span_id, nodes[of].span->parent_span_id))
			return i;
	return SL_NO_SPAN;
}

/* The trace that begins at *at, which moves behind it.  Its preorder is owned. */
static void capture_trace(struct capture *capture, size_t *at, struct sl_trace *trace)
{
	struct sl_span *const *spans = capture->spans + *at;
	uint32_t count = 0;

	while (*at + count < capture->count &&
	       sl_slice_equal(spans[count]->trace_id, spans[0]->trace_id))
		count++;
	*at += count;
	*trace = (struct sl_trace){ .trace_id = spans[0]->trace_id, .count = count };
	trace->nodes = capture_room(capture, count * sizeof(*trace->nodes));
	trace->start_ns = spans[0]->start_unix_nano;
	for (uint32_t i = 0; i < count; i++) {
		trace->nodes[i] = (struct sl_trace_node){ .span = spans[i] };
		if (spans[i]->end_unix_nano > trace->end_ns)
			trace->end_ns = spans[i]->end_unix_nano;
	}
	trace->root = SL_NO_SPAN;
	for (uint32_t i = 0; i < count; i++) {
		bool has_parent = spans[i]->parent_span_id.len != 0;

		trace->nodes[i].parent =
			has_parent ? capture_parent(trace->nodes, count, i) : SL_NO_SPAN;
		trace->nodes[i].orphan = has_parent && trace->nodes[i].parent == SL_NO_SPAN;
		if (!has_parent && trace->root == SL_NO_SPAN)
			trace->root = i;
	}
	if (trace->root == SL_NO_SPAN)
		trace->root = 0;
	query_trace_link(trace);
}

static void capture_free(struct capture *capture)
{
	free(capture->spans);
	sl_arena_free(&capture->arena);
}

#endif

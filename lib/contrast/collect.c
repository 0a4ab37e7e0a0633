/* From a trace to its record: each operation is measured, each trait is found once. */
#include "record.h"
#include "spanline/json.h"
#include "spanline/text.h"
#include <stdlib.h>

enum { REMEMBERED = 16 };

static const struct {
	struct sl_slice span, resource, instrumentation, event, link;
} scopes = { { "span.", 5 },
	     { "resource.", 9 },
	     { "instrumentation.", 16 },
	     { "event.", 6 },
	     { "link.", 5 } };

/* The trait is in this trace. */
static void find(struct collector *collector, uint32_t index)
{
	struct trait *trait = &collector->traits->items[index];

	if (trait->seen == collector->number)
		return;
	trait->seen = collector->number;
	if (!sl_array_reserve((void **)&collector->found, &collector->found_capacity,
			      collector->found_count + 1, sizeof(*collector->found))) {
		collector->failed = true;
		return;
	}
	collector->found[collector->found_count++] = index;
}

static uint32_t find_new(struct collector *collector, const struct trait_id *id)
{
	bool is_new, failed;
	uint32_t index = contrast_trait(collector->traits, id, &is_new, &failed);

	collector->failed |= failed;
	if (index != NO_ITEM)
		find(collector, index);
	return index;
}

/* The value as JSON, in collector->text. */
static void render(struct collector *collector, const struct sl_value *value)
{
	collector->text.len = 0;
	sl_json_write_value(&collector->text, value);
	collector->failed |= collector->text.failed;
}

static uint64_t hash_value(struct collector *collector, const struct sl_value *value)
{
	switch (value->type) {
	case SL_VALUE_STRING:
		return sl_hash64(value->text.data, value->text.len, SL_VALUE_STRING);
	case SL_VALUE_INT:
		return sl_hash64(&value->integer, sizeof(value->integer), SL_VALUE_INT);
	case SL_VALUE_BOOL:
		return value->boolean ? 2 : 1;
	default:
		render(collector, value);
		return sl_hash64(collector->text.data, collector->text.len, value->type);
	}
}

/* What is kept of a value's text. */
static void keep_text(struct collector *collector, uint32_t index, const struct sl_value *value)
{
	struct trait *trait = &collector->traits->items[index];
	struct sl_slice text;

	render(collector, value);
	text = sl_buffer_slice(&collector->text);
	if (text.len > VALUE_BYTES)
		text.len = VALUE_BYTES;
	trait->value = sl_arena_copy(&collector->traits->arena, text);
	collector->failed |= trait->value.data == NULL;
}

static bool is_time(const struct sl_value *value)
{
	uint64_t unix_ns;

	return value->type == SL_VALUE_STRING && sl_parse_time(value->text, &unix_ns);
}

static void find_value(struct collector *collector, uint32_t key_index,
		       const struct sl_value *value)
{
	struct attribute_key *key = &collector->traits->keys[key_index];
	struct trait_id id = { .kind = SL_DIFFERENCE_ATTRIBUTE, .of = key_index };
	bool is_new, failed;
	uint32_t index;

	if (key->dropped)
		return;
	id.value = hash_value(collector, value);
	index = contrast_trait(collector->traits, &id, &is_new, &failed);
	collector->failed |= failed;
	if (index == NO_ITEM)
		return;
	if (is_new) {
		keep_text(collector, index, value);
		key->dropped = ++key->value_count > VALUES_OF_KEY || is_time(value);
	}
	find(collector, index);
}

static void find_attribute(struct collector *collector, struct sl_slice scope, struct sl_slice name,
			   const struct sl_value *value)
{
	bool failed;
	uint32_t key = contrast_key(collector->traits, scope, name, &failed);

	collector->failed |= failed;
	if (key == NO_ITEM)
		return;
	find(collector, collector->traits->keys[key].trait);
	find_value(collector, key, value);
}

static void find_attributes(struct collector *collector, struct sl_slice scope,
			    struct sl_attributes attributes)
{
	for (size_t i = 0; i < attributes.count && !collector->failed; i++)
		find_attribute(collector, scope, attributes.items[i].key,
			       &attributes.items[i].value);
}

/* What is no attribute but looks like one, where it is there. */
static void find_text(struct collector *collector, struct sl_slice scope, struct sl_slice name,
		      struct sl_slice text)
{
	struct sl_value value = { .type = SL_VALUE_STRING, .text = text };

	if (text.len != 0)
		find_attribute(collector, scope, name, &value);
}

static void find_in_lists(struct collector *collector, const struct sl_span *span)
{
	for (size_t i = 0; i < span->event_count; i++) {
		find_text(collector, SL_SLICE("event:"), SL_SLICE("name"), span->events[i].name);
		find_attributes(collector, scopes.event, span->events[i].attributes);
	}
	for (size_t i = 0; i < span->link_count; i++)
		find_attributes(collector, scopes.link, span->links[i].attributes);
}

/* What many spans of a trace share is looked at once, where it was met lately. */
struct met {
	const void *items[REMEMBERED];
	size_t count;
};

static bool meets_again(struct met *met, const void *item)
{
	for (size_t i = 0; i < REMEMBERED && i < met->count; i++)
		if (met->items[i] == item)
			return true;
	met->items[met->count++ % REMEMBERED] = item;
	return false;
}

static void find_in_span(struct collector *collector, const struct sl_span *span,
			 struct met *resources, struct met *instrumentations)
{
	find_attributes(collector, scopes.span, span->attributes);
	find_text(collector, SL_SLICE("span:"), SL_SLICE("statusMessage"), span->status_message);
	find_in_lists(collector, span);
	if (!meets_again(resources, span->resource))
		find_attributes(collector, scopes.resource, span->resource->attributes);
	if (meets_again(instrumentations, span->scope))
		return;
	find_text(collector, SL_SLICE("instrumentation:"), SL_SLICE("name"), span->scope->name);
	find_text(collector, SL_SLICE("instrumentation:"), SL_SLICE("version"),
		  span->scope->version);
	find_attributes(collector, scopes.instrumentation, span->scope->attributes);
}

/* The figures of the operation in this trace. */
static struct measured *measured_of(struct collector *collector, uint32_t index)
{
	struct operation *operation = &collector->traits->operations[index];

	if (operation->seen == collector->number)
		return &collector->measured[operation->slot];
	if (!sl_array_reserve((void **)&collector->measured, &collector->measured_capacity,
			      collector->measured_count + 1, sizeof(*collector->measured))) {
		collector->failed = true;
		return NULL;
	}
	operation->seen = collector->number;
	operation->slot = (uint32_t)collector->measured_count++;
	collector->measured[operation->slot] = (struct measured){ .operation = index };
	find(collector, operation->trait);
	return &collector->measured[operation->slot];
}

static void find_error(struct collector *collector, uint32_t index)
{
	struct operation *operation = &collector->traits->operations[index];
	struct trait_id id = { .kind = SL_DIFFERENCE_ERRORS, .of = index };

	if (operation->errors_trait == NO_ITEM)
		operation->errors_trait = find_new(collector, &id);
	else
		find(collector, operation->errors_trait);
}

/* Sums stay within their type, whatever the clocks of strangers say. */
static int64_t add_clamped(int64_t a, int64_t b)
{
	if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
		return b > 0 ? INT64_MAX : INT64_MIN;
	return a + b;
}

/* What an exporter sent once more, when the answer was lost, was not called twice. */
static bool is_copy(const struct sl_trace_node *node, const struct measured *measured)
{
	return node->duplicate && measured->calls != 0;
}

static void measure(struct collector *collector, const struct sl_trace *trace,
		    const struct sl_path *path)
{
	bool possible = path->total_ns <= INT64_MAX;

	for (uint32_t i = 0; i < trace->count && !collector->failed; i++) {
		const struct sl_span *span = trace->nodes[i].span;
		struct sl_operation_name name = { sl_span_service(span), span->name };
		uint32_t index = contrast_operation(collector->traits, name);
		struct measured *measured;

		collector->operations[i] = index;
		measured = index != NO_ITEM ? measured_of(collector, index) : NULL;
		if (measured == NULL) {
			collector->failed = true;
			return;
		}
		/* what no clock can have measured is the root's alone, as far as it is counted */
		measured->critical_ns += possible	    ? path->on_path_ns[i]
					 : i == trace->root ? INT64_MAX
							    : 0;
		if (is_copy(&trace->nodes[i], measured))
			continue;
		measured->calls++;
		measured->self_ns = add_clamped(measured->self_ns, sl_trace_self_ns(trace, i));
		if (span->status_code == SL_STATUS_ERROR) {
			measured->errors++;
			find_error(collector, index);
		}
	}
}

static void find_edges(struct collector *collector, const struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count && !collector->failed; i++) {
		uint32_t parent = trace->nodes[i].parent;
		struct trait_id id = { .kind = SL_DIFFERENCE_EDGE };

		if (parent == SL_NO_SPAN)
			continue;
		id.of = collector->operations[parent];
		id.to = collector->operations[i];
		find_new(collector, &id);
	}
}

static void label(struct sl_trace_label *label, struct sl_slice trace_id, uint64_t seed)
{
	size_t len = trace_id.len < SL_TRACE_LABEL_BYTES ? trace_id.len : SL_TRACE_LABEL_BYTES;

	*label = (struct sl_trace_label){ .hash = sl_hash64(trace_id.data, trace_id.len, seed),
					  .len = (unsigned char)len };
	if (len != 0)
		memcpy(label->id, trace_id.data, len);
}

/* All in one piece. */
static const struct record *pack(struct collector *collector, struct record record)
{
	size_t operations = collector->measured_count * sizeof(*collector->measured);
	size_t traits = collector->found_count * sizeof(*collector->found);

	record.operation_count = (uint32_t)collector->measured_count;
	record.trait_count = (uint32_t)collector->found_count;
	record.size = (sizeof(record) + operations + traits + 7) & ~(size_t)7;
	for (size_t i = 0; i < collector->measured_count; i++)
		record.errors += collector->measured[i].errors;
	collector->record.len = 0;
	sl_buffer_add(&collector->record, &record, sizeof(record));
	sl_buffer_add(&collector->record, collector->measured, operations);
	sl_buffer_add(&collector->record, collector->found, traits);
	sl_buffer_add(&collector->record, "\0\0\0\0\0\0\0",
		      record.size - sizeof(record) - operations - traits);
	if (collector->failed || collector->record.failed)
		return NULL;
	return (const struct record *)(const void *)collector->record.data;
}

const struct record *collector_make(struct collector *collector, const struct sl_trace *trace,
				    uint64_t seed)
{
	struct record record = { .spans = trace->count };
	struct met resources = { .count = 0 }, instrumentations = resources;
	struct sl_path path;
	struct sl_error err;

	sl_arena_reset(&collector->arena);
	collector->number++;
	collector->measured_count = 0;
	collector->found_count = 0;
	if (!sl_array_reserve((void **)&collector->operations, &collector->operation_capacity,
			      trace->count, sizeof(*collector->operations)) ||
	    sl_trace_path(&path, trace, &collector->arena, &err) != SL_OK)
		return NULL;
	record.root_ns = path.total_ns <= INT64_MAX ? path.total_ns : INT64_MAX;
	label(&record.label, trace->trace_id, seed);
	measure(collector, trace, &path);
	if (!collector->failed)
		find_edges(collector, trace);
	for (uint32_t i = 0; i < trace->count && !collector->failed; i++)
		find_in_span(collector, trace->nodes[i].span, &resources, &instrumentations);
	return pack(collector, record);
}

void collector_free(struct collector *collector)
{
	free(collector->measured);
	free(collector->found);
	free(collector->operations);
	sl_buffer_free(&collector->text);
	sl_buffer_free(&collector->record);
	sl_arena_free(&collector->arena);
	*collector = (struct collector){ 0 };
}

/* From the facts of a trace to its record: each operation is measured, each trait found once. */
#include "record.h"
#include <stdlib.h>

/* The trait is in this trace, and so is what it implies. */
static void find(struct collector *collector, uint32_t index)
{
	while (index != NO_ITEM) {
		struct mark *mark = &collector->traits->marks[index];

		if (mark->seen == collector->number)
			return;
		mark->seen = collector->number;
		if (!sl_array_reserve((void **)&collector->found, &collector->found_capacity,
				      collector->found_count + 1, sizeof(*collector->found))) {
			collector->failed = true;
			return;
		}
		collector->found[collector->found_count++] = index;
		index = mark->implied;
	}
}

static void find_list(struct collector *collector, struct word_list *list)
{
	collector->traits->crowded += list->crowded;
	if (list->seen == collector->number)
		return;
	list->seen = collector->number;
	for (size_t i = 0; i < list->count && !collector->failed; i++)
		find(collector, collector->traits->lists.words[list->first + i]);
}

static void find_words(struct collector *collector, struct sl_slice fact)
{
	struct fact head = fact_of(fact);

	collector->traits->crowded += head.crowded;
	for (uint32_t i = 0; i < head.word_count && !collector->failed; i++) {
		uint32_t word = fact_word(fact, i);

		if ((word & WORD_OF_LIST) != 0)
			find_list(collector, &collector->traits->lists.items[word & ~WORD_OF_LIST]);
		else
			find(collector, word);
	}
}

static uint32_t find_new(struct collector *collector, struct trait_id id)
{
	bool is_new, failed;
	uint32_t index;

	id.implied = NO_ITEM;
	index = contrast_trait(collector->traits, &id, &is_new, &failed);
	collector->failed |= failed;
	collector->traits->crowded += index == NO_ITEM && !failed;
	find(collector, index);
	return index;
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

	if (operation->errors_trait != NO_ITEM)
		find(collector, operation->errors_trait);
	else
		operation->errors_trait = find_new(
			collector, (struct trait_id){ .kind = SL_DIFFERENCE_ERRORS, .of = index });
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
		struct fact fact = fact_of(collector->facts[i]);
		struct measured *measured = measured_of(collector, fact.operation);

		if (measured == NULL)
			return;
		collector->traits->operations[fact.operation].matched |= fact.matched;
		collector->traits->operations[fact.operation].is_root |= i == trace->root;
		/* what no clock can have measured is the root's alone, as far as it is counted */
		measured->critical_ns += possible	    ? path->on_path_ns[i]
					 : i == trace->root ? INT64_MAX
							    : 0;
		if (is_copy(&trace->nodes[i], measured))
			continue;
		measured->calls++;
		measured->self_ns = add_clamped(measured->self_ns, sl_trace_self_ns(trace, i));
		if (fact.failed) {
			measured->errors++;
			find_error(collector, fact.operation);
		}
	}
}

/* Most operations are called by one other. */
static void find_edge(struct collector *collector, uint32_t caller, uint32_t callee)
{
	struct operation *operation = &collector->traits->operations[callee];

	if (operation->edge != NO_ITEM && operation->caller == caller) {
		find(collector, operation->edge);
		return;
	}
	operation->caller = caller;
	operation->edge = find_new(
		collector,
		(struct trait_id){ .kind = SL_DIFFERENCE_EDGE, .of = caller, .to = callee });
}

static void find_edges(struct collector *collector, const struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count && !collector->failed; i++) {
		uint32_t parent = trace->nodes[i].parent;

		if (parent != SL_NO_SPAN)
			find_edge(collector, fact_of(collector->facts[parent]).operation,
				  fact_of(collector->facts[i]).operation);
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

/* Spans that have what a tree is made of. */
static bool unpack(struct collector *collector, const struct sl_gathered *trace)
{
	size_t before = collector->span_capacity;

	if (!sl_array_reserve((void **)&collector->spans, &collector->span_capacity, trace->count,
			      sizeof(*collector->spans)) ||
	    !sl_array_reserve((void **)&collector->pointers, &collector->pointer_capacity,
			      trace->count, sizeof(struct sl_span *)))
		return false;
	for (; before < collector->span_capacity; before++)
		collector->spans[before] = sl_span_empty;
	for (size_t i = 0; i < trace->count; i++) {
		struct sl_slice bytes = trace->records[i];
		struct fact fact = fact_of(bytes);
		struct sl_span *span = &collector->spans[i];
		const char *ids = bytes.data + bytes.len - fact.parent_len - fact.id_len;

		span->trace_id = trace->trace_id;
		span->span_id = (struct sl_slice){ ids, fact.id_len };
		span->parent_span_id = (struct sl_slice){ ids + fact.id_len, fact.parent_len };
		span->kind = fact.kind;
		span->start_unix_nano = fact.start_ns;
		span->end_unix_nano = fact.end_ns;
		collector->pointers[i] = span;
	}
	collector->facts = trace->records;
	return true;
}

static bool is_matched(const struct sl_gathered *trace)
{
	bool matched = false;

	for (size_t i = 0; i < trace->count && !matched; i++)
		matched = fact_of(trace->records[i]).matched;
	return matched;
}

enum sl_status collector_make(struct collector *collector, const struct sl_gathered *gathered,
			      uint64_t seed, const struct record **record, struct sl_error *err)
{
	struct record made = { .spans = (uint32_t)gathered->count,
			       .matched = is_matched(gathered) };
	struct sl_trace trace;
	struct sl_path path;
	enum sl_status status;

	sl_arena_reset(&collector->arena);
	collector->number++;
	collector->measured_count = 0;
	collector->found_count = 0;
	if (!unpack(collector, gathered))
		return sl_fail_memory(err);
	status = sl_trace_build(&trace, collector->pointers, gathered->count, &collector->arena,
				err);
	if (status == SL_OK)
		status = sl_trace_path(&path, &trace, &collector->arena, err);
	if (status != SL_OK)
		return status;
	made.root_ns = path.total_ns <= INT64_MAX ? path.total_ns : INT64_MAX;
	label(&made.label, gathered->trace_id, seed);
	measure(collector, &trace, &path);
	if (!collector->failed)
		find_edges(collector, &trace);
	for (size_t i = 0; i < gathered->count && !collector->failed; i++)
		find_words(collector, gathered->records[i]);
	*record = pack(collector, made);
	return *record != NULL ? SL_OK : sl_fail_memory(err);
}

void collector_free(struct collector *collector)
{
	free(collector->spans);
	free(collector->pointers);
	free(collector->measured);
	free(collector->found);
	sl_buffer_free(&collector->record);
	sl_arena_free(&collector->arena);
	*collector = (struct collector){ 0 };
}

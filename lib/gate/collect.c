/* What spans and traces bring to each gate. */
#include "gate.h"
#include "spanline/select.h"
#include <assert.h>
#include <stdlib.h>

/* A span, and where it stands in its trace; `trace` is NULL where none is needed. */
struct seen {
	const struct sl_span *span;
	const struct sl_trace *trace;
	uint32_t index;
	const struct sl_path *path;
};

void sl_watch_close(struct sl_watch *watch)
{
	if (watch == NULL)
		return;
	for (size_t i = 0; i < watch->gates->count; i++) {
		if (watch->tallies != NULL)
			tallies_free(&watch->tallies[i]);
		if (watch->asks != NULL && watch->asks[i] != NULL)
			sl_matcher_close(watch->asks[i]);
		if (watch->keys != NULL && watch->keys[i] != NULL)
			sl_matcher_close(watch->keys[i]);
	}
	free(watch->tallies);
	free(watch->asks);
	free(watch->keys);
	free(watch->met);
	sl_buffer_free(&watch->key);
	sl_arena_free(&watch->paths);
	sl_arena_free(&watch->arena);
	free(watch);
}

enum sl_status sl_watch_open(struct sl_watch **opened, const struct sl_gates *gates,
			     struct sl_error *err)
{
	struct sl_watch *watch = calloc(1, sizeof(*watch));
	size_t room = gates->count + 1;
	enum sl_status status = SL_OK;

	if (watch == NULL)
		return sl_fail_memory(err);
	watch->gates = gates;
	watch->start_ns = UINT64_MAX;
	watch->tallies = calloc(room, sizeof(*watch->tallies));
	watch->asks = calloc(room, sizeof(struct sl_matcher *));
	watch->keys = calloc(room, sizeof(struct sl_matcher *));
	watch->met = calloc(room, sizeof(*watch->met));
	if (watch->tallies == NULL || watch->asks == NULL || watch->keys == NULL ||
	    watch->met == NULL)
		status = sl_fail_memory(err);
	for (size_t i = 0; i < gates->count && status == SL_OK; i++) {
		const struct gate *gate = &gates->items[i];

		if (gate->query != NULL)
			status = sl_matcher_open(&watch->asks[i], gate->query, err);
		if (gate->by != NULL && status == SL_OK)
			status = sl_matcher_open(&watch->keys[i], gate->by, err);
	}
	if (status != SL_OK)
		sl_watch_close(watch);
	else
		*opened = watch;
	return status;
}

uint64_t sl_watch_limits_hit(const struct sl_watch *watch)
{
	uint64_t count = 0;

	for (size_t i = 0; i < watch->gates->count; i++) {
		count += watch->asks[i] != NULL ? sl_matcher_limits_hit(watch->asks[i]) : 0;
		count += watch->keys[i] != NULL ? sl_matcher_limits_hit(watch->keys[i]) : 0;
	}
	return count;
}

/* The value of by() as people see it: text as it is, but that empty text has its quotes. */
static enum sl_status read_key(struct sl_watch *watch, size_t index, const struct seen *seen,
			       struct sl_slice *key, struct sl_error *err)
{
	struct sl_query_value value;
	enum sl_status status;

	if (watch->keys[index] == NULL)
		return SL_OK;
	status = sl_query_value(watch->keys[index], seen->span, seen->trace, seen->index, &value,
				err);
	if (status != SL_OK)
		return status;
	watch->key.len = 0;
	if (value.type == SL_TYPE_STRING && value.text.len != 0)
		sl_buffer_add_slice(&watch->key, value.text);
	else if (value.type == SL_TYPE_NIL)
		sl_buffer_add_literal(&watch->key, "nil");
	else
		sl_write_query_value(&watch->key, &value);
	if (watch->key.failed)
		return sl_fail_memory(err);
	*key = sl_buffer_slice(&watch->key);
	return SL_OK;
}

static int64_t latency_of(const struct gate *gate, const struct seen *seen)
{
	if (gate->part == PART_SELF)
		return sl_trace_self_ns(seen->trace, seen->index);
	if (gate->part == PART_CRITICAL) {
		assert(seen->path != NULL && seen->path->on_path_ns != NULL);
		return (int64_t)seen->path->on_path_ns[seen->index];
	}
	return sl_span_duration_ns(seen->span);
}

static void add_latency(struct tally *tally, int64_t ns)
{
	tally->least = ns < tally->least ? ns : tally->least;
	tally->most = ns > tally->most ? ns : tally->most;
	tally->seconds += ns / 1000000000;
	tally->ns += ns % 1000000000;
}

static void note_worst(const struct gate *gate, struct tally *tally, const struct sl_span *span,
		       int64_t ns)
{
	bool is_error = span->status_code == SL_STATUS_ERROR;
	bool from_below = gate->op == OP_GREATER || gate->op == OP_GREATER_EQUAL;

	if (gate->measure == MEASURE_PER_TRACE)
		ns = (int64_t)tally->in_trace;
	else if (gate->measure == MEASURE_ERROR_RATE && !is_error)
		return;
	/* turned over, the least is the largest */
	worst_offer(&tally->worst, is_latency(gate) && from_below ? ~ns : ns, span->trace_id);
}

static bool keep_latency(const struct sl_gates *gates, struct tally *tally, int64_t ns)
{
	if (gates->error == 0)
		return sl_samples_add(&tally->samples, ns, 0);
	if (tally->sketch.count == 0)
		sl_sketch_init(&tally->sketch, gates->error);
	return sl_sketch_add(&tally->sketch, ns, 1);
}

static enum sl_status record(struct sl_watch *watch, size_t index, const struct seen *seen,
			     struct sl_error *err)
{
	const struct gate *gate = &watch->gates->items[index];
	struct sl_slice key = { NULL, 0 };
	enum sl_status status = read_key(watch, index, seen, &key, err);
	struct tally *tally;
	int64_t ns;

	if (status != SL_OK || sl_span_damaged(seen->span))
		return status;
	tally = tallies_find(&watch->tallies[index], key, &watch->arena);
	if (tally == NULL)
		return sl_fail_memory(err);
	ns = latency_of(gate, seen);
	tally->count++;
	tally->errors += seen->span->status_code == SL_STATUS_ERROR;
	if (tally->trace != watch->traces)
		tally->in_trace = 0;
	tally->trace = watch->traces;
	if (++tally->in_trace > tally->most_in_trace)
		tally->most_in_trace = tally->in_trace;
	add_latency(tally, ns);
	note_worst(gate, tally, seen->span, ns);
	if (gate->measure == MEASURE_QUANTILE && !keep_latency(watch->gates, tally, ns))
		return sl_fail_memory(err);
	if (gate->measure == MEASURE_TRACES &&
	    !sl_distinct_add(&tally->traces, seen->span->trace_id))
		return sl_fail_memory(err);
	return SL_OK;
}

void sl_watch_met(struct sl_watch *watch)
{
	watch->any = true;
}

static void note_times(struct sl_watch *watch, const struct sl_span *span)
{
	watch->any = true;
	watch->spans++;
	if (span->start_unix_nano < watch->start_ns)
		watch->start_ns = span->start_unix_nano;
	if (span->end_unix_nano > watch->end_ns)
		watch->end_ns = span->end_unix_nano;
}

enum sl_status sl_watch_span(struct sl_watch *watch, const struct sl_span *span,
			     struct sl_error *err)
{
	struct seen seen = { .span = span };
	enum sl_status status = SL_OK;

	for (size_t i = 0; i < watch->gates->count && status == SL_OK; i++)
		status = sl_query_span(watch->asks[i], span, &watch->met[i], err);
	/* what is lost counts for no gate; its reader tells */
	if (status != SL_OK || sl_span_damaged(span))
		return status;
	note_times(watch, span);
	for (size_t i = 0; i < watch->gates->count && status == SL_OK; i++)
		if (watch->met[i])
			status = record(watch, i, &seen, err);
	return status;
}

/* Which spans of the trace the query finds; in the arena of paths. */
static enum sl_status ask(struct sl_watch *watch, size_t index, const struct sl_trace *trace,
			  bool **found, struct sl_error *err)
{
	const struct sl_spanset *sets;
	size_t count;
	enum sl_status status = sl_query_trace(watch->asks[index], trace, &sets, &count, err);

	/* a query that cannot be answered is no damage of the input */
	if (status != SL_OK)
		return SL_FAILED;
	*found = sl_arena_alloc(&watch->paths, trace->count * sizeof(**found));
	if (*found == NULL)
		return sl_fail_memory(err);
	memset(*found, 0, trace->count * sizeof(**found));
	for (size_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < sets[i].count; j++)
			(*found)[sets[i].spans[j]] = true;
	return SL_OK;
}

static enum sl_status watch_gate(struct sl_watch *watch, size_t index, const struct seen *trace,
				 const bool *chosen, struct sl_error *err)
{
	const struct gate *gate = &watch->gates->items[index];
	struct seen seen = *trace;
	bool *found = NULL;
	enum sl_status status = SL_OK;

	if (gate->query == NULL && gate->measure != MEASURE_PER_TRACE) {
		seen.index = trace->trace->root;
		seen.span = trace->trace->nodes[seen.index].span;
		return record(watch, index, &seen, err);
	}
	if (gate->query != NULL)
		status = ask(watch, index, trace->trace, &found, err);
	for (seen.index = 0; seen.index < trace->trace->count && status == SL_OK; seen.index++) {
		if (!chosen[seen.index] || (found != NULL && !found[seen.index]))
			continue;
		seen.span = trace->trace->nodes[seen.index].span;
		status = record(watch, index, &seen, err);
	}
	return status;
}

static bool needs_path(const struct sl_gates *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		if (gates->items[i].part == PART_CRITICAL)
			return true;
	return false;
}

enum sl_status sl_watch_trace(struct sl_watch *watch, const struct sl_trace *trace,
			      const bool *chosen, struct sl_error *err)
{
	struct sl_path path = { 0 };
	struct seen seen = { .trace = trace, .path = &path };
	uint64_t before = watch->spans;
	enum sl_status status = SL_OK;

	sl_watch_met(watch);
	for (uint32_t i = 0; i < trace->count; i++)
		if (chosen[i])
			note_times(watch, trace->nodes[i].span);
	if (watch->spans == before)
		return SL_OK;
	watch->traces++;
	sl_arena_reset(&watch->paths);
	if (needs_path(watch->gates))
		status = sl_trace_path(&path, trace, &watch->paths, err);
	for (size_t i = 0; i < watch->gates->count && status == SL_OK; i++)
		status = watch_gate(watch, i, &seen, chosen, err);
	return status;
}

static bool merge_tally(struct tally *into, struct tally *from)
{
	into->count += from->count;
	into->errors += from->errors;
	into->seconds += from->seconds;
	into->ns += from->ns;
	into->least = from->least < into->least ? from->least : into->least;
	into->most = from->most > into->most ? from->most : into->most;
	if (from->most_in_trace > into->most_in_trace)
		into->most_in_trace = from->most_in_trace;
	worst_merge(&into->worst, &from->worst);
	sl_samples_merge(&into->samples, &from->samples);
	if (into->sketch.count == 0)
		into->sketch.bits = from->sketch.bits;
	if (!sl_sketch_merge(&into->sketch, &from->sketch))
		return false;
	return sl_distinct_merge(&into->traces, &from->traces);
}

enum sl_status sl_watch_merge(struct sl_watch *into, struct sl_watch *from, struct sl_error *err)
{
	into->any |= from->any;
	into->spans += from->spans;
	if (from->start_ns < into->start_ns)
		into->start_ns = from->start_ns;
	if (from->end_ns > into->end_ns)
		into->end_ns = from->end_ns;
	for (size_t i = 0; i < into->gates->count; i++) {
		struct tallies *all = &from->tallies[i];

		for (size_t j = 0; j < all->count; j++) {
			struct tally *tally =
				tallies_find(&into->tallies[i], all->items[j].key, &into->arena);

			if (tally == NULL || !merge_tally(tally, &all->items[j]))
				return sl_fail_memory(err);
		}
	}
	return SL_OK;
}

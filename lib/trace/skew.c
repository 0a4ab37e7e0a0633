/*
 * Clocks that differ between services, found where causes come after their effects.
 *
 * A call bounds what must be added to the callee's times: it cannot start before the caller did,
 * and where the caller had an answer, not end after it.  All calls of one service by another share
 * the clocks, so that their bounds are taken together, and the middle is the guess.
 */
#include "spanline/trace.h"
#include <stdlib.h>

struct call {
	uint64_t pair; /* of services: by hash */
	int64_t least, most;
	uint32_t node;
	bool outside; /* the callee began before the caller, or after it had the answer */
};

static int64_t difference(uint64_t from, uint64_t to)
{
	uint64_t distance = to >= from ? to - from : from - to;

	/* halves, so that sums of two fit */
	if (distance > INT64_MAX / 2)
		distance = INT64_MAX / 2;
	return to >= from ? (int64_t)distance : -(int64_t)distance;
}

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b > 0 ? INT64_MAX : -INT64_MAX;
	return sum;
}

/* The caller waited for the answer, and had it. */
static bool is_answered(const struct sl_span *caller, const struct sl_span *callee,
			int64_t tolerance)
{
	return caller->kind == SL_KIND_CLIENT && callee->kind == SL_KIND_SERVER &&
	       caller->status_code != SL_STATUS_ERROR && sl_span_duration_ns(callee) >= 0 &&
	       sl_span_duration_ns(callee) <= add(sl_span_duration_ns(caller), tolerance);
}

/* False: both are of one service, or one is of none. */
static bool make_call(const struct sl_trace *trace, uint32_t node, int64_t tolerance,
		      struct call *call)
{
	const struct sl_span *callee = trace->nodes[node].span;
	const struct sl_span *caller = trace->nodes[trace->nodes[node].parent].span;
	struct sl_slice to = sl_span_service(callee), from = sl_span_service(caller);

	if (to.len == 0 || from.len == 0 || sl_slice_equal(to, from))
		return false;
	*call = (struct call){
		.pair = sl_hash64(to.data, to.len, sl_hash64(from.data, from.len, 0)),
		.least = difference(callee->start_unix_nano, caller->start_unix_nano),
		.most = INT64_MAX,
		.node = node,
	};
	call->outside = call->least > tolerance;
	if (is_answered(caller, callee, tolerance)) {
		call->most = difference(callee->end_unix_nano, caller->end_unix_nano);
		if (difference(caller->end_unix_nano, callee->start_unix_nano) > tolerance)
			call->outside = true;
	}
	return true;
}

static int compare_calls(const void *a, const void *b)
{
	const struct call *one = a, *two = b;

	if (one->pair != two->pair)
		return one->pair < two->pair ? -1 : 1;
	return one->node < two->node ? -1 : one->node > two->node;
}

static int64_t guess(int64_t least, int64_t most)
{
	return most == INT64_MAX ? least : least + (most - least) / 2;
}

/* What the callees of one pair of services are moved by. */
static void settle_pair(const struct call *calls, size_t count, int64_t tolerance, int64_t *shift)
{
	int64_t least = INT64_MIN, most = INT64_MAX;
	bool outside = false, together;

	for (size_t i = 0; i < count; i++) {
		outside |= calls[i].outside;
		least = calls[i].least > least ? calls[i].least : least;
		most = calls[i].most < most ? calls[i].most : most;
	}
	if (!outside)
		return;
	/* several machines of one service may have a clock each */
	together = most == INT64_MAX || add(least, -most) <= add(tolerance, tolerance);
	for (size_t i = 0; i < count; i++)
		if (together)
			shift[calls[i].node] = guess(least, most);
		else if (calls[i].outside)
			shift[calls[i].node] = guess(calls[i].least, calls[i].most);
}

enum sl_status sl_trace_skew(const struct sl_trace *trace, uint64_t tolerance_ns,
			     int64_t **shift_ns, uint32_t *shifted, struct sl_arena *arena)
{
	int64_t tolerance = tolerance_ns < INT64_MAX / 2 ? (int64_t)tolerance_ns : INT64_MAX / 2;
	int64_t *shift = sl_arena_alloc(arena, trace->count * sizeof(*shift));
	struct call *calls = sl_arena_alloc(arena, trace->count * sizeof(*calls));
	size_t count = 0, end;

	if (shift == NULL || calls == NULL)
		return SL_FAILED;
	memset(shift, 0, trace->count * sizeof(*shift));
	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->nodes[i].parent != SL_NO_SPAN)
			count += make_call(trace, i, tolerance, &calls[count]);
	qsort(calls, count, sizeof(*calls), compare_calls);
	for (size_t i = 0; i < count; i = end) {
		for (end = i + 1; end < count && calls[end].pair == calls[i].pair; end++)
			;
		settle_pair(calls + i, end - i, tolerance, shift);
	}
	*shifted = 0;
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;

		if (parent != SL_NO_SPAN)
			shift[at] = add(shift[at], shift[parent]);
		*shifted += shift[at] != 0;
	}
	*shift_ns = shift;
	sl_arena_trim(arena, (char *)calls);
	return SL_OK;
}

static uint64_t move(uint64_t time_ns, int64_t by_ns)
{
	uint64_t distance = by_ns < 0 ? -(uint64_t)by_ns : (uint64_t)by_ns;

	if (by_ns < 0)
		return time_ns > distance ? time_ns - distance : 0;
	return time_ns < UINT64_MAX - distance ? time_ns + distance : UINT64_MAX;
}

enum sl_status sl_trace_shift(struct sl_trace *moved, const struct sl_trace *trace,
			      const int64_t *shift_ns, struct sl_arena *arena, struct sl_error *err)
{
	const struct sl_span **spans =
		sl_arena_alloc(arena, trace->count * sizeof(const struct sl_span *));

	if (spans == NULL)
		return sl_fail_memory(err);
	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_span *from = trace->nodes[i].span;
		struct sl_span *copy;

		spans[i] = from;
		if (shift_ns[i] == 0)
			continue;
		copy = sl_arena_alloc(arena, sizeof(*copy));
		if (copy == NULL)
			return sl_fail_memory(err);
		*copy = *from;
		copy->start_unix_nano = move(from->start_unix_nano, shift_ns[i]);
		copy->end_unix_nano = move(from->end_unix_nano, shift_ns[i]);
		spans[i] = copy;
	}
	return sl_trace_build(moved, spans, trace->count, arena, err);
}

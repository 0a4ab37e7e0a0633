/* Calls that were tried again after they had failed, on each hop, and what that adds up to. */
#include "examine.h"

/* Of one call on one hop of the trace. */
struct hop {
	size_t start, count; /* its attempts in the list */
	uint32_t depth;	     /* of the first */
};

enum { MOST_HOPS = 16 };

/* Siblings that are the same call. */
static void list_calls(struct examination *exam, struct keyed_list *list)
{
	const struct sl_trace *trace = exam->trace;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t parent = trace->nodes[i].parent;

		if (parent != SL_NO_SPAN && trace->nodes[i].span->kind == SL_KIND_CLIENT)
			keyed_add(exam, list,
				  sl_hash64(&exam->rank[parent], sizeof(*exam->rank),
					    call_hash(trace->nodes[i].span)),
				  0, i);
	}
	keyed_sort(list);
}

/* The end of the chain that begins at `start`: each failed, and the next began when it was over. */
static size_t chain_end(const struct examination *exam, const struct keyed_list *list, size_t start)
{
	uint64_t rounding_ns = exam->thresholds->values[SL_THRESHOLD_SKEW];
	size_t end = start + 1;

	for (; end < list->count && list->items[end].key == list->items[start].key; end++) {
		uint32_t before = list->items[end - 1].node;
		uint64_t start_ns = start_of(exam, list->items[end].node);

		if (!(exam->marks[before] & MARK_FAILS) ||
		    (start_ns < end_of(exam, before) &&
		     end_of(exam, before) - start_ns > rounding_ns))
			break;
	}
	return end;
}

/* The attempts of all chains, by service, name and depth; in the same list, which shrinks. */
static void keep_attempts(const struct examination *exam, struct keyed_list *list)
{
	const struct sl_trace *trace = exam->trace;
	size_t kept = 0, end;

	for (size_t i = 0; i < list->count; i = end) {
		end = chain_end(exam, list, i);
		for (size_t k = i; end - i > 1 && k < end; k++) {
			struct keyed item = list->items[k];

			item.key = call_hash(trace->nodes[item.node].span);
			list->items[kept++] = item;
		}
	}
	list->count = kept;
	keyed_sort(list);
}

/* The hops with the most attempts, the upper ones first; how many there are. */
static size_t find_hops(const struct examination *exam, const struct keyed_list *list,
			struct hop *hops)
{
	size_t count = 0, end;

	for (size_t i = 0; i < list->count; i = end) {
		size_t least = 0;
		struct hop hop = { i, 0, exam->trace->nodes[list->items[i].node].depth };

		end = keyed_run(list, i);
		hop.count = end - i;
		for (size_t k = 1; k < count; k++)
			if (hops[k].count < hops[least].count)
				least = k;
		if (count < MOST_HOPS)
			hops[count++] = hop;
		else if (hops[least].count < hop.count)
			hops[least] = hop;
	}
	for (size_t i = 1; i < count; i++) {
		struct hop hop = hops[i];
		size_t at = i;

		for (; at > 0 && hops[at - 1].depth > hop.depth; at--)
			hops[at] = hops[at - 1];
		hops[at] = hop;
	}
	return count;
}

static void say_hops(struct examination *exam, const struct keyed_list *list,
		     const struct hop *hops, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			sl_buffer_add_literal(&exam->text, ", ");
		say_span(exam, list->items[hops[i].start].node);
		sl_buffer_printf(&exam->text, " %zu", hops[i].count);
	}
}

static void tell_storm(struct examination *exam, struct keyed_list *list, const struct hop *hops,
		       size_t count)
{
	const struct hop *most = &hops[0];
	struct sl_slice attempts;
	struct telling telling;
	uint64_t sum = 0;

	for (size_t i = 1; i < count; i++)
		if (hops[i].count >= most->count)
			most = &hops[i];
	for (size_t i = 0; i < list->count; i++)
		sum += duration_of(exam->trace, list->items[i].node);
	telling_begin(&telling, exam,
		      &(struct suspect){
			      .severity = SL_WARNING,
			      .first = list->items[most->start].node,
			      .count = list->count,
			      .weight = sum,
		      },
		      SL_FINDING_RETRY_STORM);
	say_hops(exam, list, hops, count);
	keyed_sort_run(list->items, list->count);
	telling_others(&telling, list->items, list->count);
	attempts = sl_arena_copy(exam->arena, sl_buffer_slice(&exam->text));
	exam->text.len = 0;
	sl_buffer_printf(&exam->text, "%zu attempts on %zu hop%s: ", list->count, count,
			 count > 1 ? "s" : "");
	sl_buffer_add_slice(&exam->text, attempts);
	telling_count(&telling, "total", list->count);
	telling_count(&telling, "hops", count);
	telling_count(&telling, "most", most->count);
	telling_text(&telling, "attempts", attempts);
	telling_ms(&telling, "sum_ms", (int64_t)sum);
	telling_end(&telling);
}

void find_retry_storms(struct examination *exam)
{
	struct hop hops[MOST_HOPS];
	struct keyed_list list = keyed_open(exam);
	size_t count;

	list_calls(exam, &list);
	keep_attempts(exam, &list);
	count = find_hops(exam, &list, hops);
	for (size_t i = 0; i < count; i++)
		if (hops[i].count >= exam->thresholds->values[SL_THRESHOLD_ATTEMPTS]) {
			tell_storm(exam, &list, hops, count);
			return;
		}
}

/* Calls that are alike, beside each other: at once with one that is slow, or one after another. */
#include "examine.h"
#include <stdlib.h>

static uint64_t sibling_hash(const struct examination *exam, uint32_t node)
{
	const struct sl_span *span = exam->trace->nodes[node].span;
	uint32_t parent = exam->rank[exam->trace->nodes[node].parent];

	return hash_text(span->name,
			 hash_text(sl_span_service(span),
				   sl_hash64(&parent, sizeof(parent), (uint64_t)span->kind)));
}

static void list_siblings(const struct examination *exam, struct keyed_list *list)
{
	for (uint32_t i = 0; i < exam->trace->count; i++)
		if (exam->trace->nodes[i].parent != SL_NO_SPAN && !is_async(exam->trace, i))
			keyed_add(exam, list, sibling_hash(exam, i), 0, i);
	keyed_sort(list);
}

static int compare_u64(const void *a, const void *b)
{
	const uint64_t *one = a, *two = b;

	return *one < *two ? -1 : *one > *two;
}

struct fan_out {
	const struct keyed *run;
	size_t count;
	const struct keyed *slowest;
	uint64_t median_ns; /* of the others */
	uint64_t alone_ns;  /* how long the slowest ran on after all others */
};

static void measure(const struct examination *exam, struct fan_out *fan)
{
	uint64_t *durations = exam->numbers;
	uint64_t last = 0, longest = 0;

	fan->slowest = fan->run;
	for (size_t i = 0; i < fan->count; i++) {
		durations[i] = duration_of(exam->trace, fan->run[i].node);
		if (durations[i] > longest) {
			longest = durations[i];
			fan->slowest = &fan->run[i];
		}
	}
	for (size_t i = 0; i < fan->count; i++)
		if (&fan->run[i] != fan->slowest && end_of(exam, fan->run[i].node) > last)
			last = end_of(exam, fan->run[i].node);
	qsort(durations, fan->count, sizeof(*durations), compare_u64);
	fan->median_ns = durations[(fan->count - 1) / 2];
	fan->alone_ns = end_of(exam, fan->slowest->node);
	fan->alone_ns = fan->alone_ns > last ? fan->alone_ns - last : 0;
}

/* At least half of the others, and enough for a fan-out, ran while the slowest did. */
static bool is_at_once(const struct examination *exam, const struct fan_out *fan)
{
	uint64_t from = start_of(exam, fan->slowest->node), to = end_of(exam, fan->slowest->node);
	size_t beside = 0;

	for (size_t i = 0; i < fan->count; i++) {
		uint32_t node = fan->run[i].node;

		beside += &fan->run[i] != fan->slowest && start_of(exam, node) < to &&
			  end_of(exam, node) > from;
	}
	return beside * 2 >= fan->count - 1 &&
	       beside + 1 >= exam->thresholds->values[SL_THRESHOLD_BRANCHES];
}

/* Down from a slow branch to what is slow in it: while one child takes most of it. */
static uint32_t descend(const struct sl_trace *trace, uint32_t node)
{
	enum { MOST_PERCENT = 80 };

	for (;;) {
		uint32_t longest = SL_NO_SPAN;
		uint64_t longest_ns = 0;

		for (uint32_t at = trace->nodes[node].first_child; at != SL_NO_SPAN;
		     at = trace->nodes[at].next_sibling)
			if (duration_of(trace, at) > longest_ns) {
				longest = at;
				longest_ns = duration_of(trace, at);
			}
		if (longest == SL_NO_SPAN ||
		    (double)longest_ns * 100 < (double)duration_of(trace, node) * MOST_PERCENT)
			return node;
		node = longest;
	}
}

static void tell_straggler(struct examination *exam, const struct suspect *suspect,
			   struct keyed *run)
{
	struct fan_out fan = { .run = run, .count = suspect->count };
	struct suspect slow = *suspect;
	struct telling telling;
	uint64_t slow_ns;

	measure(exam, &fan);
	slow_ns = duration_of(exam->trace, suspect->first);
	slow.first = descend(exam->trace, suspect->first);
	telling_begin(&telling, exam, &slow, SL_FINDING_STRAGGLER);
	telling_others(&telling, run, suspect->count);
	telling_count(&telling, "branches", suspect->count);
	telling_ms(&telling, "duration_ms", (int64_t)slow_ns);
	telling_ms(&telling, "median_ms", (int64_t)fan.median_ns);
	telling_ms(&telling, "alone_ms", (int64_t)fan.alone_ns);
	telling_share(&telling, "share", fan.alone_ns);
	say_span(exam, slow.first);
	sl_buffer_printf(&exam->text, " makes one of %zu branches take ", suspect->count);
	say_ms(exam, slow_ns);
	sl_buffer_add_literal(&exam->text, ", the median is ");
	say_ms(exam, fan.median_ns);
	telling_end(&telling);
}

void find_stragglers(struct examination *exam)
{
	const uint64_t *limits = exam->thresholds->values;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	size_t end;

	list_siblings(exam, &list);
	for (size_t i = 0; i < list.count; i = end) {
		struct fan_out fan = { .run = list.items + i };
		uint64_t longest;

		end = keyed_run(&list, i);
		fan.count = end - i;
		if (fan.count < limits[SL_THRESHOLD_BRANCHES] || fan.count < 3)
			continue;
		measure(exam, &fan);
		longest = duration_of(exam->trace, fan.slowest->node);
		if ((double)longest <
			    (double)fan.median_ns * (double)limits[SL_THRESHOLD_STRAGGLER_RATIO] ||
		    fan.alone_ns == 0 ||
		    !takes_share(exam, fan.alone_ns, SL_THRESHOLD_STRAGGLER_SHARE) ||
		    !is_at_once(exam, &fan))
			continue;
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = SL_WARNING,
				    .first = fan.slowest->node,
				    .start = i,
				    .count = fan.count,
				    .weight = fan.alone_ns,
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_STRAGGLER, &list, tell_straggler);
}

/* Where one began a moment before the other ended, clocks may be rounded. */
static bool is_after(const struct examination *exam, uint32_t later, uint32_t earlier)
{
	uint64_t start = start_of(exam, later), end = end_of(exam, earlier);
	uint64_t rounding_ns = exam->thresholds->values[SL_THRESHOLD_SKEW];
	uint64_t half_ns = duration_of(exam->trace, earlier) / 2;

	return start >= end || end - start <= (rounding_ns < half_ns ? rounding_ns : half_ns);
}

/* What would be saved if all ran at once; 0: they do not run one after another. */
static uint64_t measure_row(const struct examination *exam, const struct keyed *run, size_t count)
{
	uint64_t sum = 0, longest = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t node = run[i].node;
		uint64_t duration = duration_of(exam->trace, node);

		if (exam->trace->nodes[node].span->kind != SL_KIND_CLIENT ||
		    (exam->marks[node] & (MARK_FAILS | MARK_LOOPED)) ||
		    (i > 0 && !is_after(exam, node, run[i - 1].node)))
			return 0;
		sum += duration;
		longest = duration > longest ? duration : longest;
	}
	return sum - longest;
}

static void tell_row(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	struct telling telling;

	telling_begin(&telling, exam, suspect, SL_FINDING_SEQUENTIAL_CALLS);
	telling_others(&telling, run, suspect->count);
	telling_count(&telling, "count", suspect->count);
	telling_ms(&telling, "saved_ms", (int64_t)suspect->weight);
	telling_share(&telling, "share", suspect->weight);
	sl_buffer_printf(&exam->text, "%zu calls ", suspect->count);
	say_span(exam, run[0].node);
	sl_buffer_add_literal(&exam->text, " one after another: at once they would save ");
	say_ms(exam, suspect->weight);
	sl_buffer_add_literal(&exam->text, ", ");
	say_share(exam, suspect->weight);
	telling_end(&telling);
}

void find_sequential_calls(struct examination *exam)
{
	uint64_t least = exam->thresholds->values[SL_THRESHOLD_SEQUENTIAL];
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	size_t end;

	list_siblings(exam, &list);
	for (size_t i = 0; i < list.count; i = end) {
		uint64_t saved;

		end = keyed_run(&list, i);
		if (end - i < least || end - i < 2)
			continue;
		saved = measure_row(exam, list.items + i, end - i);
		if (saved == 0 || !takes_share(exam, saved, SL_THRESHOLD_SEQUENTIAL_SHARE))
			continue;
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = SL_INFO,
				    .first = exam->trace->nodes[list.items[i].node].parent,
				    .start = i,
				    .count = end - i,
				    .weight = saved,
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_SEQUENTIAL_CALLS, &list, tell_row);
}

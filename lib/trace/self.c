/* What of a span's duration is its own. */
#include "spanline/trace.h"

/* The children stand in the order of their starts: one sweep finds their union. */
int64_t sl_trace_self_ns(const struct sl_trace *trace, uint32_t node)
{
	const struct sl_span *span = trace->nodes[node].span;
	int64_t duration = sl_span_duration_ns(span);
	uint64_t covered_to = span->start_unix_nano, covered_ns = 0;
	uint32_t child = trace->nodes[node].first_child;

	for (; child != SL_NO_SPAN; child = trace->nodes[child].next_sibling) {
		uint64_t from = trace->nodes[child].span->start_unix_nano;
		uint64_t to = trace->nodes[child].span->end_unix_nano;

		if (from < covered_to)
			from = covered_to;
		if (to > span->end_unix_nano)
			to = span->end_unix_nano;
		if (to <= from)
			continue;
		covered_ns += to - from;
		covered_to = to;
	}
	return covered_ns <= INT64_MAX && duration > 0 ? duration - (int64_t)covered_ns : duration;
}

/*
 * Any query of a random trace: the text up to a NUL, the seed behind it.  It ends, it reads nothing
 * that is not there, and a query that needs no traces says the same of the trace as of its spans.
 */
#include "../unit/query_random_trace.h"
#include "padded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare_spans(struct sl_matcher *matcher, const struct sl_trace *trace,
			  const struct sl_spanset *sets, size_t count)
{
	bool wanted[RANDOM_SPANS] = { false };
	struct sl_error err;

	for (size_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < sets[i].count; k++)
			wanted[sets[i].spans[k]] = true;
	for (uint32_t i = 0; i < trace->count; i++) {
		bool matches;

		demand(sl_query_span(matcher, trace->nodes[i].span, &matches, &err) == SL_OK);
		demand(matches == wanted[i]);
	}
}

static void ask(const struct sl_query *query, const struct sl_trace *trace)
{
	const struct sl_spanset *sets;
	struct sl_matcher *matcher;
	struct sl_error err;
	enum sl_status status;
	size_t count;

	demand(sl_matcher_open(&matcher, query, &err) == SL_OK);
	status = sl_query_trace(matcher, trace, &sets, &count, &err);
	demand(status == SL_OK || (status == SL_BAD_RECORD && sl_query_needs_traces(query)));
	for (size_t i = 0; status == SL_OK && i < count; i++)
		for (uint32_t k = 1; k < sets[i].count; k++)
			demand(sets[i].spans[k - 1] < sets[i].spans[k]);
	if (status == SL_OK && !sl_query_needs_traces(query))
		compare_spans(matcher, trace, sets, count);
	sl_matcher_close(matcher);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
	size_t len = end != NULL ? (size_t)(end - data) : size;
	struct random_query random = { .state = 1 };
	struct sl_trace trace;

	for (size_t i = len; i < size; i++)
		random.state = random.state * 257 + data[i] + 1;
	random.state |= 1;
	random_trace(&random, &trace);
	raise_starts(&trace);
	for (int tempo = 0; tempo < 2; tempo++) {
		struct sl_query_options options = { .tempo = tempo != 0 };
		struct sl_slice text = { (const char *)data, len };
		struct sl_query_fault fault;
		struct sl_query *query;

		if (sl_query_compile(&query, text, &options, &fault) != SL_OK)
			continue;
		ask(query, &trace);
		sl_query_free(query);
	}
	free(trace.preorder);
	sl_arena_free(&random.arena);
	return 0;
}

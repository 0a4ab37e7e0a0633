/* Random queries over random traces mean what the reference says. */
#include "query_random.h"
#include "tap.h"

static bool same_set(const struct sl_spanset *set, const struct ref_set *expected)
{
	if (set->count != ref_size(expected) || set->value_count != expected->value_count)
		return false;
	for (uint32_t i = 0; i < set->count; i++)
		if (!expected->in[set->spans[i]] || (i > 0 && set->spans[i] <= set->spans[i - 1]))
			return false;
	for (size_t i = 0; i < set->value_count; i++)
		if (!ref_same(set->values[i].value, expected->values[i]))
			return false;
	return true;
}

static bool same_sets(const struct sl_spanset *sets, size_t count, const struct ref_sets *expected)
{
	bool same = count == expected->count;

	for (size_t i = 0; same && i < count; i++)
		same = same_set(&sets[i], &expected->items[i]);
	return same;
}

static bool agree_on_spans(struct sl_matcher *matcher, const struct sl_trace *trace,
			   const struct ref_sets *expected)
{
	bool wanted[REF_SPANS] = { false };
	struct sl_error err;

	for (size_t n = 0; n < expected->count; n++)
		for (size_t i = 0; i < REF_SPANS; i++)
			wanted[i] |= expected->items[n].in[i];
	for (uint32_t i = 0; i < trace->count; i++) {
		bool matches;

		if (sl_query_span(matcher, trace->nodes[i].span, &matches, &err) != SL_OK ||
		    matches != wanted[i])
			return false;
	}
	return true;
}

struct tally {
	size_t compared, matched, of_spans, rejected;
};

static bool agree(struct random_query *random, struct sl_matcher *matcher,
		  const struct sl_trace *trace, struct tally *tally)
{
	struct subject s = { .trace = trace, .tempo = random->query.tempo };
	static struct ref_sets in, out;
	struct ref_set whole = { 0 };
	const struct sl_spanset *sets;
	struct sl_error err;
	size_t count;
	enum sl_status status = sl_query_trace(matcher, trace, &sets, &count, &err);

	for (uint32_t i = 0; i < trace->count; i++)
		whole.in[i] = true;
	in.count = out.count = 0;
	out.rejected = ref_scalar_rejected = false;
	ref_add(&in, &whole);
	ref_pipeline(&s, &random->query.pipeline, &in, &out);
	out.rejected |= ref_scalar_rejected;
	if (out.rejected || status == SL_BAD_RECORD) {
		tally->rejected++;
		return out.rejected; /* the reference looks at operands that do not matter too */
	}
	tally->compared++;
	tally->matched += out.count != 0;
	if (status != SL_OK || !same_sets(sets, count, &out))
		return false;
	if (sl_query_needs_traces(&random->query))
		return true;
	tally->of_spans++;
	return agree_on_spans(matcher, trace, &out);
}

static bool try_query(struct random_query *random, struct tally *tally)
{
	struct sl_query *query = &random->query;
	struct sl_query_fault fault;
	struct sl_matcher *matcher;
	struct sl_error err;
	bool same = true;

	query_find_needs(query);
	if (query_compile_regexes(query, &fault) != SL_OK ||
	    sl_matcher_open(&matcher, query, &err) != SL_OK)
		return false;
	for (unsigned i = 0; i < 4 && same; i++) {
		struct sl_trace trace;

		random_trace(random, &trace);
		raise_starts(&trace);
		same = agree(random, matcher, &trace, tally);
		free(trace.preorder);
	}
	sl_matcher_close(matcher);
	query_free_regexes(query);
	sl_arena_free(&query->arena);
	return same;
}

static void test_queries(unsigned depth, const char *what)
{
	enum { QUERIES = 8000 };
	struct random_query random = { .state = 0x9e3779b97f4a7c15u + depth };
	struct tally tally = { 0 };
	unsigned at;

	for (at = 0; at < QUERIES; at++) {
		sl_arena_reset(&random.arena);
		random_query(&random, depth);
		if (!try_query(&random, &tally))
			break;
	}
	ok(at == QUERIES, "%s: %u queries as the reference has it", what, at);
	ok(tally.matched > tally.compared / 10 && tally.matched < tally.compared,
	   "%s: %zu of %zu match, %zu were asked of spans too, %zu cannot be answered", what,
	   tally.matched, tally.compared, tally.of_spans, tally.rejected);
	sl_arena_free(&random.arena);
}

int main(void)
{
	test_queries(0, "filters");
	test_queries(1, "stages");
	test_queries(3, "stages within each other");
	return done_testing();
}

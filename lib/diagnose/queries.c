/* Queries that one should do for many, and that several services do alike. */
#include "examine.h"

enum { TELLING_STATEMENT = 16 }; /* shorter ones (BEGIN, SELECT 1) are equal everywhere */

static uint64_t sum_of(const struct sl_trace *trace, const struct keyed *run, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += duration_of(trace, run[i].node);
	return sum;
}

/*
 * A loop is in the span that the queries stand in; or each stands in a span of its own, and those
 * are alike.
 */
static uint64_t loop_hash(const struct examination *exam, uint32_t node)
{
	const struct sl_trace *trace = exam->trace;
	uint32_t parent = trace->nodes[node].parent;
	const struct sl_span *body = trace->nodes[parent].span;
	uint32_t above = trace->nodes[parent].parent;

	if (above != SL_NO_SPAN && body->kind != SL_KIND_SERVER && body->kind != SL_KIND_CONSUMER)
		return hash_text(body->name, sl_hash64(&exam->rank[above], sizeof(*exam->rank), 1));
	return sl_hash64(&exam->rank[parent], sizeof(*exam->rank), 2);
}

/* The span that the loop is in. */
static uint32_t loop_of(const struct sl_trace *trace, const struct keyed *run, size_t count)
{
	uint32_t parent = trace->nodes[run[0].node].parent;

	for (size_t i = 1; i < count; i++)
		if (trace->nodes[run[i].node].parent != parent)
			return trace->nodes[parent].parent;
	return parent;
}

static void tell_loop(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	const struct sl_trace *trace = exam->trace;
	uint64_t from = start_of(exam, run[0].node), to = from;
	struct sl_slice statement = { "", 0 };
	struct telling telling;

	for (size_t i = 0; i < suspect->count; i++)
		to = end_of(exam, run[i].node) > to ? end_of(exam, run[i].node) : to;
	(void)find_statement(trace->nodes[run[0].node].span, &statement);
	telling_begin(&telling, exam, suspect, SL_FINDING_N_PLUS_ONE);
	telling_others(&telling, run, suspect->count);
	telling_count(&telling, "count", suspect->count);
	telling_text(&telling, "statement", statement);
	telling_ms(&telling, "sum_ms", (int64_t)suspect->weight);
	telling_ms(&telling, "wall_ms", (int64_t)(to - from));
	telling_share(&telling, "share", suspect->weight);
	sl_buffer_printf(&exam->text, "%zu times ", suspect->count);
	say_short(exam, statement);
	sl_buffer_add_literal(&exam->text, " in ");
	say_span(exam, suspect->first);
	sl_buffer_add_literal(&exam->text, ": ");
	say_ms(exam, suspect->weight);
	sl_buffer_add_literal(&exam->text, ", ");
	say_share(exam, suspect->weight);
	telling_end(&telling);
}

void find_repeated_queries(struct examination *exam)
{
	const uint64_t *limits = exam->thresholds->values;
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct sl_slice statement;
	struct keyed_list list = keyed_open(exam);
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->nodes[i].parent != SL_NO_SPAN &&
		    find_statement(trace->nodes[i].span, &statement))
			keyed_add(exam, &list,
				  loop_hash(exam, i) ^ statement_hash(statement) ^
					  hash_text(sl_span_service(trace->nodes[i].span), 3),
				  0, i);
	keyed_sort(&list);
	for (size_t i = 0; i < list.count; i = end) {
		uint64_t sum;

		end = keyed_run(&list, i);
		sum = sum_of(trace, list.items + i, end - i);
		if (end - i < limits[SL_THRESHOLD_QUERIES] || end - i < 2 ||
		    !takes_share(exam, sum, SL_THRESHOLD_QUERIES_SHARE))
			continue;
		for (size_t k = i; k < end; k++)
			exam->marks[list.items[k].node] |= MARK_LOOPED;
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = SL_WARNING,
				    .first = loop_of(trace, list.items + i, end - i),
				    .start = i,
				    .count = end - i,
				    .weight = sum,
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_N_PLUS_ONE, &list, tell_loop);
}

/* Those of one service stand together. */
static size_t count_parts(const struct keyed *run, size_t count)
{
	size_t parts = 1;

	for (size_t i = 1; i < count; i++)
		parts += run[i].part != run[i - 1].part;
	return parts;
}

/* The services in the order of their first queries. */
static void say_services(struct examination *exam, const struct keyed *run, size_t count)
{
	enum { NAMED = 8 };
	struct keyed firsts[NAMED] = { { 0 } };
	size_t named = 0, services = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = named;

		if (i > 0 && run[i].part == run[i - 1].part)
			continue;
		services++;
		for (; at > 0 && firsts[at - 1].rank > run[i].rank; at--)
			if (at < NAMED)
				firsts[at] = firsts[at - 1];
		if (at < NAMED)
			firsts[at] = run[i];
		named += named < NAMED;
	}
	for (size_t i = 0; i < named; i++) {
		sl_buffer_printf(&exam->text, "%s", i > 0 ? ", " : ": ");
		say_short(exam, sl_span_service(exam->trace->nodes[firsts[i].node].span));
	}
	if (named < services)
		sl_buffer_add_literal(&exam->text, ", ...");
}

static void tell_duplicates(struct examination *exam, const struct suspect *suspect,
			    struct keyed *run)
{
	const struct sl_trace *trace = exam->trace;
	size_t services = count_parts(run, suspect->count);
	struct sl_slice statement = { "", 0 };
	struct telling telling;

	(void)find_statement(trace->nodes[suspect->first].span, &statement);
	telling_begin(&telling, exam, suspect, SL_FINDING_DUPLICATE_QUERY);
	telling_count(&telling, "count", suspect->count);
	telling_count(&telling, "services", services);
	telling_text(&telling, "statement", statement);
	telling_ms(&telling, "sum_ms", (int64_t)suspect->weight);
	telling_share(&telling, "share", suspect->weight);
	sl_buffer_printf(&exam->text, "%zu services send ", services);
	say_short(exam, statement);
	say_services(exam, run, suspect->count);
	keyed_sort_run(run, suspect->count);
	telling_others(&telling, run, suspect->count);
	telling_end(&telling);
}

static uint32_t earliest_of(const struct keyed *run, size_t count)
{
	const struct keyed *earliest = run;

	for (size_t i = 1; i < count; i++)
		if (run[i].rank < earliest->rank)
			earliest = &run[i];
	return earliest->node;
}

void find_duplicate_queries(struct examination *exam)
{
	uint64_t least = exam->thresholds->values[SL_THRESHOLD_DUPLICATE_SERVICES];
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct sl_slice statement;
	struct keyed_list list = keyed_open(exam);
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++)
		if (find_statement(trace->nodes[i].span, &statement) &&
		    statement.len >= TELLING_STATEMENT && !(exam->marks[i] & MARK_FAILS) &&
		    sl_span_service(trace->nodes[i].span).len > 0)
			keyed_add(exam, &list, hash_text(statement, 0),
				  hash_text(sl_span_service(trace->nodes[i].span), 0), i);
	keyed_sort(&list);
	for (size_t i = 0; i < list.count; i = end) {
		size_t services;

		end = keyed_run(&list, i);
		services = count_parts(list.items + i, end - i);
		if (services < least || services < 2)
			continue;
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = SL_WARNING,
				    .first = earliest_of(list.items + i, end - i),
				    .start = i,
				    .count = end - i,
				    .weight = sum_of(trace, list.items + i, end - i),
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_DUPLICATE_QUERY, &list, tell_duplicates);
}

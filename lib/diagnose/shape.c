/* Trees that are not as trees should be: orphans, cycles, ids and roots that are there twice. */
#include "examine.h"
#include "spanline/text.h"

static void tell_orphans(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	struct sl_slice missing = exam->trace->nodes[suspect->first].span->parent_span_id;
	struct telling telling;
	uint64_t spans = 0;
	char hex[2 * 16];

	for (size_t i = 0; i < suspect->count; i++)
		spans += exam->trace->nodes[run[i].node].exit -
			 exam->trace->nodes[run[i].node].enter;
	telling_begin(&telling, exam, suspect, SL_FINDING_ORPHAN);
	telling_others(&telling, run, suspect->count);
	telling_id(&telling, "missing_parent", missing);
	telling_count(&telling, "count", suspect->count);
	telling_count(&telling, "spans", spans);
	say_span(exam, suspect->first);
	sl_buffer_add_literal(&exam->text, ": its parent ");
	if (missing.len * 2 <= sizeof(hex)) {
		sl_write_hex(hex, missing.data, missing.len);
		sl_buffer_add(&exam->text, hex, 2 * missing.len);
		sl_buffer_add_byte(&exam->text, ' ');
	}
	sl_buffer_add_literal(&exam->text, "is not there");
	if (suspect->severity == SL_INFO)
		sl_buffer_add_literal(&exam->text, ": the trace was entered here");
	sl_buffer_printf(&exam->text, "; %llu span%s below it", (unsigned long long)spans,
			 spans > 1 ? "s hang" : " hangs");
	telling_end(&telling);
}

void find_orphans(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->nodes[i].orphan)
			keyed_add(exam, &list, hash_text(trace->nodes[i].span->parent_span_id, 0),
				  0, i);
	keyed_sort(&list);
	for (size_t i = 0; i < list.count; i = end) {
		struct suspect suspect = { .severity = SL_WARNING,
					   .first = list.items[i].node,
					   .start = i };

		end = keyed_run(&list, i);
		suspect.count = end - i;
		for (size_t k = i; k < end; k++) {
			suspect.weight += duration_of(trace, list.items[k].node);
			/* a caller outside of what was recorded */
			if (list.items[k].node == trace->root)
				suspect.severity = SL_INFO;
		}
		suspect_add(exam, &suspects, &suspect);
	}
	suspects_tell(exam, &suspects, SL_FINDING_ORPHAN, &list, tell_orphans);
}

static void tell_cycle(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	struct telling telling;

	telling_begin(&telling, exam, suspect, SL_FINDING_CYCLE);
	telling_others(&telling, run, suspect->count);
	telling_count(&telling, "count", suspect->count);
	say_span(exam, suspect->first);
	sl_buffer_printf(&exam->text, " is its own ancestor, in a cycle of %zu", suspect->count);
	telling_end(&telling);
}

/* The top of a span in a cycle is in that cycle, too: it was cut there. */
void find_cycles(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	uint32_t top = 0;
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i];

		if (trace->nodes[at].parent == SL_NO_SPAN)
			top = exam->rank[at];
		if (trace->nodes[at].cyclic)
			keyed_add(exam, &list, top, trace->nodes[at].depth, at);
	}
	keyed_sort(&list);
	for (size_t i = 0; i < list.count; i = end) {
		end = keyed_run(&list, i);
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = SL_WARNING,
				    .first = list.items[i].node,
				    .start = i,
				    .count = end - i,
				    .weight = end - i,
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_CYCLE, &list, tell_cycle);
}

static void tell_id(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	struct telling telling;

	telling_begin(&telling, exam, suspect, SL_FINDING_DUPLICATE_ID);
	telling_others(&telling, run, suspect->count);
	telling_count(&telling, "count", suspect->count);
	sl_buffer_printf(&exam->text, "%zu spans have the id of ", suspect->count);
	say_span(exam, suspect->first);
	if (suspect->severity == SL_INFO)
		sl_buffer_add_literal(&exam->text, ": the two sides of a call");
	telling_end(&telling);
}

/* Zipkin's client and server share the id of their call. */
static bool is_shared(const struct sl_trace *trace, const struct keyed *run, size_t count)
{
	int32_t one = trace->nodes[run[0].node].span->kind, two;

	if (count != 2)
		return false;
	two = trace->nodes[run[1].node].span->kind;
	return (one == SL_KIND_CLIENT && two == SL_KIND_SERVER) ||
	       (one == SL_KIND_SERVER && two == SL_KIND_CLIENT);
}

void find_duplicate_ids(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	bool any = false;
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++)
		any |= trace->nodes[i].duplicate;
	if (!any)
		return;
	for (uint32_t i = 0; i < trace->count; i++)
		keyed_add(exam, &list, hash_text(trace->nodes[i].span->span_id, 0), 0, i);
	keyed_sort(&list);
	for (size_t i = 0; i < list.count; i = end) {
		bool twice = false;

		end = keyed_run(&list, i);
		for (size_t k = i; k < end; k++)
			twice |= trace->nodes[list.items[k].node].duplicate;
		if (!twice)
			continue;
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = is_shared(trace, list.items + i, end - i)
							? SL_INFO
							: SL_WARNING,
				    .first = list.items[i].node,
				    .start = i,
				    .count = end - i,
				    .weight = end - i,
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_DUPLICATE_ID, &list, tell_id);
}

static void tell_roots(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	struct telling telling;

	telling_begin(&telling, exam, suspect, SL_FINDING_SEVERAL_ROOTS);
	telling_others(&telling, run, suspect->count);
	telling_count(&telling, "count", suspect->count);
	sl_buffer_printf(&exam->text, "%zu spans have no parent; the first is ", suspect->count);
	say_span(exam, suspect->first);
	telling_end(&telling);
}

void find_several_roots(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[i];

		if (node->parent == SL_NO_SPAN && !node->orphan && !node->cyclic)
			keyed_add(exam, &list, 0, 0, i);
	}
	keyed_sort(&list);
	if (list.count > 1)
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = SL_INFO,
				    .first = list.items[0].node,
				    .count = list.count,
				    .weight = list.count,
			    });
	suspects_tell(exam, &suspects, SL_FINDING_SEVERAL_ROOTS, &list, tell_roots);
}

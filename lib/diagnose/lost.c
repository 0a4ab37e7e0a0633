/* Traces that go on in others, and calls whose answers are missing where others' are there. */
#include "entries.h"
#include "examine.h"
#include "spanline/text.h"

/* Where a call goes to; 0: it does not say. */
static uint64_t peer_hash(const struct sl_span *span)
{
	static const char *const names[] = { "server.address", "net.peer.name", "rpc.service",
					     NULL };
	struct sl_slice name;

	return find_text(span, names, &name) ? hash_text(name, peer_port(span)) | 1 : 0;
}

static bool is_answered(const struct sl_trace *trace, uint32_t node)
{
	uint32_t child = trace->nodes[node].first_child;

	return child != SL_NO_SPAN && trace->nodes[child].span->kind == SL_KIND_SERVER;
}

static void tell_unanswered(struct examination *exam, const struct suspect *suspect,
			    struct keyed *run)
{
	struct telling telling;

	telling_begin(&telling, exam, suspect, SL_FINDING_LOST_CONTEXT);
	telling_others(&telling, run, suspect->count);
	telling_count(&telling, "count", suspect->count);
	say_span(exam, suspect->first);
	sl_buffer_add_literal(&exam->text, ": what it called is not in the trace, though it is for "
					   "other calls to the same address");
	telling_end(&telling);
}

/* Of the calls to one address: answered ones, then those that succeeded without. */
static void find_unanswered(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[i];
		bool unanswered = is_unanswered(trace, i);
		uint64_t peer;

		if (node->span->kind != SL_KIND_CLIENT ||
		    (unanswered ? (exam->marks[i] & MARK_FAILS) != 0 : !is_answered(trace, i)))
			continue;
		peer = peer_hash(node->span);
		if (peer != 0)
			keyed_add(exam, &list, peer, unanswered, i);
	}
	keyed_sort(&list);
	for (size_t i = 0; i < list.count; i = end) {
		size_t first = i;

		end = keyed_run(&list, i);
		while (first < end && list.items[first].part == 0)
			first++;
		if (first == i || first == end)
			continue;
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = SL_WARNING,
				    .first = list.items[first].node,
				    .start = first,
				    .count = end - first,
				    .weight = duration_of(trace, list.items[first].node),
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_LOST_CONTEXT, &list, tell_unanswered);
}

static void tell_lost(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	size_t count;
	const struct entry *behind =
		entry_behind(exam->entries, exam->trace->nodes[suspect->first].span, &count);
	struct sl_slice trace_id, span_id;
	struct telling telling;
	char hex[2 * sizeof(behind->trace_id)];

	(void)run;
	telling_begin(&telling, exam, suspect, SL_FINDING_LOST_CONTEXT);
	trace_id = sl_arena_copy(exam->arena,
				 (struct sl_slice){ behind->trace_id, sizeof(behind->trace_id) });
	span_id = sl_arena_copy(exam->arena,
				(struct sl_slice){ behind->span_id, sizeof(behind->span_id) });
	if (trace_id.data == NULL || span_id.data == NULL) {
		exam->failed = true;
		return;
	}
	telling_id(&telling, "continued_trace_id", trace_id);
	telling_id(&telling, "continued_span_id", span_id);
	telling_count(&telling, "count", count);
	say_span(exam, suspect->first);
	sl_buffer_add_literal(&exam->text, " most probably goes on as ");
	say_short(exam, behind->name);
	sl_write_hex(hex, trace_id.data, trace_id.len);
	sl_buffer_add_literal(&exam->text, " in trace ");
	sl_buffer_add(&exam->text, hex, sizeof(hex));
	if (count > 1)
		sl_buffer_printf(&exam->text, " and %zu more", count - 1);
	telling_end(&telling);
}

struct looking {
	struct examination *exam;
	struct suspects suspects;
};

static void look_behind(void *context, uint32_t node)
{
	struct looking *looking = context;
	struct examination *exam = looking->exam;
	size_t count;

	if (entry_behind(exam->entries, exam->trace->nodes[node].span, &count) != NULL)
		suspect_add(exam, &looking->suspects,
			    &(struct suspect){
				    .severity = SL_WARNING,
				    .first = node,
				    .weight = duration_of(exam->trace, node),
			    });
}

void find_lost_context(struct examination *exam)
{
	struct looking looking = { .exam = exam };

	if (exam->entries != NULL) {
		each_end(exam->trace, look_behind, &looking);
		suspects_tell(exam, &looking.suspects, SL_FINDING_LOST_CONTEXT, NULL, tell_lost);
	}
	find_unanswered(exam);
}

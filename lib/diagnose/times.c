/* Clocks, the critical path, and time that no span accounts for. */
#include "examine.h"

/* What the span is moved by against its caller. */
static int64_t moved_by(const struct examination *exam, uint32_t node)
{
	uint32_t parent = exam->trace->nodes[node].parent;

	return parent != SL_NO_SPAN ? exam->shift_ns[node] - exam->shift_ns[parent] : 0;
}

static uint64_t distance(int64_t ns)
{
	return ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
}

static void tell_skew(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	const struct sl_trace_node *nodes = exam->trace->nodes;
	int64_t moved = moved_by(exam, suspect->first);
	const struct sl_span *callee = nodes[suspect->first].span;
	const struct sl_span *caller = nodes[nodes[suspect->first].parent].span;
	struct telling telling;

	telling_begin(&telling, exam, suspect, SL_FINDING_CLOCK_SKEW);
	telling_others(&telling, run, suspect->count);
	telling_text(&telling, "service", sl_span_service(callee));
	telling_text(&telling, "caller", sl_span_service(caller));
	telling_ms(&telling, "shift_ms", moved);
	telling_count(&telling, "count", suspect->count);
	sl_buffer_add_literal(&exam->text, "the clock of ");
	say_short(exam, sl_span_service(callee));
	sl_buffer_add_literal(&exam->text, " is some ");
	say_ms(exam, distance(moved));
	sl_buffer_printf(&exam->text, " %s that of ", moved > 0 ? "behind" : "ahead of");
	say_short(exam, sl_span_service(caller));
	sl_buffer_add_literal(&exam->text, ": ");
	say_short(exam, callee->name);
	if (callee->start_unix_nano < caller->start_unix_nano) {
		sl_buffer_add_literal(&exam->text, " starts ");
		say_ms(exam, caller->start_unix_nano - callee->start_unix_nano);
		sl_buffer_add_literal(&exam->text, " before its caller");
	} else {
		sl_buffer_add_literal(&exam->text, " ends ");
		say_ms(exam, callee->end_unix_nano > caller->end_unix_nano
				     ? callee->end_unix_nano - caller->end_unix_nano
				     : 0);
		sl_buffer_add_literal(&exam->text, " after its caller");
	}
	telling_end(&telling);
}

void find_clock_skew(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[i];

		if (moved_by(exam, i) != 0)
			keyed_add(exam, &list,
				  hash_text(sl_span_service(node->span),
					    hash_text(sl_span_service(
							      trace->nodes[node->parent].span),
						      0)),
				  UINT64_MAX - distance(moved_by(exam, i)), i);
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
				    .weight = UINT64_MAX - list.items[i].part,
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_CLOCK_SKEW, &list, tell_skew);
}

/* How many of the list, the longest first, make up the share; their sum in *ns. */
static size_t explain(const struct examination *exam, const struct keyed_list *list, uint64_t *ns)
{
	size_t count = 0;

	*ns = 0;
	while (count < list->count &&
	       (count == 0 || !takes_share(exam, *ns, SL_THRESHOLD_CRITICAL_SHARE)))
		*ns += exam->path->on_path_ns[list->items[count++].node];
	return count;
}

void find_critical_path(struct examination *exam)
{
	enum { NAMED = 3 };
	const uint64_t *on_path = exam->path->on_path_ns;
	struct keyed_list list = keyed_open(exam);
	struct telling telling;
	size_t count;
	uint64_t sum;

	if (exam->path->total_ns == 0)
		return;
	for (uint32_t i = 0; i < exam->trace->count; i++)
		if (on_path[i] > 0)
			keyed_add(exam, &list, 0, UINT64_MAX - on_path[i], i);
	keyed_sort(&list);
	count = explain(exam, &list, &sum);
	telling_begin(&telling, exam,
		      &(struct suspect){ .severity = SL_INFO,
					 .first = list.items[0].node,
					 .count = count,
					 .weight = sum },
		      SL_FINDING_CRITICAL_PATH);
	telling_others(&telling, list.items, count);
	telling_count(&telling, "count", count);
	telling_ms(&telling, "sum_ms", (int64_t)sum);
	telling_share(&telling, "share", sum);
	say_share(exam, sum);
	sl_buffer_add_literal(&exam->text, " of ");
	say_ms(exam, exam->path->total_ns);
	for (size_t i = 0; i < count && i < NAMED; i++) {
		sl_buffer_printf(&exam->text, "%s", i == 0 ? ": " : ", ");
		say_span(exam, list.items[i].node);
		sl_buffer_add_byte(&exam->text, ' ');
		say_ms(exam, on_path[list.items[i].node]);
	}
	if (count > NAMED)
		sl_buffer_printf(&exam->text, " and %zu more", count - NAMED);
	telling_end(&telling);
}

/* `weight` ns before the first span, or, where `start` is 1, in it and in none of its children. */
static void tell_gap(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	struct telling telling;

	(void)run;
	telling_begin(&telling, exam, suspect, SL_FINDING_GAP);
	telling_ms(&telling, "gap_ms", (int64_t)suspect->weight);
	telling_share(&telling, "share", suspect->weight);
	telling_text(&telling, "where",
		     suspect->start == 1 ? SL_SLICE("within") : SL_SLICE("before"));
	say_ms(exam, suspect->weight);
	sl_buffer_printf(&exam->text, " %s ",
			 suspect->start == 1 ? "at a stretch are in no span below"
					     : "are in no span before");
	say_span(exam, suspect->first);
	telling_end(&telling);
}

/* Its children are where they are not: the clocks differ. */
static bool has_moved_child(const struct examination *exam, uint32_t node)
{
	const struct sl_trace_node *nodes = exam->trace->nodes;
	uint32_t child = nodes[node].first_child;

	while (child != SL_NO_SPAN && moved_by(exam, child) == 0)
		child = nodes[child].next_sibling;
	return child != SL_NO_SPAN;
}

static bool is_gap(const struct examination *exam, uint64_t ns)
{
	return ns > 0 && ns >= exam->thresholds->values[SL_THRESHOLD_GAP] &&
	       takes_share(exam, ns, SL_THRESHOLD_GAP_SHARE);
}

void find_gaps(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	const struct sl_path *path = exam->path;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	uint64_t covered_to;

	for (uint32_t i = 0; i < trace->count; i++)
		keyed_add(exam, &list, 0, 0, i);
	keyed_sort(&list);
	covered_to = end_of(exam, list.items[0].node);
	for (size_t i = 1; i < list.count; i++) {
		uint32_t at = list.items[i].node;
		uint64_t start = start_of(exam, at);

		if (start > covered_to && is_gap(exam, start - covered_to))
			suspect_add(exam, &suspects,
				    &(struct suspect){ .first = at, .weight = start - covered_to });
		covered_to = end_of(exam, at) > covered_to ? end_of(exam, at) : covered_to;
	}
	for (size_t i = 0; i < path->count; i++) {
		const struct sl_path_part *part = &path->parts[i];

		if (trace->nodes[part->node].first_child != SL_NO_SPAN &&
		    is_gap(exam, part->end_ns - part->start_ns) &&
		    !has_moved_child(exam, part->node))
			suspect_add(exam, &suspects,
				    &(struct suspect){ .first = part->node,
						       .start = 1,
						       .weight = part->end_ns - part->start_ns });
	}
	suspects_tell(exam, &suspects, SL_FINDING_GAP, NULL, tell_gap);
}

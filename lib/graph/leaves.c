/* What only one side tells: calls that nobody in the input answered, messages, links, and servers
 * whose caller is missing. */
#include "graph.h"

/* Clocks of one machine are read in whole ms by some. */
enum { ROUNDING_NS = 2000000, MOST_SILENT = 64 };

/* Calls of the trace to an address, that nobody answered. */
struct silent {
	uint32_t nodes[MOST_SILENT], peers[MOST_SILENT];
	size_t count;
	bool has_more;
};

/* What a leaf's callers tell of it. */
static void count_leaf(struct looking *look, uint32_t at, uint32_t peer)
{
	struct name *name = &look->counting->names.items[peer];

	name->spans++;
	name->errors += look->counting->facts[at].failed;
	sl_sum_add(&name->self, sl_trace_self_ns(look->trace, at));
	sl_sum_add(&name->critical, sl_difference_ns(0, look->path.on_path_ns[at]));
}

static void note_silent(struct silent *silent, uint32_t node, uint32_t peer)
{
	silent->has_more |= silent->count == MOST_SILENT;
	if (silent->has_more)
		return;
	silent->nodes[silent->count] = node;
	silent->peers[silent->count++] = peer;
}

static enum sl_status count_client(struct looking *look, uint32_t at, struct silent *silent,
				   struct sl_error *err)
{
	struct counting *counting = look->counting;
	const struct fact *fact = &counting->facts[at];
	struct call call = {
		.key = { .from = look->name[at], .via = NO_NAME },
		.duration_ns = sl_span_duration_ns(look->trace->nodes[at].span),
		.critical_ns = critical_of(look, at),
		.trace = counting->number,
		.failed = fact->failed,
		.unanswered = true,
	};
	enum sl_status status = peer_name(counting, fact, &call.key.to, err);

	if (status != SL_OK)
		return status;
	counting->unknown.without_peer += fact->peer.len == 0 && fact->chosen;
	if (call.key.to == NO_NAME || call.key.from == NO_NAME) {
		counting->unknown.folded += fact->peer.len != 0 && fact->chosen;
		return SL_OK;
	}
	if (fact->peer_kind == SL_NODE_EXTERNAL) {
		note_silent(silent, at, call.key.to);
		counting->names.items[call.key.to].unanswered += !fact->failed;
	}
	if (!fact->chosen)
		return SL_OK;
	count_leaf(look, at, call.key.to);
	return edges_add(&counting->edges, &call, err);
}

static enum sl_status end_of(struct looking *look, uint32_t at, bool is_target,
			     struct link_end *end, struct sl_error *err)
{
	const struct fact *fact = &look->counting->facts[at];
	const struct sl_span *span = look->trace->nodes[at].span;

	*end = (struct link_end){
		.start_ns = span->start_unix_nano,
		.end_ns = span->end_unix_nano,
		.self_ns = sl_trace_self_ns(look->trace, at),
		.critical_ns = look->is_wanted ? critical_of(look, at) : 0,
		.trace = look->counting->number,
		.node = look->name[at],
		.kind = fact->kind,
		.is_target = is_target,
		.failed = fact->failed,
		.chosen = fact->chosen,
		.sends = is_target && is_sender(fact) && !look->told[at],
		.peer = NO_NAME,
	};
	if (fact->peer_kind != SL_NODE_MESSAGING)
		return SL_OK;
	return peer_name(look->counting, fact, &end->peer, err);
}

/* The span is where links may lead. */
static enum sl_status add_target(struct looking *look, uint32_t at, struct sl_error *err)
{
	struct link_end end;
	struct packed_link ids = { look->trace->trace_id, look->trace->nodes[at].span->span_id };
	enum sl_status status = end_of(look, at, true, &end, err);

	return status == SL_OK ? links_add(&look->counting->links, &ids, &end, err) : status;
}

static enum sl_status add_links(struct looking *look, uint32_t at, struct sl_error *err)
{
	const struct fact *fact = &look->counting->facts[at];
	const struct sl_span *span = look->trace->nodes[at].span;
	struct sl_slice links = fact->links;
	struct link_end end;
	enum sl_status status = end_of(look, at, false, &end, err);
	uint64_t critical_ns = status == SL_OK ? end.critical_ns : 0;

	for (uint32_t i = 0; i < fact->link_count && status == SL_OK; i++) {
		struct packed_link link = link_unpack(&links);

		/* what was waited for is divided among the messages of a batch */
		end.critical_ns = critical_ns / (fact->link_count - i);
		critical_ns -= end.critical_ns;
		/* the tree has told of it */
		if (sl_slice_equal(link.trace_id, look->trace->trace_id) &&
		    sl_slice_equal(link.span_id, span->parent_span_id) && look->called[at])
			continue;
		status = links_add(&look->counting->links, &link, &end, err);
	}
	return status;
}

/* A consumer of which neither a parent nor a link tells the producer. */
static enum sl_status count_consumer(struct looking *look, uint32_t at, struct sl_error *err)
{
	struct counting *counting = look->counting;
	const struct fact *fact = &counting->facts[at];
	struct call call = {
		.key = { .to = look->name[at], .via = NO_NAME, .message = true },
		.duration_ns = sl_span_duration_ns(look->trace->nodes[at].span),
		.critical_ns = critical_of(look, at),
		.trace = counting->number,
		.failed = fact->failed,
	};
	enum sl_status status;

	if (!fact->chosen)
		return SL_OK;
	status = peer_name(counting, fact, &call.key.from, err);
	counting->unknown.without_peer += fact->peer.len == 0;
	if (status != SL_OK || call.key.from == NO_NAME || call.key.to == NO_NAME)
		return status;
	count_leaf(look, at, call.key.from);
	return edges_add(&counting->edges, &call, err);
}

/* Zipkin's one-sided server: it names who called it, of which there is no span, and that is all
 * that is known of that. */
static enum sl_status count_called(struct looking *look, uint32_t at, struct sl_error *err)
{
	const struct fact *fact = &look->counting->facts[at];
	struct call call = {
		.key = { .to = look->name[at], .via = NO_NAME },
		.duration_ns = sl_span_duration_ns(look->trace->nodes[at].span),
		.critical_ns = critical_of(look, at),
		.trace = look->counting->number,
		.failed = fact->failed,
	};
	enum sl_status status = SL_OK;

	if (fact->chosen && call.key.to != NO_NAME)
		status = peer_name(look->counting, fact, &call.key.from, err);
	if (!fact->chosen || status != SL_OK || call.key.from == NO_NAME || call.key.to == NO_NAME)
		return status;
	return edges_add(&look->counting->edges, &call, err);
}

static enum sl_status look_at(struct looking *look, uint32_t at, struct silent *silent,
			      struct sl_error *err)
{
	const struct fact *fact = &look->counting->facts[at];
	const struct sl_trace_node *node = &look->trace->nodes[at];
	enum sl_status status = SL_OK;

	if (node->duplicate)
		return SL_OK;
	if (fact->kind == SL_KIND_CLIENT && !look->told[at] && !is_sender(fact))
		status = count_client(look, at, silent, err);
	else if (fact->kind == SL_KIND_CONSUMER && !look->called[at] && fact->link_count == 0)
		status = count_consumer(look, at, err);
	else if (names_caller(fact) && node->parent == SL_NO_SPAN)
		status = count_called(look, at, err);
	if (status == SL_OK &&
	    (is_sender(fact) || links_are_expected(&look->counting->links, node->span->span_id)))
		status = add_target(look, at, err);
	if (status == SL_OK && fact->link_count != 0)
		status = add_links(look, at, err);
	return status;
}

/* The one address that was called while the orphan ran; NO_NAME: there is none, or several. */
static uint32_t find_caller(const struct looking *look, const struct silent *silent,
			    const struct sl_span *orphan)
{
	uint32_t found = NO_NAME;

	for (size_t i = 0; i < silent->count; i++) {
		const struct sl_span *call = look->trace->nodes[silent->nodes[i]].span;

		if (sl_difference_ns(call->start_unix_nano, orphan->start_unix_nano) <
			    -ROUNDING_NS ||
		    sl_difference_ns(orphan->end_unix_nano, call->end_unix_nano) < -ROUNDING_NS)
			continue;
		if (found != NO_NAME && found != silent->peers[i])
			return NO_NAME;
		found = silent->peers[i];
	}
	return found;
}

static enum sl_status infer(struct looking *look, const struct silent *silent, struct sl_error *err)
{
	const struct sl_trace *trace = look->trace;
	enum sl_status status = SL_OK;

	for (uint32_t i = 0; i < trace->count && status == SL_OK && !silent->has_more; i++) {
		const struct sl_trace_node *node = &trace->nodes[i];
		const struct fact *fact = &look->counting->facts[i];
		struct call call = {
			.key = { .to = look->name[i], .via = NO_NAME, .inferred = true },
			.duration_ns = sl_span_duration_ns(node->span),
			.critical_ns = critical_of(look, i),
			.trace = look->counting->number,
			.failed = fact->failed,
		};

		if (!node->orphan || node->duplicate || !fact->chosen ||
		    fact->kind != SL_KIND_SERVER || names_caller(fact) || call.key.to == NO_NAME)
			continue;
		call.key.from = find_caller(look, silent, node->span);
		if (call.key.from != NO_NAME)
			status = edges_add(&look->counting->edges, &call, err);
	}
	return status;
}

enum sl_status count_leaves(struct looking *look, struct sl_error *err)
{
	struct silent silent = { .count = 0 };
	enum sl_status status = SL_OK;

	for (uint32_t i = 0; i < look->trace->count && status == SL_OK; i++)
		status = look_at(look, i, &silent, err);
	return status == SL_OK && silent.count != 0 ? infer(look, &silent, err) : status;
}

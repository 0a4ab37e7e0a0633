/* Calls that are told by who answered: a span of one service below one of another. */
#include "graph.h"

/* The answer, its caller's span, and the span of the call in the caller's service (or SL_NO_SPAN).
 */
struct crossing {
	uint32_t answer, caller, request;
};

static const struct sl_span *span_at(const struct looking *look, uint32_t at)
{
	return look->trace->nodes[at].span;
}

/* What the trace waited for in the span and all below it. */
static void weigh_call(const struct looking *look, uint32_t at, struct call *call)
{
	const struct sl_trace_node *node = &look->trace->nodes[at];

	call->critical_ns = critical_of(look, at);
	call->within = (struct range){ node->enter, node->exit };
}

static void time_call(const struct looking *look, const struct crossing *crossing,
		      struct call *call)
{
	const struct sl_span *answer = span_at(look, crossing->answer), *request;
	int64_t took = sl_span_duration_ns(answer), seen;

	call->duration_ns = took;
	weigh_call(look, crossing->answer, call);
	if (crossing->request == SL_NO_SPAN)
		return;
	request = span_at(look, crossing->request);
	call->has_gap = true;
	if (call->key.message) {
		call->gap_ns = sl_difference_ns(request->end_unix_nano, answer->start_unix_nano);
		return;
	}
	seen = sl_span_duration_ns(request);
	call->duration_ns = seen;
	/* both are whatever the input says */
	if (__builtin_sub_overflow(seen, took, &call->gap_ns))
		call->gap_ns = seen < took ? INT64_MIN : INT64_MAX;
	weigh_call(look, crossing->request, call);
}

/* Of the service that answered at the address of a call. */
static enum sl_status claim(struct looking *look, uint32_t request, uint32_t answer,
			    struct sl_error *err)
{
	struct counting *counting = look->counting;
	const struct fact *fact = &counting->facts[request];
	struct claim claim = { .answered = 1 };
	enum sl_status status;

	if (fact->kind != SL_KIND_CLIENT || fact->peer_kind != SL_NODE_EXTERNAL)
		return SL_OK;
	status = peer_name(counting, fact, &claim.peer, err);
	if (status != SL_OK || claim.peer == NO_NAME)
		return status;
	status = service_name(counting, &counting->facts[answer], &claim.service, err);
	if (status != SL_OK || claim.service == NO_NAME)
		return status;
	return claims_add(&counting->claims, &claim, err);
}

/* A server says where it is: a call to there that nobody answered was for it. */
static enum sl_status state(struct looking *look, uint32_t server, struct sl_error *err)
{
	struct counting *counting = look->counting;
	const struct fact *fact = &counting->facts[server];
	struct claim claim = { .stated = 1 };
	enum sl_status status = peer_name(counting, fact, &claim.peer, err);

	if (status != SL_OK || claim.peer == NO_NAME)
		return status;
	status = service_name(counting, fact, &claim.service, err);
	if (status != SL_OK || claim.service == NO_NAME)
		return status;
	return claims_add(&counting->claims, &claim, err);
}

/* The destination that either side of a message names. */
static enum sl_status find_via(struct looking *look, const struct crossing *crossing, uint32_t *via,
			       struct sl_error *err)
{
	struct counting *counting = look->counting;
	const struct fact *sides[2] = { &counting->facts[crossing->answer], NULL };
	enum sl_status status = SL_OK;

	if (crossing->request != SL_NO_SPAN)
		sides[1] = &counting->facts[crossing->request];
	*via = NO_NAME;
	for (size_t i = 2; i-- > 0 && status == SL_OK && *via == NO_NAME;)
		if (sides[i] != NULL && sides[i]->peer_kind == SL_NODE_MESSAGING)
			status = peer_name(counting, sides[i], via, err);
	return status;
}

static enum sl_status count_crossing(struct looking *look, const struct crossing *crossing,
				     struct sl_error *err)
{
	struct counting *counting = look->counting;
	const struct fact *answer = &counting->facts[crossing->answer];
	const struct fact *request =
		crossing->request != SL_NO_SPAN ? &counting->facts[crossing->request] : NULL;
	struct call call = {
		.key = { .from = look->name[crossing->caller],
			 .to = look->name[crossing->answer],
			 .via = NO_NAME,
			 .message = answer->kind == SL_KIND_CONSUMER ||
				    (request != NULL && request->kind == SL_KIND_PRODUCER) },
		.trace = counting->number,
		.failed = answer->failed || (request != NULL && request->failed),
	};
	enum sl_status status = SL_OK;

	/* whose an address is does not depend on what is asked for */
	if (request != NULL)
		status = claim(look, crossing->request, crossing->answer, err);
	if (!answer->chosen && (request == NULL || !request->chosen))
		return status;
	if (status == SL_OK && call.key.message)
		status = find_via(look, crossing, &call.key.via, err);
	if (status != SL_OK)
		return status;
	if (call.key.from == NO_NAME || call.key.to == NO_NAME) {
		counting->unknown.folded++;
		return SL_OK;
	}
	time_call(look, crossing, &call);
	return edges_add(&counting->edges, &call, err);
}

static enum sl_status look_at(struct looking *look, uint32_t at, struct sl_error *err)
{
	const struct sl_trace_node *node = &look->trace->nodes[at];
	const struct fact *facts = look->counting->facts;
	struct crossing crossing = { at, node->parent, SL_NO_SPAN };
	bool is_other;

	if (node->duplicate || node->parent == SL_NO_SPAN)
		return SL_OK;
	crossing.request = look->request[node->parent];
	is_other = !is_same_service(&facts[node->parent], &facts[at]);
	/* the innermost call tells of all that it stands in */
	if (crossing.request != SL_NO_SPAN &&
	    (is_other || is_call(facts[at].kind) || is_answer(facts[at].kind)))
		look->told[crossing.request] = true;
	if (!is_other && (!is_answer(facts[at].kind) || crossing.request == SL_NO_SPAN))
		return SL_OK;
	look->called[at] = true;
	return count_crossing(look, &crossing, err);
}

enum sl_status count_calls(struct looking *look, struct sl_error *err)
{
	const struct sl_trace *trace = look->trace;
	enum sl_status status = SL_OK;

	/* outer calls before those in them */
	for (uint32_t i = 0; i < trace->count && status == SL_OK; i++) {
		uint32_t at = trace->preorder[i];
		const struct fact *fact = &look->counting->facts[at];

		status = look_at(look, at, err);
		if (status == SL_OK && fact->kind == SL_KIND_SERVER && fact->peer.len != 0 &&
		    !names_caller(fact))
			status = state(look, at, err);
	}
	return status;
}

/*
 * The work of a flow that makes a graph.  Workers cut spans down to what the graph is made of; one
 * gatherer puts the traces together, and counts each when it is complete.
 *
 * Where the query needs whole traces, whole spans are gathered instead, and cut down then.
 */
#include "graph.h"
#include <stdlib.h>

/* One worker of the flow. */
struct packer {
	struct sl_graphing *graphing;
	struct sl_selection wanted; /* but for times, of which the root's count */
	struct sl_selector *selector;
	struct sl_line_writer *writer; /* of whole spans */
	struct sl_buffer peer, fact;
	bool whole;
};

/* The one that gathers. */
struct gathering {
	struct counting counting;
	struct sl_gathering spans;
	/* where they are whole */
	struct sl_selector *selector;
	struct sl_selection wanted;
	struct sl_buffer peer, facts;
};

/* So many records before it is added, the trace of one is fetched. */
enum { AHEAD = 16 };

/* Before each record that a worker hands on. */
struct frame {
	size_t id_len, record_len;
	size_t links_len; /* of a whole span: before it */
};

static bool needs_traces(const struct sl_graphing *graphing)
{
	return sl_selection_needs_traces(&graphing->wanted);
}

unsigned sl_graphing_needs(const struct sl_graphing *graphing)
{
	return sl_selection_needs(&graphing->wanted) | fact_needs |
	       (graphing->by_name ? SL_NEED_NAME : 0U) |
	       (needs_traces(graphing) ? SL_NEED_WHOLE : 0U);
}

bool sl_graphing_is_lazy(const struct sl_graphing *graphing)
{
	return (sl_graphing_needs(graphing) & SL_NEED_WHOLE) == 0;
}

static void close_packer(void *opened)
{
	struct packer *packer = opened;

	packer->graphing->limits_hit += sl_selector_limits_hit(packer->selector);
	sl_selector_close(packer->selector);
	if (packer->writer != NULL)
		sl_line_writer_close(packer->writer);
	sl_buffer_free(&packer->peer);
	sl_buffer_free(&packer->fact);
	free(packer);
}

static enum sl_status open_packer(void **opened, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct packer *packer = calloc(1, sizeof(*packer));
	struct sl_graphing *graphing = context;
	enum sl_status status;

	(void)notes;
	if (packer == NULL)
		return sl_fail_memory(err);
	packer->graphing = graphing;
	packer->whole = needs_traces(graphing);
	packer->wanted = graphing->wanted;
	packer->wanted.since_ns = 0;
	packer->wanted.until_ns = UINT64_MAX;
	status = packer->whole ? sl_line_writer_open(&packer->writer, err)
			       : sl_selector_open(&packer->selector, &packer->wanted, err);
	if (status == SL_OK)
		*opened = packer;
	else
		close_packer(packer);
	return status;
}

/* Whether the trace was asked for by its id. */
static bool is_in_question(const struct packer *packer, const struct sl_span *span)
{
	return packer->wanted.ids == NULL || sl_id_list_has(packer->wanted.ids, span->trace_id);
}

/* Room for a frame, which is filled in when all behind it is there. */
static void begin_frame(struct sl_buffer *out)
{
	if (sl_buffer_reserve(out, sizeof(struct frame)) != NULL)
		out->len += sizeof(struct frame);
}

/* Each number goes where it belongs: in a struct that is copied whole, the copy would wait for what
 * was just written in smaller pieces. */
static void end_frame(struct sl_buffer *out, size_t at, size_t id_len, size_t links_len)
{
	size_t record_len = out->len - at - sizeof(struct frame) - id_len - links_len;
	char *frame = out->data + at;

	if (out->failed)
		return;
	memcpy(frame + offsetof(struct frame, id_len), &id_len, sizeof(id_len));
	memcpy(frame + offsetof(struct frame, record_len), &record_len, sizeof(record_len));
	memcpy(frame + offsetof(struct frame, links_len), &links_len, sizeof(links_len));
}

/* The links of the span, which are to be known before its trace is complete, and the span. */
static void pack_whole(struct packer *packer, const struct sl_span *span, struct sl_buffer *out)
{
	struct fact fact;
	struct sl_span unpacked = sl_span_empty;
	size_t at = out->len;

	packer->fact.len = 0;
	fact_pack(span, false, false, &packer->peer, &packer->fact);
	begin_frame(out);
	out->failed |= packer->fact.failed;
	if (out->failed)
		return;
	fact_unpack(sl_buffer_slice(&packer->fact), NULL, &unpacked, &fact);
	sl_buffer_add_slice(out, fact.links);
	sl_traces_pack(packer->writer, span, out);
	end_frame(out, at, 0, fact.links.len);
}

static enum sl_status pack_span(void *opened, const struct sl_span *span, struct sl_buffer *out,
				struct sl_error *err)
{
	struct packer *packer = opened;
	size_t at = out->len;
	bool chosen = true;
	enum sl_status status = SL_OK;

	if (!is_in_question(packer, span))
		return SL_OK;
	if (packer->whole) {
		pack_whole(packer, span, out);
		return SL_OK;
	}
	if (packer->wanted.query_count != 0)
		status = sl_select_span(packer->selector, span, &chosen, err);
	if (status != SL_OK)
		return status;
	begin_frame(out);
	sl_buffer_add_slice(out, span->trace_id);
	fact_pack(span, chosen, packer->graphing->by_name, &packer->peer, out);
	end_frame(out, at, span->trace_id.len, 0);
	/* its reader tells of it */
	if (sl_span_damaged(span) && !out->failed)
		out->len = at;
	return SL_OK;
}

static void close_gathering(void *opened)
{
	struct gathering *gathering = opened;
	struct counting *counting = &gathering->counting;
	struct sl_graphing *graphing = counting->graphing;

	graphing->limits_hit += sl_selector_limits_hit(gathering->selector);
	graphing->reopened += sl_gathering_reopened(&gathering->spans);
	sl_gathering_close(&gathering->spans);
	sl_selector_close(gathering->selector);
	sl_buffer_free(&gathering->peer);
	sl_buffer_free(&gathering->facts);
	texts_free(&counting->texts);
	names_free(&counting->names);
	edges_free(&counting->edges);
	claims_free(&counting->claims);
	links_close(&counting->links);
	sl_arena_free(&counting->arena);
	free(counting->spans_of);
	free(counting->facts);
	free(counting->pointers);
	free(gathering);
}

static enum sl_status open_gathering(void **opened, void *context, struct sl_notes *notes,
				     struct sl_error *err)
{
	struct gathering *gathering = calloc(1, sizeof(*gathering));
	struct sl_graphing *graphing = context;
	enum sl_status status;

	(void)notes;
	if (gathering == NULL)
		return sl_fail_memory(err);
	gathering->counting.graphing = graphing;
	gathering->wanted = graphing->wanted;
	gathering->wanted.since_ns = 0;
	gathering->wanted.until_ns = UINT64_MAX;
	status = links_open(&gathering->counting.links, &graphing->traces.gather, err);
	if (status == SL_OK)
		status = sl_gathering_open(&gathering->spans, needs_traces(graphing),
					   &graphing->traces, err);
	if (status == SL_OK && needs_traces(graphing))
		status = sl_selector_open(&gathering->selector, &gathering->wanted, err);
	if (status == SL_OK)
		*opened = gathering;
	else
		close_gathering(gathering);
	return status;
}

/* Room for that many spans of a trace; what is there stays. */
static enum sl_status reserve(struct counting *counting, size_t count, struct sl_error *err)
{
	size_t before = counting->span_capacity;

	if (!sl_array_reserve((void **)&counting->spans_of, &counting->span_capacity, count,
			      sizeof(*counting->spans_of)) ||
	    !sl_array_reserve((void **)&counting->facts, &counting->fact_capacity, count,
			      sizeof(*counting->facts)) ||
	    !sl_array_reserve((void **)&counting->pointers, &counting->pointer_capacity, count,
			      sizeof(struct sl_span *)))
		return sl_fail_memory(err);
	for (size_t i = before; i < counting->span_capacity; i++)
		counting->spans_of[i] = sl_span_empty;
	return SL_OK;
}

static enum sl_status count_gathered(void *opened, const struct sl_gathered *trace,
				     struct sl_error *err)
{
	struct gathering *gathering = opened;
	struct counting *counting = &gathering->counting;
	enum sl_status status;

	sl_arena_reset(&counting->arena);
	counting->count = 0;
	status = reserve(counting, trace->count, err);
	for (size_t i = 0; i < trace->count && status == SL_OK; i++) {
		counting->spans_of[i].trace_id = trace->trace_id;
		fact_unpack(trace->records[i], &counting->texts, &counting->spans_of[i],
			    &counting->facts[i]);
	}
	counting->count = trace->count;
	return status == SL_OK ? count_trace(counting, err) : status;
}

/* Whole spans of a trace, cut down. */
static enum sl_status cut_down(struct gathering *gathering, const struct sl_trace *trace,
			       const bool *chosen, struct sl_error *err)
{
	struct counting *counting = &gathering->counting;
	enum sl_status status = SL_OK;

	for (uint32_t i = 0; i < trace->count && status == SL_OK; i++) {
		const struct sl_span *span = trace->nodes[i].span;
		struct sl_slice record;

		gathering->facts.len = 0;
		fact_pack(span, chosen[i], counting->graphing->by_name, &gathering->peer,
			  &gathering->facts);
		record = sl_arena_copy(&counting->arena, sl_buffer_slice(&gathering->facts));
		if (gathering->facts.failed || record.data == NULL)
			return sl_fail_memory(err);
		counting->spans_of[i].trace_id = trace->trace_id;
		fact_unpack(record, NULL, &counting->spans_of[i], &counting->facts[i]);
	}
	return status;
}

static enum sl_status count_whole(void *opened, const struct sl_trace *trace, struct sl_error *err)
{
	struct gathering *gathering = opened;
	struct counting *counting = &gathering->counting;
	const bool *chosen;
	uint32_t count;
	enum sl_status status = sl_select_trace(gathering->selector, trace, &chosen, &count, err);

	/* a query that cannot be answered is no damage of the input */
	if (status == SL_BAD_RECORD)
		return SL_FAILED;
	if (status != SL_OK)
		return status;
	sl_arena_reset(&counting->arena);
	status = reserve(counting, trace->count, err);
	if (status == SL_OK)
		status = cut_down(gathering, trace, chosen, err);
	counting->count = trace->count;
	return status == SL_OK ? count_trace(counting, err) : status;
}

static enum sl_status count_complete(struct gathering *gathering, struct sl_error *err)
{
	return sl_gathering_each(&gathering->spans, count_gathered, count_whole, gathering, err);
}

static void expect_all(struct gathering *gathering, struct sl_slice links)
{
	while (links.len != 0) {
		struct packed_link link = link_unpack(&links);

		links_expect(&gathering->counting.links, link.span_id);
	}
}

static enum sl_status take(struct gathering *gathering, const struct frame *frame, const char *at,
			   struct sl_error *err)
{
	struct sl_slice id = { at, frame->id_len };
	struct sl_slice record = { at + frame->id_len + frame->links_len, frame->record_len };
	struct usual_fact usual;

	if (gathering->spans.whole != NULL) {
		expect_all(gathering, (struct sl_slice){ at, frame->links_len });
		return sl_traces_take(gathering->spans.whole, record, err);
	}
	expect_all(gathering, fact_links(record));
	record = fact_shorten(record, &gathering->counting.texts, &usual);
	return sl_gather_add(gathering->spans.facts, id, record, err);
}

/* Takes a frame with what follows it off the records. */
static void pass_frame(struct sl_slice *records, struct frame *frame)
{
	size_t len;

	memcpy(frame, records->data, sizeof(*frame));
	len = sizeof(*frame) + frame->id_len + frame->links_len + frame->record_len;
	records->data += len;
	records->len -= len;
}

/* The first record's trace is going to be looked for. */
static void fetch(struct gathering *gathering, struct sl_slice *records)
{
	const char *at = records->data;
	struct frame frame;

	if (gathering->spans.facts == NULL || records->len == 0)
		return;
	pass_frame(records, &frame);
	sl_gather_fetch(gathering->spans.facts,
			(struct sl_slice){ at + sizeof(frame), frame.id_len });
}

static enum sl_status gather(void *opened, struct sl_slice records, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct gathering *gathering = opened;
	struct sl_slice ahead = records;
	enum sl_status status = SL_OK;
	struct frame frame;

	(void)out;
	for (size_t i = 0; i < AHEAD; i++)
		fetch(gathering, &ahead);
	while (records.len != 0 && status == SL_OK) {
		const char *at = records.data + sizeof(frame);

		fetch(gathering, &ahead);
		pass_frame(&records, &frame);
		status = take(gathering, &frame, at, err);
	}
	if (status == SL_OK && gathering->counting.graphing->traces.gather.sorted)
		status = count_complete(gathering, err);
	return status;
}

static enum sl_status idle(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct gathering *gathering = opened;
	const struct sl_graphing *graphing = gathering->counting.graphing;
	enum sl_status status;

	(void)out;
	if (!graphing->traces.gather.live)
		return SL_OK;
	status = sl_gathering_idle(&gathering->spans, graphing->now(), graphing->idle_ns, err);
	return status == SL_OK ? count_complete(gathering, err) : status;
}

static enum sl_status finish(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct gathering *gathering = opened;
	struct counting *counting = &gathering->counting;
	struct sl_graph graph = { 0 };
	enum sl_status status;

	sl_gathering_end(&gathering->spans);
	status = count_complete(gathering, err);
	if (status == SL_OK)
		status = count_links(counting, err);
	if (status == SL_OK)
		status = resolve_peers(counting, err);
	if (status == SL_OK)
		status = make_graph(counting, &graph, err);
	if (status == SL_OK)
		status = counting->graphing->report(counting->graphing->context, &graph, out, err);
	sl_graph_free(&graph);
	return status == SL_OK ? SL_END : status;
}

struct sl_flow_work sl_graphing_work(struct sl_graphing *graphing)
{
	return (struct sl_flow_work){ .open = open_packer,
				      .span = pack_span,
				      .close = close_packer,
				      .open_gatherer = open_gathering,
				      .gather = gather,
				      .idle = idle,
				      .finish = finish,
				      .close_gatherer = close_gathering,
				      .context = graphing };
}

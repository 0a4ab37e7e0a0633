/*
 * Messages from trace to trace: links are brought together with the spans that they lead to, in a
 * gatherer of their own, so that any number of them takes bounded memory.
 *
 * Every producer may be linked with; of other spans those are kept whose id some link named before
 * their trace was complete, which is all where traces are complete at the end.
 */
#include "graph.h"
#include <stdlib.h>

enum { LINKED_BITS = 23, SHARE = 8 /* of the memory for gathering */ };

enum sl_status links_open(struct links *links, const struct sl_gather_options *options,
			  struct sl_error *err)
{
	struct sl_gather_options own = {
		.limit_bytes = options->limit_bytes / SHARE,
		.directory = options->directory,
	};

	links->linked = calloc((size_t)1 << (LINKED_BITS - 3), 1);
	if (links->linked == NULL)
		return sl_fail_memory(err);
	return sl_gather_open(&links->gatherer, &own, err);
}

void links_close(struct links *links)
{
	sl_gather_close(links->gatherer);
	free(links->linked);
}

static uint64_t bit_of(struct sl_slice span_id)
{
	return sl_hash64(span_id.data, span_id.len, 0) >> (64 - LINKED_BITS);
}

void links_expect(struct links *links, struct sl_slice span_id)
{
	uint64_t bit = bit_of(span_id);

	links->linked[bit >> 3] |= (unsigned char)(1U << (bit & 7));
	links->any = true;
}

bool links_are_expected(const struct links *links, struct sl_slice span_id)
{
	uint64_t bit;

	if (!links->any)
		return false;
	bit = bit_of(span_id);
	return (links->linked[bit >> 3] >> (bit & 7) & 1) != 0;
}

enum sl_status links_add(struct links *links, const struct packed_link *ids,
			 const struct link_end *end, struct sl_error *err)
{
	struct sl_buffer key = { 0 };
	uint32_t len = (uint32_t)ids->trace_id.len;
	enum sl_status status;

	sl_buffer_add(&key, &len, sizeof(len));
	sl_buffer_add_slice(&key, ids->trace_id);
	sl_buffer_add_slice(&key, ids->span_id);
	if (key.failed)
		status = sl_fail_memory(err);
	else
		status = sl_gather_add(links->gatherer, sl_buffer_slice(&key),
				       (struct sl_slice){ (const char *)end, sizeof(*end) }, err);
	sl_buffer_free(&key);
	return status;
}

static struct link_end end_at(const struct sl_gathered *group, size_t at)
{
	struct link_end end;

	memcpy(&end, group->records[at].data, sizeof(end));
	return end;
}

static void count_leaf(struct counting *counting, uint32_t peer, const struct link_end *end)
{
	struct name *name = &counting->names.items[peer];

	name->spans++;
	name->errors += end->failed;
	sl_sum_add(&name->self, end->self_ns);
	sl_sum_add(&name->critical, sl_difference_ns(0, end->critical_ns));
}

/* One side is all that is known: what stands at the other is the destination. */
static enum sl_status count_half(struct counting *counting, const struct link_end *end,
				 struct sl_error *err)
{
	struct call call = {
		.key = { .from = end->node, .to = end->peer, .via = NO_NAME, .message = true },
		.duration_ns = sl_difference_ns(end->start_ns, end->end_ns),
		.trace = end->trace,
		.failed = end->failed,
	};

	if (!end->is_target) {
		call.key.from = end->peer;
		call.key.to = end->node;
	}
	call.critical_ns = end->critical_ns;
	if (!end->chosen || end->node == NO_NAME)
		return SL_OK;
	if (end->peer == NO_NAME) {
		counting->unknown.without_peer++;
		return SL_OK;
	}
	count_leaf(counting, end->peer, end);
	return edges_add(&counting->edges, &call, err);
}

/* A link between spans of which neither has to do with messages says nothing within a service. */
static bool is_message(const struct link_end *target, const struct link_end *link)
{
	return target->sends || target->kind == SL_KIND_PRODUCER ||
	       link->kind == SL_KIND_CONSUMER || target->node != link->node;
}

static enum sl_status count_message(struct counting *counting, const struct link_end *target,
				    const struct link_end *link, struct sl_error *err)
{
	struct call call = {
		.key = { .from = target->node,
			 .to = link->node,
			 .via = target->peer != NO_NAME ? target->peer : link->peer,
			 .message = true },
		.duration_ns = sl_difference_ns(link->start_ns, link->end_ns),
		.gap_ns = sl_difference_ns(target->end_ns, link->start_ns),
		.critical_ns = link->critical_ns,
		.trace = link->trace,
		.has_gap = true,
		.failed = link->failed || target->failed,
	};

	if ((!target->chosen && !link->chosen) || target->node == NO_NAME ||
	    link->node == NO_NAME || !is_message(target, link))
		return SL_OK;
	return edges_add(&counting->edges, &call, err);
}

/* All that is known of one span that may be linked with. */
static enum sl_status count_group(struct counting *counting, const struct sl_gathered *group,
				  struct sl_error *err)
{
	enum sl_status status = SL_OK;
	struct link_end target = { 0 };
	bool has_target = false, is_linked = false;

	for (size_t i = 0; i < group->count && !has_target; i++) {
		target = end_at(group, i);
		has_target = target.is_target;
	}
	for (size_t i = 0; i < group->count && status == SL_OK; i++) {
		struct link_end link = end_at(group, i);

		if (link.is_target)
			continue;
		is_linked = true;
		if (has_target) {
			status = count_message(counting, &target, &link, err);
			continue;
		}
		counting->unknown.links += link.chosen;
		if (link.kind == SL_KIND_CONSUMER)
			status = count_half(counting, &link, err);
	}
	if (status == SL_OK && has_target && target.sends && !is_linked)
		status = count_half(counting, &target, err);
	return status;
}

enum sl_status count_links(struct counting *counting, struct sl_error *err)
{
	struct sl_gathered group;
	enum sl_status status;

	sl_gather_end(counting->links.gatherer);
	while ((status = sl_gather_next(counting->links.gatherer, &group, err)) == SL_OK) {
		status = count_group(counting, &group, err);
		if (status != SL_OK)
			return status;
	}
	return status == SL_END ? SL_OK : status;
}

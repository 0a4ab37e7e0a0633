/*
 * Programs that draw traces as stacks want that two spans of a lane do not overlap but by one lying
 * within the other.  Spans are put into lanes in the order of their starts, the longer first.
 */
#include "lanes.h"
#include <stdlib.h>

/* How many lanes of a service are tried before there is a new one: so it stays linear. */
enum { MOST_TRIED = 64 };

#define NO_LANE UINT32_MAX

struct lane {
	uint32_t next;	    /* lane of the same service, or NO_LANE */
	uint32_t number;    /* within the service */
	uint32_t innermost; /* the node that contains what comes next, or SL_NO_SPAN */
};

struct service_lanes {
	uint32_t newest; /* or NO_LANE */
	uint32_t count;
};

struct placing {
	const struct sl_trace *trace;
	const struct view *view;
	struct service_lanes *services;
	struct lane *lanes;
	uint32_t lane_count;
	uint32_t *lane_of; /* by node */
	uint32_t *outer;   /* by node: the one around it in its lane */
};

struct placed {
	uint64_t start_ns, end_ns;
	uint32_t enter, node;
};

static int in_order(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;

	if (a->start_ns != b->start_ns)
		return a->start_ns < b->start_ns ? -1 : 1;
	if (a->end_ns != b->end_ns)
		return a->end_ns > b->end_ns ? -1 : 1;
	return a->enter < b->enter ? -1 : a->enter > b->enter;
}

static uint64_t end_of(const struct sl_span *span)
{
	return span->start_unix_nano + duration_of(span);
}

/* Whether the span lies within what is open in the lane, or behind all of it. */
static bool fits(struct placing *placing, struct lane *lane, const struct sl_span *span)
{
	uint32_t at = lane->innermost;

	while (at != SL_NO_SPAN && end_of(placing->trace->nodes[at].span) <= span->start_unix_nano)
		at = placing->outer[at];
	lane->innermost = at;
	return at == SL_NO_SPAN || end_of(placing->trace->nodes[at].span) >= end_of(span);
}

static void put(struct placing *placing, uint32_t lane, uint32_t node)
{
	placing->outer[node] = placing->lanes[lane].innermost;
	placing->lanes[lane].innermost = node;
	placing->lane_of[node] = lane;
}

static uint32_t add_lane(struct placing *placing, uint32_t node)
{
	struct service_lanes *service = &placing->services[placing->view->service[node]];

	placing->lanes[placing->lane_count] =
		(struct lane){ service->newest, service->count++, SL_NO_SPAN };
	service->newest = placing->lane_count;
	return placing->lane_count++;
}

static uint32_t find_lane(struct placing *placing, uint32_t node)
{
	const struct sl_trace_node *at = &placing->trace->nodes[node];
	uint32_t service = placing->view->service[node], parent = at->parent, tried = 0;

	if (parent != SL_NO_SPAN && placing->lane_of[parent] != NO_LANE &&
	    placing->view->service[parent] == service &&
	    fits(placing, &placing->lanes[placing->lane_of[parent]], at->span))
		return placing->lane_of[parent];
	for (uint32_t lane = placing->services[service].newest;
	     lane != NO_LANE && tried < MOST_TRIED; lane = placing->lanes[lane].next, tried++)
		if (fits(placing, &placing->lanes[lane], at->span))
			return lane;
	return add_lane(placing, node);
}

static void place_all(struct placing *placing, struct placed *order)
{
	const struct sl_trace *trace = placing->trace;

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[i];

		order[i] = (struct placed){ node->span->start_unix_nano, end_of(node->span),
					    node->enter, i };
	}
	qsort(order, trace->count, sizeof(*order), in_order);
	for (uint32_t i = 0; i < trace->count; i++)
		put(placing, find_lane(placing, order[i].node), order[i].node);
	for (uint32_t i = 0; i < trace->count; i++)
		placing->lane_of[i] = placing->lanes[placing->lane_of[i]].number;
}

enum sl_status lanes_assign(const struct view *view, uint32_t **lanes, struct sl_error *err)
{
	size_t count = view->trace->count;
	struct placing placing = { .trace = view->trace, .view = view };
	struct placed *order = sl_arena_alloc(view->arena, count * sizeof(*order));

	placing.services =
		sl_arena_alloc(view->arena, view->service_count * sizeof(*placing.services));
	placing.lanes = sl_arena_alloc(view->arena, count * sizeof(*placing.lanes));
	placing.lane_of = sl_arena_alloc(view->arena, count * sizeof(*placing.lane_of));
	placing.outer = sl_arena_alloc(view->arena, count * sizeof(*placing.outer));
	if (order == NULL || placing.services == NULL || placing.lanes == NULL ||
	    placing.lane_of == NULL || placing.outer == NULL)
		return sl_fail_memory(err);
	for (uint32_t i = 0; i < view->service_count; i++)
		placing.services[i] = (struct service_lanes){ NO_LANE, 0 };
	memset(placing.lane_of, 0xff, count * sizeof(*placing.lane_of));
	place_all(&placing, order);
	*lanes = placing.lane_of;
	return SL_OK;
}

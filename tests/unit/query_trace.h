/* Trees of traces for tests of queries, from parents by index: the numbers that lib/trace finds. */
#ifndef QUERY_TRACE_H
#define QUERY_TRACE_H

#include "spanline/trace.h"
#include <stdlib.h>

static void *query_trace_room(size_t count)
{
	void *room = calloc(count, sizeof(uint32_t));

	if (room == NULL)
		abort();
	return room;
}

static void query_trace_children(struct sl_trace *trace)
{
	uint32_t *last = query_trace_room(trace->count);

	for (uint32_t i = 0; i < trace->count; i++) {
		trace->nodes[i].first_child = trace->nodes[i].next_sibling = SL_NO_SPAN;
		trace->nodes[i].child_count = 0;
	}
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t parent = trace->nodes[i].parent;

		if (parent == SL_NO_SPAN)
			continue;
		if (trace->nodes[parent].child_count++ == 0)
			trace->nodes[parent].first_child = i;
		else
			trace->nodes[last[parent]].next_sibling = i;
		last[parent] = i;
	}
	free(last);
}

/* All nodes, parents before their children; what is not in a tree is not there. */
static uint32_t query_trace_order(const struct sl_trace *trace, uint32_t *order)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->nodes[i].parent == SL_NO_SPAN)
			order[count++] = i;
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t child = trace->nodes[order[i]].first_child; child != SL_NO_SPAN;
		     child = trace->nodes[child].next_sibling)
			order[count++] = child;
	return count;
}

static void query_trace_enter(struct sl_trace *trace, uint32_t index, uint32_t enter,
			      const uint32_t *sizes)
{
	struct sl_trace_node *node = &trace->nodes[index];
	const struct sl_trace_node *parent =
		node->parent != SL_NO_SPAN ? &trace->nodes[node->parent] : NULL;

	node->enter = enter;
	node->exit = enter + sizes[index];
	node->depth = parent != NULL ? parent->depth + 1 : 0;
	node->connected = parent != NULL ? parent->connected : !node->orphan && !node->cyclic;
	trace->preorder[enter] = index;
}

/* Of the nodes span, parent, orphan and cyclic are filled in, and the children stand in the order
 * of their starts.  The preorder is owned. */
__attribute__((unused)) static void query_trace_link(struct sl_trace *trace)
{
	uint32_t *order = query_trace_room(trace->count), *sizes = query_trace_room(trace->count);
	uint32_t count, enter = 0;

	trace->preorder = query_trace_room(trace->count);
	query_trace_children(trace);
	count = query_trace_order(trace, order);
	for (uint32_t i = count; i-- > 0;) {
		sizes[order[i]]++;
		if (trace->nodes[order[i]].parent != SL_NO_SPAN)
			sizes[trace->nodes[order[i]].parent] += sizes[order[i]];
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct sl_trace_node *node = &trace->nodes[order[i]];
		uint32_t at;

		if (node->parent == SL_NO_SPAN) {
			query_trace_enter(trace, order[i], enter, sizes);
			enter = node->exit;
		}
		at = node->enter + 1;
		for (uint32_t child = node->first_child; child != SL_NO_SPAN;
		     child = trace->nodes[child].next_sibling) {
			query_trace_enter(trace, child, at, sizes);
			at = trace->nodes[child].exit;
		}
	}
	free(order);
	free(sizes);
}

#endif

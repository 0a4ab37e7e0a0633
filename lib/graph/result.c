/* What was counted, as a graph: nodes and edges in their order, with quantiles. */
#include "graph.h"
#include "spanline/text.h"
#include <stdlib.h>

/* A node with the number that edges know it by. */
struct placed {
	struct sl_graph_node node;
	uint32_t number;
};

static int compare_nodes(const void *a, const void *b)
{
	const struct sl_graph_node *one = &((const struct placed *)a)->node;
	const struct sl_graph_node *two = &((const struct placed *)b)->node;
	int order = one->kind < two->kind ? -1 : one->kind > two->kind;

	if (order == 0)
		order = sl_slice_compare(one->service, two->service);
	return order != 0 ? order : sl_slice_compare(one->name, two->name);
}

static int compare_edges(const void *a, const void *b)
{
	const struct sl_graph_edge *one = a, *two = b;
	int order = sl_sum_compare(two->total, one->total);

	if (order == 0)
		order = one->from < two->from ? -1 : one->from > two->from;
	if (order == 0)
		order = one->to < two->to ? -1 : one->to > two->to;
	if (order == 0)
		order = (int)one->message - (int)two->message;
	return order != 0 ? order : sl_slice_compare(one->via, two->via);
}

/* Which names are there: services with spans, and what edges lead to or come from. */
static bool *find_used(const struct counting *counting)
{
	const struct names *names = &counting->names;
	bool *used = calloc(names->count + 1, sizeof(*used));

	for (size_t i = 0; used != NULL && i < names->count; i++)
		used[i] = names->items[i].kind == SL_NODE_SERVICE && names->items[i].spans != 0;
	for (size_t i = 0; used != NULL && i < counting->edges.count; i++) {
		const struct edge *edge = &counting->edges.items[i];

		if (edge->gone)
			continue;
		used[edge->key.from] = true;
		used[edge->key.to] = true;
	}
	return used;
}

/* A copy as JSON can hold it, so that a graph is the same when it is read back: what is no UTF-8
 * becomes U+FFFD. */
static bool copy_text(struct sl_arena *arena, struct sl_slice text, struct sl_slice *copy)
{
	struct sl_buffer valid = { 0 };
	struct sl_slice rest = text;
	bool copied;

	while (rest.len != 0) {
		size_t len = sl_utf8_prefix(rest);

		sl_buffer_add(&valid, rest.data, len);
		rest = (struct sl_slice){ rest.data + len, rest.len - len };
		if (rest.len == 0)
			break;
		sl_buffer_add_literal(&valid, "\xef\xbf\xbd");
		len = sl_utf8_bad_length(rest);
		rest = (struct sl_slice){ rest.data + len, rest.len - len };
	}
	*copy = sl_arena_copy(arena, sl_buffer_slice(&valid));
	copied = !valid.failed && (copy->data != NULL || text.len == 0);
	sl_buffer_free(&valid);
	return copied;
}

static bool copy_name(struct sl_arena *arena, const struct name *name, struct sl_graph_node *node)
{
	*node = (struct sl_graph_node){
		.kind = name->kind,
		.spans = name->spans,
		.errors = name->errors,
		.entries = name->entries,
		.orphans = name->orphans,
		.self = name->self,
		.critical = name->critical,
	};
	return copy_text(arena, name->service, &node->service) &&
	       copy_text(arena, name->name, &node->name);
}

/* "SERVICE NAME", or with the kind behind it what another node is called already. */
static bool make_id(struct sl_arena *arena, struct sl_distinct *met, struct sl_graph_node *node)
{
	struct sl_buffer text = { 0 };
	size_t len, before = met->count;
	bool added;

	sl_buffer_add_slice(&text, node->service);
	if (node->name.len != 0)
		sl_buffer_add_byte(&text, ' ');
	sl_buffer_add_slice(&text, node->name);
	len = text.len;
	added = sl_distinct_add(met, sl_buffer_slice(&text));
	for (unsigned i = 1; added && met->count == before && !text.failed; i++) {
		text.len = len;
		if (i == 1)
			sl_buffer_printf(&text, " (%s)", sl_node_kind_name(node->kind));
		else
			sl_buffer_printf(&text, " (%s %u)", sl_node_kind_name(node->kind), i);
		added = sl_distinct_add(met, sl_buffer_slice(&text));
	}
	node->id = sl_arena_copy(arena, sl_buffer_slice(&text));
	added = added && !text.failed && (node->id.data != NULL || text.len == 0);
	sl_buffer_free(&text);
	return added;
}

static bool make_ids(struct sl_graph *graph)
{
	struct sl_distinct met = { 0 };
	bool made = true;

	for (size_t i = 0; i < graph->node_count && made; i++)
		made = make_id(&graph->arena, &met, &graph->nodes[i]);
	sl_distinct_free(&met);
	return made;
}

/* The nodes in their order; *places has for each name the number of its node. */
static bool add_nodes(const struct counting *counting, const bool *used, uint32_t *places,
		      struct sl_graph *graph)
{
	const struct names *names = &counting->names;
	struct placed *placed = malloc((names->count + 1) * sizeof(*placed));
	bool copied = placed != NULL;
	size_t count = 0;

	for (uint32_t i = 0; i < names->count && copied; i++) {
		if (!used[i])
			continue;
		copied = copy_name(&graph->arena, &names->items[i], &placed[count].node);
		placed[count++].number = i;
	}
	graph->nodes = sl_arena_alloc(&graph->arena, count * sizeof(*graph->nodes));
	if (!copied || graph->nodes == NULL) {
		free(placed);
		return false;
	}
	qsort(placed, count, sizeof(*placed), compare_nodes);
	for (size_t i = 0; i < count; i++) {
		graph->nodes[i] = placed[i].node;
		places[placed[i].number] = (uint32_t)i;
	}
	graph->node_count = count;
	free(placed);
	return make_ids(graph);
}

static bool find_quantiles(const struct edge *edge, struct sl_graph_edge *to)
{
	static const struct sl_quantile quantiles[] = { { 1, 2 }, { 19, 20 }, { 99, 100 } };
	int64_t values[SL_COUNT(quantiles)];

	to->has_gap = edge->gaps.count != 0;
	to->rough = edge->durations.rough.bits != 0 || edge->gaps.rough.bits != 0;
	if (!spread_quantiles(&edge->durations, quantiles, SL_COUNT(quantiles), values))
		return false;
	to->p50_ns = values[0];
	to->p95_ns = values[1];
	to->p99_ns = values[2];
	return !to->has_gap || spread_quantiles(&edge->gaps, quantiles, 1, &to->gap_ns);
}

static bool copy_edge(struct counting *counting, struct edge *edge, const uint32_t *places,
		      struct sl_graph *graph)
{
	struct sl_graph_edge *to = &graph->edges[graph->edge_count++];

	*to = (struct sl_graph_edge){
		.from = places[edge->key.from],
		.to = places[edge->key.to],
		.message = edge->key.message,
		.calls = edge->calls,
		.errors = edge->errors,
		.traces = edge_traces(edge),
		.lost = edge->lost,
		.inferred = edge->inferred,
		.total = edge->total,
		.critical = edge->critical,
	};
	counting->unknown.lost += edge->lost;
	if (edge->key.via != NO_NAME &&
	    !copy_text(&graph->arena, counting->names.items[edge->key.via].service, &to->via))
		return false;
	return find_quantiles(edge, to);
}

static bool add_edges(struct counting *counting, const uint32_t *places, struct sl_graph *graph)
{
	struct edges *edges = &counting->edges;

	graph->edges = sl_arena_alloc(&graph->arena, edges->count * sizeof(*graph->edges));
	if (graph->edges == NULL)
		return false;
	for (size_t i = 0; i < edges->count; i++)
		if (!edges->items[i].gone && !copy_edge(counting, &edges->items[i], places, graph))
			return false;
	qsort(graph->edges, graph->edge_count, sizeof(*graph->edges), compare_edges);
	return true;
}

enum sl_status make_graph(struct counting *counting, struct sl_graph *graph, struct sl_error *err)
{
	bool *used = find_used(counting);
	uint32_t *places = calloc(counting->names.count + 1, sizeof(*places));
	bool made = used != NULL && places != NULL && add_nodes(counting, used, places, graph) &&
		    add_edges(counting, places, graph);

	free(used);
	free(places);
	if (!made)
		return sl_fail_memory(err);
	graph->traces = counting->traces;
	graph->spans = counting->spans;
	graph->critical = counting->critical;
	graph->unknown = counting->unknown;
	graph->unknown.folded += counting->edges.folded;
	graph->by_name = counting->graphing->by_name;
	return SL_OK;
}

const char *sl_node_kind_name(enum sl_node_kind kind)
{
	static const char *const names[SL_NODE_KIND_COUNT] = { "service", "database", "messaging",
							       "external" };

	return names[kind];
}

double sl_graph_share(const struct sl_graph *graph, struct sl_sum critical)
{
	double total = sl_sum_as_double(graph->critical);

	return total > 0 ? sl_sum_as_double(critical) / total : 0;
}

void sl_graph_free(struct sl_graph *graph)
{
	sl_arena_free(&graph->arena);
	*graph = (struct sl_graph){ 0 };
}

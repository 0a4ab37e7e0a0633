/* A graph that was written as JSON, read again: what is compared of it, and nothing more. */
#include "graph.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

/* A node by its id. */
struct by_id {
	struct sl_slice id;
	uint32_t number;
};

struct loading {
	struct sl_graph *graph;
	struct by_id *ids; /* sorted; owned */
	struct sl_error *err;
	bool failed;
};

static void refuse(struct loading *loading, const char *what, size_t number, const char *problem)
{
	if (!loading->failed)
		(void)sl_fail(loading->err, "%s %zu %s", what, number + 1, problem);
	loading->failed = true;
}

static struct sl_slice text_of(struct loading *loading, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	struct sl_slice text, copy = { NULL, 0 };

	if (!json_is_string(value))
		return copy;
	text = (struct sl_slice){ json_string_value(value), json_string_length(value) };
	copy = sl_arena_copy(&loading->graph->arena, text);
	if (copy.data == NULL && text.len != 0) {
		if (!loading->failed)
			(void)sl_fail_memory(loading->err);
		loading->failed = true;
	}
	return copy;
}

static uint64_t count_of(const json_t *object, const char *key)
{
	json_int_t number = json_integer_value(json_object_get(object, key));

	return number > 0 ? (uint64_t)number : 0;
}

/* ms with places as whole ns. */
static int64_t ns_of(const json_t *object, const char *key)
{
	double ns = json_number_value(json_object_get(object, key)) * 1e6;

	if (!(fabs(ns) < 9.2e18))
		return ns < 0 ? INT64_MIN : INT64_MAX;
	return (int64_t)llround(ns);
}

static bool find_kind(const json_t *object, enum sl_node_kind *kind)
{
	const char *name = json_string_value(json_object_get(object, "kind"));

	for (int i = 0; name != NULL && i < SL_NODE_KIND_COUNT; i++) {
		*kind = (enum sl_node_kind)i;
		if (strcmp(name, sl_node_kind_name(*kind)) == 0)
			return true;
	}
	return false;
}

static int compare_ids(const void *a, const void *b)
{
	const struct by_id *one = a, *two = b;

	return sl_slice_compare(one->id, two->id);
}

static int compare_nodes(const void *a, const void *b)
{
	const struct sl_graph_node *one = a, *two = b;
	int order = one->kind < two->kind ? -1 : one->kind > two->kind;

	if (order == 0)
		order = sl_slice_compare(one->service, two->service);
	return order != 0 ? order : sl_slice_compare(one->name, two->name);
}

static void load_node(struct loading *loading, const json_t *object, size_t number)
{
	struct sl_graph_node *node = &loading->graph->nodes[number];

	*node = (struct sl_graph_node){ .spans = count_of(object, "spans"),
					.errors = count_of(object, "errors"),
					.id = text_of(loading, object, "id"),
					.service = text_of(loading, object, "service"),
					.name = text_of(loading, object, "name") };
	if (!json_is_string(json_object_get(object, "id")))
		refuse(loading, "node", number, "has no id");
	if (!json_is_string(json_object_get(object, "service")))
		node->service = node->id;
	if (!find_kind(object, &node->kind))
		refuse(loading, "node", number, "is of no kind");
}

static void load_nodes(struct loading *loading, const json_t *nodes)
{
	struct sl_graph *graph = loading->graph;
	size_t count = json_array_size(nodes);

	graph->nodes = sl_arena_alloc(&graph->arena, count * sizeof(*graph->nodes));
	loading->ids = malloc((count + 1) * sizeof(*loading->ids));
	if (graph->nodes == NULL || loading->ids == NULL) {
		loading->failed = true;
		(void)sl_fail_memory(loading->err);
		return;
	}
	for (size_t i = 0; i < count && !loading->failed; i++)
		load_node(loading, json_array_get(nodes, i), i);
	if (loading->failed)
		return;
	graph->node_count = count;
	qsort(graph->nodes, count, sizeof(*graph->nodes), compare_nodes);
	for (size_t i = 0; i < count; i++)
		loading->ids[i] = (struct by_id){ graph->nodes[i].id, (uint32_t)i };
	qsort(loading->ids, count, sizeof(*loading->ids), compare_ids);
	for (size_t i = 1; i < count; i++)
		if (compare_ids(&loading->ids[i - 1], &loading->ids[i]) == 0)
			refuse(loading, "node", loading->ids[i].number,
			       "has the id of another one");
}

static uint32_t find_node(struct loading *loading, const json_t *object, const char *key,
			  size_t edge)
{
	const json_t *value = json_object_get(object, key);
	struct by_id wanted = { { json_string_value(value), json_string_length(value) }, 0 };
	const struct by_id *found = NULL;

	if (json_is_string(value))
		found = bsearch(&wanted, loading->ids, loading->graph->node_count,
				sizeof(*loading->ids), compare_ids);
	if (found == NULL)
		refuse(loading, "edge", edge, "leads to or from a node that is not there");
	return found != NULL ? found->number : 0;
}

static void load_edge(struct loading *loading, const json_t *object, size_t number)
{
	struct sl_graph_edge *edge = &loading->graph->edges[number];
	const char *kind = json_string_value(json_object_get(object, "kind"));

	*edge = (struct sl_graph_edge){
		.from = find_node(loading, object, "from", number),
		.to = find_node(loading, object, "to", number),
		.message = kind != NULL && strcmp(kind, "message") == 0,
		.via = text_of(loading, object, "via"),
		.calls = count_of(object, "calls"),
		.errors = count_of(object, "errors"),
		.traces = count_of(object, "traces"),
		.p50_ns = ns_of(object, "p50_ms"),
		.p95_ns = ns_of(object, "p95_ms"),
		.p99_ns = ns_of(object, "p99_ms"),
	};
	if (edge->calls == 0)
		refuse(loading, "edge", number, "has no calls");
}

static void load_edges(struct loading *loading, const json_t *edges)
{
	struct sl_graph *graph = loading->graph;
	size_t count = json_array_size(edges);

	if (loading->failed)
		return;
	graph->edges = sl_arena_alloc(&graph->arena, count * sizeof(*graph->edges));
	if (graph->edges == NULL) {
		loading->failed = true;
		(void)sl_fail_memory(loading->err);
		return;
	}
	for (size_t i = 0; i < count && !loading->failed; i++)
		load_edge(loading, json_array_get(edges, i), i);
	graph->edge_count = count;
}

bool sl_graph_begins(struct sl_slice bytes)
{
	static const char start[] = "{\"nodes\":[";
	char seen[sizeof(start)];
	size_t len = 0;

	for (size_t i = 0; i < bytes.len && len < sizeof(start) - 1; i++)
		if (strchr(" \t\r\n", bytes.data[i]) == NULL)
			seen[len++] = bytes.data[i];
	return len == sizeof(start) - 1 && memcmp(seen, start, len) == 0;
}

enum sl_status sl_graph_read(struct sl_graph *graph, struct sl_slice json, struct sl_error *err)
{
	struct loading loading = { .graph = graph, .err = err };
	json_error_t fault;
	json_t *document = json_loadb(json.data, json.len, JSON_ALLOW_NUL, &fault);
	const char *by;

	*graph = (struct sl_graph){ 0 };
	if (document == NULL)
		return sl_fail(err, "line %d: %s", fault.line, fault.text);
	if (!json_is_array(json_object_get(document, "nodes")) ||
	    !json_is_array(json_object_get(document, "edges"))) {
		json_decref(document);
		return sl_fail(err, "a graph has nodes and edges");
	}
	load_nodes(&loading, json_object_get(document, "nodes"));
	load_edges(&loading, json_object_get(document, "edges"));
	by = json_string_value(json_object_get(document, "by"));
	graph->by_name = by != NULL && strcmp(by, "service,name") == 0;
	graph->traces = count_of(document, "traces");
	graph->spans = count_of(document, "spans");
	json_decref(document);
	free(loading.ids);
	if (!loading.failed)
		return SL_OK;
	sl_graph_free(graph);
	return SL_FAILED;
}

/* The graph for programs: nothing is rounded that need not be. */
#include "spanline/json.h"
#include "forms.h"
#include "spanline/text.h"

static void add_key(struct sl_buffer *out, const char *key)
{
	sl_buffer_printf(out, ",\"%s\":", key);
}

static void add_whole(struct sl_buffer *out, const char *key, uint64_t count)
{
	add_key(out, key);
	sl_buffer_add_u64(out, count);
}

static void add_text(struct sl_buffer *out, const char *key, struct sl_slice text)
{
	add_key(out, key);
	sl_json_write_string(out, text);
}

static void add_double(struct sl_buffer *out, const char *key, double number)
{
	add_key(out, key);
	sl_buffer_add_double(out, number);
}

static void add_ms(struct sl_buffer *out, const char *key, int64_t ns)
{
	add_key(out, key);
	sl_buffer_add_signed_ms(out, ns);
}

static void add_sum(struct sl_buffer *out, const char *key, struct sl_sum sum)
{
	add_key(out, key);
	sl_sum_show_ms(out, sum);
}

static void add_node(struct drawing *drawing, const struct sl_graph_node *node)
{
	struct sl_buffer *out = drawing->out;

	sl_buffer_add_literal(out, "{\"id\":");
	sl_json_write_string(out, node->id);
	sl_buffer_printf(out, ",\"kind\":\"%s\"", sl_node_kind_name(node->kind));
	add_whole(out, "spans", node->spans);
	add_whole(out, "errors", node->errors);
	add_sum(out, "self_ms", node->self);
	add_sum(out, "critical_ms", node->critical);
	add_double(out, "share", sl_graph_share(drawing->graph, node->critical));
	add_whole(out, "entries", node->entries);
	add_whole(out, "orphans", node->orphans);
	add_text(out, "service", node->service);
	if (drawing->graph->by_name)
		add_text(out, "name", node->name);
	sl_buffer_add_byte(out, '}');
}

static void add_edge(struct drawing *drawing, const struct sl_graph *graph,
		     const struct sl_graph_edge *edge)
{
	struct sl_buffer *out = drawing->out;

	sl_buffer_add_literal(out, "{\"from\":");
	sl_json_write_string(out, graph->nodes[edge->from].id);
	add_text(out, "to", graph->nodes[edge->to].id);
	sl_buffer_printf(out, ",\"kind\":\"%s\"", edge->message ? "message" : "call");
	add_whole(out, "calls", edge->calls);
	add_whole(out, "errors", edge->errors);
	add_ms(out, "p50_ms", edge->p50_ns);
	add_ms(out, "p95_ms", edge->p95_ns);
	add_ms(out, "p99_ms", edge->p99_ns);
	if (edge->has_gap)
		add_ms(out, "gap_ms", edge->gap_ns);
	add_sum(out, "total_ms", edge->total);
	add_sum(out, "critical_ms", edge->critical);
	add_double(out, "share", sl_graph_share(graph, edge->critical));
	add_whole(out, "traces", edge->traces);
	if (edge->via.len != 0)
		add_text(out, "via", edge->via);
	if (edge->lost != 0)
		add_whole(out, "lost", edge->lost);
	if (edge->inferred != 0)
		add_whole(out, "inferred", edge->inferred);
	if (edge->rough)
		sl_buffer_add_literal(out, ",\"approximate\":true");
}

static void add_unknown(struct sl_buffer *out, const struct sl_graph_unknown *unknown)
{
	sl_buffer_printf(out, "\"unknown\":{\"orphans\":%llu",
			 (unsigned long long)unknown->orphans);
	add_whole(out, "lost_context", unknown->lost);
	add_whole(out, "without_service", unknown->without_service);
	add_whole(out, "without_peer", unknown->without_peer);
	add_whole(out, "links", unknown->links);
	add_whole(out, "duplicates", unknown->duplicates);
	add_whole(out, "cyclic", unknown->cyclic);
	add_whole(out, "backwards", unknown->backwards);
	add_whole(out, "folded", unknown->folded);
	sl_buffer_add_byte(out, '}');
}

/* What was there of an edge, for comparison. */
static void add_side(struct sl_buffer *out, const char *key, const struct sl_graph_edge *edge)
{
	add_key(out, key);
	sl_buffer_printf(out, "{\"calls\":%llu", (unsigned long long)edge->calls);
	add_whole(out, "errors", edge->errors);
	add_whole(out, "traces", edge->traces);
	add_ms(out, "p95_ms", edge->p95_ns);
	sl_buffer_add_byte(out, '}');
}

static void add_what(struct sl_buffer *out, unsigned what)
{
	static const char *const names[] = { "\"calls\"", "\"errors\"", "\"p95\"" };
	bool first = true;

	add_key(out, "what");
	sl_buffer_add_byte(out, '[');
	for (unsigned i = 0; i < SL_COUNT(names); i++) {
		if ((what >> i & 1) == 0)
			continue;
		sl_buffer_printf(out, first ? "%s" : ",%s", names[i]);
		first = false;
	}
	sl_buffer_add_byte(out, ']');
}

static void add_change(struct drawing *drawing, const struct sl_graph_changes *changes,
		       const struct sl_graph_change *change)
{
	const struct sl_graph *graph = change->edge != NULL ? changes->now : changes->was;
	const struct sl_graph_edge *edge = change->edge != NULL ? change->edge : change->edge_was;
	struct sl_buffer *out = drawing->out;

	sl_buffer_printf(out, "{\"change\":\"%s\"", sl_change_kind_name(change->kind));
	if (edge == NULL) {
		add_text(out, "id", change->node != NULL ? change->node->id : change->node_was->id);
		sl_buffer_add_byte(out, '}');
		return;
	}
	add_text(out, "from", graph->nodes[edge->from].id);
	add_text(out, "to", graph->nodes[edge->to].id);
	sl_buffer_printf(out, ",\"kind\":\"%s\"", edge->message ? "message" : "call");
	if (edge->via.len != 0)
		add_text(out, "via", edge->via);
	if (change->edge != NULL && change->edge_was != NULL)
		add_what(out, change->what);
	if (change->edge_was != NULL)
		add_side(out, "was", change->edge_was);
	if (change->edge != NULL)
		add_side(out, "now", change->edge);
	sl_buffer_add_byte(out, '}');
}

static void add_changes(struct drawing *drawing)
{
	const struct sl_graph_changes *changes = drawing->options->changes;

	if (changes == NULL)
		return;
	sl_buffer_add_literal(drawing->out, ",\n\"changes\":[");
	for (size_t i = 0; i < changes->count; i++) {
		sl_buffer_add(drawing->out, ",\n", i != 0 ? 2 : 0);
		sl_buffer_add(drawing->out, "\n", i == 0);
		add_change(drawing, changes, &changes->items[i]);
	}
	sl_buffer_add_literal(drawing->out, "\n]");
}

enum sl_status draw_json(struct drawing *drawing, struct sl_error *err)
{
	const struct sl_graph *graph = drawing->graph;
	struct sl_buffer *out = drawing->out;

	(void)err;
	sl_buffer_add_literal(out, "{\"nodes\":[");
	for (size_t i = 0; i < graph->node_count; i++) {
		sl_buffer_add(out, ",\n", i != 0 ? 2 : 0);
		sl_buffer_add(out, "\n", i == 0);
		add_node(drawing, &graph->nodes[i]);
	}
	sl_buffer_add_literal(out, "\n],\n\"edges\":[");
	for (size_t i = 0; i < graph->edge_count; i++) {
		sl_buffer_add(out, ",\n", i != 0 ? 2 : 0);
		sl_buffer_add(out, "\n", i == 0);
		add_edge(drawing, graph, &graph->edges[i]);
		sl_buffer_add_byte(out, '}');
	}
	sl_buffer_printf(out, "\n],\n\"by\":\"%s\"", graph->by_name ? "service,name" : "service");
	add_whole(out, "traces", graph->traces);
	add_whole(out, "spans", graph->spans);
	add_sum(out, "critical_ms", graph->critical);
	sl_buffer_add_literal(out, ",\n");
	add_unknown(out, &graph->unknown);
	add_changes(drawing);
	sl_buffer_add_literal(out, "}\n");
	return SL_OK;
}

/* Graphs in JSON: whatever is read is drawn in all forms, and read back as it was. */
#include "spanline/chart.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void draw(const struct sl_graph *graph, const struct sl_graph_changes *changes,
		 const char *form, struct sl_buffer *out)
{
	struct sl_draw_options how = { .width = 80, .top = 40, .changes = changes };
	struct sl_error err;

	out->len = 0;
	require(sl_draw(form, &how, graph, out, &err) == SL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_graph graph, again;
	struct sl_graph_changes changes;
	struct sl_buffer out = { 0 };
	struct sl_error err;
	const char *form, *help;

	if (sl_graph_read(&graph, (struct sl_slice){ (const char *)data, size }, &err) != SL_OK)
		return 0;
	draw(&graph, NULL, "json", &out);
	require(sl_graph_begins(sl_buffer_slice(&out)));
	require(sl_graph_read(&again, sl_buffer_slice(&out), &err) == SL_OK);
	require(again.node_count == graph.node_count && again.edge_count == graph.edge_count);
	require(sl_graph_compare(&changes, &graph, &again, 0.1, &err) == SL_OK);
	for (size_t i = 0; (form = sl_draw_form(i, &help)) != NULL; i++)
		draw(&again, &changes, form, &out);
	sl_graph_changes_free(&changes);
	sl_graph_free(&again);
	sl_graph_free(&graph);
	sl_buffer_free(&out);
	return 0;
}

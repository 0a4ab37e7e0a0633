/*
 * Graphs as tables, pictures and documents: the forms of trace-graph --to.  Names of the input are
 * harmless in every form.
 */
#ifndef SPANLINE_CHART_H
#define SPANLINE_CHART_H

#include "spanline/graph.h"

struct sl_draw_options {
	size_t width; /* cells of a line, at least 40 */
	bool ascii;
	uint64_t top;				/* edges of a table; 0: all */
	const struct sl_graph_changes *changes; /* or NULL: nothing is compared */
};

/* The name of a form and a line about it; NULL behind the last. */
const char *sl_draw_form(size_t index, const char **help);
/* Appends the graph in the form of that name.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_draw(const char *form, const struct sl_draw_options *options,
				   const struct sl_graph *graph, struct sl_buffer *out,
				   struct sl_error *err);
/* Appends "new-edge: FROM -> TO, 12 calls", safe to show, in one line without a newline. */
void sl_draw_change(const struct sl_graph_changes *changes, const struct sl_graph_change *change,
		    bool ascii, struct sl_buffer *out);

#endif

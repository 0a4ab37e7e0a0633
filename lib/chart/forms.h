/* What the files of this room share: a graph that is drawn, and the forms that draw it. */
#ifndef CHART_FORMS_H
#define CHART_FORMS_H

#include "spanline/chart.h"

struct drawing {
	const struct sl_draw_options *options;
	const struct sl_graph *graph;
	struct sl_buffer *out;
	struct sl_buffer text; /* for one name */
};

struct form {
	const char *name;
	const char *help;
	enum sl_status (*write)(struct drawing *drawing, struct sl_error *err);
};

extern const struct form draw_forms[];
extern const size_t draw_form_count;

/* table.c */
enum sl_status draw_text(struct drawing *drawing, struct sl_error *err);
/* tree.c: who calls whom from those on down whom nobody calls. */
enum sl_status draw_tree(struct drawing *drawing, struct sl_error *err);
enum sl_status draw_json(struct drawing *drawing, struct sl_error *err);
enum sl_status draw_csv(struct drawing *drawing, struct sl_error *err);
/* diagrams.c */
enum sl_status draw_dot(struct drawing *drawing, struct sl_error *err);
enum sl_status draw_mermaid(struct drawing *drawing, struct sl_error *err);
/* html.c */
enum sl_status draw_html(struct drawing *drawing, struct sl_error *err);
void add_tables(struct drawing *drawing);

/* told.c */
void tell_unknown(struct drawing *drawing);
void tell_changes(struct drawing *drawing);
/* "FROM -> TO via DESTINATION", safe to show. */
void show_edge(struct sl_buffer *out, const struct sl_graph *graph,
	       const struct sl_graph_edge *edge, bool ascii);

/* words.c */
/* The name of a node, safe to show; borrowed until the next call. */
struct sl_slice node_shown(struct drawing *drawing, const struct sl_graph_node *node);
/* Appends the same. */
void show_node(struct sl_buffer *out, const struct sl_graph_node *node, bool ascii);
/* What was shown, or of a node its name, in so many cells; borrowed until the next call. */
struct sl_slice label_of(struct drawing *drawing, const struct sl_buffer *shown, size_t cells);
struct sl_slice node_label(struct drawing *drawing, const struct sl_graph_node *node, size_t cells);
/* "3 traces, 42 spans, 4 nodes, 1 edge" */
void show_sizes(struct sl_buffer *out, const struct sl_graph *graph);
/* "12.3 ms", also below 0. */
void show_time(struct sl_buffer *out, int64_t ns, bool ascii);
/* "12.3 %", "0" where there is none, never 0 for what is not. */
void show_percent(struct sl_buffer *out, double part);
/* "1,234" is 1234, and from 100,000 on "123k". */
void show_count(struct sl_buffer *out, uint64_t count);
/* Calls for each trace that has some. */
double calls_per_trace(const struct sl_graph_edge *edge);
void show_number(struct sl_buffer *out, double number);
/* The change of the edge or node, or NULL. */
const struct sl_graph_change *change_of_edge(const struct drawing *drawing, size_t edge);
const struct sl_graph_change *change_of_node(const struct drawing *drawing, size_t node);

static inline double part_of(uint64_t count, uint64_t total)
{
	return total != 0 ? (double)count / (double)total : 0;
}

#endif

/* What is drawn: the nodes and edges of a graph, and those that are gone since an older one. */
#ifndef CHART_PICTURE_H
#define CHART_PICTURE_H

#include "forms.h"

enum state { STATE_SAME, STATE_NEW, STATE_GONE, STATE_CHANGED };

struct picture_node {
	const struct sl_graph_node *node;
	enum state state;
	uint64_t calls; /* to it, from nobody included; of one that only calls, spans */
	/* layout.c: places in the picture */
	int layer;
	double x, y, width, height;
};

struct picture_edge {
	const struct sl_graph_edge *edge;
	enum state state;
	uint32_t from, to;
	/* layout.c: where it bends, from left to right; in the arena */
	struct point {
		double x, y;
	} * points;
	size_t point_count;
	/* labels.c: the middle of what stands at it, where there is room */
	struct sl_slice label; /* in the arena */
	double label_width;
	struct point label_at;
	bool has_label;
};

struct picture {
	struct picture_node *nodes;
	struct picture_edge *edges;
	size_t node_count, edge_count;
	size_t nodes_left, edges_left; /* too many to be drawn */
	double width, height;
	struct sl_arena arena; /* all of it */
};

/* The nodes of the heaviest edges, at most so many, all edges between them, and what is gone. */
SL_MUST_USE enum sl_status picture_make(struct picture *picture, const struct drawing *drawing,
					size_t most_nodes, struct sl_error *err);
void picture_free(struct picture *picture);

/* layout.c: from left to right, callers before those they call; widths and heights are set. */
SL_MUST_USE enum sl_status picture_lay_out(struct picture *picture, struct sl_error *err);

/* labels.c: places for labels, of which none lies over another one or a node. */
void picture_place_labels(struct picture *picture);
enum { LABEL_HEIGHT = 14 };

/* How wrong it is, for colours: 0 none, 1 below 1 %, 2 below 5 %, 3 more. */
unsigned error_class(uint64_t errors, uint64_t calls);
/* From 1 to 6 for 1 to the most calls of the picture's edges, by the logarithm. */
double line_width(const struct picture *picture, const struct sl_graph_edge *edge);

#endif

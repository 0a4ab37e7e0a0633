/*
 * Layers from left to right: each node stands behind all that call it, but for calls that close a
 * cycle.  Edges over several layers get places in each of them, so that they pass between the
 * nodes; in each layer everything stands near what it is connected with.  Nodes without edges stand
 * in rows below.
 */
#include "picture.h"
#include <math.h>
#include <stdlib.h>

enum {
	SWEEPS = 8,    /* from left to right and back, for the order */
	SETTLING = 16, /* towards both sides */
	ALONE = -1,    /* the layer of a node without edges */
	LEAST_GAP_X = 120,
	GAP_Y = 22,
	EDGE_ROOM = 14, /* of an edge that passes by */
	MARGIN = 20,
	MOST_STEPS = 20000, /* of edges through layers */
	LEAST_WIDTH = 900,
};

/* A node, or the place of an edge in a layer that it passes. */
struct spot {
	uint32_t node; /* UINT32_MAX: an edge passes */
	int layer;
	double y, height;
	double wanted;
	uint32_t number;
};

/* Between spots of neighbouring layers. */
struct step {
	uint32_t left, right;
};

struct layout {
	struct picture *picture;
	bool *turned; /* edges that are drawn against their direction */
	struct spot *spots;
	uint32_t *order; /* spots by layer and place */
	size_t spot_count;
	struct step *steps;
	size_t step_count;
	int layers;
	double gap_x; /* between columns: labels stand there */
};

/* Out of sight, on the way, done. */
enum { FRESH, OPEN, DONE };

/* Depth first from `top`, without recursion: edges to what is open close a cycle. */
static void find_cycles(struct layout *layout, uint32_t top, unsigned char *seen, uint32_t *path,
			size_t *next)
{
	const struct picture *picture = layout->picture;
	size_t depth = 0;

	if (seen[top] != FRESH)
		return;
	path[depth] = top;
	next[depth++] = 0;
	seen[top] = OPEN;
	while (depth > 0) {
		uint32_t at = path[depth - 1];
		size_t edge = next[depth - 1]++;

		if (edge == picture->edge_count) {
			seen[at] = DONE;
			depth--;
		} else if (picture->edges[edge].from == at) {
			uint32_t to = picture->edges[edge].to;

			layout->turned[edge] = seen[to] == OPEN;
			if (seen[to] != FRESH)
				continue;
			seen[to] = OPEN;
			path[depth] = to;
			next[depth++] = 0;
		}
	}
}

static void find_lone(struct picture *picture)
{
	for (size_t i = 0; i < picture->node_count; i++)
		picture->nodes[i].layer = ALONE;
	for (size_t i = 0; i < picture->edge_count; i++)
		picture->nodes[picture->edges[i].from].layer =
			picture->nodes[picture->edges[i].to].layer = 0;
}

static bool is_called(const struct picture *picture, uint32_t node)
{
	for (size_t i = 0; i < picture->edge_count; i++)
		if (picture->edges[i].to == node && picture->edges[i].from != node)
			return true;
	return false;
}

static bool break_cycles(struct layout *layout)
{
	struct picture *picture = layout->picture;
	size_t count = picture->node_count;
	unsigned char *seen = calloc(count + 1, 1);
	uint32_t *path = malloc((count + 1) * sizeof(*path));
	size_t *next = malloc((count + 1) * sizeof(*next));
	bool done = seen != NULL && path != NULL && next != NULL;

	/* first from those that nobody calls, then from what people call, then the rest */
	for (uint32_t i = 0; done && i < count; i++)
		if (!is_called(picture, i))
			find_cycles(layout, i, seen, path, next);
	for (uint32_t i = 0; done && i < count; i++)
		if (picture->nodes[i].node->entries != 0)
			find_cycles(layout, i, seen, path, next);
	for (uint32_t i = 0; done && i < count; i++)
		find_cycles(layout, i, seen, path, next);
	free(seen);
	free(path);
	free(next);
	return done;
}

static uint32_t left_of(const struct layout *layout, size_t edge)
{
	const struct picture_edge *drawn = &layout->picture->edges[edge];

	return layout->turned[edge] ? drawn->to : drawn->from;
}

static uint32_t right_of(const struct layout *layout, size_t edge)
{
	const struct picture_edge *drawn = &layout->picture->edges[edge];

	return layout->turned[edge] ? drawn->from : drawn->to;
}

/* The longest way there; then what calls only what is far right moves up to it. */
static void choose_layers(struct layout *layout)
{
	struct picture *picture = layout->picture;
	bool moved = true;

	for (size_t round = 0; moved && round <= picture->node_count; round++) {
		moved = false;
		for (size_t i = 0; i < picture->edge_count; i++) {
			struct picture_node *left = &picture->nodes[left_of(layout, i)];
			struct picture_node *right = &picture->nodes[right_of(layout, i)];

			if (left == right || right->layer > left->layer)
				continue;
			right->layer = left->layer + 1;
			moved = true;
		}
	}
	for (size_t i = 0; i < picture->node_count; i++)
		if (picture->nodes[i].layer >= layout->layers)
			layout->layers = picture->nodes[i].layer + 1;
}

static void add_spot(struct layout *layout, uint32_t node, int layer, double height)
{
	layout->spots[layout->spot_count] = (struct spot){ .node = node,
							   .layer = layer,
							   .height = height,
							   .number = (uint32_t)layout->spot_count };
	layout->spot_count++;
}

/* Spots in each layer that an edge passes, and the steps between them. */
static void pass_layers(struct layout *layout, size_t edge)
{
	struct picture *picture = layout->picture;
	uint32_t at = left_of(layout, edge), end = right_of(layout, edge);

	for (int layer = picture->nodes[at].layer + 1; layer < picture->nodes[end].layer; layer++) {
		add_spot(layout, UINT32_MAX, layer, EDGE_ROOM);
		layout->steps[layout->step_count++] =
			(struct step){ at, (uint32_t)layout->spot_count - 1 };
		at = (uint32_t)layout->spot_count - 1;
	}
	if (at != end)
		layout->steps[layout->step_count++] = (struct step){ at, end };
}

static size_t count_steps(const struct layout *layout)
{
	size_t count = 0;

	for (size_t i = 0; i < layout->picture->edge_count; i++) {
		const struct picture_node *nodes = layout->picture->nodes;

		count += (size_t)(nodes[right_of(layout, i)].layer -
				  nodes[left_of(layout, i)].layer) +
			 1;
	}
	return count;
}

/* Spots have the numbers of their nodes; one without edges wants none, and is placed later. */
static bool make_spots(struct layout *layout)
{
	struct picture *picture = layout->picture;
	size_t steps = count_steps(layout), spots = picture->node_count + steps;
	bool passes = steps < MOST_STEPS;

	layout->spots = malloc((spots + 1) * sizeof(*layout->spots));
	layout->order = malloc((spots + 1) * sizeof(*layout->order));
	layout->steps = malloc((steps + 1) * sizeof(*layout->steps));
	if (layout->spots == NULL || layout->order == NULL || layout->steps == NULL)
		return false;
	for (uint32_t i = 0; i < picture->node_count; i++)
		add_spot(layout, i, picture->nodes[i].layer,
			 picture->nodes[i].layer != ALONE ? picture->nodes[i].height : -GAP_Y);
	for (size_t i = 0; passes && i < picture->edge_count; i++)
		pass_layers(layout, i);
	for (uint32_t i = 0; i < layout->spot_count; i++)
		layout->order[i] = i;
	return true;
}

static int compare_doubles(double a, double b)
{
	return a < b ? -1 : a > b;
}

/* For qsort, which hands nothing on, the spots themselves are sorted. */
static int compare_spots(const void *a, const void *b)
{
	const struct spot *one = a, *two = b;
	int order = one->layer < two->layer ? -1 : one->layer > two->layer;

	if (order == 0)
		order = compare_doubles(one->wanted, two->wanted);
	return order != 0 ? order : one->number < two->number ? -1 : one->number > two->number;
}

/* Spots of a layer below each other, in the order of where they want to stand and as near to that
 * as can be. */
static void stack(struct layout *layout, struct spot *sorted)
{
	size_t end;

	memcpy(sorted, layout->spots, layout->spot_count * sizeof(*sorted));
	qsort(sorted, layout->spot_count, sizeof(*sorted), compare_spots);
	for (size_t i = 0; i < layout->spot_count; i = end) {
		double at = 0, shift = 0;

		for (end = i; end < layout->spot_count && sorted[end].layer == sorted[i].layer;
		     end++) {
			double least = sorted[end].wanted - sorted[end].height / 2;

			if (end == i || least > at)
				at = least;
			sorted[end].y = at + sorted[end].height / 2;
			shift += sorted[end].wanted - sorted[end].y;
			at += sorted[end].height + GAP_Y;
		}
		/* what was pushed down goes up again by half of it for all */
		shift /= (double)(end - i);
		for (size_t j = i; j < end; j++)
			layout->spots[sorted[j].number].y = sorted[j].y + shift;
	}
	for (size_t i = 0; i < layout->spot_count; i++)
		layout->order[i] = sorted[i].number;
}

enum side { FROM_LEFT = 1, FROM_RIGHT = 2 };

/* Each spot wants to be where those are on average that it is connected with on the sides. */
static void want(struct layout *layout, double *sums, double *counts, unsigned sides)
{
	memset(sums, 0, layout->spot_count * sizeof(*sums));
	memset(counts, 0, layout->spot_count * sizeof(*counts));
	for (size_t i = 0; i < layout->step_count; i++) {
		uint32_t left = layout->steps[i].left, right = layout->steps[i].right;

		if ((sides & FROM_LEFT) != 0) {
			sums[right] += layout->spots[left].y;
			counts[right]++;
		}
		if ((sides & FROM_RIGHT) != 0) {
			sums[left] += layout->spots[right].y;
			counts[left]++;
		}
	}
	for (size_t i = 0; i < layout->spot_count; i++)
		layout->spots[i].wanted = counts[i] > 0 ? sums[i] / counts[i] : layout->spots[i].y;
}

/* Where nothing stands in any layer, what is below moves up. */
static void close_gaps(struct layout *layout, struct spot *sorted)
{
	double bottom = 0, shift = 0;
	bool first = true;

	memcpy(sorted, layout->spots, layout->spot_count * sizeof(*sorted));
	for (size_t i = 0; i < layout->spot_count; i++) {
		sorted[i].wanted = sorted[i].y - sorted[i].height / 2;
		sorted[i].layer = sorted[i].layer == ALONE ? ALONE : 0;
	}
	qsort(sorted, layout->spot_count, sizeof(*sorted), compare_spots);
	for (size_t i = 0; i < layout->spot_count; i++) {
		struct spot *spot = &layout->spots[sorted[i].number];

		if (spot->layer == ALONE)
			continue;
		if (!first && sorted[i].wanted - bottom > GAP_Y)
			shift += sorted[i].wanted - bottom - GAP_Y;
		if (first || sorted[i].wanted + spot->height > bottom)
			bottom = sorted[i].wanted + spot->height;
		first = false;
		spot->y -= shift;
	}
}

static bool order_spots(struct layout *layout)
{
	double *sums = malloc((layout->spot_count + 1) * sizeof(*sums));
	double *counts = malloc((layout->spot_count + 1) * sizeof(*counts));
	struct spot *sorted = malloc((layout->spot_count + 1) * sizeof(*sorted));
	bool done = sums != NULL && counts != NULL && sorted != NULL;

	if (done)
		stack(layout, sorted);
	for (unsigned i = 0; done && i < SWEEPS + SETTLING; i++) {
		want(layout, sums, counts,
		     i >= SWEEPS  ? FROM_LEFT | FROM_RIGHT
		     : i % 2 == 0 ? FROM_LEFT
				  : FROM_RIGHT);
		stack(layout, sorted);
	}
	if (done)
		close_gaps(layout, sorted);
	free(sums);
	free(counts);
	free(sorted);
	return done;
}

/* From spots to places: columns are as wide as their widest node. */
static void place_nodes(struct layout *layout, double *lefts)
{
	struct picture *picture = layout->picture;
	double least = 0, most = 0, x = MARGIN;
	bool first = true;

	for (int layer = 0; layer <= layout->layers; layer++) {
		double widest = 0;

		lefts[layer] = x;
		for (size_t i = 0; i < picture->node_count; i++)
			if (picture->nodes[i].layer == layer && picture->nodes[i].width > widest)
				widest = picture->nodes[i].width;
		x += widest + layout->gap_x;
	}
	for (size_t i = 0; i < layout->spot_count; i++) {
		double top = layout->spots[i].y - layout->spots[i].height / 2;
		double bottom = top + layout->spots[i].height;

		if (layout->spots[i].layer == ALONE)
			continue;
		least = first || top < least ? top : least;
		most = first || bottom > most ? bottom : most;
		first = false;
	}
	for (size_t i = 0; i < layout->spot_count; i++)
		layout->spots[i].y += MARGIN - least;
	for (size_t i = 0; i < picture->node_count; i++) {
		if (picture->nodes[i].layer == ALONE)
			continue;
		picture->nodes[i].x = lefts[picture->nodes[i].layer];
		picture->nodes[i].y = layout->spots[i].y - picture->nodes[i].height / 2;
	}
	picture->width = lefts[layout->layers] - (layout->layers > 0 ? layout->gap_x : 0) + MARGIN;
	picture->height = most - least + 2 * MARGIN;
}

/* In rows below the others. */
static void place_lone(struct picture *picture)
{
	double x = MARGIN, y = picture->height, row = 0;
	double right = picture->width < LEAST_WIDTH ? LEAST_WIDTH : picture->width;

	for (size_t i = 0; i < picture->node_count; i++) {
		struct picture_node *node = &picture->nodes[i];

		if (node->layer != ALONE)
			continue;
		if (x > MARGIN && x + node->width > right - MARGIN) {
			x = MARGIN;
			y += row + GAP_Y;
			row = 0;
		}
		node->x = x;
		node->y = y;
		x += node->width + GAP_Y;
		row = node->height > row ? node->height : row;
		if (x > picture->width)
			picture->width = x - GAP_Y + MARGIN;
	}
	if (row > 0)
		picture->height = y + row + MARGIN;
}

static void add_point(struct picture_edge *edge, double x, double y)
{
	struct point *next = &edge->points[edge->point_count];

	/* a node may be as wide as its column */
	if (edge->point_count != 0 && next[-1].x == x && next[-1].y == y)
		return;
	*next = (struct point){ x, y };
	edge->point_count++;
}

static void turn(struct picture_edge *edge)
{
	for (size_t i = 0, j = edge->point_count; i + 1 < j; i++, j--) {
		struct point held = edge->points[i];

		edge->points[i] = edge->points[j - 1];
		edge->points[j - 1] = held;
	}
}

/* From left to right: straight through the columns, between what stands there, and from one to the
 * next as it has to be.  `spot` is where it passes the first of them; gives the one behind its
 * last. */
static uint32_t place_edge(const struct layout *layout, size_t number, const double *lefts,
			   uint32_t spot)
{
	const struct picture *picture = layout->picture;
	struct picture_edge *edge = &picture->edges[number];
	const struct picture_node *left = &picture->nodes[left_of(layout, number)];
	const struct picture_node *right = &picture->nodes[right_of(layout, number)];
	bool passes = layout->spot_count > picture->node_count;
	/* what goes back may have the same ends as what goes there */
	double part = layout->turned[number] ? 0.75 : 0.5;

	add_point(edge, left->x + left->width, left->y + left->height * part);
	add_point(edge, lefts[left->layer + 1] - layout->gap_x, left->y + left->height * part);
	for (int layer = left->layer + 1; passes && layer < right->layer; layer++, spot++) {
		add_point(edge, lefts[layer], layout->spots[spot].y);
		add_point(edge, lefts[layer + 1] - layout->gap_x, layout->spots[spot].y);
	}
	add_point(edge, right->x, right->y + right->height * part);
	return spot;
}

/* The points that each edge goes through, in the order of its direction. */
static bool place_edges(struct layout *layout, const double *lefts)
{
	struct picture *picture = layout->picture;
	uint32_t spot = (uint32_t)picture->node_count;

	for (size_t i = 0; i < picture->edge_count; i++) {
		struct picture_edge *edge = &picture->edges[i];
		int layers = picture->nodes[right_of(layout, i)].layer -
			     picture->nodes[left_of(layout, i)].layer;

		edge->points = sl_arena_alloc(&picture->arena,
					      (size_t)(2 * layers + 3) * sizeof(*edge->points));
		if (edge->points == NULL)
			return false;
		spot = place_edge(layout, i, lefts, spot);
		if (layout->turned[i])
			turn(edge);
	}
	return true;
}

enum sl_status picture_lay_out(struct picture *picture, struct sl_error *err)
{
	struct layout layout = { .picture = picture, .gap_x = LEAST_GAP_X };
	double *lefts = calloc(picture->node_count + 2, sizeof(*lefts));
	bool done = lefts != NULL;

	for (size_t i = 0; i < picture->edge_count; i++)
		layout.gap_x = fmax(layout.gap_x, picture->edges[i].label_width + EDGE_ROOM);
	find_lone(picture);
	layout.turned = calloc(picture->edge_count + 1, sizeof(*layout.turned));
	done = done && layout.turned != NULL && break_cycles(&layout);
	if (done)
		choose_layers(&layout);
	done = done && make_spots(&layout) && order_spots(&layout);
	if (done) {
		place_nodes(&layout, lefts);
		place_lone(picture);
	}
	done = done && place_edges(&layout, lefts);
	free(lefts);
	free(layout.turned);
	free(layout.spots);
	free(layout.order);
	free(layout.steps);
	return done ? SL_OK : sl_fail_memory(err);
}

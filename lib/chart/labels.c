/*
 * Where the numbers of edges stand: on their lines, over no node and no other label.  The first
 * edges are the heaviest and choose first; what has no room has none, and the tables tell of it.
 */
#include "picture.h"
#include <math.h>

/* So many edges at most, and so many of the pieces of each, that all is soon looked at. */
enum { MOST_EDGES = 1000, MOST_PIECES = 6, MARGIN = 2, LOOP_X = 24, LOOP_Y = 11 };

/* Along a piece of the line, the best place first. */
static const double parts[] = { 0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8 };

struct area {
	double left, top, right, bottom;
};

static struct area area_at(struct point middle, double width)
{
	double half = width / 2 + MARGIN;

	return (struct area){ middle.x - half, middle.y - LABEL_HEIGHT / 2.0 - MARGIN,
			      middle.x + half, middle.y + LABEL_HEIGHT / 2.0 + MARGIN };
}

static bool overlap(struct area a, struct area b)
{
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

static bool is_free(const struct picture *picture, size_t placed, struct area area)
{
	if (area.left < 0 || area.top < 0 || area.right > picture->width ||
	    area.bottom > picture->height)
		return false;
	for (size_t i = 0; i < picture->node_count; i++) {
		const struct picture_node *node = &picture->nodes[i];
		struct area box = { node->x, node->y, node->x + node->width,
				    node->y + node->height };

		if (overlap(area, box))
			return false;
	}
	for (size_t i = 0; i < placed; i++)
		if (picture->edges[i].has_label &&
		    overlap(area,
			    area_at(picture->edges[i].label_at, picture->edges[i].label_width)))
			return false;
	return true;
}

/* On the curve that the page draws from one point to the next. */
static struct point point_on(const struct point *from, double part)
{
	const struct point *to = from + 1;
	double rest = 1 - part, middle = (from->x + to->x) / 2;
	double ends = rest * rest * rest, bends = 3 * rest * rest * part;
	double other_bends = 3 * rest * part * part, other_ends = part * part * part;

	return (struct point){ ends * from->x + (bends + other_bends) * middle + other_ends * to->x,
			       (ends + bends) * from->y + (other_bends + other_ends) * to->y };
}

static bool try_at(struct picture *picture, size_t number, struct point middle)
{
	struct picture_edge *edge = &picture->edges[number];

	edge->has_label = is_free(picture, number, area_at(middle, edge->label_width));
	edge->label_at = middle;
	return edge->has_label;
}

/* Beside the curve below the node. */
static void place_at_loop(struct picture *picture, size_t number)
{
	const struct picture_edge *edge = &picture->edges[number];
	const struct picture_node *node = &picture->nodes[edge->from];
	struct point middle = { node->x + node->width / 2 + LOOP_X + edge->label_width / 2,
				node->y + node->height + LOOP_Y };

	(void)try_at(picture, number, middle);
}

/* Pieces from the middle of the way outwards. */
static void place_on_line(struct picture *picture, size_t number)
{
	const struct picture_edge *edge = &picture->edges[number];
	size_t pieces = edge->point_count - 1, middle = pieces / 2;

	for (size_t i = 0; i < MOST_PIECES && i < 2 * pieces; i++) {
		size_t away = (i + 1) / 2;
		size_t piece = i % 2 == 0 ? middle + away : middle - away;

		if (piece >= pieces)
			continue;
		for (size_t j = 0; j < SL_COUNT(parts); j++)
			if (try_at(picture, number, point_on(&edge->points[piece], parts[j])))
				return;
	}
}

void picture_place_labels(struct picture *picture)
{
	for (size_t i = 0; i < picture->edge_count && i < MOST_EDGES; i++) {
		if (picture->edges[i].from == picture->edges[i].to)
			place_at_loop(picture, i);
		else
			place_on_line(picture, i);
	}
}

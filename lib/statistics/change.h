/* Two sides in order, their traces in units that are drawn, and the part of the order where a
 * quantile is looked for. */
#ifndef STATISTICS_CHANGE_H
#define STATISTICS_CHANGE_H

#include "spanline/statistics.h"

/* More than so many units on a side are not drawn one by one. */
#define MOST_UNITS 2048

struct side {
	int64_t *values;  /* ascending */
	uint32_t *traces; /* of each value: its number on this side */
	size_t count;
	uint32_t trace_count;
};

struct sl_change {
	struct side sides[2];
};

/* One side, or both; a unit is what is drawn at once: a trace, or some. */
struct units {
	const struct side *sides[2]; /* the second may be NULL */
	uint32_t counts[2];
	uint32_t total;
	size_t value_count;
	uint32_t *sizes; /* values of each unit; owned */
};

bool units_init(struct units *units, const struct side *first, const struct side *second);
void units_free(struct units *units);

/* The values of all sides in order. */
struct walk {
	const struct units *units;
	size_t at[2];
	int64_t value;
	uint32_t unit;
};
bool walk_next(struct walk *walk);

/* Places [start, start + count) of that order. */
struct window {
	const struct units *units;
	size_t middle, half;
	size_t start, count;
	int64_t *values; /* owned, as all below */
	uint32_t *owners;
	uint32_t *below; /* by unit: how many of its values are before the window */
};

/* Around the quantile, wide enough for what is drawn from `drawn` units. */
bool window_init(struct window *window, const struct units *units, struct sl_quantile quantile,
		 uint32_t drawn);
/* Doubles it; false: no memory. */
bool window_widen(struct window *window);
void window_free(struct window *window);

#endif

/* Cells in columns: the first stands left and gives way, the others stand right. */
#ifndef CHART_GRID_H
#define CHART_GRID_H

#include "forms.h"

enum { GRID_MOST = 12 };

struct grid {
	struct sl_buffer text; /* all cells */
	size_t *ends;	       /* of each of them, row by row; owned */
	size_t count, capacity;
	size_t columns;
	/* Columns that are left out where the lines are short, the first of them first, behind the
	 * last a 0; or NULL. */
	const unsigned char *dispensable;
};

/* Ends a cell that was appended to grid->text. */
void grid_end_cell(struct grid *grid);
void grid_add(struct grid *grid, const char *text);
/* Appends all rows, in lines of at most `width` cells if that can be. */
void grid_write(struct grid *grid, size_t width, bool ascii, struct sl_buffer *out);
void grid_free(struct grid *grid);

#endif

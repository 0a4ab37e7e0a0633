/* Cells in columns, as wide as they have to be. */
#include "grid.h"
#include "spanline/text.h"
#include <stdlib.h>

enum { LEAST_FIRST = 16, FEWEST_FIRST = 8, GAP = 2 };

void grid_end_cell(struct grid *grid)
{
	if (!sl_array_reserve((void **)&grid->ends, &grid->capacity, grid->count + 1,
			      sizeof(*grid->ends))) {
		grid->text.failed = true;
		return;
	}
	grid->ends[grid->count++] = grid->text.len;
}

void grid_add(struct grid *grid, const char *text)
{
	sl_buffer_add(&grid->text, text, strlen(text));
	grid_end_cell(grid);
}

static struct sl_slice cell_at(const struct grid *grid, size_t at)
{
	size_t begin = at != 0 ? grid->ends[at - 1] : 0;

	if (grid->text.data == NULL)
		return SL_SLICE("");
	return (struct sl_slice){ grid->text.data + begin, grid->ends[at] - begin };
}

static void add_blanks(struct sl_buffer *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sl_buffer_add_byte(out, ' ');
}

static void write_row(const struct grid *grid, size_t row, const size_t *widths, bool ascii,
		      struct sl_buffer *out)
{
	size_t last = 0;

	for (size_t i = 1; i < grid->columns; i++)
		if (cell_at(grid, row + i).len != 0 && widths[i] != 0)
			last = i;
	for (size_t i = 0; i <= last; i++) {
		struct sl_slice cell = cell_at(grid, row + i);
		size_t cells = sl_text_cells(cell);

		if (i == 0) {
			cells = sl_text_fit(out, cell, widths[0],
					    ascii ? SL_SLICE("...") : SL_SLICE("\xe2\x80\xa6"));
			add_blanks(out, last != 0 ? widths[0] - cells : 0);
		} else if (widths[i] != 0) {
			add_blanks(out, GAP + widths[i] - cells);
			sl_buffer_add_slice(out, cell);
		}
	}
	sl_buffer_add_byte(out, '\n');
}

/* What all columns but the first take. */
static size_t sum_others(const struct grid *grid, const size_t *widths)
{
	size_t sum = 0;

	for (size_t i = 1; i < grid->columns; i++)
		sum += widths[i] != 0 ? GAP + widths[i] : 0;
	return sum;
}

/* Columns that can be done without go while the first has no room. */
static void fit(const struct grid *grid, size_t width, size_t *widths)
{
	size_t first = widths[0] < LEAST_FIRST ? widths[0] : LEAST_FIRST, others;
	const unsigned char *dispensable = grid->dispensable;

	while (dispensable != NULL && *dispensable != 0 && first + sum_others(grid, widths) > width)
		widths[*dispensable++] = 0;
	others = sum_others(grid, widths);
	if (widths[0] + others > width)
		widths[0] = width > others + FEWEST_FIRST ? width - others : FEWEST_FIRST;
}

void grid_write(struct grid *grid, size_t width, bool ascii, struct sl_buffer *out)
{
	size_t widths[GRID_MOST] = { 0 };

	out->failed |= grid->text.failed;
	if (out->failed)
		return;
	for (size_t i = 0; i < grid->count; i++) {
		size_t cells = sl_text_cells(cell_at(grid, i));

		if (cells > widths[i % grid->columns])
			widths[i % grid->columns] = cells;
	}
	fit(grid, width, widths);
	for (size_t row = 0; row + grid->columns <= grid->count; row += grid->columns)
		write_row(grid, row, widths, ascii, out);
}

void grid_free(struct grid *grid)
{
	sl_buffer_free(&grid->text);
	free(grid->ends);
}

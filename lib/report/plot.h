/* Histograms of groups over one logarithmic axis: below the rows of a table, and as a picture. */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include "forms.h"

struct plot {
	const struct report *report;
	size_t cells;
	int64_t least, most; /* ns, where the axis begins and ends */
};

enum { PLOT_CELLS_MAX = 1000 };

/* As many cells as a line of the report has. */
void plot_open(struct plot *plot, const struct report *report);
/* The cell of a duration, and how many durations of the group are in each. */
size_t plot_cell(const struct plot *plot, int64_t duration);
void plot_count(const struct plot *plot, const struct sl_group *group, uint64_t *counts);
/* One or two lines about the group in that row. */
void plot_group(const struct plot *plot, size_t row, struct sl_buffer *out);
/* The ends of the axis. */
void plot_close(const struct plot *plot, struct sl_buffer *out);

#endif

/* Histograms below the rows of a table. */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include "forms.h"

struct plot {
	const struct report *report;
	size_t cells;
	int64_t least, most; /* ns, where the axis begins and ends */
};

void plot_open(struct plot *plot, const struct report *report);
/* One or two lines about the group in that row. */
void plot_group(const struct plot *plot, size_t row, struct sl_buffer *out);
/* The ends of the axis. */
void plot_close(const struct plot *plot, struct sl_buffer *out);

#endif

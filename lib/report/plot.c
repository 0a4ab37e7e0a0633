/* How the durations of a group are spread: a line of blocks over a logarithmic axis that all groups
 * share, and the quantiles below it. */
#include "plot.h"
#include "forms.h"
#include "spanline/text.h"
#include <math.h>
#include <stdlib.h>

enum { MARGIN = 2, LEVELS = 8, CELLS_MAX = PLOT_CELLS_MAX };

static const char *const blocks[LEVELS + 1] = { " ",
						"\xe2\x96\x81",
						"\xe2\x96\x82",
						"\xe2\x96\x83",
						"\xe2\x96\x84",
						"\xe2\x96\x85",
						"\xe2\x96\x86",
						"\xe2\x96\x87",
						"\xe2\x96\x88" };
static const char *const ascii_blocks[LEVELS + 1] = { " ", ".", ".", ":", ":", "+", "+", "#", "#" };

void plot_open(struct plot *plot, const struct report *report)
{
	int64_t least = INT64_MAX, most = 1;
	size_t width = report->options->width;

	for (size_t row = 0; row < report->shown; row++) {
		const struct sl_group *group = report->rows[row];

		least = group->least < least ? group->least : least;
		most = group->most > most ? group->most : most;
	}
	*plot = (struct plot){ .report = report };
	plot->cells = width > CELLS_MAX + MARGIN ? (size_t)CELLS_MAX : width - MARGIN;
	/* what takes no time, or less, stands at the beginning */
	plot->least = least < 1 ? 1 : least < most ? least : most;
	plot->most = most;
}

size_t plot_cell(const struct plot *plot, int64_t duration)
{
	double whole = log((double)plot->most / (double)plot->least), part;

	if (duration <= plot->least || whole <= 0)
		return 0;
	part = log((double)duration / (double)plot->least) / whole;
	part = floor(part * (double)plot->cells);
	return part >= (double)plot->cells ? plot->cells - 1 : (size_t)part;
}

/* The first duration of each cell: so that a search will do for the many. */
static void find_starts(const struct plot *plot, int64_t *starts)
{
	double ratio = (double)plot->most / (double)plot->least;

	for (size_t i = 0; i < plot->cells; i++)
		starts[i] = (int64_t)((double)plot->least *
				      pow(ratio, (double)i / (double)plot->cells));
}

void plot_count(const struct plot *plot, const struct sl_group *group, uint64_t *counts)
{
	int64_t starts[CELLS_MAX];

	find_starts(plot, starts);
	for (struct sl_sample_chunk *chunk = group->durations.first; chunk != NULL;
	     chunk = chunk->next) {
		for (uint32_t i = 0; i < chunk->count; i++) {
			int64_t duration = sl_sample_at(&group->durations, chunk, i);
			size_t low = 0, high = duration > plot->least ? plot->cells : 1;

			while (high - low > 1) {
				size_t middle = (low + high) / 2;

				*(starts[middle] <= duration ? &low : &high) = middle;
			}
			counts[low]++;
		}
	}
}

static void end_line(struct sl_buffer *out)
{
	while (out->len != 0 && out->data[out->len - 1] == ' ')
		out->len--;
	sl_buffer_add_byte(out, '\n');
}

static void add_blocks(const struct plot *plot, const struct sl_group *group, struct sl_buffer *out)
{
	const char *const *levels = plot->report->options->ascii ? ascii_blocks : blocks;
	uint64_t counts[CELLS_MAX] = { 0 }, most = 1;

	plot_count(plot, group, counts);
	for (size_t i = 0; i < plot->cells; i++)
		most = counts[i] > most ? counts[i] : most;
	sl_buffer_add(out, "  ", MARGIN);
	for (size_t i = 0; i < plot->cells; i++) {
		double part = (double)counts[i] / (double)most;
		const char *block = levels[(size_t)ceil(part * LEVELS)];

		sl_buffer_add(out, block, strlen(block));
	}
	end_line(out);
}

/* The name beside a mark in that cell, to the right of it or else to the left; false: there is no
 * room from `from` on.  *end is behind it. */
static bool add_mark(char *line, size_t cells, size_t cell, struct sl_slice name, size_t *end)
{
	size_t len = name.len, from = *end;

	if (cell < from || (cell + len >= cells && cell < from + len))
		return false;
	line[cell] = '|';
	if (cell + len < cells)
		memcpy(&line[cell + 1], name.data, len);
	else
		memcpy(&line[cell - len], name.data, len);
	*end = cell + len < cells ? cell + len + 2 : cells;
	return true;
}

/* The quantiles, but for those that another one has no room for. */
static void add_quantiles(const struct plot *plot, size_t row, struct sl_buffer *out)
{
	const struct report *report = plot->report;
	char line[CELLS_MAX];
	size_t end = 0;
	bool any = false;

	memset(line, ' ', sizeof(line));
	for (size_t i = 0; i < report->measure_count; i++) {
		const struct sl_measure *measure = &report->measures[i];
		int64_t duration = (int64_t)figures_of(report, row)[i].exact.low;

		if (measure->kind == SL_MEASURE_QUANTILE && measure->of == SL_TIME_DURATION)
			any |= add_mark(line, plot->cells, plot_cell(plot, duration),
					sl_slice_of(measure->name), &end);
	}
	if (!any)
		return;
	sl_buffer_add(out, "  ", MARGIN);
	sl_buffer_add(out, line, plot->cells);
	end_line(out);
}

void plot_group(const struct plot *plot, size_t row, struct sl_buffer *out)
{
	add_blocks(plot, plot->report->rows[row], out);
	add_quantiles(plot, row, out);
}

void plot_close(const struct plot *plot, struct sl_buffer *out)
{
	struct sl_buffer last = { 0 };
	size_t start;

	if (plot->report->shown == 0)
		return;
	sl_buffer_add(out, "  ", MARGIN);
	start = out->len;
	show_duration(out, plot->least, plot->report->options->ascii);
	show_duration(&last, plot->most, plot->report->options->ascii);
	for (size_t cells = sl_text_cells((struct sl_slice){ out->data + start, out->len - start });
	     cells + sl_text_cells(sl_buffer_slice(&last)) < plot->cells; cells++)
		sl_buffer_add_byte(out, ' ');
	sl_buffer_add_slice(out, sl_buffer_slice(&last));
	sl_buffer_add_byte(out, '\n');
	out->failed |= last.failed;
	sl_buffer_free(&last);
}

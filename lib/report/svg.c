/* The histograms of groups as a picture: one below the other, over one logarithmic axis, with the
 * quantiles marked.  Places are whole numbers, so that the same groups are the same bytes. */
#include "forms.h"
#include "plot.h"
#include "spanline/text.h"

enum {
	BARS = 200,
	BAR = 4, /* wide */
	MARGIN = 32,
	WIDTH = BARS * BAR + 2 * MARGIN,
	TITLE = 18,  /* high */
	HEIGHT = 48, /* of the highest bar */
	LINES = 3,   /* of labels */
	LABELS = LINES * 13 + 4,
	GROUP = TITLE + HEIGHT + LABELS,
	AXIS = 36,
	LETTER = 7, /* wide at most */
	TICK_ROOM = 70,
};

static int x_of(const struct plot *plot, int64_t duration)
{
	return MARGIN + (int)plot_cell(plot, duration) * BAR;
}

static void add_texts(struct sl_buffer *out, struct sl_buffer *made, bool ascii)
{
	struct sl_buffer safe = { 0 };

	sl_text_show(&safe, sl_buffer_slice(made), ascii);
	sl_text_mark_up(out, sl_buffer_slice(&safe));
	out->failed |= safe.failed || made->failed;
	sl_buffer_free(&safe);
	sl_buffer_free(made);
}

static void add_duration(const struct report *report, int64_t ns, struct sl_buffer *out)
{
	show_duration(out, ns, report->options->ascii);
}

/* What the group is called, and how many spans it has. */
static void add_title(const struct report *report, size_t row, int y, struct sl_buffer *out)
{
	const struct sl_group *group = report->rows[row];
	size_t count = sl_grouping_count(report->groups->grouping);
	struct sl_buffer made = { 0 };

	for (size_t i = 0; i < count; i++) {
		sl_buffer_add(&made, " ", i != 0);
		add_value(&made, &group->by[i]);
	}
	if (count == 0)
		sl_buffer_add_literal(&made, "all");
	sl_buffer_printf(out, "<text x=\"%d\" y=\"%d\" class=\"group\">", MARGIN, y + TITLE - 5);
	add_texts(out, &made, report->options->ascii);
	sl_buffer_printf(out, " <tspan class=\"count\">%llu span%s</tspan></text>\n",
			 (unsigned long long)group->durations.count,
			 group->durations.count == 1 ? "" : "s");
}

/* One path: a bar for each cell that has something in it, which is seen however little it is. */
static void add_bars(const struct plot *plot, size_t row, int y, struct sl_buffer *out)
{
	uint64_t counts[PLOT_CELLS_MAX] = { 0 }, most = 1;

	plot_count(plot, plot->report->rows[row], counts);
	for (size_t i = 0; i < plot->cells; i++)
		most = counts[i] > most ? counts[i] : most;
	sl_buffer_add_literal(out, "<path class=\"bars\" d=\"");
	for (size_t i = 0; i < plot->cells; i++) {
		int high = 1 + (int)((double)counts[i] / (double)most * (HEIGHT - 1));

		if (counts[i] != 0)
			sl_buffer_printf(out, "M%d %dv-%dh%dv%dz", MARGIN + (int)i * BAR,
					 y + TITLE + HEIGHT, high, BAR - 1, high);
	}
	sl_buffer_printf(out, "\"/>\n<path class=\"base\" d=\"M%d %dh%d\"/>\n", MARGIN,
			 y + TITLE + HEIGHT, BARS * BAR);
}

/* The first line of labels that has room from `start` on, or else the one that has most. */
static unsigned choose_line(const int *ends, int start)
{
	unsigned line = 0;

	for (unsigned i = 1; i < LINES; i++)
		if (ends[line] > start && ends[i] < ends[line])
			line = i;
	return line;
}

/* Where the marks of a group stand, and how far each line of labels is filled. */
struct marks {
	int y;
	int ends[LINES];
};

/* A line, and the name with the value below it. */
static void add_mark(const struct plot *plot, const struct sl_measure *measure,
		     const struct sl_figure *figure, struct marks *marks, struct sl_buffer *out)
{
	int64_t duration = (int64_t)figure->exact.low;
	int x = x_of(plot, duration), bottom = marks->y + TITLE + HEIGHT, width, start;
	struct sl_buffer made = { 0 };
	unsigned line;

	sl_buffer_printf(&made, "%s ", measure->name);
	add_duration(plot->report, duration, &made);
	sl_buffer_add(&made, "*", is_uncertain(measure, figure));
	width = (int)sl_text_cells(sl_buffer_slice(&made)) * LETTER;
	start = x + width > WIDTH ? WIDTH - width : x;
	line = choose_line(marks->ends, start);
	marks->ends[line] = start + width;
	sl_buffer_printf(out, "<path class=\"mark\" d=\"M%d %dv%d\"/>\n", x, marks->y + TITLE,
			 HEIGHT + 4);
	sl_buffer_printf(out, "<text x=\"%d\" y=\"%d\">", start, bottom + 14 + (int)line * 13);
	add_texts(out, &made, plot->report->options->ascii);
	sl_buffer_add_literal(out, "</text>\n");
}

static void add_marks(const struct plot *plot, size_t row, int y, struct sl_buffer *out)
{
	const struct report *report = plot->report;
	struct marks marks = { .y = y };

	for (size_t i = 0; i < report->measure_count; i++) {
		const struct sl_measure *measure = &report->measures[i];

		if (measure->kind == SL_MEASURE_QUANTILE && measure->of == SL_TIME_DURATION)
			add_mark(plot, measure, &figures_of(report, row)[i], &marks, out);
	}
}

static void add_tick(const struct plot *plot, int64_t ns, int x, int y, struct sl_buffer *out)
{
	struct sl_buffer made = { 0 };

	sl_buffer_printf(out,
			 "<path class=\"base\" d=\"M%d %dv6\"/>\n"
			 "<text x=\"%d\" y=\"%d\" class=\"tick\">",
			 x, y, x, y + 20);
	add_duration(plot->report, ns, &made);
	add_texts(out, &made, plot->report->options->ascii);
	sl_buffer_add_literal(out, "</text>\n");
}

/* Its ends, and the powers of ten between them that have room. */
static void add_axis(const struct plot *plot, int y, struct sl_buffer *out)
{
	int first = MARGIN, last = MARGIN + BARS * BAR;

	sl_buffer_printf(out, "<path class=\"base\" d=\"M%d %dh%d\"/>\n", first, y, BARS * BAR);
	add_tick(plot, plot->least, first, y, out);
	for (int64_t ns = 1; ns <= INT64_MAX / 10 && ns < plot->most; ns *= 10) {
		int x = ns > plot->least ? x_of(plot, ns) : 0;

		if (x >= first + TICK_ROOM && x <= last - TICK_ROOM)
			add_tick(plot, ns, x, y, out);
	}
	add_tick(plot, plot->most, last, y, out);
}

static void begin(const struct report *report, struct sl_buffer *out)
{
	int height = 2 * MARGIN + (int)report->shown * GROUP + AXIS;

	sl_buffer_printf(out,
			 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
			 "viewBox=\"0 0 %d %d\">\n<title>Durations of spans</title>\n",
			 WIDTH, height, WIDTH, height);
	sl_buffer_add_literal(
		out, "<style>text{font:11px sans-serif;fill:#333}.group{font-weight:bold;"
		     "font-size:12px}.count{font-weight:normal;fill:#666}.tick{text-anchor:middle}"
		     ".bars{fill:#4878a8}.base{stroke:#999;fill:none}"
		     ".mark{stroke:#c0392b;fill:none}</style>\n");
	sl_buffer_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
}

/* The groups that are not shown. */
static void add_others(const struct report *report, int y, struct sl_buffer *out)
{
	struct rest rest = rest_of(report);

	if (rest.groups == 0)
		return;
	sl_buffer_printf(out, "<text x=\"%d\" y=\"%d\" class=\"count\">", MARGIN, y);
	add_rest(out, rest);
	out->len--; /* its newline */
	sl_buffer_add_literal(out, "</text>\n");
}

void write_svg(const struct report *report, struct sl_buffer *out)
{
	struct plot plot;
	int y = MARGIN / 2;

	plot_open(&plot, report);
	plot.cells = BARS;
	begin(report, out);
	for (size_t row = 0; row < report->shown; row++, y += GROUP) {
		add_title(report, row, y, out);
		add_bars(&plot, row, y, out);
		add_marks(&plot, row, y, out);
	}
	if (report->shown != 0)
		add_axis(&plot, y + 4, out);
	add_others(report, y + AXIS + MARGIN / 2, out);
	sl_buffer_add_literal(out, "</svg>\n");
}

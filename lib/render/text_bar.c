/* Bars on the time axis: solid where the trace waited for the span, light where it did not. */
#include "spanline/text.h"
#include "text.h"

enum cell { CELL_EMPTY, CELL_SHORT, CELL_LIGHT, CELL_PATH, CELL_BEFORE, CELL_BEHIND };

bool prepare_bars(struct text *text)
{
	text->cells = sl_arena_alloc(text->view->arena, text->options->width + 1);
	return text->cells != NULL && choose_colours(text->view, SERVICE_COLOURS, &text->colours) &&
	       index_parts(text->view, &text->first_part, &text->next_part);
}

/* Where a time stands on the axis, in cells; below 0 and above the width are outside. */
static double position(const struct text *text, uint64_t at_ns)
{
	const struct view *view = text->view;
	double length = (double)(view->to_ns - view->from_ns);
	double offset = at_ns >= view->from_ns ? (double)(at_ns - view->from_ns)
					       : -(double)(view->from_ns - at_ns);

	return length <= 0 ? 0 : offset / length * (double)text->bar;
}

static void fill(struct text *text, uint64_t start_ns, uint64_t end_ns, enum cell cell)
{
	double start = position(text, start_ns), end = position(text, end_ns);
	double width = (double)text->bar;
	size_t first, last;

	if (end < 0 || start > width) {
		text->cells[end < 0 ? 0 : text->bar - 1] = end < 0 ? CELL_BEFORE : CELL_BEHIND;
		return;
	}
	start = start < 0 ? 0 : start;
	end = end > width ? width : end;
	/* a cell counts where the most of it is covered, and one at least */
	first = (size_t)(start + 0.5);
	last = (size_t)(end + 0.5);
	if (last <= first) {
		first = start >= width ? text->bar - 1 : (size_t)start;
		if (text->cells[first] == CELL_EMPTY)
			text->cells[first] = CELL_SHORT;
		return;
	}
	for (; first < last; first++)
		if (text->cells[first] < cell)
			text->cells[first] = (unsigned char)cell;
}

static const char *picture(enum cell cell, bool ascii)
{
	static const char *const pictures[][2] = {
		{ " ", " " },
		{ "\xe2\x96\x8f", "|" },
		{ "\xe2\x96\x91", "-" },
		{ "\xe2\x96\x88", "#" },
		{ "\xe2\x80\xb9", "<" },
		{ "\xe2\x80\xba", ">" },
	};

	return pictures[cell][ascii];
}

void add_bar(struct text *text, const struct row *row)
{
	const struct view *view = text->view;
	bool colour = text->options->colour;
	unsigned service = text->colours[view->service[row->node]];
	enum cell before = CELL_EMPTY;

	memset(text->cells, CELL_EMPTY, text->bar);
	for (uint32_t at = row->node; row->kind != ROW_MISSING && at != SL_NO_SPAN;
	     at = text->rows.next_alike[at]) {
		const struct sl_span *span = view->trace->nodes[at].span;

		fill(text, span->start_unix_nano, span->end_unix_nano, CELL_LIGHT);
		for (uint32_t part = text->first_part[at]; part != UINT32_MAX;
		     part = text->next_part[part])
			fill(text, view->path.parts[part].start_ns, view->path.parts[part].end_ns,
			     CELL_PATH);
		if (row->kind == ROW_SPAN)
			break;
	}
	for (size_t i = 0; i < text->bar; i++) {
		enum cell cell = text->cells[i];

		if (cell != before && before != CELL_EMPTY)
			paint(text->out, colour, PAINT_PLAIN);
		if (cell != before && cell != CELL_EMPTY)
			paint_service(text->out, colour, service, cell == CELL_LIGHT);
		add_text(text->out, picture(cell, text->options->ascii));
		before = cell;
	}
	if (before != CELL_EMPTY)
		paint(text->out, colour, PAINT_PLAIN);
}

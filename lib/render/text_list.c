/* The table of traces: one line each. */
#include "spanline/text.h"
#include "text.h"

static uint32_t count_errors(const struct sl_trace *trace)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < trace->count; i++)
		count += is_error(trace->nodes[i].span);
	return count;
}

/* What fits of "2025-04-07T09:45:12.345Z": all, the time of day, nothing; and of the id, of which
 * the start says which it is, too. */
struct shape {
	size_t id, start, start_cells;
};

static struct shape shape_for(size_t width)
{
	static const struct shape wide = { 32, 0, 24 }, usual = { 16, 11, 13 },
				  narrow = { 16, 0, 0 };

	return width >= 110 ? wide : width >= 75 ? usual : narrow;
}

/* Where an id is cut, one of 64 bits is shown by what follows its zeros. */
static struct sl_slice shown_id(struct sl_slice id, const struct shape *shape)
{
	static const char zeros[8];

	if (shape->id < 2 * id.len && id.len == 2 * sizeof(zeros) &&
	    memcmp(id.data, zeros, sizeof(zeros)) == 0)
		return (struct sl_slice){ id.data + sizeof(zeros), sizeof(zeros) };
	return id;
}

static void add_start(struct sl_buffer *out, const struct shape *shape, uint64_t start_ns)
{
	enum { TO_MS = 23 };
	char time[SL_TIME_TEXT];

	if (shape->start_cells == 0)
		return;
	sl_write_time(time, start_ns);
	sl_buffer_add(out, time + shape->start, TO_MS - shape->start);
	add_text(out, "Z  ");
}

static void add_titles(struct sl_buffer *out, const struct shape *shape, bool colour)
{
	paint(out, colour, PAINT_DIM);
	sl_buffer_printf(out, "%-*s", (int)shape->id + 2, "trace");
	if (shape->start_cells != 0)
		sl_buffer_printf(out, "%-*s", (int)shape->start_cells + 2, "start");
	sl_buffer_printf(out, "%9s  %5s %3s %4s  %s", "duration", "spans", "srv", "err", "root");
	paint(out, colour, PAINT_PLAIN);
	sl_buffer_add_byte(out, '\n');
}

/* Numbers before the root, whose name takes what is left of the line. */
void text_list(struct sl_render *render, const struct sl_trace *trace, struct sl_buffer *out)
{
	const struct sl_render_options *options = render->options;
	const struct sl_span *root = trace->nodes[trace->root].span;
	struct sl_buffer *scratch = &render->scratch;
	struct shape shape = shape_for(options->width);
	uint32_t errors = count_errors(trace);
	size_t used = shape.id + 2 + (shape.start_cells != 0 ? shape.start_cells + 2 : 0) + 9 + 2 +
		      5 + 1 + 3 + 1 + 4 + 2;

	if (render->listed == 0)
		add_titles(out, &shape, options->colour);
	scratch->len = 0;
	sl_buffer_add_hex(scratch, shown_id(trace->trace_id, &shape));
	sl_buffer_printf(out, "%-*.*s  ", (int)shape.id,
			 (int)(scratch->len < shape.id ? scratch->len : shape.id),
			 scratch->len != 0 ? scratch->data : "");
	add_start(out, &shape, root->start_unix_nano);
	scratch->len = 0;
	add_duration(scratch, duration_of(root), options->ascii);
	add_fitted(out, sl_buffer_slice(scratch), 9, options->ascii, true);
	sl_buffer_printf(out, "  %5u %3u ", (unsigned)trace->count,
			 (unsigned)count_services(trace));
	paint(out, options->colour && errors != 0, PAINT_ERROR);
	sl_buffer_printf(out, "%4u", (unsigned)errors);
	paint(out, options->colour && errors != 0, PAINT_PLAIN);
	add_text(out, "  ");
	add_root_name(out, trace, options->width > used + 8 ? options->width - used : 8,
		      options->ascii);
	sl_buffer_add_byte(out, '\n');
}

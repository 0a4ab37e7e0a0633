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

/* "2025-04-07T09:45:12.345Z" */
static void add_start(struct sl_buffer *out, uint64_t start_ns)
{
	char time[SL_TIME_TEXT];

	sl_write_time(time, start_ns);
	sl_buffer_add(out, time, 23);
	sl_buffer_add_byte(out, 'Z');
}

/* Numbers before the root, whose name takes what is left of the line. */
void text_list(struct sl_render *render, const struct sl_trace *trace, struct sl_buffer *out)
{
	const struct sl_render_options *options = render->options;
	const struct sl_span *root = trace->nodes[trace->root].span;
	struct sl_buffer *scratch = &render->scratch;
	bool narrow = options->width < 110;
	/* a trace is found by the start of its id, too */
	size_t id_cells = narrow ? 16 : 32, used;

	if (render->listed == 0) {
		paint(out, options->colour, PAINT_DIM);
		sl_buffer_printf(out, "%-*s  %s%*s  %5s %3s %4s  %s", (int)id_cells, "trace",
				 narrow ? "" : "start                     ", 9, "duration", "spans",
				 "srv", "err", "root");
		paint(out, options->colour, PAINT_PLAIN);
		sl_buffer_add_byte(out, '\n');
	}
	scratch->len = 0;
	add_hex(scratch, trace->trace_id);
	sl_buffer_printf(out, "%-*.*s  ", (int)id_cells,
			 (int)(scratch->len < id_cells ? scratch->len : id_cells),
			 scratch->len != 0 ? scratch->data : "");
	if (!narrow) {
		add_start(out, root->start_unix_nano);
		add_text(out, "  ");
	}
	scratch->len = 0;
	add_duration(scratch, duration_of(root), options->ascii);
	add_fitted(out, sl_buffer_slice(scratch), 9, options->ascii, true);
	sl_buffer_printf(out, "  %5u %3u ", (unsigned)trace->count,
			 (unsigned)count_services(trace));
	paint(out, options->colour && count_errors(trace) != 0, PAINT_ERROR);
	sl_buffer_printf(out, "%4u", (unsigned)count_errors(trace));
	paint(out, options->colour && count_errors(trace) != 0, PAINT_PLAIN);
	add_text(out, "  ");
	used = id_cells + 2 + (narrow ? 0 : 26) + 9 + 2 + 5 + 1 + 3 + 1 + 4 + 2;
	add_root_name(out, trace, options->width > used + 8 ? options->width - used : 8,
		      options->ascii);
	sl_buffer_add_byte(out, '\n');
}

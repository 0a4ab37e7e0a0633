/* Findings, a line each. */
#include "paint.h"
#include "spanline/text.h"
#include "text.h"

static enum paint paint_of(enum sl_severity severity)
{
	return severity == SL_ERROR	? PAINT_ERROR
	       : severity == SL_WARNING ? PAINT_WARNING
					: PAINT_INFO;
}

/* "[8bcc53888966c968 <- a80f845881bc51bb, 12 more]" */
static void add_ids(const struct view *view, const struct sl_finding *finding,
		    struct sl_buffer *out)
{
	enum { MOST = 3 };
	uint32_t shown = finding->node_count < MOST ? finding->node_count : MOST;

	for (uint32_t i = 0; i < shown; i++) {
		const struct sl_span *span = view->trace->nodes[finding->nodes[i]].span;

		add_text(out, i == 0 ? "  [" : i < finding->chain_count ? " < " : ", ");
		sl_buffer_add_hex(out, span->span_id);
	}
	if (finding->node_count > shown)
		sl_buffer_printf(out, ", %u more", (unsigned)(finding->node_count - shown));
	if (shown != 0)
		sl_buffer_add_byte(out, ']');
}

void add_findings(const struct view *view, struct sl_buffer *out)
{
	const struct sl_render_options *options = view->options;

	for (size_t i = 0; i < view->findings.count; i++) {
		const struct sl_finding *finding = &view->findings.items[i];

		paint(out, options->colour, paint_of(finding->severity));
		sl_buffer_printf(out, "%-7s  %-16s", sl_severity_name(finding->severity),
				 sl_finding_row(finding->kind)->name);
		paint(out, options->colour, PAINT_PLAIN);
		sl_buffer_add_byte(out, ' ');
		sl_text_show(out, finding->message, options->ascii);
		paint(out, options->colour, PAINT_DIM);
		add_ids(view, finding, out);
		paint(out, options->colour, PAINT_PLAIN);
		sl_buffer_add_byte(out, '\n');
	}
	for (size_t kind = 0; kind < SL_FINDING_KIND_COUNT; kind++)
		if (view->findings.left_out[kind] != 0)
			sl_buffer_printf(out, "         %-16s %llu more\n",
					 sl_finding_row((enum sl_finding_kind)kind)->name,
					 (unsigned long long)view->findings.left_out[kind]);
}

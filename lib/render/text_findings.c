/* Findings, a line each, or where somebody looks at them as many as they take. */
#include "paint.h"
#include "spanline/text.h"
#include "text.h"

static enum paint paint_of(enum sl_severity severity)
{
	return severity == SL_ERROR	? PAINT_ERROR
	       : severity == SL_WARNING ? PAINT_WARNING
					: PAINT_INFO;
}

/* Cells before the message, and before its further lines where the other would leave little room.
 */
enum { INDENT = 26, LITTLE_INDENT = 9, WIDE = 70 };

/* Adds the text in text->scratch behind *used cells, on further lines as it takes. */
static void add_words(struct text *text, size_t *used)
{
	const struct sl_render_options *options = text->options;
	size_t width = options->wrap ? options->width : SIZE_MAX;
	size_t indent = width < WIDE ? LITTLE_INDENT : INDENT;
	struct sl_slice rest = sl_buffer_slice(text->scratch);

	while (rest.len != 0) {
		size_t blanks = 0, end;

		while (blanks < rest.len && rest.data[blanks] == ' ')
			blanks++;
		for (end = blanks; end < rest.len && rest.data[end] != ' ';)
			end++;
		struct sl_slice word = { rest.data + blanks, end - blanks };
		size_t cells = sl_text_cells(word);

		if (*used > indent && *used + blanks + cells > width) {
			sl_buffer_printf(text->out, "\n%*s", (int)indent, "");
			*used = indent;
			blanks = 0;
		}
		sl_buffer_printf(text->out, "%*s", (int)blanks, "");
		sl_buffer_add_slice(text->out, word);
		*used += blanks + cells;
		rest = (struct sl_slice){ rest.data + end, rest.len - end };
	}
	text->out->failed |= text->scratch->failed;
	text->scratch->len = 0;
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

static void add_finding(struct text *text, const struct sl_finding *finding)
{
	const struct sl_render_options *options = text->options;
	struct sl_buffer *out = text->out;
	size_t used = INDENT;

	paint(out, options->colour, paint_of(finding->severity));
	sl_buffer_printf(out, "%-7s  %-16s", sl_severity_name(finding->severity),
			 sl_finding_row(finding->kind)->name);
	paint(out, options->colour, PAINT_PLAIN);
	sl_buffer_add_byte(out, ' ');
	text->scratch->len = 0;
	sl_text_show(text->scratch, finding->message, options->ascii);
	add_words(text, &used);
	paint(out, options->colour, PAINT_DIM);
	add_ids(text->view, finding, text->scratch);
	add_words(text, &used);
	paint(out, options->colour, PAINT_PLAIN);
	sl_buffer_add_byte(out, '\n');
}

void add_findings(struct text *text)
{
	const struct view *view = text->view;
	struct sl_buffer *out = text->out;

	for (size_t i = 0; i < view->findings.count; i++)
		add_finding(text, &view->findings.items[i]);
	for (size_t kind = 0; kind < SL_FINDING_KIND_COUNT; kind++)
		if (view->findings.left_out[kind] != 0)
			sl_buffer_printf(out, "         %-16s %llu more\n",
					 sl_finding_row((enum sl_finding_kind)kind)->name,
					 (unsigned long long)view->findings.left_out[kind]);
}

/* The left side of a row: lines of the tree, the service where it is another one, the name. */
#include "spanline/text.h"
#include "text.h"
#include <stdlib.h>

struct pictures {
	const char *pass, *branch, *corner, *blank, *detail;
};

static const struct pictures *pictures_of(bool ascii)
{
	static const struct pictures drawn = { "\xe2\x94\x82 ", "\xe2\x94\x9c ", "\xe2\x94\x94 ",
					       "  ", "\xc2\xb7 " };
	static const struct pictures typed = { "| ", "|-", "`-", "  ", "- " };

	return ascii ? &typed : &drawn;
}

/* Half of a label is for the tree; of narrow ones more, so that eight levels have their lines. */
static size_t cells_of_lines(size_t cells)
{
	enum { USUAL = 16, LEAST_NAME = 12 };

	if (cells < USUAL + LEAST_NAME || cells >= (size_t)2 * USUAL)
		return cells / 2;
	return USUAL;
}

size_t add_lines(struct text *text, uint32_t depth, bool of_details, bool last)
{
	const struct pictures *pictures = pictures_of(text->options->ascii);
	uint32_t first = 1;
	size_t most = cells_of_lines(text->label), cells = 0, before = text->out->len;

	if (2 * (size_t)depth > most) {
		/* of deep trees only what is near, and how many levels are not drawn */
		first = depth - (uint32_t)(most / 2) + 3;
		sl_buffer_printf(text->out, "+%-3u", (unsigned)(first - 1));
		cells = text->out->len - before;
	}
	for (uint32_t level = first; level <= depth; level++, cells += 2) {
		if (level < depth || of_details)
			add_text(text->out, text->open[level] ? pictures->pass : pictures->blank);
		else
			add_text(text->out, last ? pictures->corner : pictures->branch);
	}
	return cells;
}

static struct sl_slice parent_service(const struct text *text, const struct row *row)
{
	const struct row *parent;

	if (row->parent == NO_ROW)
		return SL_SLICE("");
	parent = &text->rows.items[row->parent];
	return parent->kind == ROW_MISSING
		       ? SL_SLICE("")
		       : service_of(text->view->trace->nodes[parent->node].span);
}

static int by_size(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

/* " (sum 15.4 ms, p50 0.3, max 1.2)" */
static void add_spread(struct text *text, const struct row *row)
{
	const struct sl_trace *trace = text->view->trace;
	struct sl_buffer *out = text->scratch;
	uint64_t *durations = malloc(row->count * sizeof(*durations));
	double sum = 0;
	size_t count = 0, median;

	if (durations == NULL) {
		out->failed = true;
		return;
	}
	for (uint32_t at = row->node; at != SL_NO_SPAN && count < row->count;
	     at = text->rows.next_alike[at])
		durations[count++] = duration_of(trace->nodes[at].span);
	qsort(durations, count, sizeof(*durations), by_size);
	for (size_t i = 0; i < count; i++)
		sum += (double)durations[i];
	median = (count - 1) / 2;
	sl_buffer_printf(out, " (sum ");
	add_time(out, text->unit, sum);
	sl_buffer_printf(out, " %s, p50 ", text->unit.name);
	add_time(out, text->unit, (double)durations[median]);
	sl_buffer_printf(out, ", max ");
	add_time(out, text->unit, (double)durations[count - 1]);
	sl_buffer_add_byte(out, ')');
	free(durations);
}

/* The pieces of a label, in text->scratch one behind the other. */
struct label {
	size_t service, name, suffix; /* bytes; the first with its blank */
};

static void add_missing(struct text *text, const struct sl_span *orphan)
{
	add_text(text->scratch, text->options->ascii ? "? " : "\xe2\x88\x85 ");
	sl_buffer_add_hex(text->scratch, orphan->parent_span_id);
	add_text(text->scratch, " is not in the input");
}

static struct label fill_label(struct text *text, const struct row *row)
{
	const struct sl_trace_node *node = &text->view->trace->nodes[row->node];
	struct sl_slice service = service_of(node->span);
	struct sl_buffer *out = text->scratch;
	bool ascii = text->options->ascii;
	struct label label = { 0 };

	out->len = 0;
	if (row->kind == ROW_MISSING) {
		add_missing(text, node->span);
		return (struct label){ 0, out->len, 0 };
	}
	if (service.len != 0 && !sl_slice_equal(service, parent_service(text, row))) {
		sl_text_show(out, service, ascii);
		sl_buffer_add_byte(out, ' ');
	}
	label.service = out->len;
	if (row->kind == ROW_FOLD)
		sl_buffer_printf(out, "%s%u ", ascii ? "x" : "\xc3\x97", (unsigned)row->count);
	sl_text_show(out, name_of(node->span), ascii);
	label.name = out->len - label.service;
	if (row->kind == ROW_FOLD)
		add_spread(text, row);
	label.suffix = out->len - label.service - label.name;
	return label;
}

size_t label_cells(struct text *text, const struct row *row)
{
	fill_label(text, row);
	return 2 * (size_t)row->depth + sl_text_cells(sl_buffer_slice(text->scratch));
}

/* " p50 0.3, max 1.2": the sum stands in a column, too. */
static struct sl_slice without_sum(struct sl_slice suffix)
{
	const char *comma = suffix.len != 0 ? memchr(suffix.data, ',', suffix.len) : NULL;

	if (comma == NULL)
		return suffix;
	suffix.len -= (size_t)(comma + 1 - suffix.data) + 1;
	suffix.data = comma + 1;
	return suffix;
}

/* The name gives way before the numbers behind it, the numbers before a part of the name. */
static size_t add_name(struct text *text, struct sl_slice name, struct sl_slice suffix,
		       size_t cells)
{
	enum { LEAST_NAME = 8 };
	size_t suffix_cells = sl_text_cells(suffix), used;
	struct sl_slice ellipsis = ellipsis_of(text->options->ascii);

	if (suffix_cells + LEAST_NAME > cells) {
		suffix = without_sum(suffix);
		suffix_cells = sl_text_cells(suffix);
	}
	if (suffix_cells + LEAST_NAME > cells) {
		suffix.len = 0;
		suffix_cells = 0;
	}
	used = sl_text_fit(text->out, name, cells - suffix_cells, ellipsis);
	if (suffix.len != 0) {
		paint(text->out, text->options->colour, PAINT_DIM);
		sl_buffer_add_slice(text->out, suffix);
		paint(text->out, text->options->colour, PAINT_PLAIN);
	}
	return used + suffix_cells;
}

/* Half of what there is, and what the name leaves. */
static size_t cells_of_service(struct sl_slice name, struct sl_slice suffix, size_t cells)
{
	size_t behind = sl_text_cells(name) + sl_text_cells(suffix);

	return behind < cells - cells / 2 ? cells - behind : cells / 2;
}

void add_label(struct text *text, const struct row *row)
{
	const struct sl_span *span = text->view->trace->nodes[row->node].span;
	struct label label = fill_label(text, row);
	struct sl_slice service, name, suffix;
	bool colour = text->options->colour;
	size_t cells = text->label, used;

	if (text->scratch->data == NULL)
		return; /* no memory, which is told at the end */
	service = (struct sl_slice){ text->scratch->data, label.service };
	name = (struct sl_slice){ service.data + service.len, label.name };
	suffix = (struct sl_slice){ name.data + name.len, label.suffix };
	paint(text->out, colour, PAINT_DIM);
	cells -= add_lines(text, row->depth, false, row->last);
	paint(text->out, colour, PAINT_PLAIN);
	if (service.len != 0) {
		paint_service(text->out, colour, text->colours[text->view->service[row->node]],
			      false);
		cells -= sl_text_fit(text->out, service, cells_of_service(name, suffix, cells),
				     ellipsis_of(text->options->ascii));
		paint(text->out, colour, PAINT_PLAIN);
	}
	if (row->kind != ROW_MISSING && is_error(span))
		paint(text->out, colour, PAINT_ERROR);
	used = add_name(text, name, suffix, cells);
	if (row->kind != ROW_MISSING && is_error(span))
		paint(text->out, colour, PAINT_PLAIN);
	add_blanks(text->out, cells - used);
}

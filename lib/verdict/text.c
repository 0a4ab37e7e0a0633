/* For a person at a terminal: a row of figures and a line of what goes with it. */
#include "spanline/text.h"
#include "forms.h"

enum {
	SHARES = 6,
	COMPANIONS = 2,
	ID_BYTES = 6,
	SIDE_MIN = 5,
	MORE_CELLS = 10, /* "; 123 more" */
	WHAT_MIN = 16,
	WIDE = 96,   /* what a set is takes one line */
	NARROW = 72, /* and examples do no more */
};

struct columns {
	size_t left, right; /* cells of the figures of each side */
};

struct writer {
	const struct verdict *verdict;
	struct sl_buffer raw, shown; /* of a part of a line */
	struct columns columns;
	struct sl_buffer *out;
};

static struct sl_slice ellipsis_of(const struct writer *writer)
{
	return writer->verdict->options->ascii ? SL_SLICE("...") : SL_SLICE("\xe2\x80\xa6");
}

/* What is in `raw`, safe to show, in at most so many cells; emptied. */
static void add_shown(struct writer *writer, size_t cells)
{
	writer->shown.len = 0;
	sl_text_show(&writer->shown, sl_buffer_slice(&writer->raw),
		     writer->verdict->options->ascii);
	if (writer->shown.data != NULL)
		sl_text_fit(writer->out, sl_buffer_slice(&writer->shown), cells,
			    ellipsis_of(writer));
	writer->out->failed |= writer->raw.failed | writer->shown.failed;
	writer->raw.len = 0;
}

static void add_spaces(struct sl_buffer *out, size_t count)
{
	while (count-- > 0)
		sl_buffer_add_byte(out, ' ');
}

/* The figures of one side, to the right of their column. */
static void add_side(struct writer *writer, const struct sl_difference *row, enum sl_set set,
		     size_t width)
{
	size_t cells;

	writer->raw.len = 0;
	verdict_side(&writer->raw, writer->verdict, row, set);
	if (writer->raw.data == NULL)
		return;
	cells = sl_text_cells(sl_buffer_slice(&writer->raw));
	add_spaces(writer->out, 2 + (width > cells ? width - cells : 0));
	sl_buffer_add_slice(writer->out, sl_buffer_slice(&writer->raw));
	writer->raw.len = 0;
}

static size_t width_of(struct writer *writer, enum sl_set set, size_t shown)
{
	size_t width = SIDE_MIN;

	for (size_t i = 0; i < shown; i++) {
		size_t cells;

		writer->raw.len = 0;
		verdict_side(&writer->raw, writer->verdict, &writer->verdict->result->rows[i], set);
		cells = writer->raw.data != NULL ? sl_text_cells(sl_buffer_slice(&writer->raw)) : 0;
		width = cells > width ? cells : width;
	}
	writer->raw.len = 0;
	return width;
}

static size_t cells_left(const struct writer *writer, size_t line)
{
	size_t taken = sl_text_cells(
		(struct sl_slice){ writer->out->data + line, writer->out->len - line });
	size_t width = writer->verdict->options->width;

	return width > taken + WHAT_MIN ? width - taken : WHAT_MIN;
}

static bool is_narrow(const struct writer *writer)
{
	return writer->verdict->options->width < NARROW;
}

static void add_count(struct sl_buffer *out, uint64_t count, const char *what)
{
	sl_buffer_printf(out, "%llu %s%s", (unsigned long long)count, what, count == 1 ? "" : "s");
}

/* The name first, and the figures below it. */
static void add_set_below(struct writer *writer, enum sl_set set, const char *side)
{
	const struct sl_set_figures *figures = &writer->verdict->result->sets[set];
	struct sl_buffer *out = writer->out;

	sl_buffer_printf(out, "%-6s ", side);
	sl_buffer_add_slice(&writer->raw, writer->verdict->options->names[set]);
	add_shown(writer, writer->verdict->options->width - 7);
	sl_buffer_add_literal(out, "\n       ");
	add_count(out, figures->traces, "trace");
	sl_buffer_add_literal(out, ", ");
	add_count(out, figures->spans, "span");
	sl_buffer_add_literal(out, ", ");
	add_count(out, figures->errors, "error");
	sl_buffer_printf(out, "%s mean ", is_narrow(writer) ? "\n      " : " ");
	verdict_root(out, writer->verdict, set, true);
	sl_buffer_add_literal(out, ", p95 ");
	verdict_root(out, writer->verdict, set, false);
	sl_buffer_add_byte(out, '\n');
}

static void add_set(struct writer *writer, enum sl_set set, const char *side)
{
	const struct sl_contrast_result *result = writer->verdict->result;
	const struct sl_set_figures *figures = &result->sets[set];
	size_t line = writer->out->len;

	if (writer->verdict->options->width < WIDE) {
		add_set_below(writer, set, side);
		return;
	}
	sl_buffer_printf(writer->out, "%-6s %7llu trace%s %9llu span%s %7llu error%s  mean ", side,
			 (unsigned long long)figures->traces, figures->traces == 1 ? " " : "s",
			 (unsigned long long)figures->spans, figures->spans == 1 ? " " : "s",
			 (unsigned long long)figures->errors, figures->errors == 1 ? " " : "s");
	verdict_root(writer->out, writer->verdict, set, true);
	sl_buffer_add_literal(writer->out, ", p95 ");
	verdict_root(writer->out, writer->verdict, set, false);
	sl_buffer_add_literal(writer->out, "  ");
	sl_buffer_add_slice(&writer->raw, writer->verdict->options->names[set]);
	add_shown(writer, cells_left(writer, line));
	sl_buffer_add_byte(writer->out, '\n');
}

static void add_row(struct writer *writer, size_t index)
{
	const struct sl_difference *row = &writer->verdict->result->rows[index];
	size_t line = writer->out->len;

	sl_buffer_add_byte(writer->out, ' ');
	verdict_effect(writer->out, row->effect);
	verdict_chance(&writer->raw, row->p);
	sl_buffer_printf(writer->out, "  %6.*s", (int)writer->raw.len, writer->raw.data);
	add_side(writer, row, SL_SET_LEFT, writer->columns.left);
	add_side(writer, row, SL_SET_RIGHT, writer->columns.right);
	/* where no name has room, it stands below */
	if (is_narrow(writer)) {
		sl_buffer_add_byte(writer->out, '\n');
		line = writer->out->len;
		sl_buffer_printf(writer->out, "    %s ", sl_difference_name(row->kind));
	} else {
		sl_buffer_printf(writer->out, "  %-9s  ", sl_difference_name(row->kind));
	}
	verdict_what(&writer->raw, row);
	add_shown(writer, cells_left(writer, line));
	sl_buffer_add_byte(writer->out, '\n');
}

/* "  as left 81eae96c7e3c d66d0939ac10, right bb1b890a84fe" */
static void add_examples(struct writer *writer, size_t index)
{
	const struct sl_difference *row = &writer->verdict->result->rows[index];

	for (unsigned set = 0; set < SL_SET_COUNT; set++) {
		const struct sl_difference_side *side = &row->sides[set];

		if (side->example_count != 0)
			sl_buffer_add_slice(writer->out, set == SL_SET_LEFT ? SL_SLICE("left")
									    : SL_SLICE("right"));
		for (size_t i = 0; i < side->example_count; i++) {
			sl_buffer_add_byte(writer->out, ' ');
			verdict_hex(writer->out, &side->examples[i], ID_BYTES);
		}
		if (set == SL_SET_LEFT && side->example_count != 0)
			sl_buffer_add_slice(writer->out, is_narrow(writer) ? SL_SLICE(",\n        ")
									   : SL_SLICE(", "));
	}
}

/* The rows that follow: of one row, or of the split. */
static bool is_companion(const struct sl_difference *row, enum sl_follows follows, size_t leader)
{
	return row->follows == follows && (follows == SL_FOLLOWS_SPLIT || row->leader == leader);
}

/* The first of them by name, the others as a number; nothing where there are none. */
static void add_companions(struct writer *writer, const char *before, enum sl_follows follows,
			   size_t leader)
{
	const struct sl_contrast_result *result = writer->verdict->result;
	size_t count = 0, line = writer->out->len, width = writer->verdict->options->width;
	size_t most = is_narrow(writer) ? 1 : COMPANIONS;

	for (size_t i = 0; i < result->count; i++) {
		const struct sl_difference *row = &result->rows[i];

		if (!is_companion(row, follows, leader) || ++count > most)
			continue;
		sl_buffer_printf(writer->out, "%s", count == 1 ? before : "; ");
		sl_buffer_printf(&writer->raw, "%s ", sl_difference_name(row->kind));
		verdict_what(&writer->raw, row);
		add_shown(writer, is_narrow(writer) ? width - strlen(before) - MORE_CELLS
						    : (width - 32) / COMPANIONS);
	}
	if (count > most)
		sl_buffer_printf(writer->out, "; %zu more", count - most);
	if (writer->out->len != line)
		sl_buffer_add_byte(writer->out, '\n');
}

static void add_rows(struct writer *writer)
{
	const struct sl_contrast_result *result = writer->verdict->result;
	size_t leaders, all = 0, shown = verdict_shown(writer->verdict, &leaders);
	const char *below = is_narrow(writer) ? "    " : "        ";

	writer->columns.left = width_of(writer, SL_SET_LEFT, shown);
	writer->columns.right = width_of(writer, SL_SET_RIGHT, shown);
	if (leaders != 0)
		sl_buffer_printf(writer->out, "\neffect       p  %*s  %*s  what\n",
				 (int)writer->columns.left, "left", (int)writer->columns.right,
				 "right");
	for (size_t i = 0; i < shown; i++) {
		if (result->rows[i].follows != SL_FOLLOWS_NOTHING)
			continue;
		add_row(writer, i);
		sl_buffer_printf(writer->out, "%ssee ", below);
		add_examples(writer, i);
		sl_buffer_add_byte(writer->out, '\n');
		add_companions(writer, is_narrow(writer) ? "    with it " : "        with it ",
			       SL_FOLLOWS_ROW, i);
	}
	for (size_t i = 0; i < result->count; i++)
		all += result->rows[i].follows == SL_FOLLOWS_NOTHING;
	if (all > leaders)
		sl_buffer_printf(writer->out, "%zu more\n", all - leaders);
	add_companions(writer, "follow from the split: ", SL_FOLLOWS_SPLIT, 0);
}

static void add_attribution(struct writer *writer, const struct sl_attribution *attribution,
			    const char *of)
{
	bool ascii = writer->verdict->options->ascii;
	size_t shown = attribution->count > SHARES ? SHARES - 1 : attribution->count;

	sl_buffer_printf(writer->out, "\n%s of root durations ", of);
	verdict_change(writer->out, attribution->total_ns, ascii);
	sl_buffer_add_slice(writer->out,
			    attribution->count != 0 ? SL_SLICE(":\n") : SL_SLICE("\n"));
	for (size_t i = 0; i < shown; i++) {
		sl_buffer_add_literal(writer->out, "  ");
		verdict_change(writer->out, attribution->shares[i].ns, ascii);
		sl_buffer_add_byte(writer->out, ' ');
		verdict_share(&writer->raw, &attribution->shares[i]);
		add_shown(writer, writer->verdict->options->width - 14);
		sl_buffer_add_byte(writer->out, '\n');
	}
	if (shown == attribution->count)
		return;
	sl_buffer_add_literal(writer->out, "  ");
	verdict_change(writer->out, verdict_rest(attribution, shown), ascii);
	sl_buffer_printf(writer->out, " the rest (%zu operations)\n", attribution->count - shown);
}

/* The sentence in `raw`, whose words are ASCII, on as many lines as it takes; emptied. */
static void add_sentence(struct writer *writer)
{
	struct sl_slice rest = sl_buffer_slice(&writer->raw);
	size_t width = writer->verdict->options->width, column = 0;

	while (rest.len != 0) {
		const char *blank = memchr(rest.data, ' ', rest.len);
		size_t len = blank != NULL ? (size_t)(blank - rest.data) : rest.len;

		if (column != 0 && column + 1 + len > width)
			column = 0;
		if (rest.data != writer->raw.data)
			sl_buffer_add_byte(writer->out, column != 0 ? ' ' : '\n');
		sl_buffer_add(writer->out, rest.data, len);
		column += len + (column != 0);
		len += blank != NULL;
		rest = (struct sl_slice){ rest.data + len, rest.len - len };
	}
	sl_buffer_add_byte(writer->out, '\n');
	writer->raw.len = 0;
}

void verdict_text(const struct verdict *verdict, struct sl_buffer *out)
{
	struct writer writer = { .verdict = verdict, .out = out };

	add_set(&writer, SL_SET_LEFT, "left");
	add_set(&writer, SL_SET_RIGHT, "right");
	verdict_summary(&writer.raw, verdict);
	add_sentence(&writer);
	verdict_left_out(&writer.raw, verdict, verdict->options->width);
	if (writer.raw.len != 0) {
		add_shown(&writer, verdict->options->width);
		sl_buffer_add_byte(out, '\n');
	}
	add_rows(&writer);
	if (verdict_has_both(verdict)) {
		add_attribution(&writer, &verdict->result->mean, "mean");
		add_attribution(&writer, &verdict->result->p95, "p95");
	}
	out->failed |= writer.raw.failed | writer.shown.failed;
	sl_buffer_free(&writer.raw);
	sl_buffer_free(&writer.shown);
}

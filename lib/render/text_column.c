/* The columns beside the bar: one table. */
#include "spanline/json.h"
#include "spanline/text.h"
#include "text.h"

static const struct {
	const char *name;
	bool is_text;
} column_rows[] = {
	[SL_COLUMN_MARKS] = { "marks", true },	      [SL_COLUMN_START] = { "start", false },
	[SL_COLUMN_DURATION] = { "duration", false }, [SL_COLUMN_SELF] = { "self", false },
	[SL_COLUMN_SHARE] = { "share", false },	      [SL_COLUMN_KIND] = { "kind", true },
	[SL_COLUMN_SPAN_ID] = { "span_id", true },
};

static bool parse_column(struct sl_slice name, enum sl_render_column *column)
{
	for (size_t i = 0; i < SL_COUNT(column_rows); i++) {
		struct sl_slice known = { column_rows[i].name, strlen(column_rows[i].name) };

		if (sl_slice_equal(name, known)) {
			*column = (enum sl_render_column)i;
			return true;
		}
	}
	return false;
}

enum sl_status sl_render_columns_parse(struct sl_render_columns *columns, struct sl_slice list,
				       struct sl_error *err)
{
	struct sl_slice name;

	columns->count = 0;
	while (list.len != 0 && sl_next_item(&list, &name)) {
		enum sl_render_column column = SL_COLUMN_ATTRIBUTE;

		if (columns->count == SL_COLUMN_LIMIT)
			return sl_reject(err, SL_UNSUPPORTED, SL_NOWHERE, "more than %d columns",
					 SL_COLUMN_LIMIT);
		if ((name.len < 2 || name.data[0] != '.') && !parse_column(name, &column))
			return sl_reject(err, SL_UNSUPPORTED, SL_NOWHERE,
					 "'%.*s' is no column (as marks, start, duration, self, "
					 "share, kind, span_id or .ATTRIBUTE)",
					 (int)name.len, name.data);
		columns->items[columns->count].key =
			(struct sl_slice){ name.data + 1, name.len - 1 };
		columns->items[columns->count++].column = column;
	}
	return SL_OK;
}

const char *column_title(const struct text *text, size_t column)
{
	enum sl_render_column kind = text->options->columns.items[column].column;

	return kind == SL_COLUMN_MARKS	     ? ""
	       : kind == SL_COLUMN_ATTRIBUTE ? NULL
					     : column_rows[kind].name;
}

bool column_is_text(const struct text *text, size_t column)
{
	enum sl_render_column kind = text->options->columns.items[column].column;

	return kind == SL_COLUMN_ATTRIBUTE || column_rows[kind].is_text;
}

/* Of what a row stands for, together. */
struct sums {
	double duration, self;
	uint64_t on_path;
	bool error, outside, duplicate, cyclic, shifted;
};

static struct sums sums_of(const struct text *text, const struct row *row)
{
	const struct view *view = text->view;
	struct sums sums = { 0 };

	for (uint32_t at = row->node; at != SL_NO_SPAN; at = text->rows.next_alike[at]) {
		const struct sl_trace_node *node = &view->trace->nodes[at];

		sums.duration += (double)sl_span_duration_ns(node->span);
		sums.self += (double)view->self_ns[at];
		sums.on_path += view->path.on_path_ns[at];
		sums.error |= is_error(node->span);
		sums.outside |= is_outside(view->trace, at);
		sums.duplicate |= node->duplicate;
		sums.cyclic |= node->cyclic;
		sums.shifted |= view->shift_ns != NULL && view->shift_ns[at] != 0;
	}
	return sums;
}

static void add_marks(struct sl_buffer *out, const struct sums *sums, bool ascii)
{
	bool others = sums->outside || sums->shifted || sums->duplicate || sums->cyclic;

	if (sums->error)
		add_text(out, ascii ? "E" : "\xe2\x9c\x97");
	else if (sums->on_path != 0 || others)
		add_text(out, " ");
	if (sums->on_path != 0)
		add_text(out, "*");
	else if (others)
		add_text(out, " ");
	if (sums->outside)
		add_text(out, ascii ? "<>" : "\xe2\x86\x94");
	if (sums->shifted)
		add_text(out, "~");
	if (sums->duplicate)
		add_text(out, "=");
	if (sums->cyclic)
		add_text(out, ascii ? "@" : "\xe2\x86\xbb");
}

static void add_share(struct sl_buffer *out, double duration, uint64_t root_ns)
{
	double share = root_ns != 0 ? 100 * duration / (double)root_ns : 0;

	if (share > 0 && share < 1)
		add_text(out, "<1%");
	else if (root_ns != 0)
		sl_buffer_printf(out, "%.0f%%", share);
}

static void add_attribute(struct text *text, const struct sl_span *span, struct sl_slice key)
{
	struct sl_buffer plain = { 0 };
	struct sl_value value;

	if (!sl_span_attribute(span, SL_OWNER_SPAN, key, &value) &&
	    !sl_span_attribute(span, SL_OWNER_RESOURCE, key, &value))
		return;
	if (value.type == SL_VALUE_STRING) {
		sl_text_show(text->scratch, value.text, text->options->ascii);
		return;
	}
	sl_json_write_value(&plain, &value);
	sl_text_show(text->scratch, sl_buffer_slice(&plain), text->options->ascii);
	sl_buffer_free(&plain);
}

static double start_of(const struct text *text, const struct sl_span *span)
{
	const struct sl_trace *trace = text->view->trace;
	uint64_t start = trace->nodes[trace->root].span->start_unix_nano;

	return span->start_unix_nano >= start ? (double)(span->start_unix_nano - start)
					      : -(double)(start - span->start_unix_nano);
}

void fill_column(struct text *text, const struct row *row, size_t column)
{
	const struct sl_span *span = text->view->trace->nodes[row->node].span;
	struct sl_buffer *out = text->scratch;
	struct sums sums;
	const char *kind;

	out->len = 0;
	if (row->kind == ROW_MISSING)
		return;
	sums = sums_of(text, row);
	switch (text->options->columns.items[column].column) {
	case SL_COLUMN_MARKS:
		add_marks(out, &sums, text->options->ascii);
		break;
	case SL_COLUMN_START:
		add_time(out, text->unit, start_of(text, span));
		break;
	case SL_COLUMN_DURATION:
		add_time(out, text->unit, sums.duration);
		break;
	case SL_COLUMN_SELF:
		add_time(out, text->unit, sums.self);
		break;
	case SL_COLUMN_SHARE:
		add_share(out, sums.duration, text->view->root_ns);
		break;
	case SL_COLUMN_KIND:
		kind = sl_kind_name(span->kind);
		add_text(out, kind != NULL ? kind : "?");
		break;
	case SL_COLUMN_SPAN_ID:
		sl_buffer_add_hex(out, span->span_id);
		break;
	case SL_COLUMN_ATTRIBUTE:
		add_attribute(text, span, text->options->columns.items[column].key);
		break;
	}
}

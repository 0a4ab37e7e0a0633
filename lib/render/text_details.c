/* Below a row, if that is asked for: attributes, events and links, a line each. */
#include "linked.h"
#include "spanline/json.h"
#include "spanline/text.h"
#include "text.h"

static bool is_asked_for(const struct sl_render_options *options, const char *prefix,
			 struct sl_slice key)
{
	size_t len = strlen(prefix);

	for (size_t i = 0; i < options->attribute_count; i++) {
		const char *glob = options->attributes[i];

		if (strncmp(glob, prefix, len) == 0 && glob_matches(glob + len, key))
			return true;
	}
	return false;
}

/* What is long is cut at its end: the beginning of a stack trace says most. */
static void add_start(struct sl_buffer *out, struct sl_slice line, size_t cells, bool ascii)
{
	struct sl_slice ellipsis = ellipsis_of(ascii);
	size_t mark = sl_text_cells(ellipsis);

	if (sl_text_cells(line) <= cells) {
		sl_buffer_add_slice(out, line);
		return;
	}
	sl_buffer_add(out, line.data, sl_text_fitting(line, cells > mark ? cells - mark : 0));
	sl_buffer_add_slice(out, ellipsis);
}

/* What is in text->scratch, on a line of its own. */
static void add_line(struct text *text, const struct row *row)
{
	struct sl_buffer *out = text->out;
	size_t width = text->options->width, used;
	struct sl_slice line = sl_buffer_slice(text->scratch);

	paint(out, text->options->colour, PAINT_DIM);
	used = add_lines(text, row->depth, true, false);
	add_text(out, text->options->ascii ? "  - " : "  \xc2\xb7 ");
	used += 4;
	add_start(out, line, width > used ? width - used : 1, text->options->ascii);
	paint(out, text->options->colour, PAINT_PLAIN);
	sl_buffer_add_byte(out, '\n');
}

static void add_value(struct text *text, const struct sl_value *value)
{
	struct sl_buffer json = { 0 };

	sl_json_write_value(&json, value);
	sl_text_show(text->scratch, sl_buffer_slice(&json), text->options->ascii);
	text->scratch->failed |= json.failed;
	sl_buffer_free(&json);
}

static void add_attributes(struct text *text, const struct row *row,
			   struct sl_attributes attributes, const char *prefix)
{
	for (size_t i = 0; i < attributes.count; i++) {
		const struct sl_attribute *item = &attributes.items[i];

		if (!is_asked_for(text->options, prefix, item->key))
			continue;
		text->scratch->len = 0;
		add_text(text->scratch, prefix);
		sl_text_show(text->scratch, item->key, text->options->ascii);
		add_text(text->scratch, " = ");
		add_value(text, &item->value);
		add_line(text, row);
	}
}

static void add_event(struct text *text, const struct row *row, const struct sl_event *event)
{
	const struct sl_trace *trace = text->view->trace;
	uint64_t start = trace->nodes[trace->root].span->start_unix_nano;
	double offset = event->time_unix_nano >= start ? (double)(event->time_unix_nano - start)
						       : -(double)(start - event->time_unix_nano);

	text->scratch->len = 0;
	sl_buffer_printf(text->scratch, "%s", offset >= 0 ? "+" : "");
	add_time(text->scratch, text->unit, offset);
	sl_buffer_printf(text->scratch, " %s ", text->unit.name);
	sl_text_show(text->scratch, event->name, text->options->ascii);
	for (size_t i = 0; i < event->attributes.count; i++) {
		sl_buffer_add_byte(text->scratch, ' ');
		sl_text_show(text->scratch, event->attributes.items[i].key, text->options->ascii);
		sl_buffer_add_byte(text->scratch, '=');
		add_value(text, &event->attributes.items[i].value);
	}
	add_line(text, row);
}

/* "12.3 ms before": the root of that trace and of this one. */
static void add_distance(struct text *text, uint64_t start_ns)
{
	const struct sl_trace *trace = text->view->trace;
	uint64_t own_ns = trace->nodes[trace->root].span->start_unix_nano;
	bool before = start_ns < own_ns;

	add_text(text->scratch, ", ");
	add_duration(text->scratch, before ? own_ns - start_ns : start_ns - own_ns,
		     text->options->ascii);
	add_text(text->scratch, before ? " before" : " after");
}

/* What the other trace is, where that is known. */
static void add_linked(struct text *text, const struct row *row, struct sl_slice trace_id)
{
	const struct sl_linked *linked = text->view->linked;
	const struct linked *known = linked != NULL ? linked_find(linked, trace_id) : NULL;

	if (linked == NULL || (known == NULL && !linked_is_complete(linked)))
		return;
	text->scratch->len = 0;
	add_text(text->scratch, "  ");
	if (known == NULL) {
		add_text(text->scratch, "not in the input");
	} else {
		sl_text_show(text->scratch, known->name, text->options->ascii);
		add_text(text->scratch, "  ");
		add_duration(text->scratch, known->duration_ns, text->options->ascii);
		add_count(text->scratch, known->spans, "span", "spans");
		add_count(text->scratch, known->services, "service", "services");
		add_count(text->scratch, known->errors, "error", "errors");
		add_distance(text, known->start_ns);
	}
	add_line(text, row);
}

static void add_end(struct text *text, const char *what, struct sl_slice span_id,
		    struct sl_slice trace_id)
{
	text->scratch->len = 0;
	add_text(text->scratch, what);
	sl_buffer_add_hex(text->scratch, span_id);
	if (sl_slice_equal(trace_id, text->view->trace->trace_id)) {
		add_text(text->scratch, " in this trace");
	} else {
		add_text(text->scratch, " in trace ");
		sl_buffer_add_hex(text->scratch, trace_id);
	}
}

static void add_link(struct text *text, const struct row *row, const struct sl_link *link)
{
	add_end(text, "link to ", link->span_id, link->trace_id);
	add_line(text, row);
	if (!sl_slice_equal(link->trace_id, text->view->trace->trace_id))
		add_linked(text, row, link->trace_id);
}

static void add_links_from(struct text *text, const struct row *row, const struct sl_span *span)
{
	size_t count = 0;
	const struct incoming *from = NULL;

	if (text->view->linked != NULL)
		from = linked_from(text->view->linked, span, &count);
	for (size_t i = 0; i < count; i++) {
		struct sl_slice trace_id = { from[i].trace_id, LINKED_ID };

		add_end(text, "link from ", (struct sl_slice){ from[i].span_id, LINKED_SPAN_ID },
			trace_id);
		add_line(text, row);
		add_linked(text, row, trace_id);
	}
}

void add_details(struct text *text, const struct row *row)
{
	const struct sl_span *span = text->view->trace->nodes[row->node].span;

	if (row->kind != ROW_SPAN)
		return;
	if (text->options->attribute_count != 0) {
		add_attributes(text, row, span->attributes, "");
		add_attributes(text, row, span->resource->attributes, "resource.");
	}
	for (size_t i = 0; text->options->events && i < span->event_count; i++)
		add_event(text, row, &span->events[i]);
	for (size_t i = 0; text->options->links && i < span->link_count; i++)
		add_link(text, row, &span->links[i]);
	if (text->options->links)
		add_links_from(text, row, span);
}

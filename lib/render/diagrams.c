/* Diagrams of text: mermaid's sequence of calls between services, graphviz' tree of spans. */
#include "forms.h"
#include "paint.h"
#include "rows.h"
#include "spanline/text.h"

/* More messages than that nobody can follow, and mermaid does not draw. */
enum { MOST_MESSAGES = 200, MOST_NAME = 60 };

/* A name in which nothing has a meaning to the diagram's language. */
static void add_plain(struct sl_buffer *out, struct sl_buffer *scratch, struct sl_slice name)
{
	size_t len;

	scratch->len = 0;
	sl_text_show(scratch, name, false);
	if (scratch->len == 0)
		add_text(scratch, "(no name)");
	len = sl_text_fitting(sl_buffer_slice(scratch), MOST_NAME);
	for (size_t i = 0; i < len; i++) {
		char byte = scratch->data[i];

		if (strchr("\"#;<>{}[]%\\`&|", byte) != NULL)
			sl_buffer_printf(out, "#%d;", byte);
		else
			sl_buffer_add_byte(out, byte);
	}
}

/* The nearest span above that another service did, or SL_NO_SPAN: who called. */
static uint32_t caller_of(const struct view *view, uint32_t node)
{
	uint32_t parent = view->trace->nodes[node].parent;

	return parent != SL_NO_SPAN && view->service[parent] != view->service[node] ? parent
										    : SL_NO_SPAN;
}

static void add_message(struct sl_buffer *out, struct sl_buffer *scratch, const struct view *view,
			uint32_t node)
{
	uint32_t caller = caller_of(view, node);
	const struct sl_span *span = view->trace->nodes[node].span;
	const struct sl_span *call = view->trace->nodes[caller].span;
	bool failed = is_error(span) || (call->kind == SL_KIND_CLIENT && is_error(call));

	sl_buffer_printf(out, "    s%u%ss%u: ", (unsigned)view->service[caller],
			 failed ? "-x" : "->>", (unsigned)view->service[node]);
	add_plain(out, scratch, span->name);
	add_text(out, " (");
	add_duration(out, duration_of(span), false);
	add_text(out, ")\n");
}

enum sl_status mermaid_trace(struct sl_render *render, const struct view *view,
			     struct sl_buffer *out, struct sl_error *err)
{
	uint32_t messages = 0;

	(void)err;
	add_text(out, "sequenceDiagram\n");
	for (uint32_t i = 0; i < view->service_count; i++) {
		sl_buffer_printf(out, "    participant s%u as ", (unsigned)i);
		add_plain(out, &render->scratch, view->services[i]);
		add_text(out, "\n");
	}
	for (uint32_t i = 0; i < view->trace->count; i++) {
		uint32_t node = view->trace->preorder[i];

		if (caller_of(view, node) == SL_NO_SPAN)
			continue;
		if (messages++ < MOST_MESSAGES)
			add_message(out, &render->scratch, view, node);
	}
	if (messages > MOST_MESSAGES)
		sl_buffer_printf(out, "    Note over s0: %u more calls\n",
				 (unsigned)(messages - MOST_MESSAGES));
	return SL_OK;
}

/* Inside a quoted label of graphviz only these two have a meaning. */
static void add_quoted(struct sl_buffer *out, struct sl_buffer *scratch, struct sl_slice text)
{
	scratch->len = 0;
	sl_text_show(scratch, text, false);
	for (size_t i = 0; i < scratch->len; i++) {
		if (scratch->data[i] == '"' || scratch->data[i] == '\\')
			sl_buffer_add_byte(out, '\\');
		sl_buffer_add_byte(out, scratch->data[i]);
	}
}

/* Spans that one row stands for. */
struct summed {
	uint64_t duration_ns;
	bool failed, on_path;
};

static struct summed sum_up(const struct view *view, const struct rows *rows, const struct row *row)
{
	struct summed sum = { 0 };

	for (uint32_t at = row->node; at != SL_NO_SPAN; at = rows->next_alike[at]) {
		const struct sl_span *span = view->trace->nodes[at].span;

		sum.duration_ns += duration_of(span);
		sum.failed |= is_error(span);
		sum.on_path |= view->path.on_path_ns[at] != 0;
	}
	return sum;
}

static void add_box(struct sl_buffer *out, struct sl_buffer *scratch, const struct view *view,
		    const struct rows *rows, const struct row *row)
{
	const struct sl_span *span = view->trace->nodes[row->node].span;
	struct summed sum = sum_up(view, rows, row);

	if (row->kind == ROW_MISSING) {
		sl_buffer_add_hex(out, span->parent_span_id);
		add_text(out, "\\nis not in the input\", style=dashed");
		return;
	}
	if (row->kind == ROW_FOLD)
		sl_buffer_printf(out, "\xc3\x97%u ", (unsigned)row->count);
	add_quoted(out, scratch, service_of(span));
	add_text(out, "\\n");
	add_quoted(out, scratch, name_of(span));
	add_text(out, "\\n");
	add_duration(out, sum.duration_ns, false);
	sl_buffer_printf(out, "\"%s%s", sum.failed ? ", color=red" : "",
			 sum.on_path ? ", penwidth=2" : "");
}

enum sl_status dot_trace(struct sl_render *render, const struct view *view, struct sl_buffer *out,
			 struct sl_error *err)
{
	struct rows rows;
	enum sl_status status = rows_build(&rows, view, err);

	if (status == SL_OK)
		status = rows_limit(&rows, view, view->options->rows, err);
	if (status != SL_OK)
		return status;
	add_text(out, "digraph trace {\n  rankdir=LR;\n  node [shape=box, style=rounded, "
		      "fontname=\"sans-serif\"];\n");
	for (uint32_t i = 0; i < rows.count; i++) {
		const struct row *row = &rows.items[i];

		if (!row->shown)
			continue;
		sl_buffer_printf(out, "  n%u [label=\"", (unsigned)i);
		add_box(out, &render->scratch, view, &rows, row);
		add_text(out, "];\n");
		if (row->parent != NO_ROW)
			sl_buffer_printf(out, "  n%u -> n%u;\n", (unsigned)row->parent,
					 (unsigned)i);
		drain(render, out);
	}
	add_text(out, "}\n");
	return SL_OK;
}

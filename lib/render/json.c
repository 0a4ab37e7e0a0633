/*
 * One JSON object a line and trace.  `tree` is nested to 64 levels; what is deeper stands in
 * `deeper`, each span with its parent.
 */
#include "spanline/json.h"
#include "forms.h"
#include "json.h"
#include "linked.h"
#include "paint.h"
#include "spanline/text.h"

enum { MOST_LEVELS = 64 };

static void add_root(struct sl_buffer *out, const struct view *view)
{
	const struct sl_span *root = view->trace->nodes[view->trace->root].span;

	add_text(out, "{\"trace_id\":");
	sl_buffer_add_id(out, view->trace->trace_id);
	add_text(out, ",\"root\":{\"span_id\":");
	sl_buffer_add_id(out, root->span_id);
	add_text(out, ",\"service\":");
	sl_json_write_string(out, service_of(root));
	add_text(out, ",\"name\":");
	sl_json_write_string(out, root->name);
	add_text(out, "},\"start\":\"");
	sl_buffer_add_time(out, root->start_unix_nano);
	add_text(out, "\",\"duration_ms\":");
	sl_buffer_add_ms(out, root->end_unix_nano, root->start_unix_nano);
	sl_buffer_printf(out, ",\"spans\":%u,\"errors\":%u", (unsigned)view->trace->count,
			 (unsigned)view->counts.errors);
}

static void add_services(struct sl_buffer *out, const struct view *view)
{
	add_text(out, ",\"services\":[");
	for (uint32_t i = 0; i < view->service_count; i++) {
		if (i != 0)
			sl_buffer_add_byte(out, ',');
		sl_json_write_string(out, view->services[i]);
	}
	sl_buffer_add_byte(out, ']');
}

/* The spans on it, in the order in which they come to it. */
static void add_path(struct sl_buffer *out, const struct view *view)
{
	const struct sl_path *path = &view->path;
	bool first = true;

	add_text(out, ",\"critical_path\":[");
	for (uint32_t i = 0; i < view->trace->count; i++) {
		uint32_t at = view->trace->preorder[i];
		const struct sl_span *span = view->trace->nodes[at].span;

		if (path->on_path_ns[at] == 0)
			continue;
		add_text(out, first ? "{\"span_id\":" : ",{\"span_id\":");
		sl_buffer_add_id(out, span->span_id);
		add_text(out, ",\"service\":");
		sl_json_write_string(out, service_of(span));
		add_text(out, ",\"name\":");
		sl_json_write_string(out, span->name);
		add_text(out, ",\"self_ms\":");
		sl_buffer_add_ms(out, path->on_path_ns[at], 0);
		sl_buffer_add_byte(out, '}');
		first = false;
	}
	sl_buffer_add_byte(out, ']');
}

static void close_levels(struct sl_buffer *out, uint32_t count)
{
	for (; count != 0; count--)
		add_text(out, "]}");
}

static void add_tree(struct sl_buffer *out, const struct sl_trace *trace)
{
	uint32_t open = 0; /* spans whose children are being written */
	bool first = true;

	add_text(out, ",\"tree\":[");
	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[trace->preorder[i]];

		if (node->depth >= MOST_LEVELS)
			continue;
		close_levels(out, open - node->depth);
		if (!first && open >= node->depth && out->data[out->len - 1] != '[')
			sl_buffer_add_byte(out, ',');
		add_text(out, "{\"span_id\":");
		sl_buffer_add_id(out, node->span->span_id);
		if (node->orphan) {
			add_text(out, ",\"missing_parent\":");
			sl_buffer_add_id(out, node->span->parent_span_id);
		}
		open = node->depth;
		if (node->first_child != SL_NO_SPAN && node->depth + 1 < MOST_LEVELS) {
			add_text(out, ",\"children\":[");
			open++;
		} else {
			sl_buffer_add_byte(out, '}');
		}
		first = false;
	}
	close_levels(out, open);
	sl_buffer_add_byte(out, ']');
}

static void add_deeper(struct sl_buffer *out, const struct sl_trace *trace)
{
	bool first = true;

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[trace->preorder[i]];

		if (node->depth < MOST_LEVELS)
			continue;
		add_text(out, first ? ",\"deeper\":[{\"span_id\":" : ",{\"span_id\":");
		sl_buffer_add_id(out, node->span->span_id);
		add_text(out, ",\"parent_span_id\":");
		sl_buffer_add_id(out, node->span->parent_span_id);
		sl_buffer_add_byte(out, '}');
		first = false;
	}
	if (!first)
		sl_buffer_add_byte(out, ']');
}

static void add_figure(struct sl_buffer *out, const struct sl_figure *figure)
{
	sl_buffer_printf(out, ",\"%s\":", figure->name);
	switch (figure->type) {
	case SL_FIGURE_COUNT:
		sl_buffer_printf(out, "%lld", (long long)figure->integer);
		break;
	case SL_FIGURE_MS:
		sl_buffer_add_signed_ms(out, figure->integer);
		break;
	case SL_FIGURE_SHARE:
		sl_buffer_add_double(out, figure->number);
		break;
	case SL_FIGURE_TEXT:
		sl_json_write_string(out, figure->text);
		break;
	case SL_FIGURE_ID:
		sl_buffer_add_id(out, figure->text);
		break;
	}
}

void json_finding(struct sl_buffer *out, const struct view *view, const struct sl_finding *finding)
{
	sl_buffer_printf(out, "{\"kind\":\"%s\",\"severity\":\"%s\",\"message\":",
			 sl_finding_row(finding->kind)->name, sl_severity_name(finding->severity));
	sl_json_write_string(out, finding->message);
	add_text(out, ",\"span_ids\":[");
	for (uint32_t i = 0; i < finding->node_count; i++) {
		if (i != 0)
			sl_buffer_add_byte(out, ',');
		sl_buffer_add_id(out, view->trace->nodes[finding->nodes[i]].span->span_id);
	}
	sl_buffer_add_byte(out, ']');
	for (size_t i = 0; i < finding->figure_count; i++)
		add_figure(out, &finding->figures[i]);
	sl_buffer_add_byte(out, '}');
}

static void add_findings_of(struct sl_buffer *out, const struct view *view)
{
	add_text(out, ",\"findings\":[");
	for (size_t i = 0; i < view->findings.count; i++) {
		if (i != 0)
			sl_buffer_add_byte(out, ',');
		json_finding(out, view, &view->findings.items[i]);
	}
	sl_buffer_add_byte(out, ']');
}

/* What is known of the trace that a link leads to, or that it is not there. */
static void add_linked(struct sl_buffer *out, const struct sl_linked *linked,
		       struct sl_slice trace_id)
{
	const struct linked *known = linked_find(linked, trace_id);

	if (known == NULL) {
		add_text(out, linked_is_complete(linked) ? ",\"in_input\":false" : "");
		return;
	}
	add_text(out, ",\"in_input\":true,\"root\":");
	sl_json_write_string(out, known->name);
	add_text(out, ",\"start\":\"");
	sl_buffer_add_time(out, known->start_ns);
	add_text(out, "\",\"duration_ms\":");
	sl_buffer_add_ms(out, known->duration_ns, 0);
	sl_buffer_printf(out, ",\"spans\":%u,\"errors\":%u,\"services\":%u", (unsigned)known->spans,
			 (unsigned)known->errors, (unsigned)known->services);
}

static void add_links_of(struct sl_buffer *out, const struct view *view)
{
	const struct sl_trace *trace = view->trace;
	bool first = true;

	add_text(out, ",\"links\":[");
	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_span *span = trace->nodes[trace->preorder[i]].span;

		for (size_t j = 0; j < span->link_count; j++) {
			add_text(out, first ? "{\"span_id\":" : ",{\"span_id\":");
			sl_buffer_add_id(out, span->span_id);
			add_text(out, ",\"to_trace_id\":");
			sl_buffer_add_id(out, span->links[j].trace_id);
			add_text(out, ",\"to_span_id\":");
			sl_buffer_add_id(out, span->links[j].span_id);
			if (view->linked != NULL)
				add_linked(out, view->linked, span->links[j].trace_id);
			sl_buffer_add_byte(out, '}');
			first = false;
		}
	}
	sl_buffer_add_byte(out, ']');
}

enum sl_status json_trace(struct sl_render *render, const struct view *view, struct sl_buffer *out,
			  struct sl_error *err)
{
	(void)render;
	(void)err;
	add_root(out, view);
	add_services(out, view);
	if (!view->options->findings_only) {
		add_path(out, view);
		add_tree(out, view->trace);
		add_deeper(out, view->trace);
	}
	if (view->options->links)
		add_links_of(out, view);
	if (!view->options->no_findings)
		add_findings_of(out, view);
	add_text(out, "}\n");
	return SL_OK;
}

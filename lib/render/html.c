/*
 * One page, which loads nothing: the traces as JSON in blocks that no browser runs, one script and
 * one style, which the content security policy names by their hashes.
 */
#include "forms.h"
#include "json.h"
#include "paint.h"
#include "spanline/json.h"
#include "spanline/text.h"

static const char *const style_lines[] = {
#include <page.css.inc>
#include <services.css.inc>
};
static const char *const script_lines[] = {
#include <page.js.inc>
};

/* Of JSON, before it is passed on. */
enum { PIECE_BYTES = 64 * 1024 };

enum { ERROR = 1, ORPHAN = 2, CYCLIC = 4, DUPLICATE = 8, OUTSIDE = 16, SHIFTED = 32 };

static void add_lines_of(struct sl_buffer *out, const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_text(out, lines[i]);
}

static void add_hash(struct sl_buffer *out, const char *const *lines, size_t count)
{
	struct sl_buffer text = { 0 };
	unsigned char digest[32];
	char base64[64];

	add_lines_of(&text, lines, count);
	sl_sha256(sl_buffer_slice(&text), digest);
	out->failed |= text.failed;
	sl_buffer_free(&text);
	add_text(out, "'sha256-");
	sl_buffer_add(out, base64, sl_write_base64(base64, digest, sizeof(digest)));
	add_text(out, "'");
}

void html_begin(struct sl_render *render, struct sl_buffer *out)
{
	(void)render;
	add_text(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		      "script-src ");
	add_hash(out, script_lines, SL_COUNT(script_lines));
	add_text(out, "; style-src ");
	add_hash(out, style_lines, SL_COUNT(style_lines));
	add_text(out, "; base-uri 'none'; form-action 'none'\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width\">\n"
		      "<meta name=\"referrer\" content=\"no-referrer\">\n"
		      "<title>trace</title>\n<style>");
	add_lines_of(out, style_lines, SL_COUNT(style_lines));
	add_text(out, "</style>\n</head>\n<body>\n<noscript>This page needs JavaScript; "
		      "trace-tree --to svg makes a picture that does not.</noscript>\n");
}

void html_end(struct sl_render *render, struct sl_buffer *out)
{
	(void)render;
	add_text(out, "<script>");
	add_lines_of(out, script_lines, SL_COUNT(script_lines));
	add_text(out, "</script>\n</body>\n</html>\n");
}

/* ns from the start of the axis, which JavaScript's numbers hold exactly up to 104 days. */
static void add_offset(struct sl_buffer *out, const struct view *view, uint64_t ns)
{
	if (ns >= view->from_ns)
		sl_buffer_printf(out, "%llu", (unsigned long long)(ns - view->from_ns));
	else
		sl_buffer_printf(out, "-%llu", (unsigned long long)(view->from_ns - ns));
}

static void add_object(struct sl_buffer *out, struct sl_attributes attributes)
{
	sl_json_write_value(out, &(struct sl_value){ .type = SL_VALUE_KVLIST, .list = attributes });
}

static unsigned flags_of(const struct view *view, uint32_t at)
{
	const struct sl_trace_node *node = &view->trace->nodes[at];
	bool shifted = view->shift_ns != NULL && view->shift_ns[at] != 0;

	return (is_error(node->span) ? ERROR : 0U) | (node->orphan ? ORPHAN : 0U) |
	       (node->cyclic ? CYCLIC : 0U) | (node->duplicate ? DUPLICATE : 0U) |
	       (is_outside(view->trace, at) ? OUTSIDE : 0U) | (shifted ? SHIFTED : 0U);
}

static void add_events(struct sl_buffer *out, const struct view *view, const struct sl_span *span)
{
	add_text(out, ",\"events\":[");
	for (size_t i = 0; i < span->event_count; i++) {
		add_text(out, i != 0 ? ",{\"at\":" : "{\"at\":");
		add_offset(out, view, span->events[i].time_unix_nano);
		add_text(out, ",\"name\":");
		sl_json_write_string(out, span->events[i].name);
		add_text(out, ",\"attributes\":");
		add_object(out, span->events[i].attributes);
		add_text(out, "}");
	}
	add_text(out, "],\"links\":[");
	for (size_t i = 0; i < span->link_count; i++) {
		add_text(out, i != 0 ? ",{\"trace\":" : "{\"trace\":");
		sl_buffer_add_id(out, span->links[i].trace_id);
		add_text(out, ",\"span\":");
		sl_buffer_add_id(out, span->links[i].span_id);
		add_text(out, "}");
	}
	add_text(out, "]");
}

static void add_identity(struct sl_buffer *out, const struct sl_span *span)
{
	const char *kind = sl_kind_name(span->kind);

	add_text(out, ",\"name\":");
	sl_json_write_string(out, span->name);
	add_text(out, ",\"id\":");
	sl_buffer_add_id(out, span->span_id);
	add_text(out, ",\"parent_id\":");
	sl_buffer_add_id(out, span->parent_span_id);
	sl_buffer_printf(out, ",\"kind\":\"%s\",\"message\":", kind != NULL ? kind : "");
	sl_json_write_string(out, span->status_message);
}

static void add_times(struct sl_buffer *out, const struct view *view, uint32_t at)
{
	const struct sl_span *span = view->trace->nodes[at].span;

	add_text(out, ",\"start\":");
	add_offset(out, view, span->start_unix_nano);
	sl_buffer_printf(out, ",\"duration\":%llu,\"self\":%lld,\"flags\":%u",
			 (unsigned long long)duration_of(span), (long long)view->self_ns[at],
			 flags_of(view, at));
}

/* Where the parts of the path of each node begin and go on; see text_bar.c. */
struct parts {
	const uint32_t *first, *next;
};

static void add_parts(struct sl_buffer *out, const struct view *view, const struct parts *parts,
		      uint32_t at)
{
	add_text(out, ",\"path\":[");
	for (uint32_t part = parts->first[at]; part != UINT32_MAX; part = parts->next[part]) {
		add_offset(out, view, view->path.parts[part].start_ns);
		add_text(out, ",");
		add_offset(out, view, view->path.parts[part].end_ns);
		add_text(out, parts->next[part] != UINT32_MAX ? "," : "");
	}
	add_text(out, "]");
}

/* In JSON '<' stands only in strings, and "</script>" and "<!--" must not. */
static void add_harmless(struct sl_buffer *out, struct sl_slice json)
{
	while (json.len != 0) {
		const char *found = memchr(json.data, '<', json.len);
		size_t len = found != NULL ? (size_t)(found - json.data) : json.len;

		sl_buffer_add(out, json.data, len);
		if (found != NULL)
			add_text(out, "\\u003c");
		len += found != NULL;
		json.data += len;
		json.len -= len;
	}
}

/* The trace as JSON, which is passed on piece by piece. */
struct page {
	struct sl_render *render;
	struct sl_buffer json;
	struct sl_buffer *out;
};

static void pass_on(struct page *page)
{
	add_harmless(page->out, sl_buffer_slice(&page->json));
	page->out->failed |= page->json.failed;
	page->json.len = 0;
	drain(page->render, page->out);
}

static void add_spans(struct page *page, const struct view *view, const struct parts *parts)
{
	const struct sl_trace *trace = view->trace;
	struct sl_buffer *out = &page->json;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i];
		const struct sl_trace_node *node = &trace->nodes[at];

		sl_buffer_printf(out, "%s{\"parent\":%lld,\"size\":%u,\"depth\":%u,\"service\":%u",
				 i != 0 ? ",\n" : "",
				 node->parent == SL_NO_SPAN
					 ? -1LL
					 : (long long)trace->nodes[node->parent].enter,
				 (unsigned)(node->exit - i), (unsigned)node->depth,
				 (unsigned)view->service[at]);
		add_identity(out, node->span);
		add_times(out, view, at);
		add_parts(out, view, parts, at);
		sl_buffer_printf(out, ",\"resource\":\"%llu\",\"attributes\":",
				 (unsigned long long)node->span->resource->serial);
		add_object(out, node->span->attributes);
		add_events(out, view, node->span);
		add_text(out, "}");
		if (out->len >= PIECE_BYTES)
			pass_on(page);
	}
}

/* Each resource once, by its serial. */
static void add_resources(struct sl_buffer *out, const struct view *view)
{
	const struct sl_trace *trace = view->trace;
	struct sl_distinct met = { 0 };
	size_t count = 0;

	add_text(out, "],\n\"resources\":{");
	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_resource *resource = trace->nodes[i].span->resource;

		if (!sl_distinct_add(&met, (struct sl_slice){ (const char *)&resource->serial,
							      sizeof(resource->serial) }))
			out->failed = true;
		if (met.count == count)
			continue;
		sl_buffer_printf(out, "%s\"%llu\":", count++ != 0 ? "," : "",
				 (unsigned long long)resource->serial);
		add_object(out, resource->attributes);
	}
	add_text(out, "},\n\"services\":[");
	for (uint32_t i = 0; i < view->service_count; i++) {
		add_text(out, i != 0 ? "," : "");
		sl_json_write_string(out, view->services[i]);
	}
	add_text(out, "]");
	sl_distinct_free(&met);
}

static void add_colours(struct sl_buffer *out, const struct view *view,
			const unsigned char *colours)
{
	add_text(out, ",\n\"colours\":[");
	for (uint32_t i = 0; i < view->service_count; i++)
		sl_buffer_printf(out, "%s%u", i != 0 ? "," : "", (unsigned)colours[i]);
	add_text(out, "]");
}

static void add_page_findings(struct sl_buffer *out, const struct view *view)
{
	add_text(out, ",\n\"findings\":[");
	for (size_t i = 0; i < view->findings.count; i++) {
		const struct sl_finding *finding = &view->findings.items[i];

		sl_buffer_printf(out, "%s{\"kind\":\"%s\",\"severity\":\"%s\",\"message\":",
				 i != 0 ? "," : "", sl_finding_row(finding->kind)->name,
				 sl_severity_name(finding->severity));
		sl_json_write_string(out, finding->message);
		add_text(out, ",\"spans\":[");
		for (uint32_t j = 0; j < finding->node_count; j++)
			sl_buffer_printf(out, "%s%u", j != 0 ? "," : "",
					 (unsigned)view->trace->nodes[finding->nodes[j]].enter);
		add_text(out, "]}");
	}
	add_text(out, "]}");
}

static void add_title(struct sl_buffer *out, const struct view *view, struct sl_buffer *scratch)
{
	const struct sl_span *root = view->trace->nodes[view->trace->root].span;

	scratch->len = 0;
	add_root_name(scratch, view->trace, 200, false);
	add_text(out, "{\"title\":");
	sl_json_write_string(out, sl_buffer_slice(scratch));
	scratch->len = 0;
	add_duration(scratch, view->root_ns, false);
	add_text(scratch, ", ");
	add_counts(scratch, view);
	add_text(scratch, ", ");
	sl_buffer_add_time(scratch, root->start_unix_nano);
	add_text(scratch, ", trace ");
	sl_buffer_add_hex(scratch, view->trace->trace_id);
	add_text(out, ",\"facts\":");
	sl_json_write_string(out, sl_buffer_slice(scratch));
	sl_buffer_printf(
		out, ",\"duration\":%llu,\"from\":0,\"to\":", (unsigned long long)view->root_ns);
	add_offset(out, view, view->to_ns);
	add_text(out, ",\"root\":");
	add_offset(out, view, root->start_unix_nano);
	add_text(out, ",\n\"spans\":[");
}

enum sl_status html_trace(struct sl_render *render, const struct view *view, struct sl_buffer *out,
			  struct sl_error *err)
{
	struct page page = { .render = render, .out = out };
	uint32_t *first, *next;
	unsigned char *colours;

	if (!index_parts(view, &first, &next) || !choose_colours(view, PICTURE_COLOURS, &colours))
		return sl_fail_memory(err);
	add_text(out, "<script type=\"application/json\" class=\"trace\">");
	add_title(&page.json, view, &render->scratch);
	add_spans(&page, view, &(struct parts){ first, next });
	add_resources(&page.json, view);
	add_colours(&page.json, view, colours);
	add_page_findings(&page.json, view);
	pass_on(&page);
	add_text(out, "</script>\n");
	sl_buffer_free(&page.json);
	return SL_OK;
}

/* Findings for those who build: JUnit's XML, and annotations of GitHub's workflows. */
#include "forms.h"
#include "paint.h"
#include "spanline/text.h"

static void add_shown_markup(struct sl_buffer *out, struct sl_buffer *scratch, struct sl_slice text)
{
	scratch->len = 0;
	sl_text_show(scratch, text, false);
	sl_text_mark_up(out, sl_buffer_slice(scratch));
}

void junit_begin(struct sl_render *render, struct sl_buffer *out)
{
	(void)render;
	add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

void junit_end(struct sl_render *render, struct sl_buffer *out)
{
	(void)render;
	add_text(out, "</testsuites>\n");
}

static uint32_t count_failures(const struct view *view)
{
	uint32_t count = 0;

	for (size_t i = 0; i < view->findings.count; i++)
		count += finding_fails(view, &view->findings.items[i]);
	return count;
}

static void add_finding(struct sl_buffer *out, struct sl_buffer *scratch, const struct view *view,
			const struct sl_finding *finding)
{
	const struct sl_span *span = view->trace->nodes[finding->nodes[0]].span;
	const char *kind = sl_finding_row(finding->kind)->name;

	sl_buffer_printf(out, "<testcase classname=\"%s\" name=\"%s ", kind, kind);
	sl_buffer_add_hex(out, span->span_id);
	if (finding_fails(view, finding)) {
		add_text(out, "\">\n<failure message=\"");
		add_shown_markup(out, scratch, finding->message);
		sl_buffer_printf(out, "\" type=\"%s\"/>", sl_severity_name(finding->severity));
	} else {
		add_text(out, "\">\n<system-out>");
		add_shown_markup(out, scratch, finding->message);
		add_text(out, "</system-out>");
	}
	add_text(out, "\n</testcase>\n");
}

enum sl_status junit_trace(struct sl_render *render, const struct view *view, struct sl_buffer *out,
			   struct sl_error *err)
{
	uint32_t tests = (uint32_t)view->findings.count;

	(void)err;
	add_text(out, "<testsuite name=\"");
	render->scratch.len = 0;
	add_root_name(&render->scratch, view->trace, 200, false);
	sl_text_mark_up(out, sl_buffer_slice(&render->scratch));
	sl_buffer_add_byte(out, ' ');
	sl_buffer_add_hex(out, view->trace->trace_id);
	sl_buffer_printf(out, "\" tests=\"%u\" failures=\"%u\" time=\"%.6f\">\n",
			 (unsigned)(tests != 0 ? tests : 1), (unsigned)count_failures(view),
			 (double)view->root_ns / 1e9);
	if (tests == 0)
		add_text(out, "<testcase classname=\"trace\" name=\"no findings\"/>\n");
	for (size_t i = 0; i < view->findings.count; i++)
		add_finding(out, &render->scratch, view, &view->findings.items[i]);
	add_text(out, "</testsuite>\n");
	return SL_OK;
}

enum sl_status github_trace(struct sl_render *render, const struct view *view,
			    struct sl_buffer *out, struct sl_error *err)
{
	static const char *const levels[] = { "notice", "warning", "error" };
	struct sl_buffer *scratch = &render->scratch;

	(void)err;
	for (size_t i = 0; i < view->findings.count; i++) {
		const struct sl_finding *finding = &view->findings.items[i];

		sl_buffer_printf(out, "::%s title=%s%%3A ", levels[finding->severity],
				 sl_finding_row(finding->kind)->name);
		scratch->len = 0;
		add_root_name(scratch, view->trace, 100, false);
		sl_text_command(out, sl_buffer_slice(scratch), true);
		add_text(out, "::");
		scratch->len = 0;
		sl_text_show(scratch, finding->message, false);
		sl_text_command(out, sl_buffer_slice(scratch), false);
		add_text(out, " (trace ");
		sl_buffer_add_hex(out, view->trace->trace_id);
		add_text(out, ", span ");
		sl_buffer_add_hex(out, view->trace->nodes[finding->nodes[0]].span->span_id);
		add_text(out, ")\n");
	}
	return SL_OK;
}

/* What is said of a trace in most forms. */
#include "paint.h"
#include "spanline/text.h"

void add_root_name(struct sl_buffer *out, const struct sl_trace *trace, size_t cells, bool ascii)
{
	const struct sl_span *root = trace->nodes[trace->root].span;
	struct sl_buffer name = { 0 };

	sl_text_show(&name, service_of(root), ascii);
	if (name.len != 0)
		sl_buffer_add_byte(&name, ' ');
	sl_text_show(&name, name_of(root), ascii);
	sl_text_fit(out, sl_buffer_slice(&name), cells, ellipsis_of(ascii));
	out->failed |= name.failed;
	sl_buffer_free(&name);
}

void add_count(struct sl_buffer *out, uint32_t count, const char *one, const char *several)
{
	if (count != 0)
		sl_buffer_printf(out, ", %u %s", (unsigned)count, count == 1 ? one : several);
}

void add_counts(struct sl_buffer *out, const struct view *view)
{
	const struct view_counts *counts = &view->counts;

	sl_buffer_printf(out, "%u span%s", (unsigned)view->trace->count,
			 view->trace->count == 1 ? "" : "s");
	add_count(out, view->service_count, "service", "services");
	sl_buffer_printf(out, ", %u error%s", (unsigned)counts->errors,
			 counts->errors == 1 ? "" : "s");
	if (counts->roots == 0)
		add_text(out, ", no root");
	else if (counts->roots > 1)
		sl_buffer_printf(out, ", %u roots", (unsigned)counts->roots);
	add_count(out, counts->orphans, "orphan", "orphans");
	add_count(out, counts->cyclic, "span in a cycle", "spans in cycles");
	add_count(out, counts->duplicates, "duplicate id", "duplicate ids");
	add_count(out, counts->outside, "outside its parent", "outside their parents");
	add_count(out, view->shifted, "shifted", "shifted");
}

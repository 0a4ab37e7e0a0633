/* The forms of a graph, in the order of --help. */
#include "forms.h"

const struct form draw_forms[] = {
	{ "text", "tables for a person, and up to 30 nodes drawn", draw_text },
	{ "json", "one document: nodes and edges; durations in ms", draw_json },
	{ "dot", "for graphviz", draw_dot },
	{ "mermaid", "a flowchart for Markdown", draw_mermaid },
	{ "html", "a page: a picture and tables", draw_html },
	{ "csv", "comma-separated values, a line for each edge", draw_csv },
};
const size_t draw_form_count = SL_COUNT(draw_forms);

const char *sl_draw_form(size_t index, const char **help)
{
	if (index >= draw_form_count)
		return NULL;
	*help = draw_forms[index].help;
	return draw_forms[index].name;
}

enum sl_status sl_draw(const char *form, const struct sl_draw_options *options,
		       const struct sl_graph *graph, struct sl_buffer *out, struct sl_error *err)
{
	struct drawing drawing = { .options = options, .graph = graph, .out = out };
	enum sl_status status = SL_OK;

	for (size_t i = 0; i < draw_form_count; i++)
		if (strcmp(draw_forms[i].name, form) == 0)
			status = draw_forms[i].write(&drawing, err);
	if (status == SL_OK && (out->failed || drawing.text.failed))
		status = sl_fail_memory(err);
	sl_buffer_free(&drawing.text);
	return status;
}

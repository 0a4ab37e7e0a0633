/* The forms, a row each. */
#include "forms.h"

const struct form forms[] = {
	{ "text", "waterfall in a terminal", .list = text_list, .trace = text_trace,
	  .empty = "0 traces\n" },
	{ "json", "object a line and trace", .for_all = true, .trace = json_trace },
	{ "html", "page that needs no other", .begin = html_begin, .trace = html_trace,
	  .end = html_end },
	{ "perfetto", "for ui.perfetto.dev", .for_all = true, .begin = perfetto_begin,
	  .trace = perfetto_trace, .end = perfetto_end },
	{ "markdown", "for a pull request", .trace = markdown_trace, .empty = "0 traces\n" },
	{ "svg", "picture of one trace", .of_one = true, .trace = svg_trace,
	  .empty = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>\n" },
	{ "folded", "stacks for flame graphs", .for_all = true, .trace = folded_trace },
	{ "speedscope", "for speedscope.app", .of_one = true, .trace = speedscope_trace,
	  .empty = "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\","
		   "\"shared\":{\"frames\":[]},\"profiles\":[]}\n" },
	{ "mermaid", "sequence of calls", .of_one = true, .trace = mermaid_trace,
	  .empty = "sequenceDiagram\n" },
	{ "dot", "tree for graphviz", .of_one = true, .trace = dot_trace,
	  .empty = "digraph trace {\n}\n" },
	{ "junit", "findings as tests", .for_all = true, .of_findings = true, .begin = junit_begin,
	  .trace = junit_trace, .end = junit_end },
	{ "github", "findings as annotations", .for_all = true, .of_findings = true,
	  .trace = github_trace },
};
const size_t form_count = SL_COUNT(forms);

/* The forms, a row each. */
#include "forms.h"

const struct form forms[] = {
	{ "text", "a waterfall in the terminal", .list = text_list, .trace = text_trace },
	{ "json", "an object a line and trace", .for_all = true, .trace = json_trace },
	{ "html", "a page that needs nothing else", .begin = html_begin, .trace = html_trace,
	  .end = html_end },
	{ "perfetto", "Chrome trace events, for ui.perfetto.dev", .for_all = true,
	  .begin = perfetto_begin, .trace = perfetto_trace, .end = perfetto_end },
	{ "markdown", "the waterfall for a pull request", .trace = markdown_trace },
	{ "svg", "a picture of one trace", .of_one = true, .trace = svg_trace },
	{ "folded", "self time in us as stacks, for flame graphs", .for_all = true,
	  .trace = folded_trace },
	{ "speedscope", "self time of one trace, for speedscope.app", .of_one = true,
	  .trace = speedscope_trace },
	{ "mermaid", "calls between services, as a sequence", .of_one = true,
	  .trace = mermaid_trace },
	{ "dot", "the tree of one trace, for graphviz", .of_one = true, .trace = dot_trace },
	{ "junit", "findings as tests; --fail-on says which fail", .for_all = true,
	  .begin = junit_begin, .trace = junit_trace, .end = junit_end },
	{ "github", "findings as annotations of a workflow", .for_all = true,
	  .trace = github_trace },
};
const size_t form_count = SL_COUNT(forms);

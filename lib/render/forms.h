/* The functions of the table of forms. */
#ifndef RENDER_FORMS_H
#define RENDER_FORMS_H

#include "view.h"

#define FORM_TRACE(name)                                                                           \
	enum sl_status name(struct sl_render *render, const struct view *view,                     \
			    struct sl_buffer *out, struct sl_error *err)

FORM_TRACE(text_trace);
void text_list(struct sl_render *render, const struct sl_trace *trace, struct sl_buffer *out);
FORM_TRACE(json_trace);
FORM_TRACE(markdown_trace);
FORM_TRACE(html_trace);
void html_begin(struct sl_render *render, struct sl_buffer *out);
void html_end(struct sl_render *render, struct sl_buffer *out);
FORM_TRACE(perfetto_trace);
void perfetto_begin(struct sl_render *render, struct sl_buffer *out);
void perfetto_end(struct sl_render *render, struct sl_buffer *out);
FORM_TRACE(svg_trace);
FORM_TRACE(folded_trace);
FORM_TRACE(speedscope_trace);
FORM_TRACE(mermaid_trace);
FORM_TRACE(dot_trace);
FORM_TRACE(junit_trace);
void junit_begin(struct sl_render *render, struct sl_buffer *out);
void junit_end(struct sl_render *render, struct sl_buffer *out);
FORM_TRACE(github_trace);

#endif

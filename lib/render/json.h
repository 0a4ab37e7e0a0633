/* What several forms write as JSON. */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include "view.h"

void json_finding(struct sl_buffer *out, const struct view *view, const struct sl_finding *finding);

#endif

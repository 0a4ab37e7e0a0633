/* Pieces of JSON that several forms write. */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include "view.h"

void json_id(struct sl_buffer *out, struct sl_slice id);
void json_ms(struct sl_buffer *out, uint64_t ns);
void json_signed_ms(struct sl_buffer *out, int64_t ns);
void json_finding(struct sl_buffer *out, const struct view *view, const struct sl_finding *finding);

#endif

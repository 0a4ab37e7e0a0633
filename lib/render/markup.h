/* Text inside XML. */
#ifndef RENDER_MARKUP_H
#define RENDER_MARKUP_H

#include "spanline/base.h"

/* What is safe to show (sl_text_show), also between tags and in quoted attributes. */
void add_markup(struct sl_buffer *out, struct sl_slice safe);

#endif

/* What the files of this room share of copies: scopes and resources, of which equal ones are one.
 */
#ifndef SPAN_ORIGINS_H
#define SPAN_ORIGINS_H

#include "spanline/span.h"

enum origin_kind { ORIGIN_SCOPE, ORIGIN_RESOURCE };

/* The copy of `from`, or of what is equal to it; NULL: no memory. */
const void *origin_share(struct sl_span_copier *copier, struct sl_span_origins *table,
			 enum origin_kind kind, const void *from);

/* copy.c: a copy of its own, or NULL. */
const void *scope_copy(struct sl_span_copier *copier, const void *from);
const void *resource_copy(struct sl_span_copier *copier, const void *from);

#endif

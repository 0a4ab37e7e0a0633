/* Numbers for names: each name within its parent gets the next number, from 1 on, and keeps it. */
#ifndef SINK_KNOWN_H
#define SINK_KNOWN_H

#include "spanline/base.h"

struct known_item {
	size_t parent;
	size_t at, len; /* in `names` */
};

/* A zeroed struct knows nothing. */
struct known {
	struct sl_buffer names;
	struct known_item *items; /* by number - 1 */
	size_t count, capacity;
	struct sl_index index;
};

/* The number of the name within `parent` (any number, also one of another table); *is_new: it was
 * given just now.  0: out of memory. */
size_t known_find(struct known *known, size_t parent, struct sl_slice name, bool *is_new);
/* Numbers begin with 1 again. */
void known_forget(struct known *known);
void known_free(struct known *known);

#endif

/* The resources of a trace, numbered from 1 on in the order in which they are met. */
#ifndef TRANSLATE_PROCESSES_H
#define TRANSLATE_PROCESSES_H

#include "spanline/span.h"

/* A zeroed struct is empty. */
struct processes {
	const struct sl_resource **items; /* by number - 1; borrowed until processes_clear */
	size_t count, capacity;
	struct sl_index index;
};

/* The resource's number; 0: out of memory.  Spans of one trace share equal resources
 * (traces.h), so that it is known by where it stands. */
size_t processes_find(struct processes *processes, const struct sl_resource *resource);
void processes_clear(struct processes *processes);
void processes_free(struct processes *processes);

#endif

/* The resources of a trace, numbered from 1 on in the order in which they are met. */
#ifndef TRANSLATE_PROCESSES_H
#define TRANSLATE_PROCESSES_H

#include "spanline/span.h"

struct process {
	const struct sl_resource *resource; /* borrowed until processes_clear */
	size_t next;			    /* of the same slot; 0: none */
};

/* A zeroed struct is empty. */
struct processes {
	struct process *items; /* [0] is free */
	size_t count, capacity;
	size_t *slots; /* numbers; 0 is free */
	size_t slot_count;
};

/* The resource's number; 0: out of memory.  Spans of one trace share equal resources
 * (traces.h), so that it is known by where it stands. */
size_t processes_find(struct processes *processes, const struct sl_resource *resource);
void processes_clear(struct processes *processes);
void processes_free(struct processes *processes);

#endif

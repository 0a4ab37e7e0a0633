/* The slowest traces so far, as records of traces.h. */
#ifndef SHOW_BEST_H
#define SHOW_BEST_H

#include "spanline/traces.h"

struct kept {
	uint64_t duration_ns;
	uint64_t order; /* of the input: of equal ones the first is slower */
	struct sl_buffer records;
};

/* A zeroed struct with a limit is empty. */
struct best {
	uint64_t limit;
	struct kept *items; /* a heap with the fastest on top, until it is sorted */
	size_t count;
	size_t capacity;
	uint64_t offered;
};

/* Keeps the trace if it is one of the slowest; `writer` renders the spans that have no line. */
SL_MUST_USE enum sl_status best_offer(struct best *best, const struct sl_trace *trace,
				      struct sl_line_writer *writer, struct sl_error *err);
/* Slowest first; nothing can be offered then. */
void best_sort(struct best *best);
void best_free(struct best *best);

#endif

/* The columns that a projection is made of, for all that write them. */
#ifndef SELECT_PROJECT_H
#define SELECT_PROJECT_H

#include "spanline/select.h"

struct column {
	struct sl_slice key;	      /* as the user wrote it */
	const struct sl_field *field; /* of the span line; else */
	struct sl_query *query;
};

struct sl_projection {
	struct sl_arena arena;
	struct column *columns;
	size_t count;
	size_t capacity;
	unsigned needs;
	bool needs_traces;
};

struct sl_projector {
	const struct sl_projection *projection;
	struct sl_matcher **matchers; /* NULL where a column is a field of the line */
};

#endif

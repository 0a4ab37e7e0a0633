/* Which span of what is kept is next where they go by time: sorted in bounded memory, past it in
 * files.
 */
#ifndef REPLAY_SCHEDULE_H
#define REPLAY_SCHEDULE_H

#include "spanline/io.h"

/* In the order of these. */
struct planned {
	uint64_t end_ns; /* of the span, or of the last of its group */
	uint64_t group;	 /* 0: spans go one by one */
	uint64_t offset; /* in what is kept */
};

struct planned_run {
	uint64_t begin, end; /* in the file */
};

/* Reads one run. */
struct planned_cursor {
	uint64_t offset, end; /* of what is not in the window yet */
	struct planned *window;
	size_t at, filled;
};

struct schedule {
	const char *directory; /* borrowed */
	size_t limit_bytes;
	struct planned *items;
	size_t count, capacity;
	size_t given; /* of the items, where there are no runs */
	struct sl_spill *file;
	struct planned_run *runs;
	size_t run_count, run_capacity;
	struct planned_cursor *cursors;
	size_t *heap; /* cursors, the one with the least item first */
	size_t height;
	struct planned *windows;
};

SL_MUST_USE enum sl_status schedule_add(struct schedule *schedule, const struct planned *item,
					struct sl_error *err);
/* After the last add: from the first item on, as often as it is called. */
SL_MUST_USE enum sl_status schedule_start(struct schedule *schedule, struct sl_error *err);
/* SL_END: there are no more. */
SL_MUST_USE enum sl_status schedule_next(struct schedule *schedule, struct planned *item,
					 struct sl_error *err);
void schedule_free(struct schedule *schedule);

#endif

/* Where traces end and are entered, for the rule that finds out which of them belong together. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "spanline/diagnose.h"

/*
 * The spans of a trace from which it may have gone on without being seen: calls that nobody
 * answered, and servers below which there is no other server.  Calls `each` for at most MOST_ENDS,
 * in preorder.
 */
enum { MOST_ENDS = 16 };
void each_end(const struct sl_trace *trace, void (*each)(void *context, uint32_t node),
	      void *context);
/* A call that is no query, and nobody has answered. */
bool is_unanswered(const struct sl_trace *trace, uint32_t node);

/* A span that a trace was entered by. */
struct entry {
	uint64_t start_ns, end_ns;
	uint64_t service;   /* hash */
	uint64_t operation; /* hash of service and name */
	char trace_id[16], span_id[8];
	struct sl_slice name; /* of service and operation; one for all equal ones */
};

/* The earliest entry that most probably continues the trace behind that span, of *count; NULL:
 * there is none. */
const struct entry *entry_behind(const struct sl_entries *entries, const struct sl_span *span,
				 size_t *count);

#endif

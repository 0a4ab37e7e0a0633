/* Traces, and which of them are linked: those go together. */
#ifndef REPLAY_GROUPS_H
#define REPLAY_GROUPS_H

#include "spanline/base.h"

struct traced {
	uint64_t hash[2];     /* of its id */
	uint64_t end_ns;      /* of its last span; of a group's first trace: of the group's */
	uint32_t parent;      /* another trace of the group, or itself */
	uint32_t trace_count; /* of a group's first trace: those that are there, not only linked */
	bool met;	      /* it is there */
};

struct groups {
	struct traced *traces;
	size_t count, capacity;
	struct sl_index index; /* of traces, from 1 on */
	size_t limit_bytes;
};

/* The trace's number.  SL_FAILED: no memory, or over the limit. */
SL_MUST_USE enum sl_status groups_find(struct groups *groups, struct sl_slice trace_id,
				       uint32_t *trace, struct sl_error *err);
void groups_join(struct groups *groups, uint32_t one, uint32_t two);
/* A span of the trace ends then. */
void groups_note(struct groups *groups, uint32_t trace, uint64_t end_ns);
/* The group's number, which is that of one of its traces. */
uint32_t groups_of(struct groups *groups, uint32_t trace);
void groups_free(struct groups *groups);

#endif

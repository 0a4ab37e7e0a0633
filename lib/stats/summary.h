/* What is known while summaries are read. */
#ifndef STATS_SUMMARY_H
#define STATS_SUMMARY_H

#include "groups.h"
#include "varint.h"

struct summary_times {
	uint64_t start_ns, end_ns, backwards;
};

struct sl_summary {
	struct sl_summary_how how; /* of the first; its texts are in the arena */
	struct sl_arena arena;
	struct group_table table;
	struct sl_group_value *by;		  /* of one line */
	struct sl_buffer texts;			  /* decoded, of one line */
	struct sl_buffer durations, traces_bytes; /* or buckets */
	uint64_t lines;				  /* of this part, so far */
	double error;				  /* is wanted */
	bool traces;				  /* are wanted */
	bool begun;				  /* `how` is known */
	bool is_open;				  /* the part has no end yet */
	bool has_traces;			  /* the part has them */
	bool is_rough;				  /* the part has buckets, no durations */
};

/* summary_group.c: a line of a group.  SL_BAD_RECORD: it is damaged, and left out. */
SL_MUST_USE enum sl_status summary_add_group(struct sl_summary *summary, struct sl_slice line,
					     struct sl_error *err);

#endif

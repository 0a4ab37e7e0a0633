/*
 * The gatherer.  While records come, each trace has a group in the table, and its records are in
 * memory or in segments of the file of records.
 *
 * Memory is bounded in two steps.  First the records go to the file: a segment for each group, in
 * the order of their first records, which knows the segment before it; the table stays, and with it
 * the order.  That is all for most inputs, since records are much larger than groups.  Only when
 * the table itself takes over half the limit its groups go out too, as entries that are sorted
 * twice: by trace id, which tells which entries are one trace, and by first record, which is the
 * order to give them in.  So records are written once and read once, and what is sorted is small.
 */
#ifndef TRACE_GATHER_H
#define TRACE_GATHER_H

#include "entry.h"
#include "ids.h"
#include "spanline/trace.h"

/* A segment begins with the offset and length (uint64_t) of the one before it, 0 and 0 if there is
 * none; then each record as its length (uint64_t) and its bytes. */
enum { SEGMENT_HEADER_BYTES = 16, RECORD_HEADER_BYTES = 8 };

/* So many ids before its group is fetched, a slot is. */
enum { FETCH_AHEAD = 8 };

/* A chain of segments. */
struct part {
	uint64_t offset; /* of the newest */
	uint64_t len;	 /* of the newest */
	uint64_t bytes;	 /* of all, without their headers */
};

struct complete {
	uint64_t first;
	uint32_t group;
};

struct sl_gatherer {
	size_t limit_bytes; /* for records and table */
	size_t sorter_bytes;
	size_t seen_bytes;
	const char *directory;
	bool sorted;
	bool live;
	bool ended;
	bool arranged;		       /* what was open at the end can be given */
	uint64_t seed;		       /* so that a stranger cannot choose ids that fall together */
	uint64_t fetched[FETCH_AHEAD]; /* hashes of ids that are going to be looked for */
	size_t fetch_count;
	struct sl_gather_counts counts;

	struct store store;
	struct ids table;
	uint32_t current;	   /* sorted: the open group */
	uint32_t earliest, latest; /* live: open groups by when their last record came */
	/* Groups, in the order to give them; a plain gatherer needs no list for that. */
	struct complete *complete;
	size_t complete_at;
	size_t complete_count;
	size_t complete_capacity;
	/* Ids that were met, to know what comes again: half of them may be forgotten. */
	struct sl_distinct seen, seen_before;

	struct sl_spill *file; /* of records; NULL: none was written */
	uint64_t in_file;      /* groups with segments */
	struct sl_sorter *by_id;
	struct sl_sorter *by_trace;
	struct entry *next_entry; /* borrowed; NULL: there is none */

	/* What was given. */
	uint32_t given; /* NO_GROUP: nothing that is in memory */
	struct sl_slice *records;
	size_t record_count;
	size_t record_capacity;
	struct part *parts;
	size_t part_count;
	size_t part_capacity;
	struct sl_buffer text; /* what was read from the file */
	struct sl_buffer id;
};

/* Neither traces that come again nor traces that are complete before the end. */
static inline bool is_plain(const struct sl_gatherer *gatherer)
{
	return !gatherer->sorted && !gatherer->live;
}

/* Memory that counts towards the limit. */
size_t gather_held(const struct sl_gatherer *gatherer);

/* Records in memory go to the file. */
SL_MUST_USE enum sl_status spill_records(struct sl_gatherer *gatherer, struct sl_error *err);
/* And then all groups to the sorter. */
SL_MUST_USE enum sl_status spill_groups(struct sl_gatherer *gatherer, struct sl_error *err);
/* After the end, when groups were spilled: they come out of `by_trace`. */
SL_MUST_USE enum sl_status sort_groups(struct sl_gatherer *gatherer, struct sl_error *err);

/* After the end: all that is left can be given. */
SL_MUST_USE enum sl_status gather_arrange(struct sl_gatherer *gatherer, struct sl_error *err);
/* Gives up what was given. */
SL_MUST_USE enum sl_status release_given(struct sl_gatherer *gatherer, struct sl_error *err);

#endif

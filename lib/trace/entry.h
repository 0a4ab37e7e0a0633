/* What is sorted of groups that went to the file. */
#ifndef TRACE_ENTRY_H
#define TRACE_ENTRY_H

#include "spanline/io.h"

/* Where records of one trace lie: segments in the file of records, each of which knows the one
 * before it. */
struct entry {
	uint64_t trace;	 /* number of the trace's first record, once that is known */
	uint64_t first;	 /* number of the first record in these segments; no two are equal */
	uint64_t count;	 /* records */
	uint64_t bytes;	 /* of them, as they lie in segments, without their headers */
	uint64_t offset; /* of the newest segment */
	uint64_t len;	 /* of the newest segment, with its header */
	uint64_t id_len;
	char id[]; /* filled up to 8 bytes */
};

static inline size_t entry_size(uint64_t id_len)
{
	return sizeof(struct entry) + (((size_t)id_len + 7) & ~(size_t)7);
}

enum entry_order {
	ENTRIES_BY_ID,	  /* then by `first` */
	ENTRIES_BY_TRACE, /* then by `first` */
};

/* See sl_sorter_open. */
SL_MUST_USE enum sl_status entry_sorter_open(struct sl_sorter **sorter, const char *directory,
					     size_t limit_bytes, enum entry_order order,
					     struct sl_error *err);
/* See sl_sorter_next. */
SL_MUST_USE enum sl_status entry_next(struct sl_sorter *sorter, struct entry **entry,
				      struct sl_error *err);

#endif

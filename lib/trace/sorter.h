/* Sorting more entries than memory holds: sorted runs in a file without a name, merged. */
#ifndef TRACE_SORTER_H
#define TRACE_SORTER_H

#include "spanline/io.h"

/* Where records of one trace lie: segments in the file of records, each of which knows the one
 * before it.  Written to runs as it stands here. */
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

enum sorter_order {
	SORT_BY_ID,    /* then by `first` */
	SORT_BY_TRACE, /* then by `first` */
};

struct sorter;

/* Entries take at most about `limit_bytes` of memory, and one always fits.  `directory` is
 * borrowed.  *sorter is owned, NULL may be closed. */
SL_MUST_USE enum sl_status sorter_open(struct sorter **sorter, const char *directory,
				       size_t limit_bytes, enum sorter_order order,
				       struct sl_error *err);
/* A copy of the entry. */
SL_MUST_USE enum sl_status sorter_add(struct sorter *sorter, const struct entry *entry,
				      struct sl_error *err);
/* No more will be added. */
SL_MUST_USE enum sl_status sorter_start(struct sorter *sorter, struct sl_error *err);
/* In order; the caller's to change until the next call.  SL_END: no more. */
SL_MUST_USE enum sl_status sorter_next(struct sorter *sorter, struct entry **entry,
				       struct sl_error *err);
void sorter_close(struct sorter *sorter);

#endif

/* Records in memory: copied once, one behind the other, into large chunks. */
#ifndef TRACE_STORE_H
#define TRACE_STORE_H

#include "spanline/base.h"

/* The bytes of a record; the chunk's last are followed by SL_PADDING more. */
struct record {
	struct record *before; /* of the same trace */
	struct chunk *chunk;
	size_t len;
	char bytes[];
};

struct chunk {
	struct chunk *older, *newer;
	size_t live; /* records that were not given back */
	size_t used;
	size_t capacity;
	char bytes[];
};

/* So many bytes of a chunk fill a large block. */
#define STORE_LARGE_CHUNK (SL_LARGE_BYTES - sizeof(struct chunk) - SL_PADDING)

/* Filled in with `chunk_bytes`, the rest zero. */
struct store {
	struct chunk *chunks; /* the one that is being filled first */
	size_t chunk_bytes;
	size_t total_bytes; /* of all chunks */
};

/* Memory that has to be taken before a record of that length fits. */
size_t store_growth(const struct store *store, size_t len);
/* NULL: no memory. */
struct record *store_add(struct store *store, struct sl_slice bytes);
/* Gives a record back; a chunk goes with its last. */
void store_release(struct store *store, struct record *record);
/* Gives all back. */
void store_clear(struct store *store);

#endif

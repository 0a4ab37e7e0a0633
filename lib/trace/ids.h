/* The traces that are being gathered, by trace id. */
#ifndef TRACE_IDS_H
#define TRACE_IDS_H

#include "store.h"

#define NO_GROUP UINT32_MAX

enum { ID_NEAR_BYTES = 16 }; /* a valid trace id */

/* First what each new record needs: of many groups, few are in a cache. */
struct group {
	size_t id_len;
	union {
		char near[ID_NEAR_BYTES];
		char *far; /* owned */
	};
	struct record *newest; /* in memory; the others lie in segments before them */
	uint64_t count;	       /* of its records */
	uint64_t seen_ns;      /* when the last record came; UINT64_MAX: not told yet */
	uint64_t hash;
	uint64_t first;		 /* number of its first record */
	uint64_t bytes;		 /* of its records, as they lie in segments */
	uint64_t offset;	 /* of the newest segment */
	uint64_t len;		 /* of the newest segment, with its header; 0: there is none */
	uint32_t earlier, later; /* open groups by when their last record came, or the next
				  * free one in `later` */
};

struct ids_slot {
	uint32_t group; /* index + 1, or 0 */
	uint32_t hash;	/* its upper half */
};

/* A zeroed one is empty. */
struct ids {
	struct group *groups;
	uint32_t used; /* of `groups`, free ones among them */
	uint32_t free; /* index + 1 of the first free one, or 0 */
	size_t capacity;
	struct ids_slot *slots;
	size_t slot_count; /* a power of two, or 0 */
	size_t open_count; /* groups that can be found */
	size_t far_bytes;
};

struct sl_slice group_id(const struct group *group);
size_t ids_bytes(const struct ids *table);
/* The open group of that id, or NO_GROUP. */
uint32_t ids_find(const struct ids *table, struct sl_slice id, uint64_t hash);
/* Fetches where the group of that hash is looked for, and, when that has come, the group itself. */
void ids_fetch_slot(const struct ids *table, uint64_t hash);
void ids_fetch_group(const struct ids *table, uint64_t hash);
/* Memory that has to be taken before one more fits; at its peak, while it is taken. */
size_t ids_growth(const struct ids *table, size_t id_len);
/* A new open group, zeroed but for hash and id; NO_GROUP: no memory.  Groups move. */
uint32_t ids_add(struct ids *table, struct sl_slice id, uint64_t hash);
/* It will not be found any more. */
void ids_close(struct ids *table, uint32_t index);
/* And its place is free. */
void ids_free_group(struct ids *table, uint32_t index);
/* Gives all back. */
void ids_clear(struct ids *table);

#endif

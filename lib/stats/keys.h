/* Attribute keys by their name and owner. */
#ifndef STATS_KEYS_H
#define STATS_KEYS_H

#include "spanline/stats.h"

struct key_table {
	struct sl_key *keys;
	size_t count, capacity;
	struct sl_index index;
	struct sl_arena arena;	/* names */
	struct sl_buffer value; /* of one attribute, as JSON */
};

/* NULL: no memory. */
struct sl_key *key_table_find(struct key_table *table, enum sl_owner owner, struct sl_slice name);
/* The attributes of the span of that number, from 1. */
SL_MUST_USE bool key_table_add(struct key_table *table, enum sl_owner owner,
			       struct sl_attributes attributes, uint64_t span);
SL_MUST_USE bool key_table_merge(struct key_table *into, struct key_table *from);
void key_table_free(struct key_table *table);

#endif

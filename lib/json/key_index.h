/* Members of lists by key: in linear time, however large a list and however often it is asked. */
#ifndef JSON_KEY_INDEX_H
#define JSON_KEY_INDEX_H

#include "spanline/span.h"

struct key_slot {
	uint64_t round;			 /* of another round: free */
	const struct sl_attribute *list; /* its items */
	struct sl_attribute *member;	 /* NULL: says that the list is in the table */
};

/* A zeroed struct is an empty index. */
struct key_index {
	struct key_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
	uint64_t round;
};

/* Forgets all lists. */
void key_index_begin(struct key_index *index);
/* *member is the first with that key, or NULL.  The list stays where it is until the next begin.
 * False: no memory. */
bool key_index_find(struct key_index *index, struct sl_attributes list, struct sl_slice key,
		    struct sl_attribute **member);
void key_index_free(struct key_index *index);

#endif

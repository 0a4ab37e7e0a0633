/* An object of tags, in which each key may stand once: the first counts. */
#ifndef TRANSLATE_TAGS_H
#define TRANSLATE_TAGS_H

#include "spanline/base.h"

/* A zeroed struct is empty. */
struct tags {
	struct sl_slice *keys; /* borrowed until tags_clear */
	size_t count, capacity;
	struct sl_distinct many; /* the same, once they are too many to be compared */
	bool failed;		 /* out of memory */
};

/* Whether the key is new; false, too, where there is no memory. */
bool tags_add(struct tags *tags, struct sl_slice key);
void tags_clear(struct tags *tags);
void tags_free(struct tags *tags);

#endif

/* New ids for old ones. */
#ifndef REPLAY_IDS_H
#define REPLAY_IDS_H

#include "spanline/span.h"

/* What the ids of one copy are made with. */
uint64_t ids_key(struct sl_slice seed, uint64_t copy);
/* The ids of the span, of its parent, and of what it links to; false: no memory. */
bool renew_ids(struct sl_arena *arena, struct sl_span *span, uint64_t key);

#endif

/*
 * The spans of one request, encoded, in the groups that they belong to.
 *
 * Groups are a tree: the request, its resources, their scopes.  What is known of a resource or
 * scope outlives the batch; the lists of children are the batch's own, in order of first
 * appearance.
 */
#ifndef SINK_BATCH_H
#define SINK_BATCH_H

#include "known.h"
#include "payload.h"

#define NO_INDEX      SIZE_MAX
#define GROUP_REQUEST 0

/* Bytes of `store`, or of `spans`. */
struct extent {
	size_t at, len;
};

/* What a group is: borrowed for the call. */
struct definition {
	size_t parent;		    /* of a resource GROUP_REQUEST */
	struct sl_slice identity;   /* equal for equal contents */
	struct sl_slice head, tail; /* what stands around its children */
};

struct group {
	size_t parent;
	struct extent head, tail; /* in `store` */
	bool in_batch;
	size_t next;	    /* the parent's next child */
	size_t first, last; /* children: groups, or a scope's runs */
	size_t body_len;    /* of the children with their prefixes */
};

/* Spans of one scope that lie behind each other. */
struct run {
	struct extent bytes; /* in `spans` */
	size_t next;
};

struct batch {
	const struct payload *payload;
	struct known known;   /* the numbers of groups */
	struct group *groups; /* by number; [GROUP_REQUEST] is the root */
	size_t group_capacity;
	struct sl_buffer store; /* heads and tails */
	struct sl_buffer spans; /* with their prefixes, in order of arrival */
	struct run *runs;
	size_t run_count, run_capacity;
	size_t span_count;
	size_t size_limit; /* batch_measure is not more */
	bool has_bad_text;
};

/* SL_FAILED: out of memory; batch_free is due all the same. */
SL_MUST_USE enum sl_status batch_init(struct batch *batch, struct sl_error *err);
void batch_free(struct batch *batch);

/* The group with that identity; *is_new: it was not known.  0: out of memory. */
size_t batch_group(struct batch *batch, const struct definition *definition, bool *is_new);
/* Before a span's groups are asked for: true where all groups were forgotten, as they do between
 * batches once they are many. */
bool batch_forget(struct batch *batch);

/* What a span of `len` bytes would add to the request, at most. */
size_t batch_growth(const struct batch *batch, size_t scope, size_t len);
SL_MUST_USE enum sl_status batch_take(struct batch *batch, size_t scope, struct sl_slice span,
				      struct sl_error *err);

/* Bytes that batch_write will append: the list of ResourceSpans with their prefixes. */
size_t batch_measure(struct batch *batch);
void batch_write(const struct batch *batch, struct sl_buffer *out);
void batch_clear(struct batch *batch);

#endif

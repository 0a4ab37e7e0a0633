/*
 * The spans of one request, encoded, in the groups that they belong to.
 *
 * Groups are a tree: the request, its resources, their scopes.  What is known of a resource or
 * scope outlives the batch, so that it is not rendered anew for the next; the lists of children are
 * the batch's own, in order of first appearance.
 */
#ifndef SINK_BATCH_H
#define SINK_BATCH_H

#include "identity.h"
#include "payload.h"

#define NO_INDEX      SIZE_MAX
#define GROUP_REQUEST 0

/* Bytes of `store`, or of `spans`. */
struct extent {
	size_t at, len;
};

struct group {
	uint64_t hash;
	struct extent identity, head, tail; /* in `store` */
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
	struct encoders encoders;
	struct identity identity;
	struct group *groups; /* [GROUP_REQUEST] is the root */
	size_t group_count, group_capacity;
	size_t *slots; /* open table of indices into groups; 0 is free */
	size_t slot_count;
	struct sl_buffer store; /* identities, heads and tails */
	struct sl_buffer spans; /* encoded, in order of arrival */
	struct run *runs;
	size_t run_count, run_capacity;
	size_t span_count;
	size_t size_limit;			/* batch_measure is not more */
	uint64_t resource_serial, scope_serial; /* of the last span; 0: none */
	size_t resource, scope;			/* and its groups */
};

/* SL_FAILED: out of memory; batch_free is due all the same. */
SL_MUST_USE enum sl_status batch_init(struct batch *batch, struct sl_error *err);
void batch_free(struct batch *batch);

/* Sets batch->resource and scope to the groups of the span, mostly those of the span before. */
SL_MUST_USE enum sl_status batch_enter(struct batch *batch, const struct sl_span *span,
				       struct sl_error *err);

/*
 * Encodes the span behind those of the batch and finds its groups, without making it part of
 * the batch yet: that is batch_take.
 */
SL_MUST_USE enum sl_status batch_encode(struct batch *batch, const struct sl_span *span,
					struct sl_error *err);
/* What the span that was encoded would add to the request, at most. */
size_t batch_growth(const struct batch *batch);
SL_MUST_USE enum sl_status batch_take(struct batch *batch, struct sl_error *err);

/* Bytes of the spans that were taken. */
size_t batch_taken_len(const struct batch *batch);

/* Bytes that batch_write will append: the list of ResourceSpans with their prefixes. */
size_t batch_measure(struct batch *batch);
void batch_write(const struct batch *batch, struct sl_buffer *out);
/* Empties the batch; a span that was encoded but not taken stays. */
void batch_clear(struct batch *batch);

#endif

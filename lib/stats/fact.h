/*
 * Spans as they wait for their traces, cut down by workers: what trees and critical paths are made
 * of, whether the span is wanted, and its group.  Other things of traces take whole spans
 * (traces.h).
 */
#ifndef STATS_FACT_H
#define STATS_FACT_H

#include "groups.h"

/* Whether spans may be cut down. */
bool facts_suffice(const struct sl_stats *stats);
/* What has to be filled in of spans then, besides what selection and groups look at. */
unsigned facts_needs(const struct sl_stats *stats);

/* The workers of the flow; their context is struct sl_stats. */
enum sl_status fact_packer_open(void **packer, void *context, struct sl_notes *notes,
				struct sl_error *err);
enum sl_status fact_packer_span(void *packer, const struct sl_span *span, struct sl_buffer *out,
				struct sl_error *err);
void fact_packer_close(void *packer);

/* Adds what a worker packed.  SL_FAILED: as sl_gather_add. */
SL_MUST_USE enum sl_status facts_take(struct sl_gatherer *gatherer, struct sl_slice packed,
				      struct sl_error *err);

struct fact {
	struct sl_span span; /* ids, times, kind and status */
	struct sl_slice by;  /* grouper_pack; only where the span may be counted */
	/* Answers that are not known: whether it is wanted, and of what it is grouped by. */
	uint32_t unknown, unknown_by;
};

/* The spans of a trace, in the arena; they borrow the records. */
struct facts {
	struct sl_trace trace;
	const struct fact *items; /* by node, as the next */
	const bool *chosen;
	uint32_t count; /* are chosen */
};
SL_MUST_USE enum sl_status facts_build(struct facts *facts, const struct sl_gathered *gathered,
				       struct sl_arena *arena, struct sl_error *err);

#endif

/* What the files of this room share: the state of one worker, or of the gatherer of traces. */
#ifndef FILTER_PRIVATE_H
#define FILTER_PRIVATE_H

#include "spanline/filter.h"
#include "spanline/json.h"

struct worker {
	struct sl_filter *filter;
	struct sl_selector *wanted, *dropped, *kept; /* the last two may be NULL */
	struct sl_line_writer *writer;
	struct sl_projector *projector; /* or NULL */
	struct sl_matcher **matchers;	/* of SL_FILTER_SPANSETS, one a query */
	struct sl_buffer trace_state, edited;
	uint64_t matched;
	bool enough;
	bool copies; /* single spans go out as the bytes that were read, if they are lines */
	/* of whole traces */
	struct sl_traces *traces;
	bool *left; /* of the current trace: what is chosen and not dropped */
	size_t left_capacity;
	struct sl_slice *parents;
	size_t parent_capacity;
};

/* A span that was chosen, on its way out. */
struct passing {
	const struct sl_span *span;
	const struct sl_trace *trace;  /* or NULL */
	uint32_t index;		       /* in the trace */
	bool sampled;		       /* the sample decides, and marks it */
	const struct sl_slice *parent; /* or NULL: another parent_span_id */
};

/* Writes the span, unless the sample leaves it out; *passed says which. */
SL_MUST_USE enum sl_status pass_span(struct worker *worker, const struct passing *passing,
				     struct sl_buffer *out, bool *passed, struct sl_error *err);
/* Nothing but counts comes out. */
static inline bool is_silent(const struct sl_filter *filter)
{
	return filter->count_only || filter->quiet;
}

/* traces.c: the functions of a flow's gatherer, which is a worker here; whole traces. */
enum sl_status gather_records(void *worker, struct sl_slice records, struct sl_buffer *out,
			      struct sl_error *err);
enum sl_status gather_idle(void *worker, struct sl_buffer *out, struct sl_error *err);
enum sl_status gather_finish(void *worker, struct sl_buffer *out, struct sl_error *err);
/* One more unit: SL_END where no more are wanted. */
enum sl_status count_unit(struct worker *worker);

/* counter.c: the functions of a gatherer that counts the lines of its workers. */
enum sl_status open_counter(void **counter, void *context, struct sl_notes *notes,
			    struct sl_error *err);
enum sl_status count_lines(void *counter, struct sl_slice lines, struct sl_buffer *out,
			   struct sl_error *err);
enum sl_status write_count(void *counter, struct sl_buffer *out, struct sl_error *err);
void close_counter(void *counter);

/* spansets.c */
SL_MUST_USE enum sl_status write_spansets(struct worker *worker, const struct sl_trace *trace,
					  struct sl_buffer *out, struct sl_error *err);

#endif

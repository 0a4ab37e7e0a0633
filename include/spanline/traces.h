/*
 * Whole traces of a stream of spans: each span is kept as a line until its trace is complete, then
 * read again, and the trace is built into a tree.  Memory is that of trace.h's gathering, and one
 * trace.
 */
#ifndef SPANLINE_TRACES_H
#define SPANLINE_TRACES_H

#include "spanline/flow.h"
#include "spanline/json.h"
#include "spanline/trace.h"

struct sl_traces;

struct sl_traces_options {
	struct sl_gather_options gather;
	unsigned max_depth; /* as the spans were read */
};

/* *traces is owned. */
SL_MUST_USE enum sl_status sl_traces_open(struct sl_traces **traces,
					  const struct sl_traces_options *options,
					  struct sl_error *err);
void sl_traces_close(struct sl_traces *traces);

/* Appends the span as a record for sl_traces_take: its trace id, and the line that it was read
 * from, or one that `writer` renders. */
void sl_traces_pack(struct sl_line_writer *writer, const struct sl_span *span,
		    struct sl_buffer *out);
/* The work of a flow whose workers do nothing else; what gathers is to be filled in. */
struct sl_flow_work sl_traces_work(void *context);
/* These workers. */
enum sl_status sl_trace_packer_open(void **packer, void *context, struct sl_notes *notes,
				    struct sl_error *err);
enum sl_status sl_trace_packer_span(void *packer, const struct sl_span *span, struct sl_buffer *out,
				    struct sl_error *err);
void sl_trace_packer_close(void *packer);
/* Keeps the spans of the records.  SL_FAILED: memory, or no room in the directory for what does not
 * fit into memory. */
SL_MUST_USE enum sl_status sl_traces_take(struct sl_traces *traces, struct sl_slice records,
					  struct sl_error *err);
/* No more will come: all traces are complete. */
void sl_traces_end(struct sl_traces *traces);
/* It is `now_ns`: live, traces of which no span came for `idle_ns` are complete. */
SL_MUST_USE enum sl_status sl_traces_idle(struct sl_traces *traces, uint64_t now_ns,
					  uint64_t idle_ns, struct sl_error *err);
/*
 * The next complete trace, in the order of their first spans; borrowed until the next call.  Its
 * spans are whole, and their `line` is what was read or rendered.  SL_END: none is complete.
 */
SL_MUST_USE enum sl_status sl_traces_next(struct sl_traces *traces, const struct sl_trace **trace,
					  struct sl_error *err);
/* The trace of these records (at least one, all of one trace), which need not be gathered; they, to
 * which SL_PADDING applies, and it are borrowed until the next call. */
SL_MUST_USE enum sl_status sl_traces_read(struct sl_traces *traces, struct sl_slice records,
					  const struct sl_trace **trace, struct sl_error *err);
/* Groups whose trace was complete before: late spans, see sl_gather_counts. */
uint64_t sl_traces_reopened(const struct sl_traces *traces);

/*
 * What a work gathers that mostly needs only some facts of each span, in a form of its own, but
 * whole spans where a query asks for more: one of the two, the other is NULL.
 */
struct sl_gathering {
	struct sl_gatherer *facts;
	struct sl_traces *whole;
};
SL_MUST_USE enum sl_status sl_gathering_open(struct sl_gathering *gathering, bool whole,
					     const struct sl_traces_options *options,
					     struct sl_error *err);
/* As of either. */
void sl_gathering_end(struct sl_gathering *gathering);
SL_MUST_USE enum sl_status sl_gathering_idle(struct sl_gathering *gathering, uint64_t now_ns,
					     uint64_t idle_ns, struct sl_error *err);
/* Gives all traces that are complete, to the one that fits what was gathered; the first that is not
 * SL_OK ends it. */
SL_MUST_USE enum sl_status
sl_gathering_each(struct sl_gathering *gathering,
		  enum sl_status (*of_facts)(void *context, const struct sl_gathered *trace,
					     struct sl_error *err),
		  enum sl_status (*of_whole)(void *context, const struct sl_trace *trace,
					     struct sl_error *err),
		  void *context, struct sl_error *err);
uint64_t sl_gathering_reopened(const struct sl_gathering *gathering);
void sl_gathering_close(struct sl_gathering *gathering); /* also of a zeroed one */

#endif

/*
 * From operands to output: sources, workers, output in order.  The same bytes come out for every
 * number of workers.
 */
#ifndef SPANLINE_FLOW_H
#define SPANLINE_FLOW_H

#include "spanline/source.h"

/* What one worker counts; merged when all is done. */
struct sl_tally {
	uint64_t spans;	 /* or log records */
	uint64_t errors; /* spans with status error; this and the next where asked for */
	struct sl_distinct traces;
	struct sl_distinct services;
	struct sl_notes notes;
	uint64_t skipped[SL_REASON_COUNT];
};

/* Where a parcel stands, for reading it again as a part of its input. */
struct sl_flow_place {
	size_t operand;
	struct sl_input_part part;
	bool readable; /* it can be: whole documents, one after another, of what is not compressed
			*/
};

/* How a gatherer writes what it does not want to hold: *out is written, and empty then.  SL_END:
 * its reader has gone. */
struct sl_flow_writer {
	enum sl_status (*write)(void *flow, struct sl_buffer *out, struct sl_error *err);
	void *flow;
};

/* What the command does.  All but `span`/`log` may be NULL. */
struct sl_flow_work {
	/* The state of one worker, owned by the flow: SL_FAILED ends the run. */
	enum sl_status (*open)(void **worker, void *context, struct sl_notes *notes,
			       struct sl_error *err);
	/* One span, in order within a parcel; what it writes goes to *out.  SL_END: enough. */
	enum sl_status (*span)(void *worker, const struct sl_span *span, struct sl_buffer *out,
			       struct sl_error *err);
	enum sl_status (*log)(void *worker, const struct sl_log *log, struct sl_buffer *out,
			      struct sl_error *err);
	void (*close)(void *worker);

	/* What the workers write is for a gatherer, of which there is one, on the calling thread.
	 * Its state is owned by the flow. */
	enum sl_status (*open_gatherer)(void **gatherer, void *context, struct sl_notes *notes,
					struct sl_error *err);
	/* Once, before anything else; valid as long as the gatherer.  May be NULL. */
	void (*take_writer)(void *gatherer, struct sl_flow_writer writer);
	/* What is gathered from now on was written of this parcel.  May be NULL. */
	enum sl_status (*place)(void *gatherer, const struct sl_flow_place *place,
				struct sl_error *err);
	/* What a worker wrote to one *out, in the order of the input; *out is the output. */
	enum sl_status (*gather)(void *gatherer, struct sl_slice written, struct sl_buffer *out,
				 struct sl_error *err);
	/* The input rests (a live stream), now and then while it does: what is known to be complete
	 * may be written.  May be NULL. */
	enum sl_status (*idle)(void *gatherer, struct sl_buffer *out, struct sl_error *err);
	/* After the last of it, until it says SL_END; between the calls *out is written. */
	enum sl_status (*finish)(void *gatherer, struct sl_buffer *out, struct sl_error *err);
	bool finishes_when_stopped; /* also where strict ended the run at damage */
	void (*close_gatherer)(void *gatherer);
	void *context;
};

struct sl_flow_options {
	char **paths; /* NULL-terminated; empty: stdin */
	struct sl_source_options source;
	const struct sl_input_parts *parts; /* or NULL; by operand, all that is read of each */
	struct sl_reader_options reader;
	struct sl_output *output; /* or NULL: nothing is written */
	unsigned workers;	  /* at least 1 */
	bool no_input;		  /* no operand is not stdin, but nothing */
	bool count_distinct;	  /* errors, traces and services in the tally */
	/* Called on the calling thread, in input order: something was lost in `path`. */
	void (*complain)(void *context, const char *path, const struct sl_complaint *complaint);
	/* Called on the calling thread after every parcel and when waiting, with bytes read so
	 * far. */
	void (*progress)(void *context, uint64_t bytes, uint64_t spans);
	/* Called after each file with what was noted of it; `source` is NULL where it could not be
	 * opened. */
	void (*file)(void *context, const char *path, const struct sl_source *source,
		     const struct sl_notes *notes);
	void *context;
};

/*
 * Runs to the end of all inputs.  SL_OK; SL_END: the reader of the output has gone, or the work
 * had enough; SL_BAD_RECORD: strict, the first damage ended it (complain told of it);
 * SL_FAILED: err says why.  An input that cannot be opened is complained of with SL_SYSTEM, and the
 * others are read.  *tally is what all workers counted; owned.
 */
SL_MUST_USE enum sl_status sl_flow_run(const struct sl_flow_options *options,
				       const struct sl_flow_work *work, struct sl_tally *tally,
				       struct sl_error *err);
void sl_tally_free(struct sl_tally *tally);

#endif

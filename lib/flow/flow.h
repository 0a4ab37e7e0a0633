/* What the files of this room share: jobs that go round, and the stations that work on them. */
#ifndef FLOW_PRIVATE_H
#define FLOW_PRIVATE_H

#include "spanline/flow.h"
#include <pthread.h>

/* An operand while it is read. */
struct input {
	const char *path;
	size_t operand;
	struct sl_source *source; /* NULL: it is not open */
	uint64_t lines;		  /* newlines in its parcels that are retired */
	struct sl_notes notes;	  /* of all that is retired of it */
	bool look_alike_told;
};

/* A parcel on its way from a source over a station to the output. */
struct job {
	struct sl_parcel parcel;
	struct sl_buffer out;
	struct sl_complaints complaints;
	struct input *input;
	uint64_t newlines;     /* in the parcel */
	struct sl_notes notes; /* what came to be counted */
	struct sl_look_alike look_alike;
	uint64_t spans;
	enum sl_status status; /* SL_OK; else the run ends with it behind this job */
	struct sl_error err;
	bool done;
};

/* What one worker needs to itself. */
struct station {
	struct sl_reader *reader;
	void *worker; /* of the command */
	struct sl_tally tally;
	uint64_t last_resource; /* serial whose service was counted */
};

struct flow {
	const struct sl_flow_options *options;
	const struct sl_flow_work *work;
	struct station *stations;
	unsigned station_count;
	void *gatherer;				       /* of the command */
	struct sl_notes gatherer_notes, gatherer_told; /* in all, and of what is retired */
	struct sl_buffer gathered;
	struct job *jobs; /* a ring */
	unsigned job_count;
	uint64_t filled;  /* jobs handed out so far; jobs[filled % job_count] is next */
	uint64_t taken;	  /* by stations */
	uint64_t retired; /* written, in order */
	uint64_t spans;
	uint64_t closed_bytes; /* of inputs that are done */
	struct sl_source *current;
	enum sl_status status; /* SL_OK while the run goes on */
	bool enough;	       /* it does not, and an input waits */
	struct sl_error err;
	struct pool *pool; /* NULL: this thread does all */
};

/* station.c */
SL_MUST_USE enum sl_status station_open(struct flow *flow, struct station *station,
					struct sl_error *err);
/* Decodes the job's parcel and lets the command work on every span. */
void station_process(struct flow *flow, struct station *station, struct job *job);
/* Adds to *total what the station counted. */
SL_MUST_USE enum sl_status station_count(const struct station *station, struct sl_tally *total,
					 struct sl_error *err);
void station_close(struct flow *flow, struct station *station);

/* retire.c */
/* Writes what is in the buffer, or what is gathered of it, and empties it; sets flow->status where
 * that fails. */
void flow_write(struct flow *flow, struct sl_buffer *out);
/* What struct sl_flow_writer says. */
SL_MUST_USE enum sl_status flow_write_now(void *flow, struct sl_buffer *out, struct sl_error *err);
/* Tells the gatherer where the job's parcel stands. */
void flow_place(struct flow *flow, const struct job *job);
/* A job is done and all before it are retired: complaints are told, its output is written. */
void flow_retire(struct flow *flow, struct job *job);
/* Tells once of an input that it holds the JSON of another program. */
void flow_tell_look_alike(struct flow *flow, struct input *input, struct sl_look_alike found);
/* All is retired: the gatherer's last words. */
SL_MUST_USE enum sl_status flow_finish(struct flow *flow, struct sl_error *err);
/* The input rests. */
void flow_idle(struct flow *flow);
void flow_progress(struct flow *flow);

/* pool.c */
SL_MUST_USE enum sl_status pool_open(struct flow *flow, struct sl_error *err);
/* The next job of the ring, empty; retires the oldest where all are on their way. */
struct job *pool_next_job(struct flow *flow);
/* Hands the job over, and retires what is done meanwhile. */
void pool_submit(struct flow *flow, struct job *job);
/* Waits for everything that was handed over, and retires it. */
void pool_drain(struct flow *flow);
void pool_close(struct flow *flow);

#endif

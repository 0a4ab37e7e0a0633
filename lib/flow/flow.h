/* What the files of this room share: jobs that go round, and the stations that work on them. */
#ifndef FLOW_PRIVATE_H
#define FLOW_PRIVATE_H

#include "spanline/flow.h"
#include <pthread.h>

/* A parcel on its way from a source over a station to the output. */
struct job {
	struct sl_parcel parcel;
	struct sl_buffer out;
	struct sl_complaints complaints;
	const char *path;
	uint64_t *lines;   /* newlines in the parcels of its input that are retired */
	uint64_t newlines; /* in this one's */
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
	struct job *jobs; /* a ring */
	unsigned job_count;
	uint64_t filled;  /* jobs handed out so far; jobs[filled % job_count] is next */
	uint64_t taken;	  /* by stations */
	uint64_t retired; /* written, in order */
	uint64_t spans;
	uint64_t closed_bytes; /* of inputs that are done */
	struct sl_source *current;
	enum sl_status status; /* SL_OK while the run goes on */
	struct sl_error err;
	struct pool *pool; /* NULL: this thread does all */
};

/* station.c */
SL_MUST_USE enum sl_status station_open(struct flow *flow, struct station *station,
					struct sl_error *err);
/* Decodes the job's parcel and lets the command work on every span. */
void station_process(struct flow *flow, struct station *station, struct job *job);
SL_MUST_USE enum sl_status station_finish(struct flow *flow, struct station *station,
					  struct sl_tally *total, struct sl_error *err);
void station_close(struct flow *flow, struct station *station);

/* retire.c */
/* Writes what is in the buffer and empties it; sets flow->status where that fails. */
void flow_write(struct flow *flow, struct sl_buffer *out);
/* A job is done and all before it are retired: complaints are told, its output is written. */
void flow_retire(struct flow *flow, struct job *job);
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

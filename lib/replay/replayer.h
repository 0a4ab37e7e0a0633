/* What takes spans from the workers, and what sends those that were set aside. */
#ifndef REPLAY_REPLAYER_H
#define REPLAY_REPLAYER_H

#include "changing.h"
#include "groups.h"
#include "kept.h"

/* The sink is handed pieces of about this size. */
enum { PIECE_BYTES = 1 << 18 };

/* Which span goes when: in the order of these. */
struct planned {
	uint64_t end_ns; /* of the span, or of the last of its group */
	uint64_t group;	 /* 0: spans go one by one */
	uint64_t offset; /* in what is kept */
};

/* A round that is sent at a pace. */
struct pacer {
	struct sl_sorter *schedule; /* of what is planned */
	uint64_t first_end_ns;	    /* of what is planned; UINT64_MAX: nothing has a time */
	uint64_t taken;		    /* spans that were packed, in all rounds */
	/* of the round, or, where a rate is kept, of all rounds */
	uint64_t begin_ns;	     /* by the clock that never goes back */
	uint64_t begin_now_ns;	     /* the same moment, since 1970 */
	uint64_t dry_ns;	     /* since then, where nothing is waited for */
	uint64_t due_ns;	     /* when, after the beginning */
	double spans, traces, bytes; /* that were sent */
	/* of the round */
	uint64_t round_now_ns; /* when it began, since 1970 */
	uint64_t group;	       /* that was sent last */
	bool pending;	       /* something was packed and is not on its way */
	uint64_t pending_ns;   /* since then */
};

struct sl_replayer {
	struct sl_replay *replay;
	struct sl_sink *sink;
	struct sl_buffer out; /* stays empty: the sink hands requests on */
	struct changing changing;
	struct sl_buffer packed;
	/* where traces are gathered */
	struct sl_selector *selector;
	struct sl_traces *traces;
	/* where all is read first */
	struct kept kept;
	struct sl_line_writer *writer;
	struct pacer pacer;
};

/* What is packed goes to the sink. */
SL_MUST_USE enum sl_status hand_on(struct sl_replayer *replayer, struct sl_error *err);
/* All that was set aside, as often as is wanted. */
SL_MUST_USE enum sl_status send_rounds(struct sl_replayer *replayer, struct sl_error *err);
/* Plans a paced round, once for all. */
SL_MUST_USE enum sl_status pacer_plan(struct sl_replayer *replayer, struct sl_error *err);
/* The round begins now, or once what was sent before allows it. */
SL_MUST_USE enum sl_status pacer_start(struct sl_replayer *replayer, bool first,
				       struct sl_error *err);
/* The place of the next span, if there is any, once it is its time; an interrupt ends the waiting.
 */
SL_MUST_USE enum sl_status pacer_next(struct sl_replayer *replayer, struct planned *item, bool *any,
				      struct sl_error *err);

#endif

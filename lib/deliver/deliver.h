/* What the calling thread and the senders share. */
#ifndef DELIVER_DELIVER_H
#define DELIVER_DELIVER_H

#include "letters.h"
#include "retry.h"
#include "spanline/deliver.h"
#include <pthread.h>

#define SECOND	    UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)

enum sender_state { SENDER_IDLE, SENDER_BUSY, SENDER_LEAVES };

struct sender {
	struct sl_deliverer *deliverer;
	struct sl_client *client;
	struct chance chance;
	struct sl_buffer mended;
	pthread_t thread;
	bool started;
	/* below: guarded by the deliverer's lock; the batch is the sender's while it is busy */
	enum sender_state state;
	struct sl_buffer request;
	size_t span_count;
	bool has_bad_text; /* what is sent is `mended` instead */
	uint64_t first;	   /* number of its first span */
};

/* A batch that is settled, while one before it is not. */
struct settled {
	uint64_t first, end;
};

struct sl_deliverer {
	const struct sl_deliver_options *options;
	struct sl_client_options client; /* with the deliverer's own `stop` */
	struct sender *senders;
	uint64_t begun_ns;
	uint64_t next;		 /* number of the next span that is given */
	uint64_t interrupted_ns; /* when it was seen; 0: it was not */
	volatile sig_atomic_t aborted;

	pthread_mutex_t lock;
	pthread_cond_t idle;  /* some sender is, or there is something to tell */
	pthread_cond_t moved; /* for senders: a state changed, or all is over */
	/* guarded by the lock */
	struct sl_account account;
	struct letters *letters;
	bool reached;	/* a connection came about once */
	bool answered;	/* and something answered */
	bool probed;	/* that nothing does was looked into */
	bool hopeless;	/* the server cannot be reached, or not be talked to, or a batch is given up
			 * that the checkpoint waits for */
	bool unreached; /* nobody was there */
	bool told_hopeless;
	bool failed; /* err says why */
	struct sl_error err;
	struct settled *settled;
	size_t settled_count, settled_capacity;
	uint64_t settled_to;   /* spans before it are settled */
	uint64_t written_to;   /* as the checkpoint has it */
	struct sl_buffer news; /* lines for people, each ended by a NUL */
	uint64_t untold;
};

enum outcome {
	OUTCOME_ACCEPTED,
	OUTCOME_REJECTED,
	OUTCOME_REFUSED,
	OUTCOME_UNDELIVERED,
	OUTCOME_OVERSIZE,
};

/* All but the last want the lock held. */
/* Until the condition is told of, or so long at most. */
void deliver_wait(struct sl_deliverer *deliverer, pthread_cond_t *condition, uint64_t most_ns);
/* Remembers the first failure: all senders come to an end. */
void deliver_fail(struct sl_deliverer *deliverer, const struct sl_error *err);
/* A line for people; of many only the first are kept. */
SL_PRINTF(2, 3) void deliver_say(struct sl_deliverer *deliverer, const char *format, ...);
/* Spans [first, end) are where they stay, and what is known of that is written down. */
void deliver_settle(struct sl_deliverer *deliverer, uint64_t first, uint64_t end);
/* Takes spans into the account, and their request to the dead letters where that is wanted; false:
 * they are nowhere, so that a later run has to begin with them. */
bool deliver_count(struct sl_deliverer *deliverer, struct sl_slice request, size_t span_count,
		   enum outcome outcome, const struct sl_answer *answer);
/* A sender's thread; `context` is the sender. */
void *sender_run(void *context);

#endif

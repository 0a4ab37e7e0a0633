/*
 * Batches of spans to a server: sent by several threads, retried, split where they are too large,
 * and accounted for, every span in exactly one place.
 *
 * Retrying follows opentelemetry-proto 1.11, docs/specification.md; what a partial success
 * rejected, and what a server refused, is never sent again.
 */
#ifndef SPANLINE_DELIVER_H
#define SPANLINE_DELIVER_H

#include "spanline/net.h"
#include "spanline/sink.h"

/* What became of spans that were given. */
struct sl_account {
	uint64_t accepted;
	uint64_t rejected;    /* by a partial success */
	uint64_t refused;     /* with the whole request, for ever */
	uint64_t undelivered; /* given up: no retry helped, or the run was stopped */
	uint64_t oversize;    /* a single span that is too large for the server, or for OTLP */
	uint64_t requests;
	uint64_t retries;
	uint64_t unanswered; /* requests that may have arrived all the same, and were sent again */
	uint64_t resent; /* of these: on connections that were dead, caught before libcurl did */
	uint64_t bytes;	 /* of requests, before compression, retries included */
};
uint64_t sl_account_total(const struct sl_account *account);

/* Times in ns.  All are called on any thread. */
struct sl_clock {
	uint64_t (*elapsed)(void); /* of CLOCK_MONOTONIC: never goes back */
	uint64_t (*now)(void);	   /* since 1970 UTC */
};

struct sl_deliver_options {
	struct sl_client_options client; /* `stop` is the deliverer's */
	unsigned concurrency;		 /* connections, at least 1 */
	uint64_t retry_for_ns;		 /* of a batch, from its first request on; 0: for ever */
	uint64_t retry_pause_ns;	 /* the first pause; later ones are longer */
	uint64_t wait_ns;  /* for the first connection; 0: it has to be there at once */
	uint64_t grace_ns; /* for what is in flight once `interrupted` is set */
	const volatile sig_atomic_t *interrupted;
	struct sl_clock clock;
	uint64_t seed;		  /* of the jitter of pauses */
	const char *dead_letter;  /* file that takes what is not delivered, or NULL */
	bool dead_letter_partial; /* what was rejected, too: the whole batch, as nobody knows which
				   */
	const char *checkpoint;	  /* file, or NULL */
	uint64_t inputs;	  /* hash of inputs and options, for it */
	uint64_t skipped; /* spans that an earlier run has settled: numbers begin behind them */
	/* On the calling thread: something that a person should know. */
	void (*tell)(void *context, const char *text);
	/* Or NULL.  On the calling thread: now and then while it waits. */
	void (*wait)(void *context);
	void *context;
};

/* Beside the dead letters: why they are some; beside the checkpoint: what is renamed to it. */
#define SL_REASONS_SUFFIX    ".reasons"
#define SL_CHECKPOINT_SUFFIX ".new"

struct sl_deliverer;
/* *deliverer is owned; the options are borrowed for its life. */
SL_MUST_USE enum sl_status sl_deliver_open(struct sl_deliverer **deliverer,
					   const struct sl_deliver_options *options,
					   struct sl_error *err);
/*
 * An encoded request with its spans, which is exchanged for a buffer that is free; waits until a
 * connection is.  What is kept in it as it was, though no UTF-8, is sent with U+FFFD, and goes to
 * the dead letters as it was.  SL_END: no more is wanted, since the server cannot be reached at
 * all, the run was interrupted, or the checkpoint cannot go on behind a batch that was given up;
 * this batch is accounted for as undelivered.  SL_FAILED: memory, or a file.
 */
SL_MUST_USE enum sl_status sl_deliver_give(struct sl_deliverer *deliverer,
					   const struct sl_request *request, struct sl_error *err);
/* The same of a batch that is not to be sent: undelivered. */
SL_MUST_USE enum sl_status sl_deliver_give_up(struct sl_deliverer *deliverer,
					      const struct sl_request *request,
					      struct sl_error *err);
/* Tells what there is to tell, and waits for nothing; false: no more is wanted. */
bool sl_deliver_look(struct sl_deliverer *deliverer);
/* Waits until all is settled.  SL_END and SL_FAILED as above. */
SL_MUST_USE enum sl_status sl_deliver_finish(struct sl_deliverer *deliverer, struct sl_error *err);
/* So far; whole after sl_deliver_finish. */
struct sl_account sl_deliver_account(struct sl_deliverer *deliverer);
/* After SL_END: nobody was there. */
bool sl_deliver_unreached(const struct sl_deliverer *deliverer);
/* Also of NULL; what is not settled by then is not accounted for. */
void sl_deliver_close(struct sl_deliverer *deliverer);

/* The spans that a checkpoint of the same inputs says are settled.  SL_END: there is no such file.
 * SL_BAD_RECORD: it is none, or of other inputs or options.  SL_FAILED: it cannot be read. */
SL_MUST_USE enum sl_status sl_checkpoint_read(const char *path, uint64_t inputs, uint64_t *spans,
					      struct sl_error *err);

/* The file that the path leads to, over links, which is the one to be replaced; owned.  NULL: out
 * of memory. */
char *sl_checkpoint_target(const char *path);

#endif

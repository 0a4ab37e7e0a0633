/* Starts the senders, and ends them. */
#include "checkpoint.h"
#include "deliver.h"
#include <stdlib.h>
#include <time.h>

static enum sl_status start_sender(struct sl_deliverer *deliverer, unsigned index,
				   struct sl_error *err)
{
	struct sender *sender = &deliverer->senders[index];
	enum sl_status status = sl_client_open(&sender->client, &deliverer->client, err);

	if (status != SL_OK)
		return status;
	sender->deliverer = deliverer;
	chance_begin(&sender->chance, deliverer->options->seed + index);
	sender->started = pthread_create(&sender->thread, NULL, sender_run, sender) == 0;
	return sender->started ? SL_OK : sl_fail(err, "a thread cannot be started");
}

/* Signals are for the calling thread, whose reads they have to end. */
static enum sl_status start_senders(struct sl_deliverer *deliverer, struct sl_error *err)
{
	enum sl_status status = SL_OK;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (unsigned i = 0; status == SL_OK && i < deliverer->options->concurrency; i++)
		status = start_sender(deliverer, i, err);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return status;
}

static enum sl_status prepare(struct sl_deliverer *deliverer, struct sl_error *err)
{
	const struct sl_deliver_options *options = deliverer->options;
	enum sl_status status = SL_OK;

	deliverer->senders = calloc(options->concurrency, sizeof(*deliverer->senders));
	if (deliverer->senders == NULL)
		return sl_fail_memory(err);
	if (options->dead_letter != NULL)
		status = letters_open(&deliverer->letters, options->dead_letter, err);
	/* one of another run would speak of what this one has not sent */
	if (status == SL_OK && options->checkpoint != NULL)
		status = checkpoint_write(options->checkpoint, options->inputs, options->skipped,
					  err);
	return status == SL_OK ? start_senders(deliverer, err) : status;
}

/* Of a clock that nobody sets, so that no wait depends on the time of day. */
static void init_conditions(struct sl_deliverer *deliverer)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&deliverer->idle, &attributes);
	pthread_cond_init(&deliverer->moved, &attributes);
	pthread_condattr_destroy(&attributes);
}

enum sl_status sl_deliver_open(struct sl_deliverer **deliverer,
			       const struct sl_deliver_options *options, struct sl_error *err)
{
	struct sl_deliverer *made = calloc(1, sizeof(*made));
	enum sl_status status;

	*deliverer = NULL;
	if (made == NULL)
		return sl_fail_memory(err);
	made->options = options;
	made->client = options->client;
	made->client.stop = &made->aborted;
	made->begun_ns = options->clock.elapsed();
	made->next = made->settled_to = made->written_to = options->skipped;
	pthread_mutex_init(&made->lock, NULL);
	init_conditions(made);
	status = prepare(made, err);
	if (status == SL_OK)
		*deliverer = made;
	else
		sl_deliver_close(made);
	return status;
}

static void end_sender(struct sl_deliverer *deliverer, struct sender *sender)
{
	if (sender->started) {
		pthread_mutex_lock(&deliverer->lock);
		deliverer->aborted = 1;
		sender->state = SENDER_LEAVES;
		pthread_cond_broadcast(&deliverer->moved);
		pthread_mutex_unlock(&deliverer->lock);
		pthread_join(sender->thread, NULL);
	}
	sl_client_close(sender->client);
	sl_buffer_free(&sender->request);
	sl_buffer_free(&sender->mended);
}

void sl_deliver_close(struct sl_deliverer *deliverer)
{
	if (deliverer == NULL)
		return;
	for (unsigned i = 0; deliverer->senders != NULL && i < deliverer->options->concurrency; i++)
		end_sender(deliverer, &deliverer->senders[i]);
	letters_free(deliverer->letters);
	free(deliverer->senders);
	free(deliverer->settled);
	sl_buffer_free(&deliverer->news);
	pthread_cond_destroy(&deliverer->moved);
	pthread_cond_destroy(&deliverer->idle);
	pthread_mutex_destroy(&deliverer->lock);
	free(deliverer);
}

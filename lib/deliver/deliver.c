/* Hands batches to senders, and waits for them. */
#include "deliver.h"
#include "checkpoint.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* What is told of refusals and retries before they are only counted. */
enum { NEWS_LIMIT = 10 };

uint64_t sl_account_total(const struct sl_account *account)
{
	return account->accepted + account->rejected + account->refused + account->undelivered +
	       account->oversize;
}

void deliver_fail(struct sl_deliverer *deliverer, const struct sl_error *err)
{
	if (!deliverer->failed)
		deliverer->err = *err;
	deliverer->failed = true;
	pthread_cond_broadcast(&deliverer->moved);
	pthread_cond_signal(&deliverer->idle);
}

void deliver_say(struct sl_deliverer *deliverer, const char *format, ...)
{
	char line[700];
	va_list arguments;

	if (deliverer->untold >= NEWS_LIMIT) {
		deliverer->untold++;
		return;
	}
	deliverer->untold++;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	sl_buffer_add(&deliverer->news, line, strlen(line) + 1);
	pthread_cond_signal(&deliverer->idle);
}

/* With the lock held, which is given up while it is told. */
static void tell_news(struct sl_deliverer *deliverer)
{
	struct sl_buffer news = deliverer->news;

	if (news.len == 0)
		return;
	deliverer->news = (struct sl_buffer){ 0 };
	pthread_mutex_unlock(&deliverer->lock);
	for (size_t at = 0; at < news.len; at += strlen(news.data + at) + 1)
		if (deliverer->options->tell != NULL)
			deliverer->options->tell(deliverer->options->context, news.data + at);
	sl_buffer_free(&news);
	pthread_mutex_lock(&deliverer->lock);
}

/* An interrupted run ends when what is in flight has had its time. */
static void look_for_interrupt(struct sl_deliverer *deliverer)
{
	const struct sl_deliver_options *options = deliverer->options;
	uint64_t now_ns;

	if (options->interrupted == NULL || *options->interrupted == 0)
		return;
	now_ns = options->clock.elapsed();
	if (deliverer->interrupted_ns == 0)
		deliverer->interrupted_ns = now_ns != 0 ? now_ns : 1;
	if (now_ns - deliverer->interrupted_ns >= options->grace_ns) {
		deliverer->aborted = 1;
		pthread_cond_broadcast(&deliverer->moved);
	}
}

/* With the lock held, but while anything is told: the calling thread waits for a sender. */
static void attend(struct sl_deliverer *deliverer)
{
	const struct sl_deliver_options *options = deliverer->options;

	look_for_interrupt(deliverer);
	tell_news(deliverer);
	if (options->wait == NULL)
		return;
	pthread_mutex_unlock(&deliverer->lock);
	options->wait(options->context);
	pthread_mutex_lock(&deliverer->lock);
}

/* Batches that are settled come in any order; spans are, up to the first that is not. */
static void advance(struct sl_deliverer *deliverer)
{
	for (size_t i = 0; i < deliverer->settled_count;) {
		if (deliverer->settled[i].first != deliverer->settled_to) {
			i++;
			continue;
		}
		deliverer->settled_to = deliverer->settled[i].end;
		deliverer->settled[i] = deliverer->settled[--deliverer->settled_count];
		i = 0;
	}
}

void deliver_settle(struct sl_deliverer *deliverer, uint64_t first, uint64_t end)
{
	const struct sl_deliver_options *options = deliverer->options;
	void *settled = deliverer->settled;
	enum sl_status status = SL_OK;
	struct sl_error err;
	bool reserved;

	if (options->checkpoint == NULL)
		return;
	reserved = sl_array_reserve(&settled, &deliverer->settled_capacity,
				    deliverer->settled_count + 1, sizeof(*deliverer->settled));
	deliverer->settled = settled;
	if (!reserved) {
		(void)sl_fail_memory(&err);
		deliver_fail(deliverer, &err);
		return;
	}
	deliverer->settled[deliverer->settled_count++] = (struct settled){ first, end };
	advance(deliverer);
	if (deliverer->settled_to == deliverer->written_to)
		return;
	/* what the checkpoint calls settled may be nowhere but among the dead letters */
	if (deliverer->letters != NULL)
		status = letters_sync(deliverer->letters, &err);
	if (status == SL_OK)
		status = checkpoint_write(options->checkpoint, options->inputs,
					  deliverer->settled_to, &err);
	if (status != SL_OK)
		deliver_fail(deliverer, &err);
	deliverer->written_to = deliverer->settled_to;
}

bool deliver_count(struct sl_deliverer *deliverer, struct sl_slice request, size_t span_count,
		   enum outcome outcome, const struct sl_answer *answer)
{
	static const char *const names[] = { "accepted", "rejected", "refused", "undelivered",
					     "oversize" };
	struct sl_account *account = &deliverer->account;
	uint64_t *const columns[] = { &account->accepted, &account->rejected, &account->refused,
				      &account->undelivered, &account->oversize };
	struct sl_error err;

	*columns[outcome] += span_count;
	if (deliverer->letters == NULL || outcome == OUTCOME_ACCEPTED || request.len == 0)
		return outcome != OUTCOME_UNDELIVERED;
	if (letters_add(deliverer->letters, request, names[outcome], answer, &err) == SL_OK)
		return true;
	deliver_fail(deliverer, &err);
	return false;
}

void deliver_wait(struct sl_deliverer *deliverer, pthread_cond_t *condition, uint64_t most_ns)
{
	uint64_t until_ns = deliverer->options->clock.elapsed() + most_ns;
	struct timespec until = { (time_t)(until_ns / SECOND), (long)(until_ns % SECOND) };

	(void)pthread_cond_timedwait(condition, &deliverer->lock, &until);
}

static bool all_idle(const struct sl_deliverer *deliverer)
{
	for (unsigned i = 0; i < deliverer->options->concurrency; i++)
		if (deliverer->senders[i].state == SENDER_BUSY)
			return false;
	return true;
}

/* The first request goes alone: it finds out whether anybody is there.  Nor do others run ahead of
 * one that is retried, as --resume would send them again. */
static struct sender *find_idle(const struct sl_deliverer *deliverer)
{
	bool is_ahead = deliverer->settled_count >= deliverer->options->concurrency;

	if ((!deliverer->reached || is_ahead) && !all_idle(deliverer))
		return NULL;
	for (unsigned i = 0; i < deliverer->options->concurrency; i++)
		if (deliverer->senders[i].state == SENDER_IDLE)
			return &deliverer->senders[i];
	return NULL;
}

static enum sl_status outcome_of(const struct sl_deliverer *deliverer, struct sl_error *err)
{
	if (deliverer->failed) {
		*err = deliverer->err;
		return SL_FAILED;
	}
	return deliverer->hopeless || deliverer->aborted != 0 ? SL_END : SL_OK;
}

/* What nobody is going to send. */
static void give_up(struct sl_deliverer *deliverer, struct sl_slice request, size_t span_count)
{
	static const struct sl_answer never = { .kind = SL_ANSWER_AGAIN,
						.grpc_status = -1,
						.message = "it was not sent" };
	uint64_t first = deliverer->next;

	deliverer->next += span_count;
	if (deliver_count(deliverer, request, span_count, OUTCOME_UNDELIVERED, &never))
		deliver_settle(deliverer, first, deliverer->next);
}

static void hand_over(struct sl_deliverer *deliverer, struct sender *sender,
		      const struct sl_request *request)
{
	struct sl_buffer free_one = sender->request;

	sender->request = *request->bytes;
	*request->bytes = free_one;
	sender->span_count = request->span_count;
	sender->has_bad_text = request->has_bad_text;
	sender->first = deliverer->next;
	deliverer->next += request->span_count;
	sender->state = SENDER_BUSY;
	pthread_cond_broadcast(&deliverer->moved);
}

enum sl_status sl_deliver_give(struct sl_deliverer *deliverer, const struct sl_request *request,
			       struct sl_error *err)
{
	struct sender *sender = NULL;
	enum sl_status status;

	pthread_mutex_lock(&deliverer->lock);
	for (;;) {
		attend(deliverer);
		status = outcome_of(deliverer, err);
		sender = find_idle(deliverer);
		if (status != SL_OK || sender != NULL)
			break;
		deliver_wait(deliverer, &deliverer->idle, 100 * MILLISECOND);
	}
	if (status == SL_OK)
		hand_over(deliverer, sender, request);
	else
		give_up(deliverer, sl_buffer_slice(request->bytes), request->span_count);
	status = outcome_of(deliverer, err);
	pthread_mutex_unlock(&deliverer->lock);
	return status;
}

enum sl_status sl_deliver_give_up(struct sl_deliverer *deliverer, const struct sl_request *request,
				  struct sl_error *err)
{
	enum sl_status status;

	pthread_mutex_lock(&deliverer->lock);
	attend(deliverer);
	give_up(deliverer, sl_buffer_slice(request->bytes), request->span_count);
	status = outcome_of(deliverer, err);
	pthread_mutex_unlock(&deliverer->lock);
	return status;
}

bool sl_deliver_look(struct sl_deliverer *deliverer)
{
	struct sl_error ignored;
	enum sl_status status;

	pthread_mutex_lock(&deliverer->lock);
	look_for_interrupt(deliverer);
	tell_news(deliverer);
	status = outcome_of(deliverer, &ignored);
	pthread_mutex_unlock(&deliverer->lock);
	return status == SL_OK;
}

static void tell_rest(struct sl_deliverer *deliverer)
{
	uint64_t untold = deliverer->untold > NEWS_LIMIT ? deliverer->untold - NEWS_LIMIT : 0;

	tell_news(deliverer);
	deliverer->untold = 0;
	if (untold != 0)
		deliver_say(deliverer, "and %llu more like these", (unsigned long long)untold);
	tell_news(deliverer);
}

enum sl_status sl_deliver_finish(struct sl_deliverer *deliverer, struct sl_error *err)
{
	struct sl_error failure;
	enum sl_status status;

	pthread_mutex_lock(&deliverer->lock);
	while (!all_idle(deliverer)) {
		attend(deliverer);
		if (!all_idle(deliverer))
			deliver_wait(deliverer, &deliverer->idle, 100 * MILLISECOND);
	}
	if (deliverer->letters != NULL && letters_sync(deliverer->letters, &failure) != SL_OK)
		deliver_fail(deliverer, &failure);
	tell_rest(deliverer);
	status = outcome_of(deliverer, err);
	pthread_mutex_unlock(&deliverer->lock);
	return status;
}

struct sl_account sl_deliver_account(struct sl_deliverer *deliverer)
{
	struct sl_account account;

	pthread_mutex_lock(&deliverer->lock);
	account = deliverer->account;
	pthread_mutex_unlock(&deliverer->lock);
	return account;
}

bool sl_deliver_unreached(const struct sl_deliverer *deliverer)
{
	return deliverer->unreached;
}

/* A sender: one connection, one batch at a time, until each of its spans is settled. */
#include "deliver.h"
#include "reread.h"
#include <stdio.h>
#include <stdlib.h>

/* "Maximum request size": what is larger must not be sent. */
#define REQUEST_LIMIT ((size_t)64 << 20)
/* While nobody has answered yet. */
#define KNOCK_NS (250 * MILLISECOND)

/* A batch, or what it was cut into. */
struct part {
	struct sl_buffer bytes; /* owned, but of the batch itself */
	struct sl_slice request;
	size_t span_count;
};

struct parts {
	struct part *items; /* the next one last */
	size_t count, capacity;
	bool unsettled; /* of one before, nothing is left but a number */
};

static void describe(char *text, size_t size, const struct sl_answer *answer)
{
	const char *colon = answer->message[0] != '\0' ? ": " : "";

	if (answer->grpc_status >= 0)
		snprintf(text, size, "gRPC status %d%s%s", answer->grpc_status, colon,
			 answer->message);
	else if (answer->http_status != 0 && !answer->unanswered)
		snprintf(text, size, "HTTP status %ld%s%s", answer->http_status, colon,
			 answer->message);
	else
		snprintf(text, size, "%s", answer->message);
}

static bool is_over(const struct sl_deliverer *deliverer)
{
	return deliverer->aborted != 0 || deliverer->hopeless || deliverer->failed;
}

/* Nothing that is done then comes in time, since the run was interrupted. */
static bool is_vain(const struct sl_deliverer *deliverer, uint64_t then_ns)
{
	return deliverer->interrupted_ns != 0 && then_ns > deliverer->interrupted_ns &&
	       then_ns - deliverer->interrupted_ns > deliverer->options->grace_ns;
}

/* Until then, with the lock held; false: all is over, or would be by then. */
static bool rest_until(struct sl_deliverer *deliverer, uint64_t until_ns)
{
	uint64_t now_ns;

	while (!is_over(deliverer) && !is_vain(deliverer, until_ns)) {
		now_ns = deliverer->options->clock.elapsed();
		if (now_ns >= until_ns)
			return true;
		/* in short steps: not all that ends a rest is told of */
		deliver_wait(deliverer, &deliverer->moved,
			     until_ns - now_ns < 100 * MILLISECOND ? until_ns - now_ns
								   : 100 * MILLISECOND);
	}
	return false;
}

static void tell_loss(struct sl_deliverer *deliverer, size_t span_count, enum outcome outcome,
		      const char *why)
{
	static const char *const of_one[] = {
		[OUTCOME_REFUSED] = "was refused",
		[OUTCOME_UNDELIVERED] = "is undelivered",
		[OUTCOME_OVERSIZE] = "is too large",
	};
	static const char *const of_many[] = {
		[OUTCOME_REFUSED] = "were refused",
		[OUTCOME_UNDELIVERED] = "are undelivered",
		[OUTCOME_OVERSIZE] = "are too large",
	};

	deliver_say(deliverer, "%zu span%s %s: %s", span_count, span_count == 1 ? "" : "s",
		    (span_count == 1 ? of_one : of_many)[outcome], why);
}

/* Counts the part, once and for all; with the lock held. */
static void settle(struct sender *sender, struct parts *parts, const struct part *part,
		   enum outcome outcome, const struct sl_answer *answer)
{
	struct sl_deliverer *deliverer = sender->deliverer;
	size_t rejected = 0;
	char text[600];

	describe(text, sizeof(text), answer);
	if (outcome == OUTCOME_ACCEPTED && answer->rejected != 0) {
		struct sl_slice request = { NULL, 0 };

		rejected = answer->rejected < part->span_count ? (size_t)answer->rejected
							       : part->span_count;
		if (deliverer->options->dead_letter_partial)
			request = part->request;
		deliver_say(deliverer, "%zu of %zu spans were rejected: %s", rejected,
			    part->span_count, answer->message);
		(void)deliver_count(deliverer, request, rejected, OUTCOME_REJECTED, answer);
	} else if (outcome == OUTCOME_ACCEPTED && answer->message[0] != '\0') {
		deliver_say(deliverer, "the server says: %s", answer->message);
	} else if (outcome != OUTCOME_ACCEPTED && !deliverer->told_hopeless) {
		tell_loss(deliverer, part->span_count, outcome, text);
		/* it is the same for all that follow */
		deliverer->told_hopeless = deliverer->hopeless;
	}
	if (!deliver_count(deliverer, part->request, part->span_count - rejected, outcome, answer))
		parts->unsettled = true;
}

/* Two parts instead of the last one, the first half next. */
static enum sl_status split(struct sender *sender, struct parts *parts, struct sl_error *err)
{
	struct part whole = parts->items[parts->count - 1];
	struct sl_buffer halves[2] = { { 0 } };
	enum sl_status status = split_request(whole.request, sender->deliverer->client.protocol,
					      whole.span_count, halves, err);
	void *items = parts->items;
	size_t first = whole.span_count - whole.span_count / 2;

	if (status == SL_OK &&
	    !sl_array_reserve(&items, &parts->capacity, parts->count + 1, sizeof(*parts->items)))
		status = sl_fail_memory(err);
	parts->items = items;
	if (status != SL_OK) {
		sl_buffer_free(&halves[0]);
		sl_buffer_free(&halves[1]);
		return status;
	}
	sl_buffer_free(&whole.bytes);
	parts->items[parts->count - 1] =
		(struct part){ halves[1], sl_buffer_slice(&halves[1]), whole.span_count - first };
	parts->items[parts->count++] =
		(struct part){ halves[0], sl_buffer_slice(&halves[0]), first };
	return SL_OK;
}

/* After an answer that allows another try, with the lock held: waits, and true; or false. */
static bool wait_for_another(struct sender *sender, struct retry *retry,
			     const struct sl_answer *answer)
{
	struct sl_deliverer *deliverer = sender->deliverer;
	const struct sl_deliver_options *options = deliverer->options;
	uint64_t now_ns = options->clock.elapsed(), pause_ns = KNOCK_NS;
	char text[600];

	if (is_over(deliverer))
		return false;
	describe(text, sizeof(text), answer);
	if (answer->nobody && !deliverer->reached) {
		/* nothing is in flight */
		if (deliverer->interrupted_ns != 0)
			return false;
		if (now_ns - deliverer->begun_ns >= options->wait_ns) {
			deliverer->hopeless = deliverer->unreached = true;
			return false;
		}
	} else {
		if (!retry_pause(retry, answer, now_ns, &pause_ns) ||
		    is_vain(deliverer, now_ns + pause_ns))
			return false;
		deliver_say(deliverer, "%s; again in %.1f s", text, (double)pause_ns / 1e9);
	}
	if (!rest_until(deliverer, now_ns + pause_ns))
		return false;
	deliverer->account.retries++;
	deliverer->account.unanswered += answer->unanswered;
	deliverer->account.resent += answer->resent;
	return true;
}

static enum outcome outcome_of_answer(const struct sl_answer *answer)
{
	switch (answer->kind) {
	case SL_ANSWER_ACCEPTED:
		return OUTCOME_ACCEPTED;
	case SL_ANSWER_REFUSED:
		return OUTCOME_REFUSED;
	case SL_ANSWER_TOO_LARGE:
		return OUTCOME_OVERSIZE;
	case SL_ANSWER_AGAIN:
	case SL_ANSWER_HOPELESS:
		break;
	}
	return OUTCOME_UNDELIVERED;
}

/* Why nothing came back, or nothing good; or NULL.  Without the lock. */
static const char *find_reason(const struct sl_client_options *client)
{
	if (sl_net_meets_tls(client))
		return "the server speaks TLS: its URL begins with https://";
	if (client->protocol == SL_PROTOCOL_GRPC && sl_net_misses_http2(client))
		return "the server does not speak HTTP/2: is this its port for gRPC?";
	return NULL;
}

/* The first that is heard of the server, with the lock held: who was sent what he does not speak
 * often says nothing at all. */
static void note_contact(struct sender *sender, struct sl_answer *answer)
{
	struct sl_deliverer *deliverer = sender->deliverer;
	/* web servers answer so what comes to a port for TLS */
	bool is_puzzling = answer->http_status == 400 && !deliverer->answered;
	const char *reason;

	if (!deliverer->reached && !answer->nobody) {
		deliverer->reached = true;
		pthread_cond_signal(&deliverer->idle);
	}
	deliverer->answered |= answer->http_status != 0 || answer->grpc_status >= 0;
	is_puzzling |= answer->kind == SL_ANSWER_AGAIN && !deliverer->answered;
	if (answer->nobody || !is_puzzling || deliverer->probed)
		return;
	deliverer->probed = true;
	pthread_mutex_unlock(&deliverer->lock);
	reason = find_reason(&deliverer->client);
	pthread_mutex_lock(&deliverer->lock);
	if (reason != NULL) {
		answer->kind = SL_ANSWER_HOPELESS;
		snprintf(answer->message, sizeof(answer->message), "%s", reason);
	} else if (deliverer->client.protocol == SL_PROTOCOL_GRPC && !deliverer->answered) {
		deliver_say(deliverer, "nothing came back: is this the server's port for gRPC?");
	}
}

/* Sends the part until something is decided, with the lock held but while it is on its way. */
static enum sl_status send_part(struct sender *sender, struct sl_slice request,
				struct sl_answer *answer, struct sl_error *err)
{
	struct sl_deliverer *deliverer = sender->deliverer;
	const struct sl_clock *clock = &deliverer->options->clock;
	struct retry retry = { .begun_ns = clock->elapsed(),
			       .first_ns = deliverer->options->retry_pause_ns,
			       .retry_for_ns = deliverer->options->retry_for_ns,
			       .chance = &sender->chance };
	enum sl_status status;

	do {
		pthread_mutex_unlock(&deliverer->lock);
		status = sl_client_send(sender->client, request, (int64_t)(clock->now() / SECOND),
					answer, err);
		pthread_mutex_lock(&deliverer->lock);
		if (status != SL_OK)
			return status;
		deliverer->account.requests++;
		deliverer->account.bytes += request.len;
		note_contact(sender, answer);
		if (answer->kind == SL_ANSWER_HOPELESS)
			deliverer->hopeless = true;
	} while (answer->kind == SL_ANSWER_AGAIN && wait_for_another(sender, &retry, answer));
	return SL_OK;
}

/* The same, unless it is too large for any server. */
static enum sl_status try_part(struct sender *sender, const struct part *part,
			       struct sl_answer *answer, struct sl_error *err)
{
	struct sl_deliverer *deliverer = sender->deliverer;
	struct sl_slice request = part->request;
	enum sl_status status = SL_OK;

	*answer = (struct sl_answer){ .kind = SL_ANSWER_AGAIN,
				      .grpc_status = -1,
				      .message = "it was not sent" };
	if (is_over(deliverer))
		return SL_OK;
	if (sender->has_bad_text) {
		pthread_mutex_unlock(&deliverer->lock);
		status = mend_request(part->request, deliverer->client.protocol, &sender->mended,
				      err);
		pthread_mutex_lock(&deliverer->lock);
		request = sl_buffer_slice(&sender->mended);
	}
	if (status != SL_OK || request.len <= REQUEST_LIMIT)
		return status == SL_OK ? send_part(sender, request, answer, err) : status;
	*answer = (struct sl_answer){ .kind = SL_ANSWER_TOO_LARGE,
				      .grpc_status = -1,
				      .message = "more than 64 MiB" };
	return SL_OK;
}

/* The last of the parts is sent, counted or cut; with the lock held. */
static enum sl_status deliver_part(struct sender *sender, struct parts *parts, struct sl_error *err)
{
	struct sl_deliverer *deliverer = sender->deliverer;
	struct part part = parts->items[parts->count - 1];
	struct sl_answer answer;
	enum sl_status status = try_part(sender, &part, &answer, err);

	if (status == SL_OK && answer.kind == SL_ANSWER_TOO_LARGE && part.span_count > 1) {
		pthread_mutex_unlock(&deliverer->lock);
		status = split(sender, parts, err);
		pthread_mutex_lock(&deliverer->lock);
		if (status == SL_OK)
			return SL_OK;
	}
	if (status != SL_OK)
		answer.kind = SL_ANSWER_AGAIN;
	settle(sender, parts, &part, outcome_of_answer(&answer), &answer);
	sl_buffer_free(&part.bytes);
	parts->count--;
	return status;
}

/* Behind what is settled nowhere, all that is sent would come twice after --resume. */
static void stop_counting(struct sl_deliverer *deliverer)
{
	if (deliverer->options->checkpoint == NULL)
		return;
	if (!is_over(deliverer) && deliverer->interrupted_ns == 0)
		deliver_say(deliverer, "the run ends, as a checkpoint counts in order, and what is "
				       "undelivered has no --dead-letter");
	deliverer->hopeless = true;
}

/* With the lock held. */
static void deliver_batch(struct sender *sender)
{
	struct sl_deliverer *deliverer = sender->deliverer;
	struct parts parts = { .capacity = 8 };
	struct sl_error err;

	parts.items = calloc(parts.capacity, sizeof(*parts.items));
	if (parts.items == NULL) {
		(void)sl_fail_memory(&err);
		deliver_fail(deliverer, &err);
		deliverer->account.undelivered += sender->span_count;
		return;
	}
	parts.items[parts.count++] = (struct part){ .request = sl_buffer_slice(&sender->request),
						    .span_count = sender->span_count };
	while (parts.count != 0)
		if (deliver_part(sender, &parts, &err) != SL_OK)
			deliver_fail(deliverer, &err);
	if (parts.unsettled)
		stop_counting(deliverer);
	else
		deliver_settle(deliverer, sender->first, sender->first + sender->span_count);
	free(parts.items);
}

void *sender_run(void *context)
{
	struct sender *sender = context;
	struct sl_deliverer *deliverer = sender->deliverer;

	pthread_mutex_lock(&deliverer->lock);
	while (sender->state != SENDER_LEAVES) {
		if (sender->state == SENDER_IDLE) {
			pthread_cond_wait(&deliverer->moved, &deliverer->lock);
			continue;
		}
		deliver_batch(sender);
		if (sender->state == SENDER_BUSY)
			sender->state = SENDER_IDLE;
		pthread_cond_signal(&deliverer->idle);
	}
	pthread_mutex_unlock(&deliverer->lock);
	return NULL;
}

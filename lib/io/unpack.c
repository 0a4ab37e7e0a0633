/* The compression around an input, undone while it is read. */
#include "unpack.h"
#include <stdlib.h>

enum {
	BOMB_RATIO = 1000,
	BOMB_LEAST_BYTES = 64 * 1024 * 1024,
	CREDIT_BYTES = 1024 * 1024,
	CREDIT_RATIO = 4,
};

enum sl_status unpack_start(struct sl_input *input, struct sl_error *err)
{
	struct unpacker *unpacker = input->unpacker;

	unpacker->start = unpack_offset(unpacker);
	return inflater_start(unpacker->inflater, input->codec, err);
}

enum sl_status unpack_begin(struct sl_input *input, struct sl_error *err)
{
	struct unpacker *unpacker;

	if (input_is_followed(input))
		return sl_fail(err, "cannot follow a compressed file");
	input->unpacker = unpacker = calloc(1, sizeof(*unpacker));
	if (unpacker == NULL)
		return sl_fail_memory(err);
	unpacker->inflater = calloc(1, sizeof(*unpacker->inflater));
	unpacker->bytes = malloc(PACKED_BYTES);
	if (unpacker->inflater == NULL || unpacker->bytes == NULL)
		return sl_fail_memory(err);
	memcpy(unpacker->bytes, input->start, input->start_len);
	unpacker->len = input->start_len;
	unpacker->credit = CREDIT_BYTES;
	return unpack_start(input, err);
}

enum sl_status unpack_refill(struct sl_input *input, size_t *got, struct sl_error *err)
{
	struct unpacker *unpacker = input->unpacker;
	enum sl_status status;

	*got = 0;
	if (unpacker->len == PACKED_BYTES) {
		size_t gone = unpacker->taken - LOOK_BACK_BYTES;

		memmove(unpacker->bytes, unpacker->bytes + gone, unpacker->len - gone);
		unpacker->begins += gone;
		unpacker->taken -= gone;
		unpacker->len -= gone;
	}
	status = input_read_raw(input, unpacker->bytes + unpacker->len,
				PACKED_BYTES - unpacker->len, got, err);
	unpacker->len += *got;
	unpacker->credit += CREDIT_RATIO * *got;
	return status;
}

/* More to inflate.  SL_BAD_RECORD: the input has ended too early. */
static enum sl_status refill(struct sl_input *input, size_t *got, struct sl_error *err)
{
	enum sl_status status = unpack_refill(input, got, err);

	if (status != SL_END || input_stopped(input))
		return status;
	status = inflater_finish(input->unpacker->inflater, err);
	return status == SL_OK ? SL_END : status;
}

static bool is_bomb(const struct sl_input *input)
{
	uint64_t given = input->unpacker->given + input->unpacker->inflater->given;

	return given > BOMB_LEAST_BYTES && given / BOMB_RATIO > input->raw_bytes;
}

static enum sl_status reject_bomb(struct sl_input *input, struct sl_error *err)
{
	input->unpacker->state = UNPACK_STOPPED;
	return sl_reject(err, SL_OVERSIZE, SL_NOWHERE,
			 "the %s data grows to over %d times its size and is not read further",
			 inflater_name(input->unpacker->inflater), BOMB_RATIO);
}

/* Some bytes inside the compression; SL_OK without any: a follower has waited in vain. */
static enum sl_status unpack_some(struct sl_input *input, struct inflater_room *out,
				  struct sl_error *err)
{
	struct unpacker *unpacker = input->unpacker;
	const char *start = out->at;
	enum sl_status status = SL_OK;

	while (status == SL_OK && out->at == start) {
		struct sl_slice pending = unpack_pending(unpacker);
		size_t got;

		if (pending.len == 0 && !unpacker->output_was_full) {
			status = refill(input, &got, err);
			if (got == 0)
				break;
			continue;
		}
		if (is_bomb(input))
			return reject_bomb(input, err);
		status = inflater_step(unpacker->inflater, &pending, out, err);
		unpacker->taken = unpacker->len - pending.len;
		unpacker->output_was_full = out->len == 0;
	}
	if (status == SL_BAD_RECORD)
		unpack_search_behind(unpacker, err);
	return status;
}

/* What the trial of a candidate has given. */
static void give_trial(struct unpacker *unpacker, struct inflater_room *out)
{
	size_t left = unpacker->trial_len - unpacker->trial_given;
	size_t count = left < out->len ? left : out->len;

	memcpy(out->at, unpacker->trial + unpacker->trial_given, count);
	out->at += count;
	out->len -= count;
	unpacker->trial_given += count;
}

enum sl_status unpack_read(struct sl_input *input, char *into, size_t room, size_t *got,
			   struct sl_error *err)
{
	struct unpacker *unpacker = input->unpacker;
	struct inflater_room out = { into, room };
	enum sl_status status = SL_OK;

	if (unpacker->state == UNPACK_FLOWS) {
		give_trial(unpacker, &out);
		if (out.len == room)
			status = unpack_some(input, &out, err);
	}
	*got = (size_t)(out.at - into);
	if (*got > 0 && status == SL_BAD_RECORD)
		return SL_OK;
	if (unpacker->state == UNPACK_SEARCHES || unpacker->state == UNPACK_TRIES)
		status = unpack_resume(input, err);
	input->ended = status == SL_END || status == SL_FAILED || unpacker->state == UNPACK_STOPPED;
	return status;
}

bool unpack_ready(const struct sl_input *input)
{
	const struct unpacker *unpacker = input->unpacker;

	return unpack_pending(unpacker).len > 0 || unpacker->output_was_full ||
	       unpacker->trial_given < unpacker->trial_len;
}

bool unpack_owes(const struct sl_input *input)
{
	return input->unpacker->state == UNPACK_SEARCHES || input->unpacker->state == UNPACK_TRIES;
}

void unpack_end(struct sl_input *input)
{
	if (input->unpacker == NULL)
		return;
	sl_inflater_free(input->unpacker->inflater);
	free(input->unpacker->bytes);
	free(input->unpacker);
}

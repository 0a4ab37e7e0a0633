/* The compression around an input, undone while it is read. */
#include "input.h"
#include <stdlib.h>

enum {
	PACKED_BYTES = 128 * 1024,
	BOMB_RATIO = 1000,
	BOMB_LEAST_BYTES = 64 * 1024 * 1024,
};

enum sl_status unpack_begin(struct sl_input *input, struct sl_error *err)
{
	if (input_is_followed(input))
		return sl_fail(err, "cannot follow a compressed file");
	input->inflater = calloc(1, sizeof(*input->inflater));
	input->packed = malloc(PACKED_BYTES);
	if (input->inflater == NULL || input->packed == NULL)
		return sl_fail_memory(err);
	input->pending = (struct sl_slice){ input->start, input->start_len };
	return inflater_start(input->inflater, input->codec, err);
}

static enum sl_status refill(struct sl_input *input, struct sl_error *err)
{
	size_t got = 0;
	enum sl_status status = input_read_raw(input, input->packed, PACKED_BYTES, &got, err);

	input->pending = (struct sl_slice){ input->packed, got };
	if (status != SL_END || input_stopped(input))
		return status;
	status = inflater_finish(input->inflater, err);
	return status == SL_OK ? SL_END : status;
}

static bool is_bomb(const struct sl_input *input)
{
	uint64_t given = input->inflater->given;

	return given > BOMB_LEAST_BYTES && given / BOMB_RATIO > input->raw_bytes;
}

static enum sl_status reject_bomb(const struct sl_input *input, struct sl_error *err)
{
	return sl_reject(err, SL_OVERSIZE, SL_NOWHERE,
			 "the %s data grows to over %d times its size and is not read further",
			 inflater_name(input->inflater), BOMB_RATIO);
}

/* Some bytes inside the compression; SL_OK without any: a follower has waited in vain. */
static enum sl_status unpack_some(struct sl_input *input, struct inflater_room *out,
				  struct sl_error *err)
{
	const char *start = out->at;
	enum sl_status status = SL_OK;

	while (status == SL_OK && out->at == start) {
		if (input->pending.len == 0 && !input->output_was_full) {
			status = refill(input, err);
			if (input->pending.len == 0)
				return status;
		}
		if (is_bomb(input))
			return reject_bomb(input, err);
		status = inflater_step(input->inflater, &input->pending, out, err);
		input->output_was_full = out->len == 0;
	}
	return status;
}

enum sl_status unpack_read(struct sl_input *input, char *into, size_t room, size_t *got,
			   struct sl_error *err)
{
	struct inflater_room out = { into, room };
	enum sl_status status = SL_BAD_RECORD;

	if (input->damaged)
		*err = input->damage;
	else
		status = unpack_some(input, &out, err);
	*got = (size_t)(out.at - into);
	if (status == SL_BAD_RECORD)
		err->offset = SL_NOWHERE; /* it would be one inside the compression */
	if (status == SL_BAD_RECORD && *got > 0) {
		input->damaged = true;
		input->damage = *err;
		return SL_OK;
	}
	input->ended = status != SL_OK;
	return status;
}

bool unpack_ready(const struct sl_input *input)
{
	return input->damaged || input->pending.len > 0 || input->output_was_full;
}

void unpack_end(struct sl_input *input)
{
	sl_inflater_free(input->inflater);
	free(input->packed);
}

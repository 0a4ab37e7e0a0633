/*
 * Getting over damage inside a compressed file: whole members and frames behind it are found by
 * their magic.  As that may stand anywhere by chance, a candidate is tried first: it has to end
 * with the right checksum, or to give TRIAL_BYTES, or to last until the file ends.
 *
 * Damage shows late.  Where a member was cut off and the next one follows, the inflater takes the
 * start of that for more of the same; so the search begins as far back as there are bytes, but
 * behind the start of the member that failed.
 */
#include "unpack.h"

void unpack_search_behind(struct unpacker *unpacker, const struct sl_error *damage)
{
	uint64_t here = unpack_offset(unpacker), from, back;

	unpacker->state = UNPACK_SEARCHES;
	unpacker->damage = *damage;
	unpacker->damage_at = unpacker->start + damage->offset;
	unpacker->member_at = unpacker->start + unpacker->inflater->began;
	unpacker->given += unpacker->inflater->given;
	from = unpacker->member_at + 1;
	if (from + LOOK_BACK_BYTES < here)
		from = here - LOOK_BACK_BYTES;
	if (from < unpacker->begins)
		from = unpacker->begins;
	if (from > unpacker->begins + unpacker->len)
		from = unpacker->begins + unpacker->len;
	back = here > from ? here - from : 0;
	if (back > unpacker->credit)
		return;
	unpacker->credit -= back;
	unpacker->taken = (size_t)(from - unpacker->begins);
}

/* At the next candidate, which is to be tried.  SL_END: there is none. */
static enum sl_status search(struct sl_input *input, struct sl_error *err)
{
	struct unpacker *unpacker = input->unpacker;
	enum sl_status status;
	size_t got = 1;
	bool whole;

	do {
		unpacker->taken += codec_find(input->codec, unpack_pending(unpacker), &whole);
		if (whole && unpacker->credit > 0) {
			unpacker->state = UNPACK_TRIES;
			unpacker->candidate = unpack_offset(unpacker);
			unpacker->trial_len = 0;
			unpacker->trial_given = 0;
			return unpack_start(input, err);
		}
		if (whole)
			unpacker->taken = unpacker->len;
		status = unpack_refill(input, &got, err);
	} while (status == SL_OK && got > 0);
	if (status == SL_END)
		unpacker->taken = unpacker->len;
	return status;
}

static void reject(struct unpacker *unpacker)
{
	uint64_t cost = unpack_offset(unpacker) - unpacker->candidate + unpacker->trial_len;

	unpacker->credit -= cost < unpacker->credit ? cost : unpacker->credit;
	unpacker->taken = (size_t)(unpacker->candidate - unpacker->begins) + 1;
	unpacker->state = UNPACK_SEARCHES;
}

/* Another bit of the candidate: the state tells what it has shown. */
static enum sl_status try_some(struct sl_input *input, struct sl_error *err)
{
	struct unpacker *unpacker = input->unpacker;
	struct sl_slice pending = unpack_pending(unpacker);
	struct inflater_room out = { unpacker->trial + unpacker->trial_len,
				     TRIAL_BYTES - unpacker->trial_len };
	size_t before = pending.len;
	enum sl_status status = inflater_advance(unpacker->inflater, &pending, &out, err);

	unpacker->taken += before - pending.len;
	unpacker->trial_len = TRIAL_BYTES - out.len;
	unpacker->output_was_full = out.len == 0;
	if (status == SL_FAILED)
		return status;
	if (status == SL_BAD_RECORD ||
	    unpack_offset(unpacker) - unpacker->candidate > LOOK_BACK_BYTES)
		reject(unpacker);
	else if (out.len == 0 || !unpacker->inflater->inside)
		unpacker->state = UNPACK_FLOWS;
	return SL_OK;
}

/* The candidate shows what it is. */
static enum sl_status try_candidate(struct sl_input *input, struct sl_error *err)
{
	struct unpacker *unpacker = input->unpacker;
	enum sl_status status = SL_OK;

	while (status == SL_OK && unpacker->state == UNPACK_TRIES) {
		size_t trial_len = unpacker->trial_len, got = 0;

		if (unpack_pending(unpacker).len > 0 || unpacker->inflater->flushing) {
			status = try_some(input, err);
			continue;
		}
		status = unpack_refill(input, &got, err);
		if (status == SL_OK && got == 0)
			return SL_OK;
		if (status != SL_END)
			continue;
		if (trial_len > 0)
			unpacker->state = UNPACK_FLOWS;
		else
			reject(unpacker);
		status = SL_OK;
	}
	return status;
}

/* Where the damage shows; `end` is where the data goes on, or ends. */
static enum sl_status tell(const struct sl_input *input, uint64_t end, struct sl_error *err)
{
	const struct unpacker *unpacker = input->unpacker;
	uint64_t at = unpacker->damage_at < end ? unpacker->damage_at : end;
	struct sl_buffer text = { .limit = sizeof(err->text) };

	sl_buffer_printf(&text, "%s, at byte %llu of the compressed data", unpacker->damage.text,
			 (unsigned long long)at);
	if (at > unpacker->member_at)
		sl_buffer_printf(&text, " in the %s from byte %llu on",
				 input->codec == SL_CODEC_GZIP ? "member" : "frame",
				 (unsigned long long)unpacker->member_at);
	if (end > at)
		sl_buffer_printf(&text, "; passed over %llu byte%s", (unsigned long long)(end - at),
				 end - at == 1 ? "" : "s");
	(void)sl_reject(err, unpacker->damage.reason,
			SL_NOWHERE, /* it would be one inside the compression */
			"%.*s", (int)text.len, text.data);
	sl_buffer_free(&text);
	return SL_BAD_RECORD;
}

enum sl_status unpack_resume(struct sl_input *input, struct sl_error *err)
{
	struct unpacker *unpacker = input->unpacker;
	enum unpack_state entered;
	enum sl_status status;

	do {
		entered = unpacker->state;
		status =
			entered == UNPACK_SEARCHES ? search(input, err) : try_candidate(input, err);
		if (status == SL_END) {
			unpacker->state = UNPACK_STOPPED;
			return tell(input, unpack_offset(unpacker), err);
		}
		if (unpacker->state == UNPACK_FLOWS)
			return tell(input, unpacker->candidate, err);
	} while (status == SL_OK && unpacker->state != entered);
	return status;
}

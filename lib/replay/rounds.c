/* What was set aside goes out, round after round. */
#include "replayer.h"

/* How far the spans of a round are moved, where all are moved alike. */
static struct sl_move find_move(const struct sl_replayer *replayer, uint64_t now_ns)
{
	const struct sl_shift *shift = &replayer->replay->shift;
	const struct kept *kept = &replayer->kept;

	switch (shift->kind) {
	case SL_SHIFT_NOW:
		if (replayer->replay->pace.kind == SL_PACE_CAPTURED &&
		    kept->first_end_ns != UINT64_MAX)
			return sl_move_between(kept->first_end_ns, now_ns);
		return sl_move_between(kept->last_end_ns, now_ns);
	case SL_SHIFT_END_NOW:
		return sl_move_between(kept->last_end_ns, now_ns);
	case SL_SHIFT_START:
		/* where none is known to begin, nothing says how far */
		if (kept->first_start_ns == UINT64_MAX)
			return (struct sl_move){ 0, false };
		return sl_move_between(kept->first_start_ns, shift->start_ns);
	default:
		return shift->by;
	}
}

/* The span at *offset, all its copies. */
static enum sl_status send_span(struct sl_replayer *replayer, uint64_t *offset,
				struct sl_change first, struct sl_error *err)
{
	size_t before = replayer->packed.len;
	uint64_t lost_count = replayer->changing.lost_count;
	const struct sl_span *span;
	enum sl_status status = kept_read(&replayer->kept, offset, &span, err);

	if (status != SL_OK)
		return status;
	status = changing_pack(&replayer->changing, span, first, &replayer->packed, err);
	lost_count = replayer->changing.lost_count - lost_count;
	replayer->pacer.taken += replayer->changing.copies - lost_count;
	replayer->pacer.spans += (double)replayer->changing.copies;
	replayer->pacer.bytes += (double)(replayer->packed.len - before);
	return status == SL_OK && replayer->packed.len >= PIECE_BYTES ? hand_on(replayer, err)
								      : status;
}

/* Before each span.  SL_END: an interrupt ends the sending; but what never went out, and cannot be
 * read again, goes on to be accounted for. */
static enum sl_status look_for_interrupt(struct sl_replayer *replayer, uint64_t copy,
					 struct sl_error *err)
{
	struct sl_replay *replay = replayer->replay;
	bool counts = replay->live && !replay->dry && copy < replay->copies;
	enum sl_status status;

	if (!sl_interrupted || (counts && replay->unsent))
		return SL_OK;
	status = hand_on(replayer, err);
	if (status != SL_OK || !counts)
		return status == SL_OK ? SL_END : status;
	/* what was due is still sent */
	status = sl_sink_flush(replayer->sink, &replayer->out, err);
	replay->unsent = true;
	return status;
}

static enum sl_status send_in_order(struct sl_replayer *replayer, struct sl_change first,
				    struct sl_error *err)
{
	enum sl_status status = SL_OK;
	uint64_t offset = 0;

	while (status == SL_OK && offset < kept_size(&replayer->kept)) {
		status = look_for_interrupt(replayer, first.copy, err);
		if (status == SL_OK)
			status = send_span(replayer, &offset, first, err);
	}
	return status;
}

/* SL_SHIFT_NOW moves each group so that it ends when it is sent. */
static enum sl_status send_at_pace(struct sl_replayer *replayer, struct sl_change first,
				   struct sl_error *err)
{
	const struct sl_replay *replay = replayer->replay;
	bool by_group = replay->shift.kind == SL_SHIFT_NOW && sl_pace_by_trace(&replay->pace);
	enum sl_status status = SL_OK;
	struct planned item;
	bool any = true;

	while (status == SL_OK) {
		status = pacer_next(replayer, &item, &any, err);
		if (status == SL_OK && any)
			status = look_for_interrupt(replayer, first.copy, err);
		if (status != SL_OK || !any)
			break;
		first.move = by_group ? sl_move_between(item.end_ns, replayer->pacer.begin_now_ns +
									     replayer->pacer.due_ns)
				      : find_move(replayer, replayer->pacer.round_now_ns);
		status = send_span(replayer, &item.offset, first, err);
	}
	return status;
}

static enum sl_status send_round(struct sl_replayer *replayer, uint64_t round, struct sl_error *err)
{
	struct sl_change first = { .copy = round * replayer->changing.copies };
	enum sl_status status = SL_OK;

	if (replayer->replay->pace.kind == SL_PACE_NONE) {
		first.move = find_move(replayer, sl_cli_now());
		status = send_in_order(replayer, first, err);
	} else {
		status = pacer_start(replayer, round == 0, err);
		if (status == SL_OK)
			status = send_at_pace(replayer, first, err);
	}
	return status == SL_OK ? hand_on(replayer, err) : status;
}

static uint64_t times(uint64_t count, uint64_t factor)
{
	return factor != 0 && count > UINT64_MAX / factor ? UINT64_MAX : count * factor;
}

enum sl_status send_rounds(struct sl_replayer *replayer, struct sl_error *err)
{
	struct sl_replay *replay = replayer->replay;
	uint64_t rounds = replay->rounds;
	enum sl_status status = SL_OK;

	if (replayer->kept.span_count == 0)
		return SL_OK;
	if (sl_pace_is_rate(&replay->pace)) {
		/* it is one of copies, too: they go out one after the other */
		rounds = times(rounds, replay->copies);
		replayer->changing.copies = 1;
	}
	replay->total_spans =
		times(times(replayer->kept.span_count, replay->copies), replay->rounds);
	if (replay->pace.kind != SL_PACE_NONE)
		status = pacer_plan(replayer, err);
	for (uint64_t round = 0; round < rounds && status == SL_OK && !replay->over &&
				 (round == 0 || !sl_interrupted || replay->unsent);
	     round++)
		status = send_round(replayer, round, err);
	return status;
}

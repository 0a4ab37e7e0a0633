/* Each copy of a span changed and packed. */
#include "changing.h"

#define HOUR UINT64_C(3600000000000) /* ns */

enum sl_status changing_open(struct changing *changing, const struct sl_replay *replay,
			     struct sl_notes *notes, struct sl_error *err)
{
	enum sl_status status = sl_changer_open(&changing->changer, &replay->changes, err);

	changing->replay = replay;
	changing->copies = replay->copies;
	if (status == SL_OK)
		status = sl_packer_open(&changing->packer, replay->form, notes, err);
	/* a server would refuse the whole request for one string: what is sent is repaired, and
	 * what is not delivered stays as it was */
	if (status == SL_OK)
		sl_packer_judge(changing->packer, SL_BAD_TEXT_KEPT);
	return status;
}

void changing_close(struct changing *changing, struct sl_replay *replay)
{
	replay->lost_count += changing->lost_count;
	replay->old_count += changing->old_count;
	sl_changer_close(changing->changer);
	sl_packer_close(changing->packer);
}

static bool is_old(const struct changing *changing, const struct sl_span *span)
{
	const struct sl_replay *replay = changing->replay;

	return replay->shift.kind == SL_SHIFT_NONE && span->end_unix_nano != 0 &&
	       replay->start_ns > HOUR && span->end_unix_nano < replay->start_ns - HOUR;
}

enum sl_status changing_pack(struct changing *changing, const struct sl_span *span,
			     struct sl_change first, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_change change = first;
	enum sl_status status = SL_OK;

	changing->old_count += first.copy == 0 && is_old(changing, span);
	for (; change.copy < first.copy + changing->copies && status == SL_OK; change.copy++) {
		const struct sl_span *changed;

		status = sl_change_span(changing->changer, span, &change, &changed, err);
		if (status == SL_OK)
			status = sl_packer_add(changing->packer, changed, out, err);
		if (status != SL_BAD_RECORD)
			continue;
		changing->lost_count++;
		status = SL_OK;
	}
	return status;
}

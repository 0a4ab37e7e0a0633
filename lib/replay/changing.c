/* Each copy of a span changed and packed. */
#include "changing.h"

enum sl_status changing_open(struct changing *changing, const struct sl_replay *replay,
			     struct sl_notes *notes, struct sl_error *err)
{
	enum sl_status status = sl_changer_open(&changing->changer, &replay->changes, err);

	changing->replay = replay;
	return status == SL_OK ? sl_packer_open(&changing->packer, replay->form, notes, err)
			       : status;
}

void changing_close(struct changing *changing)
{
	sl_changer_close(changing->changer);
	sl_packer_close(changing->packer);
}

enum sl_status changing_pack(struct changing *changing, const struct sl_span *span,
			     struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	for (uint64_t copy = 0; copy < changing->replay->copies && status == SL_OK; copy++) {
		const struct sl_span *changed;

		status = sl_change_span(changing->changer, span, copy, &changed, err);
		if (status == SL_OK)
			status = sl_packer_add(changing->packer, changed, out, err);
	}
	return status;
}

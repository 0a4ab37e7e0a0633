/* The workers' part: spans are chosen and changed here, unless that takes more than one span. */
#include "changing.h"
#include "kept.h"
#include <stdlib.h>

struct sl_replay_packer {
	struct sl_replay *replay;
	bool by_trace;
	struct changing changing;
	struct sl_selector *selector;
	struct sl_line_writer *writer; /* of what is set aside */
};

enum sl_status sl_replay_packer_open(struct sl_replay_packer **packer, struct sl_replay *replay,
				     struct sl_notes *notes, struct sl_error *err)
{
	struct sl_replay_packer *opened = calloc(1, sizeof(*opened));
	enum sl_status status;

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->replay = replay;
	opened->by_trace = sl_selection_needs_traces(&replay->wanted);
	status = sl_selector_open(&opened->selector, &replay->wanted, err);
	if (status == SL_OK && (opened->by_trace || replay->spooled))
		status = sl_line_writer_open(&opened->writer, err);
	else if (status == SL_OK)
		status = changing_open(&opened->changing, replay, notes, err);
	if (status != SL_OK)
		sl_replay_packer_close(opened);
	else
		*packer = opened;
	return status;
}

enum sl_status sl_replay_pack(struct sl_replay_packer *packer, const struct sl_span *span,
			      struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status;
	bool chosen;

	if (packer->by_trace) {
		sl_traces_pack(packer->writer, span, out);
		return SL_OK;
	}
	status = sl_select_span(packer->selector, span, &chosen, err);
	if (status != SL_OK || !chosen)
		return status;
	if (packer->writer == NULL)
		return changing_pack(&packer->changing, span,
				     (struct sl_change){ .move = packer->replay->shift.by }, out,
				     err);
	kept_pack(packer->writer, span, sl_pace_by_trace(&packer->replay->pace), out);
	return SL_OK;
}

void sl_replay_packer_close(struct sl_replay_packer *packer)
{
	if (packer == NULL)
		return;
	packer->replay->limits_hit += sl_selector_limits_hit(packer->selector);
	sl_selector_close(packer->selector);
	changing_close(&packer->changing, packer->replay);
	if (packer->writer != NULL)
		sl_line_writer_close(packer->writer);
	free(packer);
}

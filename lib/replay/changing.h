/* Spans as they are sent, copy by copy: changed, and packed for the sink. */
#ifndef REPLAY_CHANGING_H
#define REPLAY_CHANGING_H

#include "spanline/replay.h"

struct changing {
	const struct sl_replay *replay;
	struct sl_changer *changer;
	struct sl_packer *packer;
};

SL_MUST_USE enum sl_status changing_open(struct changing *changing, const struct sl_replay *replay,
					 struct sl_notes *notes, struct sl_error *err);
void changing_close(struct changing *changing);
/* All copies. */
SL_MUST_USE enum sl_status changing_pack(struct changing *changing, const struct sl_span *span,
					 struct sl_buffer *out, struct sl_error *err);

#endif

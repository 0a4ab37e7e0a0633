/* Spans as they are sent, copy by copy: changed, and packed for the sink. */
#ifndef REPLAY_CHANGING_H
#define REPLAY_CHANGING_H

#include "spanline/replay.h"

struct changing {
	const struct sl_replay *replay;
	uint64_t copies;		/* of each span, at a time */
	uint64_t lost_count, old_count; /* as the replay's */
	struct sl_changer *changer;
	struct sl_packer *packer;
};

SL_MUST_USE enum sl_status changing_open(struct changing *changing, const struct sl_replay *replay,
					 struct sl_notes *notes, struct sl_error *err);
/* Hands its counts over. */
void changing_close(struct changing *changing, struct sl_replay *replay);
/* So many copies, the first of which is `first`; those that cannot be moved are counted. */
SL_MUST_USE enum sl_status changing_pack(struct changing *changing, const struct sl_span *span,
					 struct sl_change first, struct sl_buffer *out,
					 struct sl_error *err);

#endif

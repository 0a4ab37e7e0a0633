/* What undoing the compression around an input shares with getting over its damage. */
#ifndef IO_UNPACK_H
#define IO_UNPACK_H

#include "input.h"

enum {
	/*
	 * So much of what was taken is kept: where a member is cut off and another one follows, the
	 * decoder reads on in that for up to some ten KiB, or a block of 128 KiB, before it fails.
	 */
	LOOK_BACK_BYTES = 256 * 1024,
	PACKED_READ_BYTES = 128 * 1024,
	PACKED_BYTES = LOOK_BACK_BYTES + PACKED_READ_BYTES,
	/* Noise that begins like a member or frame does not go on for so long without an error. */
	TRIAL_BYTES = 512,
};

enum unpack_state {
	UNPACK_FLOWS,
	UNPACK_SEARCHES, /* for the next member or frame behind damage */
	UNPACK_TRIES,	 /* whether one begins at `candidate` */
	UNPACK_STOPPED,	 /* at damage, for good */
};

/* Offsets are those in the file. */
struct unpacker {
	enum unpack_state state;
	struct sl_inflater *inflater; /* owned */
	uint64_t start;		      /* where it was started */
	uint64_t given;		      /* by all before that */
	bool output_was_full;	      /* so the inflater may hold more */

	char *bytes; /* owned, PACKED_BYTES: the last that were taken, and what was not taken yet */
	size_t len, taken;
	uint64_t begins; /* offset of the first of them */

	/* what is to be told as soon as it is known where the data goes on */
	struct sl_error damage;
	uint64_t damage_at;
	uint64_t member_at;

	uint64_t candidate;
	char trial[TRIAL_BYTES]; /* what it gave */
	size_t trial_len, trial_given;
	uint64_t credit; /* bytes to look at again, paid by bytes read: no input costs more */
};

static inline struct sl_slice unpack_pending(const struct unpacker *unpacker)
{
	return (struct sl_slice){ unpacker->bytes + unpacker->taken,
				  unpacker->len - unpacker->taken };
}

/* Of the first byte that is not taken yet. */
static inline uint64_t unpack_offset(const struct unpacker *unpacker)
{
	return unpacker->begins + unpacker->taken;
}

/* Begins to inflate at what is pending. */
SL_MUST_USE enum sl_status unpack_start(struct sl_input *input, struct sl_error *err);
/* More bytes of the file.  As input_read_raw; SL_OK with *got = 0 is a follower's wait in vain. */
SL_MUST_USE enum sl_status unpack_refill(struct sl_input *input, size_t *got, struct sl_error *err);

/* The inflater has failed with `damage`: what stands behind is to be searched. */
void unpack_search_behind(struct unpacker *unpacker, const struct sl_error *damage);
/*
 * To where the data goes on.  SL_BAD_RECORD: err tells of the damage, and what goes on flows, or is
 * nothing; SL_OK: a follower has waited in vain.
 */
SL_MUST_USE enum sl_status unpack_resume(struct sl_input *input, struct sl_error *err);

#endif

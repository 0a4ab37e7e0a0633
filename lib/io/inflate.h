/* A decompressor that is fed piece by piece: inputs and messages share it. */
#ifndef IO_INFLATE_H
#define IO_INFLATE_H

#define ZLIB_CONST
#include "spanline/io.h"
#include <zlib.h>
#include <zstd.h>

/* Zeroed, it holds nothing of zlib's or libzstd's yet; sl_inflater_free ends both. */
struct sl_inflater {
	enum sl_codec codec;
	bool inside;	/* a member or frame has begun, or the first is awaited */
	bool repeated;	/* one has ended: what follows may be the next, or no such data at all */
	uint64_t taken; /* bytes in and out since the start */
	uint64_t given;
	uint64_t began; /* of `taken`: where the member or frame began, or what is none */
	bool flushing;	/* zstd may hold more output */
	size_t wanted;	/* bytes that zstd would take next */
	z_stream gzip;
	bool gzip_open;
	ZSTD_DCtx *zstd;
};

/* Where output goes; it shrinks from the front. */
struct inflater_room {
	char *at;
	size_t len;
};

/* Begins anew; `codec` is gzip or zstd.  SL_FAILED: out of memory. */
SL_MUST_USE enum sl_status inflater_start(struct sl_inflater *inflater, enum sl_codec codec,
					  struct sl_error *err);

/*
 * Takes from the front of *in and puts into *out, which is not empty.  SL_OK: *in is used up, or
 * *out is full (then there may be more output, even without input).  SL_BAD_RECORD: damaged, with
 * the offset since the start; all output before it is in *out.  SL_FAILED: out of memory.
 */
SL_MUST_USE enum sl_status inflater_step(struct sl_inflater *inflater, struct sl_slice *in,
					 struct inflater_room *out, struct sl_error *err);

/* Some of the same, and nothing of a next member or frame. */
SL_MUST_USE enum sl_status inflater_advance(struct sl_inflater *inflater, struct sl_slice *in,
					    struct inflater_room *out, struct sl_error *err);

/* The input has ended: SL_BAD_RECORD where that is inside a member or frame. */
SL_MUST_USE enum sl_status inflater_finish(const struct sl_inflater *inflater,
					   struct sl_error *err);

const char *inflater_name(const struct sl_inflater *inflater);

#endif

/* A compressor that is fed piece by piece: messages and outputs share it. */
#ifndef IO_DEFLATE_H
#define IO_DEFLATE_H

#define ZLIB_CONST
#include "spanline/io.h"
#include <zlib.h>
#include <zstd.h>

/* Zeroed, it holds nothing of zlib's or libzstd's yet; sl_deflater_free ends both. */
struct sl_deflater {
	enum sl_codec codec;
	z_stream gzip;
	bool gzip_open;
	ZSTD_CCtx *zstd;
};

#define DEFLATER_SIZE_UNKNOWN UINT64_MAX

/* Begins a member or frame; `codec` is gzip or zstd, `size` all that will be added.  SL_FAILED: out
 * of memory. */
SL_MUST_USE enum sl_status deflater_start(struct sl_deflater *deflater, enum sl_codec codec,
					  uint64_t size, struct sl_error *err);

/* Takes all of `bytes` and appends what comes of it to *out; with `last` the member or frame
 * ends.  SL_FAILED: out of memory. */
SL_MUST_USE enum sl_status deflater_add(struct sl_deflater *deflater, struct sl_slice bytes,
					bool last, struct sl_buffer *out, struct sl_error *err);

#endif

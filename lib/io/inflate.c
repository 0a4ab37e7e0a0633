/* Gzip and zstd undone piece by piece: all members and frames, one after another. */
#include "inflate.h"
#include <limits.h>
#include <stdlib.h>
#include <zstd_errors.h>

enum {
	GZIP_ONLY = 15 + 16, /* for zlib: the largest window, and no header but gzip's */
	GZIP_MAGIC_BYTES = 2,
	ZSTD_WINDOW_LOG = 27, /* 128 MiB */
	ZSTD_BLOCK_HEADER = 3,
	ZSTD_FRAME_START = 5, /* tells how long the frame's header is */
};

struct decoder {
	const char *name;
	enum sl_status (*start)(struct sl_inflater *inflater, struct sl_error *err);
	/* As inflater_advance. */
	enum sl_status (*advance)(struct sl_inflater *inflater, struct sl_slice *in,
				  struct inflater_room *out, struct sl_error *err);
};

static void took(struct sl_inflater *inflater, struct sl_slice *in, size_t count)
{
	if (count == 0)
		return; /* perhaps there is no pointer to move */
	in->data += count;
	in->len -= count;
	inflater->taken += count;
}

static void gave(struct sl_inflater *inflater, struct inflater_room *out, size_t count)
{
	out->at += count;
	out->len -= count;
	inflater->given += count;
}

static void ended(struct sl_inflater *inflater)
{
	inflater->inside = false;
	inflater->repeated = true;
}

static enum sl_status damaged(const struct sl_inflater *inflater, const char *why,
			      struct sl_error *err)
{
	return sl_reject(err, SL_MALFORMED, (size_t)inflater->taken, "%s data is damaged: %s",
			 inflater_name(inflater), why);
}

static enum sl_status followed_by_other(const struct sl_inflater *inflater, struct sl_error *err)
{
	const char *name = inflater_name(inflater);

	return sl_reject(err, SL_MALFORMED, (size_t)inflater->began,
			 "the %s data is followed by bytes that are not %s", name, name);
}

static enum sl_status start_gzip(struct sl_inflater *inflater, struct sl_error *err)
{
	if (inflater->gzip_open)
		return inflateReset(&inflater->gzip) == Z_OK ? SL_OK : sl_fail_memory(err);
	inflater->gzip = (z_stream){ 0 };
	inflater->gzip_open = inflateInit2(&inflater->gzip, GZIP_ONLY) == Z_OK;
	return inflater->gzip_open ? SL_OK : sl_fail_memory(err);
}

/* Behind a member: zeros are padding, anything else must be the next member. */
static bool begin_member(struct sl_inflater *inflater, struct sl_slice *in)
{
	size_t zeros = 0;

	while (zeros < in->len && in->data[zeros] == 0)
		zeros++;
	took(inflater, in, zeros);
	if (in->len == 0)
		return false;
	inflateReset(&inflater->gzip);
	inflater->began = inflater->taken;
	inflater->inside = true;
	return true;
}

static enum sl_status advance_gzip(struct sl_inflater *inflater, struct sl_slice *in,
				   struct inflater_room *out, struct sl_error *err)
{
	z_stream *gzip = &inflater->gzip;
	uInt given, room = out->len < UINT_MAX ? (uInt)out->len : UINT_MAX;

	if (!inflater->inside && !begin_member(inflater, in))
		return SL_OK;
	given = in->len < UINT_MAX ? (uInt)in->len : UINT_MAX;
	gzip->next_in = (const Bytef *)in->data;
	gzip->avail_in = given;
	gzip->next_out = (Bytef *)out->at;
	gzip->avail_out = room;
	int code = inflate(gzip, Z_NO_FLUSH);
	took(inflater, in, given - gzip->avail_in);
	gave(inflater, out, room - gzip->avail_out);

	switch (code) {
	case Z_OK:
	case Z_BUF_ERROR: /* nothing to be done without more input */
		return SL_OK;
	case Z_STREAM_END:
		ended(inflater);
		return SL_OK;
	case Z_MEM_ERROR:
		return sl_fail_memory(err);
	default:
		if (inflater->repeated && gzip->total_in <= GZIP_MAGIC_BYTES)
			return followed_by_other(inflater, err);
		return damaged(inflater, gzip->msg != NULL ? gzip->msg : "unknown format", err);
	}
}

static enum sl_status start_zstd(struct sl_inflater *inflater, struct sl_error *err)
{
	if (inflater->zstd == NULL)
		inflater->zstd = ZSTD_createDCtx();
	if (inflater->zstd == NULL)
		return sl_fail_memory(err);
	ZSTD_initDStream(inflater->zstd);
	ZSTD_DCtx_setParameter(inflater->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
	inflater->wanted = ZSTD_FRAME_START;
	inflater->flushing = false;
	return SL_OK;
}

static enum sl_status zstd_failure(const struct sl_inflater *inflater, size_t code,
				   struct sl_error *err)
{
	switch (ZSTD_getErrorCode(code)) {
	case ZSTD_error_memory_allocation:
		return sl_fail_memory(err);
	case ZSTD_error_frameParameter_windowTooLarge:
		return sl_reject(err, SL_OVERSIZE, (size_t)inflater->taken,
				 "the zstd data needs a window of more than 128 MiB");
	case ZSTD_error_dictionary_wrong:
		return sl_reject(err, SL_UNSUPPORTED, (size_t)inflater->taken,
				 "the zstd data needs a dictionary");
	case ZSTD_error_prefix_unknown:
		if (inflater->repeated)
			return followed_by_other(inflater, err);
		break;
	default:
		break;
	}
	return damaged(inflater, ZSTD_getErrorName(code), err);
}

/* How much of the input to give at once: a block, without the header of the next. */
static size_t zstd_portion(const struct sl_inflater *inflater, size_t len)
{
	size_t block = inflater->wanted;

	if (inflater->flushing)
		return 0;
	if (block > ZSTD_BLOCK_HEADER)
		block -= ZSTD_BLOCK_HEADER;
	return len < block ? len : block;
}

/*
 * When libzstd fails, it does not say what it has put out in the same call.  So each call either
 * flushes or decodes one block.
 */
static enum sl_status advance_zstd(struct sl_inflater *inflater, struct sl_slice *in,
				   struct inflater_room *out, struct sl_error *err)
{
	ZSTD_inBuffer from = { in->data, zstd_portion(inflater, in->len), 0 };
	ZSTD_outBuffer to = { out->at, out->len, 0 };
	size_t code;

	if (!inflater->inside && in->len == 0)
		return SL_OK;
	if (!inflater->inside)
		inflater->began = inflater->taken;
	inflater->inside = true;
	code = ZSTD_decompressStream(inflater->zstd, &to, &from);
	if (ZSTD_isError(code))
		return zstd_failure(inflater, code, err);
	took(inflater, in, from.pos);
	gave(inflater, out, to.pos);
	inflater->flushing = code != 0 && to.pos == to.size;
	inflater->wanted = code != 0 ? code : ZSTD_FRAME_START;
	if (code == 0)
		ended(inflater);
	return SL_OK;
}

static const struct decoder decoders[] = {
	[SL_CODEC_GZIP] = { "gzip", start_gzip, advance_gzip },
	[SL_CODEC_ZSTD] = { "zstd", start_zstd, advance_zstd },
};

const char *inflater_name(const struct sl_inflater *inflater)
{
	return decoders[inflater->codec].name;
}

enum sl_status inflater_start(struct sl_inflater *inflater, enum sl_codec codec,
			      struct sl_error *err)
{
	inflater->codec = codec;
	inflater->inside = true;
	inflater->repeated = false;
	inflater->taken = 0;
	inflater->given = 0;
	inflater->began = 0;
	return decoders[codec].start(inflater, err);
}

enum sl_status inflater_advance(struct sl_inflater *inflater, struct sl_slice *in,
				struct inflater_room *out, struct sl_error *err)
{
	return decoders[inflater->codec].advance(inflater, in, out, err);
}

enum sl_status inflater_step(struct sl_inflater *inflater, struct sl_slice *in,
			     struct inflater_room *out, struct sl_error *err)
{
	enum sl_status status;

	do
		status = inflater_advance(inflater, in, out, err);
	while (status == SL_OK && in->len > 0 && out->len > 0);
	return status;
}

enum sl_status inflater_finish(const struct sl_inflater *inflater, struct sl_error *err)
{
	if (!inflater->inside)
		return SL_OK;
	return sl_reject(err, SL_TRUNCATED, (size_t)inflater->taken, "the %s data ends too early",
			 inflater_name(inflater));
}

void sl_inflater_free(struct sl_inflater *inflater)
{
	if (inflater == NULL)
		return;
	if (inflater->gzip_open)
		inflateEnd(&inflater->gzip);
	ZSTD_freeDCtx(inflater->zstd);
	free(inflater);
}

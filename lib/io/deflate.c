/* Gzip and zstd made piece by piece; the same bytes for the same input. */
#include "deflate.h"
#include <limits.h>
#include <stdlib.h>

enum {
	GZIP_LEVEL = 6,
	GZIP_ONLY = 15 + 16, /* for zlib: the largest window and a gzip header, without a time */
	GZIP_MEMORY = 8,     /* zlib's default */
	ZSTD_LEVEL = 3,
	OUT_BYTES = 16 * 1024, /* the least room that is given at once */
};

struct encoder {
	enum sl_status (*start)(struct sl_deflater *deflater, uint64_t size, struct sl_error *err);
	enum sl_status (*add)(struct sl_deflater *deflater, struct sl_slice bytes, bool last,
			      struct sl_buffer *out, struct sl_error *err);
};

static enum sl_status start_gzip(struct sl_deflater *deflater, uint64_t size, struct sl_error *err)
{
	(void)size;
	if (deflater->gzip_open)
		return deflateReset(&deflater->gzip) == Z_OK ? SL_OK : sl_fail_memory(err);
	deflater->gzip = (z_stream){ 0 };
	deflater->gzip_open = deflateInit2(&deflater->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_ONLY,
					   GZIP_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK;
	return deflater->gzip_open ? SL_OK : sl_fail_memory(err);
}

/* Room behind out->len, all there is of it; NULL: out of memory. */
static char *room_of(struct sl_buffer *out, size_t *room)
{
	char *at = sl_buffer_reserve(out, OUT_BYTES);

	*room = out->capacity - out->len;
	return at;
}

static enum sl_status add_gzip(struct sl_deflater *deflater, struct sl_slice bytes, bool last,
			       struct sl_buffer *out, struct sl_error *err)
{
	z_stream *gzip = &deflater->gzip;
	size_t room;

	gzip->next_in = (const Bytef *)bytes.data;
	do {
		char *at = room_of(out, &room);
		size_t left = bytes.len;

		if (at == NULL)
			return sl_fail_memory(err);
		gzip->avail_in = left < UINT_MAX ? (uInt)left : UINT_MAX;
		gzip->next_out = (Bytef *)at;
		gzip->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
		bytes.len -= gzip->avail_in;
		deflate(gzip, last && bytes.len == 0 ? Z_FINISH : Z_NO_FLUSH);
		bytes.len += gzip->avail_in;
		out->len += (size_t)((char *)gzip->next_out - at);
	} while (bytes.len > 0 || gzip->avail_out == 0);
	return SL_OK;
}

static enum sl_status start_zstd(struct sl_deflater *deflater, uint64_t size, struct sl_error *err)
{
	if (deflater->zstd == NULL)
		deflater->zstd = ZSTD_createCCtx();
	if (deflater->zstd == NULL)
		return sl_fail_memory(err);
	ZSTD_initCStream(deflater->zstd, ZSTD_LEVEL);
	ZSTD_CCtx_setParameter(deflater->zstd, ZSTD_c_checksumFlag, 1);
	ZSTD_CCtx_setPledgedSrcSize(
		deflater->zstd, size != DEFLATER_SIZE_UNKNOWN ? size : ZSTD_CONTENTSIZE_UNKNOWN);
	return SL_OK;
}

static enum sl_status add_zstd(struct sl_deflater *deflater, struct sl_slice bytes, bool last,
			       struct sl_buffer *out, struct sl_error *err)
{
	ZSTD_EndDirective directive = last ? ZSTD_e_end : ZSTD_e_continue;
	ZSTD_inBuffer from = { bytes.data, bytes.len, 0 };
	size_t left, room;

	do {
		char *at = room_of(out, &room);

		if (at == NULL)
			return sl_fail_memory(err);
		ZSTD_outBuffer to = { at, room, 0 };
		left = ZSTD_compressStream2(deflater->zstd, &to, &from, directive);
		if (ZSTD_isError(left)) /* with these parameters it has no other reason */
			return sl_fail_memory(err);
		out->len += to.pos;
	} while (from.pos < from.size || (last && left > 0));
	return SL_OK;
}

static const struct encoder encoders[] = {
	[SL_CODEC_GZIP] = { start_gzip, add_gzip },
	[SL_CODEC_ZSTD] = { start_zstd, add_zstd },
};

enum sl_status deflater_start(struct sl_deflater *deflater, enum sl_codec codec, uint64_t size,
			      struct sl_error *err)
{
	deflater->codec = codec;
	return encoders[codec].start(deflater, size, err);
}

enum sl_status deflater_add(struct sl_deflater *deflater, struct sl_slice bytes, bool last,
			    struct sl_buffer *out, struct sl_error *err)
{
	return encoders[deflater->codec].add(deflater, bytes, last, out, err);
}

void sl_deflater_free(struct sl_deflater *deflater)
{
	if (deflater == NULL)
		return;
	if (deflater->gzip_open)
		deflateEnd(&deflater->gzip);
	ZSTD_freeCCtx(deflater->zstd);
	free(deflater);
}

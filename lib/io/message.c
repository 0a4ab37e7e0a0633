/* Messages that are compressed alone: one call undoes or makes one. */
#include "deflate.h"
#include "inflate.h"
#include <assert.h>
#include <stdlib.h>

enum { OUT_BYTES = 16 * 1024, MIB = 1024 * 1024 };

static enum sl_status over_limit(const struct sl_inflater *inflater, size_t limit,
				 struct sl_error *err)
{
	bool whole = limit > 0 && limit % MIB == 0;

	return sl_reject(err, SL_OVERSIZE, (size_t)inflater->taken,
			 "message is over --max-message (%zu %s) when decompressed",
			 whole ? limit / MIB : limit, whole ? "MiB" : "bytes");
}

/*
 * One step into *out, of which `left` more bytes are allowed.  Where none are left, a byte that
 * still comes is one too many; it is not kept.
 */
static enum sl_status step_into(struct sl_inflater *inflater, struct sl_slice *in, size_t left,
				struct sl_buffer *out, struct sl_error *err)
{
	char excess;
	struct inflater_room room = { &excess, 1 };
	enum sl_status status;

	if (left > 0) {
		room.at = sl_buffer_reserve(out, left < OUT_BYTES ? left : OUT_BYTES);
		if (room.at == NULL)
			return sl_fail_memory(err);
		room.len = out->capacity - out->len;
		if (room.len > left)
			room.len = left;
	}
	status = inflater_step(inflater, in, &room, err);
	if (left > 0)
		out->len = (size_t)(room.at - out->data);
	return status;
}

enum sl_status sl_inflate_message(struct sl_inflater **state,
				  const struct sl_packed_message *message, struct sl_buffer *out,
				  struct sl_error *err)
{
	struct sl_inflater *inflater = *state;
	struct sl_slice rest = message->bytes;
	size_t limit = message->limit;
	enum sl_status status;
	uint64_t given;

	assert(message->codec != SL_CODEC_NONE);
	if (inflater == NULL)
		*state = inflater = calloc(1, sizeof(*inflater));
	if (inflater == NULL)
		return sl_fail_memory(err);
	status = inflater_start(inflater, message->codec, err);
	if (status != SL_OK)
		return status;
	do {
		given = inflater->given;
		status = step_into(inflater, &rest, limit - (size_t)given, out, err);
		if (inflater->given > limit)
			return over_limit(inflater, limit, err);
	} while (status == SL_OK && (rest.len > 0 || inflater->given > given));
	return status == SL_OK ? inflater_finish(inflater, err) : status;
}

enum sl_status sl_deflate_message(struct sl_deflater **state, enum sl_codec codec,
				  struct sl_slice message, struct sl_buffer *out,
				  struct sl_error *err)
{
	struct sl_deflater *deflater = *state;
	enum sl_status status;

	assert(codec != SL_CODEC_NONE);
	if (deflater == NULL)
		*state = deflater = calloc(1, sizeof(*deflater));
	if (deflater == NULL)
		return sl_fail_memory(err);
	status = deflater_start(deflater, codec, message.len, err);
	return status == SL_OK ? deflater_add(deflater, message, true, out, err) : status;
}

/*
 * Compressed bytes: as a message and as an input they give the same bytes and the same outcome, and
 * what is compressed comes back.  The first byte chooses the codec and how much is read at once.
 */
#include "spanline/io.h"
#include <stdlib.h>
#include <unistd.h>

enum {
	LIMIT = 1 << 20,
	PIPE_BYTES = 60000, /* a pipe holds as many before it is read */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool claim)
{
	if (!claim)
		abort();
}

static void put_into_stdin(struct sl_slice bytes)
{
	int ends[2];

	demand(pipe(ends) == 0);
	demand(write(ends[1], bytes.data, bytes.len) == (ssize_t)bytes.len);
	close(ends[1]);
	demand(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
	close(ends[0]);
}

/* What stands behind damage: each is told once, and an end comes. */
static void read_on(struct sl_input *input, size_t room, enum sl_status status)
{
	struct sl_buffer out = { 0 };
	struct sl_error err;
	size_t total = 0, losses = 0;

	while (status != SL_END && total <= LIMIT) {
		size_t got;
		char *at = sl_buffer_reserve(&out, room);

		demand(at != NULL && status != SL_FAILED);
		losses += status == SL_BAD_RECORD;
		demand(losses <= PIPE_BYTES);
		status = sl_input_read(input, at, room, &got, &err);
		demand((status == SL_OK) == (got > 0) && got <= room);
		total += got;
	}
	sl_buffer_free(&out);
}

/* As an input, up to LIMIT bytes, or to the first damage. */
static enum sl_status read_stream(struct sl_slice bytes, size_t room, struct sl_buffer *out,
				  struct sl_error *err)
{
	struct sl_input_options options = { .follow = false };
	struct sl_input *input = NULL;
	enum sl_status status;
	size_t got;

	put_into_stdin(bytes);
	demand(sl_input_open(&input, "-", &options, err) == SL_OK);
	do {
		char *at = sl_buffer_reserve(out, room);

		demand(at != NULL);
		status = sl_input_read(input, at, room, &got, err);
		demand((status == SL_OK) == (got > 0) && got <= room);
		out->len += got;
	} while (status == SL_OK && out->len <= LIMIT);
	read_on(input, room, status);
	sl_input_close(input);
	return status;
}

static void compare_ways(enum sl_codec codec, struct sl_slice bytes, size_t room)
{
	struct sl_inflater *inflater = NULL;
	struct sl_buffer message = { 0 }, stream = { 0 };
	struct sl_error message_err, stream_err = { .reason = SL_SYSTEM };
	enum sl_status status =
		sl_inflate_message(&inflater, &(struct sl_packed_message){ codec, bytes, LIMIT },
				   &message, &message_err);

	demand(status == SL_OK || status == SL_BAD_RECORD);
	demand(message.len <= LIMIT);
	demand(status == SL_OK || message_err.offset <= bytes.len);
	sl_inflater_free(inflater);
	if (sl_codec_sniff(bytes) == codec && bytes.len <= PIPE_BYTES) {
		enum sl_status last = read_stream(bytes, room, &stream, &stream_err);
		size_t common = message.len < stream.len ? message.len : stream.len;

		demand(common == 0 || memcmp(message.data, stream.data, common) == 0);
		demand(stream.len >= message.len);
		if (message.len < LIMIT) {
			demand(stream.len == message.len);
			demand(last == (status == SL_OK ? SL_END : SL_BAD_RECORD));
			demand(status == SL_OK || message_err.reason == stream_err.reason);
		}
	}
	sl_buffer_free(&message);
	sl_buffer_free(&stream);
}

static void there_and_back(enum sl_codec codec, struct sl_slice bytes)
{
	struct sl_deflater *deflater = NULL;
	struct sl_inflater *inflater = NULL;
	struct sl_buffer packed = { 0 }, back = { 0 };
	struct sl_error err;

	demand(sl_deflate_message(&deflater, codec, bytes, &packed, &err) == SL_OK);
	demand(sl_inflate_message(
		       &inflater,
		       &(struct sl_packed_message){ codec, sl_buffer_slice(&packed), bytes.len },
		       &back, &err) == SL_OK);
	demand(sl_slice_equal(sl_buffer_slice(&back), bytes));
	sl_deflater_free(deflater);
	sl_inflater_free(inflater);
	sl_buffer_free(&packed);
	sl_buffer_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	enum sl_codec codec = (data[0] & 1) != 0 ? SL_CODEC_GZIP : SL_CODEC_ZSTD;
	size_t room = (size_t)1 << (data[0] >> 1 & 0xf);
	struct sl_slice bytes = { (const char *)data + 1, size - 1 };

	compare_ways(codec, bytes, room);
	there_and_back(codec, bytes);
	return 0;
}

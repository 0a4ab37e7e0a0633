/*
 * Messages with a prefix that says how long they are.
 *
 *   be32    length, 4 bytes big-endian                          the Collector's file exporter
 *   varint  length, 7 bits a byte, lowest first                 writeDelimitedTo and its like
 *   grpc    0 or 1 (compressed), length, 4 bytes big-endian     bodies of gRPC requests
 *
 * A chain of lengths is lost with its first wrong link, so each link is held against what it leads
 * to: the message must begin like one, its fields must end where it ends, or else the next prefix
 * must stand there.  Where that fails, the fields may tell where the message really ends; if they
 * do not, the next frame is searched byte by byte.
 */
#include "source.h"
#include "spanline/wire.h"

enum {
	/* An uncommon message (unknown fields first) is only believed when it is seen whole. */
	UNCOMMON_BYTES = 64 * 1024,
	/* So much of an oversized message is looked at, as the prefix may be wrong. */
	OVERSIZE_BYTES = READ_STEP,
};

static uint64_t big_endian(const char *at)
{
	const unsigned char *bytes = (const unsigned char *)at;

	return (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 |
	       bytes[3];
}

static enum verdict be32_prefix(struct sl_slice have, struct frame *frame)
{
	if (have.len < 4)
		return VERDICT_OPEN;
	*frame = (struct frame){ .prefix = 4, .len = big_endian(have.data) };
	return VERDICT_YES;
}

static enum verdict varint_prefix(struct sl_slice have, struct frame *frame)
{
	size_t prefix = 0;

	if (have.len > 0)
		prefix = sl_wire_read_varint(have.data, have.data + have.len, &frame->len);
	if (prefix == 0)
		return have.len < 10 ? VERDICT_OPEN : VERDICT_NO;
	frame->prefix = prefix;
	return frame->len <= INT64_MAX ? VERDICT_YES : VERDICT_NO;
}

static enum verdict grpc_prefix(struct sl_slice have, struct frame *frame)
{
	if (have.len > 0 && (have.data[0] & ~1) != 0)
		return VERDICT_NO;
	if (have.len < 5)
		return VERDICT_OPEN;
	*frame = (struct frame){ .prefix = 5,
				 .len = big_endian(have.data + 1),
				 .packed = have.data[0] == 1 };
	return VERDICT_YES;
}

static enum verdict (*const prefixes[SL_FORMAT_COUNT])(struct sl_slice have,
						       struct frame *frame) = {
	[SL_FORMAT_BE32] = be32_prefix,
	[SL_FORMAT_VARINT] = varint_prefix,
	[SL_FORMAT_GRPC] = grpc_prefix,
};

static struct sl_slice message_of(struct sl_slice have, const struct frame *frame)
{
	struct sl_slice message = { have.data + frame->prefix, have.len - frame->prefix };

	if (message.len > frame->len)
		message.len = (size_t)frame->len;
	return message;
}

enum verdict frame_begins(enum sl_format format, struct sl_slice have, struct frame *frame)
{
	struct sl_slice message;
	enum verdict prefix;

	*frame = (struct frame){ 0 };
	prefix = prefixes[format](have, frame);
	if (prefix != VERDICT_YES || frame->len == 0)
		return prefix;
	message = message_of(have, frame);
	if (!frame->packed)
		return message_begins(message, frame->len);
	if (message.len < 4 && message.len < frame->len)
		return VERDICT_OPEN;
	return sl_codec_sniff(message) != SL_CODEC_NONE ? VERDICT_YES : VERDICT_NO;
}

bool fields_end(const char *at, const char *end, uint64_t *credit)
{
	while (at < end) {
		struct sl_slice payload;
		uint32_t number;
		unsigned type;
		size_t len = sl_wire_field(at, end, &number, &type, &payload);

		if (len == 0 || len == SIZE_MAX)
			return false;
		at += len;
		if (*credit == 0)
			return true;
		--*credit;
	}
	return true;
}

/* No frame begins at the window's start, or none that can be believed. */
static bool lose(struct sl_source *source, const struct frame *frame)
{
	struct length_framing *state = &source->framing.length;

	if (!state->told && frame->prefix == 0)
		window_complain(source, SL_MALFORMED, 0, "no length of a message stands here");
	else if (!state->told)
		window_complain(
			source, SL_MALFORMED, 0,
			"a length of %llu bytes stands here, but no message that is as long",
			(unsigned long long)frame->len);
	state->told = true;
	state->lost = true;
	window_consume(source, 1);
	return true;
}

/* The frame's message is `len` bytes, or what is there of it. */
static bool take(struct sl_source *source, const struct frame *frame, uint64_t len, bool truncated)
{
	struct sl_slice have = { window_bytes(source) + frame->prefix,
				 window_len(source) - frame->prefix };

	if (have.len > len)
		have.len = (size_t)len;
	window_emit(source, (struct sl_unit){ .kind = SL_UNIT_MESSAGE,
					      .codec = sl_codec_sniff(have),
					      .truncated = truncated,
					      .at = frame->prefix,
					      .len = have.len });
	window_consume(source, frame->prefix + have.len);
	source->framing.length = (struct length_framing){ 0 };
	return true;
}

/* The same where the length is wrong. */
static bool take_other(struct sl_source *source, const struct frame *frame, uint64_t len)
{
	window_complain(source, SL_MALFORMED, 0,
			"the length says %llu bytes, but the message has %llu",
			(unsigned long long)frame->len, (unsigned long long)len);
	return take(source, frame, len, false);
}

/*
 * The length is not believed: where do the fields of the request end?  Yes: *len, and there the
 * next frame begins (or the input has ended).
 */
static enum verdict find_end(struct sl_source *source, const struct frame *frame, uint64_t *len)
{
	const char *start = window_bytes(source) + frame->prefix, *at = start;
	const char *end = window_bytes(source) + window_len(source);
	struct frame next;
	enum verdict begins;

	while (at < end && *at == 0x0a && source->credit > 0) {
		struct sl_slice payload;
		uint32_t number;
		unsigned type;
		size_t field = sl_wire_field(at, end, &number, &type, &payload);

		if (field == 0 && !source->ended)
			return VERDICT_OPEN;
		if (field == 0 || field == SIZE_MAX)
			return VERDICT_NO;
		at += field;
		source->credit--;
	}
	*len = (uint64_t)(at - start);
	if (at == start)
		return VERDICT_NO;
	begins = frame_begins(source->format, (struct sl_slice){ at, (size_t)(end - at) }, &next);
	return begins == VERDICT_OPEN && source->ended ? VERDICT_YES : begins;
}

/* What stands behind the frame, which is whole. */
static enum verdict next_begins(struct sl_source *source, const struct frame *frame)
{
	size_t total = frame->prefix + (size_t)frame->len;
	struct sl_slice rest = { window_bytes(source) + total, window_len(source) - total };
	struct frame next;
	enum verdict begins = frame_begins(source->format, rest, &next);

	return begins == VERDICT_OPEN && source->ended ? VERDICT_YES : begins;
}

/* The whole message is there, but its fields do not end where it does. */
static bool doubt_end(struct sl_source *source, const struct frame *frame)
{
	enum verdict begins = next_begins(source, frame);
	uint64_t len;

	if (source->framing.length.doubted)
		return lose(source, frame);
	if (begins == VERDICT_OPEN)
		return false;
	if (begins == VERDICT_YES) /* the damage is inside */
		return take(source, frame, frame->len, false);
	begins = window_len(source) < source->options.max_message ? find_end(source, frame, &len)
								  : VERDICT_NO;
	if (begins == VERDICT_OPEN)
		return false;
	if (begins == VERDICT_NO)
		return lose(source, frame);
	return take_other(source, frame, len);
}

static bool cut_whole(struct sl_source *source, const struct frame *frame)
{
	struct sl_slice message = message_of(window(source), frame);

	if (fields_end(message.data, message.data + message.len, &source->credit) ||
	    sl_codec_sniff(message) != SL_CODEC_NONE || json_probably(message))
		return take(source, frame, frame->len, false);
	return doubt_end(source, frame);
}

static bool cut_last(struct sl_source *source, const struct frame *frame)
{
	size_t have = window_len(source) - frame->prefix;
	uint64_t len;

	if (have == 0) {
		window_complain(source, SL_TRUNCATED, 0,
				"the input ends before a message of %llu bytes",
				(unsigned long long)frame->len);
		window_consume(source, frame->prefix);
		return false;
	}
	if (find_end(source, frame, &len) != VERDICT_YES || len == have)
		return take(source, frame, frame->len, true);
	return take_other(source, frame, len);
}

static bool cut_oversized(struct sl_source *source, const struct frame *frame)
{
	uint64_t len;

	if (source->framing.length.doubted)
		return lose(source, frame);
	if (window_len(source) < OVERSIZE_BYTES && !source->ended)
		return false;
	if (find_end(source, frame, &len) == VERDICT_YES &&
	    len < window_len(source) - frame->prefix)
		return take_other(source, frame, len);
	window_complain(source, SL_OVERSIZE, 0,
			"a message of %llu bytes is over the limit of %zu (--max-message)",
			(unsigned long long)frame->len, source->options.max_message);
	window_pass(source, frame->prefix + frame->len);
	source->framing.length = (struct length_framing){ 0 };
	return true;
}

/* What stands behind the prefix is not the start of a message as they usually are. */
static bool cut_uncommon(struct sl_source *source, const struct frame *frame)
{
	uint64_t limit = frame->packed ? source->options.max_message : UNCOMMON_BYTES;
	struct sl_slice message;
	enum verdict next;

	if (source->framing.length.doubted || frame->prefix == 0 || frame->len > limit)
		return lose(source, frame);
	message = message_of(window(source), frame);
	if (message.len < frame->len)
		return source->ended ? lose(source, frame) : false;
	if (!frame->packed)
		return fields_end(message.data, message.data + message.len, &source->credit)
			       ? take(source, frame, frame->len, false)
			       : lose(source, frame);
	next = next_begins(source, frame);
	if (next != VERDICT_YES)
		return next == VERDICT_OPEN ? false : lose(source, frame);
	window_complain(source, SL_UNSUPPORTED, 0,
			"a message is compressed, but not with gzip or zstd");
	window_consume(source, frame->prefix + message.len);
	return true;
}

/* One frame at the window's start; false: more bytes are needed. */
static bool cut_frame(struct sl_source *source)
{
	struct frame frame;
	enum verdict begins = frame_begins(source->format, window(source), &frame);

	if (begins == VERDICT_OPEN && !source->ended)
		return false;
	if (begins == VERDICT_OPEN && frame.prefix == 0) {
		window_complain(source, SL_TRUNCATED, 0, "the input ends inside a length");
		window_consume(source, window_len(source));
		return false;
	}
	if (begins == VERDICT_NO)
		return cut_uncommon(source, &frame);
	if (frame.len > source->options.max_message)
		return cut_oversized(source, &frame);
	if (frame.len <= window_len(source) - frame.prefix)
		return cut_whole(source, &frame);
	if (source->ended)
		return cut_last(source, &frame);
	source->need = frame.prefix + (size_t)frame.len;
	return false;
}

/* Where the next frame may begin; false: not in the window. */
static bool find_frame(struct sl_source *source)
{
	struct sl_slice rest = window(source);
	enum verdict begins = VERDICT_NO;
	struct frame frame;

	for (; rest.len > 0; rest.data++, rest.len--) {
		begins = frame_begins(source->format, rest, &frame);
		if (begins == VERDICT_OPEN && !source->ended)
			break;
		if (begins == VERDICT_YES && frame.len > 0 &&
		    frame.len <= source->options.max_message)
			break;
	}
	window_consume(source, window_len(source) - rest.len);
	if (rest.len == 0 || begins != VERDICT_YES)
		return false;
	source->framing.length.lost = false;
	source->framing.length.doubted = true;
	return true;
}

void frame_length(struct sl_source *source)
{
	while (window_len(source) > 0 && !window_full(source))
		if (source->framing.length.lost ? !find_frame(source) : !cut_frame(source))
			return;
}

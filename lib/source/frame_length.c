/*
 * Messages with a prefix that says how long they are.
 *
 *   be32    length, 4 bytes big-endian                          the Collector's file exporter
 *   varint  length, 7 bits a byte, lowest first                 writeDelimitedTo and its like
 *   grpc    0 or 1 (compressed), length, 4 bytes big-endian     bodies of gRPC requests
 *
 * A chain of lengths is lost with its first wrong link, so each link is held against what it leads
 * to: the message must begin like one, and so must what stands behind it.  Where it does not, the
 * next frame is searched byte by byte; what stands before that is what there is of the message.
 */
#include "source.h"
#include "spanline/wire.h"

enum {
	/* An uncommon message (unknown fields first) is only believed when it is seen whole. */
	UNCOMMON_BYTES = 64 * 1024,
	/* So far behind a message that cannot be right the next frame is searched. */
	SEARCH_BYTES = 256 * 1024,
	/* Enough of a frame to tell that it is one. */
	START_BYTES = 32,
	/* So many empty messages may stand at the end; more of them are a file that was not filled.
	 */
	EMPTY_FEW = 8,
	/* Down to spans: what is looked at of a message while nothing stands behind it. */
	NESTED = 2,
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

bool fields_end(struct sl_slice message, unsigned depth, uint64_t *credit)
{
	const char *at = message.data, *end = at + message.len;

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
		if (depth > 0 && number <= 2 && type == 2 &&
		    !fields_end(payload, depth - 1, credit))
			return false;
	}
	return true;
}

/*
 * All fields of a request are ResourceSpans (or their like), which tells it from the messages
 * inside it: those begin in the same way.
 */
static bool is_request(struct sl_slice message, uint64_t *credit)
{
	const char *at = message.data, *end = at + message.len;

	while (*credit > 0 && at < end) {
		struct sl_slice payload;
		uint32_t number;
		unsigned type;
		size_t len = sl_wire_field(at, end, &number, &type, &payload);

		if (len == 0 || len == SIZE_MAX || *at != 0x0a)
			return false;
		at += len;
		--*credit;
	}
	return true;
}

/* Right down to its spans, so that no other frame was written over its end. */
static bool is_whole_request(struct sl_slice message)
{
	uint64_t credit = message.len; /* more than it can have fields */

	return is_request(message, &credit) && fields_end(message, NESTED, &credit);
}

/* The bytes begin with a frame that proves to be one. */
static enum verdict frame_proves(struct sl_source *source, struct sl_slice bytes)
{
	struct frame frame;
	enum verdict begins = frame_begins(source->format, bytes, &frame);
	struct sl_slice message;

	if (begins != VERDICT_YES)
		return source->ended ? VERDICT_NO : begins;
	if (frame.len == 0 || frame.len > source->options.max_message)
		return VERDICT_NO;
	message = message_of(bytes, &frame);
	if (message.len == frame.len)
		return sl_codec_sniff(message) != SL_CODEC_NONE || json_probably(message) ||
				       is_request(message, &source->credit)
			       ? VERDICT_YES
			       : VERDICT_NO;
	if (!source->ended)
		return VERDICT_OPEN;
	/* where a request is cut, what is inside it looks like a varint and a message too */
	return source->format == SL_FORMAT_VARINT ? VERDICT_NO : VERDICT_YES;
}

/*
 * The next frame that proves to be one, at `from` or behind it, but before `to`.  Open: more bytes
 * must tell.  What was looked at in vain is not looked at again.
 */
static enum verdict find_frame(struct sl_source *source, size_t from, size_t to, size_t *found)
{
	struct sl_slice rest = window(source);
	size_t *at = &source->framing.length.searched;

	if (*at < from)
		*at = from;
	for (; *at < to && *at < rest.len; ++*at) {
		struct sl_slice bytes = { rest.data + *at, rest.len - *at };
		enum verdict proves = frame_proves(source, bytes);

		*found = *at;
		if (proves != VERDICT_NO)
			return proves;
	}
	*found = *at;
	return *at < to && !source->ended ? VERDICT_OPEN : VERDICT_NO;
}

/* No frame begins at the window's start, or none that can be believed. */
static bool lose(struct sl_source *source, const struct frame *frame)
{
	if (frame->prefix == 0)
		window_complain(source, SL_MALFORMED, 0, "no length of a message stands here");
	else
		window_complain(
			source, SL_MALFORMED, 0,
			"a length of %llu bytes stands here, but no message that is as long",
			(unsigned long long)frame->len);
	source->framing.length = (struct length_framing){ .lost = true };
	window_consume(source, 1);
	return true;
}

/* To the next frame, if it is in the window. */
static bool pass_lost(struct sl_source *source)
{
	size_t at = 0;
	enum verdict found = find_frame(source, 0, SIZE_MAX, &at);

	source->framing.length = (struct length_framing){ .lost = found != VERDICT_YES };
	window_consume(source, at);
	return found == VERDICT_YES;
}

static bool all_zero(const char *at, size_t len)
{
	while (len > 0 && at[len - 1] == 0)
		len--;
	return len == 0;
}

/* The frame at the window's start is taken: what is to be remembered of it. */
static void note_taken(struct sl_source *source, const struct frame *frame)
{
	struct length_framing taken = source->framing.length;

	taken.searched = 0;
	if (frame->len > 0 || !all_zero(window_bytes(source), frame->prefix))
		taken.empty_count = 0;
	else if (taken.empty_count++ == 0)
		taken.empty_at = source->base + source->at;
	source->framing.length = taken;
}

/* At the end, once. */
static void tell_of_zeros(struct sl_source *source)
{
	struct length_framing *state = &source->framing.length;
	struct sl_error err;

	if (state->empty_count <= EMPTY_FEW)
		return;
	(void)sl_reject(&err, SL_MALFORMED, 0,
			"from here to the end there are only zeros: was the file not filled?");
	if (!sl_complaints_add(&source->parcel->complaints, &err, state->empty_at, 0))
		source->no_memory = true;
	state->empty_count = 0;
}

/* The frame's message is what is there of `len` bytes. */
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
	note_taken(source, frame);
	window_consume(source, frame->prefix + have.len);
	return true;
}

/* The next frame stands at `next`: its length is wrong, or the rest of it is missing. */
static bool take_up_to(struct sl_source *source, const struct frame *frame, size_t next)
{
	size_t len = next - frame->prefix;
	struct sl_slice message = { window_bytes(source) + frame->prefix, len };
	bool whole = fields_end(message, NESTED, &source->credit);

	if (whole)
		window_complain(source, SL_MALFORMED, 0,
				"the length says %llu bytes, but the message has %zu",
				(unsigned long long)frame->len, len);
	return take(source, frame, len, !whole);
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

static bool cut_whole(struct sl_source *source, const struct frame *frame)
{
	struct sl_slice message = message_of(window(source), frame);
	bool proven = fields_end(message, source->pressed ? NESTED : 0, &source->credit) ||
		      sl_codec_sniff(message) != SL_CODEC_NONE || json_probably(message);
	enum verdict next = next_begins(source, frame);
	size_t at, total = frame->prefix + message.len;

	if (next == VERDICT_YES || (next == VERDICT_OPEN && proven && source->pressed))
		return take(source, frame, frame->len, false);
	if (next == VERDICT_OPEN)
		return false;
	if (source->framing.length.searched == 0 && is_whole_request(message))
		return take(source, frame, frame->len, false);
	switch (find_frame(source, frame->prefix + 1, proven ? total : total + SEARCH_BYTES, &at)) {
	case VERDICT_YES:
		return take_up_to(source, frame, at);
	case VERDICT_OPEN:
		return false;
	case VERDICT_NO:
		break;
	}
	return proven ? take(source, frame, frame->len, false) : lose(source, frame);
}

/* The input ends inside the frame. */
static bool cut_last(struct sl_source *source, const struct frame *frame)
{
	size_t at;

	if (window_len(source) == frame->prefix) {
		window_complain(source, SL_TRUNCATED, 0,
				"the input ends before a message of %llu bytes",
				(unsigned long long)frame->len);
		window_consume(source, frame->prefix);
		return false;
	}
	/* in compressed bytes, anything can look like the start of a frame that is cut too */
	if (sl_codec_sniff(message_of(window(source), frame)) == SL_CODEC_NONE &&
	    find_frame(source, frame->prefix + 1, SIZE_MAX, &at) == VERDICT_YES)
		return take_up_to(source, frame, at);
	return take(source, frame, frame->len, true);
}

static bool cut_oversized(struct sl_source *source, const struct frame *frame)
{
	uint64_t total = frame->prefix + frame->len;
	size_t at, to = total < SEARCH_BYTES ? (size_t)total : SEARCH_BYTES;

	switch (find_frame(source, frame->prefix + 1, to, &at)) {
	case VERDICT_YES:
		return take_up_to(source, frame, at);
	case VERDICT_OPEN:
		return false;
	case VERDICT_NO:
		break;
	}
	window_complain(source, SL_OVERSIZE, 0,
			"a message of %llu bytes is over the limit of %zu (--max-message)",
			(unsigned long long)frame->len, source->options.max_message);
	window_pass(source, total);
	source->framing.length = (struct length_framing){ 0 };
	return true;
}

/* gRPC says that it is compressed, but the bytes do not say how. */
static bool cut_packed(struct sl_source *source, const struct frame *frame)
{
	enum verdict next;

	if (frame->len > source->options.max_message)
		return lose(source, frame);
	if (frame->len > window_len(source) - frame->prefix)
		return source->ended ? lose(source, frame) : false;
	next = next_begins(source, frame);
	if (next != VERDICT_YES)
		return next == VERDICT_OPEN ? false : lose(source, frame);
	window_complain(source, SL_UNSUPPORTED, 0,
			"a message is compressed, but not with gzip or zstd");
	window_consume(source, frame->prefix + (size_t)frame->len);
	return true;
}

/* What stands behind the prefix is not the start of a message as they usually are. */
static bool cut_uncommon(struct sl_source *source, const struct frame *frame)
{
	struct sl_slice message = message_of(window(source), frame);
	size_t at;

	if (frame->prefix == 0)
		return lose(source, frame);
	if (frame->packed)
		return cut_packed(source, frame);
	if (frame->len <= UNCOMMON_BYTES && message.len < frame->len && !source->ended)
		return false;
	if (frame->len <= UNCOMMON_BYTES && message.len == frame->len &&
	    fields_end(message, 0, &source->credit))
		return take(source, frame, frame->len, false);
	if (message.len == 0 || *message.data != 0x0a)
		return lose(source, frame);
	switch (find_frame(source, frame->prefix + 1, SEARCH_BYTES, &at)) {
	case VERDICT_YES:
		return take_up_to(source, frame, at);
	case VERDICT_OPEN:
		return false;
	case VERDICT_NO:
		break;
	}
	return lose(source, frame);
}

static size_t leading_zeros(struct sl_slice bytes)
{
	size_t count = 0;

	while (bytes.len - count >= 8 && sl_load_8(bytes.data + count) == 0)
		count += 8;
	while (count < bytes.len && bytes.data[count] == 0)
		count++;
	return count;
}

/* A file that was not filled may have gigabytes of them: what would be an empty message each is
 * passed over at once. */
static bool pass_zeros(struct sl_source *source, size_t prefix)
{
	size_t count = leading_zeros(window(source)) / prefix;

	source->framing.length.empty_count += count;
	window_consume(source, count * prefix);
	return count > 0;
}

/* One frame at the window's start; false: more bytes are needed. */
static bool cut_frame(struct sl_source *source)
{
	struct frame frame;
	enum verdict begins = frame_begins(source->format, window(source), &frame);

	if (begins == VERDICT_OPEN && !source->ended)
		return false;
	if (begins == VERDICT_OPEN && frame.prefix == 0) {
		if (source->framing.length.empty_count <= EMPTY_FEW ||
		    !all_zero(window_bytes(source), window_len(source)))
			window_complain(source, SL_TRUNCATED, 0, "the input ends inside a length");
		window_consume(source, window_len(source));
		return false;
	}
	if (begins == VERDICT_NO)
		return cut_uncommon(source, &frame);
	if (frame.len == 0 && source->framing.length.empty_count > EMPTY_FEW &&
	    pass_zeros(source, frame.prefix))
		return true;
	if (frame.len > source->options.max_message)
		return cut_oversized(source, &frame);
	if (frame.len <= window_len(source) - frame.prefix)
		return cut_whole(source, &frame);
	if (source->ended)
		return cut_last(source, &frame);
	source->need = frame.prefix + (size_t)frame.len + START_BYTES;
	return false;
}

void frame_length(struct sl_source *source)
{
	bool on = true;

	while (on && window_len(source) > 0 && !window_full(source))
		on = source->framing.length.lost ? pass_lost(source) : cut_frame(source);
	if (source->ended && window_len(source) == 0)
		tell_of_zeros(source);
}

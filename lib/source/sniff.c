/* Which format it is, by the first bytes. */
#include "log_line.h"
#include "source.h"
#include "spanline/text.h"
#include "spanline/wire.h"
#include "unread.h"

/* So many bytes must be enough to tell. */
enum {
	SNIFF_BYTES = 16 * 1024,
	/* the same of JSON, where the first record tells */
	DOCUMENT_BYTES = 256 * 1024,
};

/* What a rule sees; it sets `format` where it says yes. */
struct start {
	struct sl_slice bytes;
	bool ended;  /* no more will be shown */
	bool enough; /* though there is more */
	enum sl_format format;
	struct sl_error *err;
};

static enum verdict nothing_but_blanks(struct start *start)
{
	struct sl_slice mark = SL_SLICE("\xef\xbb\xbf");
	struct sl_slice bytes = start->bytes;

	if (bytes.len >= mark.len && memcmp(bytes.data, mark.data, mark.len) == 0) {
		bytes.data += mark.len;
		bytes.len -= mark.len;
	}
	start->format = start->enough ? SL_FORMAT_JSON : SL_FORMAT_AUTO;
	if (blank_prefix(bytes) < bytes.len)
		return VERDICT_NO;
	return start->ended ? VERDICT_YES : VERDICT_OPEN;
}

/* The format stays SL_FORMAT_COUNT, which no other rule gives. */
static enum verdict foreign(struct start *start)
{
	start->format = SL_FORMAT_COUNT;
	return unread_begins(start->bytes, start->err);
}

/* A word and what comes behind it, so that "GET " alone in a text is none.  Proxies are asked for
 * whole URIs. */
static enum verdict http(struct start *start)
{
	static const char *const words[] = { "POST /",	  "POST http", "PUT /",	  "PUT http",
					     "HTTP/1.1 ", "HTTP/1.0 ", "GET /",	  "GET http",
					     "HEAD /",	  "HEAD http", "OPTIONS " };
	enum verdict all = VERDICT_NO;

	start->format = SL_FORMAT_HTTP;
	for (size_t i = 0; i < SL_COUNT(words); i++) {
		size_t word_len = strlen(words[i]);
		size_t len = word_len < start->bytes.len ? word_len : start->bytes.len;

		if (memcmp(words[i], start->bytes.data, len) == 0) {
			if (len == word_len)
				return VERDICT_YES;
			all = VERDICT_OPEN;
		}
	}
	return all;
}

/* What container runtimes and serverless exporters write is JSON, too, some of it. */
static enum verdict logs(struct start *start)
{
	start->format = SL_FORMAT_LOGS;
	return logs_begin(start->bytes);
}

static enum verdict json(struct start *start)
{
	enum verdict begins;

	start->format = SL_FORMAT_JSON;
	if (start->bytes.len >= 3 && memcmp(start->bytes.data, "\xef\xbb\xbf", 3) == 0)
		return VERDICT_YES;
	begins = json_begins(start->bytes);
	return begins == VERDICT_OPEN && start->ended ? VERDICT_YES : begins;
}

/*
 * The first frame that is not empty begins like one.  Where the bytes have ended before that is
 * certain, part of it or an empty frame is enough.
 */
static enum verdict chain_begins(enum sl_format format, const struct start *start)
{
	struct sl_slice rest = start->bytes;
	enum verdict begins = VERDICT_OPEN;
	struct frame frame = { 0 };

	while (rest.len > 0) {
		begins = frame_begins(format, rest, &frame);
		if (begins != VERDICT_YES || frame.len > 0)
			break;
		rest.data += frame.prefix;
		rest.len -= frame.prefix;
		begins = VERDICT_OPEN;
	}
	if (begins != VERDICT_OPEN || !start->ended)
		return begins;
	return (rest.len < start->bytes.len && format != SL_FORMAT_VARINT) ||
			       (frame.prefix > 0 && rest.len > frame.prefix)
		       ? VERDICT_YES
		       : VERDICT_NO;
}

/* Yes: the frames end where the bytes do; open: inside one of them. */
static enum verdict chain_holds(enum sl_format format, const struct start *start)
{
	struct sl_slice rest = start->bytes;
	uint64_t credit = SNIFF_BYTES;

	while (rest.len > 0) {
		struct frame frame;
		enum verdict begins = frame_begins(format, rest, &frame);
		struct sl_slice message = { rest.data + frame.prefix, (size_t)frame.len };

		if (begins != VERDICT_YES)
			return begins;
		if (frame.len > rest.len - frame.prefix)
			return VERDICT_OPEN;
		if (message.len > 0 && *message.data == 0x0a && !fields_end(message, 0, &credit))
			return VERDICT_NO;
		rest.data += frame.prefix + message.len;
		rest.len -= frame.prefix + message.len;
	}
	return VERDICT_YES;
}

/* The same of fields without frames. */
static enum verdict fields_hold(const struct start *start)
{
	const char *at = start->bytes.data, *end = at + start->bytes.len;

	while (at < end) {
		struct sl_slice payload;
		uint32_t number;
		unsigned type;
		size_t len = sl_wire_field(at, end, &number, &type, &payload);

		if (len == 0 || len == SIZE_MAX)
			return len == 0 ? VERDICT_OPEN : VERDICT_NO;
		at += len;
	}
	return VERDICT_YES;
}

static enum verdict request(const struct start *start)
{
	enum verdict begins = request_begins(start->bytes, INT32_MAX);

	return begins == VERDICT_OPEN && start->ended ? VERDICT_YES : begins;
}

/*
 * Yes where one of the formats begins here.  Of several it is the first that holds best, seen from
 * as far as can be.
 */
static enum verdict one_of(struct start *start, const enum sl_format *formats, size_t count)
{
	enum verdict best = VERDICT_NO;
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		bool bare = formats[i] == SL_FORMAT_PB;
		enum verdict holds,
			begins = bare ? request(start) : chain_begins(formats[i], start);

		if (begins == VERDICT_OPEN)
			return VERDICT_OPEN;
		if (begins == VERDICT_NO)
			continue;
		holds = bare ? fields_hold(start) : chain_holds(formats[i], start);
		if (found == 0 || holds > best) {
			start->format = formats[i];
			best = holds;
		}
		found++;
	}
	if (found > 1 && !start->ended)
		return VERDICT_OPEN;
	return found > 0 ? VERDICT_YES : VERDICT_NO;
}

/* 0 and 1 are gRPC's flags, and the first byte of a length below 32 MiB. */
static enum verdict fixed_length(struct start *start)
{
	static const enum sl_format formats[] = { SL_FORMAT_BE32, SL_FORMAT_GRPC };
	unsigned char first = (unsigned char)start->bytes.data[0];

	if (start->ended && start->bytes.len < 5 && first == 0) {
		start->format = SL_FORMAT_BE32; /* not even one frame: the most common */
		return VERDICT_YES;
	}
	return first <= 1 ? one_of(start, formats, SL_COUNT(formats)) : VERDICT_NO;
}

/* 0x0a is the tag of a request's first field, and the length of a message of ten bytes. */
static enum verdict bare_request(struct start *start)
{
	static const enum sl_format formats[] = { SL_FORMAT_PB, SL_FORMAT_VARINT };

	return start->bytes.data[0] == 0x0a ? one_of(start, formats, SL_COUNT(formats))
					    : VERDICT_NO;
}

/* A character may be cut at the end. */
static bool is_text(struct sl_slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if ((unsigned char)bytes.data[i] < 0x20 && !is_blank(bytes.data[i]) &&
		    bytes.data[i] != 0x1b)
			return false;
	return bytes.len - sl_utf8_prefix(bytes) < 4;
}

static enum verdict any_length(struct start *start)
{
	static const enum sl_format formats[] = { SL_FORMAT_VARINT, SL_FORMAT_BE32 };

	/* any letter is a length, but messages hold bytes that no text has */
	if (is_text(start->bytes))
		return VERDICT_NO;
	return one_of(start, formats, SL_COUNT(formats));
}

/* Text is JSON if a line of it begins like JSON, and a log if telemetry stands behind other text.
 */
static enum verdict text(struct start *start)
{
	struct sl_slice rest = start->bytes;

	start->format = SL_FORMAT_LOGS;
	if (logs_hold(start->bytes) == VERDICT_YES)
		return VERDICT_YES;
	start->format = SL_FORMAT_JSON;
	while (rest.len > 0) {
		const char *newline = memchr(rest.data, '\n', rest.len);
		struct sl_slice line = { rest.data, rest.len };

		if (newline != NULL)
			line.len = (size_t)(newline - rest.data) + 1;
		if (json_begins(rest) == VERDICT_YES)
			return VERDICT_YES;
		if (!is_text(line))
			return VERDICT_NO;
		rest.data += line.len;
		rest.len -= line.len;
	}
	if (!start->ended)
		return VERDICT_OPEN;
	start->format = SL_FORMAT_COUNT;
	(void)unread_text(start->bytes, start->err);
	return VERDICT_YES;
}

/* A request that begins with fields nobody knows: behind them stands one that is known. */
static enum verdict uncommon_request(struct start *start)
{
	struct sl_slice rest = start->bytes;
	enum verdict begins;

	start->format = SL_FORMAT_PB;
	while ((begins = request_begins(rest, INT32_MAX)) == VERDICT_NO) {
		struct sl_slice payload;
		uint32_t number;
		unsigned type;
		size_t len =
			sl_wire_field(rest.data, rest.data + rest.len, &number, &type, &payload);

		if (len == 0 || len == SIZE_MAX)
			return len == 0 ? VERDICT_OPEN : VERDICT_NO;
		rest.data += len;
		rest.len -= len;
	}
	return begins;
}

/*
 * Lengths that lead from frame to frame, of which not the first begins like a message, as that is
 * damaged, but a later one.
 */
static bool leads_to_message(enum sl_format format, const struct start *start)
{
	struct sl_slice rest = start->bytes;
	unsigned good = 0;

	while (rest.len > 0) {
		struct frame frame;
		enum verdict begins = frame_begins(format, rest, &frame);

		if (frame.prefix == 0 || frame.len > rest.len - frame.prefix)
			break;
		good += begins == VERDICT_YES && frame.len > 0;
		rest.data += frame.prefix + frame.len;
		rest.len -= frame.prefix + (size_t)frame.len;
	}
	return good > 1 || (good == 1 && rest.len == 0);
}

static enum verdict damaged_chain(struct start *start)
{
	static const enum sl_format formats[] = { SL_FORMAT_BE32, SL_FORMAT_GRPC };

	/* the first byte of such lengths, or a flag */
	if ((unsigned char)start->bytes.data[0] > 1)
		return VERDICT_NO;
	for (size_t i = 0; i < SL_COUNT(formats); i++) {
		start->format = formats[i];
		if (leads_to_message(formats[i], start))
			return VERDICT_YES;
	}
	return VERDICT_OPEN;
}

/* In this order: each is only asked what those before it do not know. */
static enum verdict (*const rules[])(struct start *) = {
	nothing_but_blanks, foreign,	  http,	      logs, json,
	fixed_length,	    bare_request, any_length, text, uncommon_request,
	damaged_chain,
};

/* JSON may be that of another program: its first document tells.  SL_END: more of it is needed. */
static enum sl_status sniff_json(struct sl_slice bytes, bool ended, enum sl_format *format)
{
	bool all = ended || bytes.len >= DOCUMENT_BYTES;
	enum sl_foreign foreign;

	if (bytes.len > DOCUMENT_BYTES)
		bytes.len = DOCUMENT_BYTES;

	*format = SL_FORMAT_JSON;
	if (blank_prefix(bytes) == bytes.len)
		return SL_OK;
	switch (sl_foreign_detect(bytes, all, &foreign)) {
	case SL_FOREIGN_SEEN:
		*format = (enum sl_format)(SL_FORMAT_FOREIGN + foreign);
		return SL_OK;
	case SL_FOREIGN_OPEN:
		*format = SL_FORMAT_AUTO; /* not yet */
		return SL_END;
	case SL_FOREIGN_NONE:
		break;
	}
	return SL_OK;
}

enum sl_status sl_format_sniff(struct sl_slice bytes, bool ended, enum sl_format *format,
			       struct sl_error *err)
{
	struct start start = { .bytes = bytes, .ended = ended, .err = err };
	enum sl_foreign foreign;
	char shown[3 * 8] = "";

	if (bytes.len > SNIFF_BYTES) {
		start.bytes.len = SNIFF_BYTES;
		start.ended = start.enough = true;
	}
	for (size_t i = 0; i < SL_COUNT(rules); i++) {
		switch (rules[i](&start)) {
		case VERDICT_YES:
			*format = start.format;
			if (start.format == SL_FORMAT_JSON)
				return sniff_json(bytes, ended, format);
			return start.format == SL_FORMAT_COUNT ? SL_FAILED : SL_OK;
		case VERDICT_OPEN:
			if (!start.ended)
				return SL_END;
			break;
		case VERDICT_NO:
			break;
		}
	}
	/* JSON with damage near its begin: the first record that is whole tells */
	if (sl_foreign_detect(start.bytes, true, &foreign) == SL_FOREIGN_SEEN) {
		*format = (enum sl_format)(SL_FORMAT_FOREIGN + foreign);
		return SL_OK;
	}
	for (size_t i = 0; i < bytes.len && i < 8; i++) {
		sl_write_hex(shown + 3 * i, bytes.data + i, 1);
		shown[3 * i + 2] = i + 1 < bytes.len && i < 7 ? ' ' : '\0';
	}
	(void)sl_fail(err, "this is no format that is known here (it begins %s)", shown);
	err->reason = SL_UNSUPPORTED;
	return SL_FAILED;
}

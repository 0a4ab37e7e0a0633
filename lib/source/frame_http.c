/*
 * Raw HTTP/1 traffic, as `nc -l` or a sniffer writes it: requests one after another, perhaps with
 * the responses between them.  The bodies of uploads that look like telemetry become messages.
 */
#include "http_head.h"
#include "source.h"

enum {
	HEAD_BYTES = 64 * 1024, /* more is no head */
	CHUNK_LINE_BYTES = 4096,
	START_BYTES = 8,	/* the longest first word */
	GAP_BYTES = 256 * 1024, /* what was between chunks, at most, behind a body */
};

static bool lose(struct sl_source *source, const char *why)
{
	if (!source->framing.http.told)
		window_complain(source, SL_MALFORMED, 0, "%s", why);
	source->framing.http = (struct http_framing){ .state = HTTP_LOST, .told = true };
	window_consume(source, 1);
	return true;
}

/* The next request begins behind the window's start. */
static bool next_request(struct sl_source *source)
{
	source->framing.http = (struct http_framing){ .state = HTTP_HEAD };
	return true;
}

/* The body, which ends here, is handed out if it is telemetry: by its head, or by its looks.  Of
 * one that is cut these tell less. */
static void emit_body(struct sl_source *source, size_t len, bool truncated)
{
	const struct http_framing *http = &source->framing.http;
	struct sl_slice body = { window_bytes(source), len };
	uint64_t whole = truncated ? SIZE_MAX : len;

	if (!http->wanted || (!http->telemetry && message_begins(body, whole) != VERDICT_YES))
		return;
	window_emit(source, (struct sl_unit){ .kind = SL_UNIT_MESSAGE,
					      .codec = sl_codec_sniff(body),
					      .truncated = truncated,
					      .len = len });
}

/* `have` bytes of the body are there, and no more will come. */
static bool cut_short(struct sl_source *source, size_t have)
{
	if (have > 0)
		emit_body(source, have, true);
	else if (!source->framing.http.told)
		window_complain(source, SL_TRUNCATED, 0, "the input ends inside an HTTP message");
	window_consume(source, window_len(source));
	return next_request(source);
}

static void refuse_oversized(struct sl_source *source, uint64_t len)
{
	window_complain(source, SL_OVERSIZE, 0,
			"a request of %llu bytes is over the limit of %zu (--max-message)",
			(unsigned long long)len, source->options.max_message);
	source->framing.http.wanted = false;
}

static bool cut_head(struct sl_source *source)
{
	struct http_framing *http = &source->framing.http;
	size_t blank = blank_prefix(window(source)), len;
	struct http_head head;
	enum verdict begins;

	window_consume(source, blank);
	begins = http_begins(window(source));
	len = http_head_len(window(source));
	if (window_len(source) == 0)
		return false;
	if (begins == VERDICT_NO || (len == 0 && window_len(source) > HEAD_BYTES))
		return lose(source, "no HTTP request stands here");
	if (len == 0) {
		if (source->ended)
			return cut_short(source, 0);
		return false;
	}
	if (!http_head_read((struct sl_slice){ window_bytes(source), len }, &head))
		return lose(source, "this is no HTTP/1 request");
	*http = (struct http_framing){ .state = HTTP_BODY,
				       .wanted = head.upload,
				       .telemetry = head.upload && head.telemetry,
				       .length = head.length };
	if (head.upload && head.coding.len > 0) {
		window_complain(
			source, SL_UNSUPPORTED, 0, "a request has the content encoding '%.*s'",
			(int)(head.coding.len < 40 ? head.coding.len : 40), head.coding.data);
		http->wanted = false;
	}
	if (head.chunked)
		http->state = HTTP_CHUNKS;
	else if (head.to_the_end)
		*http = (struct http_framing){ .state = HTTP_LOST, .told = true };
	window_consume(source, len);
	return true;
}

/* "100 Continue" may stand between a head and its body; false: more bytes must tell. */
static bool pass_interim(struct sl_source *source)
{
	struct sl_slice interim = SL_SLICE("HTTP/1.1 100");
	struct sl_slice start = window(source);
	size_t len = start.len < interim.len ? start.len : interim.len;

	if (len == 0 || memcmp(start.data, interim.data, len) != 0)
		return true;
	len = http_head_len(start);
	if (len == 0)
		return source->ended || start.len > HEAD_BYTES;
	window_consume(source, len);
	return true;
}

static bool cut_body(struct sl_source *source)
{
	struct http_framing *http = &source->framing.http;

	if (http->wanted && !pass_interim(source))
		return false;
	if (http->wanted && http->length > source->options.max_message)
		refuse_oversized(source, http->length);
	if (!http->wanted) {
		window_pass(source, http->length);
		return next_request(source);
	}
	if (window_len(source) >= http->length) {
		emit_body(source, (size_t)http->length, false);
		window_consume(source, (size_t)http->length);
		return next_request(source);
	}
	if (source->ended)
		return cut_short(source, window_len(source));
	source->need = (size_t)http->length;
	return false;
}

/* The bytes before `raw` are done with: they go where nothing of the body stands behind them. */
static void settle_raw(struct sl_source *source)
{
	struct http_framing *http = &source->framing.http;

	if (!http->wanted)
		http->body_len = 0;
	if (http->body_len > 0)
		return;
	window_consume(source, http->raw);
	http->raw = 0;
}

static bool bad_chunk(struct sl_source *source)
{
	struct http_framing *http = &source->framing.http;

	if (http->body_len > 0)
		emit_body(source, http->body_len, true);
	window_consume(source, http->raw);
	return lose(source, "no chunk of a request stands here");
}

/* At the line before a chunk; false: it is not whole yet. */
static bool open_chunk(struct sl_source *source)
{
	struct http_framing *http = &source->framing.http;
	struct sl_slice rest = { window_bytes(source) + http->raw, window_len(source) - http->raw };
	const char *end = rest.len > 0 ? memchr(rest.data, '\n', rest.len) : NULL;
	uint64_t size;

	if (end == NULL && rest.len < CHUNK_LINE_BYTES)
		return false;
	if (end == NULL)
		return bad_chunk(source);
	rest.len = (size_t)(end - rest.data);
	if (!http_chunk_size(rest, &size))
		return bad_chunk(source);
	http->raw += rest.len + 1;
	http->length = size;
	if (size != 0) {
		http->in_chunk = true;
		if (http->wanted && size > source->options.max_message - http->body_len)
			refuse_oversized(source, http->body_len + size);
	} else {
		emit_body(source, http->body_len, false);
		window_consume(source, http->raw);
		*http = (struct http_framing){ .state = HTTP_TRAILER };
	}
	return true;
}

/* Inside a chunk or behind it; false: more bytes are needed. */
static bool join_chunk(struct sl_source *source)
{
	struct http_framing *http = &source->framing.http;
	char *body = window_bytes(source) + http->body_len;
	const char *raw = window_bytes(source) + http->raw;
	size_t have = window_len(source) - http->raw;

	if (http->length > 0) {
		size_t count = have < http->length ? have : (size_t)http->length;

		if (body != raw && count > 0)
			memmove(body, raw, count);
		http->body_len += count;
		http->raw += count;
		http->length -= count;
		return count > 0;
	}
	if (have == 0 || (have == 1 && *raw == '\r'))
		return false;
	http->raw += *raw == '\r' ? 2 : 1;
	http->in_chunk = false;
	return true;
}

static bool cut_chunks(struct sl_source *source)
{
	struct http_framing *http = &source->framing.http;
	bool on;

	settle_raw(source);
	if (http->raw - http->body_len > GAP_BYTES) {
		window_remove(source, http->body_len, http->raw - http->body_len);
		http->raw = http->body_len;
	}
	if (http->wanted && http->body_len == 0 && !http->in_chunk && !pass_interim(source))
		return false;
	on = http->in_chunk ? join_chunk(source) : open_chunk(source);
	if (!on && source->ended)
		return cut_short(source, http->body_len);
	return on;
}

/* Lines behind the last chunk, up to an empty one. */
static bool cut_trailer(struct sl_source *source)
{
	const char *start = window_bytes(source);
	const char *end = memchr(start, '\n', window_len(source));

	if (end == NULL) {
		if (source->ended || window_len(source) > HEAD_BYTES)
			return cut_short(source, 0);
		return false;
	}
	window_consume(source, (size_t)(end - start) + 1);
	return end - start > 1 || (end > start && *start != '\r') ? true : next_request(source);
}

static bool find_request(struct sl_source *source)
{
	struct sl_slice rest = window(source);

	while (rest.len > 0 &&
	       (strchr("PHGODC", *rest.data) == NULL || http_begins(rest) == VERDICT_NO)) {
		rest.data++;
		rest.len--;
	}
	window_consume(source, window_len(source) - rest.len);
	if (rest.len == 0 || (rest.len < START_BYTES && !source->ended))
		return false;
	source->framing.http.state = HTTP_HEAD;
	return true;
}

void frame_http(struct sl_source *source)
{
	static bool (*const steps[])(struct sl_source *) = {
		[HTTP_HEAD] = cut_head,	    [HTTP_BODY] = cut_body,
		[HTTP_CHUNKS] = cut_chunks, [HTTP_TRAILER] = cut_trailer,
		[HTTP_LOST] = find_request,
	};

	do {
		enum http_state state = source->framing.http.state;
		bool owed = source->ended && (state == HTTP_BODY || state == HTTP_CHUNKS);

		if ((window_len(source) == 0 && !owed) || window_full(source))
			return;
	} while (steps[source->framing.http.state](source));
}

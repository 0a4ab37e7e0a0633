/*
 * Envelopes:
 *
 *	{"__otel_otlp_stdout":VERSION,...,"payload":TEXT or {...},"base64":true}
 *	{...,"body":TEXT,"isBase64Encoded":true}
 *
 * The text is the request in base64, or its JSON.
 */
#include "envelope.h"

/* What is known of the document; a payload that is no text is JSON by itself. */
struct parts {
	struct sl_slice text, object;
	bool is_base64, says_base64;
};

static bool read_flag(struct sl_cursor *cursor, struct parts *parts)
{
	char byte = sl_cursor_peek(cursor);

	if (byte != 't' && byte != 'f')
		return sl_cursor_skip_value(cursor);
	parts->is_base64 = byte == 't';
	parts->says_base64 = true;
	return sl_cursor_word(cursor, byte == 't' ? "true" : "false");
}

static bool read_payload(struct sl_cursor *cursor, struct parts *parts)
{
	const char *start = cursor->at;

	if (*start == '"')
		return sl_cursor_string(cursor, &parts->text);
	if (!sl_cursor_skip_value(cursor))
		return false;
	if (*start == '{' || *start == '[')
		parts->object = (struct sl_slice){ start, (size_t)(cursor->at - start) };
	return true;
}

static bool read_parts(struct sl_cursor *cursor, struct parts *parts)
{
	struct sl_slice key = { "", 0 };

	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		bool good;

		if (sl_slice_equal(key, SL_SLICE("payload")) ||
		    sl_slice_equal(key, SL_SLICE("body")))
			good = read_payload(cursor, parts);
		else if (sl_slice_equal(key, SL_SLICE("base64")) ||
			 sl_slice_equal(key, SL_SLICE("isBase64Encoded")))
			good = read_flag(cursor, parts);
		else
			good = sl_cursor_skip_value(cursor);
		if (!good)
			return false;
	}
	return cursor->fault == SL_FAULT_NONE;
}

/* Followed by padding, as all that is read. */
static enum sl_status copy_request(struct envelope_opener *opener, const struct parts *parts,
				   struct sl_error *err)
{
	struct sl_buffer *request = &opener->request;
	struct sl_slice text = parts->text.len != 0 ? parts->text : parts->object;
	bool is_object = text.len != 0 && text.data[0] == '{';
	size_t len = text.len;
	char *room;

	request->len = 0;
	room = sl_buffer_reserve(request, text.len + SL_PADDING);
	if (room == NULL)
		return sl_fail_memory(err);
	if (parts->text.len == 0 || (!parts->is_base64 && (parts->says_base64 || is_object)))
		memcpy(room, text.data, len);
	else if (!sl_parse_base64(text, room, &len))
		return sl_reject(err, SL_MALFORMED, 0, "the request in it is not base64");
	memset(room + len, 0, SL_PADDING);
	request->len = len;
	return SL_OK;
}

enum sl_status envelope_open(struct envelope_opener *opener, struct sl_slice *bytes,
			     struct sl_error *err)
{
	struct sl_cursor cursor = { .at = bytes->data,
				    .begin = bytes->data,
				    .end = bytes->data + bytes->len,
				    .arena = &opener->arena,
				    .notes = &opener->unused };
	struct parts parts = { .is_base64 = false };
	enum sl_status status;

	sl_arena_reset(&opener->arena);
	if (!read_parts(&cursor, &parts))
		return sl_cursor_status(&cursor, err);
	if (parts.text.len == 0 && parts.object.len == 0)
		return sl_reject(err, SL_MALFORMED, 0, "there is no request in it");
	status = copy_request(opener, &parts, err);
	if (status == SL_OK)
		*bytes = sl_buffer_slice(&opener->request);
	return status;
}

void envelope_free(struct envelope_opener *opener)
{
	sl_arena_free(&opener->arena);
	sl_buffer_free(&opener->request);
}

/* What a response consists of, and what OTLP over HTTP says that it means. */
#include "reply.h"
#include "spanline/json.h"
#include "spanline/text.h"
#include "spanline/wire.h"
#include <curl/curl.h>
#include <strings.h>

/* Of a document that is read: larger ones say nothing that is worth the memory of their trees. */
#define DOCUMENT_LIMIT ((size_t)64 << 10)

static const char *const header_names[REPLY_HEADER_COUNT] = {
	[REPLY_CONTENT_TYPE] = "content-type", [REPLY_RETRY_AFTER] = "retry-after",
	[REPLY_LOCATION] = "location",	       [REPLY_GRPC_STATUS] = "grpc-status",
	[REPLY_GRPC_MESSAGE] = "grpc-message", [REPLY_GRPC_DETAILS] = "grpc-status-details-bin",
};

void reply_clear(struct reply *reply)
{
	for (size_t i = 0; i < REPLY_HEADER_COUNT; i++)
		reply->headers[i].len = 0;
	reply->body.len = 0;
	reply->http_status = 0;
	reply->head_ended = false;
	reply->problem = NULL;
}

void reply_free(struct reply *reply)
{
	for (size_t i = 0; i < REPLY_HEADER_COUNT; i++)
		sl_buffer_free(&reply->headers[i]);
	sl_buffer_free(&reply->body);
}

void reply_header(struct reply *reply, struct sl_slice line)
{
	const char *colon = line.len != 0 ? memchr(line.data, ':', line.len) : NULL;
	size_t name_len;

	while (line.len != 0 &&
	       (line.data[line.len - 1] == '\r' || line.data[line.len - 1] == '\n'))
		line.len--;
	if (line.len == 0)
		reply->head_ended = true;
	/* an interim response (1xx) came before this one */
	if (line.len >= 5 && memcmp(line.data, "HTTP/", 5) == 0) {
		reply->head_ended = false;
		for (size_t i = 0; i < REPLY_HEADER_COUNT; i++)
			reply->headers[i].len = 0;
	}
	if (colon == NULL)
		return;
	name_len = (size_t)(colon - line.data);
	for (size_t i = 0; i < REPLY_HEADER_COUNT; i++) {
		struct sl_buffer *header = &reply->headers[i];
		struct sl_slice value = { colon + 1, line.len - name_len - 1 };

		if (strlen(header_names[i]) != name_len ||
		    strncasecmp(header_names[i], line.data, name_len) != 0)
			continue;
		/* of repeated ones the last counts: a trailer wins over the head */
		header->len = 0;
		sl_buffer_add_slice(header, sl_trim(value));
	}
}

void answer_tell(struct sl_answer *answer, struct sl_slice text)
{
	size_t len =
		text.len < sizeof(answer->message) - 1 ? text.len : sizeof(answer->message) - 1;

	if (text.data == NULL)
		len = text.len = 0;
	/* not inside a character */
	while (len != 0 && len < text.len && ((unsigned char)text.data[len] & 0xc0) == 0x80)
		len--;
	if (len != 0)
		memcpy(answer->message, text.data, len);
	answer->message[len] = '\0';
}

void answer_begin(struct sl_answer *answer, const struct reply *reply)
{
	static const enum sl_answer_kind kinds[] = {
		[TRANSPORT_DONE] = SL_ANSWER_REFUSED,	   [TRANSPORT_NOBODY] = SL_ANSWER_AGAIN,
		[TRANSPORT_UNSENT] = SL_ANSWER_AGAIN,	   [TRANSPORT_LOST] = SL_ANSWER_AGAIN,
		[TRANSPORT_RESENT] = SL_ANSWER_AGAIN,	   [TRANSPORT_REFUSED] = SL_ANSWER_REFUSED,
		[TRANSPORT_HOPELESS] = SL_ANSWER_HOPELESS,
	};

	*answer = (struct sl_answer){
		.kind = kinds[reply->transport],
		.nobody = reply->transport == TRANSPORT_NOBODY,
		.unanswered =
			reply->transport == TRANSPORT_LOST || reply->transport == TRANSPORT_RESENT,
		.resent = reply->transport == TRANSPORT_RESENT,
		.http_status = reply->http_status,
		.grpc_status = -1,
	};
	if (reply->problem != NULL)
		answer_tell(answer, (struct sl_slice){ reply->problem, strlen(reply->problem) });
}

static bool is_number(struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.len != 0;
}

bool parse_retry_after(struct sl_slice text, int64_t now_s, uint64_t *wait_ns)
{
	const uint64_t second = UINT64_C(1000000000);
	char date[64];
	uint64_t seconds;
	time_t until;

	if (is_number(text)) {
		if (!sl_parse_u64(text, &seconds))
			seconds = UINT64_MAX;
		*wait_ns = seconds < UINT64_MAX / second ? seconds * second : UINT64_MAX;
		return true;
	}
	if (text.len == 0 || text.len >= sizeof(date) || text.data[0] == '-')
		return false;
	memcpy(date, text.data, text.len);
	date[text.len] = '\0';
	until = curl_getdate(date, NULL);
	if (until < 0)
		return false;
	*wait_ns = until > now_s ? (uint64_t)(until - now_s) * second : 0;
	return true;
}

enum sl_status answer_success(struct sl_answer *answer, struct sl_slice body, bool is_json,
			      struct sl_arena *scratch, struct sl_error *err)
{
	struct sl_wire_response response = { 0 };
	struct sl_json_answer document = { 0 };
	enum sl_status status = SL_OK;

	answer->kind = SL_ANSWER_ACCEPTED;
	if (body.len == 0)
		return SL_OK;
	if (body.len > DOCUMENT_LIMIT) {
		answer_tell(answer, SL_SLICE("the answer is over 64 KiB and was not read"));
		return SL_OK;
	}
	if (is_json) {
		status = sl_json_read_answer(body, scratch, &document, err);
		response.rejected_spans = document.rejected_spans;
		response.message = document.message;
	} else {
		status = sl_wire_read_response(body, scratch, &response, err);
	}
	if (status == SL_BAD_RECORD) {
		answer_tell(answer, SL_SLICE("the answer is no ExportTraceServiceResponse"));
		return SL_OK;
	}
	answer->rejected = response.rejected_spans > 0 ? (uint64_t)response.rejected_spans : 0;
	answer_tell(answer, response.message);
	return status;
}

static bool is_type(const struct sl_buffer *header, const char *type)
{
	size_t len = strlen(type);

	return header->len >= len && strncasecmp(header->data, type, len) == 0 &&
	       (header->len == len || header->data[len] == ';' || header->data[len] == ' ');
}

/* The message of an error's google.rpc.Status, if that is what the body is. */
static enum sl_status tell_status(struct sl_answer *answer, const struct reply *reply,
				  struct sl_arena *scratch, struct sl_error *err)
{
	const struct sl_buffer *type = &reply->headers[REPLY_CONTENT_TYPE];
	struct sl_slice body = sl_buffer_slice(&reply->body);
	struct sl_json_answer document = { 0 };
	struct sl_wire_status rpc = { 0 };
	enum sl_status status = SL_BAD_RECORD;

	if (body.len > DOCUMENT_LIMIT) {
		answer_tell(answer, SL_SLICE("(over 64 KiB of text)"));
		return SL_OK;
	}
	if (is_type(type, "application/json")) {
		status = sl_json_read_answer(body, scratch, &document, err);
		rpc.message = document.message;
	} else if (is_type(type, "application/x-protobuf")) {
		status = sl_wire_read_status(body, scratch, &rpc, err);
	} else if (is_type(type, "text/plain") && sl_utf8_valid(body)) {
		while (body.len != 0 && strchr("\r\n", body.data[body.len - 1]) != NULL)
			body.len--;
		rpc.message = sl_trim(body);
		status = SL_OK;
	}
	if (status == SL_OK)
		answer_tell(answer, rpc.message);
	return status == SL_FAILED ? status : SL_OK;
}

static void tell_redirect(struct sl_answer *answer, const struct reply *reply)
{
	struct sl_buffer text = { 0 };

	sl_buffer_add_literal(&text, "redirects are not followed; it points to ");
	sl_buffer_add_slice(&text, sl_buffer_slice(&reply->headers[REPLY_LOCATION]));
	if (!text.failed)
		answer_tell(answer, sl_buffer_slice(&text));
	sl_buffer_free(&text);
}

/* HTTP, "Failures": only these may be sent again. */
static bool is_retryable(long status)
{
	return status == 429 || status == 502 || status == 503 || status == 504;
}

enum sl_status answer_http(struct sl_answer *answer, const struct reply *reply,
			   struct sl_arena *scratch, struct sl_error *err)
{
	const struct sl_buffer *type = &reply->headers[REPLY_CONTENT_TYPE];
	bool is_json = is_type(type, "application/json");
	struct sl_slice body = sl_buffer_slice(&reply->body);
	long status = reply->http_status;

	sl_arena_reset(scratch);
	answer_begin(answer, reply);
	if (reply->transport != TRANSPORT_DONE)
		return SL_OK;
	if (status / 100 == 2) {
		/* a body of another type says nothing */
		if (!is_json && !is_type(type, "application/x-protobuf"))
			body.len = 0;
		return answer_success(answer, body, is_json, scratch, err);
	}
	if (status / 100 == 3) {
		tell_redirect(answer, reply);
		return SL_OK;
	}
	if (status == 413)
		answer->kind = SL_ANSWER_TOO_LARGE;
	if (is_retryable(status)) {
		answer->kind = SL_ANSWER_AGAIN;
		answer->has_wait =
			parse_retry_after(sl_buffer_slice(&reply->headers[REPLY_RETRY_AFTER]),
					  reply->now_s, &answer->wait_ns);
	}
	return tell_status(answer, reply, scratch, err);
}

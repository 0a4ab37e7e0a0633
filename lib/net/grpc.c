/*
 * What a gRPC response means: a frame (flag, length in 4 bytes big-endian, message) and trailers.
 * PROTOCOL-HTTP2.md; which codes may be sent again says OTLP's specification, "OTLP/gRPC".
 */
#include "reply.h"
#include "spanline/text.h"
#include "spanline/wire.h"
#include <strings.h>

enum {
	GRPC_OK = 0,
	GRPC_CANCELLED = 1,
	GRPC_UNKNOWN = 2,
	GRPC_DEADLINE_EXCEEDED = 4,
	GRPC_PERMISSION_DENIED = 7,
	GRPC_RESOURCE_EXHAUSTED = 8,
	GRPC_ABORTED = 10,
	GRPC_OUT_OF_RANGE = 11,
	GRPC_UNIMPLEMENTED = 12,
	GRPC_INTERNAL = 13,
	GRPC_UNAVAILABLE = 14,
	GRPC_DATA_LOSS = 15,
	GRPC_UNAUTHENTICATED = 16,
};

enum { FRAME_HEAD = 5 };

static bool is_retryable(int code)
{
	return code == GRPC_CANCELLED || code == GRPC_DEADLINE_EXCEEDED || code == GRPC_ABORTED ||
	       code == GRPC_OUT_OF_RANGE || code == GRPC_UNAVAILABLE || code == GRPC_DATA_LOSS;
}

/* Of a response that has no grpc-status: grpc/doc/http-grpc-status-mapping.md. */
static int code_of_http(long status)
{
	switch (status) {
	case 400:
		return GRPC_INTERNAL;
	case 401:
		return GRPC_UNAUTHENTICATED;
	case 403:
		return GRPC_PERMISSION_DENIED;
	case 404:
		return GRPC_UNIMPLEMENTED;
	case 429:
	case 502:
	case 503:
	case 504:
		return GRPC_UNAVAILABLE;
	default:
		return GRPC_UNKNOWN;
	}
}

static int hex_value(char c)
{
	char folded = (char)(c | 0x20);

	if (c >= '0' && c <= '9')
		return c - '0';
	return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/* grpc-message is percent-encoded; what is badly so stays as it is. */
static void tell_message(struct sl_answer *answer, struct sl_slice text)
{
	struct sl_buffer plain = { 0 };

	for (size_t i = 0; i < text.len; i++) {
		bool encoded = text.data[i] == '%' && text.len - i > 2;
		int high = encoded ? hex_value(text.data[i + 1]) : -1;
		int low = encoded ? hex_value(text.data[i + 2]) : -1;

		if (high >= 0 && low >= 0) {
			sl_buffer_add_byte(&plain, (char)(high << 4 | low));
			i += 2;
		} else {
			sl_buffer_add_byte(&plain, text.data[i]);
		}
	}
	if (!plain.failed && plain.len != 0)
		answer_tell(answer, sl_buffer_slice(&plain));
	sl_buffer_free(&plain);
}

/* The delay that grpc-status-details-bin tells, if it tells one. */
static enum sl_status find_delay(struct sl_answer *answer, struct sl_slice details,
				 struct sl_arena *scratch, struct sl_error *err)
{
	char *bytes = sl_arena_alloc(scratch, 3 * (details.len / 4) + 2);
	struct sl_wire_status rpc;
	enum sl_status status;
	size_t len;

	if (bytes == NULL)
		return sl_fail_memory(err);
	if (details.len == 0 || !sl_parse_base64(details, bytes, &len))
		return SL_OK;
	status = sl_wire_read_status((struct sl_slice){ bytes, len }, scratch, &rpc, err);
	if (status != SL_OK)
		return status == SL_FAILED ? status : SL_OK;
	answer->has_wait = rpc.has_retry;
	answer->wait_ns = rpc.retry_ns > 0 ? (uint64_t)rpc.retry_ns : 0;
	if (answer->message[0] == '\0')
		answer_tell(answer, rpc.message);
	return SL_OK;
}

static enum sl_status read_failure(struct sl_answer *answer, const struct reply *reply,
				   struct sl_arena *scratch, struct sl_error *err)
{
	enum sl_status status;

	tell_message(answer, sl_buffer_slice(&reply->headers[REPLY_GRPC_MESSAGE]));
	status = find_delay(answer, sl_buffer_slice(&reply->headers[REPLY_GRPC_DETAILS]), scratch,
			    err);
	if (is_retryable(answer->grpc_status))
		answer->kind = SL_ANSWER_AGAIN;
	else if (answer->grpc_status == GRPC_RESOURCE_EXHAUSTED)
		answer->kind = answer->has_wait ? SL_ANSWER_AGAIN : SL_ANSWER_TOO_LARGE;
	else
		answer->kind = SL_ANSWER_REFUSED;
	return status;
}

/* The one message of a success; one that is missing or odd is no reason to send all again. */
static enum sl_status read_message(struct sl_answer *answer, const struct reply *reply,
				   struct sl_arena *scratch, struct sl_error *err)
{
	struct sl_slice body = sl_buffer_slice(&reply->body);
	uint32_t len = 0;

	answer->kind = SL_ANSWER_ACCEPTED;
	if (body.len == 0)
		return SL_OK;
	for (size_t i = 1; i < FRAME_HEAD && i < body.len; i++)
		len = len << 8 | (unsigned char)body.data[i];
	if (body.len < FRAME_HEAD || body.data[0] != 0 || len != body.len - FRAME_HEAD) {
		answer_tell(answer, SL_SLICE("the answer is not one plain gRPC message"));
		return SL_OK;
	}
	return answer_success(answer, (struct sl_slice){ body.data + FRAME_HEAD, len }, false,
			      scratch, err);
}

static bool has_grpc_type(const struct reply *reply)
{
	static const char type[] = "application/grpc";
	const struct sl_buffer *header = &reply->headers[REPLY_CONTENT_TYPE];

	return header->len >= sizeof(type) - 1 &&
	       strncasecmp(header->data, type, sizeof(type) - 1) == 0;
}

enum sl_status answer_grpc(struct sl_answer *answer, const struct reply *reply,
			   struct sl_arena *scratch, struct sl_error *err)
{
	uint64_t code;

	sl_arena_reset(scratch);
	answer_begin(answer, reply);
	if (reply->transport != TRANSPORT_DONE)
		return SL_OK;
	if (sl_parse_u64(sl_buffer_slice(&reply->headers[REPLY_GRPC_STATUS]), &code)) {
		answer->grpc_status = code <= GRPC_UNAUTHENTICATED ? (int)code : GRPC_UNKNOWN;
		return answer->grpc_status == GRPC_OK && reply->http_status == 200
			       ? read_message(answer, reply, scratch, err)
			       : read_failure(answer, reply, scratch, err);
	}
	if (reply->http_status == 413) {
		answer->kind = SL_ANSWER_TOO_LARGE;
	} else if (reply->http_status != 200) {
		answer->kind = is_retryable(code_of_http(reply->http_status)) ? SL_ANSWER_AGAIN
									      : SL_ANSWER_REFUSED;
	} else if (!has_grpc_type(reply)) {
		answer_tell(answer, SL_SLICE("what answers is no gRPC server"));
	} else {
		answer->kind = SL_ANSWER_AGAIN;
		answer->unanswered = true;
		answer_tell(answer, SL_SLICE("the answer ended without a grpc-status"));
	}
	return SL_OK;
}

/* What strangers say of a request, and what a user says of where it goes, by the first byte: an
 * answer over HTTP or gRPC (head, an empty line, body), a header, a list of headers, an endpoint.
 */
#include "../../lib/net/reply.h"
#include "spanline/text.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

/* The line at the start of *rest, with its end, which is taken off. */
static struct sl_slice take_line(struct sl_slice *rest)
{
	const char *end = rest->len != 0 ? memchr(rest->data, '\n', rest->len) : NULL;
	struct sl_slice line = *rest;

	if (end != NULL)
		line.len = (size_t)(end - rest->data) + 1;
	rest->data += line.len;
	rest->len -= line.len;
	return line;
}

static void check_answer(struct sl_slice text, bool grpc)
{
	struct reply reply = { .http_status = 200, .now_s = 1795255200 };
	struct sl_arena scratch = { 0 };
	struct sl_answer answer;
	struct sl_error err;
	uint64_t status = 0;

	while (text.len != 0 && !reply.head_ended) {
		struct sl_slice line = take_line(&text);

		if (line.len > 12 && memcmp(line.data, "HTTP/1.1 ", 9) == 0 &&
		    sl_parse_u64((struct sl_slice){ line.data + 9, 3 }, &status))
			reply.http_status = (long)status;
		reply_header(&reply, line);
	}
	sl_buffer_add_slice(&reply.body, text);
	require((grpc ? answer_grpc(&answer, &reply, &scratch, &err)
		      : answer_http(&answer, &reply, &scratch, &err)) == SL_OK);
	require(answer.kind <= SL_ANSWER_HOPELESS && strlen(answer.message) < 400);
	/* nothing but a 2xx, or gRPC's 0, is a success, and nothing else has rejected spans */
	if (answer.kind == SL_ANSWER_ACCEPTED)
		require(grpc ? answer.grpc_status == 0 : reply.http_status / 100 == 2);
	else
		require(answer.rejected == 0);
	reply_free(&reply);
	sl_arena_free(&scratch);
}

/* What is taken can be sent: a name, ": ", a value in one line. */
static void check_headers(struct sl_slice text, bool list)
{
	struct sl_headers headers = { 0 };
	enum sl_status status = SL_OK;
	struct sl_error err;

	if (!list)
		status = sl_headers_add(&headers, text, &err);
	while (list && status != SL_END && status != SL_FAILED)
		status = sl_headers_add_pair(&headers, &text, &err);
	require(status != SL_FAILED);
	for (size_t i = 0; i < headers.count; i++) {
		const char *colon = strstr(headers.items[i], ": ");

		require(colon != NULL && colon != headers.items[i]);
		require(strpbrk(headers.items[i], "\r\n") == NULL);
	}
	sl_headers_free(&headers);
}

static void check_endpoint(struct sl_slice text, unsigned way)
{
	struct sl_endpoint_rules rules = { .protocol = way % SL_PROTOCOL_COUNT,
					   .form = way / 3 % 3,
					   .insecure = way / 9 % 2 };
	struct sl_endpoint endpoint;
	struct sl_error err;
	char *whole = calloc(1, text.len + 1);
	enum sl_status status;

	require(whole != NULL);
	if (text.len != 0)
		memcpy(whole, text.data, text.len);
	status = sl_endpoint_parse(&endpoint, whole, &rules, &err);
	require(status != SL_FAILED);
	if (status == SL_OK) {
		require(strncmp(endpoint.url, endpoint.tls ? "https://" : "http://",
				endpoint.tls ? 8 : 7) == 0);
		require(strchr(endpoint.shown, '?') == NULL);
		sl_endpoint_free(&endpoint);
	}
	free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_slice text;

	if (size == 0)
		return 0;
	text = (struct sl_slice){ (const char *)data + 1, size - 1 };
	if (data[0] == 'h' || data[0] == 'g')
		check_answer(text, data[0] == 'g');
	else if (data[0] == 'n' || data[0] == 'l')
		check_headers(text, data[0] == 'l');
	else
		check_endpoint(text, data[0]);
	return 0;
}

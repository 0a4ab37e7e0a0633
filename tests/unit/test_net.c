/* What answers mean, headers, endpoints: everything about requests that needs no network. */
#include "../../lib/net/reply.h"
#include "spanline/text.h"
#include "spanline/wire.h"
#include "tap.h"
#include <stdlib.h>

#define SECOND UINT64_C(1000000000)
/* 2026-11-21T00:00:00Z */
#define NOW INT64_C(1795219200)

static struct sl_slice slice_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static struct sl_arena scratch;

static const char *const kinds[] = { "accepted", "refused", "too large", "again", "hopeless" };

/* Head lines end in '\n'; "status" is the number behind HTTP/. */
struct row {
	const char *title;
	bool grpc;
	int status;
	const char *head;
	struct sl_slice body;
	/* expected */
	enum sl_answer_kind kind;
	unsigned rejected;
	int64_t wait_s; /* -1: none */
	const char *message;
};

#define PB   "content-type: application/x-protobuf\n"
#define JS   "Content-Type: application/json; charset=utf-8\n"
#define GRPC "content-type: application/grpc+proto\n"
#define NONE                                                                                       \
	{                                                                                          \
		"", 0                                                                              \
	}
#define TEXT(literal)                                                                              \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}
/* ExportTraceServiceResponse{partial_success{rejected_spans: 3, error_message: "no"}} */
#define PARTIAL "\n\x06\x08\x03\x12\x02no"
/* RetryInfo of 2 s */
#define RETRY_2S                                                                                   \
	"grpc-status-details-bin: "                                                                \
	"CA4aMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIAg==\n"

static const struct row rows[] = {
	{ "200, nothing in it", false, 200, PB, NONE, SL_ANSWER_ACCEPTED, 0, -1, "" },
	{ "200 without a type", false, 200, "", TEXT("hello"), SL_ANSWER_ACCEPTED, 0, -1, "" },
	{ "204", false, 204, "", NONE, SL_ANSWER_ACCEPTED, 0, -1, "" },
	{ "partial success", false, 200, PB, TEXT(PARTIAL), SL_ANSWER_ACCEPTED, 3, -1, "no" },
	{ "partial success in JSON", false, 200, JS,
	  TEXT("{\"partialSuccess\":{\"rejectedSpans\":\"3\",\"errorMessage\":\"no\"}}"),
	  SL_ANSWER_ACCEPTED, 3, -1, "no" },
	{ "a number, and the original names", false, 200, JS,
	  TEXT("{\"partial_success\":{\"rejected_spans\":3}}"), SL_ANSWER_ACCEPTED, 3, -1, "" },
	{ "an empty partial success", false, 200, JS, TEXT("{\"partialSuccess\":{}}"),
	  SL_ANSWER_ACCEPTED, 0, -1, "" },
	{ "less than none rejected", false, 200, JS,
	  TEXT("{\"partialSuccess\":{\"rejectedSpans\":-4}}"), SL_ANSWER_ACCEPTED, 0, -1, "" },
	{ "a warning", false, 200, JS,
	  TEXT("{\"partialSuccess\":{\"errorMessage\":\"slow down\"}}"), SL_ANSWER_ACCEPTED, 0, -1,
	  "slow down" },
	{ "garbage", false, 200, PB, TEXT("\xff\xff"), SL_ANSWER_ACCEPTED, 0, -1,
	  "the answer is no ExportTraceServiceResponse" },
	{ "garbage in JSON", false, 200, JS, TEXT("[["), SL_ANSWER_ACCEPTED, 0, -1,
	  "the answer is no ExportTraceServiceResponse" },
	{ "400 with a Status", false, 400, PB,
	  TEXT("\x08\x03\x12\x07"
	       "bad ids"),
	  SL_ANSWER_REFUSED, 0, -1, "bad ids" },
	{ "400 with a Status in JSON", false, 400, JS, TEXT("{\"code\":3,\"message\":\"bad ids\"}"),
	  SL_ANSWER_REFUSED, 0, -1, "bad ids" },
	{ "404", false, 404, "content-type: text/html\n", TEXT("<html>"), SL_ANSWER_REFUSED, 0, -1,
	  "" },
	{ "500", false, 500, "Content-Type: text/plain\n", TEXT("oops \n"), SL_ANSWER_REFUSED, 0,
	  -1, "oops" },
	{ "501", false, 501, "", NONE, SL_ANSWER_REFUSED, 0, -1, "" },
	{ "302", false, 302, "Location: http://elsewhere/\n", NONE, SL_ANSWER_REFUSED, 0, -1,
	  "redirects are not followed; it points to http://elsewhere/" },
	{ "413", false, 413, "", NONE, SL_ANSWER_TOO_LARGE, 0, -1, "" },
	{ "429", false, 429, "", NONE, SL_ANSWER_AGAIN, 0, -1, "" },
	{ "429, wait", false, 429, "Retry-After: 7\n", NONE, SL_ANSWER_AGAIN, 0, 7, "" },
	{ "the last of two", false, 503, "Retry-After: 7\nretry-after: 9\n", NONE, SL_ANSWER_AGAIN,
	  0, 9, "" },
	{ "until a date", false, 503, "Retry-After: Sat, 21 Nov 2026 00:01:00 GMT\n", NONE,
	  SL_ANSWER_AGAIN, 0, 60, "" },
	{ "until a date that is past", false, 503, "Retry-After: Sat, 21 Nov 2020 00:01:00 GMT\n",
	  NONE, SL_ANSWER_AGAIN, 0, 0, "" },
	{ "for ages", false, 503, "Retry-After: 99999999999999999999\n", NONE, SL_ANSWER_AGAIN, 0,
	  (int64_t)(UINT64_MAX / UINT64_C(1000000000)), "" },
	{ "less than nothing", false, 503, "Retry-After: -5\n", NONE, SL_ANSWER_AGAIN, 0, -1, "" },
	{ "when it likes", false, 503, "Retry-After: soon\n", NONE, SL_ANSWER_AGAIN, 0, -1, "" },
	{ "an answer before the answer", false, 503,
	  "HTTP/1.1 100 Continue\nRetry-After: 7\n\nHTTP/1.1 503 No\n", NONE, SL_ANSWER_AGAIN, 0,
	  -1, "" },
	{ "502", false, 502, "", NONE, SL_ANSWER_AGAIN, 0, -1, "" },
	{ "504", false, 504, "", NONE, SL_ANSWER_AGAIN, 0, -1, "" },

	{ "gRPC, well", true, 200, GRPC "\ngrpc-status: 0\n", TEXT("\0\0\0\0\0"),
	  SL_ANSWER_ACCEPTED, 0, -1, "" },
	{ "gRPC, partial success", true, 200, GRPC "grpc-status: 0\n", TEXT("\0\0\0\0\x08" PARTIAL),
	  SL_ANSWER_ACCEPTED, 3, -1, "no" },
	{ "gRPC, two messages", true, 200, GRPC "grpc-status: 0\n", TEXT("\0\0\0\0\0\0\0\0\0\0"),
	  SL_ANSWER_ACCEPTED, 0, -1, "the answer is not one plain gRPC message" },
	{ "gRPC, compressed", true, 200, GRPC "grpc-status: 0\n", TEXT("\1\0\0\0\0"),
	  SL_ANSWER_ACCEPTED, 0, -1, "the answer is not one plain gRPC message" },
	{ "gRPC, no trailers", true, 200, GRPC, TEXT("\0\0\0\0\0"), SL_ANSWER_AGAIN, 0, -1,
	  "the answer ended without a grpc-status" },
	{ "gRPC, a web page", true, 200, "content-type: text/html\n", TEXT("<html>"),
	  SL_ANSWER_REFUSED, 0, -1, "what answers is no gRPC server" },
	{ "gRPC, a proxy's 503", true, 503, "content-type: text/html\n", NONE, SL_ANSWER_AGAIN, 0,
	  -1, "" },
	{ "gRPC, a proxy's 404", true, 404, "", NONE, SL_ANSWER_REFUSED, 0, -1, "" },
	{ "gRPC, a status that is none", true, 200, GRPC "grpc-status: 99\n", NONE,
	  SL_ANSWER_REFUSED, 0, -1, "" },
	{ "gRPC, a message", true, 200, GRPC "grpc-status: 3\ngrpc-message: caf%C3%A9 100%\n", NONE,
	  SL_ANSWER_REFUSED, 0, -1, "caf\xc3\xa9 100%" },
	{ "gRPC, too large", true, 200, GRPC "grpc-status: 8\n", NONE, SL_ANSWER_TOO_LARGE, 0, -1,
	  "" },
	{ "gRPC, too much", true, 200, GRPC "grpc-status: 8\n" RETRY_2S, NONE, SL_ANSWER_AGAIN, 0,
	  2, "" },
	{ "gRPC, unavailable", true, 200, GRPC "grpc-status: 14\n" RETRY_2S, NONE, SL_ANSWER_AGAIN,
	  0, 2, "" },
	{ "gRPC, details that are none", true, 200,
	  GRPC "grpc-status: 14\ngrpc-status-details-bin: ?\n", NONE, SL_ANSWER_AGAIN, 0, -1, "" },
};

static void put_head(struct reply *reply, const char *head)
{
	while (*head != '\0') {
		size_t len = strcspn(head, "\n") + 1;

		reply_header(reply, (struct sl_slice){ head, len });
		head += len;
	}
}

static void test_answers(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct reply reply = { .http_status = row->status, .now_s = NOW };
		struct sl_answer answer;
		struct sl_error err;
		enum sl_status status;
		int64_t wait_s;

		put_head(&reply, row->head);
		sl_buffer_add_slice(&reply.body, row->body);
		status = row->grpc ? answer_grpc(&answer, &reply, &scratch, &err)
				   : answer_http(&answer, &reply, &scratch, &err);
		wait_s = answer.has_wait ? (int64_t)(answer.wait_ns / SECOND) : -1;
		ok(status == SL_OK && answer.kind == row->kind &&
			   answer.rejected == row->rejected && wait_s == row->wait_s &&
			   strcmp(answer.message, row->message) == 0,
		   "%s: %s, %llu rejected, wait %lld, '%s'", row->title, kinds[answer.kind],
		   (unsigned long long)answer.rejected, (long long)wait_s, answer.message);
		reply_free(&reply);
	}
}

/* Which of the 17 codes may be sent again (specification, "OTLP/gRPC Response"). */
static void test_codes(void)
{
	static const bool again[] = { false, true, false, false, true,	false, false, false, false,
				      false, true, true,  false, false, true,  true,  false };

	for (size_t code = 1; code < SL_COUNT(again); code++) {
		struct reply reply = { .http_status = 200 };
		struct sl_answer answer;
		struct sl_error err;

		sl_buffer_printf(&reply.headers[REPLY_GRPC_STATUS], "%zu", code);
		ok(answer_grpc(&answer, &reply, &scratch, &err) == SL_OK &&
			   (answer.kind == SL_ANSWER_AGAIN) == again[code] &&
			   answer.grpc_status == (int)code,
		   "code %zu: %s", code, kinds[answer.kind]);
		reply_free(&reply);
	}
}

static void test_transports(void)
{
	static const struct {
		enum transport transport;
		enum sl_answer_kind kind;
		bool nobody, unanswered, resent;
	} ends[] = {
		{ TRANSPORT_NOBODY, SL_ANSWER_AGAIN, true, false, false },
		{ TRANSPORT_UNSENT, SL_ANSWER_AGAIN, false, false, false },
		{ TRANSPORT_LOST, SL_ANSWER_AGAIN, false, true, false },
		{ TRANSPORT_RESENT, SL_ANSWER_AGAIN, false, true, true },
		{ TRANSPORT_REFUSED, SL_ANSWER_REFUSED, false, false, false },
		{ TRANSPORT_HOPELESS, SL_ANSWER_HOPELESS, false, false, false },
	};

	for (size_t i = 0; i < 2 * SL_COUNT(ends); i++) {
		size_t k = i / 2;
		struct reply reply = { .transport = ends[k].transport, .problem = "why" };
		struct sl_answer answer;
		struct sl_error err;
		enum sl_status status = i % 2 == 0 ? answer_http(&answer, &reply, &scratch, &err)
						   : answer_grpc(&answer, &reply, &scratch, &err);

		ok(status == SL_OK && answer.kind == ends[k].kind &&
			   answer.nobody == ends[k].nobody &&
			   answer.unanswered == ends[k].unanswered &&
			   answer.resent == ends[k].resent && strcmp(answer.message, "why") == 0,
		   "transport %zu is %s", k, kinds[answer.kind]);
	}
}

static const struct {
	const char *text;
	const char *url; /* or what is wrong */
	struct sl_endpoint_rules rules;
	bool tls, local;
} endpoints[] = {
#define HTTP SL_PROTOCOL_HTTP_PROTOBUF
	{ "http://localhost:4318",
	  "http://localhost:4318/v1/traces",
	  { HTTP, SL_ENDPOINT_BASE, false },
	  false,
	  true },
	{ "https://x/otlp",
	  "https://x/otlp/v1/traces",
	  { HTTP, SL_ENDPOINT_BASE, false },
	  true,
	  false },
	{ "https://x/otlp/",
	  "https://x/otlp/v1/traces",
	  { HTTP, SL_ENDPOINT_BASE, false },
	  true,
	  false },
	{ "https://x:4/i/v1/traces",
	  "https://x:4/i/v1/traces",
	  { HTTP, SL_ENDPOINT_EXACT, false },
	  true,
	  false },
	{ "http://x", "http://x/", { HTTP, SL_ENDPOINT_EXACT, false }, false, false },
	{ "http://127.0.0.1:1",
	  "http://127.0.0.1:1/v1/traces",
	  { HTTP, SL_ENDPOINT_PLAIN, false },
	  false,
	  true },
	{ "http://127.x.org/p",
	  "http://127.x.org/p",
	  { HTTP, SL_ENDPOINT_PLAIN, false },
	  false,
	  false },
	{ "http://[::1]:1/p", "http://[::1]:1/p", { HTTP, SL_ENDPOINT_PLAIN, false }, false, true },
	{ "http://x/p?key=1",
	  "http://x/p?key=1",
	  { HTTP, SL_ENDPOINT_PLAIN, false },
	  false,
	  false },
	{ "x:4317",
	  "https://x:4317/",
	  { SL_PROTOCOL_GRPC, SL_ENDPOINT_PLAIN, false },
	  true,
	  false },
	{ "x:4317", "http://x:4317/", { SL_PROTOCOL_GRPC, SL_ENDPOINT_PLAIN, true }, false, false },
	{ "https://x/path",
	  "https://x/",
	  { SL_PROTOCOL_GRPC, SL_ENDPOINT_BASE, true },
	  true,
	  false },
	{ "localhost:4318",
	  "it has no scheme: it begins with http:// or https://",
	  { HTTP, SL_ENDPOINT_PLAIN, false },
	  false,
	  false },
	{ "unix:/tmp/x",
	  "it names a socket: send there with --unix-socket FILE",
	  { SL_PROTOCOL_GRPC, SL_ENDPOINT_PLAIN, true },
	  false,
	  false },
	{ "ftp://x",
	  "its scheme is neither http nor https",
	  { HTTP, SL_ENDPOINT_PLAIN, false },
	  false,
	  false },
	{ "http://",
	  "it is no URL as http://localhost:4318",
	  { HTTP, SL_ENDPOINT_PLAIN, false },
	  false,
	  false },
	{ "http://me:secret@x",
	  "it holds a name or a password: send a header instead",
	  { HTTP, SL_ENDPOINT_PLAIN, false },
	  false,
	  false },
};

static void test_endpoints(void)
{
	for (size_t i = 0; i < SL_COUNT(endpoints); i++) {
		struct sl_endpoint endpoint;
		struct sl_error err;
		bool good = sl_endpoint_parse(&endpoint, endpoints[i].text, &endpoints[i].rules,
					      &err) == SL_OK;
		const char *got = good ? endpoint.url : err.text;

		ok(strcmp(got, endpoints[i].url) == 0 && endpoint.tls == endpoints[i].tls &&
			   endpoint.local == endpoints[i].local,
		   "%s: %s", endpoints[i].text, got);
		ok(!good || strchr(endpoint.shown, '?') == NULL, "%s without a query",
		   endpoints[i].text);
		sl_endpoint_free(&endpoint);
	}
}

static void test_headers(void)
{
	static const struct {
		const char *line;
		const char *result; /* the line as it is kept, or what is wrong */
	} lines[] = {
		{ "X-Team:shop", "X-Team: shop" },
		{ "a:  b:c  ", "a: b:c" },
		{ "a:", "a: " },
		{ "secret", "a header is 'Name: value', and this one has no ':'" },
		{ "a b: c", "header 'a': what follows is no part of a name" },
		{ "Authorization=Bearer s3cret:x",
		  "header 'Authorization': what follows is no part of a name" },
		{ ": c", "header '': what follows is no part of a name" },
		{ "a: b\r\nc: d", "header 'a': its value holds a control character" },
		{ "Content-Type: x", "header 'Content-Type': is set by the protocol" },
		{ "TE: x", "header 'TE': is set by the protocol" },
	};

	for (size_t i = 0; i < SL_COUNT(lines); i++) {
		struct sl_headers headers = { 0 };
		struct sl_error err;
		bool good = sl_headers_add(&headers, slice_of(lines[i].line), &err) == SL_OK;
		const char *got = good ? headers.items[0] : err.text;

		ok(strcmp(got, lines[i].result) == 0, "line %zu: %s", i, got);
		sl_headers_free(&headers);
	}
}

static void test_header_lists(void)
{
	struct sl_slice list =
		SL_SLICE("a=1, b = x%20y=z ,,c=%zz,d=%0d,=e,f,A=2,g=+,h=%C3%A9,i=%00,j=%2");
	struct sl_headers headers = { 0 };
	struct sl_buffer text = { 0 };
	enum sl_status status;
	struct sl_error err;

	while ((status = sl_headers_add_pair(&headers, &list, &err)) != SL_END)
		sl_buffer_add_byte(&text, status == SL_OK ? '+' : '-');
	sl_buffer_add_byte(&text, '\0');
	ok(!text.failed && strcmp(text.data, "++----+++--") == 0, "pairs: %s", text.data);
	ok(sl_slice_equal(sl_headers_find(&headers, SL_SLICE("b")), SL_SLICE("x y=z")), "decoded");
	ok(sl_slice_equal(sl_headers_find(&headers, SL_SLICE("a")), SL_SLICE("2")), "replaced");
	ok(sl_slice_equal(sl_headers_find(&headers, SL_SLICE("g")), SL_SLICE("+")), "a plus");
	ok(sl_headers_find(&headers, SL_SLICE("d")).data == NULL, "none with a line end");
	sl_buffer_free(&text);
	sl_headers_free(&headers);
}

/* What a server repeats of what it was sent. */
static void test_secrets(void)
{
	static const struct {
		const char *header, *url, *text, *result;
	} secrets[] = {
		{ "X-Key: hunter2", "", "no key hunter2, no", "no key *******, no" },
		{ "X-Key: abc", "", "abc is short", "abc is short" },
		{ "X-Key: 12345:6789012:abc defghij", "", "'12345:6789012:abc defghij'?",
		  "'*************************'?" },
		{ "A: Basic dXNl", "", "Basic? dXNl!", "Basic? ****!" },
		{ "A: Bearer token-of-mine", "", "token-of-mine, Bearer?",
		  "*************, Bearer?" },
		{ "A: Bearer token-of-mine", "", "it ends: token", "it ends: *****" },
		{ "X: y", "http://h/?key=s3cr3t%2Ft0ken%2B", "/?key=s3cr3t%2Ft0ken%2B",
		  "/?key=*****************" },
		{ "X: y", "http://h/?key=s3cr3t%2Ft0ken%2B", "s3cr3t/t0ken+ is no key",
		  "************* is no key" },
		{ "X: y", "http://h/?a=b+c%20d&abc%2e", "b c d or b+c d, abc.",
		  "***** or *****, ****" },
		{ "X: y", "http://h/?a=b&c=1%zz", "a, b, c, 1%zz", "a, b, c, ****" },
	};

	for (size_t i = 0; i < SL_COUNT(secrets); i++) {
		struct sl_headers headers = { 0 };
		struct sl_error err;
		char text[100];

		snprintf(text, sizeof(text), "%s", secrets[i].text);
		if (sl_headers_add(&headers, slice_of(secrets[i].header), &err) == SL_OK)
			headers_hide(&headers, text);
		query_hide(secrets[i].url, text);
		ok(strcmp(text, secrets[i].result) == 0, "secret %zu: %s", i, text);
		sl_headers_free(&headers);
	}
}

int main(void)
{
	test_answers();
	test_codes();
	test_transports();
	test_endpoints();
	test_headers();
	test_header_lists();
	test_secrets();
	ok(sl_protocol_find(SL_SLICE("GRPC")) == SL_PROTOCOL_GRPC &&
		   sl_protocol_find(SL_SLICE("http")) == SL_PROTOCOL_COUNT,
	   "names of protocols");
	sl_arena_free(&scratch);
	return done_testing();
}

/* Raw HTTP/1.1 traffic: bodies of every kind, among what is none of our business. */
#include "feed.h"
#include "tap.h"

#define BODY "{\"resourceSpans\":[]}"

#define POST  "POST /v1/traces HTTP/1.1\r\nHost: x\r\n"
#define SIZED POST "Content-Length: %\r\n\r\n%"
#define GET   "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define OK    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

/* The first '%' of a pair is the length, the second the body; '#' is the body in chunks. */
static const struct {
	const char *title;
	const char *shape;
	const char *spans;
	const char *losses;
} rows[] = {
	{ "a length", SIZED, "a@shop ", "" },
	{ "two requests", SIZED SIZED, "a@shop a@shop ", "" },
	{ "requests and responses", SIZED OK SIZED OK, "a@shop a@shop ", "" },
	{ "a response first", OK SIZED, "a@shop ", "" },
	{ "a response without a body", "HTTP/1.1 204 No Content\r\n\r\n" SIZED, "a@shop ", "" },
	{ "a response that ends with its connection",
	  "HTTP/1.0 200 OK\r\n\r\n<html>PO</html>" SIZED, "a@shop ", "" },
	{ "other requests", GET SIZED GET "OPTIONS * HTTP/1.1\r\n\r\n" SIZED GET, "a@shop a@shop ",
	  "" },
	{ "a body that is not telemetry",
	  "POST /login HTTP/1.1\r\nContent-Length: 9\r\n\r\nuser=root" SIZED, "a@shop ", "" },
	{ "an empty body", POST "Content-Length: 0\r\n\r\n" SIZED, "a@shop ", "" },
	{ "no body", POST "\r\n" SIZED, "a@shop ", "" },
	{ "a PUT and odd capitals", "PUT /v1/traces HTTP/1.1\r\ncONTENT-lENGTH:%\r\n\r\n%",
	  "a@shop ", "" },
	{ "lines that end in newlines alone", "POST / HTTP/1.1\nContent-Length: %\n\n%", "a@shop ",
	  "" },
	{ "blank lines between", SIZED "\r\n\r\n" SIZED "\r\n", "a@shop a@shop ", "" },
	{ "chunks", POST "Transfer-Encoding: chunked\r\n\r\n#0\r\n\r\n", "a@shop ", "" },
	{ "chunks twice",
	  POST "Transfer-Encoding: chunked\r\n\r\n#0\r\n\r\n" POST
	       "transfer-encoding: gzip, Chunked\r\n\r\n#0\r\n\r\n",
	  "a@shop a@shop ", "" },
	{ "chunks with a trailer",
	  POST "Transfer-Encoding: chunked\r\n\r\n#0;x=y\r\nDigest: 0\r\nA: b\r\n\r\n" SIZED,
	  "a@shop a@shop ", "" },
	{ "chunks that are not telemetry",
	  "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" SIZED,
	  "a@shop ", "" },
	{ "chunks of a response",
	  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n#0\r\n\r\n" SIZED, "a@shop ", "" },
	{ "a body after 100 Continue",
	  POST "Content-Length: %\r\nExpect: 100-continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n%",
	  "a@shop ", "" },
	{ "another content encoding",
	  POST "Content-Encoding: br\r\nContent-Length: 4\r\n\r\nbrbr" SIZED, "a@shop ",
	  "unsupported" },
	{ "a body that is cut", SIZED POST "Content-Length: 900\r\n\r\n" BODY, "a@shop ",
	  "truncated" },
	{ "chunks that are cut", SIZED POST "Transfer-Encoding: chunked\r\n\r\n14\r\n" BODY,
	  "a@shop ", "truncated" },
	{ "a body that is missing", SIZED POST "Content-Length: 9\r\n\r\n", "a@shop ",
	  "truncated" },
	{ "a head that is cut", SIZED "POST /v1/tr", "a@shop ", "truncated" },
	{ "a chunk that is none", POST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" SIZED, "a@shop ",
	  "malformed" },
	{ "a length that is none", POST "Content-Length: ten\r\n\r\n" SIZED, "a@shop ",
	  "malformed" },
	{ "something else between", SIZED "garbage, and more of it POST" SIZED, "a@shop a@shop ",
	  "malformed" },
	{ "a body that is too large", POST "Content-Length: 3000\r\n\r\n" BODY, "", "oversize" },
};

static void put_chunks(struct sl_buffer *out, struct sl_slice body)
{
	for (size_t at = 0; at < body.len; at += 50) {
		size_t len = body.len - at < 50 ? body.len - at : 50;

		sl_buffer_printf(out, at % 100 == 0 ? "%zx\r\n" : "0%zX;a=b\r\n", len);
		sl_buffer_add(out, body.data + at, len);
		sl_buffer_add_literal(out, "\r\n");
	}
}

static void put_shape(struct sl_buffer *out, const char *shape, struct sl_slice body)
{
	bool length = true;

	for (; *shape != '\0'; shape++) {
		if (*shape == '#') {
			put_chunks(out, body);
		} else if (*shape != '%') {
			sl_buffer_add_byte(out, *shape);
		} else {
			if (length)
				sl_buffer_printf(out, "%zu", body.len);
			else
				sl_buffer_add_slice(out, body);
			length = !length;
		}
	}
}

static void check(const char *title, const char *kind, const struct sl_buffer *bytes,
		  const char *spans, const char *losses)
{
	struct feed input = { .bytes = sl_buffer_slice(bytes), .max_message = 2000 };
	bool same;
	struct fed fed = feed_all_ways(&input, &same);

	if (!ok(same && fed.status == SL_END && strcmp(fed.format, "http") == 0 &&
			strcmp(fed.spans.data, spans) == 0 && fed_lost(&fed, losses),
		"%s, %s", title, kind))
		fed_print(title, &fed);
	fed_free(&fed);
}

static void test_rows(const char *kind, struct sl_slice body)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer bytes = { .len = 0 };

		put_shape(&bytes, rows[i].shape, body);
		check(rows[i].title, kind, &bytes, rows[i].spans, rows[i].losses);
		sl_buffer_free(&bytes);
	}
}

/* Chunks of a byte each: what stands between them is not kept. */
static void test_tiny_chunks(void)
{
	struct sl_buffer bytes = { .len = 0 }, body = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };
	struct fed fed;

	put_json_request(&body, "a", 1500000);
	sl_buffer_add_literal(&bytes, POST "Transfer-Encoding: chunked\r\n\r\n");
	for (size_t i = 0; i < body.len; i++)
		sl_buffer_printf(&bytes, "1\r\n%c\r\n", body.data[i]);
	sl_buffer_add_literal(&bytes, "0\r\n\r\n");
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed(&input, 0);
	ok(fed.spans.len > 1500000 && fed.losses.count == 0 && fed.largest < 5000000,
	   "chunks of a byte, in %zu bytes", fed.largest);
	fed_free(&fed);
	sl_buffer_free(&body);
	sl_buffer_free(&bytes);
}

int main(void)
{
	struct sl_buffer protobuf = { .len = 0 }, json = { .len = 0 }, packed = { .len = 0 };
	struct sl_deflater *state = NULL;
	struct sl_error err;

	put_spans(&protobuf, "a", 0);
	put_json_request(&json, "a", 0);
	if (sl_deflate_message(&state, SL_CODEC_GZIP, sl_buffer_slice(&json), &packed, &err) !=
	    SL_OK)
		feed_fail(err.text);
	test_rows("protobuf", sl_buffer_slice(&protobuf));
	test_rows("JSON", sl_buffer_slice(&json));
	test_rows("gzip", sl_buffer_slice(&packed));
	test_tiny_chunks();
	sl_deflater_free(state);
	sl_buffer_free(&protobuf);
	sl_buffer_free(&json);
	sl_buffer_free(&packed);
	return done_testing();
}

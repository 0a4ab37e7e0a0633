/* The format by the first bytes: every format, those that look like another, those not read here.
 */
#include "feed.h"
#include "tap.h"

enum { OPEN = -1, FOREIGN = -2, TOO_EARLY = -3 };

struct row {
	const char *title;
	const char *bytes;
	size_t len;
	int expected;	  /* a format, OPEN, or FOREIGN */
	const char *says; /* what the message must hold */
};

#define BYTES(literal) (literal), sizeof(literal) - 1

/* With `ended`. */
static const struct row rows[] = {
	{ "nothing", BYTES(""), SL_FORMAT_AUTO, "" },
	{ "white space", BYTES(" \r\n\t\n"), SL_FORMAT_AUTO, "" },
	{ "a byte order mark", BYTES("\xef\xbb\xbf\n"), SL_FORMAT_AUTO, "" },
	{ "an object", BYTES("{\"resourceSpans\":[]}"), SL_FORMAT_JSON, "" },
	{ "an empty object", BYTES("{}"), SL_FORMAT_JSON, "" },
	{ "a trace of Jaeger", BYTES("{\"data\":[{\"traceID\":\"1\",\"spans\":[]}]}"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_JAEGER, "" },
	{ "a span of Zipkin", BYTES("\xef\xbb\xbf [{\"traceId\":\"1\",\"id\":\"2\"}]"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_ZIPKIN, "" },
	{ "a span of Zipkin behind a byte of no text",
	  BYTES("[\n{\x01\"id\":1},\n{\"traceId\":\"1\",\"id\":\"2\"}]"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_ZIPKIN, "" },
	{ "a span of Zipkin behind what could be a length",
	  BYTES("[{  {\n{\"traceId\":\"1\",\"id\":\"2\"}]"), SL_FORMAT_FOREIGN + SL_FOREIGN_ZIPKIN,
	  "" },
	{ "a trace of Jaeger behind a request",
	  BYTES("{\"resourceSpans\":[]}{\"traceID\":\"1\",\"spans\":[]}"), SL_FORMAT_JSON, "" },
	{ "an object behind lines", BYTES("\n\n  { \n\"a\" : 1}"), SL_FORMAT_JSON, "" },
	{ "an array", BYTES("[{\"a\":1}]"), SL_FORMAT_JSON, "" },
	{ "an empty array", BYTES("[ ]"), SL_FORMAT_JSON, "" },
	{ "arrays of arrays", BYTES("[[{\"a\":1}]]"), SL_FORMAT_JSON, "" },
	{ "an object behind a mark", BYTES("\xef\xbb\xbf{\"a\":1}"), SL_FORMAT_JSON, "" },
	{ "an object behind a record separator", BYTES("\x1e{\"a\":1}\n"), SL_FORMAT_JSON, "" },
	{ "an object that is cut", BYTES("{\"resou"), SL_FORMAT_JSON, "" },
	{ "an escaped key", BYTES("{\"a\\\"b\":1}"), SL_FORMAT_JSON, "" },
	{ "text before JSON lines", BYTES("starting up\n{\"a\":1}\n"), SL_FORMAT_JSON, "" },
	{ "broken JSON before JSON lines", BYTES("{oops\n{\"a\":1}\n"), SL_FORMAT_JSON, "" },
	{ "Docker's log", BYTES("{\"log\":\"starting up\\n\",\"stream\":\"stdout\"}\n"),
	  SL_FORMAT_LOGS, "" },
	{ "a log of Kubernetes", BYTES("2026-11-21T03:22:30.68Z stderr P starting up\n"),
	  SL_FORMAT_LOGS, "" },
	{ "a request behind text", BYTES("export\nINFO: {\"resource\":{},\"scopeSpans\":[]}\n"),
	  SL_FORMAT_LOGS, "" },
	{ "a request in an envelope", BYTES("{\"__otel_otlp_stdout\":\"1\",\"payload\":\"\"}"),
	  SL_FORMAT_LOGS, "" },
	{ "an envelope behind text", BYTES("START\n{\"__otel_otlp_stdout\":\"1\"}\n"),
	  SL_FORMAT_LOGS, "" },
	{ "an event of AWS", BYTES("{\"headers\":{},\"body\":\"a\\\"b\",\"isBase64Encoded\":true}"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_EVENT, "" },
	{ "Go's stdouttrace", BYTES("[{\"Name\":\"a\\\"b\",\"SpanContext\":{}}]"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_STDOUTTRACE, "" },
	{ "Python's console",
	  BYTES("{\"name\":\"n\",\"context\":{},\"parent_id\":null,\"start_time\":\"\"}"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_CONSOLE, "" },
	{ "Datadog",
	  BYTES("[[{\"trace_id\":0,\"span_id\":1,\"parent_id\":0},{\"metrics\":{},\"trace_id\":0,"
		"\"span_id\":1,\"parent_id\":0}]]"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_DATADOG, "" },
	{ "Tempo's search", BYTES("{\"traces\":[{\"traceID\":\"a\",\"rootServiceName\":\"\"}]}"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_TEMPO_SEARCH, "" },
	{ "flat records",
	  BYTES("{\"duration_ms\":1,\"trace_id\":\"1\",\"time\":1,\"data\":{\"span_id\":\"2\"}}"),
	  SL_FORMAT_FOREIGN + SL_FOREIGN_FLAT, "" },
	{ "a span line by hand",
	  BYTES("{\"trace_id\":\"1\",\"span_id\":\"2\",\"start\":\"\",\"duration_ms\":1}"),
	  SL_FORMAT_JSON, "" },
	{ "a log with ids",
	  BYTES("{\"time\":1,\"trace_id\":\"1\",\"span_id\":\"2\",\"message\":\"m\"}"),
	  SL_FORMAT_JSON, "" },
	{ "a request", BYTES("\x0a\x06\x0a\x04\x0a\x02\x0a\x00"), SL_FORMAT_PB, "" },
	{ "a request without a resource", BYTES("\x0a\x04\x12\x02\x12\x00"), SL_FORMAT_PB, "" },
	{ "a request of old scope spans", BYTES("\x0a\x05\xc2\x3e\x02\x12\x00"), SL_FORMAT_PB, "" },
	{ "a request that is cut", BYTES("\x0a\xbc\x9b\x08\x0a\xf5"), SL_FORMAT_PB, "" },
	{ "a request that starts as \"\\n{\"",
	  BYTES("\x0a\x7b\x12\x79\x12\x77\x0a\x10nnnnnnnnnnnnnnnn\x12\x08"), SL_FORMAT_PB, "" },
	{ "a request that starts as \"\\n[\"", BYTES("\x0a\x5b\x12\x59\x12\x57\x0a\x10nnnn"),
	  SL_FORMAT_PB, "" },
	{ "two empty fields", BYTES("\x0a\x00\x0a\x00"), SL_FORMAT_PB, "" },
	{ "an unknown field first", BYTES("\x98\x06\x01\x0a\x04\x12\x02\x12\x00"), SL_FORMAT_PB,
	  "" },
	{ "a message of ten bytes", BYTES("\x0a\x0a\x08\x0a\x06\x0a\x04nnnn\x0a\x0a\x08\x0a\x06"),
	  SL_FORMAT_VARINT, "" },
	{ "a varint", BYTES("\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00\x00"), SL_FORMAT_VARINT, "" },
	{ "a varint of 123, '{'", BYTES("\x7b\x0a\x79\x0a\x77\x0a\x02\x0a\x00"), SL_FORMAT_VARINT,
	  "" },
	{ "a varint of 91, '['", BYTES("\x5b\x0a\x59\x0a\x57\x0a\x02\x0a\x00"), SL_FORMAT_VARINT,
	  "" },
	{ "a length", BYTES("\0\0\0\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00"), SL_FORMAT_BE32, "" },
	{ "a length before zstd", BYTES("\0\0\x3a\xc9\x28\xb5\x2f\xfd\xa4"), SL_FORMAT_BE32, "" },
	{ "a length before gzip", BYTES("\0\0\x3a\xc9\x1f\x8b\x08\x00"), SL_FORMAT_BE32, "" },
	{ "a length before JSON", BYTES("\0\0\x3a\xc9{\"resourceSpans\":[]}"), SL_FORMAT_BE32, "" },
	{ "a length over 16 MiB", BYTES("\1\0\0\x08\x0a\x80\x80\x80\x08\x0a\x04\x0a\x02\x0a\x00"),
	  SL_FORMAT_BE32, "" },
	{ "a length of 4 GiB", BYTES("\xff\xff\xff\xff\x0a\x06\x0a\x04\x0a\x02\x0a\x00"),
	  SL_FORMAT_BE32, "" },
	{ "an empty message", BYTES("\0\0\0\0"), SL_FORMAT_BE32, "" },
	{ "an empty message first", BYTES("\0\0\0\0\0\0\0\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00"),
	  SL_FORMAT_BE32, "" },
	{ "a length that is cut", BYTES("\0\0\x17"), SL_FORMAT_BE32, "" },
	{ "a length and nothing", BYTES("\0\0\x17\xdd"), SL_FORMAT_BE32, "" },
	{ "gRPC", BYTES("\0\0\0\0\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00"), SL_FORMAT_GRPC, "" },
	{ "gRPC, length 0x..0a", BYTES("\0\0\0\x02\x0a\x0a\x87\x04\x0a\x20\x0a\x1e\x0a\x04nnnn"),
	  SL_FORMAT_GRPC, "" },
	{ "gRPC, gzip", BYTES("\1\0\0\x24\x31\x1f\x8b\x08\0\0"), SL_FORMAT_GRPC, "" },
	{ "gRPC, zstd", BYTES("\1\0\0\x24\x31\x28\xb5\x2f\xfd\0"), SL_FORMAT_GRPC, "" },
	{ "gRPC, an empty message first",
	  BYTES("\0\0\0\0\0\0\0\0\0\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00"), SL_FORMAT_GRPC, "" },
	{ "POST", BYTES("POST /v1/traces HTTP/1.1\r\n"), SL_FORMAT_HTTP, "" },
	{ "POST of a whole URI", BYTES("POST http://host:4318/v1/traces HTTP/1.1\r\n"),
	  SL_FORMAT_HTTP, "" },
	{ "PUT", BYTES("PUT /v1/traces HTTP/1.1\r\n"), SL_FORMAT_HTTP, "" },
	{ "a response", BYTES("HTTP/1.1 200 OK\r\n"), SL_FORMAT_HTTP, "" },
	{ "HTTP/2", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), FOREIGN, "HTTP/2" },
	{ "gzip in gzip", BYTES("\x1f\x8b\x08\0\0\0"), FOREIGN, "twice" },
	{ "zstd in gzip", BYTES("\x28\xb5\x2f\xfd\0\0"), FOREIGN, "twice" },
	{ "xz", BYTES("\xfd\x37zXZ\0\0"), FOREIGN, "xz -dc" },
	{ "bzip2", BYTES("BZh91AY&SY"), FOREIGN, "bzip2 -dc" },
	{ "lz4", BYTES("\x04\x22\x4d\x18\x64"), FOREIGN, "lz4 -dc" },
	{ "snappy", BYTES("\xff\x06\0\0sNaPpY\0"), FOREIGN, "snzip -dc" },
	{ "zip", BYTES("PK\3\4\x14\0"), FOREIGN, "unzip -p" },
	{ "Parquet", BYTES("PAR1\x15\x04"), FOREIGN, "Parquet" },
	{ "Arrow", BYTES("ARROW1\0\0\xff\xff"), FOREIGN, "Arrow" },
	{ "an Arrow stream", BYTES("\xff\xff\xff\xff\x48\1\0\0\x10"), FOREIGN, "Arrow" },
	{ "Avro", BYTES("Obj\1\4\x14"), FOREIGN, "Avro" },
	{ "pcap", BYTES("\xd4\xc3\xb2\xa1\2\0\4\0"), FOREIGN, "pcap" },
	{ "pcapng", BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a"), FOREIGN, "pcapng" },
	{ "SQLite", BYTES("SQLite format 3\0"), FOREIGN, "SQLite" },
	{ "UTF-16 with a mark", BYTES("\xff\xfe{\0\"\0"), FOREIGN, "iconv" },
	{ "UTF-16 without one", BYTES("{\0\"\0r\0"), FOREIGN, "UTF-16" },
	{ "XML", BYTES("<?xml version=\"1.0\"?>\n"), FOREIGN, "XML" },
	{ "text", BYTES("hello, world\n"), FOREIGN, "'hello, world'" },
	{ "log lines around JSON", BYTES("INFO: {\"resource\":{}}\n"), FOREIGN, "log lines" },
	{ "a console dump", BYTES("{\n  resource: {\n    attributes: {}"), FOREIGN, "console" },
	{ "noise", BYTES("\x93\x07\xf1\x00\x10\x80\x7f\xee\xee"), FOREIGN, "93 07 f1 00" },
};

/* Without `ended`: more bytes could make anything of these. */
static const struct row open_rows[] = {
	{ "nothing", BYTES(""), OPEN, "" },
	{ "a newline", BYTES("\n"), OPEN, "" },
	{ "a bracket", BYTES("{"), OPEN, "" },
	{ "half a key", BYTES("{\"resour"), OPEN, "" },
	{ "half a length", BYTES("\0\0\x17"), OPEN, "" },
	{ "a word of text", BYTES("star"), OPEN, "" },
	{ "half a method", BYTES("POS"), OPEN, "" },
	{ "half a mark", BYTES("\xef\xbb"), OPEN, "" },
};

/* From a copy of exactly these bytes, so that reading behind them is seen. */
static int sniff(const char *bytes, size_t len, bool ended, struct sl_error *err)
{
	char *copy = malloc(len + SL_PADDING);
	enum sl_format format = SL_FORMAT_AUTO;
	enum sl_status status;

	if (copy == NULL)
		feed_fail("malloc");
	memset(copy, 0xaa, len + SL_PADDING);
	memcpy(copy, bytes, len);
	err->text[0] = '\0';
	status = sl_format_sniff((struct sl_slice){ copy, len }, ended, &format, err);
	free(copy);
	if (status == SL_END && format != SL_FORMAT_AUTO)
		return TOO_EARLY; /* a source would go by it */
	return status == SL_OK ? (int)format : status == SL_END ? OPEN : FOREIGN;
}

/* Every shorter start says the same, or asks for more. */
static bool prefixes_agree(const struct row *row)
{
	for (size_t len = 0; len < row->len; len++) {
		struct sl_error err;
		int found = sniff(row->bytes, len, false, &err);

		if (found != OPEN && found != row->expected) {
			printf("# after %zu bytes: %d %s\n", len, found, err.text);
			return false;
		}
	}
	return true;
}

static void test_row(const struct row *row, bool ended)
{
	struct sl_error err;
	int found = sniff(row->bytes, row->len, ended, &err);

	if (!ok(found == row->expected && strstr(err.text, row->says) != NULL, "%s", row->title))
		printf("# %d, not %d: %s\n", found, row->expected, err.text);
	ok(prefixes_agree(row), "%s: every start of it agrees", row->title);
}

static void test_names(void)
{
	bool all = true;

	for (int i = 0; i < SL_FORMAT_COUNT; i++)
		all = all && sl_format_find(sl_formats[i].name) == (enum sl_format)i;
	ok(all && sl_format_find("jsonl") == SL_FORMAT_COUNT, "formats are found by their names");
}

/* Something is said of long input too, however little it tells. */
static void test_long(void)
{
	struct sl_buffer bytes = { .len = 0 };
	struct sl_error err;

	while (bytes.len < 100000)
		sl_buffer_add(&bytes, "lorem ipsum ", 12);
	ok(sniff(bytes.data, bytes.len, false, &err) == FOREIGN, "long text is given up");
	memset(bytes.data, ' ', bytes.len);
	ok(sniff(bytes.data, bytes.len, false, &err) == SL_FORMAT_JSON, "long white space is text");
	memset(bytes.data, 0, bytes.len);
	ok(sniff(bytes.data, bytes.len, false, &err) == SL_FORMAT_BE32, "zeros are empty messages");
	sl_buffer_free(&bytes);
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		test_row(&rows[i], true);
	for (size_t i = 0; i < SL_COUNT(open_rows); i++)
		test_row(&open_rows[i], false);
	test_names();
	test_long();
	return done_testing();
}

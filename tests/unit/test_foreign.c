/* Other programs' formats: whose a document is, what its parts are, and what is read behind damage.
 */
#include "spanline/foreign.h"
#include "tap.h"
#include <stdlib.h>

/* A copy with nothing but the padding behind it, which looks like more of the same; owned. */
static struct sl_slice copy_of(const char *text)
{
	size_t len = strlen(text);
	char *copy = malloc(len + SL_PADDING);

	if (copy == NULL)
		abort();
	for (size_t i = 0; i < len; i++)
		copy[i] = text[i];
	memset(copy + len, len != 0 ? copy[len - 1] : '{', SL_PADDING);
	return (struct sl_slice){ copy, len };
}

static void copy_free(struct sl_slice copy)
{
	free((char *)(uintptr_t)copy.data);
}

/* Of what has not ended. */
static const struct {
	const char *title, *text;
	enum sl_foreign_sight sight;
	enum sl_foreign format;
} documents[] = {
	{ "the UI's JSON", "{\"data\":[{\"traceID\":\"a\",\"spans\":[", SL_FOREIGN_SEEN,
	  SL_FOREIGN_JAEGER },
	{ "processes first", "{\"data\":[{\"processes\":{\"p\":{}},\"traceID\":\"a\",",
	  SL_FOREIGN_SEEN, SL_FOREIGN_JAEGER },
	{ "a trace alone", "{\"traceID\":\"a\",\"processes\":", SL_FOREIGN_SEEN,
	  SL_FOREIGN_JAEGER },
	{ "no traces", "{\"data\":[],\"total\":0,\"limit\":0,\"offset\":0,\"errors\":null}",
	  SL_FOREIGN_SEEN, SL_FOREIGN_JAEGER },
	{ "a batch", "{\"spans\":[{\"traceId\":\"a\",\"operationName\":", SL_FOREIGN_SEEN,
	  SL_FOREIGN_JAEGER },
	{ "Thrift", "{\"process\":{},\"spans\":[{\"traceIdLow\":1", SL_FOREIGN_SEEN,
	  SL_FOREIGN_JAEGER },
	{ "a document of Elasticsearch", "{\"traceID\":\"a\",\"spanID\":\"b\"", SL_FOREIGN_SEEN,
	  SL_FOREIGN_JAEGER },
	{ "a hit",
	  "{\"took\":1,\"hits\":{\"total\":1,\"hits\":[{\"_source\":{\"spanID\":\"b\","
	  "\"traceID\":\"a\"",
	  SL_FOREIGN_SEEN, SL_FOREIGN_JAEGER },
	{ "behind a mark and space", "\xef\xbb\xbf\n [ [ {\"traceId\":\"a\",\"id\":\"b\"",
	  SL_FOREIGN_SEEN, SL_FOREIGN_ZIPKIN },
	{ "a span of Zipkin", "{\"id\":\"b\",\"tags\":{\"traceId\":1},\"traceId\":\"a\"}",
	  SL_FOREIGN_SEEN, SL_FOREIGN_ZIPKIN },
	{ "behind an element that tells nothing", "[{\"a\":1},{\"traceId\":\"a\",\"id\":\"b\"",
	  SL_FOREIGN_SEEN, SL_FOREIGN_ZIPKIN },
	{ "behind lines that are broken",
	  "cut\":1}]}\n{\"a\" 1}\n{\"traceID\":\"a\",\"spanID\":\"b\"}", SL_FOREIGN_SEEN,
	  SL_FOREIGN_JAEGER },
	{ "keys in an attribute", "{\"a\":{\"traceID\":\"a\",\"spans\":[]}}\n", SL_FOREIGN_NONE,
	  0 },
	{ "text that looks so", "{\"a\":\"{\\\"traceID\\\":1,\\\"spans\\\":[]}\"}", SL_FOREIGN_NONE,
	  0 },
	{ "OTLP", "{\"resourceSpans\":", SL_FOREIGN_NONE, 0 },
	{ "OTLP in a result", "{\"result\":{\"resourceSpans\":[", SL_FOREIGN_NONE, 0 },
	{ "a span line",
	  "{\"trace_id\":\"a\",\"span_id\":\"b\",\"name\":\"\",\"start_unix_nano\":\"1\"",
	  SL_FOREIGN_NONE, 0 },
	{ "another object", "{\"orders\":[{\"id\":1}]}", SL_FOREIGN_NONE, 0 },
	{ "an id without a trace", "{\"id\":1}\n", SL_FOREIGN_NONE, 0 },
	{ "no JSON", "hello", SL_FOREIGN_NONE, 0 },
	{ "the start of a key", "{\"traceI", SL_FOREIGN_OPEN, 0 },
	{ "one key", "{\"traceID\":\"a\",", SL_FOREIGN_OPEN, 0 },
	{ "an array that may go on", "[{\"a\":1},", SL_FOREIGN_OPEN, 0 },
};

static void check_documents(void)
{
	for (size_t i = 0; i < SL_COUNT(documents); i++) {
		struct sl_slice text = copy_of(documents[i].text);
		enum sl_foreign format = SL_FOREIGN_COUNT, whole = SL_FOREIGN_COUNT;
		enum sl_foreign_sight sight = sl_foreign_detect(text, false, &format);
		enum sl_foreign_sight ended = sl_foreign_detect(text, true, &whole);

		ok(sight == documents[i].sight &&
			   (sight != SL_FOREIGN_SEEN || format == documents[i].format),
		   "%s: whose it is", documents[i].title);
		ok(ended == (sight == SL_FOREIGN_OPEN ? SL_FOREIGN_NONE : sight),
		   "%s: the same where it ends there", documents[i].title);
		copy_free(text);
	}
}

static const struct {
	const char *title;
	const char *text;
	enum sl_foreign format;
	enum sl_foreign_part part;
} parts[] = {
	{ "a trace", "{\"traceID\":", SL_FOREIGN_JAEGER, SL_FOREIGN_RECORD },
	{ "what holds traces", "{\"errors\":null,\"data\":[", SL_FOREIGN_JAEGER,
	  SL_FOREIGN_WRAPPER },
	{ "no list of traces", "{\"data\":null,\"x\":1}", SL_FOREIGN_JAEGER, SL_FOREIGN_RECORD },
	{ "a list of traces", "[{", SL_FOREIGN_JAEGER, SL_FOREIGN_LIST },
	{ "nothing known", "{\"a\":1}", SL_FOREIGN_JAEGER, SL_FOREIGN_RECORD },
	{ "not all there", "{\"a\":{\"traceID\":1", SL_FOREIGN_JAEGER, SL_FOREIGN_UNKNOWN },
	{ "a list of spans", "[\n {", SL_FOREIGN_ZIPKIN, SL_FOREIGN_RECORD },
	{ "a list of lists", "[\n [", SL_FOREIGN_ZIPKIN, SL_FOREIGN_LIST },
	{ "an empty list", "[]", SL_FOREIGN_ZIPKIN, SL_FOREIGN_LIST },
	{ "a list's start", "[", SL_FOREIGN_ZIPKIN, SL_FOREIGN_UNKNOWN },
	{ "a span", "{\"name\":\"n\",\"id\":\"a\"", SL_FOREIGN_ZIPKIN, SL_FOREIGN_RECORD },
};

static void check_parts(void)
{
	for (size_t i = 0; i < SL_COUNT(parts); i++) {
		struct sl_slice text = copy_of(parts[i].text);

		ok(sl_foreign_part(parts[i].format, text, false) == parts[i].part, "%s: its part",
		   parts[i].title);
		ok(sl_foreign_part(parts[i].format, text, true) != SL_FOREIGN_UNKNOWN,
		   "%s: known at the end", parts[i].title);
		copy_free(text);
	}
}

#define JAEGER_SPAN(id) "{\"traceID\":\"1\",\"spanID\":\"" id "\",\"operationName\":\"" id "\"}"
#define ZIPKIN_SPAN(id) "{\"traceId\":\"1\",\"id\":\"" id "\",\"name\":\"" id "\",\"timestamp\":1}"

/* Spans by their names, "!" for each loss. */
static const struct {
	const char *title, *text, *told;
	enum sl_foreign format;
} records[] = {
	{ "nothing", " ,\n", "", SL_FOREIGN_JAEGER },
	{ "spans one after another", JAEGER_SPAN("a") "," JAEGER_SPAN("b") "\n" JAEGER_SPAN("c"),
	  "abc", SL_FOREIGN_JAEGER },
	{ "a broken span alone", JAEGER_SPAN("a") "{\"spanID\":\"1\",\"tags\" 1}" JAEGER_SPAN("b"),
	  "ab!", SL_FOREIGN_JAEGER },
	{ "a broken span in a trace",
	  "{\"spans\":[" JAEGER_SPAN("a") ",{\"operationName\":}," JAEGER_SPAN(
		  "b") "]}" JAEGER_SPAN("c"),
	  "ab!c", SL_FOREIGN_JAEGER },
	{ "no objects in a list", "{\"spans\":[null,1,\"\",{}," JAEGER_SPAN("a") "]}", "a",
	  SL_FOREIGN_JAEGER },
	{ "a trace behind one whose list does not end",
	  "{\"spans\":[" JAEGER_SPAN("a") " {\"spans\":[" JAEGER_SPAN("b") "]}", "ab!",
	  SL_FOREIGN_JAEGER },
	{ "a trace in what was lost",
	  "{\"spans\":[{\"spanID\":x}],\"a\":[{\"spans\":[" JAEGER_SPAN("a") "]}", "a!",
	  SL_FOREIGN_JAEGER },
	{ "a trace that is cut", "{\"spans\":[" JAEGER_SPAN("a") ",{\"spanID\":", "a!",
	  SL_FOREIGN_JAEGER },
	{ "processes that are broken", "{\"spans\":[" JAEGER_SPAN("a") "],\"processes\":{\"p\":{]}",
	  "a!", SL_FOREIGN_JAEGER },
	{ "a broken span in a list",
	  "[" ZIPKIN_SPAN("a") ",{\"traceId\":\"1\",\"id\":\"x\",}," ZIPKIN_SPAN("b") "]", "ab!",
	  SL_FOREIGN_ZIPKIN },
	{ "a span that is cut", "[" ZIPKIN_SPAN("a") ",{\"id\":[" ZIPKIN_SPAN("b") "]", "a!",
	  SL_FOREIGN_ZIPKIN },
	{ "no spans", "[{},{\"a\":1}] 7 \"x\" {\"b\":[]}", "", SL_FOREIGN_ZIPKIN },
	{ "damage without an end", "[{{{{{{{{{{{{{{{{", "!", SL_FOREIGN_ZIPKIN },
};

static void tell(struct sl_foreign_reader *reader, struct sl_buffer *told)
{
	const struct sl_span *span;
	enum sl_status status;
	struct sl_error err;

	while ((status = sl_foreign_next(reader, &span, &err)) != SL_END) {
		if (status == SL_FAILED)
			abort();
		sl_buffer_add_slice(told, status == SL_OK ? span->name : SL_SLICE("!"));
	}
	sl_buffer_add_byte(told, '\0');
}

static void check_records(void)
{
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_notes notes = { { 0 }, { 0 } };
	struct sl_foreign_reader *reader;
	struct sl_error err;

	if (sl_foreign_open(&reader, &options, &notes, &err) != SL_OK)
		abort();
	for (size_t i = 0; i < SL_COUNT(records); i++) {
		struct sl_slice text = copy_of(records[i].text);
		struct sl_buffer told = { 0 };

		sl_foreign_start(reader, records[i].format, text);
		tell(reader, &told);
		ok(strcmp(told.data, records[i].told) == 0, "%s: \"%s\"", records[i].title,
		   told.data);
		sl_buffer_free(&told);
		copy_free(text);
	}
	sl_foreign_close(reader);
}

/* Resources and scopes that are equal have one serial, and keep it in the next record. */
static void check_serials(void)
{
	static const char text[] =
		"{\"spans\":[{\"spanID\":\"1\",\"processID\":\"p\"},{\"spanID\":\"2\","
		"\"processID\":"
		"\"q\"}],\"processes\":{\"p\":{\"serviceName\":\"s\"},\"q\":{\"serviceName\":\"t\"}"
		"}}"
		"{\"spans\":[{\"spanID\":\"3\",\"processID\":\"z\"},{\"spanID\":\"4\","
		"\"processID\":\"p\"}],"
		"\"processes\":{\"z\":{\"serviceName\":\"s\"}}}";
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_notes notes = { { 0 }, { 0 } };
	struct sl_slice copy = copy_of(text);
	struct sl_foreign_reader *reader;
	const struct sl_span *span;
	uint64_t serials[4] = { 0 };
	struct sl_error err;

	if (sl_foreign_open(&reader, &options, &notes, &err) != SL_OK)
		abort();
	sl_foreign_start(reader, SL_FOREIGN_JAEGER, copy);
	for (size_t i = 0; i < 4 && sl_foreign_next(reader, &span, &err) == SL_OK; i++)
		serials[i] = span->resource->serial;
	ok(serials[0] == serials[2], "the same process of another trace: the same serial");
	ok(serials[0] != serials[1] && serials[3] != serials[0] && serials[3] != serials[1],
	   "others have others");
	ok(notes.count[SL_NOTE_LOST_PROCESS] == 1, "no process is told of");
	sl_foreign_close(reader);
	copy_free(copy);
}

int main(void)
{
	check_documents();
	check_parts();
	check_records();
	check_serials();
	return done_testing();
}

/* Large JSON documents: in parts, with little memory, and the same spans as ever. */
#include "feed.h"
#include "tap.h"

enum { PART = 400000, PARTS = 8 };

/* What stands around the parts; '%' is where they are, '~' is 2.5 MB of something else. */
struct row {
	const char *title;
	const char *shape;
	const char *spans; /* of each document, as in `fed` without the dots */
	const char *losses;
	enum sl_note note; /* SL_NOTE_COUNT: none */
	unsigned traces;   /* documents of spans */
};

#define ALL_PARTS "p0@shop p1@shop p2@shop p3@shop p4@shop p5@shop p6@shop p7@shop "

static const struct row rows[] = {
	{ "a request", "{\"resourceSpans\":[%]}", ALL_PARTS, "", SL_NOTE_COUNT, 1 },
	{ "a request in lines", "\n{\n \"resourceSpans\" :\n [\n%\n]\n}\n", ALL_PARTS, "",
	  SL_NOTE_COUNT, 1 },
	{ "two requests on a line", "{\"resourceSpans\":[%]}{\"resourceSpans\":[%]}",
	  ALL_PARTS ALL_PARTS, "", SL_NOTE_COUNT, 2 },
	{ "small documents around it",
	  "{\"resourceSpans\":[]}\n{\"resourceSpans\":[%]}\n{\"resourceSpans\":[]}\n", ALL_PARTS,
	  "", SL_NOTE_COUNT, 3 },
	{ "an array of requests", "[{\"resourceSpans\":[%]},{\"resourceSpans\":[%]} ,{}]",
	  ALL_PARTS ALL_PARTS, "", SL_NOTE_COUNT, 2 },
	{ "snake case", "{\"resource_spans\":[%]}", ALL_PARTS, "", SL_NOTE_SNAKE_CASE, 1 },
	{ "batches", "{\"batches\":[%]}", ALL_PARTS, "", SL_NOTE_WRAPPED, 1 },
	{ "a wrapper", "{\"trace\":{\"resourceSpans\":[%]},\"status\":\"~\"}", ALL_PARTS, "",
	  SL_NOTE_WRAPPED, 1 },
	{ "batches in a wrapper", "{\"trace\":{\"batches\":[%]},\"status\":\"~\"}", ALL_PARTS, "",
	  SL_NOTE_WRAPPED, 1 },
	{ "an unknown key before",
	  "{\"a\":[1,{\"b\":\"~\"}],\"c\":-1.5e3 ,\"d\":null,\"resourceSpans\":[%]}", ALL_PARTS, "",
	  SL_NOTE_COUNT, 1 },
	{ "unknown keys behind", "{\"resourceSpans\":[%],\"a\":\"]}\\\"~\",\"b\":{}}", ALL_PARTS,
	  "", SL_NOTE_COUNT, 1 },
	{ "a key that does not end", "{\"~\":1,\"resourceSpans\":[%]}", ALL_PARTS, "",
	  SL_NOTE_COUNT, 1 },
	{ "another signal before", "{\"resourceMetrics\":[\"~\"],\"resourceSpans\":[%]}", ALL_PARTS,
	  "", SL_NOTE_COUNT, 1 },
	{ "a key that repeats", "{\"resourceSpans\":[%],\"resourceSpans\":[%]}", ALL_PARTS, "",
	  SL_NOTE_REPEATED_KEY, 1 },
	{ "no telemetry", "{\"data\":[\"~\"]}\n{\"resourceSpans\":[]}", "", "", SL_NOTE_NOT_OTLP,
	  1 },
	{ "no telemetry in an array", "[{\"data\":[\"~\"]},7]", "", "", SL_NOTE_NOT_OTLP, 0 },
	{ "null instead", "{\"resourceSpans\":null,\"a\":\"~\"}", "", "", SL_NOTE_COUNT, 1 },
	{ "cut behind a part", "{\"resourceSpans\":[%,", ALL_PARTS, "truncated@1", SL_NOTE_COUNT,
	  1 },
	{ "cut inside one", "{\"resourceSpans\":[%,{\"resource\":{}", ALL_PARTS, "truncated@1",
	  SL_NOTE_COUNT, 1 },
	{ "broken, and whole ones behind",
	  "{\n\"resourceSpans\":[%,}]\n}\n{\"resourceSpans\":[%]}\n", ALL_PARTS ALL_PARTS,
	  "malformed@2", SL_NOTE_COUNT, 2 },
	{ "a comma that is none", "{\"resourceSpans\":[%X%]}\n{\"resourceSpans\":[%]}",
	  ALL_PARTS ALL_PARTS ALL_PARTS, "malformed@1", SL_NOTE_COUNT, 2 },
	{ "a bracket too many", "{\"resourceSpans\":[%}%]}\n{\"resourceSpans\":[%]}",
	  ALL_PARTS ALL_PARTS ALL_PARTS, "malformed@1", SL_NOTE_COUNT, 2 },
	{ "a missing colon", "{\"resourceSpans\":[%],\"a\" 1}", ALL_PARTS, "malformed@1",
	  SL_NOTE_COUNT, 1 },
	{ "no JSON at all before", "oops ~\n{\"resourceSpans\":[%]}", ALL_PARTS, "malformed@1",
	  SL_NOTE_COUNT, 1 },
};

static void put_many(struct sl_buffer *out, char byte, size_t count)
{
	char *at = sl_buffer_reserve(out, count);

	if (at == NULL)
		feed_fail("memory");
	memset(at, byte, count);
	out->len += count;
}

static void put_shape(struct sl_buffer *out, const char *shape)
{
	for (; *shape != '\0'; shape++) {
		if (*shape == '%') {
			for (int i = 0; i < PARTS; i++) {
				char name[3] = { 'p', (char)('0' + i), '\0' };

				if (i > 0)
					sl_buffer_add_byte(out, ',');
				put_json_spans(out, name, PART);
			}
		} else if (*shape == '~') {
			put_many(out, 'x', 2500000);
		} else {
			sl_buffer_add_byte(out, *shape);
		}
	}
}

static void drop_dots(struct sl_buffer *text)
{
	size_t len = 0;

	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] != '.')
			text->data[len++] = text->data[i];
	text->len = len;
}

static bool counted(const struct fed *fed, const struct row *row)
{
	for (unsigned note = 0; note < SL_NOTE_COUNT; note++)
		if ((fed->notes.count[note] != 0) != (note == row->note))
			return false;
	return fed->notes.messages[SL_SIGNAL_SPANS] == row->traces;
}

static void test_row(const struct row *row)
{
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_JSON };
	struct fed fed;
	bool same;

	put_shape(&bytes, row->shape);
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed_all_ways(&input, &same);
	drop_dots(&fed.spans);
	if (!ok(same && fed.status == SL_END && strcmp(fed.spans.data, row->spans) == 0 &&
			fed_lost(&fed, row->losses) && counted(&fed, row),
		"%s", row->title)) {
		fed_print(row->title, &fed);
		for (unsigned note = 0; note < SL_NOTE_COUNT; note++)
			if (fed.notes.count[note] != 0)
				printf("# note %u: %llu\n", note,
				       (unsigned long long)fed.notes.count[note]);
		printf("# %llu messages of spans\n",
		       (unsigned long long)fed.notes.messages[SL_SIGNAL_SPANS]);
	}
	ok(fed.largest < 4700000, "%s: in %zu bytes", row->title, fed.largest);
	fed_free(&fed);
	sl_buffer_free(&bytes);
}

/* Large documents that are themselves what is looked for; the key before them is dropped. */
static void test_whole(void)
{
	static const char *const shapes[] = {
		"{\"scopeSpans\":[{\"spans\":[{\"name\":\"%s\",\"traceId\":\"\",\"spanId\":\"\"}]}]"
		","
		"\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
		"{\"stringValue\":\"shop\"}}]}}\n",
		"{\"trace_id\":\"00\",\"span_id\":\"00\",\"name\":\"%s\",\"service\":\"shop\","
		"\"start\":\"2025-04-07T09:45:12Z\",\"duration_ms\":1}\n",
		"{\"x\":\"%s\",\n "
		"\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
		"{\"stringValue\":\"shop\"}}]},\"scopeSpans\":[{\"spans\":[{\"name\":\"\","
		"\"traceId\":\"\",\"spanId\":\"\"}]}]}",
	};
	char *name = malloc(2400000);

	if (name == NULL)
		feed_fail("malloc");
	memset(name, '.', 2400000);
	name[2400000 - 1] = '\0';
	for (size_t i = 0; i < SL_COUNT(shapes); i++) {
		struct sl_buffer bytes = { .len = 0 };
		struct feed input = { .from = SL_FORMAT_AUTO };
		struct fed fed;
		bool same;
		const char *at = strstr(shapes[i], "%s");

		sl_buffer_add(&bytes, shapes[i], (size_t)(at - shapes[i]));
		sl_buffer_add(&bytes, name, strlen(name));
		sl_buffer_add(&bytes, at + 2, strlen(at + 2));
		input.bytes = sl_buffer_slice(&bytes);
		fed = feed_all_ways(&input, &same);
		drop_dots(&fed.spans);
		if (!ok(same && strcmp(fed.spans.data, "@shop ") == 0 && fed.losses.count == 0 &&
				fed.notes.messages[SL_SIGNAL_SPANS] == 1 &&
				fed.notes.count[SL_NOTE_NOT_OTLP] == 0,
			"a document that is handed over whole, %zu", i))
			fed_print("whole", &fed);
		fed_free(&fed);
		sl_buffer_free(&bytes);
	}
	free(name);
}

/* The line of a loss deep inside is the line of the file. */
static void test_lines(void)
{
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };
	struct fed fed;
	bool same;

	sl_buffer_add_literal(&bytes, "{\n \"a\"\n:\n[\"");
	put_many(&bytes, 'x', 2500000);
	sl_buffer_add_literal(&bytes, "\"\n]\n,\n \"resourceSpans\": [\n {},\n");
	sl_buffer_add_literal(&bytes, " {\"scopeSpans\":\n[{ ?? }]}\n]\n}\n\n{oops\n");
	put_json_request(&bytes, "ok", 0);
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed_all_ways(&input, &same);
	if (!ok(same && strcmp(fed.spans.data, "ok@shop ") == 0 &&
			fed_lost(&fed, "malformed@10 malformed@14"),
		"losses are told with their lines"))
		fed_print("lines", &fed);
	fed_free(&fed);
	sl_buffer_free(&bytes);
}

static void test_logs(void)
{
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .signal = SL_SIGNAL_LOGS };
	struct fed fed;
	bool same;

	sl_buffer_add_literal(&bytes, "{\"x\":\"");
	put_many(&bytes, 'x', 2500000);
	sl_buffer_add_literal(&bytes, "\",\"resourceSpans\":[");
	put_json_spans(&bytes, "a", 0);
	sl_buffer_add_literal(&bytes, "],\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":["
				      "{\"severityText\":\"WARN\"}]}]}]}");
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed_all_ways(&input, &same);
	ok(same && strcmp(fed.spans.data, "WARN ") == 0 && fed.losses.count == 0 &&
		   fed.notes.messages[SL_SIGNAL_LOGS] == 1,
	   "logs of a large document");
	fed_free(&fed);
	input.signal = SL_SIGNAL_SPANS;
	fed = feed_all_ways(&input, &same);
	ok(same && strcmp(fed.spans.data, "a@shop ") == 0 && fed.losses.count == 0,
	   "and its spans");
	fed_free(&fed);
	sl_buffer_free(&bytes);
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		test_row(&rows[i]);
	test_whole();
	test_lines();
	test_logs();
	return done_testing();
}

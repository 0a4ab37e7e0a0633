/*
 * The usual form against others.  Attributes as text and as records, and the start of a span
 * read at once or field by field: the line is the same either way, and so are the notes and what is
 * damaged.
 */
#include "random.h"
#include "spanline/json.h"
#include "tap.h"
#include <stdlib.h>

enum { ROOM = 64 * 1024, LISTS = 20000 };

struct pass {
	struct sl_buffer out;
	struct sl_notes notes;
	unsigned spans, texts, bad;
};

/* Reads the document and writes its spans, with attributes as text where that is allowed. */
static void run_with(struct pass *pass, const char *document, size_t len,
		     struct sl_decode_options options)
{
	struct sl_json_reader *reader;
	struct sl_line_writer *writer;
	const struct sl_span *span;
	struct sl_error err;
	enum sl_status status;

	*pass = (struct pass){ .spans = 0 };
	if (sl_json_open(&reader, &options, &pass->notes, &err) != SL_OK ||
	    sl_line_writer_open(&writer, &err) != SL_OK)
		abort();
	sl_json_start(reader, SL_JSON_DOCUMENTS, (struct sl_slice){ document, len });
	while ((status = sl_json_next(reader, &span, &err)) != SL_END) {
		if (status == SL_BAD_RECORD) {
			pass->bad++;
			continue;
		}
		pass->spans++;
		pass->texts += span->attributes_text.len != 0;
		sl_line_write(writer, span, &pass->out);
	}
	sl_line_writer_close(writer);
	sl_json_close(reader);
}

static void run(struct pass *pass, const char *document, size_t len, bool text)
{
	run_with(pass, document, len,
		 (struct sl_decode_options){ .signal = SL_SIGNAL_SPANS, .text = text });
}

static bool same_passes(const struct pass *a, const struct pass *b)
{
	return a->spans == b->spans && a->bad == b->bad &&
	       sl_slice_equal(sl_buffer_slice(&a->out), sl_buffer_slice(&b->out)) &&
	       memcmp(&a->notes, &b->notes, sizeof(a->notes)) == 0;
}

static const char *const values[] = {
	"{\"stringValue\":\"\"}",
	"{\"stringValue\":\"plain\"}",
	"{\"stringValue\":\"just sixteen ...\"}",
	"{\"stringValue\":\"a longer one, which is beyond two blocks\"}",
	"{\"stringValue\":\"esc \\\" \\\\ \\n \\u001b \\u0041 \\/\"}",
	"{\"stringValue\":\"only \\\" and \\\\ \\t\"}",
	"{\"stringValue\":\"\\n\"}",
	"{\"stringValue\":\"\\x\"}",
	"{\"stringValue\":\"a \\\" and then \\u0041\"}",
	"{\"stringValue\":\"lone \\ud800 surrogate\"}",
	"{\"stringValue\":\"raw \x7f delete\"}",
	"{\"stringValue\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}",
	"{\"stringValue\":\"c1 \xc2\x9b, bidi \xe2\x80\xae, line \xe2\x80\xa8\"}",
	"{\"stringValue\":\"not UTF-8 \xff\x80\"}",
	"{\"intValue\":\"0\"}",
	"{\"intValue\":\"-7\"}",
	"{\"intValue\":12345}",
	"{\"intValue\":\"-0\"}",
	"{\"intValue\":\"007\"}",
	"{\"intValue\":\"999999999999999\"}",
	"{\"intValue\":\"9007199254740993\"}",
	"{\"intValue\":1e3}",
	"{\"intValue\":\"x\"}",
	"{\"boolValue\":true}",
	"{\"boolValue\":false}",
	"{\"boolValue\":falsy}",
	"{\"doubleValue\":42.5}",
	"{\"doubleValue\":-0.25}",
	"{\"doubleValue\":0.000001}",
	"{\"doubleValue\":0.0000015}",
	"{\"doubleValue\":1.50}",
	"{\"doubleValue\":1.0}",
	"{\"doubleValue\":-0.0}",
	"{\"doubleValue\":1e-7}",
	"{\"doubleValue\":0.1234567890123456}",
	"{\"doubleValue\":123456789012345.6}",
	"{\"doubleValue\":3}",
	"{\"doubleValue\":\"NaN\"}",
	"{\"doubleValue\":1e999}",
	"{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"}]}}",
	"{\"bytesValue\":\"/wA=\"}",
	"{}",
	"null",
	"{\"stringValue\":\"two\",\"intValue\":\"2\"}",
	"{ \"stringValue\" : \"spaced\" }",
};

static const char *const keys[] = {
	"a", "b", "http.request.method", "a.key.of.seventeen", "", "\\u006b", "\xc3\xa9", "k\x7f",
};

/* Plain ones often, so that whole lists of them come up. */
static const char *pick(const char *const *from, size_t count, size_t plain, uint64_t *state)
{
	uint64_t random = next_random(state);

	return from[(random >> 8) % (random % 8 == 0 ? count : plain)];
}

static size_t make_document(char *out, uint64_t *state)
{
	size_t spans = 1 + next_random(state) % 3;
	char *at = out;

	at += sprintf(at, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
	for (size_t i = 0; i < spans; i++) {
		size_t count = next_random(state) % 8;

		at += sprintf(at, "%s{\"name\":\"n\",\"attributes\":[", i == 0 ? "" : ",");
		for (size_t j = 0; j < count; j++) {
			const char *key = pick(keys, SL_COUNT(keys), 4, state);
			bool more = next_random(state) % 4 != 0; /* or perhaps a repeated key */

			at += sprintf(at, "%s{\"key\":\"%s", j == 0 ? "" : ",", key);
			if (more)
				at += sprintf(at, "%zu", j);
			at += sprintf(at, "\",\"value\":%s}",
				      pick(values, SL_COUNT(values), 4, state));
		}
		at += sprintf(at, "]}");
	}
	at += sprintf(at, "]}]}]}\n");
	memset(at, ' ', 512); /* so that the end is not near */
	at += 512;
	memset(at, 0, SL_PADDING);
	return (size_t)(at - out);
}

static void test_random_lists(void)
{
	char *document = malloc(ROOM);
	unsigned differ = 0, texts = 0, records = 0;
	uint64_t state = 20261121;

	if (document == NULL)
		abort();
	for (unsigned i = 0; i < LISTS; i++) {
		size_t len = make_document(document, &state);
		struct pass as_text, as_records;

		/* sometimes it ends inside */
		if (i % 5 == 0)
			len -= 512 + next_random(&state) % (len - 512);
		run(&as_text, document, len, true);
		run(&as_records, document, len, false);
		if (!same_passes(&as_text, &as_records) && differ++ == 0)
			printf("# %.*s\n# as text:    %.*s\n# as records: %.*s\n", (int)len,
			       document, (int)as_text.out.len, as_text.out.data,
			       (int)as_records.out.len, as_records.out.data);
		texts += as_text.texts;
		records += as_text.spans - as_text.texts;
		sl_buffer_free(&as_text.out);
		sl_buffer_free(&as_records.out);
	}
	ok(differ == 0, "%u of %d documents differ", differ, LISTS);
	ok(texts > LISTS / 4 && records > LISTS / 4, "%u lists were text, %u records", texts,
	   records);
	free(document);
}

/* Each value alone, at every distance from the ends of what is looked at at once. */
static void test_values(void)
{
	char document[2048 + SL_PADDING];

	for (size_t i = 0; i < SL_COUNT(values); i++) {
		struct pass as_text, as_records;
		int len =
			snprintf(document, sizeof(document),
				 "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"attributes\":"
				 "[{\"key\":\"k\",\"value\":%s}]}]}]}]}%512s\n",
				 values[i], "");

		memset(document + len, 0, SL_PADDING);
		run(&as_text, document, (size_t)len, true);
		run(&as_records, document, (size_t)len, false);
		ok(same_passes(&as_text, &as_records), "%s", values[i]);
		sl_buffer_free(&as_text.out);
		sl_buffer_free(&as_records.out);
	}
}

static void test_long_lists(void)
{
	char *document = malloc(ROOM + SL_PADDING);

	if (document == NULL)
		abort();
	for (size_t count = 189; count <= 800; count += count < 194 ? 1 : 303) {
		struct pass as_text, as_records;
		char *at = document;

		at += sprintf(at,
			      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"attributes\":[");
		for (size_t i = 0; i < count; i++)
			at += sprintf(at,
				      "%s{\"key\":\"key.%zu\",\"value\":{\"intValue\":\"%zu\"}}",
				      i == 0 ? "" : ",", i, i);
		at += sprintf(at, "]}]}]}]}%512s\n", "");
		memset(at, 0, SL_PADDING);
		run(&as_text, document, (size_t)(at - document), true);
		run(&as_records, document, (size_t)(at - document), false);
		ok(same_passes(&as_text, &as_records), "%zu attributes", count);
		ok((as_text.texts == 1) == (count <= 191), "up to 191 are text");
		sl_buffer_free(&as_text.out);
		sl_buffer_free(&as_records.out);
	}
	free(document);
}

/* The document up to its spans, and what ends it: far enough from the last of them. */
static char *begin_document(char *at)
{
	return at + sprintf(at, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
}

static size_t end_document(char *document, char *at)
{
	at += sprintf(at, "]}]}]}%512s\n", "");
	memset(at, 0, SL_PADDING);
	return (size_t)(at - document);
}

static char *put_key(char *at, bool first, const char *key)
{
	return at + sprintf(at, "%s{\"key\":\"%s\",\"value\":{\"intValue\":\"1\"}}",
			    first ? "" : ",", key);
}

/* Keys of all lengths, once in a list and twice. */
static void test_key_lengths(void)
{
	char document[2048 + SL_PADDING], key[101] = "";
	bool same = true, text = true;

	for (size_t len = 0; len < sizeof(key); len++) {
		char *at = begin_document(document);
		struct pass as_text, as_records;

		at = put_key(at + sprintf(at, "{\"attributes\":["), true, key);
		at = put_key(at + sprintf(at, "]},{\"attributes\":["), true, key);
		at = put_key(put_key(at, false, "other"), false, key);
		at += sprintf(at, "]}");
		run(&as_text, document, end_document(document, at), true);
		run(&as_records, document, strlen(document), false);
		same &= same_passes(&as_text, &as_records);
		text &= as_text.texts == (len <= 76);
		sl_buffer_free(&as_text.out);
		sl_buffer_free(&as_records.out);
		if (len < sizeof(key) - 1)
			key[len] = 'k';
	}
	ok(same, "keys of all lengths, once and twice");
	ok(text, "up to 76 bytes they are text");
}

/* More keys than are remembered, in lists that sometimes repeat one. */
static void test_many_keys(void)
{
	enum { SPANS = 3000, KEYS = 250, LARGE = 4 * 1024 * 1024 };
	char *document = malloc(LARGE), *at;
	struct pass as_text, as_records;
	uint64_t state = 7;
	size_t len;

	if (document == NULL)
		abort();
	at = begin_document(document);
	for (size_t i = 0; i < SPANS; i++) {
		size_t start = next_random(&state) % KEYS, count = 1 + next_random(&state) % 20;

		at += sprintf(at, "%s{\"attributes\":[", i == 0 ? "" : ",");
		for (size_t j = 0; j < count; j++) {
			bool repeats = next_random(&state) % 50 == 0;
			char key[40];

			snprintf(key, sizeof(key), "the.key.of.number.%zu",
				 (start + (repeats ? j / 2 : j)) % KEYS);
			at = put_key(at, j == 0, key);
		}
		at += sprintf(at, "]}");
	}
	len = end_document(document, at);
	run(&as_text, document, len, true);
	run(&as_records, document, len, false);
	ok(same_passes(&as_text, &as_records), "lists of %d keys", KEYS);
	ok(as_text.texts > SPANS / 2 && as_text.texts < SPANS, "of which %u were text",
	   as_text.texts);
	sl_buffer_free(&as_text.out);
	sl_buffer_free(&as_records.out);
	free(document);
}

/* Enough text that needs more than a copy to fill block after block of the reader's memory. */
static void test_much_odd_text(void)
{
	enum { SPANS = 300, REPEATS = 150, LARGE = 2 * 1024 * 1024 };
	char *document = malloc(LARGE), *at = document;
	struct pass as_text, as_records;

	if (document == NULL)
		abort();
	at += sprintf(at, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
	for (size_t i = 0; i < SPANS; i++) {
		at += sprintf(at, "%s{\"attributes\":[{\"key\":\"k\",\"value\":{\"stringValue\":\"",
			      i == 0 ? "" : ",");
		for (size_t j = 0; j < REPEATS; j++)
			at += sprintf(at, "%zu: a line\\n", i);
		at += sprintf(at, "\"}}]}");
	}
	at += sprintf(at, "]}]}]}%512s\n", "");
	memset(at, 0, SL_PADDING);
	run(&as_text, document, (size_t)(at - document), true);
	run(&as_records, document, (size_t)(at - document), false);
	ok(same_passes(&as_text, &as_records), "%d spans with many escapes", SPANS);
	ok(as_text.texts > SPANS / 2, "of which %u were text", as_text.texts);
	sl_buffer_free(&as_text.out);
	sl_buffer_free(&as_records.out);
	free(document);
}

static const char usual_start[] =
	"{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\","
	"\"parentSpanId\":\"EEE19B7EC3C1B173\",\"flags\":257,\"name\":\"a name\",\"kind\":2,"
	"\"startTimeUnixNano\":\"1744019112345678901\","
	"\"endTimeUnixNano\":\"1744019112358024579\"";

enum { START_ROOM = 2048 };

/* What is read of a span; with `cut` it ends the document. */
static void run_start(struct pass *pass, const char *before, const char *span, bool cut,
		      bool strict)
{
	char document[START_ROOM + SL_PADDING], *at = begin_document(document);
	size_t len;

	at += sprintf(at, "%s%s%s", before, span, cut ? "" : ",\"droppedLinksCount\":7}");
	memset(at, 0, SL_PADDING);
	len = cut ? (size_t)(at - document) : end_document(document, at);
	run_with(pass, document, len,
		 (struct sl_decode_options){ .signal = SL_SIGNAL_SPANS, .strict = strict });
}

/* The span as it stands, and with a space in it, which is not usual. */
static bool same_starts(const char *span, bool cut, bool *passed_over)
{
	bool same = true;

	for (int strict = 0; strict < 2; strict++) {
		struct pass as_usual, as_other;

		run_start(&as_usual, "", span, cut, strict);
		run_start(&as_other, "{ ", span + 1, cut, strict);
		same &= same_passes(&as_usual, &as_other);
		*passed_over = as_usual.bad == 0 && as_usual.out.len == 0;
		sl_buffer_free(&as_usual.out);
		sl_buffer_free(&as_other.out);
	}
	return same;
}

/* The start of a span with each of its bytes changed, and cut behind each. */
static void test_starts(void)
{
	static const char bytes[] = "\"\\,:}]0fFgG@`/ nx-\n\x7f\x80\xff";
	unsigned changed = 0, cut = 0, lost = 0;
	bool passed_over;

	for (size_t i = 1; i < sizeof(usual_start) - 1; i++) {
		char span[sizeof(usual_start)];

		for (size_t j = 0; j < sizeof(bytes) - 1; j++) {
			memcpy(span, usual_start, sizeof(span));
			span[i] = bytes[j];
			changed += !same_starts(span, false, &passed_over);
			lost += passed_over;
		}
		memcpy(span, usual_start, i);
		span[i] = '\0';
		cut += !same_starts(span, true, &passed_over);
		lost += passed_over;
	}
	ok(changed == 0, "%u spans with a changed byte differ", changed);
	ok(cut == 0, "%u spans that are cut differ", cut);
	ok(lost == 0, "%u are passed over", lost);
}

/* Fields that are usual in a place that is not, or once more. */
static void test_other_starts(void)
{
	static const char *const spans[] = {
		"{\"name\":\"first\",\"traceId\":\"5b8efff798038103d269b633813fc60c\"",
		"{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\","
		"\"name\":\"root\",\"kind\":1,\"startTimeUnixNano\":\"1744019112345678901\","
		"\"endTimeUnixNano\":\"1744019112345678901\",\"name\":\"twice\"",
		"{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\","
		"\"traceState\":\"a=b\",\"parentSpanId\":\"\",\"flags\":1,\"name\":\"\"",
		"{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\","
		"\"flags\":4294967295,\"name\":\"n\",\"traceId\":\"\",\"traceState\":\"late\"",
		"{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\","
		"\"flags\":4294967296,\"name\":\"n\"",
	};

	for (size_t i = 0; i < SL_COUNT(spans); i++) {
		bool passed_over;

		ok(same_starts(spans[i], false, &passed_over) && !passed_over, "%s", spans[i]);
	}
}

int main(void)
{
	test_starts();
	test_other_starts();
	test_values();
	test_random_lists();
	test_long_lists();
	test_key_lengths();
	test_many_keys();
	test_much_odd_text();
	return done_testing();
}

/* Sources as a whole: JSON in every layout, files that grow, what cannot be read, real captures. */
#include "feed.h"
#include "tap.h"
#include <fcntl.h>

/* Each '%' is a request with one span: the first is named "1", and so on. */
struct row {
	const char *title;
	const char *shape;
	const char *spans;
	const char *losses;
};

#define MARK	  "\xef\xbb\xbf"
#define SEPARATOR "\x1e"

static const struct row rows[] = {
	{ "lines", "%\n%\n%\n", "1@shop 2@shop 3@shop ", "" },
	{ "no newline at the end", "%\n%", "1@shop 2@shop ", "" },
	{ "CRLF and blank lines", "\r\n%\r\n\r\n \r\n%\r\n\r\n", "1@shop 2@shop ", "" },
	{ "one after another", "%%%", "1@shop 2@shop 3@shop ", "" },
	{ "blanks between", " % \t%  % ", "1@shop 2@shop 3@shop ", "" },
	{ "an array", "[%,% ,\n%]", "1@shop 2@shop 3@shop ", "" },
	{ "an array in lines", "[\n%\n,\n%\n]\n%\n", "1@shop 2@shop 3@shop ", "" },
	{ "arrays after each other", "[%][%]\n[%]\n", "1@shop 2@shop 3@shop ", "" },
	{ "a byte order mark", MARK "%\n%\n", "1@shop 2@shop ", "" },
	{ "record separators", SEPARATOR "%\n" SEPARATOR "%\n", "1@shop 2@shop ", "" },
	{ "garbage first", "what is this\n%\n%\n", "1@shop 2@shop ", "malformed@1" },
	{ "garbage between", "%\noops\noops\n%\noops\n%\n", "1@shop 2@shop 3@shop ",
	  "malformed@2 malformed@5" },
	{ "garbage last", "%\noops", "1@shop ", "malformed@2" },
	{ "a line that is cut, and others", "%\n{\"resourceSpans\":[{\"res\n%\n%\n",
	  "1@shop 2@shop 3@shop ", "malformed@2" },
	{ "a line with too few brackets", "%\n{\"a\":[1}\n%\n%\n", "1@shop 2@shop 3@shop ",
	  "malformed@2" },
	{ "a line with too many", "%\n{\"resourceSpans\":[]}}\n%\n%\n", "1@shop 2@shop 3@shop ",
	  "malformed@2" },
	{ "the last line is cut", "%\n%\n{\"resourceSpans\":[{\"res", "1@shop 2@shop ",
	  "truncated@3" },
	{ "empty documents", "{}\n%\n{ }\n[]\n%\n", "1@shop 2@shop ", "" },
};

static void put_shape(struct sl_buffer *out, const char *shape)
{
	char name[2] = "1";

	for (; *shape != '\0'; shape++) {
		if (*shape == '%') {
			put_json_request(out, name, 0);
			name[0]++;
		} else {
			sl_buffer_add_byte(out, *shape);
		}
	}
}

static void test_row(const struct row *row)
{
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };
	struct fed fed;
	bool same;

	put_shape(&bytes, row->shape);
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed_all_ways(&input, &same);
	if (!ok(same && fed.status == SL_END && strcmp(fed.format, "json") == 0 &&
			strcmp(fed.spans.data, row->spans) == 0 && fed_lost(&fed, row->losses),
		"%s", row->title))
		fed_print(row->title, &fed);
	fed_free(&fed);
	sl_buffer_free(&bytes);
}

static void test_nothing(void)
{
	static const char *const texts[] = { "", " \n\r\n", MARK, MARK "\n" };

	for (size_t i = 0; i < SL_COUNT(texts); i++) {
		struct feed input = { .bytes = text_of(texts[i]) };
		bool same;
		struct fed fed = feed_all_ways(&input, &same);

		ok(same && fed.status == SL_END && strcmp(fed.format, "empty") == 0 &&
			   fed.spans.len == 1 && fed.losses.count == 0,
		   "nothing to read, %zu", i);
		fed_free(&fed);
	}
}

static void test_unreadable(void)
{
	struct feed input = { .bytes = text_of("PAR1 and so on") };
	bool same;
	struct fed fed = feed_all_ways(&input, &same);

	ok(same && fed.status == SL_FAILED && strstr(fed.err.text, "Parquet") != NULL,
	   "another format is named");
	fed_free(&fed);
	input.bytes = text_of("PAR1 {\"a\":1}\n{}\n");
	input.from = SL_FORMAT_JSON;
	fed = feed_all_ways(&input, &same);
	ok(same && fed.status == SL_END && fed_lost(&fed, "malformed@1"),
	   "but read as what the caller says it is");
	fed_free(&fed);
}

/* A compressed file, and one that ends too early. */
static void test_compressed(void)
{
	struct sl_buffer bytes = { .len = 0 }, packed = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };
	struct sl_deflater *state = NULL;
	struct sl_error err;
	struct fed fed;
	bool same;

	put_shape(&bytes, "%\n%\n%\n");
	if (sl_deflate_message(&state, SL_CODEC_GZIP, sl_buffer_slice(&bytes), &packed, &err) !=
	    SL_OK)
		feed_fail(err.text);
	input.bytes = sl_buffer_slice(&packed);
	fed = feed_all_ways(&input, &same);
	ok(same && strcmp(fed.spans.data, "1@shop 2@shop 3@shop ") == 0 &&
		   strcmp(fed.format, "gzip+json") == 0 && fed.losses.count == 0,
	   "a gzip file");
	fed_free(&fed);
	input.bytes.len -= 12;
	fed = feed(&input, 0);
	ok(fed.status == SL_END && strncmp(fed.spans.data, "1@shop 2@shop ", 14) == 0 &&
		   fed.losses.count >= 1 &&
		   fed.losses.items[fed.losses.count - 1].reason == SL_TRUNCATED,
	   "a gzip file that ends too early");
	fed_free(&fed);
	sl_deflater_free(state);
	sl_buffer_free(&bytes);
	sl_buffer_free(&packed);
}

/* Bytes of many documents come in parcels of moderate size, with lines that go on. */
static void test_parcels(void)
{
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };
	struct fed fed;
	bool same;

	for (unsigned i = 0; i < 20000; i++) {
		put_json_request(&bytes, "x", i % 50);
		sl_buffer_add_byte(&bytes, '\n');
		if (i % 5000 == 4999)
			sl_buffer_add_literal(&bytes, "oops\n");
	}
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed_all_ways(&input, &same);
	ok(same && fed.notes.messages[SL_SIGNAL_SPANS] == 20000 &&
		   fed_lost(&fed,
			    "malformed@5001 malformed@10002 malformed@15003 malformed@20004") &&
		   fed.largest < 2500000,
	   "%zu bytes of lines through %zu", bytes.len, fed.largest);
	fed_free(&fed);
	sl_buffer_free(&bytes);
}

/* What would take hours if anything were looked at again and again. */
static void test_much_of_it(void)
{
	static const struct {
		const char *title, *text;
		unsigned count, empty, losses;
	} much[] = {
		{ "broken lines", "{oops\n", 500000, 0, 500000 },
		{ "documents on one line", "{}", 2000000, 2000000, 0 },
		{ "blank lines", "\n\n\n\n", 1000000, 0, 0 },
	};

	for (size_t i = 0; i < SL_COUNT(much); i++) {
		struct sl_buffer bytes = { .len = 0 };
		struct feed input = { .from = SL_FORMAT_JSON };
		struct fed fed;

		for (unsigned n = 0; n < much[i].count; n++)
			sl_buffer_add_slice(&bytes, text_of(much[i].text));
		input.bytes = sl_buffer_slice(&bytes);
		fed = feed(&input, 0);
		if (!ok(fed.status == SL_END && fed.losses.count == much[i].losses &&
				fed.notes.messages[SL_SIGNAL_NONE] == much[i].empty,
			"%u %s", much[i].count, much[i].title))
			fed_print(much[i].title, &fed);
		fed_free(&fed);
		sl_buffer_free(&bytes);
	}
}

struct followed {
	char path[32];
	struct sl_source *source;
	struct sl_reader *reader;
	struct sl_parcel parcel;
	struct sl_notes notes;
	struct sl_buffer names;
};

/* All that is there now: names of spans, and the reason of each loss. */
static const char *follow(struct followed *followed)
{
	struct sl_error err = { .text = "" };
	const struct sl_span *span;
	enum sl_status status;
	bool any = true;

	followed->names.len = 0;
	for (int idle = 0; idle < 3; idle += !any) {
		if (sl_source_fill(followed->source, &followed->parcel, &err) != SL_OK)
			return "no longer";
		any = followed->parcel.unit_count > 0;
		sl_reader_start(followed->reader, &followed->parcel);
		while ((status = sl_reader_next(followed->reader, &span, &err)) != SL_END)
			if (status == SL_OK)
				sl_buffer_add_slice(&followed->names, span->name);
			else
				sl_buffer_printf(&followed->names, " %s ",
						 sl_reason_name(err.reason));
		for (size_t i = 0; i < followed->parcel.complaints.count; i++)
			sl_buffer_printf(
				&followed->names, " %s ",
				sl_reason_name(followed->parcel.complaints.items[i].reason));
	}
	sl_buffer_add(&followed->names, "", 1);
	return followed->names.data;
}

static void write_to(const char *path, int flags, const char *shape)
{
	struct sl_buffer bytes = { .len = 0 };
	int fd = open(path, O_WRONLY | flags);

	put_shape(&bytes, shape);
	if (fd < 0 || write(fd, bytes.data, bytes.len) != (ssize_t)bytes.len)
		feed_fail(path);
	close(fd);
	sl_buffer_free(&bytes);
}

static void test_following(void)
{
	struct followed followed = { .path = "/tmp/feed-XXXXXX" };
	struct sl_source_options options = { .max_message = 1 << 20, .input = { .follow = true } };
	struct sl_reader_options reading = { .decode = { .signal = SL_SIGNAL_SPANS },
					     .max_message = 1 << 20 };
	struct sl_error err;

	close(mkstemp(followed.path));
	if (sl_source_open(&followed.source, followed.path, &options, &err) != SL_OK ||
	    sl_reader_open(&followed.reader, &reading, &followed.notes, &err) != SL_OK)
		feed_fail(err.text);
	ok(strcmp(follow(&followed), "") == 0, "a file without anything is waited for");
	write_to(followed.path, O_APPEND, "{\"resourceSpans\"");
	ok(strcmp(follow(&followed), "") == 0, "half a line too");
	write_to(followed.path, O_APPEND, ":[]}\n%\n%");
	ok(strcmp(follow(&followed), "12") == 0, "whole documents come at once");
	write_to(followed.path, O_APPEND, "\n{\"resourceSpans\":[{");
	ok(strcmp(follow(&followed), "") == 0, "half a line again");
	write_to(followed.path, O_TRUNC, "%\n");
	ok(strcmp(follow(&followed), " truncated 1") == 0,
	   "the file began again: the half line is told as cut");
	write_to(followed.path, O_APPEND, "oops\n%\n");
	ok(strcmp(follow(&followed), " malformed 1") == 0, "damage does not end it");
	unlink(followed.path);
	sl_source_close(followed.source);
	sl_reader_close(followed.reader);
	sl_parcel_free(&followed.parcel);
	sl_buffer_free(&followed.names);
}

/* Each row of the captures' table of truth that can be checked here. */
static const struct {
	const char *path;
	const char *format;
	unsigned spans, traces, logs, metrics; /* messages but for spans */
} captures[] = {
	{ "collector/collector-real.json", "json", 4904, 31, 0, 0 },
	{ "collector/collector-real-proto.bin", "be32", 4904, 31, 0, 0 },
	{ "collector/collector-real-proto-zstd.bin", "be32", 4904, 31, 0, 0 },
	{ "collector/collector-real-json-zstd.bin", "be32", 4904, 31, 0, 0 },
	{ "collector/collector-real-native.jsonl.zst", "zstd+json", 4904, 31, 0, 0 },
	{ "collector/collector-real-native-proto.bin.zst", "zstd+be32", 4904, 31, 0, 0 },
	{ "shop/collector-file.members.json.gz", "gzip+json", 4904, 31, 0, 0 },
	{ "shop/concat-no-delimiter.pb", "pb", 4904, 1, 0, 0 },
	{ "shop/delimited.pb", "varint", 4904, 31, 0, 0 },
	{ "shop/grpc-frames.bin", "grpc", 4904, 31, 0, 0 },
	{ "shop/grpc-one-gzip.bin", "grpc", 200, 1, 0, 0 },
	{ "shop/mixed-collector-proto.bin", "be32", 4904, 31, 10, 29 },
	{ "shop/mixed-sdk.jsonl", "json", 4904, 31, 10, 29 },
	{ "shop/logs-single.pb", "pb", 0, 0, 1, 0 },
	{ "shop/metrics-single.pb", "pb", 0, 0, 0, 1 },
	{ "shop/tcp-http1-json-1.bin", "http", 159, 1, 0, 0 },
	{ "shop/tcp-http1-proto-1.bin", "http", 159, 1, 0, 0 },
	{ "shop/tcp-http1-json-4.bin", "http", 0, 0, 0, 2 },
	{ "shop/derived/looks-like-json-array.pb", "pb", 1, 1, 0, 0 },
	{ "shop/derived/looks-like-json-object.pb", "pb", 1, 1, 0, 0 },
	{ "shop/derived/two-pretty.json", "json", 49, 2, 0, 0 },
	{ "shop/derived/truncated.pb", "pb", 506, 1, 0, 0 },
};

static bool load(const char *directory, const char *path, struct sl_buffer *bytes)
{
	char full[512];
	FILE *file;
	size_t got;

	snprintf(full, sizeof(full), "%s/%s", directory, path);
	file = fopen(full, "rb");
	if (file == NULL)
		return false;
	do {
		char *at = sl_buffer_reserve(bytes, 1 << 16);

		got = at != NULL ? fread(at, 1, 1 << 16, file) : 0;
		bytes->len += got;
	} while (got > 0);
	fclose(file);
	return true;
}

static unsigned blanks(const struct sl_buffer *text)
{
	unsigned count = 0;

	for (size_t i = 0; i < text->len; i++)
		count += text->data[i] == '@';
	return count;
}

static void test_captures(const char *directory)
{
	for (size_t i = 0; i < SL_COUNT(captures); i++) {
		struct sl_buffer bytes = { .len = 0 };
		struct feed input = { .from = SL_FORMAT_AUTO };
		struct fed whole, pieces;

		if (directory == NULL || !load(directory, captures[i].path, &bytes)) {
			skip(captures[i].path, "no captures here");
			continue;
		}
		input.bytes = sl_buffer_slice(&bytes);
		whole = feed(&input, 0);
		pieces = feed(&input, 4096);
		if (!ok(blanks(&whole.spans) == captures[i].spans &&
				strcmp(whole.format, captures[i].format) == 0 &&
				whole.notes.messages[SL_SIGNAL_SPANS] == captures[i].traces &&
				whole.notes.messages[SL_SIGNAL_LOGS] == captures[i].logs &&
				whole.notes.messages[SL_SIGNAL_METRICS] == captures[i].metrics &&
				fed_equal(&whole, &pieces),
			"%s", captures[i].path)) {
			fed_print("whole", &whole);
			fed_print("pieces", &pieces);
		}
		fed_free(&whole);
		fed_free(&pieces);
		sl_buffer_free(&bytes);
	}
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		test_row(&rows[i]);
	test_nothing();
	test_unreadable();
	test_compressed();
	test_parcels();
	test_much_of_it();
	test_following();
	test_captures(getenv("SPANLINE_CAPTURES"));
	return done_testing();
}

/* Messages behind lengths, and protobuf without any: whole, cut, damaged, resumed. */
#include "feed.h"
#include "tap.h"

enum { LARGE = 3000000 };

/* A step of a recipe: what to append, or to take away. */
enum { END, FRAME, EMPTY, RAW, CUT };

struct step {
	int kind;
	const char *text; /* span name, bytes */
	size_t number;	  /* padding of the name; bytes to cut */
};

struct row {
	const char *title;
	struct step steps[8];
	const char *spans;
	const char *losses;
};

static const char zeros[64];

/* Names are padded, as messages of real size behave differently from tiny ones. */
static const struct row rows[] = {
	{ "one", { { FRAME, "a", 0 } }, "a@shop ", "" },
	{ "several",
	  { { FRAME, "a", 0 }, { FRAME, "b", 0 }, { FRAME, "c", 0 } },
	  "a@shop b@shop c@shop ",
	  "" },
	{ "an empty one between",
	  { { FRAME, "a", 0 }, { EMPTY, "", 0 }, { FRAME, "b", 0 } },
	  "a@shop b@shop ",
	  "" },
	{ "a few empty ones at the end",
	  { { FRAME, "a", 0 }, { EMPTY, "", 0 }, { EMPTY, "", 0 }, { EMPTY, "", 0 } },
	  "a@shop ",
	  "" },
	{ "zeros to the end", { { FRAME, "a", 0 }, { RAW, zeros, 61 } }, "a@shop ", "malformed" },
	{ "zeros with a message behind",
	  { { FRAME, "a", 0 }, { RAW, zeros, 60 }, { FRAME, "b", 0 } },
	  "a@shop b@shop ",
	  "" },
	{ "the last is cut",
	  { { FRAME, "a", 0 }, { FRAME, "b", 0 }, { CUT, "", 3 } },
	  "a@shop ",
	  "truncated" },
	{ "a prefix is cut", { { FRAME, "a", 0 }, { RAW, "\x80", 1 } }, "a@shop ", "truncated" },
};

static void build(struct sl_buffer *out, enum sl_format format, const struct step *step)
{
	for (; step->kind != END; step++) {
		struct sl_buffer message = { .len = 0 };

		switch (step->kind) {
		case FRAME:
			put_spans(&message, step->text, step->number);
			put_frame(out, format, 0, sl_buffer_slice(&message));
			sl_buffer_free(&message);
			break;
		case EMPTY:
			put_frame(out, format, 0, (struct sl_slice){ "", 0 });
			break;
		case RAW:
			sl_buffer_add(out, step->text, step->number);
			break;
		case CUT:
			out->len -= step->number;
			break;
		}
	}
}

static void check(const char *format, const char *title, const struct feed *input,
		  const char *spans, const char *losses)
{
	bool same;
	struct fed fed = feed_all_ways(input, &same);

	if (!ok(same && fed.status == SL_END && strcmp(fed.spans.data, spans) == 0 &&
			fed_lost(&fed, losses),
		"%s: %s", format, title))
		fed_print(title, &fed);
	fed_free(&fed);
}

static const enum sl_format chains[] = { SL_FORMAT_BE32, SL_FORMAT_VARINT, SL_FORMAT_GRPC };

static void test_rows(enum sl_format format)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer bytes = { .len = 0 };
		struct feed input;

		build(&bytes, format, rows[i].steps);
		if (format == SL_FORMAT_GRPC && strcmp(rows[i].title, "a prefix is cut") == 0)
			bytes.data[bytes.len - 1] = 1;
		input = (struct feed){ .bytes = sl_buffer_slice(&bytes) };
		check(sl_formats[format].name, rows[i].title, &input, rows[i].spans,
		      rows[i].losses);
		sl_buffer_free(&bytes);
	}
}

/* Ten frames "a".."j"; where the third begins is returned. */
static size_t ten_frames(struct sl_buffer *out, enum sl_format format, size_t *second,
			 size_t *third)
{
	for (int i = 0; i < 10; i++) {
		char name[2] = { (char)('a' + i), '\0' };
		struct step steps[2] = { { FRAME, name, 200 } };

		if (i == 1)
			*second = out->len;
		if (i == 2)
			*third = out->len;
		build(out, format, steps);
	}
	return out->len;
}

static void drop_dots(struct sl_buffer *text)
{
	size_t len = 0;

	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] != '.')
			text->data[len++] = text->data[i];
	text->len = len;
}

/* Damage in the second of ten frames costs that one at most. */
static void check_damage(enum sl_format format, const char *title, const struct sl_buffer *bytes,
			 bool second_lives, const char *losses)
{
	struct feed input = { .bytes = sl_buffer_slice(bytes) };
	const char *expected =
		second_lives
			? "a@shop b@shop c@shop d@shop e@shop f@shop g@shop h@shop i@shop j@shop "
			: "a@shop c@shop d@shop e@shop f@shop g@shop h@shop i@shop j@shop ";
	bool same;
	struct fed fed = feed_all_ways(&input, &same);

	drop_dots(&fed.spans);
	if (!ok(same && strcmp(fed.spans.data, expected) == 0 && fed_lost(&fed, losses), "%s: %s",
		sl_formats[format].name, title))
		fed_print(title, &fed);
	fed_free(&fed);
}

static void test_damage(enum sl_format format)
{
	struct sl_buffer bytes = { .len = 0 };
	size_t second = 0, third = 0, last_of_prefix;
	size_t total = ten_frames(&bytes, format, &second, &third);
	char *copy = malloc(total);

	if (copy == NULL)
		feed_fail("malloc");
	memcpy(copy, bytes.data, total);
	last_of_prefix = second + (format == SL_FORMAT_GRPC ? 4 : format == SL_FORMAT_BE32 ? 3 : 0);
	bytes.data[last_of_prefix] = (char)(bytes.data[last_of_prefix] + 9);
	check_damage(format, "a length that is too large", &bytes, true, "malformed");
	bytes.data[last_of_prefix] = (char)(bytes.data[last_of_prefix] - 20);
	check_damage(format, "a length that is too small", &bytes, true, "malformed");
	memcpy(bytes.data, copy, total);
	if (format != SL_FORMAT_VARINT) {
		bytes.data[last_of_prefix - 3] = 0x7f;
		check_damage(format, "a length of 2 GiB", &bytes, true, "malformed");
		memcpy(bytes.data, copy, total);
		bytes.data[last_of_prefix - 2] = 0x01;
		check_damage(format, "a length beyond the end", &bytes, true, "malformed");
		memcpy(bytes.data, copy, total);
	}
	memset(bytes.data + second, 0xff, 40);
	check_damage(format, "the start of a frame is overwritten", &bytes, false, "malformed");
	memcpy(bytes.data, copy, total);
	memmove(bytes.data + second + 20, bytes.data + third, total - third);
	bytes.len = total - third + second + 20;
	check_damage(format, "most of a frame is missing", &bytes, false, "truncated");
	free(copy);
	sl_buffer_free(&bytes);
}

static void test_oversize(enum sl_format format)
{
	struct sl_buffer bytes = { .len = 0 };
	static const struct step steps[] = {
		{ FRAME, "a", 0 }, { FRAME, "b", 700000 }, { FRAME, "c", 0 }, { END, NULL, 0 }
	};
	struct feed input = { .max_message = 500000 };

	build(&bytes, format, steps);
	input.bytes = sl_buffer_slice(&bytes);
	check(sl_formats[format].name, "a message over the limit is passed over", &input,
	      "a@shop c@shop ", "oversize");
	sl_buffer_free(&bytes);
}

static void test_large(enum sl_format format)
{
	struct sl_buffer bytes = { .len = 0 };
	static const struct step steps[] = {
		{ FRAME, "a", 0 }, { FRAME, "b", LARGE }, { FRAME, "c", 0 }, { END, NULL, 0 }
	};
	struct feed input = { .from = SL_FORMAT_AUTO };
	struct fed fed;

	build(&bytes, format, steps);
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed(&input, 4096);
	ok(fed.spans.len > LARGE && fed.losses.count == 0 && fed.largest < LARGE + 512 * 1024,
	   "%s: a large message needs no more room than its own", sl_formats[format].name);
	fed_free(&fed);
	sl_buffer_free(&bytes);
}

/* Whole inputs that end with a signal that is not wanted, or begin with it. */
static void test_signals(void)
{
	struct sl_buffer bytes = { .len = 0 }, logs = { .len = 0 }, metrics = { .len = 0 },
			 spans = { .len = 0 };
	struct feed input = { .signal = SL_SIGNAL_SPANS };
	struct fed fed;
	bool same;

	put_spans(&spans, "a", 0);
	put_logs(&logs, "WARN");
	put_metrics(&metrics);
	put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(&logs));
	put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(&spans));
	put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(&metrics));
	input.bytes = sl_buffer_slice(&bytes);
	check("be32", "spans are taken from among other signals", &input, "a@shop ", "");
	input.signal = SL_SIGNAL_LOGS;
	fed = feed_all_ways(&input, &same);
	ok(same && strcmp(fed.spans.data, "WARN ") == 0 &&
		   fed.notes.messages[SL_SIGNAL_SPANS] == 1 &&
		   fed.notes.messages[SL_SIGNAL_LOGS] == 1 &&
		   fed.notes.messages[SL_SIGNAL_METRICS] == 1,
	   "be32: and so are logs; all are counted");
	fed_free(&fed);

	bytes.len = 0;
	sl_buffer_add_slice(&bytes, sl_buffer_slice(&metrics));
	sl_buffer_add_slice(&bytes, sl_buffer_slice(&spans));
	sl_buffer_add_slice(&bytes, sl_buffer_slice(&logs));
	sl_buffer_add_slice(&bytes, sl_buffer_slice(&spans));
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed_all_ways(&input, &same);
	ok(same && strcmp(fed.spans.data, "WARN ") == 0 &&
		   fed.notes.messages[SL_SIGNAL_SPANS] == 1 &&
		   fed.notes.messages[SL_SIGNAL_LOGS] == 1 &&
		   fed.notes.messages[SL_SIGNAL_METRICS] == 1,
	   "pb: requests of several signals one after another");
	fed_free(&fed);
	input.signal = SL_SIGNAL_SPANS;
	check("pb", "spans are taken from among other signals", &input, "a@shop a@shop ", "");
	sl_buffer_free(&bytes);
	sl_buffer_free(&logs);
	sl_buffer_free(&metrics);
	sl_buffer_free(&spans);
}

static void test_fields(void)
{
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };
	size_t second;

	put_spans(&bytes, "a", 0);
	second = bytes.len;
	put_spans(&bytes, "b", 0);
	put_spans(&bytes, "c", 0);
	input.bytes = sl_buffer_slice(&bytes);
	check("pb", "requests one after another", &input, "a@shop b@shop c@shop ", "");
	input.bytes.len--;
	check("pb", "the end is cut", &input, "a@shop b@shop ", "truncated");
	memset(bytes.data + second, 0xff, 16);
	input.bytes.len++;
	check("pb", "what is behind damage is found", &input, "a@shop c@shop ", "malformed");
	bytes.len = 0;
	sl_buffer_add(&bytes, "\x0a\x00\x0a\x00\x0a\x00", 6);
	input.bytes = sl_buffer_slice(&bytes);
	check("pb", "empty fields", &input, "", "");
	bytes.len = 0;
	sl_buffer_add(&bytes, "\x98\x06\x01", 3);
	sl_buffer_add(&bytes, "\xa3\x06\x08\x01\xa4\x06", 6);
	put_spans(&bytes, "a", 0);
	input.bytes = sl_buffer_slice(&bytes);
	check("pb", "unknown fields and groups before", &input, "a@shop ", "");
	sl_buffer_free(&bytes);
}

/* A message that a client compressed and the exporter once more. */
static void check_twice(const struct sl_buffer *packed, enum sl_codec codec)
{
	struct sl_buffer bytes = { .len = 0 }, twice = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };
	struct sl_deflater *state = NULL;
	struct sl_error err;

	if (sl_deflate_message(&state, codec, sl_buffer_slice(packed), &twice, &err) != SL_OK)
		feed_fail(err.text);
	put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(&twice));
	put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(packed));
	input.bytes = sl_buffer_slice(&bytes);
	check("be32", "a message that is compressed twice", &input, "z@shop z@shop ", "");
	sl_deflater_free(state);
	sl_buffer_free(&bytes);
	sl_buffer_free(&twice);
}

/* gzip of "" would be no request; these are of put_spans("z", 0), made by the library itself. */
static void test_packed(void)
{
	struct sl_buffer bytes = { .len = 0 }, message = { .len = 0 }, packed = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };
	struct sl_deflater *state = NULL;
	struct sl_error err;

	put_spans(&message, "z", 0);
	for (enum sl_codec codec = SL_CODEC_GZIP; codec <= SL_CODEC_ZSTD; codec++) {
		packed.len = 0;
		if (sl_deflate_message(&state, codec, sl_buffer_slice(&message), &packed, &err) !=
		    SL_OK)
			feed_fail(err.text);
		bytes.len = 0;
		put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(&packed));
		put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(&message));
		input.bytes = sl_buffer_slice(&bytes);
		check("be32", "compressed messages", &input, "z@shop z@shop ", "");
		bytes.len = 0;
		put_frame(&bytes, SL_FORMAT_GRPC, 1, sl_buffer_slice(&packed));
		put_frame(&bytes, SL_FORMAT_GRPC, 0, sl_buffer_slice(&message));
		input.bytes = sl_buffer_slice(&bytes);
		check("grpc", "compressed messages", &input, "z@shop z@shop ", "");
		check_twice(&packed, SL_CODEC_GZIP);
		check_twice(&packed, SL_CODEC_ZSTD);
		input.max_message = message.len - 1;
		input.from = SL_FORMAT_GRPC;
		input.bytes.len = packed.len + 5;
		check("grpc", "a message that is too large when decompressed", &input, "",
		      "oversize");
		input.max_message = 0;
		input.from = SL_FORMAT_AUTO;
		bytes.data[bytes.len - message.len - 5 - 4] ^= 0x55;
		input.bytes = sl_buffer_slice(&bytes);
		if (codec == SL_CODEC_GZIP)
			check("grpc", "damage inside costs the one message", &input,
			      "z@shop z@shop ", "malformed");
	}
	bytes.len = 0;
	put_frame(&bytes, SL_FORMAT_GRPC, 0, sl_buffer_slice(&message));
	put_frame(&bytes, SL_FORMAT_GRPC, 1, text_of("neither gzip nor zstd"));
	put_frame(&bytes, SL_FORMAT_GRPC, 0, sl_buffer_slice(&message));
	input.bytes = sl_buffer_slice(&bytes);
	check("grpc", "an unknown compression", &input, "z@shop z@shop ", "unsupported");
	sl_deflater_free(state);
	sl_buffer_free(&bytes);
	sl_buffer_free(&message);
	sl_buffer_free(&packed);
}

/* A message of JSON behind a length, as the Collector writes it when it compresses. */
static void test_json_message(void)
{
	struct sl_buffer bytes = { .len = 0 }, message = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO };

	put_json_request(&message, "j", 0);
	put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(&message));
	put_frame(&bytes, SL_FORMAT_BE32, 0, sl_buffer_slice(&message));
	input.bytes = sl_buffer_slice(&bytes);
	check("be32", "messages of JSON", &input, "j@shop j@shop ", "");
	sl_buffer_free(&bytes);
	sl_buffer_free(&message);
}

static void test_many_empty(void)
{
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_BE32 };
	struct fed fed;

	for (unsigned i = 0; i < 1000000; i++)
		sl_buffer_add(&bytes, "\0\0\0\0", 4);
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed(&input, 0);
	ok(fed.status == SL_END && fed_lost(&fed, "malformed") && fed.losses.items[0].offset == 0 &&
		   fed.notes.messages[SL_SIGNAL_NONE] < 10,
	   "be32: a million empty messages, told once, and not looked at one by one");
	fed_free(&fed);
	sl_buffer_free(&bytes);
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(chains); i++) {
		test_rows(chains[i]);
		test_damage(chains[i]);
		test_oversize(chains[i]);
		test_large(chains[i]);
	}
	test_signals();
	test_fields();
	test_packed();
	test_json_message();
	test_many_empty();
	return done_testing();
}

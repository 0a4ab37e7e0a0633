/* Messages that are compressed alone: there and back, limits, damage at every byte. */
#include "spanline/io.h"
#include "tap.h"
#include <stdlib.h>
#include <zstd.h>

static const char *const codec_names[] = { "none", "gzip", "zstd" };

/* Text that compresses, but not to nothing. */
static void fill(struct sl_buffer *bytes, size_t len)
{
	uint32_t state = 1;

	bytes->len = 0;
	while (bytes->len < len) {
		state = state * 1664525 + 1013904223;
		sl_buffer_printf(bytes, "{\"id\":%u,\"name\":\"checkout\"}\n", state >> 12);
	}
	bytes->len = len;
}

static void deflate_to(struct sl_buffer *packed, enum sl_codec codec, struct sl_slice message)
{
	struct sl_deflater *deflater = NULL;
	struct sl_error err;

	if (sl_deflate_message(&deflater, codec, message, packed, &err) != SL_OK)
		abort();
	sl_deflater_free(deflater);
}

static bool starts_with(struct sl_slice whole, struct sl_buffer start)
{
	return start.len <= whole.len &&
	       (start.len == 0 || memcmp(whole.data, start.data, start.len) == 0);
}

static void test_there_and_back(enum sl_codec codec)
{
	static const size_t sizes[] = { 0, 1, 100, 16384, 16385, 300000, 3000000 };
	struct sl_deflater *deflater = NULL;
	struct sl_inflater *inflater = NULL;
	struct sl_buffer message = { 0 }, packed = { 0 }, fresh = { 0 }, out = { 0 };
	struct sl_error err;

	for (size_t i = 0; i < SL_COUNT(sizes); i++) {
		fill(&message, sizes[i]);
		packed.len = fresh.len = out.len = 0;
		sl_buffer_add_literal(&packed, "before");
		sl_buffer_add_literal(&out, "before");
		ok(sl_deflate_message(&deflater, codec, sl_buffer_slice(&message), &packed, &err) ==
			   SL_OK,
		   "%s: %zu bytes are compressed", codec_names[codec], sizes[i]);
		struct sl_slice made = { packed.data + 6, packed.len - 6 };
		ok(sl_codec_sniff(made) == codec, "and look like it");
		ok(sl_inflate_message(&inflater,
				      &(struct sl_packed_message){ codec, made, sizes[i] }, &out,
				      &err) == SL_OK &&
			   out.len == 6 + sizes[i] && memcmp(out.data, "before", 6) == 0 &&
			   (sizes[i] == 0 || memcmp(out.data + 6, message.data, sizes[i]) == 0),
		   "and come back behind what was there, with a limit of as many");
		deflate_to(&fresh, codec, sl_buffer_slice(&message));
		ok(sl_slice_equal(made, sl_buffer_slice(&fresh)),
		   "the same bytes, whatever was compressed before");
	}
	sl_deflater_free(deflater);
	sl_inflater_free(inflater);
	sl_buffer_free(&message);
	sl_buffer_free(&packed);
	sl_buffer_free(&fresh);
	sl_buffer_free(&out);
}

static void test_headers(void)
{
	static const char no_time[] = "\x1f\x8b\x08\0\0\0\0\0";
	struct sl_buffer gzip = { 0 }, zstd = { 0 };

	deflate_to(&gzip, SL_CODEC_GZIP, SL_SLICE("message"));
	ok(memcmp(gzip.data, no_time, 8) == 0, "gzip: no time, no name");
	deflate_to(&zstd, SL_CODEC_ZSTD, SL_SLICE("message"));
	ok(ZSTD_getFrameContentSize(zstd.data, zstd.len) == 7, "zstd: the size is told");
	ok((zstd.data[4] & 4) != 0, "zstd: a checksum, as the Collector writes it");
	sl_buffer_free(&gzip);
	sl_buffer_free(&zstd);
}

static void test_limit(enum sl_codec codec)
{
	static const struct {
		size_t size, limit;
		const char *said; /* NULL: allowed */
	} rows[] = {
		{ 1000, 1001, NULL },
		{ 1000, 1000, NULL },
		{ 1000, 999, "(999 bytes)" },
		{ 1000, 1, "(1 bytes)" },
		{ 1, 0, "(0 bytes)" },
		{ 0, 0, NULL },
		{ 65536, 16384, "(16384 bytes)" },
		{ 3000000, 2 << 20, "(2 MiB)" },
	};
	struct sl_inflater *inflater = NULL;
	struct sl_buffer message = { 0 }, packed = { 0 }, out = { 0 };
	struct sl_error err;

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		size_t expected = rows[i].said != NULL ? rows[i].limit : rows[i].size;
		enum sl_status status;

		fill(&message, rows[i].size);
		packed.len = out.len = 0;
		deflate_to(&packed, codec, sl_buffer_slice(&message));
		status =
			sl_inflate_message(&inflater,
					   &(struct sl_packed_message){
						   codec, sl_buffer_slice(&packed), rows[i].limit },
					   &out, &err);
		ok(rows[i].said != NULL ? status == SL_BAD_RECORD && err.reason == SL_OVERSIZE &&
						  strstr(err.text, rows[i].said) != NULL &&
						  strstr(err.text, "--max-message") != NULL
					: status == SL_OK,
		   "%s: %zu bytes with a limit of %zu", codec_names[codec], rows[i].size,
		   rows[i].limit);
		ok(out.len == expected && starts_with(sl_buffer_slice(&message), out),
		   "what is allowed is kept");
	}
	sl_inflater_free(inflater);
	sl_buffer_free(&message);
	sl_buffer_free(&packed);
	sl_buffer_free(&out);
}

/* A bomb: much comes of little, but no more than the limit is ever held. */
static void test_bomb(enum sl_codec codec)
{
	struct sl_inflater *inflater = NULL;
	struct sl_buffer packed = { 0 }, out = { 0 };
	size_t size = 32 << 20;
	char *zeros = calloc(1, size);
	struct sl_error err;

	deflate_to(&packed, codec, (struct sl_slice){ zeros, size });
	ok(sl_inflate_message(
		   &inflater,
		   &(struct sl_packed_message){ codec, sl_buffer_slice(&packed), 100000 }, &out,
		   &err) == SL_BAD_RECORD &&
		   err.reason == SL_OVERSIZE && out.len == 100000 && out.capacity <= 262144,
	   "%s: %zu bytes that would be %zu", codec_names[codec], packed.len, size);
	free(zeros);
	sl_inflater_free(inflater);
	sl_buffer_free(&packed);
	sl_buffer_free(&out);
}

static void test_several(enum sl_codec codec)
{
	struct sl_inflater *inflater = NULL;
	struct sl_buffer packed = { 0 }, out = { 0 };
	struct sl_error err;

	deflate_to(&packed, codec, SL_SLICE("one "));
	deflate_to(&packed, codec, SL_SLICE(""));
	deflate_to(&packed, codec, SL_SLICE("two"));
	ok(sl_inflate_message(&inflater,
			      &(struct sl_packed_message){ codec, sl_buffer_slice(&packed), 7 },
			      &out, &err) == SL_OK &&
		   sl_slice_equal(sl_buffer_slice(&out), SL_SLICE("one two")),
	   "%s: several are one message", codec_names[codec]);
	out.len = 0;
	size_t whole = packed.len;
	sl_buffer_add_literal(&packed, "garbage");
	ok(sl_inflate_message(&inflater,
			      &(struct sl_packed_message){ codec, sl_buffer_slice(&packed), 100 },
			      &out, &err) == SL_BAD_RECORD &&
		   err.reason == SL_MALFORMED && strstr(err.text, "followed") != NULL &&
		   err.offset >= whole - 1 && err.offset <= whole + 4 &&
		   sl_slice_equal(sl_buffer_slice(&out), SL_SLICE("one two")),
	   "other bytes behind them are told, where they begin (%zu, %zu)", err.offset, whole);
	sl_inflater_free(inflater);
	sl_buffer_free(&packed);
	sl_buffer_free(&out);
}

static void test_cut(enum sl_codec codec)
{
	struct sl_inflater *inflater = NULL;
	struct sl_buffer message = { 0 }, packed = { 0 }, out = { 0 };
	struct sl_error err;
	size_t wrong = 0, before = 0;

	fill(&message, 3000);
	deflate_to(&packed, codec, sl_buffer_slice(&message));
	for (size_t len = 0; len < packed.len; len++) {
		out.len = 0;
		enum sl_status status = sl_inflate_message(
			&inflater,
			&(struct sl_packed_message){ codec, (struct sl_slice){ packed.data, len },
						     1 << 20 },
			&out, &err);
		wrong += status != SL_BAD_RECORD || err.reason != SL_TRUNCATED ||
			 !starts_with(sl_buffer_slice(&message), out) || out.len < before;
		before = out.len;
	}
	ok(wrong == 0, "%s: cut anywhere, it ends too early and gives what is there",
	   codec_names[codec]);
	if (codec == SL_CODEC_GZIP)
		ok(before == 3000, "without its trailer nothing is missing");
	sl_inflater_free(inflater);
	sl_buffer_free(&message);
	sl_buffer_free(&packed);
	sl_buffer_free(&out);
}

static void flip(struct sl_buffer *bytes, size_t bit)
{
	unsigned char *byte = (unsigned char *)bytes->data + bit / 8;

	*byte = (unsigned char)(*byte ^ 1U << bit % 8);
}

/* Every byte changed in every bit: an answer always, and never more than the limit. */
static void test_changed(enum sl_codec codec)
{
	struct sl_inflater *inflater = NULL;
	struct sl_buffer message = { 0 }, packed = { 0 }, out = { 0 };
	struct sl_error err;
	size_t wrong = 0, unnoticed = 0;

	fill(&message, 600);
	deflate_to(&packed, codec, sl_buffer_slice(&message));
	for (size_t bit = 0; bit < packed.len * 8; bit++) {
		out.len = 0;
		flip(&packed, bit);
		enum sl_status status = sl_inflate_message(
			&inflater,
			&(struct sl_packed_message){ codec, sl_buffer_slice(&packed), 100000 },
			&out, &err);
		flip(&packed, bit);
		wrong += (status != SL_OK && status != SL_BAD_RECORD) || out.len > 100000;
		unnoticed += status == SL_OK &&
			     !sl_slice_equal(sl_buffer_slice(&out), sl_buffer_slice(&message));
	}
	ok(wrong == 0, "%s: each bit changed", codec_names[codec]);
	ok(unnoticed == 0, "the checksum tells");
	out.len = 0;
	ok(sl_inflate_message(
		   &inflater,
		   &(struct sl_packed_message){ codec, sl_buffer_slice(&packed), 100000 }, &out,
		   &err) == SL_OK &&
		   sl_slice_equal(sl_buffer_slice(&out), sl_buffer_slice(&message)),
	   "damage is forgotten with the next message");
	sl_inflater_free(inflater);
	sl_buffer_free(&message);
	sl_buffer_free(&packed);
	sl_buffer_free(&out);
}

static const struct {
	const char *name;
	struct sl_slice message;
	enum sl_codec codec;
	enum sl_reason reason;
} hostile[] = {
	{ "empty", { "", 0 }, SL_CODEC_GZIP, SL_TRUNCATED },
	{ "empty", { NULL, 0 }, SL_CODEC_ZSTD, SL_TRUNCATED },
	{ "no gzip", { "plain text", 10 }, SL_CODEC_GZIP, SL_MALFORMED },
	{ "no zstd", { "plain text", 10 }, SL_CODEC_ZSTD, SL_MALFORMED },
	{ "a zlib stream", { "\x78\x9c\x03\0\0\0\0\x01", 8 }, SL_CODEC_GZIP, SL_MALFORMED },
	{ "a frame that says it holds 2^60 bytes",
	  { "\x28\xb5\x2f\xfd\xc0\x78\0\0\0\0\0\0\0\x10\x09\0\0x", 18 },
	  SL_CODEC_ZSTD,
	  SL_MALFORMED },
	{ "a window of 256 MiB",
	  { "\x28\xb5\x2f\xfd\0\x90\x01\0\0", 9 },
	  SL_CODEC_ZSTD,
	  SL_OVERSIZE },
	{ "a dictionary",
	  { "\x28\xb5\x2f\xfd\x21\x07\x00\x01\0\0", 10 },
	  SL_CODEC_ZSTD,
	  SL_UNSUPPORTED },
	{ "a skippable frame of 4 GiB",
	  { "\x50\x2a\x4d\x18\xff\xff\xff\xff....", 12 },
	  SL_CODEC_ZSTD,
	  SL_TRUNCATED },
};

static void test_hostile(void)
{
	struct sl_inflater *inflater = NULL;
	struct sl_buffer out = { 0 };
	struct sl_error err;

	for (size_t i = 0; i < SL_COUNT(hostile); i++) {
		enum sl_status status =
			sl_inflate_message(&inflater,
					   &(struct sl_packed_message){
						   hostile[i].codec, hostile[i].message, 1 << 20 },
					   &out, &err);
		ok(status == SL_BAD_RECORD && err.reason == hostile[i].reason, "%s: %s (%s)",
		   codec_names[hostile[i].codec], hostile[i].name, err.text);
	}
	ok(out.capacity <= 1 << 20, "memory is not had by asking for it");
	sl_inflater_free(inflater);
	sl_buffer_free(&out);
	sl_inflater_free(NULL);
	sl_deflater_free(NULL);
}

static void test_no_room(void)
{
	struct sl_inflater *inflater = NULL;
	struct sl_buffer packed = { 0 }, out = { .limit = 100 };
	struct sl_deflater *deflater = NULL;
	struct sl_buffer small = { .limit = 100 };
	struct sl_error err;

	deflate_to(&packed, SL_CODEC_GZIP, SL_SLICE("message"));
	ok(sl_inflate_message(
		   &inflater,
		   &(struct sl_packed_message){ SL_CODEC_GZIP, sl_buffer_slice(&packed), 1000 },
		   &out, &err) == SL_FAILED,
	   "a buffer that may not grow");
	ok(sl_deflate_message(&deflater, SL_CODEC_ZSTD, SL_SLICE("message"), &small, &err) ==
		   SL_FAILED,
	   "likewise to compress");
	sl_inflater_free(inflater);
	sl_deflater_free(deflater);
	sl_buffer_free(&packed);
	sl_buffer_free(&out);
	sl_buffer_free(&small);
}

int main(void)
{
	static const enum sl_codec codecs[] = { SL_CODEC_GZIP, SL_CODEC_ZSTD };

	for (size_t i = 0; i < SL_COUNT(codecs); i++) {
		test_there_and_back(codecs[i]);
		test_limit(codecs[i]);
		test_bomb(codecs[i]);
		test_several(codecs[i]);
		test_cut(codecs[i]);
		test_changed(codecs[i]);
	}
	test_headers();
	test_hostile();
	test_no_room();
	return done_testing();
}

/* Inputs: files and pipes; gzip and zstd around them, whole and damaged. */
#include "inputs.h"
#include "tap.h"
#include <fcntl.h>
#include <sys/wait.h>
#include <zstd.h>

/* How an input is made, and what must come of it. */
struct sample {
	const char *name;
	void (*make)(struct sl_buffer *raw, struct sl_buffer *content);
	enum sl_status last; /* SL_END, or SL_BAD_RECORD once, before SL_END */
	enum sl_reason reason;
	enum sl_codec codec;
};

static void add_packed(struct sl_buffer *raw, enum sl_codec codec, struct sl_slice content)
{
	struct sl_deflater *deflater = NULL;
	struct sl_error err;

	if (sl_deflate_message(&deflater, codec, content, raw, &err) != SL_OK)
		abort();
	sl_deflater_free(deflater);
}

/* The content so far, and more of it, compressed. */
static void add_both(struct sl_buffer *raw, struct sl_buffer *content, enum sl_codec codec,
		     const char *text)
{
	struct sl_slice slice = { text, strlen(text) };

	add_packed(raw, codec, slice);
	sl_buffer_add_slice(content, slice);
}

static void make_nothing(struct sl_buffer *raw, struct sl_buffer *content)
{
	(void)raw;
	(void)content;
}

static void make_text(struct sl_buffer *raw, struct sl_buffer *content)
{
	for (int i = 0; i < 100; i++)
		sl_buffer_printf(raw, "line %d\n", i);
	sl_buffer_add_slice(content, sl_buffer_slice(raw));
}

static void make_plain(struct sl_buffer *raw, struct sl_buffer *content, struct sl_slice bytes)
{
	sl_buffer_add_slice(raw, bytes);
	sl_buffer_add_slice(content, bytes);
}

static void make_gzip_like(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_plain(raw, content, SL_SLICE("\x1f"));
}

static void make_zstd_like(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_plain(raw, content, SL_SLICE("\x28\xb5\x2f"));
}

static void make_post(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_plain(raw, content, SL_SLICE("POST /v1/traces"));
}

static void make_member(struct sl_buffer *raw, struct sl_buffer *content)
{
	add_both(raw, content, SL_CODEC_GZIP, "one member");
}

static void make_empty_member(struct sl_buffer *raw, struct sl_buffer *content)
{
	add_both(raw, content, SL_CODEC_GZIP, "");
}

static void make_members(struct sl_buffer *raw, struct sl_buffer *content)
{
	add_both(raw, content, SL_CODEC_GZIP, "first, ");
	add_both(raw, content, SL_CODEC_GZIP, "");
	add_both(raw, content, SL_CODEC_GZIP, "second");
}

static void make_padded(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_members(raw, content);
	sl_buffer_add(raw, (char[1000]){ 0 }, 1000);
}

static void make_padded_between(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_padded(raw, content);
	make_members(raw, content);
}

static void make_gzip_garbage(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_members(raw, content);
	sl_buffer_add_literal(raw, "garbage");
}

static void make_padded_garbage(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_padded(raw, content);
	sl_buffer_add_literal(raw, "garbage");
}

static void make_wrong_checksum(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_members(raw, content);
	raw->data[raw->len - 8] ^= 1;
}

static void make_wrong_length(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_members(raw, content);
	raw->data[raw->len - 1] ^= 1;
}

static void make_cut_header(struct sl_buffer *raw, struct sl_buffer *content)
{
	(void)content;
	sl_buffer_add_literal(raw, "\x1f\x8b");
}

static void make_cut_trailer(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_members(raw, content);
	raw->len -= 3;
}

static void make_frame(struct sl_buffer *raw, struct sl_buffer *content)
{
	add_both(raw, content, SL_CODEC_ZSTD, "one frame");
}

static void make_frames(struct sl_buffer *raw, struct sl_buffer *content)
{
	static const char skippable[] = "\x5a\x2a\x4d\x18\x05\0\0\0skip.";

	sl_buffer_add(raw, skippable, sizeof(skippable) - 1);
	add_both(raw, content, SL_CODEC_ZSTD, "first, ");
	add_both(raw, content, SL_CODEC_ZSTD, "");
	sl_buffer_add(raw, skippable, sizeof(skippable) - 1);
	add_both(raw, content, SL_CODEC_ZSTD, "second");
}

static void make_zstd_garbage(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_frames(raw, content);
	sl_buffer_add_literal(raw, "garbage");
}

static void make_cut_frame(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_frames(raw, content);
	raw->len -= 4 + strlen("second") + 1; /* inside the header of the last block */
	content->len -= strlen("second");
}

/* Blocks that end where `flush` is; the second begins with a header that no block has. */
static void make_damaged_block(struct sl_buffer *raw, struct sl_buffer *content)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	static const char text[] = "the first block; the second block";
	ZSTD_inBuffer from = { text, 16, 0 };
	ZSTD_outBuffer to = { sl_buffer_reserve(raw, 1000), 1000, 0 };

	ZSTD_compressStream2(zstd, &to, &from, ZSTD_e_flush);
	size_t second = to.pos;
	from.size = sizeof(text) - 1;
	ZSTD_compressStream2(zstd, &to, &from, ZSTD_e_end);
	ZSTD_freeCCtx(zstd);
	raw->len = to.pos;
	raw->data[second] |= 6;
	sl_buffer_add(content, text, 16);
}

static void make_checked_frame(struct sl_buffer *raw, struct sl_buffer *content)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	size_t len;

	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	len = ZSTD_compress2(zstd, sl_buffer_reserve(raw, 1000), 1000, "checked", 7);
	ZSTD_freeCCtx(zstd);
	raw->len = len;
	raw->data[len - 1] ^= 1;
	sl_buffer_add_literal(content, "checked");
}

/* Compressed twice: the inner layer is bytes to us. */
static void make_twice(struct sl_buffer *raw, struct sl_buffer *content)
{
	add_packed(content, SL_CODEC_ZSTD, SL_SLICE("inner"));
	add_packed(raw, SL_CODEC_GZIP, sl_buffer_slice(content));
}

/* Members behind damage and noise that begins like one. */
static void make_behind(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_members(raw, content);
	raw->data[raw->len - 8] ^= 1;
	sl_buffer_add(raw, "\x1f\x8b\x08\0noise\x1f\x8b\x08\x1f\x8b\x08\x08", 16);
	make_members(raw, content);
}

static void make_frames_behind(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_frames(raw, content);
	sl_buffer_add(raw, "garbage\x28\xb5\x2f\xfd\x28\xb5\x2f", 14);
	make_frames(raw, content);
}

static void make_damaged_magic(struct sl_buffer *raw, struct sl_buffer *content)
{
	make_member(raw, content);
	content->len = 0;
	raw->data[1] ^= 4;
	make_members(raw, content);
}

static const struct sample samples[] = {
	{ "nothing", make_nothing, SL_END, 0, SL_CODEC_NONE },
	{ "text", make_text, SL_END, 0, SL_CODEC_NONE },
	{ "the first byte of gzip", make_gzip_like, SL_END, 0, SL_CODEC_NONE },
	{ "three bytes of zstd", make_zstd_like, SL_END, 0, SL_CODEC_NONE },
	{ "a first byte like a skippable frame's", make_post, SL_END, 0, SL_CODEC_NONE },
	{ "a gzip member", make_member, SL_END, 0, SL_CODEC_GZIP },
	{ "an empty gzip member", make_empty_member, SL_END, 0, SL_CODEC_GZIP },
	{ "three gzip members", make_members, SL_END, 0, SL_CODEC_GZIP },
	{ "gzip and zeros", make_padded, SL_END, 0, SL_CODEC_GZIP },
	{ "gzip, zeros and gzip", make_padded_between, SL_END, 0, SL_CODEC_GZIP },
	{ "gzip and garbage", make_gzip_garbage, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_GZIP },
	{ "gzip, zeros, garbage", make_padded_garbage, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_GZIP },
	{ "a wrong checksum", make_wrong_checksum, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_GZIP },
	{ "a wrong length", make_wrong_length, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_GZIP },
	{ "gzip of two bytes", make_cut_header, SL_BAD_RECORD, SL_TRUNCATED, SL_CODEC_GZIP },
	{ "a cut gzip trailer", make_cut_trailer, SL_BAD_RECORD, SL_TRUNCATED, SL_CODEC_GZIP },
	{ "a zstd frame", make_frame, SL_END, 0, SL_CODEC_ZSTD },
	{ "zstd frames, some skippable", make_frames, SL_END, 0, SL_CODEC_ZSTD },
	{ "zstd and garbage", make_zstd_garbage, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_ZSTD },
	{ "a cut zstd frame", make_cut_frame, SL_BAD_RECORD, SL_TRUNCATED, SL_CODEC_ZSTD },
	{ "a damaged zstd block", make_damaged_block, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_ZSTD },
	{ "a wrong zstd checksum", make_checked_frame, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_ZSTD },
	{ "members behind damage", make_behind, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_GZIP },
	{ "frames behind garbage", make_frames_behind, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_ZSTD },
	{ "a damaged magic", make_damaged_magic, SL_BAD_RECORD, SL_MALFORMED, SL_CODEC_GZIP },
	{ "zstd in gzip", make_twice, SL_END, 0, SL_CODEC_GZIP },
};

static void check(const struct sample *sample, const char *how, struct sl_input *input, size_t room,
		  struct sl_slice content)
{
	struct sl_buffer out = { 0 };
	struct sl_error err = { 0 }, more;
	size_t got;
	enum sl_status last = read_all(input, room, &out, &err);

	if (last == SL_BAD_RECORD && read_all(input, room, &out, &more) != SL_END)
		last = SL_FAILED;
	ok(sl_slice_equal(sl_buffer_slice(&out), content), "%s, %s, by %zu: all that is there",
	   sample->name, how, room);
	ok(last == sample->last && (last != SL_BAD_RECORD || err.reason == sample->reason),
	   "its outcome");
	ok(sl_input_read(input, out.data, 1, &got, &err) == SL_END && got == 0, "then the end");
	ok(sl_input_codec(input) == sample->codec, "what was around it");
	sl_input_close(input);
	sl_buffer_free(&out);
}

/* A child that writes byte by byte into the FIFO. */
static pid_t feed(const char *path, struct sl_slice bytes)
{
	pid_t child = fork();

	if (child != 0)
		return child;
	int fd = open(path, O_WRONLY);
	for (size_t i = 0; i < bytes.len; i++)
		if (write(fd, bytes.data + i, 1) != 1)
			break;
	_exit(0);
}

static void test_samples(void)
{
	static const size_t rooms[] = { 1, 3, 65536 };
	struct sl_buffer raw = { 0 }, content = { 0 };

	mkfifo(scratch_path("fifo"), 0600);
	for (size_t i = 0; i < SL_COUNT(samples); i++) {
		raw.len = content.len = 0;
		samples[i].make(&raw, &content);
		scratch_write("file", "w", sl_buffer_slice(&raw));
		for (size_t j = 0; j < SL_COUNT(rooms); j++) {
			struct sl_input *input = open_input(scratch_path("file"), &plain_options);

			ok(sl_input_size(input) == raw.len, "its size");
			check(&samples[i], "a file", input, rooms[j], sl_buffer_slice(&content));
		}
		pid_t child = feed(scratch_path("fifo"), sl_buffer_slice(&raw));
		struct sl_input *input = open_input(scratch_path("fifo"), &plain_options);
		ok(sl_input_size(input) == 0, "a pipe has no size");
		check(&samples[i], "a pipe", input, 65536, sl_buffer_slice(&content));
		waitpid(child, NULL, 0);
	}
	sl_buffer_free(&raw);
	sl_buffer_free(&content);
}

/* Of a gzip file that is cut anywhere all comes out that can. */
static void test_cut(enum sl_codec codec, const char *name)
{
	struct sl_buffer raw = { 0 }, content = { 0 }, out = { 0 };
	size_t before = 0, wrong = 0;
	struct sl_error err;

	for (int i = 0; i < 300; i++)
		sl_buffer_printf(&content, "%d,", i * i);
	add_packed(&raw, codec, sl_buffer_slice(&content));
	for (size_t len = 4; len < raw.len; len++) {
		scratch_write("file", "w", (struct sl_slice){ raw.data, len });
		struct sl_input *input = open_input(scratch_path("file"), &plain_options);
		out.len = 0;
		wrong += read_all(input, 100, &out, &err) != SL_BAD_RECORD ||
			 err.reason != SL_TRUNCATED || out.len < before ||
			 (out.len > 0 && memcmp(out.data, content.data, out.len) != 0);
		before = out.len;
		sl_input_close(input);
	}
	ok(wrong == 0, "%s, cut anywhere", name);
	sl_buffer_free(&raw);
	sl_buffer_free(&content);
	sl_buffer_free(&out);
}

/* Reads and forgets; how much it was. */
static uint64_t drain(struct sl_input *input, enum sl_status *status, struct sl_error *err)
{
	static char part[256 * 1024];
	uint64_t total = 0;
	size_t got;

	while ((*status = sl_input_read(input, part, sizeof(part), &got, err)) == SL_OK)
		total += got;
	return total;
}

static void test_bombs(void)
{
	enum { PIECE = 4 << 20, SAFE = 60 << 20 };
	static const struct {
		enum sl_codec codec;
		int pieces;
		bool is_bomb;
	} rows[] = {
		{ SL_CODEC_GZIP, SAFE / PIECE, false },
		{ SL_CODEC_GZIP, 60, true },
		{ SL_CODEC_ZSTD, SAFE / PIECE, false },
		{ SL_CODEC_ZSTD, 60, true },
	};
	char *zeros = calloc(1, PIECE);
	struct sl_buffer piece = { 0 };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_error err = { 0 };
		enum sl_status status;

		piece.len = 0;
		add_packed(&piece, rows[i].codec, (struct sl_slice){ zeros, PIECE });
		scratch_write("file", "w", (struct sl_slice){ NULL, 0 });
		for (int j = 0; j < rows[i].pieces; j++)
			scratch_write("file", "a", sl_buffer_slice(&piece));
		struct sl_input *input = open_input(scratch_path("file"), &plain_options);
		uint64_t total = drain(input, &status, &err);
		uint64_t whole = (uint64_t)rows[i].pieces * PIECE;
		ok(rows[i].is_bomb ? status == SL_BAD_RECORD && err.reason == SL_OVERSIZE &&
					     total > 64 << 20 && total < whole
				   : status == SL_END && total == whole,
		   "row %zu: %s, %llu bytes came", i, rows[i].is_bomb ? "a bomb" : "no bomb",
		   (unsigned long long)total);
		ok(drain(input, &status, &err) == 0 && status == SL_END, "and no more");
		sl_input_close(input);
	}
	free(zeros);
	sl_buffer_free(&piece);
}

static void test_sniff(void)
{
	static const struct {
		struct sl_slice start;
		enum sl_codec codec;
	} rows[] = {
		{ { "", 0 }, SL_CODEC_NONE },
		{ { "\x1f", 1 }, SL_CODEC_NONE },
		{ { "\x1f\x8b", 2 }, SL_CODEC_GZIP },
		{ { "\x1f\x8b\x08\x00zzzz", 8 }, SL_CODEC_GZIP },
		{ { "\x28\xb5\x2f", 3 }, SL_CODEC_NONE },
		{ { "\x28\xb5\x2f\xfd", 4 }, SL_CODEC_ZSTD },
		{ { "\x50\x2a\x4d\x18", 4 }, SL_CODEC_ZSTD },
		{ { "\x5f\x2a\x4d\x18", 4 }, SL_CODEC_ZSTD },
		{ { "\x60\x2a\x4d\x18", 4 }, SL_CODEC_NONE },
		{ { "{\"re", 4 }, SL_CODEC_NONE },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(sl_codec_sniff(rows[i].start) == rows[i].codec, "start %zu", i);
}

int main(void)
{
	scratch_make();
	test_sniff();
	test_samples();
	test_cut(SL_CODEC_GZIP, "gzip");
	test_cut(SL_CODEC_ZSTD, "zstd");
	test_bombs();
	return done_testing();
}

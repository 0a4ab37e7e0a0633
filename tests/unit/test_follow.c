/* Files that grow, are rotated, cut short, or not there yet. */
#include "inputs.h"
#include "tap.h"
#include <fcntl.h>
#include <time.h>

static const struct sl_input_options following = { .follow = true };

/* What the next reads give, up to some that bring nothing; a restart shows as '|'. */
static const char *next(struct sl_input *input)
{
	static char text[1024];
	size_t len = 0, got;
	static struct sl_error err;

	for (int idle = 0; idle < 2;) {
		enum sl_status status = sl_input_read(input, text + len, 7, &got, &err);

		if (status != SL_OK)
			return status == SL_END ? "end" : err.text;
		len += got;
		if (sl_input_restarted(input))
			text[len++] = '|';
		else if (got == 0)
			idle++;
	}
	text[len] = '\0';
	return text;
}

static void expect(struct sl_input *input, const char *expected, const char *what)
{
	const char *text = next(input);

	ok(strcmp(text, expected) == 0, "%s: '%s'", what, text);
}

static void put(const char *name, const char *mode, const char *text)
{
	scratch_write(name, mode, (struct sl_slice){ text, strlen(text) });
}

static void move(const char *from, const char *to)
{
	if (rename(scratch_path(from), scratch_path(to)) != 0)
		abort();
}

static struct sl_input *follow(const char *name)
{
	return open_input(scratch_path(name), &following);
}

static void test_growing(void)
{
	put("log", "w", "1;");
	struct sl_input *input = follow("log");
	expect(input, "1;", "what is there");
	ok(!sl_input_ready(input), "then it is not ready");
	expect(input, "", "nothing");
	put("log", "a", "2");
	ok(sl_input_ready(input), "ready again");
	put("log", "a", ";3;");
	expect(input, "2;3;", "what was added");
	ok(sl_input_raw_bytes(input) == 6 && !sl_input_restarted(input), "counted, in one go");
	sl_input_close(input);
}

static void test_undecided(void)
{
	put("log", "w", "\x28");
	struct sl_input *input = follow("log");
	expect(input, "", "a byte that may begin zstd is kept back");
	put("log", "a", "x");
	expect(input, "\x28x", "until the next one says that it is not");
	sl_input_close(input);
}

/* What was kept back comes out when nothing can follow it any more. */
static void test_undecided_for_good(void)
{
	static volatile sig_atomic_t stop;
	struct sl_input_options options = { .follow = true, .stop = &stop };

	put("log", "w", "\x28\xb5");
	struct sl_input *input = open_input(scratch_path("log"), &options);
	expect(input, "", "two bytes that may begin zstd are kept back");
	move("log", "log.1");
	put("log", "w", "\x28");
	expect(input, "\x28\xb5|", "until the file is rotated, and so is the next");
	put("log", "w", "");
	expect(input, "\x28|", "until that is emptied");
	put("log", "w", "[");
	expect(input, "", "kept back");
	stop = 1;
	char bytes[8];
	size_t got;
	struct sl_error err;
	ok(sl_input_read(input, bytes, 8, &got, &err) == SL_OK && got == 1 && bytes[0] == '[',
	   "until the input is stopped");
	ok(sl_input_read(input, bytes, 8, &got, &err) == SL_END, "which ends it");
	sl_input_close(input);
}

static void test_late(void)
{
	struct sl_input *input = follow("late");

	ok(!sl_input_ready(input), "not there: not ready");
	expect(input, "", "nothing of a file that is not there");
	put("late", "w", "hello");
	ok(sl_input_ready(input), "there: ready");
	expect(input, "hello", "its bytes once it is, without a restart");
	sl_input_close(input);
}

static void test_rotation(void)
{
	char bytes[8];
	size_t got;
	struct sl_error err;

	put("log", "w", "old 1;");
	struct sl_input *input = follow("log");
	ok(sl_input_read(input, bytes, 3, &got, &err) == SL_OK && got > 0, "some of it is read");
	move("log", "log.1");
	put("log.1", "a", "old 2;");
	put("log", "w", "new;");
	char rest[] = "old 1;old 2;|new;";
	expect(input, rest + got, "a rotated file is drained, then the new one is read");
	put("log.1", "a", "too late;");
	put("log", "a", "more;");
	expect(input, "more;", "the old one is done with");
	sl_input_close(input);
}

static void test_rotation_slow_writer(void)
{
	put("log", "w", "a;");
	struct sl_input *input = follow("log");
	expect(input, "a;", "the old file");
	move("log", "log.1");
	put("log", "w", "");
	ok(!sl_input_ready(input), "an empty new file is nothing yet");
	put("log.1", "a", "b;");
	expect(input, "b;", "the old one is written on and read on");
	put("log", "a", "c;");
	ok(!sl_input_ready(input), "to begin anew is not to be ready");
	expect(input, "|c;", "then the new one");
	sl_input_close(input);
}

static void test_cut_short(void)
{
	put("log", "w", "first, long;");
	struct sl_input *input = follow("log");
	expect(input, "first, long;", "a file");
	put("log", "w", "short;");
	ok(!sl_input_ready(input), "shorter is not ready");
	expect(input, "|short;", "cut short: read from its start");
	put("log", "w", "");
	expect(input, "|", "emptied");
	put("log", "a", "again;");
	expect(input, "again;", "and written anew");
	sl_input_close(input);
}

static void test_vanished(void)
{
	put("log", "w", "one;");
	struct sl_input *input = follow("log");
	expect(input, "one;", "a file");
	unlink(scratch_path("log"));
	expect(input, "", "that vanishes");
	put("log", "w", "two;");
	expect(input, "|two;", "and comes back as another");
	move("log", "aside");
	expect(input, "", "moved away");
	move("aside", "log");
	put("log", "a", "three;");
	expect(input, "three;", "and back: still the same");
	sl_input_close(input);
}

static void test_compressed(void)
{
	put("log", "w", "\x1f\x8b\x08");
	struct sl_input *input = follow("log");
	expect(input, "cannot follow a compressed file", "gzip");
	sl_input_close(input);
	put("log", "w", "text");
	input = follow("log");
	expect(input, "text", "text");
	put("next", "w", "\x28\xb5\x2f\xfd");
	move("next", "log");
	expect(input, "cannot follow a compressed file", "replaced by zstd");
	sl_input_close(input);
}

static void test_directory(void)
{
	struct sl_input *input = follow("later");

	mkdir(scratch_path("later"), 0700);
	expect(input, "is a directory", "a directory appears");
	sl_input_close(input);
	rmdir(scratch_path("later"));
}

static void stop(void *context)
{
	*(volatile sig_atomic_t *)context = 1;
}

static void test_stop(void)
{
	volatile sig_atomic_t stopped = 0;
	struct sl_input_options options = following;

	options.stop = &stopped;
	options.before_wait = stop;
	options.context = (void *)(uintptr_t)&stopped;
	put("log", "w", "text");
	struct sl_input *input = open_input(scratch_path("log"), &options);
	expect(input, "end", "stopped when it begins to wait");
	sl_input_close(input);
	stopped = 0;
	input = open_input(scratch_path("absent"), &options);
	expect(input, "end", "also before the file is there");
	sl_input_close(input);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A pipe is read to its end; as long as it is open it is waited for no longer than a file. */
static void test_pipe(void)
{
	mkfifo(scratch_path("fifo"), 0600);
	int writer = open(scratch_path("fifo"), O_RDWR);
	struct sl_input *input = follow("fifo");
	struct sl_deflater *deflater = NULL;
	struct sl_buffer packed = { 0 };
	struct sl_error err;

	double start = seconds();
	expect(input, "", "an empty pipe");
	ok(seconds() - start < 2, "is waited for, but not long");
	if (sl_deflate_message(&deflater, SL_CODEC_GZIP, SL_SLICE("content"), &packed, &err) !=
		    SL_OK ||
	    write(writer, packed.data, 5) != 5)
		abort();
	expect(input, "", "half a header");
	if (write(writer, packed.data + 5, packed.len - 5) < 0)
		abort();
	expect(input, "content", "a pipe may be compressed");
	close(writer);
	expect(input, "end", "its end is the end");
	sl_input_close(input);
	sl_deflater_free(deflater);
	sl_buffer_free(&packed);
}

static void test_late_pipe(void)
{
	struct sl_input *input = follow("late fifo");

	expect(input, "", "nothing there");
	mkfifo(scratch_path("late fifo"), 0600);
	int writer = open(scratch_path("late fifo"), O_RDWR);
	if (write(writer, "text", 4) != 4)
		abort();
	expect(input, "text", "then a pipe");
	close(writer);
	expect(input, "end", "with an end");
	sl_input_close(input);
}

int main(void)
{
	scratch_make();
	test_growing();
	test_undecided();
	test_undecided_for_good();
	test_late();
	test_rotation();
	test_rotation_slow_writer();
	test_cut_short();
	test_vanished();
	test_compressed();
	test_directory();
	test_stop();
	test_pipe();
	test_late_pipe();
	return done_testing();
}

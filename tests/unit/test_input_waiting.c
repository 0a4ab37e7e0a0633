/* Inputs that have to wait, cannot be opened, or are stopped: stdin, pipes, files. */
#include "inputs.h"
#include "tap.h"
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

static void test_refused(void)
{
	static const struct {
		const char *path, *said;
	} rows[] = {
		{ "/", "is a directory" },
		{ "/no/such/file", "cannot open: No such file or directory" },
		{ "/dev/null/file", "cannot open: Not a directory" },
	};
	struct sl_input *input = NULL;
	struct sl_error err;

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		enum sl_status status = sl_input_open(&input, rows[i].path, &plain_options, &err);

		ok(status == SL_FAILED && strcmp(err.text, rows[i].said) == 0, "%s: %s",
		   rows[i].path, err.text);
	}
	sl_input_close(NULL);
}

/* stdin is what a pipe's end was made of; the old one comes back with end_stdin. */
static int kept_stdin;

static int begin_stdin(void)
{
	int ends[2];

	kept_stdin = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0)
		exit(2);
	close(ends[0]);
	return ends[1];
}

static void end_stdin(void)
{
	close(STDIN_FILENO);
	if (kept_stdin >= 0) {
		dup2(kept_stdin, STDIN_FILENO);
		close(kept_stdin);
	}
}

struct waits {
	int count;
	int fd;			    /* is written to at the first wait */
	volatile sig_atomic_t stop; /* set at the second */
};

static void count_wait(void *context)
{
	struct waits *waits = context;

	if (++waits->count == 1) {
		if (write(waits->fd, "more", 4) != 4)
			abort();
	} else {
		waits->stop = 1;
	}
}

static void test_waiting(void)
{
	struct waits waits = { .fd = begin_stdin() };
	struct sl_input_options options = { .before_wait = count_wait,
					    .context = &waits,
					    .stop = &waits.stop };
	struct sl_input *input = open_input("-", &options);
	struct sl_error err;
	char bytes[16];
	size_t got;

	ok(!sl_input_ready(input), "an empty pipe is not ready");
	if (write(waits.fd, "text", 4) != 4)
		abort();
	ok(sl_input_ready(input), "with bytes it is");
	ok(sl_input_read(input, bytes, 16, &got, &err) == SL_OK && got == 4 && waits.count == 0,
	   "bytes that are there are not waited for");
	ok(sl_input_read(input, bytes, 16, &got, &err) == SL_OK && got == 4 && waits.count == 1 &&
		   memcmp(bytes, "more", 4) == 0,
	   "others are, and it is told before");
	ok(sl_input_read(input, bytes, 16, &got, &err) == SL_END && got == 0 && waits.count == 2,
	   "whoever waits can be stopped");
	ok(sl_input_ready(input), "to be stopped is to be ready");
	ok(sl_input_raw_bytes(input) == 8, "what was read is counted");
	sl_input_close(input);
	ok(fcntl(STDIN_FILENO, F_GETFD) >= 0, "stdin stays open");
	close(waits.fd);
	end_stdin();
}

/* A stop inside compressed bytes is no damage. */
static void test_stop_in_gzip(void)
{
	struct waits waits = { .count = 1, .fd = begin_stdin() };
	struct sl_input_options options = { .before_wait = count_wait,
					    .context = &waits,
					    .stop = &waits.stop };
	struct sl_deflater *deflater = NULL;
	struct sl_buffer raw = { 0 }, out = { 0 };
	struct sl_error err;

	if (sl_deflate_message(&deflater, SL_CODEC_GZIP, SL_SLICE("content"), &raw, &err) !=
		    SL_OK ||
	    write(waits.fd, raw.data, raw.len - 8) < 0)
		abort();
	struct sl_input *input = open_input("-", &options);
	ok(read_all(input, 100, &out, &err) == SL_END &&
		   sl_slice_equal(sl_buffer_slice(&out), SL_SLICE("content")),
	   "stopped before a gzip trailer");
	sl_input_close(input);
	close(waits.fd);
	end_stdin();
	sl_deflater_free(deflater);
	sl_buffer_free(&raw);
	sl_buffer_free(&out);
}

/* What is decompressed already is there without a wait. */
static void test_ready_in_gzip(void)
{
	int fd = begin_stdin();
	struct sl_deflater *deflater = NULL;
	struct sl_buffer raw = { 0 };
	struct sl_error err;
	char bytes[16];
	size_t got;

	if (sl_deflate_message(&deflater, SL_CODEC_GZIP, SL_SLICE("content"), &raw, &err) !=
		    SL_OK ||
	    write(fd, raw.data, raw.len) < 0)
		abort();
	struct sl_input *input = open_input("-", &plain_options);
	ok(sl_input_read(input, bytes, 3, &got, &err) == SL_OK && got == 3 && sl_input_ready(input),
	   "ready while something is held");
	ok(sl_input_read(input, bytes, 16, &got, &err) == SL_OK && got == 4 &&
		   !sl_input_ready(input),
	   "not when all was given");
	sl_input_close(input);
	close(fd);
	end_stdin();
	sl_deflater_free(deflater);
	sl_buffer_free(&raw);
}

static void never(void *context)
{
	*(bool *)context = true;
}

static void test_files_are_ready(void)
{
	bool waited = false;
	struct sl_input_options options = { .before_wait = never, .context = &waited };
	struct sl_buffer out = { 0 };
	struct sl_error err;

	scratch_write("file", "w", SL_SLICE("some text"));
	struct sl_input *input = open_input(scratch_path("file"), &options);
	ok(sl_input_ready(input), "a file is ready");
	ok(read_all(input, 2, &out, &err) == SL_END && out.len == 9 && !waited,
	   "and never waited for");
	ok(sl_input_ready(input), "also at its end");
	sl_input_close(input);
	sl_buffer_free(&out);
}

/* Another program may have made the pipe non-blocking. */
static void test_non_blocking(void)
{
	int fd = begin_stdin();
	struct sl_input *input = open_input("-", &plain_options);
	struct sl_buffer out = { 0 };
	struct sl_error err;
	pid_t child;

	fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
	child = fork();
	if (child == 0) {
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
		_exit(write(fd, "late", 4) != 4);
	}
	close(fd);
	ok(read_all(input, 100, &out, &err) == SL_END &&
		   sl_slice_equal(sl_buffer_slice(&out), SL_SLICE("late")),
	   "a non-blocking pipe is waited for");
	waitpid(child, NULL, 0);
	sl_input_close(input);
	end_stdin();
	sl_buffer_free(&out);
}

static void test_closed_stdin(void)
{
	struct sl_input *input = NULL;
	struct sl_error err;

	close(begin_stdin());
	close(STDIN_FILENO);
	ok(sl_input_open(&input, "-", &plain_options, &err) == SL_FAILED, "closed stdin: %s",
	   err.text);
	end_stdin();
}

static void test_unreadable_stdin(void)
{
	int fd = begin_stdin();
	struct sl_error err;
	char byte;
	size_t got;

	dup2(fd, STDIN_FILENO);
	struct sl_input *input = open_input("-", &plain_options);
	ok(sl_input_read(input, &byte, 1, &got, &err) == SL_FAILED && got == 0,
	   "only to be written to: %s", err.text);
	sl_input_close(input);
	close(fd);
	end_stdin();
}

int main(void)
{
	scratch_make();
	test_refused();
	test_waiting();
	test_stop_in_gzip();
	test_ready_in_gzip();
	test_files_are_ready();
	test_non_blocking();
	test_closed_stdin();
	test_unreadable_stdin();
	return done_testing();
}

/* stdin that is read twice, and inputs of which only parts are read. */
#include "inputs.h"
#include "tap.h"
#include <fcntl.h>

enum { TOTAL = 3 << 20 };

static char bytes[TOTAL], back[TOTAL + 16];

/* stdin is what a file in the scratch directory holds, from its second byte on, or a pipe. */
static void begin_stdin(bool is_pipe)
{
	const char *path = scratch_path("stdin");
	int fd;

	if (is_pipe && mkfifo(path, 0600) != 0)
		abort();
	fd = open(path, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		abort();
	close(fd);
	unlink(path);
	if (!is_pipe &&
	    (write(STDIN_FILENO, bytes, TOTAL) != TOTAL || lseek(STDIN_FILENO, 1, SEEK_SET) != 1))
		abort();
}

/* One input over the spool, up to `len` bytes of it. */
static size_t read_some(const struct sl_input_options *options, char *into, size_t len)
{
	struct sl_input *input = open_input("-", options);
	struct sl_error err;
	size_t done = 0, got;

	while (done < len && sl_input_read(input, into + done, len - done, &got, &err) == SL_OK)
		done += got;
	sl_input_close(input);
	return done;
}

/* A pipe does not hold so much: it is filled while it is read. */
static size_t feed(const struct sl_input_options *options, size_t len)
{
	struct sl_input *input = open_input("-", options);
	struct sl_error err;
	size_t written = 0, done = 0, got;

	while (done < len) {
		size_t part = len - written < 50000 ? len - written : 50000;

		if (part != 0 && write(STDIN_FILENO, bytes + written, part) != (ssize_t)part)
			abort();
		written += part;
		if (sl_input_read(input, back + done, len - done, &got, &err) != SL_OK)
			break;
		done += got;
	}
	sl_input_close(input);
	return done;
}

static void test_pipe(const char *what, const char *directory, size_t memory_bytes, bool is_full)
{
	struct sl_spool *spool;
	struct sl_error err;
	struct sl_input_options options = { 0 };
	size_t done;

	if (sl_spool_open(&spool, directory, memory_bytes, &err) != SL_OK)
		abort();
	options.spool = spool;
	begin_stdin(true);
	done = feed(&options, TOTAL - 5);
	ok(sl_spool_is_full(spool) == is_full && (is_full || done == TOTAL - 5),
	   "%s: %zu bytes are kept", what, done);
	if (!is_full && write(STDIN_FILENO, bytes + TOTAL - 5, 5) != 5)
		abort();
	sl_spool_rewind(spool);
	memset(back, 0, sizeof(back));
	if (!is_full)
		done += 5;
	ok(read_some(&options, back, done) == done && memcmp(back, bytes, done) == 0,
	   "%s: they are read again, and what comes behind them", what);
	sl_spool_rewind_last(spool);
	memset(back, 0, sizeof(back));
	ok(read_some(&options, back, done - 5) == done - 5 && memcmp(back, bytes, done - 5) == 0,
	   "%s: and for the last time", what);
	ok(scratch_count() == 0, "%s: and no file has a name", what);
	sl_spool_close(spool);
}

static void test_parts(const char *what, struct sl_input_options options, const char *path,
		       size_t shift)
{
	struct sl_input_part items[] = { { 3, 5, 0 }, { 70000, 130000, 7 }, { 2000000, 9, 8 } };
	const struct sl_input_parts parts = { items, SL_COUNT(items), 0 };
	struct sl_input *input;
	struct sl_error err;
	uint64_t offset, line;
	size_t done = 0, got, begun = 0, good = 0;

	options.parts = &parts;
	input = open_input(path, &options);
	memset(back, 0, sizeof(back));
	while (sl_input_read(input, back + done, TOTAL - done, &got, &err) == SL_OK) {
		if (sl_input_restarted(input)) {
			sl_input_place(input, &offset, &line);
			good += got == 0 && offset == items[begun].offset &&
				line == items[begun].line;
			begun++;
		}
		done += got;
	}
	ok(begun == 3 && good == 3, "%s: three parts begin", what);
	ok(done == 130014 && memcmp(back, bytes + shift + 3, 5) == 0 &&
		   memcmp(back + 5, bytes + shift + 70000, 130000) == 0 &&
		   memcmp(back + 130005, bytes + shift + 2000000, 9) == 0,
	   "%s: and are all that is read: %zu", what, done);
	sl_input_close(input);
}

static void test_regular(void)
{
	struct sl_spool *spool;
	struct sl_error err;
	struct sl_input_options options = { 0 };

	if (sl_spool_open(&spool, "/no/such/directory", 0, &err) != SL_OK)
		abort();
	options.spool = spool;
	begin_stdin(false);
	ok(read_some(&options, back, TOTAL) == TOTAL - 1 && !sl_spool_is_full(spool),
	   "a file need not be kept");
	sl_spool_rewind(spool);
	memset(back, 0, sizeof(back));
	ok(read_some(&options, back, TOTAL) == TOTAL - 1 && memcmp(back, bytes + 1, TOTAL - 1) == 0,
	   "it is read again from where it was");
	sl_spool_rewind(spool);
	test_parts("stdin", options, "-", 1);
	sl_spool_close(spool);
}

static void test_kept_parts(void)
{
	struct sl_spool *spool;
	struct sl_error err;
	struct sl_input_options options = { 0 };
	volatile sig_atomic_t stop = 0;

	if (sl_spool_open(&spool, scratch_directory, 1 << 20, &err) != SL_OK)
		abort();
	options.spool = spool;
	options.stop = &stop;
	begin_stdin(true);
	(void)feed(&options, TOTAL);
	sl_spool_rewind(spool);
	stop = 1;
	test_parts("what was kept, though stopped", options, "-", 0);
	memset(back, 0, sizeof(back));
	ok(read_some(&options, back, TOTAL + 1) == TOTAL && memcmp(back, bytes, TOTAL) == 0,
	   "all of it is read, but no more");
	sl_spool_close(spool);
}

static void test_file_parts(void)
{
	scratch_write("parts", "w", (struct sl_slice){ bytes, TOTAL });
	test_parts("a file", plain_options, scratch_path("parts"), 0);
}

int main(void)
{
	for (size_t i = 0; i < TOTAL; i++)
		bytes[i] = (char)(i * 2654435761U >> 13);
	scratch_make();
	test_pipe("in memory", "/no/such/directory", TOTAL + (1 << 20), false);
	test_pipe("in a file", scratch_directory, 0, false);
	test_pipe("in both", scratch_directory, 1 << 20, false);
	test_pipe("nowhere", "/no/such/directory", 1 << 20, true);
	test_regular();
	test_kept_parts();
	test_file_parts();
	return done_testing();
}

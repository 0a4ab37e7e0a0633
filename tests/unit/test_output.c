/* Output: into files that appear whole, into pipes and devices, and what becomes of failures. */
#include "inputs.h"
#include "tap.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static struct sl_output *open_output(const char *path, enum sl_codec codec)
{
	struct sl_output *output = NULL;
	struct sl_error err;

	if (sl_output_open(&output, path, codec, &err) != SL_OK) {
		fprintf(stderr, "%s\n", err.text);
		exit(2);
	}
	return output;
}

static bool holds(const char *name, const char *text)
{
	struct sl_buffer bytes = { 0 };
	bool there = scratch_read(name, &bytes);
	bool same =
		there && bytes.data != NULL &&
		sl_slice_equal(sl_buffer_slice(&bytes), (struct sl_slice){ text, strlen(text) });

	sl_buffer_free(&bytes);
	return same;
}

static mode_t mode_of(const char *name)
{
	struct stat status;

	return lstat(scratch_path(name), &status) == 0 ? status.st_mode : 0;
}

static void put(const char *name, const char *text)
{
	scratch_write(name, "w", (struct sl_slice){ text, strlen(text) });
}

static void test_new_file(void)
{
	struct sl_output *output;
	struct sl_error err;

	umask(022);
	output = open_output(scratch_path("new"), SL_CODEC_NONE);
	ok(sl_output_write(output, SL_SLICE("some "), &err) == SL_OK &&
		   sl_output_write(output, SL_SLICE(""), &err) == SL_OK &&
		   sl_output_write(output, SL_SLICE("text"), &err) == SL_OK,
	   "text is written");
	ok(mode_of("new") == 0, "the file is not there yet");
	ok(holds(strrchr(sl_output_temporary(output), '/') + 1, "some text"),
	   "what will be it is told");
	ok(sl_output_close(output, true, &err) == SL_OK && holds("new", "some text"),
	   "closed, it is");
	ok(mode_of("new") == (S_IFREG | 0644), "as open as the umask says");
	ok(scratch_count() == 1, "and nothing beside it");
}

static void test_replaced_file(void)
{
	struct sl_output *output;
	struct sl_error err;

	put("old", "old");
	chmod(scratch_path("old"), 0600);
	output = open_output(scratch_path("old"), SL_CODEC_NONE);
	ok(sl_output_write(output, SL_SLICE("new"), &err) == SL_OK && holds("old", "old"),
	   "the old file stays while the new one is written");
	ok(sl_output_close(output, false, &err) == SL_OK && holds("old", "old"),
	   "and if that is not kept");
	output = open_output(scratch_path("old"), SL_CODEC_NONE);
	ok(sl_output_write(output, SL_SLICE("new"), &err) == SL_OK &&
		   sl_output_close(output, true, &err) == SL_OK && holds("old", "new"),
	   "kept, it takes the place");
	ok(mode_of("old") == (S_IFREG | 0600), "no more open than the old one was");
	if (symlink("old", scratch_path("link")) != 0)
		abort();
	output = open_output(scratch_path("link"), SL_CODEC_NONE);
	ok(sl_output_write(output, SL_SLICE("by link"), &err) == SL_OK &&
		   sl_output_close(output, true, &err) == SL_OK && holds("old", "by link") &&
		   S_ISLNK(mode_of("link")),
	   "a link stays one");
	ok(scratch_count() == 3, "nothing is left beside them");
}

/* Each codec's whole output is read back, in a file of its own. */
static void test_compressed(enum sl_codec codec, const char *name)
{
	static const size_t sizes[] = { 0, 1, 100000, 3000000 };
	struct sl_buffer text = { 0 }, back = { 0 };
	struct sl_error err;

	while (text.len < sizes[SL_COUNT(sizes) - 1])
		sl_buffer_printf(&text, "%zu\n", text.len);
	for (size_t i = 0; i < SL_COUNT(sizes); i++) {
		struct sl_output *output = open_output(scratch_path(name), codec);
		struct sl_input *input;
		enum sl_status status = SL_OK;

		for (size_t at = 0; at < sizes[i] && status == SL_OK; at += 70000) {
			size_t len = sizes[i] - at < 70000 ? sizes[i] - at : 70000;
			status = sl_output_write(output, (struct sl_slice){ text.data + at, len },
						 &err);
		}
		ok(status == SL_OK && sl_output_close(output, true, &err) == SL_OK, "%s: %zu bytes",
		   name, sizes[i]);
		back.len = 0;
		input = open_input(scratch_path(name), &plain_options);
		ok(read_all(input, 65536, &back, &err) == SL_END && back.len == sizes[i] &&
			   (back.len == 0 || memcmp(back.data, text.data, back.len) == 0) &&
			   sl_input_codec(input) == codec,
		   "come back");
		sl_input_close(input);
	}
	sl_buffer_free(&text);
	sl_buffer_free(&back);
}

static void test_refused(void)
{
	static const struct {
		const char *path, *said;
	} rows[] = {
		{ "/no/such/directory/file",
		  "/no/such/directory/file: cannot create: No such file or directory" },
		{ "", "'': cannot create: No such file or directory" },
		{ "/", "/: cannot write: Is a directory" },
	};
	struct sl_output *output;
	struct sl_error err;

	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(sl_output_open(&output, rows[i].path, SL_CODEC_GZIP, &err) == SL_FAILED &&
			   strcmp(err.text, rows[i].said) == 0,
		   "%s", err.text);
}

/* Another program's file by the temporary name is neither written to nor removed. */
static void test_name_taken(void)
{
	struct sl_output *output;
	struct sl_error err;
	char name[64];

	snprintf(name, sizeof(name), "taken.tmp.%ld", (long)getpid());
	put(name, "mine");
	ok(sl_output_open(&output, scratch_path("taken"), SL_CODEC_NONE, &err) == SL_FAILED &&
		   holds(name, "mine"),
	   "%s", err.text);
	unlink(scratch_path(name));
}

static void test_devices(void)
{
	struct sl_output *output = open_output("/dev/null", SL_CODEC_GZIP);
	struct sl_error err = { 0 };

	ok(sl_output_temporary(output) == NULL, "a device has no new file");
	ok(sl_output_write(output, SL_SLICE("text"), &err) == SL_OK &&
		   sl_output_close(output, true, &err) == SL_OK,
	   "a device is written to as it is");
	if (access("/dev/full", W_OK) != 0) {
		skip("a full device", "there is no /dev/full");
		return;
	}
	output = open_output("/dev/full", SL_CODEC_NONE);
	ok(sl_output_write(output, SL_SLICE("text"), &err) == SL_FAILED &&
		   strcmp(err.text, "/dev/full: cannot write: No space left on device") == 0,
	   "%s", err.text);
	err.text[0] = '\0';
	ok(sl_output_write(output, SL_SLICE("text"), &err) == SL_FAILED && err.text[0] == '/',
	   "a failure stays one");
	ok(sl_output_close(output, false, &err) == SL_OK, "but is not told again");
	output = open_output("/dev/full", SL_CODEC_NONE);
	err.text[0] = '\0';
	ok(sl_output_write(output, SL_SLICE("text"), &err) == SL_FAILED &&
		   sl_output_close(output, true, &err) == SL_FAILED && err.text[0] == '/',
	   "unless the output was to be kept");
	output = open_output("/dev/full", SL_CODEC_ZSTD);
	ok(sl_output_write(output, SL_SLICE("text"), &err) == SL_OK &&
		   sl_output_close(output, true, &err) == SL_FAILED,
	   "what was held back fails when it is written");
}

/* stdout is another file until end_stdout: the lines of this test must not go there. */
static int kept_stdout;

static void begin_stdout(int fd)
{
	fflush(stdout);
	kept_stdout = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		close(STDOUT_FILENO);
	else if (dup2(fd, STDOUT_FILENO) < 0)
		exit(2);
}

static void end_stdout(void)
{
	dup2(kept_stdout, STDOUT_FILENO);
	close(kept_stdout);
}

static void test_reader_gone(enum sl_codec codec)
{
	struct sl_buffer much = { 0 };
	struct sl_error err;
	int ends[2];

	for (uint32_t i = 0; i < 300000; i++)
		sl_buffer_add(&much, &(uint32_t){ i * 2654435761u }, 4);
	if (pipe(ends) != 0)
		exit(2);
	close(ends[0]);
	begin_stdout(ends[1]);
	struct sl_output *output = open_output(NULL, codec);
	enum sl_status first = sl_output_write(output, sl_buffer_slice(&much), &err);
	enum sl_status second = sl_output_write(output, SL_SLICE("text"), &err);
	enum sl_status last = sl_output_close(output, true, &err);
	end_stdout();
	close(ends[1]);
	ok(first == SL_END && second == SL_END && last == SL_END,
	   "codec %d: the end, when the reader has gone", (int)codec);
	sl_buffer_free(&much);
}

static void test_closed_stdout(void)
{
	struct sl_output *output;
	struct sl_error err = { 0 };

	begin_stdout(-1);
	enum sl_status status = sl_output_open(&output, NULL, SL_CODEC_NONE, &err);
	end_stdout();
	ok(status == SL_FAILED &&
		   strcmp(err.text, "stdout: cannot write: Bad file descriptor") == 0,
	   "closed: %s", err.text);
}

static void test_stdout_stays(void)
{
	struct sl_error err;
	int fd = open(scratch_path("redirected"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	begin_stdout(fd);
	struct sl_output *output = open_output("-", SL_CODEC_NONE);
	bool whole = sl_output_write(output, SL_SLICE("text"), &err) == SL_OK &&
		     sl_output_close(output, true, &err) == SL_OK;
	bool stays = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
	end_stdout();
	close(fd);
	ok(whole && holds("redirected", "text"), "stdout may be a file");
	ok(stays, "and is not closed");
}

/* A compressed stream to stdout is whole even if the run has failed. */
static void test_stdout_not_kept(void)
{
	struct sl_buffer back = { 0 };
	struct sl_error err;
	int fd = open(scratch_path("redirected"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	begin_stdout(fd);
	struct sl_output *output = open_output(NULL, SL_CODEC_GZIP);
	bool whole = sl_output_write(output, SL_SLICE("text"), &err) == SL_OK &&
		     sl_output_close(output, false, &err) == SL_OK;
	end_stdout();
	close(fd);
	struct sl_input *input = open_input(scratch_path("redirected"), &plain_options);
	ok(whole && read_all(input, 100, &back, &err) == SL_END && back.len == 4,
	   "what went to stdout is ended well");
	sl_input_close(input);
	sl_buffer_free(&back);
}

/* A slow reader of a pipe that was made non-blocking: all arrives. */
static void test_non_blocking(void)
{
	enum { TOTAL = 1 << 20 };
	char *bytes = calloc(1, TOTAL);
	struct sl_error err;
	int ends[2], status;
	pid_t reader;

	if (pipe(ends) != 0)
		exit(2);
	reader = fork();
	if (reader == 0) {
		static char part[TOTAL];
		size_t total = 0;
		ssize_t count;

		close(ends[1]);
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
		while ((count = read(ends[0], part, sizeof(part))) > 0)
			total += (size_t)count;
		_exit(total != TOTAL);
	}
	close(ends[0]);
	fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) | O_NONBLOCK);
	begin_stdout(ends[1]);
	struct sl_output *output = open_output(NULL, SL_CODEC_NONE);
	bool whole = sl_output_write(output, (struct sl_slice){ bytes, TOTAL }, &err) == SL_OK &&
		     sl_output_close(output, true, &err) == SL_OK;
	end_stdout();
	close(ends[1]);
	waitpid(reader, &status, 0);
	ok(whole && status == 0, "a non-blocking pipe is waited for");
	free(bytes);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	scratch_make();
	test_new_file();
	test_replaced_file();
	test_compressed(SL_CODEC_GZIP, "file.gz");
	test_compressed(SL_CODEC_ZSTD, "file.zst");
	test_refused();
	test_name_taken();
	test_devices();
	test_reader_gone(SL_CODEC_NONE);
	test_reader_gone(SL_CODEC_GZIP);
	test_reader_gone(SL_CODEC_ZSTD);
	test_closed_stdout();
	test_stdout_stays();
	test_stdout_not_kept();
	test_non_blocking();
	return done_testing();
}

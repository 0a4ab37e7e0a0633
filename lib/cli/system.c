/* What commands ask of the system: processors, the clock, the environment; exit statuses. */
#include "spanline/cli.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Of a file's start, and of its end, to tell it from others. */
enum { HASHED_BYTES = 65536 };

unsigned sl_cli_processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > INT_MAX ? INT_MAX : (unsigned)count;
}

const char *sl_cli_environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *sl_cli_temporary_directory(void)
{
	const char *directory = sl_cli_environment("TMPDIR");

	return directory != NULL ? directory : "/tmp";
}

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static const char *step_summary(void)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");

	return path != NULL && path[0] != '\0' ? path : NULL;
}

bool sl_cli_has_step_summary(void)
{
	return step_summary() != NULL;
}

enum sl_status sl_cli_add_to_step_summary(struct sl_slice markdown, struct sl_error *err)
{
	FILE *file = fopen(step_summary(), "a");
	bool good = file != NULL && fwrite(markdown.data, 1, markdown.len, file) == markdown.len;

	if (file != NULL)
		good = fclose(file) == 0 && good;
	if (!good)
		return sl_fail(err, "%s: cannot append the summary of the step: %s", step_summary(),
			       strerror(errno));
	return SL_OK;
}

uint64_t sl_cli_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t sl_cli_elapsed(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static bool is_stdin(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

static bool find_status(const char *path, struct stat *status)
{
	return (is_stdin(path) ? fstat(STDIN_FILENO, status) : stat(path, status)) == 0;
}

static uint64_t hash_part(int file, char *part, off_t from, uint64_t seed)
{
	ssize_t len = pread(file, part, HASHED_BYTES, from);

	return len > 0 ? sl_hash64(part, (size_t)len, seed) : seed;
}

uint64_t sl_cli_hash_file(const char *path, uint64_t seed)
{
	int file = is_stdin(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	char *part = malloc(HASHED_BYTES);
	struct stat status;

	if (file >= 0 && part != NULL && fstat(file, &status) == 0) {
		/* another program may have read some of stdin */
		off_t from = lseek(file, 0, SEEK_CUR);

		seed = sl_hash64(&status.st_size, sizeof(status.st_size), seed);
		/* a change in the middle, which is not read here, shows in the time */
		seed = sl_hash64(&status.st_mtim.tv_sec, sizeof(status.st_mtim.tv_sec), seed);
		seed = sl_hash64(&status.st_mtim.tv_nsec, sizeof(status.st_mtim.tv_nsec), seed);
		seed = sl_hash64(&from, sizeof(from), seed);
		seed = hash_part(file, part, 0, seed);
		if (status.st_size > HASHED_BYTES)
			seed = hash_part(file, part, status.st_size - HASHED_BYTES, seed);
	}
	free(part);
	if (file > STDIN_FILENO)
		(void)close(file);
	return seed;
}

bool sl_cli_is_among(const char *path, char **inputs)
{
	char name[] = "-", *only_stdin[] = { name, NULL };
	struct stat wanted, status;

	if (stat(path, &wanted) != 0 || !S_ISREG(wanted.st_mode))
		return false;
	for (char **input = inputs[0] != NULL ? inputs : only_stdin; *input != NULL; input++)
		if (find_status(*input, &status) && status.st_dev == wanted.st_dev &&
		    status.st_ino == wanted.st_ino)
			return true;
	return false;
}

static bool is_live(const char *path)
{
	struct stat status;

	return find_status(path, &status) && !S_ISREG(status.st_mode);
}

bool sl_cli_is_live(char **paths)
{
	if (paths[0] == NULL)
		return is_live(NULL);
	for (; *paths != NULL; paths++)
		if (is_live(*paths))
			return true;
	return false;
}

enum sl_exit sl_exit_worse(enum sl_exit a, enum sl_exit b)
{
	static const enum sl_exit worst_first[] = {
		SL_EXIT_ERROR,	     SL_EXIT_INTERRUPTED, SL_EXIT_TERMINATED,
		SL_EXIT_UNDELIVERED, SL_EXIT_NO,	  SL_EXIT_DAMAGED,
	};

	for (size_t i = 0; i < SL_COUNT(worst_first); i++)
		if (a == worst_first[i] || b == worst_first[i])
			return worst_first[i];
	return SL_EXIT_OK;
}

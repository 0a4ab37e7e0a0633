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

uint64_t sl_cli_hash_file(const char *path, uint64_t seed)
{
	enum { START = 65536 };
	int file = open(path, O_RDONLY | O_CLOEXEC);
	char *start = malloc(START);
	struct stat status;

	if (file >= 0 && fstat(file, &status) == 0) {
		ssize_t len = start != NULL ? read(file, start, START) : -1;

		seed = sl_hash64(&status.st_size, sizeof(status.st_size), seed);
		if (len > 0)
			seed = sl_hash64(start, (size_t)len, seed);
	}
	free(start);
	if (file >= 0)
		(void)close(file);
	return seed;
}

static bool is_live(const char *path)
{
	bool is_stdin = path == NULL || strcmp(path, "-") == 0;
	struct stat status;

	if ((is_stdin ? fstat(STDIN_FILENO, &status) : stat(path, &status)) != 0)
		return false;
	return !S_ISREG(status.st_mode);
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

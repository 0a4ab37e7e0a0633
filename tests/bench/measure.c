/*
 * measure FILE COMMAND [ARGUMENT ...]: runs the command, and appends to FILE the seconds of CPU and
 * of wall clock that it took and its peak resident memory in KiB.  A program as small as this does
 * not show up in that peak, as a shell or an interpreter would.
 */
#define _DEFAULT_SOURCE /* wait4 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	double begun = now();
	FILE *file;
	int status;
	pid_t child;

	if (argc < 3)
		return 2;
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 2;
	file = fopen(argv[1], "a");
	if (file == NULL)
		return 2;
	fprintf(file, "%.4f %.4f %ld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime),
		now() - begun, usage.ru_maxrss);
	fclose(file);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Signals: the end of input; and the end of the program, which leaves no file behind that is not
 * whole. */
#include "spanline/cli.h"
#include "spanline/io.h"
#include <assert.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

volatile sig_atomic_t sl_interrupted;

/* What ends a program unless it is caught: a terminal that has gone, a key, a CI that cancels. */
static const int endings[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

/* New files beside what they will be.  A path is written only while its file is not `there`. */
enum { MOST_FILES = SL_MOST_OUTPUTS + 2 }; /* the forms, and what else is saved */
static struct {
	volatile sig_atomic_t there;
	char *path; /* owned */
} files[MOST_FILES];

static void catch_signal(int number, void (*handler)(int number))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	/* a read that waits returns (no SA_RESTART), and the next one is fatal */
	action.sa_flags = (int)SA_RESETHAND;
	sigaction(number, &action, NULL);
}

/* Behind this the signal comes again, and nobody catches it. */
static void leave(int number)
{
	for (size_t i = 0; i < MOST_FILES; i++)
		if (files[i].there)
			(void)unlink(files[i].path);
	(void)raise(number);
}

/* Another signal, of either kind, is fatal. */
static void interrupt(int number)
{
	sl_interrupted = number;
	catch_signal(SIGINT, leave);
	catch_signal(SIGTERM, leave);
}

void sl_cli_catch_interrupt(void)
{
	catch_signal(SIGINT, interrupt);
}

void sl_cli_catch_termination(void)
{
	catch_signal(SIGTERM, interrupt);
}

/* Where somebody else has decided (nohup), and where there is nothing to remove, all stays. */
static void catch_endings(void)
{
	for (size_t i = 0; i < SL_COUNT(endings); i++) {
		struct sigaction now;

		if (sigaction(endings[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			catch_signal(endings[i], leave);
	}
}

static bool remember(const char *path)
{
	char *copy = strdup(path);
	size_t i = 0;

	if (copy == NULL)
		return false;
	while (i < MOST_FILES && files[i].there)
		i++;
	assert(i < MOST_FILES);
	free(files[i].path);
	files[i].path = copy;
	files[i].there = true;
	catch_endings();
	return true;
}

/* What was remembered of the path, or MOST_FILES. */
static size_t find(const char *path)
{
	size_t i = 0;

	while (i < MOST_FILES && (!files[i].there || strcmp(files[i].path, path) != 0))
		i++;
	return i;
}

static void block_endings(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < SL_COUNT(endings); i++)
		sigaddset(&set, endings[i]);
	pthread_sigmask(SIG_BLOCK, &set, before);
}

/* Opening a FIFO takes until somebody reads it. */
static bool opens_at_once(const char *path)
{
	struct stat status;

	return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

enum sl_status sl_cli_output_open(struct sl_output **output, const char *path, enum sl_codec codec,
				  struct sl_error *err)
{
	enum sl_status status;
	const char *temporary;
	sigset_t before;

	if (path == NULL || !opens_at_once(path))
		return sl_output_open(output, path, codec, err);
	block_endings(&before);
	status = sl_output_open(output, path, codec, err);
	temporary = status == SL_OK ? sl_output_temporary(*output) : NULL;
	if (temporary != NULL && !remember(temporary)) {
		(void)!sl_output_close(*output, false, err);
		status = sl_fail_memory(err);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return status;
}

enum sl_status sl_cli_output_close(struct sl_output *output, bool keep, struct sl_error *err)
{
	const char *temporary = sl_output_temporary(output);
	size_t i = temporary != NULL ? find(temporary) : MOST_FILES;
	enum sl_status status = sl_output_close(output, keep, err);

	if (i < MOST_FILES)
		files[i].there = false;
	return status;
}

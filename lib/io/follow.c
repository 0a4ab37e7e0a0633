/*
 * Files that grow, as tail -F reads them: a file that is not there yet is waited for, a rotated
 * one is read to its end before the new one, one that was cut short is read from its start.
 */
#include "input.h"
#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAP_MS = 20, NAPS = 2 };

/* What a look at a file that has nothing to read finds. */
enum sight {
	SIGHT_NOTHING,
	SIGHT_CUT,	 /* it is shorter than what was read of it */
	SIGHT_SUCCESSOR, /* the path names another file */
};

/*
 * An empty successor is none yet: whoever wrote the old file may still do so (logrotate makes the
 * new one first).
 */
static bool is_successor(const struct sl_input *input, const struct stat *named)
{
	bool same = named->st_dev == input->device && named->st_ino == input->inode;

	return !same && (!S_ISREG(named->st_mode) || named->st_size > 0);
}

static enum sight look(const struct sl_input *input)
{
	struct stat status;

	if (fstat(input->fd, &status) == 0 && (uint64_t)status.st_size < input->position)
		return SIGHT_CUT;
	if (stat(input->path, &status) == 0 && is_successor(input, &status))
		return SIGHT_SUCCESSOR;
	return SIGHT_NOTHING;
}

void follow_restart(struct sl_input *input)
{
	input->restarted = true;
	input->restart_owed = false;
	input->position = 0;
	input->start_len = 0;
	input->start_given = 0;
	input->codec_known = false;
}

static enum sl_status rewind_file(struct sl_input *input, struct sl_error *err)
{
	if (lseek(input->fd, 0, SEEK_SET) < 0)
		return sl_fail(err, "cannot read from the start: %s", strerror(errno));
	follow_restart(input);
	return SL_OK;
}

static enum sl_status switch_to_successor(struct sl_input *input, struct sl_error *err)
{
	int fd = input->next_fd;

	input->next_fd = -1;
	close(input->fd);
	input->fd = -1;
	follow_restart(input);
	return input_adopt(input, fd, err);
}

static enum sl_status open_awaited(struct sl_input *input, struct sl_error *err)
{
	int fd;
	enum sl_status status = input_open_path(input, &fd, err);

	return status == SL_OK ? input_adopt(input, fd, err) : status;
}

/*
 * There was nothing to read.  SL_OK: now there may be; SL_END: nothing has changed.  A successor
 * is opened first and switched to when a further read of the old file is in vain: what was
 * written to it until then is not lost.
 */
static enum sl_status find_more(struct sl_input *input, struct sl_error *err)
{
	if (input->fd < 0)
		return open_awaited(input, err);
	if (input->next_fd >= 0)
		return switch_to_successor(input, err);
	switch (look(input)) {
	case SIGHT_CUT:
		return rewind_file(input, err);
	case SIGHT_SUCCESSOR:
		return input_open_path(input, &input->next_fd, err);
	default:
		return SL_END;
	}
}

enum sl_status follow_read(struct sl_input *input, char *into, size_t room, size_t *got,
			   struct sl_error *err)
{
	static const struct timespec nap = { .tv_nsec = NAP_MS * 1000000L };
	enum sl_status status;
	int naps = 0;

	while (input_is_followed(input)) {
		if (input_stopped(input))
			return SL_END;
		if (input->fd >= 0) {
			status = input_read_once(input, into, room, got, err);
			if (status == SL_FAILED || *got > 0)
				return status;
		}
		status = find_more(input, err);
		if (status == SL_FAILED || (status == SL_OK && input->restarted))
			return status;
		if (status == SL_OK)
			continue;
		if (naps == NAPS)
			return SL_OK;
		if (naps++ == 0)
			input_tell_waiting(input);
		nanosleep(&nap, NULL);
	}
	return SL_OK; /* a pipe has appeared: that is read as one */
}

bool follow_ready(const struct sl_input *input)
{
	struct stat status;

	if (input->fd < 0)
		return stat(input->path, &status) == 0;
	return fstat(input->fd, &status) != 0 || (uint64_t)status.st_size > input->position;
}

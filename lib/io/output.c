/* Output that is checked: written whole, compressed if asked for, renamed into place at the end. */
#define _DEFAULT_SOURCE /* realpath */
#include "deflate.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE_LIMIT = 1 << 30 }; /* write(2) is not defined over SSIZE_MAX */

struct sl_output {
	int fd;
	char *path;		      /* as the user named it; NULL: stdout */
	char *target;		      /* what the new file is renamed to; NULL: written directly */
	char *temporary;	      /* the new file */
	struct sl_deflater *deflater; /* NULL: not compressed */
	struct sl_buffer packed;
	enum sl_status broken; /* SL_OK, or how a write has failed, as `why` tells */
	struct sl_error why;
};

static enum sl_status fail(const struct sl_output *output, const char *what, struct sl_error *err)
{
	const char *shown = output->path == NULL ? "stdout" : output->path;

	return sl_fail(err, "%s: cannot %s: %s", shown[0] != '\0' ? shown : "''", what,
		       strerror(errno));
}

/* "TARGET.tmp.PID", or NULL: out of memory. */
static char *temporary_name(const char *target)
{
	size_t size = strlen(target) + sizeof(".tmp.") + 3 * sizeof(long);
	char *name = malloc(size);

	if (name != NULL)
		snprintf(name, size, "%s.tmp.%ld", target, (long)getpid());
	return name;
}

/* A new file beside what the path leads to, over links; open to no more users than the old one. */
static enum sl_status open_beside(struct sl_output *output, mode_t mode, struct sl_error *err)
{
	output->target = realpath(output->path, NULL);
	if (output->target == NULL)
		output->target = strdup(output->path);
	if (output->target == NULL)
		return sl_fail_memory(err);
	output->temporary = temporary_name(output->target);
	if (output->temporary == NULL)
		return sl_fail_memory(err);
	output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (output->fd >= 0)
		return SL_OK;
	fail(output, "create", err);
	free(output->temporary); /* it is not ours to remove */
	output->temporary = NULL;
	return SL_FAILED;
}

/* A device or FIFO is written to as it is. */
static enum sl_status open_path(struct sl_output *output, struct sl_error *err)
{
	struct stat status;
	bool exists = stat(output->path, &status) == 0;

	/* no file has an empty name, but the one beside it would be made */
	if (output->path[0] == '\0')
		return fail(output, "create", err);
	if (!exists || S_ISREG(status.st_mode))
		return open_beside(output, exists ? status.st_mode & 0777 : 0666, err);
	do
		output->fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	while (output->fd < 0 && errno == EINTR);
	return output->fd >= 0 ? SL_OK : fail(output, "write", err);
}

static enum sl_status open_stdout(struct sl_output *output, struct sl_error *err)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	output->fd = STDOUT_FILENO;
	if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		return SL_OK;
	errno = EBADF;
	return fail(output, "write", err);
}

static enum sl_status start_codec(struct sl_output *output, enum sl_codec codec,
				  struct sl_error *err)
{
	if (codec == SL_CODEC_NONE)
		return SL_OK;
	output->deflater = calloc(1, sizeof(*output->deflater));
	if (output->deflater == NULL)
		return sl_fail_memory(err);
	return deflater_start(output->deflater, codec, DEFLATER_SIZE_UNKNOWN, err);
}

/* Closes without a check, and removes the new file if it is still beside its target. */
static void discard(struct sl_output *output)
{
	if (output->path != NULL && output->fd >= 0)
		close(output->fd);
	if (output->temporary != NULL)
		unlink(output->temporary);
	sl_deflater_free(output->deflater);
	sl_buffer_free(&output->packed);
	free(output->temporary);
	free(output->target);
	free(output->path);
	free(output);
}

enum sl_status sl_output_open(struct sl_output **output, const char *path, enum sl_codec codec,
			      struct sl_error *err)
{
	struct sl_output *new = calloc(1, sizeof(*new));
	enum sl_status status;

	if (new == NULL)
		return sl_fail_memory(err);
	new->fd = -1;
	if (path == NULL || strcmp(path, "-") == 0) {
		status = open_stdout(new, err);
	} else {
		new->path = strdup(path);
		status = new->path != NULL ? open_path(new, err) : sl_fail_memory(err);
	}
	if (status == SL_OK)
		status = start_codec(new, codec, err);
	if (status == SL_OK)
		*output = new;
	else
		discard(new);
	return status;
}

const char *sl_output_temporary(const struct sl_output *output)
{
	return output->temporary;
}

/* A descriptor that others made non-blocking is waited for. */
static bool try_again(const struct sl_output *output)
{
	struct pollfd file = { .fd = output->fd, .events = POLLOUT };

	if (errno == EAGAIN)
		return poll(&file, 1, -1) >= 0 || errno == EINTR;
	return errno == EINTR;
}

static enum sl_status write_all(const struct sl_output *output, struct sl_slice bytes,
				struct sl_error *err)
{
	while (bytes.len > 0) {
		ssize_t count = write(output->fd, bytes.data,
				      bytes.len < WRITE_LIMIT ? bytes.len : WRITE_LIMIT);

		if (count < 0 && errno == EPIPE)
			return SL_END;
		if (count < 0 && !try_again(output))
			return fail(output, "write", err);
		if (count > 0) {
			bytes.data += count;
			bytes.len -= (size_t)count;
		}
	}
	return SL_OK;
}

static enum sl_status write_packed(struct sl_output *output, struct sl_slice bytes, bool last,
				   struct sl_error *err)
{
	enum sl_status status = deflater_add(output->deflater, bytes, last, &output->packed, err);

	if (status == SL_OK)
		status = write_all(output, sl_buffer_slice(&output->packed), err);
	output->packed.len = 0;
	return status;
}

/* What once has failed stays so. */
static enum sl_status note_broken(struct sl_output *output, enum sl_status status,
				  const struct sl_error *err)
{
	output->broken = status;
	if (status == SL_FAILED)
		output->why = *err;
	return status;
}

enum sl_status sl_output_write(struct sl_output *output, struct sl_slice bytes,
			       struct sl_error *err)
{
	if (output->broken == SL_FAILED)
		*err = output->why;
	if (output->broken != SL_OK)
		return output->broken;
	return note_broken(output,
			   output->deflater != NULL ? write_packed(output, bytes, false, err)
						    : write_all(output, bytes, err),
			   err);
}

/* Devices and FIFOs cannot be synchronised, and need not. */
static bool synchronise(int fd)
{
	return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

/* Closing tells what a network file system could not store; stdout itself stays open. */
static bool close_checked(struct sl_output *output)
{
	int fd = output->fd;

	if (output->path == NULL)
		fd = dup(fd);
	else if (!synchronise(fd))
		return false;
	else
		output->fd = -1;
	return fd < 0 || close(fd) == 0 || errno == EINTR;
}

static enum sl_status put_in_place(struct sl_output *output, struct sl_error *err)
{
	if (!close_checked(output))
		return fail(output, "write", err);
	if (output->temporary == NULL)
		return SL_OK;
	if (rename(output->temporary, output->target) != 0)
		return fail(output, "replace", err);
	free(output->temporary);
	output->temporary = NULL;
	return SL_OK;
}

/* All that is to be done where the output is wanted. */
static enum sl_status finish(struct sl_output *output, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (output->deflater != NULL)
		status = write_packed(output, (struct sl_slice){ NULL, 0 }, true, err);
	return status == SL_OK ? put_in_place(output, err) : status;
}

enum sl_status sl_output_close(struct sl_output *output, bool keep, struct sl_error *err)
{
	bool wanted = keep || output->temporary == NULL;
	enum sl_status status = output->broken;

	if (status == SL_OK && wanted)
		status = finish(output, err);
	else if (!keep)
		status = SL_OK; /* a failure was told when it happened */
	else if (status == SL_FAILED)
		*err = output->why;
	discard(output);
	return status;
}

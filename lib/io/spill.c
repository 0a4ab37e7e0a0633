/* Files without a name, for what does not fit into memory. */
#define _GNU_SOURCE /* O_TMPFILE */
#include "spill.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BUFFER_BYTES = 64 * 1024 };

struct sl_spill {
	int fd;
	char *directory;
	uint64_t written; /* bytes in the file; what is in `buffer` comes behind them */
	size_t used;
	char buffer[BUFFER_BYTES];
};

static enum sl_status fail(const struct sl_spill *spill, const char *what, struct sl_error *err)
{
	return sl_fail(err, "%s: cannot %s a temporary file: %s", spill->directory, what,
		       strerror(errno));
}

/* One that has a name and loses it at once. */
static int open_named(const char *directory)
{
	size_t size = strlen(directory) + sizeof("/spanline_XXXXXX");
	char *name = malloc(size);
	int fd, reason;

	if (name == NULL)
		return -1;
	snprintf(name, size, "%s/spanline_XXXXXX", directory);
	fd = mkstemp(name);
	reason = errno;
	if (fd >= 0) {
		unlink(name);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	free(name);
	errno = reason;
	return fd;
}

/* Not every system and file system knows files without a name; what is wrong besides is wrong for
 * both. */
int spill_create(const char *directory)
{
	int fd = -1;

#ifdef O_TMPFILE
	fd = open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
#endif
	return fd >= 0 ? fd : open_named(directory);
}

enum sl_status sl_spill_open(struct sl_spill **spill, const char *directory, struct sl_error *err)
{
	struct sl_spill *new = malloc(sizeof(*new));
	enum sl_status status = SL_OK;

	if (new == NULL)
		return sl_fail_memory(err);
	new->written = 0;
	new->used = 0;
	new->fd = -1;
	new->directory = strdup(directory);
	if (new->directory == NULL)
		status = sl_fail_memory(err);
	else if ((new->fd = spill_create(directory)) < 0)
		status = fail(new, "create", err);
	if (status == SL_OK)
		*spill = new;
	else
		sl_spill_close(new);
	return status;
}

static enum sl_status write_all(struct sl_spill *spill, const char *data, size_t len,
				struct sl_error *err)
{
	while (len > 0) {
		ssize_t wrote = pwrite(spill->fd, data, len < SSIZE_MAX ? len : SSIZE_MAX,
				       (off_t)spill->written);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return fail(spill, "write", err);
		data += wrote;
		len -= (size_t)wrote;
		spill->written += (size_t)wrote;
	}
	return SL_OK;
}

static enum sl_status flush(struct sl_spill *spill, struct sl_error *err)
{
	enum sl_status status = write_all(spill, spill->buffer, spill->used, err);

	spill->used = 0;
	return status;
}

enum sl_status sl_spill_write(struct sl_spill *spill, struct sl_slice bytes, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (bytes.len > BUFFER_BYTES - spill->used)
		status = flush(spill, err);
	if (status != SL_OK)
		return status;
	if (bytes.len > BUFFER_BYTES)
		return write_all(spill, bytes.data, bytes.len, err);
	if (bytes.len > 0)
		memcpy(spill->buffer + spill->used, bytes.data, bytes.len);
	spill->used += bytes.len;
	return SL_OK;
}

uint64_t sl_spill_size(const struct sl_spill *spill)
{
	return spill->written + spill->used;
}

enum sl_status sl_spill_read(struct sl_spill *spill, uint64_t offset, char *into, size_t len,
			     struct sl_error *err)
{
	if (offset + len > spill->written && flush(spill, err) != SL_OK)
		return SL_FAILED;
	while (len > 0) {
		ssize_t got =
			pread(spill->fd, into, len < SSIZE_MAX ? len : SSIZE_MAX, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EIO; /* it is nobody's but ours, and what is read was written */
		if (got <= 0)
			return fail(spill, "read", err);
		into += got;
		len -= (size_t)got;
		offset += (size_t)got;
	}
	return SL_OK;
}

enum sl_status sl_spill_empty(struct sl_spill *spill, struct sl_error *err)
{
	spill->written = 0;
	spill->used = 0;
	return ftruncate(spill->fd, 0) == 0 ? SL_OK : fail(spill, "empty", err);
}

void sl_spill_close(struct sl_spill *spill)
{
	if (spill == NULL)
		return;
	if (spill->fd >= 0)
		close(spill->fd);
	free(spill->directory);
	free(spill);
}

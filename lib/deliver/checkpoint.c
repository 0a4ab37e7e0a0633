/* Checkpoints: written beside and renamed into place, so that a crash leaves the old or the new. */
#define _DEFAULT_SOURCE /* realpath */
#include "checkpoint.h"
#include "spanline/io.h"
#include "spanline/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char title[] = "spanline-checkpoint 1 ";

enum { HASH_DIGITS = 16, TITLE_LEN = sizeof(title) - 1 };

char *sl_checkpoint_target(const char *path)
{
	char *target = realpath(path, NULL);

	return target != NULL ? target : strdup(path);
}

static enum sl_status write_beside(const char *path, const char *beside, struct sl_slice line,
				   struct sl_error *err)
{
	int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t len = file >= 0 ? write(file, line.data, line.len) : -1;
	bool written = len == (ssize_t)line.len && fsync(file) == 0;

	/* a part of so few bytes has no reason of its own */
	if (len >= 0 && len < (ssize_t)line.len)
		errno = ENOSPC;

	if (file >= 0)
		written = close(file) == 0 && written;
	if (!written || rename(beside, path) != 0) {
		enum sl_status status = sl_fail(err, "checkpoint %s: %s", path, strerror(errno));

		(void)unlink(beside);
		return status;
	}
	return SL_OK;
}

enum sl_status checkpoint_write(const char *path, uint64_t inputs, uint64_t spans,
				struct sl_error *err)
{
	struct sl_buffer line = { 0 }, beside = { 0 };
	char *target = sl_checkpoint_target(path);
	enum sl_status status;

	sl_buffer_printf(&line, "%s%016llx %llu\n", title, (unsigned long long)inputs,
			 (unsigned long long)spans);
	sl_buffer_printf(&beside, "%s%s", target != NULL ? target : path, SL_CHECKPOINT_SUFFIX);
	sl_buffer_add_byte(&beside, '\0');
	if (target == NULL || line.failed || beside.failed)
		status = sl_fail_memory(err);
	else
		status = write_beside(target, beside.data, sl_buffer_slice(&line), err);
	sl_buffer_free(&line);
	sl_buffer_free(&beside);
	free(target);
	return status;
}

/* The line in `text`, `len` bytes of it. */
static enum sl_status parse(const char *path, struct sl_slice text, uint64_t inputs,
			    uint64_t *spans, struct sl_error *err)
{
	struct sl_slice rest = { text.data + TITLE_LEN + HASH_DIGITS + 1, 0 };
	unsigned char hash[HASH_DIGITS / 2];
	uint64_t known = 0;

	if (text.len <= TITLE_LEN + HASH_DIGITS + 2 || text.data[text.len - 1] != '\n' ||
	    memcmp(text.data, title, TITLE_LEN) != 0 ||
	    !sl_parse_hex((struct sl_slice){ text.data + TITLE_LEN, HASH_DIGITS }, (char *)hash))
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "%s is no checkpoint", path);
	for (size_t i = 0; i < sizeof(hash); i++)
		known = known << 8 | hash[i];
	rest.len = text.len - 1 - (size_t)(rest.data - text.data);
	if (!sl_parse_u64(rest, spans))
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "%s is no checkpoint", path);
	if (known != inputs)
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE,
				 "checkpoint %s is of other inputs or options", path);
	return SL_OK;
}

enum sl_status sl_checkpoint_read(const char *path, uint64_t inputs, uint64_t *spans,
				  struct sl_error *err)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	char text[128];
	ssize_t len;

	if (file < 0 && errno == ENOENT)
		return SL_END;
	len = file >= 0 ? read(file, text, sizeof(text)) : -1;
	if (len < 0) {
		enum sl_status status = sl_fail(err, "checkpoint %s: %s", path, strerror(errno));

		if (file >= 0)
			(void)close(file);
		return status;
	}
	(void)close(file);
	return parse(path, (struct sl_slice){ text, (size_t)len }, inputs, spans, err);
}

/* What is read of stdin, kept to be read a second time: first in memory, then in a file. */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "spool.h"
#include "spill.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	BLOCK_BYTES = 1 << 20,
	PIPE_BYTES = 1 << 20, /* so many are read, and written, at once */
};

struct sl_spool {
	const char *directory;
	off_t start; /* of a regular file that is stdin; -1: it is none */
	/* what was kept: in blocks, in the file behind them, and what did not get there */
	char **blocks;
	size_t block_count, block_capacity, block_limit;
	size_t blocks_freed; /* the first of them */
	uint64_t in_memory, in_file, len;
	int fd; /* -1: none yet */
	struct sl_buffer tail;
	bool full, rewound, is_last, ended;
};

enum sl_status sl_spool_open(struct sl_spool **spool, const char *directory, size_t memory_bytes,
			     struct sl_error *err)
{
	struct sl_spool *opened = calloc(1, sizeof(*opened));

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->directory = directory;
	opened->block_limit = memory_bytes / BLOCK_BYTES;
	opened->fd = -1;
	opened->start = -1;
	*spool = opened;
	return SL_OK;
}

void sl_spool_close(struct sl_spool *spool)
{
	if (spool == NULL)
		return;
	for (size_t i = 0; i < spool->block_count; i++)
		free(spool->blocks[i]);
	free(spool->blocks);
	sl_buffer_free(&spool->tail);
	if (spool->fd >= 0)
		close(spool->fd);
	free(spool);
}

bool sl_spool_is_full(const struct sl_spool *spool)
{
	return spool->full;
}

void sl_spool_rewind(struct sl_spool *spool)
{
	spool->rewound = true;
	if (spool->start >= 0)
		(void)lseek(STDIN_FILENO, spool->start, SEEK_SET);
}

void sl_spool_rewind_last(struct sl_spool *spool)
{
	sl_spool_rewind(spool);
	spool->is_last = true;
}

void spool_begin(struct sl_spool *spool, bool is_regular)
{
	if (is_regular && !spool->rewound)
		spool->start = lseek(STDIN_FILENO, 0, SEEK_CUR);
#ifdef F_SETPIPE_SZ
	if (!is_regular)
		(void)fcntl(STDIN_FILENO, F_SETPIPE_SZ, PIPE_BYTES);
#endif
}

bool spool_keeps(const struct sl_spool *spool)
{
	return !spool->rewound && spool->start < 0;
}

uint64_t spool_start(const struct sl_spool *spool)
{
	return spool->start > 0 ? (uint64_t)spool->start : 0;
}

uint64_t spool_len(const struct sl_spool *spool)
{
	return spool->rewound ? spool->len : 0;
}

/* The block that takes the next byte; NULL: memory is used up, or a file is in use. */
static char *find_block(struct sl_spool *spool)
{
	void *blocks = spool->blocks;
	char *block;

	if (spool->in_memory < (uint64_t)spool->block_count * BLOCK_BYTES)
		return spool->blocks[spool->block_count - 1];
	if (spool->fd >= 0 || spool->block_count >= spool->block_limit ||
	    !sl_array_reserve(&blocks, &spool->block_capacity, spool->block_count + 1,
			      sizeof(*spool->blocks)))
		return NULL;
	spool->blocks = blocks;
	block = malloc(BLOCK_BYTES);
	if (block != NULL)
		spool->blocks[spool->block_count++] = block;
	return block;
}

static void keep_in_memory(struct sl_spool *spool, struct sl_slice *bytes)
{
	char *block;

	while (bytes->len > 0 && (block = find_block(spool)) != NULL) {
		size_t at = (size_t)(spool->in_memory % BLOCK_BYTES);
		size_t len = bytes->len < BLOCK_BYTES - at ? bytes->len : BLOCK_BYTES - at;

		memcpy(block + at, bytes->data, len);
		bytes->data += len;
		bytes->len -= len;
		spool->in_memory += len;
	}
}

static void keep_in_file(struct sl_spool *spool, struct sl_slice *bytes)
{
	if (bytes->len > 0 && spool->fd < 0)
		spool->fd = spill_create(spool->directory);
	while (bytes->len > 0 && spool->fd >= 0) {
		ssize_t wrote = pwrite(spool->fd, bytes->data, bytes->len, (off_t)spool->in_file);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return;
		bytes->data += wrote;
		bytes->len -= (size_t)wrote;
		spool->in_file += (uint64_t)wrote;
	}
}

enum sl_status spool_keep(struct sl_spool *spool, struct sl_slice bytes, struct sl_error *err)
{
	spool->len += bytes.len;
	keep_in_memory(spool, &bytes);
	keep_in_file(spool, &bytes);
	if (bytes.len == 0)
		return SL_OK;
	spool->full = true;
	sl_buffer_add_slice(&spool->tail, bytes);
	return spool->tail.failed ? sl_fail_memory(err) : SL_OK;
}

void spool_end(struct sl_spool *spool)
{
	if (spool_keeps(spool))
		spool->ended = true;
}

bool spool_has_ended(const struct sl_spool *spool)
{
	return spool->ended;
}

/* What stands before the offset was read for the last time. */
static void free_blocks(struct sl_spool *spool, uint64_t offset)
{
	size_t read =
		offset < spool->in_memory ? (size_t)(offset / BLOCK_BYTES) : spool->block_count;

	for (; spool->blocks_freed < read; spool->blocks_freed++) {
		free(spool->blocks[spool->blocks_freed]);
		spool->blocks[spool->blocks_freed] = NULL;
	}
}

enum sl_status spool_read(struct sl_spool *spool, uint64_t offset, char *into, size_t *len,
			  struct sl_error *err)
{
	uint64_t in_file = offset - spool->in_memory;

	if (spool->is_last)
		free_blocks(spool, offset);
	if (offset < spool->in_memory) {
		size_t at = (size_t)(offset % BLOCK_BYTES);
		uint64_t left = spool->in_memory - offset;

		if (left > BLOCK_BYTES - at)
			left = BLOCK_BYTES - at;
		*len = *len < left ? *len : (size_t)left;
		memcpy(into, spool->blocks[offset / BLOCK_BYTES] + at, *len);
		return SL_OK;
	}
	if (in_file < spool->in_file) {
		if (*len > spool->in_file - in_file)
			*len = (size_t)(spool->in_file - in_file);
		return spool_read_at(spool->fd, in_file, into, len, err);
	}
	if (*len > spool->len - offset)
		*len = (size_t)(spool->len - offset);
	memcpy(into, spool->tail.data + (in_file - spool->in_file), *len);
	return SL_OK;
}

enum sl_status spool_read_at(int fd, uint64_t offset, char *into, size_t *len, struct sl_error *err)
{
	ssize_t got;

	do
		got = pread(fd, into, *len, (off_t)offset);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return sl_fail(err, "cannot read: %s", strerror(errno));
	*len = (size_t)got;
	return got != 0 ? SL_OK : SL_END;
}

/* Inputs: files, stdin and pipes, and what is compressed around their bytes. */
#include "input.h"
#include "spool.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FOLLOW_WAIT_MS = 40,  /* for a pipe's next byte */
	STOP_CHECK_MS = 100,  /* another thread may have had the signal */
	READ_LIMIT = 1 << 30, /* read(2) is not defined over SSIZE_MAX */
};

enum sl_status input_open_path(const struct sl_input *input, int *fd, struct sl_error *err)
{
	do
		*fd = open(input->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	while (*fd < 0 && errno == EINTR && !input_stopped(input));
	if (*fd >= 0)
		return SL_OK;
	if (errno == ENOENT || errno == EINTR)
		return SL_END;
	return sl_fail(err, "cannot open: %s", strerror(errno));
}

enum sl_status input_adopt(struct sl_input *input, int fd, struct sl_error *err)
{
	struct stat status;

	input->fd = fd;
	if (fstat(fd, &status) != 0)
		return sl_fail(err, "cannot read: %s", strerror(errno));
	if (S_ISDIR(status.st_mode))
		return sl_fail(err, "is a directory");
	input->is_regular = S_ISREG(status.st_mode);
	input->size = input->is_regular ? (uint64_t)status.st_size : 0;
	input->device = status.st_dev;
	input->inode = status.st_ino;
	return SL_OK;
}

static enum sl_status open_named(struct sl_input *input, struct sl_error *err)
{
	int fd;
	enum sl_status status = input_open_path(input, &fd, err);

	if (status == SL_OK)
		return input_adopt(input, fd, err);
	if (status == SL_FAILED || input->options.follow || input_stopped(input))
		return status == SL_FAILED ? status : SL_OK;
	return sl_fail(err, "cannot open: %s", strerror(ENOENT));
}

enum sl_status sl_input_open(struct sl_input **input, const char *path,
			     const struct sl_input_options *options, struct sl_error *err)
{
	struct sl_input *new = calloc(1, sizeof(*new));
	enum sl_status status;

	if (new == NULL)
		return sl_fail_memory(err);
	new->options = *options;
	new->fd = -1;
	new->next_fd = -1;
	new->codec_known = options->parts != NULL;
	if (strcmp(path, "-") == 0) {
		status = input_adopt(new, STDIN_FILENO, err);
		if (options->spool != NULL)
			spool_begin(options->spool, new->is_regular);
	} else {
		new->options.spool = NULL;
		new->path = strdup(path);
		status = new->path != NULL ? open_named(new, err) : sl_fail_memory(err);
	}
	if (status == SL_OK)
		*input = new;
	else
		sl_input_close(new);
	return status;
}

enum sl_status input_read_once(struct sl_input *input, char *into, size_t room, size_t *got,
			       struct sl_error *err)
{
	ssize_t count = read(input->fd, into, room < READ_LIMIT ? room : READ_LIMIT);

	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return SL_OK;
	if (count < 0)
		return sl_fail(err, "cannot read: %s", strerror(errno));
	if (count == 0)
		return SL_END;
	*got = (size_t)count;
	input->raw_bytes += (uint64_t)count;
	input->position += (uint64_t)count;
	return SL_OK;
}

/* A regular file never blocks; what poll finds wrong with others is for read to tell. */
static bool is_ready(const struct sl_input *input, int timeout_ms)
{
	struct pollfd file = { .fd = input->fd, .events = POLLIN };
	int count;

	if (input->is_regular)
		return true;
	count = poll(&file, 1, timeout_ms);
	return count > 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
}

/* Waits for a pipe or the like; false: in vain, for as long as a follower waits, or stopped. */
static bool wait_until_ready(const struct sl_input *input)
{
	if (is_ready(input, 0))
		return true;
	input_tell_waiting(input);
	if (input->options.follow)
		return is_ready(input, FOLLOW_WAIT_MS);
	while (!is_ready(input, input->options.stop != NULL ? STOP_CHECK_MS : -1)) {
		if (input_stopped(input))
			return false;
		input_tell_waiting(input);
	}
	return true;
}

/* What was read is kept, if it is to be read again; where that is not possible, nothing follows. */
static enum sl_status keep(struct sl_input *input, struct sl_slice bytes, struct sl_error *err)
{
	struct sl_spool *spool = input->options.spool;

	if (spool == NULL || bytes.len == 0 || !spool_keeps(spool))
		return SL_OK;
	if (spool_keep(spool, bytes, err) != SL_OK)
		return SL_FAILED;
	input->raw_ended = sl_spool_is_full(spool);
	return SL_OK;
}

/* When it was read for the first time. */
static bool had_ended(const struct sl_input *input)
{
	return input->options.spool != NULL && spool_has_ended(input->options.spool);
}

enum sl_status input_read_raw(struct sl_input *input, char *into, size_t room, size_t *got,
			      struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (input_is_again(input))
		return input_read_again(input, into, room, got, err);
	if (had_ended(input))
		return SL_END;
	if (input_is_followed(input))
		return follow_read(input, into, room, got, err);
	while (status == SL_OK && *got == 0 && !input->raw_ended) {
		if (input_stopped(input))
			return SL_END;
		if (wait_until_ready(input))
			status = input_read_once(input, into, room, got, err);
		else if (input->options.follow)
			return SL_OK;
		input->raw_ended = status == SL_END;
	}
	if (status == SL_OK && *got != 0)
		return keep(input, (struct sl_slice){ into, *got }, err);
	if (status == SL_END && input->options.spool != NULL)
		spool_end(input->options.spool);
	return input->raw_ended ? SL_END : status;
}

/* The file has gone with nothing but its first bytes, which told no codec: they come first. */
static void keep_start(struct sl_input *input, size_t len)
{
	input->restarted = false;
	input->restart_owed = true;
	input->codec = SL_CODEC_NONE;
	input->codec_known = true;
	input->start_len = len;
}

/* Reads until the first bytes tell the codec; with SL_OK and codec_known still false a follower
 * has to wait. */
static enum sl_status find_codec(struct sl_input *input, struct sl_error *err)
{
	enum sl_status status = SL_OK;
	size_t got;

	do {
		size_t len = input->start_len;

		got = 0;
		status = input_read_raw(input, input->start + len, sizeof(input->start) - len, &got,
					err);
		if (input->restarted && len > 0) {
			keep_start(input, len);
			return status;
		}
		if (status == SL_FAILED || (status == SL_OK && got == 0))
			return status;
		input->start_len += got;
	} while (status == SL_OK &&
		 codec_undecided((struct sl_slice){ input->start, input->start_len }));
	input->codec = sl_codec_sniff((struct sl_slice){ input->start, input->start_len });
	if (input->codec == SL_CODEC_NONE)
		input->codec = codec_damaged((struct sl_slice){ input->start, input->start_len });
	input->codec_known = true;
	return input->codec != SL_CODEC_NONE ? unpack_begin(input, err) : SL_OK;
}

static void give_start(struct sl_input *input, char *into, size_t room, size_t *got)
{
	size_t left = input->start_len - input->start_given;

	*got = left < room ? left : room;
	memcpy(into, input->start + input->start_given, *got);
	input->start_given += *got;
}

/* Something is to be told or given though the input was stopped. */
static bool owes(const struct sl_input *input)
{
	if (input->unpacker != NULL)
		return unpack_owes(input);
	return input->start_given < input->start_len;
}

enum sl_status sl_input_read(struct sl_input *input, char *into, size_t room, size_t *got,
			     struct sl_error *err)
{
	enum sl_status status = SL_OK;

	*got = 0;
	if (input->ended || (input_stopped(input) && !owes(input) && !input_is_again(input)))
		return SL_END;
	if (!input->codec_known)
		status = find_codec(input, err);
	if (status != SL_OK || !input->codec_known)
		return status;
	if (input->codec != SL_CODEC_NONE)
		return unpack_read(input, into, room, got, err);
	if (input->start_given == input->start_len && input->restart_owed) {
		follow_restart(input);
		return SL_OK;
	}
	if (input->start_given == input->start_len)
		return input_read_raw(input, into, room, got, err);
	give_start(input, into, room, got);
	return SL_OK;
}

bool sl_input_ready(struct sl_input *input)
{
	if (input->ended || input->raw_ended || had_ended(input) || input_stopped(input) ||
	    input_is_again(input))
		return true;
	if (input->codec != SL_CODEC_NONE
		    ? unpack_ready(input)
		    : input->codec_known && input->start_given < input->start_len)
		return true;
	return input_is_followed(input) ? follow_ready(input) : is_ready(input, 0);
}

bool sl_input_go_back(struct sl_input *input, uint64_t count)
{
	const struct sl_input_options *options = &input->options;

	if (!input->is_regular || options->follow || options->parts != NULL ||
	    options->spool != NULL || !input->codec_known || input->codec != SL_CODEC_NONE ||
	    input->start_given < input->start_len || count > input->position || count > INT64_MAX ||
	    lseek(input->fd, -(off_t)count, SEEK_CUR) < 0)
		return false;
	if (count > 0)
		input->ended = input->raw_ended = false;
	input->position -= count;
	input->raw_bytes -= count;
	return true;
}

bool sl_input_restarted(struct sl_input *input)
{
	bool restarted = input->restarted;

	input->restarted = false;
	return restarted;
}

uint64_t sl_input_raw_bytes(const struct sl_input *input)
{
	return input->raw_bytes;
}

uint64_t sl_input_size(const struct sl_input *input)
{
	return input->size;
}

enum sl_codec sl_input_codec(const struct sl_input *input)
{
	return input->codec;
}

void sl_input_close(struct sl_input *input)
{
	if (input == NULL)
		return;
	if (input->path != NULL && input->fd >= 0)
		close(input->fd);
	if (input->next_fd >= 0)
		close(input->next_fd);
	unpack_end(input);
	free(input->path);
	free(input);
}

/* What the files of this room share of an input: where it comes from and what was read of it. */
#ifndef IO_INPUT_H
#define IO_INPUT_H

#include "inflate.h"
#include <sys/types.h>

/* As many bytes tell every codec. */
#define CODEC_MAGIC_BYTES 4

/* More bytes may make a codec's magic of these. */
bool codec_undecided(struct sl_slice start);
/* Nothing else begins so, but for one byte that must be damaged. */
enum sl_codec codec_damaged(struct sl_slice start);
/* Where a gzip member or a zstd frame may begin, or else the first bytes of one that are not all
 * there (*whole is false). */
size_t codec_find(enum sl_codec codec, struct sl_slice bytes, bool *whole);

struct sl_input {
	struct sl_input_options options;
	char *path; /* owned; NULL: stdin */
	int fd;	    /* -1: a followed file that is not there yet */
	bool is_regular;
	bool ended; /* nothing more is given */
	bool raw_ended;
	uint64_t raw_bytes;
	uint64_t size;

	/* of a followed file */
	dev_t device;
	ino_t inode;
	uint64_t position;
	int next_fd; /* what the path names since a rotation; -1: none */
	bool restarted;
	bool restart_owed; /* as soon as the old file's first bytes, kept back, are given */

	/* of what is read in parts */
	size_t parts_begun;
	uint64_t part_at, part_left;

	/* the first bytes, kept back until they tell the codec */
	bool codec_known;
	enum sl_codec codec;
	char start[CODEC_MAGIC_BYTES];
	size_t start_len;
	size_t start_given;

	struct unpacker *unpacker; /* of a compressed input; owned */
};

static inline bool input_stopped(const struct sl_input *input)
{
	const struct sl_input_options *options = &input->options;

	return (options->stop != NULL && *options->stop != 0) ||
	       (options->enough != NULL && *options->enough);
}

static inline void input_tell_waiting(const struct sl_input *input)
{
	if (input->options.before_wait != NULL)
		input->options.before_wait(input->options.context);
}

/* A file that may be rotated, cut short, or not be there yet. */
static inline bool input_is_followed(const struct sl_input *input)
{
	return input->fd < 0 || (input->options.follow && input->is_regular && input->path != NULL);
}

/* Opens what the path names.  SL_END: nothing is there, or the input was stopped. */
SL_MUST_USE enum sl_status input_open_path(const struct sl_input *input, int *fd,
					   struct sl_error *err);
/* Reads from `fd` from now on, and owns it. */
SL_MUST_USE enum sl_status input_adopt(struct sl_input *input, int fd, struct sl_error *err);
/* One read(2), counted.  SL_END: no more; SL_OK with *got = 0: interrupted, or it would block. */
SL_MUST_USE enum sl_status input_read_once(struct sl_input *input, char *into, size_t room,
					   size_t *got, struct sl_error *err);
/* Bytes as the file has them.  SL_OK with *got = 0: a follower has waited in vain. */
SL_MUST_USE enum sl_status input_read_raw(struct sl_input *input, char *into, size_t room,
					  size_t *got, struct sl_error *err);

/* What comes next was read before. */
bool input_is_again(const struct sl_input *input);
/* Bytes of that; SL_OK with *got = 0: a part begins. */
SL_MUST_USE enum sl_status input_read_again(struct sl_input *input, char *into, size_t room,
					    size_t *got, struct sl_error *err);

/* The next bytes of a followed file, as sl_input_read says. */
SL_MUST_USE enum sl_status follow_read(struct sl_input *input, char *into, size_t room, size_t *got,
				       struct sl_error *err);
/* What comes now has nothing to do with what came before, not even the codec. */
void follow_restart(struct sl_input *input);
/* follow_read would give bytes without waiting. */
bool follow_ready(const struct sl_input *input);

/* The input's first bytes are those of input->codec. */
SL_MUST_USE enum sl_status unpack_begin(struct sl_input *input, struct sl_error *err);
/* The next bytes inside the compression, as sl_input_read says. */
SL_MUST_USE enum sl_status unpack_read(struct sl_input *input, char *into, size_t room, size_t *got,
				       struct sl_error *err);
/* unpack_read would not read the file. */
bool unpack_ready(const struct sl_input *input);
/* It would tell of damage. */
bool unpack_owes(const struct sl_input *input);
void unpack_end(struct sl_input *input);

#endif

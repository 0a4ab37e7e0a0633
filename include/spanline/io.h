/*
 * Bytes in and out: files, stdin and pipes, gzip and zstd, growing files; output that is checked.
 * zlib and libzstd live here and nowhere else.
 */
#ifndef SPANLINE_IO_H
#define SPANLINE_IO_H

#include "spanline/base.h"
#include <signal.h>

enum sl_codec { SL_CODEC_NONE, SL_CODEC_GZIP, SL_CODEC_ZSTD };

/* By the first bytes; a prefix of less than 4 may be SL_CODEC_NONE yet. */
enum sl_codec sl_codec_sniff(struct sl_slice start);

/* A part of an input that is read a second time. */
struct sl_input_part {
	uint64_t offset, len;
	uint64_t line; /* newlines before it */
};

struct sl_input_parts {
	struct sl_input_part *items;
	size_t count;
	size_t capacity;
};

struct sl_spool;

struct sl_input_options {
	bool follow;			   /* like tail -F, see sl_input_read */
	const volatile sig_atomic_t *stop; /* or NULL; once not 0 the input ends, but for what
					    * was read before and is read again */
	const bool *enough;		   /* or NULL; the same, as before_wait finds out */
	/* or NULL: all.  Only these bytes of a regular file, or of what the spool has; before each
	 * part sl_input_restarted is true once. */
	const struct sl_input_parts *parts;
	struct sl_spool *spool;		    /* or NULL; of stdin, see below */
	void (*before_wait)(void *context); /* or NULL; called before a read that has to wait,
					     * and now and then while it does */
	void *context;
};

struct sl_input;

/*
 * "-" is stdin.  SL_FAILED: cannot be opened (a directory is refused).  With `follow` a file that
 * is not there yet is waited for.  *input is owned.
 */
SL_MUST_USE enum sl_status sl_input_open(struct sl_input **input, const char *path,
					 const struct sl_input_options *options,
					 struct sl_error *err);

/*
 * At most `room` bytes (not 0), gzip members and zstd frames undone (all of them, one layer), *got
 * > 0.  SL_END: no more.  SL_BAD_RECORD: compressed data is damaged or ends early; all before it
 * was given, and what comes next, if anything does, is from the next member or frame that proves
 * to be one.  Or it is a bomb (more than 1,000 times what was read, past 64 MiB), and SL_END
 * follows.  zstd windows over 128 MiB are damage.  SL_FAILED: the system.
 * With follow: SL_OK and *got = 0 after waiting at most 50 ms in vain.  A file that was
 * rotated is drained before the new one is read (as soon as that holds something), one that was cut
 * short is read from its start again (*got = 0 and sl_input_restarted is true once); a
 * compressed file is SL_FAILED.  stdin, pipes and the like are read to their end, compressed or
 * not.
 */
SL_MUST_USE enum sl_status sl_input_read(struct sl_input *input, char *into, size_t room,
					 size_t *got, struct sl_error *err);
/* True once after the file began again, so that a half record of the old one can be told. */
bool sl_input_restarted(struct sl_input *input);
/* Where what is given from there on begins: 0 and 0 but for parts. */
void sl_input_place(const struct sl_input *input, uint64_t *offset, uint64_t *line);
/* A read would give bytes, or the end, without waiting.  A restart does not count: whoever uses
 * what was read when this is false loses no whole record to it. */
bool sl_input_ready(struct sl_input *input);
/* Goes back: the last `count` bytes that were read come again.  False: that cannot be done here, as
 * with pipes, and where something is compressed or followed; then nothing has changed.  With a
 * count of 0 it only tells. */
bool sl_input_go_back(struct sl_input *input, uint64_t count);
/* Bytes read from the file itself, and its size if it has one (0: unknown). */
uint64_t sl_input_raw_bytes(const struct sl_input *input);
uint64_t sl_input_size(const struct sl_input *input);
/* What was undone around the bytes so far. */
enum sl_codec sl_input_codec(const struct sl_input *input);
void sl_input_close(struct sl_input *input);

/*
 * Lets stdin be read twice.  The first input over it keeps what it reads: `memory_bytes` in memory,
 * and past that in a file without a name in `directory` (borrowed until the close); but nothing of
 * a regular file, which is there anyway.  After sl_spool_rewind the next input begins with
 * that, and goes on with what there is still to be read.  Where no more can be kept the first input
 * ends early, and sl_spool_is_full.  *spool is owned, NULL may be closed.
 */
SL_MUST_USE enum sl_status sl_spool_open(struct sl_spool **spool, const char *directory,
					 size_t memory_bytes, struct sl_error *err);
void sl_spool_rewind(struct sl_spool *spool);
/* The same, and what is in memory goes when it is read, so that there is room for what is made of
 * it; of input that is read in its order, without parts. */
void sl_spool_rewind_last(struct sl_spool *spool);
bool sl_spool_is_full(const struct sl_spool *spool);
void sl_spool_close(struct sl_spool *spool);

/* A message that is compressed alone, and how large it may become. */
struct sl_packed_message {
	enum sl_codec codec;   /* not none */
	struct sl_slice bytes; /* borrowed */
	size_t limit;
};

/*
 * Undo the compression of one message (all its members or frames); appended to *out, at most
 * `limit` bytes of it.  SL_BAD_RECORD: damaged, ends early or is too
 * large (reason SL_MALFORMED, SL_TRUNCATED, SL_OVERSIZE), err says at which of its bytes; what came
 * out before is in *out.  SL_FAILED: memory.  *state is NULL at first, kept between calls, owned.
 */
struct sl_inflater;
SL_MUST_USE enum sl_status sl_inflate_message(struct sl_inflater **state,
					      const struct sl_packed_message *message,
					      struct sl_buffer *out, struct sl_error *err);
void sl_inflater_free(struct sl_inflater *state);

/* The reverse: one gzip member or zstd frame, appended to *out; the same for the same message. */
struct sl_deflater;
SL_MUST_USE enum sl_status sl_deflate_message(struct sl_deflater **state, enum sl_codec codec,
					      struct sl_slice message, struct sl_buffer *out,
					      struct sl_error *err);
void sl_deflater_free(struct sl_deflater *state);

struct sl_output;

/*
 * NULL or "-": stdout.  Else a new file beside `path`, which sl_output_close renames into place; or
 * `path` itself if that is a device or a FIFO.  With a codec the whole output is one gzip member
 * or zstd frame.  Writes must not raise SIGPIPE.  err says which file it is.  *output is owned.
 */
SL_MUST_USE enum sl_status sl_output_open(struct sl_output **output, const char *path,
					  enum sl_codec codec, struct sl_error *err);
/* All of it, or SL_END: the reader of a pipe has gone; or SL_FAILED.  Both stay. */
SL_MUST_USE enum sl_status sl_output_write(struct sl_output *output, struct sl_slice bytes,
					   struct sl_error *err);
/* The new file, for who has to remove it where the program ends before sl_output_close; NULL: there
 * is none.  Borrowed until then. */
const char *sl_output_temporary(const struct sl_output *output);
/*
 * Ends the compressed stream, checks that all has arrived, renames; frees the output whatever
 * comes.  SL_END and SL_FAILED as above.  With `keep` false a new file is removed instead, and a
 * failure that sl_output_write has told is not told again.
 */
SL_MUST_USE enum sl_status sl_output_close(struct sl_output *output, bool keep,
					   struct sl_error *err);

/*
 * A file without a name in `directory`, for what does not fit into memory: it is gone when it is
 * closed, however the program ends.  Writing is buffered (64 KiB) and always at the end; what was
 * written can be read at once.  SL_FAILED: memory, or the system; err names the directory.  *spill
 * is owned, NULL may be closed.
 */
struct sl_spill;
SL_MUST_USE enum sl_status sl_spill_open(struct sl_spill **spill, const char *directory,
					 struct sl_error *err);
SL_MUST_USE enum sl_status sl_spill_write(struct sl_spill *spill, struct sl_slice bytes,
					  struct sl_error *err);
/* Bytes written: where the next will stand. */
uint64_t sl_spill_size(const struct sl_spill *spill);
/* `len` bytes from `offset` on, all of which were written. */
SL_MUST_USE enum sl_status sl_spill_read(struct sl_spill *spill, uint64_t offset, char *into,
					 size_t len, struct sl_error *err);
/* Gives its room on the disk back; the next bytes stand at 0. */
SL_MUST_USE enum sl_status sl_spill_empty(struct sl_spill *spill, struct sl_error *err);
void sl_spill_close(struct sl_spill *spill);

/*
 * Sorting more entries than memory holds: sorted runs in a file without a name, merged.  An entry
 * is any bytes, a multiple of 8 long, in the layout of this machine.
 */
struct sl_sorter_options {
	const char *directory; /* borrowed */
	size_t limit_bytes;    /* entries take about so much memory; one always fits */
	size_t head_bytes;     /* of each entry, at least; they tell its length: */
	size_t (*len)(const void *head);
	/* As qsort calls it: of two pointers to pointers to entries.  No two are equal. */
	int (*compare)(const void *a, const void *b);
};
struct sl_sorter;
/* *sorter is owned, NULL may be closed. */
SL_MUST_USE enum sl_status sl_sorter_open(struct sl_sorter **sorter,
					  const struct sl_sorter_options *options,
					  struct sl_error *err);
/* A copy of the entry. */
SL_MUST_USE enum sl_status sl_sorter_add(struct sl_sorter *sorter, const void *entry,
					 struct sl_error *err);
/* After the last add: from the first entry on, as often as it is called. */
SL_MUST_USE enum sl_status sl_sorter_start(struct sl_sorter *sorter, struct sl_error *err);
/* In order; the caller's to change until the next call.  SL_END: no more. */
SL_MUST_USE enum sl_status sl_sorter_next(struct sl_sorter *sorter, void **entry,
					  struct sl_error *err);
void sl_sorter_close(struct sl_sorter *sorter);

#endif

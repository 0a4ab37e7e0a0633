/*
 * Any bytes as a file, through a source and a reader: what comes out is bounded by what went in,
 * lies within it, and is the same when the bytes come in two pieces.  The first byte chooses the
 * format and where the pieces part.
 */
#include "outcome.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is fed while the source waits. */
struct pieces {
	struct sl_slice rest;
	size_t first;
	int fd;
};

static void feed(void *context)
{
	struct pieces *pieces = context;
	size_t len = pieces->first < pieces->rest.len ? pieces->first : pieces->rest.len;

	if (pieces->fd < 0)
		return;
	claim(write(pieces->fd, pieces->rest.data, len) == (ssize_t)len);
	pieces->rest.data += len;
	pieces->rest.len -= len;
	pieces->first = pieces->rest.len;
	if (pieces->rest.len == 0) {
		close(pieces->fd);
		pieces->fd = -1;
	}
}

static struct outcome run_pieces(struct sl_slice bytes, struct sl_source_options options,
				 size_t first)
{
	struct pieces pieces = { bytes, first, -1 };
	struct outcome outcome;
	char path[32];
	int ends[2];

	claim(pipe(ends) == 0);
	pieces.fd = ends[1];
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	options.input.before_wait = feed;
	options.input.context = &pieces;
	outcome = run(path, &options, bytes.len);
	close(ends[0]);
	if (pieces.fd >= 0)
		close(pieces.fd);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_source_options options = { .max_message = MAX_MESSAGE };
	struct sl_slice bytes = { (const char *)data + 1, size - 1 };
	struct outcome whole, pieces;

	if (size < 2 || size > 60000)
		return 0;
	options.from = (enum sl_format)(data[0] % SL_FORMAT_COUNT);
	whole = run_file(bytes, options);
	claim(whole.losses <= 4 * size + 16);
	pieces = run_pieces(bytes, options, 1 + data[0] / SL_FORMAT_COUNT);
	claim(whole.status == pieces.status);
	claim(whole.spans == pieces.spans && whole.digest == pieces.digest);
	return 0;
}

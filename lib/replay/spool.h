/*
 * Spans that are read once and sent later, or several times: as lines in a file without a name, in
 * the order of the input.
 */
#ifndef REPLAY_SPOOL_H
#define REPLAY_SPOOL_H

#include "groups.h"
#include "spanline/json.h"
#include "spanline/replay.h"

/* What a worker says of a span, and what is known of it when it is read again. */
struct spooled {
	uint64_t start_ns;
	uint64_t end_ns; /* the last of its times */
	uint32_t trace;	 /* in `groups`, if traces are kept together */
	size_t ids_len;	 /* from a worker: of the ids that stand before the line */
	size_t line_len; /* of the line behind it, with its newline */
};

struct spool {
	struct sl_spill *file;
	uint64_t span_count;
	uint64_t first_start_ns; /* UINT64_MAX: of no span a time is known */
	uint64_t first_end_ns;	 /* likewise */
	uint64_t last_end_ns;
	struct groups groups;
	struct sl_json_reader *reader;
	struct sl_notes notes; /* what was told when the spans were first read */
	/* a piece of the file */
	char *window;
	size_t capacity, filled;
	uint64_t window_at;
};

SL_MUST_USE enum sl_status spool_open(struct spool *spool, const struct sl_replay *replay,
				      struct sl_error *err);
void spool_close(struct spool *spool);
/* Appends the span as spool_take takes it; `with_ids` if traces are to be kept together. */
void spool_pack(struct sl_line_writer *writer, const struct sl_span *span, bool with_ids,
		struct sl_buffer *out);
SL_MUST_USE enum sl_status spool_take(struct spool *spool, struct sl_slice packed,
				      struct sl_error *err);
uint64_t spool_size(const struct spool *spool);
/* What is known of the span at *offset, which then is behind it.  SL_END: there is none. */
SL_MUST_USE enum sl_status spool_pass(struct spool *spool, uint64_t *offset, struct spooled *head,
				      struct sl_error *err);
/* The span at *offset, which then is behind it.  SL_END: there is none.  *span is borrowed until
 * the next call. */
SL_MUST_USE enum sl_status spool_read(struct spool *spool, uint64_t *offset,
				      const struct sl_span **span, struct sl_error *err);

#endif

/*
 * Spans that are read once and sent later, or several times: as lines in a file without a name, in
 * the order of the input.
 */
#ifndef REPLAY_KEPT_H
#define REPLAY_KEPT_H

#include "groups.h"
#include "spanline/json.h"
#include "spanline/replay.h"

/* What a worker says of a span, and what is known of it when it is read again. */
struct kept_span {
	uint64_t start_ns;
	uint64_t end_ns; /* the last of its times */
	uint32_t trace;	 /* in `groups`, if traces are kept together */
	size_t ids_len;	 /* from a worker: of the ids that stand before the line */
	size_t line_len; /* of the line behind it, with its newline */
};

struct kept {
	struct sl_spill *file;
	uint64_t span_count;
	uint64_t first_start_ns; /* UINT64_MAX: of no span it is known */
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

SL_MUST_USE enum sl_status kept_open(struct kept *kept, const struct sl_replay *replay,
				     struct sl_error *err);
void kept_close(struct kept *kept);
/* Appends the span as kept_take takes it; `with_ids` if traces are to be kept together. */
void kept_pack(struct sl_line_writer *writer, const struct sl_span *span, bool with_ids,
	       struct sl_buffer *out);
SL_MUST_USE enum sl_status kept_take(struct kept *kept, struct sl_slice packed,
				     struct sl_error *err);
uint64_t kept_size(const struct kept *kept);
/* What is known of the span at *offset, which then is behind it.  SL_END: there is none. */
SL_MUST_USE enum sl_status kept_pass(struct kept *kept, uint64_t *offset, struct kept_span *head,
				     struct sl_error *err);
/* The span at *offset, which then is behind it.  SL_END: there is none.  *span is borrowed until
 * the next call. */
SL_MUST_USE enum sl_status kept_read(struct kept *kept, uint64_t *offset,
				     const struct sl_span **span, struct sl_error *err);

#endif

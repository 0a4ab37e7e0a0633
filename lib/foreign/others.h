/* What the readers of consoles, of Datadog and of flat records share. */
#ifndef FOREIGN_OTHERS_H
#define FOREIGN_OTHERS_H

#include "foreign.h"

/* fields.c: fields, see foreign_members */

/* RFC 3339 as ns since 1970; what is before 1970 is 0. */
bool foreign_instant(struct sl_foreign_reader *reader, void *ns);
/* Ids in hex, with or without 0x before them. */
bool foreign_hex_trace_id(struct sl_foreign_reader *reader, void *slice);
bool foreign_hex_span_id(struct sl_foreign_reader *reader, void *slice);
/* Whole numbers, in quotes or not. */
bool foreign_u64(struct sl_foreign_reader *reader, void *number);
bool foreign_u32(struct sl_foreign_reader *reader, void *number);
/* A plain object, as struct sl_attributes. */
bool foreign_object(struct sl_foreign_reader *reader, void *attributes);

/* Each object of the array at the cursor, through `read`; what is no array costs itself. */
bool foreign_each(struct sl_foreign_reader *reader,
		  bool (*read)(struct sl_foreign_reader *reader, void *context), void *context);
/* A span with nothing, of which nothing is pushed. */
void foreign_begin_span(struct sl_foreign_reader *reader, struct sl_span *span);
/* They are copied; false: out of memory, the cursor has the fault. */
bool foreign_keep_span(struct sl_foreign_reader *reader, const struct sl_span *span);
bool foreign_keep_event(struct sl_foreign_reader *reader, const struct sl_event *event);
bool foreign_keep_link(struct sl_foreign_reader *reader, const struct sl_link *link);
/* The array of events at the cursor, each of the shape, which is that of a struct sl_event. */
bool foreign_events(struct sl_foreign_reader *reader, const struct foreign_shape *shape);
/* The events and links of a span that were pushed become its own. */
bool foreign_settle_lists(struct sl_foreign_reader *reader, struct sl_span *span);
/* end - start, which is no less. */
bool foreign_end(struct sl_foreign_reader *reader, uint64_t start, uint64_t duration,
		 uint64_t *end);
/* An id of zeros is none. */
void foreign_drop_zeros(struct sl_slice *id);
/* JSON within a string, through `read` with the cursor on it: as foreign_members.  Its text lives
 * as long as the record. */
bool foreign_within(struct sl_foreign_reader *reader, struct sl_slice text,
		    bool (*read)(struct sl_foreign_reader *reader, void *context), void *context);

#endif

/* What a gatherer gives, as text. */
#ifndef GATHERING_H
#define GATHERING_H

#include "spanline/trace.h"
#include <stdio.h>

static void show_trace(struct sl_buffer *out, struct sl_slice id)
{
	sl_buffer_printf(out, "trace %zu:", id.len);
	sl_buffer_add_slice(out, id);
}

static void show_record(struct sl_buffer *out, struct sl_slice record)
{
	sl_buffer_printf(out, " %zu:", record.len);
	sl_buffer_add_slice(out, record);
}

/* Appends what is complete. */
static bool take(struct sl_gatherer *gatherer, struct sl_buffer *out)
{
	struct sl_gathered trace;
	enum sl_status status;
	struct sl_error err;
	unsigned beyond = 0;

	while ((status = sl_gather_next(gatherer, &trace, &err)) == SL_OK) {
		show_trace(out, trace.trace_id);
		for (size_t i = 0; i < trace.count; i++) {
			show_record(out, trace.records[i]);
			/* the sanitizer sees whether they may be read */
			for (size_t j = 0; j < SL_PADDING; j++)
				beyond += trace.records[i].data[trace.records[i].len + j] == '\xfe';
		}
	}
	if (status == SL_FAILED)
		printf("# %s\n", err.text);
	return status == SL_END && beyond < UINT32_MAX;
}

#endif

/* Two sets while they are read. */
#ifndef CONTRAST_WORK_H
#define CONTRAST_WORK_H

#include "result.h"
#include "spanline/io.h"

struct sl_contrast {
	const struct sl_contrast_options *options;
	struct traits traits;
	struct listener listener;
	struct collector collector;
	struct set sets[SL_SET_COUNT];
	struct asked asked;
	struct sl_selection split_alone; /* the spans that the split finds */
	struct sl_spill *kept;		 /* records, until it is known how slow is slow */
	struct sl_contrast_counts counts;
	uint32_t workers; /* of all flows */
	enum sl_set set;  /* of the flow that runs */
	bool last;
};

/* Counts a trace; its records are facts (told.h). */
SL_MUST_USE enum sl_status contrast_add(struct sl_contrast *contrast,
					const struct sl_gathered *trace, struct sl_error *err);
/* All traces are there. */
SL_MUST_USE enum sl_status contrast_report(struct sl_contrast *contrast, struct sl_buffer *out,
					   struct sl_error *err);

#endif

/* A trace as it is compared: what it has by number, and its figures; as bytes that stand anywhere.
 */
#ifndef CONTRAST_RECORD_H
#define CONTRAST_RECORD_H

#include "told.h"

/* Of one operation in one trace. */
struct measured {
	uint32_t operation;
	uint32_t calls;
	uint32_t errors;
	int64_t self_ns;
	uint64_t critical_ns;
};

/* Its operations and then the numbers of its traits stand behind it. */
struct record {
	size_t size; /* of all, a multiple of 8 */
	struct sl_trace_label label;
	uint64_t root_ns;
	uint32_t spans, errors;
	uint32_t operation_count, trait_count;
	bool matched; /* what a split asks for was found */
};

static inline const struct measured *record_operations(const struct record *record)
{
	return (const struct measured *)(const void *)(record + 1);
}

static inline const uint32_t *record_traits(const struct record *record)
{
	return (const uint32_t *)(const void *)(record_operations(record) +
						record->operation_count);
}

/* Makes records of traces, one after the other. */
struct collector {
	struct traits *traits;
	uint64_t number; /* of the trace */
	/* of its spans: with ids and times, and what else was told of them */
	struct sl_span *spans;
	const struct sl_span **pointers;
	const struct sl_slice *facts; /* by node; borrowed */
	size_t span_capacity, pointer_capacity;
	struct measured *measured;
	size_t measured_count, measured_capacity;
	uint32_t *found; /* traits */
	size_t found_count, found_capacity;
	struct sl_buffer record; /* what is made */
	struct sl_arena arena;	 /* of one trace */
	bool failed;		 /* no memory */
};

/* *record is that of the trace, of which these are the facts (told.h); borrowed until the next. */
SL_MUST_USE enum sl_status collector_make(struct collector *collector,
					  const struct sl_gathered *trace, uint64_t seed,
					  const struct record **record, struct sl_error *err);
void collector_free(struct collector *collector);

#endif

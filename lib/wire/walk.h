/*
 * The walk over the messages of OTLP, one function for each.  Every one is given where the length
 * of its message stands, and returns where the message ends; NULL: it does not parse, or there is
 * no memory, and the walk knows which.
 */
#ifndef WIRE_WALK_H
#define WIRE_WALK_H

#include "fields.h"

struct wire_walk {
	struct sl_builder builder; /* its arena takes all lists */
	struct sl_notes *notes;
	unsigned max_depth;
	bool strict;
	/* since wire_begin */
	bool departed; /* from the specification */
	bool out_of_memory;
	enum sl_note refused;		  /* by strict; or SL_NOTE_COUNT */
	const char *fault_at, *fault_end; /* the field that was the first wrong, and its message */
};

/* What comes is another record; lists go into `arena`. */
void wire_begin(struct wire_walk *walk, struct sl_arena *arena);
/* True where nothing was wrong since then. */
bool wire_is_whole(const struct wire_walk *walk);
/* Says what was wrong: "`what` skipped: ..." */
enum sl_status wire_reject(const struct wire_walk *walk, const char *what, size_t offset,
			   struct sl_error *err);

/* The field at `field` of a message that ends at `end` does not parse. */
const char *wire_fault(struct wire_walk *walk, const char *field, const char *end);
const char *wire_no_memory(struct wire_walk *walk);

/*
 * On to the next field of the message in [*at, end): *field is where it begins, *at where its
 * payload does, or NULL with *tag 0.  False: there is none, or *at is NULL, as the field before
 * does not parse.
 *
 *	while (next_field(walk, &at, end, &field, &tag))
 *		...at = behind the payload, or NULL...
 */
static inline bool next_field(struct wire_walk *walk, const char **at, const char *end,
			      const char **field, uint32_t *tag)
{
	if (SL_UNLIKELY(*at == NULL)) {
		wire_fault(walk, *field, end);
		return false;
	}
	if (*at >= end)
		return false;
	*field = *at;
	*at = read_tag(*at, end, tag);
	return true;
}

/* A departure: noted, or with strict the record is not whole. */
void wire_depart(struct wire_walk *walk, enum sl_note note, const char *at);

/* A KeyValue, which becomes one more item on the builder's stack; `depth` lists are around it. */
const char *wire_walk_attribute(struct wire_walk *walk, const char *at, const char *end,
				unsigned depth);
/* An AnyValue that stands alone. */
const char *wire_walk_value(struct wire_walk *walk, const char *at, const char *end,
			    struct sl_value *value);

/* These are given a whole message, without its length; false: not all of it parsed. */
bool wire_walk_span(struct wire_walk *walk, struct sl_slice message, struct sl_span *span);
bool wire_walk_log(struct wire_walk *walk, struct sl_slice message, struct sl_log *log);
/* These two keep what is whole where not all is. */
bool wire_walk_resource(struct wire_walk *walk, struct sl_slice message,
			struct sl_resource *resource);
bool wire_walk_scope(struct wire_walk *walk, struct sl_slice message, struct sl_scope *scope);

/* Takes the items above `height` off the stack as *list; false: no memory. */
SL_MUST_USE bool wire_finish(struct wire_walk *walk, size_t height, struct sl_attributes *list);

/* Room for all elements with the tag of the one at `field`; NULL: no memory. */
void *wire_elements(struct wire_walk *walk, const char *field, const char *end, size_t size);

#endif

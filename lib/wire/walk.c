/* What all walks share: faults, departures, and the ends of lists. */
#include "walk.h"
#include <inttypes.h>

void wire_begin(struct wire_walk *walk, struct sl_arena *arena)
{
	walk->builder.arena = arena;
	walk->builder.height = 0;
	walk->departed = false;
	walk->out_of_memory = false;
	walk->refused = SL_NOTE_COUNT;
	walk->fault_at = NULL;
}

bool wire_is_whole(const struct wire_walk *walk)
{
	return walk->fault_at == NULL && !walk->out_of_memory;
}

const char *wire_fault(struct wire_walk *walk, const char *field, const char *end)
{
	if (walk->fault_at == NULL) {
		walk->fault_at = field;
		walk->fault_end = end;
	}
	return NULL;
}

const char *wire_no_memory(struct wire_walk *walk)
{
	walk->out_of_memory = true;
	return NULL;
}

void wire_depart(struct wire_walk *walk, enum sl_note note, const char *at)
{
	walk->departed = true;
	if (!walk->strict) {
		walk->notes->count[note]++;
	} else if (walk->fault_at == NULL) {
		walk->refused = note;
		wire_fault(walk, at, at);
	}
}

enum sl_status wire_reject(const struct wire_walk *walk, const char *what, size_t offset,
			   struct sl_error *err)
{
	struct sl_slice payload;
	uint32_t number;
	unsigned wire_type;
	size_t size;

	if (walk->out_of_memory)
		return sl_fail_memory(err);
	if (walk->refused != SL_NOTE_COUNT)
		return sl_reject(err, SL_MALFORMED, offset, "%s refused: %s", what,
				 sl_note_text(walk->refused));
	size = sl_wire_field(walk->fault_at, walk->fault_end, &number, &wire_type, &payload);
	if (size != SIZE_MAX && number != 0)
		return sl_reject(err, SL_MALFORMED, offset,
				 "%s skipped: field %" PRIu32 " runs past the end of its message",
				 what, number);
	return sl_reject(err, SL_MALFORMED, offset, "%s skipped: bytes that are no protobuf field",
			 what);
}

bool wire_finish(struct wire_walk *walk, size_t height, struct sl_attributes *list)
{
	if (SL_LIKELY(sl_builder_finish(&walk->builder, height, list)))
		return true;
	wire_no_memory(walk);
	return false;
}

void *wire_elements(struct wire_walk *walk, const char *field, const char *end, size_t size)
{
	uint32_t tag;
	void *elements;

	read_tag(field, end, &tag);
	/* one more, since the last may be cut */
	elements = sl_arena_alloc(walk->builder.arena, (wire_count(field, end, tag) + 1) * size);
	if (elements == NULL)
		wire_no_memory(walk);
	return elements;
}

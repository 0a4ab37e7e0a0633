/*
 * What a packer hands to a sink: records, each a struct (of this machine) and its bytes.  A block
 *of them stands for itself: it defines every group before a span of it.
 *
 *	group  identity, head, tail: a resource, or a scope of one that stands before
 *	span   the span as its form has it, without its prefix
 *
 * Groups are numbered from 1 on within the block.
 */
#ifndef SINK_PACKED_H
#define SINK_PACKED_H

#include <stddef.h>
#include <stdint.h>

enum { PACKED_SPAN, PACKED_BAD_SPAN /* with text that is no UTF-8 */, PACKED_GROUP };

struct packed {
	uint32_t kind;
	uint32_t group; /* of a span: its scope; of a group: its parent, 0 of a resource */
	size_t len;	/* of the bytes behind */
};

struct packed_group {
	size_t identity, head; /* lengths; the rest is the tail */
	size_t bad_texts;      /* that are no UTF-8 */
	size_t deep_values;
};

#endif

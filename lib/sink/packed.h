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

struct packed {
	size_t group;	   /* of a span: its scope; of a group: its parent, 0 of a resource */
	size_t len;	   /* of the span, or of the identity */
	size_t head, tail; /* lengths, of a group */
	size_t replaced;   /* strings of a group with U+FFFD in them */
	enum { PACKED_SPAN, PACKED_GROUP } kind;
};

#endif

/*
 * What many spans have in common: the resource of a ResourceSpans, the scope of a ScopeSpans.  Both
 * have the same two fields beside their members, in any place and perhaps in several pieces:
 *
 *	message 1 (Resource, InstrumentationScope), schema_url 3
 */
#ifndef WIRE_GROUP_H
#define WIRE_GROUP_H

#include "walk.h"

/* A copy of its bytes, which outlives the input; a zeroed struct is empty. */
struct wire_group {
	struct sl_buffer bytes; /* the message (its pieces put together), then the schema_url */
	size_t message_len;
	bool present;  /* there was a message */
	bool cut;      /* [at, end) ends inside it */
	size_t offset; /* in [at, end) of its first piece */
};

/* Gathers what stands in [at, end), as far as it can be walked.  False: no memory. */
SL_MUST_USE bool wire_group_gather(struct wire_group *group, const char *at, const char *end);
bool wire_group_equal(const struct wire_group *a, const struct wire_group *b);

static inline struct sl_slice wire_group_message(const struct wire_group *group)
{
	return (struct sl_slice){ group->bytes.data, group->message_len };
}

static inline struct sl_slice wire_group_schema_url(const struct wire_group *group)
{
	return (struct sl_slice){ group->bytes.data + group->message_len,
				  group->bytes.len - group->message_len };
}

#endif

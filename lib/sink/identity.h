/* Names of resources and scopes. */
#ifndef SINK_IDENTITY_H
#define SINK_IDENTITY_H

#include "spanline/span.h"

/*
 * By content, names are equal where the contents are: the order of attributes says nothing, nor do
 * the bits of a NaN.  By spelling, where all is the same.
 */
enum identity_kind { IDENTITY_OF_CONTENT, IDENTITY_OF_SPELLING };

/* A zeroed struct is ready; reused from name to name.  Out of memory: bytes.failed. */
struct identity {
	struct sl_buffer bytes;	 /* the last name */
	struct sl_buffer sorted; /* room to put a list in order */
	struct sl_slice *pieces; /* the attributes of the lists that are being written */
	size_t count;
	size_t capacity;
	enum identity_kind kind;
};

void identity_of_resource(struct identity *identity, const struct sl_resource *resource,
			  enum identity_kind kind);
/* Of a scope, whatever its resource. */
void identity_of_scope(struct identity *identity, const struct sl_scope *scope,
		       enum identity_kind kind);
void identity_free(struct identity *identity);

#endif

/* Names of resources and scopes by their content: equal bytes where the contents are equal. */
#ifndef SINK_IDENTITY_H
#define SINK_IDENTITY_H

#include "spanline/span.h"

/* A zeroed struct is ready; reused from name to name.  Out of memory: bytes.failed. */
struct identity {
	struct sl_buffer bytes;	 /* the last name */
	struct sl_buffer sorted; /* room to put a list in order */
	struct sl_slice *pieces; /* the attributes of the lists that are being written */
	size_t count;
	size_t capacity;
};

void identity_of_resource(struct identity *identity, const struct sl_resource *resource);
/* Of a scope within the resource that `parent` stands for. */
void identity_of_scope(struct identity *identity, const struct sl_scope *scope, size_t parent);
void identity_free(struct identity *identity);

#endif

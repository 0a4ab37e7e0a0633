/* What fuzz targets share: input in a block of its own, with the padding that scanners may read. */
#ifndef FUZZ_PADDED_H
#define FUZZ_PADDED_H

#include "spanline/base.h"
#include <stdlib.h>

static inline void demand(bool claim)
{
	if (!claim)
		abort();
}

/* A copy in memory of exactly that size; owned. */
static inline struct sl_slice padded(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + SL_PADDING);

	demand(copy != NULL);
	if (size != 0)
		memcpy(copy, data, size);
	memset(copy + size, 0, SL_PADDING);
	return (struct sl_slice){ copy, size };
}

static inline void padded_free(struct sl_slice copy)
{
	free((char *)(uintptr_t)copy.data);
}

#endif

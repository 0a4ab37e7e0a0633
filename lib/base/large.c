/* Blocks of the size of large pages: a page that is written for the first time is dear, and what
 * lies in many small ones is slow to find. */
#define _DEFAULT_SOURCE /* madvise */
#include "spanline/base.h"
#include <stdlib.h>
#include <sys/mman.h>

void *sl_alloc_large(void)
{
	void *block;

	if (posix_memalign(&block, SL_LARGE_BYTES, SL_LARGE_BYTES) != 0)
		return NULL;
#ifdef MADV_HUGEPAGE
	/* it is as good without them, if slower */
	(void)madvise(block, SL_LARGE_BYTES, MADV_HUGEPAGE);
#endif
	return block;
}

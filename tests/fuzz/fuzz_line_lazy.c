/* Any lines, read lazily: what is said of them is what the general reader says.  The first two
 * bytes choose what is needed. */
#include "lazy_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	struct lazy_oracle oracle;

	if (size < 2)
		return 0;
	oracle_open(&oracle, (unsigned)(data[0] | data[1] << 8) & ORACLE_ALL, NULL, NULL);
	for (at += 2; at < end; at++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;

		if (!oracle_agrees(&oracle, (struct sl_slice){ at, (size_t)(stop - at) }))
			abort();
		at = stop;
	}
	oracle_close(&oracle);
	return 0;
}

/* Any lines, read lazily: what is said of them is what the general reader says, and none is passed
 * over that is wanted.  The first two bytes choose what is needed, and what is wanted. */
#include "lazy_wanted.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	struct outcomes outcomes = { .good = true };
	struct lazy_oracle oracle;
	struct wanted wanted;

	if (size < 2)
		return 0;
	wanted = complete(&usually_wanted[data[1] / 4 % SL_COUNT(usually_wanted)]);
	oracle_open(&oracle, (unsigned)(data[0] | data[1] << 8) & ORACLE_ALL, NULL, NULL);
	for (at += 2; at < end; at++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;

		if (!oracle_agrees(&oracle, (struct sl_slice){ at, (size_t)(stop - at) }))
			abort();
		judge_by(&wanted, (struct sl_slice){ at, (size_t)(stop - at) }, &outcomes);
		if (!outcomes.good)
			abort();
		at = stop;
	}
	oracle_close(&oracle);
	return 0;
}

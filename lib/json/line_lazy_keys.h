/* Many attributes of a line that are looked for at once. */
#ifndef JSON_LINE_LAZY_KEYS_H
#define JSON_LINE_LAZY_KEYS_H

#include "line_lazy.h"

/* Where the values of keys are; a bit for each that was met. */
struct places {
	const char *at[32];
	uint32_t found;
};

/* Behind the last member of the object at `at`; NULL: it is not as it is mostly written.  The
 * places are those of the first member with each key. */
const char *line_lazy_walk_keys(const struct line_lazy *lazy, const char *at,
				const struct sl_key_set *set, struct places *places);

#endif

/* The text that the lines of wanted spans hold: that of an attribute, by its value or its key. */
#ifndef JSON_LINE_NEEDLE_H
#define JSON_LINE_NEEDLE_H

#include "spanline/span.h"

/* Zeroed: nothing is looked for. */
struct line_needle {
	struct sl_attribute_test test;
	struct sl_buffer text; /* owned: the value or the key, with its closing quote */
	bool by_value;
};

/* False: out of memory. */
SL_MUST_USE bool line_needle_init(struct line_needle *needle, const struct sl_attribute_test *test);
void line_needle_free(struct line_needle *needle);

/*
 * From `at`, in the line that begins at `begin` and ends before `end`: the first place where such
 * an attribute may stand, or an escape that may hide it (of ASCII there are but the slash and \u),
 * or the newline; or `end`.
 */
const char *line_needle_find(const struct line_needle *needle, const char *begin, const char *at,
			     const char *end);

/* The same for any text. */
const char *line_scan(const char *at, const char *end, struct sl_slice literal);

#endif

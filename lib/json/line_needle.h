/* The text that the lines of wanted spans hold: that of an attribute, by its value or its key. */
#ifndef JSON_LINE_NEEDLE_H
#define JSON_LINE_NEEDLE_H

#include "spanline/span.h"
#include "spanline/text.h"

/* Zeroed: nothing is looked for. */
struct line_needle {
	struct sl_literal literal; /* the first member: it leads here */
	struct sl_buffer text;	   /* owned: the value or the key, with its closing quote */
	struct sl_attribute_test test;
};

/* False: out of memory. */
SL_MUST_USE bool line_needle_init(struct line_needle *needle, const struct sl_attribute_test *test);
void line_needle_free(struct line_needle *needle);

/* In the line at `at`, which ends before `end`: the first place where such an attribute may stand,
 * or an escape that may hide it, or the newline; or `end`. */
static inline const char *line_needle_find(const struct line_needle *needle, const char *at,
					   const char *end)
{
	return sl_scan_literal(at, end, &needle->literal);
}

#endif

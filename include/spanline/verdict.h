/*
 * What sets two sets of traces apart, as text and documents: the forms of trace-diff --to.  Names
 * of the input are harmless in every form.
 */
#ifndef SPANLINE_VERDICT_H
#define SPANLINE_VERDICT_H

#include "spanline/contrast.h"

/* All borrowed. */
struct sl_verdict_options {
	struct sl_slice names[SL_SET_COUNT]; /* of the sets */
	double alpha;
	uint64_t top; /* so many rows; 0: all; UINT64_MAX: as many as the form shows */
	size_t width; /* cells of a line */
	bool ascii;
};

/* The name of a form and a line about it; NULL behind the last. */
const char *sl_verdict_form(size_t index, const char **help);
/* Appends the result in the form of that name.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_verdict_write(const char *form,
					    const struct sl_verdict_options *options,
					    const struct sl_contrast_result *result,
					    struct sl_buffer *out, struct sl_error *err);

#endif

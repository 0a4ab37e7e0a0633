/*
 * What trace-tree does with the traces that are shown: they are drawn, each output in its form, and
 * what is found out about the others is kept for that.
 */
#ifndef SPANLINE_DRAWING_H
#define SPANLINE_DRAWING_H

#include "spanline/cli.h"
#include "spanline/render.h"
#include "spanline/show.h"

/* As the command's options fill it. */
struct sl_drawing_options {
	struct sl_outputs to; /* none: text */
	const char *colour;   /* "auto", "always" or "never" */
	/* Which traces; 0 and false where it was not said. */
	uint64_t slowest, first;
	bool all, errors;
	uint64_t rows;	/* UINT64_MAX: not said; 0: all */
	uint64_t width; /* 0: the output's */
	bool links;	/* the traces that they lead to are shown */
	bool gated;	/* the run fails by what is found */
	struct sl_render_options how;
};

struct sl_drawing;

/*
 * Says to *show which traces are wanted and what is done with them; `wanted` and `traces` of it
 * are filled in.  Both are borrowed until the drawing is closed, which is owned.  Dies of options
 * that contradict each other.  SL_FAILED: memory.
 */
SL_MUST_USE enum sl_status sl_drawing_open(struct sl_drawing **drawing,
					   struct sl_drawing_options *options, struct sl_show *show,
					   struct sl_error *err);
/* Traces that fail the run. */
uint64_t sl_drawing_failed(const struct sl_drawing *drawing);
void sl_drawing_close(struct sl_drawing *drawing);

#endif

/* The rows of a waterfall: spans in the order of the tree, with what is folded and left out. */
#ifndef RENDER_ROWS_H
#define RENDER_ROWS_H

#include "view.h"

enum row_kind {
	ROW_SPAN,
	ROW_FOLD,    /* siblings that are alike, with all that stands below them */
	ROW_MISSING, /* a parent that is not in the input */
};

#define NO_ROW UINT32_MAX

struct row {
	enum row_kind kind;
	uint32_t node; /* the span; the first that is folded; the first orphan of the missing one */
	uint32_t count; /* spans that it stands for, without those below them */
	uint32_t depth;
	uint32_t parent; /* a row before this, or NO_ROW */
	bool last;	 /* of its siblings that are shown */
	bool shown;
};

/* In the arena of the view. */
struct rows {
	struct row *items;
	uint32_t count;
	uint32_t shown; /* rows that the limit leaves */
	uint32_t
		*next_alike; /* by node: the next that is folded into the same row, or SL_NO_SPAN */
	uint32_t hidden;     /* spans that options leave out */
};

SL_MUST_USE enum sl_status rows_build(struct rows *rows, const struct view *view,
				      struct sl_error *err);
/* Leaves `limit` rows at most (0: all): what failed, what is on the critical path and what took
 * long, each with all that stands above it. */
SL_MUST_USE enum sl_status rows_limit(struct rows *rows, const struct view *view, uint64_t limit,
				      struct sl_error *err);

#endif

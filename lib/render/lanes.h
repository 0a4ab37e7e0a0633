/* Lanes in which spans lie within each other or side by side, and never overlap. */
#ifndef RENDER_LANES_H
#define RENDER_LANES_H

#include "view.h"

/* By node, in the arena; lanes are numbered from 0 within each service.  A child is in the lane of
 * its parent where it can be. */
SL_MUST_USE enum sl_status lanes_assign(const struct view *view, uint32_t **lanes,
					struct sl_error *err);

#endif

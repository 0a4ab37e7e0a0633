/* Lines of a summary, from wherever they come. */
#ifndef JUDGE_LOADING_H
#define JUDGE_LOADING_H

#include "spanline/judge.h"

/* Adds the whole lines at the start of the buffer; what is behind them moves there. */
void loading_add_lines(struct sl_loading *loading, const char *path, uint64_t *number,
		       struct sl_buffer *bytes);

#endif

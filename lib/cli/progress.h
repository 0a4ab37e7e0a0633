/* The line on a terminal that says how far long work has come. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "spanline/cli.h"

/* Begins the work; total_bytes 0: unknown; `ask` may be NULL (struct sl_reading).  Nothing is shown
 * in the first second, or if not `wanted`, or where stderr is no terminal. */
void progress_start(bool wanted, uint64_t total_bytes, struct sl_progress (*ask)(void));
void progress_update(uint64_t bytes, uint64_t spans);
/* Erases the line: before other text on stderr, and at the end. */
void progress_hide(void);
/* Seconds since progress_start. */
double progress_seconds(void);

#endif

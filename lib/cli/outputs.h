/* The outputs of a command that writes several forms, as options, reading and help handle them. */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "spanline/cli.h"

/* One more FORM[:FILE] for row->outputs, or dies with what is wrong with it. */
void outputs_add(const struct sl_option *row, const char *argument);
/* Opens all, what names no file at `main_path` (NULL: stdout), or dies and leaves nothing behind.
 */
void outputs_open(struct sl_outputs *outputs, const char *main_path, enum sl_codec codec);
/* All of them; SL_FAILED: one could not be written, err says which.  Not whole: what has a file is
 * not put in place. */
SL_MUST_USE enum sl_status outputs_close(struct sl_outputs *outputs, bool whole,
					 struct sl_error *err);

#endif

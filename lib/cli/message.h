/* What the files of this room know of messages. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "spanline/base.h"
#include <stddef.h>

/* The command's name for messages; borrowed for ever. */
void message_name(const char *name);

/* `text` with all that could steer a terminal, and invalid UTF-8, as \xNN or \uNNNN; cut where it
 * does not fit.  Terminated. */
void message_mask(char *out, size_t size, struct sl_slice text);

#endif

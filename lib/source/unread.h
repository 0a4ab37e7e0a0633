/* Formats that are known by their first bytes and not read here. */
#ifndef SOURCE_UNREAD_H
#define SOURCE_UNREAD_H

#include "plausible.h"

/* Yes: err says what it is and what to do about it; open: it may be one of them. */
enum verdict unread_begins(struct sl_slice start, struct sl_error *err);

/* What text it is that holds no JSON; fills err. */
enum sl_status unread_text(struct sl_slice start, struct sl_error *err);

/* So much of a document is looked at. */
enum { FOREIGN_LOOK_BYTES = 64 * 1024 };

#endif

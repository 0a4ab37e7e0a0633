/*
 * Dead letters: spans that were not delivered, appended to a file as span lines, and to a second
 * one, FILE.reasons, why: an object a request.  Both are for their owner's eyes only.
 */
#ifndef DELIVER_LETTERS_H
#define DELIVER_LETTERS_H

#include "spanline/net.h"

struct letters;
/* *letters is owned.  SL_FAILED: err names the file. */
SL_MUST_USE enum sl_status letters_open(struct letters **letters, const char *path,
					struct sl_error *err);
/* `outcome` is the column of the account. */
SL_MUST_USE enum sl_status letters_add(struct letters *letters, struct sl_slice request,
				       const char *outcome, const struct sl_answer *answer,
				       struct sl_error *err);
/* All that was added is on the disk. */
SL_MUST_USE enum sl_status letters_sync(struct letters *letters, struct sl_error *err);
/* Also of NULL. */
void letters_free(struct letters *letters);

#endif

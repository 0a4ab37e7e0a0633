/* What the files of this room share of what is read a second time. */
#ifndef IO_SPOOL_H
#define IO_SPOOL_H

#include "spanline/io.h"

/* stdin is opened; what is regular need not be kept. */
void spool_begin(struct sl_spool *spool, bool is_regular);
/* What is read is to be handed to spool_keep. */
bool spool_keeps(const struct sl_spool *spool);
/* SL_FAILED: no memory. */
SL_MUST_USE enum sl_status spool_keep(struct sl_spool *spool, struct sl_slice bytes,
				      struct sl_error *err);
/* Nothing follows what was kept: a terminal, asked again, would go on. */
void spool_end(struct sl_spool *spool);
bool spool_has_ended(const struct sl_spool *spool);
/* Bytes to be read again before stdin is; 0 where they are not here. */
uint64_t spool_len(const struct sl_spool *spool);
/* Where in stdin, if it is regular, its first byte was. */
uint64_t spool_start(const struct sl_spool *spool);
/* At most *len bytes (not 0) from an offset on that is less than spool_len; *len is how many. */
SL_MUST_USE enum sl_status spool_read(struct sl_spool *spool, uint64_t offset, char *into,
				      size_t *len, struct sl_error *err);
/* The same of a regular file.  SL_END: it is shorter now. */
SL_MUST_USE enum sl_status spool_read_at(int fd, uint64_t offset, char *into, size_t *len,
					 struct sl_error *err);

#endif

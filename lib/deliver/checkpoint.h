/*
 * How far an earlier run came, as a file of one line:
 *
 *	spanline-checkpoint 1 HASH SPANS LF
 *
 * HASH (16 hex digits) stands for inputs and options, SPANS counts those that are settled, from the
 * first one on in the order in which they are sent.
 */
#ifndef DELIVER_CHECKPOINT_H
#define DELIVER_CHECKPOINT_H

#include "spanline/deliver.h"

/* Replaces the file in one step, and not before what is in it is on the disk.  SL_FAILED: err names
 * it. */
SL_MUST_USE enum sl_status checkpoint_write(const char *path, uint64_t inputs, uint64_t spans,
					    struct sl_error *err);

#endif

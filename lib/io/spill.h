/* What the files of this room share of files without a name. */
#ifndef IO_SPILL_H
#define IO_SPILL_H

#include "spanline/io.h"

/* A new file for reading and writing; -1: errno says why not. */
int spill_create(const char *directory);

#endif

/* Times and durations of flat records. */
#ifndef FOREIGN_FLAT_TIMES_H
#define FOREIGN_FLAT_TIMES_H

#include "flat.h"

/* `raw` is JSON: a number, or a string with a number, or with a time as RFC 3339 has it.  False:
 * none of these, or before 1970. */
bool flat_time(struct sl_slice raw, enum flat_unit unit, uint64_t *ns);
/* The same with a duration as TraceQL has it. */
bool flat_duration(struct sl_slice raw, enum flat_unit unit, uint64_t *ns);

#endif

/* What the parts that read `exact` share: where a pointer points, and whether an entry still fits.
 */
#ifndef JSON_EXACT_READ_H
#define JSON_EXACT_READ_H

#include "line_read.h"

/* What a JSON Pointer points at; all NULL: nothing that an entry could speak of. */
struct exact_place {
	struct sl_slice *text;
	struct sl_attributes *list;
	struct sl_value *value;
};

/* False: no memory. */
bool find_place(struct line_reader *reader, const struct line_shape *shape, void *object,
		struct sl_slice pointer, struct exact_place *place);

/* The value of an entry, which the cursor stands on.  SL_FAULT_REFUSED: it is none. */
bool read_entry(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		struct sl_value *value);

/* `shown` is what plain JSON shows of `typed`.  False may also mean SL_FAULT_MEMORY. */
bool shows(struct line_reader *reader, struct sl_cursor *cursor, const struct sl_value *typed,
	   const struct sl_value *shown);

#endif

/* Flat records: the names of fields, and what they mean. */
#ifndef FOREIGN_FLAT_H
#define FOREIGN_FLAT_H

#include "others.h"

enum flat_field {
	FLAT_TRACE_ID,
	FLAT_SPAN_ID,
	FLAT_PARENT_SPAN_ID,
	FLAT_NAME,
	FLAT_SERVICE,
	FLAT_KIND,
	FLAT_STATUS,
	FLAT_STATUS_MESSAGE,
	FLAT_ERROR, /* any value but none, false and "" says that there was one */
	FLAT_START,
	FLAT_END,
	FLAT_DURATION,
	FLAT_TRACE_STATE,
	FLAT_SCOPE_NAME,
	FLAT_SCOPE_VERSION,
	FLAT_FLAGS,
	FLAT_ATTRIBUTES, /* an object of them */
	FLAT_RESOURCE,	 /* likewise */
	FLAT_RECORD,	 /* an object in which names have their meaning, too */
	FLAT_EVENTS,	 /* arrays of objects */
	FLAT_LINKS,
	FLAT_ANNOTATION, /* says that the record is no span */
	FLAT_FIELD_COUNT
};

/* Of a time or duration: as a power of ten of a second; AUTO of a time: what its size says. */
enum flat_unit { FLAT_AUTO = 1, FLAT_S = 0, FLAT_MS = -3, FLAT_US = -6, FLAT_NS = -9 };

struct flat_name {
	struct sl_slice name;
	enum flat_field field;
	enum flat_unit unit;
};

struct flat_record {
	struct sl_span span;
	struct foreign_tags tags;
	struct sl_slice service, resource; /* raw JSON */
	uint64_t duration;
	bool has_start, has_end, has_duration;
	bool is_annotation;
	unsigned depth;
};

/* flat_values.c: fields whose value is a plain one; false: it is none for the field. */
bool flat_set(struct flat_record *record, enum flat_field field, const struct sl_value *value);

/* flat_names.c */
/* What the name means, by the user's names and then by the table of all; NULL: an attribute. */
const struct flat_name *flat_find(const struct sl_foreign_reader *reader, struct sl_slice name);
/* By the table alone. */
const struct flat_name *flat_known(struct sl_slice name);

#endif

/*
 * The fields of OTLP/JSON messages: tables of their keys, and the walk over an object that finds
 * each key's row.
 */
#ifndef JSON_OTLP_FIELDS_H
#define JSON_OTLP_FIELDS_H

#include "scanner.h"

/* What stands in a field, and so how it is read. */
enum field_type {
	FIELD_STRING,	/* struct sl_slice */
	FIELD_STRINGS,	/* struct sl_slice * and its count */
	FIELD_TRACE_ID, /* struct sl_slice */
	FIELD_SPAN_ID,
	FIELD_U64,
	FIELD_U32,
	FIELD_KIND, /* int32_t, as the two below */
	FIELD_STATUS_CODE,
	FIELD_SEVERITY,
	FIELD_ATTRIBUTES, /* struct sl_attributes */
	FIELD_EVENTS,	  /* struct sl_event * and its count */
	FIELD_LINKS,
	FIELD_ENTITY_REFS,
	FIELD_STATUS, /* an object whose fields are the span's */
	FIELD_OLD_STATUS,
	FIELD_VALUE,	    /* struct sl_value: an AnyValue */
	FIELD_ELEMENTS,	    /* the same in an array: struct sl_attributes */
	FIELD_VALUE_STRING, /* the rest are the types of an AnyValue: struct sl_value */
	FIELD_VALUE_BOOL,
	FIELD_VALUE_INT,
	FIELD_VALUE_DOUBLE,
	FIELD_VALUE_BYTES,
	FIELD_VALUE_ARRAY,
	FIELD_VALUE_KVLIST,
	FIELD_VALUE_INDEX, /* a string by its place in a table */
	FIELD_VALUE_GO,	   /* the types once more, as Go prints its structs */
	FIELD_RESOURCE,	   /* of the walk over requests, see otlp_walk.c */
	FIELD_SCOPES,
	FIELD_SCOPE,
	FIELD_RECORDS,
	FIELD_SCHEMA_URL,
};

enum { LONGEST_KEY = 30 };

struct field {
	char text[LONGEST_KEY +
		  2];	   /* the key, a quote and a colon, as they stand in compact JSON */
	uint8_t len;	   /* of text */
	uint8_t type;	   /* enum field_type */
	uint8_t departure; /* the note that goes with this key, or SL_NOTE_COUNT */
	uint8_t offset;	   /* of what it fills; two keys of one offset are the same field */
};

#define FIELD_ODD(key, type, offset, departure)                                                    \
	{                                                                                          \
		key "\":", sizeof(key "\":") - 1, (type), (departure), (uint8_t)(offset)           \
	}
#define FIELD(key, type, offset) FIELD_ODD(key, type, offset, SL_NOTE_COUNT)

/* Fields stand in the order in which they are usually written. */
struct message {
	const struct field *fields;
	size_t count;
	bool one_of; /* the last of the fields counts, not the first */
};

#define MESSAGE(rows)                                                                              \
	{                                                                                          \
		(rows), SL_COUNT(rows), false                                                      \
	}

/* A walk over one object; zeroed but for `message` it is at the object's '{'. */
struct members {
	const struct message *message;
	size_t next;   /* the row that is likely to come */
	uint64_t seen; /* a bit for each field, by offset */
	bool begun;
};

/*
 * The next field that the message knows and that is not null: its row, and the cursor at its value.
 * Unknown keys are skipped; snake_case, departures and repeated keys are noted.  NULL: the cursor
 * is behind '}', or there is a fault.
 */
const struct field *next_field(struct cursor *cursor, struct members *members);

/* snake_case to lowerCamelCase in `out`: true where the key has a '_' and fits `room`. */
bool camel_key(struct sl_slice key, char *out, size_t room, size_t *len);

#endif

/*
 * The fields of OTLP/JSON messages: tables of their keys, and the walk over an object that finds
 * each key's row.
 */
#ifndef JSON_OTLP_FIELDS_H
#define JSON_OTLP_FIELDS_H

#include "spanline/json.h"
#include "spanline/scan.h"

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
	FIELD_ATTRIBUTES,      /* struct sl_attributes */
	FIELD_SPAN_ATTRIBUTES, /* struct sl_span: as text, if that will do */
	FIELD_EVENTS,	       /* struct sl_event * and its count */
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

enum { LONGEST_KEY = 28 };

struct field {
	char text[LONGEST_KEY + 4]; /* `"key":`, as it stands in compact JSON */
	uint64_t bit;	   /* two keys of one offset are the same field, and have the same bit */
	uint8_t len;	   /* of text */
	uint8_t type;	   /* enum field_type */
	uint8_t departure; /* the note that goes with this key, or SL_NOTE_COUNT */
	uint8_t offset;	   /* of what it fills, a multiple of 4 */
};

#define FIELD_BIT(offset) (UINT64_C(1) << ((offset) / 4))
#define FIELD_ODD(key, type, offset, departure)                                                    \
	{                                                                                          \
		"\"" key "\":", FIELD_BIT(offset), sizeof(key) - 1 + 3, (type), (departure),       \
			(uint8_t)(offset)                                                          \
	}
#define FIELD(key, type, offset) FIELD_ODD(key, type, offset, SL_NOTE_COUNT)

/* Fields stand in the order in which they are usually written. */
struct message {
	const struct field *fields, *behind;
	bool one_of; /* the last of the fields counts, not the first */
};

#define MESSAGE(rows)                                                                              \
	{                                                                                          \
		(rows), (rows) + SL_COUNT(rows), false                                             \
	}

/* A walk over one object, from its '{' on. */
struct members {
	const struct message *message;
	const struct field *likely; /* the row that comes next, if nothing is left out */
	uint64_t seen;		    /* bits of fields */
	bool begun;
};

static inline struct members members_of(const struct message *message)
{
	return (struct members){ message, message->fields, 0, false };
}

/* `len` is at least 6: two quotes, a colon, and a key of three letters. */
static inline bool same_text(const char *at, const char *text, size_t len)
{
	if (sl_load_4(at) != sl_load_4(text))
		return false;
	if (len < 8)
		return sl_load_4(at + len - 4) == sl_load_4(text + len - 4);
	if (sl_load_8(at) != sl_load_8(text) ||
	    sl_load_8(at + len - 8) != sl_load_8(text + len - 8))
		return false;
	if (len <= 16 || sl_load_8(at + 8) != sl_load_8(text + 8))
		return len <= 16;
	return len <= 24 || sl_load_8(at + 16) == sl_load_8(text + 16);
}

/*
 * The next field that the message knows and that is not null: its row, and the cursor at its value.
 * Unknown keys are skipped; snake_case, departures and repeated keys are noted.  NULL: the cursor
 * is behind '}', or there is a fault.
 */
const struct field *next_field(struct sl_cursor *cursor, struct members *members);

/* The same, if the next member of compact JSON is one that is likely; else NULL, and the cursor has
 * not moved. */
static inline const struct field *next_likely_field(struct sl_cursor *cursor,
						    struct members *members)
{
	const struct field *field = members->likely, *behind = members->message->behind;
	const char *at = cursor->at;

	if (SL_UNLIKELY(!sl_cursor_left(cursor, LONGEST_KEY + 5) ||
			*at != (members->begun ? ',' : '{')))
		return NULL;
	at++;
	while (field < behind && !same_text(at, field->text, field->len))
		field++;
	if (field == behind)
		return NULL;
	at += field->len;
	if (SL_UNLIKELY(*at <= ' ' || *at == 'n' || field->departure != SL_NOTE_COUNT ||
			(members->seen & field->bit) != 0))
		return NULL;
	members->begun = true;
	members->seen |= field->bit;
	members->likely = field + 1;
	cursor->at = at;
	return field;
}

/* A row has this key, or the one that it is in lowerCamelCase. */
bool message_has(const struct message *message, struct sl_slice key);

/* snake_case to lowerCamelCase in `out`: true where the key has a '_' and fits `room`. */
bool camel_key(struct sl_slice key, char *out, size_t room, size_t *len);

#endif

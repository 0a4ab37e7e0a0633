/*
 * What the parts of the span line reader share: tables that say which keys an object may have, and
 * one loop that reads an object by its table.
 */
#ifndef JSON_LINE_READ_H
#define JSON_LINE_READ_H

#include "key_index.h"
#include "line.h"

/* What `exact` may say of a field. */
enum exact_target {
	EXACT_NOTHING,
	EXACT_TEXT,	   /* struct sl_slice */
	EXACT_ATTRIBUTES,  /* struct sl_attributes */
	EXACT_ENTITY_REFS, /* struct line_entity_refs */
};

/* A key of an object: `read` finds the cursor on its value, which is not null, and leaves it
 * behind; `into` is what stands at `offset` in the struct of the object. */
struct line_field {
	struct sl_slice key;
	bool (*read)(struct line_reader *reader, struct sl_cursor *cursor, void *into);
	size_t offset;
	enum exact_target exact;
};

#define NO_EXACT SIZE_MAX
#define LINE_KEY(text)                                                                             \
	{                                                                                          \
		(text), sizeof(text) - 1                                                           \
	}

struct line_shape {
	const struct line_field *fields;
	size_t count; /* at most 32 */
	size_t exact; /* offset of the slice that read_raw fills for it, or NO_EXACT */
};

struct line_nanos {
	bool given;
	uint64_t ns;
};

/* Of the line itself. */
extern const struct line_field line_fields[LINE_KEY_COUNT];

/* What a line says, as far as it is not yet a span. */
struct line_record {
	struct sl_span span;
	const char *begin;		    /* of the line, where notes on all of it belong */
	struct sl_slice service;	    /* data is NULL where the line has none */
	struct sl_slice start, duration_ms; /* likewise */
	struct line_nanos start_nanos, end_nanos;
	bool has_scope, has_resource;
	struct sl_slice exact; /* its JSON text, where there is one */
};

/* Owned items of one size, kept from line to line. */
struct line_list {
	void *items;
	size_t capacity;
};

struct line_entity_refs {
	struct sl_entity_ref *items; /* of `list` */
	size_t count;
	struct line_list list;
};

/* An object that is kept as long as lines have the same text of it. */
struct kept_object {
	const struct line_shape *shape;
	void *object;	       /* what is read from it, all of it in `arena` */
	struct sl_buffer text; /* a copy, and SL_PADDING behind it */
	size_t len;	       /* 0: nothing is kept */
	struct sl_arena arena;
};

struct line_scope {
	struct sl_scope scope;
	struct sl_slice exact;
};

struct line_resource {
	struct sl_resource resource;
	struct line_entity_refs entity_refs;
	struct sl_slice exact;
};

/* What the last span had. */
struct line_origin {
	struct kept_object kept_scope, kept_resource;
	struct line_scope scope;
	struct sl_scope no_scope;
	struct line_resource message; /* as `resource` says, without `service` */
	/* the two together */
	struct sl_resource resource;
	struct line_list attributes;
	struct sl_buffer service;
	bool is_current, has_message, has_service;
};

struct line_reader {
	unsigned max_depth;
	bool strict;
	struct sl_notes *notes;
	uint64_t last_serial;
	struct sl_arena arena; /* of the line */
	struct sl_builder builder;
	struct line_record record;
	struct line_list events, links;
	struct line_list texts; /* a list of strings while it is read */
	struct line_origin origin;
	/* while `exact` is applied */
	struct key_index keys;
	struct sl_buffer scratch;
	char problem[128];
};

/*
 * Reads the object that the cursor stands on; *given has a bit for each field of the shape that had
 * a value, and GIVEN_UNKNOWN if there were other keys.  Its `exact` has been applied.
 */
#define GIVEN_UNKNOWN (UINT64_C(1) << 63)
bool read_object(struct line_reader *reader, struct sl_cursor *cursor,
		 const struct line_shape *shape, void *object, uint64_t *given);

/* Values of `read`. */
bool read_text(struct line_reader *reader, struct sl_cursor *cursor, void *slice);
bool read_hex(struct line_reader *reader, struct sl_cursor *cursor, void *slice);
bool read_count(struct line_reader *reader, struct sl_cursor *cursor, void *u32);
bool read_number_text(struct line_reader *reader, struct sl_cursor *cursor, void *slice);
bool read_nanos(struct line_reader *reader, struct sl_cursor *cursor, void *nanos);
bool read_time(struct line_reader *reader, struct sl_cursor *cursor, void *ns);
bool read_raw(struct line_reader *reader, struct sl_cursor *cursor, void *slice);
bool read_attributes(struct line_reader *reader, struct sl_cursor *cursor, void *attributes);
bool read_events(struct line_reader *reader, struct sl_cursor *cursor, void *span);
bool read_links(struct line_reader *reader, struct sl_cursor *cursor, void *span);
bool read_scope(struct line_reader *reader, struct sl_cursor *cursor, void *given);
bool read_entity_refs(struct line_reader *reader, struct sl_cursor *cursor, void *entity_refs);
bool read_resource(struct line_reader *reader, struct sl_cursor *cursor, void *given);

/* Item i of the list, which has i items or more; NULL: no memory. */
void *list_item(struct line_list *list, size_t i, size_t size);

/* The times, from whichever fields there are. */
void find_times(struct line_record *record, bool *has_start, bool *has_end);
/* Whether the derived fields say the same. */
bool times_agree(const struct line_record *record);

bool is_number(const struct sl_cursor *cursor);

/* A plain value inside `depth` arrays and objects; of those allowed, the inmost become empty. */
bool read_plain_value(struct line_reader *reader, struct sl_cursor *cursor, unsigned depth,
		      struct sl_value *value);

void origin_open(struct line_reader *reader);
void origin_close(struct line_reader *reader);
/* Gives the span its scope and resource: those of the last span, unless the line differs. */
bool settle_origin(struct line_reader *reader, struct sl_cursor *cursor,
		   struct line_record *record);

/* Applies the entries of the object `exact` to the object that it stands in. */
bool apply_exact(struct line_reader *reader, struct sl_cursor *cursor,
		 const struct line_shape *shape, void *object);

#endif

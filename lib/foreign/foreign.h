/* What the readers of this room share: the state of one, and how they take fields from JSON. */
#ifndef FOREIGN_PRIVATE_H
#define FOREIGN_PRIVATE_H

#include "spanline/foreign.h"
#include "spanline/scan.h"

/* keys.c: the keys that tell formats and their parts, a bit each */
enum foreign_key {
	KEY_OTLP = 1 << 0, /* only OTLP or a span line has it */
	KEY_TRACE_ID_BIG = 1 << 1,
	KEY_SPAN_ID_BIG = 1 << 2,
	KEY_SPANS = 1 << 3,
	KEY_PROCESSES = 1 << 4,
	KEY_PROCESS = 1 << 5,
	KEY_OPERATION_NAME = 1 << 6,
	KEY_TRACE_ID = 1 << 7,
	KEY_SPAN_ID = 1 << 8,
	KEY_ID = 1 << 9,
	KEY_TRACE_ID_LOW = 1 << 10,
	KEY_DATA = 1 << 11,
	KEY_HITS = 1 << 12,
	KEY_SOURCE = 1 << 13,
	KEY_RESULT = 1 << 14,
	KEY_TOTAL = 1 << 15,
	KEY_LIMIT = 1 << 16,
	KEY_OFFSET = 1 << 17,
	KEY_SPAN_CONTEXT = 1 << 18,
	KEY_CONTEXT = 1 << 19,
	KEY_START_TIME = 1 << 20,
	KEY_TRACES = 1 << 21,
	KEY_ROOT = 1 << 22, /* of a trace: the names of its root, or spans that were found */
	KEY_SNAKE_TRACE_ID = 1 << 23,
	KEY_SNAKE_SPAN_ID = 1 << 24,
	KEY_PARENT_ID = 1 << 25,
	KEY_META = 1 << 26, /* or metrics, or the other keys that only Datadog has */
	KEY_DURATION = 1 << 27,
	KEY_BODY = 1 << 28,
	KEY_IS_BASE64 = 1 << 29,
};
/* 0: a key that tells nothing. */
unsigned foreign_key(struct sl_slice key);

/* What makes an object a record, and what in it leads to more of them. */
struct foreign_format {
	unsigned wrappers; /* keys whose values hold records */
	unsigned records;  /* any of these: it is a record */
	bool whole_lists;  /* an array of objects is one record */
	/* Reads the value at the cursor; false: the cursor has a fault. */
	bool (*read)(struct sl_foreign_reader *reader);
	/* The object at the cursor is a record, or a part of one with which reading can go on. */
	bool (*resumes)(unsigned keys);
};
extern const struct foreign_format foreign_formats[SL_FOREIGN_COUNT];

/* A list in the making; its memory is kept for the next one. */
struct foreign_list {
	char *items;
	size_t count, capacity;
};

struct foreign_loss {
	size_t offset;
	enum sl_fault fault;
	bool departure;
	const char *problem;
};

/* origins.c: scopes and resources, found again by the text that they were made of */
enum origin_kind { ORIGIN_NONE, ORIGIN_SCOPE, ORIGIN_SERVICE, ORIGIN_RESOURCE, ORIGIN_MADE_SCOPE };

struct origin {
	uint64_t hash;
	enum origin_kind kind; /* none: a free slot */
	struct sl_slice text;
	void *made;
};

struct origins {
	struct sl_arena arena;
	struct origin *slots;
	size_t count, capacity; /* capacity: a power of two, or 0 */
	uint64_t last_serial;
};

struct sl_foreign_reader {
	struct sl_cursor cursor;
	struct sl_decode_options options;
	unsigned max_depth;
	const struct foreign_format *format;
	struct sl_arena arena; /* of the record that is read */
	struct sl_builder builder;
	struct foreign_list spans; /* struct sl_span */
	size_t handed;
	struct foreign_list losses; /* struct foreign_loss */
	size_t told;
	struct foreign_list pending; /* what a format keeps beside each span */
	struct foreign_list links, events;
	struct foreign_list parts; /* of a record: processes of Jaeger, annotations of Zipkin */
	struct origins origins;
	struct sl_scope no_scope;
	struct sl_resource no_resource;
	const char *first_other;
	const char *records;	       /* the text */
	const char *record, *furthest; /* where the one begins that is read, and what was reached */
	const char *tried;	       /* where reading began, or was taken up again */
	size_t reread;		       /* bytes of it */
	const char *broken_at; /* where the value begins that the cursor's fault is in, or NULL */
	const char *resume_at; /* NULL: the loss is not told yet */
};

/* One of a format's fields: where its value goes. */
struct foreign_member {
	struct sl_slice key;
	bool (*read)(struct sl_foreign_reader *reader, void *field);
	size_t offset; /* of the field in the object that is read */
};
struct foreign_shape {
	const struct foreign_member *members;
	size_t count; /* at most 32 */
};
#define FOREIGN_KEY(text)                                                                          \
	{                                                                                          \
		(text), sizeof(text) - 1                                                           \
	}

/*
 * members.c: all members of the object at the cursor, each to its field.  Others are passed over,
 * null is absent, a value of the wrong type costs its field (noted), the first of two with the same
 * key counts.
 */
bool foreign_members(struct sl_foreign_reader *reader, const struct foreign_shape *shape,
		     void *object);
/* Fields: a string, a list of plain values as struct sl_value, a boolean, µs into ns. */
bool foreign_slice(struct sl_foreign_reader *reader, void *slice);
bool foreign_value(struct sl_foreign_reader *reader, void *value);
bool foreign_flag(struct sl_foreign_reader *reader, void *boolean);
bool foreign_micros(struct sl_foreign_reader *reader, void *ns);
/* The raw text of a value, struct sl_slice. */
bool foreign_raw(struct sl_foreign_reader *reader, void *slice);
/* Ids in hex, with leading zeros where digits are missing; struct sl_slice. */
bool foreign_trace_id(struct sl_foreign_reader *reader, void *slice);
bool foreign_span_id(struct sl_foreign_reader *reader, void *slice);
/* The id of `size` bytes that the text before the cursor is. */
bool foreign_id_of(struct sl_foreign_reader *reader, size_t size, struct sl_slice text,
		   struct sl_slice *id);

/* An item more, zeroed; NULL: out of memory, the cursor has the fault. */
void *foreign_push(struct sl_foreign_reader *reader, struct foreign_list *list, size_t item_size);
/* The items from `first` on go to the arena; false: as above. */
bool foreign_finish(struct sl_foreign_reader *reader, struct foreign_list *list, size_t first,
		    size_t item_size, void **items);
/* An attribute more on the builder; false: as above. */
bool foreign_attribute(struct sl_foreign_reader *reader, struct sl_slice key,
		       const struct sl_value *value);
static inline struct sl_value foreign_string(struct sl_slice text)
{
	return (struct sl_value){ .type = SL_VALUE_STRING, .text = text };
}

/* tags.c: what tags say that are fields of a span here */
struct foreign_tags {
	struct sl_slice scope_name, scope_version;
	struct sl_slice trace_state;
	struct sl_slice message, error_message;
	int32_t kind, status;
	uint32_t dropped_attributes, dropped_events, dropped_links;
	bool error;
	bool error_tells; /* any value of the tag "error" says that there was one */
};
/* True: it is a field; otherwise it is an attribute. */
bool foreign_take_tag(struct foreign_tags *tags, struct sl_slice key, const struct sl_value *value);
/* The span gets these fields; false: no memory, the cursor has the fault. */
bool foreign_settle_tags(struct sl_foreign_reader *reader, const struct foreign_tags *tags,
			 struct sl_span *span);

/* reader.c: a span more, with nothing; NULL: out of memory, as above.  Valid until the next one. */
struct sl_span *foreign_add_span(struct sl_foreign_reader *reader);
/* The record at the cursor is nothing known: noted and passed over. */
bool foreign_other(struct sl_foreign_reader *reader);
/* The same of an object that was read, and turned out to be no span. */
bool foreign_no_span(struct sl_foreign_reader *reader, const char *start);
/* Tells the cursor's fault and moves on to the next object that can be told; false: there is none,
 * or no memory. */
bool foreign_resume(struct sl_foreign_reader *reader);
/* The list of spans has ended; false: where it broke, and reading goes on from there. */
static inline bool foreign_end_list(struct sl_foreign_reader *reader)
{
	if (reader->cursor.fault == SL_FAULT_NONE)
		return true;
	reader->broken_at = reader->cursor.fault_at;
	return false;
}
/* What that object is cannot be read from within a format's lists: read() is to end with this,
 * and is called again there.  False. */
bool foreign_leave(struct sl_foreign_reader *reader);
/* The keys with a meaning of the object at the cursor, which does not move; stops at one of
 * `until`.  *looked: bytes that it took. */
unsigned foreign_keys_of(const struct sl_cursor *cursor, unsigned until, size_t *looked);

/* What was made of this text before; otherwise *made is to be made by the caller in the arena of
 * the origins, with the serial. */
struct origin *foreign_origin(struct sl_foreign_reader *reader, enum origin_kind kind,
			      struct sl_slice text);
uint64_t foreign_serial(struct sl_foreign_reader *reader);
void origins_start(struct origins *origins);
void origins_free(struct origins *origins);
/* The scope of that name; NULL: out of memory, the cursor has the fault. */
const struct sl_scope *foreign_scope(struct sl_foreign_reader *reader, struct sl_slice name,
				     struct sl_slice version);
/* The resource that has this service.name and nothing else; empty: none.  Or as above. */
const struct sl_resource *foreign_service(struct sl_foreign_reader *reader, struct sl_slice name);
/* The resource that `make` reads from this text, which the cursor does not stand on; or as above.
 */
const struct sl_resource *foreign_resource(struct sl_foreign_reader *reader, struct sl_slice text,
					   bool (*make)(struct sl_foreign_reader *reader,
							struct sl_resource *resource));
/* The same for a scope. */
const struct sl_scope *foreign_made_scope(struct sl_foreign_reader *reader, struct sl_slice text,
					  bool (*make)(struct sl_foreign_reader *reader,
						       struct sl_scope *scope));

/* jaeger.c, zipkin.c */
bool jaeger_read(struct sl_foreign_reader *reader);
bool jaeger_resumes(unsigned keys);
bool zipkin_read(struct sl_foreign_reader *reader);
bool zipkin_resumes(unsigned keys);
/* stdouttrace.c, console.c, datadog.c, tempo_search.c, flat.c */
bool stdouttrace_read(struct sl_foreign_reader *reader);
bool stdouttrace_resumes(unsigned keys);
bool console_read(struct sl_foreign_reader *reader);
bool console_resumes(unsigned keys);
bool datadog_read(struct sl_foreign_reader *reader);
bool datadog_resumes(unsigned keys);
bool tempo_search_read(struct sl_foreign_reader *reader);
bool tempo_search_resumes(unsigned keys);
bool flat_read(struct sl_foreign_reader *reader);
bool flat_resumes(unsigned keys);
/* The object at the cursor, which is whole, has the names of ids and times. */
bool flat_tells(const struct sl_cursor *cursor);

#endif

/*
 * The record that everything is about: one span with its scope and its resource, as slices of
 * bytes that a reader owns.  Names are those of opentelemetry/proto/trace/v1/trace.proto 1.11.
 *
 * Strings are raw bytes, never escaped, perhaps not valid UTF-8, perhaps with NUL.  A span and all
 * it points at are borrowed from the reader that gave it, until its next span.
 */
#ifndef SPANLINE_SPAN_H
#define SPANLINE_SPAN_H

#include "spanline/base.h"
#include "spanline/notes.h"

enum sl_value_type {
	SL_VALUE_EMPTY, /* an AnyValue without a value; plain JSON null */
	SL_VALUE_STRING,
	SL_VALUE_BOOL,
	SL_VALUE_INT,
	SL_VALUE_DOUBLE,
	SL_VALUE_ARRAY,
	SL_VALUE_KVLIST,
	SL_VALUE_BYTES,
};

struct sl_attribute;

/* Attributes in wire order, repeated keys included.  Members of an array have no key. */
struct sl_attributes {
	struct sl_attribute *items;
	size_t count;
};

struct sl_value {
	enum sl_value_type type;
	union {
		struct sl_slice text;	   /* SL_VALUE_STRING, SL_VALUE_BYTES */
		struct sl_attributes list; /* SL_VALUE_ARRAY, SL_VALUE_KVLIST */
		int64_t integer;
		double number;
		bool boolean;
	};
};

struct sl_attribute {
	struct sl_slice key;
	struct sl_value value;
};

struct sl_event {
	uint64_t time_unix_nano;
	struct sl_slice name;
	struct sl_attributes attributes;
	uint32_t dropped_attributes_count;
};

struct sl_link {
	struct sl_slice trace_id;
	struct sl_slice span_id;
	struct sl_slice trace_state;
	struct sl_attributes attributes;
	uint32_t dropped_attributes_count;
	uint32_t flags;
};

struct sl_entity_ref {
	struct sl_slice schema_url;
	struct sl_slice type;
	struct sl_slice *id_keys;
	size_t id_key_count;
	struct sl_slice *description_keys;
	size_t description_key_count;
};

/*
 * `present`: the message was there, if only empty.  `serial` names the content: within one reader
 * two that are equal in serial are equal in all, and 0 is never given but in lazy spans.
 */
#define SL_SERIAL_OF_LINES   (UINT64_C(1) << 63) /* set in all that come from span lines */
#define SL_SERIAL_OF_WIRE    (UINT64_C(1) << 62) /* and from protobuf: a source may mix both */
#define SL_SERIAL_OF_FOREIGN (UINT64_C(1) << 61) /* and from the formats of others */

struct sl_scope {
	uint64_t serial;
	bool present;
	struct sl_slice name;
	struct sl_slice version;
	struct sl_slice schema_url; /* of the ScopeSpans */
	struct sl_attributes attributes;
	uint32_t dropped_attributes_count;
};

struct sl_resource {
	uint64_t serial;
	struct sl_slice schema_url; /* of the ResourceSpans */
	struct sl_attributes attributes;
	uint32_t dropped_attributes_count;
	bool present;
	struct sl_entity_ref *entity_refs;
	size_t entity_ref_count;
	/* the one attribute service.name, if it is the only one, a string and valid UTF-8; in
	 * `attributes`, or NULL: set by sl_resource_settle */
	const struct sl_attribute *service;
};

/* SpanKind and StatusCode of trace.proto; other numbers are kept as they are. */
enum {
	SL_KIND_UNSPECIFIED,
	SL_KIND_INTERNAL,
	SL_KIND_SERVER,
	SL_KIND_CLIENT,
	SL_KIND_PRODUCER,
	SL_KIND_CONSUMER,
	SL_KIND_COUNT
};
enum { SL_STATUS_UNSET, SL_STATUS_OK, SL_STATUS_ERROR, SL_STATUS_COUNT };

/* Lower-case names as in span lines ("server", "error"), NULL for unknown numbers. */
const char *sl_kind_name(int32_t kind);
const char *sl_status_name(int32_t code);
/* The number of a lower-case name, or -1. */
int32_t sl_kind_parse(struct sl_slice name);
int32_t sl_status_parse(struct sl_slice name);

struct sl_span {
	struct sl_slice trace_id;	/* raw bytes, 16 if valid */
	struct sl_slice span_id;	/* raw bytes, 8 if valid */
	struct sl_slice parent_span_id; /* empty: none */
	struct sl_slice name;
	struct sl_slice trace_state;
	struct sl_slice status_message;
	int32_t kind;
	int32_t status_code;
	uint64_t start_unix_nano; /* ns since 1970 UTC */
	uint64_t end_unix_nano;
	uint32_t flags;
	uint32_t dropped_attributes_count;
	uint32_t dropped_events_count;
	uint32_t dropped_links_count;
	struct sl_attributes attributes;
	/* Instead of `attributes`, where the options allow it: their plain object as a span line
	 * shows it, of which nothing needs `exact`.  Else empty. */
	struct sl_slice attributes_text;
	struct sl_event *events;
	size_t event_count;
	struct sl_link *links;
	size_t link_count;
	const struct sl_scope *scope;	    /* never NULL */
	const struct sl_resource *resource; /* never NULL */
	/* The document that it was read from, if that is a span line and stands on one line; else
	 * empty. */
	struct sl_slice line;
	/* Set: only what its reader was asked for is filled in, and the rest is reached through
	 * these. */
	const struct sl_lazy *lazy;
};

/* Whose attributes are meant. */
enum sl_owner { SL_OWNER_SPAN, SL_OWNER_RESOURCE, SL_OWNER_SCOPE };

/* Keys that are looked for together, in one pass over the attributes. */
struct sl_key_set {
	/* the shortest first; ASCII, not empty, without '"' and '\\' */
	const struct sl_slice *keys;
	size_t count;	  /* at most 32 */
	uint64_t lengths; /* a bit for each length that there is, all below 64 */
	uint64_t signs;	  /* the SL_KEY_SIGN of each */
	/* by length: the number of the first key that has it */
	const unsigned char *first;
	uint32_t (*needed)(uint32_t met); /* NULL, or of which the values are wanted: bits */
};

/* A bit that tells most other keys from it. */
#define SL_KEY_SIGN(len, first) (UINT64_C(1) << (((len) + 8 * (size_t)(first)) & 63))

/* The number of the key, or set->count. */
static inline size_t sl_key_set_find(const struct sl_key_set *set, struct sl_slice key)
{
	size_t at;

	if (key.len - 1 >= 63 ||
	    SL_LIKELY((set->signs & SL_KEY_SIGN(key.len, (unsigned char)*key.data)) == 0) ||
	    (set->lengths >> key.len & 1) == 0)
		return set->count;
	for (at = set->first[key.len]; at < set->count && set->keys[at].len == key.len; at++)
		if (sl_same_bytes(set->keys[at].data, key.data, key.len))
			return at;
	return set->count;
}

/*
 * What is made of the attributes of a span and its events where they stand: each is borrowed for
 * the call.  `scope` and `resource` are set to texts of which equal ones have equal content (but
 * for the service of a resource); data NULL: there is none.
 */
struct sl_visit {
	void (*attribute)(void *context, bool of_event, struct sl_slice key,
			  const struct sl_value *value);
	void (*event)(void *context, struct sl_slice name);
	/* The length of such a text that was set before and begins at `rest`; 0: none does. */
	size_t (*known)(void *context, enum sl_owner owner, struct sl_slice rest);
	void *context;
	struct sl_slice scope, resource;
};

/*
 * How a reader gives what it has not looked at.  What it gives is borrowed as the span is.  Where
 * the text turns out to be damaged, they say that there is nothing, and the reader tells of it when
 * it is asked for the next span.
 */
struct sl_lazy {
	/* The first attribute with that key; false: there is none. */
	bool (*attribute)(const struct sl_span *span, enum sl_owner owner, struct sl_slice key,
			  struct sl_value *value);
	/* The first attribute of the span itself with each of the keys, see sl_span_find_keys;
	 * false: only the whole span tells. */
	bool (*keys)(const struct sl_span *span, const struct sl_key_set *set,
		     struct sl_value *values, uint32_t *found);
	/* All attributes of the span and of its events, in order.  False: only the whole span
	 * tells, and what was given so far does not count; so where there are links. */
	bool (*visit)(const struct sl_span *span, struct sl_visit *visit);
	/* The same span with everything filled in; NULL: damaged, or no memory. */
	const struct sl_span *(*whole)(const struct sl_span *span);
	/* One of these has found that it is. */
	bool (*damaged)(const struct sl_span *span);
	/* Whether it has, or may have, events or links. */
	bool (*has_lists)(const struct sl_span *span);
	/* The same of links alone. */
	bool (*has_links)(const struct sl_span *span);
};

/* The first attribute with that key, service.name of lines included; false: there is none. */
bool sl_span_attribute(const struct sl_span *span, enum sl_owner owner, struct sl_slice key,
		       struct sl_value *value);
/* The first attribute of the span itself with each of the keys: values[i] is that of keys[i] where
 * bit i of what is returned is set. */
uint32_t sl_span_find_keys(const struct sl_span *span, const struct sl_key_set *set,
			   struct sl_value *values);
/* The text of service.name; empty where there is none, or it is no string. */
struct sl_slice sl_span_service(const struct sl_span *span);
/* The span with everything filled in; NULL only where `lazy` is set. */
const struct sl_span *sl_span_whole(const struct sl_span *span);
/* Whether the whole span may have events or links; cheaper than to reach for them. */
static inline bool sl_span_has_lists(const struct sl_span *span)
{
	return span->lazy == NULL || span->lazy->has_lists(span);
}
static inline bool sl_span_has_links(const struct sl_span *span)
{
	return span->lazy != NULL ? span->lazy->has_links(span) : span->link_count != 0;
}
/* What was reached so far has shown that the span is damaged: it is not to be passed on, as its
 * reader will tell that it is lost. */
bool sl_span_damaged(const struct sl_span *span);

/* to - from, as far as an int64 holds it: below 0 where `to` is before `from`. */
static inline int64_t sl_difference_ns(uint64_t from, uint64_t to)
{
	uint64_t distance = to - from;

	if (to >= from)
		return distance <= INT64_MAX ? (int64_t)distance : INT64_MAX;
	return from - to <= INT64_MAX ? -(int64_t)(from - to) : INT64_MIN;
}

/* Below 0 where a span ends before it starts. */
static inline int64_t sl_span_duration_ns(const struct sl_span *span)
{
	return sl_difference_ns(span->start_unix_nano, span->end_unix_nano);
}

/* The span that has nothing: all zero, with an absent scope and resource. */
extern const struct sl_span sl_span_empty;

/*
 * Spans that outlive their reader, as those of a trace must: deep copies in an arena.  Scopes and
 * resources that are equal are copied once and shared, with the serial of the first.  A copier is
 * for the spans of one reader.  A zeroed struct with an arena is ready; when the arena is emptied,
 * all but `arena` must be zeroed again.
 */
struct sl_span_origin {
	uint64_t hash;
	const void *copy; /* NULL: a free slot */
};

struct sl_span_origins {
	struct sl_span_origin *slots; /* in the arena */
	size_t count;
	size_t capacity; /* a power of two, or 0 */
	uint64_t last_serial;
	const void *last; /* its copy, or NULL */
};

struct sl_span_copier {
	struct sl_arena *arena;
	struct sl_slice lasting; /* what a span borrows of these bytes is not copied */
	struct sl_slice trace_id;
	struct sl_span_origins scopes;
	struct sl_span_origins resources;
};

/* The whole span (sl_span_whole) with all that it points at; `lazy` is NULL, and if they are copied
 * `line` and `attributes_text` are followed by SL_PADDING bytes.  NULL: no memory, the arena is at
 * its limit, or what was not looked at before is damaged. */
SL_MUST_USE const struct sl_span *sl_span_copy(struct sl_span_copier *copier,
					       const struct sl_span *span);

/* Finds `service`; every reader calls it when a resource is complete. */
void sl_resource_settle(struct sl_resource *resource);

/* The first attribute with that key, or NULL. */
const struct sl_value *sl_attributes_find(struct sl_attributes attributes, struct sl_slice key);

/* Same type and same bytes, NaN equal to NaN and -0.0 not to 0.0; kvlists in any order (as
 * multisets), arrays in order. */
bool sl_value_equal(const struct sl_value *a, const struct sl_value *b);
bool sl_attributes_equal(struct sl_attributes a, struct sl_attributes b);

/*
 * How a reader makes lists: items are pushed on a stack (nested lists above their parents') and
 * finished into the arena.  The readers' own; a zeroed struct with an arena is ready.
 */
struct sl_builder {
	struct sl_arena *arena;
	struct sl_attribute *stack;
	size_t height;
	size_t capacity;
};

bool sl_builder_grow(struct sl_builder *builder);

/* A new item on top, not cleared; NULL: out of memory.  Valid until the next push. */
static inline struct sl_attribute *sl_builder_push(struct sl_builder *builder)
{
	if (SL_UNLIKELY(builder->height == builder->capacity) && !sl_builder_grow(builder))
		return NULL;
	return &builder->stack[builder->height++];
}

/* Moves the items above `height` into the arena as *list; false: out of memory.  Either way they
 * are off the stack. */
SL_MUST_USE bool sl_builder_finish(struct sl_builder *builder, size_t height,
				   struct sl_attributes *list);
void sl_builder_free(struct sl_builder *builder);

/* One log record, as `otlp-decode --logs` shows it; borrowed like a span. */
struct sl_log {
	struct sl_slice trace_id;
	struct sl_slice span_id;
	uint64_t time_unix_nano;  /* or the observed time where that is 0 */
	struct sl_slice severity; /* severity_text */
	int32_t severity_number;
	struct sl_value body;
	struct sl_attributes attributes;
	const struct sl_resource *resource; /* never NULL */
};

/* What a command may need of spans: a bit each. */
enum sl_need {
	SL_NEED_TRACE_ID = 1 << 0,
	SL_NEED_SPAN_ID = 1 << 1,
	SL_NEED_PARENT_SPAN_ID = 1 << 2,
	SL_NEED_NAME = 1 << 3,
	SL_NEED_SERVICE = 1 << 4,
	SL_NEED_KIND = 1 << 5,
	SL_NEED_STATUS = 1 << 6,
	SL_NEED_STATUS_MESSAGE = 1 << 7,
	SL_NEED_TIMES = 1 << 8,	     /* start_unix_nano and end_unix_nano */
	SL_NEED_ATTRIBUTES = 1 << 9, /* of anything */
	SL_NEED_WHOLE = 1 << 10,     /* events, links, or what is reached by no other bit */
};

/* The bytes that an id must have. */
struct sl_id_test {
	bool wanted; /* false: any */
	unsigned char size;
	char bytes[16];
};

/*
 * What has to hold of the head of every span that is wanted.  Each part may be left out, as all are
 * in sl_head_tests_none.  Texts are valid UTF-8 without '"', '\\' and what is below 0x20.
 */
struct sl_head_tests {
	struct sl_id_test trace_id, span_id, parent_span_id;
	struct sl_slice name, service; /* data is NULL: any */
	uint32_t kinds, statuses;      /* a bit each, by their numbers */
	uint64_t least_start_ns, most_start_ns;
	int64_t least_ns, most_ns; /* of the duration */
};

extern const struct sl_head_tests sl_head_tests_none;

/*
 * What an attribute of every span that is wanted has to be, whosever it is: of the span, its
 * resource, its scope, an event or a link.  It is the first with its key; an array holds such a
 * value.  A field of the line is meant, too, by its key.
 */
struct sl_attribute_test {
	struct sl_slice key; /* printable ASCII without '"' and '\\'; data is NULL: any */
	/* SL_VALUE_STRING: `text`, as texts of the head.  SL_VALUE_BOOL: `boolean`.
	 * SL_VALUE_DOUBLE: a number from `least` to `most`, as doubles.  SL_VALUE_EMPTY: any value;
	 * without a key: there is no test. */
	enum sl_value_type type;
	bool boolean;
	struct sl_slice text;
	double least, most;
};

static inline bool sl_attribute_tested(const struct sl_attribute_test *test)
{
	return test->key.data != NULL || test->type != SL_VALUE_EMPTY;
}

/* What a reader is told by the command. */
struct sl_decode_options {
	enum sl_signal signal; /* what is wanted: SL_SIGNAL_SPANS or SL_SIGNAL_LOGS */
	unsigned max_depth;    /* arrays and maps within each other; 0 means SL_MAX_DEPTH */
	bool strict;	       /* a departure is an error, everything is checked */
	bool text;	       /* a span's attributes may come as attributes_text */
	/*
	 * Spans may be lazy (`lazy` in struct sl_span): of span lines only what has a bit in
	 * `needs` is filled in, and what is not looked at is hardly checked, but that the line ends
	 * in '}'.  Not with `strict`, and not with SL_NEED_WHOLE.
	 */
	bool lazy;
	unsigned needs; /* bits of enum sl_need */
	/* With `lazy`: spans without such an attribute may be passed over (sl_reader_passed counts
	 * them).  Its texts are borrowed for the reader's life. */
	struct sl_attribute_test attribute;
	/* With `lazy`, or NULL: spans of which one of these does not hold may be passed over, too.
	 * Borrowed for the reader's life. */
	const struct sl_head_tests *tests;
	/* Of flat records, or NULL: "FIELD=NAME" each, NULL-terminated, borrowed for the reader's
	 * life; see sl_foreign_map_is_good. */
	const char *const *field_names;
};
#define SL_MAX_DEPTH 64

/*
 * The one table of fields: filters, --by, columns and span-line(5) read it.
 */
enum sl_field_type {
	SL_FIELD_ID, /* raw bytes, shown as hex */
	SL_FIELD_STRING,
	SL_FIELD_ENUM,	/* a name, or the number where it has none */
	SL_FIELD_TIME,	/* ns since 1970 UTC */
	SL_FIELD_MS,	/* a difference of times, shown in ms */
	SL_FIELD_COUNT, /* uint32 */
	SL_FIELD_ATTRIBUTES,
	SL_FIELD_LIST, /* of objects */
	SL_FIELD_OBJECT,
};

struct sl_field {
	const char *name; /* key of the span line */
	enum sl_field_type type;
	bool always;	    /* written even when it has its default */
	const char *origin; /* OTLP field, "Span.trace_id", or how it is derived */
	/* The value as text, number or list; empty where absent.  NULL: the field holds objects. */
	void (*get)(const struct sl_span *span, struct sl_value *value);
};

/* In the order of the line; *count of them. */
const struct sl_field *sl_fields(size_t *count);
const struct sl_field *sl_field_find(struct sl_slice name);

#endif

/* Tags of spans, of processes, and of logs. */
#include "jaeger.h"

/* As the "type" of the UI and of Elasticsearch, "vType" of protobuf and of Thrift, or the key of
 * the value itself says it. */
enum tag_type { TAG_PLAIN, TAG_STRING, TAG_BOOL, TAG_INT, TAG_DOUBLE, TAG_BINARY };

struct tag {
	struct sl_slice key, type;
	struct sl_value value;	     /* of any key that has no type */
	struct sl_value int64, real; /* of keys that say so */
	struct sl_value binary;
};

static const struct foreign_member tag_members[] = {
	{ FOREIGN_KEY("key"), foreign_slice, offsetof(struct tag, key) },
	{ FOREIGN_KEY("type"), foreign_slice, offsetof(struct tag, type) },
	{ FOREIGN_KEY("value"), foreign_value, offsetof(struct tag, value) },
	{ FOREIGN_KEY("vType"), foreign_slice, offsetof(struct tag, type) },
	{ FOREIGN_KEY("vStr"), foreign_value, offsetof(struct tag, value) },
	{ FOREIGN_KEY("vBool"), foreign_value, offsetof(struct tag, value) },
	{ FOREIGN_KEY("vInt64"), foreign_value, offsetof(struct tag, int64) },
	{ FOREIGN_KEY("vLong"), foreign_value, offsetof(struct tag, int64) },
	{ FOREIGN_KEY("vFloat64"), foreign_value, offsetof(struct tag, real) },
	{ FOREIGN_KEY("vDouble"), foreign_value, offsetof(struct tag, real) },
	{ FOREIGN_KEY("vBinary"), foreign_value, offsetof(struct tag, binary) },
};
static const struct foreign_shape tag_shape = { tag_members, SL_COUNT(tag_members) };

static const struct {
	struct sl_slice text;
	enum tag_type type;
} types[] = {
	{ FOREIGN_KEY("string"), TAG_STRING },	{ FOREIGN_KEY("int64"), TAG_INT },
	{ FOREIGN_KEY("bool"), TAG_BOOL },	{ FOREIGN_KEY("float64"), TAG_DOUBLE },
	{ FOREIGN_KEY("binary"), TAG_BINARY },	{ FOREIGN_KEY("STRING"), TAG_STRING },
	{ FOREIGN_KEY("BOOL"), TAG_BOOL },	{ FOREIGN_KEY("INT64"), TAG_INT },
	{ FOREIGN_KEY("FLOAT64"), TAG_DOUBLE }, { FOREIGN_KEY("BINARY"), TAG_BINARY },
	{ FOREIGN_KEY("LONG"), TAG_INT },	{ FOREIGN_KEY("DOUBLE"), TAG_DOUBLE },
	{ FOREIGN_KEY("float"), TAG_DOUBLE },	{ FOREIGN_KEY("number"), TAG_PLAIN },
};

static enum tag_type type_of(struct sl_slice text)
{
	for (size_t i = 0; i < SL_COUNT(types); i++)
		if (sl_slice_equal(types[i].text, text))
			return types[i].type;
	return TAG_PLAIN;
}

static bool is_word(struct sl_slice text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

/* A value of another type is what its type says, where it can be. */
static void as_bool(struct sl_value *value)
{
	if (value->type == SL_VALUE_STRING &&
	    (is_word(value->text, "true") || is_word(value->text, "false")))
		*value = (struct sl_value){ .type = SL_VALUE_BOOL,
					    .boolean = is_word(value->text, "true") };
}

static void as_int(struct sl_value *value)
{
	int64_t integer;

	if (value->type == SL_VALUE_STRING && sl_parse_i64(value->text, &integer))
		*value = (struct sl_value){ .type = SL_VALUE_INT, .integer = integer };
}

static void as_double(struct sl_value *value)
{
	double number;

	if (value->type == SL_VALUE_INT)
		*value = (struct sl_value){ .type = SL_VALUE_DOUBLE,
					    .number = (double)value->integer };
	else if (value->type == SL_VALUE_STRING && sl_parse_double(value->text, &number))
		*value = (struct sl_value){ .type = SL_VALUE_DOUBLE, .number = number };
}

static bool as_bytes(struct sl_foreign_reader *reader, bool hex, struct sl_value *value)
{
	struct sl_slice text = value->text;
	size_t len = text.len / 2;
	char *room;

	if (value->type != SL_VALUE_STRING)
		return true;
	room = sl_arena_alloc(reader->builder.arena, text.len + 2);
	if (room == NULL)
		return sl_cursor_memory(&reader->cursor);
	if (hex ? sl_parse_hex(text, room) : sl_parse_base64(text, room, &len))
		*value = (struct sl_value){ .type = SL_VALUE_BYTES, .text = { room, len } };
	return true;
}

/* The value of the key that says its type, or else of the one that does not. */
static enum tag_type choose(struct tag *tag)
{
	enum tag_type type = type_of(tag->type);

	if (tag->int64.type != SL_VALUE_EMPTY) {
		tag->value = tag->int64;
		return TAG_INT;
	}
	if (tag->real.type != SL_VALUE_EMPTY) {
		tag->value = tag->real;
		return TAG_DOUBLE;
	}
	if (tag->binary.type != SL_VALUE_EMPTY)
		tag->value = tag->binary;
	return type;
}

/* What protobuf's JSON leaves out. */
static struct sl_value zero_of(enum tag_type type)
{
	static const enum sl_value_type zeros[] = {
		[TAG_PLAIN] = SL_VALUE_STRING,	[TAG_STRING] = SL_VALUE_STRING,
		[TAG_BOOL] = SL_VALUE_BOOL,	[TAG_INT] = SL_VALUE_INT,
		[TAG_DOUBLE] = SL_VALUE_DOUBLE, [TAG_BINARY] = SL_VALUE_BYTES,
	};

	return (struct sl_value){ .type = zeros[type] };
}

/* The value gets its type. */
static bool settle(struct sl_foreign_reader *reader, bool hex, struct tag *tag)
{
	enum tag_type type = choose(tag);
	struct sl_value *value = &tag->value;

	if (value->type == SL_VALUE_EMPTY) {
		*value = zero_of(type);
		return true;
	}
	switch (type) {
	case TAG_BOOL:
		as_bool(value);
		return true;
	case TAG_INT:
		as_int(value);
		return true;
	case TAG_DOUBLE:
		as_double(value);
		return true;
	case TAG_BINARY:
		return as_bytes(reader, hex && tag->binary.type == SL_VALUE_EMPTY, value);
	case TAG_STRING:
	case TAG_PLAIN:
		break;
	}
	return true;
}

/* The first event of a log is its name. */
static bool is_event(enum jaeger_owner owner, struct jaeger_tags *tags, const struct tag *tag)
{
	if (owner != JAEGER_LOG || tag->value.type != SL_VALUE_STRING || tags->event.len != 0 ||
	    !sl_slice_equal(tag->key, SL_SLICE("event")))
		return false;
	tags->event = tag->value.text;
	return true;
}

static bool is_field(enum jaeger_owner owner, struct jaeger_tags *tags, const struct tag *tag)
{
	if (owner == JAEGER_SPAN)
		return foreign_take_tag(&tags->fields, tag->key, &tag->value);
	return is_event(owner, tags, tag);
}

static bool keep(struct sl_foreign_reader *reader, enum jaeger_owner owner,
		 struct jaeger_tags *tags, const struct tag *tag)
{
	return is_field(owner, tags, tag) || foreign_attribute(reader, tag->key, &tag->value);
}

/* Elasticsearch may keep some tags as an object, with '@' in the place of dots. */
static bool read_object(struct sl_foreign_reader *reader, enum jaeger_owner owner,
			struct jaeger_tags *tags)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct tag tag = { 0 };

	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &tag.key);) {
		char *key = sl_arena_alloc(reader->builder.arena, tag.key.len);

		if (key == NULL)
			return sl_cursor_memory(cursor);
		for (size_t i = 0; i < tag.key.len; i++)
			key[i] = (char)(tag.key.data[i] == '@' ? '.' : tag.key.data[i]);
		tag.key.data = key;
		if (!foreign_value(reader, &tag.value) || !keep(reader, owner, tags, &tag))
			return false;
	}
	return cursor->fault == SL_FAULT_NONE;
}

bool jaeger_read_tags(struct sl_foreign_reader *reader, enum jaeger_owner owner,
		      struct jaeger_tags *tags)
{
	struct sl_cursor *cursor = &reader->cursor;

	if (sl_cursor_peek(cursor) == '{')
		return read_object(reader, owner, tags);
	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun);) {
		struct tag tag = { 0 };

		if (!foreign_members(reader, &tag_shape, &tag) ||
		    !settle(reader, tags->hex, &tag) || !keep(reader, owner, tags, &tag))
			return false;
	}
	return cursor->fault == SL_FAULT_NONE;
}

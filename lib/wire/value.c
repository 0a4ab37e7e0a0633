/*
 * AnyValue, KeyValue and their lists.
 *
 *	KeyValue	key 1, value 2, key_strindex 3 (profiles only)
 *	AnyValue	one of: string 1, bool 2, int 3, double 4, array 5, kvlist 6, bytes 7,
 *			string_value_strindex 8 (profiles only)
 *	ArrayValue	values 1 (AnyValue)
 *	KeyValueList	values 1 (KeyValue)
 */
#include "walk.h"

/*
 * A value whose message may go on: protobuf merges what comes in several pieces.  The items of a
 * list stand above it on the builder's stack until then.
 */
struct open_value {
	struct sl_value value;
	size_t base;	/* height of the stack without its items */
	unsigned depth; /* lists around it */
};

static inline struct open_value open_value(const struct wire_walk *walk, unsigned depth)
{
	return (struct open_value){ .value = { .type = SL_VALUE_EMPTY },
				    .base = walk->builder.height,
				    .depth = depth };
}

static inline bool is_list(enum sl_value_type type)
{
	return type == SL_VALUE_ARRAY || type == SL_VALUE_KVLIST;
}

static inline bool close_value(struct wire_walk *walk, struct open_value *open)
{
	return !is_list(open->value.type) || wire_finish(walk, open->base, &open->value.list);
}

/* The value is of that type from now on. */
static inline void retype(struct wire_walk *walk, struct open_value *open, enum sl_value_type type,
			  const char *at)
{
	if (SL_UNLIKELY(open->value.type != SL_VALUE_EMPTY && open->value.type != type)) {
		wire_depart(walk, SL_NOTE_TWO_VALUES, at);
		walk->builder.height = open->base;
	}
	open->value.type = type;
}

static const char *walk_any(struct wire_walk *walk, const char *at, const char *end,
			    struct open_value *open);

/* One member of an array. */
static const char *walk_element(struct wire_walk *walk, const char *at, const char *end,
				unsigned depth)
{
	size_t index = walk->builder.height;
	struct open_value open;

	if (sl_builder_push(&walk->builder) == NULL)
		return wire_no_memory(walk);
	open = open_value(walk, depth);
	at = walk_any(walk, at, end, &open);
	if (at == NULL || !close_value(walk, &open))
		return NULL;
	walk->builder.stack[index] = (struct sl_attribute){ { NULL, 0 }, open.value };
	return at;
}

/* An ArrayValue or a KeyValueList: both have one field. */
static const char *walk_list(struct wire_walk *walk, const char *at, const char *end,
			     struct open_value *open)
{
	const char *field = NULL;
	uint32_t tag;

	at = enter(at, &end);
	if (at != NULL && open->depth >= walk->max_depth) {
		open->value.type = SL_VALUE_EMPTY;
		wire_depart(walk, SL_NOTE_TOO_DEEP, at);
		return end;
	}
	while (next_field(walk, &at, end, &field, &tag)) {
		if (tag != BYTES(1))
			at = wire_skip(at, end, tag);
		else if (open->value.type == SL_VALUE_ARRAY)
			at = walk_element(walk, at, end, open->depth + 1);
		else
			at = wire_walk_attribute(walk, at, end, open->depth + 1);
	}
	return at;
}

static const char *walk_any(struct wire_walk *walk, const char *at, const char *end,
			    struct open_value *open)
{
	const char *field = NULL;
	uint32_t tag;

	at = enter(at, &end);
	while (next_field(walk, &at, end, &field, &tag)) {
		uint64_t number = 0;

		switch (tag) {
		case BYTES(1):
			retype(walk, open, SL_VALUE_STRING, field);
			at = read_bytes(at, end, &open->value.text);
			break;
		case VARINT(2):
			retype(walk, open, SL_VALUE_BOOL, field);
			at = read_varint(at, end, &number);
			open->value.boolean = number != 0;
			break;
		case VARINT(3):
			retype(walk, open, SL_VALUE_INT, field);
			at = read_varint(at, end, &number);
			open->value.integer = (int64_t)number;
			break;
		case FIXED64(4):
			retype(walk, open, SL_VALUE_DOUBLE, field);
			at = read_fixed64(at, end, tag, &number);
			memcpy(&open->value.number, &number, sizeof(number));
			break;
		case BYTES(5):
			retype(walk, open, SL_VALUE_ARRAY, field);
			at = walk_list(walk, at, end, open);
			break;
		case BYTES(6):
			retype(walk, open, SL_VALUE_KVLIST, field);
			at = walk_list(walk, at, end, open);
			break;
		case BYTES(7):
			retype(walk, open, SL_VALUE_BYTES, field);
			at = read_bytes(at, end, &open->value.text);
			break;
		case VARINT(8):
			retype(walk, open, SL_VALUE_EMPTY, field);
			wire_depart(walk, SL_NOTE_INDEXED_STRING, field);
			at = read_varint(at, end, &number);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	return at;
}

/*
 * The form that nearly all attributes have: key, then value, which is one scalar; lengths of one
 * byte each.  NULL: it has another form, or none.
 */
static inline const char *read_plain(const char *at, const char *end, struct sl_attribute *item)
{
	enum { SHORTEST = 6 }; /* two tags with their lengths, and a value of two bytes */
	const uint8_t *byte = (const uint8_t *)at;
	const char *value;
	size_t len, key_len, value_len;
	uint64_t number;

	if (end - at <= SHORTEST || byte[0] > 0x7f || byte[0] < SHORTEST || byte[1] != BYTES(1))
		return NULL;
	len = byte[0];
	key_len = byte[2];
	if (len > (size_t)(end - at) - 1 || key_len > len - SHORTEST)
		return NULL;
	end = at + 1 + len;
	value = at + 5 + key_len;
	value_len = (size_t)(end - value);
	if (value[-2] != BYTES(2) || (uint8_t)value[-1] != value_len)
		return NULL;
	item->key = (struct sl_slice){ at + 3, key_len };
	switch (value[0]) {
	case BYTES(1):
		item->value.type = SL_VALUE_STRING;
		item->value.text = (struct sl_slice){ value + 2, value_len - 2 };
		return (uint8_t)value[1] == value_len - 2 ? end : NULL;
	case VARINT(2):
		item->value.type = SL_VALUE_BOOL;
		item->value.boolean = value[1] != 0;
		return value_len == 2 && (uint8_t)value[1] < 0x80 ? end : NULL;
	case VARINT(3):
		item->value.type = SL_VALUE_INT;
		if (read_varint(value + 1, end, &number) != end)
			return NULL;
		item->value.integer = (int64_t)number;
		return end;
	case FIXED64(4):
		if (value_len != 9)
			return NULL;
		item->value.type = SL_VALUE_DOUBLE;
		number = little_endian64(value + 1);
		memcpy(&item->value.number, &number, sizeof(number));
		return end;
	default:
		return NULL;
	}
}

/* The same in any form; the item is at `index` of the stack. */
static const char *walk_key_value(struct wire_walk *walk, const char *at, const char *end,
				  size_t index, unsigned depth)
{
	struct open_value open = open_value(walk, depth);
	struct sl_slice key = { NULL, 0 };
	const char *field = NULL;
	uint32_t tag;

	at = enter(at, &end);
	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case BYTES(1):
			at = read_bytes(at, end, &key);
			break;
		case BYTES(2):
			at = walk_any(walk, at, end, &open);
			break;
		case VARINT(3):
			wire_depart(walk, SL_NOTE_INDEXED_STRING, field);
			at = wire_skip(at, end, tag);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	if (at == NULL || !close_value(walk, &open))
		return NULL;
	walk->builder.stack[index] = (struct sl_attribute){ key, open.value };
	return at;
}

const char *wire_walk_attribute(struct wire_walk *walk, const char *at, const char *end,
				unsigned depth)
{
	size_t index = walk->builder.height;
	struct sl_attribute *item = sl_builder_push(&walk->builder);
	const char *behind;

	if (SL_UNLIKELY(item == NULL))
		return wire_no_memory(walk);
	behind = read_plain(at, end, item);
	return SL_LIKELY(behind != NULL) ? behind : walk_key_value(walk, at, end, index, depth);
}

const char *wire_walk_value(struct wire_walk *walk, const char *at, const char *end,
			    struct sl_value *value)
{
	struct open_value open = open_value(walk, 0);

	at = walk_any(walk, at, end, &open);
	if (at == NULL || !close_value(walk, &open))
		return NULL;
	*value = open.value;
	return at;
}

/* Attributes as a plain JSON object: the part of a span line that there is most of. */
#include "write_string.h"
#include "write_value.h"

/* Where the next byte goes, kept out of the buffer while members are short and plain. */
struct pen {
	char *at, *end;
};

static bool take_pen(struct pen *pen, struct sl_buffer *out, size_t room)
{
	pen->at = sl_buffer_reserve(out, room);
	if (pen->at == NULL)
		return false;
	pen->end = out->data + out->capacity;
	return true;
}

static void put_pen(const struct pen *pen, struct sl_buffer *out)
{
	out->len = (size_t)(pen->at - out->data);
}

/* For the comma, the quotes and the colon of a member, and any number. */
enum { MEMBER_ROOM = 48 };

static size_t member_room(const struct sl_attribute *item)
{
	size_t text_len = item->value.type == SL_VALUE_STRING ? item->value.text.len : 0;

	return item->key.len + text_len + MEMBER_ROOM;
}

/* The value of a member for which there is room: where it ends, or NULL if it needs a closer look.
 */
static inline char *put_short_value(char *at, const struct sl_value *value)
{
	switch (value->type) {
	case SL_VALUE_STRING:
		if (!copy_plain(at + 1, value->text.data, value->text.len))
			return NULL;
		at[0] = '"';
		at += value->text.len + 2;
		at[-1] = '"';
		return at;
	case SL_VALUE_INT:
		return int_is_plain(value->integer) ? at + sl_write_i64(at, value->integer) : NULL;
	case SL_VALUE_DOUBLE:
		return double_is_plain(value->number) ? at + sl_write_double(at, value->number)
						      : NULL;
	default:
		return NULL;
	}
}

/* One member with a comma before it, for which there is room.  False: the key or the value needs a
 * closer look, and nothing is written. */
static inline bool write_short_member(struct pen *pen, const struct sl_attribute *item)
{
	char *at = pen->at;

	if (SL_UNLIKELY(!copy_plain(at + 2, item->key.data, item->key.len)))
		return false;
	at[0] = ',';
	at[1] = '"';
	at += item->key.len + 4;
	at[-2] = '"';
	at[-1] = ':';
	at = put_short_value(at, &item->value);
	if (SL_UNLIKELY(at == NULL))
		return false;
	pen->at = at;
	return true;
}

/* The same for any member; *plain is false if the value needs `exact`.  False: the key is not
 * UTF-8, and nothing is written. */
static bool write_member(struct sl_buffer *out, const struct sl_attribute *item, bool *plain)
{
	size_t start = out->len;

	sl_buffer_add_byte(out, ',');
	if (!write_string(out, item->key)) {
		out->len = start;
		return false;
	}
	sl_buffer_add_byte(out, ':');
	*plain &= write_plain_value(out, &item->value);
	return true;
}

/* Members up to the first whose key is not UTF-8; returns how many. */
static size_t write_members(struct sl_buffer *out, struct sl_attributes attributes,
			    const struct sl_attribute *skip, bool *plain)
{
	struct pen pen;
	size_t i = 0;

	if (!take_pen(&pen, out, MEMBER_ROOM))
		return attributes.count;
	for (; i < attributes.count; i++) {
		const struct sl_attribute *item = &attributes.items[i];
		size_t room = member_room(item);

		if (item == skip)
			continue;
		if (SL_UNLIKELY((size_t)(pen.end - pen.at) < room)) {
			put_pen(&pen, out);
			if (!take_pen(&pen, out, room))
				return attributes.count;
		}
		if (SL_LIKELY(write_short_member(&pen, item)))
			continue;
		put_pen(&pen, out);
		if (!write_member(out, item, plain))
			return i;
		if (!take_pen(&pen, out, MEMBER_ROOM))
			return attributes.count;
	}
	put_pen(&pen, out);
	return i;
}

/* The members from `from` on whose keys, as they can be written, have not been there before. */
static void write_first_members(struct sl_buffer *out, struct sl_attributes attributes, size_t from,
				const struct sl_attribute *skip)
{
	struct sl_distinct keys = { 0 };

	for (size_t i = 0; i < attributes.count; i++) {
		const struct sl_attribute *item = &attributes.items[i];
		size_t start = out->len, count = keys.count;
		struct sl_slice key;

		if (item == skip)
			continue;
		sl_buffer_add_byte(out, ',');
		write_string(out, item->key);
		if (out->failed)
			break;
		key = (struct sl_slice){ out->data + start, out->len - start };
		if (!sl_distinct_add(&keys, key)) {
			out->failed = true;
			break;
		}
		if (i < from || keys.count == count) {
			out->len = start;
			continue;
		}
		sl_buffer_add_byte(out, ':');
		write_plain_value(out, &item->value);
	}
	sl_distinct_free(&keys);
}

/* Of both ends of a key and its length, which is where keys differ. */
static inline uint64_t key_signature(struct sl_slice key)
{
	uint64_t first = 0, last = 0;

	if (SL_LIKELY(key.len >= 8)) {
		memcpy(&first, key.data, 8);
		memcpy(&last, key.data + key.len - 8, 8);
	} else if (key.len > 0) {
		memcpy(&first, key.data, key.len);
	}
	return ((first + key.len) * 31 + last) * UINT64_C(0x9e3779b97f4a7c15);
}

/* sl_attributes_repeat, faster for the lists that most spans have. */
static bool keys_repeat(struct sl_attributes attributes)
{
	enum { FEW = 32, PLACE_BITS = 8, MASK = (1 << PLACE_BITS) - 1 };
	unsigned char places[MASK + 1] = { 0 }; /* indices + 1 */

	if (attributes.count > FEW)
		return sl_attributes_repeat(attributes);
	for (size_t i = 0; i < attributes.count; i++) {
		struct sl_slice key = attributes.items[i].key;
		size_t at = (size_t)(key_signature(key) >> (64 - PLACE_BITS));

		for (; SL_UNLIKELY(places[at] != 0); at = (at + 1) & MASK)
			if (sl_slice_equal(attributes.items[places[at] - 1].key, key))
				return true;
		places[at] = (unsigned char)(i + 1);
	}
	return false;
}

bool write_plain_attributes(struct sl_buffer *out, struct sl_attributes attributes,
			    const struct sl_attribute *skip)
{
	size_t start = out->len, written = 0;
	bool plain = true;

	if (!keys_repeat(attributes))
		written = write_members(out, attributes, skip, &plain);
	if (written < attributes.count) {
		write_first_members(out, attributes, written, skip);
		plain = false;
	}
	close_object(out, start);
	return plain;
}

/* Attributes as a plain JSON object: the part of a span line that there is most of. */
#include "met_keys.h"
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

/* A number or a bool that plain JSON says all of: where it ends, or NULL if it is something else.
 */
static inline char *put_plain_scalar(char *at, const struct sl_value *value)
{
	if (value->type == SL_VALUE_INT && int_is_plain(value->integer))
		return at + sl_write_i64(at, value->integer);
	if (value->type == SL_VALUE_DOUBLE && double_is_plain(value->number))
		return at + sl_write_double(at, value->number);
	if (value->type == SL_VALUE_BOOL) {
		struct sl_slice word = value->boolean ? SL_SLICE("true") : SL_SLICE("false");

		memcpy(at, word.data, word.len);
		return at + word.len;
	}
	return NULL;
}

/* One member with a comma before it, for which there is room.  False: the key or the value needs a
 * closer look, and nothing is written. */
static inline bool write_short_member(struct pen *pen, const struct sl_attribute *item)
{
	const struct sl_value *value = &item->value;
	size_t key_len = item->key.len;
	char *at = pen->at;
	specials found = copy_checked(at + 2, item->key.data, key_len, no_specials());

	at[0] = ',';
	at[1] = '"';
	at += key_len + 4;
	at[-2] = '"';
	at[-1] = ':';
	if (SL_LIKELY(value->type == SL_VALUE_STRING)) {
		size_t len = value->text.len;

		found = copy_checked(at + 1, value->text.data, len, found);
		at[0] = '"';
		at += len + 2;
		at[-1] = '"';
	} else {
		at = put_plain_scalar(at, value);
	}
	if (SL_UNLIKELY(at == NULL || !is_all_plain(found)))
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

/* Members up to the first whose key is not UTF-8 or, of a short list, has been there before;
 * returns how many. */
static size_t write_members(struct sl_buffer *out, struct sl_attributes attributes,
			    const struct sl_attribute *skip, bool *plain)
{
	struct met_keys met;
	bool few = attributes.count <= FEW_KEYS;
	struct pen pen;
	size_t i = 0;

	if (!take_pen(&pen, out, MEMBER_ROOM))
		return attributes.count;
	meet_none(&met);
	for (; i < attributes.count; i++) {
		const struct sl_attribute *item = &attributes.items[i];
		size_t room = member_room(item);

		if (few && SL_UNLIKELY(!meet_key(&met, item->key)))
			break;
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

bool write_plain_attributes(struct sl_buffer *out, struct sl_attributes attributes,
			    const struct sl_attribute *skip)
{
	size_t start = out->len, written = 0;
	bool plain = true;

	if (attributes.count <= FEW_KEYS || !keys_repeat(attributes))
		written = write_members(out, attributes, skip, &plain);
	if (written < attributes.count) {
		write_first_members(out, attributes, written, skip);
		plain = false;
	}
	close_object(out, start);
	return plain;
}

/* Varints, and the extent of fields whose content does not matter. */
#include "fields.h"

enum { VARINT_BYTES = 10, GROUP_DEPTH = 100 };

/* Of a field: the bytes end inside it, or it is no field. */
#define CUT	 ((size_t)0)
#define NO_FIELD SIZE_MAX

const char *wire_long_varint(const char *at, const char *end, uint64_t *number)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < VARINT_BYTES && at < end; i++) {
		uint8_t byte = (uint8_t)*at++;

		sum |= (uint64_t)(byte & 0x7f) << 7 * i; /* the tenth byte has one bit of use */
		if (byte < 0x80) {
			*number = sum;
			return at;
		}
	}
	*number = 0;
	return NULL;
}

size_t sl_wire_read_varint(const char *at, const char *end, uint64_t *number)
{
	const char *behind = read_varint(at, end, number);

	return behind != NULL ? (size_t)(behind - at) : 0;
}

size_t sl_wire_write_varint(char *out, uint64_t number)
{
	size_t len = 0;

	while (number >= 0x80) {
		out[len++] = (char)(number | 0x80);
		number >>= 7;
	}
	out[len++] = (char)number;
	return len;
}

/* Bytes of a varint, CUT or NO_FIELD. */
static size_t varint_size(const char *at, const char *end, uint64_t *number)
{
	const char *behind = read_varint(at, end, number);

	if (behind != NULL)
		return (size_t)(behind - at);
	return end - at < VARINT_BYTES ? CUT : NO_FIELD;
}

static size_t fixed_size(const char *at, const char *end, size_t size)
{
	return size <= (size_t)(end - at) ? size : CUT;
}

/* Protobuf ends at 2 GiB: there is no waiting for more than that. */
static size_t bytes_size(const char *at, const char *end, struct sl_slice *payload)
{
	uint64_t len;
	size_t size = varint_size(at, end, &len);

	*payload = (struct sl_slice){ at, 0 };
	if (size == CUT || size == NO_FIELD)
		return size;
	payload->data = at + size;
	payload->len = (size_t)(end - payload->data);
	if (len > payload->len)
		return len > INT32_MAX ? NO_FIELD : CUT;
	payload->len = (size_t)len;
	return size + (size_t)len;
}

/* All that is not a group. */
static size_t plain_size(const char *at, const char *end, uint32_t tag, struct sl_slice *payload)
{
	uint64_t number;

	switch (tag >> 3 != 0 ? tag % 8 : WIRE_GROUP_END) {
	case WIRE_VARINT:
		return varint_size(at, end, &number);
	case WIRE_FIXED64:
		return fixed_size(at, end, 8);
	case WIRE_BYTES:
		return bytes_size(at, end, payload);
	case WIRE_FIXED32:
		return fixed_size(at, end, 4);
	default:
		return NO_FIELD;
	}
}

static size_t tag_size(const char *at, const char *end, uint32_t *tag)
{
	uint64_t number;
	size_t size = varint_size(at, end, &number);

	*tag = (uint32_t)number;
	return number <= UINT32_MAX ? size : NO_FIELD;
}

/* From behind the tag `group` to behind the tag that ends it. */
static size_t group_size(const char *at, const char *end, uint32_t group)
{
	uint32_t open[GROUP_DEPTH] = { group >> 3 };
	unsigned depth = 1;
	const char *start = at;
	struct sl_slice payload;

	while (depth > 0) {
		uint32_t tag;
		size_t size = tag_size(at, end, &tag);

		if (size == CUT || size == NO_FIELD)
			return size;
		at += size;
		if (tag % 8 == WIRE_GROUP && tag >> 3 != 0 && depth < GROUP_DEPTH) {
			open[depth++] = tag >> 3;
		} else if (tag % 8 == WIRE_GROUP_END && tag >> 3 == open[depth - 1]) {
			depth--;
		} else {
			size = plain_size(at, end, tag, &payload);
			if (size == CUT || size == NO_FIELD)
				return size;
			at += size;
		}
	}
	return (size_t)(at - start);
}

static size_t payload_size(const char *at, const char *end, uint32_t tag, struct sl_slice *payload)
{
	if (tag % 8 == WIRE_GROUP && tag >> 3 != 0)
		return group_size(at, end, tag);
	return plain_size(at, end, tag, payload);
}

const char *wire_skip(const char *at, const char *end, uint32_t tag)
{
	struct sl_slice payload;
	size_t size = at != NULL ? payload_size(at, end, tag, &payload) : NO_FIELD;

	return size == CUT || size == NO_FIELD ? NULL : at + size;
}

size_t sl_wire_field(const char *at, const char *end, uint32_t *number, unsigned *wire_type,
		     struct sl_slice *payload)
{
	uint32_t tag;
	size_t head = tag_size(at, end, &tag), size;

	*payload = (struct sl_slice){ at, 0 };
	*number = tag >> 3;
	*wire_type = tag % 8;
	if (head == CUT || head == NO_FIELD)
		return head;
	size = payload_size(at + head, end, tag, payload);
	return size == CUT || size == NO_FIELD ? size : head + size;
}

size_t wire_count(const char *at, const char *end, uint32_t tag)
{
	size_t count = 0;

	while (at != NULL && at < end) {
		uint32_t found;

		at = read_tag(at, end, &found);
		at = wire_skip(at, end, found);
		count += at != NULL && found == tag;
	}
	return count;
}

const char *wire_last_packed(const char *at, const char *end, enum wire_type type, uint64_t *number)
{
	at = enter(at, &end);
	while (at != NULL && at < end)
		at = read_scalar(at, end, WIRE_TAG(1, type), type, number);
	return at;
}

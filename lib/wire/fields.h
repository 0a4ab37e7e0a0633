/*
 * Protobuf fields, read one after another.  A function is given where it stands and the end of the
 * message, and returns where the next field begins, or NULL where the bytes are no such field.
 *
 *	tag = number << 3 | wire type, as a varint; then a varint, 8 bytes, 4 bytes, or a length as
 *	a varint and so many bytes; groups are fields between two tags
 */
#ifndef WIRE_FIELDS_H
#define WIRE_FIELDS_H

#include "spanline/wire.h"

enum wire_type { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_GROUP, WIRE_GROUP_END, WIRE_FIXED32 };

/*
 * What a switch over fields compares: a whole tag, so that a known number with another wire type
 * falls to `default`, where unknown fields are skipped.  PACKED is a scalar written as a packed
 * list, of which the last counts.
 */
#define WIRE_TAG(number, type) ((uint32_t)(number) << 3 | (uint32_t)(type))
#define VARINT(number)	       WIRE_TAG(number, WIRE_VARINT)
#define FIXED64(number)	       WIRE_TAG(number, WIRE_FIXED64)
#define FIXED32(number)	       WIRE_TAG(number, WIRE_FIXED32)
#define BYTES(number)	       WIRE_TAG(number, WIRE_BYTES)
#define PACKED(number)	       BYTES(number)

/* A varint of any length. */
const char *wire_long_varint(const char *at, const char *end, uint64_t *number);
/* Behind the payload of a field with that tag, groups included; NULL for `at` NULL. */
const char *wire_skip(const char *at, const char *end, uint32_t tag);
/* See read_scalar. */
const char *wire_last_packed(const char *at, const char *end, enum wire_type type,
			     uint64_t *number);
/* How many of the fields in [at, end) have that tag, as far as they can be walked. */
size_t wire_count(const char *at, const char *end, uint32_t tag);

static inline const char *read_varint(const char *at, const char *end, uint64_t *number)
{
	if (SL_LIKELY(at < end && (uint8_t)at[0] < 0x80)) {
		*number = (uint8_t)at[0];
		return at + 1;
	}
	if (SL_LIKELY(end - at >= 2 && (uint8_t)at[1] < 0x80)) {
		*number = ((uint8_t)at[0] & 0x7fU) | (uint32_t)(uint8_t)at[1] << 7;
		return at + 2;
	}
	return wire_long_varint(at, end, number);
}

/* *tag is 0 where there is none, so that a switch ends in wire_skip and that in NULL. */
static inline const char *read_tag(const char *at, const char *end, uint32_t *tag)
{
	uint64_t number;
	const char *payload = read_varint(at, end, &number);

	*tag = 0;
	if (SL_UNLIKELY(payload == NULL || number > UINT32_MAX))
		return NULL;
	*tag = (uint32_t)number;
	return payload;
}

/* Into a field of bytes: where its payload begins; *end becomes where it ends. */
static inline const char *enter(const char *at, const char **end)
{
	uint64_t len;

	at = read_varint(at, *end, &len);
	if (SL_UNLIKELY(at == NULL || len > (size_t)(*end - at)))
		return NULL;
	*end = at + len;
	return at;
}

static inline const char *read_bytes(const char *at, const char *end, struct sl_slice *bytes)
{
	at = enter(at, &end);
	if (SL_UNLIKELY(at == NULL))
		return NULL;
	*bytes = (struct sl_slice){ at, (size_t)(end - at) };
	return end;
}

static inline uint32_t little_endian32(const char *at)
{
	const uint8_t *byte = (const uint8_t *)at;

	return byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24;
}

static inline uint64_t little_endian64(const char *at)
{
	return little_endian32(at) | (uint64_t)little_endian32(at + 4) << 32;
}

/* The scalar of wire type `type`, of a field that is one, or the last of a packed list of them;
 * *number stays where that is empty. */
static inline const char *read_scalar(const char *at, const char *end, uint32_t tag,
				      enum wire_type type, uint64_t *number)
{
	if (SL_UNLIKELY(tag % 8 == WIRE_BYTES))
		return wire_last_packed(at, end, type, number);
	if (type == WIRE_VARINT)
		return read_varint(at, end, number);
	if (SL_UNLIKELY(end - at < (type == WIRE_FIXED64 ? 8 : 4)))
		return NULL;
	*number = type == WIRE_FIXED64 ? little_endian64(at) : little_endian32(at);
	return at + (type == WIRE_FIXED64 ? 8 : 4);
}

static inline const char *read_int32(const char *at, const char *end, uint32_t tag, int32_t *value)
{
	uint64_t number = (uint64_t)*value;

	at = read_scalar(at, end, tag, WIRE_VARINT, &number);
	*value = (int32_t)number;
	return at;
}

static inline const char *read_uint32(const char *at, const char *end, uint32_t tag,
				      uint32_t *value)
{
	uint64_t number = *value;

	at = read_scalar(at, end, tag, WIRE_VARINT, &number);
	*value = (uint32_t)number;
	return at;
}

static inline const char *read_fixed32(const char *at, const char *end, uint32_t tag,
				       uint32_t *value)
{
	uint64_t number = *value;

	at = read_scalar(at, end, tag, WIRE_FIXED32, &number);
	*value = (uint32_t)number;
	return at;
}

static inline const char *read_fixed64(const char *at, const char *end, uint32_t tag,
				       uint64_t *value)
{
	return read_scalar(at, end, tag, WIRE_FIXED64, value);
}

#endif

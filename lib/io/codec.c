/* What compression announces itself in the first bytes. */
#include "input.h"

struct magic {
	enum sl_codec codec;
	size_t len;
	unsigned char bytes[CODEC_MAGIC_BYTES];
	unsigned char first_mask; /* bits of the first byte that count */
};

static const struct magic magics[] = {
	{ SL_CODEC_GZIP, 2, { 0x1f, 0x8b }, 0xff },
	{ SL_CODEC_ZSTD, 4, { 0x28, 0xb5, 0x2f, 0xfd }, 0xff },
	{ SL_CODEC_ZSTD, 4, { 0x50, 0x2a, 0x4d, 0x18 }, 0xf0 }, /* a skippable frame */
};

/* How many bytes of the magic stand at the start: fewer than `len` where either one ends. */
static size_t common_length(const struct magic *magic, struct sl_slice start)
{
	size_t i = 0;

	while (i < magic->len && i < start.len) {
		unsigned char mask = i == 0 ? magic->first_mask : 0xff;

		if (((unsigned char)start.data[i] & mask) != magic->bytes[i])
			break;
		i++;
	}
	return i;
}

enum sl_codec sl_codec_sniff(struct sl_slice start)
{
	for (size_t i = 0; i < SL_COUNT(magics); i++)
		if (common_length(&magics[i], start) == magics[i].len)
			return magics[i].codec;
	return SL_CODEC_NONE;
}

bool codec_undecided(struct sl_slice start)
{
	for (size_t i = 0; i < SL_COUNT(magics); i++)
		if (start.len < magics[i].len && common_length(&magics[i], start) == start.len)
			return true;
	return false;
}

/* Bytes of the two that are the same; both have as many as tell every codec. */
static size_t common_count(const char *a, const char *b)
{
	size_t count = 0;

	for (size_t i = 0; i < CODEC_MAGIC_BYTES; i++)
		count += a[i] == b[i];
	return count;
}

/* What other formats begin with: lengths below 64 MiB and flags, requests, JSON. */
static bool begins_otherwise(char first)
{
	return (first & ~3) == 0 || first == 0x0a || first == '{' || first == '[';
}

enum sl_codec codec_damaged(struct sl_slice start)
{
	static const struct {
		enum sl_codec codec;
		char bytes[CODEC_MAGIC_BYTES + 1];
	} usual[] = {
		{ SL_CODEC_GZIP, "\x1f\x8b\x08\0" },
		{ SL_CODEC_GZIP, "\x1f\x8b\x08\x08" }, /* with a file name */
		{ SL_CODEC_ZSTD, "\x28\xb5\x2f\xfd" },
		{ SL_CODEC_ZSTD, "\x50\x2a\x4d\x18" },
	};
	const char *at = start.data;

	if (start.len < CODEC_MAGIC_BYTES || begins_otherwise(*at))
		return SL_CODEC_NONE;
	for (size_t i = 0; i < SL_COUNT(usual); i++)
		if (common_count(at, usual[i].bytes) == CODEC_MAGIC_BYTES - 1)
			return usual[i].codec;
	return SL_CODEC_NONE;
}

/* A gzip member begins with its magic, the one method there is, and no reserved flag. */
static bool may_begin(enum sl_codec codec, struct sl_slice bytes)
{
	static const char zstd[] = "\x28\xb5\x2f\xfd", gzip[] = "\x1f\x8b\x08";
	size_t len = bytes.len;

	if (codec == SL_CODEC_ZSTD)
		return memcmp(bytes.data, zstd, len < 4 ? len : 4) == 0;
	return memcmp(bytes.data, gzip, len < 3 ? len : 3) == 0 &&
	       (len < 4 || (bytes.data[3] & 0xe0) == 0);
}

size_t codec_find(enum sl_codec codec, struct sl_slice bytes, bool *whole)
{
	const char *at = bytes.data, *end = at + bytes.len;

	while (at < end &&
	       (at = memchr(at, codec == SL_CODEC_ZSTD ? 0x28 : 0x1f, (size_t)(end - at))) !=
		       NULL &&
	       !may_begin(codec, (struct sl_slice){ at, (size_t)(end - at) }))
		at++;
	if (at == NULL)
		at = end;
	*whole = end - at >= CODEC_MAGIC_BYTES;
	return (size_t)(at - bytes.data);
}

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

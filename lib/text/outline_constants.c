/* The constants of outline.h. */
#include "outline.h"

#define EIGHT(byte) byte, byte, byte, byte, byte, byte, byte, byte
#define BYTES(byte)                                                                                \
	{                                                                                          \
		EIGHT(byte), EIGHT(byte), EIGHT(byte), EIGHT(byte)                                 \
	}

const struct outline_constants outline_constants = {
	.quote = BYTES('"'),
	.slash = BYTES('\\'),
	.comma = BYTES(','),
	.opening = BYTES('{'),
	.closing = BYTES('}'),
	.last = BYTES(0x1f),
	.bit = BYTES(0x20),
};

/* The constants of line_lazy.h. */
#include "line_lazy.h"

#ifdef SL_SSE2
#define EIGHT(a, b) a, b, a, b, a, b, a, b
#define BYTES(byte)                                                                                \
	{                                                                                          \
		{                                                                                  \
			EIGHT(byte, byte), EIGHT(byte, byte)                                       \
		}                                                                                  \
	}
#define PAIRS(a, b)                                                                                \
	{                                                                                          \
		.words = { EIGHT(a, b) }                                                           \
	}

const union line_constants line_constants[BYTE_COUNT] = {
	[BYTE_BIT] = BYTES(0x02),
	[BYTE_BLANK] = BYTES(0x20),
	[BYTE_SLASH] = BYTES('\\'),
	[BYTE_ZERO] = BYTES('0'),
	[BYTE_NINE] = BYTES(9),
	[BYTE_PLUS] = BYTES('+'),
	[BYTE_RANGE] = BYTES('Z' - '+'),
	[BYTE_COMMA] = BYTES(','),
	[BYTE_BRACE] = BYTES('}'),
	[BYTE_TENS] = PAIRS(10 << 8 | 1, 10 << 8 | 1),
	[BYTE_HUNDREDS] = PAIRS(100, 1),
	[BYTE_MYRIADS] = PAIRS(10000, 1),
	[TEXT_STATUS] = { .text = ",\"status\":\"unset" },
	[TEXT_START] = { .text = "unset\",\"start\":\"" },
	[TEXT_DURATION] = { .text = "\",\"duration_ms\":" },
	[TEXT_START_NANOS] = { .text = ",\"start_unix_nan" },
	[TEXT_END_NANOS] = { .text = "\",\"end_unix_nano" },
	[TEXT_PARENT] = { .text = ",\"parent_span_id" },
};
#else
/* none are needed */
typedef int line_constants_unused;
#endif

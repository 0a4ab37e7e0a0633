/* What the writer and the reader of summaries share. */
#ifndef STATS_VARINT_H
#define STATS_VARINT_H

#include "spanline/query.h"

#define SUMMARY_START "{\"spanline_stats\":1,\"by\":"

/* Bytes of a number at most. */
enum { VARINT_LIMIT = 10 };

static inline uint64_t zigzag(int64_t number)
{
	return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}

static inline int64_t unzigzag(uint64_t bits)
{
	return (int64_t)(bits >> 1 ^ (0 - (bits & 1)));
}

static inline size_t write_varint(char *out, uint64_t number)
{
	size_t len = 0;

	for (; number >= 0x80; number >>= 7)
		out[len++] = (char)(number | 0x80);
	out[len++] = (char)number;
	return len;
}

/* What stands before the colon of values that are whole numbers. */
static inline char letter_of(enum sl_query_type type)
{
	switch (type) {
	case SL_TYPE_INT:
		return 'i';
	case SL_TYPE_DURATION:
		return 'd';
	case SL_TYPE_TIME:
		return 't';
	case SL_TYPE_STATUS:
		return 'S';
	case SL_TYPE_KIND:
		return 'K';
	default:
		return 0;
	}
}

#endif

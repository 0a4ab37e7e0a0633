/* Decimal digits two at a time, for the writers of numbers, doubles and times. */
#ifndef TEXT_DIGITS_H
#define TEXT_DIGITS_H

#include "spanline/text.h"

/* "00" to "99". */
extern const char digit_pairs[200];
/* All that fit. */
extern const uint64_t powers_of_ten[20];

static inline bool is_digit(char byte)
{
	return (unsigned char)(byte - '0') <= 9;
}

/* `number` is below 100. */
static inline void put_two(char *out, uint32_t number)
{
	memcpy(out, digit_pairs + (size_t)number * 2, 2);
}

static inline void put_four(char *out, uint32_t number)
{
	put_two(out, number / 100);
	put_two(out + 2, number % 100);
}

static inline void put_eight(char *out, uint32_t number)
{
	put_four(out, number / 10000);
	put_four(out + 4, number % 10000);
}

#endif

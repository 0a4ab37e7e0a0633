/* The shortest decimal of a double. */
#ifndef TEXT_SHORTEST_H
#define TEXT_SHORTEST_H

#include <stdbool.h>
#include <stdint.h>

/* digits * 10^exponent. */
struct decimal {
	uint64_t digits;
	int exponent;
};

/*
 * Of the decimals that read back as `number`, which is finite and over 0, those with the fewest
 * digits, and of these the nearest.  The last digit is not 0.
 */
struct decimal shortest_decimal(double number);

#endif

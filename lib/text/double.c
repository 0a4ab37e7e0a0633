/* Doubles as text: the shortest decimal that reads back, and what JSON allows. */
#include "digits.h"
#include "shortest.h"
#include <float.h>
#include <stdlib.h>

/* Up to here every integral double is its own decimal, and each step of arithmetic is exact. */
#define LARGEST_EXACT UINT64_C(9007199254740992)

/* Powers of ten that are doubles. */
static const double exact_powers[] = {
	1e0,  1e1,  1e2,  1e3,	1e4,  1e5,  1e6,  1e7,	1e8,  1e9,  1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/*
 * Most numbers that people and programs write down have few places.  If n / 10^places, rounded
 * once, is the number, then n reads back; and no two decimals of 15 digits read as one double.
 */
static bool try_places(double number, int places, struct decimal *decimal)
{
	double scaled = number * exact_powers[places];
	uint64_t digits;

	if (FLT_EVAL_METHOD != 0 || !(scaled < 1e15))
		return false;
	digits = (uint64_t)(scaled + 0.5);
	if (digits == 0 || (double)digits / exact_powers[places] != number)
		return false;
	for (; digits % 10 == 0; digits /= 10)
		places--;
	*decimal = (struct decimal){ digits, -places };
	return true;
}

static char *put_zeros(char *out, int count)
{
	memset(out, '0', (size_t)count);
	return out + count;
}

/* "e-7", "e+21" */
static char *put_exponent(char *out, int exponent)
{
	*out++ = 'e';
	*out++ = exponent < 0 ? '-' : '+';
	return out + sl_write_u64(out, (uint64_t)abs(exponent));
}

/* As ECMAScript's Number::toString does, but with ".0" behind what is integral. */
static char *put_decimal(char *out, struct decimal decimal)
{
	char digits[SL_U64_TEXT];
	int count = (int)sl_write_u64(digits, decimal.digits);
	int point = count + decimal.exponent; /* digits before the point */

	if (point > 21 || point < -5) {
		*out++ = digits[0];
		if (count > 1) {
			*out++ = '.';
			memcpy(out, digits + 1, (size_t)count - 1);
			out += count - 1;
		}
		return put_exponent(out, point - 1);
	}
	if (point <= 0) {
		*out++ = '0';
		*out++ = '.';
		out = put_zeros(out, -point);
		memcpy(out, digits, (size_t)count);
		return out + count;
	}
	if (point < count) {
		memcpy(out, digits, (size_t)point);
		out[point] = '.';
		memcpy(out + point + 1, digits + point, (size_t)(count - point));
		return out + count + 1;
	}
	memcpy(out, digits, (size_t)count);
	out = put_zeros(out + count, point - count);
	*out++ = '.';
	*out++ = '0';
	return out;
}

size_t sl_write_double(char *out, double number)
{
	struct decimal decimal;
	char *at = out;
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	if (bits >> 63 != 0) {
		*at++ = '-';
		number = -number;
	}
	if (number < (double)LARGEST_EXACT && (double)(uint64_t)number == number) {
		at += sl_write_u64(at, (uint64_t)number);
		*at++ = '.';
		*at++ = '0';
		return (size_t)(at - out);
	}
	if (!try_places(number, 3, &decimal) && !try_places(number, 6, &decimal))
		decimal = shortest_decimal(number);
	return (size_t)(put_decimal(at, decimal) - out);
}

/* The parts of a number in JSON. */
struct number_text {
	bool negative;
	struct sl_slice whole, fraction;
	int exponent; /* as written */
};

/* "E+21", perhaps not there: all of `text`. */
static bool split_exponent(struct sl_slice text, int *exponent)
{
	enum { OVER_ALL = 100000 }; /* whatever the digits before it, 0 or infinity */
	bool down;

	*exponent = 0;
	if (text.len == 0)
		return true;
	if (!take_byte(&text, 'e') && !take_byte(&text, 'E'))
		return false;
	down = take_byte(&text, '-');
	if (!down)
		take_byte(&text, '+');
	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_digit(text.data[i]))
			return false;
		if (*exponent < OVER_ALL)
			*exponent = *exponent * 10 + (text.data[i] - '0');
	}
	if (down)
		*exponent = -*exponent;
	return true;
}

static bool split_number(struct sl_slice text, struct number_text *number)
{
	number->negative = take_byte(&text, '-');
	number->whole = take_digits(&text);
	number->fraction = (struct sl_slice){ text.data, 0 };
	if (number->whole.len == 0 || (number->whole.len > 1 && number->whole.data[0] == '0'))
		return false;
	if (take_byte(&text, '.')) {
		number->fraction = take_digits(&text);
		if (number->fraction.len == 0)
			return false;
	}
	return split_exponent(text, &number->exponent);
}

/* digits * 10^exponent with one rounding; false where it takes more. */
static bool convert_exactly(const struct number_text *text, int exponent, double *number)
{
	size_t len = text->whole.len + text->fraction.len;
	uint64_t digits = 0;

	if (FLT_EVAL_METHOD != 0 || len > 19 || exponent < -22 || exponent > 22)
		return false;
	for (size_t i = 0; i < text->whole.len; i++)
		digits = digits * 10 + (uint64_t)(text->whole.data[i] - '0');
	for (size_t i = 0; i < text->fraction.len; i++)
		digits = digits * 10 + (uint64_t)(text->fraction.data[i] - '0');
	if (digits > LARGEST_EXACT)
		return false;
	*number = exponent < 0 ? (double)digits / exact_powers[-exponent]
			       : (double)digits * exact_powers[exponent];
	return true;
}

enum { LONGEST_NUMBER = 1024 };

/* Without its point, which is a comma to strtod in some locales. */
static double convert_slowly(const struct number_text *text, int exponent)
{
	char copy[LONGEST_NUMBER + 16], *at = copy;

	memcpy(at, text->whole.data, text->whole.len);
	at += text->whole.len;
	memcpy(at, text->fraction.data, text->fraction.len);
	at = put_exponent(at + text->fraction.len, exponent);
	*at = '\0';
	return strtod(copy, NULL);
}

bool sl_parse_double(struct sl_slice text, double *number)
{
	struct number_text parts;
	int exponent;

	if (text.len > LONGEST_NUMBER || !split_number(text, &parts))
		return false;
	exponent = parts.exponent - (int)parts.fraction.len;
	if (!convert_exactly(&parts, exponent, number))
		*number = convert_slowly(&parts, exponent);
	if (parts.negative)
		*number = -*number;
	return true;
}

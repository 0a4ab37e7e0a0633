/* Integers, decimals, differences of times and sizes as text. */
#include "digits.h"

const char digit_pairs[200] = { "00010203040506070809101112131415161718192021222324"
				"25262728293031323334353637383940414243444546474849"
				"50515253545556575859606162636465666768697071727374"
				"75767778798081828384858687888990919293949596979899" };

const uint64_t powers_of_ten[20] = {
	UINT64_C(1),
	UINT64_C(10),
	UINT64_C(100),
	UINT64_C(1000),
	UINT64_C(10000),
	UINT64_C(100000),
	UINT64_C(1000000),
	UINT64_C(10000000),
	UINT64_C(100000000),
	UINT64_C(1000000000),
	UINT64_C(10000000000),
	UINT64_C(100000000000),
	UINT64_C(1000000000000),
	UINT64_C(10000000000000),
	UINT64_C(100000000000000),
	UINT64_C(1000000000000000),
	UINT64_C(10000000000000000),
	UINT64_C(100000000000000000),
	UINT64_C(1000000000000000000),
	UINT64_C(10000000000000000000),
};

enum { EIGHT_DIGITS = 100000000, NS_PER_MS = 1000000 };
#define SIXTEEN_DIGITS UINT64_C(10000000000000000)

static size_t digit_count(uint64_t number)
{
	/* 1233 / 4096 is a little over log10(2): the guess is right, or one too small */
	unsigned bits = 64 - (unsigned)__builtin_clzll(number | 1);
	unsigned guess = bits * 1233 >> 12;

	return guess + ((number | 1) >= powers_of_ten[guess]);
}

/* `number` has `len` digits and is below 10^8. */
static inline void put_short(char *out, size_t len, uint32_t number)
{
	char *at = out + len;

	for (; number >= 100; number /= 100)
		put_two(at -= 2, number % 100);
	if (number >= 10)
		put_two(at - 2, number);
	else
		at[-1] = (char)('0' + number);
}

size_t sl_write_u64(char *out, uint64_t number)
{
	size_t len = digit_count(number);

	if (number >= SIXTEEN_DIGITS) {
		put_short(out, len - 16, (uint32_t)(number / SIXTEEN_DIGITS));
		put_sixteen(out + len - 16, number % SIXTEEN_DIGITS);
	} else if (number >= EIGHT_DIGITS) {
		put_short(out, len - 8, (uint32_t)(number / EIGHT_DIGITS));
		put_eight(out + len - 8, (uint32_t)(number % EIGHT_DIGITS));
	} else {
		put_short(out, len, (uint32_t)number);
	}
	return len;
}

size_t sl_write_i64(char *out, int64_t number)
{
	if (number >= 0)
		return sl_write_u64(out, (uint64_t)number);
	*out = '-';
	return 1 + sl_write_u64(out + 1, -(uint64_t)number);
}

size_t sl_write_ms(char *out, uint64_t end_ns, uint64_t start_ns)
{
	bool negative = end_ns < start_ns;
	uint64_t ns = negative ? start_ns - end_ns : end_ns - start_ns;
	uint32_t fraction = (uint32_t)(ns % NS_PER_MS);
	char *at = out;

	if (negative)
		*at++ = '-';
	at += sl_write_u64(at, ns / NS_PER_MS);
	if (fraction == 0)
		return (size_t)(at - out);
	*at++ = '.';
	put_two(at, fraction / 10000);
	put_four(at + 2, fraction % 10000);
	at += 6;
	while (at[-1] == '0')
		at--;
	return (size_t)(at - out);
}

bool sl_parse_u64(struct sl_slice text, uint64_t *number)
{
	uint64_t value = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';

		/* 19 digits always fit */
		if (digit > 9 || (i >= 19 && value > (UINT64_MAX - digit) / 10))
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return true;
}

bool sl_parse_i64(struct sl_slice text, int64_t *number)
{
	const uint64_t largest = INT64_MAX;
	bool negative = take_byte(&text, '-');
	uint64_t magnitude;

	if (!sl_parse_u64(text, &magnitude) || magnitude > largest + negative)
		return false;
	if (negative && magnitude > largest)
		*number = INT64_MIN;
	else
		*number = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	return true;
}

/* The power of two that a letter stands for, or 0. */
static unsigned shift_of(char letter)
{
	switch (letter) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	case 'g':
	case 'G':
		return 30;
	default:
		return 0;
	}
}

bool sl_parse_size(struct sl_slice text, uint64_t *bytes)
{
	unsigned shift = text.len > 0 ? shift_of(text.data[text.len - 1]) : 0;
	uint64_t count;

	if (shift > 0)
		text.len--;
	if (!sl_parse_u64(text, &count) || count > UINT64_MAX >> shift)
		return false;
	*bytes = count << shift;
	return true;
}

bool sl_parse_decimal(struct sl_slice text, uint64_t *digits, unsigned *places)
{
	enum { MOST_PLACES = 9 };
	bool point = false, any = false;

	*digits = 0;
	*places = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';

		if (text.data[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (digit > 9 || *digits > UINT64_C(100000000000000000) || *places == MOST_PLACES)
			return false;
		*digits = *digits * 10 + digit;
		*places += point;
		any = true;
	}
	return any;
}

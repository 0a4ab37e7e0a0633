/* The scanner of JSON bytes: numbers. */
#include "spanline/scan.h"

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static void skip_digits(struct sl_cursor *cursor)
{
	while (is_digit(sl_cursor_peek(cursor)))
		cursor->at++;
}

bool sl_cursor_number(struct sl_cursor *cursor, struct sl_slice *text)
{
	const char *start = cursor->at;

	if (sl_cursor_peek(cursor) == '-')
		cursor->at++;
	if (!is_digit(sl_cursor_peek(cursor)))
		return sl_cursor_syntax(cursor, "a value is expected");
	if (sl_cursor_peek(cursor) == '0')
		cursor->at++;
	else
		skip_digits(cursor);
	if (sl_cursor_peek(cursor) == '.') {
		cursor->at++;
		if (!is_digit(sl_cursor_peek(cursor)))
			return sl_cursor_syntax(cursor, "a digit is expected");
		skip_digits(cursor);
	}
	if (sl_cursor_peek(cursor) == 'e' || sl_cursor_peek(cursor) == 'E') {
		cursor->at++;
		if (sl_cursor_peek(cursor) == '+' || sl_cursor_peek(cursor) == '-')
			cursor->at++;
		if (!is_digit(sl_cursor_peek(cursor)))
			return sl_cursor_syntax(cursor, "a digit is expected");
		skip_digits(cursor);
	}
	*text = (struct sl_slice){ start, (size_t)(cursor->at - start) };
	return true;
}

bool sl_cursor_number_or_string(struct sl_cursor *cursor, struct sl_slice *text)
{
	char byte = sl_cursor_peek(cursor);

	if (byte == '"')
		return sl_cursor_string(cursor, text);
	if (byte == '-' || is_digit(byte))
		return sl_cursor_number(cursor, text);
	return sl_cursor_unexpected(cursor, "a number is expected");
}

/* The digits of a number with the point where its exponent puts it. */
struct decimal {
	bool negative;
	struct sl_slice whole, fraction; /* digits only */
	int64_t exponent;
};

static struct sl_slice take_digits(struct sl_slice *text)
{
	struct sl_slice digits = { text->data, 0 };

	while (digits.len < text->len && is_digit(text->data[digits.len]))
		digits.len++;
	text->data += digits.len;
	text->len -= digits.len;
	return digits;
}

static bool take_byte(struct sl_slice *text, char byte)
{
	if (text->len == 0 || text->data[0] != byte)
		return false;
	text->data++;
	text->len--;
	return true;
}

/* Far over what any number of 64 bits can have, and far from overflow. */
enum { LARGEST_EXPONENT = 1 << 20 };

static bool parse_decimal(struct sl_slice text, struct decimal *decimal)
{
	bool down;

	*decimal = (struct decimal){ .negative = take_byte(&text, '-') };
	decimal->whole = take_digits(&text);
	if (decimal->whole.len == 0)
		return false;
	if (take_byte(&text, '.')) {
		decimal->fraction = take_digits(&text);
		if (decimal->fraction.len == 0)
			return false;
	}
	if (!take_byte(&text, 'e') && !take_byte(&text, 'E'))
		return text.len == 0;
	down = take_byte(&text, '-');
	if (!down)
		take_byte(&text, '+');
	if (text.len == 0)
		return false;
	for (; text.len > 0 && is_digit(text.data[0]); text.data++, text.len--)
		if (decimal->exponent < LARGEST_EXPONENT)
			decimal->exponent = decimal->exponent * 10 + (text.data[0] - '0');
	if (down)
		decimal->exponent = -decimal->exponent;
	return text.len == 0;
}

static char digit_at(const struct decimal *decimal, size_t i)
{
	if (i < decimal->whole.len)
		return decimal->whole.data[i];
	return decimal->fraction.data[i - decimal->whole.len];
}

static bool add_digit(uint64_t *number, unsigned digit)
{
	if (*number > (UINT64_MAX - digit) / 10)
		return false;
	*number = *number * 10 + digit;
	return true;
}

/* Rounded to an integer, halves up; *whole where there was nothing to round.  False: does not fit.
 */
static bool rounded_of(const struct decimal *decimal, uint64_t *magnitude, bool *whole)
{
	size_t len = decimal->whole.len + decimal->fraction.len;
	int64_t point = (int64_t)decimal->whole.len + decimal->exponent;
	bool up = false;

	*magnitude = 0;
	*whole = true;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned)(digit_at(decimal, i) - '0');

		if ((int64_t)i < point) {
			if (!add_digit(magnitude, digit))
				return false;
			continue;
		}
		up |= (int64_t)i == point && digit >= 5;
		*whole &= digit == 0;
	}
	for (int64_t i = (int64_t)len; *magnitude != 0 && i < point; i++)
		if (!add_digit(magnitude, 0))
			return false;
	if (up && *magnitude == UINT64_MAX)
		return false;
	*magnitude += up;
	return true;
}

/* False where the number has a fraction, or does not fit. */
static bool integral_of(const struct decimal *decimal, uint64_t *magnitude)
{
	bool whole;

	return rounded_of(decimal, magnitude, &whole) && whole;
}

bool sl_scaled_of(struct sl_slice text, int places, bool *negative, uint64_t *magnitude)
{
	struct decimal decimal;
	bool whole;

	if (!parse_decimal(text, &decimal))
		return false;
	decimal.exponent += places;
	*negative = decimal.negative;
	return rounded_of(&decimal, magnitude, &whole);
}

bool sl_unsigned_of(struct sl_slice text, uint64_t *number)
{
	struct decimal decimal;

	return parse_decimal(text, &decimal) && integral_of(&decimal, number) &&
	       (!decimal.negative || *number == 0);
}

enum sl_number_kind sl_number_of(struct sl_slice text, int64_t *integer, double *number)
{
	const uint64_t lowest = UINT64_C(1) << 63;
	struct decimal decimal;
	uint64_t magnitude;

	if (parse_decimal(text, &decimal) && integral_of(&decimal, &magnitude)) {
		if (magnitude < lowest) {
			*integer = decimal.negative ? -(int64_t)magnitude : (int64_t)magnitude;
			return SL_NUMBER_INTEGER;
		}
		if (decimal.negative && magnitude == lowest) {
			*integer = INT64_MIN;
			return SL_NUMBER_INTEGER;
		}
	}
	if (!sl_parse_double(text, number) || !(*number - *number == 0))
		return SL_NUMBER_NONE;
	return SL_NUMBER_DOUBLE;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Pairs, then fours, then all eight digits (0 to 9, not '0' to '9'), the first in the lowest byte.
 */
static inline uint64_t eight_digits(uint64_t word)
{
	const uint64_t bytes = UINT64_C(0x000000ff000000ff);

	word = word * 10 + (word >> 8);
	return ((word & bytes) * UINT64_C(0x000f424000000064) +
		((word >> 16) & bytes) * UINT64_C(0x0000271000000001)) >>
	       32;
}

/* Puts the digits at `at`, eight at most, behind those of *number; how many there were. */
static inline unsigned take_eight(const char *at, uint64_t *number)
{
	static const uint32_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000 };
	uint64_t word = sl_load_8(at) ^ UINT64_C(0x3030303030303030);
	/* the highest bit of all that is over 9; sums carry into later bytes only */
	uint64_t others =
		((word + UINT64_C(0x7676767676767676)) | word) & UINT64_C(0x8080808080808080);
	unsigned bits;

	if (others == 0) {
		*number = *number * 100000000 + eight_digits(word);
		return 8;
	}
	bits = (unsigned)__builtin_ctzll(others) & ~7U;
	if (bits == 0)
		return 0;
	/* zeros come before the digits that there are */
	*number = *number * powers[bits / 8] + eight_digits(word << (64 - bits));
	return bits / 8;
}

/* Up to 24 digits; with more than 19 of them the number is wrong.  What is behind the end may be
 * read (SL_PADDING). */
static inline const char *take_digits_plainly(const char *at, uint64_t *number)
{
	unsigned len;

	*number = 0;
	len = take_eight(at, number);
	if (len == 8)
		len += take_eight(at + 8, number);
	if (len == 16)
		len += take_eight(at + 16, number);
	return at + len;
}
#else
static inline const char *take_digits_plainly(const char *at, uint64_t *number)
{
	const char *start = at;

	*number = 0;
	for (; is_digit(*at) && at - start < 24; at++)
		*number = *number * 10 + (uint64_t)(*at - '0');
	return at;
}
#endif

/* The usual form: up to `most` digits, and no zero before others, all in quotes or followed by what
 * ends a value.  The byte behind, or NULL. */
static inline const char *take_plain(const char *start, int most, bool quoted, uint64_t *number)
{
	const char *at = take_digits_plainly(start, number);

	if (at == start || at - start > most || (*start == '0' && at - start > 1))
		return NULL;
	if (quoted)
		return *at == '"' ? at + 1 : NULL;
	return *at == ',' || *at == '}' ? at : NULL;
}

const char *sl_take_integer(const char *at, int64_t *number)
{
	bool quoted = *at == '"';
	bool negative = at[quoted] == '-';
	uint64_t magnitude;

	at = take_plain(at + quoted + negative, 18, quoted, &magnitude);
	if (at != NULL)
		*number = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	return at;
}

/* To `at`, if it is something and not behind the end. */
static bool move_to(struct sl_cursor *cursor, const char *at)
{
	if (SL_UNLIKELY(at == NULL || at > cursor->end))
		return false;
	cursor->at = at;
	return true;
}

bool sl_cursor_plain_integer(struct sl_cursor *cursor, int64_t *number)
{
	return move_to(cursor, sl_take_integer(cursor->at, number));
}

SL_SLOW_PATH static bool read_u64_slowly(struct sl_cursor *cursor, uint64_t *number)
{
	const char *start = cursor->at;
	struct sl_slice text;

	if (!sl_cursor_number_or_string(cursor, &text))
		return false;
	if (sl_unsigned_of(text, number))
		return true;
	*number = 0;
	return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
}

bool sl_cursor_plain_unsigned(struct sl_cursor *cursor, uint64_t *number)
{
	bool quoted = *cursor->at == '"';

	if (SL_LIKELY(quoted && sl_cursor_left(cursor, 21) &&
		      sl_take_time(cursor->at + 1, number))) {
		cursor->at += 21;
		return true;
	}
	/* 19 digits always fit */
	return move_to(cursor, take_plain(cursor->at + quoted, 19, quoted, number));
}

bool sl_cursor_u64(struct sl_cursor *cursor, uint64_t *number)
{
	return sl_cursor_plain_unsigned(cursor, number) || read_u64_slowly(cursor, number);
}

bool sl_cursor_u32(struct sl_cursor *cursor, uint32_t *number)
{
	const char *start = cursor->at;
	struct sl_slice text = { "", 0 };
	uint64_t wide = 0;

	*number = 0;
	if (!sl_cursor_plain_unsigned(cursor, &wide)) {
		if (!sl_cursor_number_or_string(cursor, &text))
			return false;
		if (!sl_unsigned_of(text, &wide))
			wide = UINT64_MAX;
	}
	if (wide > UINT32_MAX)
		return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
	*number = (uint32_t)wide;
	return *start != '"' || sl_cursor_note(cursor, SL_NOTE_NUMBER_AS_STRING, start);
}

/* The scanner of JSON bytes: numbers and ids. */
#include "scanner.h"

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static void skip_digits(struct cursor *cursor)
{
	while (is_digit(cursor_peek(cursor)))
		cursor->at++;
}

bool scan_number(struct cursor *cursor, struct sl_slice *text)
{
	const char *start = cursor->at;

	if (cursor_peek(cursor) == '-')
		cursor->at++;
	if (!is_digit(cursor_peek(cursor)))
		return cursor_syntax(cursor, "a value is expected");
	if (cursor_peek(cursor) == '0')
		cursor->at++;
	else
		skip_digits(cursor);
	if (cursor_peek(cursor) == '.') {
		cursor->at++;
		if (!is_digit(cursor_peek(cursor)))
			return cursor_syntax(cursor, "a digit is expected");
		skip_digits(cursor);
	}
	if (cursor_peek(cursor) == 'e' || cursor_peek(cursor) == 'E') {
		cursor->at++;
		if (cursor_peek(cursor) == '+' || cursor_peek(cursor) == '-')
			cursor->at++;
		if (!is_digit(cursor_peek(cursor)))
			return cursor_syntax(cursor, "a digit is expected");
		skip_digits(cursor);
	}
	*text = (struct sl_slice){ start, (size_t)(cursor->at - start) };
	return true;
}

bool scan_number_or_string(struct cursor *cursor, struct sl_slice *text)
{
	char byte = cursor_peek(cursor);

	if (byte == '"')
		return scan_string(cursor, text);
	if (byte == '-' || is_digit(byte))
		return scan_number(cursor, text);
	return cursor_unexpected(cursor, "a number is expected");
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
	return i < decimal->whole.len ? decimal->whole.data[i]
				      : decimal->fraction.data[i - decimal->whole.len];
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

bool scaled_of(struct sl_slice text, int places, bool *negative, uint64_t *magnitude)
{
	struct decimal decimal;
	bool whole;

	if (!parse_decimal(text, &decimal))
		return false;
	decimal.exponent += places;
	*negative = decimal.negative;
	return rounded_of(&decimal, magnitude, &whole);
}

bool unsigned_of(struct sl_slice text, uint64_t *number)
{
	struct decimal decimal;

	return parse_decimal(text, &decimal) && integral_of(&decimal, number) &&
	       (!decimal.negative || *number == 0);
}

enum number_kind number_of(struct sl_slice text, int64_t *integer, double *number)
{
	const uint64_t lowest = UINT64_C(1) << 63;
	struct decimal decimal;
	uint64_t magnitude;

	if (parse_decimal(text, &decimal) && integral_of(&decimal, &magnitude)) {
		if (magnitude < lowest) {
			*integer = decimal.negative ? -(int64_t)magnitude : (int64_t)magnitude;
			return NUMBER_INTEGER;
		}
		if (decimal.negative && magnitude == lowest) {
			*integer = INT64_MIN;
			return NUMBER_INTEGER;
		}
	}
	if (!sl_parse_double(text, number) || !(*number - *number == 0))
		return NUMBER_NONE;
	return NUMBER_DOUBLE;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static bool eight_digits(uint64_t word)
{
	const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0), zeros = UINT64_C(0x3030303030303030);

	return (word & high) == zeros && ((word + UINT64_C(0x0606060606060606)) & high) == zeros;
}

/* Pairs, then fours, then all eight digits, the first in the lowest byte. */
static uint64_t eight_digits_value(uint64_t word)
{
	const uint64_t bytes = UINT64_C(0x000000ff000000ff);

	word -= UINT64_C(0x3030303030303030);
	word = word * 10 + (word >> 8);
	return ((word & bytes) * UINT64_C(0x000f424000000064) +
		((word >> 16) & bytes) * UINT64_C(0x0000271000000001)) >>
	       32;
}

/* Up to 16 digits, eight at a time; what is behind the end may be read (SL_PADDING). */
static const char *take_eights(const char *at, uint64_t *number)
{
	for (int i = 0; i < 2; i++, at += 8) {
		uint64_t word = load_8(at);

		if (!eight_digits(word))
			break;
		*number = *number * 100000000 + eight_digits_value(word);
	}
	return at;
}
#else
static const char *take_eights(const char *at, uint64_t *number)
{
	(void)number;
	return at;
}
#endif

enum { SAFE_DIGITS = 19 }; /* always fit in 64 bits */

/*
 * The usual form: up to `most` digits, at most SAFE_DIGITS, and no zero before others.  The byte
 * behind them, or NULL.
 */
static const char *take_plain(const char *start, int most, uint64_t *number)
{
	const char *at;
	uint64_t value = 0;

	at = take_eights(start, &value);
	for (; is_digit(*at) && at - start < most; at++)
		value = value * 10 + (uint64_t)(*at - '0');
	*number = value;
	return at == start || (*start == '0' && at - start > 1) ? NULL : at;
}

/* Over a plain number and its quotes, if `at` (or NULL) is behind all of its digits. */
static bool end_plain(struct cursor *cursor, const char *at)
{
	bool quoted = cursor_peek(cursor) == '"';

	if (at == NULL || at >= cursor->end)
		return false;
	if (quoted ? *at != '"' : *at != ',' && *at != '}')
		return false;
	cursor->at = at + quoted;
	return true;
}

bool scan_plain_integer(struct cursor *cursor, int64_t *number)
{
	bool quoted = cursor_peek(cursor) == '"';
	const char *start = cursor->at + quoted;
	bool negative = *start == '-';
	uint64_t magnitude;

	if (!end_plain(cursor, take_plain(start + negative, SAFE_DIGITS - 1, &magnitude)))
		return false;
	*number = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	return true;
}

static bool read_u64_slowly(struct cursor *cursor, uint64_t *number)
{
	const char *start = cursor->at;
	struct sl_slice text;

	if (!scan_number_or_string(cursor, &text))
		return false;
	if (unsigned_of(text, number))
		return true;
	*number = 0;
	return cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
}

bool read_u64(struct cursor *cursor, uint64_t *number)
{
	bool quoted = cursor_peek(cursor) == '"';

	return end_plain(cursor, take_plain(cursor->at + quoted, SAFE_DIGITS, number)) ||
	       read_u64_slowly(cursor, number);
}

bool read_u32(struct cursor *cursor, uint32_t *number)
{
	const char *start = cursor->at;
	uint64_t wide = 0;

	*number = 0;
	if (!read_u64(cursor, &wide))
		return false;
	if (*start == '"' && !cursor_note(cursor, SL_NOTE_NUMBER_AS_STRING, start))
		return false;
	if (wide > UINT32_MAX)
		return cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
	*number = (uint32_t)wide;
	return true;
}

static char *id_room(struct cursor *cursor, size_t size)
{
	char *room = sl_arena_alloc(cursor->arena, size);

	if (room == NULL)
		cursor_memory(cursor);
	return room;
}

bool read_base64(struct cursor *cursor, struct sl_slice *bytes)
{
	const char *start = cursor->at;
	struct sl_slice text;
	char *room;

	if (!scan_string(cursor, &text))
		return false;
	room = id_room(cursor, 3 * (text.len / 4) + 2);
	if (room == NULL)
		return false;
	bytes->data = room;
	return sl_parse_base64(text, room, &bytes->len) ||
	       cursor_refuse(cursor, start, "bytes that are not base64");
}

/* An odd number of hex digits, read as if a zero stood before them. */
static bool padded_hex(struct sl_slice text, char *out)
{
	const char first[2] = { '0', text.len == 0 ? 'x' : text.data[0] };

	return text.len % 2 == 1 && sl_parse_hex((struct sl_slice){ first, 2 }, out) &&
	       sl_parse_hex((struct sl_slice){ text.data + 1, text.len - 1 }, out + 1);
}

/* What is not hex of the right length. */
static bool read_odd_id(struct cursor *cursor, struct sl_slice text, const char *start, size_t size,
			struct sl_slice *id)
{
	char *room;
	size_t len;

	*id = (struct sl_slice){ "", 0 };
	if (text.len == 0)
		return true;
	room = id_room(cursor, text.len + 2);
	if (room == NULL)
		return false;
	id->data = room;
	id->len = text.len / 2;
	if (sl_parse_hex(text, room))
		return true;
	if (text.len <= sl_base64_size(size) && sl_parse_base64(text, room, &len) && len == size) {
		id->len = size;
		return cursor_note(cursor, SL_NOTE_BASE64_ID, start);
	}
	id->len = (text.len + 1) / 2;
	if (!padded_hex(text, room)) {
		memcpy(room, text.data, text.len);
		id->len = text.len;
	}
	return cursor_note(cursor, SL_NOTE_ODD_ID, start);
}

bool read_id(struct cursor *cursor, size_t size, struct sl_slice *id)
{
	const char *start = cursor->at;
	struct sl_slice text;

	if (!scan_string(cursor, &text))
		return false;
	if (SL_LIKELY(text.len == 2 * size)) {
		char *room = id_room(cursor, size);

		if (room == NULL)
			return false;
		if (SL_LIKELY(sl_parse_hex(text, room))) {
			*id = (struct sl_slice){ room, size };
			return true;
		}
	}
	return read_odd_id(cursor, text, start, size, id);
}

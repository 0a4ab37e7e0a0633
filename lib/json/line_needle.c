/*
 * Looking for an attribute in the text of a line, whosever it is.
 *
 * A place that surely is no such attribute is passed over; what is not clear is left to who reads
 * the line.  In JSON a quote inside a string stands behind a backslash, so a key in its quotes,
 * with a colon behind it, is a key.  `exact` changes no text that is valid UTF-8 and holds no
 * U+FFFD into another one, and no number into one that is unequal as a double.
 */
#include "line_needle.h"

/* Decimal digits of which a double holds each number, and with which each is written alone. */
enum { MOST_DIGITS = 15 };

/* Shorter values stand in too many places. */
enum { SHORTEST_VALUE = 2 };

static const struct line_needle *needle_of(const struct sl_literal *literal)
{
	return (const struct line_needle *)(const void *)literal;
}

/* The value at `at` may be the attribute's: what stands before it is not another key. */
static bool may_have_key(const struct sl_literal *literal, const char *from, const char *at,
			 const char *end)
{
	struct sl_slice key = needle_of(literal)->test.key;
	const char *quote = at - 1;
	size_t before = (size_t)(quote - from);

	(void)end;
	if (at == from || *quote != '"')
		return false; /* it is longer */
	if (key.data == NULL || before < 3 || quote[-1] != ':' || quote[-2] != '"')
		return true;
	return before >= key.len + 3 && quote[-3 - (ptrdiff_t)key.len] == '"' &&
	       memcmp(quote - 2 - key.len, key.data, key.len) == 0;
}

static inline bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static inline bool ends_number(char byte)
{
	return byte == ',' || byte == '}' || byte == ']' || byte == ' ';
}

/* Over digits that go on with a number; not many, or it does not matter. */
static inline const char *take_digits(const char *at, uint64_t *number)
{
	const char *most = at + MOST_DIGITS + 1;
	unsigned digit;

	for (; (digit = (unsigned char)(*at - '0')) <= 9 && at < most; at++)
		*number = *number * 10 + digit;
	return at;
}

/* The number at `at` may be from test->least to test->most: it is not in its plainest form, or it
 * is. */
static inline bool may_be_number(const struct sl_attribute_test *test, const char *at)
{
	static const double powers[] = { 1,   1e1, 1e2,	 1e3,  1e4,  1e5,  1e6,	 1e7,
					 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	bool negative = *at == '-';
	const char *start = at + negative;
	uint64_t digits = 0;
	double number;

	at = take_digits(start, &digits);
	number = (double)digits;
	if (*at == '.') {
		const char *point = at;

		at = take_digits(point + 1, &digits);
		if (at - start > MOST_DIGITS || at == point + 1)
			return true;
		number = (double)digits / powers[at - point - 1];
	}
	if (at == start || at - start > MOST_DIGITS || !ends_number(*at) ||
	    (*start == '0' && is_digit(start[1])))
		return true;
	number = negative ? -number : number;
	return number >= test->least && number <= test->most;
}

static bool may_be_text(struct sl_slice text, const char *quote, const char *end)
{
	return (size_t)(end - quote) > text.len + 1 && quote[text.len + 1] == '"' &&
	       (text.len == 0 || memcmp(quote + 1, text.data, text.len) == 0);
}

/* The value at `at` may be the attribute's. */
static bool may_be_value(const struct sl_attribute_test *test, const char *at, const char *end)
{
	bool any = test->type == SL_VALUE_EMPTY;

	if (SL_LIKELY(is_digit(*at)))
		return any || (test->type == SL_VALUE_DOUBLE && may_be_number(test, at));
	switch (*at) {
	case '"':
		if (test->type == SL_VALUE_STRING)
			return may_be_text(test->text, at, end);
		/* an infinity is shown as text */
		return any || (test->type == SL_VALUE_DOUBLE && (at[1] == 'I' || at[1] == '-'));
	case 't':
	case 'f':
		return any || (test->type == SL_VALUE_BOOL && test->boolean == (*at == 't'));
	case 'n':
	case '{':
		return any;
	case '-':
		return any || (test->type == SL_VALUE_DOUBLE && may_be_number(test, at));
	default:
		return true;
	}
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (*at == ' ' && at < end)
		at++;
	return at;
}

/* The key at `at` is one, with such a value behind it; or that is not clear. */
static bool may_have_value(const struct sl_literal *literal, const char *from, const char *at,
			   const char *end)
{
	const struct line_needle *needle = needle_of(literal);
	const char *behind = at + needle->text.len;

	if (at == from || at[-1] != '"')
		return false;
	behind = skip_blanks(behind, end);
	return *behind == ':' && may_be_value(&needle->test, skip_blanks(behind + 1, end), end);
}

bool line_needle_init(struct line_needle *needle, const struct sl_attribute_test *test)
{
	bool by_value = test->type == SL_VALUE_STRING && test->text.len >= SHORTEST_VALUE;

	*needle = (struct line_needle){ .test = *test };
	if (!sl_attribute_tested(test))
		return true;
	sl_buffer_add_slice(&needle->text, by_value ? test->text : test->key);
	sl_buffer_add_byte(&needle->text, '"');
	if (needle->text.failed)
		return false;
	needle->literal = sl_literal_of(sl_buffer_slice(&needle->text));
	needle->literal.is_meant = by_value ? may_have_key : may_have_value;
	return true;
}

void line_needle_free(struct line_needle *needle)
{
	sl_buffer_free(&needle->text);
}

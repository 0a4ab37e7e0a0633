/*
 * Looking for an attribute in the text of a line, whosever it is.
 *
 * A place that surely is no such attribute is passed over; what is not clear is left to who reads
 * the line.  In JSON a quote inside a string stands behind a backslash, so a key in its quotes,
 * with a colon behind it, is a key.  `exact` changes no text that is valid UTF-8 and holds no
 * U+FFFD into another one, and no number into one that is unequal as a double.
 */
#include "line_needle.h"
#include "spanline/text.h"

/* Decimal digits of which a double holds each number, and with which each is written alone. */
enum { MOST_DIGITS = 15 };

/* Shorter values stand in too many places. */
enum { SHORTEST_VALUE = 2 };

bool line_needle_init(struct line_needle *needle, const struct sl_attribute_test *test)
{
	*needle = (struct line_needle){ .test = *test };
	if (!sl_attribute_tested(test))
		return true;
	needle->by_value = test->type == SL_VALUE_STRING && test->text.len >= SHORTEST_VALUE;
	sl_buffer_add_slice(&needle->text, needle->by_value ? test->text : test->key);
	sl_buffer_add_byte(&needle->text, '"');
	return !needle->text.failed;
}

void line_needle_free(struct line_needle *needle)
{
	sl_buffer_free(&needle->text);
}

const char *line_scan(const char *at, const char *end, struct sl_slice literal)
{
	const char *stop = sl_scan_literal(at, end, literal);

	while (SL_UNLIKELY(end - stop > 2 && *stop == '\\' && stop[1] != 'u' && stop[1] != '/'))
		stop = sl_scan_literal(stop + 2, end, literal);
	return stop;
}

/* The value at `at` may be the attribute's: what stands before it is not another key. */
static bool may_have_key(struct sl_slice key, const char *begin, const char *at)
{
	const char *quote = at - 1;
	size_t before = (size_t)(quote - begin);

	if (*quote != '"')
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

/* The number at `at` may be from test->least to test->most: it is not in its plainest form, or it
 * is. */
static bool may_be_number(const struct sl_attribute_test *test, const char *at)
{
	static const double powers[] = { 1,   1e1, 1e2,	 1e3,  1e4,  1e5,  1e6,	 1e7,
					 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	bool negative = *at == '-';
	const char *start = at += negative, *point = NULL;
	uint64_t digits = 0;
	double number;

	for (; at - start < MOST_DIGITS && (is_digit(*at) || (*at == '.' && point == NULL)); at++)
		if (*at == '.')
			point = at + 1;
		else
			digits = digits * 10 + (unsigned char)(*at - '0');
	if (!ends_number(*at) || !is_digit(*start) || !is_digit(at[-1]) ||
	    (*start == '0' && is_digit(start[1])))
		return true;
	number = (double)digits / powers[point != NULL ? at - point : 0];
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
	default:
		if (!is_digit(*at) && *at != '-')
			return true;
		return any || (test->type == SL_VALUE_DOUBLE && may_be_number(test, at));
	}
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (*at == ' ' && at < end)
		at++;
	return at;
}

/* The key at `at` is one, with such a value behind it; or that is not clear. */
static bool may_have_value(const struct line_needle *needle, const char *at, const char *end)
{
	const char *behind = at + needle->text.len;

	if (at[-1] != '"')
		return false;
	behind = skip_blanks(behind, end);
	return *behind == ':' && may_be_value(&needle->test, skip_blanks(behind + 1, end), end);
}

const char *line_needle_find(const struct line_needle *needle, const char *begin, const char *at,
			     const char *end)
{
	struct sl_slice text = sl_buffer_slice(&needle->text);

	for (;; at++) {
		at = line_scan(at, end, text);
		if (at == end || *at == '\n' || *at == '\\')
			return at;
		if (at == begin)
			continue;
		if (needle->by_value ? may_have_key(needle->test.key, begin, at)
				     : may_have_value(needle, at, end))
			return at;
	}
}

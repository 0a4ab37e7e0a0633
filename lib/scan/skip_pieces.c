/*
 * The end of a JSON value, looked for piece by piece.  Between brackets and quotes nothing is read,
 * but each of them must fit the last byte before it and the bracket that it is in: so that a byte
 * which is damaged shows at once, not where the brackets are found to be no pairs.
 */
#include "spanline/scan.h"
#include "spanline/text.h"

enum { PAIRED_LEVELS = 64 }; /* bits of sl_json_skip.objects */

/* What may stand before a bracket or quote, a bit each. */
enum before { COLON = 1, COMMA = 2, ARRAY = 4, OBJECT = 8, VALUE = 16 };
/* Where that is. */
enum around { IN_ARRAY, IN_OBJECT, TOO_DEEP, AROUND_COUNT };

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* Behind the closing quote; NULL: the piece ends in the string; or at a byte that no string has. */
static const char *skip_string(struct sl_json_skip *skip, const char *at, const char *end)
{
	unsigned high = 0;

	if (skip->escaped && at < end) {
		skip->escaped = false;
		at++;
	}
	while ((at = sl_scan_string(at, end, &high)) < end) {
		if (*at == '"') {
			skip->in_string = false;
			return at + 1;
		}
		if (*at != '\\') {
			skip->broken = true;
			return at;
		}
		skip->escaped = end - at == 1;
		at += end - at > 1 ? 2 : 1;
	}
	return NULL;
}

/* A number or a word ends where something else begins. */
static const char *skip_word(const char *at, const char *end)
{
	while (at < end && !is_space(*at) && strchr(",:]}[{\"", *at) == NULL)
		at++;
	return at < end ? at : NULL;
}

static enum around around(const struct sl_json_skip *skip)
{
	if (skip->depth > PAIRED_LEVELS)
		return TOO_DEEP;
	return (skip->objects >> (skip->depth - 1) & 1) != 0 ? IN_OBJECT : IN_ARRAY;
}

static inline unsigned before(char byte)
{
	switch (byte) {
	case ':':
		return COLON;
	case ',':
		return COMMA;
	case '[':
		return ARRAY;
	case '{':
		return OBJECT;
	default:
		return VALUE;
	}
}

/* The quote or bracket may stand behind the last byte. */
static bool fits(const struct sl_json_skip *skip, char byte)
{
	static const unsigned char quote[AROUND_COUNT] = { COMMA | ARRAY, COLON | COMMA | OBJECT,
							   COLON | COMMA | ARRAY | OBJECT };
	static const unsigned char opening[AROUND_COUNT] = { COMMA | ARRAY, COLON,
							     COLON | COMMA | ARRAY };
	static const unsigned char brace[AROUND_COUNT] = { 0, OBJECT | VALUE, OBJECT | VALUE };
	static const unsigned char bracket[AROUND_COUNT] = { ARRAY | VALUE, 0, ARRAY | VALUE };
	const unsigned char *allowed = byte == '"'   ? quote
				       : byte == '}' ? brace
				       : byte == ']' ? bracket
						     : opening;

	return (allowed[around(skip)] & before(skip->last)) != 0;
}

/* Over a quote or a bracket. */
static void take_structure(struct sl_json_skip *skip, char byte)
{
	uint64_t bit = (uint64_t)1 << (skip->depth % PAIRED_LEVELS);

	if (byte == '"') {
		skip->in_string = true;
	} else if (byte == '}' || byte == ']') {
		skip->depth--;
	} else {
		if (skip->depth < PAIRED_LEVELS)
			skip->objects = byte == '{' ? skip->objects | bit : skip->objects & ~bit;
		skip->depth++;
	}
	skip->last = byte;
}

/* The value's first byte: true where it is a quote or a bracket that opens. */
static bool begin(struct sl_json_skip *skip, const char **at, const char *end)
{
	while (*at < end && is_space(**at))
		(*at)++;
	if (*at == end)
		return false;
	skip->begun = true;
	if (**at != '"' && **at != '{' && **at != '[')
		return false;
	take_structure(skip, *(*at)++);
	return true;
}

/* The last byte before `at` that is no white space, back to `from`, and what was there before. */
static inline char last_ink(const struct sl_json_skip *skip, const char *from, const char *at)
{
	while (at > from && is_space(at[-1]))
		at--;
	return at > from ? at[-1] : skip->last;
}

const char *sl_json_skip(struct sl_json_skip *skip, const char *at, const char *end)
{
	const char *from;

	if (!skip->begun && !begin(skip, &at, end))
		return at == end ? NULL : skip_word(at + 1, end);
	if (skip->depth == 0 && !skip->in_string)
		return skip_word(at, end);
	for (;;) {
		if (skip->in_string) {
			at = skip_string(skip, at, end);
			if (at == NULL || skip->depth == 0 || skip->broken)
				return at;
		}
		from = at;
		at = sl_scan_structure(at, end);
		skip->last = last_ink(skip, from, at);
		if (at == end)
			return NULL;
		if (!fits(skip, *at)) {
			skip->broken = true;
			return at;
		}
		take_structure(skip, *at++);
		if (skip->depth == 0)
			return at;
	}
}

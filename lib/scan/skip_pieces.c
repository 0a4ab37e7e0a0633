/*
 * The end of a JSON value, looked for piece by piece.  Between brackets and quotes nothing is read,
 * but each of them must fit the last byte before it and the bracket that it is in: so that a byte
 * which is damaged shows at once, not where the brackets are found to be no pairs.
 */
#include "spanline/scan.h"
#include "spanline/text.h"

enum { PAIRED_LEVELS = 64 }; /* bits of sl_json_skip.objects */

/* What bytes are outside strings. */
enum class { CLASS_OTHER, CLASS_SEPARATOR, CLASS_QUOTE, CLASS_OPENING, CLASS_BRACE, CLASS_BRACKET };
static const unsigned char classes[256] = {
	[','] = CLASS_SEPARATOR, [':'] = CLASS_SEPARATOR, ['"'] = CLASS_QUOTE,
	['{'] = CLASS_OPENING,	 ['['] = CLASS_OPENING,	  ['}'] = CLASS_BRACE,
	[']'] = CLASS_BRACKET,
};

/* What may stand before a quote or bracket, a bit each; what has none is a value's end. */
enum before {
	BEFORE_COLON = 1,
	BEFORE_COMMA = 2,
	BEFORE_ARRAY = 4,
	BEFORE_OBJECT = 8,
	BEFORE_VALUE = 16
};
static inline unsigned before(char byte)
{
	static const unsigned char table[256] = {
		[':'] = BEFORE_COLON ^ BEFORE_VALUE,
		[','] = BEFORE_COMMA ^ BEFORE_VALUE,
		['['] = BEFORE_ARRAY ^ BEFORE_VALUE,
		['{'] = BEFORE_OBJECT ^ BEFORE_VALUE,
	};

	return table[(unsigned char)byte] ^ BEFORE_VALUE;
}

/* Where that is. */
enum around { IN_ARRAY, IN_OBJECT, TOO_DEEP, AROUND_COUNT };
static const unsigned char allowed[][AROUND_COUNT] = {
	[CLASS_QUOTE] = { BEFORE_COMMA | BEFORE_ARRAY, BEFORE_COLON | BEFORE_COMMA | BEFORE_OBJECT,
			  BEFORE_COLON | BEFORE_COMMA | BEFORE_ARRAY | BEFORE_OBJECT },
	[CLASS_OPENING] = { BEFORE_COMMA | BEFORE_ARRAY, BEFORE_COLON,
			    BEFORE_COLON | BEFORE_COMMA | BEFORE_ARRAY },
	[CLASS_BRACE] = { 0, BEFORE_OBJECT | BEFORE_VALUE, BEFORE_OBJECT | BEFORE_VALUE },
	[CLASS_BRACKET] = { BEFORE_ARRAY | BEFORE_VALUE, 0, BEFORE_ARRAY | BEFORE_VALUE },
};

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* Behind the closing quote, or where the scan ends: the piece ends in the string, or it is broken.
 */
static inline const char *skip_string(struct sl_json_skip *skip, const char *at, const char *end)
{
	unsigned high = 0;

	skip->in_string = true;
	if (SL_UNLIKELY(skip->escaped) && at < end) {
		skip->escaped = false;
		at++;
	}
	while ((at = sl_scan_string(at, end, &high)) < end) {
		if (SL_LIKELY(*at == '"')) {
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
	return end;
}

/* A number or a word ends where something else begins. */
static const char *skip_word(const char *at, const char *end)
{
	while (at < end && !is_space(*at) && strchr(",:]}[{\"", *at) == NULL)
		at++;
	return at < end ? at : NULL;
}

static inline enum around around(const struct sl_json_skip *skip)
{
	if (SL_UNLIKELY(skip->depth > PAIRED_LEVELS))
		return TOO_DEEP;
	return (skip->objects >> (skip->depth - 1) & 1) != 0 ? IN_OBJECT : IN_ARRAY;
}

static inline void open_level(struct sl_json_skip *skip, bool object)
{
	if (SL_LIKELY(skip->depth < PAIRED_LEVELS)) {
		uint64_t bit = (uint64_t)1 << skip->depth;

		skip->objects = object ? skip->objects | bit : skip->objects & ~bit;
	}
	skip->depth++;
}

/* The last byte before `at`, back to `from`, that is no white space; or what was there before. */
static inline char last_ink(char last, const char *from, const char *at)
{
	while (at > from && is_space(at[-1]))
		at--;
	if (at > from)
		last = at[-1];
	return last;
}

/* A bracket is taken: false where it closes the value. */
static inline bool take_bracket(struct sl_json_skip *skip, char byte, enum class class)
{
	if (class == CLASS_OPENING)
		open_level(skip, byte == '{');
	else
		skip->depth--;
	return skip->depth > 0;
}

/* From a byte that is in no string, to the value's end, the piece's, or damage. */
static const char *skip_levels(struct sl_json_skip *skip, const char *at, const char *end)
{
	enum around where = around(skip);
	char last = skip->last;

	while (at < end) {
		const char *from = at;
		char byte = *at;
		enum class class = classes[(unsigned char)byte];

		if (class == CLASS_OTHER) {
			at = sl_scan_structure(at, end);
			last = last_ink(last, from, at);
			continue;
		}
		if (class != CLASS_SEPARATOR && (allowed[class][where] & before(last)) == 0) {
			skip->broken = true;
			break;
		}
		last = byte;
		at++;
		if (class == CLASS_QUOTE) {
			at = skip_string(skip, at, end);
			if (SL_UNLIKELY(skip->broken))
				break;
		} else if (class != CLASS_SEPARATOR) {
			if (!take_bracket(skip, byte, class))
				break;
			where = around(skip);
		}
	}
	skip->last = last;
	return at;
}

/* The value's first byte, at *at: false where it is a number or a word. */
static bool begin(struct sl_json_skip *skip, const char **at)
{
	char byte = **at;

	skip->begun = true;
	if (byte != '"' && byte != '{' && byte != '[')
		return false;
	skip->last = byte;
	skip->in_string = byte == '"';
	if (!skip->in_string)
		open_level(skip, byte == '{');
	(*at)++;
	return true;
}

const char *sl_json_skip(struct sl_json_skip *skip, const char *at, const char *end)
{
	struct sl_json_skip now = *skip;

	if (!now.begun) {
		while (at < end && is_space(*at))
			at++;
		if (at == end)
			return NULL;
		if (!begin(&now, &at)) {
			*skip = now;
			return skip_word(at + 1, end);
		}
	}
	if (now.depth == 0 && !now.in_string)
		return skip_word(at, end);
	if (now.in_string)
		at = skip_string(&now, at, end);
	if (now.depth > 0 && !now.broken)
		at = skip_levels(&now, at, end);
	*skip = now;
	return now.broken || (now.depth == 0 && !now.in_string) ? at : NULL;
}

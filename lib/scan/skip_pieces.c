/* The end of a JSON value, looked for piece by piece. */
#include "spanline/scan.h"

enum { PAIRED_LEVELS = 64 }; /* bits of sl_json_skip.objects */

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* Behind the closing quote, or NULL: the piece ends in the string. */
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
		/* over an escape, or over a control byte, which is not judged here */
		skip->escaped = *at == '\\' && end - at == 1;
		at += *at == '\\' && end - at > 1 ? 2 : 1;
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

static void open_level(struct sl_json_skip *skip, char bracket)
{
	uint64_t bit = (uint64_t)1 << (skip->depth % PAIRED_LEVELS);

	if (skip->depth < PAIRED_LEVELS)
		skip->objects = bracket == '{' ? skip->objects | bit : skip->objects & ~bit;
	skip->depth++;
}

/* False: it closes the value, or is the first that is mismatched. */
static bool close_level(struct sl_json_skip *skip, char bracket)
{
	if (--skip->depth < PAIRED_LEVELS && !skip->mismatched &&
	    (skip->objects >> skip->depth & 1) != (bracket == '}')) {
		skip->mismatched = true;
		return false;
	}
	return skip->depth > 0;
}

/* Over a quote or a bracket: false where the scan stops behind it. */
static bool take_structure(struct sl_json_skip *skip, char byte)
{
	if (byte == '"')
		skip->in_string = true;
	else if (byte == '{' || byte == '[')
		open_level(skip, byte);
	else if (skip->depth > 0)
		return close_level(skip, byte);
	return true;
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

const char *sl_json_skip(struct sl_json_skip *skip, const char *at, const char *end)
{
	if (!skip->begun && !begin(skip, &at, end))
		return at == end ? NULL : skip_word(at + 1, end);
	if (skip->depth == 0 && !skip->in_string)
		return skip_word(at, end);
	for (;;) {
		if (skip->in_string) {
			at = skip_string(skip, at, end);
			if (at == NULL || skip->depth == 0)
				return at;
		}
		at = sl_scan_structure(at, end);
		if (at == end)
			return NULL;
		if (!take_structure(skip, *at++))
			return at;
	}
}

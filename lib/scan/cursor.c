/* The scanner of JSON bytes: faults, separators, strings and words. */
#include "spanline/scan.h"

static bool keep_fault(struct sl_cursor *cursor, enum sl_fault fault, const char *at,
		       const char *problem)
{
	if (cursor->fault == SL_FAULT_NONE) {
		cursor->fault = fault;
		cursor->fault_at = at;
		cursor->problem = problem;
		cursor->departure = false;
	}
	return false;
}

bool sl_cursor_syntax(struct sl_cursor *cursor, const char *problem)
{
	if (cursor->at >= cursor->end)
		return keep_fault(cursor, SL_FAULT_CUT, cursor->end, "the document is cut");
	return keep_fault(cursor, SL_FAULT_SYNTAX, cursor->at, problem);
}

bool sl_cursor_refuse(struct sl_cursor *cursor, const char *at, const char *problem)
{
	return keep_fault(cursor, SL_FAULT_REFUSED, at, problem);
}

static bool begins_value(char byte)
{
	return byte != '\0' && strchr("\"{[-0123456789tfn", byte) != NULL;
}

bool sl_cursor_unexpected(struct sl_cursor *cursor, const char *problem)
{
	if (begins_value(sl_cursor_peek(cursor)))
		return sl_cursor_refuse(cursor, cursor->at, problem);
	return sl_cursor_syntax(cursor, problem);
}

bool sl_cursor_memory(struct sl_cursor *cursor)
{
	return keep_fault(cursor, SL_FAULT_MEMORY, cursor->at, "out of memory");
}

bool sl_cursor_note(struct sl_cursor *cursor, enum sl_note note, const char *at)
{
	cursor->notes->count[note]++;
	cursor->noted = true;
	if (!cursor->strict || !sl_note_is_departure(note))
		return true;
	sl_cursor_refuse(cursor, at, sl_note_text(note));
	cursor->departure = true;
	return false;
}

enum sl_status sl_cursor_status(const struct sl_cursor *cursor, struct sl_error *err)
{
	size_t offset;

	if (cursor->fault == SL_FAULT_MEMORY)
		return sl_fail_memory(err);
	offset = (size_t)(cursor->fault_at - cursor->begin);
	return sl_reject(err, cursor->fault == SL_FAULT_CUT ? SL_TRUNCATED : SL_MALFORMED, offset,
			 cursor->departure ? "not allowed with --strict: %s" : "%s",
			 cursor->problem);
}

void sl_cursor_skip_space_slowly(struct sl_cursor *cursor)
{
	const char *at = cursor->at;

	while (at < cursor->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
		at++;
	cursor->at = at;
}

bool sl_cursor_separate(struct sl_cursor *cursor, bool *begun, char open, char close)
{
	bool object = open == '{';

	if (*begun) {
		sl_cursor_skip_space(cursor);
	} else {
		if (sl_cursor_peek(cursor) != open)
			return sl_cursor_unexpected(cursor, object ? "an object is expected"
								   : "an array is expected");
		cursor->at++;
		sl_cursor_skip_space(cursor);
	}
	if (sl_cursor_peek(cursor) == close) {
		cursor->at++;
		return false;
	}
	if (*begun) {
		if (sl_cursor_peek(cursor) != ',')
			return sl_cursor_syntax(cursor, object ? "',' or '}' is expected"
							       : "',' or ']' is expected");
		cursor->at++;
		sl_cursor_skip_space(cursor);
	}
	*begun = true;
	if (object ? sl_cursor_peek(cursor) != '"' : cursor->at == cursor->end)
		return sl_cursor_syntax(cursor,
					object ? "a key is expected" : "a value is expected");
	return true;
}

bool sl_cursor_colon(struct sl_cursor *cursor)
{
	sl_cursor_skip_space(cursor);
	if (sl_cursor_peek(cursor) != ':')
		return sl_cursor_syntax(cursor, "':' is expected");
	cursor->at++;
	sl_cursor_skip_space(cursor);
	return true;
}

bool sl_cursor_word(struct sl_cursor *cursor, const char *word)
{
	for (; *word != '\0'; word++, cursor->at++)
		if (sl_cursor_peek(cursor) != *word)
			return sl_cursor_syntax(cursor, "a value is expected");
	return true;
}

bool sl_cursor_check_utf8(struct sl_cursor *cursor, struct sl_slice text)
{
	size_t valid = sl_utf8_prefix(text);

	if (valid == text.len)
		return true;
	return sl_cursor_refuse(cursor, text.data + valid, "invalid UTF-8 in a string");
}

/* The four digits of \uXXXX, or UINT32_MAX. */
static uint32_t hex_unit(const char *digits)
{
	char bytes[2];

	if (!sl_parse_hex((struct sl_slice){ digits, 4 }, bytes))
		return UINT32_MAX;
	return (uint32_t)(unsigned char)bytes[0] << 8 | (unsigned char)bytes[1];
}

/* Over the escape that the cursor stands on. */
static bool check_escape(struct sl_cursor *cursor)
{
	const char *start = cursor->at++;
	char kind = sl_cursor_peek(cursor);
	size_t len = kind == 'u' ? 5 : 1;

	if (!sl_cursor_left(cursor, len)) {
		cursor->at = cursor->end;
		return sl_cursor_syntax(cursor, "");
	}
	if (kind == 'u' ? hex_unit(cursor->at + 1) == UINT32_MAX
			: kind == '\0' || strchr("\"\\/bfnrt", kind) == NULL) {
		cursor->at = start;
		return sl_cursor_syntax(cursor, "a wrong escape in a string");
	}
	cursor->at += len;
	return true;
}

/* To the closing quote, over escapes. */
static bool find_quote(struct sl_cursor *cursor, unsigned *high)
{
	for (;;) {
		cursor->at = sl_scan_string(cursor->at, cursor->end, high);
		switch (sl_cursor_peek(cursor)) {
		case '"':
			return true;
		case '\\':
			if (!check_escape(cursor))
				return false;
			break;
		default:
			return sl_cursor_syntax(cursor, "a control character in a string");
		}
	}
}

/* Undoes \uXXXX and what belongs to it; *at is behind the backslash, and then behind the escape. */
static size_t undo_unicode(struct sl_cursor *cursor, const char **at, char *out)
{
	const char *start = *at - 1;
	uint32_t unit = hex_unit(*at + 1);

	*at += 5;
	if (unit >= 0xd800 && unit < 0xdc00 && (*at)[0] == '\\' && (*at)[1] == 'u') {
		uint32_t low = hex_unit(*at + 2);

		if (low >= 0xdc00 && low < 0xe000) {
			*at += 6;
			return sl_utf8_encode(out,
					      0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
		}
	}
	if (unit >= 0xd800 && unit < 0xe000) {
		sl_cursor_note(cursor, SL_NOTE_LONE_SURROGATE, start);
		unit = 0xfffd;
	}
	return sl_utf8_encode(out, unit);
}

static char undo_letter(char kind)
{
	switch (kind) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return kind;
	}
}

/* Never longer than the text with its escapes; those were checked before. */
static size_t undo_escapes(struct sl_cursor *cursor, struct sl_slice raw, char *out)
{
	const char *at = raw.data, *end = raw.data + raw.len;
	char *start = out;

	while (at < end) {
		const char *slash = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((slash != NULL ? slash : end) - at);

		memcpy(out, at, plain);
		out += plain;
		at += plain;
		if (slash == NULL)
			break;
		at++;
		if (*at == 'u')
			out += undo_unicode(cursor, &at, out);
		else
			*out++ = undo_letter(*at++);
	}
	return (size_t)(out - start);
}

bool sl_cursor_string_slowly(struct sl_cursor *cursor, const char *start, struct sl_slice *text)
{
	unsigned high = 0;
	struct sl_slice raw;
	char *copy;

	cursor->at = start;
	if (!find_quote(cursor, &high))
		return false;
	raw = (struct sl_slice){ start, (size_t)(cursor->at - start) };
	cursor->at++;
	if (high != 0 && cursor->strict && !sl_cursor_check_utf8(cursor, raw))
		return false;
	*text = raw;
	if (cursor->arena == NULL)
		return true;
	copy = sl_arena_alloc(cursor->arena, raw.len);
	if (copy == NULL)
		return sl_cursor_memory(cursor);
	*text = (struct sl_slice){ copy, undo_escapes(cursor, raw, copy) };
	return cursor->fault == SL_FAULT_NONE;
}

/* Strings with their escapes, and attributes' names with their quoted parts. */
#include "parser.h"
#include "spanline/text.h"

static struct place place_of(size_t at, size_t len)
{
	return (struct place){ at, len };
}

/* `digits` digits of the base behind at; -1: they are not there. */
static int64_t read_digits(struct sl_slice text, size_t at, size_t digits, int base)
{
	int64_t number = 0;

	for (size_t i = 0; i < digits; i++) {
		int byte = at + i < text.len ? (unsigned char)text.data[at + i] : 0;
		int digit = byte >= '0' && byte <= '9' ? byte - '0'
			    : (byte | 0x20) >= 'a' && (byte | 0x20) <= 'f'
				    ? (byte | 0x20) - 'a' + 10
				    : base;
		if (digit >= base)
			return -1;
		number = number * base + digit;
	}
	return number;
}

/* The escape whose backslash is at parser->at: its bytes at `out`, their count; 0: fault. */
static size_t lex_escape(struct parser *parser, char *out)
{
	static const char letters[] = "abfnrtv\\\"", bytes[] = "\a\b\f\n\r\t\v\\\"";
	const struct sl_slice text = parser->query->text;
	size_t start = parser->at, digits = 0;
	int kind = start + 1 < text.len ? (unsigned char)text.data[start + 1] : 0;
	const char *letter = kind != 0 ? strchr(letters, kind) : NULL;
	char quoted[QUOTED_SIZE];
	int64_t code;

	if (letter != NULL) {
		parser->at += 2;
		*out = bytes[letter - letters];
		return 1;
	}
	digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
	code = digits > 0 ? read_digits(text, start + 2, digits, 16)
			  : read_digits(text, start + 1, 3, 8);
	parser->at += digits > 0 ? 2 + digits : 4;
	if (code >= 0 && digits > 2 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff))
		return sl_utf8_encode(out, (uint32_t)code);
	if (code >= 0 && digits <= 2 && code <= 0xff) {
		*out = (char)code;
		return 1;
	}
	parser->at = start + (kind != 0 && kind < 0x80 ? 2 : 1);
	quote_text(quoted, (struct sl_slice){ text.data + start, parser->at - start });
	parser_fault(parser, place_of(start, parser->at - start),
		     kind == 0 ? "the string does not end"
			       : "unknown escape %s; a backslash is written '\\\\'",
		     quoted);
	return 0;
}

static bool lex_raw_string(struct parser *parser, struct sl_slice *string)
{
	const struct sl_slice text = parser->query->text;
	size_t start = parser->at + 1;
	const char *end = memchr(text.data + start, '`', text.len - start);

	if (end == NULL)
		return parser_fault(parser, place_of(start - 1, 1), "expected a second '`'");
	*string = (struct sl_slice){ text.data + start, (size_t)(end - text.data) - start };
	parser->at = start + string->len + 1;
	return true;
}

bool lex_string(struct parser *parser, struct sl_slice *string)
{
	const struct sl_slice text = parser->query->text;
	size_t start = parser->at, len = 0;
	char *out;

	if (text.data[start] == '`')
		return lex_raw_string(parser, string);
	/* no escape is shorter than what it stands for */
	out = sl_arena_alloc(&parser->query->arena, text.len - start);
	if (out == NULL)
		return parser_no_memory(parser);
	parser->at++;
	for (;;) {
		char byte = (char)(parser->at < text.len ? text.data[parser->at] : '\n');
		if (byte == '\n')
			return parser_fault(parser, place_of(start, parser->at - start),
					    "expected '\"' at the end of the string");
		if (byte == '"')
			break;
		if (byte == '\\') {
			size_t added = lex_escape(parser, out + len);
			if (added == 0)
				return false;
			len += added;
			continue;
		}
		out[len++] = byte;
		parser->at++;
	}
	parser->at++;
	sl_arena_trim(&parser->query->arena, out + len);
	*string = (struct sl_slice){ out, len };
	return true;
}

/* A part in quotes, of which parser->at is the first; appended to `out`. */
static bool lex_quoted_part(struct parser *parser, char *out, size_t *len)
{
	const struct sl_slice text = parser->query->text;
	size_t start = parser->at++;

	for (; parser->at < text.len; parser->at++) {
		char byte = text.data[parser->at];
		char next = (char)(parser->at + 1 < text.len ? text.data[parser->at + 1] : 0);
		if (byte == '"') {
			parser->at++;
			return true;
		}
		if (byte == '\\' && (next == '"' || next == '\\')) {
			byte = next;
			parser->at++;
		} else if (byte == '\\') {
			return parser_fault(parser, place_of(parser->at, 2),
					    "a name has only the escapes '\\\"' and '\\\\'");
		}
		out[(*len)++] = byte;
	}
	return parser_fault(parser, place_of(start, parser->at - start),
			    "expected '\"' at the end of the name");
}

bool lex_attribute_name(struct parser *parser, struct sl_slice *name, bool *quoted)
{
	const struct sl_slice text = parser->query->text;
	char *out = sl_arena_alloc(&parser->query->arena, text.len - parser->at + 1);
	size_t len = 0;

	if (out == NULL)
		return parser_no_memory(parser);
	*quoted = false;
	while (parser->at < text.len) {
		char byte = text.data[parser->at];
		if (byte == '"') {
			*quoted = true;
			if (!lex_quoted_part(parser, out, &len))
				return false;
			continue;
		}
		if (byte != 0 && strchr(" \t\r\n{}()=~!<>&|^,", byte) != NULL)
			break;
		out[len++] = byte;
		parser->at++;
	}
	if (len == 0)
		return parser_fault(parser, place_of(parser->at, 1),
				    "expected an attribute's name right behind the '.'");
	sl_arena_trim(&parser->query->arena, out + len);
	*name = (struct sl_slice){ out, len };
	return true;
}

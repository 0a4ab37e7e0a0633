/*
 * Text into tokens, one at a time.
 *
 * White space and comments separate tokens and mean nothing else, but an attribute's name runs
 * until white space or one of {}()=~!<>&|^, so that '+', '/', '"' and much else belong to it.
 */
#include "parser.h"
#include "spanline/text.h"
#include <math.h>

static int byte_at(const struct parser *parser, size_t at)
{
	return at < parser->query->text.len ? (unsigned char)parser->query->text.data[at] : -1;
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_word_byte(int byte)
{
	return is_digit(byte) || byte == '_' || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z');
}

static bool is_space(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void skip_spaces(struct parser *parser)
{
	while (is_space(byte_at(parser, parser->at)))
		parser->at++;
}

/* What stands behind the slash; false: that is no comment, or one without an end. */
static bool skip_comment(struct parser *parser)
{
	const struct sl_slice text = parser->query->text;
	size_t start = parser->at;

	if (byte_at(parser, start + 1) == '/') {
		while (parser->at < text.len && text.data[parser->at] != '\n')
			parser->at++;
		return true;
	}
	if (byte_at(parser, start + 1) != '*')
		return false;
	for (size_t at = start + 2; at + 1 < text.len; at++) {
		if (text.data[at] == '*' && text.data[at + 1] == '/') {
			parser->at = at + 2;
			return true;
		}
	}
	return parser_fault(parser, (struct place){ start, 2 }, "expected '*/' behind this '/*'");
}

static void skip_blanks(struct parser *parser)
{
	do
		skip_spaces(parser);
	while (byte_at(parser, parser->at) == '/' && skip_comment(parser));
}

static struct sl_slice from(const struct parser *parser, size_t start)
{
	return (struct sl_slice){ parser->query->text.data + start, parser->at - start };
}

/* Bytes of the character at `at`, if it may stand in a duration; 0: it may not. */
static size_t duration_byte(const struct parser *parser, size_t at)
{
	int byte = byte_at(parser, at);

	if (byte == 0xc2 && byte_at(parser, at + 1) == 0xb5)
		return 2;
	return is_digit(byte) || (byte > 0 && strchr(".nsumhdwy", byte) != NULL) ? 1 : 0;
}

static bool lex_duration(struct parser *parser, size_t start)
{
	struct sl_query_value *value = &parser->token.value;
	size_t end = start, len;

	while ((len = duration_byte(parser, end)) > 0)
		end += len;
	parser->at = end;
	value->type = SL_TYPE_DURATION;
	return sl_parse_duration(from(parser, start), &value->integer);
}

/* Digits, one point, an exponent; whether it is a float. */
static bool skip_number(struct parser *parser)
{
	bool is_float = false;

	while (is_digit(byte_at(parser, parser->at)))
		parser->at++;
	if (byte_at(parser, parser->at) == '.') {
		is_float = true;
		do
			parser->at++;
		while (is_digit(byte_at(parser, parser->at)));
	}
	if (byte_at(parser, parser->at) == 'e' || byte_at(parser, parser->at) == 'E') {
		int sign = byte_at(parser, parser->at + 1);
		size_t digits = parser->at + (sign == '+' || sign == '-' ? 2 : 1);
		if (is_digit(byte_at(parser, digits))) {
			is_float = true;
			parser->at = digits;
			while (is_digit(byte_at(parser, parser->at)))
				parser->at++;
		}
	}
	return is_float;
}

/* Our own digits in front of the point, since JSON, whose reader this is, wants some there. */
static bool read_float(struct sl_slice text, double *number)
{
	char copy[1024];
	size_t len = 0;

	while (text.len > 1 && text.data[0] == '0' && is_digit(text.data[1]))
		text = (struct sl_slice){ text.data + 1, text.len - 1 };
	if (text.len + 3 > sizeof(copy))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool point = text.data[i] == '.';
		if (point && i == 0)
			copy[len++] = '0';
		copy[len++] = text.data[i];
		if (point && (i + 1 == text.len || !is_digit(text.data[i + 1])))
			copy[len++] = '0';
	}
	return sl_parse_double((struct sl_slice){ copy, len }, number) && isfinite(*number);
}

/* An integer with a leading zero has the digits of an octal one, and is a decimal one. */
static bool read_integer(struct parser *parser, struct sl_slice text)
{
	struct token *token = &parser->token;
	uint64_t number;

	if (text.data[0] == '0' &&
	    (memchr(text.data, '8', text.len) != NULL || memchr(text.data, '9', text.len) != NULL))
		return parser_fault(parser, (struct place){ token->place.at, text.len },
				    "a number with 8 or 9 must not begin with 0");
	while (text.len > 1 && text.data[0] == '0')
		text = (struct sl_slice){ text.data + 1, text.len - 1 };
	token->huge = slice_is(text, "9223372036854775808");
	if (token->huge)
		return true;
	if (!sl_parse_u64(text, &number) || number > INT64_MAX)
		return parser_fault(parser, parser_place(parser, token->place.at),
				    "the number does not fit 64 bits");
	token->value.integer = (int64_t)number;
	return true;
}

static void lex_number(struct parser *parser, size_t start)
{
	struct token *token = &parser->token;
	char quoted[QUOTED_SIZE];
	bool is_float;

	token->kind = TOKEN_VALUE;
	if (lex_duration(parser, start))
		return;
	parser->at = start;
	is_float = skip_number(parser);
	parser->last_end = parser->at; /* of parser_place */
	if (is_word_byte(byte_at(parser, parser->at)) || duration_byte(parser, parser->at) > 0) {
		size_t len;
		while (is_word_byte(byte_at(parser, parser->at)))
			parser->at++;
		while ((len = duration_byte(parser, parser->at)) > 0)
			parser->at += len;
		quote_text(quoted, from(parser, start));
		parser_fault(parser, (struct place){ start, parser->at - start },
			     "expected a number or a duration, found %s", quoted);
	} else if (is_float) {
		token->value.type = SL_TYPE_FLOAT;
		if (!read_float(from(parser, start), &token->value.number))
			parser_fault(parser, (struct place){ start, parser->at - start },
				     "the number does not fit a float");
	} else {
		token->value.type = SL_TYPE_INT;
		read_integer(parser, from(parser, start));
	}
}

/* "span:" has been read: the rest, and which one it is. */
static void lex_intrinsic(struct parser *parser, size_t start, struct sl_slice scope)
{
	struct token *token = &parser->token;
	struct sl_slice joined;
	char *text, quoted[QUOTED_SIZE];
	const char *near;
	size_t name;

	parser->at++;
	skip_spaces(parser);
	name = parser->at;
	while (is_word_byte(byte_at(parser, parser->at)))
		parser->at++;
	text = sl_arena_alloc(&parser->query->arena, scope.len + 1 + parser->at - name);
	if (text == NULL) {
		parser_no_memory(parser);
		return;
	}
	memcpy(text, scope.data, scope.len);
	text[scope.len] = ':';
	memcpy(text + scope.len + 1, parser->query->text.data + name, parser->at - name);
	joined = (struct sl_slice){ text, scope.len + 1 + parser->at - name };
	token->kind = TOKEN_FIELD;
	token->field = (struct field){ .scope = SCOPE_INTRINSIC };
	token->field.intrinsic = intrinsic_find(joined, parser->query->tempo);
	if (token->field.intrinsic != INTRINSIC_NONE)
		return;
	quote_text(quoted, joined);
	near = intrinsic_near(joined, parser->query->tempo);
	if (near != NULL)
		parser_fault(parser, (struct place){ start, parser->at - start },
			     "write '%s' for %s", near, quoted);
	else
		parser_fault(parser, (struct place){ start, parser->at - start },
			     "there is no %s; attributes have a '.' behind their scope", quoted);
}

static const struct {
	const char *prefix;
	enum scope scope;
	bool of_parent;
} scopes[] = {
	{ "parent.span.", SCOPE_SPAN, true },
	{ "parent.resource.", SCOPE_RESOURCE, true },
	{ "parent.", SCOPE_NONE, true },
	{ "span.", SCOPE_SPAN, false },
	{ "resource.", SCOPE_RESOURCE, false },
	{ "event.", SCOPE_EVENT, false },
	{ "link.", SCOPE_LINK, false },
	{ "instrumentation.", SCOPE_INSTRUMENTATION, false },
	{ ".", SCOPE_NONE, false },
};

static bool at_text(const struct parser *parser, size_t at, const char *text)
{
	size_t len = strlen(text);

	return parser->query->text.len - at >= len &&
	       memcmp(parser->query->text.data + at, text, len) == 0;
}

/* False: no attribute begins there. */
static bool lex_attribute(struct parser *parser, size_t start)
{
	struct token *token = &parser->token;
	bool quoted;

	for (size_t i = 0; i < SL_COUNT(scopes); i++) {
		if (!at_text(parser, start, scopes[i].prefix))
			continue;
		parser->at = start + strlen(scopes[i].prefix);
		token->kind = TOKEN_FIELD;
		token->field = (struct field){ .scope = scopes[i].scope,
					       .of_parent = scopes[i].of_parent };
		if (!lex_attribute_name(parser, &token->field.name, &quoted))
			return true;
		/* extension: the parent's intrinsics, unless in quotes */
		if (!quoted && !parser->query->tempo && token->field.of_parent &&
		    token->field.scope == SCOPE_NONE)
			token->field.intrinsic = intrinsic_find(token->field.name, false);
		if (token->field.intrinsic == INTRINSIC_PARENT)
			token->field.intrinsic = INTRINSIC_NONE;
		if (token->field.intrinsic != INTRINSIC_NONE)
			token->field.scope = SCOPE_INTRINSIC;
		return true;
	}
	return false;
}

static void lex_word(struct parser *parser, size_t start)
{
	struct token *token = &parser->token;
	struct sl_slice word, name;
	char quoted[QUOTED_SIZE];
	bool ignored;

	while (is_word_byte(byte_at(parser, parser->at)))
		parser->at++;
	word = from(parser, start);
	token->kind = TOKEN_WORD;
	if (byte_at(parser, parser->at) == ':') {
		lex_intrinsic(parser, start, word);
	} else if (slice_is(word, "minInt") || slice_is(word, "maxInt")) {
		token->kind = TOKEN_VALUE;
		token->value.type = SL_TYPE_INT;
		token->value.integer = word.data[1] == 'i' ? INT64_MIN : INT64_MAX;
	} else if (byte_at(parser, parser->at) == '.') {
		parser->at++;
		if (!lex_attribute_name(parser, &name, &ignored))
			return;
		quote_text(quoted, from(parser, start));
		parser_fault(parser, (struct place){ start, parser->at - start },
			     "write '.%.*s for %s", (int)strlen(quoted) - 1, quoted + 1, quoted);
	}
}

/* Longest first.  Besides operators: what is often written for one, to be told of whole. */
static void lex_symbol(struct parser *parser, size_t start)
{
	static const char *const symbols[] = {
		"!==", "===", "!>>", "!<<", "&>>", "&<<", "!=", "=~", "!~", ">=", "<=",
		"&&",  "||",  ">>",  "<<",  "!>",  "!<",  "&>", "&<", "&~", "==", "<>",
		"=>",  "=<",  "{",   "}",   "(",   ")",	  ",",	"|",  "&",  "=",  "<",
		">",   "!",   "~",   "+",   "-",   "*",	  "/",	"%",  "^",
	};
	char quoted[QUOTED_SIZE];

	parser->token.kind = TOKEN_SYMBOL;
	for (size_t i = 0; i < SL_COUNT(symbols); i++) {
		if (at_text(parser, start, symbols[i])) {
			parser->at = start + strlen(symbols[i]);
			return;
		}
	}
	parser->at = start + 1;
	while ((byte_at(parser, parser->at) & 0xc0) == 0x80)
		parser->at++;
	quote_text(quoted, from(parser, start));
	parser_fault(parser, (struct place){ start, parser->at - start },
		     "there is nothing that is written %s", quoted);
}

/* A string of other languages. */
static void lex_single_quote(struct parser *parser, size_t start)
{
	char quoted[QUOTED_SIZE];
	int byte;

	do
		byte = byte_at(parser, ++parser->at);
	while (byte != '\'' && byte != '\n' && byte >= 0);
	if (byte == '\'') {
		parser->at++;
		quote_text(quoted, (struct sl_slice){ parser->query->text.data + start + 1,
						      parser->at - start - 2 });
		quoted[0] = '"';
		if (quoted[strlen(quoted) - 1] == '\'') {
			quoted[strlen(quoted) - 1] = '"';
			parser_fault(parser, (struct place){ start, parser->at - start },
				     "write %s: strings stand in double quotes", quoted);
			return;
		}
	}
	parser_fault(parser, (struct place){ start, parser->at - start },
		     "strings stand in double quotes");
}

static void lex_token(struct parser *parser, size_t start)
{
	int byte = byte_at(parser, start);

	if (byte < 0)
		parser->token.kind = TOKEN_END;
	else if (is_digit(byte) || (byte == '.' && is_digit(byte_at(parser, start + 1))))
		lex_number(parser, start);
	else if (lex_attribute(parser, start))
		;
	else if (is_word_byte(byte))
		lex_word(parser, start);
	else if (byte == '\'')
		lex_single_quote(parser, start);
	else if (byte == '"' || byte == '`') {
		parser->token.kind = TOKEN_VALUE;
		parser->token.value.type = SL_TYPE_STRING;
		lex_string(parser, &parser->token.value.text);
	} else
		lex_symbol(parser, start);
}

void parser_advance(struct parser *parser)
{
	size_t start, end = parser->at;

	if (parser->status != SL_OK)
		return;
	skip_blanks(parser);
	start = parser->at;
	parser->token = (struct token){ .place = { start, 0 } };
	if (parser->status == SL_OK)
		lex_token(parser, start);
	parser->last_end = end;
	parser->token.place.len = parser->at - start;
	parser->token.text = from(parser, start);
	if (parser->status != SL_OK)
		parser->token.kind = TOKEN_BAD;
}

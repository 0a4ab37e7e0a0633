/*
 * Lines of logs:
 *
 *	{"log":"TEXT\n","stream":"stdout","time":TIME}	Docker; without \n it goes on in the next
 *	TIME stdout F TEXT				CRI; with P it goes on in the next
 *	TEXT						anything else
 *
 * Somewhere in TEXT stands {"resourceSpans":..., or another object that says by its first keys that
 * it is telemetry.
 */
#include "log_line.h"
#include "spanline/json.h"
#include "spanline/scan.h"
#include "spanline/text.h"

enum {
	TRIES = 4, /* objects in one line that are looked at */
	KEYS = 8,  /* and keys of each */
};

static bool starts_with(struct sl_slice text, const char *start)
{
	size_t len = strlen(start);

	return text.len >= len && memcmp(text.data, start, len) == 0;
}

/* Four hex digits, or 0x110000. */
static uint32_t unit_at(const char *at, const char *end)
{
	unsigned char bytes[2];

	if (end - at < 4 || !sl_parse_hex((struct sl_slice){ at, 4 }, (char *)bytes))
		return 0x110000;
	return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* What stands behind the backslash before *at, put at `to`, which is not behind it. */
static char *undo_escape(char *to, const char **at, const char *end)
{
	static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	char letter = *(*at)++;
	const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
	uint32_t code;

	if (letter != 'u') {
		*to = letter;
		if (found != NULL)
			*to = meanings[found - letters];
		return to + 1;
	}
	code = unit_at(*at, end);
	*at += code < 0x110000 ? 4 : 0;
	if (code >= 0xd800 && code < 0xdc00 && end - *at >= 6 && (*at)[0] == '\\' &&
	    (*at)[1] == 'u') {
		uint32_t low = unit_at(*at + 2, end);

		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			*at += 6;
		}
	}
	if (code >= 0x110000 || (code >= 0xd800 && code < 0xe000))
		code = 0xfffd;
	return to + sl_utf8_encode(to, code);
}

/* The string whose content begins at `text`, without its escapes; where it ends is no matter. */
static size_t undo_escapes(char *text, const char *end)
{
	const char *at = text;
	char *to = text;

	while (at < end && *at != '"') {
		if (*at != '\\') {
			*to++ = *at++;
			continue;
		}
		if (++at == end)
			break;
		to = undo_escape(to, &at, end);
	}
	return (size_t)(to - text);
}

/* Behind what CRI writes before the text; NULL: it is no such line. */
static const char *behind_head(struct sl_slice line, bool *from_stderr, bool *is_part)
{
	const char *end = line.data + line.len, *at;

	if (line.len < 20 || line.data[4] != '-' || line.data[7] != '-' || line.data[10] != 'T')
		return NULL;
	at = memchr(line.data, ' ', line.len);
	if (at == NULL || end - at < 10 ||
	    (memcmp(at, " stdout ", 8) != 0 && memcmp(at, " stderr ", 8) != 0))
		return NULL;
	*from_stderr = at[4] == 'e';
	at += 8;
	*is_part = *at == 'P';
	if (*at != 'P' && *at != 'F')
		return NULL;
	/* further tags stand behind colons */
	at = memchr(at, ' ', (size_t)(end - at));
	return at != NULL ? at + 1 : end;
}

/* The tokens up to the text that Docker quotes; open: the line ends before that can be told. */
static enum verdict docker_begins(struct sl_slice line, size_t *text_at)
{
	static const struct sl_slice tokens[] = {
		{ "{", 1 }, { "\"log\"", 5 }, { ":", 1 }, { "\"", 1 }
	};
	size_t at = 0;

	for (size_t i = 0; i < SL_COUNT(tokens); i++) {
		size_t left;

		at += blank_prefix((struct sl_slice){ line.data + at, line.len - at });
		left = line.len - at;
		if (memcmp(line.data + at, tokens[i].data,
			   left < tokens[i].len ? left : tokens[i].len) != 0)
			return VERDICT_NO;
		if (left < tokens[i].len)
			return VERDICT_OPEN;
		at += tokens[i].len;
	}
	*text_at = at;
	return VERDICT_YES;
}

/* The stream is named behind the text. */
static bool names_stderr(struct sl_slice line)
{
	const char word[] = "\"stderr\"";
	size_t len = sizeof(word) - 1, first = line.len < 128 ? 0 : line.len - 128;

	for (size_t i = first; i + len <= line.len; i++)
		if (memcmp(line.data + i, word, len) == 0)
			return true;
	return false;
}

struct log_line log_line_of(char *line, size_t len)
{
	struct log_line found = { .text = line, .len = len };
	const char *text;
	size_t start;

	if (docker_begins((struct sl_slice){ line, len }, &start) == VERDICT_YES) {
		found.from_stderr = names_stderr((struct sl_slice){ line + start, len - start });
		found.text = line + start;
		found.len = undo_escapes(found.text, line + len);
		found.is_part = found.len != 0 && found.text[found.len - 1] != '\n';
		return found;
	}
	text = behind_head((struct sl_slice){ line, len }, &found.from_stderr, &found.is_part);
	if (text != NULL) {
		found.text = line + (text - line);
		found.len = len - (size_t)(text - line);
	}
	return found;
}

static const char *pass_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* The next key of an object, from behind its '{' or a value; NULL: there is none that is plain. */
static const char *next_key(const char *at, const char *end, struct sl_slice *key)
{
	const char *quote;

	at = pass_blanks(at, end);
	if (at < end && *at == ',')
		at = pass_blanks(at + 1, end);
	if (at == end || *at != '"')
		return NULL;
	quote = memchr(at + 1, '"', (size_t)(end - at - 1));
	if (quote == NULL)
		return NULL;
	*key = (struct sl_slice){ at + 1, (size_t)(quote - at - 1) };
	at = pass_blanks(quote + 1, end);
	return at < end && *at == ':' ? pass_blanks(at + 1, end) : NULL;
}

/* The object whose '{' is at `at`, by its first keys. */
static enum log_content content_of(const char *at, const char *end)
{
	struct sl_slice key;

	at++;
	for (size_t i = 0; i < KEYS && (at = next_key(at, end, &key)) != NULL; i++) {
		struct sl_json_skip skip = { 0 };
		enum sl_note departure;

		switch (sl_json_key(key, &departure)) {
		case SL_KEY_RESOURCE_SPANS:
		case SL_KEY_RESOURCE_LOGS:
		case SL_KEY_RESOURCE_METRICS:
		case SL_KEY_RESOURCE_PROFILES:
		case SL_KEY_BARE:
		case SL_KEY_BARE_LOGS:
		case SL_KEY_BARE_METRICS:
			return LOG_DOCUMENT;
		default:
			break;
		}
		if (sl_slice_equal(key, SL_SLICE("__otel_otlp_stdout")))
			return LOG_ENVELOPE;
		at = sl_json_skip(&skip, at, end);
		if (at == NULL || skip.mismatched)
			return LOG_NOTHING;
	}
	return LOG_NOTHING;
}

enum log_content log_content_of(struct sl_slice text, size_t *at)
{
	const char *end = text.data + text.len, *brace = text.data;

	for (size_t i = 0; i < TRIES && brace < end; i++, brace++) {
		enum log_content content;

		brace = memchr(brace, '{', (size_t)(end - brace));
		if (brace == NULL)
			break;
		content = content_of(brace, end);
		if (content == LOG_NOTHING)
			continue;
		*at = (size_t)(brace - text.data);
		return content;
	}
	return LOG_NOTHING;
}

enum verdict logs_begin(struct sl_slice start)
{
	size_t blank = blank_prefix(start);
	struct sl_slice line = { start.data + blank, start.len - blank };
	const char *newline = line.len != 0 ? memchr(line.data, '\n', line.len) : NULL;
	bool from_stderr, is_part;
	size_t at;

	if (line.len == 0 || docker_begins(line, &at) != VERDICT_NO)
		return line.len == 0 ? VERDICT_NO : docker_begins(line, &at);
	if (newline != NULL)
		line.len = (size_t)(newline - line.data);
	if (behind_head(line, &from_stderr, &is_part) != NULL)
		return VERDICT_YES;
	if (starts_with(line, "{\"__otel_otlp_stdout\"") &&
	    log_content_of(line, &at) == LOG_ENVELOPE)
		return VERDICT_YES;
	return VERDICT_NO;
}

enum verdict logs_hold(struct sl_slice start)
{
	while (start.len > 0) {
		const char *newline = memchr(start.data, '\n', start.len);
		struct sl_slice line = start;
		enum log_content content;
		size_t at = 0;

		if (newline != NULL)
			line.len = (size_t)(newline - start.data);
		content = log_content_of(line, &at);
		if (content == LOG_ENVELOPE ||
		    (content == LOG_DOCUMENT && at != blank_prefix(line)))
			return VERDICT_YES;
		start.data += line.len + (newline != NULL);
		start.len -= line.len + (newline != NULL);
	}
	return VERDICT_NO;
}

/* JSON strings out, the careful way: escapes for what is not safe to print, U+FFFD for what is not
 * UTF-8. */
#include "write_string.h"
#include "spanline/json.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* The letter behind the backslash ('u': four digits follow), or 0: ASCII that stands for itself. */
static char escape_letter(unsigned char byte)
{
	switch (byte) {
	case '"':
	case '\\':
		return (char)byte;
	case '\b':
		return 'b';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	default:
		return byte < 0x20 || byte == 0x7f ? 'u' : 0;
	}
}

static void write_escape(struct sl_buffer *out, uint32_t code)
{
	static const char digits[] = "0123456789abcdef";
	char text[6] = { '\\',
			 'u',
			 digits[code >> 12 & 15],
			 digits[code >> 8 & 15],
			 digits[code >> 4 & 15],
			 digits[code & 15] };

	sl_buffer_add(out, text, sizeof(text));
}

static void write_ascii(struct sl_buffer *out, unsigned char byte)
{
	char text[2] = { '\\', escape_letter(byte) };

	if (text[1] == 0)
		sl_buffer_add_byte(out, (char)byte);
	else if (text[1] == 'u')
		write_escape(out, byte);
	else
		sl_buffer_add(out, text, sizeof(text));
}

static void write_valid(struct sl_buffer *out, const char *at, const char *end)
{
	while (at < end) {
		const char *stop = skip_plain(at, end);
		size_t len = 1;
		uint32_t code;

		sl_buffer_add(out, at, (size_t)(stop - at));
		at = stop;
		if (at == end)
			return;
		if ((unsigned char)*at < 0x80) {
			write_ascii(out, (unsigned char)*at);
		} else {
			code = sl_utf8_decode(at, &len);
			if (sl_is_unsafe(code))
				write_escape(out, code);
			else
				sl_buffer_add(out, at, len);
		}
		at += len;
	}
}

/* Takes the longest valid start off *text, and one ill-formed sequence behind it; false if there
 * was none. */
static bool take_valid(struct sl_slice *text, struct sl_slice *valid)
{
	size_t taken = sl_utf8_prefix(*text);
	bool bad = taken < text->len;

	*valid = (struct sl_slice){ text->data, taken };
	if (bad)
		taken += sl_utf8_bad_length(
			(struct sl_slice){ text->data + taken, text->len - taken });
	text->data += taken;
	text->len -= taken;
	return bad;
}

static bool write_any_text(struct sl_buffer *out, struct sl_slice text, enum sl_bad_text bad_text)
{
	bool whole = true;

	sl_buffer_add_byte(out, '"');
	while (text.len > 0) {
		struct sl_slice valid, rest = text;
		bool bad = take_valid(&text, &valid);
		size_t bad_len = rest.len - text.len - valid.len;

		write_valid(out, valid.data, valid.data + valid.len);
		if (bad && bad_text == SL_BAD_TEXT_KEPT)
			sl_buffer_add(out, valid.data + valid.len, bad_len);
		else if (bad)
			sl_buffer_add_literal(out, REPLACEMENT);
		whole = whole && !bad;
	}
	sl_buffer_add_byte(out, '"');
	return whole;
}

bool write_string_carefully(struct sl_buffer *out, struct sl_slice text)
{
	return write_any_text(out, text, SL_BAD_TEXT_REPLACED);
}

bool sl_json_write_kept(struct sl_buffer *out, struct sl_slice text)
{
	return write_any_text(out, text, SL_BAD_TEXT_KEPT);
}

bool sl_json_write_string(struct sl_buffer *out, struct sl_slice text)
{
	return write_string(out, text);
}

void write_replaced(struct sl_buffer *out, struct sl_slice text)
{
	struct sl_slice valid;

	while (text.len > 0) {
		bool bad = take_valid(&text, &valid);

		if (valid.len > 0)
			sl_buffer_add_slice(out, valid);
		if (bad)
			sl_buffer_add_literal(out, REPLACEMENT);
	}
}

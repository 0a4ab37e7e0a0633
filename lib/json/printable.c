/* Lines that somebody else wrote, made safe for a terminal. */
#include "spanline/json.h"
#include "spanline/text.h"

/* The next character of `text`, and its length; what is no UTF-8 is U+FFFD. */
static uint32_t next_code(struct sl_slice text, size_t *len)
{
	struct sl_slice start = { text.data, text.len < 4 ? text.len : 4 };

	if (sl_utf8_prefix(start) != 0)
		return sl_utf8_decode(text.data, len);
	*len = sl_utf8_bad_length(text);
	return 0xfffd;
}

void sl_json_make_printable(struct sl_buffer *out, struct sl_slice line)
{
	while (line.len != 0) {
		size_t len;
		uint32_t code = next_code(line, &len);

		if (code == '\t' || code == '\r' || code == '\n')
			sl_buffer_add_byte(out, ' '); /* between tokens: strings escape them */
		else if (code == 0xfffd)
			sl_buffer_add_literal(out, "\xef\xbf\xbd");
		else if (sl_is_unsafe(code))
			sl_buffer_printf(out, "\\u%04x", (unsigned)code);
		else
			sl_buffer_add(out, line.data, len);
		line.data += len;
		line.len -= len;
	}
}

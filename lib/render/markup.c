/* Text inside XML. */
#include "markup.h"

void add_markup(struct sl_buffer *out, struct sl_slice safe)
{
	for (size_t i = 0; i < safe.len; i++) {
		char byte = safe.data[i];

		/* U+FFFE and U+FFFF are no characters of XML */
		if (i >= 2 && memcmp(safe.data + i - 2, "\xef\xbf", 2) == 0 &&
		    (unsigned char)byte >= 0xbe)
			sl_buffer_add_byte(out, '\xbd');
		else if (byte == '&')
			sl_buffer_add_literal(out, "&amp;");
		else if (byte == '<')
			sl_buffer_add_literal(out, "&lt;");
		else if (byte == '>')
			sl_buffer_add_literal(out, "&gt;");
		else if (byte == '"')
			sl_buffer_add_literal(out, "&quot;");
		else
			sl_buffer_add_byte(out, byte);
	}
}

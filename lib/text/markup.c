/* Text inside XML, Markdown, and inside the commands of GitHub's workflows. */
#include "spanline/text.h"

void sl_text_mark_up(struct sl_buffer *out, struct sl_slice safe)
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

void sl_text_command(struct sl_buffer *out, struct sl_slice safe, bool title)
{
	for (size_t i = 0; i < safe.len; i++) {
		char byte = safe.data[i];

		if (byte == '%' || (title && (byte == ':' || byte == ',')))
			sl_buffer_printf(out, "%%%02X", (unsigned)byte);
		else
			sl_buffer_add_byte(out, byte);
	}
}

void sl_text_mark_down(struct sl_buffer *out, struct sl_slice safe)
{
	for (size_t i = 0; i < safe.len; i++) {
		char byte = safe.data[i];

		if (byte != '\0' && strchr("\\`*_[]<>|~&#!@:", byte) != NULL)
			sl_buffer_printf(out, "&#%d;", byte);
		else
			sl_buffer_add_byte(out, byte);
	}
}

/* Text inside XML, Markdown, the commands of GitHub's workflows, and cells of values. */
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

void sl_text_cell(struct sl_buffer *out, struct sl_slice safe)
{
	if (safe.len == 0 || (memchr(safe.data, ',', safe.len) == NULL &&
			      memchr(safe.data, '"', safe.len) == NULL)) {
		sl_buffer_add_slice(out, safe);
		return;
	}
	sl_buffer_add_byte(out, '"');
	for (size_t i = 0; i < safe.len; i++) {
		sl_buffer_add(out, "\"", safe.data[i] == '"');
		sl_buffer_add_byte(out, safe.data[i]);
	}
	sl_buffer_add_byte(out, '"');
}

/* Showing a fault under its line as a terminal shows it; what is quoted in messages. */
#include "parser.h"
#include "spanline/text.h"
#include <stdio.h>

/* One character as it is shown. */
struct shown {
	char text[8];
	size_t len;   /* of `text` */
	size_t taken; /* bytes of the query */
	size_t width;
};

static void show_one(struct sl_slice text, struct shown *shown)
{
	char all[8] = { 0 };
	uint32_t code;
	int len;

	if (sl_utf8_prefix((struct sl_slice){ text.data, text.len < 4 ? text.len : 4 }) == 0) {
		shown->taken = 1;
		len = snprintf(all, sizeof(all), "\\x%02x", (unsigned char)text.data[0]);
	} else {
		code = sl_utf8_decode(text.data, &shown->taken);
		if (code == '\t') { /* one column, so that the caret can follow */
			len = 1;
			all[0] = ' ';
		} else if (sl_is_unsafe(code)) {
			len = snprintf(all, sizeof(all), code < 0x80 ? "\\x%02x" : "\\u%04x",
				       (unsigned)code & 0xffff);
		} else {
			memcpy(shown->text, text.data, shown->taken);
			shown->len = shown->taken;
			shown->width = sl_code_cells(code);
			return;
		}
	}
	memcpy(shown->text, all, sizeof(all));
	shown->len = shown->width = (size_t)len;
}

void quote_text(char out[QUOTED_SIZE], struct sl_slice text)
{
	size_t at = 0, len = 0;
	struct shown shown;

	out[len++] = '\'';
	while (at < text.len) {
		show_one((struct sl_slice){ text.data + at, text.len - at }, &shown);
		if (len + shown.len + 5 > QUOTED_SIZE) { /* "...'" */
			memcpy(out + len, "...", 3);
			len += 3;
			break;
		}
		memcpy(out + len, shown.text, shown.len);
		len += shown.len;
		at += shown.taken;
	}
	out[len++] = '\'';
	out[len] = '\0';
}

/* The line that begins at `start`, and a line of carets. */
static void show_line(const struct sl_query_fault *fault, struct sl_slice query, size_t start,
		      struct sl_buffer *out)
{
	size_t before = 0, under = 0;
	struct shown shown;

	for (size_t i = start; i < query.len && query.data[i] != '\n'; i += shown.taken) {
		show_one((struct sl_slice){ query.data + i, query.len - i }, &shown);
		sl_buffer_add(out, shown.text, shown.len);
		before += i < fault->at ? shown.width : 0;
		under += i >= fault->at && i - fault->at < fault->len ? shown.width : 0;
	}
	sl_buffer_add_byte(out, '\n');
	for (size_t i = 0; i < before; i++)
		sl_buffer_add_byte(out, ' ');
	for (size_t i = 0; i < (under > 0 ? under : 1); i++)
		sl_buffer_add_byte(out, '^');
	sl_buffer_add_byte(out, '\n');
}

void sl_query_show_fault(const struct sl_query_fault *fault, struct sl_slice query,
			 struct sl_buffer *out)
{
	size_t line = 1, column = 1, start = 0;
	struct shown shown;

	if (fault->elsewhere) {
		sl_buffer_printf(out, "%s\n", fault->text);
		return;
	}
	for (size_t i = 0; i < fault->at && i < query.len; i++) {
		if (query.data[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	for (size_t i = start; i < fault->at && i < query.len; i += shown.taken) {
		show_one((struct sl_slice){ query.data + i, query.len - i }, &shown);
		column++;
	}
	sl_buffer_printf(out, "line %zu, column %zu: %s\n", line, column, fault->text);
	show_line(fault, query, start, out);
}

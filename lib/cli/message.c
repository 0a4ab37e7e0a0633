/* Messages on stderr: one line each, safe to print whatever the input held. */
#include "message.h"
#include "progress.h"
#include "spanline/cli.h"
#include "spanline/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *program = "spanline";

void message_name(const char *name)
{
	program = name;
}

/* The next piece of `text` as it is printed, and its length in `text`. */
static size_t mask_next(struct sl_slice text, char piece[8])
{
	size_t len = sl_utf8_prefix((struct sl_slice){ text.data, text.len < 4 ? text.len : 4 });
	uint32_t code = (unsigned char)text.data[0];

	if (len == 0) {
		snprintf(piece, 8, "\\x%02x", (unsigned)code);
		return 1;
	}
	code = sl_utf8_decode(text.data, &len);
	if (!sl_is_unsafe(code)) {
		memcpy(piece, text.data, len);
		piece[len] = '\0';
	} else {
		snprintf(piece, 8, code < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)code);
	}
	return len;
}

void message_mask(char *out, size_t size, struct sl_slice text)
{
	size_t used = 0;
	char piece[8];

	for (size_t at = 0; at < text.len;) {
		at += mask_next((struct sl_slice){ text.data + at, text.len - at }, piece);
		size_t len = strlen(piece);
		if (size - used <= len)
			break;
		memcpy(out + used, piece, len);
		used += len;
	}
	out[used] = '\0';
}

SL_PRINTF(1, 0) static void say(const char *format, va_list arguments)
{
	char text[4096];
	char masked[2 * sizeof(text)];

	vsnprintf(text, sizeof(text), format, arguments);
	message_mask(masked, sizeof(masked), sl_slice_of(text));
	progress_hide();
	fprintf(stderr, "%s: %s\n", program, masked);
}

void sl_warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

const char *sl_cli_shown_path(const char *path)
{
	return path[0] == '\0' ? "''" : strcmp(path, "-") == 0 ? "stdin" : path;
}

void sl_warn_lines(struct sl_slice lines)
{
	const char *start = program, *between = ": ";
	char masked[4096];

	progress_hide();
	while (lines.len != 0) {
		const char *newline = memchr(lines.data, '\n', lines.len);
		size_t len = newline != NULL ? (size_t)(newline - lines.data) : lines.len;

		message_mask(masked, sizeof(masked), (struct sl_slice){ lines.data, len });
		fprintf(stderr, "%s%s%s\n", start, between, masked);
		start = between = "";
		len += newline != NULL;
		lines.data += len;
		lines.len -= len;
	}
}

void sl_die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	exit(SL_EXIT_ERROR);
}

void sl_die_usage(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	fprintf(stderr, "try '%s --help'\n", program);
	exit(SL_EXIT_ERROR);
}

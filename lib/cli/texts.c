/* Lists of texts: options that may be repeated, and files of them. */
#include "spanline/cli.h"
#include "spanline/io.h"
#include "spanline/text.h"
#include <stdio.h>
#include <stdlib.h>

void sl_texts_add(struct sl_texts *texts, const char *text)
{
	if (!sl_array_reserve((void **)&texts->items, &texts->capacity, texts->count + 1,
			      sizeof(*texts->items)))
		sl_die("out of memory");
	texts->items[texts->count++] = text;
}

void sl_texts_add_numbered(struct sl_texts *texts, const char *name, char between, size_t number)
{
	size_t size = strlen(name) + 24;
	char *text = malloc(size);

	if (text == NULL || snprintf(text, size, "%s%c%zu", name, between, number) < 0)
		sl_die("out of memory");
	sl_texts_add(texts, text);
}

static void read_whole(struct sl_buffer *buffer, const char *path)
{
	enum { STEP = 65536 };
	struct sl_input_options options = { 0 };
	struct sl_input *input;
	struct sl_error err;
	enum sl_status status = sl_input_open(&input, path, &options, &err);
	size_t got;

	if (status != SL_OK)
		sl_die("%s: %s", sl_cli_shown_path(path), err.text);
	while (status == SL_OK) {
		char *into = sl_buffer_reserve(buffer, STEP);

		if (into == NULL)
			sl_die("%s: out of memory", sl_cli_shown_path(path));
		status = sl_input_read(input, into, STEP, &got, &err);
		if (status == SL_OK)
			buffer->len += got;
	}
	if (status != SL_END)
		sl_die("%s: %s", sl_cli_shown_path(path), err.text);
	sl_input_close(input);
}

/* A copy of what is to be read of the line; NULL: nothing is. */
static const char *copy_line(struct sl_slice line)
{
	const char *copy;

	line = sl_trim(line);
	if (line.len != 0 && line.data[line.len - 1] == '\r')
		line = sl_trim((struct sl_slice){ line.data, line.len - 1 });
	if (line.len == 0 || line.data[0] == '#')
		return NULL;
	copy = strndup(line.data, line.len);
	if (copy == NULL)
		sl_die("out of memory");
	return copy;
}

void sl_texts_read_each(const char *path,
			void (*each)(void *context, const char *text, size_t line), void *context)
{
	struct sl_buffer whole = { 0 };
	struct sl_slice rest;
	size_t number = 0;

	read_whole(&whole, path);
	rest = sl_buffer_slice(&whole);
	while (rest.len != 0) {
		const char *newline = memchr(rest.data, '\n', rest.len);
		size_t len = newline != NULL ? (size_t)(newline - rest.data) : rest.len;

		const char *text = copy_line((struct sl_slice){ rest.data, len });

		number++;
		/* it would end there for all who read it */
		if (memchr(rest.data, '\0', len) != NULL)
			sl_die("%s:%zu: a line of text holds no NUL", path, number);
		if (text != NULL)
			each(context, text, number);
		len += newline != NULL;
		rest.data += len;
		rest.len -= len;
	}
	sl_buffer_free(&whole);
}

static void add_text(void *context, const char *text, size_t line)
{
	(void)line;
	sl_texts_add(context, text);
}

void sl_texts_read(struct sl_texts *texts, const char *path)
{
	sl_texts_read_each(path, add_text, texts);
}

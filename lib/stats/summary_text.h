/* Parts of the lines of a summary, taken from their start. */
#ifndef STATS_SUMMARY_TEXT_H
#define STATS_SUMMARY_TEXT_H

#include "spanline/text.h"

static inline bool take(struct sl_slice *line, struct sl_slice text)
{
	if (line->len < text.len || memcmp(line->data, text.data, text.len) != 0)
		return false;
	line->data += text.len;
	line->len -= text.len;
	return true;
}

/* A string without escapes, of which there are none here. */
static inline bool take_string(struct sl_slice *line, struct sl_slice *text)
{
	const char *end;

	if (!take(line, SL_SLICE("\"")) || line->len == 0)
		return false;
	end = memchr(line->data, '"', line->len);
	if (end == NULL)
		return false;
	*text = (struct sl_slice){ line->data, (size_t)(end - line->data) };
	*line = (struct sl_slice){ end + 1, line->len - text->len - 1 };
	return memchr(text->data, '\\', text->len) == NULL;
}

static inline struct sl_slice take_digits(struct sl_slice *line)
{
	size_t len = line->len != 0 && line->data[0] == '-';
	struct sl_slice digits = { line->data, 0 };

	while (len < line->len && line->data[len] >= '0' && line->data[len] <= '9')
		len++;
	digits.len = len;
	line->data += len;
	line->len -= len;
	return digits;
}

static inline bool take_number(struct sl_slice *line, uint64_t *number)
{
	return sl_parse_u64(take_digits(line), number);
}

static inline bool take_signed(struct sl_slice *line, int64_t *number)
{
	return sl_parse_i64(take_digits(line), number);
}

static inline bool take_quoted_number(struct sl_slice *line, uint64_t *number)
{
	return take(line, SL_SLICE("\"")) && take_number(line, number) &&
	       take(line, SL_SLICE("\""));
}

static inline bool take_flag(struct sl_slice *line, bool *flag)
{
	*flag = take(line, SL_SLICE("true"));
	return *flag || take(line, SL_SLICE("false"));
}

/* Appends what base64 stands for; *bytes is in the buffer, which may move yet. */
static inline bool decode(struct sl_buffer *buffer, struct sl_slice text, size_t *len)
{
	char *at = sl_buffer_reserve(buffer, 3 * (text.len / 4) + 2);

	if (at == NULL || !sl_parse_base64(text, at, len))
		return false;
	buffer->len += *len;
	return true;
}

#endif

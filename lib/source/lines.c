/*
 * Newlines are counted, and on the way the ends of documents are found without looking inside.
 * Within a document only ',', '}' and ']' may follow a bracket that closes, and strings hold no
 * newlines: a newline with '}' or ']' before it and '{' or '[' behind it (white space aside) stands
 * between two documents, and nowhere else.
 */
#include "source.h"

/* The last ink of the line that ends at `newline` is a closing bracket. */
static bool ends_closed(const char *data, size_t newline)
{
	while (newline > 0 && is_blank(data[newline - 1]))
		newline--;
	return newline > 0 && (data[newline - 1] == '}' || data[newline - 1] == ']');
}

/* At the start of a line; true: ink was found. */
static bool pass_blanks(struct lines *lines, struct sl_slice window)
{
	for (; lines->seen < window.len; lines->seen++) {
		char byte = window.data[lines->seen];

		if (byte == '\n') {
			lines->count++;
			lines->start = lines->seen + 1;
		} else if (!is_blank(byte)) {
			if (lines->closed && (byte == '{' || byte == '[')) {
				lines->boundary = lines->start;
				lines->boundary_count = lines->count;
			}
			lines->inked = true;
			return true;
		}
	}
	return false;
}

void lines_read(struct lines *lines, struct sl_slice window)
{
	while (lines->seen < window.len && (lines->inked || pass_blanks(lines, window))) {
		const char *from = window.data + lines->seen;
		const char *newline = memchr(from, '\n', window.len - lines->seen);

		if (newline == NULL) {
			lines->seen = window.len;
			return;
		}
		lines->count++;
		lines->start = (size_t)(newline - window.data) + 1;
		lines->seen = lines->start;
		lines->closed = ends_closed(window.data, lines->start - 1);
		lines->inked = false;
	}
}

void lines_shift(struct lines *lines, size_t count, uint64_t newlines)
{
	if (count > lines->seen) {
		*lines = (struct lines){ 0 };
		return;
	}
	lines->seen -= count;
	lines->count -= newlines;
	lines->start = lines->start > count ? lines->start - count : 0;
	if (count > 0)
		lines->boundary = 0;
}

uint64_t count_newlines(const char *at, size_t len)
{
	const char *end = at + len;
	uint64_t count = 0;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		count++;
		at++;
	}
	return count;
}

/*
 * The ends of documents are found without looking inside.  Within a document only ',', '}' and ']'
 * may follow a bracket that closes, and strings hold no newlines: a newline with '}' or ']' before
 * it and '{' or '[' behind it (white space aside) stands between two documents, and nowhere else.
 * The last one is wanted, so the search goes backwards, and mostly ends at once.
 */
#include "source.h"
#include "spanline/text.h"

/* Bytes up to and with the last ink. */
static size_t inked(const char *data, size_t len)
{
	while (len > 0 && is_blank(data[len - 1]))
		len--;
	return len;
}

void lines_read(struct lines *lines, struct sl_slice window)
{
	size_t len = inked(window.data, window.len), end = len;
	const char *newline;

	lines->boundary = 0;
	while (end > lines->seen && (newline = sl_find_last(window.data + lines->seen,
							    window.data + end, '\n')) != NULL) {
		size_t start = (size_t)(newline - window.data) + 1;
		char first = window.data[start + blank_prefix((struct sl_slice){
							 window.data + start, len - start })];

		/* the lines between are blank, so that the next newline is before this ink */
		end = inked(window.data, start);
		if ((first == '{' || first == '[') && end > 0 &&
		    (window.data[end - 1] == '}' || window.data[end - 1] == ']')) {
			lines->boundary = start;
			break;
		}
	}
	lines->seen = len;
}

void lines_shift(struct lines *lines, size_t count)
{
	lines->seen = lines->seen > count ? lines->seen - count : 0;
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

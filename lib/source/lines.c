/*
 * The ends of documents are found without looking inside.  Within a document only ',', '}' and ']'
 * may follow a bracket that closes, and strings hold no newlines: a newline with '}' or ']' before
 * it and '{' or '[' behind it (white space aside) stands between two documents, and nowhere else;
 * unless a comma between two parts of a request was lost, so that these must be none.
 * The last one is wanted, so the search goes backwards, and mostly ends at once.
 */
#include "source.h"
#include "spanline/text.h"

enum { KEY_BYTES = 192 }; /* as many show what an object is */

/* Bytes up to and with the last ink. */
static size_t inked(const char *data, size_t len)
{
	while (len > 0 && is_blank(data[len - 1]))
		len--;
	return len;
}

/* It may be read by what key the object begins with, if it has one. */
static bool shows_key(struct sl_slice object)
{
	size_t at = 1 + blank_prefix((struct sl_slice){ object.data + 1, object.len - 1 });

	if (at == object.len)
		return false;
	return object.data[at] != '"' || object.len >= KEY_BYTES ||
	       memchr(object.data + at + 1, '"', object.len - at - 1) != NULL;
}

/* The line that begins at `start` begins a document; `end` is behind the ink before it. */
static bool begins_document(struct sl_slice window, size_t start, size_t *end)
{
	struct sl_slice line = { window.data + start, window.len - start };
	size_t blank = blank_prefix(line);

	*end = inked(window.data, start);
	if (*end > 0) {
		size_t before = inked(window.data, *end - 1);

		if (before > 0 && window.data[before - 1] == ':')
			return false; /* no value is a bracket that closes */
	}
	if (blank == line.len || *end == 0 ||
	    (window.data[*end - 1] != '}' && window.data[*end - 1] != ']'))
		return false;
	line.data += blank;
	line.len -= blank;
	return *line.data == '[' ||
	       (*line.data == '{' && shows_key(line) && !sl_json_begins_part(line));
}

void lines_read(struct lines *lines, struct sl_slice window)
{
	size_t len = inked(window.data, window.len), end = len;
	const char *newline;

	lines->boundary = 0;
	while (end > lines->seen && (newline = sl_find_last(window.data + lines->seen,
							    window.data + end, '\n')) != NULL) {
		size_t start = (size_t)(newline - window.data) + 1;

		/* the lines between are blank, so that the next newline is before this ink */
		if (begins_document((struct sl_slice){ window.data, len }, start, &end)) {
			lines->boundary = start;
			break;
		}
	}
	/* the last line may not show yet what it begins with */
	lines->seen = len > KEY_BYTES ? inked(window.data, len - KEY_BYTES) : 0;
}

size_t lines_first(const struct lines *lines, struct sl_slice window)
{
	size_t start = 0, end;

	do {
		const char *newline =
			sl_find_newline(window.data + start, window.data + lines->boundary);

		start = (size_t)(newline - window.data) + 1;
	} while (start < lines->boundary && !begins_document(window, start, &end));
	return start < lines->boundary ? start : lines->boundary;
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

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL)
		for (; at < end && *at == '\n'; at++) /* blank lines come in numbers */
			count++;
	return count;
}

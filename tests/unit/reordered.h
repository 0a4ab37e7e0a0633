/* Span lines with their members in another order, and with blanks. */
#ifndef REORDERED_H
#define REORDERED_H

#include "../../lib/json/line.h"
#include "random.h"
#include <stdlib.h>

/* The members of an object that is written without blanks. */
static inline size_t split(struct sl_slice line, struct sl_slice *members)
{
	const char *at = line.data + 1, *start = at;
	size_t count = 0, depth = 0;
	bool in_string = false;

	for (; at < line.data + line.len; at++) {
		if (in_string && *at == '\\')
			at++;
		else if (*at == '"')
			in_string = !in_string;
		else if (!in_string && depth == 0 && (*at == ',' || *at == '}')) {
			members[count++] = (struct sl_slice){ start, (size_t)(at - start) };
			start = at + 1;
		} else if (!in_string && strchr("{[", *at) != NULL) {
			depth++;
		} else if (!in_string && strchr("}]", *at) != NULL) {
			depth--;
		}
	}
	return count;
}

/* The same with a blank behind each of some of the tokens. */
static inline void add_blanks(struct sl_buffer *out, struct sl_slice text, const char *tokens)
{
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		char byte = text.data[i];

		sl_buffer_add(out, &byte, 1);
		if (in_string && byte == '\\')
			sl_buffer_add(out, &text.data[++i], 1);
		else if (byte == '"')
			in_string = !in_string;
		else if (!in_string && strchr(tokens, byte) != NULL)
			sl_buffer_add(out, " ", 1);
	}
}

static inline void reorder(struct sl_buffer *out, struct sl_slice line, uint64_t *state)
{
	static const char *const blanks[] = { "", "", ",:", "{},:[]" };
	struct sl_slice members[LINE_KEY_COUNT];
	const char *tokens = blanks[next_random(state) % SL_COUNT(blanks)];

	for (size_t count = split(line, members); count > 0; count--) {
		size_t i = next_random(state) % count;

		sl_buffer_add(out, out->len == 0 ? "{" : ",", 1);
		add_blanks(out, members[i], tokens);
		members[i] = members[count - 1];
	}
	sl_buffer_add(out, "}", 1);
}

#endif

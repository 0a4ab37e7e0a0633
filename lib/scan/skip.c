/* The scanner of JSON bytes: over values that nobody asked for. */
#include "spanline/scan.h"

static bool check_scalar(struct sl_cursor *cursor)
{
	struct sl_slice text;

	switch (sl_cursor_peek(cursor)) {
	case '"':
		return sl_cursor_string(cursor, &text);
	case 't':
		return sl_cursor_word(cursor, "true");
	case 'f':
		return sl_cursor_word(cursor, "false");
	case 'n':
		return sl_cursor_word(cursor, "null");
	default:
		return sl_cursor_number(cursor, &text);
	}
}

/* Which brackets are open, a bit for each: set for an object. */
struct nesting {
	size_t depth;
	unsigned char objects[8192];
};

static bool nest(struct nesting *nesting, bool object)
{
	size_t at = nesting->depth / 8;
	unsigned bit = 1U << nesting->depth % 8;

	if (at == sizeof(nesting->objects))
		return false;
	nesting->objects[at] =
		(unsigned char)(object ? nesting->objects[at] | bit : nesting->objects[at] & ~bit);
	nesting->depth++;
	return true;
}

static bool in_object(const struct nesting *nesting)
{
	size_t last = nesting->depth - 1;

	return (nesting->objects[last / 8] >> last % 8 & 1) != 0;
}

/* To the next value within the brackets that are open, closing those that end here. */
static bool find_next(struct sl_cursor *cursor, struct nesting *nesting, bool begun)
{
	struct sl_slice key;

	for (; nesting->depth > 0; nesting->depth--, begun = true) {
		if (in_object(nesting) ? sl_cursor_next_member(cursor, &begun, &key)
				       : sl_cursor_next_element(cursor, &begun))
			return true;
		if (cursor->fault != SL_FAULT_NONE)
			return false;
	}
	return false;
}

static bool check_value(struct sl_cursor *cursor)
{
	struct nesting nesting;

	nesting.depth = 0;
	nesting.objects[0] = 0;
	do {
		char byte = sl_cursor_peek(cursor);
		bool bracket = byte == '{' || byte == '[';

		if (bracket && !nest(&nesting, byte == '{'))
			return sl_cursor_syntax(cursor, "nested deeper than 65536");
		if (!bracket && !check_scalar(cursor))
			return false;
		if (!find_next(cursor, &nesting, !bracket))
			return cursor->fault == SL_FAULT_NONE;
	} while (true);
}

static bool skip_brackets(struct sl_cursor *cursor)
{
	struct sl_json_skip skip = { .begun = false };
	const char *end = sl_json_skip(&skip, cursor->at, cursor->end);

	cursor->at = end != NULL ? end : cursor->end;
	if (end != NULL && !skip.broken)
		return true;
	return sl_cursor_syntax(cursor, skip.in_string ? "a control character in a string"
					: skip.last == ':' || skip.last == ','
						? "a value is expected"
						: "',' or a closing bracket is expected");
}

/* Over a value that is looked at whole: well-formed, or a fault. */
static bool skip_checked(struct sl_cursor *cursor)
{
	struct sl_arena *arena = cursor->arena;
	bool skipped;

	cursor->arena = NULL; /* nobody wants the strings */
	skipped = check_value(cursor);
	cursor->arena = arena;
	return skipped;
}

bool sl_cursor_skip_value(struct sl_cursor *cursor)
{
	char byte = sl_cursor_peek(cursor);

	if (!cursor->strict && (byte == '{' || byte == '['))
		return skip_brackets(cursor);
	return skip_checked(cursor);
}

/* A bracket of another type may well be damage: what is not well-formed would swallow what stands
 * behind it. */
SL_SLOW_PATH bool sl_cursor_skip_bad_field(struct sl_cursor *cursor)
{
	const char *start = cursor->at;

	return skip_checked(cursor) && sl_cursor_note(cursor, SL_NOTE_BAD_FIELD, start);
}

SL_SLOW_PATH bool sl_cursor_skip_bad_element(struct sl_cursor *cursor)
{
	if (sl_cursor_peek(cursor) != 'n')
		return sl_cursor_skip_bad_field(cursor);
	return sl_cursor_note(cursor, SL_NOTE_NULL_ELEMENT, cursor->at) && skip_checked(cursor);
}

SL_SLOW_PATH bool sl_cursor_recover_bad_field(struct sl_cursor *cursor)
{
	if (cursor->fault != SL_FAULT_REFUSED || cursor->strict)
		return false;
	cursor->fault = SL_FAULT_NONE;
	cursor->at = cursor->fault_at;
	return sl_cursor_skip_bad_field(cursor);
}

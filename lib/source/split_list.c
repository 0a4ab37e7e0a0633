/* Large JSON documents: the elements of their lists into units, and documents that are units. */
#include "source.h"

enum {
	PIECE_BYTES = 512 * 1024,
	KEY_BYTES = 16, /* as many show the first key of the objects that are told apart */
};

/* Pieces are as large as what goes with each, so that it costs no more than they do. */
static size_t piece_bytes(const struct sl_source *source, enum split_level list)
{
	size_t around =
		source->contexts[list == SPLIT_SCOPE_LIST ? CONTEXT_OF_SCOPES : CONTEXT_OF_RECORDS]
			.text.len;

	return list == SPLIT_ELEMENT_LIST ? 0 : around > PIECE_BYTES ? around : PIECE_BYTES;
}

enum behind {
	BEHIND_NEXT, /* another element, at split->scanned */
	BEHIND_LAST, /* the bracket that closes the list */
	BEHIND_STRANGE,
	BEHIND_UNSEEN,
};

/* An element may begin so; numbers and words are for the reader to judge. */
static bool may_begin(enum split_level list, char byte)
{
	if (list == SPLIT_ELEMENT_LIST)
		return byte == '{' || byte == 'n';
	return byte != '\0' && strchr("{-0123456789tfn", byte) != NULL;
}

/* The list that the object is of by its first key, or the one that is expected. */
static enum split_level list_of(enum split_level list, struct sl_slice object)
{
	static const struct {
		struct sl_slice key;
		enum split_level list;
	} rows[] = {
		{ { "\"resource\"", 10 }, SPLIT_ELEMENT_LIST },
		{ { "\"scopeSpans\"", 12 }, SPLIT_ELEMENT_LIST },
		{ { "\"scopeLogs\"", 11 }, SPLIT_ELEMENT_LIST },
		{ { "\"scope\"", 7 }, SPLIT_SCOPE_LIST },
		{ { "\"spans\"", 7 }, SPLIT_SCOPE_LIST },
		{ { "\"logRecords\"", 12 }, SPLIT_SCOPE_LIST },
		{ { "\"traceId\"", 9 }, SPLIT_RECORD_LIST },
	};
	size_t blank = blank_prefix((struct sl_slice){ object.data + 1, object.len - 1 });

	for (size_t i = 0; i < SL_COUNT(rows); i++)
		if (object.len - 1 - blank >= rows[i].key.len &&
		    memcmp(object.data + 1 + blank, rows[i].key.data, rows[i].key.len) == 0)
			return rows[i].list;
	return list;
}

bool split_mend(struct sl_source *source)
{
	enum split_level list = split_top(split_of(source));
	struct sl_slice rest = window(source);
	bool at_key = *rest.data == '"' && rest.len > 1 && rest.data[1] != '"';
	size_t blanks = blank_prefix((struct sl_slice){ rest.data + 1, rest.len - 1 });
	size_t before = at_key ? 0 : 1 + blanks; /* the key, behind the byte that is mended */

	if (*rest.data == '{' || list == SPLIT_RECORD_LIST || (at_key && source->at == 0) ||
	    list_of(SPLIT_OBJECT,
		    (struct sl_slice){ rest.data + before - 1, rest.len - before + 1 }) != list)
		return false;
	if (at_key)
		source->at--;
	else
		window_consume_lines(source, before - 1);
	*window_bytes(source) = '{';
	return true;
}

bool split_divisible(struct sl_source *source)
{
	const struct split *split = split_of(source);

	return split_top(split) != SPLIT_RECORD_LIST && !split->indivisible && !split_spent(source);
}

/* This may stand behind the list: another member, or the bracket that closes its object and, as far
 * as that is in sight, what may follow there. */
static bool may_end(const struct split *split, struct sl_slice rest)
{
	size_t next = 1 + blank_prefix((struct sl_slice){ rest.data + 1, rest.len - 1 });
	enum split_level around;

	if (*rest.data != '}' || next == rest.len || split_top(split) != SPLIT_ELEMENT_LIST)
		return *rest.data == '}' || *rest.data == ',';
	if (split->depth < 3) /* the object is the document */
		return rest.data[next] == '{' || rest.data[next] == '[';
	around = split->levels[split->depth - 3].kind;
	return rest.data[next] == ',' ||
	       rest.data[next] == (around == SPLIT_DOCUMENT_LIST ? ']' : '}');
}

/* What stands behind the element that has ended. */
static enum behind look_behind(struct sl_source *source, enum split_level list)
{
	struct split *split = split_of(source);
	struct sl_slice rest = window(source);
	size_t at = split->ended;
	char before = '\0';

	for (;; at++) {
		at += blank_prefix((struct sl_slice){ rest.data + at, rest.len - at });
		if (at == rest.len)
			return source->ended ? BEHIND_LAST : BEHIND_UNSEEN;
		if (before != '\0')
			break;
		before = rest.data[at];
		if (before != ',' && before != ']')
			return BEHIND_STRANGE;
	}
	split->scanned = at;
	if (before == ']')
		return may_end(split, (struct sl_slice){ rest.data + at, rest.len - at })
			       ? BEHIND_LAST
			       : BEHIND_STRANGE;
	if (!may_begin(list, rest.data[at]))
		return BEHIND_STRANGE;
	if (rest.len - at < KEY_BYTES && !source->ended)
		return BEHIND_UNSEEN;
	return list_of(list, (struct sl_slice){ rest.data + at, rest.len - at }) == list
		       ? BEHIND_NEXT
		       : BEHIND_STRANGE;
}

/* To the end of the element; false: that is not to be seen, or damage hides it. */
static bool find_end(struct sl_source *source)
{
	struct split *split = split_of(source);
	struct sl_slice rest = window(source);

	if (split->ended == 0 && !split->skip.broken) {
		const char *at = rest.data + split->scanned;
		const char *end = sl_json_skip(&split->skip, at, rest.data + rest.len);
		size_t scanned = end != NULL ? (size_t)(end - rest.data) : rest.len;

		split_charge(source, scanned - split->scanned);
		split->scanned = scanned;
		split->ended = end != NULL && !split->skip.broken ? scanned : 0;
	}
	return split->ended != 0;
}

static enum split_progress emit_whole(struct sl_source *source)
{
	split_emit(source, split_of(source)->whole, UNIT_WHOLE);
	return split_go_to(source, SPLIT_AT_NEXT);
}

/* The elements before the strange one are good; its list, if it is large, can still be cut. */
static enum split_progress go_astray(struct sl_source *source)
{
	struct split *split = split_of(source);

	if (split->whole > 0)
		return emit_whole(source);
	split->misled = true;
	if (window_len(source) >= LARGE_BYTES && split_divisible(source))
		return split_begin_survey(source);
	return split_misled(source);
}

/* The last element has no end, so far. */
static enum split_progress wait_for_end(struct sl_source *source)
{
	struct split *split = split_of(source);
	size_t len = window_len(source);

	if (split->skip.broken)
		return go_astray(source);
	if (split->whole > 0 && (source->ended || len >= LARGE_BYTES))
		return emit_whole(source);
	if (!source->ended && (len < LARGE_BYTES || split_top(split) == SPLIT_RECORD_LIST))
		return SPLIT_MORE;
	if (!source->ended && split_divisible(source))
		return split_begin_survey(source);
	return split_misled(source);
}

/* Another element joins those that are whole. */
static void begin_next(struct split *split)
{
	split->value = split->scanned;
	split->ended = 0;
	split->skip = (struct sl_json_skip){ .begun = false };
}

/* The first of the elements tells whether brackets were lost before it. */
static enum split_level find_list(struct sl_source *source)
{
	struct split *split = split_of(source);
	enum split_level list = list_of(split_top(split), window(source));
	unsigned depth = split->depth;

	while (depth > 0 && split->levels[depth - 1].kind != list)
		depth--;
	if (depth > 0)
		split->depth = depth;
	else if (split_top(split) < list)
		split_reenter(source, list);
	return split_top(split);
}

enum split_progress split_in_list(struct sl_source *source)
{
	struct split *split = split_of(source);
	enum split_level list = split_top(split);

	if (split->scanned == 0) {
		if (window_len(source) < KEY_BYTES && !source->ended)
			return SPLIT_MORE;
		list = find_list(source);
	}
	for (;;) {
		enum behind behind;

		if (split->misled)
			return split_misled(source);
		if (!find_end(source))
			return wait_for_end(source);
		behind = look_behind(source, list);
		if (behind == BEHIND_UNSEEN)
			return SPLIT_MORE;
		if (behind == BEHIND_STRANGE)
			return go_astray(source);
		split->whole = split->ended;
		if (behind == BEHIND_LAST || split->whole >= piece_bytes(source, list))
			return emit_whole(source);
		begin_next(split);
	}
}

/* The same for a document: a line that begins another ends it, too. */
static bool find_document_end(struct sl_source *source)
{
	struct lines *lines = &source->framing.json.lines;

	lines_read(lines, window(source));
	return find_end(source) &&
	       (lines->boundary == 0 || lines->boundary >= split_of(source)->ended);
}

enum split_progress split_in_whole(struct sl_source *source)
{
	struct split *split = split_of(source);
	struct sl_slice rest = window(source);
	size_t boundary;

	*window_bytes(source) = '{'; /* a comma, perhaps, if it was read again */
	if (!find_document_end(source)) {
		boundary = source->framing.json.lines.boundary;
		if (boundary == 0 && !source->ended && rest.len >= LARGE_BYTES &&
		    split->key != SL_KEY_LINE && !split->indivisible)
			return split_spent(source) ? split_misled(source)
						   : split_begin_survey(source);
		if (boundary == 0 && !source->ended)
			return SPLIT_MORE;
		if (boundary != 0)
			rest.len = lines_first(&source->framing.json.lines, rest);
		split_emit(source, rest.len, boundary != 0 ? UNIT_BROKEN : UNIT_CUT);
		return SPLIT_DONE; /* the reader tells of it */
	}
	split_emit(source, split->ended, UNIT_WHOLE);
	return split_pop(source);
}

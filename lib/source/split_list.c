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

/* The element's own brackets are a pair. */
static bool is_closed(const struct split *split, struct sl_slice rest)
{
	char opener = rest.data[split->value], closer = rest.data[split->ended - 1];

	return split->skip.depth == 0 && (opener != '{' || closer == '}') &&
	       (opener != '[' || closer == ']');
}

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

	if (!is_closed(split, rest))
		return BEHIND_STRANGE;
	if (split->skip.mismatched && split_divisible(source)) {
		if (rest.len >= LARGE_BYTES) /* its end may be none: a survey is better */
			return BEHIND_STRANGE;
		if (source->framing.json.lines.boundary == 0 && !source->ended)
			return BEHIND_UNSEEN;
	}
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

/* From split->scanned on; NULL: not in sight.  A record with brackets that are no pairs ends there;
 * what is larger may have such a record in it. */
static const char *scan_on(struct split *split, struct sl_slice rest)
{
	const char *at = rest.data + split->scanned, *end;

	do {
		end = sl_json_skip(&split->skip, at, rest.data + rest.len);
		at = end;
	} while (end != NULL && split->skip.depth > 0 && split_top(split) != SPLIT_RECORD_LIST);
	return end;
}

/* To the end of the element; false: that is not to be seen, or damage hides it. */
static bool find_end(struct sl_source *source)
{
	struct split *split = split_of(source);
	struct lines *lines = &source->framing.json.lines;
	struct sl_slice rest = window(source);

	lines_read(lines, rest);
	if (split->ended == 0) {
		const char *end = scan_on(split, rest);

		split->ended = end != NULL ? (size_t)(end - rest.data) : 0;
		split_charge(source, (end != NULL ? split->ended : rest.len) - split->scanned);
		split->scanned = rest.len;
	}
	return split->ended != 0 && (lines->boundary == 0 || lines->boundary >= split->ended);
}

static enum split_progress emit_whole(struct sl_source *source)
{
	split_emit(source, split_of(source)->whole, UNIT_WHOLE);
	return split_go_to(source, SPLIT_AT_NEXT);
}

/* The last element has no end, so far. */
static enum split_progress wait_for_end(struct sl_source *source)
{
	struct split *split = split_of(source);
	const struct lines *lines = &source->framing.json.lines;
	size_t len = window_len(source);

	if (split->whole > 0 && (lines->boundary != 0 || source->ended || len >= LARGE_BYTES))
		return emit_whole(source);
	if (lines->boundary == 0 && !source->ended && len < LARGE_BYTES)
		return SPLIT_MORE;
	if (lines->boundary == 0 && !source->ended && split_divisible(source))
		return split_begin_survey(source);
	return split_misled(source);
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

enum split_progress split_in_whole(struct sl_source *source)
{
	struct split *split = split_of(source);
	struct sl_slice rest = window(source);
	size_t boundary;

	*window_bytes(source) = '{'; /* a comma, perhaps, if it was read again */
	if (!find_end(source)) {
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

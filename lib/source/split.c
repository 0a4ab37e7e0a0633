/*
 * Large JSON documents, piece by piece.  Only the outermost levels are walked: arrays of requests,
 * requests, and objects around them.  Each element of resourceSpans (and of resourceLogs) becomes a
 * unit, other values are passed over without being kept, and an object that turns out to be a bare
 * ResourceSpans or a span line is handed over whole.  It takes up where it stopped, at any byte.
 */
#include "source.h"

enum { KEY_BYTES = 4096 }; /* a longer key is none that is known */

static struct split *split_of(struct sl_source *source)
{
	return &source->framing.json.split;
}

static enum split_progress go_to(struct sl_source *source, enum split_place place)
{
	split_of(source)->place = place;
	return SPLIT_ON;
}

static enum split_progress malformed(struct sl_source *source, const char *expected)
{
	window_complain(source, SL_MALFORMED, 0, "expected %s in a JSON document", expected);
	return SPLIT_LOST;
}

/* A departure is refused with --strict. */
static void note(struct sl_source *source, enum sl_note note)
{
	source->notes.count[note]++;
	if (source->options.strict && sl_note_is_departure(note))
		window_complain(source, SL_MALFORMED, 0, "not allowed with --strict: %s",
				sl_note_text(note));
}

static bool on_top(const struct split *split, enum split_level kind)
{
	return split->levels[split->depth - 1].kind == kind;
}

/* The object on top is a document, not something in its wrapper. */
static bool document_on_top(const struct split *split)
{
	return on_top(split, SPLIT_OBJECT) &&
	       (split->depth == 1 || split->levels[split->depth - 2].kind == SPLIT_DOCUMENT_LIST);
}

/* A document ends here: it is counted, if none of its keys told what it is. */
static void end_document(struct sl_source *source)
{
	struct split *split = split_of(source);

	if (!split->has_keys)
		source->notes.messages[SL_SIGNAL_NONE]++;
	else if (!split->has_telemetry)
		note(source, SL_NOTE_NOT_OTLP);
	split->has_keys = false;
	split->has_telemetry = false;
}

/* The bracket of the level on top has closed. */
static enum split_progress pop(struct sl_source *source)
{
	struct split *split = split_of(source);

	if (document_on_top(split))
		end_document(source);
	split->depth--;
	return split->depth == 0 ? SPLIT_DONE : go_to(source, SPLIT_AT_NEXT);
}

/* A value begins that will be passed over, or become a unit. */
static enum split_progress begin_value(struct sl_source *source, enum split_place place)
{
	static const char starts[] = "{[\"-0123456789tfn";
	struct split *split = split_of(source);
	char byte = *window_bytes(source);

	if (byte == '\0' || strchr(starts, byte) == NULL)
		return malformed(source, "a value");
	split->skip = (struct sl_json_skip){ 0 };
	split->scanned = split->ended = 0;
	split->adrift = false;
	return go_to(source, place);
}

static enum split_progress enter(struct sl_source *source, enum split_level kind)
{
	struct split *split = split_of(source);

	if (split->depth == SPLIT_DEPTH)
		return begin_value(source, SPLIT_IN_SKIPPED);
	split->levels[split->depth].kind = kind;
	split->levels[split->depth].seen = 0;
	split->depth++;
	if (kind == SPLIT_OBJECT)
		return go_to(source, SPLIT_AT_KEY);
	window_consume(source, 1);
	return go_to(source, SPLIT_AT_FIRST);
}

static enum split_progress at_member_value(struct sl_source *source, char byte)
{
	struct split *split = split_of(source);

	if (byte == '{' && split->key == SL_KEY_WRAPPER) {
		if (document_on_top(split))
			note(source, SL_NOTE_WRAPPED);
		return enter(source, SPLIT_OBJECT);
	}
	if (byte == '[' && split->key == SL_KEY_RESOURCE_SPANS) {
		split->kind = SL_UNIT_RESOURCE_SPANS;
		return enter(source, SPLIT_ELEMENT_LIST);
	}
	if (byte == '[' && split->key == SL_KEY_RESOURCE_LOGS) {
		split->kind = SL_UNIT_RESOURCE_LOGS;
		return enter(source, SPLIT_ELEMENT_LIST);
	}
	return begin_value(source, SPLIT_IN_SKIPPED);
}

static enum split_progress at_value(struct sl_source *source)
{
	struct split *split = split_of(source);
	char byte = *window_bytes(source);

	if (split->depth == 0)
		return enter(source, byte == '[' ? SPLIT_DOCUMENT_LIST : SPLIT_OBJECT);
	if (on_top(split, SPLIT_OBJECT))
		return at_member_value(source, byte);
	if (on_top(split, SPLIT_ELEMENT_LIST))
		return begin_value(source, SPLIT_IN_UNIT);
	if (byte == '{')
		return enter(source, SPLIT_OBJECT);
	note(source, SL_NOTE_NOT_OTLP);
	return begin_value(source, SPLIT_IN_SKIPPED);
}

static enum split_progress at_first(struct sl_source *source)
{
	if (*window_bytes(source) != ']')
		return at_value(source);
	window_consume(source, 1);
	return pop(source);
}

static enum split_progress at_next(struct sl_source *source)
{
	struct split *split = split_of(source);
	bool object = on_top(split, SPLIT_OBJECT);
	char byte = *window_bytes(source);

	if (byte == ',' && object)
		return go_to(source, SPLIT_AT_KEY);
	if (byte != ',' && byte != (object ? '}' : ']'))
		return malformed(source, "',' or a closing bracket");
	window_consume(source, 1);
	return byte == ',' ? go_to(source, SPLIT_AT_VALUE) : pop(source);
}

/* The key with its quotes begins at `at`; its length without them, SIZE_MAX: it does not end. */
static size_t key_len(struct sl_slice text, size_t at)
{
	for (size_t i = at + 1; i < text.len; i++) {
		if (text.data[i] == '"')
			return i - at - 1;
		i += text.data[i] == '\\';
	}
	return SIZE_MAX;
}

/* SL_SIGNAL_NONE: the key does not tell. */
static enum sl_signal signal_of(enum sl_json_key key)
{
	switch (key) {
	case SL_KEY_RESOURCE_SPANS:
		return SL_SIGNAL_SPANS;
	case SL_KEY_RESOURCE_LOGS:
		return SL_SIGNAL_LOGS;
	case SL_KEY_RESOURCE_METRICS:
	case SL_KEY_BARE_METRICS:
		return SL_SIGNAL_METRICS;
	case SL_KEY_RESOURCE_PROFILES:
		return SL_SIGNAL_PROFILES;
	default:
		return SL_SIGNAL_NONE;
	}
}

/* A span line may have it, or what a request holds. */
static bool is_field(struct sl_slice key)
{
	return sl_field_find(key) != NULL || sl_slice_equal(key, SL_SLICE("schemaUrl")) ||
	       sl_slice_equal(key, SL_SLICE("schema_url"));
}

/* The document may itself be what a request holds, or a span line. */
static bool is_whole(const struct split *split, struct sl_slice key)
{
	if (!document_on_top(split) || split->has_telemetry)
		return false;
	switch (split->key) {
	case SL_KEY_BARE:
	case SL_KEY_BARE_LOGS:
	case SL_KEY_RESOURCE:
	case SL_KEY_LINE:
		return true;
	default:
		return split->key == SL_KEY_OTHER && is_field(key);
	}
}

/*
 * The document goes to the reader from this key on; the bracket that opens it stands where the byte
 * before the key was.  The keys before are none that anybody knows.
 */
static enum split_progress hand_over(struct sl_source *source)
{
	struct split *split = split_of(source);

	*window_bytes(source) = '{';
	split->kind = SL_UNIT_DOCUMENTS;
	split->ends_object = true;
	split->has_telemetry = true; /* or not: the reader tells */
	return begin_value(source, SPLIT_IN_UNIT);
}

/* The key, `len` bytes with what stands around it, is known. */
static enum split_progress see_key(struct sl_source *source, struct sl_slice key, size_t len)
{
	struct split *split = split_of(source);
	unsigned *seen = &split->levels[split->depth - 1].seen;
	enum sl_note departure;
	enum sl_signal signal;

	split->key = sl_json_key(key, &departure);
	split->has_keys = true;
	if (is_whole(split, key))
		return hand_over(source);
	signal = signal_of(split->key);
	if (signal != SL_SIGNAL_NONE && (*seen >> signal & 1) != 0) {
		note(source, SL_NOTE_REPEATED_KEY);
		split->key = SL_KEY_OTHER;
	} else if (signal != SL_SIGNAL_NONE) {
		*seen |= 1U << signal;
		split->has_telemetry = true;
		source->notes.messages[signal]++;
		if (departure != SL_NOTE_COUNT &&
		    (departure != SL_NOTE_WRAPPED || document_on_top(split)))
			note(source, departure);
	}
	window_consume_lines(source, len);
	return go_to(source, SPLIT_AT_COLON);
}

/* On the byte before a key: it moves up to the key, as hand_over needs it there. */
static enum split_progress at_key(struct sl_source *source)
{
	char opener = *window_bytes(source);
	struct sl_slice rest = { window_bytes(source) + 1, window_len(source) - 1 };
	size_t blank = blank_prefix(rest), len;

	source->line += count_newlines(rest.data, blank);
	window_consume(source, blank);
	*window_bytes(source) = opener;
	rest = window(source);
	if (rest.len < 2)
		return SPLIT_MORE;
	if (rest.data[1] == '}' && opener == '{') {
		window_consume(source, 2);
		return pop(source);
	}
	if (rest.data[1] != '"')
		return malformed(source, "a key");
	len = key_len(rest, 1);
	if (len != SIZE_MAX)
		return see_key(source, (struct sl_slice){ rest.data + 2, len }, len + 3);
	if (rest.len < KEY_BYTES)
		return SPLIT_MORE;
	split_of(source)->key = SL_KEY_OTHER;
	split_of(source)->skip = (struct sl_json_skip){ 0 };
	window_consume(source, 1);
	return go_to(source, SPLIT_IN_KEY);
}

static enum split_progress at_colon(struct sl_source *source)
{
	if (*window_bytes(source) != ':')
		return malformed(source, "':'");
	window_consume(source, 1);
	return go_to(source, SPLIT_AT_VALUE);
}

/* To the end of a value that is not kept. */
static enum split_progress in_skipped(struct sl_source *source, enum split_place next)
{
	struct sl_slice rest = window(source);
	const char *end = sl_json_skip(&split_of(source)->skip, rest.data, rest.data + rest.len);

	window_consume_lines(source, end != NULL ? (size_t)(end - rest.data) : rest.len);
	return end != NULL ? go_to(source, next) : SPLIT_MORE;
}

/* The unit, and on to `place`. */
static enum split_progress emit_unit(struct sl_source *source, size_t len, bool truncated,
				     enum split_place place)
{
	struct split *split = split_of(source);

	window_emit(source,
		    (struct sl_unit){ .kind = split->kind, .truncated = truncated, .len = len });
	window_consume(source, len);
	split->ended = 0;
	split->adrift = false;
	return go_to(source, place);
}

enum behind { BEHIND_FITS, BEHIND_STRANGE, BEHIND_UNSEEN };

/* What stands behind an element that ends at `at`: it is one of an array, or the last. */
static enum behind look_behind(const struct sl_source *source, size_t at)
{
	struct sl_slice rest = window(source);
	char before = '\0';

	if (rest.data[at - 1] != '}')
		return BEHIND_STRANGE;
	for (;; at++) {
		at += blank_prefix((struct sl_slice){ rest.data + at, rest.len - at });
		if (at == rest.len)
			return source->ended ? BEHIND_FITS : BEHIND_UNSEEN;
		if (before != '\0')
			break;
		before = rest.data[at];
		if (before != ',' && before != ']')
			return BEHIND_STRANGE;
	}
	if (before == ',')
		return rest.data[at] == '{' ? BEHIND_FITS : BEHIND_STRANGE;
	return rest.data[at] == '}' || rest.data[at] == ',' ? BEHIND_FITS : BEHIND_STRANGE;
}

/* Where an element or a request begins, by its first key, from `at` on; the rest's length: it is
 * not to be seen. */
static size_t find_element(struct sl_slice rest, size_t at)
{
	static const struct sl_slice keys[] = { { "\"resource", 9 }, { "\"scopeSpans", 11 } };
	const char *brace;

	while ((brace = memchr(rest.data + at, '{', rest.len - at)) != NULL) {
		at = (size_t)(brace - rest.data) + 1;
		at += blank_prefix((struct sl_slice){ rest.data + at, rest.len - at });
		for (size_t i = 0; i < SL_COUNT(keys); i++)
			if (rest.len - at >= keys[i].len &&
			    memcmp(rest.data + at, keys[i].data, keys[i].len) == 0)
				return (size_t)(brace - rest.data);
	}
	return rest.len;
}

/*
 * The unit goes on behind its end, or does not end: damage has misled the count of brackets.  It is
 * cut where a line surely begins a document, or, behind a wrong end, where an element may begin;
 * the reader finds out what is in it.
 */
static enum split_progress drift(struct sl_source *source)
{
	enum { KEY_MARGIN = 64 }; /* a brace and a key may be cut by the window's end */
	struct split *split = split_of(source);
	struct sl_slice rest = window(source);
	size_t boundary = source->framing.json.lines.boundary;
	size_t element = split->adrift ? find_element(rest, split->scanned) : rest.len;

	if (element < rest.len && (boundary == 0 || element < boundary))
		return emit_unit(source, element, false, SPLIT_AT_VALUE);
	if (boundary != 0) {
		emit_unit(source, boundary, false, SPLIT_AT_VALUE);
		return SPLIT_DONE;
	}
	if (split->adrift && rest.len > split->scanned + KEY_MARGIN)
		split->scanned = rest.len - KEY_MARGIN;
	if (!source->ended)
		return SPLIT_MORE;
	emit_unit(source, rest.len, true, SPLIT_AT_VALUE);
	return SPLIT_DONE; /* the reader tells of it */
}

/* An element of a list. */
static enum split_progress in_element(struct sl_source *source)
{
	struct split *split = split_of(source);
	struct lines *lines = &source->framing.json.lines;
	struct sl_slice rest = window(source);
	const char *end = NULL;

	lines_read(lines, rest);
	if (split->ended == 0 && !split->adrift) {
		end = sl_json_skip(&split->skip, rest.data + split->scanned, rest.data + rest.len);
		split->scanned = end != NULL ? (size_t)(end - rest.data) : rest.len;
		split->ended = end != NULL ? split->scanned : 0;
	}
	if (split->ended == 0 || (lines->boundary != 0 && lines->boundary < split->ended))
		return drift(source);
	switch (look_behind(source, split->ended)) {
	case BEHIND_FITS:
		return emit_unit(source, split->ended, false, SPLIT_AT_NEXT);
	case BEHIND_UNSEEN:
		return SPLIT_MORE;
	case BEHIND_STRANGE:
		break;
	}
	split->ended = 0;
	split->adrift = true;
	return drift(source);
}

static enum split_progress in_unit(struct sl_source *source)
{
	struct split *split = split_of(source);
	struct sl_slice rest = window(source);
	const char *end;

	if (!split->ends_object)
		return in_element(source);
	end = sl_json_skip(&split->skip, rest.data + split->scanned, rest.data + rest.len);
	split->scanned = rest.len;
	if (end == NULL && !source->ended)
		return SPLIT_MORE;
	emit_unit(source, end != NULL ? (size_t)(end - rest.data) : rest.len, end == NULL,
		  SPLIT_AT_NEXT);
	if (end == NULL)
		return SPLIT_DONE; /* the reader tells of it */
	split->ends_object = false;
	return pop(source);
}

static enum split_progress step(struct sl_source *source)
{
	switch (split_of(source)->place) {
	case SPLIT_AT_VALUE:
		return at_value(source);
	case SPLIT_AT_FIRST:
		return at_first(source);
	case SPLIT_AT_KEY:
		return at_key(source);
	case SPLIT_IN_KEY:
		return in_skipped(source, SPLIT_AT_COLON);
	case SPLIT_AT_COLON:
		return at_colon(source);
	case SPLIT_AT_NEXT:
		return at_next(source);
	case SPLIT_IN_SKIPPED:
		return in_skipped(source, SPLIT_AT_NEXT);
	case SPLIT_IN_UNIT:
		return in_unit(source);
	}
	return SPLIT_MORE;
}

static bool between_tokens(enum split_place place)
{
	return place == SPLIT_AT_VALUE || place == SPLIT_AT_FIRST || place == SPLIT_AT_COLON ||
	       place == SPLIT_AT_NEXT;
}

enum split_progress split_step(struct sl_source *source)
{
	struct split *split = split_of(source);
	enum split_progress progress = SPLIT_MORE;

	if (between_tokens(split->place))
		window_consume_lines(source, blank_prefix(window(source)));
	if (window_len(source) > 0)
		progress = step(source);
	if (progress != SPLIT_MORE || !source->ended)
		return progress;
	window_complain(source, SL_TRUNCATED, window_len(source),
			"the input ends inside a JSON document");
	window_consume(source, window_len(source));
	return SPLIT_DONE;
}

/*
 * Large JSON documents: their outermost levels, which are arrays of requests, requests, and objects
 * around them.  What is no element of resourceSpans (or of resourceLogs) is passed over without
 * being kept, and an object that turns out to be a bare ResourceSpans or a span line is handed over
 * whole.  It takes up where it stopped, at any byte.
 */
#include "source.h"

enum {
	KEY_BYTES = 4096,  /* a longer key is none that is known */
	MEMBER_BYTES = 64, /* as many show whether a key of a list's element stands here */
	LOOKS = 16,	   /* at each byte; what is whole takes half of them at most */
};

void split_charge(struct sl_source *source, size_t bytes)
{
	source->looked += bytes;
}

bool split_spent(const struct sl_source *source)
{
	return source->looked / LOOKS > source->reached;
}

enum split_progress split_go_to(struct sl_source *source, enum split_place place)
{
	split_of(source)->place = place;
	return SPLIT_ON;
}

enum split_progress split_malformed(struct sl_source *source, const char *expected)
{
	struct split *split = split_of(source);

	window_complain(source, SL_MALFORMED, 0, "expected %s in a JSON document", expected);
	split->told = true;
	split->searched = 0;
	return split_go_to(source, SPLIT_ADRIFT);
}

void split_astray(struct sl_source *source)
{
	split_of(source)->place = SPLIT_ADRIFT;
	split_of(source)->told = true;
	split_of(source)->searched = 0;
}

/* A departure is refused with --strict. */
void split_note(struct sl_source *source, enum sl_note note)
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

/* On top are elements that become units. */
static bool is_list(const struct split *split)
{
	return split->levels[split->depth - 1].kind >= SPLIT_ELEMENT_LIST;
}

/* The object on top is a document, not something in its wrapper. */
static bool document_on_top(const struct split *split)
{
	return on_top(split, SPLIT_OBJECT) &&
	       (split->depth == 1 || split->levels[split->depth - 2].kind == SPLIT_DOCUMENT_LIST);
}

void split_count(struct sl_source *source, enum sl_signal signal)
{
	split_of(source)->has_telemetry = true;
	source->notes.messages[signal]++;
}

/* A document ends here: it is counted, if none of its keys told what it is. */
static void end_document(struct sl_source *source)
{
	struct split *split = split_of(source);

	if (!split->has_keys)
		source->notes.messages[SL_SIGNAL_NONE]++;
	else if (!split->has_telemetry)
		split_note(source, SL_NOTE_NOT_OTLP);
	split->has_keys = false;
	split->has_telemetry = false;
}

/* The bracket of the level on top has closed. */
enum split_progress split_pop(struct sl_source *source)
{
	struct split *split = split_of(source);

	if (document_on_top(split))
		end_document(source);
	split->depth--;
	return split->depth == 0 ? SPLIT_DONE : split_go_to(source, SPLIT_AT_NEXT);
}

/* A value begins that will be passed over, or become a unit. */
enum split_progress split_begin_value(struct sl_source *source, enum split_place place)
{
	static const char starts[] = "{[\"-0123456789tfn";
	struct split *split = split_of(source);
	char byte = *window_bytes(source);

	if (byte == '\0' || strchr(starts, byte) == NULL)
		return split_malformed(source, "a value");
	split->skip = (struct sl_json_skip){ 0 };
	split->scanned = split->value = split->whole = split->ended = 0;
	split->searched = 1; /* another object in this one, that is */
	split->misled = split->coarse = split->indivisible = false;
	return split_go_to(source, place);
}

static enum split_progress enter(struct sl_source *source, enum split_level kind)
{
	struct split *split = split_of(source);

	if (split->depth == SPLIT_DEPTH)
		return split_begin_value(source, SPLIT_IN_SKIPPED);
	split->levels[split->depth].kind = kind;
	split->levels[split->depth].seen = 0;
	split->depth++;
	if (kind == SPLIT_OBJECT)
		return split_go_to(source, SPLIT_AT_KEY);
	split_forget_lists(source);
	window_consume(source, 1);
	return split_go_to(source, SPLIT_AT_FIRST);
}

static enum split_progress at_member_value(struct sl_source *source, char byte)
{
	struct split *split = split_of(source);

	if (byte == '{' && split->key == SL_KEY_WRAPPER) {
		if (document_on_top(split))
			split_note(source, SL_NOTE_WRAPPED);
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
	return split_begin_value(source, SPLIT_IN_SKIPPED);
}

/* An element of a list: what begins so, and may lack its bracket. */
static enum split_progress at_element(struct sl_source *source)
{
	if (*window_bytes(source) != '{' && window_len(source) < MEMBER_BYTES && !source->ended)
		return SPLIT_MORE;
	if (split_mend(source))
		window_complain(source, SL_MALFORMED, 0, "'{' is missing in a JSON document");
	return split_begin_value(source, SPLIT_IN_LIST);
}

/* What stands behind a separator that goes now is to be there: see split_mend. */
static bool is_followed(const struct sl_source *source)
{
	return window_len(source) > 1 || source->ended;
}

static enum split_progress at_value(struct sl_source *source)
{
	struct split *split = split_of(source);
	char byte = *window_bytes(source);

	if (byte == '[' && !is_followed(source))
		return SPLIT_MORE;

	if (split->depth == 0)
		return enter(source, byte == '[' ? SPLIT_DOCUMENT_LIST : SPLIT_OBJECT);
	if (on_top(split, SPLIT_OBJECT))
		return at_member_value(source, byte);
	if (is_list(split))
		return at_element(source);
	if (byte == '{')
		return enter(source, SPLIT_OBJECT);
	split_note(source, SL_NOTE_NOT_OTLP);
	return split_begin_value(source, SPLIT_IN_SKIPPED);
}

static enum split_progress at_first(struct sl_source *source)
{
	if (*window_bytes(source) != ']')
		return at_value(source);
	if (is_list(split_of(source)) && window_len(source) < MEMBER_BYTES && !source->ended)
		return SPLIT_MORE;
	if (is_list(split_of(source)) && split_mend(source))
		return at_element(source);
	if (is_list(split_of(source)))
		return split_end_list(source);
	window_consume(source, 1);
	return split_pop(source);
}

static enum split_progress at_next(struct sl_source *source)
{
	struct split *split = split_of(source);
	bool object = on_top(split, SPLIT_OBJECT);
	char byte = *window_bytes(source);

	if (byte == ',' && object)
		return split_go_to(source, SPLIT_AT_KEY);
	if (byte == ',' && !is_followed(source))
		return SPLIT_MORE;
	if (byte != ',' && byte != (object ? '}' : ']'))
		return split_malformed(source, "',' or a closing bracket");
	if (byte == ']' && is_list(split))
		return split_end_list(source);
	window_consume(source, 1);
	return byte == ',' ? split_go_to(source, SPLIT_AT_VALUE) : split_pop(source);
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
	split->has_telemetry = true; /* or not: the reader tells */
	return split_begin_value(source, SPLIT_IN_WHOLE);
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
		split_note(source, SL_NOTE_REPEATED_KEY);
		split->key = SL_KEY_OTHER;
	} else if (signal != SL_SIGNAL_NONE) {
		*seen |= 1U << signal;
		split_count(source, signal);
		if (departure != SL_NOTE_COUNT &&
		    (departure != SL_NOTE_WRAPPED || document_on_top(split)))
			split_note(source, departure);
	}
	window_consume_lines(source, len);
	return split_go_to(source, SPLIT_AT_COLON);
}

/* Behind the key, where it is to be seen, stands something else. */
static bool lacks_colon(struct sl_slice text, size_t at)
{
	at += blank_prefix((struct sl_slice){ text.data + at, text.len - at });
	return at < text.len && text.data[at] != ':';
}

/* What stands behind the key is to be seen. */
static bool shows_colon(struct sl_slice text, size_t len)
{
	if (len == SIZE_MAX)
		return false;
	return len + 3 +
		       blank_prefix((struct sl_slice){ text.data + len + 3, text.len - len - 3 }) <
	       text.len;
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
		return split_pop(source);
	}
	if (rest.data[1] != '"') {
		split_malformed(source, "a key");
		split_of(source)->searched = 1; /* the bracket was this object's */
		return SPLIT_ON;
	}
	len = key_len(rest, 1);
	if (rest.len < KEY_BYTES && !source->ended && !shows_colon(rest, len))
		return SPLIT_MORE;
	if (len != SIZE_MAX && lacks_colon(rest, len + 3)) {
		split_malformed(source, "':'");
		split_of(source)->searched = 1; /* the key may lack a quote */
		return SPLIT_ON;
	}
	if (len != SIZE_MAX)
		return see_key(source, (struct sl_slice){ rest.data + 2, len }, len + 3);
	split_of(source)->key = SL_KEY_OTHER;
	split_of(source)->skip = (struct sl_json_skip){ 0 };
	window_consume(source, 1);
	return split_go_to(source, SPLIT_IN_KEY);
}

static enum split_progress at_colon(struct sl_source *source)
{
	if (*window_bytes(source) != ':')
		return split_malformed(source, "':'");
	window_consume(source, 1);
	return split_go_to(source, SPLIT_AT_VALUE);
}

/* To the end of a value that is not kept. */
static enum split_progress in_skipped(struct sl_source *source, enum split_place next)
{
	struct sl_slice rest = window(source);
	const char *end = sl_json_skip(&split_of(source)->skip, rest.data, rest.data + rest.len);

	window_consume_lines(source, end != NULL ? (size_t)(end - rest.data) : rest.len);
	if (split_of(source)->skip.broken)
		return split_malformed(source, "something else");
	return end != NULL ? split_go_to(source, next) : SPLIT_MORE;
}

static enum split_progress passing(struct sl_source *source)
{
	struct split *split = split_of(source);
	uint64_t left = split->target - source->base - source->at;
	size_t len = window_len(source);

	if (left < len || source->ended || split->behind != SPLIT_AT_FIRST) {
		bool here = left <= len;

		window_consume_lines(source, here ? (size_t)left : len);
		return here ? split_go_to(source, split->behind) : SPLIT_MORE;
	}
	/* the byte before goes with what may stand there: see split_mend */
	window_consume_lines(source, left > len ? len : len > 0 ? len - 1 : 0);
	return SPLIT_MORE;
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
	case SPLIT_AT_END:
		return split_pop(source);
	case SPLIT_IN_WHOLE:
		return split_in_whole(source);
	case SPLIT_IN_LIST:
		return split_in_list(source);
	case SPLIT_IN_SURVEY:
		return split_in_survey(source);
	case SPLIT_BEHIND_LIST:
		return split_behind_list(source);
	case SPLIT_PASSING:
		return passing(source);
	case SPLIT_AT_DAMAGE:
		return split_malformed(source, "a member of an object");
	case SPLIT_ADRIFT:
		return split_adrift(source);
	}
	return SPLIT_MORE;
}

static bool between_tokens(enum split_place place)
{
	return place == SPLIT_AT_VALUE || place == SPLIT_AT_FIRST || place == SPLIT_AT_COLON ||
	       place == SPLIT_AT_NEXT || place == SPLIT_BEHIND_LIST;
}

/* All but the last, before which nothing is known to stand: see split_mend. */
static void pass_blanks(struct sl_source *source)
{
	size_t blanks = blank_prefix(window(source));

	if (blanks == window_len(source) && blanks > 0 && !source->ended)
		blanks--;
	window_consume_lines(source, blanks);
}

/* There is a byte, and it is none that was left for the one behind it. */
static bool has_byte(const struct sl_source *source, enum split_place place)
{
	return window_len(source) > 0 &&
	       !(between_tokens(place) && is_blank(*window_bytes(source)));
}

static bool needs_no_bytes(enum split_place place)
{
	return place == SPLIT_IN_SURVEY || place == SPLIT_PASSING || place == SPLIT_AT_END;
}

enum split_progress split_step(struct sl_source *source)
{
	struct split *split = split_of(source);
	enum split_progress progress = SPLIT_MORE;
	uint64_t read_end = source->base + source->parcel->bytes.len;

	if (read_end > source->reached)
		source->reached = read_end;
	if (between_tokens(split->place))
		pass_blanks(source);
	if (has_byte(source, split->place) || needs_no_bytes(split->place))
		progress = step(source);
	if (progress != SPLIT_MORE || !source->ended)
		return progress;
	if (!split->told)
		window_complain(source, SL_TRUNCATED, window_len(source),
				"the input ends inside a JSON document");
	window_consume(source, window_len(source));
	return SPLIT_DONE;
}

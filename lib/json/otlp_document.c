/* One JSON document: by its keys it is a request, a span line, a part of a request, or none of
 * these. */
#include "otlp_reader.h"

static bool push(struct sl_json_reader *reader, enum level_kind kind)
{
	if (reader->depth == LEVELS)
		return false;
	reader->levels[reader->depth++] = (struct level){ .kind = kind };
	return true;
}

static void count(struct sl_json_reader *reader, enum sl_signal signal)
{
	reader->has_telemetry = true;
	reader->notes->messages[signal]++;
}

/* As all canonical span lines begin, so that they are told without a walk over their keys. */
static bool is_canonical_line(const struct sl_cursor *cursor)
{
	return sl_cursor_left(cursor, 12) && sl_load_8(cursor->at) == sl_load_8("{\"trace_") &&
	       sl_load_4(cursor->at + 8) == sl_load_4("id\":");
}

static bool not_otlp(struct sl_json_reader *reader)
{
	if (reader->first_other == NULL)
		reader->first_other = reader->document;
	return sl_cursor_note(cursor_of(reader), SL_NOTE_NOT_OTLP, reader->document);
}

bool document_begin(struct sl_json_reader *reader)
{
	struct sl_cursor *cursor = cursor_of(reader);

	reader->document = reader->whole = cursor->at;
	reader->document_depth = reader->depth;
	if (SL_LIKELY(is_canonical_line(cursor))) {
		reader->at_line = true;
		return true;
	}
	reader->has_keys = reader->has_telemetry = false;
	walk_use_arena(&reader->walk, &reader->walk.scope_arena);
	sl_arena_reset(&reader->walk.scope_arena);
	if (sl_cursor_peek(cursor) == '{')
		return push(reader, IN_DOCUMENT);
	if (reader->depth != 0)
		return sl_cursor_skip_value(cursor) && not_otlp(reader);
	if (sl_cursor_peek(cursor) == '[')
		return push(reader, IN_ARRAY);
	return sl_cursor_syntax(cursor, "a JSON object or array is expected");
}

static bool end_document(struct sl_json_reader *reader)
{
	reader->whole = cursor_of(reader)->at;
	if (!reader->has_keys)
		count(reader, SL_SIGNAL_NONE);
	return reader->has_telemetry || not_otlp(reader);
}

/* Back to the document's start: it is read in another way. */
static void rewind_document(struct sl_json_reader *reader)
{
	cursor_of(reader)->at = reader->document;
	reader->depth = reader->document_depth;
}

/* The document is itself a ResourceSpans or its like. */
static bool bare_document(struct sl_json_reader *reader, enum sl_signal signal,
			  enum sl_note departure)
{
	struct sl_cursor *cursor = cursor_of(reader);

	if (!reader->in_pieces) {
		count(reader, signal);
		if (!sl_cursor_note(cursor, departure, reader->document))
			return false;
	}
	if (signal != reader->options.signal)
		return sl_cursor_skip_value(cursor);
	rewind_document(reader);
	walk_begin(&reader->walk);
	return true;
}

/* Counts the note of a key; what is wrapped is noted once, however often it is. */
static bool note_wrapping(struct sl_json_reader *reader, enum sl_note departure)
{
	struct sl_cursor *cursor = cursor_of(reader);

	if (departure == SL_NOTE_COUNT ||
	    (departure == SL_NOTE_WRAPPED && reader->levels[reader->depth - 1].kind == IN_WRAPPER))
		return true;
	return sl_cursor_note(cursor, departure, cursor->at);
}

/* The value of resourceSpans or its like. */
static bool resources(struct sl_json_reader *reader, enum sl_signal signal, enum sl_note departure)
{
	struct sl_cursor *cursor = cursor_of(reader);

	count(reader, signal);
	if (!note_wrapping(reader, departure))
		return false;
	if (signal != reader->options.signal || sl_cursor_peek(cursor) == 'n' ||
	    !push(reader, IN_RESOURCES))
		return sl_cursor_skip_value(cursor);
	return true;
}

static bool wrapper(struct sl_json_reader *reader, enum sl_note departure)
{
	struct sl_cursor *cursor = cursor_of(reader);

	/* without room for the array inside there is no use in it */
	if (sl_cursor_peek(cursor) != '{' || reader->depth + 1 >= LEVELS)
		return sl_cursor_skip_value(cursor);
	return note_wrapping(reader, departure) && push(reader, IN_WRAPPER);
}

static bool line_document(struct sl_json_reader *reader)
{
	rewind_document(reader);
	reader->at_line = true;
	return true;
}

/* Of the keys that hold arrays the first counts. */
static bool repeats(struct level *level, enum sl_json_key key)
{
	unsigned bit = 1U << key;
	bool seen = (level->seen & bit) != 0;

	if (key < SL_KEY_RESOURCE_SPANS || key > SL_KEY_RESOURCE_PROFILES)
		return false;
	level->seen |= bit;
	return seen;
}

/* The value of a key with a meaning; `whole`: it stands in the document itself, and nothing
 * before it told what that is. */
static bool take_value(struct sl_json_reader *reader, enum sl_json_key key, enum sl_note departure,
		       bool whole)
{
	switch (key) {
	case SL_KEY_RESOURCE_SPANS:
		return resources(reader, SL_SIGNAL_SPANS, departure);
	case SL_KEY_RESOURCE_LOGS:
		return resources(reader, SL_SIGNAL_LOGS, departure);
	case SL_KEY_RESOURCE_METRICS:
		return resources(reader, SL_SIGNAL_METRICS, departure);
	case SL_KEY_RESOURCE_PROFILES:
		return resources(reader, SL_SIGNAL_PROFILES, departure);
	case SL_KEY_WRAPPER:
		return wrapper(reader, departure);
	case SL_KEY_BARE:
		if (whole)
			return bare_document(reader, SL_SIGNAL_SPANS, departure);
		break;
	case SL_KEY_BARE_LOGS:
		if (whole)
			return bare_document(reader, SL_SIGNAL_LOGS, departure);
		break;
	case SL_KEY_BARE_METRICS:
		if (whole)
			return bare_document(reader, SL_SIGNAL_METRICS, departure);
		break;
	case SL_KEY_LINE:
		if (whole)
			return line_document(reader);
		break;
	case SL_KEY_RESOURCE:
	case SL_KEY_OTHER:
		break;
	}
	return sl_cursor_skip_value(cursor_of(reader));
}

static bool step_in_object(struct sl_json_reader *reader, struct level *level)
{
	struct sl_cursor *cursor = cursor_of(reader);
	const char *start = cursor->at;
	enum sl_note departure;
	enum sl_json_key key;
	struct sl_slice text = { "", 0 };

	if (!sl_cursor_next_member(cursor, &level->begun, &text)) {
		if (cursor->fault != SL_FAULT_NONE)
			return false;
		reader->depth--;
		return level->kind != IN_DOCUMENT || end_document(reader);
	}
	reader->has_keys = true;
	key = sl_json_key(text, &departure);
	if (repeats(level, key))
		return sl_cursor_note(cursor, SL_NOTE_REPEATED_KEY, start) &&
		       sl_cursor_skip_value(cursor);
	return take_value(reader, key, departure,
			  level->kind == IN_DOCUMENT && !reader->has_telemetry);
}

/* An element stands at the cursor, where a fault was got over. */
static bool take_element(struct sl_json_reader *reader)
{
	bool taken = reader->at_element;

	reader->at_element = false;
	return taken;
}

bool document_step(struct sl_json_reader *reader)
{
	struct level *level = &reader->levels[reader->depth - 1];
	struct sl_cursor *cursor = cursor_of(reader);

	if (level->kind == IN_DOCUMENT || level->kind == IN_WRAPPER)
		return step_in_object(reader, level);
	if (take_element(reader) || sl_cursor_next_element(cursor, &level->begun)) {
		if (level->kind == IN_ARRAY)
			return document_begin(reader);
		walk_begin(&reader->walk);
		return true;
	}
	if (cursor->fault != SL_FAULT_NONE)
		return false;
	reader->depth--;
	if (level->kind == IN_ARRAY)
		reader->whole = cursor->at;
	return true;
}

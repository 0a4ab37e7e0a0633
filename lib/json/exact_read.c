/* `exact` in: each entry is applied where its plain rendering is what stands there now. */
#include "exact_read.h"

static bool fits(struct line_reader *reader, struct sl_cursor *cursor,
		 const struct exact_place *place, const struct sl_value *typed)
{
	struct sl_value shown = { .type = SL_VALUE_EMPTY };

	if (place->text != NULL) {
		shown.type = SL_VALUE_STRING;
		shown.text = *place->text;
	} else if (place->list != NULL) {
		shown.type = SL_VALUE_KVLIST;
		shown.list = *place->list;
	} else if (place->value != NULL) {
		shown = *place->value;
	} else {
		return false;
	}
	/* a field of the span keeps its type */
	if (place->value == NULL && typed->type != shown.type)
		return false;
	return shows(reader, cursor, typed, &shown);
}

static void replace(const struct exact_place *place, const struct sl_value *typed)
{
	if (place->text != NULL)
		*place->text = typed->text;
	else if (place->list != NULL)
		*place->list = typed->list;
	else
		*place->value = *typed;
}

/* What is no entry is treated as one that no longer fits. */
static bool skip_stale(struct sl_cursor *cursor, const char *start)
{
	if (cursor->fault == SL_FAULT_REFUSED) {
		cursor->fault = SL_FAULT_NONE;
		cursor->at = start;
		if (!sl_cursor_skip_value(cursor))
			return false;
	}
	return cursor->fault == SL_FAULT_NONE &&
	       sl_cursor_note(cursor, SL_NOTE_LINE_STALE_EXACT, start);
}

static bool apply_entry(struct line_reader *reader, struct sl_cursor *cursor,
			const struct exact_place *place)
{
	const char *start = cursor->at;
	size_t height = reader->builder.height;
	struct sl_value typed;

	if (!read_entry(reader, cursor, 0, &typed)) {
		reader->builder.height = height;
		return skip_stale(cursor, start);
	}
	if (!fits(reader, cursor, place, &typed))
		return skip_stale(cursor, start);
	replace(place, &typed);
	return true;
}

bool apply_exact(struct line_reader *reader, struct sl_cursor *cursor,
		 const struct line_shape *shape, void *object)
{
	struct exact_place place;
	struct sl_slice pointer = { NULL, 0 };

	key_index_begin(&reader->keys);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &pointer);) {
		if (!find_place(reader, shape, object, pointer, &place))
			return sl_cursor_memory(cursor);
		if (!apply_entry(reader, cursor, &place))
			return false;
	}
	return cursor->fault == SL_FAULT_NONE;
}

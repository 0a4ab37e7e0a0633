/* Span lines with another parent or trace state, and everything else as it stands in the text. */
#include "spanline/json.h"
#include "spanline/scan.h"

enum { EDIT_COUNT = 2 };

/* Bytes [from, to) of the line become something else; `to` is NULL: not found so far. */
struct patch {
	const struct sl_field *field;
	const struct sl_slice *value; /* empty: the key goes */
	const char *from, *to;
	const char *behind; /* where the key would stand: behind the field `last` */
	const struct sl_field *last;
};

struct member {
	const struct sl_field *field; /* NULL: a key that lines do not have */
	const char *before;	      /* the end of the member before it, or behind '{' */
	const char *value, *end;
	const char *after; /* behind the comma, if there is one: where the next one begins */
};

static void see_member(struct patch *patch, const struct member *member, bool first)
{
	bool goes = patch->value->len == 0;

	if (member->field == patch->field && patch->to == NULL) {
		patch->from = goes ? member->before : member->value;
		patch->to = goes && first ? member->after : member->end;
	} else if (member->field != NULL && member->field < patch->field &&
		   (patch->last == NULL || member->field > patch->last)) {
		patch->last = member->field;
		patch->behind = member->end;
	}
}

/* As sl_field_find, from where the key is expected on: mostly they stand in their order. */
static const struct sl_field *find_field(struct sl_slice key, size_t *expected)
{
	size_t count;
	const struct sl_field *fields = sl_fields(&count);

	for (size_t i = 0; i < count; i++) {
		size_t at = (*expected + i) % count;
		const char *name = fields[at].name;

		if (!sl_slice_equal(key, sl_slice_of(name)))
			continue;
		*expected = at + 1;
		return &fields[at];
	}
	return NULL;
}

/* Where the patches go; false: this is no line. */
static bool find_places(struct patch *patches, size_t count, struct sl_cursor *cursor)
{
	struct member member = { .end = cursor->at + 1 };
	struct sl_slice key = { NULL, 0 };
	size_t expected = 0;

	for (bool begun = false, first = true; sl_cursor_next_member(cursor, &begun, &key);
	     first = false) {
		member.field = find_field(key, &expected);
		member.before = member.end;
		member.value = cursor->at;
		if (!sl_cursor_skip_value(cursor))
			return false;
		member.end = cursor->at;
		sl_cursor_skip_space(cursor);
		member.after = cursor->at + (sl_cursor_peek(cursor) == ',');
		for (size_t i = 0; i < count; i++)
			see_member(&patches[i], &member, first);
	}
	return cursor->fault == SL_FAULT_NONE;
}

static bool add_value(struct sl_buffer *out, const struct patch *patch)
{
	if (patch->field->type != SL_FIELD_ID)
		return sl_json_write_string(out, *patch->value);
	sl_buffer_add_id(out, *patch->value);
	return true;
}

/* False: the value is no UTF-8. */
static bool apply(struct sl_buffer *out, const struct patch *patch, const char **at)
{
	bool is_new = patch->to == NULL;
	const char *from = is_new ? patch->behind : patch->from;

	if (is_new && patch->value->len == 0)
		return true;
	sl_buffer_add(out, *at, (size_t)(from - *at));
	*at = is_new ? from : patch->to;
	if (is_new)
		sl_buffer_printf(out, ",\"%s\":", patch->field->name);
	return patch->value->len == 0 || add_value(out, patch);
}

static const char *place_of(const struct patch *patch)
{
	return patch->to != NULL ? patch->from : patch->behind;
}

/* In the order in which they stand in the line. */
static bool apply_all(struct sl_buffer *out, struct patch *patches, size_t count,
		      struct sl_slice line)
{
	const char *at = line.data;

	for (size_t i = 0; i < count; i++)
		if (place_of(&patches[i]) == NULL)
			return false;
	if (count == EDIT_COUNT && place_of(&patches[1]) < place_of(&patches[0])) {
		struct patch later = patches[0];

		patches[0] = patches[1];
		patches[1] = later;
	}
	for (size_t i = 0; i < count; i++)
		if (!apply(out, &patches[i], &at))
			return false;
	sl_buffer_add(out, at, (size_t)(line.data + line.len - at));
	return true;
}

bool sl_line_edit(struct sl_slice line, const struct sl_line_edits *edits, struct sl_buffer *out)
{
	struct patch patches[EDIT_COUNT] = { 0 };
	struct sl_notes notes = { 0 };
	struct sl_arena arena = { .limit_bytes = line.len + 4096 };
	struct sl_cursor cursor = { .at = line.data,
				    .end = line.data + line.len,
				    .begin = line.data,
				    .arena = &arena,
				    .notes = &notes };
	size_t count = 0, len = out->len;
	bool done;

	if (edits->parent_span_id != NULL)
		patches[count++] =
			(struct patch){ .field = sl_field_find(SL_SLICE("parent_span_id")),
					.value = edits->parent_span_id };
	if (edits->trace_state != NULL)
		patches[count++] = (struct patch){ .field = sl_field_find(SL_SLICE("trace_state")),
						   .value = edits->trace_state };
	done = sl_cursor_peek(&cursor) == '{' && find_places(patches, count, &cursor) &&
	       apply_all(out, patches, count, line);
	if (!done)
		out->len = len;
	sl_arena_free(&arena);
	return done;
}

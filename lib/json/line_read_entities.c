/* The entity references of a resource in span lines. */
#include "line_read.h"

/* A list of strings; what is none of them is left out. */
static bool read_texts(struct line_reader *reader, struct sl_cursor *cursor,
		       struct sl_slice **texts, size_t *count)
{
	struct sl_slice *item;

	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	*count = 0;
	for (bool begun = false; sl_cursor_next_element(cursor, &begun);) {
		if (sl_cursor_peek(cursor) != '"') {
			if (!sl_cursor_skip_bad_element(cursor))
				return false;
			continue;
		}
		item = list_item(&reader->texts, *count, sizeof(*item));
		if (item == NULL)
			return sl_cursor_memory(cursor);
		if (!sl_cursor_string(cursor, item))
			return false;
		++*count;
	}
	if (cursor->fault != SL_FAULT_NONE || *count == 0)
		return cursor->fault == SL_FAULT_NONE;
	*texts = sl_arena_alloc(cursor->arena, *count * sizeof(**texts));
	if (*texts == NULL)
		return sl_cursor_memory(cursor);
	memcpy(*texts, reader->texts.items, *count * sizeof(**texts));
	return true;
}

static bool read_id_keys(struct line_reader *reader, struct sl_cursor *cursor, void *into)
{
	struct sl_entity_ref *ref = into;

	return read_texts(reader, cursor, &ref->id_keys, &ref->id_key_count);
}

static bool read_description_keys(struct line_reader *reader, struct sl_cursor *cursor, void *into)
{
	struct sl_entity_ref *ref = into;

	return read_texts(reader, cursor, &ref->description_keys, &ref->description_key_count);
}

static const struct line_field entity_fields[] = {
	{ LINE_KEY("schema_url"), read_text, offsetof(struct sl_entity_ref, schema_url),
	  EXACT_NOTHING },
	{ LINE_KEY("type"), read_text, offsetof(struct sl_entity_ref, type), EXACT_NOTHING },
	{ LINE_KEY("id_keys"), read_id_keys, 0, EXACT_NOTHING },
	{ LINE_KEY("description_keys"), read_description_keys, 0, EXACT_NOTHING },
};

static const struct line_shape entity_shape = {
	.fields = entity_fields,
	.count = SL_COUNT(entity_fields),
	.exact = NO_EXACT,
};

bool read_entity_refs(struct line_reader *reader, struct sl_cursor *cursor, void *into)
{
	struct line_entity_refs *refs = into;
	uint64_t given;

	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun); refs->count++) {
		struct sl_entity_ref *ref = list_item(&refs->list, refs->count, sizeof(*ref));

		if (ref == NULL)
			return sl_cursor_memory(cursor);
		*ref = (struct sl_entity_ref){ 0 };
		if (!read_object(reader, cursor, &entity_shape, ref, &given))
			return false;
	}
	refs->items = refs->list.items;
	return cursor->fault == SL_FAULT_NONE;
}

/* Where the JSON Pointers of `exact` point (RFC 6901). */
#include "exact_read.h"

/* Takes the next step off the pointer, escaped still; false: there is none. */
static bool take_step(struct sl_slice *pointer, struct sl_slice *step)
{
	const char *slash;

	if (pointer->len == 0 || pointer->data[0] != '/')
		return false;
	pointer->data++;
	pointer->len--;
	slash = pointer->len == 0 ? NULL : memchr(pointer->data, '/', pointer->len);
	*step = *pointer;
	if (slash != NULL)
		step->len = (size_t)(slash - pointer->data);
	pointer->data += step->len;
	pointer->len -= step->len;
	return true;
}

/* "~1" is '/', "~0" is '~'. */
static bool unescape_step(struct sl_buffer *scratch, struct sl_slice *step)
{
	scratch->len = 0;
	if (step->len == 0 || memchr(step->data, '~', step->len) == NULL)
		return true;
	for (size_t i = 0; i < step->len; i++) {
		char byte = step->data[i];

		if (byte == '~' && i + 1 < step->len && step->data[i + 1] <= '1' &&
		    step->data[i + 1] >= '0')
			byte = step->data[++i] == '1' ? '/' : '~';
		sl_buffer_add_byte(scratch, byte);
	}
	*step = sl_buffer_slice(scratch);
	return !scratch->failed;
}

static bool index_of(struct sl_slice step, size_t count, size_t *index)
{
	uint64_t number;

	if (step.len == 0 || (step.data[0] == '0' && step.len > 1) ||
	    !sl_parse_u64(step, &number) || number >= count)
		return false;
	*index = (size_t)number;
	return true;
}

/* One step down from *value, which becomes NULL where there is nothing; false: no memory. */
static bool step_down(struct line_reader *reader, struct sl_slice step, struct sl_value **value)
{
	struct sl_value *from = *value;
	struct sl_attribute *member = NULL;
	size_t index;

	*value = NULL;
	if (from->type == SL_VALUE_ARRAY) {
		if (index_of(step, from->list.count, &index))
			*value = &from->list.items[index].value;
		return true;
	}
	if (from->type != SL_VALUE_KVLIST)
		return true;
	if (!unescape_step(&reader->scratch, &step) ||
	    !key_index_find(&reader->keys, from->list, step, &member))
		return false;
	if (member != NULL)
		*value = &member->value;
	return true;
}

static bool find_attribute(struct line_reader *reader, struct sl_attributes *attributes,
			   struct sl_slice pointer, struct exact_place *place)
{
	struct sl_value all = { .type = SL_VALUE_KVLIST, .list = *attributes };
	struct sl_value *value = &all;
	struct sl_slice step;

	if (pointer.len == 0) {
		place->list = attributes;
		return true;
	}
	while (value != NULL && take_step(&pointer, &step))
		if (!step_down(reader, step, &value))
			return false;
	if (pointer.len == 0)
		place->value = value;
	return true;
}

static struct sl_slice *find_in_list(struct sl_slice *texts, size_t count, struct sl_slice pointer)
{
	struct sl_slice step;
	size_t index;

	if (!take_step(&pointer, &step) || pointer.len > 0 || !index_of(step, count, &index))
		return NULL;
	return &texts[index];
}

static struct sl_slice *find_in_entity(const struct line_entity_refs *refs, struct sl_slice pointer)
{
	struct sl_slice step;
	struct sl_entity_ref *ref;
	size_t index;

	if (!take_step(&pointer, &step) || !index_of(step, refs->count, &index) ||
	    !take_step(&pointer, &step))
		return NULL;
	ref = &refs->items[index];
	if (sl_slice_equal(step, SL_SLICE("id_keys")))
		return find_in_list(ref->id_keys, ref->id_key_count, pointer);
	if (sl_slice_equal(step, SL_SLICE("description_keys")))
		return find_in_list(ref->description_keys, ref->description_key_count, pointer);
	if (pointer.len == 0 && sl_slice_equal(step, SL_SLICE("type")))
		return &ref->type;
	if (pointer.len == 0 && sl_slice_equal(step, SL_SLICE("schema_url")))
		return &ref->schema_url;
	return NULL;
}

static const struct line_field *find_field(const struct line_shape *shape, struct sl_slice key)
{
	for (size_t i = 0; i < shape->count; i++)
		if (sl_slice_equal(shape->fields[i].key, key))
			return &shape->fields[i];
	return NULL;
}

bool find_place(struct line_reader *reader, const struct line_shape *shape, void *object,
		struct sl_slice pointer, struct exact_place *place)
{
	const struct line_field *field;
	struct sl_slice step;
	void *at;

	*place = (struct exact_place){ 0 };
	if (!take_step(&pointer, &step))
		return true;
	field = find_field(shape, step);
	if (field == NULL)
		return true;
	at = (char *)object + field->offset;
	switch (field->exact) {
	case EXACT_NOTHING:
		break;
	case EXACT_TEXT:
		if (pointer.len == 0)
			place->text = at;
		break;
	case EXACT_ATTRIBUTES:
		return find_attribute(reader, at, pointer, place);
	case EXACT_ENTITY_REFS:
		place->text = find_in_entity(at, pointer);
		break;
	}
	return true;
}
